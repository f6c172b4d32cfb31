"""The map sheet: header, framed map with its marks, list, footer; and its continuations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from reportlab.pdfgen.canvas import Canvas

from papermap.grid import Sheet
from papermap.index import Entry
from papermap.pages.footer import FooterPlan, draw_footer, plan_footer
from papermap.pages.furniture import draw_header
from papermap.pages.kit import Ink
from papermap.pages.lists import (
    Column,
    Heading,
    draw_column,
    draw_notes,
    notes_height,
    take_columns,
    without,
)
from papermap.pages.mapframe import (
    draw_band,
    draw_km_labels,
    draw_tabs,
    frame_obstacles,
    tab_boxes,
)
from papermap.pages.marksdraw import draw_marks, draw_names
from papermap.pages.model import Book, Page
from papermap.pages.rows import Group, Row, RowMaker, RowText, Tabs, make_tabs, row_text, split_row
from papermap.pages.ways import make_ways, ways_heading
from papermap.render import SheetDrawing
from papermap.units import Box

__all__ = ["ListPage", "SheetPage", "frame_obstacles", "sheet_pages", "tab_boxes"]

_WAYS = 0.6  # of a column that lines and areas may take before they are told by category
_OVERLEAF = 4.2  # mm at the foot of the list for the word that it goes on


@dataclass(slots=True)
class _Hidden:
    """Numbers of one sheet that have no mark on its map: known once the sheet is drawn.

    The sheet and its continuations share it; the continuations are drawn after the sheet.
    """

    own: frozenset[int] = frozenset()  # at home here: they keep their rows
    others: frozenset[int] = frozenset()  # of the overlap: they are not listed here


@dataclass(frozen=True, kw_only=True)
class _Listed(Page):
    """A page with a list in columns."""

    of: Sheet
    columns: tuple[Column, ...]
    boxes: tuple[Box, ...]
    tabs: Tabs
    goes_on: bool = False
    hidden: _Hidden = field(default_factory=_Hidden, compare=False)

    def _draw_header(self, ink: Ink, third: str) -> None:
        draw_header(
            ink,
            self,
            mark=self.of.label,
            title=self.book.title,
            second=self.book.second_title,
            third=third,
            points=[self.book.data.points[i] for i in self.of.shown],
        )

    def _draw_list(self, ink: Ink) -> None:
        labelled = False
        for i, (column, box) in enumerate(zip(self._shown(), self.boxes, strict=True)):
            if i:
                middle = (self.boxes[i - 1].x1 + box.x0) / 2
                ink.line(((middle, box.y1 - 1), (middle, box.y0)), 0.1)
            y = draw_column(ink, self.book, column, self.tabs, box, unplaced=self.hidden.own)
            if not self.goes_on and y - box.y0 > notes_height(self.book):
                draw_notes(ink, self.book, box, y, label=not labelled)
                labelled = True
        if self.goes_on:
            self._draw_overleaf(ink, self.boxes[-1])

    @property
    def groups(self) -> tuple[Group, ...]:
        """Groups that have rows on this page."""
        return tuple(
            item.group
            for column in self.columns
            for item, _ in column.items
            if isinstance(item, Heading)
        )

    def _shown(self) -> tuple[Column, ...]:
        """Columns without the points of the overlap that have no mark here."""
        gone = self.hidden.others
        if not gone:
            return self.columns
        points, known = self.book.data.points, self.book.by_number
        fewer = Counter(points[known[number].point].category for number in gone)
        height = self.boxes[0].height - (_OVERLEAF if self.goes_on else 0)
        return without(self.book, self.columns, height, gone, fewer)

    def _draw_overleaf(self, ink: Ink, box: Box) -> None:
        words, size = self.book.words, self.book.style.type.row
        text = f"{words('continued_overleaf')} {words.second('continued_overleaf')}".strip()
        ink.text(box.x1, box.y0 + 0.6, f"{text} ▶", size, align="right")


@dataclass(frozen=True, kw_only=True)
class SheetPage(_Listed):
    """A map sheet."""

    footer: FooterPlan

    def draw(self, canvas: Canvas, drawing: SheetDrawing | None) -> None:
        """Draw header, frame, names, marks, list and footer."""
        book, frame = self.book, self.book.frames.map
        ink = book.ink(canvas)
        places = "・".join(drawing.places) if drawing is not None else ""
        self._draw_header(ink, places)
        if drawing is not None:
            draw_names(ink, book, drawing.names, frame)
        draw_km_labels(ink, book, self.of)
        if drawing is not None:
            draw_marks(ink, book, drawing.placement, frame)
            self._note_hidden(drawing.placement.unplaced)
        draw_band(ink, book, self.of)
        draw_tabs(ink, book, self.of)
        if not self.columns[0].items:
            self._draw_nothing(ink)
        self._draw_list(ink)
        draw_footer(ink, book, self.of, self.footer, sorted(self.hidden.own))

    def _note_hidden(self, unplaced: Sequence[int]) -> None:
        known, label = self.book.by_number, self.of.label
        own = frozenset(n for n in unplaced if known[n].home.sheet == label)
        self.hidden.own, self.hidden.others = own, frozenset(unplaced) - own

    def _draw_nothing(self, ink: Ink) -> None:
        box, words = self.boxes[0], self.book.words
        if not self.goes_on:
            text = f"{words('no_points')} {words.second('no_points')}".strip()
            ink.text(box.x0, box.y1 - 4, text, self.book.style.type.row)


@dataclass(frozen=True, kw_only=True)
class ListPage(_Listed):
    """A sheet's list, continued; to be printed on the back of the sheet."""

    def draw(self, canvas: Canvas, drawing: SheetDrawing | None) -> None:  # noqa: ARG002
        """Draw header and columns."""
        book, words = self.book, self.book.words
        ink = book.ink(canvas)
        second = words.second("sheet_continued", sheet=self.of.label)
        third = f"{words('sheet_continued', sheet=self.of.label)} {second}".strip()
        self._draw_header(ink, third)
        self._draw_list(ink)


