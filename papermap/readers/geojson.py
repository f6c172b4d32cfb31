"""GeoJSON (RFC 7946) and what is written in its name: a legacy ``crs``, bare geometries, lists."""

from __future__ import annotations

import re
import reprlib
from collections.abc import Mapping, Sequence
from typing import Any, Final

from papermap.errors import SourceError
from papermap.model import Problem, Severity
from papermap.readers.base import RawFeature, RawSource
from papermap.readers.opened import Opened, Reader
from papermap.readers.source import Content, printable, told

NAME: Final = "GeoJSON"
WGS84: Final = "EPSG:4326"
GEOMETRIES: Final = (  # a tuple: what strangers write as a type may not be hashable
    "Point",
    "MultiPoint",
    "LineString",
    "MultiLineString",
    "Polygon",
    "MultiPolygon",
    "GeometryCollection",
)
# names only: a definition could point at files
_SAFE_NAME: Final = re.compile(r"[\w:. /()-]{1,80}")
_NO_PROPERTIES: Final[Mapping[str, Any]] = {}


def is_geojson(value: Any) -> bool:
    """Whether the value calls itself a GeoJSON object."""
    if not isinstance(value, Mapping):
        return False
    if value.get("type") == "FeatureCollection" or isinstance(value.get("features"), list):
        return "geometryType" not in value
    return value.get("type") == "Feature" or value.get("type") in GEOMETRIES


def _recognises(opened: Opened) -> bool:
    value = opened.json
    if isinstance(value, list):
        return any(is_geojson(item) for item in value[:50])
    return is_geojson(value)


def _read(opened: Opened) -> RawSource:
    """Raw features of one GeoJSON object, or of a list of them.

    Raises
    ------
    SourceError
        For what is no GeoJSON, a FeatureCollection without a list of features, or a ``crs`` nobody
        knows.
    """
    value, content = opened.json, opened.content
    if isinstance(value, list):
        return read_values(value, {}, content, NAME)
    if not isinstance(value, Mapping):
        raise SourceError(
            "{path} is not GeoJSON.", "Leave --read-as away.", path=told(content.path)
        )
    return read_values(_features_of(value, content.path), value, content, NAME)


READER: Final = Reader("geojson", _recognises, _read)


def read_values(
    values: Sequence[Any], head: Mapping[str, Any], content: Content, name: str
) -> RawSource:
    """Raw features of a list of Features, geometries or collections; ``head`` holds ``crs``."""
    crs, problems = read_crs(head.get("crs"), content.path)
    return RawSource(
        path=content.path,
        sha256=content.sha256,
        format=name,
        features=tuple(read_feature(number, value) for number, value in enumerate(values, 1)),
        crs=crs,
        title=_text(head.get("name")) or _text(head.get("title")),
        attribution=_text(head.get("attribution")),
        problems=problems,
    )


def _features_of(value: Mapping[str, Any], path: str) -> Sequence[Any]:
    if value.get("type") in GEOMETRIES or value.get("type") == "Feature":
        return (value,)
    features = value.get("features")
    if not isinstance(features, list):
        raise SourceError(
            "{path} is a FeatureCollection without a list of features.",
            "Export it again as GeoJSON.",
            path=told(path),
        )
    return features


def read_feature(number: int, value: Any) -> RawFeature:
    """One feature as it stands; what is not an object has no geometry and is told later."""
    if not isinstance(value, Mapping):
        return RawFeature(number, None, _NO_PROPERTIES)
    if value.get("type") in GEOMETRIES and "geometry" not in value:
        return RawFeature(number, value, _NO_PROPERTIES)
    geometry, properties = value.get("geometry"), value.get("properties")
    identity = value.get("id")
    usable = isinstance(identity, str | int | float) and not isinstance(identity, bool)
    return RawFeature(
        number,
        geometry if isinstance(geometry, Mapping) else None,
        properties if isinstance(properties, Mapping) else _NO_PROPERTIES,
        id=str(identity) if usable else "",
    )


def read_crs(member: Any, path: str) -> tuple[str, tuple[Problem, ...]]:
    """Authority string of a legacy ``crs`` member (GeoJSON 2008), WGS 84 where there is none.

    Raises
    ------
    SourceError
        For a name that no register of coordinate systems holds.
    """
    if member is None:
        return WGS84, ()
    name = _crs_name(member)
    if not name:
        problem = Problem("PM002", Severity.WARNING, path, field="crs", value=reprlib.repr(member))
        return WGS84, (problem,)
    if name.upper().replace("::", ":").endswith(("CRS84", "EPSG:4326")):
        return WGS84, ()
    if not _SAFE_NAME.fullmatch(name):
        raise _unknown(name, path)
    import pyproj  # noqa: PLC0415 - slow, and most files are WGS 84

    try:
        crs = pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError as error:
        raise _unknown(name, path) from error
    if not (crs.is_geographic or crs.is_projected):
        raise _unknown(name, path)
    return crs.to_string(), ()


def _unknown(name: str, path: str) -> SourceError:
    return SourceError(
        "{path} is in an unknown coordinate system “{crs}”.",
        "Export it again in WGS 84 (longitude and latitude).",
        path=told(path),
        crs=printable(name),
    )


def _crs_name(member: Any) -> str:
    properties = member.get("properties") if isinstance(member, Mapping) else None
    if isinstance(member, str):
        return member
    if not isinstance(properties, Mapping):
        return ""
    if member.get("type") == "EPSG":
        return f"EPSG:{properties.get('code')}"
    return _text(properties.get("name"))


def _text(value: Any) -> str:
    return value.strip()[:200] if isinstance(value, str) else ""
