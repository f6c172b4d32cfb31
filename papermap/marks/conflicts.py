"""Which candidates cannot stand together with a given one, found when asked for and kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from papermap.marks.candidates import Pool
from papermap.marks.ground import SHARED, Bools, Floats, Ground, Ints
from papermap.marks.stances import meets

_FAN = np.cos(np.radians(20))  # leaders that share a dot part by at least this angle
_ROUNDING = 1e-3  # mm, more than single precision loses on a sheet


class Conflicts:
    """Conflicts between the candidates of a pool."""

    def __init__(self, ground: Ground, pool: Pool) -> None:
        self.places = ground.places
        self._first: list[int] = pool.first.tolist()
        self._mark = pool.mark
        self._size = ground.size
        self._off = np.float32(ground.size.clearance + _ROUNDING)
        self._shape = pool.shape
        self._whole = _coarse(pool.whole, ground)
        self._known: dict[int, Ints] = {}
        self._place = _place_of_sharing(ground.places)
        self._some_share = bool((self._place != np.arange(len(self._place))).any())
        self._marks_whole = _union(pool.first, self._whole)

    def of(self, candidate: int) -> Ints:
        """Indices of all candidates of other marks that ``candidate`` rules out."""
        if candidate not in self._known:
            self.find([candidate])
        return self._known[candidate]

    def find(self, candidates: Sequence[int]) -> None:
        """Find the conflicts of several at once, which is quicker than one by one."""
        new = [each for each in candidates if each not in self._known]
        if not new:
            return
        near = [self._near(each) for each in new]
        if len(new) == 1:
            bad = self._between(self._shape[:, new], np.array(new), near[0])
            self._known[new[0]] = near[0][bad]
            return
        counts = np.array([len(each) for each in near])
        others = np.concatenate(near)
        shape = self._shape[:, new].repeat(counts, axis=1)
        bad = self._between(shape, np.array(new).repeat(counts), others)
        ends = np.cumsum(counts).tolist()
        start = 0
        for each, end, some in zip(new, ends, near, strict=True):
            self._known[each] = some[bad[start:end]]
            start = end

    def _near(self, candidate: int) -> Ints:
        """Candidates of other marks in whose box round everything this one's lies."""
        x0, y0, x1, y1 = self._whole[:, candidate]
        marks = self._marks_whole
        close = (marks[0] < x1) & (marks[2] > x0) & (marks[1] < y1) & (marks[3] > y0)
        some = close.nonzero()[0]
        low, high = self._first[some[0]], self._first[some[-1] + 1]
        whole = self._whole[:, low:high]
        near = whole[0] < x1
        near &= whole[2] > x0
        near &= whole[1] < y1
        near &= whole[3] > y0
        mark = self._mark[candidate]
        near[self._first[mark] - low : self._first[mark + 1] - low] = False
        found: Ints = near.nonzero()[0]
        found += low
        return found

    def _between(self, shape: Floats, mine: Ints, others: Ints) -> Bools:
        """Which pairs of ``mine`` (with its ``shape``) and ``others`` cannot be.

        ``mine`` has one entry, or as many as ``others``.
        """
        off, to = self._off, self._shape.take(others, axis=1)
        sign, high = self._size.sign / 2, self._size.tag_height / 2
        # signs and tags against signs and tags: mine × theirs
        away_x = np.abs(shape[0:4:2, None] - to[None, 0:4:2])
        away_y = np.abs(shape[1:4:2, None] - to[None, 1:4:2])
        room_y = np.array([[2 * sign, sign + high], [sign + high, 2 * high]], dtype=np.float32)
        touch = away_y < room_y[:, :, None] + off
        touch[0, 0] &= away_x[0, 0] < 2 * sign + off
        touch[0, 1] &= away_x[0, 1] < to[4] + (sign + off)
        touch[1, 0] &= away_x[1, 0] < shape[4] + (sign + off)
        touch[1, 1] &= away_x[1, 1] < shape[4] + to[4] + off
        bad = touch[0, 0]
        for row, column in ((0, 1), (1, 0), (1, 1)):
            bad |= touch[row, column]
        # leaders against the boxes round sign and tag, and against leaders
        bad |= meets(to[5:7], to[7:9], shape[9:11], shape[11:13] + off)
        if shape[7:9].any():
            bad |= meets(shape[5:7], shape[7:9], to[9:11], to[11:13] + off)
            crossing = _crosses(shape[5:7], shape[7:9], to[5:7], to[7:9])
            if self._some_share:
                self._fan(crossing, mine, others)
            bad |= crossing
        found: Bools = bad
        return found

    def _fan(self, crossing: Bools, mine: Ints, others: Ints) -> None:
        """Leaders from one shared dot meet there; they must part at a clear angle."""
        same = np.flatnonzero(self._place[self._mark[mine]] == self._place[self._mark[others]])
        x, y = self._shape[7:9, np.broadcast_to(mine, others.shape)[same]]
        to_x, to_y = self._shape[7:9, others[same]]
        long = np.hypot(x, y) * np.hypot(to_x, to_y)
        crossing[same] = x * to_x + y * to_y > _FAN * long


def _place_of_sharing(places: Floats) -> Ints:
    """A number for each place, the same where several marks share one."""
    delta = places[:, None, :] - places[None, :, :]
    same: Ints = (np.hypot(delta[..., 0], delta[..., 1]) <= SHARED).argmax(axis=1)
    return same


def _crosses(middle: Floats, vector: Floats, to_middle: Floats, to_vector: Floats) -> Bools:
    """Whether segments (middle ± vector; rows x, y) cross."""
    away = to_middle - middle
    area = np.abs(vector[0] * to_vector[1] - vector[1] * to_vector[0])
    crossing: Bools = np.abs(vector[0] * away[1] - vector[1] * away[0]) < area
    crossing &= np.abs(to_vector[0] * away[1] - to_vector[1] * away[0]) < area
    return crossing


def _coarse(whole: Floats, ground: Ground) -> NDArray[np.int16]:
    """Boxes grown by half the clearance in fiftieths of a mm, rounded outwards: quick to sift."""
    corner = np.array([[ground.frame.x0], [ground.frame.y0]], dtype=np.float32)
    half = ground.size.clearance / 2 + _ROUNDING
    low = np.floor((whole[:2] - corner - half) * 50)
    high = np.ceil((whole[2:] - corner + half) * 50)
    boxes: NDArray[np.int16] = np.concatenate([low, high]).astype(np.int16)
    return boxes


def _union(first: Ints, whole: NDArray[np.int16]) -> NDArray[np.int16]:
    """Box round all candidates of each mark, as four rows; nowhere for a mark without any."""
    count = len(first) - 1
    boxes = np.empty((4, count), dtype=np.int16)
    boxes[:2], boxes[2:] = np.iinfo(np.int16).max, np.iinfo(np.int16).min
    have = np.flatnonzero(first[1:] > first[:-1])
    if len(have):
        boxes[:2, have] = np.minimum.reduceat(whole[:2], first[have], axis=1)
        boxes[2:, have] = np.maximum.reduceat(whole[2:], first[have], axis=1)
    return boxes
