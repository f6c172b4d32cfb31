"""The map sheet: header, framed map with its marks, list, footer; and its continuations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from reportlab.pdfgen.canvas import Canvas

from papermap.grid import Sheet
from papermap.pages.detailframes import detail_frames, draw_detail_frames
from papermap.pages.flow import ListFlow
from papermap.pages.flows import Flows
from papermap.pages.footer import FooterPlan, draw_footer
from papermap.pages.furniture import draw_header
from papermap.pages.insets import draw_caption
from papermap.pages.kit import Ink
from papermap.pages.kmlabels import draw_km_labels, km_labels
from papermap.pages.lists import Column, draw_column, draw_notes, notes_height
from papermap.pages.mapframe import draw_band, draw_tabs, tab_boxes
from papermap.pages.marksdraw import draw_marks, draw_names
from papermap.pages.model import Book, Drawn, Page, Panel
from papermap.pages.pagelist import PageList
from papermap.render import SheetDrawing
from papermap.units import Box

__all__ = ["ListPage", "SheetPage", "frame_obstacles", "sheet_pages", "tab_boxes"]


def frame_obstacles(book: Book, sheet: Sheet) -> tuple[Box, ...]:
    """What stands inside the frame before any mark is placed, mm from its lower left.

    Tabs, kilometre labels and the frames of details.
    """
    tabs = (box.grown(0.4) for box in tab_boxes(book.frames, sheet, book.style).values())
    labels = (label.box for label in km_labels(book, sheet))
    details = (box for detail in detail_frames(book, sheet) for box in detail.obstacles)
    return (*tabs, *labels, *details)


@dataclass(frozen=True, kw_only=True)
class _Listed(Page):
    """A page with a list in columns; ``part`` counts the pages of one sheet's list from 0."""

    of: Sheet
    flow: ListFlow = field(compare=False, repr=False)
    part: int = 0

    @property
    def list(self) -> PageList:
        """What stands in the columns of this page."""
        return self.flow.pages[self.part]

    @property
    def columns(self) -> tuple[Column, ...]:
        """Headings and rows of this page, column by column."""
        return self.list.columns

    def _draw_header(self, ink: Ink, *, third: str = "", places: Sequence[str] = ()) -> None:
        draw_header(
            ink,
            self,
            mark=self.of.label,
            title=self.book.title,
            second=self.book.second_title,
            third=third,
            places=places,
            points=[
                self.book.data.points[i]
                for sheet in (self.of, *self.flow.insets)
                for i in sheet.shown
            ],
        )

    def _drawn_list(self, drawn: Drawn) -> PageList:
        """The list of this page beside its sheet's map and insets as they are drawn."""
        sheets = (self.of, *self.flow.insets)
        found = [drawn[sheet.label].placement for sheet in sheets if sheet.label in drawn]
        marked = {number for placement in found for number in placement.numbers}
        lost = {number for placement in found for number in placement.unplaced}
        return self.flow.drawn(sorted(lost - marked))[self.part] if found else self.list

    def _draw_insets(self, ink: Ink, drawn: Drawn) -> None:
        for inset in self.list.insets:
            draw_caption(ink, self.book, inset)
            _draw_map(ink, self.book, inset.sheet, inset.frame, drawn.get(inset.sheet.label))

    def _draw_list(self, ink: Ink, page: PageList) -> None:
        book, labelled = page.book, False  # its type may be larger than that of other lists
        for i, (column, box) in enumerate(zip(page.columns, page.boxes, strict=True)):
            if i:
                middle = (page.boxes[i - 1].x1 + box.x0) / 2
                ink.line(((middle, box.y1 - 1), (middle, box.y0)), 0.1)
            y = draw_column(
                ink, book, column, page.tabs, box, pitch=page.pitch, unplaced=page.hidden
            )
            if not page.goes_on and y - box.y0 > notes_height(book):
                draw_notes(ink, book, box, y, label=not labelled)
                labelled = True
        if page.goes_on:
            self._draw_overleaf(ink, page)

    def _draw_overleaf(self, ink: Ink, page: PageList) -> None:
        words, size, box = self.book.words, page.book.style.type.row, page.boxes[-1]
        text = f"{words('continued_overleaf')} {words.second('continued_overleaf')}".strip()
        ink.text(box.x1, box.y0 + 0.6, f"{text} ▶", size, align="right")


