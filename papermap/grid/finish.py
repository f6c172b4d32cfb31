"""Grid and details together: what each sheet shows, which frames it has, who is next to whom."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Final

import shapely

from papermap.grid.model import Framed, Plan, Sheet

# a little way out of the middle of each edge: share of width and height from the lower left
_OUT: Final = 1e-4
_EDGES: Final = MappingProxyType(
    {"n": (0.5, 1 + _OUT), "e": (1 + _OUT, 0.5), "s": (0.5, -_OUT), "w": (-_OUT, 0.5)}
)


def finished(plan: Plan, sheets: Sequence[Sheet]) -> Plan:
    """The plan with these sheets, each of the grid followed by its details.

    A sheet shows the points of its frame, but those whose home is at a larger scale than its own:
    of these it shows the frame of their sheet.
    """
    book = _Book(sheets)
    return replace(plan, sheets=tuple(book.finished(sheet) for sheet in sheets))


class _Book:
    """Sheets by label, and by the points and the ground that are theirs."""

    def __init__(self, sheets: Sequence[Sheet]) -> None:
        self._sheets = {sheet.label: sheet for sheet in sheets}
        self._home = {point: sheet for sheet in sheets for point in sheet.points}
        self._details = [sheet for sheet in sheets if sheet.parent]
        self._cores = shapely.STRtree([shapely.box(*sheet.core) for sheet in self._details])
        self._all = [*sheets]
        self._grounds = shapely.STRtree([shapely.box(*sheet.core) for sheet in sheets])

    def finished(self, sheet: Sheet) -> Sheet:
        shown = tuple(point for point in sheet.shown if self._home[point].scale >= sheet.scale)
        neighbours = sheet.neighbours
        if sheet.parent and not sheet.inset:
            neighbours = self._beside(sheet)
        return replace(sheet, shown=shown, framed=self._framed(sheet), neighbours=neighbours)

    def _framed(self, sheet: Sheet) -> tuple[Framed, ...]:
        """Details of a larger scale in the sheet's bounds, but not those inside others of them."""
        near = self._cores.query(shapely.box(*sheet.bounds))
        found = [self._details[n] for n in sorted(near.tolist())]
        return tuple(
            Framed(each.label, each.core, self._points(each.label))
            for each in found
            if each.scale < sheet.scale <= self._sheets[each.parent].scale
            and each.core.overlaps(sheet.bounds)
        )

    def _points(self, label: str) -> int:
        """Points at home on a detail and on its own details."""
        inside = (each for each in self._details if each.label.startswith(label))
        return sum(len(each.points) for each in inside)

    def _beside(self, sheet: Sheet) -> Mapping[str, str]:
        """The sheets whose ground lies beyond the middle of a detail's edges, n, e, s, w."""
        core, top = sheet.core, self._grid_sheet(sheet)
        found = {}
        for direction, (across, up) in _EDGES.items():
            x, y = core.x0 + across * core.width, core.y0 + up * core.height
            label = self._owner(x, y) or top.neighbours.get(direction, "")
            if label:
                found[direction] = label
        return found

    def _grid_sheet(self, sheet: Sheet) -> Sheet:
        while sheet.parent:
            sheet = self._sheets[sheet.parent]
        return sheet

    def _owner(self, x: float, y: float) -> str:
        """Label of the sheet that has a place, at the largest scale; empty without one."""
        near = [self._all[n] for n in self._grounds.query(shapely.Point(x, y)).tolist()]
        mine = [each for each in near if each.core.contains(x, y)]
        return min(mine, key=lambda each: (each.scale, each.label)).label if mine else ""
