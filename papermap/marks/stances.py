"""The ways a mark can stand to its place: rings × angles × tag sides, by kind of mark."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from papermap.marks.ground import Bools, Floats, Ints
from papermap.marks.model import MarkSize, TagSide

SIDES: Final[tuple[TagSide, ...]] = ("right", "left", "top", "bottom")

# distances beyond the shortest displacement, mm, and every which of the angles is taken there
RANGES: Final = ((0, 0.6, 1.3, 2), (2.7, 3.8, 5.0), (6.3, 7.7, 9.4, 11.4), (13.8, 16.5, 19.5, 23.0))
_ANGLES = 32
_VISIBLE = 0.8  # mm of leader between sign and dot at the shortest displacement
_LEADER_INTO_SIGN = 0.75  # a leader ends inside the sign: hearts and diamonds leave corners
_INTO_STACK = 0.05  # mm; at a stack's edge
_OWN_LEADER = 0.2  # between a leader and its own tag, mm
_OWN_DOT = 0.3  # between a dot and its own tag or stack, mm
_DISPLACED = 5.0  # what leaving the true place costs, in mm of displacement
_SIDE_COST = (0.0, 0.2, 0.5, 0.6)  # of the tag: outward, inward, top, bottom


@dataclass(frozen=True, slots=True)
class Kind:
    """What is drawn, half sides in mm: a sign with a tag at its side, or a stack of several."""

    sign: tuple[float, float]
    tag: tuple[float, float]  # of a stack, which is all sign, none
    stacked: bool = False
    on_place: bool = True  # whether it may stand on its true place

    def edge(self, directions: Floats) -> Floats:
        """From its middle to its edge in each direction, mm; signs are round."""
        if not self.stacked:
            return np.full(len(directions), self.sign[0])
        with np.errstate(divide="ignore"):
            reach: Floats = np.min(np.array(self.sign) / np.abs(directions), axis=1)
        return reach


@dataclass(frozen=True, slots=True)
class Stances:
    """All stances of some kinds of mark, from the true place at (0, 0); mm.

    A stance is ``(kind * spots + spot) * 4 + n``: ``n`` counts the sides in order of preference.
    Spot 0 is the true place.

    The rows of ``shape`` are sign x, y; tag x, y, half width; leader's middle x, y and half of
    its vector x, y (zero when not displaced); box round sign and tag: middle x, y, half width,
    half height; half width and height of the sign; half height of the tag. ``whole`` is the box
    round sign, tag and leader: x0, y0, x1, y1.
    """

    directions: Floats  # unit vectors
    kinds: tuple[Kind, ...]
    at: Floats  # by kind and spot: x, y
    turn: Ints  # by spot: index of its direction
    needed: Floats  # by kind and spot: length of the leader that can be seen
    ranges: tuple[Ints, ...]  # spots of each range, nearest first; the true place is in none
    shape: Floats  # rows × stances
    whole: Floats  # rows × stances
    side: Ints  # by stance: index in SIDES
    cost: Floats  # by stance
    displaced: Bools  # by stance
    usable: Bools  # by stance: the tag leaves its own dot and leader free
    order: Ints  # stances of one kind by cost
    rank: Ints  # their places in that order
    shape32: Floats  # ``shape`` in single precision
    whole32: Floats

    @property
    def spots(self) -> int:
        return len(self.turn)


def make_stances(size: MarkSize, kinds: tuple[Kind, ...]) -> Stances:
    """Stances of some kinds of mark."""
    angle = 2 * np.pi * np.arange(_ANGLES) / _ANGLES
    directions = np.column_stack([np.cos(angle), np.sin(angle)]).round(12)
    beyond, turn, ranges = _spots()
    away = directions[turn]
    moved = np.arange(len(turn)) > 0
    gap = np.where(moved, size.dot / 2 + _VISIBLE + beyond, 0.0)
    edges = np.stack([kind.edge(directions)[turn] * moved for kind in kinds])
    at = away * (edges + gap)[..., None]
    # the tag on the far side from the dot first; what a spot costs is the same for all kinds
    outward = np.where(away[:, 0] * moved >= 0, 0, 1)
    top = np.full_like(outward, 2)
    side = np.column_stack([outward, 1 - outward, top, top + 1]).ravel()
    distance = np.where(moved, size.sign / 2 + gap, 0.0)
    cost = np.repeat(_distance_cost(distance), 4) + np.tile(_SIDE_COST, len(turn))
    order = np.argsort(cost, kind="stable")
    parts = [
        _shapes(size, kind, np.repeat(at[n], 4, axis=0), np.repeat(edges[n], 4), side)
        for n, kind in enumerate(kinds)
    ]
    shape = np.concatenate([shape for shape, _, _ in parts], axis=1)
    whole = np.concatenate([whole for _, whole, _ in parts], axis=1)
    return Stances(
        directions=directions,
        kinds=kinds,
        at=at,
        turn=turn,
        needed=np.broadcast_to(gap, edges.shape),
        ranges=ranges,
        shape=shape,
        whole=whole,
        side=np.tile(side, len(kinds)),
        cost=np.tile(cost, len(kinds)),
        displaced=np.tile(np.repeat(moved, 4), len(kinds)),
        usable=np.concatenate([usable for _, _, usable in parts]),
        order=order,
        rank=np.argsort(order),
        shape32=shape.astype(np.float32),
        whole32=whole.astype(np.float32),
    )


def _spots() -> tuple[Floats, Ints, tuple[Ints, ...]]:
    """Distance beyond the shortest and direction of each spot, and the spots of each range.

    Within a range every fourth direction comes first, then those between, so that its first spots
    lie all around and at all its distances.
    """
    ring, turn, ranges = [np.zeros(1)], [np.zeros(1, dtype=np.int64)], []
    angles = np.arange(_ANGLES)
    classes = np.select([angles % 4 == 0, angles % 2 == 0], [0, 1], 2)
    count = 1
    for some in RANGES:
        beyond, angle = (each.ravel() for each in np.meshgrid(np.array(some), angles))
        order = np.lexsort((angle, beyond, classes[angle]))
        ring.append(beyond[order])
        turn.append(angle[order])
        ranges.append(np.arange(count, count + len(order)))
        count += len(order)
    return np.concatenate(ring), np.concatenate(turn), tuple(ranges)


def _distance_cost(ring: Floats) -> Floats:
    """One long leader is worse than two of half its length."""
    cost: Floats = np.where(ring > 0, _DISPLACED + ring**2 / 8, 0.0)
    return cost


def _shapes(
    size: MarkSize, kind: Kind, signs: Floats, edge: Floats, side: Ints
) -> tuple[Floats, Floats, Bools]:
    tag, half = np.array(kind.tag), np.array(kind.sign)
    across, up = half - size.tag_overlap + tag
    shift = np.array([[across, 0], [-across, 0], [0, up], [0, -up]])
    tags = signs if kind.stacked else signs + shift[side]
    length = np.hypot(signs[:, 0], signs[:, 1])
    moved = length > 0
    into = edge - _INTO_STACK if kind.stacked else _LEADER_INTO_SIGN * half[0]
    part = np.where(moved, 1 - into / np.where(moved, length, 1), 1)
    vector = signs * part[:, None]
    low = np.minimum(signs - half, tags - tag)
    top = np.maximum(signs + half, tags + tag)
    columns = [signs, tags, np.full(len(signs), tag[0]), vector / 2, vector / 2]
    columns += [(low + top) / 2, (top - low) / 2]
    columns += [np.full_like(signs, half), np.full(len(signs), tag[1])]
    whole = np.column_stack([np.minimum(low, 0), np.maximum(top, 0)])
    if kind.stacked:
        clear = _beside_dot(size, signs, half)
        clear[np.arange(len(signs)) % 4 > 0] = False  # a stack has no sides
        clear[0] = kind.on_place
    else:
        clear = _clear_of_own(size, vector, tags, tag)
        clear[~moved] = True
    return np.column_stack(columns).T.copy(), whole.T.copy(), clear


def _beside_dot(size: MarkSize, centre: Floats, half: Floats) -> Bools:
    """Whether a box leaves the dot at the true place free."""
    clear: Bools = np.any(np.abs(centre) >= half + size.dot / 2 + _OWN_DOT, axis=1)
    return clear


def _clear_of_own(size: MarkSize, vector: Floats, tags: Floats, half: Floats) -> Bools:
    """Whether the tag leaves the mark's own dot and leader free."""
    # near the sign the leader may come close to the tag, which touches the sign too
    length = np.hypot(vector[:, 0], vector[:, 1])
    near = np.clip(0.3 * size.sign / np.where(length > 0, length, 1), 0, 1)
    vector = vector * (1 - near)[:, None] / 2
    crossed = meets(vector.T, vector.T, tags.T, (half + _OWN_LEADER)[:, None])
    clear: Bools = _beside_dot(size, tags, half) & ~crossed
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
