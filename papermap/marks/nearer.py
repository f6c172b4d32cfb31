"""Shorten leaders: a few marks that stand in each other's way are placed anew, together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np

from papermap.marks.ground import Ints
from papermap.marks.state import NONE, State

_MOST_BLOCKERS: Final = 3  # that a mark asks to move together
_MOST_SETS: Final = 12  # of such marks, asked by one mark in turn
_WINDOW: Final = 40  # candidates of each mark that are looked at
_STEPS: Final = 4000  # of one search among them
_MISSING: Final = 1000.0  # what a usual mark without a place costs, mm
_GAIN: Final = 0.5  # what a change must bring, mm
_FAR: Final = 30.0  # mm from place to place, from which on marks are not asked
_ASKED: Final = 8  # marks that look again after a neighbour has moved
_MOST_TRIES: Final = 1200
_TRIES: Final = 12  # sets of marks placed anew, for each mark of the sheet


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
        self._tries = min(_TRIES * len(places), _MOST_TRIES)
        self._moves = 0
        self._touched = [0] * len(places)  # the last move near each mark
        self._tried: dict[tuple[int, ...], int] = {}  # sets in vain, and the last move before

    def run(self, *, to_the_end: bool) -> None:
        """Until no mark can come nearer, or for so many tries; marks without a place first.

        Not ``to_the_end``: only while a dear mark has none, or none is left out.
        """
        state = self._state
        waiting = set(range(len(state.chosen)))
        while waiting and self._tries > 0:
            mark = max(waiting, key=lambda each: (self._cost(each), -each))
            if not to_the_end and state.chosen[mark] != NONE and state.missing() >= 1:
                break
            waiting.discard(mark)
            for some in self._sets(mark):
                if moved := self._anew(some):
                    self._moves += 1
                    for each in moved:
                        waiting.update(self._near[each][:_ASKED], [each])
                        for near in (each, *self._near[each]):
                            self._touched[near] = self._moves
                    break

    def _cost(self, mark: int) -> float:
        at = self._state.chosen[mark]
        if at == NONE:
            return _MISSING * self._state.dearness[mark]
        return float(self._state.pool.cost[at])

    def _sets(self, mark: int) -> Iterator[list[int]]:
        """The mark with those that stand in the way of what it would like better."""
        state = self._state
        low, at = state.first[mark], state.chosen[mark]
        wishes = (state.first[mark + 1] if at == NONE else at) - low
        if wishes <= 0:
            return
        near = [n for n in self._near[mark] if state.chosen[n] != NONE]
        blocked = np.zeros((len(near), wishes), dtype=bool)
        for row, other in zip(blocked, near, strict=True):
            barred = state.barred(state.chosen[other], mark)
            row[barred[: barred.searchsorted(wishes)]] = True
        count = blocked.sum(axis=0)
        seen: set[tuple[int, ...]] = set()
        for column in np.flatnonzero(count <= _MOST_BLOCKERS).tolist():
            some = tuple(np.flatnonzero(blocked[:, column]).tolist())
            if some not in seen:
                seen.add(some)
                yield [mark, *(near[n] for n in some)]
                if len(seen) == _MOST_SETS:
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
        self._tries -= 1
        found = self._search(windows, before - _GAIN, spare)
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

    def _search(self, windows: Sequence[Ints], limit: float, spare: float) -> list[int]:
        """One candidate of each window, all fit to stand together, at the least cost in all.

        Branch and bound; empty if none costs less than ``limit``.
        """
        sizes = [len(each) for each in windows]
        starts = np.cumsum([0, *sizes])
        every = np.concatenate(windows)
        costs = self._state.pool.cost[every].tolist()
        fits = self._fitting(every, np.repeat(np.arange(len(windows)), sizes), spare)
        ranges = [
            range(a, b) for a, b in zip(starts[:-1].tolist(), starts[1:].tolist(), strict=True)
        ]
        masks = [((1 << len(r)) - 1) << r.start for r in ranges]
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

    def _fitting(self, every: Ints, owner: Ints, spare: float) -> list[int]:
        """For each candidate, as bits, those that can stand with it at a cost to spare."""
        cost = self._state.pool.cost[every]
        first = np.r_[True, owner[1:] != owner[:-1]].nonzero()[0]
        more = cost - cost[first][owner]
        good = (owner[:, None] < owner[None, :]) & (more[:, None] + more[None, :] < spare)
        one, two = good.nonzero()
        good[one, two] = ~self._state.conflicts.between(every[one], every[two])
        good |= good.T
        packed = np.packbits(good, axis=1, bitorder="little")
        return [int.from_bytes(row.tobytes(), "little") for row in packed]
