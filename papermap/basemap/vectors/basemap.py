"""A base map in vector files: recognised by its layers, read by bounds, kept in blocks."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from papermap.basemap.base import Extent, Layer, Progress, joined
from papermap.basemap.network import cache_folder
from papermap.basemap.vectors import coast, seams, tables
from papermap.basemap.vectors.extract import extracted
from papermap.basemap.vectors.schema import Schema, recognised, schema
from papermap.basemap.vectors.tables import Table
from papermap.errors import BasemapError
from papermap.model import Problem
from papermap.units import Box

_BESIDE: Final = 12.0  # mm on paper that a block reaches beyond what is asked for
_BLOCK: Final = 6  # sheets that a block is wide and high
_BEYOND: Final = 2  # sheets that it has round them, for those whose middle lies near its edge
_OFFSHORE: Final = (4, 16)  # block sizes around it in which a coastline is looked for, in turn
_FARTHEST: Final = 100_000.0  # metres around a block in which it is
_SIDE: Final = 16  # pieces of a straight edge that another projection bends
_KEPT: Final = 400_000  # features held in memory before the oldest blocks go
_MERCATOR: Final = "EPSG:3857"


@dataclass(frozen=True, slots=True)
class _Held:
    """One layer of a block, with its spatial index."""

    layer: Layer
    tree: shapely.STRtree

    def inside(self, bounds: Box) -> Layer:
        chosen = np.sort(self.tree.query(shapely.box(*bounds)))
        fields = {name: values[chosen] for name, values in self.layer.fields.items()}
        return Layer(self.layer.name, self.layer.geometry[chosen], MappingProxyType(fields))


@dataclass(frozen=True, slots=True)
class _Block:
    """What was read of some ground at one zoom; layers join it as they are asked for."""

    crs: str
    bounds: Box
    zooms: tuple[int | None, ...]
    layers: dict[str, _Held] = field(default_factory=dict)

    def __len__(self) -> int:
        return sum(len(held.layer) for held in self.layers.values())


@dataclass
class VectorBasemap:
    """A base map in vector files; only paths travel to other processes.

    Layers are read in blocks around the sheets that are asked for, joined where tiles have cut
    them, and kept in the plan's CRS; the next sheets are found there by a spatial index.

    Parameters
    ----------
    path
        As the user named it.
    attribution
        Who must be named for it on every sheet.
    tables
        Layers of its files, each with the name of its schema.
    """

    path: str
    attribution: str
    tables: tuple[tuple[Table, str], ...]
    _reach: tuple[str, Box, float] | None = None  # CRS, all that is asked for, a sheet
    _blocks: list[_Block] = field(default_factory=list, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_blocks": []}

    def prepare(self, extents: Sequence[Extent], progress: Progress) -> tuple[Problem, ...]:
        """Go once through files that cannot be read by bounds; say what ground is needed at all.

        Raises
        ------
        BasemapError
            When a file cannot be read, or its extract cannot be kept.
        """
        if not extents:
            return ()
        crs = extents[0].crs
        grown = [e.bounds.grown(_BESIDE * e.metres_per_mm) for e in extents if e.crs == crs]
        low, high = np.min(grown, axis=0)[:2], np.max(grown, axis=0)[2:]
        reach = Box(*low.tolist(), *high.tolist())
        usual = float(np.median([max(each.width, each.height) for each in grown]))
        self._reach = (crs, reach, usual)
        slow = [(table, schema(name)) for table, name in self.tables if not table.indexed]
        if slow:
            to_degrees = pyproj.Transformer.from_crs(crs, "EPSG:4326", always_xy=True)
            area = Box(*to_degrees.transform_bounds(*reach))
            file = extracted(slow, area, cache_folder("extracts"), progress)
            found = [(table, "openmaptiles") for table in tables.tables_of(file)]
            self.tables = (*(each for each in self.tables if each[0].indexed), *found)
        return ()

    def layers(self, extent: Extent, names: Sequence[str]) -> Mapping[str, Layer]:
        """Features of the named layers that meet the extent.

        Raises
        ------
        BasemapError
            When a file cannot be read any more.
        """
        block = self._block(extent)
        lacking = [name for name in names if name not in block.layers]
        if lacking:
            block.layers.update(self._read(block, lacking))
        return {name: block.layers[name].inside(extent.bounds) for name in names}

    def reach(self, extent: Extent) -> BaseGeometry | None:
        """The bounds of all its tables about the extent; None where they have no edge there."""
        near = extent.bounds.grown(max(extent.bounds.width, extent.bounds.height))
        found: list[BaseGeometry] = []
        for table, _ in self.tables:
            own, crs = tables.bounds_of(table), tables.crs_of(table)
            if own is None:
                return None
            asked = _transform(extent.crs, crs).transform_bounds(*near)
            here = shapely.intersection(shapely.box(*own), shapely.box(*asked))
            fine = shapely.segmentize(here, (asked[2] - asked[0]) / _SIDE)
            found.extend(_moved(np.array([fine], dtype=object), crs, extent.crs))
        known = shapely.union_all(found)
        return None if shapely.contains(known, shapely.box(*extent.bounds)) else known

    def _block(self, extent: Extent) -> _Block:
        scale = extent.metres_per_mm * 1000
        zooms = tuple(tables.zoom_for(table, scale) for table, _ in self.tables)
        bounds = self._around(extent)
        for block in self._blocks:
            if (block.crs, block.bounds, block.zooms) == (extent.crs, bounds, zooms):
                return block
        while self._blocks and sum(map(len, self._blocks)) > _KEPT:
            self._blocks.pop(0)
        block = _Block(extent.crs, bounds, zooms)
        self._blocks.append(block)
        return block

    def _around(self, extent: Extent) -> Box:
        """The ground of the block that holds an extent, the same whatever was read before.

        Blocks are cut on a lattice from all that will be asked for: how tiles are joined at their
        edges, and where lines begin, must not depend on which sheet a process draws first. What
        is too large for its block has one of its own.
        """
        asked = extent.bounds.grown(_BESIDE * extent.metres_per_mm)
        if self._reach is None or self._reach[0] != extent.crs:
            return asked
        _, reach, sheet = self._reach
        side = _BLOCK * sheet
        x = reach.x0 + ((asked.x0 + asked.x1) / 2 - reach.x0) // side * side
        y = reach.y0 + ((asked.y0 + asked.y1) / 2 - reach.y0) // side * side
        wide = Box(x, y, x + side, y + side).grown(_BEYOND * sheet)
        block = Box(
            max(wide.x0, reach.x0),
            max(wide.y0, reach.y0),
            min(wide.x1, reach.x1),
            min(wide.y1, reach.y1),
        )
        return block if block.contains(*asked[:2]) and block.contains(*asked[2:]) else asked

    def _read(self, block: _Block, names: Sequence[str]) -> dict[str, _Held]:
        wanted = {*names, "coastline"} if "water" in names else {*names}
        found: dict[str, list[Layer]] = {name: [] for name in sorted(wanted)}
        for (table, key), zoom in zip(self.tables, block.zooms, strict=True):
            for layer in _mapped(table, schema(key), zoom, block, wanted):
                found[layer.name].append(layer)
        whole = {name: joined(name, layers) for name, layers in found.items()}
        if "water" in wanted:
            ocean = self._ocean(block, whole["coastline"])
            whole["water"] = joined("water", [whole["water"], ocean])
        return {name: _Held(whole[name], shapely.STRtree(whole[name].geometry)) for name in names}

    def _ocean(self, block: _Block, coastline: Layer) -> Layer:
        """The sea of a block; far from any shore it is found by the coastline further away."""
        around = block
        size = max(block.bounds.width, block.bounds.height)
        for step in _OFFSHORE:
            if len(coastline):
                break
            around = replace(block, bounds=block.bounds.grown(min(step * size, _FARTHEST)))
            found = [
                layer
                for (table, key), zoom in zip(self.tables, block.zooms, strict=True)
                for layer in _mapped(table, schema(key), zoom, around, {"coastline"})
            ]
            coastline = joined("coastline", found)
        return coast.sea(coastline, around.bounds, block.bounds)


def open_vector(path: str) -> VectorBasemap:
    """Look into vector files and say what they hold, without reading features.

    Raises
    ------
    BasemapError
        For a missing file, one that is no vector file, and one whose layers no schema knows.
    """
    file = Path(path)
    if not file.exists():
        raise BasemapError("There is no base map at {path}.", "Check the path.", path=path)
    found = tables.tables_of(file)
    known = recognised(table.name for table in found)
    mine = [
        (table, known[table.name])
        for table in found
        if table.name in known and _speaks(table, known[table.name])
    ]
    if not mine:
        listed = ", ".join(dict.fromkeys(table.name for table in found[:8]))
        raise BasemapError(
            "The base map {path} has no layer that any schema knows, its layers: {listed}.",
            "Points to print are named without --basemap, areas and lines over the map with "
            "--overlay. The layers of a base map are called as in OpenMapTiles (transportation, "
            "water, place …) or in one of the other schemas in styles/data/schemas.",
            path=path,
            listed=listed,
        )
    said = tables.attribution_of(mine[0][0])
    texts = dict.fromkeys([said] if said else [each.attribution for _, each in mine])
    return VectorBasemap(
        str(file), " / ".join(texts), tuple((table, each.name) for table, each in mine)
    )


def _speaks(table: Table, kind: Schema) -> bool:
    """Whether it has a field its schema goes by: anyone's points may be called “points”."""
    wanted = kind.chooses_by(table.name)
    there = tables.fields_of(table) if wanted else None
    return there is None or not wanted.isdisjoint(there)


