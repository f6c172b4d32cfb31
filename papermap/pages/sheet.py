"""The map sheet: header, framed map with its marks, list, footer; and its continuations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from reportlab.pdfgen.canvas import Canvas

from papermap.grid import Sheet
from papermap.pages.footer import draw_footer
from papermap.pages.furniture import draw_header
from papermap.pages.kit import Ink
from papermap.pages.lists import Column, draw_column, draw_notes, notes_height, take_columns
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


@dataclass(frozen=True, kw_only=True)
class _Listed(Page):
    """A page with a list in columns."""

    of: Sheet
    columns: tuple[Column, ...]
    boxes: tuple[Box, ...]
    tabs: Tabs
    goes_on: bool = False

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

    def _draw_list(self, ink: Ink, unplaced: frozenset[int]) -> None:
        labelled = False
        for i, (column, box) in enumerate(zip(self.columns, self.boxes, strict=True)):
            if i:
                middle = (self.boxes[i - 1].x1 + box.x0) / 2
                ink.line(((middle, box.y1 - 1), (middle, box.y0)), 0.1)
            y = draw_column(ink, self.book, column, self.tabs, box, unplaced=unplaced)
            if not self.goes_on and y - box.y0 > notes_height(self.book):
                draw_notes(ink, self.book, box, y, label=not labelled)
                labelled = True
        if self.goes_on:
            self._draw_overleaf(ink, self.boxes[-1])

    def _draw_overleaf(self, ink: Ink, box: Box) -> None:
        words, size = self.book.words, self.book.style.type.row
        text = f"{words('continued_overleaf')} {words.second('continued_overleaf')}".strip()
        ink.text(box.x1, box.y0 + 0.6, f"{text} ▶", size, align="right")


@dataclass(frozen=True, kw_only=True)
class SheetPage(_Listed):
    """A map sheet."""

    def draw(self, canvas: Canvas, drawing: SheetDrawing | None) -> None:
        """Draw header, frame, names, marks, list and footer."""
        book, frame = self.book, self.book.frames.map
        ink = book.ink(canvas)
        places = "・".join(drawing.places) if drawing is not None else ""
        self._draw_header(ink, places)
        unplaced: frozenset[int] = frozenset()
        if drawing is not None:
            draw_names(ink, book, drawing.names, frame)
        draw_km_labels(ink, book, self.of)
        if drawing is not None:
            draw_marks(ink, book, drawing.placement, frame)
            unplaced = frozenset(drawing.placement.unplaced)
        draw_band(ink, book, self.of)
        draw_tabs(ink, book, self.of)
        if not self.columns[0].items:
            self._draw_nothing(ink)
        self._draw_list(ink, unplaced)
        draw_footer(ink, book, self.of, sorted(unplaced))

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
        self._draw_list(ink, frozenset())


def sheet_pages(book: Book) -> tuple[Page, ...]:
    """Pages of all map sheets in order, each followed by its continuations."""
    texts = {
        entry.point: row_text(book, book.data.points[entry.point]) for entry in book.index.entries
    }
    on_sheet = book.frames.columns(book.frames.list, book.style)
    on_page = book.frames.columns(_list_body(book), book.style)
    tabs = make_tabs(book, on_sheet[0].width, texts.values())
    tabs_page = make_tabs(book, on_page[0].width, texts.values())
    pages: list[Page] = []
    for sheet in book.plan.sheets:
        first, rest = _first_page(book, sheet, texts, tabs, on_sheet)
        pages.append(first)
        if rest:
            pages += _continuations(book, sheet, texts, tabs_page, boxes=on_page, wanted=rest)
    return tuple(pages)


def _list_body(book: Book) -> Box:
    """Continuations have no footer: their columns go down to the margin."""
    body = book.frames.body
    return Box(body.x0, book.frames.footer.y0, body.x1, body.y1)


def _groups(book: Book, sheet: Sheet, texts: dict[int, RowText], tabs: Tabs) -> tuple[Group, ...]:
    known = book.index.by_point
    entries = [known[point] for point in sheet.shown if point in known]
    return make_groups(book, tabs, entries, texts, sheet.label)


def _first_page(
    book: Book, sheet: Sheet, texts: dict[int, RowText], tabs: Tabs, boxes: Sequence[Box]
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
    )
    return page, frozenset(row.number for group in rest for row in group.rows)


def _continuations(
    book: Book,
    sheet: Sheet,
    texts: dict[int, RowText],
    tabs: Tabs,
    *,
    boxes: Sequence[Box],
    wanted: frozenset[int],
) -> list[Page]:
    """Pages for the rows that did not fit under the map, their columns balanced."""
    height = boxes[0].height
    most = height - 2 * book.style.layout.heading
    groups: tuple[Group, ...] = tuple(
        replace(group, rows=tuple(part for row in rows for part in split_row(row, most, book)))
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
            )
        )
        groups = rest
    return pages
