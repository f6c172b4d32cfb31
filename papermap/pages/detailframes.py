"""Frames of detail sheets on the sheets of smaller scale: where 7a lies, and “→ 7a”."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from math import dist
from typing import Final

import numpy as np
from numpy.typing import NDArray

from papermap.grid import Framed, Sheet
from papermap.pages.insets import inset_place
from papermap.pages.kit import BLACK, WHITE, Ink
from papermap.pages.mapframe import tab_boxes
from papermap.pages.model import Book
from papermap.units import MM_PER_PT, Box

_LINE: Final = 0.55  # mm
_HALO: Final = 0.5  # white on both sides of it
_PAD: Final = 1.0
_GAP: Final = 0.9  # between a frame and a label beside it
_LEADING: Final = 1.2
_INSET: Final = 0.8  # of a label from the edge of the map
_RINGS: Final = 6  # of places for a label round a frame, each as far as it is high
_LEAD: Final = 0.3  # mm; the line from a label to a frame that it does not stand at
_SMALLEST: Final = 2.0  # mm; less of a frame at the edge of a map is not told


@dataclass(frozen=True)
class DetailFrame:
    """One frame as it is drawn; mm in the map frame.

    ``box`` is what of it lies on the map, ``label`` where its words stand: inside, or beside a
    frame that is too small for them; None where there is no room.
    """

    book: Book
    framed: Framed
    own: bool  # whether it is a detail of this very sheet
    box: Box
    label: Box | None
    texts: tuple[tuple[str, float, bool], ...]  # text, pt, bold

    @property
    def obstacles(self) -> tuple[Box, ...]:
        """What marks and names keep clear of: of a neighbour's detail only the words."""
        frame = (self.box.grown(_LINE / 2 + _HALO),) if self.own else ()
        return (*frame, *((self.label.grown(_HALO),) if self.label is not None else ()))

    def draw_lead(self, ink: Ink, frame: Box) -> None:
        """A line to the frame from words that stand further off; ``frame`` as for these."""
        if self.label is None:
            return
        x, y = (self.label.x0 + self.label.x1) / 2, (self.label.y0 + self.label.y1) / 2
        end = _nearest(self.box, x, y)
        start = _nearest(self.label, *end)
        if dist(start, end) > 2 * _GAP:
            line = [(x + frame.x0, y + frame.y0) for x, y in (start, end)]
            ink.line(line, _LEAD + 2 * _HALO, colour=WHITE)
            ink.line(line, _LEAD)

    def draw_label(self, ink: Ink, frame: Box) -> None:
        """The words, as a link to the sheet; ``frame`` is the map on the page, mm."""
        if self.label is None:
            return
        label = _moved(self.label, frame)
        ink.box(label, fill=WHITE, stroke=BLACK, width=0.3, radius=0.8)
        x, y = (label.x0 + label.x1) / 2, label.y1 - _PAD
        for text, size, bold in self.texts:
            high = size * MM_PER_PT * _LEADING
            ink.middle(x, y - high / 2, text, size, bold=bold)
            y -= high
        if self.framed.label in self.book.sheet_labels:
            ink.link(self.framed.label, label)


def draw_detail_frames(ink: Ink, book: Book, sheet: Sheet, frame: Box) -> None:
    """All frames of a sheet: first the white beside their lines, which may lie side by side.

    ``frame`` is the map on the page, mm.
    """
    found = detail_frames(book, sheet)
    with ink.clipped(frame):
        for colour, width in ((WHITE, _LINE + 2 * _HALO), (BLACK, _LINE)):
            for detail in found:
                ink.box(_moved(detail.box, frame), stroke=colour, width=width)
    for detail in found:
        detail.draw_lead(ink, frame)
    for detail in found:
        detail.draw_label(ink, frame)


def _nearest(box: Box, x: float, y: float) -> tuple[float, float]:
    return min(max(x, box.x0), box.x1), min(max(y, box.y0), box.y1)


def _moved(box: Box, frame: Box) -> Box:
    return Box(box.x0 + frame.x0, box.y0 + frame.y0, box.x1 + frame.x0, box.y1 + frame.y0)


def detail_frames(book: Book, sheet: Sheet) -> tuple[DetailFrame, ...]:
    """Frames of all details that a sheet refers to."""
    return _Frames(book, sheet).found


