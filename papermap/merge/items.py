"""What of a place decides whether another one is the same."""

from __future__ import annotations

import functools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from papermap.checks.text import fold
from papermap.merge.names import Address, Name, read_address, read_floor, read_name
from papermap.model import Place
from papermap.vocabulary import load_vocabulary


@dataclass(frozen=True, slots=True)
class Item:
    """One place made ready for comparing; ``details`` is all that a double entry repeats."""

    source: str
    feature: int
    category: str
    name: Name
    floor: str
    address: Address
    details: tuple[str, ...]
    updated_at: datetime | None
    generic: bool  # named by what it is (公衆トイレ), or not at all

    @property
    def key(self) -> tuple[str, str]:
        """Category and name: places that share neither are never one."""
        return self.category, self.name.key

    @property
    def exactly(self) -> tuple[str, ...]:
        """The key, and what tells doors and floors of one building apart."""
        return (*self.key, self.name.inside, self.floor)


def items_of(places: Iterable[Place]) -> list[Item]:
    """An item for each place, in order."""
    read = _Reading()
    return [_item(place, read) for place in places]


def fits(one: Item, two: Item) -> bool:
    """Whether floors and doors allow that the two are one: what one leaves unsaid may be either."""
    if one.floor and two.floor and one.floor != two.floor:
        return False
    return not (one.name.inside and two.name.inside) or one.name.inside == two.name.inside


def repeats(one: Item, two: Item) -> bool:
    """Whether two entries of one source are one: a plain repetition, or a later word on it.

    What says something else at the same time is another thing until a person says otherwise.
    """
    if one.feature == two.feature:
        return False  # parts of one MultiPoint share their name by nature
    if one.details == two.details:
        return True
    timed = one.updated_at is not None and two.updated_at is not None
    return timed and one.updated_at != two.updated_at and not one.generic


class _Reading:
    """Names and addresses read so far: in a merge most of them come again."""

    def __init__(self) -> None:
        self.name = functools.cache(read_name)
        self.address = functools.cache(read_address)


def _item(place: Place, read: _Reading) -> Item:
    name = read.name(place.name)
    said = (place.reading, place.capacity, place.phone, place.accessibility, place.note)
    address = read.address(place.address)
    return Item(
        source=place.origin.source,
        feature=place.origin.feature,
        category=place.category,
        name=name,
        floor=read_floor(place.floor) or fold(place.floor) or name.floor,
        address=address,
        details=(*address.numbers, *said),
        updated_at=place.updated_at,
        generic=name.key in _generic_names(),
    )


@functools.cache
def _generic_names() -> frozenset[str]:
    """Names that say only of what kind a place is: those of the categories."""
    vocabulary = load_vocabulary()
    names = [name for each in vocabulary.categories.values() for name in each.names.values()]
    return frozenset(read_name(name).key for name in (*names, *vocabulary.aliases, ""))
