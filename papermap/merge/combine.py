"""Several checked sources → one set, and the same set cut to an area."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

import shapely
from shapely.geometry.base import BaseGeometry

from papermap.checks.codes import problem
from papermap.checks.danger import not_for
from papermap.checks.geometry import told_place
from papermap.checks.identity import Ids, content_id
from papermap.checks.tally import tallied
from papermap.checks.text import shortened
from papermap.merge.far import Far, Why, find_far
from papermap.model import Checked, MapFeature, Problem, SupportPoint, Unplaced

Thing = SupportPoint | MapFeature
T = TypeVar("T", SupportPoint, MapFeature, Unplaced)


def combine(parts: Sequence[Checked], *, area: BaseGeometry | None = None) -> Checked:
    """One set of everything, sorted by the names of the sources: whatever order they come in.

    Places far from all others (see :mod:`papermap.merge.far`) are left off and told, unless they
    lie inside ``area`` (WGS 84), which says that somebody means them. A source whose content
    another has too is left out and told.
    """
    return _without_far(_united(sorted(parts, key=_names)), area)


def keep_inside(checked: Checked, area: BaseGeometry) -> Checked:
    """What lies inside the area (WGS 84), or touches it; the rest is left off and told.

    What has no position stays: it may lie inside.
    """
    shapely.prepare(area)
    points = checked.points
    inside = shapely.intersects_xy(area, [p.lon for p in points], [p.lat for p in points])
    outside: list[Thing] = [p for p, kept in zip(points, inside, strict=True) if not kept]
    drawn = (*checked.lines, *checked.areas)
    outside += [thing for thing in drawn if not area.intersects(thing.geometry)]
    return _dropped(checked, [_Drop(thing, "PM028", _told(thing)) for thing in outside])


def keep_designated(checked: Checked, hazard: str, told: str) -> Checked:
    """The set without refuges that are designated for other hazards only; each is told.

    ``hazard`` is a key of ``HAZARDS``, ``told`` its name. A refuge of which nobody says for what
    it is designated stays.
    """
    others = [point for point in checked.points if not_for(point, hazard)]
    return _dropped(checked, [_Drop(point, "PM135", told) for point in others])


@dataclass(frozen=True, slots=True)
class _Drop:
    """One thing that leaves the set, and the problem that tells it."""

    thing: Thing
    code: str
    value: str
    suggestion: str = ""
    distance: str = ""


def _united(parts: Sequence[Checked]) -> Checked:
    known: dict[str, str] = {}
    ids = Ids()
    problems: list[Problem] = []
    kept: list[Checked] = []
    for part in parts:
        again = [report for report in part.sources if report.sha256 in known]
        if again and len(again) == len(part.sources):
            problems += [
                problem("PM007", report.path, params={"other": known[report.sha256]})
                for report in again
            ]
            continue
        for report in part.sources:
            known[report.sha256] = report.path
        problems.extend(part.problems)
        kept.append(_unique(part, ids))
    return Checked(
        points=tuple(point for part in kept for point in part.points),
        lines=tuple(line for part in kept for line in part.lines),
        areas=tuple(area for part in kept for area in part.areas),
        unplaced=tuple(place for part in kept for place in part.unplaced),
        problems=tuple(problems),
        sources=tuple(report for part in kept for report in part.sources),
        categories={key: value for part in kept for key, value in part.categories.items()},
    )


def _names(part: Checked) -> list[tuple[str, str]]:
    return [(report.path, report.sha256) for report in part.sources]


def _unique(part: Checked, ids: Ids) -> Checked:
    """The part with ids that no earlier source has used."""
    return replace(
        part,
        points=tuple(_renamed(point, ids) for point in part.points),
        lines=tuple(_renamed(line, ids) for line in part.lines),
        areas=tuple(_renamed(area, ids) for area in part.areas),
        unplaced=tuple(_renamed(place, ids) for place in part.unplaced),
    )


def _renamed(thing: T, ids: Ids) -> T:
    at = (0.0, 0.0) if isinstance(thing, Unplaced) else _place(thing)
    identity = ids.give(thing.id, content_id(thing.category, thing.name, *at))
    return thing if identity == thing.id else replace(thing, id=identity)


def _without_far(checked: Checked, area: BaseGeometry | None) -> Checked:
    things: list[Thing] = [*checked.points, *checked.lines, *checked.areas]
    places = [_place(thing) for thing in things]
    found = find_far(places)
    if area is not None:
        found = {
            index: far
            for index, far in found.items()
            if not area.intersects(shapely.Point(places[index]))
        }
    moved = {
        index: far
        for index, far in found.items()
        if far.why is Why.SWAPPED and isinstance(things[index], SupportPoint)
    }
    drops = [_far(things[index], far) for index, far in found.items() if index not in moved]
    return _dropped(_moved(checked, moved), drops)


def _far(thing: Thing, far: Far) -> _Drop:
    suggestion = told_place(*far.suggestion) if far.suggestion else ""
    codes = {Why.UNKNOWN: "PM024", Why.DEGREES: "PM025"}
    code = codes.get(far.why, "PM046")
    return _Drop(thing, code, _told(thing), suggestion, f"{far.distance / 1000:.0f}")


def _moved(checked: Checked, moved: dict[int, Far]) -> Checked:
    """Points whose latitude and longitude stood in each other's place, at the right one."""
    if not moved:
        return checked
    points = list(checked.points)
    problems = list(checked.problems)
    for index, far in sorted(moved.items()):
        point = points[index]
        if far.suggestion is None:
            continue
        lon, lat = far.suggestion
        points[index] = replace(point, lon=lon, lat=lat)
        problems.append(
            _problem(point, "PM021", _told(point), {"suggestion": told_place(lon, lat)})
        )
    return replace(checked, points=tuple(points), problems=tuple(problems))


