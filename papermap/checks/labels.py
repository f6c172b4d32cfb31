"""What hides in the names of categories, folders and places: state, cost, event, time, hours.

The words are data: ``[hidden]`` of ``styles/data/fields.toml``.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from papermap.checks.fields import Fields
from papermap.checks.hours import understood
from papermap.checks.times import parse_time
from papermap.model import Status

_BRACKET = re.compile(r"[(（\[【〔]([^()（）\[\]【】〔〕]{1,60})[)）\]】〕]")
_PART = re.compile(r"_([^_()（）\[\]【】〔〕/]{1,40})")  # “…_台風19号_19年10月”
_COLOUR = re.compile(r"^[^:：\d]{1,8}[:：]\s*")  # what the mark looks like: “青：確認済”
_BETWEEN = re.compile(r"(?<!\d)[/／]|[/／](?!\d)")  # words in one bracket; dates stay whole
_AS_OF = re.compile(r"(?:現在|時点|更新)$")  # in a name, a time without it may be an appointment
_LABELLED = re.compile(r"[^\w(（]{0,3}([^:：\s]{2,10})[:：]\s*(.{3,80})")
_PHONE = re.compile(r"[0０][\d０-９()（）‐－-]{8,15}")
_MONTH = re.compile(r"(?:\d{2}|\d{4})年\d{1,2}月")
_PLAIN = re.compile(r"[^()（）\[\]【】〔〕_\s]*")
_LEFT_OVER = re.compile(r"[_\s]+$|^[_\s]+|(?<=\s)\s+")
_ANY_TIME = datetime(2100, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Label:
    """A name without what hid in it, and what that was.

    ``undated`` is a time whose year nobody can tell, ``months`` when the event was.
    """

    text: str
    status: Status | None = None
    confirmed: bool | None = None
    cost: str = ""
    event: str = ""
    hours: str = ""
    updated_at: datetime | None = None
    undated: str = ""
    months: list[str] = field(default_factory=list)


@functools.lru_cache(maxsize=1024)  # a source has few categories, and names them in every row
def read_category(text: str, fields: Fields, zone: tzinfo, as_of: datetime | None) -> Label:
    """What hides in the name of a category, layer or folder."""
    label = Label(fields.copies.sub("", text))
    label.status = fields.hidden_statuses.inside(text)
    label.confirmed = fields.hidden_confirmations.inside(text)
    lead = fields.event_lead.match(label.text)
    if lead:
        label.event, label.text = lead[1], label.text[lead.end() :]
    _read(label, (_BRACKET, _PART), fields, zone, as_of)
    if label.event:
        label.event = " ".join((label.event, *label.months))
    label.text = label.text or text
    return label


def read_name(text: str, fields: Fields, zone: tzinfo, as_of: datetime | None) -> Label:
    """What fills a bracket in the name of a place; words outside brackets are the name's own."""
    label = Label(text)
    if _PLAIN.fullmatch(text):  # most names
        return label
    _read(label, (_BRACKET,), fields, zone, as_of, of_place=True)
    label.text = label.text or text
    return label


def read_note(text: str, fields: Fields, known: Collection[str]) -> tuple[str, dict[str, str]]:
    """A note without the lines that say hours or a telephone number, and those (``電話：…``).

    Only a line that is all label and value counts, of each field the first, and of none that is
    ``known`` from a column.
    """
    kept: list[str] = []
    told: dict[str, str] = {}
    for line in text.split("\n"):
        found = _LABELLED.fullmatch(line)
        role = fields.role(found[1]).field if found else ""
        value = found[2].strip() if found else ""
        hours = role == "hours" and bool(understood(value).words)
        if role not in (*known, *told) and (hours or (role == "phone" and _PHONE.fullmatch(value))):
            told[role] = value
        else:
            kept.append(line)
    return "\n".join(kept), told


def _read(
    label: Label,
    pieces: tuple[re.Pattern[str], ...],
    fields: Fields,
    zone: tzinfo,
    as_of: datetime | None,
    *,
    of_place: bool = False,
) -> None:
    """Fill the label from its pieces, and take those that are understood out of its text."""
    for start, end, piece in reversed(list(_pieces(label.text, pieces))):
        plain = unicodedata.normalize("NFKC", piece).strip()
        timed = not of_place or _AS_OF.search(plain)
        told = _take(label, plain, fields) or (timed and _take_time(label, plain, zone, as_of))
        rest = piece
        if told or (of_place and _take_hours(label, piece)):
            rest = ""
        elif of_place:
            rest = _rest(label, piece, fields)
        bracket = label.text[start] + rest + label.text[end - 1] if rest else ""
        if rest != piece:
            label.text = label.text[:start] + bracket + label.text[end:]
    label.text = _LEFT_OVER.sub("", label.text)


def _rest(label: Label, piece: str, fields: Fields) -> str:
    """What is not understood in a bracket of several words: “飲用可/7:00-21:00”."""
    parts = _BETWEEN.split(piece)
    if len(parts) == 1:
        return piece
    plain = (unicodedata.normalize("NFKC", part).strip() for part in parts)
    kept = [
        part
        for part, word in zip(parts, plain, strict=True)
        if not (_take(label, word, fields) or _take_hours(label, word))
    ]
    return "/".join(kept) if len(kept) < len(parts) else piece


def _pieces(text: str, patterns: tuple[re.Pattern[str], ...]) -> Iterator[tuple[int, int, str]]:
    found = (match for pattern in patterns for match in pattern.finditer(text))
    for match in sorted(found, key=re.Match.start):
        yield match.start(), match.end(), match[1]


def _take(label: Label, piece: str, fields: Fields) -> bool:
    """A state, a confirmation, a cost, an event, or the month of one."""
    for word in dict.fromkeys((piece, _COLOUR.sub("", piece))):
        status, confirmed = (
            fields.hidden_statuses.exact(word),
            fields.hidden_confirmations.exact(word),
        )
        if status is not None or confirmed is not None:
            label.status = status or label.status
            label.confirmed = label.confirmed if confirmed is None else confirmed
            return True
        if fields.costs.fullmatch(word):
            label.cost = label.cost or word
            return True
        if fields.events.fullmatch(word):
            label.event = label.event or word
            return True
    if _MONTH.fullmatch(piece):
        label.months.insert(0, piece)
        return True
    return False


def _take_time(label: Label, piece: str, zone: tzinfo, as_of: datetime | None) -> bool:
    piece = piece.removesuffix("更新")
    moment = parse_time(piece, zone, as_of)
    if moment is not None:
        label.updated_at = label.updated_at or moment
        return True
    if parse_time(piece, zone, _ANY_TIME) is not None:
        label.undated = label.undated or piece
        return True
    return False


def _take_hours(label: Label, piece: str) -> bool:
    if not any(char.isdigit() for char in piece) or not understood(piece).words:
        return False
    label.hours = label.hours or piece
    return True
