"""Geometry elements of KML → GeoJSON-like mappings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lxml.etree import _Element

Geometry = Mapping[str, Any]
_COMMA: Final = re.compile(r"\s*,\s*")
_DEPTH: Final = 16  # MultiGeometry within MultiGeometry
_TRACKS: Final = ("Track", "MultiTrack")


def local(element: _Element) -> str:
    """Name of an element without its namespace: people write KML in all of them, and in none."""
    name = element.tag
    return name.rpartition("}")[2] if isinstance(name, str) else ""


def said(element: _Element | None) -> str:
    """All text in an element, without blanks around it."""
    return "" if element is None else "".join(map(str, element.itertext())).strip()


def child(element: _Element, name: str) -> _Element | None:
    """The first child of that name."""
    return next((each for each in element if local(each) == name), None)


def read_geometry(placemark: _Element) -> tuple[Geometry | None, bool]:
    """The geometry of a placemark, None where it has none; and whether tracks are in it."""
    found = list(_geometries(placemark, 0))
    tracks = any(local(element) in _TRACKS for element in placemark.iter())
    if not found:
        return None, tracks
    if len(found) == 1:
        return found[0], tracks
    return {"type": "GeometryCollection", "geometries": found}, tracks


def _geometries(parent: _Element, depth: int) -> Iterator[Geometry]:
    for element in parent:
        kind = local(element)
        if kind == "Point":
            yield {"type": "Point", "coordinates": next(iter(_positions(element)), None)}
        elif kind in ("LineString", "LinearRing"):
            yield {"type": "LineString", "coordinates": _positions(element)}
        elif kind == "Polygon":
            yield {"type": "Polygon", "coordinates": list(_rings(element))}
        elif kind == "MultiGeometry" and depth < _DEPTH:
            inner = list(_geometries(element, depth + 1))
            yield inner[0] if len(inner) == 1 else _collection(inner)
        elif kind == "Track":
            yield _track(element)
        elif kind == "MultiTrack" and depth < _DEPTH:
            yield _collection(list(_geometries(element, depth + 1)))
        elif kind == "Model":
            location = child(element, "Location")
            if location is not None:
                yield {"type": "Point", "coordinates": _location(location)}


def _collection(geometries: list[Geometry]) -> Geometry:
    return {"type": "GeometryCollection", "geometries": geometries}


def _rings(polygon: _Element) -> Iterator[list[Any]]:
    for name in ("outerBoundaryIs", "innerBoundaryIs"):
        for boundary in polygon:
            if local(boundary) == name:
                for ring in boundary:
                    if local(ring) == "LinearRing":
                        yield _positions(ring)


def _positions(element: _Element) -> list[Any]:
    """Positions of ``lon,lat[,height]`` between blanks; blanks after commas are forgiven."""
    text = _COMMA.sub(",", said(child(element, "coordinates")))
    return [_position(each.split(",")) for each in text.split()]


def _position(parts: list[str]) -> list[Any]:
    return [_number(part) for part in parts[:2]]


def _number(text: str) -> float | str:
    """A number, or the text as it stands, which is told later."""
    try:
        return float(text)
    except ValueError:
        return text


def _track(element: _Element) -> Geometry:
    """The way of a recorded track; a place that was never left is a point."""
    places = [_position(said(each).split()) for each in element if local(each) == "coord"]
    if len(places) == 1:
        return {"type": "Point", "coordinates": places[0]}
    return {"type": "LineString", "coordinates": places}


def _location(element: _Element) -> list[Any]:
    return [_number(said(child(element, name))) for name in ("longitude", "latitude")]
