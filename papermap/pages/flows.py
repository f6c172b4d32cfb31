"""The lists of all sheets of a book: rows are made once, and set in larger type where it fits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import product

from papermap.grid import Sheet
from papermap.pages.flow import ListFlow
from papermap.pages.footer import FooterPlan, plan_footer
from papermap.pages.model import Book
from papermap.pages.pagelist import Room
from papermap.pages.rows import Row
from papermap.pages.said import RowText, row_text
from papermap.units import Box


class Flows:
    """The lists of a book's sheets."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._texts = list_texts(book)
        self._rooms: dict[tuple[float, int], tuple[Room, Room]] = {}
        self.footer = plan_footer(book)
        self._columns = len(book.frames.columns(list_body(book), book.style))
        self._larger = tuple(book.larger())

    @property
    def under_map(self) -> Room:
        """Beside a map, in the style's own type."""
        return self._room(self._book, self._columns)[0]

    @property
    def whole_page(self) -> Room:
        """On a page of its own."""
        return self._room(self._book, self._columns)[1]

    def of(self, sheet: Sheet, insets: Sequence[Sheet] | None = None) -> ListFlow:
        """The list of a sheet with the insets that it has, or might have."""
        if insets is None:
            insets = self._insets.get(sheet.label, ())
        return ListFlow(self._book, sheet, self.under_map, self.whole_page, tuple(insets))

    def set_large(self, sheet: Sheet) -> ListFlow:
        """The same in the largest type in which it takes no more pages and breaks no more rows.

        Where a list goes on, only what goes on is set larger: who is handed the sheet has as many
        rows as can be beside the map.
        """
        usual = self.of(sheet)
        return next((flow for flow in self._in_larger(usual) if _is_better(flow, usual)), usual)

    def _in_larger(self, usual: ListFlow) -> Iterator[ListFlow]:
        """The same in larger types that might do, the largest first, in one column if it can be."""
        pages = usual.pages[1:] or usual.pages
        rows = sum(len(page.rows) for page in pages)
        for book, count in product(self._larger, range(1, self._columns + 1)):
            beside, whole_page = self._room(book, count)
            goes_on = len(usual.pages) > 1
            room = whole_page if goes_on else beside
            if rows * room.pitch().row <= sum(box.height for box in room.boxes) * len(pages):
                cut = room.cut_for(usual.points)
                yield replace(usual, whole_page=cut) if goes_on else replace(usual, under_map=cut)

    def _room(self, book: Book, count: int) -> tuple[Room, Room]:
        """Beside the map and on pages of its own, each in so many columns at most."""
        key = book.style.type.row, count
        if key not in self._rooms:
            boxes = list_box(book, self.footer), list_body(book)
            beside, whole = (Room.of(book, self._texts, box, count) for box in boxes)
            self._rooms[key] = beside, whole
        return self._rooms[key]

    @cached_property
    def _insets(self) -> Mapping[str, Sequence[Sheet]]:
        found: dict[str, list[Sheet]] = {}
        for sheet in self._book.plan.sheets:
            if sheet.inset:
                found.setdefault(sheet.parent, []).append(sheet)
        return found


def _is_better(flow: ListFlow, usual: ListFlow) -> bool:
    """Whether a list in larger type takes the same pages, breaks no more rows and is no closer.

    Lines and areas are wrapped for the columns beside the map: none goes on in larger type.
    """
    return (
        _insets_on(flow) == _insets_on(usual)
        and flow.lines <= usual.lines
        and flow.shortened <= usual.shortened
        and flow.pages[0].is_tight <= usual.pages[0].is_tight
        and all(isinstance(row, Row) for page in flow.pages[1:] for row in page.rows)
    )


def _insets_on(flow: ListFlow) -> list[list[str]]:
    """Labels of the insets on each of its pages."""
    return [[inset.sheet.label for inset in page.insets] for page in flow.pages]


def list_texts(book: Book) -> dict[int, RowText]:
    """What the rows of all printed points say, by point."""
    points = book.data.points
    return {entry.point: row_text(book, points[entry.point]) for entry in book.index.entries}


def list_box(book: Book, footer: FooterPlan) -> Box:
    """Box of a sheet's list, less what a higher footer takes of it."""
    box = book.frames.list
    taken = footer.box.height - book.frames.footer.height
    return Box(box.x0, box.y0 + taken, box.x1, box.y1)


def list_body(book: Book) -> Box:
    """Continuations have no footer: their columns go down to the margin."""
    body = book.frames.body
    return Box(body.x0, book.frames.footer.y0, body.x1, body.y1)
