"""Where each mark of a sheet could stand, after all that cannot be is struck out."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from papermap.marks.ground import Bools, Floats, Ground, Ints, Raster
from papermap.marks.stances import Stances

_MOST = (60, 24, 24)  # spots of one mark in each range
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

    ``width`` is the index of each mark's tag width in the stances.
    """

    def __init__(self, ground: Ground, stances: Stances, width: Ints) -> None:
        self._ground = ground
        self._stances = stances
        self._width = width
        size = ground.size
        self._signs = Raster(ground, size.sign / 2, size.sign / 2)
        self._tags = [Raster(ground, half, size.tag_height / 2) for half in stances.half_widths]

    def pool(self) -> Pool:
        """All candidates; a mark that nothing disturbs on its place has only near ones."""
        owner, stance = self._with_tags(*self._spots(np.arange(len(self._width)), np.array([0]), 1))
        found = [(owner, stance)]
        calm = self._calm(owner, stance)
        for spots, most in zip(self._stances.ranges, _MOST, strict=True):
            found.append(self._with_tags(*self._spots(np.flatnonzero(~calm), spots, most)))
        near = self._spots(np.flatnonzero(calm), self._stances.ranges[0], _MOST_CALM)
        found.append(self._with_tags(*near))
        return self._pool(*(np.concatenate(each) for each in zip(*found, strict=True)))

    def _spots(self, owner: Ints, spots: Ints, most: int) -> tuple[Ints, Ints]:
        """Marks and spots where leaders can go and signs can stand, the nearest ``most``."""
        stances, ground = self._stances, self._ground
        at = stances.at[spots]
        places = ground.places[owner]
        x, y = places[:, :1] + at[:, 0], places[:, 1:] + at[:, 1]
        free = self._signs.free(x, y, np.broadcast_to(owner[:, None], x.shape))
        farthest = float(stances.ring[spots[-1]])
        if farthest:
            reach = ground.reach(owner, stances.directions, farthest)
            needed = stances.ring[spots] - ground.size.sign / 2
            free &= reach[:, stances.turn[spots]] >= needed
        free &= np.cumsum(free, axis=1, dtype=np.int32) <= most
        rows, columns = np.nonzero(free)
        return owner[rows], spots[columns]

    def _with_tags(self, owner: Ints, spot: Ints) -> tuple[Ints, Ints]:
        """Marks and stances at those spots whose tags keep clear of all that never moves."""
        stances = self._stances
        stance = ((self._width[owner] * stances.spots + spot)[:, None] * 4 + np.arange(4)).ravel()
        usable = np.flatnonzero(stances.usable[stance])
        owner, stance = owner[usable >> 2], stance[usable]
        x = self._ground.places[:, 0][owner] + stances.shape[2][stance]
        y = self._ground.places[:, 1][owner] + stances.shape[3][stance]
        good = np.zeros(len(owner), dtype=bool)
        for width, raster in enumerate(self._tags):
            mine = np.flatnonzero(self._width[owner] == width)
            good[mine] = raster.free(x[mine], y[mine], owner[mine])
        return owner[good], stance[good]

    def _calm(self, owner: Ints, stance: Ints) -> Bools:
        """Marks that can stand on their place without touching where any other might."""
        calm = np.zeros(len(self._width), dtype=bool)
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
        stance = stances.order[rank] + self._width[owner] * each
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
        cost = stances.cost[stance]
        first = np.searchsorted(owner, np.arange(len(self._width) + 1))
        return Pool(first, owner, stance, cost, cost >= 1, shape, whole)
