"""Places without a position: what is known of them, by category, with their addresses."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import TYPE_CHECKING, Final

from papermap.model import Unplaced
from papermap.pages.furniture import draw_header, draw_states
from papermap.pages.model import Book, Drawn, Page
from papermap.pages.overview_flow import Column, Draw, Line, Section, flow
from papermap.pages.said import row_text
from papermap.pages.state import STATES, mark_state
from papermap.pages.text import wrap
from papermap.units import Box

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from papermap.pages.kit import Ink

_ROW_TYPE: Final = 9.0  # pt the measures are made for
_SIGN: Final = 2.1  # mm from the left edge to the middle of the sign
_TEXT: Final = 5.4  # mm from the left edge to the words
_GAP: Final = 1.0  # mm of air over the hairline under a place
_WHOLE: Final = 8  # lines of one place that stay together
_APART: Final = "　"  # between address and other words in one text
_STEP: Final = 2.0  # mm by which the columns of the last page are made higher until they hold all


def unplaced_pages(book: Book) -> tuple[Page, ...]:
    """Pages of the list, labelled u1, u2 …; none where every place has its position."""
    if not book.data.unplaced:
        return ()
    boxes = book.frames.columns(book.frames.body, book.style)
    columns, closer = (_columns(book, boxes, joined=joined) for joined in (False, True))
    if math.ceil(len(closer) / len(boxes)) < math.ceil(len(columns) / len(boxes)):
        columns = closer
    cut = [columns[start : start + len(boxes)] for start in range(0, len(columns), len(boxes))]
    return tuple(
        UnplacedPage(
            book=book,
            kind="unplaced",
            label=f"u{number}",
            title=book.words("no_position") if number == 1 else "",
            columns=tuple(page),
        )
        for number, page in enumerate(cut, start=1)
    )


@dataclass(frozen=True, kw_only=True)
class UnplacedPage(Page):
    """One page of the list of places without a position."""

    columns: tuple[Column, ...]

    def draw(self, canvas: Canvas, drawn: Drawn) -> None:  # noqa: ARG002
        """Draw the whole page; it never has a panel."""
        book, words = self.book, self.book.words
        ink = book.ink(canvas)
        draw_header(
            ink,
            self,
            mark=words("no_position_mark"),
            title=words("no_position"),
            second=words.second("no_position"),
            third=words("no_position_help"),
            points=book.data.unplaced,
        )
        boxes = book.frames.columns(book.frames.body, book.style)
        for box, column in zip(boxes, self.columns, strict=False):
            for placed in column:
                placed.line.draw(ink, box.x0, box.y1 - placed.down, box.x1)
        self._footer(ink)

    def _footer(self, ink: Ink) -> None:
        book = self.book
        box, data = book.frames.footer, book.data
        ink.rule(box.x0, box.x1, box.y1, 0.4)
        used = {_state(book, place) for place in data.unplaced}
        states = [state for state in STATES if state in used]
        sample = data.categories[_by_category(book)[0][0]]
        draw_states(ink, book, sample, states, (box.x0, box.y1 - box.height * 0.4))


def _columns(book: Book, boxes: Sequence[Box], *, joined: bool) -> list[Column]:
    """Columns full to their foot, but those of the last page: as short as they may be."""
    sections = tuple(_sections(book, boxes[0].width, joined=joined))
    high, across = boxes[0].height, len(boxes)
    full = flow(sections, repeat(high))
    before = (math.ceil(len(full) / across) - 1) * across
    low = sum(section.height for section in sections) / (before + across) if not before else _STEP
    for step in range(int((high - low) / _STEP) + 1):
        heights = chain(repeat(high, before), repeat(low + step * _STEP))
        tried = flow(sections, heights)
        if len(tried) <= before + across:
            return tried
    return full


def _by_category(book: Book) -> list[tuple[str, list[Unplaced]]]:
    """Places by category in the vocabulary's order, by reading or name inside each."""
    known = book.data.categories
    groups: dict[str, list[Unplaced]] = {}
    for place in book.data.unplaced:
        groups.setdefault(place.category, []).append(place)
    return [
        (key, sorted(groups[key], key=lambda place: (place.reading or place.name, place.id)))
        for key in sorted(groups, key=lambda key: (known[key].order, key))
    ]


