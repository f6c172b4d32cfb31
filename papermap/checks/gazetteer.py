"""Addresses looked up in a table that the user gives; nothing is sent to any service."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from papermap import resources
from papermap.checks.facts import Doubt
from papermap.checks.geometry import Part, told_place
from papermap.checks.places import Located, find_places
from papermap.checks.text import as_text, clean, fold, shortened
from papermap.errors import SourceError, StyleError
from papermap.model import Kind
from papermap.readers.base import RawSource

_KANJI: Final = "〇一二三四五六七八九"
_COUNTED: Final = re.compile(f"([{_KANJI}十百]{{1,6}})(?=丁目|番|号)")
_BOUNDARY: Final = re.compile(r"$|-|\d|字|番|[A-Za-z]")
_SAME: Final = 0.005  # degrees, some 500 m: two entries mean one place
_LONGEST: Final = 80  # characters of an address that are looked at
_TURNS: Final = 4  # prefecture, city, ward, and one of them written twice


@dataclass(frozen=True, slots=True)
class Entry:
    """One place of the table: its address as written, longitude and latitude, surface."""

    address: str
    lon: float
    lat: float
    size: float = 0.0  # in square degrees: of several areas of one name the largest counts


@dataclass(frozen=True, slots=True)
class Match:
    """What an address stands for: entries, one where it is certain."""

    entries: tuple[Entry, ...]

    @property
    def entry(self) -> Entry | None:
        """The one place meant, None where several could be."""
        first, *others = self.entries
        near = all(
            abs(each.lon - first.lon) < _SAME and abs(each.lat - first.lat) < _SAME
            for each in others
        )
        return first if near else None


@dataclass(frozen=True, slots=True)
class Gazetteer:
    """Addresses of a table by their normal form, with and without prefecture, city and ward."""

    path: str
    entries: Mapping[str, Mapping[str, Entry]]  # normal form → whole address → entry
    prefixes: frozenset[str]
    _lengths: tuple[int, ...] = field(repr=False)

    def find(self, address: str) -> Match | None:
        """The smallest entry that the address lies in, None where there is none.

        ``雪ノ下１丁目８番２５号`` is in ``雪ノ下一丁目`` where the table knows no numbers. The part
        behind an entry must begin with a number: 大町 is not in 大町通.
        """
        best: tuple[int, str] = (0, "")
        for text in self._tails(normal_address(address)):
            key = self._longest(text)
            best = max(best, (len(key), key))
        return Match(tuple(self.entries[best[1]].values())) if best[0] else None

    def _longest(self, text: str) -> str:
        for length in self._lengths:
            key = text[:length]
            if len(key) == length and key in self.entries and _ends(key, text[length:]):
                return key
        return ""

    def _tails(self, text: str) -> Iterator[str]:
        """The address, and what is left of it behind each prefix that the table knows."""
        for _ in range(_TURNS):
            yield text
            known = [p for p in self.prefixes if text.startswith(p) and len(text) > len(p)]
            if not known:
                return
            text = text.removeprefix(max(known, key=len))
        yield text


def make_gazetteer(raw: RawSource) -> Gazetteer:
    """Table of addresses from a source: points, or areas by a point inside them.

    Raises
    ------
    SourceError
        When no row of it has both an address and a place.
    """
    entries: dict[str, dict[str, Entry]] = {}
    prefixes: set[str] = set()
    for found in find_places(raw)[0]:
        parts = _parts(found)
        if not found.parts or not any(parts):
            continue
        entry = _entry(found, "".join(parts))
        *above, last = parts
        whole = normal_address(entry.address)
        for start in range(len(parts)):
            key = normal_address("".join(parts[start:]))
            if last and key:
                known = entries.setdefault(key, {})
                known[whole] = max(known.get(whole, entry), entry, key=lambda each: each.size)
        for start in range(len(above)):
            for end in range(start, len(above)):
                prefixes.add(normal_address("".join(above[start : end + 1])))
    if not entries:
        raise SourceError(
            "{path} holds no addresses with places.",
            "It needs a column such as 住所 or 町丁目名, and 緯度 and 経度 or areas.",
            path=raw.path,
        )
    lengths = tuple(sorted({len(key) for key in entries}, reverse=True))
    return Gazetteer(raw.path, entries, frozenset(prefixes) - {""}, lengths)


def place_by_address(found: Located, address: str, gazetteer: Gazetteer | None) -> Located:
    """The feature in the middle of what its address stands for; an address not found is told."""
    if gazetteer is None or not address:
        return found
    match = gazetteer.find(address)
    entry = match.entry if match else None
    said, told = shortened(address), found.told
    if entry is None:
        several = sorted(each.address for each in match.entries) if match else []
        params = {"count": str(len(several)), "places": shortened(", ".join(several))}
        return replace(found, told=(*told, (0, Doubt("PM079", "address", said, params))))
    params = {"near": shortened(entry.address), "suggestion": told_place(entry.lon, entry.lat)}
    return replace(
        found,
        parts=((0, Part(Kind.POINT, None, entry.lon, entry.lat)),),
        told=((0, Doubt("PM078", "address", said, params)),),
        approximate=shortened(entry.address),
    )


@functools.lru_cache(maxsize=65536)
def normal_address(text: str) -> str:
    """Form in which addresses are compared: ``雪ノ下一丁目８番`` is ``雪ノ下1-8``."""
    plain = unicodedata.normalize("NFKC", text[:_LONGEST])
    plain = _COUNTED.sub(lambda found: str(_number(found[1])), plain)
    for rule, to in _rules():
        plain = rule.sub(to, plain)
    return plain.strip("-")


def _ends(key: str, rest: str) -> bool:
    """Whether what stands behind an entry leaves it whole: 大船2 is not the start of 大船21."""
    if key[-1].isdigit():
        return not rest[:1].isdigit()
    return _BOUNDARY.match(rest) is not None


def _number(kanji: str) -> int:
    total, digit = 0, 0
    for char in kanji:
        if char in "十百":
            total += max(digit, 1) * (10 if char == "十" else 100)
            digit = 0
        else:
            digit = digit * 10 + _KANJI.index(char)
    return total + digit


def _parts(found: Located) -> tuple[str, ...]:
    """The address of a row from large to small, in the columns it has; whole ones alone."""
    texts: dict[str, str] = {}
    for column, value in found.feature.properties.items():
        text = clean(as_text(value), lines=False).text
        if text and text != "-":
            texts.setdefault(fold(str(column)), text)
    parts = {
        part: next((texts[name] for name in names if name in texts), "")
        for part, names in _columns().items()
    }
    whole = parts.pop("address")
    if not parts["town"]:
        return (*(parts[key] for key in ("prefecture", "city", "ward")), whole) if whole else ()
    block = "".join((parts["town"], parts["chome"], parts["block"]))
    return parts["prefecture"], parts["city"], parts["ward"], block


def _entry(found: Located, address: str) -> Entry:
    sizes = [part.geometry.area if part.geometry is not None else 0.0 for _, part in found.parts]
    largest = max(range(len(sizes)), key=sizes.__getitem__)
    part = found.parts[largest][1]
    return Entry(address, part.lon, part.lat, sizes[largest])


def _columns() -> Mapping[str, Iterable[str]]:
    columns: Mapping[str, list[str]] = _tables()["columns"]
    return {part: tuple(map(fold, names)) for part, names in columns.items()}


@functools.cache
def _rules() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(rule["from"]), rule["to"]) for rule in _tables()["rules"])


@functools.cache
def _tables() -> Mapping[str, Any]:
    path = resources.file("styles", "data/gazetteer.toml")
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise StyleError(
            "Address file {name} cannot be read: {error}.", name=path.name, error=error
        ) from error
