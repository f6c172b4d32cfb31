"""Which points tell of one place.

Two are one only where category, floor and name agree and they lie near; how near, the name says:

- Within a source a plain repetition is one (same name within 30 m and nothing else different), or
  a later word on the same place (another time). Two entries that differ in note or address at one
  time are two, as the AEDs on the floors of one building are.
- Across sources the same name within 150 m is one (300 m with the same address): geocoders and
  hands put a school at its gate or at its middle. A name that is only a kind (公衆トイレ, AED)
  says little: 15 m.
- A slip of the pen, or a name inside a longer form of it, needs 50 m and no other address; the
  longer form needs the same one.
- Whatever is joined must be the nearest by far: where a second place of the source would do as
  well (nearer than three times the distance), nothing is joined, and it is told. Of one source at
  most one place goes into a group, since a source that lists two means two.

Everything is looked up in cells; see :mod:`papermap.merge.near`.
"""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from papermap.merge.items import Item, fits, repeats
from papermap.merge.names import longer, other_address, same_address, slip
from papermap.merge.near import Cells, Place, metres
from papermap.model import Why

ENTRY: Final = 30.0  # m: a place entered twice
ONE_SPOT: Final = 1.0  # m
NAMED, SAME_PLOT, GENERIC, LIKE = 150.0, 300.0, 15.0, 50.0  # m across sources
_BY_FAR: Final = 3.0


@dataclass(frozen=True, slots=True)
class Link:
    """Why a point went into a group, and how alike its name is to the one it was matched with."""

    why: Why
    likeness: float = 1.0


class Groups:
    """Items that are one place; a group is known by its first item, and each starts alone.

    The first items have a place (WGS 84 longitude, latitude), the rest have none.
    """

    def __init__(
        self, items: Sequence[Item], places: Sequence[Place], apart: Mapping[int, frozenset[int]]
    ) -> None:
        self.items = items
        self.places = places
        self.links: dict[int, Link] = {}
        self._apart = apart
        self._first = list(range(len(items)))
        self._members: dict[int, list[int]] = {}
        self._sources: dict[int, set[str]] = {}

    def first(self, index: int) -> int:
        """First point of the group in which this one is."""
        return self._first[index]

    def members(self, first: int) -> list[int]:
        """Points of a group, the first one first."""
        return self._members.get(first, [first])

    def sources(self, index: int) -> set[str]:
        """Sources that tell of the group in which this point is."""
        first = self._first[index]
        return self._sources.get(first) or {self.items[first].source}

    def apart(self, one: int, two: int) -> bool:
        """Whether a person said that these two, or others of their groups, are two."""
        if not self._apart:
            return False
        others = set(self.members(self._first[two]))
        return any(
            not others.isdisjoint(self._apart.get(member, ()))
            for member in self.members(self._first[one])
        )

    def join(self, one: int, two: int, link: Link) -> None:
        """Make one group of two."""
        one, two = sorted((self._first[one], self._first[two]))
        if one == two:
            return
        sources = self.sources(one) | self.sources(two)
        moved = self._members.pop(two, [two])
        self._members.setdefault(one, [one]).extend(moved)
        self._sources[one] = sources
        for member in moved:
            self._first[member] = one
        self.links[two] = link

    def firsts(self) -> list[int]:
        """First point of every group that has a place, in order."""
        return [index for index in range(len(self.places)) if self._first[index] == index]

    def joined(self) -> list[list[int]]:
        """Groups of more than one, by their first item; members in order."""
        return [sorted(self._members[first]) for first in sorted(self._members)]


def join_entries(groups: Groups) -> None:
    """Join what one source tells twice."""
    items, places = groups.items, groups.places
    named = [index for index in groups.firsts() if not items[index].generic]
    kinds = [index for index in groups.firsts() if items[index].generic]
    for indices, reach in ((named, ENTRY), (kinds, ONE_SPOT)):
        _join_repeated(groups, Cells(places, reach), indices, lambda item: item.details)
    firsts = [index for index in named if groups.first(index) == index]
    timed = [index for index in firsts if items[index].updated_at is not None]
    _join_repeated(groups, Cells(places, ENTRY), timed, lambda _: ())


def _join_repeated(
    groups: Groups, cells: Cells, indices: Iterable[int], more: Callable[[Item], tuple[str, ...]]
) -> None:
    items = groups.items
    keys = {
        index: (items[index].source, *items[index].exactly, more(items[index])) for index in indices
    }
    for index in _shared(keys):
        for _, other in sorted(cells.near(keys[index], index)):
            if repeats(items[other], items[index]) and not groups.apart(other, index):
                groups.join(other, index, Link(Why.SAME_NAME))
                break
        else:
            cells.add(keys[index], index)


def join_sources(groups: Groups) -> list[tuple[int, int]]:
    """Join what several sources tell; pairs of which nobody can say whether they are one, too."""
    _join_copies(groups)
    across = _Across(groups)
    across.same_names()
    across.like_names()
    return across.doubts


def _join_copies(groups: Groups) -> None:
    """Join what is the same in everything: the first of one source with the first of the other."""
    copies: defaultdict[Hashable, defaultdict[str, list[int]]] = defaultdict(
        lambda: defaultdict(list)
    )
    for index in groups.firsts():
        item, (lon, lat) = groups.items[index], groups.places[index]
        key = (*item.exactly, item.details, round(lon, 6), round(lat, 6))
        copies[key][item.source].append(index)
    for by_source in copies.values():
        first, *others = by_source.values()
        for other in others:
            for one, two in zip(first, other, strict=False):
                if not groups.apart(one, two):
                    groups.join(one, two, Link(Why.SAME_NAME))


