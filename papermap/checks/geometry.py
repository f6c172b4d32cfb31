"""Geometry of strangers → single points, lines and areas in WGS 84, or the reason why not."""

from __future__ import annotations

import math
import reprlib
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import shapely
from shapely.geometry.base import BaseGeometry

from papermap.checks.facts import Doubt
from papermap.checks.text import shortened
from papermap.model import Kind
from papermap.readers.angles import degrees

Project = Callable[[float, float], tuple[float, float]]
_DEPTH: Final = 16  # collections within collections
_PARTS: Final = 10_000  # of one feature


@dataclass(frozen=True, slots=True)
class Frame:
    """The coordinate system of a source: degrees or metres, and the way to WGS 84."""

    degrees: bool = True
    project: Project | None = None  # None: it is WGS 84 already


@dataclass(frozen=True, slots=True)
class Part:
    """One single geometry of a feature; ``swapped`` has its latitude where longitude belongs."""

    kind: Kind
    geometry: BaseGeometry | None  # lines and areas
    lon: float
    lat: float
    swapped: bool = False
    strings: bool = False


@dataclass(slots=True)
class Shapes:
    """Parts of one feature by number (0: the feature is one geometry), and what was wrong."""

    parts: list[tuple[int, Part]] = field(default_factory=list)
    doubts: list[tuple[int, Doubt]] = field(default_factory=list)
    count: int = 0


class _BadError(Exception):
    def __init__(self, code: str, value: Any = None, **params: str) -> None:
        super().__init__(code)
        said = value if isinstance(value, str) else reprlib.repr(value)
        shown = None if value is None else shortened(said)
        self.doubt = Doubt(code, "geometry", shown, params)


def read_shapes(geometry: Mapping[str, Any] | None, frame: Frame) -> Shapes:
    """Every single geometry of a feature, exploded, in WGS 84."""
    shapes = Shapes()
    if geometry is None:
        shapes.doubts.append((0, Doubt("PM010", "geometry")))
        return shapes
    singles = list(_singles(geometry, 0))[: _PARTS + 1]
    shapes.count = len(singles)
    if not singles:
        shapes.doubts.append((0, Doubt("PM016", "geometry", shortened(str(geometry.get("type"))))))
    if len(singles) > _PARTS:
        shapes.doubts.append((0, Doubt("PM019", "geometry", params={"limit": str(_PARTS)})))
        return shapes
    for index, (kind, coordinates) in enumerate(singles, 1):
        number = index if len(singles) > 1 else 0
        told: list[Doubt] = []
        try:
            shapes.parts.append((number, _part(kind, coordinates, frame, told)))
        except _BadError as error:
            told.append(error.doubt)
        shapes.doubts.extend((number, doubt) for doubt in told)
    return shapes


def _singles(geometry: Any, depth: int) -> Iterator[tuple[str, Any]]:
    """Type and coordinates of each single geometry; MultiPoint and collections are opened."""
    if not isinstance(geometry, Mapping):
        yield "", geometry
        return
    kind, coordinates = geometry.get("type"), geometry.get("coordinates")
    if kind == "GeometryCollection":
        inner = geometry.get("geometries")
        if depth >= _DEPTH or not isinstance(inner, list):
            yield ("too deep" if depth >= _DEPTH else ""), kind
            return
        for member in inner:
            yield from _singles(member, depth + 1)
    elif kind == "MultiPoint":
        for position in coordinates if isinstance(coordinates, list) else (coordinates,):
            yield "Point", position
    else:
        yield (kind if isinstance(kind, str) else ""), coordinates


def _part(kind: str, coordinates: Any, frame: Frame, told: list[Doubt]) -> Part:
    makers = {
        "Point": _point,
        "LineString": _line,
        "MultiLineString": _lines,
        "Polygon": _area,
        "MultiPolygon": _areas,
    }
    if kind not in makers:
        code = "PM019" if kind == "too deep" else "PM015"
        raise _BadError(code, kind or coordinates, limit=str(_DEPTH))
    if coordinates is None:
        raise _BadError("PM011")
    if not isinstance(coordinates, Sequence) or isinstance(coordinates, str):
        raise _BadError("PM012", coordinates)
    if len(coordinates) == 0:
        raise _BadError("PM016", kind)
    return makers[kind](coordinates, frame, told)


def _point(coordinates: Any, frame: Frame, told: list[Doubt]) -> Part:
    x, y, strings = _position(coordinates)
    if frame.degrees and not _on_earth(x, y) and _on_earth(y, x):
        lon, lat = _to_wgs84(y, x, frame)
        return Part(Kind.POINT, None, lon, lat, swapped=True, strings=strings)
    lon, lat = _to_wgs84(x, y, frame)
    if strings:
        told.append(Doubt("PM020", "geometry"))
    return Part(Kind.POINT, None, lon, lat, strings=strings)


