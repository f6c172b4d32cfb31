"""``pack(…) -> PackInfo``: what sheets of an area need, gathered into one file."""

from __future__ import annotations

import contextlib
import math
import secrets
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import msgspec
import numpy as np
import pyogrio
import shapely
from shapely.geometry.base import BaseGeometry

from papermap.atlas.overlaid import shown_by
from papermap.basemap import BasemapStack, Extent, Layer, Network, open_basemaps
from papermap.basemap.bare import BARE
from papermap.basemap.base import Basemap, Progress
from papermap.basemap.overlay import read_overlay
from papermap.basemap.pack import Contents, PackInfo, PackSource, write_pack
from papermap.basemap.pack.model import VERSION
from papermap.basemap.raster.cache import ServerStore
from papermap.basemap.raster.geotiff import GeotiffBasemap, GeotiffStore
from papermap.basemap.raster.manners import Why
from papermap.basemap.raster.tilemap import TileBasemap
from papermap.errors import BasemapError, OutputError, UsageError
from papermap.files import refuse_same, refuse_target
from papermap.fonts import Face, FontSet, may_be_handed_on
from papermap.grid import bounds_wgs84, choose_crs, project_geometry
from papermap.model import Problem
from papermap.overlays import OverlaySpec
from papermap.readers.area import read_area
from papermap.render import layer_names
from papermap.style import Style, load_style, style_names
from papermap.units import Box

SCALE: Final = 10_000
_FRAME: Final = 200.0  # mm that the frame of a sheet may reach beyond the area
_OVERVIEW: Final = (170.0, 220.0)  # mm that the area may take on the overview
_AROUND: Final = 100.0  # mm of surroundings on it
_AVERAGE: Final = 15_000  # bytes of a tile, for the budget
_GAPS: Final = (Why.REFUSED, Why.SILENT, Why.NO_PICTURE, Why.OFFLINE)


@dataclass(frozen=True, slots=True)
class Budget:
    """What packing will ask of a server, before it is asked."""

    name: str
    tiles: int
    kept: int  # of them, since an earlier run or build

    @property
    def megabytes(self) -> float:
        """Roughly, of what is to be fetched."""
        return (self.tiles - self.kept) * _AVERAGE / 1e6


@dataclass(frozen=True, slots=True)
class Packed:
    """A pack that was written, and what was told while it was made."""

    path: Path
    info: PackInfo
    problems: tuple[Problem, ...]


def pack(
    *,
    area: str,
    basemaps: Sequence[str],
    output: Path,
    overlays: Sequence[OverlaySpec] = (),
    scale: int = SCALE,
    network: Network | None = None,
    keep_gaps: bool = False,
    overwrite: bool = False,
    tell: Callable[[Budget], None] = lambda _: None,
    progress: Progress = lambda _done, _total: None,
    reading: Progress = lambda _done, _total: None,
) -> Packed:
    """Gather what sheets of an area need into one file.

    Tiles that came are kept whatever happens, so that the same command goes on where it stopped.

    Parameters
    ----------
    area
        ``W,S,E,N`` in degrees, or a file with polygons.
    basemaps
        As for :func:`papermap.build`, the lowest first.
    output
        The pack; written whole or not at all.
    overlays
        Hazards and roads that every print from the pack shows.
    scale
        The N of 1:N of the sheets that will be printed.
    keep_gaps
        Write the pack even if tiles could not be had.
    tell
        Called for each tile server before anything is asked of it.
    progress
        Called with ``(tiles, tiles in all)`` while they are fetched.
    reading
        Called with ``(layers, layers in all)`` while a base map without an index is gone through.

    Raises
    ------
    PapermapError
        When no pack can be made; then no file is written or changed.
    """
    if not basemaps:
        raise UsageError("No base map was named.", "Name one or more with --basemap.")
    refuse_same((output,), [Path(n) for n in (*basemaps, *(o.file for o in overlays))])
    refuse_target(output, overwrite=overwrite)
    stack = _tiled(open_basemaps(basemaps, network))
    ground = read_area(area)
    sheets, overview = extents(ground, scale)
    for each in _tile_maps(stack):
        if isinstance(each.store, ServerStore):
            tell(_budget(each, (sheets, overview)))
    problems = stack.prepare((sheets, overview), progress, reading)
    _refuse_gaps(problems, keep_gaps=keep_gaps)
    contents = _contents(stack, ground, (sheets, overview), scale, problems)
    contents = _with_overlays(contents, overlays)
    _write(output, contents)
    return Packed(output, contents.info, problems)


