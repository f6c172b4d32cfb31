"""Notes that are a table: lines of “column: value”, as map programs write rows of a sheet."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from papermap.checks.fields import Fields
from papermap.checks.provenance import PROPERTY
from papermap.checks.repeats import without_repeats
from papermap.checks.text import Cleaned, clean, fold

_PAIR: Final = re.compile(r"(?!https?:)([^:：\d\s][^:：。、,]{0,23}?)\s*[:：](?!//)\s*(.*)")
_LEAST: Final = 3  # lines of the kind; fewer are how people write
_KNOWN: Final = 0.5  # of the columns whose meaning is known, at least


def spread(properties: Mapping[str, Any], fields: Fields) -> tuple[Mapping[str, Any], str]:
    """Properties in which notes of that form have become columns, and such notes as they were.

    A line without a column belongs to the one before. What the properties say themselves is not
    said again. Other notes stay as they are, and so do those that had to be cleaned: that is told.
    """
    if PROPERTY in properties:  # papermap wrote it, and spread it out when it was read
        return properties, ""
    spread_out, originals = dict(properties), []
    for column, value in properties.items():
        if fields.role(str(column)).field != "note" or not isinstance(value, str):
            continue
        cleaned = clean(value) if ":" in value or "：" in value else None
        if cleaned is None or cleaned != Cleaned(cleaned.text):
            continue
        text = without_repeats(cleaned.text, str(column), properties)
        told = _columns(text, fields)
        if told or text != cleaned.text:
            spread_out[column] = "" if told else text
        if told:
            originals.append(text)
            known = {fold(str(each)) for each in spread_out}
            spread_out |= {key: said for key, said in told.items() if fold(key) not in known}
    return spread_out, "\n".join(originals)


def _columns(text: str, fields: Fields) -> dict[str, str]:
    found: dict[str, str] = {}
    last = ""
    for line in text.split("\n"):
        pair = _PAIR.fullmatch(line)
        if pair and fold(pair[1]) and pair[1] not in found:
            last = pair[1]
            found[last] = pair[2]
        elif last:
            found[last] = f"{found[last]}\n{line}".strip()
        else:
            return {}
    roles = [fields.role(column) for column in found]
    known = sum(bool(role.field or role.dropped or role.private) for role in roles)
    return found if len(found) >= _LEAST and known >= _KNOWN * len(found) else {}
