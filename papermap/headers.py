"""How the columns of strangers' tables are called, and what the header sets of the field mean.

The names live in ``styles/data/fields.toml`` and ``styles/data/headers.toml``: a sheet that nobody
foresaw is a few lines of TOML there, or in the project file of whoever prints it.
"""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from papermap import resources
from papermap.errors import Phrase, StyleError, UsageError

DROPPED: Final = "dropped"  # roles that are no field of a place
PRIVATE: Final = "private"
POSITION: Final = ("lat", "lon", "geometry", "geopoint")
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_NAME_IN: Final = re.compile(r"name:[a-z]{2}")
_KEYS: Final = ("columns", "constants", "dropped", "private", "crs", "read_as")
READING: Final = (*_KEYS, "files")  # options of a project file
_SET_KEYS: Final = (*_KEYS, "name", "needs", "groups")
_SINGLE: Final = ("name", "crs", "groups", "read_as")


def fold(text: str) -> str:
    """Form in which words are compared: width, case, blanks and punctuation do not matter."""
    return _NOT_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())


@dataclass(frozen=True, slots=True)
class Headers:
    """How the columns of one kind of table are to be read.

    ``needs`` are the columns by which it is recognised: of each group of names (folded) one must
    be there. ``columns`` are by field, or by part of the position: ``lat``, ``lon`` (in ``crs``,
    degrees or metres), ``geometry`` (WKT or GeoJSON), ``geopoint`` (“lat lon altitude accuracy”).
    ``constants`` are what every row says. ``groups`` is the mark behind the name of a group of
    questions (``group/name``).
    """

    name: str = ""
    needs: tuple[frozenset[str], ...] = ()
    columns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    dropped: tuple[str, ...] = ()
    private: tuple[str, ...] = ()
    crs: str = ""
    groups: str = ""
    read_as: str = ""  # key of the reader, by force

    def over(self, other: Headers) -> Headers:
        """What both say; this one is asked first."""
        return Headers(
            name=self.name or other.name,
            needs=self.needs or other.needs,
            columns={**other.columns, **self.columns},
            constants={**other.constants, **self.constants},
            dropped=self.dropped + other.dropped,
            private=self.private + other.private,
            crs=self.crs or other.crs,
            groups=self.groups or other.groups,
            read_as=self.read_as or other.read_as,
        )

    def roles(self) -> dict[str, str]:
        """Column → its field, ``DROPPED`` or ``PRIVATE``; without those of the position."""
        named = {
            column: field
            for field, columns in self.columns.items()
            for column in columns
            if field not in POSITION
        }
        return {
            **dict.fromkeys(self.dropped, DROPPED),
            **dict.fromkeys(self.private, PRIVATE),
            **named,
        }


NO_HEADERS: Final = Headers()


def parse_headers(table: Mapping[str, Any], where: str) -> Headers:
    """Headers as a person wrote them in the project file: ``[columns]``, ``[constants]`` and so on.

    Raises
    ------
    UsageError
        For an unknown key or field (with the nearest one), or a value that is no text.
    """
    return _Parser(where, _KEYS, UsageError).headers(table)


def recognised(columns: Collection[str]) -> Headers | None:
    """The header set of a table with these columns: of those that fit, the one that asks most."""
    there = {fold(column) for column in columns}
    fitting = [
        headers
        for headers in load_headers()
        if headers.needs and all(names & there for names in headers.needs)
    ]
    return max(fitting, key=lambda headers: len(headers.needs), default=None)


@functools.cache
def load_headers() -> tuple[Headers, ...]:
    """The header sets that come with papermap.

    Raises
    ------
    StyleError
        When their file cannot be read.
    """
    tables = _tables("headers.toml")
    return tuple(
        _Parser(f"[{key}] of headers.toml", _SET_KEYS, StyleError).headers(table)
        for key, table in tables.items()
    )


@functools.cache
def load_fields() -> Mapping[str, Any]:
    """The tables of ``fields.toml``: names of columns and the words in them.

    Raises
    ------
    StyleError
        When their file cannot be read.
    """
    return MappingProxyType(_tables("fields.toml"))


@functools.cache
def known_fields() -> frozenset[str]:
    """What a column can be: a field of a place, or a part of its position."""
    return frozenset((*load_fields()["fields"], *POSITION))


