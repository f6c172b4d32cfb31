"""Every way a mark may stand: on its place, or displaced by rings × angles × tag sides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from papermap.marks.ground import Bools, Floats, Ground, Ints
from papermap.marks.model import MarkSize

SIDES = ("right", "left", "top", "bottom")
ANGLES = 32
DISPLACED = 6.0  # what leaving the true place costs, in mm of displacement
_LEADER_INTO_SIGN = 0.75  # a leader ends inside the sign, as circles and hearts miss the corners
_OWN_LEADER = 0.2  # between a leader and its own tag, mm
_SIDE_COST = np.array([0.0, 0.2, 0.5, 0.6])


@dataclass(frozen=True, slots=True)
class Pool:
    """Candidates of all marks, cheapest first within a mark (arrays of equal length; mm).

    ``first[i]:first[i + 1]`` are those of mark ``i``. ``shape`` has the columns sign x, y; tag
    x, y, half width; leader's middle x, y and half of its vector x, y. ``whole`` is the box
    round sign, tag and leader.
    """

    first: Ints
    mark: Ints
    cost: Floats
    side: Ints
    displaced: Bools
    shape: Floats
    whole: Floats


def displacement(size: MarkSize) -> float:
    """Shortest displacement whose leader can still be seen, mm."""
    return size.sign / 2 + size.dot / 2 + 0.8


def on_place(ground: Ground, widths: Floats) -> Pool:
    """Undisplaced candidates: the sign on its place, the tag on each of four sides."""
    count = len(widths)
    owner = np.repeat(np.arange(count), 4)
    side = np.tile(np.arange(4), count)
    signs = ground.places[owner]
    good = _signs_free(ground, signs, owner)
    owner, side, signs = owner[good], side[good], signs[good]
    good = _tags_free(ground, signs, owner, side, widths)
    return _pool(
        ground, widths, owner[good], side[good], signs[good], _SIDE_COST[side[good]], False
    )


def displaced(ground: Ground, widths: Floats, owner: Ints, rings: Floats, most: int) -> Pool:
    """Candidates of the marks ``owner`` at the distances ``rings`` from their places.

    At most about ``most`` per mark, the cheapest.
    """
    angle = 2 * np.pi * np.arange(ANGLES) / ANGLES
    directions = np.column_stack([np.cos(angle), np.sin(angle)])
    turn, ring = (grid.ravel() for grid in np.meshgrid(np.arange(ANGLES), rings))
    size = ground.size
    inside_sign = size.sign / 2
    reach = ground.reach(owner, directions, float(rings[-1]))
    rows, spots = np.nonzero(reach[:, turn] >= (ring - inside_sign)[None, :])
    signs = ground.places[owner[rows]] + directions[turn[spots]] * ring[spots][:, None]
    good = _signs_free(ground, signs, owner[rows])
    rows, spots, signs = rows[good], spots[good], signs[good]
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    good = rank < most
    rows, spots, signs = rows[good], spots[good], signs[good]
    # the tag on the far side from the dot first
    outward = np.where(directions[turn[spots], 0] >= -1e-9, 0, 1)
    side = np.column_stack(
        [outward, 1 - outward, np.full_like(outward, 2), np.full_like(outward, 3)]
    )
    side = side.ravel()
    rows, spots, signs = (np.repeat(each, 4, axis=0) for each in (rows, spots, signs))
    cost = DISPLACED + ring[spots] + np.tile(_SIDE_COST, len(rows) // 4)
    good = _clear_of_own(ground, signs, owner[rows], side, widths)
    good[good] = _tags_free(ground, signs[good], owner[rows[good]], side[good], widths)
    owners = owner[rows[good]]
    return _pool(ground, widths, owners, side[good], signs[good], cost[good], True)


def merged(pools: Sequence[Pool]) -> Pool:
    """One pool of several, sorted again by mark and cost."""
    mark = np.concatenate([pool.mark for pool in pools])
    cost = np.concatenate([pool.cost for pool in pools])
    order = np.lexsort((cost, mark))
    count = len(pools[0].first) - 1
    return Pool(
        np.searchsorted(mark[order], np.arange(count + 1)),
        mark[order],
        cost[order],
        np.concatenate([pool.side for pool in pools])[order],
        np.concatenate([pool.displaced for pool in pools])[order],
        np.concatenate([pool.shape for pool in pools])[order],
        np.concatenate([pool.whole for pool in pools])[order],
    )


def _tags(size: MarkSize, signs: Floats, side: Ints, widths: Floats) -> tuple[Floats, Floats]:
    """Centres and half widths of the tags."""
    across = size.sign / 2 - size.tag_overlap + widths / 2
    up = size.sign / 2 - size.tag_overlap + size.tag_height / 2
    shift_x = np.choose(side, [across, -across, 0 * across, 0 * across])
    shift_y = np.choose(side, [0, 0, up, -up])
    return signs + np.column_stack([shift_x, shift_y]), widths / 2


def _signs_free(ground: Ground, signs: Floats, owner: Ints) -> Bools:
    half = ground.size.sign / 2
    x, y = signs[:, 0], signs[:, 1]
    return ground.free(x - half, y - half, x + half, y + half, owner)


def _tags_free(ground: Ground, signs: Floats, owner: Ints, side: Ints, widths: Floats) -> Bools:
    tags, half = _tags(ground.size, signs, side, widths[owner])
    high = ground.size.tag_height / 2
    x, y = tags[:, 0], tags[:, 1]
    return ground.free(x - half, y - high, x + half, y + high, owner)


def _clear_of_own(ground: Ground, signs: Floats, owner: Ints, side: Ints, widths: Floats) -> Bools:
    """Whether the tag leaves the mark's own dot and leader free."""
    size = ground.size
    tags, half = _tags(size, signs, side, widths[owner])
    places = ground.places[owner]
    middle, vector = (places + signs) / 2, (signs - places) / 2
    # the part of the leader near the sign is no obstacle to the tag that touches the sign
    length = np.hypot(vector[:, 0], vector[:, 1]) * 2
    shorter = (size.sign / 2) / length
    middle, vector = middle - vector * shorter[:, None], vector * (1 - shorter)[:, None]
    high = size.tag_height / 2
    dot = size.dot / 2 + 0.3
    away = np.abs(places - tags)
    clear_dot = (away[:, 0] >= half + dot) | (away[:, 1] >= high + dot)
    clear_leader = ~segment_meets_box(
        middle, vector, tags, half + _OWN_LEADER, np.full(len(half), high + _OWN_LEADER)
    )
    both: Bools = clear_dot & clear_leader
    return both