@dataclass(frozen=True, slots=True, order=True)
class _Match:
    """Two points of different sources that may be one; the better match is the smaller."""

    unlike: float
    distance: float
    one: int
    two: int
    why: Why = Why.SAME_NAME


class _Across:
    """The search for pairs of different sources; thrown away when it is done."""

    def __init__(self, groups: Groups) -> None:
        self.doubts: list[tuple[int, int]] = []
        self._groups = groups
        self._places = groups.places
        self._entries = {first: [first] for first in groups.firsts()}
        for group in groups.joined():
            of_source = {groups.items[index].source: index for index in reversed(group)}
            self._entries[group[0]] = sorted(of_source.values())
        self._matches: defaultdict[int, list[_Match]] = defaultdict(list)

    def same_names(self) -> None:
        """Join places of one name; what has two that would do is left, as a doubt."""
        items = self._groups.items
        wide, narrow = Cells(self._places, SAME_PLOT), Cells(self._places, GENERIC)
        keys = {index: items[index].key for index in self._groups.firsts()}
        for index in _shared(keys):
            cells = narrow if items[index].generic else wide
            for distance, other in cells.near(keys[index], index):
                self._add(_Match(0.0, distance, other, index))
            cells.add(keys[index], index)
        self._settle()

    def like_names(self) -> None:
        """Join places whose names a slip explains, or one of which is a longer form."""
        items = self._groups.items
        alone = [
            index
            for index in self._groups.firsts()
            if len(self._groups.sources(index)) == 1 and index not in self._matches
        ]
        alone.sort(key=lambda index: (items[index].key, index))  # a crowd is looked at by name
        cells = Cells([self._places[index] for index in alone], LIKE)
        self._matches.clear()
        for rank, index in enumerate(alone):
            for distance, near in cells.near(items[index].category, rank):
                self._add(_like(items, distance, *sorted((alone[near], index))))
            cells.add(items[index].category, rank)
        self._settle()

    def _add(self, match: _Match | None) -> None:
        if match is None or not self._may(match.one, match.two):
            return
        self._matches[match.one].append(match)
        self._matches[match.two].append(match)

    def _settle(self) -> None:
        matches = {match for found in self._matches.values() for match in found}
        for match in sorted(matches):
            if not self._free(match.one, match.two):
                continue
            if self._rival(match.one, match) or self._rival(match.two, match):
                self.doubts.append((match.one, match.two))
            else:
                self._join(match)

    def _may(self, one: int, two: int) -> bool:
        """Whether two points of different sources could be one, by what they say and lie."""
        items = self._groups.items
        first, second = items[one], items[two]
        if first.source == second.source or not fits(first, second):
            return False
        named = SAME_PLOT if same_address(first.address, second.address) else NAMED
        reach = GENERIC if first.generic else named
        return metres(self._places[one], self._places[two]) <= reach

    def _free(self, one: int, two: int) -> bool:
        """Whether the groups of both may become one: of other sources, and each fits each."""
        groups = self._groups
        if not groups.sources(one).isdisjoint(groups.sources(two)) or groups.apart(one, two):
            return False
        entries = (self._entries[groups.first(index)] for index in (one, two))
        return all(self._may(a, b) for a, b in itertools.product(*entries))

    def _rival(self, index: int, match: _Match) -> bool:
        """Whether the point could as well be one with another place of the same source."""
        other = match.two if match.one == index else match.one
        sources = self._groups.sources(other)
        far = _BY_FAR * max(match.distance, ONE_SPOT)
        for rival in self._matches[index]:
            third = rival.two if rival.one == index else rival.one
            if self._groups.first(third) == self._groups.first(other) or rival.distance >= far:
                continue
            if not sources.isdisjoint(self._groups.sources(third)) and self._free(index, third):
                return True
        return False

    def _join(self, match: _Match) -> None:
        one, two = sorted((self._groups.first(match.one), self._groups.first(match.two)))
        self._groups.join(one, two, Link(match.why, 1 - match.unlike))
        self._entries[one].extend(self._entries.pop(two))


def _like(items: Sequence[Item], distance: float, one: int, two: int) -> _Match | None:
    first, second = items[one], items[two]
    if first.name.key == second.name.key or first.generic or second.generic:
        return None
    if other_address(first.address, second.address):
        return None
    likeness = slip(first.name, second.name)
    if likeness:
        return _Match(1 - likeness, distance, one, two, Why.LIKE_NAME)
    if longer(first.name, second.name) and same_address(first.address, second.address):
        lengths = sorted((len(first.name.key), len(second.name.key)))
        return _Match(1 - lengths[0] / lengths[1], distance, one, two, Why.LONGER_NAME)
    return None


def _shared(keys: Mapping[int, Hashable]) -> list[int]:
    """Indices whose key stands more than once."""
    counts = Counter(keys.values())
    return [index for index, key in keys.items() if counts[key] > 1]


def doubtful(groups: Groups) -> list[tuple[int, int]]:
    """Entries of one name on one spot that were not joined, each with the first of its like."""
    items, found = groups.items, []
    wide, narrow = Cells(groups.places, ENTRY), Cells(groups.places, ONE_SPOT)
    keys = {index: items[index].exactly for index in groups.firsts()}
    for index in _shared(keys):
        cells = narrow if items[index].generic else wide
        near = [other for _, other in cells.near(keys[index], index)]
        if not near:
            cells.add(keys[index], index)
        elif _another(items[min(near)], items[index]) and not groups.apart(min(near), index):
            found.append((index, min(near)))
    return found


def _another(one: Item, two: Item) -> bool:
    """Whether the two are no parts of one MultiPoint, whose name they share by nature."""
    return (one.source, one.feature) != (two.source, two.feature)
