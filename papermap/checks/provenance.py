"""Where a thing came from, as our GeoJSON keeps it in one property: written, and read again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from papermap.checks.fields import load_fields
from papermap.checks.text import clean, cut
from papermap.model import NOTHING, TEXTS, MapFeature, Origin, Place, Said

PROPERTY: Final = "papermap"  # the one that is for papermap and not for paper
_MOST: Final = 200  # entries that are read of each list
_STATES: Final = ("name", "status", "confirmed", "updated_at", "expires_at", "position")
_ORIGINALS: Final = ("category", "name", "note")
_LONGEST: Final = 400  # characters of a path, and of a value that has no limit of its own
_LARGEST: Final = 10**9


@dataclass(frozen=True, slots=True)
class Provenance:
    """What an earlier merge knew of a thing: who told of it then, and what no longer held."""

    earlier: tuple[Origin, ...] = ()
    original: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    history: tuple[Said, ...] = ()


NONE: Final = Provenance()


def write_provenance(thing: Place | MapFeature) -> dict[str, Any]:
    """The property's value; :func:`read_provenance` understands it.

    ``source`` and ``feature`` (``part``, ``row``) are what is printed, ``joined`` the others that
    told of it, ``earlier`` those of files that went into these.
    """
    told = _origin(thing.origin)
    for key, origins in (("joined", thing.joined), ("earlier", thing.earlier)):
        if origins:
            told[key] = [_origin(origin) for origin in origins]
    if isinstance(thing, MapFeature):
        return told
    if thing.original:
        told["original"] = dict(thing.original)
    if thing.history:
        told["history"] = [_said(said) for said in thing.history]
    return told


def read_provenance(properties: Mapping[str, Any]) -> Provenance:
    """What the property says; of what nobody wrote so, nothing. Texts are clean and bounded.

    The origins are all ``earlier``: what is read now comes from the file that is read.
    """
    told = properties.get(PROPERTY)
    if not isinstance(told, Mapping):
        return NONE
    listed = (*_list(told, "joined"), *_list(told, "earlier"))
    origins = (_read_origin(each) for each in (told, *listed))
    original = told.get("original")
    words = original if isinstance(original, Mapping) else {}
    return Provenance(
        earlier=tuple(dict.fromkeys(origin for origin in origins if origin is not None)),
        original=as_original(words),
        history=tuple(dict.fromkeys(_read_history(_list(told, "history")))),
    )


def _origin(origin: Origin) -> dict[str, Any]:
    numbers = {"part": origin.part, "row": origin.row}
    return {
        "source": origin.source,
        "feature": origin.feature,
        **{key: number for key, number in numbers.items() if number},
    }


def _said(said: Said) -> dict[str, Any]:
    when = {"updated_at": said.updated_at.isoformat()} if said.updated_at is not None else {}
    return {"field": said.field, "value": said.value, **_origin(said.origin), **when}


def _list(told: Mapping[str, Any], key: str) -> list[Any]:
    value = told.get(key)
    return value[:_MOST] if isinstance(value, list) else []


def _read_origin(value: Any) -> Origin | None:
    if not isinstance(value, Mapping):
        return None
    source = _text("source", value.get("source"))
    feature, part, row = (_count(value.get(key, 0)) for key in ("feature", "part", "row"))
    return Origin(source, feature, part, row) if source and feature else None


def _read_history(values: list[Any]) -> Iterator[Said]:
    for value in values:
        origin = _read_origin(value)
        if origin is None or value.get("field") not in (*TEXTS, *_STATES):
            continue
        text = _text(value["field"], value.get("value"))
        if text:
            yield Said(value["field"], text, origin, _moment(value.get("updated_at")))


def as_original(words: Mapping[str, Any]) -> dict[str, str]:
    """Texts that more was read out of, as they are kept: the same when written and read again."""
    return {key: _text(key, words[key]) for key in _ORIGINALS if _text(key, words.get(key))}


def _text(key: str, value: Any) -> str:
    if not isinstance(value, str):
        return ""
    return cut(clean(value).text, load_fields().limits.get(key, _LONGEST))


def _count(value: Any) -> int:
    number = isinstance(value, int) and not isinstance(value, bool)
    return value if number and 0 < value < _LARGEST else 0


def _moment(value: Any) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo is not None else None