@dataclass(frozen=True)
class _Frames:
    book: Book
    sheet: Sheet

    @cached_property
    def _map(self) -> Box:
        return Box(0, 0, *self.book.map_size(self.sheet))

    @cached_property
    def found(self) -> tuple[DetailFrame, ...]:
        """Its own details first: those of neighbours leave out their words rather than collide."""
        boxes = [(framed, self._on_map(framed.core)) for framed in self.sheet.framed]
        seen = [(framed, box) for framed, box in boxes if min(box.width, box.height) >= _SMALLEST]
        seen.sort(key=lambda one: not self._is_own(one[0]))
        taken = [*tab_boxes(self.book.frames, self.sheet, self.book.style).values()]
        found: list[DetailFrame] = []
        for framed, box in seen:
            others = [other for _, other in seen if other is not box]
            own = self._is_own(framed)
            label, texts = self._label(framed, box, [*taken, *others], own=own)
            if label is not None:
                taken.append(label)
            found.append(DetailFrame(self.book, framed, own, box, label, texts))
        return tuple(found)

    def _is_own(self, framed: Framed) -> bool:
        return framed.core.overlaps(self.sheet.core)

    def _on_map(self, core: Box) -> Box:
        bounds, whole = self.sheet.bounds, self._map
        x, y = whole.width / bounds.width, whole.height / bounds.height
        return Box(
            max((core.x0 - bounds.x0) * x, whole.x0),
            max((core.y0 - bounds.y0) * y, whole.y0),
            min((core.x1 - bounds.x0) * x, whole.x1),
            min((core.y1 - bounds.y0) * y, whole.y1),
        )

    def _label(
        self, framed: Framed, box: Box, taken: Sequence[Box], *, own: bool
    ) -> tuple[Box | None, tuple[tuple[str, float, bool], ...]]:
        """Where the words stand and which: all of them inside, or only the number beside."""
        book, words = self.book, self.book.words
        kind = book.style.type
        where = inset_place(book, framed.label) if own else ""
        name = f"→ {framed.label} {where}".rstrip()
        arrow = (name, kind.neighbour, True)
        small = (name, max(kind.grid, kind.minimum), True)
        told = f"{words('detail_on', sheet=framed.label)} · {words('count', n=framed.points)}"
        second = words.second("detail_on", sheet=framed.label)
        lines = [(text, kind.minimum + 1, False) for text in (told, second) if text]
        for texts in ((arrow, *lines), (arrow,), (small,)):
            wide, high = self._size(texts)
            x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
            middle = _round(x, y, wide, high)
            if _holds(box.grown(-_PAD), middle) and not any(map(middle.overlaps, taken)):
                return middle, texts
        wide, high = self._size((small,))
        places = [
            (self._covered(place) + ring, place)
            for ring in range(_RINGS if own else 1)
            for place in _at(box, wide, high, ring)
        ]
        inside = [each for each in places if _holds(self._map.grown(-_INSET), each[1])]
        clear = [each for each in inside if not any(map(each[1].overlaps, taken))]
        if not clear and not own:
            return None, ()
        return min(clear or inside or places, key=lambda each: each[0])[1], (small,)

    def _covered(self, label: Box) -> int:
        """How many places of points a label would cover."""
        return int(((self._points >= label[:2]) & (self._points <= label[2:])).all(axis=1).sum())

    @cached_property
    def _points(self) -> NDArray[np.float64]:
        """Places of the sheet's points, mm on its map."""
        xy = np.array([self.book.plan.xy[point] for point in self.sheet.shown]).reshape(-1, 2)
        bounds = self.sheet.bounds
        mm: NDArray[np.float64] = (xy - bounds[:2]) * (self._map.width / bounds.width)
        return mm

    def _size(self, texts: Sequence[tuple[str, float, bool]]) -> tuple[float, float]:
        metrics = self.book.metrics
        wide = max(metrics.width(text, size, bold=bold) for text, size, bold in texts)
        high = sum(size for _, size, _ in texts) * MM_PER_PT * _LEADING
        return wide + 2 * _PAD, high + 2 * _PAD


def _round(x: float, y: float, wide: float, high: float) -> Box:
    return Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2)


def _at(box: Box, wide: float, high: float, ring: int) -> Iterator[Box]:
    """Places for a label beside a frame, on one of the rings round it."""
    away = _GAP + ring * (high + _GAP)
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    up, down = box.y1 + away + high / 2, box.y0 - away - high / 2
    right, left = box.x1 + away + wide / 2, box.x0 - away - wide / 2
    for at in ((x, up), (x, down), (right, y), (left, y)):
        yield _round(*at, wide, high)
    if ring:
        for at in ((right, up), (right, down), (left, up), (left, down)):
            yield _round(*at, wide, high)


def _holds(box: Box, inner: Box) -> bool:
    return box.contains(inner.x0, inner.y0) and box.contains(inner.x1, inner.y1)
