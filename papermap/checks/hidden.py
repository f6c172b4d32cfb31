"""Positions that hide elsewhere than in a feature's geometry: in its columns and texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Protocol

from papermap.checks.facts import Doubt
from papermap.checks.geometry import told_place
from papermap.checks.maplinks import LINK, linked_place
from papermap.checks.text import as_text, shortened
from papermap.headers import Headers
from papermap.readers.angles import Angle, angles, plain
from papermap.readers.positions import find_position, geometry_of

Place = tuple[float, float]  # longitude, latitude in degrees
_COLUMNS: Final = 400
_LONGEST: Final = 10_000  # characters of one text that are looked at
_SAME: Final = 0.002  # degrees, some 200 m: two texts mean one place
_BETWEEN: Final = re.compile(r"[\s,、，。;/・|と\[\]()]{0,8}(?:世界測地系)?[\s,、]{0,4}")
_NUMBER: Final = r"-?\d{1,3}\.\d{3,15}"
_PAIR: Final = re.compile(rf"(?<![\d.])({_NUMBER})(?:\s*[,、;/]\s*|\s{{1,4}})({_NUMBER})(?![\d.])")
_WKT: Final = re.compile(rf"POINT\s?Z?\s?\(\s?({_NUMBER})\s+({_NUMBER})", re.IGNORECASE)
_MGRS: Final = re.compile(
    r"(?<![A-Za-z0-9])(\d{1,2}[C-HJ-NP-X])\s?([A-HJ-NP-Z]{2})\s?(\d{3,5})\s?(\d{3,5})(?![A-Za-z0-9])"
)
_OLC: Final = "23456789CFGHJMPQRVWX"
_PLUS: Final = re.compile(
    rf"(?<![0-9A-Za-z+])((?:[{_OLC}]{{4}}){{1,2}}\+[{_OLC}]{{2,3}})(?![0-9A-Za-z+])"
)


class Around(Protocol):
    """Where the other features of the source stand."""

    def near(self, lon: float, lat: float) -> bool:
        """Whether one of them stands within about 10 km."""
        ...

    @property
    def corners(self) -> Sequence[Place]:
        """Corners of the box round all of them; none where there are none."""
        ...


@dataclass(frozen=True, slots=True)
class Hidden:
    """What a text may mean: one place, or several among which nobody can choose."""

    field: str
    text: str
    places: tuple[Place, ...]
    rough: bool = False  # the middle of a map: counts only where nothing better is said

    @property
    def doubt(self) -> Doubt:
        """The doubt that tells it, taken where it is one place and not rough."""
        told = " / ".join(told_place(*place) for place in self.places)
        code = "PM076" if len(self.places) == 1 else "PM077"
        return Doubt(code, self.field, shortened(self.text), {"suggestion": told or "?"})


def hidden_place(
    properties: Mapping[str, Any], around: Around
) -> tuple[Place | None, Doubt | None]:
    """The one place that columns and texts tell, and the doubt that tells of it.

    Read are columns of latitude and longitude, pairs of decimal degrees, degrees with minutes and
    seconds, MGRS, Plus Codes (short ones where the other features tell the region), and links to
    maps. What could be several places is not taken, and told: the place is None then. Both are
    None where nothing looks like a position.
    """
    found = list(_all(properties, around))
    firm = [each for each in found if not each.rough] or found
    if not firm:
        return None, None
    unsure = next((each for each in firm if len(each.places) != 1), None)
    if unsure is not None:
        return None, unsure.doubt
    first, *others = firm
    places = [first.places[0], *(each.places[0] for each in others if not _same(each, first))]
    if len(places) > 1:
        text = " / ".join(dict.fromkeys(each.text for each in firm))
        return None, Hidden(first.field, text, tuple(places)).doubt
    return first.places[0], first.doubt


def _all(properties: Mapping[str, Any], around: Around) -> Iterator[Hidden]:
    cells = list(properties.items())[:_COLUMNS]
    yield from _columns(cells)
    for column, value in cells:
        text = plain(as_text(value)[:_LONGEST]) if not isinstance(value, int | float) else ""
        if text:
            for match, places, rough in _in_text(text, around):
                yield Hidden(shortened(str(column)), match, places, rough)


def _columns(cells: Sequence[tuple[str, Any]]) -> Iterator[Hidden]:
    """Columns of positions as tables have them: latitude beside longitude, a geopoint, WKT."""
    names = [str(column) for column, _ in cells]
    position = find_position(names, Headers())
    if position is None or position.crs:
        return
    values = [value for _, value in cells]
    geometry = geometry_of(values, position)
    if geometry is None or geometry.get("type") != "Point":
        return
    x, y = (*geometry["coordinates"], None, None)[:2]
    places = (
        _on_earth([(x, y)]) if isinstance(x, float | int) and isinstance(y, float | int) else ()
    )
    if places:
        used = sorted(position.used - position.beside)
        said = ", ".join(as_text(values[index]) for index in used if as_text(values[index]))
        yield Hidden(shortened(", ".join(names[index] for index in used)), said, places)


_Found = tuple[str, tuple[Place, ...], bool]


def _in_text(text: str, around: Around) -> Iterator[_Found]:
    for link in LINK.findall(text):
        linked = linked_place(link)
        if linked is not None:
            places = _on_earth([(linked.lon, linked.lat)])
            yield link, places if linked.close else (), not linked.pin
    rest = LINK.sub(" ", text)
    readers: tuple[Callable[[str, Around], Iterator[_Found]], ...] = (_pairs, _angles, _mgrs, _plus)
    for read in readers:
        yield from (found for found in read(rest, around) if found[1] or read is _plus)


def _pairs(text: str, around: Around) -> Iterator[_Found]:
    """Decimal degrees; WKT says longitude first, people say latitude first where it is certain."""
    for found in _WKT.finditer(text):
        yield found[0], _on_earth([(float(found[1]), float(found[2]))]), False
    for found in _PAIR.finditer(_WKT.sub(" ", text)):
        yield found[0], _either_way(float(found[1]), float(found[2]), around), False


def _angles(text: str, around: Around) -> Iterator[_Found]:
    found = list(angles(text))
    while len(found) > 1:
        first, second, *rest = found
        if not _BETWEEN.fullmatch(text[first.end : second.start]) or not _of_two(first, second):
            found = found[1:]
            continue
        said = text[first.start : second.end].strip()
        if first.is_latitude is second.is_latitude is None:
            places = _either_way(first.degrees, second.degrees, around)
        else:
            north = first if first.is_latitude or second.is_latitude is False else second
            east = second if north is first else first
            places = _on_earth([(east.degrees, north.degrees)])
        yield said, places, False
        found = rest


def _of_two(first: Angle, second: Angle) -> bool:
    return first.is_latitude is None or first.is_latitude is not second.is_latitude


def _mgrs(text: str, around: Around) -> Iterator[_Found]:
    del around  # a grid reference stands for itself
    for found in _MGRS.finditer(text):
        zone, square, east, north = found.groups()
        if len(east) != len(north):
            continue
        import mgrs  # noqa: PLC0415 - loads a library of C

        middle = "5" if len(east) < 5 else ""  # of the square that is named
        try:
            code = f"{zone}{square}{east}{middle}{north}{middle}"
            lat, lon = mgrs.MGRS().toLatLon(code)
        except mgrs.core.MGRSError:
            continue
        yield found[0], _on_earth([(lon, lat)]), False


def _plus(text: str, around: Around) -> Iterator[_Found]:
    """Plus Codes; a short one only where every corner of the other features recovers the same."""
    for found in _PLUS.finditer(text):
        from openlocationcode import openlocationcode as olc  # noqa: PLC0415 - few texts hold one

        code = found[1]
        if not any(char.isalpha() for char in code) or not olc.isValid(code):
            continue
        if olc.isFull(code):
            codes = {code}
        else:
            codes = {olc.recoverNearest(code, lat, lon) for lon, lat in around.corners}
        areas = [olc.decode(each) for each in sorted(codes)]
        places = [(area.longitudeCenter, area.latitudeCenter) for area in areas]
        yield found[0], _on_earth(places), False


def _either_way(first: float, second: float, around: Around) -> tuple[Place, ...]:
    """Latitude and longitude of two numbers: as one of them must be, or as the others show."""
    places = _on_earth([(second, first), (first, second)])
    near = tuple(place for place in places if around.near(*place))
    return near if len(near) == 1 else places


def _on_earth(places: Sequence[Place]) -> tuple[Place, ...]:
    kept = [p for p in places if abs(p[0]) <= 180 and abs(p[1]) <= 90 and p != (0, 0)]
    return tuple(dict.fromkeys(kept))


def _same(one: Hidden, other: Hidden) -> bool:
    (x, y), (a, b) = one.places[0], other.places[0]
    return abs(x - a) < _SAME and abs(y - b) < _SAME
