"""In which zone the times of a source are meant that tell no offset."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import tzinfo
from typing import Final

from papermap.checks.fields import Fields
from papermap.checks.gazetteer import Gazetteer
from papermap.checks.places import Located
from papermap.checks.text import as_text
from papermap.checks.times import ASSUMED, JAPAN, TAIPEI, zone_of

_ENOUGH: Final = 200  # features that are looked at
# how addresses are written, the most certain first; Seoul's clocks agree with Tokyo's
_ADDRESSES: Final[Mapping[re.Pattern[str], tzinfo]] = {
    re.compile(r"[가-힣]"): JAPAN,
    re.compile(r"北海道|東京都|(?:京都|大阪)府|[一-鿿]県|丁目|番地|[ぁ-ゖァ-ヺ]"): JAPAN,
    re.compile(r"[縣區鄉號县镇乡]"): TAIPEI,
    re.compile(r"[一-鿿][市区町村]|\bJapan\b|-(?:ken|shi|ku|cho|machi|chome)\b"): JAPAN,
}
_LANGUAGE: Final = re.compile(r"[ぁ-ゖァ-ヺｦ-ﾟ가-힣]")


def zone_of_source(
    located: Iterable[Located],
    fields: Fields,
    *,
    gazetteer: Gazetteer | None = None,
    near: tuple[float, float] | None = None,
) -> tzinfo:
    """Zone of what has no position in a source.

    That of the first feature with a position; else of the first address that the gazetteer knows;
    else as most addresses are written; else of the place ``near`` which the atlas is (lon, lat);
    else as the language of the source lets expect; else :data:`ASSUMED`.
    """
    found = tuple(located)
    at = next((each.parts[0][1] for each in found if each.parts), None)
    if at is not None:
        return zone_of(at.lon, at.lat)
    addresses = tuple(_addresses(found[:_ENOUGH], fields))
    for address in addresses if gazetteer else ():
        match = gazetteer.find(address) if gazetteer else None
        if match:
            return zone_of(match.entries[0].lon, match.entries[0].lat)
    written = [zone for zone in map(_as_written, addresses) if zone is not None]
    if written:
        return max(written, key=written.count)
    if near is not None:
        return zone_of(*near)
    said = any(map(_LANGUAGE.search, _texts(found[:_ENOUGH])))
    return JAPAN if said else ASSUMED


def _as_written(address: str) -> tzinfo | None:
    return next((zone for form, zone in _ADDRESSES.items() if form.search(address)), None)


def _addresses(located: Iterable[Located], fields: Fields) -> Iterator[str]:
    for each in located:
        for column, value in each.feature.properties.items():
            if value and fields.role(str(column)).field == "address":
                yield as_text(value)


def _texts(located: Iterable[Located]) -> Iterator[str]:
    for each in located:
        yield each.feature.layer
        for column, value in each.feature.properties.items():
            yield str(column)
            yield as_text(value)