def extents(ground: BaseGeometry, scale: int) -> tuple[Extent, Extent]:
    """What sheets of an area, and its overview, may show at most; ``ground`` is in degrees."""
    corners = shapely.get_coordinates(shapely.envelope(ground))
    crs, _ = choose_crs(corners)
    box = Box(*project_geometry(crs, ground).bounds)
    wide, high = box.width / _OVERVIEW[0], box.height / _OVERVIEW[1]
    overview = max(scale * 2, math.ceil(max(wide, high) * 1000))
    return _extent(box, crs, scale, _FRAME, "1"), _extent(box, crs, overview, _AROUND, "0")


def _extent(box: Box, crs: str, scale: int, margin: float, label: str) -> Extent:
    grown = box.grown(margin * scale / 1000)
    return Extent(grown, crs, grown.width / scale * 1000, label)


def _tile_maps(stack: BasemapStack) -> tuple[TileBasemap, ...]:
    return tuple(raster for raster in stack.rasters if isinstance(raster, TileBasemap))


def _tiled(stack: BasemapStack) -> BasemapStack:
    """The stack with every picture as tiles."""
    return replace(
        stack,
        rasters=tuple(
            TileBasemap(GeotiffStore(raster)) if isinstance(raster, GeotiffBasemap) else raster
            for raster in stack.rasters
        ),
    )


def _budget(basemap: TileBasemap, both: Sequence[Extent]) -> Budget:
    store = basemap.store
    assert isinstance(store, ServerStore)  # noqa: S101 (asked before)
    tiles = tuple(basemap.tiles(both))
    kept = sum(store.cache.get(store.server.address(tile)) is not None for tile in tiles)
    return Budget(store.name, len(tiles), kept)


def _refuse_gaps(problems: Sequence[Problem], *, keep_gaps: bool) -> None:
    gaps = [problem for problem in problems if problem.code in set(_GAPS)]
    if not gaps or keep_gaps:
        return
    count = sum(int(problem.params["count"]) for problem in gaps)
    said = gaps[0].params.get("detail") or "not fetched before"
    raise BasemapError(
        "{count} tiles of {source} could not be had ({said}); the pack was not written.",
        "Run the same command again: it goes on where it stopped. --keep-gaps writes it as it is.",
        count=count,
        source=gaps[0].source,
        said=said,
    )


def _contents(
    stack: BasemapStack,
    ground: BaseGeometry,
    both: tuple[Extent, Extent],
    scale: int,
    problems: Sequence[Problem],
) -> Contents:
    sheets, overview = both
    styles = [load_style(name) for name in style_names()]
    wanted = {False: dict[str, None](), True: dict[str, None]()}
    for style in styles:
        for there, found in wanted.items():
            found.update(dict.fromkeys(layer_names(style, overview=there)))
            for name in BARE:  # what is not there is not packed
                found.pop(name, None)
    near = stack.layers(sheets, tuple(wanted[False]))
    far = stack.layers(overview, tuple(wanted[True]))
    tiles = {f"tiles_{n}": (each, both) for n, each in enumerate(_tile_maps(stack), start=1)}
    texts = _names((*near.values(), *far.values()))
    fonts = FontSet.load(styles[0].type.families)
    inside = _handed_on(styles)
    info = PackInfo(
        version=VERSION,
        created=datetime.now(UTC).replace(microsecond=0),
        area=ground.bounds,
        crs=sheets.crs,
        scale=scale,
        overview=round(overview.metres_per_mm * 1000),
        bounds=sheets.bounds,
        overview_bounds=overview.bounds,
        layers=_counts(near),
        overview_layers=_counts(far),
        names=len(texts),
        fonts=_families(fonts, texts),
        fonts_inside=tuple(dict.fromkeys(face.family for face in inside)),
        unprintable=fonts.missing("".join(sorted(texts))),
        sources=(
            *(_vector_source(part) for part in stack.vectors),
            *(_tile_source(table, each, both, problems) for table, (each, _) in tiles.items()),
        ),
    )
    files = tuple(dict.fromkeys(Path(face.path) for face in inside))
    return Contents(near, far, tiles, {}, info, files)


