"""Shorten leaders: a few marks that stand in each other's way are placed anew, together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

import numpy as np

from papermap.marks.ground import Bools, Ints
from papermap.marks.state import NONE, State

# how many marks one asks to move together, and how many such sets of them in turn
_TO_COME_NEARER: Final = 3, 5
_FROM_AFAR: Final = 3, 14
_FOR_ROOM: Final = 5, 60
_DEAR: Final = 11.0  # what a mark costs that stands far, mm
_WINDOW: Final = 80  # candidates of each mark that are looked at
_STEPS: Final = 4000  # of one search among them
_MISSING: Final = 1000.0  # what a usual mark without a place costs, mm
_GAIN: Final = 0.5  # what a change must bring, mm
_FAR: Final = 30.0  # mm from place to place, from which on marks are not asked
_ASKED: Final = 8  # marks that look again after a neighbour has moved
_FEW: Final = 8  # unplaced marks for which room is looked for
_MOST_TRIES: Final = 1500
_TRIES: Final = 20  # sets of marks placed anew, for each mark of the sheet


class Nearer:
    """Brings marks nearer to their places by exact searches among few of them."""

    def __init__(self, state: State) -> None:
        self._state = state
        places = state.conflicts.places
        away = np.abs(places[:, None] - places[None]).max(axis=2)
        order = np.argsort(away, axis=1, kind="stable")
        self._near: list[list[int]] = [
            [n for n in row.tolist() if n != mark and away[mark, n] < _FAR]
            for mark, row in enumerate(order)
        ]
        self._tries = 0
        self._moves = 0
        self._touched = [0] * len(places)  # the last move near each mark
        self._tried: dict[tuple[int, ...], int] = {}  # sets in vain, and the last move before

    def find_room(self) -> None:
        """Place marks that have no place, by moving several others each."""
        state = self._state
        self._tried.clear()  # others may have moved marks since
        unplaced = state.unplaced()
        for mark in unplaced if len(unplaced) <= _FEW else ():
            for some in self._sets(mark, *_FOR_ROOM):
                if moved := self._anew(some):
                    self._touch(moved)
                    break

    def run(self) -> None:
        """Until no mark can come nearer, or for so many tries; the farthest first."""
        state = self._state
        self._tried.clear()
        waiting = {m for m, at in enumerate(state.chosen) if at != NONE and self._wishes(m)}
        tries = self._tries + min(_TRIES * len(state.chosen), _MOST_TRIES)
        while waiting and self._tries < tries:
            mark = max(waiting, key=lambda each: (self._cost(each), -each))
            waiting.discard(mark)
            far = self._cost(mark) > _DEAR
            for some in self._sets(mark, *(_FROM_AFAR if far else _TO_COME_NEARER)):
                if moved := self._anew(some):
                    self._touch(moved)
                    asked = {n for each in moved for n in (each, *self._near[each][:_ASKED])}
                    waiting |= {n for n in asked if state.chosen[n] != NONE and self._wishes(n)}
                    break

    def _touch(self, moved: Sequence[int]) -> None:
        self._moves += 1
        for mark in moved:
            for near in (mark, *self._near[mark]):
                self._touched[near] = self._moves

    def _cost(self, mark: int) -> float:
        at = self._state.chosen[mark]
        if at == NONE:
            return _MISSING * self._state.dearness[mark]
        return float(self._state.pool.cost[at])

    def _wishes(self, mark: int) -> int:
        """How many candidates of a mark are clearly better for it than the one it has."""
        state, cost = self._state, self._state.pool.cost
        low, at = state.first[mark], state.chosen[mark]
        if at == NONE:
            return state.first[mark + 1] - low
        if cost[at] - cost[low] <= _GAIN:
            return 0
        return int(cost[low:at].searchsorted(cost[at] - _GAIN))

    def _sets(self, mark: int, most_blockers: int, most_sets: int) -> Iterator[list[int]]:
        """The mark with those that stand in the way of what it would like better."""
        state = self._state
        wishes = self._wishes(mark)
        if not wishes:
            return
        near = [n for n in self._near[mark] if state.chosen[n] != NONE]
        blocked = np.zeros((len(near), wishes), dtype=bool)
        for row, other in zip(blocked, near, strict=True):
            barred = state.barred(state.chosen[other], mark)
            row[barred[: barred.searchsorted(wishes)]] = True
        count = blocked.sum(axis=0)
        seen: set[tuple[int, ...]] = set()
        for column in np.flatnonzero(count <= most_blockers).tolist():
            some = tuple(np.flatnonzero(blocked[:, column]).tolist())
            if some not in seen:
                seen.add(some)
                yield [mark, *(near[n] for n in some)]
                if len(seen) == most_sets:
                    return

    def _anew(self, marks: Sequence[int]) -> list[int]:
        """Give some marks the best places that they can have together; returns who moved."""
        state, cost = self._state, self._state.pool.cost
        key = tuple(sorted(marks))
        if max(self._touched[mark] for mark in marks) <= self._tried.get(key, -1):
            return []
        self._tried[key] = self._moves
        before = sum(self._cost(mark) for mark in marks)
        free = [self._free(mark, marks) for mark in marks]
        if (at := state.chosen[marks[0]]) != NONE:
            free[0] = free[0][: free[0].searchsorted(at)]  # what the first would like better
        if not all(len(each) for each in free):
            return []
        least = [float(cost[each[0]]) for each in free]
        spare = before - sum(least) - _GAIN
        if spare <= 0:
            return []
        windows = [
            each[: min(_WINDOW, int(np.searchsorted(cost[each], low + spare, "right")))]
            for each, low in zip(free, least, strict=True)
        ]
        self._tries += 1
        windows = self._narrowed(windows, before - _GAIN)
        found = self._search(windows, before - _GAIN) if windows else []
        if not found:
            return []
        wanted = list(state.chosen)
        for mark, candidate in zip(marks, found, strict=True):
            wanted[mark] = candidate
        moved = [mark for mark in marks if state.chosen[mark] != wanted[mark]]
        state.change(wanted)
        return moved

    def _free(self, mark: int, others: Sequence[int]) -> Ints:
        """Candidates of a mark in whose way nothing stands but these others, cheapest first."""
        state = self._state
        low, high = state.first[mark], state.first[mark + 1]
        way = state.way[low:high].copy()
        for other in others:
            at = state.chosen[other]
            if other != mark and at != NONE:
                way[state.barred(at, mark)] -= (1 << 32) + other
        free: Ints = np.flatnonzero(way == 0) + low
        return free

    def _narrowed(self, windows: Sequence[Ints], limit: float) -> list[Ints]:
        """Of the windows what fits the first one at less than ``limit``; nothing if none does."""
        if len(windows) == 1:
            return [*windows]
        cost = self._state.pool.cost
        first, others = windows[0], np.concatenate(windows[1:])
        lengths = [len(each) for each in windows[1:]]
        starts = np.cumsum([0, *lengths[:-1]])
        least = cost[others[starts]]
        spare = limit - least.sum() - cost[first][:, None]
        one, two = (cost[others] - least.repeat(lengths) < spare).nonzero()
        fit = ~self._state.conflicts.between(first[one], others[two])
        dear = np.full((len(first), len(others)), np.inf)
        dear[one[fit], two[fit]] = cost[others[two[fit]]]
        pays = cost[first] + np.minimum.reduceat(dear, starts, axis=1).sum(axis=1) < limit
        useful = (dear[pays] < np.inf).any(axis=0)
        parts = zip(windows[1:], np.split(useful, starts[1:]), strict=True)
        return [first[pays], *(each[part] for each, part in parts)] if pays.any() else []

    def _fits(self, these: Ints, those: Ints) -> Bools:
        """Which of these can stand together with which of those."""
        one, two = these.repeat(len(those)), np.tile(those, len(these))
        fits: Bools = ~self._state.conflicts.between(one, two).reshape(len(these), len(those))
        return fits

    def _search(self, windows: Sequence[Ints], limit: float) -> list[int]:
        """One candidate of each window, all fit to stand together, at the least cost in all.

        Branch and bound; empty if none costs less than ``limit``.
        """
        starts = np.cumsum([0, *(len(each) for each in windows)]).tolist()
        every = np.concatenate(windows)
        costs = self._state.pool.cost[every].tolist()
        fits = self._bits(windows, starts)
        masks = [(1 << high) - (1 << low) for low, high in pairwise(starts)]
        best: list[int] = []
        steps = 0

        def go(rest: tuple[int, ...], allowed: int, spent: float, taken: tuple[int, ...]) -> None:
            nonlocal best, limit, steps
            if not rest:
                best, limit = list(taken), spent
                return
            bounds = []
            for n in rest:
                mine = allowed & masks[n]
                if not mine:
                    return
                bounds.append(costs[(mine & -mine).bit_length() - 1])
            bound = spent + sum(bounds)
            if bound >= limit:
                return
            at = min(range(len(rest)), key=lambda i: (allowed & masks[rest[i]]).bit_count())
            n, left = rest[at], (*rest[:at], *rest[at + 1 :])
            mine, other = allowed & masks[n], bound - bounds[at]
            while mine and steps < _STEPS:
                steps += 1
                each = (mine & -mine).bit_length() - 1
                mine &= mine - 1
                if other + costs[each] >= limit:
                    return
                go(left, allowed & fits[each], spent + costs[each], (*taken, each))

        go(tuple(range(len(windows))), (1 << len(every)) - 1, 0.0, ())
        chosen = sorted(best)
        found: list[int] = every[chosen].tolist()
        return found

    def _bits(self, windows: Sequence[Ints], starts: Sequence[int]) -> list[int]:
        """For each candidate those of other windows that can stand with it, as bits."""
        good = np.zeros((starts[-1], starts[-1]), dtype=bool)
        for n, window in enumerate(windows[:-1]):
            end = starts[n + 1]
            good[starts[n] : end, end:] = self._fits(window, np.concatenate(windows[n + 1 :]))
        packed = np.packbits(good | good.T, axis=1, bitorder="little")
        return [int.from_bytes(row.tobytes(), "little") for row in packed]
