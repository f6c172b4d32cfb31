"""The map sheet: header, framed map with its marks, list, footer; and its continuations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from reportlab.pdfgen.canvas import Canvas

from papermap.grid import Sheet
from papermap.pages.footer import FooterPlan, draw_footer, plan_footer
from papermap.pages.furniture import draw_header
from papermap.pages.kit import Ink
from papermap.pages.lists import (
    Column,
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
from papermap.pages.rows import Group, RowText, Tabs, make_groups, make_tabs, row_text, split_row
from papermap.render import SheetDrawing
from papermap.units import Box

__all__ = ["ListPage", "SheetPage", "frame_obstacles", "sheet_pages", "tab_boxes"]

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
    on_sheet = book.frames.columns(_list_box(book, footer), book.style)
    on_page = book.frames.columns(_list_body(book), book.style)
    tabs = make_tabs(book, on_sheet[0].width, texts.values())
    tabs_page = make_tabs(book, on_page[0].width, texts.values())
    pages: list[Page] = []
    for sheet in book.plan.sheets:
        first, rest = _first_page(book, sheet, texts, tabs, boxes=on_sheet, footer=footer)
        pages.append(first)
        if rest:
            pages += _continuations(first, texts, tabs_page, boxes=on_page, wanted=rest)
    return tuple(pages)


def _list_box(book: Book, footer: FooterPlan) -> Box:
    """Box of a sheet's list, less what a higher footer takes of it."""
    box = book.frames.list
    taken = footer.box.height - book.frames.footer.height
    return Box(box.x0, box.y0 + taken, box.x1, box.y1)


def _list_body(book: Book) -> Box:
    """Continuations have no footer: their columns go down to the margin."""
    body = book.frames.body
    return Box(body.x0, book.frames.footer.y0, body.x1, body.y1)


def _groups(book: Book, sheet: Sheet, texts: dict[int, RowText], tabs: Tabs) -> tuple[Group, ...]:
    known = book.index.by_point
    entries = [known[point] for point in sheet.shown if point in known]
    return make_groups(book, tabs, entries, texts, sheet.label)


def _first_page(
    book: Book,
    sheet: Sheet,
    texts: dict[int, RowText],
    tabs: Tabs,
    *,
    boxes: Sequence[Box],
    footer: FooterPlan,
) -> tuple[SheetPage, frozenset[int]]:
    """The map sheet with as much of its list as fits, and the numbers that do not."""
    groups = _groups(book, sheet, texts, tabs)
    height = boxes[0].height
    columns, rest = take_columns(book, groups, len(boxes), height)
    if rest:
        columns, rest = take_columns(book, groups, len(boxes), height - _OVERLEAF)
    page = SheetPage(
        book=book,
        kind="sheet",
        label=sheet.label,
        title=book.words("sheet", sheet=sheet.label),
        sheet=sheet.label,
        panel_box=book.frames.map,
        of=sheet,
        columns=columns,
        boxes=tuple(boxes),
        tabs=tabs,
        goes_on=bool(rest),
        footer=footer,
    )
    return page, frozenset(row.number for group in rest for row in group.rows)


def _continuations(
    first: SheetPage,
    texts: dict[int, RowText],
    tabs: Tabs,
    *,
    boxes: Sequence[Box],
    wanted: frozenset[int],
) -> list[Page]:
    """Pages for the rows that did not fit under the map, their columns balanced."""
    book, sheet = first.book, first.of
    height = boxes[0].height
    most = height - 2 * book.style.layout.heading
    groups: tuple[Group, ...] = tuple(
        replace(
            group,
            rows=tuple(
                part for row in rows for part in split_row(row, most, book, shared=tabs.shared)
            ),
        )
        for group in _groups(book, sheet, texts, tabs)
        if (rows := [row for row in group.rows if row.number in wanted])
    )
    pages: list[Page] = []
    while groups:
        columns, rest = take_columns(book, groups, len(boxes), height)
        if rest:
            columns, rest = take_columns(book, groups, len(boxes), height - _OVERLEAF)
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
                boxes=tuple(boxes),
                tabs=tabs,
                goes_on=bool(rest),
                hidden=first.hidden,
            )
        )
        groups = rest
    return pages
