"""The names strangers give to things, from ``styles/data/fields.toml``."""

from __future__ import annotations

import copy
import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Generic, TypeVar

from papermap import headers
from papermap.checks.text import clean, fold, shortened
from papermap.errors import StyleError
from papermap.model import Status

_LANGUAGE: Final = re.compile(r"name[:_]([a-z]{2})")
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Role:
    """What one column is: a field (or ``name:xx``), a flag, or nothing known (``field`` empty)."""

    field: str = ""
    rank: int = 0
    dropped: bool = False
    private: bool = False
    access: bool = False  # a ○ here is about access
    one_is_yes: bool = False
    hazard: str = ""  # a flag here says that the place is designated for it
    shown: str = ""  # the column's own name, safe for messages
    label: str = ""  # how the column is called on paper
    printed: str = ""  # format of its value on paper
    plain: frozenset[str] = frozenset()  # values that go without saying


@dataclass(frozen=True, slots=True)
class Coded:
    """Codes of one system's column: words only where another column tells the system."""

    field: str
    beside: str
    words: Mapping[str, Status]


class Lexicon(Generic[T]):
    """Words and their meanings; the longest word that a text holds decides."""

    def __init__(self, words: Mapping[str, T]) -> None:
        self._exact = {fold(word) or word: value for word, value in words.items()}
        inside = [word for word in words if len(fold(word)) > 1 and not word.isdigit()]
        inside.sort(key=lambda word: (-len(fold(word)), word))
        self._inside = [(_pattern(word), words[word]) for word in inside]

    def find(self, text: str) -> T | None:
        """Meaning of the text, None where no word of it is known."""
        exact = self._exact.get(fold(text) or text.strip())
        if exact is not None:
            return exact
        return self.inside(text)

    def exact(self, text: str) -> T | None:
        """Meaning of a text that is one known word and nothing else."""
        return self._exact.get(fold(text) or text.strip())

    def inside(self, text: str) -> T | None:
        """Meaning of the longest known word in the text; Latin words only as whole words."""
        plain = _plain(text)
        return next((value for pattern, value in self._inside if pattern.search(plain)), None)