@dataclass(frozen=True, kw_only=True)
class SheetPage(_Listed):
    """A map sheet."""

    footer: FooterPlan

    def draw(self, canvas: Canvas, drawn: Drawn) -> None:
        """Draw header, frame, names, marks, list, insets and footer."""
        book = self.book
        ink = book.ink(canvas)
        places = book.places.get(self.of.label, ())
        self._draw_header(ink, places=(*self._parent_told, *places))
        _draw_map(ink, book, self.of, book.frames.map, drawn.get(self.of.label))
        draw_tabs(ink, book, self.of)
        page = self._drawn_list(drawn)
        if not page.columns[0].items and not page.goes_on:
            self._draw_nothing(ink, page.boxes[0])
        self._draw_list(ink, page)
        self._draw_insets(ink, drawn)
        draw_footer(ink, book, self.of, self.footer, sorted(page.hidden))

    @property
    def _parent_told(self) -> tuple[str, ...]:
        """What a detail sheet is a detail of, in both languages."""
        parent, words = self.of.parent, self.book.words
        if not parent:
            return ()
        second = words.second("detail_of", sheet=parent)
        return tuple(text for text in (words("detail_of", sheet=parent), second) if text)

    def _draw_nothing(self, ink: Ink, box: Box) -> None:
        words = self.book.words
        text = f"{words('no_points')} {words.second('no_points')}".strip()
        ink.text(box.x0, box.y1 - 4, text, self.book.style.type.row)


@dataclass(frozen=True, kw_only=True)
class ListPage(_Listed):
    """A sheet's list, continued; to be printed on the back of the sheet."""

    def draw(self, canvas: Canvas, drawn: Drawn) -> None:
        """Draw header, columns and insets."""
        words = self.book.words
        ink = self.book.ink(canvas)
        second = words.second("sheet_continued", sheet=self.of.label)
        third = f"{words('sheet_continued', sheet=self.of.label)} {second}".strip()
        self._draw_header(ink, third=third)
        self._draw_list(ink, self._drawn_list(drawn))
        self._draw_insets(ink, drawn)


def _draw_map(ink: Ink, book: Book, sheet: Sheet, frame: Box, drawing: SheetDrawing | None) -> None:
    """What stands on one map and round it; its panel lies under it."""
    if drawing is not None:
        draw_names(ink, book, drawing.names, frame)
    draw_detail_frames(ink, book, sheet, frame)
    draw_km_labels(ink, book, sheet)
    if drawing is not None:
        draw_marks(ink, book, drawing.placement, frame)
    draw_band(ink, book, sheet, frame)


def sheet_pages(book: Book) -> tuple[Page, ...]:
    """Pages of all map sheets in order, each followed by its continuations."""
    flows = Flows(book)
    return tuple(
        page
        for sheet in book.plan.sheets
        if not sheet.inset
        for page in _pages_of(book, sheet, flows.set_large(sheet), flows.footer)
    )


def _pages_of(book: Book, sheet: Sheet, flow: ListFlow, footer: FooterPlan) -> list[Page]:
    pages: list[Page] = [
        SheetPage(
            book=book,
            kind="sheet",
            label=sheet.label,
            title=book.words("sheet", sheet=sheet.label),
            sheet=sheet.label,
            level=sheet.depth,
            panels=(Panel(sheet.label, book.frames.map), *_inset_panels(flow, 0)),
            bookmarks=_inset_bookmarks(book, flow, 0),
            of=sheet,
            flow=flow,
            footer=footer,
        )
    ]
    pages += [
        ListPage(
            book=book,
            kind="list",
            label=f"{sheet.label}-{part + 1}",
            title=book.words("sheet_continued", sheet=sheet.label),
            sheet=sheet.label,
            level=sheet.depth + 1,
            panels=_inset_panels(flow, part),
            bookmarks=_inset_bookmarks(book, flow, part),
            of=sheet,
            flow=flow,
            part=part,
        )
        for part in range(1, len(flow.pages))
    ]
    return pages


def _inset_panels(flow: ListFlow, part: int) -> tuple[Panel, ...]:
    return tuple(Panel(inset.sheet.label, inset.frame) for inset in flow.pages[part].insets)


def _inset_bookmarks(book: Book, flow: ListFlow, part: int) -> tuple[tuple[str, str], ...]:
    labels = [inset.sheet.label for inset in flow.pages[part].insets]
    return tuple((book.words("sheet", sheet=label), f"sheet-{label}") for label in labels)
