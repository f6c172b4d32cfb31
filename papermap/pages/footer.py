"""The footer of a map sheet: scale, north, what the marks mean, where it all comes from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from papermap.grid import Sheet, sheet_zone
from papermap.model import Category, Kind
from papermap.pages.kit import BLACK, WHITE, Ink, drop
from papermap.pages.model import Book
from papermap.pages.scalebar import draw_bar
from papermap.pages.state import STATE_WORDS, STATES
from papermap.pages.text import wrap
from papermap.units import MM_PER_PT, Box

_WALK: Final = 80  # metres a minute on foot, as Japanese signs count
_GAP: Final = 3.0  # between scale, legend and sources
_SHARES: Final = (0.36, 0.32, 0.28, 0.24)  # of the width that the sources may take
_FEW: Final = 6  # numbers without a mark that are told one by one
_LEADING: Final = 1.08  # from line to line, of the size of type
_FOOT: Final = 0.6  # mm of air under the footer's rule
_ITEM_GAP: Final = 2.2


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the legend: a drawing ``wide`` mm wide, and its words."""

    text: str
    wide: float
    draw: Callable[[float, float], None]  # at x (left edge), y (middle)


@dataclass(frozen=True, slots=True)
class FooterPlan:
    """Where the footer of all map sheets of a book stands, and how its width is shared."""

    box: Box
    sources: float  # widest line of the sources, mm


def plan_footer(book: Book) -> FooterPlan:
    """Footer of a book's map sheets: as high as the style says, or as its rows of text need.

    Only upright pages give it more height, at the cost of the list above it: on wide pages the
    map would have to give way.
    """
    box, kind = book.frames.footer, book.style.type
    legend_step, source_step = (size * MM_PER_PT * _LEADING for size in (kind.footer, kind.minimum))
    left = _scale_width(book) + 2 * _GAP
    tried = []
    for share in _SHARES:
        width = box.width * share
        wide = [_item_width(book, text) for text in _item_texts(book)]
        legend = len(_flow(range(len(wide)), wide, box.width - left - width))
        sources = len(_always(book, book.plan.zone, width))
        height = max(legend * legend_step, sources * source_step) + _FOOT
        tried.append((max(height, box.height), -share))
    height, share = min(tried)
    if book.frames.landscape:
        height = box.height
    return FooterPlan(Box(box.x0, box.y0, box.x1, box.y0 + height), -share * box.width)


def draw_footer(
    ink: Ink, book: Book, sheet: Sheet, plan: FooterPlan, unplaced: Sequence[int] = ()
) -> None:
    """Draw the footer of a map sheet; ``unplaced`` numbers of it have no mark on the map."""
    box = plan.box
    ink.rule(box.x0, box.x1, box.y1, book.style.lines.footer)
    left = _draw_scale(ink, book, sheet, box)
    right = _draw_sources(ink, book, sheet, plan)
    _draw_legend(ink, book, Box(left + _GAP, box.y0, right - _GAP, box.y1), unplaced)


# --- scale and north ------------------------------------------------------------------------


def _draw_scale(ink: Ink, book: Book, sheet: Sheet, box: Box) -> float:
    """1:N, scale bar of one cell, the same on foot, north; returns the right edge."""
    kind = book.style.type
    per_metre = book.frames.map.width / sheet.bounds.width
    upper, lower = box.y1 - box.height * 0.29, box.y1 - box.height * 0.81
    scale, bold = f"1:{sheet.scale:,}", "scale" in kind.bold
    ink.text(box.x0, upper - drop(kind.scale), scale, kind.scale, bold=bold)
    _draw_north(ink, book, box.x0 + 3, box.y1 - box.height * 0.79)
    x0 = box.x0 + _bar_start(book)
    x1 = x0 + sheet.cell * per_metre
    edge = draw_bar(ink, book, sheet.cell, (x0, x1), box.y1 - box.height * 0.53)
    _draw_walk(ink, book, sheet.cell, (x0, x1), lower)
    return edge


def _bar_start(book: Book) -> float:
    """Where the scale bar begins, mm from the footer's left."""
    size = book.style.type.scale
    return max(book.metrics.width(f"1:{book.plan.scale:,}", size, bold=True) + 3.4, 19)


def _scale_width(book: Book) -> float:
    """Width of the whole scale block, mm."""
    sheet = book.plan.sheets[0] if book.plan.sheets else None
    ground = sheet.bounds.width if sheet else 1.0
    cell = book.plan.cell * book.frames.map.width / ground if sheet else 0.0
    return _bar_start(book) + cell + book.metrics.width("0 km", book.style.type.minimum)


def _draw_walk(ink: Ink, book: Book, cell: float, ends: tuple[float, float], y: float) -> None:
    """A line between two ends with the minutes it takes on foot."""
    words, size = book.words, book.style.type.footer
    x0, x1 = ends
    exact = cell / _WALK
    minutes = f"{max(0.5, round(exact * 2) / 2):g}" if exact < 5 else f"{exact:.0f}"
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
    rows = _arrange(book, _items(ink, book, unplaced), box.width)
    for y, row in zip(_row_middles(box, len(rows)), rows, strict=True):
        for item, x in row:
            item.draw(box.x0 + x, y)
            ink.middle(box.x0 + x + item.wide + 0.8, y, item.text, size, align="left")


