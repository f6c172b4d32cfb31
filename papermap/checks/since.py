"""Only what was told lately: problems of features that are older are left away."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import datetime

from papermap.checks.aggregate import narrowed
from papermap.model import Checked, MapFeature, Place


def told_since(checked: Checked, since: datetime) -> tuple[Checked, int]:
    """The set with the problems of features told since; how many older features there are.

    Everything else stays, since what is new may repeat what is old. A feature of which nobody says
    when it was told counts as new, and so does what is wrong with a whole source. A joined place
    is as new as what is printed of it.
    """
    old: set[tuple[str, int]] = set()
    new: set[tuple[str, int]] = set()
    places: tuple[Place, ...] = (*checked.points, *checked.unplaced)
    things: tuple[Place | MapFeature, ...] = (*places, *checked.lines, *checked.areas)
    for thing in things:
        moment = thing.updated_at
        told = {(origin.source, origin.feature) for origin in thing.origins}
        (old if moment is not None and moment < since else new).update(told)
    old -= new  # a part that is new makes its feature new
    by_source: defaultdict[str, set[int]] = defaultdict(set)
    for source, feature in old:
        by_source[source].add(feature)
    found = (narrowed(problem, by_source[problem.source]) for problem in checked.problems)
    problems = tuple(problem for problem in found if problem is not None)
    return replace(checked, problems=problems), len(old)
