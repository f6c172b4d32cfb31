"""Labels of the kilometre grid inside the map frame, where neither marks nor tabs need the room.

Boxes are mm from the map's lower left; marks and names avoid them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from papermap.grid import Sheet, km_lines, label_parts
from papermap.pages.detailframes import detail_frames
from papermap.pages.kit import Ink
from papermap.pages.mapframe import tab_boxes
from papermap.pages.model import Book
from papermap.style import Style
from papermap.units import MM_PER_PT, Box

_SHORT: Final = 40.0  # mm between grid lines under which only the first is labelled in full
_BESIDE: Final = 0.9  # mm from an upright line to its label
_EDGE: Final = 0.8  # mm from the frame
_STEP: Final = 12.0  # mm along a line to the next place for its label
_CLEAR: Final = 1.5  # mm from tabs, words of details and other labels
_PLACE: Final = 5.0  # mm from the true places of points, whose marks want to stand there

Parts = tuple[tuple[str, str], ...]  # (text, "up" | "large" | "down")


@dataclass(frozen=True, slots=True)
class KmLabel:
    """One label of the kilometre grid: small figures, large ones, small ones, unit."""

    parts: Parts
    x: float  # start, mm in the map frame
    y: float  # baseline of the large figures
    box: Box


def km_labels(book: Book, sheet: Sheet) -> tuple[KmLabel, ...]:
    """Labels of the grid lines: eastings at the top, northings on the left, if there is room.

    Else at the other end of the line or along it, where fewest points are near. A line whose
    label would stand on something in all places has none. Insets have none: their page has them.
    """
    if sheet.inset:
        return ()
    lines = km_lines(sheet.bounds)
    frame, bounds = book.frames.map, sheet.bounds
    per_metre = frame.width / bounds.width
    size = Box(0, 0, frame.width, frame.height)
    height = _km_size(book.style) * MM_PER_PT
    room = _Room(book, sheet, per_metre)
    labels: list[KmLabel] = []
    for axis, values, start, along in (
        ("E", lines.eastings, bounds.x0, _upright),
        ("N", lines.northings, bounds.y0, _level),
    ):
        for i, value in enumerate(values):
            parts = _km_parts(value, axis, full=i == 0 or lines.step * per_metre >= _SHORT)
            wide = _km_width(book, parts)
            at = along((value - start) * per_metre, size, wide, height)
            label = room.best([_label(parts, x, y, wide, height) for x, y in at])
            if label is not None:
                labels.append(label)
    return tuple(labels)


class _Room:
    """What stands in the map frame before any kilometre label, and where points are."""

    def __init__(self, book: Book, sheet: Sheet, per_metre: float) -> None:
        details = detail_frames(book, sheet)
        tabs = tab_boxes(book.frames, sheet, book.style).values()
        self._taken = [*tabs, *(each.label for each in details if each.label is not None)]
        self._frames = [each.box for each in details if each.own]
        places = np.array([book.plan.xy[point] for point in sheet.shown]).reshape(-1, 2)
        self._places = (places - np.array(sheet.bounds[:2])) * per_metre
        self._map = Box(0, 0, book.frames.map.width, book.frames.map.height)

    def best(self, labels: Sequence[KmLabel]) -> KmLabel | None:
        """The first of the labels with the fewest points near; None if all stand on something."""
        free = [label for label in labels if self._free(label.box)]
        if not free:
            return None
        best = min(free, key=lambda label: self._points(label.box))
        self._taken.append(best.box)
        return best

    def _free(self, box: Box) -> bool:
        inside = self._map.contains(box.x0, box.y0) and self._map.contains(box.x1, box.y1)
        return (
            inside
            and not any(map(box.grown(_CLEAR).overlaps, self._taken))
            and not any(_across(box.grown(_CLEAR), frame) for frame in self._frames)
        )

    def _points(self, box: Box) -> int:
        near = box.grown(_PLACE)
        low, high = np.array(near[:2]), np.array(near[2:])
        return int(((self._places > low) & (self._places < high)).all(axis=1).sum())


def _across(box: Box, frame: Box) -> bool:
    """Whether a box lies on a frame's line."""
    inside = frame.contains(box.x0, box.y0) and frame.contains(box.x1, box.y1)
    return box.overlaps(frame) and not inside


def _upright(x: float, size: Box, wide: float, height: float) -> Iterator[tuple[float, float]]:
    """Where the label of an upright line may start: at its top, its foot, then down along it."""
    top, foot = size.height - 1.15 * height, _EDGE + 0.2 * height
    steps = np.arange(top - _STEP, foot, -_STEP).tolist()
    for y in (top, foot, *steps):
        yield x + _BESIDE, y
        yield x - _BESIDE - wide, y


def _level(y: float, size: Box, wide: float, height: float) -> Iterator[tuple[float, float]]:
    """Where the label of a level line may start: on the left, the right, then along it."""
    last = size.width - wide - _EDGE
    for x in (_EDGE, last, *np.arange(_EDGE + _STEP, last, _STEP).tolist()):
        yield x, y + 0.28 * height


def _label(parts: Parts, x: float, y: float, wide: float, height: float) -> KmLabel:
    box = Box(x - 0.2, y - 0.2 * height, x + wide + 0.2, y + 0.98 * height)
    return KmLabel(parts, x, y, box)


def _km_size(style: Style) -> float:
    return style.type.minimum + 2.5


def _km_parts(value: float, axis: str, *, full: bool) -> Parts:
    high, middle, low = label_parts(value)
    if not full:
        return ((middle, "large"),)
    return ((high, "up"), (middle, "large"), (low, "up"), (f"m{axis}", "down"))


def _km_width(book: Book, parts: Parts) -> float:
    small, large = book.style.type.minimum, _km_size(book.style)
    return sum(
        book.metrics.width(text, large if kind == "large" else small, kind == "large") + 0.15
        for text, kind in parts
    )


def draw_km_labels(ink: Ink, book: Book, sheet: Sheet) -> None:
    """Write the labels with a halo, each figure once."""
    frame, small, large = book.frames.map, book.style.type.minimum, _km_size(book.style)
    colour = book.style.grid.colour
    rise = {"up": 0.26 * large * MM_PER_PT, "large": 0.0, "down": -0.08 * large * MM_PER_PT}
    for label in km_labels(book, sheet):
        x = frame.x0 + label.x
        for text, kind in label.parts:
            size = large if kind == "large" else small
            x += 0.15 + ink.text(
                x,
                frame.y0 + label.y + rise[kind],
                text,
                size,
                bold=kind == "large",
                colour=colour,
                halo=0.45,
            )
