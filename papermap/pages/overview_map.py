"""The overview's map: the grid of sheets with their numbers, names, every point as a small mark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from papermap.grid import Plan
from papermap.index import Index
from papermap.model import Category
from papermap.pages.kit import BLACK, WHITE, Ink
from papermap.pages.model import Book
from papermap.pages.overview_counts import silhouette
from papermap.pages.overview_parts import (
    SMALLEST_CELL,
    Block,
    cells,
    free_corner,
    mark_size,
    on_paper,
    spots_in,
)
from papermap.pages.state import mark_state
from papermap.render import MapView
from papermap.style import Style
from papermap.units import MM_PER_PT, Box, Size

_EDGE = 0.45  # mm, the line round a printed sheet
_DETAIL, _DETAIL_DASH = 0.2, (1.2, 0.8)  # the line round a detail
_HALO = 0.55
_MARK_HALO = 0.22
_DIGIT = 0.6  # width of a figure, of its type size
_CAPITAL = 0.74  # height of a figure, of its type size
_MANY = 400  # marks; more of them are no obstacles to names, they could not be kept clear of


@dataclass(frozen=True)
class GridOnPaper:
    """Where sheets, their numbers and the marks stand on one overview, mm in its frame."""

    plan: Plan
    index: Index
    view: MapView
    style: Style

    @property
    def frame(self) -> Box:
        return Box(0, 0, self.view.width, self.view.height)

    @cached_property
    def cells(self) -> Mapping[str, Box]:
        """Printed sheets by label."""
        return cells(self.plan.grid_sheets, self.view)

    @cached_property
    def details(self) -> Mapping[str, Box]:
        """Detail sheets of the grid's sheets by label, those of details not."""
        first = (sheet for sheet in self.plan.detail_sheets if sheet.depth == 1)
        return cells(first, self.view)

    @cached_property
    def spots(self) -> Mapping[int, tuple[float, float]]:
        """Where each printed point is that lies in the frame, by its number in the data."""
        places = {e.point: self.view.to_mm(*self.plan.xy[e.point]) for e in self.index.entries}
        return {point: spot for point, spot in places.items() if self.frame.contains(*spot)}

    @cached_property
    def mark(self) -> float:
        """Size of the marks, mm."""
        area = sum(box.width * box.height for box in self.cells.values())
        return mark_size(self.style.marks.overview_sign, list(self.spots.values()), area)

    @cached_property
    def type(self) -> float:
        """Size of the sheets' numbers, pt; 0 where a cell cannot hold one."""
        if not self.cells:
            return 0.0
        em = 1 / MM_PER_PT
        low = min(box.height for box in self.cells.values())
        if min(low, *(box.width for box in self.cells.values())) < SMALLEST_CELL:
            return 0.0  # the maps of the blocks have the numbers
        narrow = min(box.width / (len(label) * _DIGIT) for label, box in self.cells.items())
        size = min(self.style.type.overview_number, 0.36 * low / _CAPITAL * em, 0.62 * narrow * em)
        return size if size >= self.style.type.minimum else 0.0

    @cached_property
    def numbers(self) -> Mapping[str, Box]:
        """Where the number of each sheet stands, that lies whole in the frame."""
        if not self.type:
            return {}
        whole = {label: box for label, box in self.cells.items() if _inside(box, self.frame)}
        return self._corners(whole, self.type, {})

    @cached_property
    def letters(self) -> Mapping[str, Box]:
        """Where the label of each detail stands that its frame has room for."""
        size = self.style.type.minimum
        em = size * MM_PER_PT
        wide = {label: box for label, box in self.details.items() if _inside(box, self.frame)}
        held = {
            label: box
            for label, box in wide.items()
            if box.width > (len(label) * _DIGIT + 0.5) * em and box.height > 1.2 * em
        }
        return self._corners(held, size, self.numbers) if self.type else {}

    def _corners(
        self, boxes: Mapping[str, Box], size: float, others: Mapping[str, Box]
    ) -> Mapping[str, Box]:
        """The freest corner of each box for its label, clear of others."""
        em = size * MM_PER_PT
        marks = np.array(list(self.spots.values())).reshape(-1, 2)
        found: dict[str, Box] = {}
        for label, box in boxes.items():
            near = spots_in(box.grown(self.mark), marks)
            wanted = Size(len(label) * _DIGIT * em, _CAPITAL * em)
            taken = (*others.values(), *found.values())
            found[label] = free_corner(box, wanted, near, taken)
        return found

    @property
    def crowded(self) -> bool:
        """Whether there are too many marks to keep clear of each."""
        return len(self.spots) > _MANY

    @property
    def obstacles(self) -> tuple[Box, ...]:
        """What names must keep clear of: the numbers, and the marks unless they are too many."""
        half = self.mark / 2
        marks = [Box(x - half, y - half, x + half, y + half) for x, y in self.spots.values()]
        labels = (*self.numbers.values(), *self.letters.values())
        return (*labels, *(() if self.crowded else marks))


def _inside(box: Box, frame: Box) -> bool:
    near = frame.grown(0.5)
    return near.contains(box.x0, box.y0) and near.contains(box.x1, box.y1)


