"""Columns of a list: groups of rows flow into them, balanced, and what is left goes on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from papermap.pages.kit import BLACK, WHITE, Ink, drop
from papermap.pages.model import Book
from papermap.pages.rows import Group, Listed, Pitch, Row, Tabs
from papermap.pages.ways import Way, draw_way
from papermap.units import MM_PER_PT, Box

_WHOLE: Final = 9.0  # mm of unevenness that keeping a category together is worth
_HEAD_ROOM: Final = 0.5  # less above the first heading of a column
_NOTE_LINE: Final = 6.3  # between lines to write on
_WARNED: Final = 0.78  # of a row: the black behind a number that carries a warning
_WARNED_EDGE: Final = 0.4  # mm of it beside the number
_RULE: Final = 0.35  # between a heading's rule and its first row


@dataclass(frozen=True, slots=True)
class Heading:
    """Heading of a group in a column; ``again`` where the group began in an earlier column."""

    group: Group
    again: bool


@dataclass(frozen=True, slots=True)
class Column:
    """Headings and rows of one column from its top, each with its height in mm."""

    items: tuple[tuple[Heading | Listed, float], ...]

    @property
    def height(self) -> float:
        return sum(height for _, height in self.items)


def take_columns(
    pitch: Pitch, groups: Sequence[Group], heights: Sequence[float]
) -> tuple[tuple[Column, ...], tuple[Group, ...]]:
    """Fill columns of these heights in mm; returns them and the groups that are left.

    What fits is balanced over the columns: at the boundary of a category where that costs
    little, else inside one. A heading never stands without a row.
    """
    columns, rest = _fill(pitch, groups, heights)
    if rest or not groups:
        return columns, rest
    free = _lowest(pitch, groups, heights, whole=False)
    whole = _lowest(pitch, groups, heights, whole=True)
    lowest = free if whole is None or (free and whole[0] > free[0] + _WHOLE) else whole
    return (lowest[1] if lowest else columns), ()


def _lowest(
    pitch: Pitch, groups: Sequence[Group], heights: Sequence[float], *, whole: bool
) -> tuple[float, tuple[Column, ...]] | None:
    """Columns whose tallest is as low as can be, and its height; None where they do not fit."""
    low, high, best = 0.0, max(heights), None
    if _fill(pitch, groups, heights, whole=whole)[1]:
        return None
    for _ in range(10):
        middle = (low + high) / 2
        columns, rest = _fill(pitch, groups, [min(middle, h) for h in heights], whole=whole)
        if rest:
            low = middle
        else:
            high = middle
            best = columns
    if best is None:
        best = _fill(pitch, groups, heights, whole=whole)[0]
    return max(column.height for column in best), best


def _fill(
    pitch: Pitch, groups: Sequence[Group], heights: Sequence[float], *, whole: bool = False
) -> tuple[tuple[Column, ...], tuple[Group, ...]]:
    """Fill columns one after the other; ``whole`` keeps each group in one column."""
    columns: list[Column] = []
    group, row = 0, 0
    for height in heights:
        items: list[tuple[Heading | Listed, float]] = []
        top = 0.0
        while group < len(groups):
            rows = groups[group].rows[row:]
            head = pitch.heading - (0 if items else _HEAD_ROOM)
            first = rows if whole else rows[: _first_rows(rows, begun=row > 0)]
            if top + head + sum(pitch.height(one.lines) for one in first) > height + 1e-6:
                break
            again = row > 0 or groups[group].begun
            items.append((Heading(groups[group], again=again), head))
            top += head
            for one in rows:
                high = pitch.height(one.lines)
                if top + high > height + 1e-6:
                    break
                items.append((one, high))
                top += high
                row += 1
            if row < len(groups[group].rows):
                break
            group, row = group + 1, 0
        columns.append(Column(tuple(items)))
    return tuple(columns), _left(groups, group, row)


def _first_rows(rows: Sequence[Listed], *, begun: bool) -> int:
    """Rows that must stand under a heading at the foot of a column."""
    return 1 if begun or rows[0].lines > 1 else 2


def _left(groups: Sequence[Group], group: int, row: int) -> tuple[Group, ...]:
    if group >= len(groups):
        return ()
    cut = groups[group]
    begun = replace(cut, rows=cut.rows[row:], begun=cut.begun or row > 0)
    return (begun, *groups[group + 1 :])


def without(
    pitch: Pitch,
    columns: Sequence[Column],
    heights: Sequence[float],
    gone: frozenset[int],
    fewer: Mapping[str, int],
) -> tuple[Column, ...]:
    """The same columns without the rows of some numbers, balanced again.

    ``fewer`` says by category how much less its heading counts.
    """
    groups: list[Group] = []
    for column in columns:
        for item, _ in column.items:
            if not isinstance(item, Heading):
                if not (isinstance(item, Row) and item.number in gone):
                    groups[-1] = replace(groups[-1], rows=(*groups[-1].rows, item))
            elif not groups or groups[-1].category.key != item.group.category.key:
                count = item.group.count - fewer.get(item.group.category.key, 0)
                begun = item.group.begun
                groups.append(replace(item.group, rows=(), count=count, begun=begun))
    kept = [group for group in groups if group.rows]
    again, rest = take_columns(pitch, kept, heights)
    return tuple(columns) if rest else again


def draw_column(
    ink: Ink,
    book: Book,
    column: Column,
    tabs: Tabs,
    box: Box,
    *,
    pitch: Pitch,
    unplaced: frozenset[int],
) -> float:
    """Draw a column from the top of ``box``; returns the y under its last row."""
    y, lines = box.y1, book.style.lines
    for i, (item, height) in enumerate(column.items):
        if isinstance(item, Heading):
            _draw_heading(ink, book, item, Box(box.x0, y - height, box.x1, y))
        elif isinstance(item, Row):
            drawn = item.number not in unplaced
            draw_row(ink, book, item, tabs, (box.x0, y), pitch=pitch, drawn=drawn)
        elif isinstance(item, Way):
            draw_way(ink, book, item, tabs, (box.x0, y), pitch=pitch)
        following = column.items[i + 1][0] if i + 1 < len(column.items) else None
        if not isinstance(item, Heading) and following and not isinstance(following, Heading):
            ink.rule(box.x0, box.x1, y - height, lines.row, dash=lines.row_dash)
        y -= height
    return y


def _draw_heading(ink: Ink, book: Book, heading: Heading, box: Box) -> None:
    """Sign, name, second language, count, and the rule under them."""
    kind, category = book.style.type, heading.group.category
    grow = kind.heading / 11
    rule = box.y0 + _RULE
    sign = 4.3 * grow
    middle = rule + min(2.85 * grow, (box.height - _RULE) / 2 + 0.1)
    baseline = middle - drop(kind.heading)
    x = box.x0
    if category.shape:
        ink.sign(category, x + sign / 2 + 0.05, middle, sign)
        x += 6.6 * grow
    name = category.name(book.language)
    x += ink.text(x, baseline, name, kind.heading, bold="heading" in kind.bold) + 2 * grow
    if heading.again:
        ink.text(x, baseline, book.words("continued"), kind.heading_second)
    else:
        count = book.words("count", n=heading.group.count) if category.shape else ""
        end = box.x1 - ink.text(box.x1, baseline, count, kind.heading_second, align="right")
        second = category.name(book.second_language) if book.second_language else ""
        fits = x + ink.width(second, kind.heading_second) < end - 2
        if second != name and fits:
            ink.text(x, baseline, second, kind.heading_second)
    ink.rule(box.x0, box.x1, rule, book.style.lines.heading)


def draw_row(
    ink: Ink,
    book: Book,
    row: Row,
    tabs: Tabs,
    corner: tuple[float, float],
    *,
    pitch: Pitch,
    drawn: bool = True,
) -> None:
    """Draw one row from its upper left ``corner``; a mark that is not drawn has ＊ for its sign."""
    layout, kind = book.style.layout, book.style.type
    size = kind.row
    x, top = corner
    middle = top - pitch.row / 2
    baseline = middle - drop(size)
    if row.part == 0 and drawn:
        ink.sign(row.category, x + tabs.sign, middle, layout.row_sign, state=row.state)
    elif row.part == 0:
        ink.text(x + tabs.sign, baseline, "＊", size, bold=True, align="center")
    warned = book.is_warned(row.number)
    if warned:  # white on black, as on the map
        wide = ink.width(str(row.number), size, bold=True)
        half = pitch.row * _WARNED / 2
        right = x + tabs.number + _WARNED_EDGE
        left = x + tabs.number - wide - _WARNED_EDGE
        ink.box(Box(left, middle - half, right, middle + half), fill=BLACK, radius=_WARNED_EDGE)
    colour = WHITE if warned else BLACK
    ink.text(
        x + tabs.number, baseline, str(row.number), size, bold=True, align="right", colour=colour
    )
    columns = (
        (tabs.name, row.name, "name" in kind.bold),
        (tabs.what if tabs.shared else tabs.hours, row.hours, row.exception),
        (tabs.what, row.what, False),
    )
    for left, lines, bold in columns:
        first = len(row.hours) if tabs.shared and lines is row.what else 0
        for i, line in enumerate(lines, start=first):
            ink.text(x + left, baseline - i * pitch.line, line, size, bold=bold)
    ink.text(x + tabs.width, baseline, row.cell, size, bold="cell" in kind.bold, align="right")
    for i, line in enumerate(row.under, start=row.head(shared=tabs.shared)):
        ink.text(x + tabs.name, baseline - i * pitch.line, line, size)


def draw_notes(ink: Ink, book: Book, box: Box, top: float, *, label: bool) -> None:
    """Dotted lines to write on, from ``top`` down to the foot of ``box``."""
    size = book.style.type.row
    y = top - _NOTE_LINE * size / 9
    while y >= box.y0:
        x = box.x0
        if label:
            words = f"{book.words('notes')} {book.words.second('notes')}".strip()
            x += ink.text(x, y, words, size) + 2
            label = False
        ink.dots(x, box.x1, y)
        y -= _NOTE_LINE


def notes_height(book: Book) -> float:
    """Height in mm that one line to write on takes."""
    return _NOTE_LINE * book.style.type.row / 9 + MM_PER_PT
