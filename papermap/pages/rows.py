"""Rows of a list: what one says of a point, in which columns, wrapped into how many lines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from papermap.index import Entry
from papermap.model import Category
from papermap.pages.model import Book
from papermap.pages.said import RowText, joint
from papermap.pages.state import mark_state
from papermap.pages.text import hours_parts, text_after, wrap
from papermap.style import Style
from papermap.units import MM_PER_PT

Floats = NDArray[np.float64]

# mm at 9 pt, the mock's measures; they grow with the type
_SIGN = 2.1  # middle of the sign from the column's left edge
_NUMBER = 12.1  # right edge of the number
_NAME_GAP = 1.3
_COLUMN_GAP = 1.2  # between name, hours, what matters, cell
_FEW = 0.15  # share of rows with hours under which hours have no column of their own
_LATIN = re.compile(r"[!-~]{3,}")
_BROKEN = 1.5  # lines that hours or a word broken inside are as bad as
_MOST = 0.75  # of labels of sheets that columns leave room for
_MOST_LINES = 3  # of a name or hours in their columns; longer ones take all the width
_MOST_BESIDE = 2  # lines of what matters beside the name; longer text goes under it, wider


@dataclass(frozen=True, slots=True)
class Pitch:
    """How far down a list goes, in mm: for a heading, a row, each further line of it."""

    heading: float
    row: float
    line: float

    @classmethod
    def of(cls, style: Style) -> Pitch:
        """As the style says."""
        return cls(style.layout.heading, style.layout.row, style.layout.line)

    @classmethod
    def tight(cls, style: Style) -> Pitch:
        """The closest that still reads well, for a list that all but fits its page."""
        usual = cls.of(style)
        heading, row = (size * MM_PER_PT for size in (style.type.heading, style.type.row))
        return cls(
            min(usual.heading, max(usual.heading * 0.76, heading * 1.27)),
            min(usual.row, max(usual.row * 0.905, row * 1.14)),
            min(usual.line, max(usual.line * 0.935, row * 1.03)),
        )

    def height(self, lines: int) -> float:
        """Height of a row of so many lines."""
        return self.row + (lines - 1) * self.line


@dataclass(frozen=True, slots=True)
class Tabs:
    """Where the parts of a row stand, mm from the column's left edge."""

    width: float
    sign: float
    number: float  # right edge
    name: float
    hours: float
    what: float
    gap: float
    lines: float = 0.0  # that the book's rows take in these columns, about
    shared: bool = False  # few rows have hours: theirs stand in the column of what matters

    @property
    def name_width(self) -> float:
        return self.hours - self.name - self.gap

    @property
    def hours_width(self) -> float:
        return self.what - self.hours - self.gap

    def what_width(self, cell: float) -> float:
        """Room for what matters beside a cell address ``cell`` mm wide."""
        return self.width - cell - self.gap - self.what


@dataclass(frozen=True, slots=True)
class Row:
    """One row, wrapped: ``what`` stands beside the name, ``under`` below it over all the width.

    ``part`` counts from 0 where a row is so long that it runs over several columns.
    """

    number: int
    category: Category
    state: str
    name: tuple[str, ...]
    hours: tuple[str, ...]
    exception: bool
    what: tuple[str, ...]
    under: tuple[str, ...]
    cell: str
    lines: int
    part: int = 0
    told: str = ""  # the whole text of ``under``
    rest: str = ""  # what is told of it further on, where the list of this page goes on

    def head(self, *, shared: bool) -> int:
        """Lines of the row before what stands ``under`` it; ``shared`` as in the tabs."""
        beside = len(self.hours) + len(self.what) if shared else len(self.what)
        return max(1, len(self.name), len(self.hours), beside)


