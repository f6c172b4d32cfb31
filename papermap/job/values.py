"""Values as people write them, on the command line or in TOML → values that make sense.

Each raises a UsageError that names the setting, what is wrong with it and how to write it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from papermap.errors import UsageError
from papermap.model import CategoryName

LANGUAGES: Final = ("ja", "en")
_LARGEST_SCALE, _SMALLEST_SCALE = 500, 1_000_000
_LONGEST_URL: Final = 300  # characters; a QR of more cannot be read from paper of this size
_PATHS: Final = (
    "output",
    "basemap",
    "geocode",
    "manifest",
    "area",
    "style",
    "sources",
    "decisions",
    "tile_cache",
)


def parse_scale(value: object) -> int | None:
    """N of ``1:N``; also ``N`` alone, ``10,000``; ``auto`` is None."""
    text = str(value).strip().lower().replace(",", "").replace("_", "")
    if text == "auto":
        return None
    found = re.fullmatch(r"(?:1\s*[:/])?\s*(\d+)", text)
    scale = int(found[1]) if found and len(found[1]) < 10 else 0
    if not _LARGEST_SCALE <= scale <= _SMALLEST_SCALE:
        raise UsageError(
            "“{value}” is not a scale that can be printed.",
            "Write auto, or 1:{largest} to 1:{smallest:,}, such as 1:10000.",
            value=value,
            largest=_LARGEST_SCALE,
            smallest=_SMALLEST_SCALE,
        )
    return scale


def parse_languages(value: str) -> tuple[str, ...]:
    """Languages on paper, the main one first."""
    parts = (part.strip().lower() for part in value.split(","))
    languages = tuple(dict.fromkeys(filter(None, parts)))
    if not languages:
        raise UsageError("No language was named.", "Write ja, en or ja,en.")
    for language in languages:
        if language not in LANGUAGES:
            near = difflib.get_close_matches(language, LANGUAGES, n=1, cutoff=0.3)
            raise UsageError(
                "Unknown language “{language}”.",
                "Write ja, en or ja,en.",
                language=language,
                near=near[0] if near else "",
            )
    return languages


def parse_sheets(value: object) -> tuple[int, ...]:
    """Sheet numbers of ``3,5-7``, or of a TOML list of numbers."""
    text = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    numbers: set[int] = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = re.fullmatch(r"(\d{1,4})(?:\s*-\s*(\d{1,4}))?", part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last:
            raise UsageError("“{part}” names no sheets.", "Write numbers such as 3,5-7.", part=part)
        numbers.update(range(first, last + 1))
    return tuple(sorted(numbers))


def parse_as_of(value: object) -> datetime | None:
    """Time for which the atlas speaks: ISO 8601, or ``now``; a time without zone is local."""
    if value is None:
        return None
    text = str(value).strip()
    if text.lower() == "now":
        return datetime.now(UTC).replace(second=0, microsecond=0).astimezone()
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not 1900 < moment.year < 2200:
        raise UsageError(
            "“{value}” is not a time.", "Write one such as 2026-09-14T16:00, or now.", value=value
        )
    return moment if moment.tzinfo else moment.astimezone()


def names_in(options: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Names of files: a list, or one alone."""
    value = options.get(key, ())
    if isinstance(value, str | Path):
        value = (value,)
    if not isinstance(value, list | tuple):
        raise UsageError(
            "Setting “{key}” must be a list of files, not {value!r}.",
            'Write it like {key} = ["…"].',
            key=key,
            value=value,
        )
    return tuple(text_in({key: each}, key, "") for each in value)