def segment_meets_box(
    middle: Floats, vector: Floats, centre: Floats, half_width: Floats, half_height: Floats
) -> Bools:
    """Whether segments (middle ± vector) meet boxes: no axis separates them."""
    away_x = centre[..., 0] - middle[..., 0]
    away_y = centre[..., 1] - middle[..., 1]
    long_x, long_y = np.abs(vector[..., 0]), np.abs(vector[..., 1])
    meets: Bools = (
        (np.abs(away_x) < long_x + half_width)
        & (np.abs(away_y) < long_y + half_height)
        & (
            np.abs(vector[..., 0] * away_y - vector[..., 1] * away_x)
            < long_y * half_width + long_x * half_height
        )
    )
    return meets


def _pool(
    ground: Ground,
    widths: Floats,
    owner: Ints,
    side: Ints,
    signs: Floats,
    cost: Floats,
    is_displaced: bool,
) -> Pool:
    size = ground.size
    tags, half = _tags(size, signs, side, widths[owner])
    places = ground.places[owner]
    vector = signs - places
    if is_displaced:
        length = np.hypot(vector[:, 0], vector[:, 1])
        vector = vector * (1 - _LEADER_INTO_SIGN * size.sign / 2 / length)[:, None]
    shape = np.column_stack([signs, tags, half, places + vector / 2, vector / 2])
    sign, high = size.sign / 2, size.tag_height / 2
    low = np.minimum(signs - sign, tags - np.column_stack([half, np.full(len(half), high)]))
    top = np.maximum(signs + sign, tags + np.column_stack([half, np.full(len(half), high)]))
    whole = np.column_stack([np.minimum(low, places), np.maximum(top, places)])
    first = np.searchsorted(owner, np.arange(len(widths) + 1))
    return Pool(first, owner, cost, side, np.full(len(owner), is_displaced), shape, whole)
