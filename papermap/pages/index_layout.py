"""The index as lines in columns: wrapping, columns and pages, before anything is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from papermap.index import Entry, reading_key
from papermap.pages.model import Book
from papermap.pages.said import name_of
from papermap.pages.state import mark_state
from papermap.pages.text import wrap
from papermap.units import Box

_COLUMN = 57.0  # mm at 9 pt, the narrowest column
_ROW_TYPE = 9.0  # pt the measures of this page are made for
_GUTTER = 5.5
_BEFORE_HEADING = 1.2
_FLOOR = 0.01  # mm forgiven when a column is filled
PLACES = ""  # in place of a category: names of neighbourhoods and stations
_SHEETS_WIDE = 0.5  # of a column that the sheets of a place may take; more go to another row
_TOGETHER = 2  # rows of a category that stay together where it begins and where it ends
# how much lower rows, headings and the air above them may be made to save a page: from nothing
# to as far as they still read well
_SQUEEZES = ((1.0, 1.0, 1.0), (1.0, 0.94, 0.7), (0.97, 0.88, 0.5), (0.94, 0.84, 0.4))


@dataclass(frozen=True, slots=True)
class Heading:
    """A category over its entries; ``continued`` at the top of a column."""

    category: str  # PLACES: neighbourhoods and stations
    count: int
    continued: bool
    height: float
    before: float = _BEFORE_HEADING  # air above it where it is not the first of its column


@dataclass(frozen=True, slots=True)
class Row:
    """One entry: its number, its name in lines, its state and its address.

    A place has no number, no state but ``solid``, and in ``address`` the sheets it lies on.
    """

    number: str
    lines: tuple[str, ...]
    width: float  # of the last line, mm
    state: str
    category: str
    sheet: str
    address: str
    height: float
    first: float = 0.0  # height of its first line


Item = Heading | Row
Column = tuple[Item, ...]


@dataclass(frozen=True)
class IndexMeasures:
    """Lengths of the index in mm for one book, in so many columns: 0 are as many as fit."""

    book: Book
    count: int = 0

    def cut(self, count: int) -> IndexMeasures:
        """The same in so many columns."""
        return replace(self, count=count)

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
        most = max(1, int((body.width + gutter) / (_COLUMN * self.large + gutter)))
        count = min(self.count, most) or most
        width = (body.width - gutter * (count - 1)) / count
        lefts = (body.x0 + number * (width + gutter) for number in range(count))
        return tuple(Box(left, body.y0, left + width, body.y1) for left in lefts)

    @cached_property
    def least_pages(self) -> int:
        """Pages that the entries take if no name is broken."""
        high = self.book.style.layout.row * min(row for row, _, _ in _SQUEEZES)
        rows = int(self.columns[0].height / high) * len(self.columns)
        return math.ceil(len(self.book.index.entries) / rows)

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


Pages = tuple[tuple[Column, ...], ...]


def lay_out(book: Book, *, closer: bool = True) -> tuple[IndexMeasures, Pages]:
    """The index in as many columns as fit, or in fewer where it is shorter so."""
    widest = IndexMeasures(book)
    best, pages = widest, index_columns(widest, closer=closer)
    for count in range(len(widest.columns) - 1, 0, -1):
        measures = widest.cut(count)
        if measures.least_pages < len(pages):
            tried = index_columns(measures, closer=closer)
            if len(tried) < len(pages):
                best, pages = measures, tried
    return best, pages


def index_columns(measures: IndexMeasures, *, closer: bool = True) -> Pages:
    """Pages of the index, each a tuple of columns, all full but the last page's, which balance.

    Rows and headings are set a little ``closer`` where that saves a page.
    """
    high, across = measures.columns[0].height, len(measures.columns)
    loose = tuple(_items(measures))
    tried = (_fill(_squeezed(loose, squeeze), high) for squeeze in _SQUEEZES)
    columns = next(tried)
    pages = math.ceil(len(columns) / across)
    fewer = (found for found in tried if math.ceil(len(found) / across) < pages)
    columns = next(fewer, columns) if closer and pages > 1 else columns
    cut = [columns[start : start + across] for start in range(0, len(columns), across)]
    if cut:
        cut[-1] = _balance(cut[-1], high, across)
    return tuple(tuple(page) for page in cut)


def _items(measures: IndexMeasures) -> Iterator[Item]:
    book = measures.book
    heading = book.style.layout.heading
    for key, entries in book.index.by_category:
        yield Heading(key, len(entries), continued=False, height=heading)
        for entry in entries:
            yield _row(measures, key, entry)
    places = list(_place_rows(measures))
    if places and book.index.entries:
        yield Heading(PLACES, len({row.lines for row in places}), continued=False, height=heading)
        yield from places


def _place_rows(measures: IndexMeasures) -> Iterator[Row]:
    """Each place with the sheets it lies on, in as many rows as they need."""
    book, layout, size = measures.book, measures.book.style.layout, measures.book.style.type.row
    sheets: dict[str, list[str]] = {}
    for label, names in book.places.items():
        for name in names:
            sheets.setdefault(name, []).append(label)
    column = measures.columns[0].width

    def bold(text: str) -> float:
        return book.metrics.width(text, size, bold=True)

    for name in sorted(sheets, key=lambda text: (reading_key(text), text)):
        for labels in _shared(sheets[name], column * _SHEETS_WIDE, bold):
            address = ", ".join(labels)
            room = column - measures.name - bold(address) - measures.air
            lines = wrap(name, room, size, book.metrics)
            yield Row(
                number="",
                lines=lines,
                width=book.metrics.width(lines[-1], size),
                state="solid",
                category=PLACES,
                sheet=labels[0],
                address=address,
                height=layout.row + (len(lines) - 1) * layout.line,
                first=layout.row,
            )


def _shared(
    labels: Sequence[str], widest: float, measure: Callable[[str], float]
) -> Iterator[tuple[str, ...]]:
    """Labels in runs that are no wider than ``widest``."""
    run: tuple[str, ...] = ()
    for label in labels:
        if run and measure(", ".join((*run, label))) > widest:
            yield run
            run = ()
        run = (*run, label)
    if run:
        yield run


def _squeezed(items: Sequence[Item], by: tuple[float, float, float]) -> tuple[Item, ...]:
    """The same items, closer to one another."""
    row, heading, air = by
    return tuple(
        replace(item, height=item.height * heading, before=item.before * air)
        if isinstance(item, Heading)
        else replace(item, height=item.height * row, first=item.first * row)
        for item in items
    )


def _row(measures: IndexMeasures, key: str, entry: Entry) -> Row:
    book, layout, size = measures.book, measures.book.style.layout, measures.book.style.type.row
    point = book.data.points[entry.point]
    state = mark_state(point, book.as_of, book.stale_after, book.data.categories[key])
    address = entry.home.text
    name = name_of(book, point)
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
        first=layout.row,
    )


def _fill(items: Sequence[Item], high: float) -> list[Column]:
    """Columns of at most ``high`` mm; the first and the last rows of a category stay together."""
    columns: list[Column] = []
    column: list[Item] = []
    taken = 0.0
    for group in _groups(items):
        needed = sum(item.height for item in group) + _air(group[0], column)
        if column and taken + needed > high + _FLOOR:
            columns.append(tuple(column))
            column, taken = [], 0.0
            if isinstance(group[0], Row):
                column = [_again(items, group[0].category)]
                taken = column[0].height
        taken += sum(item.height for item in group) + _air(group[0], column)
        column.extend(group)
    return [*columns, tuple(column)] if column else columns


def _groups(items: Sequence[Item]) -> Iterator[tuple[Item, ...]]:
    """What no break may part: a heading and its first rows, single rows, the last rows."""
    headings = [n for n, item in enumerate(items) if isinstance(item, Heading)]
    for start, stop in pairwise(sorted({0, *headings, len(items)})):
        at = start
        while at < stop:
            end = at + 1
            if isinstance(items[at], Heading):
                end += _TOGETHER
            if stop - end < _TOGETHER:
                end = stop
            yield tuple(items[at:end])
            at = end


def _air(item: Item, above: Sequence[Item]) -> float:
    return item.before if above and isinstance(item, Heading) else 0.0


def _again(items: Sequence[Item], category: str) -> Heading:
    """Heading of a category that goes on in the next column."""
    height = next(item.height for item in items if isinstance(item, Heading))
    return Heading(category, 0, continued=True, height=height)


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
        if len(tried) <= across and all(_height(column) <= high for column in tried):
            return tried
        low += 1.0
    return list(columns)


def _height(column: Column) -> float:
    return sum(item.height + column_gap(column, n) for n, item in enumerate(column))


def column_gap(column: Column, number: int) -> float:
    """Air above the item with this number in its column, mm."""
    return _air(column[number], column[:number])
