"""Marks and names on the map: white halos first, then leaders and dots, then signs and tags."""

from __future__ import annotations

from collections.abc import Sequence

from papermap.marks.model import PlacedMark, PlacedName, Placement
from papermap.model import Category
from papermap.pages.kit import BLACK, WHITE, Ink
from papermap.pages.model import Book
from papermap.pages.state import mark_state
from papermap.style import NameStyle
from papermap.units import MM_PER_PT, Box

_TAG_LINE = 0.2
_TAG_RADIUS = 0.7
_TRUE_PLACE_HALO = 0.3


def draw_marks(ink: Ink, book: Book, placement: Placement, frame: Box) -> None:
    """Draw all marks of a sheet; ``frame`` is the map on the page, mm."""
    marks = [
        (mark, *_category_and_state(book, mark.number))
        for mark in sorted(placement.marks, key=lambda mark: mark.number)
    ]
    look, size = book.style.marks, placement.size
    dx, dy = frame.x0, frame.y0
    for mark, category, _ in marks:
        _draw_halo(ink, book, mark, category, placement=placement, offset=(dx, dy))
    for mark, _, _ in marks:
        if mark.leader is not None:
            ends = _moved(mark.leader, dx, dy)
            ink.line(ends, look.leader)
            ink.circle(mark.true_x + dx, mark.true_y + dy, size.dot / 2, fill=BLACK)
    for mark, category, state in marks:
        tag = _shifted(mark.tag, dx, dy)
        ink.box(tag, fill=WHITE, stroke=BLACK, width=_TAG_LINE, radius=_TAG_RADIUS)
        x, y = _tag_middle(mark, tag, placement)
        ink.middle(x, y, str(mark.number), size.type, bold=True)
        ink.sign(category, mark.x + dx, mark.y + dy, size.sign, state=state)


def _category_and_state(book: Book, number: int) -> tuple[Category, str]:
    point = book.data.points[book.by_number[number].point]
    category = book.data.categories[point.category]
    return category, mark_state(point, book.as_of, book.stale_after, category)


def _draw_halo(
    ink: Ink,
    book: Book,
    mark: PlacedMark,
    category: Category,
    *,
    placement: Placement,
    offset: tuple[float, float],
) -> None:
    halo, size = book.style.marks.halo, placement.size
    dx, dy = offset
    if mark.leader is not None:
        width = book.style.marks.leader + 2 * _TRUE_PLACE_HALO
        ink.line(_moved(mark.leader, dx, dy), width, colour=WHITE)
        radius = size.dot / 2 + _TRUE_PLACE_HALO
        ink.circle(mark.true_x + dx, mark.true_y + dy, radius, fill=WHITE)
    outer = _shifted(mark.tag, dx, dy).grown(halo + _TAG_LINE / 2)
    ink.box(outer, fill=WHITE, radius=_TAG_RADIUS + halo)
    ink.sign_halo(category.shape, mark.x + dx, mark.y + dy, size.sign, halo)


def _tag_middle(mark: PlacedMark, tag: Box, placement: Placement) -> tuple[float, float]:
    """Middle of what shows of the tag: its edge is tucked under the sign."""
    tucked = placement.size.tag_overlap / 2
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
