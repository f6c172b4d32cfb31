"""The list of one page: the columns that it may stand in, and what stands in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from papermap.grid import Sheet
from papermap.pages.insets import GAP, Inset, shelves
from papermap.pages.lists import Column, Heading, take_columns
from papermap.pages.model import Book
from papermap.pages.rows import Group, Listed, Pitch, RowMaker, Tabs, make_tabs
from papermap.pages.said import RowText
from papermap.units import Box

OVERLEAF: Final = 4.2  # mm at the foot of a list for the word that it goes on
_SAMPLE: Final = 1000  # rows that the columns are cut for; a city has thousands like them


@dataclass(frozen=True)
class Room:
    """Columns of one kind of page, and how rows are made for them."""

    boxes: tuple[Box, ...]
    rows: RowMaker

    @property
    def box(self) -> Box:
        """All columns and what is between them."""
        first, last = self.boxes[0], self.boxes[-1]
        return Box(first.x0, first.y0, last.x1, last.y1)

    @property
    def book(self) -> Book:
        """The book with the type in which the rows are set."""
        return self.rows.book

    def pitch(self, *, tight: bool = False) -> Pitch:
        """As rows are set here, usually or as close as they may be."""
        style = self.book.style
        return Pitch.tight(style) if tight else Pitch.of(style)

    @classmethod
    def of(cls, book: Book, texts: Mapping[int, RowText], box: Box, most: int = 9) -> Room:
        """Room in ``box``: so many columns that the rows of the whole book take least height."""
        layout, said = book.style.layout, tuple(texts.values())
        said = said[:: max(1, len(said) // _SAMPLE)]
        headings = len(said) * _headings_per_row(book) * layout.heading
        most = min(most, len(book.frames.columns(box, book.style)))
        tried = []
        for count in range(most, 0, -1):
            boxes = book.frames.columns(box, book.style, count)
            tabs = make_tabs(book, boxes[0].width, said)
            more_lines = max(tabs.lines - len(said), 0.0)
            height = (headings + len(said) * layout.row + more_lines * layout.line) / count
            tried.append((height, -count, boxes, tabs))
        _, _, boxes, tabs = min(tried, key=lambda one: one[:2])
        return cls(boxes, RowMaker(book, tabs, texts))

    def take(
        self, groups: Sequence[Group], pitch: Pitch, more: float = 0.0, *, goes_on: bool = False
    ) -> tuple[PageList, tuple[Group, ...]]:
        """The list of one page, and the groups that are left; room is kept to say so.

        ``more`` mm under the columns may be filled too; ``goes_on`` where the list does so even
        if no group is left.
        """
        count = len(self.boxes)
        boxes = tuple(Box(box.x0, box.y0 - more, box.x1, box.y1) for box in self.boxes)
        height = boxes[0].height
        columns, rest = take_columns(pitch, groups, [height] * count)
        goes_on = goes_on or bool(rest)
        if goes_on:
            columns, rest = take_columns(pitch, groups, [height - OVERLEAF] * count)
        page = PageList(
            self.book, columns, boxes, self.rows.tabs, pitch, goes_on=goes_on, groups=tuple(groups)
        )
        return page, rest

    def cut_for(self, points: Sequence[int]) -> Room:
        """The same room, its rows' parts as wide as these points need them."""
        rows = self.rows
        tabs = make_tabs(rows.book, self.boxes[0].width, [rows.texts[point] for point in points])
        return replace(self, rows=RowMaker(rows.book, tabs, rows.texts))


def _headings_per_row(book: Book) -> float:
    """How many headings the sheets' lists have for each row, on the average."""
    points = book.data.points
    rows = sum(len(sheet.shown) for sheet in book.plan.sheets)
    kinds = sum(len({points[i].category for i in sheet.shown}) for sheet in book.plan.sheets)
    return kinds / max(rows, 1)


@dataclass(frozen=True, slots=True)
class PageList:
    """What stands in the columns of one page; ``book`` with the type in which they are set."""

    book: Book
    columns: tuple[Column, ...]
    boxes: tuple[Box, ...]
    tabs: Tabs
    pitch: Pitch
    goes_on: bool
    hidden: frozenset[int] = frozenset()  # numbers whose rows say that they have no mark
    groups: tuple[Group, ...] = ()  # what was to stand there
    insets: tuple[Inset, ...] = ()  # under all columns, or the last ones

    @property
    def rows(self) -> tuple[Listed, ...]:
        """What is listed, without headings."""
        items = (item for column in self.columns for item, _ in column.items)
        return tuple(item for item in items if not isinstance(item, Heading))

    @property
    def is_tight(self) -> bool:
        """Whether it is set closer than usual."""
        return self.pitch != Pitch.of(self.book.style)

    def with_insets(self, book: Book, insets: Sequence[Sheet]) -> PageList | None:
        """The page with these insets under all or the last of its columns; None if too full."""
        count, top, foot = len(self.boxes), self.boxes[0].y1, self.boxes[0].y0
        for first in range(count):
            room = Box(self.boxes[first].x0, foot, self.boxes[-1].x1, top)
            placed, taken = shelves(book, insets, room)
            boxes = tuple(
                Box(box.x0, box.y0 + (taken if n >= first else 0.0), box.x1, box.y1)
                for n, box in enumerate(self.boxes)
            )
            columns, rest = take_columns(self.pitch, self.groups, [box.height for box in boxes])
            if len(placed) == len(insets) and not rest:
                return replace(self, columns=columns, boxes=boxes, insets=placed)
        return None

    def with_insets_on_top(self) -> PageList:
        """A page of insets alone: what is left under them is to write on."""
        first, last, band = self.boxes[0], self.boxes[-1], self.book.style.layout.band
        low = min(inset.frame.y0 for inset in self.insets) - band
        up = first.y1 - max(inset.caption.y1 for inset in self.insets)
        left = Box(first.x0, low, last.x1, max(low, low + up - GAP))
        insets = tuple(inset.moved(up) for inset in self.insets)
        return replace(self, insets=insets, boxes=(left,), columns=(Column(()),))
