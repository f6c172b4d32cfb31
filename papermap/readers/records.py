"""JSON records: a list of objects with a latitude and a longitude among their keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from papermap.errors import SourceError
from papermap.headers import NO_HEADERS, Headers, recognised
from papermap.readers.base import RawFeature, RawSource
from papermap.readers.opened import NOT_JSON, Opened, Reader
from papermap.readers.positions import Position, find_position, geometry_of
from papermap.readers.source import printable, told

NAME: Final = "JSON records"
_DEPTH: Final = 3  # {"result": {"records": […]}} as CKAN answers
_SAMPLE: Final = 50  # rows looked at to recognise a list
_HINT: Final = (
    "Each object needs a latitude and a longitude under keys such as lat and lng, or 緯度 and 経度."
)


def _find_rows(value: Any, opened: Opened) -> Sequence[Any] | None:
    """The one list of records in a parsed JSON value, None where there is none.

    Raises
    ------
    SourceError
        When several lists could be meant.
    """
    found = list(_lists(value, "", 0, _Keys(opened.headers)))
    if len(found) > 1:
        names = ", ".join(f"“{printable(name)}”" for name, _ in found[:5])
        raise SourceError(
            "{path} holds several lists of places: {names}.",
            "Save each list as a file of its own.",
            path=told(opened.path),
            names=names,
        )
    return found[0][1] if found else None


def _recognises(opened: Opened) -> bool:
    value = opened.json
    return value is not NOT_JSON and _find_rows(value, opened) is not None


def _read(opened: Opened) -> RawSource:
    value = opened.json
    rows = _find_rows(value, opened)
    return read_rows([value] if rows is None else rows, opened)


READER: Final = Reader("records", _recognises, _read)


def read_rows(rows: Sequence[Any], opened: Opened) -> RawSource:
    """Raw features of records; a row without coordinates has no geometry and is told later.

    Raises
    ------
    SourceError
        For rows among which not one has a latitude and a longitude.
    """
    keys = _Keys(opened.headers)
    if rows and not any(keys.position(row) for row in rows):
        raise SourceError(
            "{path} is JSON without any place papermap can recognise.",
            _HINT,
            path=told(opened.path),
        )
    columns = {str(key) for row in rows[:_SAMPLE] if isinstance(row, Mapping) for key in row}
    headers = opened.headers.over(recognised(columns) or NO_HEADERS)
    return RawSource(
        path=opened.path,
        sha256=opened.content.sha256,
        format=f"{NAME} ({headers.name})" if headers.name else NAME,
        features=tuple(_feature(number, row, keys, headers) for number, row in enumerate(rows, 1)),
        columns=headers.roles(),
    )


class _Keys:
    """Where the records of a list hold their positions; lists repeat their keys."""

    def __init__(self, headers: Headers) -> None:
        self._headers = headers
        self._met: dict[tuple[str, ...], Position | None] = {}

    def position(self, row: Any) -> Position | None:
        """Position among a record's values, None where it has none."""
        if not isinstance(row, Mapping):
            return None
        names = tuple(map(str, row))
        if names not in self._met:
            self._met[names] = find_position(names, self._headers)
        return self._met[names]


def _lists(value: Any, name: str, depth: int, keys: _Keys) -> Iterator[tuple[str, Sequence[Any]]]:
    if isinstance(value, list):
        if any(keys.position(row) for row in value[:_SAMPLE]) or (depth == 0 and not value):
            yield name, value
    elif isinstance(value, Mapping) and depth < _DEPTH:
        for key, inner in value.items():
            yield from _lists(inner, str(key), depth + 1, keys)


def _feature(number: int, row: Any, keys: _Keys, headers: Headers) -> RawFeature:
    if not isinstance(row, Mapping):
        return RawFeature(number, None, {})
    position = keys.position(row)
    cells = tuple(row.values())
    geometry = geometry_of(cells, position, typed=True) if position else None
    used = position.used if position else frozenset[int]()
    properties = {key: cell for i, (key, cell) in enumerate(row.items()) if i not in used}
    return RawFeature(number, geometry, {**properties, **headers.constants})
