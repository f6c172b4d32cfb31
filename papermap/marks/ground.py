"""What never moves on a sheet: true places, obstacles, the frame; tested for many boxes at once.

A mark may not cover the true place of another, whether that one is displaced or not, so all true
places count as dots from the start and most candidates fall before the search begins.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from papermap.marks.model import MarkSize
from papermap.units import Box

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

INSET = 0.8  # between marks and the frame, mm
SHARED = 0.3  # points nearer than this stand at one place and share a dot, mm
_STEP = 0.2  # of the raster, mm; boxes are rounded outwards to it
_BESIDE_DOT = 0.25  # between a leader and the dot of another, mm


class Ground:
    """True places (columns x, y; mm in the frame) and obstacles of one sheet."""

    def __init__(
        self, places: Floats, frame: Box, obstacles: Sequence[Box], size: MarkSize
    ) -> None:
        self.places = places
        self.room = frame.grown(-INSET)
        self.size = size
        self._obstacles = np.array(obstacles, dtype=float).reshape(-1, 4)
        self._origin = np.array([frame.x0, frame.y0]) - 1
        self._keep_off = size.dot / 2 + size.clearance
        self._sums = self._raster(frame)

    def _cells(self, values: Floats, axis: int) -> Ints:
        shape = self._shape[axis]
        cells = np.floor((values - self._origin[axis]) / _STEP).astype(np.int64)
        return np.clip(cells, 0, shape - 1)

    def _raster(self, frame: Box) -> NDArray[np.int32]:
        """Sums over a raster of what boxes must not cover (a dot counts as its centre)."""
        self._shape = (int((frame.width + 2) / _STEP) + 2, int((frame.height + 2) / _STEP) + 2)
        filled = np.zeros((self._shape[0] + 1, self._shape[1] + 1), dtype=np.int32)
        cells = filled[1:, 1:]
        # obstacles shrink by what the boxes tested here have grown for the dots
        spare = self.size.dot / 2
        for x0, y0, x1, y1 in self._obstacles:
            across, up = (x0 + x1) / 2, (y0 + y1) / 2
            x = np.array([min(x0 + spare, across), max(x1 - spare, across)])
            y = np.array([min(y0 + spare, up), max(y1 - spare, up)])
            columns = self._cells(x, 0)
            rows = self._cells(y, 1)
            cells[columns[0] : columns[1] + 1, rows[0] : rows[1] + 1] += 1
        dots = (self._cells(self.places[:, 0], 0), self._cells(self.places[:, 1], 1))
        np.add.at(cells, dots, 1)
        np.cumsum(filled, axis=0, out=filled)
        np.cumsum(filled, axis=1, out=filled)
        return filled

    def free(self, x0: Floats, y0: Floats, x1: Floats, y1: Floats, owner: Ints) -> Bools:
        """Which boxes lie in the frame and keep clear of obstacles and others' true places.

        The own true place does not count. Conservative by less than a step of the raster.
        """
        room = self.room
        inside = (x0 >= room.x0) & (y0 >= room.y0) & (x1 <= room.x1) & (y1 <= room.y1)
        off = self._keep_off
        left, right = self._cells(x0 - off, 0), self._cells(x1 + off, 0) + 1
        low, high = self._cells(y0 - off, 1), self._cells(y1 + off, 1) + 1
        sums = self._sums
        counts = sums[right, high] - sums[left, high] - sums[right, low] + sums[left, low]
        mine_x = self._cells(self.places[:, 0], 0)[owner]
        mine_y = self._cells(self.places[:, 1], 1)[owner]
        own = (mine_x >= left) & (mine_x < right) & (mine_y >= low) & (mine_y < high)
        found: Bools = inside & (counts <= own)
        return found

    def reach(self, owner: Ints, directions: Floats, most: float) -> Floats:
        """How far a leader can go from each owner's place in each direction, mm.

        It stops before the dots of others and before obstacles (unless it starts in one).
        Shape: owners × directions.
        """
        lengths = np.full((len(owner), len(directions)), most)
        self._stop_at_dots(lengths, owner, directions, most)
        for obstacle in self._obstacles:
            self._stop_at_box(lengths, owner, directions, obstacle)
        return lengths

    def _stop_at_dots(self, lengths: Floats, owner: Ints, directions: Floats, most: float) -> None:
        delta = self.places[None, :, :] - self.places[owner][:, None, :]
        apart = np.hypot(delta[..., 0], delta[..., 1])
        near = (apart > SHARED) & (apart < most + self.size.dot)
        rows, columns = np.nonzero(near)
        if not len(rows):
            return
        apart = apart[rows, columns]
        delta = delta[rows, columns]
        ring = np.minimum(self.size.dot / 2 + _BESIDE_DOT, 0.9 * apart)[:, None]
        along = delta @ directions.T
        across = np.abs(
            delta[:, :1] * directions[None, :, 1] - delta[:, 1:] * directions[None, :, 0]
        )
        hit = (across < ring) & (along > 0)
        stop = np.where(hit, along - np.sqrt(np.maximum(ring**2 - across**2, 0)), most)
        starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
        lengths[rows[starts]] = np.minimum(
            lengths[rows[starts]], np.minimum.reduceat(stop, starts, axis=0)
        )

    def _stop_at_box(
        self, lengths: Floats, owner: Ints, directions: Floats, obstacle: Floats
    ) -> None:
        x0, y0, x1, y1 = obstacle + np.array([-1, -1, 1, 1]) * _BESIDE_DOT
        places = self.places[owner]
        outside = ~(
            (places[:, 0] > x0) & (places[:, 0] < x1) & (places[:, 1] > y0) & (places[:, 1] < y1)
        )
        with np.errstate(divide="ignore", invalid="ignore"):
            inverse = 1 / directions
            first = (np.array([x0, y0]) - places)[:, None, :] * inverse
            second = (np.array([x1, y1]) - places)[:, None, :] * inverse
        enter = np.fmax.reduce(np.fmin(first, second), axis=2)
        leave = np.fmin.reduce(np.fmax(first, second), axis=2)
        hit = (enter < leave) & (leave > 0) & outside[:, None]
        np.minimum(lengths, np.where(hit, np.maximum(enter, 0), lengths), out=lengths)
