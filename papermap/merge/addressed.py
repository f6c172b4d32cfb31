"""Places without a position: which of them another feature tells of, by name and address."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator
from itertools import islice
from typing import Final

from papermap.merge.alike import Groups, Link
from papermap.merge.items import Item, fits, repeats
from papermap.merge.names import same_address
from papermap.model import Why

_LOOKED_AT: Final = 40  # others of one name and house number
_LINK: Final = Link(Why.ADDRESS)
Rule = Callable[[Item, Item], bool]


def join_addressed(groups: Groups) -> None:
    """Join places without a position to the point, or the like of them, that has their address.

    Name and address must be the same, and only one point may have both. Without any address, one
    source's plain repetition is one, and so is the same name in two sources; a name that is only a
    kind (公衆トイレ) never is.
    """
    items, placed = groups.items, len(groups.places)
    points: defaultdict[Hashable, list[int]] = defaultdict(list)
    wanted = {_key(item) for item in items[placed:]}
    for index in range(placed):
        if _key(items[index]) in wanted:
            points[_key(items[index])].append(index)
    firsts: defaultdict[Hashable, list[int]] = defaultdict(list)
    for index in range(placed, len(items)):
        key = _key(items[index])
        at = {groups.first(other) for other in _same(groups, points[key], index, _addressed)}
        like = next(_same(groups, firsts[key], index, _listed), None)
        if len(at) == 1:
            groups.join(at.pop(), index, _LINK)
        elif like is not None:
            groups.join(like, index, _LINK)
        else:
            firsts[key].append(index)


def _key(item: Item) -> Hashable:
    return (*item.key, item.address.numbers)


def _same(groups: Groups, others: list[int], index: int, rule: Rule) -> Iterator[int]:
    item = groups.items[index]
    for other in islice(others, _LOOKED_AT):
        may = fits(groups.items[other], item) and not groups.apart(other, index)
        if may and rule(groups.items[other], item):
            yield other


def _addressed(point: Item, item: Item) -> bool:
    return not item.generic and same_address(point.address, item.address)


def _listed(other: Item, item: Item) -> bool:
    if item.address.numbers:
        return same_address(other.address, item.address) and not item.generic
    if other.source == item.source:
        return repeats(other, item)
    return not item.generic and other.address.text == item.address.text
