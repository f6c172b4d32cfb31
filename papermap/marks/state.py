"""Which candidate each mark has, and what stands in the way of all others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from papermap.marks.candidates import Pool
from papermap.marks.conflicts import Conflicts
from papermap.marks.ground import Floats, Ground, Ints

NONE: Final = -1
ONE: Final = 1 << 32


class State:
    """Marks are put down on candidates and taken up again; a mark without one has ``NONE``.

    ``dearness`` says what leaving a mark out costs, 1 for a usual one.
    """

    def __init__(self, ground: Ground, pool: Pool, dearness: Floats) -> None:
        self.pool = pool
        self.conflicts = Conflicts(ground, pool)
        self.dearness: list[float] = dearness.tolist()
        self.weight: list[float] = dearness.tolist()  # what a mark counts in ``burden``
        self.first: list[int] = pool.first.tolist()
        self.chosen: list[int] = [NONE] * (len(pool.first) - 1)
        self._standing = np.zeros(len(pool.mark), dtype=bool)  # chosen candidates
        # what stands in the way of each candidate: how many marks (in the high half of the
        # number; the sum of their names is in the low half), and their weights
        self.way: Ints = np.zeros(len(pool.mark), dtype=np.int64)
        self.burden: Floats = np.zeros(len(pool.mark))

    def unplaced(self) -> list[int]:
        return [mark for mark, candidate in enumerate(self.chosen) if candidate == NONE]

    def missing(self) -> float:
        """What the marks left out cost."""
        return sum(self.dearness[mark] for mark in self.unplaced())

    def put(self, mark: int, candidate: int) -> None:
        self.chosen[mark] = candidate
        self._standing[candidate] = True
        self._count(mark, candidate, 1)

    def take(self, mark: int) -> int:
        candidate = self.chosen[mark]
        self.chosen[mark] = NONE
        self._standing[candidate] = False
        self._count(mark, candidate, -1)
        return candidate

    def _count(self, mark: int, candidate: int, sign: int) -> None:
        conflicts = self.conflicts.of(candidate)
        self.way[conflicts] += sign * (ONE + mark)
        self.burden[conflicts] += sign * self.weight[mark]

    def change(self, wanted: Sequence[int]) -> None:
        """Give every mark its candidate of these, or ``NONE``."""
        changed = [n for n, candidate in enumerate(wanted) if self.chosen[n] != candidate]
        for mark in changed:
            if self.chosen[mark] != NONE:
                self.take(mark)
        for mark in changed:
            if wanted[mark] != NONE:
                self.put(mark, wanted[mark])

    def best(self, mark: int) -> int:
        """The cheapest candidate of ``mark`` that is free, or ``NONE``."""
        low, high = self.first[mark], self.first[mark + 1]
        if low == high:
            return NONE
        free = self.way[low:high] == 0
        at = int(free.argmax())
        return low + at if free[at] else NONE

    def blockers(self, candidate: int) -> list[int]:
        """Marks that stand in the way of a candidate."""
        conflicts = self.conflicts.of(candidate)
        marks: list[int] = self.pool.mark[conflicts[self._standing[conflicts]]].tolist()
        return marks

    def barred(self, candidate: int, mark: int) -> Ints:
        """Which candidates of ``mark`` another mark's ``candidate`` rules out, from 0."""
        low, high = self.first[mark], self.first[mark + 1]
        conflicts = self.conflicts.of(candidate)
        start, end = conflicts.searchsorted((low, high))
        return conflicts[start:end] - low
