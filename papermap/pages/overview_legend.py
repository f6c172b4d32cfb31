"""What the marks, the map's lines and the contributed lines and areas mean."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from papermap.model import Category, Kind, MapFeature
from papermap.pages.kit import BLACK, WHITE, Ink
from papermap.pages.model import Book
from papermap.pages.overview_counts import count_states, second_name, used_states
from papermap.pages.overview_flow import Line, Section
from papermap.pages.overview_lines import Lines
from papermap.pages.overview_swatch import (
    LENGTH,
    MAP_SIGNS,
    MapSign,
    draw_map_area,
    draw_map_sign,
    draw_pattern,
    pattern_of,
    rules_for,
)
from papermap.pages.state import STATE_WORDS
from papermap.style import Pattern, Rule
from papermap.units import Box

_SIGN = 3.9  # mm
_AIR = 1.3  # mm between a sample and its name
_BETWEEN = 3.0  # mm between items side by side


@dataclass(frozen=True, slots=True)
class _Item:
    """Something explained: ``draw`` gets its left edge and the middle of its line."""

    draw: Callable[[Ink, float, float], None]
    wide: float  # of the sample, mm
    text: str
    second: str


def legend_section(lines: Lines) -> Section | None:
    """States, map signs, contributed lines and areas; None where there is nothing to explain."""
    book = lines.book
    made = [*_slots(lines, _state_items(lines)), *_slots(lines, _map_items(book))]
    made += [_feature_line(lines, key, found) for key, found in features_by_category(book).items()]
    return lines.headed("legend", made) if made else None


def features_by_category(book: Book) -> Mapping[str, Sequence[MapFeature]]:
    """Contributed lines and areas by category, in the vocabulary's order."""
    found: dict[str, list[MapFeature]] = {}
    for feature in book.data.drawn:
        found.setdefault(feature.category, []).append(feature)
    known = book.data.categories
    return {key: found[key] for key in sorted(found, key=lambda key: (known[key].order, key))}


def _state_items(lines: Lines) -> list[_Item]:
    book, size = lines.book, _SIGN * lines.large
    counts = count_states(book)
    if not counts:
        return []
    sample = book.data.categories[next(iter(counts))]
    # the first three may come to be drawn by hand on a reprint; "full" only where it is used
    states = dict.fromkeys(("solid", "hollow", "crossed", *used_states(counts)))
    hours = round(book.stale_after.total_seconds() / 3600)
    items = []
    for state in states:
        key = "state_hollow_hours" if state == "hollow" else STATE_WORDS[state]
        text, second = book.words(key, hours=hours), book.words.second(key, hours=hours)
        items.append(_Item(_sign(sample, state, size), size, text, second))
    if book.warned:
        text, second = book.words("state_warned"), book.words.second("state_warned")
        items.append(_Item(_warned(lines.small), size, text, second))
    return items


def _warned(size: float) -> Callable[[Ink, float, float], None]:
    """A number, white on black."""

    def draw(ink: Ink, x: float, y: float) -> None:
        half = _SIGN * 0.45
        ink.box(Box(x, y - half, x + 2 * half, y + half), fill=BLACK, radius=0.5)
        ink.middle(x + half, y, "8", size, bold=True, colour=WHITE)

    return draw


def _sign(sample: Category, state: str, size: float) -> Callable[[Ink, float, float], None]:
    return lambda ink, x, y: ink.sign(sample, x + size / 2, y, size, state=state)


def _map_items(book: Book) -> list[_Item]:
    items = []
    for sign in MAP_SIGNS:
        rules = rules_for(book.style, sign) if sign.key in book.on_map else ()
        if rules:
            name, second = book.words(sign.key), book.words.second(sign.key)
            items.append(_Item(_swatch(sign, rules), LENGTH, name, second))
    return items


def _swatch(sign: MapSign, rules: tuple[Rule, ...]) -> Callable[[Ink, float, float], None]:
    draw = draw_map_area if sign.area else draw_map_sign
    return lambda ink, x, y: draw(ink, rules, Box(x, y - 1, x + LENGTH, y + 1))


def _slots(lines: Lines, items: Sequence[_Item]) -> list[Line]:
    """Items side by side, each in the first line that has room for it."""
    rows: list[list[tuple[float, _Item]]] = []
    ends: list[float] = []
    for item in itertools.chain.from_iterable(_narrow(lines, item) for item in items):
        wide = _item_width(lines, item)
        free = (n for n, end in enumerate(ends) if end + _BETWEEN + wide <= lines.width)
        row = next(free, len(rows))
        if row == len(rows):
            rows.append([])
            ends.append(-_BETWEEN)
        rows[row].append((ends[row] + _BETWEEN, item))
        ends[row] += _BETWEEN + wide
    return [_slot_line(lines, row) for row in rows]


def _narrow(lines: Lines, item: _Item) -> tuple[_Item, ...]:
    """The item; its second name on a line of its own where both are too wide for the column."""
    if not item.second or _item_width(lines, item) <= lines.width:
        return (item,)
    first = replace(item, second="")
    return first, _Item(_nothing, item.wide, "", item.second)


def _nothing(_ink: Ink, _x: float, _y: float) -> None:
    """Draw nothing where a sample would stand."""


def _item_width(lines: Lines, item: _Item) -> float:
    metrics = lines.book.metrics
    second = 1.4 + metrics.width(item.second, lines.small) if item.second else 0
    return item.wide + _AIR + metrics.width(item.text, lines.size) + second


def _slot_line(lines: Lines, items: Sequence[tuple[float, _Item]]) -> Line:
    high = _high(lines)

    def draw(ink: Ink, left: float, top: float, _right: float) -> None:
        y = top - high / 2
        for at, item in items:
            x = left + at
            item.draw(ink, x, y)
            _names(lines, ink, x + item.wide + _AIR, y, (item.text, item.second))

    return Line(high, draw)


def _feature_line(lines: Lines, key: str, features: Sequence[MapFeature]) -> Line:
    """A contributed line or area: its pattern, its name, how many, and of when."""
    book, size = lines.book, lines.size
    category = book.data.categories[key]
    kind = features[0].kind
    pattern = pattern_of(book.style, key, kind)
    newest: datetime | None = max((f.updated_at for f in features if f.updated_at), default=None)
    moment = book.words.when(newest, short=True) if newest else ""
    count = book.words("source_items", n=len(features))
    names = category.name(book.language), second_name(book, category)
    high = _high(lines)

    def draw(ink: Ink, left: float, top: float, right: float) -> None:
        y = top - high / 2
        _sample(lines, ink, (pattern, kind), left, y)
        _names(lines, ink, left + LENGTH + _AIR, y, names)
        wide = ink.middle(right, y, moment, size, align="right")
        ink.middle(right - max(wide + 3, 0), y, count, size, align="right")

    return Line(high, draw)


def _sample(lines: Lines, ink: Ink, look: tuple[Pattern, Kind], left: float, y: float) -> None:
    half = (1.6 if look[1] is Kind.AREA else 1.1) * lines.large
    draw_pattern(ink, *look, Box(left, y - half, left + LENGTH, y + half))


def _names(lines: Lines, ink: Ink, x: float, y: float, names: tuple[str, str]) -> None:
    if names[0]:
        x += ink.middle(x, y, names[0], lines.size, align="left") + 1.4
    ink.middle(x, y, names[1], lines.small, align="left")


def _high(lines: Lines) -> float:
    return lines.book.style.layout.row + 0.7 * lines.large
