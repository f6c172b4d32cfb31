"""Shelters that lie where nobody should go: inside a flooded or sliding area."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import shapely
from shapely.geometry.base import BaseGeometry

from papermap.checks.codes import problem
from papermap.checks.text import shortened
from papermap.model import (
    Category,
    Checked,
    Kind,
    MapFeature,
    Problem,
    Status,
    SupportPoint,
    kin,
)

REFUGES: Final = frozenset({"shelter", "evacuation"})
# areas told beforehand: who designated a refuge for that hazard has thought of them
EXPECTED: Final = frozenset({"landslide", "tsunami"})
DANGERS: Final = frozenset({"flooded", "landslide", "tsunami"})


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


def not_for(point: SupportPoint, hazard: str) -> bool:
    """Whether a refuge is designated for other hazards, and not for this one."""
    return point.category in REFUGES and bool(point.hazards) and hazard not in point.hazards


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
    """A problem for each refuge inside a dangerous area, of the sources or of an overlay."""
    return tuple(
        in_danger(
            checked.points[index],
            _title(area.name, checked.categories[area.category]),
            area.origin.source,
        )
        for index, area in endangered(checked)
    )


def endangered(checked: Checked) -> Iterator[tuple[int, MapFeature]]:
    """Index of each refuge inside a dangerous area, with that area; overlays count."""
    drawn = (each for each in checked.drawn if each.kind is Kind.AREA)
    areas = [each for each in drawn if kin(each.category) in DANGERS]
    found: dict[int, MapFeature] = {}
    for kind in dict.fromkeys(area.category for area in areas):
        mine = [area for area in areas if area.category == kind]
        parts = [(part, area) for area in mine for part in shapely.get_parts(area.geometry)]
        for index, number in refuges_within(checked.points, [part for part, _ in parts]):
            if kin(kind) not in EXPECTED or kin(kind) not in checked.points[index].hazards:
                found.setdefault(index, parts[number][1])
    yield from sorted(found.items(), key=lambda item: item[0])


def _title(name: str, category: Category) -> str:
    return category.title if name in ("", category.name("ja")) else f"{category.title} {name}"
