"""One line instead of thousands: the same warning on many features of a source is told once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import Final

from papermap.model import Problem

FEW: Final = 5  # so many are told one by one
_RANGES: Final = 30
# warnings that say something about a source's habit; all others are told feature by feature
_HABITS: Final = frozenset(
    {
        "PM009",
        "PM020",
        "PM027",
        "PM030",
        "PM031",
        "PM032",
        "PM033",
        "PM034",
        "PM035",
        "PM036",
        "PM038",
        "PM039",
        "PM041",
        "PM042",
        "PM043",
        "PM044",
        "PM045",
        "PM048",
        "PM065",
        "PM066",
        "PM067",
        "PM081",
        "PM082",
        "PM083",
        "PM087",
        "PM088",
    }
)
_BY_VALUE: Final = frozenset({"PM033", "PM036", "PM042"})
_SINGLE: Final = ("other", "other_name", "part", "used", "length")  # params of one feature
_AT_ONCE: Final = frozenset({"PM009", "PM032", "PM033", "PM042"})  # told once however few


def aggregated(problems: Sequence[Problem]) -> tuple[Problem, ...]:
    """Problems in their order; habits of the source become one, with ``count`` and ``features``."""
    groups: dict[tuple[str, ...], list[Problem]] = {}
    for problem in problems:
        if _is_habit(problem):
            groups.setdefault(_key(problem), []).append(problem)
    done: set[tuple[str, ...]] = set()
    kept: list[Problem] = []
    for problem in problems:
        key = _key(problem)
        group = groups.get(key) if _is_habit(problem) else None
        if group is None or len(group) <= (1 if problem.code in _AT_ONCE else FEW):
            kept.append(problem)
        elif key not in done:
            done.add(key)
            kept.append(_one(group))
    return tuple(kept)


def _is_habit(problem: Problem) -> bool:
    return problem.code in _HABITS and problem.feature is not None and not problem.skipped


def _key(problem: Problem) -> tuple[str, ...]:
    value = problem.value or "" if problem.code in _BY_VALUE else ""
    other = (problem.params.get(key, "") for key in ("other_source", "other_category"))
    return (problem.code, problem.source, problem.field or "", value, *other)


def _one(group: Sequence[Problem]) -> Problem:
    first = group[0]
    numbers = {problem.feature for problem in group if problem.feature is not None}
    same = len({problem.value for problem in group}) == 1
    return replace(
        first,
        feature=None,
        row=0,
        layer="",
        at=None,
        name=None,
        value=first.value if same else None,
        params={key: value for key, value in first.params.items() if key not in _SINGLE}
        | _counted(numbers),
        features=tuple(sorted(numbers)),
    )


def _counted(numbers: Collection[int]) -> dict[str, str]:
    return {"count": str(len(numbers)), "features": ranges(numbers)}


def narrowed(problem: Problem, without: Collection[int]) -> Problem | None:
    """The problem without these features of its source; None where none is left."""
    if problem.feature is not None:
        return None if problem.feature in without else problem
    if not problem.features:
        return problem  # of the whole source
    left = tuple(feature for feature in problem.features if feature not in without)
    if not left:
        return None
    return replace(problem, params={**problem.params, **_counted(left)}, features=left)


def ranges(numbers: Iterable[int]) -> str:
    """``1-5, 7, 9-12``; after thirty ranges an ellipsis."""
    spans: list[tuple[int, int]] = []
    for number in sorted(set(numbers)):
        if spans and number == spans[-1][1] + 1:
            spans[-1] = (spans[-1][0], number)
        else:
            spans.append((number, number))
    shown = [f"{a}-{b}" if b > a else str(a) for a, b in spans[:_RANGES]]
    return ", ".join(shown) + (" …" if len(spans) > _RANGES else "")
