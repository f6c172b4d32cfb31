"""Marks and names on the map: white halos first, then leaders and dots, then signs and tags."""

from __future__ import annotations

from collections.abc import Sequence

from papermap.marks import MarkSize, PlacedMark, PlacedName, Placement, stack_of
from papermap.model import Category
from papermap.pages.kit import BLACK, WHITE, Ink
from papermap.pages.model import Book
from papermap.pages.state import mark_state
from papermap.style import NameStyle
from papermap.units import MM_PER_PT, Box

_WARNED_HALF = 0.42  # of the type: half the height of the black behind a number in a stack
_TAG_RADIUS = 0.7
_TRUE_PLACE_HALO = 0.3


def draw_marks(ink: Ink, book: Book, placement: Placement, frame: Box) -> None:
    """Draw all marks of a sheet; ``frame`` is the map on the page, mm."""
    look, lines, size = book.style.marks, book.style.lines, placement.size
    marks = [mark for mark in placement.marks if not mark.stacked]
    for mark in placement.marks:
        _draw_halo(ink, book, mark, size, frame)
    for mark in placement.marks:
        if mark.leader is not None:
            ink.line(_moved(mark.leader, frame.x0, frame.y0), look.leader)
            x, y = mark.true_x + frame.x0, mark.true_y + frame.y0
            ink.circle(x, y, size.dot / 2, fill=BLACK)
    for mark in marks:
        tag = _shifted(mark.tag, frame.x0, frame.y0)
        number = mark.numbers[0]
        paper, type_ = (BLACK, WHITE) if book.is_warned(number) else (WHITE, BLACK)
        ink.box(tag, fill=paper, stroke=BLACK, width=lines.tag, radius=_TAG_RADIUS)
        at = _tag_middle(mark, tag, size)
        ink.middle(*at, str(number), size.type, bold=True, colour=type_)
        category, state = _category_and_state(book, number)
        ink.sign(category, mark.x + frame.x0, mark.y + frame.y0, size.sign, state=state)
    for mark in placement.marks:
        if mark.stacked:
            _draw_stack(ink, book, mark, size, frame)


def _draw_stack(ink: Ink, book: Book, mark: PlacedMark, size: MarkSize, frame: Box) -> None:
    """All points of one place: each number beside its sign, in one outline."""
    shape, line = stack_of(mark.numbers, size), book.style.lines.stack
    outline = _shifted(mark.tag, frame.x0, frame.y0)
    ink.box(outline, fill=WHITE, stroke=BLACK, width=line, radius=_TAG_RADIUS)
    x, y = mark.x + frame.x0, mark.y + frame.y0
    for spot in shape.spots(mark.numbers):
        category, state = _category_and_state(book, spot.number)
        ink.sign(category, x + spot.sign[0], y + spot.sign[1], shape.sign, state=state)
        at = x + spot.text[0], y + spot.text[1]
        warned = book.is_warned(spot.number)
        if warned:
            half = ink.width(str(spot.number), size.type, bold=True) / 2 + line
            high = size.type * MM_PER_PT * _WARNED_HALF
            ink.box(Box(at[0] - half, at[1] - high, at[0] + half, at[1] + high), fill=BLACK)
        colour = WHITE if warned else BLACK
        ink.middle(*at, str(spot.number), size.type, bold=True, colour=colour)


def _category_and_state(book: Book, number: int) -> tuple[Category, str]:
    point = book.data.points[book.by_number[number].point]
    category = book.data.categories[point.category]
    return category, mark_state(point, book.as_of, book.stale_after, category)


def _draw_halo(ink: Ink, book: Book, mark: PlacedMark, size: MarkSize, frame: Box) -> None:
    halo = book.style.marks.halo
    dx, dy = frame.x0, frame.y0
    if mark.leader is not None:
        width = book.style.marks.leader + 2 * _TRUE_PLACE_HALO
        ink.line(_moved(mark.leader, dx, dy), width, colour=WHITE)
        radius = size.dot / 2 + _TRUE_PLACE_HALO
        ink.circle(mark.true_x + dx, mark.true_y + dy, radius, fill=WHITE)
    outer = _shifted(mark.tag, dx, dy).grown(halo + book.style.lines.tag / 2)
    ink.box(outer, fill=WHITE, radius=_TAG_RADIUS + halo)
    if not mark.stacked:
        category, _ = _category_and_state(book, mark.numbers[0])
        ink.sign_halo(category.shape, mark.x + dx, mark.y + dy, size.sign, halo)


def _tag_middle(mark: PlacedMark, tag: Box, size: MarkSize) -> tuple[float, float]:
    """Middle of what shows of the tag: its edge is tucked under the sign."""
    tucked = size.tag_overlap / 2
    x, y = (tag.x0 + tag.x1) / 2, (tag.y0 + tag.y1) / 2
    across = {"right": tucked, "left": -tucked}.get(mark.tag_side, 0.0)
    up = {"top": tucked, "bottom": -tucked}.get(mark.tag_side, 0.0)
    return x + across, y + up


def draw_names(ink: Ink, book: Book, names: Sequence[PlacedName], frame: Box) -> None:
    """Write the base map's names with their halos."""
    for name in names:
        look = book.style.names.get(name.style)
        if look is None:
            continue
        if name.glyphs:
            for char, x, y, angle in name.glyphs:
                ink.middle(
                    frame.x0 + x,
                    frame.y0 + y,
                    char,
                    name.size,
                    bold=look.bold,
                    angle=angle,
                    colour=look.colour,
                    halo=look.halo,
                )
        else:
            _draw_name(ink, book, name, look, frame)


def _draw_name(ink: Ink, book: Book, name: PlacedName, look: NameStyle, frame: Box) -> None:
    x, y = frame.x0 + name.x, frame.y0 + name.y
    if look.boxed:
        _draw_boxed(ink, name, look, x, y)
        return
    small = book.style.type.minimum
    if name.second:
        y = frame.y0 + name.box.y1 - name.size * MM_PER_PT * 0.52
    ink.middle(
        x,
        y,
        name.text,
        name.size,
        bold=look.bold,
        spacing=look.spacing,
        angle=name.angle,
        colour=look.colour,
        halo=look.halo,
    )
    if name.second:
        low = frame.y0 + name.box.y0 + small * MM_PER_PT * 0.52
        ink.middle(x, low, name.second, small, colour=look.colour, halo=look.halo)


def _draw_boxed(ink: Ink, name: PlacedName, look: NameStyle, x: float, y: float) -> None:
    """A road's number in its rounded box."""
    half = ink.width(name.text, name.size, bold=True) / 2 + 1.0
    high = name.size * MM_PER_PT * 0.58
    box = Box(x - half, y - high, x + half, y + high)
    ink.box(box.grown(look.halo / 2), fill=WHITE, radius=high + look.halo / 2)
    ink.box(box, fill=WHITE, stroke=BLACK, width=0.25, radius=high)
    ink.middle(x, y, name.text, name.size, bold=True, colour=look.colour)


def _shifted(box: Box, dx: float, dy: float) -> Box:
    return Box(box.x0 + dx, box.y0 + dy, box.x1 + dx, box.y1 + dy)


def _moved(
    line: tuple[tuple[float, float], tuple[float, float]], dx: float, dy: float
) -> tuple[tuple[float, float], tuple[float, float]]:
    (x0, y0), (x1, y1) = line
    return (x0 + dx, y0 + dy), (x1 + dx, y1 + dy)
