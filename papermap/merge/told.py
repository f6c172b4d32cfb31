"""What a merge tells: what was joined, what was not and might be, and where sources disagree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from papermap.checks.codes import problem
from papermap.checks.geometry import told_place
from papermap.checks.text import shortened
from papermap.merge.alike import Groups
from papermap.merge.decisions import Stale
from papermap.merge.near import Cells, metres
from papermap.merge.values import Telling
from papermap.model import Category, Problem, SupportPoint, Why

_ONE_PLACE: Final = 50.0  # m: what bears one name there is one place
# fields that differ by nature between lists of one place
_QUIET: Final = frozenset(
    {"position", "name", "address", "reading", "url", "status", "confirmed", "updated_at"}
)


@dataclass(frozen=True, slots=True)
class Found:
    """What was found among the tellings; ``doubts`` are pairs that may be one, the later first."""

    tellings: Sequence[Telling]
    groups: Groups
    doubts: Sequence[tuple[int, int]]
    stale: Sequence[Stale]
    decisions: str  # path of their file


def joined_problems(found: Found) -> Iterator[Problem]:
    """Every join, told at the feature that is printed through another."""
    for group in found.groups.joined():
        for index in group[1:]:
            telling, first = found.tellings[index], _first_told(found, group, index)
            if found.groups.links[index].why is Why.DECIDED:
                code = "PM084"
            else:
                code = "PM080" if telling.origin.source == first.origin.source else "PM081"
            yield _beside(code, telling, first, _apart(telling, first))


def kept_problems(found: Found) -> Iterator[Problem]:
    """Everything that would be joined, where all is kept."""
    for group in found.groups.joined():
        for index in group[1:]:
            yield _double(found.tellings[index], _first_told(found, group, index))


def doubtful_problems(found: Found) -> Iterator[Problem]:
    """Points that may be one, but nobody can say: both are printed."""
    for index, other in found.doubts:
        yield _double(found.tellings[index], found.tellings[other])


def stale_problems(found: Found) -> Iterator[Problem]:
    """Decisions that fit no longer."""
    for stale in found.stale:
        params = {"number": str(stale.number), "places": str(stale.count)}
        yield problem("PM085", found.decisions, value=str(stale.selector), params=params)


def disagreements(place: Telling) -> Iterator[Problem]:
    """Values that gave way in one place: its state one by one, the rest for information."""
    for said in place.history:
        if said.origin not in place.origins:
            continue  # of an earlier merge, which told it
        params = {"other": str(said.origin.feature), "other_source": said.origin.source}
        if said.field == "status":
            params["other_value"] = _dated(said.value, said.updated_at)
            yield _problem("PM086", place, "status", _dated(place.status, place.updated_at), params)
        elif said.field not in _QUIET:
            yield _problem("PM087", place, said.field, said.value, params)


def different_things(found: Found, categories: Mapping[str, Category]) -> Iterator[Problem]:
    """Points of different sources with one name at one place, in another category or floor."""
    items, groups = found.groups.items, found.groups
    cells = Cells(groups.places, _ONE_PLACE)
    for index in groups.firsts():
        item = items[index]
        if item.generic:
            continue
        told: set[tuple[str, str]] = set()
        for _, other in sorted(cells.near(item.name.key, index)):
            beside = items[other]
            what = (beside.category, "" if beside.category != item.category else beside.floor)
            if item.source == beside.source or what in told or groups.apart(index, other):
                continue
            one, two = found.tellings[index], found.tellings[other]
            if beside.category != item.category:
                told.add(what)
                title = categories[beside.category].title
                yield _beside("PM082", one, two, "", other_category=title)
            elif beside.floor and item.floor and beside.floor != item.floor:
                told.add(what)
                yield _beside("PM083", one, two, f"{item.floor} / {beside.floor}")
        cells.add(item.name.key, index)


def _first_told(found: Found, group: Sequence[int], index: int) -> Telling:
    """The first of the group in the same source, else the first of all."""
    source = found.tellings[index].origin.source
    same = (i for i in group if i < index and found.tellings[i].origin.source == source)
    return found.tellings[next(same, group[0])]


def _double(telling: Telling, other: Telling) -> Problem:
    same = telling.origin.source == other.origin.source
    return _beside("PM040" if same else "PM041", telling, other, _where(telling))


def _where(telling: Telling) -> str:
    if isinstance(telling, SupportPoint):
        return told_place(telling.lon, telling.lat)
    return shortened(telling.address)


def _apart(one: Telling, two: Telling) -> str:
    """Distance, or the address that both have."""
    if isinstance(one, SupportPoint) and isinstance(two, SupportPoint):
        return f"{metres((one.lon, one.lat), (two.lon, two.lat)):.0f} m"
    return shortened(one.address or two.address) or "–"


def _dated(value: str, moment: datetime | None) -> str:
    return f"{value}, {moment:%Y-%m-%d %H:%M}" if moment is not None else value


def _beside(code: str, telling: Telling, other: Telling, value: str, **more: str) -> Problem:
    params = {
        "other": str(other.origin.feature),
        "other_source": other.origin.source,
        "other_name": shortened(other.name),
        **more,
    }
    return _problem(code, telling, "geometry", value, params)


def _problem(
    code: str, telling: Telling, field: str, value: str, params: dict[str, str]
) -> Problem:
    return problem(
        code,
        telling.origin.source,
        feature=telling.origin.feature,
        name=shortened(telling.name),
        field=field,
        value=shortened(value) or None,
        params=params,
        row=telling.origin.row,
        at=(telling.lon, telling.lat) if isinstance(telling, SupportPoint) else None,
    )
