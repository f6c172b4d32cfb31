"""Points that several features tell of become one, and everything that was done is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from papermap.checks.aggregate import aggregated
from papermap.checks.tally import tallied
from papermap.merge.addressed import join_addressed
from papermap.merge.alike import Groups, Link, doubtful, join_entries, join_sources
from papermap.merge.decisions import Decided, Decisions, decide
from papermap.merge.drawn import drawn_once
from papermap.merge.items import items_of
from papermap.merge.near import metres
from papermap.merge.told import (
    Found,
    different_things,
    disagreements,
    doubtful_problems,
    joined_problems,
    kept_problems,
    stale_problems,
)
from papermap.merge.values import Telling, united
from papermap.model import Checked, Join, Problem, SupportPoint, Teller, Unplaced, Why

NO_DECISIONS = Decisions()


def join(
    checked: Checked, *, decisions: Decisions = NO_DECISIONS, keep_all: bool = False
) -> Checked:
    """The set in which each place stands once, whoever told of it.

    Which are one, and why: :mod:`papermap.merge.alike`, :mod:`papermap.merge.addressed`, and
    :mod:`papermap.merge.drawn` for lines and areas; which of their values is printed:
    :mod:`papermap.merge.values`. What a person decided wins over both. Every join of places is a
    problem or a notice and stands in ``joins``. The features of each source stay counted as its
    own.

    Parameters
    ----------
    checked
        Sources put together by :func:`papermap.merge.combine`, in its order.
    decisions
        What a person decided.
    keep_all
        Join nothing, and only tell what would be joined.

    Raises
    ------
    UsageError
        When two decisions contradict one another.
    """
    checked = drawn_once(checked, keep_all=keep_all)
    tellings: list[Telling] = [*checked.points, *checked.unplaced]
    decided = decide(decisions, tellings)
    places = [(point.lon, point.lat) for point in checked.points]
    groups = Groups(items_of(tellings), places, decided.apart)
    doubts = _find(groups, decided)
    found = Found(tellings, groups, doubts, decided.stale, decisions.path)
    others = [*doubtful_problems(found), *different_things(found, checked.categories)]
    if keep_all:
        problems = [*kept_problems(found), *others]
        return replace(checked, problems=(*checked.problems, *aggregated(problems)))
    joined = {group[0]: united([tellings[i] for i in group]) for group in groups.joined()}
    problems = [
        *joined_problems(found),
        *(told for place in joined.values() for told in disagreements(place)),
        *others,
        *stale_problems(found),
    ]
    return _joined(checked, found, joined, aggregated(problems))


def _find(groups: Groups, decided: Decided) -> list[tuple[int, int]]:
    """Make the groups; pairs that may be one but were not joined, each point once."""
    join_entries(groups)
    across = join_sources(groups)
    join_addressed(groups)
    for group in decided.together:
        for index in group[1:]:
            groups.join(group[0], index, Link(Why.DECIDED, 0.0))
    told: dict[int, int] = {}  # the later of each pair → the first
    for one, two in (*across, *doubtful(groups)):
        first, later = sorted((one, two))
        if groups.first(one) != groups.first(two):
            told.setdefault(later, first)
    return sorted(told.items())


def _joined(
    checked: Checked,
    found: Found,
    joined: Mapping[int, Telling],
    problems: tuple[Problem, ...],
) -> Checked:
    """The set with these places in the stead of the first of each group."""
    groups = found.groups.joined()
    gone = {index for group in groups for index in group[1:]}
    kept = [
        joined.get(index, telling)
        for index, telling in enumerate(found.tellings)
        if index not in gone
    ]
    points = tuple(place for place in kept if isinstance(place, SupportPoint))
    unplaced = tuple(place for place in kept if isinstance(place, Unplaced))
    marked = {(o.source, o.feature) for p in points for o in p.origins}
    told = (*(_now_placed(problem, marked) for problem in checked.problems), *problems)
    return replace(
        checked,
        points=points,
        unplaced=unplaced,
        problems=told,
        joins=tuple(_join(joined[group[0]], group, found) for group in groups),
        sources=tuple(
            replace(
                tallied(report, points, checked.lines, checked.areas, unplaced),
                newest=report.newest,
            )
            for report in checked.sources
        ),
    )


def _now_placed(problem: Problem, marked: set[tuple[str, int]]) -> Problem:
    """A feature that lacks a position has a mark where another one told where it is."""
    if not problem.unplaced or (problem.source, problem.feature) not in marked:
        return problem
    return replace(problem, unplaced=False)


def _join(place: Telling, group: Sequence[int], found: Found) -> Join:
    return Join(
        id=place.id,
        name=place.name,
        category=place.category,
        origin=place.origin,
        tellers=tuple(_tellers(place, group, found)),
    )


def _tellers(place: Telling, group: Sequence[int], found: Found) -> Iterator[Teller]:
    tellings, links = found.tellings, found.groups.links
    for index in group:
        telling = tellings[index]
        link = links.get(index, links[group[1]])  # the first was joined as the second was
        yield Teller(
            id=telling.id,
            name=telling.name,
            origin=telling.origin,
            why=link.why,
            distance=_apart(place, telling),
            likeness=round(link.likeness, 2),
        )


def _apart(one: Telling, two: Telling) -> float | None:
    """Distance in m of two tellings, None where one of them has no position."""
    if isinstance(one, SupportPoint) and isinstance(two, SupportPoint):
        return round(metres((one.lon, one.lat), (two.lon, two.lat)), 1)
    return None