class Fields:
    """Roles of columns and meanings of words; made once, then only asked."""

    def __init__(self, tables: Mapping[str, Any]) -> None:
        self._columns = {
            fold(name): (field, rank)
            for field, names in reversed(tables["fields"].items())
            for rank, name in reversed(list(enumerate(names)))
        }
        self._underscored = frozenset(
            name for names in tables["fields"].values() for name in names if name.startswith("_")
        )
        for language, names in tables["names"].items():
            for rank, name in enumerate(names):
                self._columns[fold(name)] = (f"name:{language}", rank)
        self._technical = re.compile(
            "|".join(f"(?:{rule})" for rule in _rules(tables, "technical"))
        )
        self._private = frozenset(fold(name) for name in tables["dropped"]["private"])
        self._printed = {fold(table["field"]): table for table in tables["printed"]}
        self._flags = tables["flags"]
        self.noted: str = tables["flags"]["noted"]
        self.hazards: Mapping[str, str] = MappingProxyType(
            {fold(word): key for key, words in tables["hazards"].items() for word in words}
        )
        self._one_is_yes = re.compile("|".join(f"(?:{r})" for r in tables["flags"]["one_is_yes"]))
        self._tables = tables
        self._roles: dict[str, Role] = {}
        self.tags: tuple[str, ...] = tuple(tables["tags"]["keys"])
        self.fallback: tuple[str, ...] = tuple(tables["tags"]["fallback"])
        self.empty = frozenset(word.casefold() for word in tables["empty"]["words"])
        self.no_name = _any_of(tables["empty"]["names"])
        self.yes = frozenset(_plain(word) for word in tables["flags"]["yes"])
        self.no = frozenset(_plain(word) for word in tables["flags"]["no"])
        self.limits: Mapping[str, int] = MappingProxyType(tables["limits"])
        self.coded = tuple(_coded(table) for table in tables["coded"])
        self.statuses = Lexicon(
            {word: Status(key) for key, words in tables["status"].items() for word in words}
        )
        self.telling = frozenset(fold(word) for word in tables["telling"]["status"])
        self.confirmations = Lexicon(
            {word: key == "yes" for key in ("no", "yes") for word in tables["confirmed"][key]}
        )
        self.hidden_statuses = Lexicon(
            {word: Status(key) for key in ("closed", "full", "open") for word in self._hidden(key)}
        )
        self.costs, self.events = (_any_of(self._hidden(key)) for key in ("costs", "events"))
        self.event_lead = re.compile(rf"({self.events.pattern})[ _\u3000]+(?=\S)")
        self.examples = re.compile("|".join(self._hidden("examples")), re.IGNORECASE)
        self.copies = re.compile(rf"{_any_of(self._hidden('copies')).pattern}$", re.IGNORECASE)
        self.hidden_confirmations = Lexicon(
            {
                word: key == "confirmed"
                for key in ("unconfirmed", "confirmed")
                for word in self._hidden(key)
            }
        )

    def meaning(self, columns: Mapping[str, str]) -> Fields:
        """The same, with what these columns mean in one source said by its headers."""
        if not columns:
            return self
        said = enumerate(columns.items())
        changed = copy.copy(self)
        changed._roles = {}  # noqa: SLF001 - of its own kind
        changed._columns = {  # noqa: SLF001
            **self._columns,
            **{fold(column): (field, rank - 999) for rank, (column, field) in said},
        }
        return changed

    def role(self, column: str) -> Role:
        """What the column of this name is; remembered, since rows repeat their columns."""
        found = self._roles.get(column)
        if found is None:
            found = self._make_role(column)
            if len(self._roles) < 10_000:
                self._roles[column] = found
        return found

    def _hidden(self, key: str) -> list[str]:
        words: list[str] = self._tables["hidden"][key]
        return words

    def _make_role(self, column: str) -> Role:
        folded, plain = fold(column), _plain(column)
        printed = self._printed.get(folded, {})
        known = {
            "shown": shortened(column),
            "label": self._label(column),
            "printed": printed.get("as", ""),
            "plain": frozenset(printed.get("plain", ())),
        }
        role, _ = self._columns.get(folded, ("", 0))
        private = role == headers.PRIVATE or folded in self._private
        if column.startswith("_") and column not in self._underscored and not private:
            return Role(
                dropped=True, **known
            )  # a survey tool's own: Kobo's _status is none of ours
        if folded in self._columns:
            field, rank = self._columns[folded]
            if field in (headers.DROPPED, headers.PRIVATE):
                return Role(
                    dropped=field == headers.DROPPED, private=field == headers.PRIVATE, **known
                )
            return Role(field, rank, **known)
        language = _LANGUAGE.fullmatch(plain)
        if language:
            return Role(f"name:{language[1]}", 9, **known)
        hazard = self.hazards.get(fold(known["label"]), "")
        return Role(
            dropped=bool(self._technical.fullmatch(plain)),
            private=folded in self._private,
            access=any(fold(word) in folded for word in self._flags["access"]),
            one_is_yes=bool(hazard or self._one_is_yes.fullmatch(plain)),
            hazard=hazard,
            **known,
        )

    def _label(self, column: str) -> str:
        label = clean(column, lines=False).text
        for prefix in self._flags["prefixes"]:
            label = label.removeprefix(prefix)
        for suffix in self._flags["suffixes"]:
            if label.endswith(suffix) and len(label) > len(suffix):
                return label.removesuffix(suffix).rstrip("（( _・")
        return label


@functools.cache
def load_fields() -> Fields:
    """Names and words that come with papermap.

    Raises
    ------
    StyleError
        When their file cannot be read.
    """
    try:
        return Fields(headers.load_fields())
    except (KeyError, ValueError, TypeError) as error:
        raise StyleError("Field file fields.toml cannot be read: {error}.", error=error) from error


def _any_of(patterns: list[str]) -> re.Pattern[str]:
    return re.compile(f"(?:{'|'.join(patterns)})", re.IGNORECASE)


def _rules(tables: Mapping[str, Any], key: str) -> list[str]:
    rules: list[str] = tables["dropped"][key]
    return rules


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().casefold()


def _coded(table: Mapping[str, Any]) -> Coded:
    words = {word: Status(key) for key in ("closed", "open") for word in table[key]}
    return Coded(table["field"], table["beside"], MappingProxyType(words))


def _pattern(word: str) -> re.Pattern[str]:
    plain = re.escape(_plain(word))
    return re.compile(rf"(?<![a-z0-9]){plain}(?![a-z0-9])" if word.isascii() else plain)
