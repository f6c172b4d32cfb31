"""What was joined and why: as text for people, as records for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from papermap.i18n import Words
from papermap.model import Checked, Join, Origin, Place, Said, Teller

_SHOWN: Final = 200  # places that the text tells one by one; the records have all


def joins_as_text(checked: Checked, language: str) -> str:
    """Every place that several features told of: who, why, how far apart, and what gave way."""
    words = Words((language,))
    places = _places(checked)
    lines = []
    for join in checked.joins[:_SHOWN]:
        category = checked.categories[join.category].name(language)
        lines.append(words("joins.place", name=join.name, category=category, id=join.id))
        lines += [f"    {_teller(teller, join, words)}" for teller in join.tellers]
        lines += [f"    {_said(said, words)}" for said in places[join.id].history]
    if len(checked.joins) > _SHOWN:
        lines.append(words("joins.more", n=len(checked.joins) - _SHOWN))
    if not checked.joins:
        return words("joins.none")
    count = sum(len(join.tellers) - 1 for join in checked.joins)
    lines.append(words("joins.counts", joined=count, places=len(checked.joins)))
    return "\n".join(lines)


def joins_as_records(checked: Checked) -> list[dict[str, Any]]:
    """The same as JSON values.

    ``{id, name, category, source, feature, row, tellers[], history[]}`` with
    ``tellers[] {id, name, source, feature, row, why, distance_m, likeness}`` and
    ``history[] {field, value, source, feature, row, updated_at}``.
    """
    places = _places(checked)
    return [
        {
            "id": join.id,
            "name": join.name,
            "category": join.category,
            **_origin(join.origin),
            "tellers": [_teller_record(teller) for teller in join.tellers],
            "history": [_said_record(said) for said in places[join.id].history],
        }
        for join in checked.joins
    ]


def _places(checked: Checked) -> dict[str, Place]:
    places: Sequence[Place] = (*checked.points, *checked.unplaced)
    return {place.id: place for place in places}


def _teller(teller: Teller, join: Join, words: Words) -> str:
    where = _where(teller.origin, words)
    if teller.origin == join.origin:
        return words("joins.printed", where=where, name=teller.name, id=teller.id)
    why = words(f"joins.{teller.why.name.lower()}")
    if teller.distance is not None:
        why = words("joins.apart", why=why, distance=round(teller.distance))
    return words("joins.teller", where=where, name=teller.name, id=teller.id, why=why)


def _said(said: Said, words: Words) -> str:
    when = f" ({said.updated_at:%Y-%m-%d %H:%M})" if said.updated_at is not None else ""
    where = _where(said.origin, words) + when
    return words("joins.gave_way", field=said.field, value=said.value, where=where)


def _where(origin: Origin, words: Words) -> str:
    return f"{origin.source} {words('report.feature', feature=origin.feature)}"


def _origin(origin: Origin) -> dict[str, Any]:
    return {"source": origin.source, "feature": origin.feature, "row": origin.row or None}


def _teller_record(teller: Teller) -> dict[str, Any]:
    return {
        "id": teller.id,
        "name": teller.name,
        **_origin(teller.origin),
        "why": teller.why.value,
        "distance_m": teller.distance,
        "likeness": teller.likeness,
    }


def _said_record(said: Said) -> dict[str, Any]:
    moment = said.updated_at
    return {
        "field": said.field,
        "value": said.value,
        **_origin(said.origin),
        "updated_at": moment.isoformat() if moment is not None else None,
    }
