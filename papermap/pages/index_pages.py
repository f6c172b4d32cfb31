"""The index: every point by category, then by reading or name, with its sheet and cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from papermap.i18n import Words
from papermap.pages.furniture import draw_header, draw_states
from papermap.pages.index_layout import (
    PLACES,
    Column,
    Heading,
    IndexMeasures,
    Row,
    column_gap,
    lay_out,
)
from papermap.pages.kit import Ink, drop
from papermap.pages.model import Book, Drawn, Page
from papermap.pages.state import STATES
from papermap.units import Box, to_pt

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas


def index_pages(book: Book) -> tuple[Page, ...]:
    """Pages of the index, labelled i1, i2 …; none where nothing is printed.

    In the largest type of the style in which they are no more, and break no more names.
    """
    measures, pages = lay_out(book)
    for each in book.larger():
        if IndexMeasures(each).least_pages > len(pages):
            continue
        larger, tried = lay_out(each, closer=False)
        if len(tried) == len(pages) and _lines(tried) <= _lines(pages):
            measures, pages = larger, tried
            break
    return tuple(
        IndexPage(
            book=measures.book,
            kind="index",
            label=f"i{number}",
            title=book.words("index") if number == 1 else "",
            bookmarks=_bookmarks(book, columns),
            measures=measures,
            columns=columns,
        )
        for number, columns in enumerate(pages, start=1)
    )


def _lines(pages: Sequence[Sequence[Column]]) -> int:
    rows = (item for columns in pages for column in columns for item in column)
    return sum(len(row.lines) for row in rows if isinstance(row, Row))


@dataclass(frozen=True, kw_only=True)
class IndexPage(Page):
    """One page of the index."""

    measures: IndexMeasures = field(compare=False, repr=False)
    columns: tuple[Column, ...]

    def draw(self, canvas: Canvas, drawn: Drawn) -> None:  # noqa: ARG002
        """Draw the whole page; an index never has a panel."""
        ink = self.book.ink(canvas)
        measures = self.measures
        _draw_header(self, ink)
        leaders: list[tuple[float, float, float]] = []
        for box, column in zip(measures.columns, self.columns, strict=False):
            _Column(self.book, ink, measures, box, leaders).draw(column)
        for left, right, y in leaders:  # last, for signs drawn after dots would be dotted
            ink.dots(left, right, y, size=0.22, gap=1.0)
        _draw_gutters(ink, measures, len(self.columns), self._foot(measures))
        _draw_footer(self, ink)

    def _foot(self, measures: IndexMeasures) -> float:
        """Where the longest column ends."""
        longest = max(
            sum(item.height + column_gap(column, n) for n, item in enumerate(column))
            for column in self.columns
        )
        return measures.columns[0].y1 - longest


@dataclass(frozen=True)
class _Column:
    book: Book
    ink: Ink
    measures: IndexMeasures
    box: Box
    leaders: list[tuple[float, float, float]]  # dotted lines to draw: from, to, y

    def draw(self, column: Column) -> None:
        """Draw headings and entries downwards from the top."""
        y = self.box.y1
        for number, item in enumerate(column):
            y -= column_gap(column, number)
            if isinstance(item, Heading):
                self._heading(item, y)
            else:
                self._row(item, y)
            y -= item.height

    def _heading(self, heading: Heading, top: float) -> None:
        book, ink, box, kind = self.book, self.ink, self.box, self.book.style.type
        large = self.measures.large
        y = top - heading.height * 0.46
        if heading.category != PLACES:
            category = book.data.categories[heading.category]
            ink.sign(category, box.x0 + 2.1 * large, y, 4.2 * large)
        x = box.x0 + (self.measures.number if heading.category != PLACES else 0.0)
        first, second = _title(book, heading.category)
        x += ink.middle(x, y, first, kind.heading, bold="heading" in kind.bold, align="left")
        if heading.continued:
            second = book.words("continued")
        ink.middle(x + 1.6, y, second, kind.heading_second, align="left")
        if not heading.continued:
            ink.middle(box.x1, y, str(heading.count), kind.heading_second + 1, align="right")
            self._bookmark(heading, top)
        ink.rule(box.x0, box.x1, top - heading.height + 0.35, 0.4)

    def _bookmark(self, heading: Heading, top: float) -> None:
        key = _destination(self.book, heading.category)
        self.ink.canvas.bookmarkHorizontal(key, 0, to_pt(top))

    def _row(self, row: Row, top: float) -> None:
        book, ink, box, measures = self.book, self.ink, self.box, self.measures
        size, cell = book.style.type.row, "cell" in book.style.type.bold
        y = top - row.first / 2 - drop(size)
        line_high = (row.height - row.first) / max(1, len(row.lines) - 1)
        ink.text(box.x0 + measures.number, y, row.number, size, bold=True, align="right")
        x = box.x0 + measures.name
        for number, line in enumerate(row.lines):
            ink.text(x, y - number * line_high, line, size)
        y -= row.height - row.first
        x += row.width
        if row.state != "solid":
            sign = measures.sign
            middle = y + drop(size)
            category = book.data.categories[row.category]
            ink.sign(category, x + 0.8 + sign / 2, middle, sign, state=row.state)
            x += sign + 0.8
        wide = ink.text(box.x1, y, row.address, size, bold=cell, align="right")
        if box.x1 - wide - x > 2.2:
            self.leaders.append((x + 1.0, box.x1 - wide - 0.8, y + 0.25))
        self._link(row, top, wide)

    def _link(self, row: Row, top: float, wide: float) -> None:
        if row.sheet in self.book.sheet_labels:
            x1 = self.box.x1
            self.ink.link(row.sheet, Box(x1 - wide - 1, top - row.height, x1, top))


def _bookmarks(book: Book, columns: tuple[Column, ...]) -> tuple[tuple[str, str], ...]:
    """Title and destination of each category that begins on a page."""
    begun = (
        item
        for column in columns
        for item in column
        if isinstance(item, Heading) and not item.continued
    )
    return tuple(
        (
            f"{_title(book, item.category)[0]}  {item.count}",
            _destination(book, item.category),
        )
        for item in begun
    )


def _title(book: Book, category: str) -> tuple[str, str]:
    """What a heading says, in both languages; the second is empty where it is the same."""
    if category == PLACES:
        return book.words("places_index"), book.words.second("places_index")
    first = book.data.categories[category].name(book.language)
    second = book.second_language and book.data.categories[category].name(book.second_language)
    return first, "" if second == first else second or ""


def _destination(book: Book, category: str) -> str:
    if category == PLACES:
        return "index-places"
    order = [key for key, _ in book.index.by_category]
    return f"index-{order.index(category) + 1}"


def _draw_gutters(ink: Ink, measures: IndexMeasures, used: int, foot: float) -> None:
    for box in measures.columns[1:used]:
        x = box.x0 - measures.gutter / 2
        ink.line(((x, box.y1), (x, foot)), 0.2)


def _draw_header(page: IndexPage, ink: Ink) -> None:
    book, words = page.book, page.book.words
    home = book.index.entries[0].home
    cell = {"column": home.cell[:1], "row": home.cell[1:]}
    draw_header(
        ink,
        page,
        mark=words("index_mark"),
        title=words("index"),
        second=words.second("index_second"),
        third=words("index_help", ref=home.text, sheet=home.sheet, **cell),
    )


def _draw_footer(page: IndexPage, ink: Ink) -> None:
    """States that are drawn on index pages, and how the numbers go."""
    book = page.book
    box, words, kind = book.frames.footer, book.words, book.style.type
    ink.rule(box.x0, box.x1, box.y1, 0.4)
    upper, lower = box.y1 - box.height * 0.36, box.y1 - box.height * 0.8
    size = kind.row
    sample = book.data.categories[book.index.by_category[0][0]]
    x = draw_states(ink, book, sample, _states_used(page), (box.x0, upper))
    first, second = _told(words, words.languages[0]), _told(words, words.languages[-1])
    if len(words.languages) > 1:
        _draw_told(ink, first, Box(x, upper, box.x1, upper), size)
    _draw_told(ink, second, Box(box.x0, lower, box.x1, lower), kind.footer)


def _states_used(page: IndexPage) -> tuple[str, ...]:
    """States with a sign on this page, hollow and crossed always among them."""
    rows = [item for column in page.columns for item in column if isinstance(item, Row)]
    used = {"hollow", "crossed", *(row.state for row in rows)}
    return tuple(state for state in STATES if state in used and state != "solid")


_TOLD = ("order_reading", "numbers_unique")


def _told(words: Words, language: str) -> tuple[str, ...]:
    return tuple(words.in_(language, key) for key in _TOLD)


def _draw_told(ink: Ink, sentences: Sequence[str], line: Box, size: float) -> None:
    """As many of the sentences as a line holds, the last of them first."""
    for start in range(len(sentences)):
        kept = sentences[start:]
        text = ("" if kept[0].endswith("。") else " ").join(kept)
        if ink.width(text, size) <= line.width:
            ink.middle(line.x1, line.y0, text, size, align="right")
            return
