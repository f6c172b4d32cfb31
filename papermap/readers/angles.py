"""Degrees as people write them: 35°19'24"N, 北緯35度19分24秒, N35.3213, 緯度: 35.3213."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

_PRIMES: Final = str.maketrans(
    {
        **dict.fromkeys("′’‘＇´", "'"),
        **dict.fromkeys("″”“＂", '"'),
        **dict.fromkeys("º˚∘", "°"),
        "−": "-",
    }
)
_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,2})?")
_LONGEST: Final = 60  # characters of a cell with one coordinate
_LATITUDE: Final = ("N", "S", "北緯", "南緯", "緯度", "lat")
_SOUTH_WEST: Final = ("S", "W", "南緯", "西経")
_ANGLE: Final = re.compile(
    r"(?P<pre>(?<![A-Za-z])[NSEW]|北緯|南緯|東経|西経|緯度|経度"
    r"|(?<![A-Za-z])(?i:lat(?:itude)?|lon(?:gitude)?|lng)(?![A-Za-z]))?"
    r"[\s:=]{0,4}(?P<deg>(?<![\d.])-?\d{1,3}(?:\.\d{1,15})?)(?![\d.])\s{0,2}(?P<sign>°(?!C)|度)?"
    r"(?:\s{0,2}(?P<min>\d{1,2}(?:\.\d{1,12})?)\s?(?:'(?!')|分)"
    r"(?:\s{0,2}(?P<sec>\d{1,2}(?:\.\d{1,12})?)\s?(?:\"|''|秒))?)?"
    r"(?:\s?(?P<post>[NSEW])(?![A-Za-z]))?"
)


@dataclass(frozen=True, slots=True)
class Angle:
    """One angle in a text: degrees, south and west negative; None: nobody says which it is."""

    degrees: float
    is_latitude: bool | None
    start: int
    end: int


def plain(text: str) -> str:
    """Text with narrow letters and digits, and one form of each degree, minute and second sign."""
    return unicodedata.normalize("NFKC", text.translate(_PRIMES)).translate(_PRIMES)


def angles(text: str) -> Iterator[Angle]:
    """Each angle in a :func:`plain` text that a sign, a word or a letter marks as one."""
    for found in _ANGLE.finditer(text):
        said = found["pre"] or found["post"] or ""
        value = _value(found)
        if value is None or not (said or found["sign"]):
            continue
        latitude = said.casefold().startswith(_LOWER) if said else None
        sign = -1 if said in _SOUTH_WEST else 1
        yield Angle(sign * value, latitude, found.start(), found.end())


def degrees(text: str) -> float | None:
    """Decimal degrees of a cell that is one angle, or a plain number of any size (metres).

    None for what is no coordinate: sixty minutes or more, two hemispheres, other words beside it.
    """
    if len(text) > _LONGEST:
        return None
    cell = plain(text).strip()
    if _NUMBER.fullmatch(cell):
        return float(cell.replace(",", "."))
    found = _ANGLE.fullmatch(cell.replace(",", "."))
    if found is None or (found["pre"] and found["post"]):
        return None
    return next((angle.degrees for angle in angles(found[0])), None)


def _value(found: re.Match[str]) -> float | None:
    whole = float(found["deg"])
    minutes, seconds = float(found["min"] or 0), float(found["sec"] or 0)
    if found["min"] and (not found["sign"] or not whole.is_integer()):
        return None
    if minutes >= 60 or seconds >= 60 or abs(whole) > 180:
        return None
    size = abs(whole) + minutes / 60 + seconds / 3600
    return -size if found["deg"].startswith("-") else size


_LOWER: Final = tuple(word.casefold() for word in _LATITUDE)
