"""Layers of GeoPackage, FlatGeobuf and their like, through GDAL (pyogrio)."""

from __future__ import annotations

import re
import sqlite3
import tempfile
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from papermap.errors import SourceError
from papermap.model import Problem, Severity
from papermap.readers.base import RawFeature, RawSource
from papermap.readers.geojson import WGS84, read_crs
from papermap.readers.opened import Opened, Reader
from papermap.readers.source import printable, told

_OWN_TABLES: Final = frozenset({"layer_styles", "qgis_projects"})  # QGIS keeps its looks there
_VIEW: Final = re.compile(r"\s*CREATE\s+(?:TEMP(?:ORARY)?\s+)?VIEW\b", re.IGNORECASE)
_TOLD: Final = 5  # of GDAL's warnings
_UNNAMED: Final = frozenset({"", "layer"})  # the temporary file's own name
_KNOWN: Final = ("SHAPE_RESTORE_SHX", "has no crs")  # warnings of what is seen to or told anyway


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer: rows of geometry (well-known binary) and values, in one coordinate system."""

    name: str
    crs: str  # empty: the file does not say
    columns: Sequence[str]
    rows: Sequence[tuple[bytes | None, Sequence[Any]]]


def read_layers(
    opened: Opened,
    parts: Mapping[str, bytes],
    *,
    encoding: str | None = None,
    unread: frozenset[str] = frozenset(),
) -> tuple[tuple[Layer, ...], tuple[Problem, ...]]:
    """Every layer that has geometry; tables without are told, and what GDAL warned of.

    ``parts`` are contents by suffix, the first is the file itself. GDAL reads them from a temporary
    folder: standard input has no siblings, and what lies beside a stranger's file is not asked for.
    Layers in ``unread`` are told and not read.

    Raises
    ------
    SourceError
        For a file that GDAL cannot read.
    """
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings(record=True) as warned:
        warnings.simplefilter("always")
        for suffix, data in parts.items():
            (Path(folder) / f"layer{suffix}").write_bytes(data)
        file = Path(folder) / f"layer{next(iter(parts))}"
        layers, problems = _layers(file, opened, encoding, unread)
        texts = dict.fromkeys(str(warning.message).replace(folder, "") for warning in warned)
    shown = [printable(text) for text in texts if not any(word in text for word in _KNOWN)]
    problems += [_problem("PM074", opened.path, value=text) for text in shown[:_TOLD]]
    return layers, tuple(problems)


def _layers(
    file: Path, opened: Opened, encoding: str | None, unread: frozenset[str]
) -> tuple[tuple[Layer, ...], list[Problem]]:
    import pyogrio  # noqa: PLC0415 - slow, and most sources are text

    problems: list[Problem] = []
    layers: list[Layer] = []
    try:
        names = pyogrio.list_layers(file)
        for name, kind in names:
            if kind is not None and name not in unread:
                layers.append(_layer(file, str(name), encoding))
            elif name not in _OWN_TABLES:
                problems.append(_problem("PM075", opened.path, value=printable(str(name))))
    except Exception as error:  # pyogrio's errors share no root with numpy's and the codecs'
        raise _broken(opened, str(error).replace(str(file.parent), "")) from error
    if not len(names):
        raise _broken(opened, "no layer in it")
    return tuple(layers), problems


def _broken(opened: Opened, why: str) -> SourceError:
    return SourceError(
        "{path} is broken, and cannot be read: {why}.",
        "Download or export it again.",
        path=told(opened.path),
        why=printable(why).rstrip("."),
    )


def as_source(
    opened: Opened,
    format: str,  # noqa: A002 - as RawSource calls it
    layers: Sequence[Layer],
    problems: tuple[Problem, ...],
    *,
    named: bool = True,
) -> RawSource:
    """Raw features of layers, in one coordinate system; a file that names none is told.

    ``named`` says that the layers' names mean something (they are the file's own otherwise).

    Raises
    ------
    SourceError
        For a coordinate system that nobody knows.
    """
    known = {_crs(layer.crs, opened.path) for layer in layers} or {WGS84}
    crs = known.pop() if len(known) == 1 else WGS84
    features: list[RawFeature] = []
    for layer in layers:
        name = layer.name if named and layer.name.casefold() not in _UNNAMED else ""
        moved = _moved(_crs(layer.crs, opened.path), crs)
        for geometry, properties in _features(layer, moved):
            number = len(features) + 1
            features.append(RawFeature(number, geometry, properties, layer=name))
    nameless = [layer.name for layer in layers if not layer.crs]
    if nameless:
        told_of = ", ".join(printable(name) for name in nameless[:_TOLD])
        problems = (*problems, _problem("PM073", opened.path, value=told_of))
    return RawSource(
        path=opened.path,
        sha256=opened.content.sha256,
        format=format,
        features=tuple(features),
        crs=crs,
        problems=problems,
    )


def _layer(file: Path, name: str, encoding: str | None) -> Layer:
    from pyogrio.raw import read  # noqa: PLC0415

    meta, _, geometry, values = read(file, layer=name, encoding=encoding, datetime_as_string=True)
    columns = [str(column) for column in meta["fields"]]
    count = len(geometry) if geometry is not None else len(values[0]) if len(values) else 0
    rows = zip(*(column.tolist() for column in values), strict=True) if columns else [()] * count
    shapes = geometry if geometry is not None else [None] * count
    return Layer(name, meta["crs"] or "", columns, list(zip(shapes, rows, strict=True)))


def _features(
    layer: Layer, moved: Callable[[Any], Any] | None
) -> Iterator[tuple[Mapping[str, Any] | None, Mapping[str, Any]]]:
    import shapely  # noqa: PLC0415
    from shapely.geometry import mapping  # noqa: PLC0415

    for binary, values in layer.rows:
        shape = shapely.from_wkb(binary, on_invalid="ignore") if binary else None
        if shape is not None and moved is not None:
            shape = shapely.transform(shape, moved)
        # curves and what else shapely does not hold: told as a geometry of unknown type
        geometry = mapping(shape) if shape is not None else {"type": "?"} if binary else None
        yield geometry, dict(_said(layer.columns, values))


def _said(columns: Sequence[str], values: Sequence[Any]) -> Iterator[tuple[str, Any]]:
    for column, value in zip(columns, values, strict=True):
        empty = value is None or value != value  # noqa: PLR0124 - NaN: no value in a column of numbers
        if not empty and not isinstance(value, bytes):
            yield column, value


def _crs(text: str, path: str) -> str:
    if not text:
        return WGS84
    if text.startswith("EPSG:"):
        crs, _ = read_crs({"type": "name", "properties": {"name": text}}, path)
        return crs
    import pyproj  # noqa: PLC0415 - slow, and most layers name their system by its number

    try:
        known = pyproj.CRS.from_wkt(text)
        code = known.to_epsg()
        pyproj.Transformer.from_crs(known, 4326)  # some that can be written lead nowhere
    except pyproj.exceptions.ProjError:
        known, code = None, None
    if known is None or not (known.is_geographic or known.is_projected):
        raise SourceError(
            "{path} is in a coordinate system that is not one of the earth.",
            "Export it again in WGS 84 (longitude and latitude).",
            path=told(path),
        )
    return f"EPSG:{code}" if code else text


def _moved(crs: str, target: str) -> Callable[[Any], Any] | None:
    """Coordinates of one layer in the system of all, where layers differ."""
    if crs == target:
        return None
    import numpy as np  # noqa: PLC0415
    import pyproj  # noqa: PLC0415

    transformer = pyproj.Transformer.from_crs(crs, target, always_xy=True)
    return lambda xy: np.column_stack(transformer.transform(xy[:, 0], xy[:, 1]))


def _problem(code: str, path: str, value: str) -> Problem:
    severity = Severity.NOTICE if code == "PM075" else Severity.WARNING
    return Problem(code, severity, path, value=value)


def _is_geopackage(opened: Opened) -> bool:
    mark = opened.head[68:72]  # the application's id in the header of SQLite
    return opened.head.startswith(b"SQLite format 3\0") and mark in (b"GPKG", b"GP10", b"GP11")


def _geopackage(opened: Opened) -> RawSource:
    data = opened.content.data
    layers, problems = read_layers(opened, {".gpkg": data}, unread=_views(opened))
    return as_source(opened, "GeoPackage", layers, problems)


def _views(opened: Opened) -> frozenset[str]:
    """Views of the database: a stranger's program, which may never come to its end."""
    database = sqlite3.connect(":memory:")
    database.text_factory = lambda text: text.decode("utf-8", "replace")
    try:
        database.deserialize(opened.content.data)
        things = database.execute("SELECT name, type, sql FROM sqlite_master").fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:  # its messages quote the file
        raise _broken(opened, str(error)) from error
    finally:
        database.close()
    return frozenset(
        str(name) for name, kind, sql in things if kind == "view" or _VIEW.match(str(sql))
    )


