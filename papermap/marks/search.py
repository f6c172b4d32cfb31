"""Choose one candidate for each mark: greedy first, then ejection and improvement."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from papermap.marks.candidates import Pool
from papermap.marks.conflicts import Conflicts
from papermap.marks.ground import Floats, Ground, Ints

NONE = -1
_FREE = 0.001  # a candidate with less than this in its way is free
_BATCH = 16  # marks placed in one go


class Search:
    """The state of one search; ``chosen`` holds a candidate per mark, or ``NONE``.

    ``dearness`` says what leaving a mark out costs, against 1 for a usual one.
    """

    def __init__(self, ground: Ground, pool: Pool, dearness: Floats) -> None:
        self.pool = pool
        self.conflicts = Conflicts(ground, pool)
        self.chosen: list[int] = [NONE] * (len(pool.first) - 1)
        self._dearness = dearness
        self._first = [int(at) for at in pool.first]
        self._burden = np.zeros(len(pool.mark))  # weight of the marks in a candidate's way
        self._weight = dearness.copy()  # grows each time a mark is ejected
        self._standing = np.zeros(len(pool.mark), dtype=bool)  # chosen candidates

    def put(self, mark: int, candidate: int) -> None:
        self.chosen[mark] = candidate
        self._standing[candidate] = True
        self._burden[self.conflicts.of(candidate)] += self._weight[mark]

    def take(self, mark: int) -> int:
        """Lift a mark off the sheet; returns where it was."""
        candidate = self.chosen[mark]
        self._burden[self.conflicts.of(candidate)] -= self._weight[mark]
        self.chosen[mark] = NONE
        self._standing[candidate] = False
        return candidate

    def best(self, mark: int) -> int:
        """The cheapest candidate of ``mark`` that is free, or ``NONE``."""
        low, high = self._first[mark], self._first[mark + 1]
        if low == high:
            return NONE
        free = self._burden[low:high] < _FREE
        at = int(free.argmax())
        return low + at if free[at] else NONE

    def unplaced(self) -> list[int]:
        return [mark for mark, candidate in enumerate(self.chosen) if candidate == NONE]

    def blockers(self, candidate: int) -> list[int]:
        """Marks that stand in the way of ``candidate``."""
        conflicts = self.conflicts.of(candidate)
        return [int(mark) for mark in self.pool.mark[conflicts[self._standing[conflicts]]]]

    def run(self, order: Sequence[int], rounds: int) -> None:
        """Everything: marks on their places first, then displaced ones, then repairs."""
        for start in range(0, len(order), _BATCH):
            self._put_some(order[start : start + _BATCH], on_place=True)
        self._displace()
        self._repair(rounds)
        self._improve()

    def _put_some(self, marks: Sequence[int], *, on_place: bool) -> None:
        """Put marks where it is best for them; their conflicts are found in one go."""
        wanted = [self.best(mark) for mark in marks]
        self.conflicts.find([at for at in wanted if self._may(at, on_place=on_place)])
        for mark in marks:
            best = self.best(mark)
            if self._may(best, on_place=on_place):
                self.put(mark, best)

    def _may(self, candidate: int, *, on_place: bool) -> bool:
        return candidate != NONE and not (on_place and self.pool.displaced[candidate])

    def _displace(self) -> None:
        """Place the rest, those with the fewest free candidates first."""
        waiting = self.unplaced()
        starts, ends = self.pool.first[:-1], self.pool.first[1:]
        while waiting:
            free = np.concatenate([[0], np.cumsum(self._burden < _FREE, dtype=np.int32)])
            left = (free[ends] - free[starts]).tolist()
            waiting.sort(key=lambda each: (left[each], each))
            self._put_some(waiting[:_BATCH], on_place=False)
            waiting = waiting[_BATCH:]

    def _missing(self) -> float:
        return float(sum(self._dearness[mark] for mark in self.unplaced()))

    def _repair(self, rounds: int) -> None:
        """Let each unplaced mark eject what stands in its way, and those the next, in turn.

        A mark grows heavier each time it is ejected, so that the search does not go in circles.
        The best state on the way is kept.
        """
        waiting = deque(m for m in self.unplaced() if self._first[m] < self._first[m + 1])
        least, kept = self._missing(), list(self.chosen)
        for _ in range(rounds):
            if not waiting:
                break
            mark = waiting.popleft()
            low, high = self._first[mark], self._first[mark + 1]
            at = int((self._burden[low:high] * 20 + self.pool.cost[low:high]).argmin()) + low
            ejected = self.blockers(at)
            for each in ejected:
                self.take(each)
                self._weight[each] += self._dearness[each]
            self.put(mark, at)
            for each in ejected:
                best = self.best(each)
                if best != NONE:
                    self.put(each, best)
                else:
                    waiting.append(each)
            missing = self._missing() if len(waiting) <= len(kept) else np.inf
            if missing < least:
                least, kept = missing, list(self.chosen)
        self._restore(kept)

    def _restore(self, kept: list[int]) -> None:
        for mark, before in enumerate(kept):
            if self.chosen[mark] not in (NONE, before):
                self.take(mark)
        for mark, before in enumerate(kept):
            if before == NONE and self.chosen[mark] != NONE:
                self.take(mark)
        for mark, before in enumerate(kept):
            if before != NONE and self.chosen[mark] == NONE:
                self.put(mark, before)

    def _improve(self) -> None:
        for _ in range(3):
            changed = False
            for mark, at in enumerate(self.chosen):
                if at == NONE or not self.pool.displaced[at]:
                    continue
                best = self.best(mark)
                if best != NONE and best < at:
                    self.take(mark)
                    self.put(mark, best)
                    changed = True
            if not changed:
                return


def order_by_room(places: Ints) -> list[int]:
    """Marks with the fewest neighbours first."""
    delta = np.abs(places[:, None, :] - places[None, :, :])
    near = ((delta[..., 0] < 12) & (delta[..., 1] < 6)).sum(axis=1)
    return [int(mark) for mark in np.lexsort((np.arange(len(places)), near))]
