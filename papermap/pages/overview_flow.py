"""Sections of words and signs that flow through columns and pages; nothing is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from papermap.pages.kit import Ink

_BEFORE = 1.6  # mm above a section that is not first in its column
_FLOOR = 0.01

# draws a line of a section: pen, left edge, top, right edge (mm)
Draw = Callable[[Ink, float, float, float], None]


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a section, ``height`` mm high."""

    height: float
    draw: Draw


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and the lines under it; ``again`` heads what goes on in the next column."""

    head: Line
    again: Line
    lines: tuple[Line, ...]

    @property
    def height(self) -> float:
        return self.head.height + sum(line.height for line in self.lines)


@dataclass(frozen=True, slots=True)
class Placed:
    """A line and how far its top is below the top of its column, mm."""

    line: Line
    down: float


Column = tuple[Placed, ...]


def stack(sections: Sequence[Section]) -> tuple[Column, float]:
    """Sections under one another in one column, and how high they are together."""
    placed: list[Placed] = []
    down = 0.0
    for section in sections:
        down += _BEFORE if placed else 0
        for line in (section.head, *section.lines):
            placed.append(Placed(line, down))
            down += line.height
    return tuple(placed), down


def flow(sections: Sequence[Section], heights: Iterator[float]) -> list[Column]:
    """Sections through columns of these heights, as many columns as it takes.

    A heading has a line under it; what is cut goes on under its heading in the next column.
    """
    columns = _Columns(heights)
    for section in sections:
        first = section.head.height + sum(line.height for line in section.lines[:1])
        columns.part(first)
        columns.put(section.head)
        for number, line in enumerate(section.lines):
            if number and not columns.fits(line.height):
                columns.turn()
                columns.put(section.again)
            columns.put(line)
    return columns.all()


class _Columns:
    """Columns being filled downwards, one after the other."""

    def __init__(self, heights: Iterator[float]) -> None:
        self._heights = heights
        self._done: list[Column] = []
        self._column: list[Placed] = []
        self._room, self._down = next(heights), 0.0

    def fits(self, height: float) -> bool:
        return self._down + height <= self._room + _FLOOR

    def put(self, line: Line) -> None:
        self._column.append(Placed(line, self._down))
        self._down += line.height

    def part(self, needed: float) -> None:
        """Begin a section of which ``needed`` mm must stay together."""
        if self._column and not self.fits(_BEFORE + needed):
            self.turn()
        elif self._column:
            self._down += _BEFORE

    def turn(self) -> None:
        self._done.append(tuple(self._column))
        self._column, self._down = [], 0.0
        self._room = next(self._heights)

    def all(self) -> list[Column]:
        return [*self._done, tuple(self._column)]
