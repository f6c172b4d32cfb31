"""The properties of one feature → what a support point says, with every doubt told."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import Any, Final, NamedTuple

from papermap.checks.fields import Fields, Role
from papermap.checks.garbled import likely
from papermap.checks.hours import understood
from papermap.checks.labels import read_category, read_name, read_note
from papermap.checks.listed import spread
from papermap.checks.repeats import without_repeats
from papermap.checks.text import Cleaned, as_text, clean, cut, fold, private_in, shortened
from papermap.checks.times import JAPAN, parse_time
from papermap.model import NOTHING, Status
from papermap.readers.base import RawFeature

_COLUMNS: Final = 400  # of one feature that are read
_JOINED: Final = (
    "note",
    "hours_days",
    "hours_closed",
    "hours_remark",
)  # fields in which every column counts, not the first alone
_SPAN: Final = re.compile(r"\d{1,2}(?:[:時]\d{0,2})?分?\s*[-–~〜から]+\s*(?:深夜|翌)?\d{1,2}[:時]")
_LISTED: Final = re.compile(r"[,;、，；・/／|\n]")  # what stands between the words of a list
_JAPANESE: Final = re.compile("[\u3040-\u30ff\u4e00-\u9fff]")


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing wrong in a feature, before it is known where the feature stands."""

    code: str
    field: str | None = None
    value: str | None = None
    params: Mapping[str, str] = dataclasses.field(default_factory=lambda: NOTHING)


@dataclass(slots=True)
class Facts:
    """What the properties of one feature say; a draft that :func:`read_facts` fills."""

    layer: str = ""  # the layer or folder it stands in
    texts: dict[str, str] = field(default_factory=dict)
    original: dict[str, str] = field(default_factory=dict)  # texts that more was read out of
    names: dict[str, str] = field(default_factory=dict)
    status: Status = Status.UNKNOWN
    confirmed: bool | None = None
    updated_at: datetime | None = None
    expires_at: datetime | None = None
    hours_in: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    extra: list[str] = field(default_factory=list)  # “column value” for the note
    access: list[str] = field(default_factory=list)
    hazards: set[str] = field(default_factory=set)
    doubts: list[Doubt] = field(default_factory=list)

    def doubt(self, code: str, column: str | None = None, value: str = "", **params: str) -> None:
        shown = shortened(value) if value else None
        self.doubts.append(Doubt(code, column, shown, params))


class _Cell(NamedTuple):
    column: str
    role: Role
    value: Any
    text: str


def read_facts(
    properties: Mapping[str, Any],
    fields: Fields,
    zone: tzinfo,
    as_of: datetime | None,
    layer: str = "",
) -> Facts:
    """Facts of one feature in a ``layer``; times without offset are meant in ``zone``."""
    facts = Facts()
    properties, listed = spread(properties, fields)
    if listed:
        facts.original["note"] = listed
    named = clean(layer)
    _tell_cleaning("layer", layer, named, facts)
    said = " ".join(named.text.split("\n"))
    facts.layer = "" if said.casefold() in fields.empty else said
    cells = list(_cells(properties, fields, facts))
    by_field: dict[str, list[_Cell]] = {}
    for cell in cells:
        if cell.role.field:
            by_field.setdefault(cell.role.field, []).append(cell)
        else:
            _unknown_column(cell, fields, facts)
    _flags_of_access(by_field, fields, facts)
    for name, found in by_field.items():
        found.sort(key=lambda cell: cell.role.rank)
        _field(name, found, facts)
    _hazards(by_field, fields, facts)
    _states(by_field, properties, fields, facts)
    _times(by_field, facts, zone, as_of)
    _hidden(fields, facts, zone, as_of)
    _hours(facts)
    _finish(fields, facts)
    return facts


def newest_told(features: Iterable[RawFeature], fields: Fields) -> datetime | None:
    """The newest whole time in the columns that say when something was true."""
    features = tuple(features)
    columns = {column for feature in features for column in feature.properties}
    dated = [name for name in columns if fields.role(str(name)).field == "updated_at"]
    told = (
        parse_time(feature.properties[column], JAPAN)
        for feature in features
        for column in dated
        if feature.properties.get(column)
    )
    return max((moment for moment in told if moment is not None), default=None)


def _cells(properties: Mapping[str, Any], fields: Fields, facts: Facts) -> Iterator[_Cell]:
    """Cells that say something, cleaned; what was taken out of them is told."""
    for column, value in list(properties.items())[:_COLUMNS]:
        role = fields.role(str(column))
        if role.dropped or value is None or value == "":
            continue
        said = as_text(value)
        cleaned = clean(said)
        text = cleaned.text
        if not text or text.casefold() in fields.empty:
            continue
        if role.field == "name" and fields.no_name.fullmatch(text):
            continue
        if role.private:
            facts.doubt("PM043", role.shown)
            continue
        _tell_cleaning(role.shown, said, cleaned, facts)
        if role.field == "note":
            text = without_repeats(text, str(column), properties)
        if text:
            yield _Cell(role.shown, role, value, text)


