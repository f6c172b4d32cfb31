"""Schemas: how the layers and fields of some kind of file become ours, as data files say it.

Ours are the layers and fields of OpenMapTiles, with ``coastline``, ``contour`` and ``junction``
beside them. A schema is a TOML file in ``styles/data/schemas``; a new one needs no code.
"""

from __future__ import annotations

import fnmatch
import functools
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final, Literal

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from papermap import resources
from papermap.basemap.base import Layer

Column = NDArray[np.object_]
_ANY: Final = "*"
_NO: Final = frozenset({"", "no", "false", "0", "f", "none"})
_DIMENSIONS: Final = {"point": 0, "line": 1, "area": 2}


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of a schema's tables: a misspelt key is an error."""


class Value(_Table, frozen=True):
    """One way to find a field: the first of ``from_`` that says something, put into our words.

    ``values`` translates (``"*"``: whatever else is said, but a no); without it the field is
    copied. A text names one of the tables in ``words.toml``. ``value`` is a constant, given where
    the fields in ``from_`` say anything but no.
    """

    from_: tuple[str, ...] = msgspec.field(default=(), name="from")
    values: Mapping[str, str] | str = {}
    value: str = ""

    def of(self, columns: Mapping[str, Column], count: int) -> Column:
        """The field of each feature; None where nothing is said."""
        if not self.from_:
            return _filled(count, self.value)
        said = _first([columns[name] for name in self.from_ if name in columns], count)
        if self.value:
            return _each(said, lambda text: self.value if _yes(text) else None)
        if not self.values:
            return said
        words = _words()[self.values] if isinstance(self.values, str) else self.values
        return _each(said, lambda text: _translated(text, words))


class MapRule(_Table, frozen=True):
    """Features of one layer of a file, and what they are with us.

    ``from_`` names layers of the file (``*`` stands for anything, case makes no difference).
    Taken are features of which each field in ``when`` has one of the values (``"*"``: any but
    no), none in ``unless`` has, and ``class`` was found where the rule asks for one.
    """

    from_: tuple[str, ...] = msgspec.field(name="from")
    to: str
    geometry: Literal["point", "line", "area", ""] = ""
    edge: bool = False  # areas give their edge
    when: Mapping[str, tuple[str, ...]] = {}
    unless: Mapping[str, tuple[str, ...]] = {}
    fields: Mapping[str, tuple[Value, ...]] = {}

    def reads(self, table: str) -> bool:
        """Whether the rule takes features of this layer of a file."""
        return any(fnmatch.fnmatchcase(table.lower(), name.lower()) for name in self.from_)


class Schema(_Table, frozen=True):
    """One kind of file: its rules and what all its features may say."""

    name: str
    title: str
    attribution: str
    rules: tuple[MapRule, ...]
    copy: tuple[str, ...] = ()  # fields that are the same with us
    tiled: bool = False  # features may have been cut at the edges of tiles
    fields: Mapping[str, tuple[Value, ...]] = {}  # for every rule, such as names

    def rules_for(self, table: str) -> tuple[MapRule, ...]:
        """Rules that take features of a layer of the file."""
        return tuple(rule for rule in self.rules if rule.reads(table))

    def chooses_by(self, table: str) -> frozenset[str]:
        """Fields by which features of a layer are known; empty where all of them are taken."""
        found: set[str] = set()
        for rule in self.rules_for(table):
            ways = rule.fields.get("class", ())
            names = {name for way in ways for name in way.from_} | {*rule.when}
            if not rule.when and not all(way.from_ for way in ways or (Value(),)):
                return frozenset()
            found |= names
        return frozenset(found)

    def columns(self, table: str) -> tuple[str, ...]:
        """Fields of the file that the rules for this layer look at."""
        names = list(self.copy)
        for rule in self.rules_for(table):
            names += [*rule.when, *rule.unless]
            for ways in (*self.fields.values(), *rule.fields.values()):
                names += [name for way in ways for name in way.from_]
        return tuple(dict.fromkeys(names))

    def mapped(self, rule: MapRule, geometry: Column, columns: Mapping[str, Column]) -> Layer:
        """The features that a rule takes, with our fields."""
        count = len(geometry)
        mask = np.ones(count, dtype=bool)
        if rule.geometry:
            mask &= shapely.get_dimensions(geometry) == _DIMENSIONS[rule.geometry]
        for name, wanted in rule.when.items():
            mask &= _among(columns.get(name), wanted, count)
        for name, unwanted in rule.unless.items():
            mask &= ~_among(columns.get(name), unwanted, count)
        chosen = {name: values[mask] for name, values in columns.items()}
        fields = self._fields(rule, chosen, int(mask.sum()))
        if "class" in rule.fields:
            known = np.fromiter((value is not None for value in fields["class"]), dtype=bool)
            fields = {name: values[known] for name, values in fields.items()}
            mask[np.flatnonzero(mask)[~known]] = False
        shapes = geometry[mask]
        if rule.edge:
            shapes = np.where(shapely.get_dimensions(shapes) == 2, shapely.boundary(shapes), shapes)
        return Layer(rule.to, shapes, fields)

    def _fields(
        self, rule: MapRule, columns: Mapping[str, Column], count: int
    ) -> dict[str, Column]:
        found = {name: columns[name] for name in self.copy if name in columns}
        for name, ways in {**self.fields, **rule.fields}.items():
            found[name] = _first([way.of(columns, count) for way in ways], count)
        return {
            name: values
            for name, values in found.items()
            if name == "class" or any(value is not None for value in values)
        }


