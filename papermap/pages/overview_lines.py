"""Lines of the overview's sections: headings, rows of a table, small print."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from papermap.pages.kit import Ink
from papermap.pages.model import Book
from papermap.pages.overview_flow import Draw, Line, Section
from papermap.pages.text import wrap

ROW_TYPE = 9.0  # pt that the measures of the overview are made for
_HAIRLINE = 0.1
_RULE = 0.4
_BETWEEN = 1.8  # mm between the two languages of a heading
_MOMENT = 24.0  # mm from a count's right edge to the time's
_SMALL_LINE = 0.44  # mm of line height for one pt


@dataclass(frozen=True)
class Lines:
    """Makes lines for columns ``width`` mm wide."""

    book: Book
    width: float

    @cached_property
    def large(self) -> float:
        """How much bigger than the usual 9 pt the rows are set."""
        return self.book.style.type.row / ROW_TYPE

    @cached_property
    def size(self) -> float:
        """Type of rows, pt."""
        return self.book.style.type.row

    @cached_property
    def small(self) -> float:
        """Type of the second language and of small print, pt."""
        return max(self.book.style.type.minimum, self.book.style.type.footer)

    def headed(
        self,
        key: str,
        lines: list[Line],
        *,
        also: Draw | None = None,
        taken: float = 0.0,
        n: int = 0,
    ) -> Section:
        """A section under the heading of the word ``key``.

        ``also`` draws into the heading's line, in its last ``taken`` mm.
        """
        words = self.book.words
        text, second = words(key, n=n), words.second(key, n=n)
        head = self._heading(text, second, also, taken)
        again = self._heading(text, words("continued"), also, taken)
        return Section(head, again, tuple(lines))

    def _heading(self, text: str, second: str, also: Draw | None, taken: float) -> Line:
        kind, high = self.book.style.type, self.book.style.layout.heading
        metrics = self.book.metrics
        wide = metrics.width(text, kind.heading, bold=True) + _BETWEEN
        fits = wide + metrics.width(second, kind.heading_second) <= self.width - taken
        under = 0.0 if fits else self.book.style.layout.row
        high += under

        def draw(ink: Ink, left: float, top: float, right: float) -> None:
            y = top - (high - under) * 0.52
            ink.middle(left, y, text, kind.heading, bold=True, align="left")
            x = left + (wide if fits else 0)
            ink.middle(x, y - under, second, kind.heading_second, align="left")
            ink.rule(left, right, top - high + 0.35, _RULE)
            if also is not None:
                also(ink, left, y, right)

        return Line(high, draw)

    def row(self, text: str, count: str, moment: str = "") -> Line:
        """A line of a table: a text that wraps, a count, and a time at the right."""
        layout, metrics, size = self.book.style.layout, self.book.metrics, self.size
        edge = 0.0
        if moment:
            edge = max(_MOMENT * self.large, metrics.width(moment, size) + 3)
        room = self.width - edge - metrics.width(count, size) - 2
        parts = wrap(text, room, size, metrics) or ("",)
        high = layout.row + (len(parts) - 1) * layout.line

        def draw(ink: Ink, left: float, top: float, right: float) -> None:
            y = top - layout.row / 2
            for number, part in enumerate(parts):
                ink.middle(left, y - number * layout.line, part, size, align="left")
            ink.middle(right - edge, y, count, size, align="right")
            ink.middle(right, y, moment, size, align="right")
            ink.rule(left, right, top - high, _HAIRLINE)

        return Line(high, draw)

    def paragraph(self, text: str) -> list[Line]:
        """Small print, wrapped."""
        parts = wrap(text, self.width, self.small, self.book.metrics)
        return [Line(self.small * _SMALL_LINE, self._small(part)) for part in parts]

    def _small(self, text: str) -> Draw:
        def draw(ink: Ink, left: float, top: float, _right: float) -> None:
            y = top - self.small * _SMALL_LINE / 2
            ink.middle(left, y, text, self.small, align="left")

        return draw
