"""Choose one candidate for each mark: greedy first, then ejection, then improvement."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from papermap.marks.candidates import Pool
from papermap.marks.conflicts import Conflicts
from papermap.marks.ground import Floats, Ground, Ints

NONE = -1
_ONE = 1 << 32
_BATCH = 16  # marks placed in one go
_TOO_MANY = 6, 0.1  # marks left out at first that repair will not place: some, and a share
_MOST_ROUNDS = 800  # of repair
_PATIENCE = 100  # rounds without getting better
_AGAIN = 3  # times that all is placed anew, the hard ones first
_NEIGHBOURS = 4  # marks asked in turn to move aside for another
_PRESS = 8.0  # what the weight of an ejected mark counts, in mm of displacement
_HEAVIER = 1.0  # growth of a mark's weight each time it is ejected
_STALE = 10.0  # what forcing the same candidate again costs, mm
_WISHES = 50  # marks that try to come nearer by moving another


class Search:
    """The state of one search; ``chosen`` holds a candidate per mark, or ``NONE``.

    ``dearness`` says what leaving a mark out costs, 1 for a usual one.
    """

    def __init__(self, ground: Ground, pool: Pool, dearness: Floats) -> None:
        self.pool = pool
        self.chosen: list[int] = [NONE] * (len(pool.first) - 1)
        self._conflicts = Conflicts(ground, pool)
        self._dearness: list[float] = dearness.tolist()
        self._weight: list[float] = dearness.tolist()  # grows with each ejection
        self._first: list[int] = pool.first.tolist()
        count = len(pool.mark)
        self._standing = np.zeros(count, dtype=bool)  # chosen candidates
        # what stands in the way of each candidate: how many marks (in the high half of the
        # number; the sum of their names is in the low half), and their weights
        self._way = np.zeros(count, dtype=np.int64)
        self._burden = np.zeros(count)
        self._price = pool.cost.copy()  # dearer each time a candidate is forced

    def run(self, *, to_the_end: bool = True) -> None:
        """Marks on their places first, then displaced ones, then repairs and improvement.

        Not ``to_the_end``: gives up after the first steps when they leave out too many.
        """
        self._fill(_by_room(self._conflicts.places))
        if not to_the_end and self.missing() > _TOO_MANY[0] + _TOO_MANY[1] * len(self.chosen):
            return
        self._repair(_PATIENCE if to_the_end else _PATIENCE // 2)
        if to_the_end:
            self._begin_again()
        self._come_nearer()

    def _fill(self, order: Sequence[int]) -> None:
        """Put marks on their places in this order, then the others beside theirs."""
        for start in range(0, len(order), _BATCH):
            self._put_some(order[start : start + _BATCH], on_place=True)
        self._displace()

    def _begin_again(self) -> None:
        """Where few are left out, place those first that were hard to place, and all others after.

        The best state is kept.
        """
        kept, least = list(self.chosen), self.missing()
        for _ in range(_AGAIN):
            if not 0 < least <= _TOO_MANY[0]:
                break
            hard = [m for m in range(len(self.chosen)) if self._weight[m] > 2 * self._dearness[m]]
            hard = sorted({*hard, *self.unplaced()}, key=lambda m: (-self._weight[m], m))
            self._restore([NONE] * len(self.chosen))
            self._price = self.pool.cost.copy()
            for mark in hard:
                self._put_some([mark], on_place=False)
            self._fill([m for m in _by_room(self._conflicts.places) if self.chosen[m] == NONE])
            self._repair(_PATIENCE)
            if self.missing() < least:
                kept, least = list(self.chosen), self.missing()
        self._restore(kept)

    def unplaced(self) -> list[int]:
        return [mark for mark, candidate in enumerate(self.chosen) if candidate == NONE]

    def missing(self) -> float:
        """What the marks left out cost."""
        return sum(self._dearness[mark] for mark in self.unplaced())

    # the state: marks are put down and taken up again

    def _put(self, mark: int, candidate: int) -> None:
        self.chosen[mark] = candidate
        self._standing[candidate] = True
        self._count(mark, candidate, 1)

    def _take(self, mark: int) -> int:
        candidate = self.chosen[mark]
        self.chosen[mark] = NONE
        self._standing[candidate] = False
        self._count(mark, candidate, -1)
        return candidate

    def _count(self, mark: int, candidate: int, sign: int) -> None:
        conflicts = self._conflicts.of(candidate)
        self._way[conflicts] += sign * (_ONE + mark)
        self._burden[conflicts] += sign * self._weight[mark]

    def _best(self, mark: int) -> int:
        """The cheapest candidate of ``mark`` that is free, or ``NONE``."""
        low, high = self._first[mark], self._first[mark + 1]
        if low == high:
            return NONE
        free = self._way[low:high] == 0
        at = int(free.argmax())
        return low + at if free[at] else NONE

    def _blockers(self, candidate: int) -> list[int]:
        conflicts = self._conflicts.of(candidate)
        marks: list[int] = self.pool.mark[conflicts[self._standing[conflicts]]].tolist()
        return marks

    # greedy

    def _put_some(self, marks: Sequence[int], *, on_place: bool) -> None:
        """Put marks where it is best for them; their conflicts are found in one go."""
        wanted = [self._best(mark) for mark in marks]
        self._conflicts.find([at for at in wanted if self._may(at, on_place=on_place)])
        for mark in marks:
            best = self._best(mark)
            if self._may(best, on_place=on_place):
                self._put(mark, best)

    def _may(self, candidate: int, *, on_place: bool) -> bool:
        return candidate != NONE and not (on_place and self.pool.displaced[candidate])

    def _displace(self) -> None:
        """Place the rest, those with the fewest free candidates first."""
        waiting = self.unplaced()
        starts, ends = self.pool.first[:-1], self.pool.first[1:]
        while waiting:
            free = np.concatenate([[0], np.cumsum(self._way == 0, dtype=np.int32)])
            left = (free[ends] - free[starts]).tolist()
            waiting.sort(key=lambda each: (left[each], each))
            self._put_some(waiting[:_BATCH], on_place=False)
            waiting = waiting[_BATCH:]

    # repair

    def _repair(self, patience: int) -> None:
        """Find room for each unplaced mark: another moves aside, or is ejected and comes next.

        A mark grows heavier each time it is ejected, so that the search does not go in circles.
        The best state on the way is kept.
        """
        waiting = deque(m for m in self.unplaced() if self._first[m] < self._first[m + 1])
        missing = least = self.missing()
        kept, idle = list(self.chosen), 0
        for _ in range(_MOST_ROUNDS):
            if not waiting or idle > patience:
                break
            mark = waiting.popleft()
            missing -= self._dearness[mark]
            if not self._ask_aside(mark):
                ejected = self._eject_for(mark)
                missing += sum(self._dearness[each] for each in ejected)
                waiting.extend(ejected)
            idle += 1
            if missing < least - 1e-9:
                least, kept, idle = missing, list(self.chosen), 0
        self._restore(kept)

    def _ask_aside(self, mark: int) -> bool:
        """Place ``mark`` where it is free, or where only one stands that has another place."""
        best = self._best(mark)
        if best != NONE:
            self._put(mark, best)
            return True
        asked = 0
        for other, candidate in self._held_by_one(mark, self._first[mark + 1]):
            if self._best(other) != NONE:
                if self._exchange(mark, candidate, other, np.inf):
                    return True
                asked += 1
                if asked == _NEIGHBOURS:
                    break
        return False

    def _held_by_one(self, mark: int, before: int) -> list[tuple[int, int]]:
        """Marks that alone stand in the way of candidates of ``mark``, with the cheapest each."""
        low = self._first[mark]
        way = self._way[low:before]
        alone = np.flatnonzero(way >> 32 == 1)
        found: dict[int, int] = {}
        for other, candidate in zip(way[alone].tolist(), alone.tolist(), strict=True):
            found.setdefault(other - _ONE, low + candidate)
        return list(found.items())

    def _exchange(self, mark: int, candidate: int, other: int, gain: float) -> bool:
        """Put ``mark`` where ``other`` stands in the way, if that one moves for less than gain."""
        low, high = self._first[other], self._first[other + 1]
        free = self._way[low:high] == 0
        conflicts = self._conflicts.of(candidate)
        start, end = np.searchsorted(conflicts, (low, high))
        free[conflicts[start:end] - low] = False
        best = low + int(free.argmax())
        cost = self.pool.cost
        if not free[best - low] or cost[best] - cost[self.chosen[other]] >= gain:
            return False
        self._take(other)
        if self.chosen[mark] != NONE:
            self._take(mark)
        self._put(mark, candidate)
        self._put(other, best)
        return True

    def _eject_for(self, mark: int) -> list[int]:
        """Put ``mark`` where what it ejects weighs least; returns what found no other place."""
        low, high = self._first[mark], self._first[mark + 1]
        price = self._burden[low:high] * _PRESS + self._price[low:high]
        at = low + int(price.argmin())
        self._price[at] += _STALE
        ejected = self._blockers(at)
        for each in ejected:
            self._take(each)
            self._weight[each] += _HEAVIER * self._dearness[each]
        self._put(mark, at)
        left = []
        for each in ejected:
            best = self._best(each)
            if best == NONE:
                left.append(each)
            else:
                self._put(each, best)
        return left

    def _restore(self, kept: list[int]) -> None:
        changed = [mark for mark, before in enumerate(kept) if self.chosen[mark] != before]
        for mark in changed:
            if self.chosen[mark] != NONE:
                self._take(mark)
        for mark in changed:
            if kept[mark] != NONE:
                self._put(mark, kept[mark])

    # improvement

    def _come_nearer(self) -> None:
        """Shorten leaders: to places that became free, then by moving one other mark."""
        while self._settle():
            pass
        cost = self.pool.cost
        far = [mark for mark, at in enumerate(self.chosen) if at != NONE]
        far = sorted(far, key=lambda mark: (-cost[self.chosen[mark]], mark))[:_WISHES]
        for mark in far:
            at = self.chosen[mark]
            for other, candidate in self._held_by_one(mark, at):
                gain = float(cost[at] - cost[candidate])
                if gain < 1 or self._exchange(mark, candidate, other, gain):
                    break

    def _settle(self) -> bool:
        """Let every mark go to its cheapest free candidate; whether any has moved."""
        moved = False
        for mark, at in enumerate(self.chosen):
            if at == NONE:
                continue
            best = self._best(mark)
            if best != NONE and best < at:
                self._take(mark)
                self._put(mark, best)
                moved = True
        return moved


def _by_room(places: Floats) -> list[int]:
    """Marks with the fewest neighbours first."""
    x, y = places.T
    near = (np.abs(x[:, None] - x) < 12) & (np.abs(y[:, None] - y) < 6)
    order: Ints = np.lexsort((np.arange(len(places)), near.sum(axis=1)))
    found: list[int] = order.tolist()
    return found