def table_in(options: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    """A table, empty where there is none."""
    value = options.get(key, {})
    if not isinstance(value, Mapping):
        raise UsageError(
            "Setting “{key}” must be a table, not {value!r}.",
            "Write it under [{key}].",
            key=key,
            value=value,
        )
    return value


def local_in(options: Mapping[str, Any]) -> dict[str, str]:
    """Files that stand in for sources of a map config."""
    table = table_in(options, "local")
    return {key: text_in({"sources": path}, "sources", "") for key, path in table.items()}


def categories_in(options: Mapping[str, Any]) -> tuple[CategoryName, ...]:
    """Names in the project's languages and a colour, by the text of the column or folder."""
    found = []
    for text, value in table_in(options, "categories").items():
        names = {"ja": value} if isinstance(value, str) else value
        known = isinstance(names, Mapping) and set(names) <= {"ja", "en", "colour"}
        if not known or not all(isinstance(each, str) for each in names.values()):
            raise UsageError(
                "Category “{text}” must have names, not {value!r}.",
                'Write it like "{text}" = {{ ja = "…", en = "…", colour = "#285797" }}.',
                text=text,
                value=value,
            )
        colour = names.get("colour", "").removeprefix("#").upper()
        if colour and not re.fullmatch("[0-9A-F]{6}", colour):
            raise UsageError(
                "“{colour}” is no colour.", "Write one such as #285797.", colour=names["colour"]
            )
        ja, en = (printable(names.get(language, "")) for language in LANGUAGES)
        found.append(CategoryName(text, ja, en, colour))
    return tuple(found)


def area_in(options: Mapping[str, Any]) -> str | None:
    """An area: its text, or four numbers."""
    value = options.get("area", "")
    if isinstance(value, list):
        return ",".join(map(str, value))
    return text_in(options, "area", "") or None


def text_in(options: Mapping[str, Any], key: str, default: str) -> str:
    """A text; names of files keep their characters, all else is made printable."""
    value = options.get(key, default)
    if isinstance(value, list) and key == "lang":
        value = ",".join(map(str, value))
    if not isinstance(value, str | Path):
        raise UsageError(
            "Setting “{key}” must be a text, not {value!r}.",
            'Write it like {key} = "…".',
            key=key,
            value=value,
        )
    text = str(value)
    if key not in _PATHS:
        return printable(text)
    if "\0" in text:
        raise UsageError(
            "Setting “{key}” is no name of a file: {text!r}.", "Write it anew.", key=key, text=text
        )
    return text


def printable(text: str) -> str:
    """One line without what steers printers; bytes of a terminal that is not UTF-8 are read so."""
    known = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(char if char.isprintable() or char == "\u3000" else " " for char in known)


def url_in(options: Mapping[str, Any]) -> str:
    """A web address that a QR code can carry."""
    url = text_in(options, "url", "").strip()
    if url and not re.match(r"https?://[^\s/]", url):
        raise UsageError("“{url}” is no web address.", "Begin it with https://.", url=url[:80])
    if len(url) > _LONGEST_URL:
        raise UsageError(
            "The url has {count} characters, too many for a QR code that paper can carry.",
            "Use a shorter address, of {most} characters at most.",
            count=len(url),
            most=_LONGEST_URL,
        )
    return url


def number_in(
    options: Mapping[str, Any], key: str, default: float, *, least: float, most: float
) -> float:
    """A number within bounds."""
    value = options.get(key, default)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not least <= value <= most:  # NaN is not either
        raise UsageError(
            "Setting “{key}” must be a number from {least} to {most}, not {value!r}.",
            key=key,
            least=least,
            most=most,
            value=value,
        )
    return float(value)


def count_in(options: Mapping[str, Any], key: str, *, most: int, default: int = 1) -> int:
    """A whole number from 1."""
    value = number_in(options, key, default, least=1, most=most)
    if value != int(value):
        raise UsageError(
            "Setting “{key}” must be a whole number, not {value!r}.", key=key, value=value
        )
    return int(value)


def flag_in(options: Mapping[str, Any], key: str) -> bool:
    """True or false."""
    value = options.get(key, False)
    if not isinstance(value, bool):
        raise UsageError(
            "Setting “{key}” must be true or false, not {value!r}.", key=key, value=value
        )
    return value
