"""How to read the sheets, in three small drawings: a number, a cell, a neighbour's tab."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from papermap.grid import Sheet
from papermap.index import Entry
from papermap.model import Category
from papermap.pages.kit import BLACK, WHITE, Ink
from papermap.pages.model import Book
from papermap.pages.overview_lines import ROW_TYPE, Lines
from papermap.pages.text import wrap
from papermap.style import Colour
from papermap.units import Box

_SAMPLED = 40  # entries of a category to choose a short name from
_TALL = 19.6  # mm of a drawing
_AIR = 1.3  # mm under the heading
_WIDE = 61.0  # mm of a drawing with its air
_SIDE_BY_SIDE = 150.0  # mm: narrower than this the drawings stand under one another
_CAPTION = 40.0  # mm beside a drawing, at least
_TAG = 0.26  # mm of half a tag's height for one pt of its type
_TAB = 0.265  # the same for a neighbour's tab
_LETTERS, _ROWS = "ABCD", 3  # of the drawn grid
_TINT = Colour("K18")
_STREET = Colour("K60")


@dataclass(frozen=True)
class HowTo:
    """The three drawings with their captions, in a box ``width`` mm wide."""

    lines: Lines

    @property
    def _book(self) -> Book:
        return self.lines.book

    @cached_property
    def _large(self) -> float:
        """Drawings grow with the type, as far as three or one with its caption fit the width."""
        if self._beside:
            return min(self.lines.large, max(1.0, self.lines.width / (3 * _WIDE)))
        return min(self.lines.large, self._drawing_width / _WIDE)

    @cached_property
    def _beside(self) -> bool:
        return self.lines.width >= _SIDE_BY_SIDE

    @cached_property
    def _heading(self) -> float:
        return self._book.style.layout.heading

    @cached_property
    def _captions(self) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
        """Lines of each caption in the first and the second language."""
        book, lines = self._book, self.lines
        room = lines.width / 3 - 3 if self._beside else lines.width - self._drawing_width - 1
        size = book.style.type.row
        return tuple(
            (
                wrap(first, room, size, book.metrics, bold=True),
                wrap(second, room, lines.small, book.metrics),
            )
            for first, second in self._told
        )

    @property
    def _told(self) -> tuple[tuple[str, str], ...]:
        """Captions of what there is: a book may have no point, or one sheet only."""
        found = _captions(self._book)[self._skipped : 3 if len(self._book.plan.sheets) > 1 else 2]
        if not self._skipped:
            return found
        return tuple((_bare(first), second) for first, second in found)

    @property
    def _skipped(self) -> int:
        """Drawings left out: that of a number and its row where there is no point."""
        return 0 if self._book.index.entries else 1

    @property
    def _drawing_width(self) -> float:
        return min(_WIDE * self.lines.large, self.lines.width - _CAPTION * self.lines.large)

    @property
    def _caption_height(self) -> float:
        return max(self._caption(first, second) for first, second in self._captions)

    def _caption(self, first: Sequence[str], second: Sequence[str]) -> float:
        return len(first) * self._first_line + len(second) * self._second_line

    @property
    def _first_line(self) -> float:
        return self._book.style.layout.row

    @property
    def _second_line(self) -> float:
        return self.lines.small * 0.46

    @property
    def height(self) -> float:
        """Height with the heading, mm."""
        tall = _TALL * self._large
        if self._beside:
            return self._heading + _AIR + tall + 1.2 + self._caption_height + 1.0
        return self._heading + _AIR + len(self._captions) * max(tall + 2, self._caption_height + 2)

    def draw(self, ink: Ink, left: float, top: float) -> None:
        """Draw heading, drawings and captions downwards from ``top``."""
        head = self.lines.headed("how_to_read", []).head
        head.draw(ink, left, top, left + self.lines.width)
        y = top - self._heading - _AIR
        step = self.lines.width / 3
        tall = _TALL * self._large
        pictures = (self._number, self._cell, self._edge)[self._skipped :]
        for number, (picture, caption) in enumerate(zip(pictures, self._captions, strict=False)):
            if self._beside:
                x = left + number * step
                picture(ink, x, y - tall)
                self._write(ink, x, y - tall - 1.2, caption)
            else:
                high = max(tall + 2, self._caption_height + 2)
                low = y - (number + 1) * high
                picture(ink, left, low + (high - tall))
                middle = low + high - tall / 2 + self._caption(*caption) / 2
                self._write(ink, left + self._drawing_width, middle, caption)

    def _write(
        self, ink: Ink, x: float, top: float, caption: tuple[Sequence[str], Sequence[str]]
    ) -> None:
        first, second = caption
        y = top
        for line in first:
            ink.middle(x, y - self._first_line / 2, line, self.lines.size, bold=True, align="left")
            y -= self._first_line
        for line in second:
            ink.middle(x, y - self._second_line / 2, line, self.lines.small, align="left")
            y -= self._second_line

    # --- the drawings: (x, y) is their lower left -------------------------------------------

    def _number(self, ink: Ink, x: float, y: float) -> None:
        """Two marks on a map, and the row of one of them in the list."""
        k, size = self._large, self.lines.size
        entries = _samples(self._book)
        frame = Box(x, y, x + 24 * k, y + 19.4 * k)
        with ink.clipped(frame):
            for ends in (((-1, 8.5), (25, 13)), ((5, -2), (9, 24)), ((17, 24), (20, -2))):
                places = [(x + across * k, y + up * k) for across, up in ends]
                ink.line(places, 0.13, colour=_STREET)
        ink.box(frame, stroke=BLACK, width=0.2)
        for entry, up in zip(entries, (12.9, 5.0), strict=False):
            category = self._book.data.categories[self._book.data.points[entry.point].category]
            self._mark(ink, category, entry.number, (x + 9 * k, y + up * k))
        _arrow(ink, (x + 20.8 * k, y + 12.9 * k), x + 28.6 * k, k)
        foot = y + (4.6 if len(entries) > 1 else 10.4) * k
        table = Box(x + 29.5 * k, foot, self._table_end(x), y + 16.2 * k)
        ink.box(table, stroke=BLACK, width=0.2)
        if len(entries) > 1:
            ink.rule(table.x0, table.x1, (table.y0 + table.y1) / 2, 0.12)
        for entry, up, bold in zip(entries, (13.1, 7.3), (True, False), strict=False):
            left = table.x0 + 0.9
            low = y + up * k
            left += ink.middle(left, low, str(entry.number), size, bold=bold, align="left") + 1.3
            name = self._book.data.points[entry.point].label(self._book.language)
            ink.middle(left, low, self._short(name, table.x1 - left - 0.8), size, align="left")

    def _table_end(self, x: float) -> float:
        wide = self.lines.width / 3 - 4 if self._beside else self._drawing_width - 3
        return x + min(wide, _WIDE * self._large)

    def _short(self, name: str, room: float) -> str:
        """The name as far as it fits: this is a picture of a row, not the row."""
        metrics, size = self._book.metrics, self.lines.size
        if metrics.width(name, size) <= room:
            return name
        kept = name
        while kept and metrics.width(kept + "…", size) > room:
            kept = kept[:-1]
        return kept.rstrip() + "…"

    def _type(self, size: float) -> float:
        """Type in a drawing: grows with it, never under the style's minimum."""
        return max(self._book.style.type.minimum, size * self._large)

    def _mark(self, ink: Ink, category: Category, number: int, at: tuple[float, float]) -> None:
        k, (x, y) = self._large, at
        sign, size = 6.4 * k, self._type(8.5)
        wide = ink.width(str(number), size, bold=True)
        left = x + sign / 2 - 0.8 * k
        half = size * _TAG
        tag = Box(left, y - half, left + wide + 2.2 * k, y + half)
        ink.box(tag, fill=WHITE, stroke=BLACK, width=0.2, radius=0.6 * k)
        ink.middle(tag.x1 - 0.8 * k, y, str(number), size, bold=True, align="right")
        ink.sign(category, x, y, sign)

    def _cell(self, ink: Ink, x: float, y: float) -> None:
        """A grid with one cell named, and its full address."""
        k, size = self._large, self.lines.size
        sheet, cell = _address(self._book)
        column, row = _LETTERS.index(cell[0]), int(cell[1:]) - 1
        wide, high = max(5.6 * k, ink.width(cell, size, bold=True) + 0.8), 5.4 * k
        left, top = x + 7 * k, y + 16.3 * k
        edge, foot = left + len(_LETTERS) * wide, top - _ROWS * high
        low = top - (row + 1) * high
        shaded = Box(left + column * wide, low, left + (column + 1) * wide, low + high)
        ink.box(shaded, fill=_TINT)
        for number, letter in enumerate(_LETTERS):
            ink.line(((left + number * wide, top), (left + number * wide, foot)), 0.2)
            at = left + (number + 0.5) * wide, top + 2.3 * k
            self._label(ink, *at, letter, chosen=number == column)
        for number in range(_ROWS):
            ink.rule(left, edge, top - number * high, 0.2)
            at = left - 2.4 * k, top - (number + 0.5) * high
            self._label(ink, *at, str(number + 1), chosen=number == row)
        ink.line(((left, foot), (edge, foot), (edge, top)), 0.2)
        middle = (shaded.x0 + shaded.x1) / 2, (shaded.y0 + shaded.y1) / 2
        ink.middle(*middle, cell, size, bold=True)
        text = f"{sheet}-{cell}"
        ink.middle(edge + 3 * k, y + 8.2 * k, text, self._type(13), bold=True, align="left")

    def _label(self, ink: Ink, x: float, y: float, text: str, *, chosen: bool) -> None:
        ink.middle(x, y, text, self.lines.size + (2 if chosen else 0), bold=chosen)

    def _edge(self, ink: Ink, x: float, y: float) -> None:
        """A neighbour's tab at the edge of one sheet, and the sheet it names."""
        k = self._large
        here, there = _neighbours(self._book)
        x += 2.5 * k
        for left, label in ((x, here), (x + 31 * k, there)):
            page = Box(left, y + 0.2 * k, left + 22.3 * k, y + 19.2 * k)
            ink.box(page, stroke=BLACK, width=0.25)
            self._number_box(ink, page, label)
        right, middle, size = x + 22.3 * k, y + 8.2 * k, self._type(11)
        wide, half = ink.width(there, size, bold=True), size * _TAB
        back, shoulder, tip = right - wide - 3.6 * k, right - 2.2 * k, right + 0.6 * k
        corners = (
            (back, middle + half),
            (shoulder, middle + half),
            (tip, middle),
            (shoulder, middle - half),
            (back, middle - half),
        )
        ink.polygon(corners, fill=WHITE, stroke=BLACK, width=0.3, round_join=True)
        ink.middle((back + shoulder) / 2 + 0.4 * k, middle, there, size, bold=True)
        _arrow(ink, (right + 2.4 * k, middle), right + 7.6 * k, k)

    def _number_box(self, ink: Ink, page: Box, label: str) -> None:
        k, size = self._large, self._type(8.5)
        wide = max(ink.width(label, size, bold=True) + 1.6 * k, 4.2 * k)
        left, top = page.x0 + 1.6 * k, page.y1 - 1.6 * k
        box = Box(left, top - size * 2 * _TAG, left + wide, top)
        ink.box(box, fill=BLACK)
        middle = (box.y0 + box.y1) / 2
        ink.middle((box.x0 + box.x1) / 2, middle, label, size, bold=True, colour=WHITE)


