"""A sheet's list over its pages: as much as fits under the map, the rest on pages of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from papermap.grid import Sheet
from papermap.pages.insets import packed
from papermap.pages.lists import without
from papermap.pages.model import Book
from papermap.pages.pagelist import OVERLEAF, PageList, Room
from papermap.pages.rows import (
    Group,
    Listed,
    Pitch,
    Row,
    shortened,
    split_row,
)
from papermap.pages.ways import heading_of, make_ways

_FOOT = 1.4  # mm of the gap above the footer that a list may take rather than go on
_RECUT = 0.92  # of the height of a list is left, at best, when its columns are cut anew
_LONG = 0.34  # of the list beside a map that one row may take where the list goes on anyway
_LEAST_LINES = 4  # of a row that is told in two places
_WAYS = 0.6  # of a column that lines and areas may take before they are told by category


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
