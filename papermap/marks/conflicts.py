"""Which candidates cannot stand together with a given one, found when asked for and kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from papermap.marks.candidates import Pool
from papermap.marks.ground import SHARED, Bools, Floats, Ground, Ints

_FAN = np.cos(np.radians(20))  # leaders that share a dot part by at least this angle
_LEADERS_APART = 1.5  # of the clearance
_ROUNDING = 1e-3  # mm, more than single precision loses on a sheet

# rows of the table of candidates
_BOXES = slice(0, 4)  # x of sign and tag, y of sign and tag
_HALVES = slice(4, 8)  # half widths of both, half heights of both
_MIDDLES = slice(8, 12)  # box round both ("body"): x, y; leader's middle: x, y
_MIDDLES_TURNED = [10, 11, 8, 9]
_MIDDLE = slice(10, 12)
_REACHES = slice(12, 16)  # half sides of the body; half of the leader across and up
_REACHES_TURNED = [14, 15, 12, 13]
_BODY = slice(12, 14)
_LEADER = [16, 17, 14, 15]  # half of its vector; the same without signs
_REACH = slice(14, 16)
_VECTOR_AND_LENGTH = slice(16, 19)


class Conflicts:
    """Conflicts between the candidates of a pool."""

    def __init__(self, ground: Ground, pool: Pool) -> None:
        self.places = ground.places
        self._first: list[int] = pool.first.tolist()
        self._mark = pool.mark
        off = ground.size.clearance + _ROUNDING
        self._table = _table(pool, off)
        self._whole = _coarse(pool.whole, ground)
        self._known: dict[int, Ints] = {}
        self._apart = _LEADERS_APART * ground.size.clearance
        self._side_by_side = ground.size.dot + self._apart  # places nearer than this are
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
        mine = self._table.take(new, axis=1)
        if len(new) == 1:
            self._known[new[0]] = near[0][self._between(mine, np.array(new), near[0])]
            return
        counts = np.array([len(each) for each in near])
        others = np.concatenate(near)
        bad = self._between(mine.repeat(counts, axis=1), np.array(new).repeat(counts), others)
        ends = np.cumsum(counts).tolist()
        start = 0
        for each, end, some in zip(new, ends, near, strict=True):
            self._known[each] = some[bad[start:end]]
            start = end

    def between(self, candidates: Ints, others: Ints) -> Bools:
        """Which pairs of candidates, one of each array, cannot be."""
        return self._between(self._table.take(candidates, axis=1), candidates, others)

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

    def _between(self, mine: Floats, candidates: Ints, others: Ints) -> Bools:
        """Which pairs of ``candidates`` (their columns: ``mine``) and ``others`` cannot be.

        There is one candidate, or as many as others. Many small arrays are slower than few
        large ones, so that alike tests are done together.
        """
        to = self._table.take(others, axis=1)
        # signs and tags against signs and tags: axis × mine × theirs
        near = np.abs(to[_BOXES].reshape(2, 1, 2, -1) - mine[_BOXES].reshape(2, 2, 1, -1)) < to[
            _HALVES
        ].reshape(2, 1, 2, -1) + mine[_HALVES].reshape(2, 2, 1, -1)
        bad: Bools = (near[0] & near[1]).reshape(4, -1).any(axis=0)
        # my leader against the box round their sign and tag, then theirs against mine
        away = to[_MIDDLES] - mine[_MIDDLES_TURNED]
        near = (np.abs(away) < to[_REACHES] + mine[_REACHES_TURNED]).reshape(2, 2, -1)
        near = near[:, 0] & near[:, 1]
        vec_x, vec_y, long_x, long_y = mine[_LEADER]
        to_x, to_y, to_long_x, to_long_y = to[_LEADER]
        half_x, half_y = mine[_BODY]
        near[1] &= np.abs(to_x * away[3] - to_y * away[2]) < to_long_y * half_x + to_long_x * half_y
        bad |= near[1]
        if not long_x.any() and not long_y.any():
            return bad
        half_x, half_y = to[_BODY]
        near[0] &= np.abs(vec_x * away[1] - vec_y * away[0]) < long_y * half_x + long_x * half_y
        bad |= near[0]
        # leaders against leaders, where the boxes round them are near
        away = np.abs(to[_MIDDLE] - mine[_MIDDLE])
        near = away < to[_REACH] + (mine[_REACH] + self._apart)
        some = (near[0] & near[1] & ~bad).nonzero()[0]
        if len(some):
            if mine.shape[1] > 1:
                mine, candidates = mine[:, some], candidates[some]
            bad[some] = self._leaders_meet(mine, to[:, some], candidates, others[some])
        return bad

    def _leaders_meet(self, mine: Floats, to: Floats, candidates: Ints, others: Ints) -> Bools:
        """Which pairs of leaders cross, or run so near that one might be taken for the other."""
        off = self._apart
        x, y, long = mine[_VECTOR_AND_LENGTH]
        to_x, to_y, to_long = to[_VECTOR_AND_LENGTH]
        away_x, away_y = to[_MIDDLE] - mine[_MIDDLE]
        area, along = np.abs(x * to_y - y * to_x), x * to_x + y * to_y
        across, to_across = np.abs(x * away_y - y * away_x), np.abs(to_x * away_y - to_y * away_x)
        beside = (across < area + off * long) & (to_across < area + off * to_long)
        beside &= np.abs(x * away_x + y * away_y) < long * (long + off) + np.abs(along)
        beside &= np.abs(to_x * away_x + to_y * away_y) < to_long * (to_long + off) + np.abs(along)
        # leaders of one place or of places side by side begin together, but part at a clear angle
        delta = self.places[self._mark[candidates]] - self.places[self._mark[others]]
        between = np.hypot(*delta.T)
        crossing = (across < area) & (to_across < area) & (between > SHARED)
        fan = beside & (crossing | (along > _FAN * long * to_long))
        meet: Bools = np.where(between < self._side_by_side, fan, beside)
        return meet


def _table(pool: Pool, off: float) -> Floats:
    """What the tests need of each candidate, in rows side by side as they are used.

    Half the clearance is in the half sides of signs and tags, all of it in those of bodies.
    """
    (
        x,
        y,
        tag_x,
        tag_y,
        tag_wide,
        mid_x,
        mid_y,
        vec_x,
        vec_y,
        *body,
        sign_wide,
        sign_high,
        tag_high,
    ) = pool.shape
    body_x, body_y, wide, high = body
    boxes = [x, tag_x, y, tag_y]
    halves = [each + np.float32(off / 2) for each in (sign_wide, tag_wide, sign_high, tag_high)]
    middles = [body_x, body_y, mid_x, mid_y]
    reaches = [wide + np.float32(off), high + np.float32(off), np.abs(vec_x), np.abs(vec_y)]
    return np.stack([*boxes, *halves, *middles, *reaches, vec_x, vec_y, np.hypot(vec_x, vec_y)])


def _coarse(whole: Floats, ground: Ground) -> NDArray[np.int16]:
    """Boxes grown by half the clearance in fiftieths of a mm, rounded outwards: quick to sift."""
    corner = np.array([[ground.frame.x0], [ground.frame.y0]], dtype=np.float32)
    half = _LEADERS_APART * ground.size.clearance / 2 + _ROUNDING
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
