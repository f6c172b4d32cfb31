"""Choose one candidate for each mark: greedy first, then ejection and improvement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from papermap.marks.candidates import Pool
from papermap.marks.conflicts import Conflicts
from papermap.marks.ground import Ground, Ints

NONE = -1


class Search:
    """The state of one search; ``chosen`` holds a candidate per mark, or ``NONE``."""

    def __init__(self, ground: Ground, pool: Pool, weight: Sequence[int]) -> None:
        self.pool = pool
        self.conflicts = Conflicts(ground, pool)
        self.weight = weight
        self.chosen: list[int] = [NONE] * (len(pool.first) - 1)
        self._hits = np.zeros(len(pool.mark), dtype=np.int16)

    def put(self, mark: int, candidate: int) -> None:
        self.chosen[mark] = candidate
        self._hits[self.conflicts.of(candidate)] += 1

    def take(self, mark: int) -> int:
        """Lift a mark off the sheet; returns where it was."""
        candidate = self.chosen[mark]
        self._hits[self.conflicts.of(candidate)] -= 1
        self.chosen[mark] = NONE
        return candidate

    def best(self, mark: int) -> int:
        """The cheapest candidate of ``mark`` that is free, or ``NONE``."""
        low, high = self.pool.first[mark], self.pool.first[mark + 1]
        if low == high:
            return NONE
        free = self._hits[low:high] == 0
        at = int(free.argmax())
        return int(low) + at if free[at] else NONE

    def unplaced(self) -> list[int]:
        return [mark for mark, candidate in enumerate(self.chosen) if candidate == NONE]

    def cost(self) -> float:
        return float(sum(self.pool.cost[at] for at in self.chosen if at != NONE))

    def run(self, order: Sequence[int]) -> None:
        """Everything: marks on their places first, then displaced ones, then repairs."""
        for mark in order:
            best = self.best(mark)
            if best != NONE and not self.pool.displaced[best]:
                self.put(mark, best)
        self._displace()
        self._repair()
        self._improve()

    def _displace(self) -> None:
        """Place the rest, those with the fewest free candidates first."""
        waiting = self.unplaced()
        starts = self.pool.first[:-1]
        while waiting:
            free = np.concatenate([[0], np.cumsum(self._hits == 0)])
            left = free[self.pool.first[1:]] - free[starts]
            mark = min(waiting, key=lambda each: (-self.weight[each], left[each], each))
            waiting.remove(mark)
            best = self.best(mark)
            if best != NONE:
                self.put(mark, best)

    def blockers(self, candidate: int) -> list[int]:
        """Marks whose chosen candidates stand in the way of ``candidate``."""
        mine = self.pool.mark[candidate]
        placed = np.array([at for at in self.chosen if at != NONE], dtype=np.int64)
        placed = placed[self.pool.mark[placed] != mine]
        hit = placed[self.conflicts.between(candidate, placed)]
        return [int(mark) for mark in self.pool.mark[hit]]

    def _repair(self) -> None:
        waiting = self.unplaced()
        for _ in range(4 * len(waiting)):
            if not waiting:
                return
            mark = waiting.pop(0)
            best = self.best(mark)
            if best != NONE:
                self.put(mark, best)
            elif not self._eject_for(mark):
                waiting.append(mark)

    def _eject_for(self, mark: int) -> bool:
        low, high = int(self.pool.first[mark]), int(self.pool.first[mark + 1])
        hits = self._hits[low:high]
        tries = np.flatnonzero(hits <= 3)
        tries = tries[np.argsort(hits[tries], kind="stable")][:12]
        for at in tries:
            if self._swap(mark, low + int(at), np.inf):
                return True
        return False

    def _swap(self, mark: int, candidate: int, gain: float) -> bool:
        """Put ``mark`` there, move its blockers; undone unless they cost less than ``gain``."""
        moved = [(each, self.chosen[each]) for each in self.blockers(candidate)]
        for each, _ in moved:
            self.take(each)
        self.put(mark, candidate)
        again: list[int] = []
        cost = 0.0
        for each, before in moved:
            best = self.best(each)
            if best == NONE:
                break
            cost += float(self.pool.cost[best] - self.pool.cost[before])
            self.put(each, best)
            again.append(each)
        if len(again) == len(moved) and cost < gain:
            return True
        for each in again:
            self.take(each)
        self.take(mark)
        for each, before in moved:
            self.put(each, before)
        return False

    def _improve(self) -> None:
        costs = self.pool.cost
        for _ in range(2):
            changed = False
            for mark, at in enumerate(self.chosen):
                if at == NONE or not self.pool.displaced[at]:
                    continue
                before = self.take(mark)
                best = self.best(mark)
                changed |= best != before
                self.put(mark, best)
            if not changed:
                return
        _ = costs


def order_by_room(places: Ints) -> list[int]:
    """Marks with the fewest neighbours first."""
    delta = np.abs(places[:, None, :] - places[None, :, :])
    near = ((delta[..., 0] < 12) & (delta[..., 1] < 6)).sum(axis=1)
    return [int(mark) for mark in np.lexsort((np.arange(len(places)), near))]
