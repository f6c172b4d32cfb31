"""A sheet's list over its pages: as much as fits under the map, the rest on pages of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from papermap.grid import Sheet
from papermap.pages.lists import Column, take_columns, without
from papermap.pages.model import Book
from papermap.pages.rows import Group, Row, RowMaker, RowText, Tabs, make_tabs, split_row
from papermap.pages.ways import make_ways, ways_heading
from papermap.units import Box

OVERLEAF = 4.2  # mm at the foot of a list for the word that it goes on
_SAMPLE = 1000  # rows that the columns are cut for; a city has thousands like them
_WAYS = 0.6  # of a column that lines and areas may take before they are told by category


@dataclass(frozen=True)
class Room:
    """Columns of one kind of page, and how rows are made for them."""

    boxes: tuple[Box, ...]
    rows: RowMaker

    @classmethod
    def of(cls, book: Book, texts: Mapping[int, RowText], box: Box) -> Room:
        """Room in ``box``: so many columns that the rows of the whole book take least height."""
        layout, said = book.style.layout, tuple(texts.values())
        said = said[:: max(1, len(said) // _SAMPLE)]
        headings = len(said) * _headings_per_row(book) * layout.heading
        most = book.frames.columns(box, book.style)
        tried = []
        for count in range(len(most), 0, -1):
            boxes = book.frames.columns(box, book.style, count)
            tabs = make_tabs(book, boxes[0].width, said)
            more_lines = max(tabs.lines - len(said), 0.0)
            height = (headings + len(said) * layout.row + more_lines * layout.line) / count
            tried.append((height, -count, boxes, tabs))
        _, _, boxes, tabs = min(tried, key=lambda one: one[:2])
        return cls(boxes, RowMaker(book, tabs, texts))

    def take(self, groups: Sequence[Group]) -> tuple[PageList, tuple[Group, ...]]:
        """The list of one page, and the groups that are left; room is kept to say so."""
        book, height, tabs = self.rows.book, self.boxes[0].height, self.rows.tabs
        columns, rest = take_columns(book, groups, len(self.boxes), height)
        if rest:
            columns, rest = take_columns(book, groups, len(self.boxes), height - OVERLEAF)
        return PageList(columns, self.boxes, tabs, goes_on=bool(rest)), rest


def _headings_per_row(book: Book) -> float:
    """How many headings the sheets' lists have for each row, on the average."""
    points = book.data.points
    rows = sum(len(sheet.shown) for sheet in book.plan.sheets)
    kinds = sum(len({points[i].category for i in sheet.shown}) for sheet in book.plan.sheets)
    return kinds / max(rows, 1)


@dataclass(frozen=True, slots=True)
class PageList:
    """What stands in the columns of one page."""

    columns: tuple[Column, ...]
    boxes: tuple[Box, ...]
    tabs: Tabs
    goes_on: bool


class ListFlow:
    """The list of one sheet, page by page.

    Its pages share it: which marks found no room on the map is known only when the sheet is
    drawn, and then the list is laid out anew on the same pages.
    """

    def __init__(self, book: Book, sheet: Sheet, under_map: Room, whole_page: Room) -> None:
        self._book, self._sheet = book, sheet
        self._under_map, self._whole_page = under_map, whole_page
        self.hidden: frozenset[int] = frozenset()
        self.pages = self._spread(frozenset())

    def hide(self, unplaced: Sequence[int]) -> None:
        """Take account of the numbers that have no mark on the map.

        Points at home on this sheet keep their rows, ``hidden`` names them; those of the overlap
        are left to their own sheets.
        """
        known, label = self._book.by_number, self._sheet.label
        self.hidden = frozenset(n for n in unplaced if known[n].home.sheet == label)
        others = frozenset(unplaced) - self.hidden
        if not others:
            return
        again = self._spread(others)
        # the pages are numbered already: none may come or go
        same = len(again) == len(self.pages)
        self.pages = again if same else tuple(self._without(page, others) for page in self.pages)

    def _spread(self, gone: frozenset[int]) -> tuple[PageList, ...]:
        book, sheet = self._book, self._sheet
        known = book.index.by_point
        entries = [known[p] for p in sheet.shown if p in known and known[p].number not in gone]
        groups = self._under_map.rows.groups(entries, sheet.label)
        most = self._under_map.boxes[0].height * _WAYS
        ways = make_ways(book, sheet, self._under_map.rows.tabs, most)
        if ways:
            groups = (Group(ways_heading(book), ways, len(ways)), *groups)
        first, rest = self._under_map.take(groups)
        pages = [first]
        rest = self._remade(rest)
        while rest:
            page, rest = self._whole_page.take(rest)
            pages.append(page)
        return tuple(pages)

    def _remade(self, groups: Sequence[Group]) -> tuple[Group, ...]:
        """Groups that are left, their rows made for the columns of a whole page."""
        book, room = self._book, self._whole_page
        most = room.boxes[0].height - OVERLEAF - 2 * book.style.layout.heading
        label, known, shared = self._sheet.label, book.by_number, room.rows.tabs.shared
        return tuple(
            replace(
                group,
                rows=tuple(
                    part
                    for row in group.rows
                    for part in (
                        split_row(
                            room.rows.row(known[row.number], label), most, book, shared=shared
                        )
                        if isinstance(row, Row)
                        else (row,)
                    )
                ),
            )
            for group in groups
        )

    def _without(self, page: PageList, gone: frozenset[int]) -> PageList:
        points, known = self._book.data.points, self._book.by_number
        fewer = Counter(points[known[number].point].category for number in gone)
        height = page.boxes[0].height - (OVERLEAF if page.goes_on else 0)
        return replace(page, columns=without(self._book, page.columns, height, gone, fewer))
