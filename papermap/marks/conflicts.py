"""Which candidates cannot stand together with a given one, found when asked for and kept."""

from __future__ import annotations

import numpy as np

from papermap.marks.candidates import Pool, segment_meets_box
from papermap.marks.ground import SHARED, Bools, Floats, Ground, Ints

_FAN = np.cos(np.radians(20))  # leaders that share a dot part by at least this angle


class Conflicts:
    """Conflicts between the candidates of a pool."""

    def __init__(self, ground: Ground, pool: Pool) -> None:
        self._pool = pool
        self._size = ground.size
        self._whole = np.ascontiguousarray(pool.whole.T)
        self._known: dict[int, Ints] = {}
        self._shares = _sharing(ground.places)
        self._marks_whole = _union(pool)

    def of(self, candidate: int) -> Ints:
        """Indices of all candidates of other marks that ``candidate`` rules out, ascending."""
        found = self._known.get(candidate)
        if found is None:
            near = self._near(candidate)
            found = near[self.between(candidate, near)]
            self._known[candidate] = found
        return found

    def _near(self, candidate: int) -> Ints:
        pool = self._pool
        mark = int(pool.mark[candidate])
        off = self._size.clearance
        x0, y0, x1, y1 = pool.whole[candidate] + np.array([-off, -off, off, off])
        marks = self._marks_whole
        close = np.flatnonzero(
            (marks[0] < x1) & (marks[2] > x0) & (marks[1] < y1) & (marks[3] > y0)
        )
        low, high = int(pool.first[close[0]]), int(pool.first[close[-1] + 1])
        whole = self._whole[:, low:high]
        near = (whole[0] < x1) & (whole[2] > x0) & (whole[1] < y1) & (whole[3] > y0)
        near[pool.first[mark] - low : pool.first[mark + 1] - low] = False
        found: Ints = np.flatnonzero(near) + low
        return found

    def between(self, candidate: int, others: Ints) -> Bools:
        """Which of ``others`` (candidates of other marks) conflict with ``candidate``."""
        size = self._size
        off = size.clearance
        sign, high = size.sign / 2, size.tag_height / 2
        mine = self._pool.shape[candidate]
        sign_x, sign_y, tag_x, tag_y, half, mid_x, mid_y, vec_x, vec_y = mine
        theirs = np.ascontiguousarray(self._pool.shape[others].T)
        x, y, their_tag_x, their_tag_y, their_half, mx, my, vx, vy = theirs
        bad = (np.abs(x - sign_x) < 2 * sign + off) & (np.abs(y - sign_y) < 2 * sign + off)
        bad |= (np.abs(their_tag_x - sign_x) < their_half + (sign + off)) & (
            np.abs(their_tag_y - sign_y) < high + sign + off
        )
        bad |= (np.abs(x - tag_x) < half + sign + off) & (np.abs(y - tag_y) < high + sign + off)
        bad |= (np.abs(their_tag_x - tag_x) < their_half + (half + off)) & (
            np.abs(their_tag_y - tag_y) < 2 * high + off
        )
        bad |= _meets(mid_x, mid_y, vec_x, vec_y, x, y, sign + off, sign + off)
        bad |= _meets(
            mid_x, mid_y, vec_x, vec_y, their_tag_x, their_tag_y, their_half + off, high + off
        )
        bad |= _meets(mx, my, vx, vy, sign_x, sign_y, sign + off, sign + off)
        bad |= _meets(mx, my, vx, vy, tag_x, tag_y, half + off, high + off)
        crossing = _crosses(mid_x, mid_y, vec_x, vec_y, mx, my, vx, vy)
        self._fan(candidate, others, crossing, vx, vy)
        bad |= crossing
        return bad

    def _fan(self, candidate: int, others: Ints, crossing: Bools, vx: Floats, vy: Floats) -> None:
        """Leaders from one shared dot meet there; they must part at a clear angle."""
        mark = int(self._pool.mark[candidate])
        sharing = self._shares.get(mark)
        if sharing is None:
            return
        same = np.flatnonzero(np.isin(self._pool.mark[others], sharing))
        vec_x, vec_y = self._pool.shape[candidate, 7:9]
        long = np.hypot(vec_x, vec_y) * np.hypot(vx[same], vy[same])
        crossing[same] = vec_x * vx[same] + vec_y * vy[same] > _FAN * long


def _meets(mx, my, vx, vy, x, y, half_width, half_height):  # type: ignore[no-untyped-def]
    ax, ay = np.abs(vx), np.abs(vy)
    dx, dy = x - mx, y - my
    return (
        (np.abs(dx) < ax + half_width)
        & (np.abs(dy) < ay + half_height)
        & (np.abs(vx * dy - vy * dx) < ay * half_width + ax * half_height)
    )


def _crosses(ax, ay, ux, uy, bx, by, vx, vy):  # type: ignore[no-untyped-def]
    dx, dy = bx - ax, by - ay
    area = np.abs(ux * vy - uy * vx)
    return (np.abs(ux * dy - uy * dx) < area) & (np.abs(vx * dy - vy * dx) < area)


def _sharing(places: Floats) -> dict[int, Ints]:
    """Marks whose places are one and the same as another's: mark → those it shares it with."""
    delta = places[:, None, :] - places[None, :, :]
    same = np.hypot(delta[..., 0], delta[..., 1]) <= SHARED
    np.fill_diagonal(same, val=False)
    return {int(mark): np.flatnonzero(same[mark]) for mark in np.flatnonzero(same.any(axis=1))}


def _union(pool: Pool) -> Floats:
    """Box round all candidates of each mark, as four rows; nowhere for a mark without any."""
    count = len(pool.first) - 1
    boxes = np.full((4, count), np.nan)
    have = np.flatnonzero(pool.first[1:] > pool.first[:-1])
    if len(have):
        starts = pool.first[have]
        boxes[:2, have] = np.minimum.reduceat(pool.whole[:, :2], starts, axis=0).T
        boxes[2:, have] = np.maximum.reduceat(pool.whole[:, 2:], starts, axis=0).T
    return boxes
