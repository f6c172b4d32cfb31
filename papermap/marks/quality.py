"""How good a placement is, measured anew from its boxes and lines, apart from the search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from papermap.marks.ground import SHARED
from papermap.marks.model import PlacedMark, Placement
from papermap.units import Box

Pairs = set[tuple[int, int]]

_TOUCH = 1e-6  # mm
_BESIDE = 1.6  # clearances between the dots of places that are side by side, at most


@dataclass(frozen=True, slots=True)
class Quality:
    """Figures of one placement; distances between sign and true place of displaced marks, mm."""

    displaced: int
    mean_mm: float
    max_mm: float
    unplaced: int
    overlaps: int
    crossings: int


def quality(placement: Placement, frame: Box, *, clearance: float = 0.0) -> Quality:
    """Measure a placement.

    ``overlaps`` counts pairs of marks nearer than ``clearance`` mm to one another (signs, tags,
    dots and leaders, each against the other's signs and tags) and marks not wholly in the frame;
    ``crossings`` counts leaders that cross another, run nearer than ``clearance`` to one of a place
    that is not beside their own, or run through another's dot.
    """
    marks = placement.marks
    moved = [
        float(np.hypot(mark.x - mark.true_x, mark.y - mark.true_y))
        for mark in marks
        if mark.displaced
    ]
    return Quality(
        len(moved),
        sum(moved) / len(moved) if moved else 0.0,
        max(moved, default=0.0),
        len(placement.unplaced),
        _overlaps(placement, clearance) + _outside(placement, frame),
        _crossings(placement, clearance),
    )


def _outside(placement: Placement, frame: Box) -> int:
    grown = frame.grown(_TOUCH)
    return sum(
        not (grown.contains(box.x0, box.y0) and grown.contains(box.x1, box.y1))
        for mark in placement.marks
        for box in mark.body(placement.size)
    )


def _pairs(left: Sequence[object], right: Sequence[object], nearer: float) -> Pairs:
    """Positions of those that are nearer than so many mm to one another."""
    if not len(left) or not len(right):
        return set()
    tree = shapely.STRtree(right)
    found = tree.query(left, predicate="dwithin", distance=nearer)
    return {(int(one), int(two)) for one, two in found.T}


def _overlaps(placement: Placement, clearance: float) -> int:
    size, marks = placement.size, placement.marks
    boxes = [(n, box) for n, mark in enumerate(marks) for box in mark.body(size)]
    # two that only touch are no overlap
    near = max(clearance - _TOUCH, 0.0)
    edges = np.array([box.grown(-_TOUCH) for _, box in boxes]).reshape(-1, 4)
    bodies = shapely.box(*edges.T)
    ends = np.array([mark.leader or ((mark.x, mark.y),) * 2 for mark in marks]).reshape(-1, 2, 2)
    dots = [shapely.Point(mark.true_x, mark.true_y) for mark in marks]
    owner = [n for n, _ in boxes]
    found = {(owner[one], owner[two]) for one, two in _pairs(bodies, bodies, near)}
    reach = size.dot / 2 + near - _TOUCH
    for things, nearer in ((dots, reach), (shapely.linestrings(ends), near)):
        found |= {(one, owner[two]) for one, two in _pairs(things, bodies, nearer)}
    return len({(min(pair), max(pair)) for pair in found if pair[0] != pair[1]})


def _crossings(placement: Placement, clearance: float) -> int:
    marks = [mark for mark in placement.marks if mark.leader is not None]
    leaders = [shapely.LineString(mark.leader) for mark in marks]
    radius = placement.size.dot / 2
    count = 0
    for one, two in _pairs(leaders, leaders, max(clearance - _TOUCH, 0.0)):
        if one >= two:
            continue
        apart = _apart(marks[one], marks[two])
        if apart > SHARED:
            beside = apart < 2 * radius + _BESIDE * clearance
            count += not beside or leaders[one].intersects(leaders[two])
            continue
        dot = shapely.Point(marks[one].true_x, marks[one].true_y).buffer(radius)
        meeting = leaders[one].intersection(leaders[two])
        count += not dot.covers(meeting)
    dots = [shapely.Point(mark.true_x, mark.true_y) for mark in marks]
    for one, two in _pairs(leaders, dots, radius):
        apart = dots[one].distance(dots[two])
        if one != two and apart > max(2 * radius, SHARED):
            count += 1
    return count


def _apart(one: PlacedMark, two: PlacedMark) -> float:
    """From one true place to the other, mm."""
    return float(np.hypot(one.true_x - two.true_x, one.true_y - two.true_y))
