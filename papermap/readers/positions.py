"""Which columns of a table hold its positions, and the geometry that a row of it has."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from papermap.headers import Headers, fold, load_fields
from papermap.readers.angles import degrees

OLD_DATUM: Final = "EPSG:4301"
Geometry = Mapping[str, Any]
_NUMBER: Final = re.compile(r"\s*-?\d+(?:\.\d+)?\s*")
_SPLIT: Final = re.compile(r"\s*[,;、，/]\s*|\s+")
_SHORT: Final = 3  # letters: so short a name counts only as a whole one
_SAMPLE: Final = 50  # rows looked at to tell a column by what stands in it
_POINT: Final = re.compile(
    r"\s*-?\d{1,3}\.\d{2,}(?:\s*,\s*|\s+)-?\d{1,3}\.\d{2,}(?:[\s,]+-?[\d.]+){0,2}\s*"
)
_HEX: Final = re.compile(r"[0-9A-Fa-f]{42,}")
_SRID: Final = re.compile(r"\s*SRID=\d+;", re.IGNORECASE)
_LONGEST: Final = 5_000_000  # characters of one geometry


@dataclass(frozen=True, slots=True)
class Position:
    """The columns that hold positions, by index (-1: there is none), and their CRS if they say so.

    ``beside`` are columns that say nothing more: altitude, accuracy, the point once again.
    """

    lat: int = -1
    lon: int = -1
    geometry: int = -1
    geopoint: int = -1
    beside: frozenset[int] = frozenset()
    crs: str = ""

    @property
    def used(self) -> frozenset[int]:
        """Columns that are no properties."""
        own = {self.lat, self.lon, self.geometry, self.geopoint} - {-1}
        return self.beside | own


def find_position(names: Sequence[str], headers: Headers) -> Position | None:
    """Columns that hold positions, told by their names; None where there are none."""
    folded = tuple(fold(name) for name in names)
    words: Mapping[str, list[str]] = load_fields()["position"]
    old = tuple(fold(word) for word in words["old_datum"])

    def whole(part: str) -> int:
        wanted = [fold(name) for name in (*headers.columns.get(part, ()), *words[part])]
        return next((folded.index(name) for name in wanted if name in folded), -1)

    geometry, geopoint = whole("geometry"), whole("geopoint")
    lat, lon = whole("lat"), whole("lon")
    if lat < 0 or lon < 0:
        lat, lon = _pair(folded, words, old)
    if max(lat, lon, geometry, geopoint) < 0 or (min(lat, lon) < 0 and max(geometry, geopoint) < 0):
        return None
    crs = OLD_DATUM if lat >= 0 and any(word in folded[lat] for word in old) else ""
    beside: set[int] = set()
    if lat >= 0 and folded[lat].endswith("latitude"):
        stem = folded[lat].removesuffix("latitude")
        again = {stem, *(stem + fold(word) for word in words["beside"])} - {""}
        beside = {index for index, name in enumerate(folded) if name in again}
    return Position(lat, lon, geometry, geopoint, frozenset(beside), crs)


def find_points(rows: Sequence[Sequence[Any]]) -> int:
    """The column in which every cell that is filled is a point as text; -1: there is none."""
    width = max((len(row) for row in rows[:_SAMPLE]), default=0)
    for index in range(width):
        cells = [row[index] for row in rows[:_SAMPLE] if index < len(row) and row[index] != ""]
        if cells and all(isinstance(cell, str) and _POINT.fullmatch(cell) for cell in cells):
            return index
    return -1


def find_degrees(rows: Sequence[Sequence[Any]]) -> Position | None:
    """The columns of a table without a header in which only latitudes and longitudes stand."""
    width = max((len(row) for row in rows[:_SAMPLE]), default=0)
    found: list[tuple[int, float]] = []
    for index in range(width):
        cells = [row[index] for row in rows[:_SAMPLE] if index < len(row) and row[index] != ""]
        numbers = [_decimals(cell) for cell in cells]
        known = [number for number in numbers if number is not None]
        if known and len(known) > 0.8 * len(numbers) and max(map(abs, known)) <= 180:
            found.append((index, max(map(abs, known))))
    if len(found) != 2:
        return None
    (first, a), (second, b) = found
    if a > 90 or (b <= 90 and a > b):
        return Position(lat=second, lon=first)
    return Position(lat=first, lon=second)


def geometry_of(row: Sequence[Any], position: Position, *, typed: bool = False) -> Geometry | None:
    """Geometry of a row as a GeoJSON-like mapping, None where its cells are empty.

    Texts that are numbers become numbers, but not where the source could have written numbers
    (``typed``): the check tells those. What cannot be read stays as it is, for the check as well.
    """
    shape = _cell(row, position.geometry)
    if shape not in ("", None):
        return _shape(shape)
    lat, lon = _cell(row, position.lat), _cell(row, position.lon)
    if not (is_blank(lat) and is_blank(lon)):
        pair = [lon, lat] if typed and _plain(lon, lat) else [_number(lon), _number(lat)]
        return {"type": "Point", "coordinates": pair}
    point = _cell(row, position.geopoint)
    if isinstance(point, str) and point.strip():
        return _geopoint(point)
    return None


def is_blank(value: Any) -> bool:
    """Whether a cell says nothing."""
    return value is None or (isinstance(value, str) and not value.strip())


def _pair(
    folded: tuple[str, ...], words: Mapping[str, list[str]], old: tuple[str, ...]
) -> tuple[int, int]:
    """Columns with a word for latitude and for longitude in them, which otherwise are the same."""
    lats, lons = (
        {
            name.replace(word, "", 1): index
            for word in map(fold, words[part])
            if len(word) > _SHORT or not word.isascii()
            for index, name in reversed(list(enumerate(folded)))
            if word in name
        }
        for part in ("lat", "lon")
    )
    both = sorted(
        (rest for rest in lats if rest in lons and lats[rest] != lons[rest]),
        key=lambda rest: (any(word in rest for word in old), lats[rest]),
    )
    return (lats[both[0]], lons[both[0]]) if both else (-1, -1)


def _cell(row: Sequence[Any], index: int) -> Any:
    return row[index] if 0 <= index < len(row) else ""


def _decimals(cell: Any) -> float | None:
    """The number in a cell that has decimals as coordinates have."""
    if isinstance(cell, float):
        return None if cell.is_integer() else cell
    return degrees(cell) if isinstance(cell, str) and re.search(r"\d[.,]\d{3}", cell) else None


def _number(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    number = degrees(value)
    return value.strip() if number is None else number


def _plain(*values: Any) -> bool:
    return all(not isinstance(value, str) or _NUMBER.fullmatch(value) for value in values)


def _geopoint(text: str) -> Geometry:
    """Latitude, longitude; what follows is an altitude and an accuracy, never looked at."""
    lat, lon, *_ = (*_SPLIT.split(text.strip()), "", "")
    return {"type": "Point", "coordinates": [_number(lon), _number(lat)]}


def _shape(value: Any) -> Geometry:
    """GeoJSON, WKT or WKB; a text that is none becomes the type that nobody knows."""
    if isinstance(value, Mapping):
        return value
    text = str(value).strip()
    try:
        return _parsed(text[:_LONGEST])
    except (ValueError, TypeError, RecursionError):
        return {"type": text[:60]}


def _parsed(text: str) -> Geometry:
    if text.startswith("{"):
        return dict(json.loads(text))
    import numpy as np  # noqa: PLC0415 - slow, and most tables have columns of numbers
    import shapely  # noqa: PLC0415

    try:
        binary = _HEX.fullmatch(text)
        with np.errstate(all="ignore"):  # numbers too large are told by the check
            shape = shapely.from_wkb(text) if binary else shapely.from_wkt(_SRID.sub("", text))
    except shapely.errors.ShapelyError as error:
        raise ValueError(text) from error
    return dict(json.loads(shapely.to_geojson(shape)))
