"""A local vector file whose layers follow the OpenMapTiles names, read with pyogrio."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

import numpy as np
import pyogrio
import pyproj
import shapely
from numpy.typing import NDArray

from papermap.basemap.base import Extent, Layer, Progress
from papermap.errors import BasemapError
from papermap.model import Problem
from papermap.units import Box

LAYERS: Final = frozenset(
    {
        "aerodrome_label",
        "aeroway",
        "boundary",
        "building",
        "housenumber",
        "landcover",
        "landuse",
        "mountain_peak",
        "park",
        "place",
        "poi",
        "transportation",
        "transportation_name",
        "water",
        "water_name",
        "waterway",
    }
)
FIELDS: Final = (
    "class",
    "subclass",
    "brunnel",
    "ramp",
    "admin_level",
    "maritime",
    "rank",
    "ref",
    "network",
    "name",
    "name:ja",
    "name:en",
    "name:latin",
    "name_en",
    "ele",
)
ATTRIBUTION: Final = "© OpenStreetMap contributors, © OpenMapTiles"
_WHOLE: Final = 120_000  # features of a layer up to which it is kept whole (some 100 MB)
_BLOCK: Final = 2.5  # a block reaches this many sheets beyond the one that was asked for
_HINT: Final = (
    "Give a GeoPackage, FlatGeobuf, MBTiles or GeoJSON file with layers such as "
    "“transportation”, “water” and “place”."
)


@dataclass(frozen=True, slots=True)
class _Block:
    """A part of one layer held in memory; ``bounds`` None: the whole layer."""

    crs: str
    bounds: Box | None
    layer: Layer
    tree: shapely.STRtree

    def covers(self, crs: str, bounds: Box) -> bool:
        if self.crs != crs:
            return False
        own = self.bounds
        return own is None or (own.contains(*bounds[:2]) and own.contains(*bounds[2:]))

    def inside(self, bounds: Box) -> Layer:
        chosen = np.sort(self.tree.query(shapely.box(*bounds)))
        layer = self.layer
        fields = {name: values[chosen] for name, values in layer.fields.items()}
        return Layer(layer.name, layer.geometry[chosen], MappingProxyType(fields))


@dataclass(frozen=True)
class VectorBasemap:
    """A base map in one vector file.

    Layers are read around the first sheet asked for, or whole when they are small, and kept in
    memory in the plan's CRS; the next sheets are found there by a spatial index. Only the path
    travels to other processes, where the file is opened again.

    Parameters
    ----------
    path
        The file.
    attribution
        Who must be named for it on every sheet.
    sources
        OpenMapTiles layer name → name of the layer in the file.
    """

    path: str
    attribution: str
    sources: Mapping[str, str]
    _blocks: dict[str, _Block] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __getstate__(self) -> dict[str, Any]:
        return {"path": self.path, "attribution": self.attribution, "sources": dict(self.sources)}

    def __setstate__(self, state: Mapping[str, Any]) -> None:
        self.__dict__.update(state, _blocks={})

    def prepare(self, extents: Sequence[Extent], progress: Progress) -> tuple[Problem, ...]:  # noqa: ARG002
        """Nothing to get ready: the file is read by bounds."""
        return ()

    def layers(self, extent: Extent, names: Sequence[str]) -> Mapping[str, Layer]:
        """Features of the named layers that meet the extent.

        Raises
        ------
        BasemapError
            When the file cannot be read any more.
        """
        return {name: self._layer(name, extent.bounds, extent.crs) for name in names}

    def _layer(self, name: str, bounds: Box, crs: str) -> Layer:
        if name not in self.sources:
            return Layer(name, np.empty(0, dtype=object))
        block = self._blocks.get(name)
        if block is None or not block.covers(crs, bounds):
            block = self._read_block(name, bounds, crs)
            self._blocks[name] = block
        return block.inside(bounds)

    def _read_block(self, name: str, bounds: Box, crs: str) -> _Block:
        source = self.sources[name]
        try:
            info = pyogrio.read_info(self.path, layer=source)
            file_crs = info["crs"] or "EPSG:4326"
            to_plan = pyproj.Transformer.from_crs(file_crs, crs, always_xy=True)
            part = None if 0 <= info["features"] <= _WHOLE else _around(bounds)
            layer = _read(self.path, source, name, part, to_plan)
        except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError) as error:
            raise BasemapError(f"The base map {self.path} cannot be read: {error}.") from error
        return _Block(crs, part, layer, shapely.STRtree(layer.geometry))


def open_vector(path: str) -> VectorBasemap:
    """Look into a vector file and say what it holds, without reading features.

    Raises
    ------
    BasemapError
        For a missing file, a directory, a file that is no vector file, and one without any layer
        of the OpenMapTiles names.
    """
    file = Path(path)
    if not file.exists():
        raise BasemapError(f"There is no base map at {path}.", "Check the path.")
    if file.is_dir():
        raise BasemapError(f"The base map {path} is a directory.", _HINT)
    try:
        found = [str(name) for name in pyogrio.list_layers(path)[:, 0]]
    except pyogrio.errors.DataSourceError as error:
        raise BasemapError(f"The base map {path} is not a vector file.", _HINT) from error
    sources = _known(found, file.stem)
    if not sources:
        listed = ", ".join(found[:8]) or "none at all"
        raise BasemapError(
            f"The base map {path} has no layer of the OpenMapTiles names, its layers: {listed}.",
            _HINT,
        )
    return VectorBasemap(str(file), _attribution(path, found[0]), sources)


def _known(found: Sequence[str], stem: str) -> dict[str, str]:
    known = {name.lower(): name for name in found if name.lower() in LAYERS}
    if not known and len(found) == 1 and stem.lower() in LAYERS:
        known = {stem.lower(): found[0]}
    return dict(sorted(known.items()))


def _attribution(path: str, layer: str) -> str:
    """Attribution the file itself names (MBTiles and GeoPackage metadata), else that of OSM."""
    info = pyogrio.read_info(path, layer=layer)
    for table in (info.get("dataset_metadata"), info.get("layer_metadata")):
        said = {str(key).lower(): str(value) for key, value in (table or {}).items()}
        if said.get("attribution"):
            return " ".join(_without_tags(said["attribution"]).split())
    return ATTRIBUTION


def _without_tags(text: str) -> str:
    kept, depth = [], 0
    for char in text:
        depth += char == "<"
        if not depth:
            kept.append(char)
        depth -= char == ">" and depth > 0
    return "".join(kept).replace("&copy;", "©").replace("&amp;", "&")


def _around(bounds: Box) -> Box:
    return bounds.grown(_BLOCK * max(bounds.width, bounds.height))


def _read(
    path: str, source: str, name: str, part: Box | None, to_plan: pyproj.Transformer
) -> Layer:
    bbox = None if part is None else to_plan.transform_bounds(*part, direction="INVERSE")
    meta, _, wkb, columns = pyogrio.raw.read(
        path, layer=source, bbox=bbox, columns=(*FIELDS, "json"), force_2d=True
    )
    geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    kept = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    geometry = _valid(shapely.transform(geometry[kept], to_plan.transform, interleaved=False))
    fields = {
        str(key): _column(values[kept]) for key, values in zip(meta["fields"], columns, strict=True)
    }
    packed = fields.pop("json", None)
    if packed is not None:
        fields.update(_unpacked(packed))
    return Layer(name, geometry, MappingProxyType(fields))


def _unpacked(packed: NDArray[np.object_]) -> dict[str, NDArray[np.object_]]:
    """Fields of vector tiles whose metadata lists none: GDAL gives one JSON text a feature."""
    rows = [json.loads(text) if text else {} for text in packed]
    fields = {}
    for name in FIELDS:
        values = np.empty(len(rows), dtype=object)
        values[:] = [row.get(name) or None for row in rows]
        if any(value is not None for value in values):
            fields[name] = values
    return fields


def _valid(geometry: NDArray[np.object_]) -> NDArray[np.object_]:
    """Areas cut at tile edges may cross themselves: unions later need them clean."""
    broken = (shapely.get_dimensions(geometry) == 2) & ~shapely.is_valid(geometry)
    if broken.any():
        geometry[broken] = shapely.make_valid(geometry[broken])
    return geometry


def _column(values: NDArray[Any]) -> NDArray[np.object_]:
    """Field values as objects, empty ones as None."""
    if values.dtype.kind == "f":
        found = values.astype(object)
        found[np.isnan(values)] = None
        return found
    found = values.astype(object)
    found[found == ""] = None
    return found
