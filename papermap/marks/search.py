"""Choose one candidate for each mark: greedy first, then ejection, then improvement."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np

from papermap.marks.candidates import Pool
from papermap.marks.ground import Floats, Ground, Ints
from papermap.marks.nearer import Nearer
from papermap.marks.state import NONE, ONE, State

_BATCH = 16  # marks placed in one go
_TOO_MANY = 6, 0.1  # marks left out at first that repair will not place: some, and a share
_MOST_ROUNDS = 800  # of repair
_PATIENCE = 100  # rounds without getting better
_AGAIN = 3  # times that all is placed anew, the hard ones first
_NEIGHBOURS = 4  # marks asked in turn to move aside for another
_PRESS = 8.0  # what the weight of an ejected mark counts, in mm of displacement
_HEAVIER = 1.0  # growth of a mark's weight each time it is ejected
_STALE = 10.0  # what forcing the same candidate again costs, mm


class Search:
    """One search for a place for every mark; what it found is in ``state``."""

    def __init__(self, ground: Ground, pool: Pool, dearness: Floats) -> None:
        self.state = State(ground, pool, dearness)
        self._nearer = Nearer(self.state)
        self._price = pool.cost.copy()  # dearer each time a candidate is forced

    def run(self, *, to_the_end: bool = True) -> None:
        """Marks on their places first, then displaced ones, then repairs.

        Not ``to_the_end``: gives up after the first steps when they leave out too many.
        """
        state = self.state
        self._fill(_by_room(state.conflicts.places))
        if not to_the_end and state.missing() > _TOO_MANY[0] + _TOO_MANY[1] * len(state.chosen):
            return
        self._repair(_PATIENCE if to_the_end else _PATIENCE // 2)
        self._nearer.find_room()
        if to_the_end:
            self._begin_again()

    def come_nearer(self) -> None:
        """Shorten leaders."""
        self._nearer.run()

    def _fill(self, order: Sequence[int]) -> None:
        """Put marks on their places in this order, then the others beside theirs."""
        for start in range(0, len(order), _BATCH):
            self._put_some(order[start : start + _BATCH], on_place=True)
        self._displace()

    def _begin_again(self) -> None:
        """Where few are left out, place those first that were hard to place, and all others after.

        The best state is kept.
        """
        state = self.state
        kept, least = list(state.chosen), state.missing()
        for _ in range(_AGAIN):
            if not 0 < least <= _TOO_MANY[0]:
                break
            hard = [m for m in range(len(state.chosen)) if state.weight[m] > 2 * state.dearness[m]]
            hard = sorted({*hard, *state.unplaced()}, key=lambda m: (-state.weight[m], m))
            state.change([NONE] * len(state.chosen))
            self._price = state.pool.cost.copy()
            for mark in hard:
                self._put_some([mark], on_place=False)
            self._fill([m for m in _by_room(state.conflicts.places) if state.chosen[m] == NONE])
            self._repair(_PATIENCE)
            self._nearer.find_room()
            if state.missing() < least:
                kept, least = list(state.chosen), state.missing()
        state.change(kept)

    # greedy

    def _put_some(self, marks: Sequence[int], *, on_place: bool) -> None:
        """Put marks where it is best for them; their conflicts are found in one go."""
        state = self.state
        wanted = [state.best(mark) for mark in marks]
        state.conflicts.find([at for at in wanted if self._may(at, on_place=on_place)])
        for mark in marks:
            best = state.best(mark)
            if self._may(best, on_place=on_place):
                state.put(mark, best)

    def _may(self, candidate: int, *, on_place: bool) -> bool:
        state = self.state
        return candidate != NONE and not (on_place and state.pool.displaced[candidate])

    def _displace(self) -> None:
        """Place the rest, those with the fewest free candidates first."""
        state = self.state
        waiting = state.unplaced()
        starts, ends = state.pool.first[:-1], state.pool.first[1:]
        while waiting:
            free = np.concatenate([[0], np.cumsum(state.way == 0, dtype=np.int32)])
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
        state = self.state
        waiting = deque(m for m in state.unplaced() if state.first[m] < state.first[m + 1])
        missing = least = state.missing()
        kept, idle = list(state.chosen), 0
        for _ in range(_MOST_ROUNDS):
            if not waiting or idle > patience:
                break
            mark = waiting.popleft()
            missing -= state.dearness[mark]
            if not self._ask_aside(mark):
                ejected = self._eject_for(mark)
                missing += sum(state.dearness[each] for each in ejected)
                waiting.extend(ejected)
            idle += 1
            if missing < least - 1e-9:
                least, kept, idle = missing, list(state.chosen), 0
        state.change(kept)

    def _ask_aside(self, mark: int) -> bool:
        """Place ``mark`` where it is free, or where only one stands that has another place."""
        state = self.state
        best = state.best(mark)
        if best != NONE:
            state.put(mark, best)
            return True
        asked = 0
        for other, candidate in self._held_by_one(mark):
            if state.best(other) != NONE:
                if self._exchange(mark, candidate, other):
                    return True
                asked += 1
                if asked == _NEIGHBOURS:
                    break
        return False

    def _held_by_one(self, mark: int) -> list[tuple[int, int]]:
        """Marks that alone stand in the way of candidates of ``mark``, with the cheapest each."""
        state = self.state
        low, high = state.first[mark], state.first[mark + 1]
        way = state.way[low:high]
        alone = np.flatnonzero(way >> 32 == 1)
        found: dict[int, int] = {}
        for other, candidate in zip(way[alone].tolist(), alone.tolist(), strict=True):
            found.setdefault(other - ONE, low + candidate)
        return list(found.items())

    def _exchange(self, mark: int, candidate: int, other: int) -> bool:
        """Put ``mark`` where ``other`` stands in the way, if that one has another place."""
        state = self.state
        low, high = state.first[other], state.first[other + 1]
        free = state.way[low:high] == 0
        free[state.barred(candidate, other)] = False
        best = low + int(free.argmax())
        if not free[best - low]:
            return False
        state.take(other)
        state.put(mark, candidate)
        state.put(other, best)
        return True

    def _eject_for(self, mark: int) -> list[int]:
        """Put ``mark`` where what it ejects weighs least; returns what found no other place."""
        state = self.state
        low, high = state.first[mark], state.first[mark + 1]
        price = state.burden[low:high] * _PRESS + self._price[low:high]
        at = low + int(price.argmin())
        self._price[at] += _STALE
        ejected = state.blockers(at)
        for each in ejected:
            state.take(each)
            state.weight[each] += _HEAVIER * state.dearness[each]
        state.put(mark, at)
        left = []
        for each in ejected:
            best = state.best(each)
            if best == NONE:
                left.append(each)
            else:
                state.put(each, best)
        return left


def _by_room(places: Floats) -> list[int]:
    """Marks with the fewest neighbours first."""
    x, y = places.T
    near = (np.abs(x[:, None] - x) < 12) & (np.abs(y[:, None] - y) < 6)
    order: Ints = np.lexsort((np.arange(len(places)), near.sum(axis=1)))
    found: list[int] = order.tolist()
    return found
