"""Several tellings of one place → one: the newest confirmed wins, the others are its history."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from operator import attrgetter
from typing import Any, Final

from papermap.checks.geometry import told_place
from papermap.checks.text import fold
from papermap.merge.names import read_address, read_name, same_address
from papermap.merge.near import metres
from papermap.model import NOTHING, TEXTS, Origin, Place, Said, Status, SupportPoint, Unplaced

_MOVED: Final = 1.0  # m: a position that is less away is the same
_CONFIRMED: Final = {True: 0, None: 1, False: 2}

_SAID: Final = attrgetter(
    "name",
    "names",
    "status",
    "confirmed",
    "updated_at",
    "expires_at",
    "hours_in",
    "hazards",
    "original",
    "history",
    *TEXTS,
)

Telling = SupportPoint | Unplaced


def united(tellings: Sequence[Telling]) -> Telling:
    """One place of several tellings, given in the order of their sources.

    The id is the first one's, so that it stays while times change. Position, name and state are
    those of the newest confirmed telling (of the newest, where none is confirmed) that has them;
    each text is the first in that order which says something. State, confirmation and times stay
    together: nobody confirmed another's word. What gave way is the ``history``.
    """
    first, *others = tellings
    if all(_all_said(other) == _all_said(first) for other in others):  # as most doubles do
        return replace(first, joined=_others(tellings, first.origin), earlier=_earlier(tellings))
    ranked = sorted(tellings, key=_rank)
    placed = sorted(  # a position that somebody told before one that only an address gave
        (telling for telling in ranked if isinstance(telling, SupportPoint)),
        key=lambda telling: bool(telling.approximate),
    )
    lead: Telling = placed[0] if placed else ranked[0]
    state = next((t for t in ranked if t.status is not Status.UNKNOWN), ranked[0])
    values: dict[str, Any] = {key: _first(ranked, key) for key in TEXTS}
    values["approximate"] = lead.approximate
    hours = next((t for t in ranked if t.hours), lead)
    history = [said for telling in tellings for said in telling.history]
    for telling in ranked:
        history += _gave_way(telling, lead, state, values)
    return replace(
        lead,
        id=tellings[0].id,
        names=_by_language(ranked),
        status=state.status,
        confirmed=state.confirmed,
        updated_at=state.updated_at,
        expires_at=state.expires_at,
        hours_in=hours.hours_in,
        hazards=next((t.hazards for t in ranked if t.hazards), lead.hazards),
        original=next((t.original for t in ranked if t.original), NOTHING),
        joined=_others(tellings, lead.origin),
        earlier=_earlier(tellings),
        history=tuple(dict.fromkeys(history)),
        **values,
    )


def _all_said(telling: Telling) -> tuple[Any, ...]:
    place = (telling.lon, telling.lat) if isinstance(telling, SupportPoint) else ()
    return (*_SAID(telling), *place)


def _rank(telling: Telling) -> tuple[int, float]:
    moment = telling.updated_at
    newest_first = -moment.timestamp() if moment is not None else float("inf")
    return _CONFIRMED[telling.confirmed], newest_first


def _first(ranked: Sequence[Telling], key: str) -> str:
    return next((text for text in (getattr(t, key) for t in ranked) if text), "")


def _by_language(ranked: Sequence[Telling]) -> dict[str, str]:
    return {key: name for telling in reversed(ranked) for key, name in telling.names.items()}


def _others(tellings: Sequence[Telling], lead: Origin) -> tuple[Origin, ...]:
    origins = [origin for t in tellings for origin in (t.origin, *t.joined)]
    return tuple(origin for origin in dict.fromkeys(origins) if origin != lead)


def _earlier(tellings: Sequence[Telling]) -> tuple[Origin, ...]:
    """Who told of it before, but for those that are here themselves."""
    here = {origin for telling in tellings for origin in telling.origins}
    told = (origin for telling in tellings for origin in telling.earlier)
    return tuple(dict.fromkeys(origin for origin in told if origin not in here))


def _gave_way(
    telling: Telling, lead: Telling, state: Place, values: dict[str, Any]
) -> Iterator[Said]:
    """What one telling says otherwise than what is printed."""
    said = {key: getattr(telling, key) for key in TEXTS}
    given = [(key, text, _same(key, text, values[key])) for key, text in said.items() if text]
    given.append(("name", telling.name, telling.name == lead.name))
    if telling.status is not Status.UNKNOWN:
        given.append(("status", telling.status.value, telling.status is state.status))
    if telling.confirmed is not None:
        same = telling.confirmed is state.confirmed
        given.append(("confirmed", str(telling.confirmed).lower(), same))
    for key in ("updated_at", "expires_at"):
        moment: datetime | None = getattr(telling, key)
        if moment is not None:
            given.append((key, moment.isoformat(), moment == getattr(state, key)))
    if isinstance(telling, SupportPoint) and isinstance(lead, SupportPoint):
        away = metres((telling.lon, telling.lat), (lead.lon, lead.lat))
        given.append(("position", told_place(telling.lon, telling.lat), away < _MOVED))
    for key, text, same in given:
        if not same:
            yield Said(key, text, telling.origin, telling.updated_at)


def _same(key: str, text: str, printed: str) -> bool:
    """Whether the text says what is printed, though it may be written otherwise."""
    if fold(text) == fold(printed):
        return True
    if key == "address":
        return same_address(read_address(text), read_address(printed))
    return key == "reading" and read_name(text).key == read_name(printed).key
