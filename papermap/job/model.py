"""One build as asked for, checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from papermap.headers import Reading
from papermap.model import CategoryName
from papermap.overlays import OverlaySpec


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that decides what an atlas looks like; see ``papermap build --help``."""

    sources: tuple[str, ...]
    output: Path
    basemaps: tuple[str, ...] = ()  # files, tile servers, addresses of tiles; the lowest first
    geocode: str | None = None  # a table of addresses
    neighbourhoods: str | None = None  # a file of areas with names, for headers and the index
    area: str | None = None  # "W,S,E,N" in degrees, or the path of a polygon file
    paper: str = "A4"
    orientation: str = "portrait"
    binding: float = 0  # mm more on the side where the pages are bound
    duplex: bool = False  # printed on both sides
    scale: int | None = None  # the N of 1:N; None: chosen from the points
    style: str = "mono"
    languages: tuple[str, ...] = ("ja", "en")
    title: str = ""
    title_en: str = ""
    sheets: tuple[int, ...] = ()  # print only these; empty: all
    as_of: datetime | None = None  # None: the newest information in the sources
    stale_hours: float = 24
    edition: int = 1
    url: str = ""  # of the live data; becomes the QR
    overlays: tuple[OverlaySpec, ...] = ()  # hazards and roads over the map
    hazard: str = ""  # refuges not designated for it carry a warning
    hazard_only: bool = False  # they are left out
    attribution: str = ""  # of the base map; empty: as the base map says itself
    offline: bool = False  # never open a socket
    tile_cache: Path | None = None  # None: where the system keeps such things
    tile_timeout: float = 20  # seconds that a tile server may be silent
    tile_limit: int = 5000  # tiles that may be asked of one server
    jobs: int = 1
    overwrite: bool = False
    keep_all: bool = False  # print what is told twice twice
    decisions: str | None = None  # a file of what is one place, and what never is
    local: Mapping[str, str] = field(default_factory=dict)  # id or address in a map config → file
    categories: tuple[CategoryName, ...] = ()  # how columns or folders of these texts are called
    manifest: Path | None = None  # None: beside the output
    reading: Reading = field(default_factory=Reading)  # what is said of the sources' columns
    project: Path | None = None  # the project file these options came from

    @property
    def manifest_path(self) -> Path:
        """Where the manifest goes."""
        return self.manifest or self.output.with_suffix(".manifest.json")

    @property
    def inputs(self) -> tuple[Path, ...]:
        """Files that may be read for it, so that none of them is overwritten."""
        style = self.style if self.style.endswith(".toml") else None
        over = (overlay.file for overlay in self.overlays)
        tables = (*self.local.values(), self.geocode, self.decisions, self.neighbourhoods)
        named = (*self.sources, *self.basemaps, *over, *tables, self.area, style, self.project)
        return tuple(Path(name) for name in named if name and name != "-")

    @property
    def stale_after(self) -> timedelta:
        """Information older than this before ``as_of`` is drawn as unconfirmed."""
        return timedelta(hours=self.stale_hours)