def _is_flatgeobuf(opened: Opened) -> bool:
    return opened.head.startswith(b"fgb\x03")


def _flatgeobuf(opened: Opened) -> RawSource:
    layers, problems = read_layers(opened, {".fgb": opened.content.data})
    return as_source(opened, "FlatGeobuf", layers, problems, named=False)


def _is_esri_json(opened: Opened) -> bool:
    value = opened.json
    return (
        isinstance(value, Mapping)
        and ("geometryType" in value or "spatialReference" in value)
        and isinstance(value.get("features"), list)
    )


def _esri_json(opened: Opened) -> RawSource:
    layers, problems = read_layers(opened, {".json": opened.text.encode("utf-8")})
    return as_source(opened, "Esri JSON", layers, problems, named=False)


def _is_topojson(opened: Opened) -> bool:
    return isinstance(opened.json, Mapping) and opened.json.get("type") == "Topology"


def _topojson(opened: Opened) -> RawSource:
    layers, problems = read_layers(opened, {".json": opened.text.encode("utf-8")})
    layers = tuple(replace(layer, crs=layer.crs or WGS84) for layer in layers)  # as its rules say
    return as_source(opened, "TopoJSON", layers, problems)


GEOPACKAGE: Final = Reader("gpkg", _is_geopackage, _geopackage)
FLATGEOBUF: Final = Reader("flatgeobuf", _is_flatgeobuf, _flatgeobuf)
ESRI_JSON: Final = Reader("esrijson", _is_esri_json, _esri_json)
TOPOJSON: Final = Reader("topojson", _is_topojson, _topojson)
