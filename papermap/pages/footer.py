"""The footer of a map sheet: scale, north, what the marks mean, where it all comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from papermap.grid import Sheet, sheet_zone
from papermap.model import Category, Kind
from papermap.pages.kit import BLACK, WHITE, Ink, drop
from papermap.pages.model import Book
from papermap.pages.state import STATE_WORDS, STATES
from papermap.pages.text import wrap
from papermap.units import MM_PER_PT, Box

_RULE: Final = 0.3
_WALK: Final = 80  # metres a minute on foot, as Japanese signs count
_GAP: Final = 3.0  # between scale, legend and sources
_SOURCES: Final = 0.36  # of the footer's width at most
_ITEM_GAP: Final = 2.2


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the legend: a drawing ``wide`` mm wide, and its words."""

    text: str
    wide: float
    draw: Callable[[float, float], None]  # at x (left edge), y (middle)


def draw_footer(ink: Ink, book: Book, sheet: Sheet, unplaced: Sequence[int] = ()) -> None:
    """Draw the footer of a map sheet; ``unplaced`` numbers of it have no mark on the map."""
    box = book.frames.footer
    ink.rule(box.x0, box.x1, box.y1, _RULE)
    left = _draw_scale(ink, book, sheet, box)
    right = _draw_sources(ink, book, sheet, box)
    _draw_legend(ink, book, Box(left + _GAP, box.y0, right - _GAP, box.y1), unplaced)


# --- scale and north ------------------------------------------------------------------------


def _draw_scale(ink: Ink, book: Book, sheet: Sheet, box: Box) -> float:
    """1:N, scale bar of one cell, the same on foot, north; returns the right edge."""
    kind, plan = book.style.type, book.plan
    per_metre = book.frames.map.width / sheet.bounds.width
    upper, lower = box.y1 - box.height * 0.29, box.y1 - box.height * 0.81
    wide = ink.text(box.x0, upper - drop(kind.scale), f"1:{plan.scale:,}", kind.scale, bold=True)
    _draw_north(ink, book, box.x0 + 3, box.y1 - box.height * 0.79)
    x0 = box.x0 + max(wide + 3.4, 19)
    x1 = x0 + plan.cell * per_metre
    small = kind.minimum
    bar = box.y1 - box.height * 0.53
    quarters = 5 if round(plan.cell / 4) * 4 != round(plan.cell) else 4
    for i in range(quarters):
        part = Box(x0 + (x1 - x0) * i / quarters, bar, x0 + (x1 - x0) * (i + 1) / quarters, bar + 1)
        ink.box(part, fill=BLACK if i % 2 == 0 else WHITE, stroke=BLACK, width=0.2)
    edge = _draw_figures(ink, book, (x0, x1), bar + 1.1 + 0.12 * small * MM_PER_PT, quarters)
    _draw_walk(ink, book, (x0, x1), lower)
    return max(edge, x1)


def _draw_figures(
    ink: Ink, book: Book, ends: tuple[float, float], baseline: float, count: int
) -> float:
    """Lengths over the bar, the last with its unit, as many as have room; the right edge."""
    size, cell = book.style.type.minimum, book.plan.cell
    x0, x1 = ends
    in_km = cell >= 2000
    unit = " km" if in_km else " m"
    edge, last = 0.0, f"{_figure(cell, in_km=in_km)}{unit}"
    figure_wide = ink.width(_figure(cell, in_km=in_km), size)
    end = x1 - figure_wide / 2 + ink.width(last, size)
    for i in range(count):
        text, x = _figure(cell * i / count, in_km=in_km), x0 + (x1 - x0) * i / count
        half = ink.width(text, size) / 2
        if x - half > edge + 0.8 * (i > 0) and x + half < x1 - figure_wide / 2 - 0.8:
            ink.text(x, baseline, text, size, align="center")
            edge = x + half
    ink.text(x1 - figure_wide / 2, baseline, last, size)
    return end


def _figure(metres: float, *, in_km: bool) -> str:
    return f"{metres / 1000:g}" if in_km else f"{metres:g}"


def _draw_walk(ink: Ink, book: Book, ends: tuple[float, float], y: float) -> None:
    """A line between two ends with the minutes it takes on foot."""
    words, size = book.words, book.style.type.footer
    x0, x1 = ends
    minutes = max(1, round(book.plan.cell / _WALK))
    second = words.second("walk_short", minutes=minutes)
    text = words("walk", minutes=minutes)
    if second and ink.width(f"{text} {second}", size) < x1 - x0 - 6:
        text = f"{text} {second}"
    half = ink.width(text, size) / 2 + 0.8
    middle = (x0 + x1) / 2
    if middle - half > x0 + 1:
        ink.line(((x0, y), (middle - half, y)), 0.3)
        ink.line(((middle + half, y), (x1, y)), 0.3)
        for x in ends:
            ink.line(((x, y - 1), (x, y + 1)), 0.3)
    ink.middle(middle, y, text, size)


def _draw_north(ink: Ink, book: Book, x: float, y: float) -> None:
    """An arrow about (x, y), half black, and its letter."""
    size = book.style.type.row
    half, high = 1.6, 2.3
    tip, foot = (x, y + high), (x, y - high * 0.55)
    left, right = (x - half, y - high), (x + half, y - high)
    ink.polygon((tip, left, foot), fill=BLACK, stroke=BLACK, width=0.2)
    ink.polygon((tip, right, foot), fill=WHITE, stroke=BLACK, width=0.2)
    ink.middle(x + 3.9, y - 0.8, book.words("north"), size, bold=True)