def sheet_pages(book: Book) -> tuple[Page, ...]:
    """Pages of all map sheets in order, each followed by its continuations."""
    texts = {
        entry.point: row_text(book, book.data.points[entry.point]) for entry in book.index.entries
    }
    footer = plan_footer(book)
    columns = book.frames.columns
    under_map = _Room.of(book, texts, columns(_list_box(book, footer), book.style))
    whole_page = _Room.of(book, texts, columns(_list_body(book), book.style))
    pages: list[Page] = []
    for sheet in book.plan.sheets:
        first, rest = _first_page(book, sheet, under_map, footer)
        pages.append(first)
        if rest:
            pages += _continuations(first, whole_page, rest)
    return tuple(pages)


@dataclass(frozen=True)
class _Room:
    """Columns of one kind of page, and how rows are made for them."""

    boxes: tuple[Box, ...]
    rows: RowMaker

    @classmethod
    def of(cls, book: Book, texts: Mapping[int, RowText], boxes: tuple[Box, ...]) -> _Room:
        tabs = make_tabs(book, boxes[0].width, texts.values())
        return cls(boxes, RowMaker(book, tabs, texts))

    def take(self, groups: Sequence[Group]) -> tuple[tuple[Column, ...], tuple[Group, ...]]:
        """One page of columns, and the groups that are left; room is kept to say so."""
        book, height = self.rows.book, self.boxes[0].height
        columns, rest = take_columns(book, groups, len(self.boxes), height)
        if rest:
            return take_columns(book, groups, len(self.boxes), height - _OVERLEAF)
        return columns, rest


def _list_box(book: Book, footer: FooterPlan) -> Box:
    """Box of a sheet's list, less what a higher footer takes of it."""
    box = book.frames.list
    taken = footer.box.height - book.frames.footer.height
    return Box(box.x0, box.y0 + taken, box.x1, box.y1)


def _list_body(book: Book) -> Box:
    """Continuations have no footer: their columns go down to the margin."""
    body = book.frames.body
    return Box(body.x0, book.frames.footer.y0, body.x1, body.y1)


def _first_page(
    book: Book, sheet: Sheet, room: _Room, footer: FooterPlan
) -> tuple[SheetPage, tuple[Entry, ...]]:
    """The map sheet with as much of its list as fits, and the entries that do not."""
    known = book.index.by_point
    entries = [known[point] for point in sheet.shown if point in known]
    groups = room.rows.groups(entries, sheet.label)
    ways = make_ways(book, sheet, room.rows.tabs, room.boxes[0].height * _WAYS)
    if ways:
        groups = (Group(ways_heading(book), ways, len(ways)), *groups)
    columns, rest = room.take(groups)
    page = SheetPage(
        book=book,
        kind="sheet",
        label=sheet.label,
        title=book.words("sheet", sheet=sheet.label),
        sheet=sheet.label,
        panel_box=book.frames.map,
        of=sheet,
        columns=columns,
        boxes=room.boxes,
        tabs=room.rows.tabs,
        goes_on=bool(rest),
        footer=footer,
    )
    left = {row.number for group in rest for row in group.rows if isinstance(row, Row)}
    return page, tuple(entry for entry in entries if entry.number in left)


def _continuations(first: SheetPage, room: _Room, entries: Sequence[Entry]) -> list[Page]:
    """Pages for the rows that did not fit under the map, their columns balanced."""
    book, sheet, tabs = first.book, first.of, room.rows.tabs
    most = room.boxes[0].height - _OVERLEAF - 2 * book.style.layout.heading
    totals = {group.category.key: group for group in first.groups}
    groups: tuple[Group, ...] = tuple(
        replace(
            group,
            rows=tuple(
                part
                for row in group.rows
                if isinstance(row, Row)
                for part in split_row(row, most, book, shared=tabs.shared)
            ),
            count=totals.get(group.category.key, group).count,
            begun=group.category.key in totals,
        )
        for group in room.rows.groups(entries, sheet.label)
    )
    pages: list[Page] = []
    while groups:
        columns, groups = room.take(groups)
        pages.append(
            ListPage(
                book=book,
                kind="list",
                label=f"{sheet.label}-{len(pages) + 2}",
                title=book.words("sheet_continued", sheet=sheet.label),
                sheet=sheet.label,
                level=1,
                of=sheet,
                columns=columns,
                boxes=room.boxes,
                tabs=tabs,
                goes_on=bool(groups),
                hidden=first.hidden,
            )
        )
    return pages
