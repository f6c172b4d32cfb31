"""Marks on one sheet: on their places where they can, else displaced with a leader line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

import numpy as np

from papermap.errors import UsageError
from papermap.marks.candidates import Maker
from papermap.marks.ground import Ground
from papermap.marks.model import MarkRequest, MarkSize, PlacedMark, Placement
from papermap.marks.search import Search
from papermap.marks.stack import Group, groups_of, stack_of
from papermap.marks.stances import SIDES, Kind, Stances, make_stances
from papermap.marks.state import NONE
from papermap.units import Box

_FEW = 2, 0.4  # less dear marks that a size may leave out: so many, and a share of them
_WINDOW = 45.0  # mm, side of the squares whose fullness tells whether a size is worth trying
_FULL = 0.65
_NEAR = 15.0  # mm, within which less dear marks are dropped for one that found no room


@dataclass(frozen=True, slots=True)
class _Where:
    """The frame, what marks may not touch in it, and what they had better leave free; mm."""

    frame: Box
    obstacles: Sequence[Box]
    avoid: Sequence[tuple[float, float]]


def place_marks(
    requests: Sequence[MarkRequest],
    frame: Box,
    sizes: Sequence[MarkSize],
    *,
    obstacles: Sequence[Box] = (),
    avoid: Sequence[tuple[float, float]] = (),
    near_enough: Callable[[Placement], bool] | None = None,
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
    avoid
        Places (mm) that marks leave free where another stance is about as good.
    near_enough
        Marks that are so already are not brought nearer to their places, which takes most of the
        time; usually all are.

    Returns
    -------
    Placement
        Every number stands once, in ``marks`` (sorted by number) or in ``unplaced``; those of one
        place are one mark. When no size has room for all, the one that leaves out least; dear
        ones are left out last.

    Raises
    ------
    UsageError
        Without any size.
    """
    where = _Where(frame, obstacles, avoid)
    if not sizes:
        raise UsageError("No size of mark was given.", "Give place_marks at least one.")
    most = max(len(requests), 1)
    best: _Try | None = None
    while True:
        groups = groups_of(requests, most)
        found = _best(groups, where, sizes)
        if best is None or len(found.left) < len(best.left):
            best = found
        stuck = [
            len(each.numbers) for each in _dearest(groups) if found.left.issuperset(each.numbers)
        ]
        if max(stuck, default=1) == 1:
            first = best.placement()
            if near_enough is not None and near_enough(first):
                return first
            return best.nearer()
        most = -(-max(stuck) // 2)  # stacks that found no room are parted


@dataclass(frozen=True, eq=False)
class _Try:
    """Marks put down at one size; ``left`` numbers found no room."""

    groups: Sequence[Group]
    left: frozenset[int]
    size: MarkSize
    search: Search | None = None  # none without any mark in the frame
    stances: Stances | None = None

    def missing(self, groups: Sequence[Group]) -> float:
        """What the marks of these that are left out cost."""
        return sum(_dearness(each) for each in groups if each.numbers[0] in self.left)

    def nearer(self) -> Placement:
        """The marks, brought as near to their places as can be."""
        if self.search is not None:
            self.search.come_nearer()
        return self.placement()

    def placement(self) -> Placement:
        """The marks where they are."""
        marks: list[PlacedMark] = []
        if self.search is not None and self.stances is not None:
            state = self.search.state
            for group, chosen in zip(self.groups, state.chosen, strict=True):
                if chosen != NONE:
                    marks.append(_mark(group, self.stances, int(state.pool.stance[chosen])))
        marks.sort(key=lambda mark: mark.numbers)
        return Placement(tuple(marks), tuple(sorted(self.left)), self.size)


def _best(groups: Sequence[Group], where: _Where, sizes: Sequence[MarkSize]) -> _Try:
    """The first size that will do, or the one that leaves out least."""
    tries = []
    for size in sizes:
        last = size is sizes[-1]
        if not last and _hopeless(groups, where.frame, size):
            continue
        tries.append(_place(groups, where, size, to_the_end=last))
        if _will_do(groups, tries[-1].left):
            return tries[-1]
    best = min(tries, key=lambda each: each.missing(groups))
    return _without_the_less_dear(groups, where, best)


def _without_the_less_dear(groups: Sequence[Group], where: _Where, found: _Try) -> _Try:
    """Try again without the less dear marks that were left out or are near a dear one left out.

    Their true places need no longer be kept free.
    """
    dear = _dearest(groups)
    lost = [each for each in dear if each.numbers[0] in found.left]
    kept = [
        each
        for each in groups
        if each in dear
        or (
            each.numbers[0] not in found.left
            and all(max(abs(each.x - x.x), abs(each.y - x.y)) > _NEAR for x in lost)
        )
    ]
    if not lost or len(kept) == len(groups):
        return found
    again = _place(kept, where, found.size, to_the_end=True)
    if again.missing(dear) >= found.missing(dear):
        return found
    return replace(again, left=again.left | (_numbers(groups) - _numbers(kept)))


def _numbers(groups: Iterable[Group]) -> set[int]:
    return {number for each in groups for number in each.numbers}


def _dearest(groups: Sequence[Group]) -> list[Group]:
    dearest = min((each.priority for each in groups), default=0)
    return [each for each in groups if each.priority == dearest]


def _will_do(groups: Sequence[Group], left: AbstractSet[int]) -> bool:
    """Whether a size need not give way to a smaller one for the numbers that it leaves out.

    The dearest marks are all there, and enough of the others: a sheet's own marks are not made
    small for its neighbours', which stand on sheets of their own.
    """
    dearest = _dearest(groups)
    if any(each.numbers[0] in left for each in dearest):
        return False
    others = sum(each.numbers[0] in left for each in groups)
    return others <= _FEW[0] + _FEW[1] * (len(groups) - len(dearest))


def _hopeless(groups: Sequence[Group], frame: Box, size: MarkSize) -> bool:
    """Whether some part of the sheet needs more room than marks of this size can find."""
    if not groups:
        return False
    xy = np.array([(each.x - frame.x0, each.y - frame.y0) for each in groups])
    room = np.array([_room(each, size) for each in groups])
    most = 0.0
    for shift in (0.0, _WINDOW / 2):
        column, row = ((xy + shift) // _WINDOW).astype(np.int64).T
        needed = np.bincount(column * 1000 + row, weights=room)
        most = max(most, float(needed.max()) / _WINDOW**2)
    return most > _FULL


def _room(group: Group, size: MarkSize) -> float:
    """What a mark takes of the sheet, mm²; of a stack, which may go far, its part of a window."""
    kind = _kind(group.numbers, size)
    wide, high = 2 * kind.sign[0] + 2 * kind.tag[0], 2 * kind.sign[1]
    if not kind.stacked:
        wide -= size.tag_overlap
    return min((wide + size.clearance) * (high + size.clearance), _WINDOW**2 * _FULL / 2)


def _place(groups: Sequence[Group], where: _Where, size: MarkSize, *, to_the_end: bool) -> _Try:
    inside = [each for each in groups if where.frame.contains(each.x, each.y)]
    left = _numbers(groups) - _numbers(inside)
    if not inside:
        return _Try(inside, frozenset(left), size)
    places = np.array([(each.x, each.y) for each in inside])
    ground = Ground(places, where.frame, where.obstacles, size, where.avoid)
    kinds = [_kind(each.numbers, size) for each in inside]
    known = sorted(set(kinds), key=lambda kind: (kind.stacked, kind.sign, kind.tag))
    stances = make_stances(size, tuple(known))
    far = np.array([each.priority <= 0 for each in inside])  # may go far if need be
    pool = Maker(ground, stances, np.array([known.index(each) for each in kinds]), far).pool()
    search = Search(ground, pool, np.array([_dearness(each) for each in inside]))
    search.run(to_the_end=to_the_end)
    left |= _numbers(inside[mark] for mark in search.state.unplaced())
    return _Try(inside, frozenset(left), size, search, stances)


def _kind(numbers: Sequence[int], size: MarkSize) -> Kind:
    """What is drawn for the points of one place."""
    if len(numbers) == 1:
        wide = len(str(numbers[0])) * size.digit + 2 * size.tag_padding
        return Kind((size.sign / 2, size.sign / 2), (wide / 2, size.tag_height / 2))
    shape = stack_of(numbers, size)
    half = (shape.width / 2, shape.height / 2)
    return Kind(half, (0.0, 0.0), stacked=True, on_place=shape.on_place)


def _dearness(group: Group) -> float:
    return len(group.numbers) * 0.3**group.priority


def _mark(group: Group, stances: Stances, stance: int) -> PlacedMark:
    x, y, tag_x, tag_y, _, _, _, vec_x, vec_y = (float(v) for v in stances.shape[:9, stance])
    kind = stances.kinds[stance // (4 * stances.spots)]
    half_x, half_y = kind.sign if kind.stacked else kind.tag
    tag_x, tag_y = group.x + tag_x, group.y + tag_y
    leader = None
    if vec_x or vec_y:
        leader = ((group.x + 2 * vec_x, group.y + 2 * vec_y), (group.x, group.y))
    return PlacedMark(
        group.numbers,
        group.x,
        group.y,
        group.x + x,
        group.y + y,
        Box(tag_x - half_x, tag_y - half_y, tag_x + half_x, tag_y + half_y),
        "stack" if kind.stacked else SIDES[stances.side[stance]],
        leader,
    )