def _mapped(
    table: Table, kind: Schema, zoom: int | None, block: _Block, wanted: set[str]
) -> list[Layer]:
    """The wanted layers that one table gives, whole and valid, in the block's CRS."""
    rules = [rule for rule in kind.rules_for(table.name) if rule.to in wanted]
    if not rules:
        return []
    crs = tables.crs_of(table)
    back = _transform(block.crs, crs)
    bounds = Box(*back.transform_bounds(*block.bounds))
    read = tables.read(table, bounds, kind.columns(table.name), zoom=zoom)
    through = _MERCATOR if kind.tiled else block.crs
    geometry = _valid(_moved(read.geometry, read.crs, through))
    layers = [kind.mapped(rule, geometry, read.fields) for rule in rules]
    if not kind.tiled:
        return layers
    return [
        Layer(layer.name, _moved(layer.geometry, _MERCATOR, block.crs), layer.fields)
        for layer in map(seams.rejoined, layers)
    ]


def _moved(geometry: NDArray[np.object_], source: str, target: str) -> NDArray[np.object_]:
    if source == target:
        return geometry
    move: Callable[..., Any] = _transform(source, target).transform
    return np.asarray(shapely.transform(geometry, move, interleaved=False), dtype=object)


@functools.cache
def _transform(source: str, target: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(source, target, always_xy=True)


def _valid(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    """Areas may cross themselves: unions later need them clean."""
    broken = (shapely.get_dimensions(geometry) == 2) & ~shapely.is_valid(geometry)
    if broken.any():
        geometry[broken] = shapely.make_valid(geometry[broken])
    return geometry