def _dropped(checked: Checked, drops: Sequence[_Drop]) -> Checked:
    """The set without some things; a feature with nothing left is counted and told as skipped."""
    if not drops:
        return checked
    gone = {drop.thing.id for drop in drops}
    points = tuple(thing for thing in checked.points if thing.id not in gone)
    lines = tuple(thing for thing in checked.lines if thing.id not in gone)
    areas = tuple(thing for thing in checked.areas if thing.id not in gone)
    things = _all(points, lines, areas)
    left = {(origin.source, origin.feature) for thing in things for origin in thing.origins}
    problems = []
    for drop in drops:
        for origin in drop.thing.origins:  # what was joined leaves together
            params = {"suggestion": drop.suggestion, "distance": drop.distance}
            if origin.part:
                params["part"] = str(origin.part)
            skipped = (origin.source, origin.feature) not in left
            thing = replace(drop.thing, origin=origin)
            problems.append(_problem(thing, drop.code, drop.value, params, skipped=skipped))
    used = {thing.category for thing in (*_all(points, lines, areas), *checked.unplaced)}
    return replace(
        checked,
        points=points,
        lines=lines,
        areas=areas,
        problems=checked.problems + tuple(problems),
        categories={key: value for key, value in checked.categories.items() if key in used},
        joins=tuple(join for join in checked.joins if join.id not in gone),
        sources=tuple(
            tallied(report, points, lines, areas, checked.unplaced) for report in checked.sources
        ),
    )


def _problem(
    thing: Thing, code: str, value: str, params: dict[str, str], *, skipped: bool = False
) -> Problem:
    return problem(
        code,
        thing.origin.source,
        feature=thing.origin.feature,
        name=shortened(thing.name),
        field="geometry",
        value=value,
        params={key: text for key, text in params.items() if text},
        skipped=skipped,
        row=thing.origin.row,
        at=_place(thing),
    )


def _all(*things: Iterable[Thing]) -> Iterable[Thing]:
    for each in things:
        yield from each


def _place(thing: Thing) -> tuple[float, float]:
    if isinstance(thing, SupportPoint):
        return thing.lon, thing.lat
    place = thing.geometry.representative_point()
    return place.x, place.y


def _told(thing: Thing) -> str:
    return told_place(*_place(thing))