@dataclass(frozen=True, slots=True)
class Reading:
    """What the user says of columns: of all sources, and of each by the path that names it."""

    headers: Headers = NO_HEADERS
    files: Mapping[str, Headers] = field(default_factory=dict)

    def of(self, path: str) -> Headers:
        """What is said of one source; the most special first."""
        return self.files.get(path, NO_HEADERS).over(self.headers)


def parse_reading(options: Mapping[str, Any], where: str = "the project file") -> Reading:
    """Reading of the options named in ``READING``.

    Raises
    ------
    UsageError
        As :func:`parse_headers`.
    """
    files = options.get("files", {})
    if not isinstance(files, Mapping) or not all(isinstance(t, Mapping) for t in files.values()):
        raise UsageError(
            "“files” must hold a table for each file.", 'Write [files."points.csv".columns].'
        )
    return Reading(
        parse_headers({key: options[key] for key in _KEYS if key in options}, where),
        {name: parse_headers(table, f"[files.{name}]") for name, table in files.items()},
    )


def check_names(files: Collection[str], sources: Collection[str]) -> None:
    """Stop at a file that is told of and is no source.

    Raises
    ------
    UsageError
        With the source that may have been meant.
    """
    for name in files:
        if name not in sources:
            near = difflib.get_close_matches(name, sources, n=1)
            raise UsageError(
                "[files] tells of {name}, which is no source.",
                "" if near else "Name it under sources too.",
                near=near[0] if near else "",
                name=name,
            )


def read_columns(path: Path) -> dict[str, Any]:
    """Options named in ``READING`` of a TOML file of their own, or of a project file.

    Raises
    ------
    UsageError
        When the file is missing, is no TOML, or says nothing of columns.
    """
    try:
        table = tomllib.loads(path.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            "The file of columns {path} cannot be read: {error}.",
            'Write it like: [columns], then name = "施設名".',
            path=path,
            error=error,
        ) from error
    found: dict[str, Any] = {key: table[key] for key in _KEYS if key in table}
    if not found:
        raise UsageError(
            "The file of columns {path} says nothing of columns.",
            'Write it like: [columns], then name = "施設名".',
            path=path,
        )
    return found


def _tables(name: str) -> dict[str, Any]:
    path = resources.file("styles", f"data/{name}")
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise StyleError(
            "Data file {name} cannot be read: {error}.", name=name, error=error
        ) from error


@dataclass(frozen=True, slots=True)
class _Parser:
    """Takes one table of TOML apart; what is wrong is told with the place and the nearest name."""

    where: str
    keys: Collection[str]
    error: type[UsageError]

    def headers(self, table: Mapping[str, Any]) -> Headers:
        for key in table:
            self._check(key, self.keys, "key")
        needs = table.get("needs", [])
        singles = {key: self._texts(key, table[key])[0] for key in _SINGLE if key in table}
        columns, constants = self._section("columns", table), self._section("constants", table)
        return Headers(
            needs=tuple(frozenset(map(fold, self._texts("needs", names))) for names in needs),
            columns={field: self._texts(field, value) for field, value in columns.items()},
            constants={field: self._texts(field, value)[0] for field, value in constants.items()},
            dropped=self._texts("dropped", table.get("dropped", [])),
            private=self._texts("private", table.get("private", [])),
            **singles,
        )

    def _check(self, key: str, known: Collection[str], what: str) -> None:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            raise self.error(
                "Unknown {what} “{key}” in {where}.",
                "" if near else "Known: {known}.",
                near=near[0] if near else "",
                what=Phrase(what),
                key=key,
                where=Phrase(self.where),
                known=", ".join(sorted(known)),
            )

    def _texts(self, key: str, value: Any) -> tuple[str, ...]:
        found = value if isinstance(value, list) else [value]
        if not all(isinstance(text, str) and text.strip() for text in found):
            raise self.error(
                "“{key}” in {where} must be a text, or a list of texts, not {value!r}.",
                'Write it like {key} = "…".',
                key=key,
                where=Phrase(self.where),
                value=value,
            )
        return tuple(found)

    def _section(self, key: str, table: Mapping[str, Any]) -> Mapping[str, Any]:
        inner = table.get(key, {})
        if not isinstance(inner, Mapping):
            raise self.error(
                "“{key}” in {where} must be a table.",
                'Write [{key}], then name = "…".',
                key=key,
                where=Phrase(self.where),
            )
        for name in inner:
            if not _NAME_IN.fullmatch(name):
                self._check(name, known_fields(), "field")
        return inner
