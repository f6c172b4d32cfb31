"""Detail sheets: the crowded parts of a sheet at a larger scale, 7a and 7b, nested as 7aa.

A detail's core is made of whole cells inside its parent's core, so every place still has one
sheet and one cell in the book: the detail's, where there is one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol

import numpy as np

from papermap.grid.choose import Bools, Choice, Crowd, Part, choose_parts, closer
from papermap.grid.cut import Cut, Floats, cells_of
from papermap.grid.finish import finished
from papermap.grid.model import Frame, Framed, Plan, Relief, Sheet
from papermap.units import Box

_TIMES: Final = (2, 4, 5, 8, 10, 20, 40)  # larger than the parent
_LARGEST: Final = 500  # N of 1:N; nothing larger is of use on foot
_WHOLE: Final = 5  # m; cells of details are multiples of it
_TRIES: Final = 3
_WORTH: Final = 4  # crowded points; for fewer no sheet is printed, marks are made smaller
_MOST: Final = 26  # details of one sheet: a … z
_EASY: Final = 0.3  # of the room is taken: marks find theirs without being tried


# how sheets are gone through: one after the other as ``map`` does, or several at once
Each = Callable[[Callable[[Sheet], Sequence[Sheet]], Sequence[Sheet]], Iterable[Sequence[Sheet]]]


class Judge(Protocol):
    """What marks need on paper."""

    @property
    def room(self) -> float:
        """What one mark takes, mm²."""

    def crowded(self, sheet: Sheet) -> Sequence[int]:
        """Points at home on ``sheet`` whose marks find no legible place among those shown."""

    def lost(self, sheet: Sheet) -> Sequence[int]:
        """Those that find no place even when all marks are small."""


def add_details(plan: Plan, frame: Frame, judge: Judge, each: Each = map) -> Plan:
    """The plan with detail sheets where marks stand too close.

    Of all ways to take out the crowded parts, the one that needs fewest sheets is taken, those
    counted that details of details would need; of equal ones, the smaller magnification.

    Parameters
    ----------
    plan
        Sheets of the grid alone.
    frame
        The map frame that the plan was cut for, mm.
    judge
        Finds the points whose marks have no legible place on a sheet.
    each
        Divides the sheets of the grid, each apart from the others.
    """
    divider = _Divider(plan, np.array(plan.xy).reshape(-1, 2), frame, judge)
    return finished(plan, [part for parts in each(divider.divided, plan.sheets) for part in parts])


@dataclass(frozen=True)
class _Divider:
    plan: Plan
    xy: Floats
    frame: Frame
    judge: Judge

    def divided(self, sheet: Sheet) -> list[Sheet]:
        """The sheet without what its details take, followed by them, each divided in turn."""
        details = self._details(sheet)
        details.sort(key=lambda each: (-each.core.y1, each.core.x0))
        named = [
            replace(detail, label=f"{sheet.label}{chr(ord('a') + n)}", parent=sheet.label)
            for n, detail in enumerate(details)
        ]
        return [_without(sheet, named), *(part for each in named for part in self.divided(each))]

    def _details(self, sheet: Sheet) -> list[Sheet]:
        """Details that leave room for all other marks of the sheet.

        What is found to be crowded beside the details of one try is known in the next; after a
        few tries it gets details of its own.
        """
        close = np.zeros(len(sheet.points), dtype=bool)
        details = self._relieving(sheet, close, [])
        for attempt in itertools.count(1):
            crowded = self._judged(_without(sheet, details))
            if len(crowded) < _WORTH:
                return self._rescued(sheet, details) if crowded else details
            close |= np.isin(sheet.points, crowded)
            before = details if attempt >= _TRIES else []
            found = self._relieving(sheet, close, before)
            if found == details:
                return self._rescued(sheet, details)
            details = found
        return details

    def _rescued(self, sheet: Sheet, details: list[Sheet]) -> list[Sheet]:
        """More details, where small marks would not help either, until nothing is lost."""
        while lost := self.judge.lost(_without(sheet, details)):
            found = self._relieving(sheet, np.isin(sheet.points, lost), details, worth=1)
            if found == details:
                break
            details = found
        return details

    def _relieving(
        self, sheet: Sheet, close: Bools, before: Sequence[Sheet], worth: int = _WORTH
    ) -> list[Sheet]:
        """Details that take the points known to be close, and those that are sure to be."""
        details = list(before)
        while len(details) < _MOST:
            left = _without(sheet, details)
            if not left.points:
                break
            crowd = self._crowd(left)
            wanted = crowd.too_full() | close[np.isin(sheet.points, left.points)]
            more: list[Sheet] = []
            for size in _sizes(sheet) if wanted.any() else ():
                found = self._more(left, size, crowd, wanted, details)
                more = [each for each in found if each.relief and len(each.relief.crowded) >= worth]
                if more:
                    break
            if not more:
                break
            details += more
        return details

    def _crowd(self, sheet: Sheet) -> Crowd:
        shown = np.array(sheet.shown, dtype=np.int64)
        home = np.searchsorted(shown, np.array(sheet.points, dtype=np.int64))
        return Crowd(self.xy[shown] * self.frame.width / sheet.bounds.width, home, self.judge.room)

    def _judged(self, sheet: Sheet) -> Sequence[int]:
        """The sheet's own points that find no place when all are tried."""
        if len(sheet.points) < 2 or self._crowd(sheet).fullness().max() <= _EASY:
            return ()
        return self.judge.crowded(sheet)

    def _more(
        self,
        sheet: Sheet,
        size: tuple[int, int],
        crowd: Crowd,
        close: Bools,
        before: Sequence[Sheet],
    ) -> list[Sheet]:
        """The best next details of so many cells; none where no larger scale is left."""
        home = self.xy[list(sheet.points)]
        choices = [
            Choice.of(times, _cut(sheet, times, size), sheet, before, home, close)
            for times in _TIMES
            if _possible(sheet, times)
        ]
        parts = choose_parts(choices, crowd, close)
        found = [self._detail(sheet, part, close) for part in parts]
        if len(parts) == 1 and self._crowded(found[0]):
            # rather one sheet at a much larger scale than a detail of a detail
            for part in closer(choices, parts[0], close):
                if not self._crowded(detail := self._detail(sheet, part, close)):
                    return [detail]
        return found

    def _crowded(self, sheet: Sheet) -> bool:
        return bool(self._crowd(sheet).too_full().any() or len(self._judged(sheet)) >= _WORTH)

    def _detail(self, sheet: Sheet, part: Part, close: Bools) -> Sheet:
        """A detail without a name yet."""
        cut = _cut(sheet, part.times, part.size)
        core = cut.core(*part.corner)
        bounds = cut.bounds(core)
        own = _in_core(self.xy[list(sheet.points)], cut, part)
        points = np.array(sheet.points)
        return replace(
            sheet,
            scale=cut.scale,
            cell=cut.cell,
            bounds=bounds,
            core=core,
            columns=cut.columns,
            rows=cut.rows,
            neighbours={},
            adjacent={},
            points=tuple(points[own].tolist()),
            shown=self._inside(bounds),
            framed=(),
            relief=Relief(part.times, int(own.sum()), tuple(points[own & close].tolist())),
        )

    def _inside(self, bounds: Box) -> tuple[int, ...]:
        low, high = np.array(bounds[:2]), np.array(bounds[2:])
        found = np.flatnonzero(((self.xy >= low) & (self.xy <= high)).all(axis=1))
        outside = np.array(self.plan.outside, dtype=np.int64)
        return tuple(np.setdiff1d(found, outside).tolist())


