"""A sheet's list over its pages: as much as fits under the map, the rest on pages of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from papermap.grid import Sheet
from papermap.pages.insets import GAP, Inset, packed, shelves
from papermap.pages.lists import Column, Heading, take_columns, without
from papermap.pages.model import Book
from papermap.pages.rows import (
    Group,
    Listed,
    Pitch,
    Row,
    RowMaker,
    Tabs,
    make_tabs,
    shortened,
    split_row,
)
from papermap.pages.said import RowText
from papermap.pages.ways import heading_of, make_ways
from papermap.units import Box

OVERLEAF = 4.2  # mm at the foot of a list for the word that it goes on
_SAMPLE = 1000  # rows that the columns are cut for; a city has thousands like them
_FOOT = 1.4  # mm of the gap above the footer that a list may take rather than go on
_RECUT = 0.92  # of the height of a list is left, at best, when its columns are cut anew
_LONG = 0.34  # of the list beside a map that one row may take where the list goes on anyway
_LEAST_LINES = 4  # of a row that is told in two places
_WAYS = 0.6  # of a column that lines and areas may take before they are told by category


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
    def height(self) -> float:
        """How much of its columns is taken, mm."""
        return sum(column.height for column in self.columns)

    @property
    def room(self) -> float:
        """Height of all its columns, mm."""
        return sum(box.height for box in self.boxes)

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


@dataclass(frozen=True, eq=False)
class ListFlow:
    """The list of one sheet over its pages, then its insets; it has the rows of these too."""

    book: Book
    sheet: Sheet
    under_map: Room
    whole_page: Room
    insets: tuple[Sheet, ...] = ()

    @property
    def points(self) -> list[int]:
        """What is listed: points on the sheet's map and on those of its insets."""
        shown = dict.fromkeys(p for sheet in (self.sheet, *self.insets) for p in sheet.shown)
        return [point for point in shown if point in self.book.index.by_point]

    @cached_property
    def pages(self) -> tuple[PageList, ...]:
        """Page by page, for maps on which all marks have found room."""
        return self._spread(frozenset())

    def _with_insets(self, lists: tuple[PageList, ...]) -> tuple[PageList, ...]:
        """Pages of a list with the insets: each on the first page with room, if that is enough."""
        if not self.insets:
            return lists
        first, *others = min(self._beside(lists), self._above(lists), key=len)
        return (first, *(page if page.rows else page.with_insets_on_top() for page in others))

    def _beside(self, lists: Sequence[PageList]) -> tuple[PageList, ...]:
        """The same pages, insets where they have room left, the others on pages of their own."""
        empty, _ = self.whole_page.take((), self.whole_page.pitch())
        pages = [(page, page) for page in lists]  # without insets, and with them
        for inset in self.insets:
            for n, (page, now) in enumerate((*pages, (empty, empty))):
                own = (*(each.sheet for each in now.insets), inset)
                found = page.with_insets(self.book, own)
                if found is not None:
                    pages[n : n + 1] = [(page, found)]
                    break
        return tuple(page for _, page in pages)

    def _above(self, lists: Sequence[PageList]) -> tuple[PageList, ...]:
        """Insets at the foot of the last pages, packed together; the list goes on above them."""
        blocks = packed(self.book, self.insets, self.whole_page.box)
        for count in range(max(len(lists) - 1 - len(blocks), 0), len(lists)):
            rest = lists[1].groups if len(lists) > 1 else ()
            pages = [lists[0]]
            for insets, taken in (*[((), 0.0)] * count, *blocks):
                page, rest = self.whole_page.take(rest, lists[-1].pitch, -taken)
                pages.append(replace(page, insets=insets))
            if not rest:
                break
        return tuple(pages)

    @property
    def lines(self) -> int:
        """Lines that its rows are broken into."""
        return sum(row.lines for page in self.pages for row in page.rows)

    @property
    def shortened(self) -> int:
        """Rows that are told in two places."""
        rows = (row for page in self.pages for row in page.rows if isinstance(row, Row))
        return sum(bool(row.rest) for row in rows)

    def drawn(self, unplaced: Sequence[int]) -> tuple[PageList, ...]:
        """The same pages where some numbers have no mark on the map.

        Points at home on this sheet keep their rows, which say so; those of the overlap are
        left to their own sheets. Which they are is known only when the sheet is drawn.
        """
        known, own = self.book.by_number, {sheet.label for sheet in (self.sheet, *self.insets)}
        hidden = frozenset(number for number in unplaced if known[number].home.sheet in own)
        pages, others = self.pages, frozenset(unplaced) - hidden
        if others:
            again = self._spread_without(others)
            # the pages are numbered already, and insets have their places: none may come or go
            same = [page.insets for page in again] == [page.insets for page in pages]
            pages = again if same else tuple(self._without(page, others) for page in pages)
        return tuple(replace(page, hidden=hidden) for page in pages)

    def _spread_without(self, gone: frozenset[int]) -> tuple[PageList, ...]:
        """The same for each page of the sheet, so it is found once."""
        if gone not in self._found:
            self._found[gone] = self._spread(gone)
        return self._found[gone]

    @cached_property
    def _found(self) -> dict[frozenset[int], tuple[PageList, ...]]:
        return {}

    def _spread(self, gone: frozenset[int]) -> tuple[PageList, ...]:
        """On as few pages as can be: set closer only where that saves one."""
        known = self.book.index.by_point
        points = [point for point in self.points if known[point].number not in gone]
        best = self._with_insets(self._laid(points, self.under_map))
        if len(best) == 1 or not points or not self._saves_a_page(best):
            return best
        for room in (self.under_map, self.under_map.cut_for(points)):
            closer = self._with_insets(self._laid(points, room, tight=True))
            if len(closer) < len(best):
                return closer
        return best

    def _saves_a_page(self, pages: Sequence[PageList]) -> bool:
        """Whether the list may be a page shorter when set closer: worth trying."""
        usual, tight = self.under_map.pitch(), self.under_map.pitch(tight=True)
        taken = sum(column.height for page in pages for column in page.columns)
        taken *= min(tight.heading / usual.heading, tight.row / usual.row) * _RECUT
        room = 0.0
        for n, page in enumerate(pages):
            high = (self.whole_page if n else self.under_map).boxes[0].height
            taken += sum(high - box.height for box in page.boxes)  # by insets
            room += (high + _FOOT) * len(page.boxes) if n < len(pages) - 1 else 0.0
        return taken < room

    def _laid(
        self, points: Sequence[int], room: Room, *, tight: bool = False
    ) -> tuple[PageList, ...]:
        book, sheet = room.book, self.sheet
        pitch, more = room.pitch(tight=tight), _FOOT if tight else 0.0
        groups = room.rows.groups([book.index.by_point[p] for p in points], sheet.label)
        ways = make_ways(book, sheet, room.rows.tabs, room.boxes[0].height * _WAYS)
        if ways:
            groups = (Group(heading_of(book, "lines_areas"), ways, len(ways)), *groups)
        first, rest = room.take(groups, pitch, more)
        if rest:
            first, rest = room.take(self._shortened(groups, room, pitch), pitch, more, goes_on=True)
        pages = [first]
        rest = (*self._remade(rest), *self._told_later(first))
        while rest:
            page, rest = self.whole_page.take(rest, self.whole_page.pitch(tight=tight))
            pages.append(page)
        return tuple(pages)

    def _shortened(self, groups: Sequence[Group], room: Room, pitch: Pitch) -> tuple[Group, ...]:
        """Groups whose long rows leave the rest of the page to others."""
        words = self.book.words
        room_for = (room.boxes[0].height * _LONG - pitch.row) / pitch.line
        most = max(_LEAST_LINES, int(room_for))
        mark = f"{words('continued_overleaf')} ▶"
        return tuple(
            replace(
                group,
                rows=tuple(
                    shortened(row, most, mark) if isinstance(row, Row) else row
                    for row in group.rows
                ),
            )
            for group in groups
        )

    def _told_later(self, page: PageList) -> tuple[Group, ...]:
        """What is left of the rows that a page has shortened."""
        cut = [row for row in page.rows if isinstance(row, Row) and row.rest]
        if not cut:
            return ()
        rows = tuple(part for row in cut for part in self._split(self.whole_page.rows.rest_of(row)))
        return (Group(heading_of(self.book, "notes_go_on"), rows, len(cut)),)

    def _remade(self, groups: Sequence[Group]) -> tuple[Group, ...]:
        """Groups that are left, their rows made for the columns of a whole page."""
        return tuple(
            replace(group, rows=tuple(part for row in group.rows for part in self._parts(row)))
            for group in groups
        )

    def _parts(self, row: Listed) -> tuple[Listed, ...]:
        """A row made for the columns of a whole page, in parts where it is longer than one."""
        if not isinstance(row, Row):
            return (row,)
        entry = self.book.by_number[row.number]
        return self._split(self.whole_page.rows.row(entry, self.sheet.label))

    def _split(self, row: Row) -> tuple[Row, ...]:
        room = self.whole_page
        pitch = room.pitch()
        most = room.boxes[0].height - OVERLEAF - 2 * pitch.heading
        return split_row(row, most, pitch, shared=room.rows.tabs.shared)

    def _without(self, page: PageList, gone: frozenset[int]) -> PageList:
        points, known = self.book.data.points, self.book.by_number
        fewer = Counter(points[known[number].point].category for number in gone)
        less = OVERLEAF if page.goes_on else 0.0
        heights = [box.height - less for box in page.boxes]
        return replace(page, columns=without(page.pitch, page.columns, heights, gone, fewer))