class Listed(Protocol):
    """Anything that takes a row of a list."""

    @property
    def lines(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one category under its heading; ``count`` as printed in it."""

    category: Category
    rows: tuple[Listed, ...]
    count: int
    begun: bool = False  # its first rows stand on an earlier page


def make_tabs(book: Book, width: float, texts: Iterable[RowText]) -> Tabs:
    """Columns of all lists of a book that are ``width`` mm wide.

    Names, hours and what matters share the room so that the book's rows take the fewest lines;
    of equal cuts the one with the widest names is taken.
    """
    texts = tuple(texts)
    size = book.style.type.row
    grow, measure = size / 9, book.metrics.width
    widest = max((entry.number for entry in book.index.entries), default=1)
    digit = max(measure(figure, size, bold=True) for figure in "0123456789")
    number = max(_NUMBER * grow, (_SIGN + 2.7) * grow + digit * len(str(widest)))
    name, gap = number + _NAME_GAP * grow, _COLUMN_GAP * grow
    room = width - name - _address_width(book) - gap
    needs = np.array(
        [
            (
                measure(text.name, size, bold=True) + gap,
                measure(text.hours, size, text.exception) + gap if text.hours else 0.0,
                measure(text.what, size) + gap if text.what else 0.0,
            )
            for text in texts
        ]
        or [(0.0, 0.0, 0.0)]
    )
    shared = bool(np.count_nonzero(needs[:, 1]) < _FEW * len(needs))
    if shared:
        needs[:, 2] = np.maximum(needs[:, 1], needs[:, 2])
        needs[:, 1] = 0.0
    told = dict.fromkeys(text.hours for text in texts if text.exception and not shared)
    words = [measure(word, size, bold=True) for hours in told for word in hours.split()]
    longest = min(_longest_word(book, (text.name for text in texts)) + gap, room * 0.5)
    least = (max(18 * grow, longest), max(words, default=-gap) + gap)
    # lines of Latin words are filled less well
    latin = np.array([text.name.isascii() for text in texts] or [False])
    needs[latin] *= 1.12
    whole = np.array([_unbroken(book, text, gap) for text in texts] or [(0.0, 0.0)])
    if shared:
        whole[:, 0] = 0.0
    lines, names, hours = _best_cut(needs, whole, (room, width - name), least)
    what = name + names + hours
    return Tabs(width, _SIGN * grow, number, name, name + names, what, gap, lines, shared=shared)


def _address_width(book: Book) -> float:
    """Room for addresses of points that lie on other sheets: ``14-B3``, or ``12b-B3``.

    Longer ones are left to break their row where few sheets are details.
    """
    labels = sorted((sheet.label for sheet in book.plan.sheets), key=len)
    usual = labels[int(len(labels) * _MOST)] if labels else ""
    label = usual if len(usual) > len("14") else "14"
    return book.metrics.width(f"{label}-B3", book.style.type.row, bold=True)


def _unbroken(book: Book, text: RowText, gap: float) -> tuple[float, float]:
    """Widths under which hours break inside a span, and what matters inside a Latin word."""
    size, measure = book.style.type.row, book.metrics.width
    hours = (measure(part.rstrip(), size, text.exception) for part in hours_parts(text.hours))
    words = (measure(word, size) for word in _LATIN.findall(text.what))
    return max(hours, default=-gap) + gap, max(words, default=-gap) + gap


def _longest_word(book: Book, texts: Iterable[str]) -> float:
    """Width of the words of names: nearly all of them stay whole in a column so wide."""
    size = book.style.type.row
    wide = [
        max((book.metrics.width(word, size, bold=True) for word in text.split()), default=0.0)
        for text in texts
        if text.isascii()
    ]
    return float(np.quantile(wide, 0.98, method="higher")) + 0.05 if wide else 0.0


def _best_cut(
    needs: Floats, whole: Floats, rooms: tuple[float, float], least: tuple[float, float]
) -> tuple[float, float, float]:
    """Lines taken, and widths of names and hours, each at least as in ``least``, mm.

    ``needs`` are the widths of each row: its name, hours and what matters; ``whole`` those
    under which its hours and what matters break inside a word; ``rooms`` what the three share,
    and the room under a name.
    """
    room, under = rooms
    least_name, least_hours = least
    least_what = min(least_name * 0.9, room * 0.3) if needs[:, 2].any() else 0.0
    tried = []
    for names in {least_name, least_name * 1.25, *_widths(needs[:, 0], room)}:
        for hours in {*_widths(needs[:, 1], room), *_widths(whole[:, 0], room)}:
            wide, told = max(names, least_name), max(hours, least_hours)
            what = room - wide - told
            if what >= least_what:
                lines = _count_lines(needs, (wide, told, what), under)
                broken = np.count_nonzero(whole > np.array([told, what]) + 0.02)
                tried.append((lines + _BROKEN * broken, -wide, told))
    if not tried:
        names, hours = room * 0.38, min(max(least_hours, room * 0.2), room * 0.4)
        return 2.0 * _count_lines(needs, (names, hours, room * 0.22), under), names, hours
    lines, names, hours = min(tried)
    return lines, -names, hours


def _widths(needs: Floats, room: float) -> Iterable[float]:
    """Widths to try for one column: those that hold so many of its texts on one line."""
    found = np.quantile(needs, (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 1.0), method="higher") + 0.05
    return sorted({round(float(width), 2) for width in found if width <= room})


def _count_lines(needs: Floats, widths: tuple[float, float, float], under: float) -> float:
    """Lines that all rows take together, near enough (words are taken as sand)."""
    with np.errstate(divide="ignore", invalid="ignore"):
        lines = np.ceil(np.nan_to_num(needs / np.array(widths), posinf=99.0) * 1.03 - 0.03)
    head = np.maximum(1, np.maximum(lines[:, 0], lines[:, 1]))
    below = head + np.ceil(needs[:, 2] / under)
    beside = np.maximum(head, lines[:, 2])
    allowed = np.maximum(_MOST_BESIDE, head)
    most = np.where(lines[:, 2] > allowed, np.minimum(below, beside), beside)
    # broken hours read worst of all
    return float(most.sum() + 0.5 * np.maximum(lines[:, 1] - 1, 0).sum())


def make_row(book: Book, tabs: Tabs, entry: Entry, text: RowText, sheet: str) -> Row:
    """One row of the list of ``sheet``, wrapped into its columns; nothing is cut or dropped."""
    size, metrics = book.style.type.row, book.metrics
    point = book.data.points[entry.point]
    category = book.data.categories[point.category]
    home = entry.home
    cell = home.cell if home.sheet == sheet else home.text
    beside = tabs.what_width(metrics.width(cell, size, bold=True))
    name = wrap(text.name, tabs.name_width, size, metrics, bold=True)
    room = beside if tabs.shared else tabs.hours_width
    hours = wrap(text.hours, room, size, metrics, bold=text.exception, hours=True)
    what: tuple[str, ...] = ()
    if len(name) > _MOST_LINES or len(hours) > _MOST_LINES:
        name, told, under = _in_full_width(book, tabs, text, cell)
        hours = ()
    else:
        above = len(hours) if tabs.shared else 0
        what, under = _what(book, tabs, text, beside, max(len(name), len(hours)), above=above)
        told = text.what
    above = len(hours) if tabs.shared else 0
    lines = max(1, len(name), len(hours), above + len(what)) + len(under)
    return Row(
        number=entry.number,
        category=category,
        state=mark_state(point, book.as_of, book.stale_after, category),
        name=name,
        hours=hours,
        exception=text.exception,
        what=what,
        under=under,
        cell=cell,
        lines=lines,
        told=told,
    )


def _in_full_width(
    book: Book, tabs: Tabs, text: RowText, cell: str
) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """Name over all the width, and all else as one text under it: where columns are too narrow."""
    size, metrics = book.style.type.row, book.metrics
    room = tabs.width - tabs.name
    beside = room - metrics.width(cell, size, bold=True) - tabs.gap
    told = joint(book).join(part for part in (text.hours, text.what) if part)
    name = wrap(text.name, beside, size, metrics, bold=True)
    return name, told, wrap(told, room, size, metrics)


def _what(
    book: Book, tabs: Tabs, text: RowText, beside: float, lines: int, *, above: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines of what matters: beside the name, or under it where that takes fewer lines."""
    size, metrics = book.style.type.row, book.metrics
    what = wrap(text.what, beside, size, metrics)
    allowed = max(_MOST_BESIDE, lines)
    # a telephone number in two parts is not to be read
    broken = any(metrics.width(word, size) > beside for word in _LATIN.findall(text.what))
    if above + len(what) > allowed or broken:
        under = wrap(text.what, tabs.width - tabs.name, size, metrics)
        if lines + len(under) < above + len(what) + broken:
            return (), under
    free = max(lines, above + len(what), 1) - above
    longer = joint(book).join(part for part in (text.what, text.more) if part)
    if text.more and metrics.width(longer, size) <= beside * free:
        more = wrap(longer, beside, size, metrics)
        if above + len(more) <= max(lines, above + len(what), 1):
            return more, ()
    return what, ()


def shortened(row: Row, most: int, goes_on: str) -> Row:
    """A row of ``most`` lines at most; what is left of it is told where the list goes on."""
    kept = len(row.under) - (row.lines - most) - 1
    if row.lines <= most or kept < 1:
        return row
    under = (*row.under[:kept], goes_on)
    return replace(row, under=under, lines=most, rest=text_after(row.told, row.under[:kept]))


def split_row(row: Row, most: float, pitch: Pitch, *, shared: bool) -> tuple[Row, ...]:
    """Parts of a row so long that even a page's column cannot hold it; each at most ``most`` mm."""
    if pitch.height(row.lines) <= most:
        return (row,)
    head = row.head(shared=shared)
    room = max(1, int((most - pitch.row) / pitch.line) - head)
    pieces = [row.under[i : i + room] for i in range(0, len(row.under), room)]
    if not pieces or head * pitch.line > most:
        return (row,)  # a name alone does not fill a page: readers limit it
    return tuple(
        replace(
            row if part == 0 else replace(row, name=row.name[:1], hours=(), what=()),
            under=lines,
            lines=(head if part == 0 else 1) + len(lines),
            part=row.part + part,
        )
        for part, lines in enumerate(pieces)
    )


class RowMaker:
    """Makes rows of lists that share their tabs, each once for every address it is printed with."""

    def __init__(self, book: Book, tabs: Tabs, texts: Mapping[int, RowText]) -> None:
        self.book, self.tabs, self.texts = book, tabs, texts
        self._made: dict[tuple[int, bool], Row] = {}

    def row(self, entry: Entry, sheet: str) -> Row:
        """Row of a point in the list of ``sheet``."""
        key = (entry.number, entry.home.sheet == sheet)
        if key not in self._made:
            self._made[key] = make_row(self.book, self.tabs, entry, self.texts[entry.point], sheet)
        return self._made[key]

    def rest_of(self, row: Row) -> Row:
        """Row that tells what is left of one that was shortened."""
        book, tabs = self.book, self.tabs
        under = wrap(row.rest, tabs.width - tabs.name, book.style.type.row, book.metrics)
        lines, name = 1 + len(under), row.name[:1]
        rest = replace(row, name=name, hours=(), what=(), under=under, lines=lines)
        return replace(rest, part=1, told=row.rest, rest="", cell="")

    def groups(self, entries: Iterable[Entry], sheet: str) -> tuple[Group, ...]:
        """Rows by category in the vocabulary's order, by number inside each."""
        data = self.book.data
        by_category: dict[str, list[Entry]] = {}
        for entry in sorted(entries, key=lambda entry: entry.number):
            by_category.setdefault(data.points[entry.point].category, []).append(entry)
        known = data.categories
        order = sorted(by_category, key=lambda key: (known[key].order, key))
        return tuple(
            Group(
                known[key],
                tuple(self.row(entry, sheet) for entry in by_category[key]),
                len(by_category[key]),
            )
            for key in order
        )