def _possible(sheet: Sheet, times: int) -> bool:
    cell = sheet.cell / times
    return sheet.scale / times >= _LARGEST and cell % _WHOLE == sheet.scale % times == 0


def _sizes(sheet: Sheet) -> list[tuple[int, int]]:
    """Columns and rows of details, all that the frame holds first; fewer fit beside others."""
    columns, rows = sheet.columns, sheet.rows
    few, low = -(-columns // 2), -(-rows // 2)
    return [(columns, rows), (few, rows), (columns, low), (few, low)]


def _cut(sheet: Sheet, times: int, size: tuple[int, int]) -> Cut:
    width, height = sheet.bounds.width / times, sheet.bounds.height / times
    return Cut(sheet.scale // times, sheet.cell / times, *size, width, height)


def _in_core(xy: Floats, cut: Cut, part: Part) -> Bools:
    """Which places lie in a part's core."""
    cells = cells_of(xy, cut.cell) - np.array(part.corner)
    inside: Bools = ((cells >= 0) & (cells < (cut.columns, cut.rows))).all(axis=1)
    return inside


def _without(sheet: Sheet, details: Sequence[Sheet]) -> Sheet:
    """A sheet less the points that its details take; it shows their frames."""
    taken = {point for detail in details for point in detail.points}
    return replace(
        sheet,
        points=tuple(point for point in sheet.points if point not in taken),
        shown=tuple(point for point in sheet.shown if point not in taken),
        framed=tuple(Framed(detail.label, detail.core, len(detail.points)) for detail in details),
    )
