"""How many points of each category are in which state: the overview's table."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from papermap.model import Category
from papermap.pages.kit import Ink
from papermap.pages.model import Book
from papermap.pages.overview_flow import Line, Section
from papermap.pages.overview_lines import Lines
from papermap.pages.state import STATES, mark_state
from papermap.pages.text import wrap

_SIGN = 3.6  # mm
_NAME = 6.6  # mm from the left edge to the names
_STEP = 8.0  # mm from one column of figures to the next
_TOTAL = 9.6
_NONE = "–"


def count_states(book: Book) -> Mapping[str, Counter[str]]:
    """For each category, in the order of the index, how many printed points are in which state."""
    found: dict[str, Counter[str]] = {}
    for key, entries in book.index.by_category:
        category = book.data.categories[key]
        points = (book.data.points[entry.point] for entry in entries)
        states = (mark_state(p, book.as_of, book.stale_after, category) for p in points)
        found[key] = Counter(states)
    return found


def used_states(counts: Mapping[str, Counter[str]]) -> tuple[str, ...]:
    """States worth a column: solid always, the others where there is one."""
    used = {state for row in counts.values() for state in row}
    return tuple(state for state in STATES if state == "solid" or state in used)


def counts_section(lines: Lines) -> Section | None:
    """Table of counts by category and state with totals; None where no point is printed."""
    counts = count_states(lines.book)
    if not counts:
        return None
    table = _Table(lines, counts, used_states(counts))
    rows = [table.row(key, row) for key, row in counts.items()]
    return lines.headed("counts", [*rows, table.total()], also=table.heads, taken=table.wide)


@dataclass(frozen=True)
class _Table:
    lines: Lines
    counts: Mapping[str, Counter[str]]
    states: tuple[str, ...]

    @property
    def _book(self) -> Book:
        return self.lines.book

    @cached_property
    def _edges(self) -> tuple[float, ...]:
        """Right edges of the columns of figures, mm to the left of the section's right edge."""
        widest = max(sum(row.values()) for row in self.counts.values())
        digits = self._book.metrics.width("0" * (len(str(widest)) + 1), self.lines.size)
        step = max(_STEP * self.lines.large, digits + 1.5)
        total = max(_TOTAL * self.lines.large, digits + 2.5)
        count = len(self.states)
        return tuple(total + step * (count - 1 - number) for number in range(count))

    @property
    def wide(self) -> float:
        """Room that the figures take from the right edge."""
        return self._edges[0] + 5 * self.lines.large

    @cached_property
    def _name_room(self) -> float:
        return self.lines.width - self.wide - (_NAME + 1) * self.lines.large

    @cached_property
    def _second_at(self) -> float:
        """Where second names begin, from the first ones; 0 where they cannot be aligned."""
        book, size = self._book, self.lines.size
        first, second = 0.0, 0.0
        for key in self.counts:
            category = book.data.categories[key]
            first = max(first, book.metrics.width(category.name(book.language), size, bold=True))
            second = max(second, book.metrics.width(second_name(book, category), size))
        at = max(first + 2.2, 18.9 * self.lines.large)
        return at if at + second <= self._name_room else 0.0

    def heads(self, ink: Ink, _left: float, y: float, right: float) -> None:
        """Signs of the states over their columns, in the heading's line."""
        sample = self._book.data.categories[next(iter(self.counts))]
        size = _SIGN * self.lines.large
        for state, edge in zip(self.states, self._edges, strict=True):
            ink.sign(sample, right - edge - size / 2 + 0.6, y, size, state=state)
        ink.middle(right, y, self._book.words("total"), self.lines.size, align="right")

    def row(self, key: str, counts: Mapping[str, int]) -> Line:
        """Sign and names of a category, and its figures."""
        book, large = self._book, self.lines.large
        layout, size = book.style.layout, self.lines.size
        category = book.data.categories[key]
        first, second = category.name(book.language), second_name(book, category)
        parts, under = self._wrap(first, second)
        high = layout.row + (len(parts) + len(under) - 1) * layout.line

        def draw(ink: Ink, left: float, top: float, right: float) -> None:
            y = top - layout.row / 2
            ink.sign(category, left + 2 * large, y, _SIGN * large)
            x = left + _NAME * large
            wide = 0.0
            for number, part in enumerate(parts):
                low = y - number * layout.line
                wide = ink.middle(x, low, part, size, bold=True, align="left")
            if not under:
                at = self._second_at or wide + 2.0
                last = y - (len(parts) - 1) * layout.line
                ink.middle(x + at, last, second, size, align="left")
            for number, part in enumerate(under, start=len(parts)):
                ink.middle(x, y - number * layout.line, part, size, align="left")
            self._figures(ink, counts, y, right)
            ink.rule(left, right, top - high, 0.1)

        return Line(high, draw)

    def _wrap(self, first: str, second: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Lines of the first name, and of the second where it does not fit beside it."""
        metrics, size, room = self._book.metrics, self.lines.size, self._name_room
        parts = wrap(first, room, size, metrics, bold=True)
        if self._second_at or not second:
            return parts, ()
        beside = metrics.width(parts[-1], size, bold=True) + 2 + metrics.width(second, size)
        return parts, () if beside <= room else wrap(second, room, size, metrics)

    def total(self) -> Line:
        """The last line: everything added up."""
        layout, size = self._book.style.layout, self.lines.size
        words = self._book.words
        totals: Counter[str] = sum(self.counts.values(), Counter())
        text = f"{words('grand_total')} {words.second('grand_total')}".strip()

        def draw(ink: Ink, left: float, top: float, right: float) -> None:
            y = top - layout.row / 2
            ink.middle(left + _NAME * self.lines.large, y, text, size, align="left")
            self._figures(ink, totals, y, right)
            ink.rule(left, right, top - layout.row, 0.25)

        return Line(layout.row, draw)

    def _figures(self, ink: Ink, counts: Mapping[str, int], y: float, right: float) -> None:
        size = self.lines.size
        for state, edge in zip(self.states, self._edges, strict=True):
            ink.middle(right - edge, y, str(counts.get(state) or _NONE), size, align="right")
        ink.middle(right, y, str(sum(counts.values())), size, bold=True, align="right")


def second_name(book: Book, category: Category) -> str:
    """Name in the second language, empty where there is none or it is the same."""
    if not book.second_language:
        return ""
    second = category.name(book.second_language)
    return "" if second == category.name(book.language) else second


def silhouette(category: Category) -> Category:
    """The category with nothing in its shape, for marks too small for a sign."""
    return replace(category, sign="", letter=" ")
