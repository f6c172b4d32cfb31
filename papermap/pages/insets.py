"""Insets: small details on a page of their parent, where its list leaves room for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import permutations
from typing import Final

from papermap.grid import Sheet
from papermap.pages.kit import BLACK, WHITE, Ink
from papermap.pages.model import Book
from papermap.pages.scalebar import bar_width, draw_bar
from papermap.units import MM_PER_PT, Box, Size

GAP: Final = 4.0  # mm between insets, and between them and the list
_PAD: Final = 1.4  # beside the label in its box
_LABEL: Final = 1.5  # of the size of type: the height of that box
_AIR: Final = 1.0  # mm under it
_BETWEEN: Final = 2.5  # label, scale, bar
_REORDERED: Final = 4  # insets, so few that all their orders are tried


@dataclass(frozen=True, slots=True)
class Inset:
    """One inset on its page: the map's frame, and the line over it with label and scale; mm."""

    sheet: Sheet
    frame: Box
    caption: Box

    def moved(self, up: float) -> Inset:
        """The same so many mm higher."""
        boxes = (Box(b.x0, b.y0 + up, b.x1, b.y1 + up) for b in (self.frame, self.caption))
        return Inset(self.sheet, *boxes)


def inset_place(book: Book, label: str) -> str:
    """Where an inset is, seen from its parent's map, in a word; empty for sheets of their own."""
    part = book.insets.get(label)
    if part is None:
        return ""
    if part == 0:
        return book.words("inset_beside" if book.frames.landscape else "inset_below")
    return book.words("inset_next") if part == 1 else book.words("inset_on", n=part)


def block_size(book: Book, sheet: Sheet) -> Size:
    """What an inset takes of a page, with its band and the line over it."""
    frame, band = book.map_size(sheet), 2 * book.style.layout.band
    return Size(frame.width + band, frame.height + band + _caption_height(book))


def packed(
    book: Book, insets: Sequence[Sheet], room: Box
) -> tuple[tuple[tuple[Inset, ...], float], ...]:
    """All insets on as few pages as hold them, and the height that they take of each.

    In order of their labels, or where that takes less in another one. ``room`` is the box of the
    columns of a page; each inset must have room in it.
    """
    orders = permutations(insets) if len(insets) <= _REORDERED else [tuple(insets)]
    tried = (tuple(_filled(book, order, room)) for order in orders)
    return min(tried, key=lambda pages: (len(pages), sum(taken for _, taken in pages)))


def _filled(
    book: Book, insets: Sequence[Sheet], room: Box
) -> Iterator[tuple[tuple[Inset, ...], float]]:
    while insets:
        placed, taken = shelves(book, insets, room)
        yield placed, taken
        insets = insets[len(placed) :]


def shelves(book: Book, insets: Sequence[Sheet], room: Box) -> tuple[tuple[Inset, ...], float]:
    """As many insets as ``room`` holds at its foot, side by side in order; the height they take.

    The gap to what stands above them is counted.
    """
    rows: list[list[tuple[Sheet, Size]]] = []
    for sheet in insets:
        size = block_size(book, sheet)
        longer = [*rows[:-1], [*rows[-1], (sheet, size)]] if rows else []
        for tried in (longer, [*rows, [(sheet, size)]]):
            if tried and _width(tried[-1]) <= room.width and _height(tried) <= room.height + GAP:
                rows = tried
                break
        else:
            break
    taken = _height(rows)
    placed: list[Inset] = []
    y = room.y0 + taken - GAP
    for row in rows:
        x = room.x1 - _width(row)
        for sheet, size in row:
            placed.append(_inset(book, sheet, Box(x, y - size.height, x + size.width, y)))
            x += size.width + GAP
        y -= max(size.height for _, size in row) + GAP
    return tuple(placed), min(taken, room.height)


def _width(row: Sequence[tuple[Sheet, Size]]) -> float:
    return sum(size.width for _, size in row) + GAP * (len(row) - 1)


def _height(rows: Sequence[Sequence[tuple[Sheet, Size]]]) -> float:
    return sum(max(size.height for _, size in row) + GAP for row in rows)


def _inset(book: Book, sheet: Sheet, block: Box) -> Inset:
    under = block.y1 - _caption_height(book)
    frame = Box(block.x0, block.y0, block.x1, under).grown(-book.style.layout.band)
    return Inset(sheet, frame, Box(block.x0, under + _AIR, block.x1, block.y1))


def _caption_height(book: Book) -> float:
    return book.style.type.neighbour * MM_PER_PT * _LABEL + _AIR


def draw_caption(ink: Ink, book: Book, inset: Inset) -> None:
    """The label in its box, the scale, and a bar of as much of a cell as there is room for."""
    box, kind, sheet = inset.caption, book.style.type, inset.sheet
    size, ground = kind.neighbour, book.style.number_ground
    middle = (box.y0 + box.y1) / 2
    label = Box(box.x0, box.y0, box.x0 + ink.width(sheet.label, size, bold=True) + 2 * _PAD, box.y1)
    ink.box(label, fill=ground, stroke=BLACK, width=0.3)
    colour = BLACK if ground == WHITE else WHITE
    at = (label.x0 + label.x1) / 2
    ink.middle(at, middle, sheet.label, size, bold=True, colour=colour)
    text, x = f"1:{sheet.scale:,}", label.x1 + _BETWEEN
    ink.middle(x, middle, text, kind.row, bold=True, align="left")
    x += ink.width(text, kind.row, bold=True) + _BETWEEN
    mm = 1000 / sheet.scale
    for metres in (sheet.cell, sheet.cell / 2, sheet.cell / 4, sheet.cell / 5):
        if x + bar_width(book, metres, metres * mm) <= box.x1:
            draw_bar(ink, book, metres, (x, x + metres * mm), box.y0 + 0.3)
            return