def _sections(book: Book, width: float, *, joined: bool) -> Iterator[Section]:
    """A section for each category; ``joined`` sets all that is known of a place in one text."""
    for key, places in _by_category(book):
        lines = [line for place in places for line in _place(book, place, width, joined=joined)]
        head = _heading(book, key, str(len(places)), again=False)
        yield Section(head, _heading(book, key, "", again=True), tuple(lines))


def _heading(book: Book, key: str, count: str, *, again: bool) -> Line:
    category, kind, high = book.data.categories[key], book.style.type, book.style.layout.heading
    large = _large(book)
    first = category.name(book.language)
    second = category.name(book.second_language) if book.second_language else ""
    second = book.words("continued") if again else second.removeprefix(first)

    def draw(ink: Ink, left: float, top: float, right: float) -> None:
        y = top - high * 0.48
        ink.sign(category, left + _SIGN * large, y, 4.2 * large)
        x = left + _TEXT * large
        x += ink.middle(x, y, first, kind.heading, bold="heading" in kind.bold, align="left")
        ink.middle(x + 1.6, y, second, kind.heading_second, align="left")
        ink.middle(right, y, count, kind.heading_second + 1, align="right")
        ink.rule(left, right, top - high + 0.35, 0.4)

    return Line(high, draw)


def _place(book: Book, place: Unplaced, width: float, *, joined: bool) -> list[Line]:
    """Name and hours, then the address, then all that matters; cut only where it is very long."""
    layout, kind, metrics = book.style.layout, book.style.type, book.metrics
    text = row_text(book, place)
    room = width - _TEXT * _large(book)
    name = wrap(text.name, room, kind.row, metrics, bold=True)
    hours = metrics.width(text.hours, kind.row, bold=text.exception)
    beside = bool(text.hours) and metrics.width(name[-1], kind.row, bold=True) + hours + 2 < room
    told = ["" if beside else text.hours, text.more, text.what]
    if joined:
        told = [_APART.join(part for part in told if part)]
    more = [line for part in told for line in wrap(part, room, kind.row, metrics)]
    words = _Words(book, place, name, more, text.hours if beside else "", text.exception)
    lines = len(name) + len(more)
    if lines <= _WHOLE:
        return [words.line(0, lines, layout.line)]
    starts = range(0, lines, _WHOLE)
    return [words.line(start, min(start + _WHOLE, lines), layout.line) for start in starts]


@dataclass(frozen=True, slots=True)
class _Words:
    """The lines of one place: its name in bold, its hours at the right, and what else is known."""

    book: Book
    place: Unplaced
    name: Sequence[str]
    more: Sequence[str]
    hours: str
    exception: bool

    def line(self, start: int, stop: int, pitch: float) -> Line:
        """The lines from ``start`` to ``stop`` as one piece of a column."""
        first = self.book.style.layout.row
        last = stop == len(self.name) + len(self.more)
        high = first + (stop - start - 1) * pitch + (_GAP if last else 0.0)
        return Line(high, self._draw(start, stop, pitch, high if last else 0.0))

    def _draw(self, start: int, stop: int, pitch: float, rule: float) -> Draw:
        def draw(ink: Ink, left: float, top: float, right: float) -> None:
            book, large, size = self.book, _large(self.book), self.book.style.type.row
            y = top - book.style.layout.row / 2
            if start == 0:
                category = book.data.categories[self.place.category]
                sign = book.style.layout.row_sign
                ink.sign(category, left + _SIGN * large, y, sign, state=_state(book, self.place))
            for number, text in enumerate((*self.name, *self.more)[start:stop], start):
                bold = number < len(self.name)
                ink.middle(left + _TEXT * large, y, text, size, bold=bold, align="left")
                if number == len(self.name) - 1:
                    ink.middle(right, y, self.hours, size, bold=self.exception, align="right")
                y -= pitch
            if rule:
                ink.rule(left, right, top - rule + 0.2, 0.1)

        return draw


def _state(book: Book, place: Unplaced) -> str:
    return mark_state(place, book.as_of, book.stale_after, book.data.categories[place.category])


def _large(book: Book) -> float:
    """How much bigger than the usual 9 pt the rows are set."""
    return book.style.type.row / _ROW_TYPE
