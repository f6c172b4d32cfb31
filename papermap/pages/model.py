"""What the pages share: the :class:`Book`, and the :class:`Page` that every page kind is.

Page kinds import these from here; ``pages.book`` gives them to the rooms above.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from reportlab.pdfgen.canvas import Canvas

from papermap.checks.danger import endangered, not_for
from papermap.fonts import FontSet
from papermap.grid import Plan, Sheet
from papermap.i18n import Words
from papermap.index import Entry, Index, make_index
from papermap.model import NOTHING, Checked
from papermap.pages.frames import PageFrames, page_frames
from papermap.pages.kit import Ink
from papermap.pages.text import Metrics
from papermap.render import SheetDrawing
from papermap.signs import SignBook
from papermap.style import Style
from papermap.units import Box, Size


@dataclass(frozen=True)
class Book:
    """Everything the pages of one atlas share."""

    title: str
    plan: Plan
    index: Index
    data: Checked
    words: Words
    fonts: FontSet
    signs: SignBook
    style: Style
    size: Size  # of the paper, mm, as it is turned
    titles: Mapping[str, str] = field(default_factory=lambda: NOTHING)  # by language
    as_of: datetime | None = None  # for which the atlas speaks
    stale_after: timedelta = timedelta(hours=24)
    edition: int = 1
    duplex: bool = False  # printed on both sides
    url: str = ""
    attribution: str = ""  # of the base map
    on_map: frozenset[str] = frozenset()  # keys of what its legend explains of the base map
    # names of the neighbourhoods and stations on each sheet, by its label
    places: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    notices: tuple[str, ...] = ()  # sentences printed beside the sources
    hazard: str = ""  # key of HAZARDS: refuges that are not designated for it carry a warning
    # label of each inset → on which of its parent's pages it is, from 0
    insets: Mapping[str, int] = field(default_factory=dict)

    def planned(self, plan: Plan) -> Book:
        """The same book with other sheets, its points numbered anew."""
        index = make_index(plan, self.data.points, self.data.categories)
        return replace(self, plan=plan, index=index)

    def larger(self) -> Iterator[Book]:
        """The same book with its lists in each larger type that the style allows, largest first."""
        for size in sorted(self.style.type.row_larger, reverse=True):
            yield replace(self, style=self.style.with_rows(size))

    @cached_property
    def frames(self) -> PageFrames:
        """Boxes of the page in mm."""
        return page_frames(self.size, self.style)

    def map_size(self, sheet: Sheet) -> Size:
        """Width and height in mm of a sheet's map on paper."""
        if not sheet.inset:
            return Size(self.frames.map.width, self.frames.map.height)
        mm = 1000 / sheet.scale
        return Size(round(sheet.bounds.width * mm, 6), round(sheet.bounds.height * mm, 6))

    @cached_property
    def metrics(self) -> Metrics:
        """Widths of text in mm, remembered."""
        return Metrics(self.fonts)

    @cached_property
    def sheet_labels(self) -> frozenset[str]:
        """Labels of the map sheets that are in the book (others must not be linked to)."""
        return frozenset(sheet.label for sheet in self.plan.sheets)

    @cached_property
    def by_number(self) -> Mapping[int, Entry]:
        """Entries by the number printed for them."""
        return {entry.number: entry for entry in self.index.entries}

    @cached_property
    def warned(self) -> Mapping[str, str]:
        """Id of each refuge where nobody should flee to without asking → why, in a few words."""
        points, known = self.data.points, self.data.categories
        found = {}
        if self.hazard:
            why = self.words("not_for", text=self.words(f"hazards.{self.hazard}"))
            found = {point.id: why for point in points if not_for(point, self.hazard)}
        for index, area in endangered(self.data):
            title = known[area.category].name(self.language)
            found[points[index].id] = self.words("in_danger", text=title)
        return found

    def is_warned(self, number: int) -> bool:
        """Whether the point of this number is one of them: it is printed white on black."""
        return self.data.points[self.by_number[number].point].id in self.warned

    @cached_property
    def usual_since(self) -> datetime | None:
        """Time since which most of the information is: a row that is older says so.

        The first moment of the day for which the atlas speaks, or earlier where a quarter of its
        points are older than that.
        """
        times = sorted(p.updated_at for p in self.data.points if p.updated_at is not None)
        if self.as_of is None or not times:
            return None
        today = self.as_of.replace(hour=0, minute=0, second=0, microsecond=0)
        return min(today, times[len(times) // 4])

    @property
    def language(self) -> str:
        """Main language on paper."""
        return self.words.languages[0]

    @property
    def second_language(self) -> str:
        """Second language on paper, or an empty string."""
        return self.words.languages[1] if len(self.words.languages) > 1 else ""

    @property
    def second_title(self) -> str:
        """Title in the second language, empty where there is none or it is the same."""
        second = self.titles.get(self.second_language, "")
        return "" if second == self.title else second

    def ink(self, canvas: Canvas) -> Ink:
        """Pen for one page of this book."""
        return Ink(canvas, self.fonts, self.signs, self.style, self.metrics)


Drawn = Mapping[str, SheetDrawing]  # by the label of the panel


class Panel(NamedTuple):
    """One map on a page: the label of its sheet, or of the overview; where it goes."""

    label: str
    box: Box  # mm from the page's lower left


@dataclass(frozen=True, kw_only=True)
class Page:
    """One page of the book; its kinds know how to draw themselves.

    ``label`` is unique in the book and names the page's destination ``sheet-<label>``; ``number``
    (from 1) and ``total`` are filled in by ``compose``.
    """

    book: Book
    kind: str  # "overview", "sheet", "list" (a continuation), "index", "unplaced"
    label: str
    title: str  # of the bookmark
    sheet: str | None = None  # label of the map sheet it belongs to
    level: int = 0  # of the bookmark
    bookmarks: tuple[tuple[str, str], ...] = ()  # under it: titles and destinations on the page
    panels: tuple[Panel, ...] = ()  # the maps on it, in the order in which they are drawn
    number: int = 0
    total: int = 0

    @property
    def shift(self) -> float:
        """How far the page is moved to the right, mm: the binding of a back is on its right."""
        back = self.book.duplex and self.number % 2 == 0
        return -self.book.style.layout.binding if back else 0.0

    def draw(self, canvas: Canvas, drawn: Drawn) -> None:
        """Draw text and marks; the panels themselves are put under by ``pdf``.

        ``drawn`` has the page's own panels and those of the pages that it goes with.
        """
        raise NotImplementedError
