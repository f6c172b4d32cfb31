"""The overview, sheet 0: the whole area, every sheet's number, every point, how to read it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papermap.grid import Plan
from papermap.pages.frames import PageFrames, page_frames
from papermap.pages.furniture import draw_header
from papermap.pages.kit import Ink
from papermap.pages.marksdraw import draw_names
from papermap.pages.model import Book, Page
from papermap.pages.overview_flow import Column, Section, flow, stack
from papermap.pages.overview_howto import HowTo
from papermap.pages.overview_lines import ROW_TYPE, Lines
from papermap.pages.overview_map import GridOnPaper, OverviewMap
from papermap.pages.overview_parts import Block, overview_maps
from papermap.pages.overview_text import overview_sections
from papermap.render import MapView
from papermap.style import Style
from papermap.units import Box, Size

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from papermap.index import Index
    from papermap.render import SheetDrawing

_STRIP = 7.0  # mm under the map of a wide page, for the scale bar
_GUTTER = 8.0
_NARROW = 78.0  # mm of a column at 9 pt, at least
_LEAST = 30.0  # mm of height under which words go to the next page


@dataclass(frozen=True, slots=True)
class OverviewFrames:
    """The map of an overview page, the room for words, and where the scale bar stands."""

    map: Box
    words: Box
    scale: tuple[float, float]  # right end and foot of the bar

    @property
    def room(self) -> Size:
        return Size(round(self.map.width, 6), round(self.map.height, 6))


def overview_frames(frames: PageFrames, style: Style) -> OverviewFrames:
    """Frames of an overview; there is no footer, so the words go down to the margin."""
    foot, box, rest = frames.footer.y0, frames.overview, frames.overview_rest
    words = Box(rest.x0, foot, rest.x1, rest.y1)
    if not frames.landscape:
        heading = style.layout.heading
        return OverviewFrames(box, words, (box.x1, words.y1 - heading + 2.0))
    map_box = Box(box.x0, foot + _STRIP, box.x1, box.y1)
    return OverviewFrames(map_box, words, (box.x1, foot + 0.5))


def overview_views(plan: Plan, size: Size, style: Style) -> tuple[MapView, ...]:
    """Views of the overview maps, one for each overview page with a map, in their order.

    Parameters
    ----------
    plan
        The cut of the area into sheets.
    size
        Of the paper, mm.
    style
        Gives the frames on the page.
    """
    room = overview_frames(page_frames(size, style), style).room
    return tuple(view for view, _ in overview_maps(plan, room))


def overview_obstacles(plan: Plan, index: Index, view: MapView, style: Style) -> tuple[Box, ...]:
    """What the names of an overview map keep clear of, mm in its frame: numbers and marks."""
    return GridOnPaper(plan, index, view, style).obstacles


def overview_pages(book: Book) -> tuple[Page, ...]:
    """Overview pages: those with a map, then those with the words that did not fit."""
    frames = overview_frames(book.frames, book.style)
    maps = overview_maps(book.plan, frames.room)
    words = _words(book, frames)
    labels = _labels(max(len(maps), 1) + len(words) - 1)
    blocks = tuple(zip(labels[1:], (block for _, block in maps[1:]), strict=False))
    pages: list[Page] = []
    for number, label in enumerate(labels):
        view = maps[number][0] if number < len(maps) else None
        pages.append(
            OverviewPage(
                book=book,
                kind="overview",
                label=label,
                title=_bookmark(book, label),
                level=min(number, 1),
                panel_box=None if view is None else frames.map,
                view=view,
                blocks=() if number else blocks,
                words=_words_of(number, len(maps), words),
            )
        )
    return tuple(pages)


# a column of words: where it stands on its page, and its lines
Words = tuple[tuple[Box, Column], ...]


def _words_of(number: int, maps: int, words: Sequence[Words]) -> Words:
    """The first page has the first words; what is left stands after the last map."""
    if number == 0:
        return words[0]
    return words[number - maps + 1] if number >= maps else ()


def _words(book: Book, frames: OverviewFrames) -> list[Words]:
    """Words of the first page, and of as many pages more as they need."""
    here = _under_how_to(book, frames)
    boxes = _columns_in(book, here)
    sections = overview_sections(book, boxes[0].width)
    fitting = _fitting(sections, boxes)
    if fitting is not None:
        return [fitting]
    whole = _columns_in(book, _whole(book))
    room = boxes if here.height >= _LEAST else ()
    sizes = itertools.chain(room, itertools.cycle(whole))
    places = itertools.chain(room, itertools.cycle(whole))
    columns = flow(overview_sections(book, boxes[0].width), (box.height for box in sizes))
    placed = tuple(zip(places, columns, strict=False))
    first, later = placed[: len(room)], placed[len(room) :]
    across = len(whole)
    return [first, *(later[n : n + across] for n in range(0, len(later), across))]


def _fitting(sections: Sequence[Section], boxes: Sequence[Box]) -> Words | None:
    """All words in these columns: the counts in the first where that leaves room for the rest."""
    cuts: list[tuple[Sequence[Section], ...]] = [(sections,)]
    if len(boxes) > 1:
        cuts = [(sections[:n], sections[n:]) for n in range(1, len(sections))]
    for parts in cuts:
        stacked = [stack(part) for part in parts]
        if all(high <= boxes[0].height for _, high in stacked):
            return tuple(zip(boxes, (column for column, _ in stacked), strict=False))
    return None


def _under_how_to(book: Book, frames: OverviewFrames) -> Box:
    words = frames.words
    return Box(words.x0, words.y0, words.x1, words.y1 - _how_to(book, frames).height)


def _how_to(book: Book, frames: OverviewFrames) -> HowTo:
    return HowTo(Lines(book, frames.words.width))


def _whole(book: Book) -> Box:
    """All between the header and the margin, for a page of words."""
    body = book.frames.body
    return Box(body.x0, book.frames.footer.y0, body.x1, body.y1)


def _columns_in(book: Book, box: Box) -> tuple[Box, ...]:
    """Columns for words in a box, no narrower than their rows need."""
    narrow = _NARROW * book.style.type.row / ROW_TYPE
    count = max(1, int((box.width + _GUTTER) / (narrow + _GUTTER)))
    width = (box.width - _GUTTER * (count - 1)) / count
    lefts = (box.x0 + number * (width + _GUTTER) for number in range(count))
    return tuple(Box(left, box.y0, left + width, box.y1) for left in lefts)


def _labels(count: int) -> tuple[str, ...]:
    return ("0", *(f"0-{number}" for number in range(2, count + 1)))


def _bookmark(book: Book, label: str) -> str:
    return " ".join((label, book.words("overview"), book.words.second("overview"))).rstrip()


@dataclass(frozen=True, kw_only=True)
class OverviewPage(Page):
    """One overview page: a map, words, or both; ``blocks`` are the parts with their own maps."""

    view: MapView | None
    blocks: tuple[tuple[str, Block], ...]
    words: Words

    def draw(self, canvas: Canvas, drawing: SheetDrawing | None) -> None:
        """Draw text and marks; the panel itself is put under by ``pdf``."""
        book, ink = self.book, self.book.ink(canvas)
        frames = overview_frames(book.frames, book.style)
        self._draw_header(ink)
        if self.view is not None:
            self._draw_map(ink, self.view, frames, drawing)
        if self.label == "0":
            _how_to(book, frames).draw(ink, frames.words.x0, frames.words.y1)
        for box, column in self.words:
            for placed in column:
                placed.line.draw(ink, box.x0, box.y1 - placed.down, box.x1)

    def _draw_map(
        self, ink: Ink, view: MapView, frames: OverviewFrames, drawing: SheetDrawing | None
    ) -> None:
        painter = OverviewMap(self.book, ink, view, frames.map)
        painter.draw_grid()
        painter.draw_numbers()
        if drawing is not None:
            draw_names(ink, self.book, drawing.names, frames.map)
        painter.draw_marks()
        painter.draw_blocks(self.blocks)
        painter.link_sheets()
        painter.draw_scale(*frames.scale)

    def _draw_header(self, ink: Ink) -> None:
        book, words = self.book, self.book.words
        second = words.second("overview_of", title=book.second_title or book.title)
        draw_header(
            ink,
            self,
            mark=self.label,
            title=book.title,
            second=second,
            third=f"{words('overview')}  {_range(book)}",
        )


def _range(book: Book) -> str:
    """Which sheets there are."""
    labels = [sheet.label for sheet in book.plan.sheets]
    if len(labels) <= 1:
        return book.words("overview_help_one", first=labels[0]) if labels else ""
    return book.words("overview_help", first=labels[0], last=labels[-1])
