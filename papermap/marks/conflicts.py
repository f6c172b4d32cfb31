"""Which candidates cannot stand together with a given one, found when asked for and kept."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

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
        self._whole = pool.whole
        self._known: dict[int, Ints] = {}
        self._place = _place_of_sharing(ground.places)
        self._marks_whole = _union(pool)

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
        counts = np.array([len(each) for each in near])
        mine, others = np.repeat(np.array(new), counts), np.concatenate(near)
        bad = self._between(self._shape[:, new].repeat(counts, axis=1), mine, others)
        ends = np.cumsum(counts).tolist()
        start = 0
        for each, end, some in zip(new, ends, near, strict=True):
            self._known[each] = some[bad[start:end]]
            start = end

    def _near(self, candidate: int) -> Ints:
        """Candidates of other marks in whose box round everything this one's lies."""
        x0, y0, x1, y1 = self._whole[:, candidate]
        x0, y0, x1, y1 = x0 - self._off, y0 - self._off, x1 + self._off, y1 + self._off
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
        """Which pairs of ``mine`` (with its ``shape``) and ``others`` cannot be."""
        off, sign, high = self._off, self._size.sign / 2, self._size.tag_height / 2
        x, y, tag_x, tag_y, half, mid_x, mid_y, vec_x, vec_y, *body = shape
        (
            to_x,
            to_y,
            to_tag_x,
            to_tag_y,
            to_half,
            to_mid_x,
            to_mid_y,
            to_vec_x,
            to_vec_y,
            *to_body,
        ) = self._shape[:, others]
        # signs and tags against signs and tags
        bad = (np.abs(x - to_x) < 2 * sign + off) & (np.abs(y - to_y) < 2 * sign + off)
        bad |= (np.abs(x - to_tag_x) < to_half + (sign + off)) & (
            np.abs(y - to_tag_y) < high + sign + off
        )
        bad |= (np.abs(to_x - tag_x) < half + (sign + off)) & (
            np.abs(to_y - tag_y) < high + sign + off
        )
        bad |= (np.abs(to_tag_x - tag_x) < half + to_half + off) & (
            np.abs(to_tag_y - tag_y) < 2 * high + off
        )
        # leaders against the boxes round sign and tag
        leader, to_leader = (mid_x, mid_y, vec_x, vec_y), (to_mid_x, to_mid_y, to_vec_x, to_vec_y)
        bad |= meets(*leader, to_body[0], to_body[1], to_body[2] + off, to_body[3] + off)
        bad |= meets(*to_leader, body[0], body[1], body[2] + off, body[3] + off)
        # leaders against leaders
        away_x, away_y = to_mid_x - mid_x, to_mid_y - mid_y
        area = np.abs(vec_x * to_vec_y - vec_y * to_vec_x)
        crossing = np.abs(vec_x * away_y - vec_y * away_x) < area
        crossing &= np.abs(to_vec_x * away_y - to_vec_y * away_x) < area
        if self._place is not None:
            self._fan(crossing, mine, others)
        bad |= crossing
        found: Bools = bad
        return found

    def _fan(self, crossing: Bools, mine: Ints, others: Ints) -> None:
        """Leaders from one shared dot meet there; they must part at a clear angle."""
        assert self._place is not None
        same = np.flatnonzero(self._place[self._mark[mine]] == self._place[self._mark[others]])
        x, y = self._shape[7:9, mine[same]]
        to_x, to_y = self._shape[7:9, others[same]]
        long = np.hypot(x, y) * np.hypot(to_x, to_y)
        crossing[same] = x * to_x + y * to_y > _FAN * long


def _place_of_sharing(places: Floats) -> Ints | None:
    """A number for each place, the same where several marks share one; None when none do."""
    delta = places[:, None, :] - places[None, :, :]
    same = np.hypot(delta[..., 0], delta[..., 1]) <= SHARED
    first: Ints = same.argmax(axis=1)
    return first if (first != np.arange(len(places))).any() else None


def _union(pool: Pool) -> Floats:
    """Box round all candidates of each mark, as four rows; nowhere for a mark without any."""
    count = len(pool.first) - 1
    boxes = np.full((4, count), np.nan, dtype=np.float32)
    have = np.flatnonzero(pool.first[1:] > pool.first[:-1])
    if len(have):
        starts = pool.first[have]
        boxes[:2, have] = np.minimum.reduceat(pool.whole[:2], starts, axis=1)
        boxes[2:, have] = np.maximum.reduceat(pool.whole[2:], starts, axis=1)
    return boxes
