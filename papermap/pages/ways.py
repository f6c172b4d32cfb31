"""Lines and areas that came with the points, as rows of a sheet's list: what they look like here.

They stand before all categories, each with its pattern and its own time: a closed road matters
before any place is looked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

import shapely

from papermap.grid import Sheet, bounds_wgs84
from papermap.model import Category, Kind, MapFeature
from papermap.pages.kit import Ink, drop
from papermap.pages.model import Book
from papermap.pages.overview_swatch import draw_pattern, pattern_of
from papermap.pages.rows import Pitch, Tabs
from papermap.pages.text import wrap
from papermap.units import Box

_SAMPLE: Final = 0.66  # height of a sample, of a row's


@dataclass(frozen=True, slots=True)
class Way:
    """One row: a line or area, or all of one category."""

    category: str
    kind: Kind
    name: tuple[str, ...]
    what: tuple[str, ...]
    when: str
    lines: int
    under: bool = False  # what it is stands under the name, over all the width


def heading_of(book: Book, key: str) -> Category:
    """A heading of words alone, as a category without a sign."""
    words = book.words
    names = {language: words.in_(language, key) for language in words.languages}
    return Category("", names, Kind.LINE, shape="", sign="")


def make_ways(book: Book, sheet: Sheet, tabs: Tabs, most: float) -> tuple[Way, ...]:
    """Rows for the lines and areas that meet the map of ``sheet``.

    Where they would take more than ``most`` mm, there is one row for each category.
    """
    here = _on_sheet(book, sheet)
    told: dict[tuple[str, str, str], list[MapFeature]] = {}
    for feature in here:
        name = feature.names.get(book.language) or feature.name
        own = "" if name in book.data.categories[feature.category].names.values() else name
        told.setdefault((feature.category, own, feature.note), []).append(feature)
    ways = tuple(_make_way(book, tabs, key, features) for key, features in told.items())
    pitch = Pitch.of(book.style)
    if sum(pitch.height(way.lines) for way in ways) <= most:
        return ways
    kinds: dict[str, list[MapFeature]] = {}
    for feature in here:
        kinds.setdefault(feature.category, []).append(feature)
    return tuple(_make_way(book, tabs, (key, "", ""), found) for key, found in kinds.items())


def _on_sheet(book: Book, sheet: Sheet) -> list[MapFeature]:
    west, south, east, north = bounds_wgs84(book.plan.crs, sheet.bounds)
    if west <= east:
        window = shapely.box(west, south, east, north)
    else:  # across the antimeridian
        window = shapely.union_all(
            [shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)]
        )
    features = book.data.drawn
    known = book.data.categories
    found = [feature for feature in features if shapely.intersects(feature.geometry, window)]
    return sorted(found, key=lambda feature: (known[feature.category].order, feature.category))


def _make_way(book: Book, tabs: Tabs, key: tuple[str, str, str], features: list[MapFeature]) -> Way:
    category, own, note = key
    size, metrics = book.style.type.row, book.metrics
    kind = book.data.categories[category].name(book.language)
    times = [feature.updated_at for feature in features if feature.updated_at is not None]
    when = _when(book, max(times, default=None))
    joint = "・" if book.language == "ja" else "; "
    told = joint.join(part for part in (kind if own else "", note) if part)
    room_when = metrics.width(when, size) + tabs.gap
    room = tabs.width - tabs.hours - room_when
    name = wrap(own or kind, tabs.name_width, size, metrics, bold=True)
    what = wrap(told, room, size, metrics)
    lines = max(1, len(name), len(what))
    wide = tabs.width - tabs.name
    long_name = wrap(own or kind, wide - room_when, size, metrics, bold=True)
    below = wrap(told, wide, size, metrics)
    if len(long_name) + len(below) < lines:
        lines = len(long_name) + len(below)
        return Way(category, features[0].kind, long_name, below, when, lines, under=True)
    return Way(category, features[0].kind, name, what, when, lines)


def _when(book: Book, moment: datetime | None) -> str:
    return "" if moment is None else book.words.when(moment, short=True)


def draw_way(
    ink: Ink, book: Book, way: Way, tabs: Tabs, corner: tuple[float, float], *, pitch: Pitch
) -> None:
    """Draw one row from its upper left ``corner``: sample, name, kind and note, time."""
    size, heavy = book.style.type.row, "name" in book.style.type.bold
    x, top = corner
    middle = top - pitch.row / 2
    half = pitch.row * _SAMPLE / 2
    sample = Box(x + 0.3, middle - half, x + tabs.number, middle + half)
    draw_pattern(ink, pattern_of(book.style, way.category, way.kind), way.kind, sample)
    baseline = middle - drop(size)
    told = (tabs.name, len(way.name)) if way.under else (tabs.hours, 0)
    for (left, first), lines, bold in (((tabs.name, 0), way.name, heavy), (told, way.what, False)):
        for i, line in enumerate(lines, start=first):
            ink.text(x + left, baseline - i * pitch.line, line, size, bold=bold)
    ink.text(x + tabs.width, baseline, way.when, size, align="right")
