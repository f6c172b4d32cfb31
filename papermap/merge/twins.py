"""Points that are told twice: the same category, the same name, the same place."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from papermap.checks.text import fold
from papermap.model import SupportPoint

NEAR: Final = 30.0  # metres
_METRES: Final = 111_320.0  # in a degree of latitude


def find_twins(points: Sequence[SupportPoint]) -> Iterator[tuple[int, int]]:
    """Index of each later point, with that of the first it repeats.

    Two points are twins when their categories and names (without width, case and punctuation) are
    the same and they lie within 30 m of each other. Points of different names on one spot, such as
    the AEDs on the floors of one building, are not. Cells of 30 m are looked up, never all pairs:
    what is not a twin stands at least 30 m from its like, so a cell never holds many.
    """
    firsts: dict[_Cell, list[int]] = {}
    names = [(point.category, fold(point.name)) for point in points]
    repeated = {name for name, count in Counter(names).items() if count > 1}
    for index, point in enumerate(points):
        if names[index] not in repeated:
            continue
        cell = _cell(point, *names[index])
        near = [
            first
            for around in _around(cell)
            for first in firsts.get(around, ())
            if _distance(point, points[first]) <= NEAR
        ]
        if not near:
            firsts.setdefault(cell, []).append(index)
        elif not _of_one_feature(point, points[min(near)]):
            yield index, min(near)


def _of_one_feature(one: SupportPoint, two: SupportPoint) -> bool:
    """Whether the two are parts of one MultiPoint, whose name they share by nature."""
    return (one.origin.source, one.origin.feature) == (two.origin.source, two.origin.feature)


class _Cell(NamedTuple):
    category: str
    name: str
    row: int
    column: int


def _cell(point: SupportPoint, category: str, name: str) -> _Cell:
    row = math.floor(point.lat * _METRES / NEAR)
    # one width for a whole row of cells, so that neighbours in it are neighbours
    squeeze = max(0.01, math.cos(math.radians(row * NEAR / _METRES)))
    column = math.floor(point.lon * _METRES * squeeze / NEAR)
    return _Cell(category, name, row, column)


def _around(cell: _Cell) -> Iterator[_Cell]:
    """The cell and those that touch it; columns of neighbouring rows shift against each other."""
    drift = abs(cell.column) // 100_000 + 2
    for row in (-1, 0, 1):
        reach = drift if row else 1
        for column in range(-reach, reach + 1):
            yield cell._replace(row=cell.row + row, column=cell.column + column)


def _distance(one: SupportPoint, two: SupportPoint) -> float:
    middle = math.radians((one.lat + two.lat) / 2)
    x = (one.lon - two.lon) * _METRES * math.cos(middle)
    return math.hypot(x, (one.lat - two.lat) * _METRES)