@dataclass(frozen=True)
class OverviewMap:
    """Draws what lies over the panel of one overview; ``box`` is its frame on the page, mm."""

    book: Book
    ink: Ink
    view: MapView
    box: Box

    @cached_property
    def grid(self) -> GridOnPaper:
        return GridOnPaper(self.book.plan, self.book.index, self.view, self.book.style)

    def _at(self, box: Box) -> Box:
        """From the frame to the page."""
        x, y = self.box.x0, self.box.y0
        return Box(box.x0 + x, box.y0 + y, box.x1 + x, box.y1 + y)

    def draw_grid(self) -> None:
        """A line round every printed sheet; those that are not printed stay without.

        A finer, broken one round details, with their letters where there is room.
        """
        with self.ink.clipped(self.box.grown(_EDGE / 2)):
            for box in self.grid.details.values():
                self._draw_broken(self._at(box))
            for box in self.grid.cells.values():
                self.ink.box(self._at(box), stroke=BLACK, width=_EDGE)

    def _draw_broken(self, box: Box) -> None:
        corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))
        for start, end in pairwise((*corners, corners[0])):
            self.ink.line((start, end), _DETAIL, dash=_DETAIL_DASH)

    def draw_numbers(self) -> None:
        """Each sheet's number in the corner of its cell that hides least; details' small."""
        kind = self.book.style.type
        labels = ((self.grid.letters, kind.minimum), (self.grid.numbers, self.grid.type))
        for places, size in labels:
            for label, place in places.items():
                box = self._at(place)
                x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
                self.ink.middle(x, y, label, size, bold=True, halo=_HALO)

    def draw_blocks(self, blocks: Sequence[tuple[str, Block]]) -> None:
        """Outlines of the blocks that have an overview of their own, with its label."""
        for label, block in blocks:
            box = self._at(on_paper(self.view, block.extent))
            self.ink.box(box, stroke=BLACK, width=0.9)
            x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
            kind, em = self.book.style.type, 1 / MM_PER_PT
            size = min(kind.overview_number, box.width / len(label) / _DIGIT * em, box.height * em)
            size = max(size, kind.minimum)
            self.ink.middle(x, y, label, size, bold=True, halo=_HALO)
            self.ink.link(label, box)

    def draw_marks(self) -> None:
        """Every point; all halos first, the most important categories on top."""
        book, size = self.book, self.grid.mark
        marks = [*self._marks()]
        halo = _MARK_HALO * size / book.style.marks.overview_sign
        for category, _, x, y in marks:
            self.ink.sign_halo(category.shape, x, y, size, halo)
        for category, state, x, y in marks:
            self.ink.sign(category, x, y, size, state=state)

    def _marks(self) -> Sequence[tuple[Category, str, float, float]]:
        book, found = self.book, []
        for key, entries in reversed(book.index.by_category):
            category = book.data.categories[key]
            plain = silhouette(category)
            for entry in entries:
                spot = self.grid.spots.get(entry.point)
                if spot is not None:
                    point = book.data.points[entry.point]
                    state = mark_state(point, book.as_of, book.stale_after, category)
                    found.append((plain, state, self.box.x0 + spot[0], self.box.y0 + spot[1]))
        return found

    def link_sheets(self) -> None:
        """Each cell leads to its sheet, a detail in it to its own."""
        for label, box in (*self.grid.cells.items(), *self.grid.details.items()):
            if label in self.book.sheet_labels:
                self.ink.link(label, self._at(_cut(box, self.grid.frame)))

    def draw_scale(self, right: float, y: float) -> None:
        """Scale and bar, ending at ``right``, standing on ``y``."""
        large, kind = self.book.style.type.row / 9, self.book.style.type
        metres = bar_length(self.view.scale)
        long = metres * 1000 / self.view.scale
        unit, factor = ("km", 1000) if metres >= 1000 else ("m", 1)
        last = f"{metres / factor:g} {unit}"
        size = max(kind.minimum, 8)
        end = right - self.ink.width(last, size) / 2
        left = end - long
        thick = 0.9 * large
        for number, fill in ((0, BLACK), (1, WHITE)):
            part = Box(left + number * long / 2, y, left + (number + 1) * long / 2, y + thick)
            self.ink.box(part, fill=fill, stroke=BLACK, width=0.2)
        for share, text in ((0, "0"), (0.5, f"{metres / factor / 2:g}"), (1, last)):
            self.ink.text(left + share * long, y + thick + 0.8, text, size, align="center")
        scale = f"1:{self.view.scale:,}"
        self.ink.text(left - 3, y, scale, kind.scale, bold=True, align="right")


def bar_length(scale: int) -> int:
    """Metres of the scale bar: a round length near 40 mm on paper whose half is round too."""
    fits = scale * 45 / 1000
    lengths = (step * 10**power for power in range(7) for step in (1, 2, 4, 5, 10))
    return max((length for length in lengths if length <= fits and length % 2 == 0), default=2)


def _cut(box: Box, frame: Box) -> Box:
    return Box(
        max(box.x0, frame.x0), max(box.y0, frame.y0), min(box.x1, frame.x1), min(box.y1, frame.y1)
    )