@functools.cache
def schemas() -> tuple[Schema, ...]:
    """All schemas that come with papermap, in the order in which they are thought of."""
    return tuple(
        msgspec.convert(tomllib.loads(file.read_text("utf-8")), Schema)
        for file in sorted(_folder().glob("[0-9]*.toml"))
    )


@functools.cache
def _words() -> Mapping[str, Mapping[str, str]]:
    found: Mapping[str, Mapping[str, str]] = tomllib.loads(
        (_folder() / "words.toml").read_text("utf-8")
    )
    return found


def _folder() -> Path:
    return resources.folder("styles") / "data" / "schemas"


def schema(name: str) -> Schema:
    """The schema of that name."""
    return next(each for each in schemas() if each.name == name)


def recognised(tables: Iterable[str]) -> dict[str, Schema]:
    """Layer of a file → its schema: the one that knows most of them, then the next for the rest."""
    left = dict.fromkeys(tables)
    found: dict[str, Schema] = {}
    while left:
        known = [(sum(bool(each.rules_for(table)) for table in left), each) for each in schemas()]
        most, best = max(known, key=lambda item: item[0])
        if not most:
            break
        mine = [table for table in left if best.rules_for(table)]
        found.update(dict.fromkeys(mine, best))
        for table in mine:
            del left[table]
    return found


def _among(column: Column | None, wanted: Sequence[str], count: int) -> NDArray[np.bool_]:
    if column is None:
        return np.zeros(count, dtype=bool)
    words = dict.fromkeys(wanted, "yes")
    said = _each(column, lambda text: _translated(text, words))
    return np.fromiter((value is not None for value in said), dtype=bool, count=count)


def _translated(text: str, words: Mapping[str, str]) -> str | None:
    """A value in our words: itself, then a pattern with ``*``, then whatever is not a no."""
    if text in words:
        return words[text]
    for pattern, word in words.items():
        if pattern != _ANY and _ANY in pattern and fnmatch.fnmatchcase(text, pattern):
            return word
    return words.get(_ANY) if _yes(text) else None


def _yes(text: str) -> bool:
    return text.lower() not in _NO


def _first(columns: Sequence[Column], count: int) -> Column:
    """The first value that is there, feature by feature."""
    if not columns:
        return _filled(count, None)
    found = columns[0]
    for column in columns[1:]:
        lacking = np.fromiter((value is None for value in found), dtype=bool, count=count)
        if not lacking.any():
            break
        found = np.where(lacking, column, found)
    return found


def _each(column: Column, change: Callable[[str], str | None]) -> Column:
    """Each value changed, every different one only once; None stays None."""
    texts = [None if value is None else str(value).removesuffix(".0") for value in column]
    known = {text: change(text) for text in dict.fromkeys(texts) if text is not None}
    found = _filled(len(texts), None)
    found[:] = [None if text is None else known[text] for text in texts]
    return found


def _filled(count: int, value: object) -> Column:
    return np.full(count, value, dtype=object)