def _arrow(ink: Ink, start: tuple[float, float], end: float, k: float) -> None:
    """Arrow to the right, its point at x = ``end``."""
    x, y = start
    ink.line(((x, y), (end - 1.8 * k, y)), 0.5 * k)
    ink.polygon(
        ((end - 2.6 * k, y + 1.15 * k), (end, y), (end - 2.6 * k, y - 1.15 * k)), fill=BLACK
    )


def _captions(book: Book) -> tuple[tuple[str, str], ...]:
    words = book.words
    cell = words("read_cell_size", cell=_distance(book.plan.cell))
    second = words.second("read_cell_size", cell=_distance(book.plan.cell))
    mark = "read_mark_side" if book.frames.landscape else "read_mark"
    return (
        (words(mark), _bare(words.second(mark))),
        _cell_captions(book, cell, second),
        (words("read_edge"), _bare(words.second("read_edge"))),
    )


def _cell_captions(book: Book, cell: str, second: str) -> tuple[str, str]:
    """The cell's size stands once: in the second language where there is one."""
    words = book.words
    if book.second_language:
        return words("read_cell"), f"{_bare(words.second('read_cell'))} {second}"
    return f"{words('read_cell')} {cell}", ""


def _bare(text: str) -> str:
    """Without the circled figure that the first language already has."""
    return text.lstrip("①②③ ")


