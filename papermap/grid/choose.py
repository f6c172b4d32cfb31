"""Which parts of a crowded sheet become details: as few sheets as leave room for every mark."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from papermap.grid.cut import Cut, Floats, Ints, keys, unique
from papermap.grid.model import Sheet

Bools = NDArray[np.bool_]

_WINDOW: Final = 22.5  # mm to each side, within which marks share the room
_FULL: Final = 0.62  # of the room: more than marks can be fitted in
_SAME: Final = 0.3  # mm; points nearer than this are one mark,
_STACKED: Final = 0.4  # in which each takes so much of the room of a mark of its own
_SINGLES: Final = 8  # places tried for each magnification
_TOGETHER: Final = 4  # details chosen at once, at the smallest magnification
_MOST_SETS: Final = 400
_PAGE_FULL: Final = 30  # crowded points that a further detail would take
_BESIDE: Final = 0.12  # of a cell: points so near a detail's edge are cut off from their like,
_CUT_OFF: Final = 0.01  # which costs so much of a sheet each
_ROUNDING: Final = 1e-6  # cells
_COVERED: Final = 0.9  # of the crowded points: a larger magnification must hold so many


class Part(NamedTuple):
    """A detail of a sheet: how much larger it is, its columns and rows, its north-west cell."""

    times: int
    size: tuple[int, int]
    corner: tuple[int, int]


class Crowd:
    """How close the marks of one sheet stand.

    Parameters
    ----------
    shown
        Places of all points that it shows, mm on its paper, n × 2.
    home
        Positions in ``shown`` of the points at home on it.
    room
        What one mark takes, mm².
    """

    def __init__(self, shown: Floats, home: Ints, room: float) -> None:
        self._home = home
        self._away = np.abs(shown[home][:, None, :] - shown[None, :, :]).max(axis=2)
        place = keys(np.round(shown / _SAME).astype(np.int64))
        _, first = np.unique(place, return_index=True)
        self._room = np.full(len(shown), room * _STACKED)
        self._room[first] = room
        self._near: dict[int, Floats] = {}

    def fullness(self, taken: Bools | None = None, times: int = 1) -> Floats:
        """Share of the room round each home point that marks take, at so many times the scale.

        ``taken`` says which of the home points have gone to a detail.
        """
        room = self._room
        if taken is not None:
            room = room.copy()
            room[self._home[taken]] = 0
        if times not in self._near:
            self._near[times] = (self._away < _WINDOW / times).astype(float)
        share: Floats = self._near[times] @ room / (2 * _WINDOW) ** 2
        return share

    def too_full(self, taken: Bools | None = None, times: int = 1) -> Bools:
        """Which home points are sure to find no room."""
        full: Bools = self.fullness(taken, times) > _FULL
        return full


@dataclass(frozen=True, slots=True)
class Choice:
    """Where details of one magnification may lie on a sheet."""

    times: int
    cells: Floats  # where the home points are, in cells of the detail, n × 2
    size: Ints  # columns and rows of a detail
    corners: Ints  # north-west cells that it may have, n × 2

    @classmethod
    def of(  # noqa: PLR0917
        cls,
        times: int,
        cut: Cut,
        sheet: Sheet,
        before: Sequence[Sheet],
        xy: Floats,
        close: Bools,
    ) -> Choice:
        """Places in the sheet's core round close points, clear of the details there before."""
        corner = np.array([round(sheet.core.x0 / cut.cell), round(-sheet.core.y1 / cut.cell)])
        size = np.array([cut.columns, cut.rows])
        last = np.array([sheet.columns, sheet.rows]) * times - size
        cells = xy / np.array([cut.cell, -cut.cell])
        middle = unique(np.floor(cells[close]).astype(np.int64)) - size // 2
        steps = np.stack(np.meshgrid(*(np.arange(-side, side + 1) for side in size)), axis=-1)
        corners = (middle[:, None, :] + steps.reshape(1, -1, 2)).reshape(-1, 2) - corner
        corners = unique(np.clip(corners, 0, last)) + corner
        for each in before:
            low = np.array([each.core.x0, -each.core.y1]) / cut.cell - size + _ROUNDING
            high = np.array([each.core.x1, -each.core.y0]) / cut.cell - _ROUNDING
            corners = corners[((corners <= low) | (corners >= high)).any(axis=1)]
        return cls(times, cells, size, corners)

    def inside(self, part: Part, more: float = 0.0) -> Bools:
        """Which home points the part takes, or would if it were so many cells larger all round."""
        at = self.cells - np.array(part.corner)
        found: Bools = ((at >= -more) & (at < self.size + more)).all(axis=1)
        return found

    def best(self, close: Bools) -> list[Part]:
        """The few parts that take most of the ``close`` points, those in their middle first."""
        (x, y), (left, top) = self.cells[close].T, self.corners.T
        across, down = x - left[:, None], y - top[:, None]
        columns, rows = self.size
        inside = (across >= 0) & (across < columns) & (down >= 0) & (down < rows)
        count = np.count_nonzero(inside, axis=1)
        least = np.sort(count)[-_SINGLES:].min(initial=1)
        some = np.flatnonzero(count >= least)  # all others come behind these
        off = (across[some] - columns / 2) ** 2 + (down[some] - rows / 2) ** 2
        off = (off * inside[some]).sum(axis=1).round(6)
        order = some[np.lexsort((off, -count[some]))[:_SINGLES]]
        return [self._part(n) for n in order.tolist() if count[n]]

    def _part(self, number: int) -> Part:
        column, row = self.corners[number].tolist()
        columns, rows = self.size.tolist()
        return Part(self.times, (columns, rows), (column, row))

    def together(self, close: Bools) -> Iterator[tuple[Part, ...]]:
        """Sets of two and more parts that do not overlap and all take ``close`` points."""
        parts = (self._part(n) for n in range(len(self.corners)))
        useful = [part for part in parts if (self.inside(part) & close).any()]

        def grown(some: tuple[Part, ...], start: int) -> Iterator[tuple[Part, ...]]:
            for n in range(start, len(useful)):
                if all(self._apart(useful[n], each) for each in some):
                    more = (*some, useful[n])
                    if len(more) > 1:
                        yield more
                    if len(more) < _TOGETHER:
                        yield from grown(more, n + 1)

        yield from islice(grown((), 0), _MOST_SETS)

    def _apart(self, one: Part, two: Part) -> bool:
        away = np.abs(np.subtract(one.corner, two.corner))
        return bool((away >= self.size).any())