def _with_overlays(contents: Contents, specs: Sequence[OverlaySpec]) -> Contents:
    """The contents with what overlays show inside the overview's bounds."""
    info = contents.info
    layers: dict[str, Layer] = {}
    sources: list[PackSource] = []
    bounds = Box(*bounds_wgs84(info.crs, Box(*info.overview_bounds)))
    for number, spec in enumerate(specs, start=1):
        table = f"overlay_{number}"
        found = read_overlay(spec.file, bounds, spec.layer)
        shapes = [project_geometry(info.crs, shape) for _, shape in found.shapes]
        layers[table] = Layer(table, np.array(shapes, dtype=object))
        sources.append(
            PackSource(
                name=spec.file,
                kind="overlay",
                date=spec.time,
                table=table,
                count=found.count,
                shown=spec.name,
                shown_en=spec.name_en,
                shows=shown_by(spec).key,
            )
        )
    info = msgspec.structs.replace(info, sources=(*info.sources, *sources))
    return replace(contents, overlays=layers, info=info)


def _counts(layers: Mapping[str, Layer]) -> dict[str, int]:
    return {name: len(layer) for name, layer in sorted(layers.items()) if len(layer)}


def _names(layers: Sequence[Layer]) -> set[str]:
    return {
        str(value)
        for layer in layers
        for key, values in layer.fields.items()
        if key == "name" or key.startswith("name:")
        for value in values
        if value is not None
    }


def _handed_on(styles: Sequence[Style]) -> tuple[Face, ...]:
    """Faces of the styles that papermap does not bring itself, and that may be given away."""
    families = dict.fromkeys(family for style in styles for family in style.type.families)
    own = FontSet.load((), folders=()).faces
    found = FontSet.load(tuple(families)).faces
    return tuple(face for face in found if face not in own and may_be_handed_on(face))


def _families(fonts: FontSet, texts: set[str]) -> tuple[str, ...]:
    """Families that set these texts, the one that sets most of their characters first."""
    used: dict[str, int] = {}
    for char in set("".join(texts)):
        face = fonts.choose(char, bold=False).face
        used[face.family] = used.get(face.family, 0) + 1
    return tuple(sorted(used, key=lambda family: -used[family]))


def _vector_source(part: Basemap) -> PackSource:
    path = getattr(part, "path", "")
    date = datetime.fromtimestamp(Path(path).stat().st_mtime, UTC) if path else None
    return PackSource(name=path, kind="vector", attribution=part.attribution, date=date)


def _tile_source(
    table: str, basemap: TileBasemap, both: Sequence[Extent], problems: Sequence[Problem]
) -> PackSource:
    store = basemap.store
    tiles = tuple(basemap.tiles(both))
    zooms = [tile.z for tile in tiles]
    missing = sum(
        int(problem.params["count"])
        for problem in problems
        if problem.source == store.name and problem.code in set(Why)
    )
    return PackSource(
        name=store.name,
        kind="tiles",
        attribution=store.attribution,
        date=_oldest(basemap, both),
        table=table,
        count=len(tiles) - missing,
        zooms=(min(zooms), max(zooms)),
        missing=missing,
    )


def _oldest(basemap: TileBasemap, both: Sequence[Extent]) -> datetime | None:
    store = basemap.store
    if not isinstance(store, ServerStore):
        return datetime.fromtimestamp(Path(store.name).stat().st_mtime, UTC)
    kept = (store.cache.get(store.server.address(tile)) for tile in basemap.tiles(both))
    return min((answer.fetched for answer in kept if answer is not None), default=None)


def _write(output: Path, contents: Contents) -> None:
    part = output.with_name(f".{output.stem}.{secrets.token_hex(6)}.part.gpkg")
    try:
        write_pack(part, contents)
        part.replace(output)
    except (OSError, sqlite3.DatabaseError, pyogrio.errors.DataSourceError) as error:
        raise OutputError(
            "{output} cannot be written: {error}.",
            "Free some room, or choose another folder.",
            output=output,
            error=error,
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
