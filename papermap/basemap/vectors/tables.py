"""Layers of vector files as GDAL opens them: which there are, and reading one by bounds."""

from __future__ import annotations

import contextlib
import functools
import json
import sqlite3
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec
import numpy as np
import pyogrio
import shapely
from numpy.typing import NDArray

from papermap.errors import BasemapError
from papermap.units import Box

Column = NDArray[np.object_]
TILES: Final = frozenset({".mbtiles", ".pmtiles"})
OSM: Final = frozenset({".pbf", ".osm"})
SUFFIXES: Final = frozenset(
    {".gpkg", ".fgb", ".shp", ".geojson", ".json", ".gml", ".xml", *TILES, *OSM}
)
_MERCATOR: Final = "EPSG:3857"
_WGS84: Final = "EPSG:4326"
_MOST_MEMBERS: Final = 2_000  # files of a folder or an archive that are looked at
_PROXY: Final = b"<OGRVRT"  # a file that sends GDAL to other files and addresses
_ERRORS: Final = (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError)


@dataclass(frozen=True, slots=True)
class Table:
    """One layer of a vector file; ``name`` is what schemas know it by.

    ``indexed``: GDAL finds what lies inside some bounds without going through the whole file.
    ``zooms`` are those of a file of tiles, ascending.
    """

    path: str
    layer: str
    name: str
    indexed: bool
    zooms: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Features:
    """What was read of a table, in its own CRS: geometry, and fields with empty values as None."""

    crs: str
    geometry: Column
    fields: Mapping[str, Column]


def tables_of(path: Path) -> tuple[Table, ...]:
    """All layers of a file, a folder of files, or a zip archive of files.

    Raises
    ------
    BasemapError
        When nothing in it is a vector file.
    """
    found: list[Table] = []
    for member in _members(path):
        found += _tables_in(member)
    if not found:
        if path.is_dir():
            raise BasemapError(
                "There are neither tiles nor vector files in {path}.", HINT, path=path
            )
        raise BasemapError("The base map {path} is not a vector file.", HINT, path=path)
    return tuple(found)


HINT: Final = (
    "Give an OpenStreetMap extract (.osm.pbf), MBTiles, PMTiles, GeoPackage, FlatGeobuf, GeoJSON, "
    "Shapefiles, a folder or zip file of them, or a folder of tiles (z/x/y.png)."
)


@functools.lru_cache(maxsize=1024)
def crs_of(table: Table) -> str:
    """CRS of a table's coordinates; WGS 84 where the file does not say."""
    if table.zooms:
        return _MERCATOR
    return _told(table, lambda: pyogrio.read_info(table.path, layer=table.layer))["crs"] or _WGS84


@functools.lru_cache(maxsize=1024)
def bounds_of(table: Table) -> Box | None:
    """Bounds of a table in its CRS as the file says them; None where it does not."""
    info = _told(table, lambda: pyogrio.read_info(table.path, layer=table.layer))
    said = info.get("total_bounds")
    return Box(*map(float, said)) if said is not None and np.isfinite(said).all() else None


def fields_of(table: Table) -> frozenset[str] | None:
    """Names of a table's fields; None where only its features tell, or reading settles them."""
    if table.zooms or Path(table.path).suffix.lower() in OSM:
        return None
    info = _told(table, lambda: pyogrio.read_info(table.path, layer=table.layer))
    return frozenset(map(str, info["fields"]))


def attribution_of(table: Table) -> str:
    """Whom the file itself names (metadata of MBTiles, PMTiles and GeoPackage); empty for none."""
    info = _told(table, lambda: pyogrio.read_info(table.path, layer=table.layer))
    for metadata in (info.get("dataset_metadata"), info.get("layer_metadata")):
        said = {str(key).lower(): str(value) for key, value in (metadata or {}).items()}
        if said.get("attribution"):
            return " ".join(_without_tags(said["attribution"]).split())
    return ""


def read(
    table: Table,
    bounds: Box | None,
    columns: Sequence[str],
    *,
    zoom: int | None = None,
    options: Mapping[str, str] | None = None,
) -> Features:
    """Features of a table that meet ``bounds`` (of its CRS).

    Raises
    ------
    BasemapError
        When the file cannot be read any more.
    """
    chosen = dict(options or {})
    if zoom is not None:
        chosen = {"ZOOM_LEVEL": str(zoom), "JSON_FIELD": "YES"}
    wanted = None if zoom is not None else list(columns)
    area = None if bounds is None else tuple(bounds)

    def work(encoding: str | None) -> Any:
        return pyogrio.raw.read(
            table.path,
            layer=table.layer,
            bbox=area,
            columns=wanted,
            force_2d=True,
            encoding=encoding,
            **chosen,
        )

    meta, _, wkb, values = _told(table, lambda: _decoded(table, work))
    geometry = shapely.from_wkb(wkb, on_invalid="ignore")
    kept = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
    fields = {
        str(key): _column(column[kept]) for key, column in zip(meta["fields"], values, strict=True)
    }
    if zoom is not None:
        fields = _unpacked(fields.get("json"), columns, int(kept.sum()))
    return Features(str(meta["crs"] or _WGS84), geometry[kept], fields)


