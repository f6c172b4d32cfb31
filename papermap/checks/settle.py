"""Which parts of a feature stand at a place that can be believed."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from papermap.checks.facts import Doubt
from papermap.checks.geometry import Part, Shapes, told_place
from papermap.checks.shifted import open_quotation, shifted_columns
from papermap.model import Category, Kind

_NEAR: Final = 0.1  # degrees: the side of a cell; near is the same cell or a touching one
Told = list[tuple[int, Doubt]]


class Neighbourhood:
    """The cells in which a source's undoubted parts stand."""

    def __init__(self, shapes: Iterable[Shapes]) -> None:
        self._cells = {
            _cell(part.lon, part.lat)
            for shape in shapes
            for _, part in shape.parts
            if not part.swapped
        }

    def near(self, lon: float, lat: float) -> bool:
        """Whether an undoubted part stands within about 10 km."""
        x, y = _cell(lon, lat)
        return any((x + i, y + j) in self._cells for i in (-1, 0, 1) for j in (-1, 0, 1))

    @functools.cached_property
    def corners(self) -> tuple[tuple[float, float], ...]:
        """Corners of the box round the cells, in degrees; none where there are no parts."""
        if not self._cells:
            return ()
        columns, rows = zip(*self._cells, strict=True)
        west, east = min(columns) * _NEAR, (max(columns) + 1) * _NEAR
        south, north = min(rows) * _NEAR, (max(rows) + 1) * _NEAR
        return (west, south), (west, north), (east, south), (east, north)

    def settled(self, shapes: Shapes, told: Told) -> Iterator[tuple[int, Part]]:
        """Parts whose place is believed: swapped ones near the others, none at (0, 0)."""
        for number, part in shapes.parts:
            if part.swapped:
                place, given = told_place(part.lon, part.lat), told_place(part.lat, part.lon)
                code = "PM021" if self.near(part.lon, part.lat) else "PM022"
                told.append((number, Doubt(code, "geometry", given, {"suggestion": place})))
                if code == "PM022":
                    continue
            elif part.kind is Kind.POINT and part.lon == 0 == part.lat:
                told.append((number, Doubt("PM023", "geometry", "0, 0")))
                continue
            yield number, part


def explained(doubt: Doubt, properties: Mapping[str, Any]) -> Doubt:
    """A missing place with what the row shows of the reason."""
    if doubt.code not in {"PM010", "PM011"}:
        return doubt
    columns = shifted_columns(properties)
    if columns:
        return replace(doubt, code="PM018", value=columns)
    cell = open_quotation(properties)
    return replace(doubt, code="PM029", value=cell) if cell else doubt


def as_category(part: Part, category: Category, *, stated: bool) -> Part:
    """An area of a category of points (a shelter's building) becomes a point inside it."""
    if part.kind is not Kind.AREA or not stated:
        return part
    if not category.known or category.kind is not Kind.POINT:
        return part
    return replace(part, kind=Kind.POINT, geometry=None)


def _cell(lon: float, lat: float) -> tuple[int, int]:
    return math.floor(lon / _NEAR), math.floor(lat / _NEAR)
