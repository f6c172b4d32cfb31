"""The index as lines in columns: wrapping, columns and pages, before anything is drawn."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from papermap.index import Entry
from papermap.pages.model import Book
from papermap.pages.state import mark_state
from papermap.pages.text import wrap
from papermap.units import Box

_COLUMN = 57.0  # mm at 9 pt, the narrowest column
_ROW_TYPE = 9.0  # pt the measures of this page are made for
_GUTTER = 5.5
_BEFORE_HEADING = 1.2
_FLOOR = 0.01  # mm forgiven when a column is filled


@dataclass(frozen=True, slots=True)
class Heading:
    """A category over its entries; ``continued`` at the top of a column."""

    category: str
    count: int
    continued: bool
    height: float


@dataclass(frozen=True, slots=True)
class Row:
    """One entry: its number, its name in lines, its state and its address."""

    number: str
    lines: tuple[str, ...]
    width: float  # of the last line, mm
    state: str
    category: str
    sheet: str
    address: str
    height: float


Item = Heading | Row
Column = tuple[Item, ...]


@dataclass(frozen=True)
class IndexMeasures:
    """Lengths of the index in mm for one book."""

    book: Book

    @cached_property
    def large(self) -> float:
        """How much bigger than the usual 9 pt the rows are set."""
        return self.book.style.type.row / _ROW_TYPE

    @cached_property
    def gutter(self) -> float:
        return _GUTTER * self.large

    @cached_property
    def columns(self) -> tuple[Box, ...]:
        """Columns of one page, left to right."""
        body, gutter = self.book.frames.body, self.gutter
        count = max(1, int((body.width + gutter) / (_COLUMN * self.large + gutter)))
        width = (body.width - gutter * (count - 1)) / count
        lefts = (body.x0 + number * (width + gutter) for number in range(count))
        return tuple(Box(left, body.y0, left + width, body.y1) for left in lefts)

    @cached_property
    def number(self) -> float:
        """Width of the numbers, with the air before them under the heading's sign."""
        widest = max((entry.number for entry in self.book.index.entries), default=0)
        digits = self.book.metrics.width(
            "0" * len(str(widest)), self.book.style.type.row, bold=True
        )
        return max(digits, 6.6 * self.large)

    @cached_property
    def name(self) -> float:
        """Where names begin, from the left of the column."""
        return self.number + 1.9 * self.large

    @cached_property
    def sign(self) -> float:
        return self.book.style.layout.row_sign

    @cached_property
    def air(self) -> float:
        """Least room for the leader between a name and its address."""
        return 3.0 * self.large


def index_columns(book: Book) -> tuple[tuple[Column, ...], ...]:
    """Pages of the index, each a tuple of columns, all full but the last page's, which balance."""
    measures = IndexMeasures(book)
    items = tuple(_items(measures))
    high, across = measures.columns[0].height, len(measures.columns)
    columns = _fill(items, high)
    pages = [columns[start : start + across] for start in range(0, len(columns), across)]
    if pages and len(pages[-1]) <= across:
        pages[-1] = _balance(pages[-1], high, across)
    return tuple(tuple(page) for page in pages)


def _items(measures: IndexMeasures) -> Iterator[Item]:
    book = measures.book
    heading = book.style.layout.heading
    for key, entries in book.index.by_category:
        yield Heading(key, len(entries), continued=False, height=heading)
        for entry in entries:
            yield _row(measures, key, entry)


def _row(measures: IndexMeasures, key: str, entry: Entry) -> Row:
    book, layout, size = measures.book, measures.book.style.layout, measures.book.style.type.row
    point = book.data.points[entry.point]
    state = mark_state(point, book.as_of, book.stale_after, book.data.categories[key])
    address = entry.home.text
    name = point.label(book.language) or point.address or book.words("no_name")
    room = (
        measures.columns[0].width
        - measures.name
        - book.metrics.width(address, size, bold=True)
        - measures.air
        - (measures.sign + 0.8 if state != "solid" else 0)
    )
    lines = wrap(name, room, size, book.metrics)
    return Row(
        number=str(entry.number),
        lines=lines,
        width=book.metrics.width(lines[-1], size),
        state=state,
        category=key,
        sheet=entry.home.sheet,
        address=address,
        height=layout.row + (len(lines) - 1) * layout.line,
    )


def _fill(items: Sequence[Item], high: float) -> list[Column]:
    """Columns of at most ``high`` mm; a heading always has its first entry under it."""
    columns: list[Column] = []
    column: list[Item] = []
    taken = 0.0
    for number, item in enumerate(items):
        needed = item.height
        if isinstance(item, Heading):
            needed += items[number + 1].height + (_BEFORE_HEADING if column else 0)
        if column and taken + needed > high + _FLOOR:
            columns.append(tuple(column))
            column, taken = [], 0.0
            if isinstance(item, Row):
                column = [Heading(item.category, 0, continued=True, height=_heading(items))]
                taken = column[0].height
        taken += item.height + (_BEFORE_HEADING if column and isinstance(item, Heading) else 0)
        column.append(item)
    return [*columns, tuple(column)] if column else columns


def _heading(items: Sequence[Item]) -> float:
    return next(item.height for item in items if isinstance(item, Heading))


def _balance(columns: Sequence[Column], high: float, across: int) -> list[Column]:
    """The same items in columns as short as they can be without needing one more."""
    first = columns[0][0]
    items = [
        item
        for column in columns
        for item in column
        if not (isinstance(item, Heading) and item.continued)
    ]
    if isinstance(first, Heading) and first.continued:
        items.insert(0, first)
    low = sum(item.height for item in items) / across
    while low < high:
        tried = _fill(items, low)
        if len(tried) <= across:
            return tried
        low += 1.0
    return list(columns)


def column_gap(column: Column, number: int) -> float:
    """Air above the item with this number in its column, mm."""
    return _BEFORE_HEADING if number and isinstance(column[number], Heading) else 0.0