def _position(value: Any) -> tuple[float, float, bool]:
    """First two ordinates of a position; a third (height, or accuracy) is not looked at."""
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise _BadError("PM012", value)
    if len(value) < 2:
        raise _BadError("PM011", value)
    x, y = _number(value[0], value), _number(value[1], value)
    return x, y, isinstance(value[0], str) or isinstance(value[1], str)


def _number(value: Any, whole: Any) -> float:
    if value is None or value == "":
        raise _BadError("PM011", whole)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise _BadError("PM012", value)
    try:
        number = float(_decimal(value) if isinstance(value, str) else value)
    except (ValueError, OverflowError):
        angle = degrees(value) if isinstance(value, str) else None
        if angle is None:
            raise _BadError("PM012", value) from None
        number = angle
    if not math.isfinite(number):
        raise _BadError("PM013", value)
    return number


def _decimal(text: str) -> str:
    """Number in a text: any width of digits, a decimal comma, a degree sign; no underscores."""
    plain = unicodedata.normalize("NFKC", text).strip().removesuffix("°")
    if "_" in plain:
        raise ValueError(text)
    return plain.replace(",", ".") if plain.count(",") == 1 and "." not in plain else plain


def _on_earth(lon: float, lat: float) -> bool:
    return -180 <= lon <= 180 and -90 <= lat <= 90


def _to_wgs84(x: float, y: float, frame: Frame) -> tuple[float, float]:
    if frame.degrees and not _on_earth(x, y):
        if _on_earth(y, x):
            raise _BadError("PM022", [x, y], suggestion=told_place(y, x))
        raise _BadError("PM014", [x, y])
    if frame.project is None:
        return x, y
    lon, lat = frame.project(x, y)
    if not (math.isfinite(lon) and math.isfinite(lat) and _on_earth(lon, lat)):
        raise _BadError("PM014", [x, y])
    return lon, lat


def told_place(lon: float, lat: float) -> str:
    """A place as messages write it, so that nobody takes one number for the other."""
    north, east = "N" if lat >= 0 else "S", "E" if lon >= 0 else "W"
    return f"{abs(lat):.5f}°{north} {abs(lon):.5f}°{east}"


def _vertices(coordinates: Any, frame: Frame, told: list[Doubt]) -> list[tuple[float, float]]:
    if not isinstance(coordinates, Sequence) or isinstance(coordinates, str):
        raise _BadError("PM012", coordinates)
    found = []
    strings = False
    for position in coordinates:
        x, y, as_strings = _position(position)
        strings |= as_strings
        found.append(_to_wgs84(x, y, frame))
    if strings:
        told.append(Doubt("PM020", "geometry"))
    return found


def _line(coordinates: Any, frame: Frame, told: list[Doubt]) -> Part:
    vertices = _vertices(coordinates, frame, told)
    if len(set(vertices)) < 2:
        raise _BadError("PM017", "LineString", count=str(len(vertices)), least="2")
    return _placed(Kind.LINE, shapely.LineString(vertices))


def _lines(coordinates: Any, frame: Frame, told: list[Doubt]) -> Part:
    lines = [_line(each, frame, told).geometry for each in coordinates]
    return _placed(Kind.LINE, shapely.MultiLineString(lines))


def _area(coordinates: Any, frame: Frame, told: list[Doubt]) -> Part:
    shell, *holes = [_ring(ring, frame, told) for ring in coordinates]
    return _placed(Kind.AREA, _mended(shapely.Polygon(shell, holes), told))


def _areas(coordinates: Any, frame: Frame, told: list[Doubt]) -> Part:
    polygons = []
    for each in coordinates:
        if not isinstance(each, Sequence) or isinstance(each, str) or not each:
            raise _BadError("PM012", each)
        shell, *holes = [_ring(ring, frame, told) for ring in each]
        polygons.append(shapely.Polygon(shell, holes))
    return _placed(Kind.AREA, _mended(shapely.MultiPolygon(polygons), told))


def _ring(coordinates: Any, frame: Frame, told: list[Doubt]) -> list[tuple[float, float]]:
    vertices = _vertices(coordinates, frame, told)
    if len(set(vertices)) < 3:
        raise _BadError("PM017", "Polygon", count=str(len(vertices)), least="3")
    if vertices[0] != vertices[-1]:
        told.append(Doubt("PM027", "geometry"))
        vertices.append(vertices[0])
    return vertices


def _mended(area: BaseGeometry, told: list[Doubt]) -> BaseGeometry:
    """The area itself, or made valid; only what has a surface stays."""
    if area.is_valid:
        return area
    reason = shapely.is_valid_reason(area)
    pieces = shapely.get_parts(shapely.make_valid(area))
    flat = [p for piece in pieces for p in shapely.get_parts(piece) if p.geom_type == "Polygon"]
    if not flat:
        raise _BadError("PM016", "Polygon")
    told.append(Doubt("PM026", "geometry", shortened(reason)))
    return flat[0] if len(flat) == 1 else shapely.MultiPolygon(flat)


def _placed(kind: Kind, geometry: BaseGeometry) -> Part:
    place = geometry.representative_point()
    return Part(kind, geometry, place.x, place.y)
