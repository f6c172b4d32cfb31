"""How map and list share the page: chosen once for a whole atlas, from the rows that it has.

The map's frame decides the grid, so all sheets of a book have the same: few rows leave room for a
bigger map, many rows make it smaller where that saves pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from math import ceil
from typing import Final

import msgspec

from papermap.grid import Plan
from papermap.pages.flows import list_body, list_box, list_texts
from papermap.pages.footer import plan_footer
from papermap.pages.frames import page_frames
from papermap.pages.model import Book
from papermap.pages.pagelist import Room
from papermap.pages.rows import Pitch
from papermap.style import Style
from papermap.units import Box, Size

_FILLED: Final = 0.96  # of its columns, that a list fills before it goes on: rows are not cut
_TURNED: Final = 1.5  # a page of list counts more than a map: who is handed a sheet must turn to it
_AS_GOOD: Final = 1.015  # so much more paper a bigger map may cost
_LEAST_LIST: Final = 36.0  # mm of a list, at 9 pt: two headings and some rows in each column
_LEAST_MAP: Final = 2.3  # cells across and down, its overlap with them


def splits(style: Style, size: Size) -> tuple[Style, ...]:
    """The style once for each share of the page that it lets the map take, the usual one first."""
    others = (_with_share(style, share) for share in style.layout.map_shares)
    return (style, *(each for each in others if _has_room(each, size)))


def _with_share(style: Style, share: float) -> Style:
    layout = msgspec.structs.replace(style.layout, map_share=share)
    return msgspec.structs.replace(style, layout=layout)


def _has_room(style: Style, size: Size) -> bool:
    frames = page_frames(size, style)
    least_list = _LEAST_LIST * style.type.row / 9 + frames.footer.height - 10
    least_map = _LEAST_MAP * style.layout.cell
    return (
        frames.list.height >= least_list and min(frames.map.width, frames.map.height) >= least_map
    )


def best_split(book: Book, tried: Iterable[tuple[Style, Plan]]) -> tuple[Style, Plan]:
    """The look and its plan that take the fewest pages; of those that do, the largest map.

    Parameters
    ----------
    book
        The atlas with its usual split; gives numbers and words to the rows.
    tried
        Each look with the plan that its frame makes, all of one scale.
    """
    heights = _Heights(book)
    found = [(heights.pages(style, plan), style, plan) for style, plan in tried]
    fewest = min(pages for pages, _, _ in found)
    good = [each for each in found if each[0] <= fewest * _AS_GOOD]

    def worth(each: tuple[float, Style, Plan]) -> tuple[float, float, float]:
        pages, style, plan = each
        # a frame that holds no further cells only repeats more of its neighbours
        return plan.pitch[0] * plan.pitch[1], -pages, style.layout.map_share

    _, style, plan = max(good, key=worth)
    return style, plan


def _paper(lists: int, *, duplex: bool) -> float:
    """What a map with so many pages of list costs, in pages of paper."""
    if not duplex:
        return 1 + _TURNED * lists
    return 2 * ceil((1 + lists) / 2) + (_TURNED - 1) * lists / 2  # the first list's back is free


class _Heights:
    """Heights of the rows of a book in columns of different widths, each found once."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._texts = list_texts(book)
        self._known: dict[float, tuple[int, Mapping[int, float]]] = {}

    def pages(self, style: Style, plan: Plan) -> float:
        """Pages that the sheets of a plan take with their lists, about."""
        book = replace(self._book, style=style, plan=plan)
        beside, whole = list_box(book, plan_footer(book)), list_body(book)
        (count, rows), (columns, _) = self._rows(book, beside), self._rows(book, whole)
        room, more = count * beside.height * _FILLED, columns * whole.height * _FILLED
        points, total = book.data.points, 0.0
        for sheet in plan.sheets:
            kinds = {points[point].category for point in sheet.shown}
            taken = len(kinds) * style.layout.heading + sum(rows[point] for point in sheet.shown)
            lists = ceil(max(0.0, taken - room) / more)
            total += _paper(lists, duplex=book.duplex)
        return total

    def _rows(self, book: Book, box: Box) -> tuple[int, Mapping[int, float]]:
        """Columns in a box, and the height of every point's row in them."""
        key = round(box.width, 2)
        if key not in self._known:
            room, pitch = Room.of(book, self._texts, box), Pitch.of(book.style)
            heights = {
                entry.point: pitch.height(room.rows.row(entry, entry.home.sheet).lines)
                for entry in book.index.entries
            }
            self._known[key] = (len(room.boxes), heights)
        return self._known[key]
