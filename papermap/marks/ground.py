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

Floats = NDArray[np.floating]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

INSET = 0.8  # between marks and the frame, mm
SHARED = 0.3  # points nearer than this stand at one place and share a dot, mm
_STEP = 0.2  # of the rasters, mm
_ONE, _NEVER = 1, 3  # in a raster: one true place near; an obstacle or the frame
_BESIDE_DOT = 0.4  # between a leader and the dot of another, mm


class Ground:
    """True places (columns x, y; mm in the frame) and obstacles of one sheet."""

    def __init__(
        self,
        places: Floats,
        frame: Box,
        obstacles: Sequence[Box],
        size: MarkSize,
        avoid: Sequence[tuple[float, float]] = (),
    ) -> None:
        self.places = places
        self.frame = frame
        self.size = size
        self.obstacles = np.array(obstacles, dtype=float).reshape(-1, 4)
        self._avoid = np.array(avoid, dtype=float).reshape(-1, 2)

    def covers(self, x: Floats, y: Floats, half_width: Floats, half_height: Floats) -> Bools:
        """Which boxes lie over a place that marks had better leave free."""
        found = np.zeros(x.shape, dtype=bool)
        for at_x, at_y in self._avoid.tolist():
            found |= (np.abs(x - at_x) < half_width) & (np.abs(y - at_y) < half_height)
        return found

    def reach(self, owner: Ints, directions: Floats, most: float) -> Floats:
        """How far a leader can go from each owner's place in each direction, mm.

        It stops before the dots of others and before obstacles (unless it starts in one).
        Shape: owners × directions.
        """
        lengths = np.full((len(owner), len(directions)), most)
        self._stop_at_dots(lengths, owner, directions, most)
        for obstacle in self.obstacles:
            self._stop_at_box(lengths, owner, directions, obstacle)
        return lengths

    def _stop_at_dots(self, lengths: Floats, owner: Ints, directions: Floats, most: float) -> None:
        delta = self.places[None, :, :] - self.places[owner][:, None, :]
        apart = np.hypot(delta[..., 0], delta[..., 1])
        rows, columns = np.nonzero((apart > SHARED) & (apart < most + self.size.dot))
        if not len(rows):
            return
        apart = apart[rows, columns][:, None]
        delta = delta[rows, columns]
        # from a dot that touches another a leader goes away from it
        ring = np.minimum(self.size.dot / 2 + _BESIDE_DOT, 0.9 * apart)
        along = delta @ directions.T
        inside = ring**2 - apart**2 + along**2  # ring² less the square of the distance across
        stop = np.where((inside > 0) & (along > 0), along - np.sqrt(np.maximum(inside, 0)), most)
        starts = np.flatnonzero(np.r_[True, rows[1:] != rows[:-1]])
        lengths[rows[starts]] = np.minimum.reduceat(stop, starts, axis=0)

    def _stop_at_box(
        self, lengths: Floats, owner: Ints, directions: Floats, obstacle: Floats
    ) -> None:
        low, high = obstacle[:2] - _BESIDE_DOT, obstacle[2:] + _BESIDE_DOT
        places = self.places[owner]
        most = float(lengths.max(initial=0))
        near = np.flatnonzero(
            ((places > low - most) & (places < high + most)).all(axis=1)
            & ~((places > low) & (places < high)).all(axis=1)
        )
        if not len(near):
            return
        with np.errstate(divide="ignore", invalid="ignore"):
            inverse = 1 / directions
            first = (low - places[near])[:, None, :] * inverse
            second = (high - places[near])[:, None, :] * inverse
        enter = np.fmax.reduce(np.fmin(first, second), axis=2)
        leave = np.fmin.reduce(np.fmax(first, second), axis=2)
        hit = (enter < leave) & (leave > 0)
        old = lengths[near]
        lengths[near] = np.where(hit, np.minimum(old, np.maximum(enter, 0)), old)


class Raster:
    """Where the centre of one kind of box may lie on a :class:`Ground`.

    Each cell counts the true places that such a box would come too near to, up to two. A cell
    counts when any part of it does, so a box is turned away up to ``_STEP`` too early, never too
    late.
    """

    def __init__(self, ground: Ground, half_width: float, half_height: float) -> None:
        frame, size = ground.frame, ground.size
        self._corner = np.array([frame.x0, frame.y0])
        shape = [int(side / _STEP) + 1 for side in (frame.width, frame.height)]
        self._last = np.array(shape) - 1
        self._counts = np.zeros(shape, dtype=np.uint8)
        half = np.array([half_width, half_height])
        near = half + size.dot / 2 + size.clearance
        self._start, self._end = (
            self._cells(ground.places - near),
            self._cells(ground.places + near),
        )
        for x0, y0, x1, y1 in np.column_stack([self._start, self._end]).tolist():
            cells = self._counts[x0 : x1 + 1, y0 : y1 + 1]
            np.greater(cells, 0, out=cells, casting="unsafe")
            cells += 1
        off = half + size.clearance
        start = self._cells(ground.obstacles[:, :2] - off)
        end = self._cells(ground.obstacles[:, 2:] + off)
        for x0, y0, x1, y1 in np.column_stack([start, end]).tolist():
            self._counts[x0 : x1 + 1, y0 : y1 + 1] = _NEVER
        x0, y0 = self._cells(self._corner + INSET + half).tolist()
        x1, y1 = self._cells(np.array([frame.x1, frame.y1]) - INSET - half).tolist()
        for outside in np.s_[: x0 + 1, :], np.s_[:, : y0 + 1], np.s_[x1:, :], np.s_[:, y1:]:
            self._counts[outside] = _NEVER

    def _cells(self, xy: Floats) -> Ints:
        """The cells of points (last axis x, y), the nearest for those outside."""
        cells = np.floor((xy - self._corner) / _STEP).astype(np.int64)
        inside: Ints = np.clip(cells, 0, self._last)
        return inside

    def free(self, centre_x: Floats, centre_y: Floats, owner: Ints) -> Bools:
        """Whether boxes there keep clear of the frame, obstacles and others' true places.

        ``owner`` is the mark of each box, whose own true place does not count.
        """
        x = ((centre_x - self._corner[0]) * (1 / _STEP)).astype(np.int32)
        y = ((centre_y - self._corner[1]) * (1 / _STEP)).astype(np.int32)
        np.clip(x, 0, self._last[0], out=x)
        np.clip(y, 0, self._last[1], out=y)
        counts = self._counts[x, y]
        found: Bools = counts == 0
        once = np.nonzero(counts == _ONE)
        mine = owner[once]
        x, y = x[once], y[once]
        found[once] = (
            (x >= self._start[mine, 0])
            & (x <= self._end[mine, 0])
            & (y >= self._start[mine, 1])
            & (y <= self._end[mine, 1])
        )
        return found