def _tell_cleaning(column: str, value: str, cleaned: Cleaned, facts: Facts) -> None:
    """What had to be done to a text before it can be printed."""
    if cleaned.removed:
        facts.doubt("PM039", column, cleaned.text)
    if cleaned.mended:
        facts.doubt("PM065", column, value, original=shortened(cleaned.text))
    elif cleaned.lost:
        left = likely(value)
        facts.doubt("PM067", column, f"{value} ({left}?)" if left else cleaned.text)


def _field(name: str, cells: list[_Cell], facts: Facts) -> None:
    first, *others = cells
    if name.startswith("name:"):
        facts.names[name[5:]] = " ".join(first.text.split("\n"))
        return
    texts = [first.text]
    for cell in others:
        if fold(cell.text) in {fold(text) for text in texts}:
            continue
        if name in _JOINED:
            texts.append(cell.text)
        elif name not in ("id", "updated_at", "expires_at"):
            facts.extra.append(_line(cell))
    separator = " " if name == "name" else "\n"
    text = separator.join(texts)
    facts.texts[name] = " ".join(text.split("\n")) if name != "note" else text
    if name == "capacity" and first.role.printed and _is_number(first.text):
        facts.texts[name] = first.role.printed.format(first.text)


def _flags_of_access(by_field: dict[str, list[_Cell]], fields: Fields, facts: Facts) -> None:
    """``wheelchair=yes`` says its column's name, ``wheelchair=no`` nothing."""
    cells = by_field.pop("accessibility", [])
    said = [cell for cell in cells if _flag(cell, fields) is None]
    facts.access += [cell.role.label for cell in cells if _flag(cell, fields)]
    if said:
        by_field["accessibility"] = said


def _unknown_column(cell: _Cell, fields: Fields, facts: Facts) -> None:
    """A flag, or a column nobody foresaw: its words go into the note."""
    flag = _flag(cell, fields)
    if flag is False:
        return
    if cell.role.hazard and (flag or cell.text.startswith(fields.noted)):
        facts.hazards.add(cell.role.hazard)
        if not flag:
            facts.extra.append(_line(cell))
    elif flag and cell.role.access:
        facts.access.append(cell.role.label)
    elif flag:
        facts.extra.append(cell.role.label)
    elif cell.text not in cell.role.plain:
        facts.extra.append(_line(cell))


def _flag(cell: _Cell, fields: Fields) -> bool | None:
    if isinstance(cell.value, bool):
        return cell.value
    text = cell.text.casefold()
    if text in fields.yes or (cell.role.one_is_yes and text == "1"):
        return True
    if text in fields.no or (cell.role.one_is_yes and text == "0"):
        return False
    return None


def _line(cell: _Cell) -> str:
    text = " ".join(cell.text.split("\n"))
    if cell.role.printed:
        return cell.role.printed.format(text)
    return f"{cell.role.label} {text}".strip()


def _is_number(text: str) -> bool:
    return text.replace(",", "").replace(".", "").isdigit()


def _hours(facts: Facts) -> None:
    """Hours of one column or several, as people say them: days, times, days without, remarks."""
    keys = ("hours_days", "hours_start", "hours_end", "hours_closed", "hours_remark")
    days, start, end, closed, remark = (facts.texts.pop(key, "") for key in keys)
    parts = [days, facts.texts.get("hours", "")]
    if start or end:
        parts.append(f"{start}–{end}")
    if closed and "休" not in closed and _JAPANESE.search(closed):
        closed = f"定休日 {closed}"  # else the days would read as those on which it is open
    parts += [closed, remark]
    text = " ".join(dict.fromkeys(part for part in parts if part))
    if text:
        facts.texts["hours"] = text
        told = understood(text)
        facts.hours_in = told.words
        if told.error:
            facts.doubt("PM066", "hours", text, place=told.error)


def _hazards(by_field: Mapping[str, list[_Cell]], fields: Fields, facts: Facts) -> None:
    """Words of a cell that lists hazards; what is no known hazard stays in the note."""
    facts.texts.pop("hazards", None)
    for cell in by_field.get("hazards", ()):
        whole = fields.hazards.get(fold(cell.text))
        words = [cell.text] if whole else [w for w in _LISTED.split(cell.text) if w.strip()]
        known = [fields.hazards.get(fold(word)) for word in words]
        facts.hazards.update(filter(None, known))
        other = [word.strip() for word, key in zip(words, known, strict=True) if key is None]
        if other:
            facts.extra.append(_line(cell._replace(text="、".join(other))))


def _states(
    by_field: Mapping[str, list[_Cell]], properties: Mapping[str, Any], fields: Fields, facts: Facts
) -> None:
    if "status" in by_field:
        cell, text = by_field["status"][0], facts.texts.pop("status")
        status = _coded(cell, properties, fields) or fields.statuses.find(text)
        if status is None and _tells_hours(text):
            _as_hours(text, by_field, facts)
        elif status is None:
            facts.doubt("PM042", cell.column, text)
            facts.extra.append(_line(cell))
        elif fields.statuses.exact(text) is None or fold(text) in fields.telling:
            facts.extra.append(text)  # it says more than the state
        facts.status = status or Status.UNKNOWN
        if facts.status is Status.UNKNOWN and fields.hidden_confirmations.find(text) is False:
            facts.confirmed = False
    if "confirmed" in by_field:
        cell, text = by_field["confirmed"][0], facts.texts.pop("confirmed")
        facts.confirmed = fields.confirmations.find(text)
        if facts.confirmed is None:
            facts.doubt("PM042", cell.column, text)
            facts.extra.append(_line(cell))
        elif fields.confirmations.exact(text) is None:
            facts.extra.append(text)