def _row_middles(box: Box, count: int) -> list[float]:
    """Middles of so many lines that fill the footer evenly, from the top."""
    height = box.height - _FOOT
    step = min(height / max(count, 1), height / 2.2)
    top = box.y1 - _FOOT - (height - step * count) / 2
    return [top - step * (i + 0.5) for i in range(count)]


def _arrange(book: Book, items: Sequence[Item], width: float) -> list[list[tuple[Item, float]]]:
    """Rows of (item, x): even columns where they fit, else one after the other."""
    wide = [_item_width(book, item.text) for item in items]
    flowing = _flow(items, wide, width)
    for columns in range(len(items), 1, -1):
        tabs = [max(wide[column::columns]) for column in range(columns)]
        if sum(tabs) - _ITEM_GAP <= width:
            even = [
                [(item, sum(tabs[:i])) for i, item in enumerate(items[start : start + columns])]
                for start in range(0, len(items), columns)
            ]
            return even if len(even) <= max(len(flowing), 3) else flowing
    return flowing


def _flow(items: Sequence[T], wide: Sequence[float], width: float) -> list[list[tuple[T, float]]]:
    """Items one after the other, a new row where one does not fit."""
    rows: list[list[tuple[T, float]]] = [[]]
    x = 0.0
    for item, needed in zip(items, wide, strict=True):
        if rows[-1] and x + needed - _ITEM_GAP > width:
            rows.append([])
            x = 0.0
        rows[-1].append((item, x))
        x += needed
    return rows


def _sign_width(book: Book) -> float:
    return 2.9 * book.style.type.footer / 7.5


def _item_width(book: Book, text: str) -> float:
    """Width of an entry with the gap behind it, mm."""
    size = book.style.type.footer
    return _sign_width(book) + 0.8 + book.metrics.width(text, size) + _ITEM_GAP


def _item_texts(book: Book) -> tuple[str, ...]:
    """Words of the entries that every sheet's legend has."""
    keys = [*(STATE_WORDS[state] for state in STATES), "true_place", "in_neighbour"]
    if book.warned:
        keys.append("state_warned")
    return tuple(book.words(key) for key in keys)


def _items(ink: Ink, book: Book, unplaced: Sequence[int]) -> list[Item]:
    words, style = book.words, book.style
    sign, size = _sign_width(book), style.type.footer
    category = _example(book)

    def state_sign(state: str) -> Callable[[float, float], None]:
        return lambda x, y: ink.sign(category, x + sign / 2, y, sign, state=state)

    def true_place(x: float, y: float) -> None:
        dot = style.marks.dot / 2
        ink.line(((x + dot, y - 0.7), (x + sign, y + 0.7)), style.marks.leader)
        ink.circle(x + dot, y - 0.7, dot, fill=BLACK)

    def overlap(x: float, y: float) -> None:
        half = sign * 0.45
        box = Box(x, y - half, x + 2 * half, y + half)
        ink.box(box, fill=style.overlap_tint, stroke=BLACK, width=0.15)

    def warned(x: float, y: float) -> None:
        half = sign * 0.45
        ink.box(Box(x, y - half, x + sign, y + half), fill=BLACK, radius=0.5)
        ink.middle(x + sign / 2, y, "8", size, bold=True, colour=WHITE)

    drawn = [*(state_sign(state) for state in STATES), true_place, overlap, warned]
    texts = _item_texts(book)
    items = [Item(text, sign, draw) for text, draw in zip(texts, drawn, strict=False)]
    if unplaced:
        few = len(unplaced) <= _FEW
        told = ", ".join(map(str, unplaced)) if few else words("count", n=len(unplaced))
        star = words("not_drawn", numbers=told)
        items.append(Item(star, sign, lambda x, y: _star(ink, x + sign / 2, y, size)))
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


def _draw_sources(ink: Ink, book: Book, sheet: Sheet, plan: FooterPlan) -> float:
    """Zone and datum, base map, sources, right-aligned; returns the left edge."""
    size, box = book.style.type.minimum, plan.box
    lines = _source_lines(book, sheet, plan)
    for line, y in zip(lines, _row_middles(box, len(lines)), strict=True):
        ink.middle(box.x1, y, line, size, align="right")
    return box.x1 - max((ink.width(line, size) for line in lines), default=0.0)


def _source_lines(book: Book, sheet: Sheet, plan: FooterPlan) -> list[str]:
    """Zone and base map whole, then sources and notices as far as the footer holds them.

    The overview has all sources.
    """
    size, joint = book.style.type.minimum, _joint(book)
    most = int((plan.box.height - _FOOT) / (size * MM_PER_PT * _LEADING) + 1e-6)
    lines = _always(book, sheet_zone(book.plan, sheet), plan.sources)
    sources = dict.fromkeys(source.attribution or source.title for source in book.data.sources)
    told = joint.join(source for source in sources if source)
    for text in (book.words("places", text=told) if told else "", *book.notices):
        more = wrap(text, plan.sources, size, book.metrics)
        if len(lines) + len(more) <= most:
            lines += more
    return lines


def _always(book: Book, zone: str, width: float) -> list[str]:
    """Lines that no sheet may lack: the grid's zone and whose the base map is."""
    words, size = book.words, book.style.type.minimum
    texts = [words("grid_zone", zone=zone.replace(" · ", _joint(book)))]
    if book.attribution:
        texts.append(words("basemap", text=book.attribution))
    return [line for text in texts for line in wrap(text, width, size, book.metrics)]


def _joint(book: Book) -> str:
    return "・" if book.language == "ja" else " · "
