"""What a person decided for good: these are one place, those never are."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path, PurePath
from typing import Any, Final

from papermap.checks.text import fold
from papermap.errors import UsageError
from papermap.model import Place

_KEYS: Final = ("id", "source", "name", "category", "feature")
_HINT: Final = "docs/merge.md shows how a decision is written."


@dataclass(frozen=True, slots=True)
class Selector:
    """One place as a person names it: by its id, or by name, source, category, feature."""

    id: str = ""
    source: str = ""  # path, or its last part
    name: str = ""
    category: str = ""
    feature: int = 0

    def __str__(self) -> str:
        given = ((key, getattr(self, key)) for key in _KEYS)
        return ", ".join(f"{key} = {value}" for key, value in given if value)

    def means(self, place: Place) -> bool:
        """Whether this is such a place."""
        return (
            (not self.id or place.id == self.id)
            and (not self.source or _is_source(place.origin.source, self.source))
            and (not self.name or fold(place.name) == fold(self.name))
            and (not self.category or place.category == self.category)
            and (not self.feature or place.origin.feature == self.feature)
        )


@dataclass(frozen=True, slots=True)
class Decision:
    """Places that are one, or (``apart``) never are; counted from 1 in the file."""

    number: int
    places: tuple[Selector, ...]
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Decisions:
    """All decisions of one file; ``path`` is empty where there is none."""

    path: str = ""
    decisions: tuple[Decision, ...] = ()


@dataclass(frozen=True, slots=True)
class Stale:
    """A decision that fits no longer: what names no place, or too many."""

    number: int
    selector: Selector
    count: int


@dataclass(frozen=True, slots=True)
class Decided:
    """Decisions as indices of places: joined together, kept apart, and what fits no longer."""

    together: tuple[tuple[int, ...], ...]
    apart: Mapping[int, frozenset[int]]
    stale: tuple[Stale, ...]


def read_decisions(path: str | Path) -> Decisions:
    """Decisions of a TOML file.

    ``[[join]]`` and ``[[apart]]`` each have ``places``, a list of two or more tables with an
    ``id`` or a ``name``, and with ``source``, ``category`` or ``feature`` where that does not say
    enough; ``why`` is for people.

    Raises
    ------
    UsageError
        When the file cannot be read, or a decision in it cannot be understood.
    """
    try:
        tables = tomllib.loads(Path(path).read_text("utf-8-sig"))
    except OSError as error:
        raise UsageError(
            "Decisions file {path} cannot be read: {reason}.",
            "Check its name.",
            path=path,
            reason=error.strerror,
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise UsageError(
            "Decisions file {path} is not TOML: {error}.", _HINT, path=path, error=error
        ) from error
    for key in tables:
        if key not in ("join", "apart"):
            raise UsageError(
                "Decisions file {path}: “{key}” is neither join nor apart.",
                _HINT,
                path=path,
                key=key,
            )
    found: list[Decision] = []
    for key in ("join", "apart"):
        entries = tables.get(key, [])
        for entry in entries if isinstance(entries, list) else [entries]:
            places = _selectors(entry, f"{path}: [[{key}]]")
            found.append(Decision(len(found) + 1, places, apart=key == "apart"))
    return Decisions(str(path), tuple(found))


def decide(decisions: Decisions, places: Sequence[Place]) -> Decided:
    """What the decisions mean for these places.

    A decision over a source that is not there says nothing, and is not stale. To be joined, each
    selector must name one place alone; to be kept apart it may name several.

    Raises
    ------
    UsageError
        When two decisions contradict one another.
    """
    sources = {place.origin.source for place in places}
    together: list[tuple[int, ...]] = []
    apart: defaultdict[int, set[int]] = defaultdict(set)
    stale: list[Stale] = []
    for decision in decisions.decisions:
        if not all(_there(selector, sources) for selector in decision.places):
            continue
        found = [_meant(selector, places) for selector in decision.places]
        wrong = [
            Stale(decision.number, selector, len(meant))
            for selector, meant in zip(decision.places, found, strict=True)
            if not meant or (len(meant) > 1 and not decision.apart)
        ]
        if wrong:
            stale += wrong
        elif decision.apart:
            for one, two in _pairs(found):
                apart[one].add(two)
                apart[two].add(one)
        else:
            together.append(tuple(sorted({meant[0] for meant in found})))
    for group in together:
        for one, two in combinations(group, 2):
            if two in apart[one]:
                raise UsageError(
                    "Decisions file {path} both joins and keeps apart “{first}” and “{second}”.",
                    "Delete one of the two decisions.",
                    path=decisions.path,
                    first=places[one].name,
                    second=places[two].name,
                )
    return Decided(tuple(together), {key: frozenset(v) for key, v in apart.items()}, tuple(stale))


def _selectors(entry: Any, where: str) -> tuple[Selector, ...]:
    places = entry.get("places") if isinstance(entry, dict) else None
    if not isinstance(places, list) or len(places) < 2:
        raise UsageError("Decisions file {where} must list two places or more.", _HINT, where=where)
    return tuple(_selector(place, where) for place in places)


def _selector(table: Any, where: str) -> Selector:
    if isinstance(table, str):
        table = {"id": table}
    if not isinstance(table, dict) or not (table.get("id") or table.get("name")):
        raise UsageError(
            "Decisions file {where}: a place needs an id or a name.", _HINT, where=where
        )
    for key, value in table.items():
        if key not in _KEYS or not isinstance(value, int if key == "feature" else str):
            raise UsageError(
                "Decisions file {where}: {key} = {value!r} says nothing.",
                _HINT,
                where=where,
                key=key,
                value=value,
            )
    return Selector(**table)


def _is_source(path: str, asked: str) -> bool:
    return path == asked or PurePath(path).name == asked


def _there(selector: Selector, sources: set[str]) -> bool:
    return not selector.source or any(_is_source(path, selector.source) for path in sources)


def _meant(selector: Selector, places: Sequence[Place]) -> list[int]:
    return [index for index, place in enumerate(places) if selector.means(place)]


def _pairs(found: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    for ones, twos in combinations(found, 2):
        yield from ((one, two) for one in ones for two in twos if one != two)