def choose_parts(choices: Sequence[Choice], crowd: Crowd, close: Bools) -> tuple[Part, ...]:
    """The parts that relieve a sheet with fewest sheets; none where there is no choice.

    Parameters
    ----------
    choices
        Where details may lie, the smallest magnification first.
    crowd
        The sheet's marks.
    close
        Which home points stand too close.
    """
    tried: list[tuple[float, tuple[Part, ...]]] = []
    for n, choice in enumerate(choices):
        sets: list[tuple[Part, ...]] = [(part,) for part in choice.best(close)]
        if n == 0:
            sets += choice.together(close)
        tried += [(_cost(choice, parts, crowd, close), parts) for parts in sets]
    return min(tried, default=(0.0, ()))[1]


def closer(choices: Sequence[Choice], part: Part, close: Bools) -> list[Part]:
    """Parts of larger magnification that take nearly all of the close points of ``part``."""
    own = next(choice for choice in choices if choice.times == part.times)
    wanted = own.inside(part) & close
    found = []
    for choice in choices:
        best = choice.best(wanted)[:1] if choice.times > part.times else []
        found += [
            each for each in best if (choice.inside(each) & wanted).sum() >= _COVERED * wanted.sum()
        ]
    return found


def _cost(choice: Choice, parts: tuple[Part, ...], crowd: Crowd, close: Bools) -> float:
    """Sheets that a set of details takes in the end: its own and those still needed after."""
    taken, cost = np.zeros(len(close), dtype=bool), float(len(parts))
    too_full = crowd.too_full(times=choice.times)
    for part in parts:
        inside = choice.inside(part)
        taken |= inside
        beside = choice.inside(part, _BESIDE) & ~choice.inside(part, -_BESIDE)
        cost += _further(int((inside & too_full).sum())) + _CUT_OFF * int((beside & close).sum())
    left = ~taken & (crowd.too_full(taken) | close)
    return round(cost + _further(int(left.sum())), 6)


def _further(crowded: int) -> float:
    """Sheets that so many crowded points will need."""
    return 1 + crowded / _PAGE_FULL if crowded else 0.0
