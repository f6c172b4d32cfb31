"""A pack as a base map, and what it says of itself."""

from __future__ import annotations

import contextlib
import sqlite3
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import msgspec
import shapely
from shapely.geometry.base import BaseGeometry

from papermap.basemap.base import Extent, Layer, Progress
from papermap.basemap.pack.model import TABLE, VERSION, PackInfo, PackSource
from papermap.basemap.pack.write import OVERVIEW
from papermap.basemap.raster.store import SqliteStore, read_only
from papermap.basemap.raster.tilemap import TileBasemap
from papermap.basemap.stack import BasemapStack
from papermap.basemap.vectors.basemap import VectorBasemap
from papermap.basemap.vectors.tables import Table
from papermap.errors import BasemapError
from papermap.model import Problem, Severity
from papermap.units import Box

_OUTSIDE: Final = "PM118"
_FROM: Final = 0.6  # of the overview's scale: from here on its own layers are shown


@dataclass
class PackVectors:
    """The vector layers of a pack: those for sheets, and those for its overview."""

    path: str
    crs: str
    bounds: Box
    overview_bounds: Box
    limit: float  # scales beyond this show the overview's layers
    sheets: VectorBasemap
    overview: VectorBasemap
    attribution: str

    def prepare(self, extents: Sequence[Extent], progress: Progress) -> tuple[Problem, ...]:
        """Tells the sheets that the pack does not cover."""
        with _any_ending():
            for part in (self.sheets, self.overview):
                mine = [extent for extent in extents if self._part(extent) is part]
                part.prepare(mine, progress)
        bare = [extent.label for extent in extents if not self._covers(extent)]
        if not bare:
            return ()
        params = {"count": str(len(bare)), "sheets": ", ".join(bare)}
        return (Problem(_OUTSIDE, Severity.WARNING, self.path, params=params),)

    def reach(self, extent: Extent) -> BaseGeometry | None:
        """What was packed of the base maps for this scale, and that alone they were asked for."""
        with _any_ending():
            known = self._part(extent).reach(extent)
        if known is None or extent.crs != self.crs:
            return known
        return shapely.intersection(known, shapely.box(*self._bounds(extent)))

    def layers(self, extent: Extent, names: Sequence[str]) -> Mapping[str, Layer]:
        """The named layers, as detailed as the extent's scale asks for."""
        with _any_ending():
            return self._part(extent).layers(extent, names)

    def _part(self, extent: Extent) -> VectorBasemap:
        return self.overview if extent.metres_per_mm * 1000 > self.limit else self.sheets

    def _bounds(self, extent: Extent) -> Box:
        return self.overview_bounds if self._part(extent) is self.overview else self.bounds

    def _covers(self, extent: Extent) -> bool:
        if extent.crs != self.crs:  # of another zone: the file itself will tell by what it gives
            return True
        own, asked = self._bounds(extent), extent.bounds
        return own.contains(*asked[:2]) and own.contains(*asked[2:])


def read_info(path: Path) -> PackInfo:
    """What a pack holds.

    Raises
    ------
    BasemapError
        When there is no such file, it is no pack, or was made by a later papermap.
    """
    if not path.is_file():
        raise BasemapError("There is no pack at {path}.", "Check the path.", path=path)
    try:
        with contextlib.closing(read_only(str(path))) as file:
            ((said,),) = file.execute(f"SELECT info FROM {TABLE}").fetchall()  # noqa: S608
        info = msgspec.json.decode(said, type=PackInfo)
    except (sqlite3.DatabaseError, ValueError, msgspec.MsgspecError) as error:
        raise BasemapError(
            "{path} is no pack, or it is damaged.", "Copy it again, or make it anew.", path=path
        ) from error
    if info.version != VERSION:
        raise BasemapError(
            "The pack {path} was made by another papermap (version {version}).",
            "Install that one, or make the pack anew.",
            path=path,
            version=info.version,
        )
    return info


def open_pack(path: Path) -> BasemapStack:
    """The base maps of a pack as one.

    Raises
    ------
    BasemapError
        As :func:`read_info`.
    """
    info = read_info(path)
    attribution = " / ".join(
        dict.fromkeys(s.attribution for s in info.sources if s.kind == "vector" and s.attribution)
    )
    vectors = PackVectors(
        path=str(path),
        crs=info.crs,
        bounds=Box(*info.bounds),
        overview_bounds=Box(*info.overview_bounds),
        limit=info.overview * _FROM,
        sheets=_vectors(path, "", info.layers, attribution),
        overview=_vectors(path, OVERVIEW, info.overview_layers, attribution),
        attribution=attribution,
    )
    rasters = tuple(
        TileBasemap(_store(path, each)) for each in info.sources if each.kind == "tiles"
    )
    return BasemapStack((vectors,) if info.layers or not rasters else (), rasters)


def _vectors(path: Path, before: str, layers: Mapping[str, int], attribution: str) -> VectorBasemap:
    tables = tuple(
        (Table(str(path), f"{before}{name}", name, indexed=True), "openmaptiles")
        for name, count in layers.items()
        if count
    )
    return VectorBasemap(str(path), attribution, tables)


def _store(path: Path, source: PackSource) -> SqliteStore:
    return SqliteStore(
        str(path),
        f'SELECT tile_data FROM "{source.table}"'  # noqa: S608 (a name of ours)
        " WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
        from_south=False,
        zooms=source.zooms,
        attribution=source.attribution,
    )


@contextlib.contextmanager
def _any_ending() -> Iterator[None]:
    """GDAL warns of each GeoPackage that is not called .gpkg."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "File .* non conformant file extension")
        yield
