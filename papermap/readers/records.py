"""JSON records: a list of objects with a latitude and a longitude among their keys."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from papermap.errors import SourceError
from papermap.readers.base import RawFeature, RawSource
from papermap.readers.opened import NOT_JSON, Opened, Reader
from papermap.readers.source import Content, printable, told

NAME: Final = "JSON records"
LATITUDES: Final = ("lat", "latitude", "緯度", "y")
LONGITUDES: Final = ("lng", "lon", "long", "longitude", "経度", "x")
_DEPTH: Final = 3  # {"result": {"records": […]}} as CKAN answers
_SAMPLE: Final = 50  # rows looked at to recognise a list
_HINT: Final = (
    "Each object needs a latitude and a longitude under keys such as lat and lng, or 緯度 and 経度."
)


def find_rows(value: Any, path: str) -> Sequence[Any] | None:
    """The one list of records in a parsed JSON value, None where there is none.

    Raises
    ------
    SourceError
        When several lists could be meant.
    """
    found = list(_lists(value, "", 0))
    if len(found) > 1:
        names = ", ".join(f"“{printable(name)}”" for name, _ in found[:5])
        raise SourceError(
            f"{told(path)} holds several lists of places: {names}.",
            "Save each list as a file of its own.",
        )
    return found[0][1] if found else None


def _recognises(opened: Opened) -> bool:
    value = opened.json
    return value is not NOT_JSON and find_rows(value, opened.path) is not None


def _read(opened: Opened) -> RawSource:
    value = opened.json
    rows = find_rows(value, opened.path)
    return read_rows([value] if rows is None else rows, opened.content)


READER: Final = Reader("records", _recognises, _read)


def read_rows(rows: Sequence[Any], content: Content) -> RawSource:
    """Raw features of records; a row without coordinates has no geometry and is told later.

    Raises
    ------
    SourceError
        For rows among which not one has a latitude and a longitude.
    """
    if rows and not _placed(rows):
        raise SourceError(
            f"{told(content.path)} is JSON without any place papermap can recognise.", _HINT
        )
    return RawSource(
        path=content.path,
        sha256=content.sha256,
        format=NAME,
        features=tuple(_feature(number, row) for number, row in enumerate(rows, 1)),
    )


def _lists(value: Any, name: str, depth: int) -> Iterator[tuple[str, Sequence[Any]]]:
    if isinstance(value, list):
        if _placed(value[:_SAMPLE]) or (depth == 0 and not value):
            yield name, value
    elif isinstance(value, Mapping) and depth < _DEPTH:
        for key, inner in value.items():
            yield from _lists(inner, str(key), depth + 1)


def _placed(rows: Sequence[Any]) -> bool:
    return any(
        isinstance(row, Mapping) and (isinstance(row.get("geometry"), Mapping) or all(_keys(row)))
        for row in rows
    )


def _keys(row: Mapping[str, Any]) -> tuple[str, str]:
    """The row's own keys of latitude and longitude, empty where there is none."""
    folded = {unicodedata.normalize("NFKC", str(key)).strip().casefold(): key for key in row}
    latitude = next((folded[key] for key in LATITUDES if key in folded), "")
    longitude = next((folded[key] for key in LONGITUDES if key in folded), "")
    return latitude, longitude


def _feature(number: int, row: Any) -> RawFeature:
    if not isinstance(row, Mapping):
        return RawFeature(number, None, {})
    latitude, longitude = _keys(row)
    geometry: Mapping[str, Any] | None = None
    if isinstance(row.get("geometry"), Mapping):
        geometry, used = row["geometry"], {"geometry"}
    elif latitude and longitude and not (_blank(row[latitude]) and _blank(row[longitude])):
        geometry = {"type": "Point", "coordinates": [row[longitude], row[latitude]]}
        used = {latitude, longitude}
    else:
        used = {latitude, longitude} - {""}
    return RawFeature(number, geometry, {k: v for k, v in row.items() if k not in used})


def _blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
