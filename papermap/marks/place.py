"""Marks on one sheet: on their places where they can, else displaced with a leader line."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from papermap.errors import UsageError
from papermap.marks.candidates import Maker
from papermap.marks.ground import Ground
from papermap.marks.model import MarkRequest, MarkSize, PlacedMark, Placement
from papermap.marks.search import NONE, Search
from papermap.marks.stances import SIDES, Stances, make_stances
from papermap.units import Box

_FEW = 2, 0.4  # less dear marks that a size may leave out: so many, and a share of them
_WINDOW = 45.0  # mm, side of the squares whose fullness tells whether a size is worth trying
_FULL = 0.65
_NEAR = 15.0  # mm, within which less dear marks are dropped for one that found no room


def place_marks(
    requests: Sequence[MarkRequest],
    frame: Box,
    sizes: Sequence[MarkSize],
    *,
    obstacles: Sequence[Box] = (),
) -> Placement:
    """Place the marks of one sheet, all at the first of ``sizes`` that has room for them.

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
        raise UsageError("No size of mark was given.", "Give place_marks at least one.")
    # sorted by place, so that neighbours on the sheet are neighbours in memory too
    ordered = sorted(requests, key=lambda each: (each.x, each.y, each.number))
    best, least = Placement((), (), sizes[0]), np.inf
    for size in sizes:
        last = size is sizes[-1]
        if not last and _hopeless(ordered, frame, size):
            continue
        placement = _place(ordered, frame, size, obstacles, to_the_end=last)
        missing = _missing(ordered, placement)
        if missing < least:
            best, least = placement, missing
        if _will_do(ordered, placement):
            return best
    return _without_the_less_dear(ordered, frame, best, obstacles)


def _without_the_less_dear(
    requests: Sequence[MarkRequest],
    frame: Box,
    placement: Placement,
    obstacles: Sequence[Box],
) -> Placement:
    """Try again without the less dear marks that were left out or are near a dear one left out.

    Their true places need no longer be kept free.
    """
    left = set(placement.unplaced)
    lost = [each for each in _dearest(requests) if each.number in left]
    dear = {each.number for each in _dearest(requests)}
    kept = [
        each
        for each in requests
        if each.number in dear
        or (
            each.number not in left
            and all(max(abs(each.x - x.x), abs(each.y - x.y)) > _NEAR for x in lost)
        )
    ]
    if not lost or len(kept) == len(requests):
        return placement
    again = _place(kept, frame, placement.size, obstacles, to_the_end=True)
    if len(dear.intersection(again.unplaced)) >= len(lost):
        return placement
    dropped = {each.number for each in requests} - {each.number for each in kept}
    return replace(again, unplaced=tuple(sorted(dropped.union(again.unplaced))))


def _dearest(requests: Sequence[MarkRequest]) -> list[MarkRequest]:
    dearest = min((each.priority for each in requests), default=0)
    return [each for each in requests if each.priority == dearest]


def _missing(requests: Sequence[MarkRequest], placement: Placement) -> float:
    """What the marks left out cost."""
    left = set(placement.unplaced)
    return sum(_dearness(each) for each in requests if each.number in left)


def _will_do(requests: Sequence[MarkRequest], placement: Placement) -> bool:
    """Whether a size need not give way to a smaller one for what it leaves out.

    The dearest marks are all there, and enough of the others: a sheet's own marks are not made
    small for its neighbours', which stand on sheets of their own.
    """
    left = set(placement.unplaced)
    dearest = _dearest(requests)
    if any(each.number in left for each in dearest):
        return False
    return len(left) <= _FEW[0] + _FEW[1] * (len(requests) - len(dearest))


def _hopeless(requests: Sequence[MarkRequest], frame: Box, size: MarkSize) -> bool:
    """Whether some part of the sheet needs more room than marks of this size can find."""
    if not requests:
        return False
    xy = np.array([(each.x - frame.x0, each.y - frame.y0) for each in requests])
    digits = np.array([len(str(each.number)) for each in requests])
    tags = digits * size.digit + 2 * size.tag_padding - size.tag_overlap
    room = (size.sign + tags + size.clearance) * (size.sign + size.clearance)
    most = 0.0
    for shift in (0.0, _WINDOW / 2):
        column, row = ((xy + shift) // _WINDOW).astype(np.int64).T
        needed = np.bincount(column * 1000 + row, weights=room)
        most = max(most, float(needed.max()) / _WINDOW**2)
    return most > _FULL


def _place(
    requests: Sequence[MarkRequest],
    frame: Box,
    size: MarkSize,
    obstacles: Sequence[Box],
    *,
    to_the_end: bool,
) -> Placement:
    inside = [each for each in requests if frame.contains(each.x, each.y)]
    left = [each for each in requests if not frame.contains(each.x, each.y)]
    marks: list[PlacedMark] = []
    if inside:
        search, stances = _search(inside, frame, size, obstacles)
        search.run(to_the_end=to_the_end)
        for request, chosen in zip(inside, search.chosen, strict=True):
            if chosen == NONE:
                left.append(request)
            else:
                marks.append(_mark(request, stances, int(search.pool.stance[chosen]), size))
    marks.sort(key=lambda mark: mark.number)
    return Placement(tuple(marks), tuple(sorted(each.number for each in left)), size)


def _search(
    requests: Sequence[MarkRequest], frame: Box, size: MarkSize, obstacles: Sequence[Box]
) -> tuple[Search, Stances]:
    places = np.array([(each.x, each.y) for each in requests])
    ground = Ground(places, frame, obstacles, size)
    digits = [len(str(each.number)) for each in requests]
    lengths = sorted(set(digits))
    stances = make_stances(
        size, tuple(length * size.digit + 2 * size.tag_padding for length in lengths)
    )
    width = np.array([lengths.index(each) for each in digits])
    pool = Maker(ground, stances, width).pool()
    return Search(ground, pool, np.array([_dearness(each) for each in requests])), stances


def _dearness(request: MarkRequest) -> float:
    return 0.3**request.priority


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