# --- legend ---------------------------------------------------------------------------------


def _draw_legend(ink: Ink, book: Book, box: Box, unplaced: Sequence[int]) -> None:
    """States, true place, overlap: in as few rows as they need, in even columns."""
    size = book.style.type.footer
    rows = _arrange(ink, _items(ink, book, unplaced), box.width, size)
    for y, row in zip(_row_middles(box, len(rows)), rows, strict=True):
        for item, x in row:
            item.draw(box.x0 + x, y)
            ink.middle(box.x0 + x + item.wide + 0.8, y, item.text, size, align="left")


def _row_middles(box: Box, count: int) -> list[float]:
    """Middles of so many lines that fill the footer evenly, from the top."""
    height = box.height - 0.6
    step = min(height / max(count, 1), height / 2.2)
    top = box.y1 - 0.9 - (height - step * count) / 2
    return [top - step * (i + 0.5) for i in range(count)]


def _arrange(
    ink: Ink, items: Sequence[Item], width: float, size: float
) -> list[list[tuple[Item, float]]]:
    """Rows of (item, x): even columns where they fit, else one after the other."""
    wide = [item.wide + 0.8 + ink.width(item.text, size) + _ITEM_GAP for item in items]
    for columns in range(len(items), 1, -1):
        tabs = [max(wide[column::columns]) for column in range(columns)]
        if sum(tabs) - _ITEM_GAP <= width:
            return [
                [(item, sum(tabs[:i])) for i, item in enumerate(items[start : start + columns])]
                for start in range(0, len(items), columns)
            ]
    rows: list[list[tuple[Item, float]]] = [[]]
    x = 0.0
    for item, needed in zip(items, wide, strict=True):
        if rows[-1] and x + needed - _ITEM_GAP > width:
            rows.append([])
            x = 0.0
        rows[-1].append((item, x))
        x += needed
    return rows


def _items(ink: Ink, book: Book, unplaced: Sequence[int]) -> list[Item]:
    words, style = book.words, book.style
    sign = 3.1 * style.type.footer / 7.5
    category = _example(book)

    def state_sign(state: str) -> Callable[[float, float], None]:
        return lambda x, y: ink.sign(category, x + sign / 2, y, sign, state=state)

    items = [Item(words(STATE_WORDS[state]), sign, state_sign(state)) for state in STATES]

    def true_place(x: float, y: float) -> None:
        dot = style.marks.dot / 2
        ink.line(((x + dot, y - 0.7), (x + sign, y + 0.7)), style.marks.leader)
        ink.circle(x + dot, y - 0.7, dot, fill=BLACK)

    def overlap(x: float, y: float) -> None:
        half = sign * 0.45
        box = Box(x, y - half, x + 2 * half, y + half)
        ink.box(box, fill=style.overlap_tint, stroke=BLACK, width=0.15)

    items += [
        Item(words("true_place"), sign, true_place),
        Item(words("in_neighbour"), sign, overlap),
    ]
    if unplaced:
        numbers = ", ".join(map(str, unplaced))
        if len(unplaced) > 6:
            numbers = words("count", n=len(unplaced))
        size = style.type.footer
        items.append(
            Item(
                words("not_drawn", numbers=numbers),
                sign,
                lambda x, y: _star(ink, x + sign / 2, y, size),
            )
        )
    return items


def _star(ink: Ink, x: float, y: float, size: float) -> None:
    ink.middle(x, y, "＊", size, bold=True)


def _example(book: Book) -> Category:
    """The category whose sign explains the states: the first of the book."""
    used = {point.category for point in book.data.points}
    known = [book.data.categories[key] for key in sorted(used)]
    fallback = Category("", {}, kind=Kind.POINT, shape="circle", sign="", letter="?")
    return min(known, key=lambda category: (category.order, category.key), default=fallback)


# --- sources --------------------------------------------------------------------------------


def _draw_sources(ink: Ink, book: Book, sheet: Sheet, box: Box) -> float:
    """Zone and datum, base map, sources, right-aligned; returns the left edge."""
    size = book.style.type.minimum
    lines = _source_lines(book, sheet, box.width * _SOURCES, size)
    for line, y in zip(lines, _row_middles(box, len(lines)), strict=True):
        ink.middle(box.x1, y, line, size, align="right")
    return box.x1 - max((ink.width(line, size) for line in lines), default=0.0)


def _source_lines(book: Book, sheet: Sheet, width: float, size: float) -> list[str]:
    """Lines of zone, base map, sources and notices, wrapped."""
    words = book.words
    zone = sheet_zone(book.plan, sheet).replace(" · ", "・" if book.language == "ja" else " · ")
    sources = dict.fromkeys(source.attribution or source.title for source in book.data.sources)
    told = "・".join(source for source in sources if source)
    texts = [
        words("grid_zone", zone=zone),
        words("basemap", text=book.attribution) if book.attribution else "",
        words("places", text=told) if told else "",
        *book.notices,
    ]
    return [line for text in texts if text for line in wrap(text, width, size, book.metrics)]
