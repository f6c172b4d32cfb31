"""Positions in links to maps, read from the link itself: nothing is fetched."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote

LINK: Final = re.compile(r"(?:https?://|geo:)[^\s<>\"'「」（）]{3,2000}")
_N: Final = r"(-?\d{1,3}\.\d{1,15})"
# what marks one place, before what says only which part of the map was open
_PINS: Final = tuple(
    re.compile(rule.replace("N", _N))
    for rule in (
        r"!3dN!4dN",
        r"[?&#](?:q|query|ll|destination|daddr|loc)=(?:loc:)?N,[\s+]*N",
        r"[?&#]mlat=N&mlon=N",
        r"[?&#]lat(?:itude)?=N&(?:lon|lng|longitude)=N",
        r"/(?:search|place|dir)/N,[\s+]*N",
        r"^geo:N,N",
    )
)
_VIEWS: Final = (
    re.compile(rf"@{_N},{_N},(?P<zoom>\d{{1,2}})(?:\.\d+)?z"),
    re.compile(rf"#(?:map=)?(?P<zoom>\d{{1,2}})(?:\.\d+)?/{_N}/{_N}"),
)
_CLOSE: Final = 15  # zoom at which the middle of a map is a place: some 2 km on a screen


@dataclass(frozen=True, slots=True)
class Linked:
    """Latitude and longitude in degrees; not ``pin``: only the middle of the map that was open."""

    lat: float
    lon: float
    pin: bool
    close: bool = True


def linked_place(link: str) -> Linked | None:
    """The place that a link to a map shows, None for other links."""
    plain = unquote(link)
    for rule in _PINS:
        found = rule.search(plain)
        if found:
            return Linked(float(found[1]), float(found[2]), pin=True)
    for rule in _VIEWS:
        found = rule.search(plain)
        if found:
            zoom = int(found["zoom"])
            lat, lon = (float(value) for value in found.groups() if value and "." in value)
            return Linked(lat, lon, pin=False, close=zoom >= _CLOSE)
    return None
