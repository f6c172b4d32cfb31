"""The overview, sheet 0: the whole area, every sheet's number, every point, how to read it."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from papermap.grid import Plan
from papermap.pages.frames import page_frames
from papermap.pages.furniture import draw_header
from papermap.pages.kit import Ink
from papermap.pages.marksdraw import draw_names
from papermap.pages.model import Book, Drawn, Page, Panel
from papermap.pages.overview_flow import Column, Line, Section, flow, stack
from papermap.pages.overview_frames import OverviewFrames, overview_frames
from papermap.pages.overview_howto import HowTo
from papermap.pages.overview_lines import ROW_TYPE, Lines
from papermap.pages.overview_map import GridOnPaper, OverviewMap
from papermap.pages.overview_parts import Block
from papermap.pages.overview_text import credit_lines, overview_sections
from papermap.render import MapView
from papermap.style import Style
from papermap.units import Box, Size

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from papermap.index import Index
    from papermap.render import SheetDrawing

_GUTTER = 8.0
_NARROW = 78.0  # mm of a column at 9 pt, at least
_MOST_COLUMNS = 40  # that one section may run through
_ABOVE_CREDITS = 1.8  # mm between the words and the credits
_ABOVE_CREDITS_LEAST = 0.6
_HEADER_TAKEN = (4.95, 6.25)  # header heights that number, times and gaps take; with a QR
_STEP = 2.0  # mm by which columns are made lower while their words still fit
_LEAST = 22.0  # mm of height under which words go to the next page


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
    frames = overview_frames(page_frames(size, style), style, plan)
    return tuple(view for view, _ in frames.maps)


def overview_obstacles(plan: Plan, index: Index, view: MapView, style: Style) -> tuple[Box, ...]:
    """What the names of an overview map keep clear of, mm in its frame: numbers and marks."""
    return GridOnPaper(plan, index, view, style).obstacles


def overview_pages(book: Book) -> tuple[Page, ...]:
    """Overview pages: those with a map, then those with the words that did not fit."""
    frames = overview_frames(book.frames, book.style, book.plan)
    maps = frames.maps
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
                panels=() if view is None else (Panel(label, frames.map_of(number)[0]),),
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
    boxes = _columns_in(book, _between(book, frames, _ABOVE_CREDITS))
    sections = overview_sections(book, boxes[0].width)
    fitting = _fitting(sections, boxes)
    if fitting is not None:
        return [fitting]
    here = _between(book, frames, _ABOVE_CREDITS_LEAST)
    boxes = _columns_in(book, here)
    for count in range(len(sections), 0, -1):
        fitting = _fitting(sections[:count], boxes)
        if fitting is not None:
            return [fitting, *_flowing(book, sections[count:], (), boxes[0].width)]
    room = boxes if here.height >= _LEAST else ()
    first, *more = _flowing(book, sections, room, boxes[0].width)
    return [first, *more] if room else [(), first, *more]


def _flowing(
    book: Book, sections: Sequence[Section], room: Sequence[Box], width: float
) -> list[Words]:
    """Sections through the columns ``room``, then through pages of their own."""
    if not sections:
        return []
    whole = _alike(_whole(book), width)
    places = (*room, *(whole * len(sections) * _MOST_COLUMNS))
    columns = flow(sections, iter([box.height for box in places]))
    if len(columns) <= len(room):
        columns = _even(sections, columns, room)
    placed = tuple(zip(places, columns, strict=False))
    later = placed[len(room) :]
    pages = [later[n : n + len(whole)] for n in range(0, len(later), len(whole))]
    return [placed[: len(room)], *pages] if room else pages


def _even(sections: Sequence[Section], columns: list[Column], room: Sequence[Box]) -> list[Column]:
    """The same words in no more columns, but lower ones."""
    best, height = columns, room[0].height - _STEP
    while height > _LEAST:
        tried = flow(sections, itertools.repeat(height))
        if len(tried) > len(room):
            break
        best, height = tried, height - _STEP
    return best


def _fitting(sections: Sequence[Section], boxes: Sequence[Box]) -> Words | None:
    """All words in these columns, in their order as far as may be; None where they do not fit."""
    best: tuple[tuple[int, float], list[Column]] | None = None
    for choice in itertools.product(range(len(boxes)), repeat=len(sections)):
        stacked = [
            stack([section for section, at in zip(sections, choice, strict=True) if at == column])
            for column in range(len(boxes))
        ]
        highest = max(high for _, high in stacked)
        back = sum(later < earlier for earlier, later in itertools.pairwise(choice))
        cost = (back, highest)
        if highest <= boxes[0].height and (best is None or cost < best[0]):
            best = cost, [column for column, _ in stacked]
    return None if best is None else tuple(zip(boxes, best[1], strict=True))


def _between(book: Book, frames: OverviewFrames, air: float) -> Box:
    """What is left for words between how to read and the credits at the foot."""
    words = frames.words
    foot = words.y0 + _height(credit_lines(book, words.width))
    top = words.y1 - (_how_to(book, frames).height if frames.how_to is None else 0)
    return Box(words.x0, foot + air, words.x1, top)


def _height(lines: Sequence[Line]) -> float:
    return sum(line.height for line in lines)


def _how_to(book: Book, frames: OverviewFrames) -> HowTo:
    return HowTo(Lines(book, (frames.how_to or frames.words).width))


def _whole(book: Book) -> Box:
    """All between the header and the margin, for a page of words."""
    body = book.frames.body
    return Box(body.x0, book.frames.footer.y0, body.x1, body.y1)


def _columns_in(book: Book, box: Box) -> tuple[Box, ...]:
    """Columns for words in a box, no narrower than their rows need."""
    narrow = _NARROW * book.style.type.row / ROW_TYPE
    count = max(1, int((box.width + _GUTTER) / (narrow + _GUTTER)))
    return _alike(box, (box.width - _GUTTER * (count - 1)) / count)


def _alike(box: Box, width: float) -> tuple[Box, ...]:
    """As many columns of one width as a box holds."""
    count = max(1, int((box.width + _GUTTER + 0.01) / (width + _GUTTER)))
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

    def draw(self, canvas: Canvas, drawn: Drawn) -> None:
        """Draw text and marks; the panel itself is put under by ``pdf``."""
        book, ink = self.book, self.book.ink(canvas)
        frames = overview_frames(book.frames, book.style, book.plan)
        self._draw_header(ink)
        if self.view is not None:
            self._draw_map(ink, self.view, frames, drawn.get(self.label))
        if self.label == "0":
            top = frames.how_to or frames.words
            _how_to(book, frames).draw(ink, top.x0, top.y1)
            self._draw_credits(ink, frames.words)
        for box, column in self.words:
            for placed in column:
                placed.line.draw(ink, box.x0, box.y1 - placed.down, box.x1)

    def _draw_credits(self, ink: Ink, words: Box) -> None:
        lines = credit_lines(self.book, words.width)
        y = words.y0 + _height(lines)
        for line in lines:
            line.draw(ink, words.x0, y, words.x1)
            y -= line.height

    def _draw_map(
        self, ink: Ink, view: MapView, frames: OverviewFrames, drawing: SheetDrawing | None
    ) -> None:
        box, scale = frames.map_of(0 if self.label == "0" else 1)
        painter = OverviewMap(self.book, ink, view, box)
        painter.draw_grid()
        if not painter.grid.crowded:
            painter.draw_numbers()
        if drawing is not None:
            draw_names(ink, self.book, drawing.names, box)
        painter.draw_marks()
        if painter.grid.crowded:  # a number has the word where marks leave no place for it
            painter.draw_numbers()
        painter.draw_blocks(self.blocks)
        painter.link_sheets()
        painter.draw_scale(*scale)

    def _draw_header(self, ink: Ink) -> None:
        book, words = self.book, self.book.words
        told = _range(book) if self.label == "0" else words("continued")
        joint = "\N{IDEOGRAPHIC SPACE}" if book.language == "ja" else ": "
        draw_header(
            ink,
            self,
            mark=self.label,
            title=book.title,
            second=words.second("overview_of", title=book.second_title or book.title),
            third=f"{words('overview')}{joint}{told}",
        )


def _range(book: Book) -> str:
    """Which sheets there are; the header leaves out sentences that it has no room for."""
    labels = [sheet.label for sheet in book.plan.grid_sheets]
    if len(labels) <= 1:
        return book.words("overview_help_one", first=labels[0]) if labels else ""
    told = book.words("overview_help", first=labels[0], last=labels[-1])
    if len(labels) == book.plan.grid_columns * book.plan.grid_rows:
        return told
    longer = f"{told} {book.words('blank_cells')}"
    room = book.frames.header.width - _HEADER_TAKEN[bool(book.url)] * book.style.layout.header
    text = f"{book.words('overview')}  {longer}"
    lines = 1 if book.second_language else 1.9
    return longer if book.metrics.width(text, book.style.type.header) < lines * room else told