def _tells_hours(text: str) -> bool:
    """Whether a state is really opening hours: “営業: 15:00-21:00”."""
    return bool(_SPAN.search(unicodedata.normalize("NFKC", text)) or understood(text).words)


def _as_hours(text: str, by_field: Mapping[str, list[_Cell]], facts: Facts) -> None:
    """Hours found elsewhere count before those of their own column; these stay in the note."""
    facts.extra += [_line(cell) for cell in by_field.get("hours", ())]
    facts.texts["hours"] = " ".join(text.split("\n"))


def _coded(cell: _Cell, properties: Mapping[str, Any], fields: Fields) -> Status | None:
    for coded in fields.coded:
        if fold(cell.column) == fold(coded.field) and coded.beside in properties:
            return coded.words.get(cell.text)
    return None


def _times(
    by_field: Mapping[str, list[_Cell]], facts: Facts, zone: tzinfo, as_of: datetime | None
) -> None:
    for name in ("updated_at", "expires_at"):
        facts.texts.pop(name, None)
        cells = by_field.get(name, ())
        moments = [parse_time(cell.value, zone, as_of) for cell in cells]
        moment = next((moment for moment in moments if moment is not None), None)
        if cells and moment is None:
            facts.doubt("PM036", cells[0].column, cells[0].text)
            facts.extra.append(_line(cells[0]))
        if name == "updated_at":
            facts.updated_at = moment
        else:
            facts.expires_at = moment


def _hidden(fields: Fields, facts: Facts, zone: tzinfo, as_of: datetime | None) -> None:
    """What hides in the names of category and place becomes fields, where no column says it."""
    said = {"category": facts.layer, "name": "", **facts.texts}
    category = read_category(said["category"], fields, zone, as_of)
    name = read_name(said["name"], fields, zone, as_of)
    for key, label in (("category", category), ("name", name)):
        if label.text != said[key]:
            facts.original[key] = said[key]
        if key in facts.texts:
            facts.texts[key] = label.text
    facts.layer = category.text
    if facts.status is Status.UNKNOWN:
        facts.status = name.status or category.status or facts.status
    if facts.confirmed is None:
        facts.confirmed = category.confirmed if name.confirmed is None else name.confirmed
    if facts.updated_at is None:
        facts.updated_at = name.updated_at or category.updated_at
        undated = name.undated or category.undated
        if undated:
            facts.doubt("PM036", "name" if name.undated else "category", undated)
            facts.extra.append(undated)
    for key in ("cost", "event", "hours"):
        hid = getattr(name, key) or getattr(category, key)
        if hid and key not in facts.texts:
            facts.texts[key] = hid
    _said_in_note(fields, facts)


def _said_in_note(fields: Fields, facts: Facts) -> None:
    """Hours and telephone number on lines of their own, where no column says them."""
    note = facts.texts.get("note", "")
    rest, told = read_note(note, fields, facts.texts)
    if told:
        facts.original.setdefault("note", note)
        facts.texts.update({"note": rest, **told})


def _finish(fields: Fields, facts: Facts) -> None:
    """Leftovers into the note; then examples that were left in, lengths and private data."""
    texts = facts.texts
    if fields.examples.match(texts.get("name", "")):
        facts.doubt("PM009", "name")
    more = texts.pop("address_more", "")
    if more and more not in texts.get("address", ""):
        texts["address"] = f"{texts.get('address', '')} {more}".strip()
    if facts.extra:
        japanese = any(_JAPANESE.search(line) for line in facts.extra)
        line = ("、" if japanese else "; ").join(dict.fromkeys(facts.extra))
        texts["note"] = "\n".join(filter(None, (texts.get("note", ""), line)))
    if "note" in texts and fold(texts["note"]) == fold(texts.get("name", "")):
        del texts["note"]
    if facts.access:
        said = texts.get("accessibility", "")
        texts["accessibility"] = "・".join(dict.fromkeys(filter(None, (said, *facts.access))))
    _private(texts.items(), facts)
    for name, text in texts.items():
        limit = fields.limits.get(name, len(text))
        if len(text) > limit:
            facts.doubt("PM038", name, text, length=str(len(text)), limit=str(limit))
            texts[name] = cut(text, limit)
    longest = fields.limits["name"]
    facts.names = {language: cut(name, longest) for language, name in facts.names.items()}


def _private(texts: Iterable[tuple[str, str]], facts: Facts) -> None:
    for name, text in texts:
        found = private_in(text) if name not in ("id", "url") else ""
        if found:
            facts.doubt("PM037", name, found)