def _distance(metres: float) -> str:
    return f"{metres / 1000:g} km" if metres >= 1000 else f"{metres:g} m"


def _samples(book: Book) -> tuple[Entry, ...]:
    """Two entries with short and different names, of two categories where there are such."""
    best: list[Entry] = []
    used: set[str] = set()
    for _, entries in book.index.by_category[:2]:
        names = {e: book.data.points[e.point].label(book.language) for e in entries[:_SAMPLED]}
        named = [entry for entry, name in names.items() if name and name not in used]
        if named:
            best.append(min(named, key=lambda e: book.metrics.width(names[e], ROW_TYPE)))
            used.add(names[best[-1]])
    return tuple(best)


def _address(book: Book) -> tuple[str, str]:
    """A real address for the drawing, its cell within A–D and 1–3."""
    found = (
        entry.home
        for entry in book.index.entries
        if entry.home.cell[:1] in set(_LETTERS) and entry.home.cell[1:] in {"1", "2", "3"}
    )
    wanted = sorted(found, key=lambda ref: ref.cell != "C2")
    if wanted:
        return wanted[0].sheet, wanted[0].cell
    sheets: Sequence[Sheet] = book.plan.sheets
    return (sheets[0].label if sheets else "1"), "C2"


def _neighbours(book: Book) -> tuple[str, str]:
    """A printed sheet and its printed neighbour to the east, else any two of the sheets."""
    sheet, _ = _address(book)
    known = {printed.label: printed for printed in book.plan.sheets}
    order = [known[sheet], *book.plan.sheets] if sheet in known else list(book.plan.sheets)
    for printed in order:
        if printed.neighbours.get("e") in known:
            return printed.label, printed.neighbours["e"]
    labels = list(dict.fromkeys(printed.label for printed in order))
    return labels[0], labels[1]
