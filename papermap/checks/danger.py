"""Shelters that lie where nobody should go: inside a flooded or sliding area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from papermap.checks.codes import problem
from papermap.checks.text import shortened
from papermap.model import Category, Checked, Problem, Status, SupportPoint, kin

REFUGES: Final = frozenset({"shelter", "evacuation"})
DANGERS: Final = frozenset({"flooded", "landslide"})


def refuges_within(
    points: Sequence[SupportPoint], areas: Sequence[BaseGeometry]
) -> Iterator[tuple[int, int]]:
    """Index of each refuge inside or at the edge of an area, with that of the first such area.

    Refuges are shelters and evacuation sites that are not closed. The areas (WGS 84) may come with
    the points or from an overlay; they are looked up in a tree.
    """
    asked = [
        index
        for index, point in enumerate(points)
        if kin(point.category) in REFUGES and point.status is not Status.CLOSED
    ]
    if not asked or not areas:
        return
    places = shapely.points([(points[index].lon, points[index].lat) for index in asked])
    found: dict[int, int] = {}
    pairs = shapely.STRtree(list(areas)).query(places, predicate="intersects")
    for place, area in zip(*pairs.tolist(), strict=True):
        found[place] = min(area, found.get(place, area))
    yield from ((asked[place], found[place]) for place in sorted(found))


def in_danger(point: SupportPoint, name: str, source: str) -> Problem:
    """The problem of a refuge inside a dangerous area of this name, told by this source."""
    return problem(
        "PM089",
        point.origin.source,
        feature=point.origin.feature,
        name=shortened(point.name),
        field="geometry",
        value=shortened(name),
        params={"other_source": source},
        row=point.origin.row,
        at=(point.lon, point.lat),
    )


def refuges_in_danger(checked: Checked) -> tuple[Problem, ...]:
    """A problem for each refuge inside a dangerous area that came with the sources."""
    areas = [area for area in checked.areas if kin(area.category) in DANGERS]
    return tuple(
        in_danger(
            checked.points[index],
            _title(areas[number].name, checked.categories[areas[number].category]),
            areas[number].origin.source,
        )
        for index, number in refuges_within(checked.points, [area.geometry for area in areas])
    )


def _title(name: str, category: Category) -> str:
    title = category.name("ja")
    return title if name in ("", title) else f"{title} {name}"