def zoom_for(table: Table, scale: float) -> int | None:
    """The zoom whose tiles hold what a sheet at 1:``scale`` shows; None for other files.

    Tiles of zoom z are made for screens at about 1:230,000,000 / 2**z at 35 degrees north; paper
    shows more, so the next larger one is taken where the file has it.
    """
    if not table.zooms:
        return None
    wanted = int(np.ceil(np.log2(_ZOOM_0 / scale)))
    finer = [zoom for zoom in table.zooms if zoom >= wanted]
    return finer[0] if finer else table.zooms[-1]


_ZOOM_0: Final = 229_000_000


def _members(path: Path) -> Iterator[str]:
    """Paths that GDAL can open."""
    if path.is_dir():
        inside = sorted(p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES)
        yield from (str(file) for file in inside[:_MOST_MEMBERS])
    elif zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            names = sorted(archive.namelist())
        wanted = [name for name in names if Path(name).suffix.lower() in SUFFIXES - TILES - OSM]
        yield from (f"/vsizip/{{{path.resolve()}}}/{name}" for name in wanted[:_MOST_MEMBERS])
    else:
        yield str(path)


def _tables_in(member: str) -> list[Table]:
    """Layers of one file; none when it is no vector file."""
    suffix = Path(member).suffix.lower()
    if not member.startswith("/vsizip/") and _is_proxy(Path(member)):
        return []
    try:
        layers = [str(name) for name in pyogrio.list_layers(member)[:, 0]]
    except pyogrio.errors.DataSourceError:
        return []
    zooms = _zooms(member, layers) if suffix in TILES else ()
    indexed = suffix in {".gpkg", ".fgb", *TILES} or _has_index(Path(member))
    indexed = indexed and not member.startswith("/vsizip/")
    # a file of one layer is often known by its own name only
    alone = len(layers) == 1 and suffix not in {".gpkg", *TILES, *OSM}
    return [
        Table(member, layer, Path(member).stem if alone else layer, indexed, zooms)
        for layer in layers
    ]


def _is_proxy(file: Path) -> bool:
    try:
        with file.open("rb") as stream:
            return _PROXY in stream.read(4096)
    except OSError:
        return True


def _has_index(file: Path) -> bool:
    return file.suffix.lower() == ".shp" and file.with_suffix(".qix").exists()


def _zooms(path: str, layers: Sequence[str]) -> tuple[int, ...]:
    """Zooms of a file of tiles."""
    if Path(path).suffix.lower() == ".mbtiles":
        uri = f"{Path(path).resolve().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(uri, uri=True)) as file:
            rows = file.execute(_SOME_ZOOMS).fetchall()
        return tuple(row[0] for row in rows)
    info = pyogrio.read_info(path, layer=layers[0])
    said = {key.lower(): value for key, value in (info.get("dataset_metadata") or {}).items()}
    low, high = (int(said.get(key, 14)) for key in ("minzoom", "maxzoom"))
    return tuple(range(low, high + 1))


_SOME_ZOOMS: Final = """
WITH RECURSIVE zoom(z) AS (
    SELECT min(zoom_level) FROM tiles
    UNION ALL
    SELECT (SELECT min(zoom_level) FROM tiles WHERE zoom_level > z) FROM zoom WHERE z IS NOT NULL
) SELECT z FROM zoom WHERE z IS NOT NULL
"""  # by the index, however many tiles there are


def _decoded(table: Table, work: Callable[[str | None], Any]) -> Any:
    """What is read; a Shapefile that does not name its encoding is in UTF-8 or, in Japan, CP932."""
    said = Path(table.path).suffix.lower() != ".shp" or _names_encoding(table.path)
    for encoding in () if said else ("UTF-8", "CP932"):
        with contextlib.suppress(UnicodeDecodeError):
            return work(encoding)
    return work(None)


def _names_encoding(path: str) -> bool:
    """Whether a Shapefile has its .cpg beside it; one in an archive is taken to have none."""
    return any(Path(path).with_suffix(ending).exists() for ending in (".cpg", ".CPG"))


def _told(table: Table, work: Any) -> Any:
    try:
        return work()
    except _ERRORS as error:
        raise BasemapError(
            "The base map {path} cannot be read: {error}",
            "It may be cut off or damaged: copy or download it again.",
            path=table.path,
            error=error,
        ) from error


def _column(values: NDArray[Any]) -> Column:
    """Field values as objects, empty ones as None."""
    found = values.astype(object)
    if values.dtype.kind == "f":
        found[np.isnan(values)] = None
    else:
        found[found == ""] = None
    return found


def _unpacked(packed: Column | None, columns: Sequence[str], count: int) -> dict[str, Column]:
    """Fields of tiles: GDAL gives one JSON text a feature."""
    texts = [None] * count if packed is None else packed
    rows = [_object(text) if text else {} for text in texts]
    there = {key for row in rows for key in row}
    fields = {}
    for name in columns:
        if name in there:
            fields[name] = np.full(count, None, dtype=object)
            fields[name][:] = [_value(row.get(name)) for row in rows]
    return fields


def _object(text: str) -> Mapping[str, Any]:
    try:
        return _decode(text)
    except msgspec.DecodeError:
        found: Mapping[str, Any] = json.loads(text, strict=False)
        return found


_decode = msgspec.json.Decoder(dict[str, Any]).decode


def _value(value: Any) -> Any:
    return None if value is None or value == "" else value


def _without_tags(text: str) -> str:
    kept, depth = [], 0
    for char in text:
        depth += char == "<"
        if not depth:
            kept.append(char)
        depth -= char == ">" and depth > 0
    return "".join(kept).replace("&copy;", "©").replace("&amp;", "&")
