"""Where each mark of a sheet could stand, after all that cannot be is struck out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from papermap.marks.ground import Bools, Floats, Ground, Ints, Raster
from papermap.marks.stances import Stances

_MOST = (64, 24, 28, 24)  # spots of one mark in each range
_COVERING = 1.0  # what it costs to cover a crossing, mm: less than any displacement
_MOST_CALM = 24  # and of one that nothing disturbs


@dataclass(frozen=True, slots=True)
class Pool:
    """Candidates of all marks, cheapest first within a mark (arrays of equal length; mm).

    ``first[i]:first[i + 1]`` are those of mark ``i``; single precision.
    """

    first: Ints
    mark: Ints
    stance: Ints
    cost: Floats
    displaced: Bools
    shape: Floats  # rows: see Stances, at the mark's place
    whole: Floats  # rows x0, y0, x1, y1


class Maker:
    """Makes the candidates of one sheet at one size.

    ``kind`` is the index of each mark's kind in the stances, ``far`` whether it may go as far as
    the last range.
    """

    def __init__(self, ground: Ground, stances: Stances, kind: Ints, far: Bools) -> None:
        self._ground = ground
        self._stances = stances
        self._kind = kind
        self._far = far
        signs = {each.sign: Raster(ground, *each.sign) for each in stances.kinds}
        self._signs = [signs[each.sign] for each in stances.kinds]
        self._tags = [None if each.stacked else Raster(ground, *each.tag) for each in stances.kinds]

    def pool(self) -> Pool:
        """All candidates; a mark that nothing disturbs on its place has only near ones."""
        owner, stance = self._with_tags(*self._spots(np.arange(len(self._kind)), np.array([0]), 1))
        found = [(owner, stance)]
        calm = self._calm(owner, stance)
        *near, last = zip(self._stances.ranges, _MOST, strict=True)
        for spots, most in near:
            found.append(self._with_tags(*self._spots(np.flatnonzero(~calm), spots, most)))
        found.append(self._with_tags(*self._spots(np.flatnonzero(~calm & self._far), *last)))
        beside = self._spots(np.flatnonzero(calm), self._stances.ranges[0], _MOST_CALM)
        found.append(self._with_tags(*beside))
        return self._pool(*(np.concatenate(each) for each in zip(*found, strict=True)))

    def _spots(self, owner: Ints, spots: Ints, most: int) -> tuple[Ints, Ints]:
        """Marks and spots where leaders can go and signs can stand, the nearest ``most``."""
        stances, ground, kind = self._stances, self._ground, self._kind[owner]
        at = stances.at[:, spots][kind] + ground.places[owner][:, None, :]
        free = np.zeros(at.shape[:2], dtype=bool)
        for raster in dict.fromkeys(self._signs):
            alike = [n for n, each in enumerate(self._signs) if each is raster]
            mine = np.flatnonzero(np.isin(kind, alike))
            x, y = at[mine, :, 0], at[mine, :, 1]
            free[mine] = raster.free(x, y, np.broadcast_to(owner[mine, None], x.shape))
        needed = stances.needed[:, spots]
        farthest = float(needed.max(initial=0))
        if farthest:
            reach = ground.reach(owner, stances.directions, farthest)
            free &= reach[:, stances.turn[spots]] >= needed[kind]
        free &= np.cumsum(free, axis=1, dtype=np.int32) <= most
        rows, columns = np.nonzero(free)
        return owner[rows], spots[columns]

    def _with_tags(self, owner: Ints, spot: Ints) -> tuple[Ints, Ints]:
        """Marks and stances at those spots whose tags keep clear of all that never moves."""
        stances = self._stances
        stance = ((self._kind[owner] * stances.spots + spot)[:, None] * 4 + np.arange(4)).ravel()
        usable = np.flatnonzero(stances.usable[stance])
        owner, stance = owner[usable >> 2], stance[usable]
        x = self._ground.places[:, 0][owner] + stances.shape[2][stance]
        y = self._ground.places[:, 1][owner] + stances.shape[3][stance]
        good = np.ones(len(owner), dtype=bool)
        for kind, raster in enumerate(self._tags):
            if raster is not None:
                mine = np.flatnonzero(self._kind[owner] == kind)
                good[mine] = raster.free(x[mine], y[mine], owner[mine])
        return owner[good], stance[good]

    def _calm(self, owner: Ints, stance: Ints) -> Bools:
        """Marks that can stand on their place without touching where any other might."""
        calm = np.zeros(len(self._kind), dtype=bool)
        if not len(owner):
            return calm
        off = self._ground.size.clearance
        boxes = self._stances.whole[:, stance] + np.tile(self._ground.places[owner].T, (2, 1))
        starts = np.flatnonzero(np.r_[True, owner[1:] != owner[:-1]])
        low = np.minimum.reduceat(boxes[:2], starts, axis=1) - off
        high = np.maximum.reduceat(boxes[2:], starts, axis=1) + off
        touched = np.ones((len(owner), len(starts)), dtype=bool)
        for axis in (0, 1):
            touched &= boxes[axis][:, None] < high[axis]
            touched &= boxes[axis + 2][:, None] > low[axis]
        calm[owner[touched.sum(axis=1) == 1]] = True
        return calm

    def _pool(self, owner: Ints, stance: Ints) -> Pool:
        stances = self._stances
        each = stances.spots * 4
        keys = np.sort(owner * each + stances.rank[stance % each])
        owner, rank = np.divmod(keys, each)
        stance = stances.order[rank] + self._kind[owner] * each
        x, y = (self._ground.places.T.astype(np.float32)[axis][owner] for axis in (0, 1))
        # row by row in memory, as they are worked on
        shape = stances.shape32.take(stance, axis=1)
        whole = stances.whole32.take(stance, axis=1)
        for row in (0, 2, 5, 9):
            shape[row] += x
            shape[row + 1] += y
        for row in (0, 2):
            whole[row] += x
            whole[row + 1] += y
        first = np.searchsorted(owner, np.arange(len(self._kind) + 1))
        cost = stances.cost[stance] + _COVERING * self._ground.covers(*shape[9:13])
        again = np.lexsort((cost, owner))  # what covers a crossing comes later
        stance = stance[again]
        shape, whole = shape[:, again], whole[:, again]
        return Pool(first, owner, stance, cost[again], stances.displaced[stance], shape, whole)
