"""Which places are near one another, by cells: never all pairs."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Hashable, Iterator, Sequence
from typing import Final

_METRES: Final = 111_320.0  # in a degree of latitude
_POLE: Final = 85.0  # degrees; what lies beyond is looked up as if it lay there
_CROWD: Final = 40  # places of one key in one cell; of more, only some are looked at
_BESIDE: Final = 8  # so many before and behind in the order in which they came

Place = tuple[float, float]  # WGS 84 longitude, latitude


class Cells:
    """Places in cells of a Mercator map, found again by a key and a reach in metres.

    A cell is as wide as the reach is at the highest latitude there, so that all within reach stand
    in the same cell or a touching one. In a crowd of one key only those are looked at that were
    added just before and behind: time grows with the number of places, however they lie.
    """

    def __init__(self, places: Sequence[Place], reach: float) -> None:
        self._places = places
        self._reach = reach
        highest = max((abs(lat) for _, lat in places), default=0.0)
        degrees = reach / _METRES / math.cos(math.radians(min(highest, _POLE)))
        self._size = math.radians(degrees)
        self._cells: dict[tuple[Hashable, int, int], list[int]] = {}

    def add(self, key: Hashable, index: int) -> None:
        """Add a place; indices come in ascending order."""
        self._cells.setdefault((key, *self._cell(index)), []).append(index)

    def near(self, key: Hashable, index: int) -> Iterator[tuple[float, int]]:
        """Distance in m and index of each added place of the key within reach, but for itself."""
        column, row = self._cell(index)
        for x in (column - 1, column, column + 1):
            for y in (row - 1, row, row + 1):
                for other in _some(self._cells.get((key, x, y), ()), index):
                    distance = metres(self._places[index], self._places[other])
                    if other != index and distance <= self._reach:
                        yield distance, other

    def _cell(self, index: int) -> tuple[int, int]:
        lon, lat = self._places[index]
        phi = math.radians(max(-_POLE, min(_POLE, lat)))
        northing = math.asinh(math.tan(phi))
        return math.floor(math.radians(lon) / self._size), math.floor(northing / self._size)


def metres(one: Place, two: Place) -> float:
    """Distance of two places that are near each other."""
    middle = math.radians((one[1] + two[1]) / 2)
    return math.hypot((one[0] - two[0]) * math.cos(middle), one[1] - two[1]) * _METRES


def _some(found: Sequence[int], index: int) -> Sequence[int]:
    if len(found) <= _CROWD:
        return found
    place = bisect_left(found, index)
    return found[max(0, place - _BESIDE) : place + _BESIDE + 1]
