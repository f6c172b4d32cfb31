"""The ways a mark can stand to its place: rings × angles × tag sides, the same for all marks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from papermap.marks.ground import Bools, Floats, Ints
from papermap.marks.model import MarkSize

Side = Literal["right", "left", "top", "bottom"]
SIDES: Final[tuple[Side, ...]] = ("right", "left", "top", "bottom")

# distances beyond the shortest displacement, mm, and every which of the angles is taken there
RANGES: Final = (
    ((0, 0.8, 1.7, 2.7, 3.8, 5.0, 6.3, 7.7), 1),
    ((9.4, 11.4, 13.8), 2),
    ((16.5, 19.5, 23.0), 2),
)
_ANGLES = 32
_VISIBLE = 0.8  # mm of leader between sign and dot at the shortest displacement
_LEADER_INTO_SIGN = 0.75  # a leader ends inside the sign: hearts and diamonds leave corners
_OWN_LEADER = 0.2  # between a leader and its own tag, mm
_OWN_DOT = 0.3  # between a dot and its own tag, mm
_DISPLACED = 6.0  # what leaving the true place costs, in mm of displacement
_SIDE_COST = (0.0, 0.2, 0.5, 0.6)  # of the tag: outward, inward, top, bottom


@dataclass(frozen=True, slots=True)
class Stances:
    """All stances of one size of mark, from the true place at (0, 0); mm.

    A stance is ``(width * spots + spot) * 4 + n``: ``width`` counts the different tags, ``n`` the
    sides in order of preference. Spot 0 is the true place.

    The rows of ``shape`` are sign x, y; tag x, y, half width; leader's middle x, y and half of
    its vector x, y (zero when not displaced); box round sign and tag: middle x, y, half width,
    half height. ``whole`` is the box round sign, tag and leader: x0, y0, x1, y1.
    """

    directions: Floats  # unit vectors
    half_widths: tuple[float, ...]  # of the tags
    at: Floats  # by spot: x, y
    turn: Ints  # by spot: index of its direction
    ring: Floats  # by spot: distance from the true place
    ranges: tuple[Ints, ...]  # spots of each range, nearest first; the true place is in none
    shape: Floats  # rows × stances
    whole: Floats  # rows × stances
    side: Ints  # by stance: index in SIDES
    cost: Floats  # by stance
    usable: Bools  # by stance: the tag leaves its own dot and leader free
    order: Ints  # stances of the first width by cost
    rank: Ints  # their places in that order
    shape32: Floats  # ``shape`` in single precision
    whole32: Floats

    @property
    def spots(self) -> int:
        return len(self.ring)


def make_stances(size: MarkSize, widths: tuple[float, ...]) -> Stances:
    """Stances for tags of the given ``widths``, mm."""
    angle = 2 * np.pi * np.arange(_ANGLES) / _ANGLES
    directions = np.column_stack([np.cos(angle), np.sin(angle)]).round(12)
    shortest = size.sign / 2 + size.dot / 2 + _VISIBLE
    ring, turn, ranges = _spots(shortest)
    at = directions[turn] * ring[:, None]
    # the tag on the far side from the dot first
    outward = np.where(at[:, 0] >= 0, 0, 1)
    top = np.full_like(outward, 2)
    side = np.column_stack([outward, 1 - outward, top, top + 1]).ravel()
    cost = np.repeat(_distance_cost(ring), 4) + np.tile(_SIDE_COST, len(ring))
    order = np.argsort(cost, kind="stable")
    parts = [_shapes(size, np.repeat(at, 4, axis=0), side, width / 2) for width in widths]
    shape = np.concatenate([shape for shape, _, _ in parts], axis=1)
    whole = np.concatenate([whole for _, whole, _ in parts], axis=1)
    return Stances(
        directions=directions,
        half_widths=tuple(width / 2 for width in widths),
        at=at,
        turn=turn,
        ring=ring,
        ranges=ranges,
        shape=shape,
        whole=whole,
        side=np.tile(side, len(widths)),
        cost=np.tile(cost, len(widths)),
        usable=np.concatenate([usable for _, _, usable in parts]),
        order=order,
        rank=np.argsort(order),
        shape32=shape.astype(np.float32),
        whole32=whole.astype(np.float32),
    )


def _spots(shortest: float) -> tuple[Floats, Ints, tuple[Ints, ...]]:
    """Distance and direction of each spot, and the spots of each range."""
    ring, turn, ranges = [np.zeros(1)], [np.zeros(1, dtype=np.int64)], []
    count = 1
    for beyond, every in RANGES:
        angles = np.arange(0, _ANGLES, every)
        ring.append(np.repeat(shortest + np.array(beyond), len(angles)))
        turn.append(np.tile(angles, len(beyond)))
        ranges.append(np.arange(count, count + len(ring[-1])))
        count += len(ring[-1])
    return np.concatenate(ring), np.concatenate(turn), tuple(ranges)


def _distance_cost(ring: Floats) -> Floats:
    """One long leader is worse than two of half its length."""
    cost: Floats = np.where(ring > 0, _DISPLACED + ring + (ring / 10) ** 2, 0.0)
    return cost


def _shapes(size: MarkSize, signs: Floats, side: Ints, half: float) -> tuple[Floats, Floats, Bools]:
    sign, high = size.sign / 2, size.tag_height / 2
    across, up = sign - size.tag_overlap + half, sign - size.tag_overlap + high
    shift = np.array([[across, 0], [-across, 0], [0, up], [0, -up]])
    tags = signs + shift[side]
    length = np.hypot(signs[:, 0], signs[:, 1])
    moved = length > 0
    part = np.where(moved, 1 - _LEADER_INTO_SIGN * sign / np.where(moved, length, 1), 1)
    vector = signs * part[:, None]
    body = np.array([half, high])
    low = np.minimum(signs - sign, tags - body)
    top = np.maximum(signs + sign, tags + body)
    halves = np.full(len(signs), half)
    columns = [signs, tags, halves, vector / 2, vector / 2, (low + top) / 2, (top - low) / 2]
    whole = np.column_stack([np.minimum(low, 0), np.maximum(top, 0)])
    clear = ~moved | _clear_of_own(size, vector, tags, half)
    return np.column_stack(columns).T.copy(), whole.T.copy(), clear


def _clear_of_own(size: MarkSize, vector: Floats, tags: Floats, half: float) -> Bools:
    """Whether the tag leaves the mark's own dot and leader free."""
    high, dot = size.tag_height / 2, size.dot / 2 + _OWN_DOT
    clear_of_dot = (np.abs(tags[:, 0]) >= half + dot) | (np.abs(tags[:, 1]) >= high + dot)
    # near the sign the leader may come close to the tag, which touches the sign too
    length = np.hypot(vector[:, 0], vector[:, 1])
    near = np.clip(0.3 * size.sign / np.where(length > 0, length, 1), 0, 1)
    vector = vector * (1 - near)[:, None] / 2
    crossed = meets(
        vector.T, vector.T, tags.T, np.array([[half + _OWN_LEADER], [high + _OWN_LEADER]])
    )
    clear: Bools = clear_of_dot & ~crossed
    return clear


def meets(middle: Floats, vector: Floats, centre: Floats, half: Floats) -> Bools:
    """Whether segments (middle ± vector) meet boxes (centre ± half): no axis parts them.

    All have the rows x and y.
    """
    away, long = centre - middle, np.abs(vector)
    near = np.abs(away) < long + half
    found: Bools = near[0] & near[1]
    across = vector[0] * away[1]
    across -= vector[1] * away[0]
    found &= np.abs(across) < long[1] * half[0] + long[0] * half[1]
    return found
