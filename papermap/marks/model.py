"""Where marks, leader lines and names go, in page millimetres; pure geometry, deterministic.

Coordinates are mm from the lower left of the map frame, y upwards.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from papermap.units import Box

TagSide = Literal["right", "left", "top", "bottom", "stack"]

SECOND_SIZE = 0.8  # size of a name's second line to that of its first


@dataclass(frozen=True, slots=True)
class MarkSize:
    """Sizes of one way to draw a mark, mm."""

    sign: float = 5.6  # width and height of the category's shape
    tag_height: float = 4.0
    digit: float = 1.95  # advance of one digit in the tag
    tag_padding: float = 0.55  # left and right inside the tag
    tag_overlap: float = 0.4  # the tag tucks under the shape by this much
    clearance: float = 0.55
    dot: float = 1.2  # diameter of the dot at the true place
    type: float = 8.5  # of the number in the tag, pt


@dataclass(frozen=True, slots=True)
class MarkRequest:
    """A mark to place: its number, its true place, and how dear it is (smaller gives way last).

    Those of a priority over 0 are left out rather than put far from their places.
    """

    number: int
    x: float
    y: float
    priority: int = 0


@dataclass(frozen=True, slots=True)
class PlacedMark:
    """Where a mark went: centre of its sign, its tag's box, and the true place it stands for.

    Several points at one place are one mark: ``numbers`` has them all, ``x``, ``y`` is the centre
    of their stack and ``tag`` its box. ``leader`` is the line from the sign (from the stack's
    edge) to the dot at the true place, None when not displaced.
    """

    numbers: tuple[int, ...]  # ascending
    true_x: float
    true_y: float
    x: float
    y: float
    tag: Box
    tag_side: TagSide
    leader: tuple[tuple[float, float], tuple[float, float]] | None

    @property
    def displaced(self) -> bool:
        return self.leader is not None

    @property
    def stacked(self) -> bool:
        return self.tag_side == "stack"

    def body(self, size: MarkSize) -> tuple[Box, ...]:
        """What the mark covers beside its leader, mm: sign and tag, or the stack."""
        if self.stacked:
            return (self.tag,)
        return (Box(self.x, self.y, self.x, self.y).grown(size.sign / 2), self.tag)

    def boxes(self, size: MarkSize) -> tuple[Box, ...]:
        """As ``body``, and the dot of a displaced mark."""
        if self.leader is None:
            return self.body(size)
        dot = Box(self.true_x, self.true_y, self.true_x, self.true_y).grown(size.dot / 2)
        return (*self.body(size), dot)


@dataclass(frozen=True, slots=True)
class Placement:
    """All marks of one sheet; ``unplaced`` numbers found no room and are told, never silent."""

    marks: tuple[PlacedMark, ...]
    unplaced: tuple[int, ...]
    size: MarkSize

    @property
    def numbers(self) -> tuple[int, ...]:
        """Numbers of all points that have a mark, ascending."""
        return tuple(sorted(number for mark in self.marks for number in mark.numbers))


@dataclass(frozen=True, slots=True)
class NameRequest:
    """A name of the base map: its text, size and candidate places, best first.

    A point name is centred at (x, y) or beside it; a line name lies along ``path``.
    """

    text: str
    x: float
    y: float
    size: float  # pt
    width: float  # mm, measured with its letter spacing
    rank: int  # smaller is placed first
    style: str  # key of [names.*] in the style: district, station, road, landmark, water
    path: tuple[tuple[float, float], ...] = ()
    second: str = ""  # the same name in the second language, under the first
    beside: bool = False  # has an icon or dot at (x, y): stand beside it, not on it
    obstacle: bool = False  # placed before the marks, and marks avoid it (the main station)
    second_width: float = 0.0  # mm of ``second`` at SECOND_SIZE of ``size``; 0: estimated


@dataclass(frozen=True, slots=True)
class PlacedName:
    """A name that found room: centre of its first line in mm, angle in degrees anticlockwise.

    ``second`` is centred under it, ``SECOND_SIZE`` of the first line's size; ``box`` holds both.

    ``glyphs`` gives each character's own place for names along a line or spaced over an area:
    (character, x, y, angle) with x, y the centre of the character; empty for plain text.
    """

    text: str
    x: float
    y: float
    angle: float
    size: float
    style: str
    box: Box
    second: str = ""
    glyphs: tuple[tuple[str, float, float, float], ...] = ()
