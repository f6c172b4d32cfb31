"""Marks on one sheet: on their places where they can, else displaced with a leader line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from papermap.errors import UsageError
from papermap.marks.candidates import Maker
from papermap.marks.ground import Ground
from papermap.marks.model import MarkRequest, MarkSize, PlacedMark, Placement
from papermap.marks.search import NONE, Search, order_by_room
from papermap.marks.stances import SIDES, Stances, make_stances
from papermap.units import Box


def place_marks(
    requests: Sequence[MarkRequest],
    frame: Box,
    sizes: Sequence[MarkSize],
    *,
    obstacles: Sequence[Box] = (),
) -> Placement:
    """Place the marks of one sheet, all at the first of ``sizes`` at which all find room.

    Parameters
    ----------
    requests
        Marks with their true places, mm in ``frame``; their order makes no difference.
    frame
        The map frame, mm; marks keep inside it.
    sizes
        Ways to draw the marks, the wanted one first.
    obstacles
        Boxes (mm) that no mark or leader may touch.

    Returns
    -------
    Placement
        Every number stands once, in ``marks`` (sorted by number) or in ``unplaced``. When no
        size has room for all, the one that leaves out least; dear ones are left out last.

    Raises
    ------
    UsageError
        Without any size.
    """
    if not sizes:
        raise UsageError("No size of mark was given.")
    ordered = sorted(requests, key=lambda each: (each.x, each.y, each.number))
    best: Placement | None = None
    for size in sizes:
        placement = _place(ordered, frame, size, obstacles)
        if best is None or len(placement.unplaced) < len(best.unplaced):
            best = placement
        if not best.unplaced:
            break
    assert best is not None
    return best


def _place(
    requests: Sequence[MarkRequest], frame: Box, size: MarkSize, obstacles: Sequence[Box]
) -> Placement:
    inside = [each for each in requests if frame.contains(each.x, each.y)]
    outside = [each.number for each in requests if not frame.contains(each.x, each.y)]
    if not inside:
        return Placement((), tuple(sorted(outside)), size)
    places = np.array([(each.x, each.y) for each in inside])
    ground = Ground(places, frame, obstacles, size)
    digits = [len(str(each.number)) for each in inside]
    lengths = sorted(set(digits))
    widths = tuple(length * size.digit + 2 * size.tag_padding for length in lengths)
    stances = make_stances(size, widths)
    width = np.array([lengths.index(each) for each in digits])
    pool = Maker(ground, stances, width).pool()
    search = Search(ground, pool, np.array([0.5**each.priority for each in inside]))
    search.run(order_by_room(places), 300)
    marks = [
        _mark(request, stances, int(pool.stance[chosen]), size)
        for request, chosen in zip(inside, search.chosen, strict=True)
        if chosen != NONE
    ]
    left = [inside[mark].number for mark in search.unplaced()]
    return Placement(
        tuple(sorted(marks, key=lambda mark: mark.number)), tuple(sorted(outside + left)), size
    )


def _mark(request: MarkRequest, stances: Stances, stance: int, size: MarkSize) -> PlacedMark:
    x, y, tag_x, tag_y, half, _, _, vec_x, vec_y = (float(v) for v in stances.shape[:9, stance])
    tag_x, tag_y = request.x + tag_x, request.y + tag_y
    high = size.tag_height / 2
    leader = None
    if vec_x or vec_y:
        leader = ((request.x + 2 * vec_x, request.y + 2 * vec_y), (request.x, request.y))
    return PlacedMark(
        request.number,
        request.x,
        request.y,
        request.x + x,
        request.y + y,
        Box(tag_x - half, tag_y - high, tag_x + half, tag_y + high),
        SIDES[stances.side[stance]],
        leader,
    )
