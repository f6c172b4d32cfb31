"""Points at one place: one mark, a small stack that prints every number with its sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from papermap.marks.ground import SHARED
from papermap.marks.model import MarkRequest, MarkSize

_LOW = 4  # numbers that stand one above the other; more stand in columns
_EDGE = 0.45  # mm between the outline and what stands in it
_LINE = 0.3  # between two lines
_BESIDE = 0.5  # between sign and number
_COLUMN = 0.9  # between two columns
_ON_PLACE = 18.0  # mm; a larger stack stands beside its place, which it would hide


@dataclass(frozen=True, slots=True)
class Spot:
    """One number of a stack: centres of its sign and of its text, mm from the stack's centre."""

    number: int
    sign: tuple[float, float]
    text: tuple[float, float]


@dataclass(frozen=True, slots=True)
class StackShape:
    """How many numbers stand in a stack, and how: ``columns`` of up to ``rows``."""

    columns: int
    rows: int
    sign: float  # width and height of a sign, mm
    text: float  # width of the widest number, mm

    @classmethod
    def of(cls, count: int, digits: int, size: MarkSize) -> StackShape:
        """The shape for ``count`` numbers of up to ``digits`` digits: upright while it is small."""
        sign, text = size.tag_height, digits * size.digit

        def shape(columns: int) -> StackShape:
            return cls(columns, -(-count // columns), sign, text)

        if count <= _LOW:
            return shape(1)
        tried = (shape(columns) for columns in range(2, count + 1))
        return min(tried, key=lambda each: (max(each.width, each.height), each.columns))

    @property
    def width(self) -> float:
        return self.columns * self._across + (self.columns - 1) * _COLUMN + 2 * _EDGE

    @property
    def height(self) -> float:
        return self.rows * (self.sign + _LINE) - _LINE + 2 * _EDGE

    @property
    def _across(self) -> float:
        return self.sign + _BESIDE + self.text

    @property
    def on_place(self) -> bool:
        """Whether it is small enough to stand on its place."""
        return max(self.width, self.height) <= _ON_PLACE

    def spots(self, numbers: Sequence[int]) -> tuple[Spot, ...]:
        """Where each number stands, down the columns."""
        left, top = _EDGE - self.width / 2, self.height / 2 - _EDGE
        found = []
        for i, number in enumerate(numbers):
            column, row = divmod(i, self.rows)
            x = left + column * (self._across + _COLUMN) + self.sign / 2
            y = top - row * (self.sign + _LINE) - self.sign / 2
            found.append(Spot(number, (x, y), (x + self.sign / 2 + _BESIDE + self.text / 2, y)))
        return tuple(found)


def stack_of(numbers: Sequence[int], size: MarkSize) -> StackShape:
    """The shape in which some numbers stand."""
    return StackShape.of(len(numbers), max(len(str(number)) for number in numbers), size)


@dataclass(frozen=True, slots=True)
class Group:
    """Points at one place, to be one mark; most are of a single point."""

    numbers: tuple[int, ...]  # ascending
    x: float
    y: float
    priority: int  # of the dearest


def groups_of(requests: Sequence[MarkRequest], most: int) -> list[Group]:
    """The requests by place, sorted from west to east; ``most`` numbers in one group at most.

    Who stands within ``SHARED`` of the first of a group belongs to it, so that its dot is right
    for all.
    """
    found: list[list[MarkRequest]] = []
    near = 0  # groups before this one lie too far west
    for each in sorted(requests, key=lambda one: (one.x, one.y, one.number)):
        while near < len(found) and found[near][0].x < each.x - SHARED:
            near += 1
        for group in found[near:]:
            first = group[0]
            if (first.x - each.x) ** 2 + (first.y - each.y) ** 2 <= SHARED**2:
                group.append(each)
                break
        else:
            found.append([each])
    return [part for group in found for part in _parts(group, most)]


def _parts(group: Sequence[MarkRequest], most: int) -> list[Group]:
    """One group, or several of equal length where it is too long."""
    numbers = sorted(each.number for each in group)
    count = -(-len(numbers) // most)
    ends = [len(numbers) * n // count for n in range(count + 1)]
    priority = min(each.priority for each in group)
    return [
        Group(tuple(numbers[start:end]), group[0].x, group[0].y, priority)
        for start, end in pairwise(ends)
    ]
