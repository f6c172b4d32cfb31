"""GeoJSON one feature a line, with or without the record separators of RFC 8142."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from papermap.model import Problem, Severity
from papermap.readers import geojson, records
from papermap.readers.base import RawSource
from papermap.readers.jsontext import is_sequence, parse_each
from papermap.readers.opened import Opened, Reader

NAME: Final = "GeoJSON (newline-delimited)"
_BROKEN: Final[Mapping[str, Any]] = {"type": "Feature", "geometry": None, "properties": None}


def _recognises(opened: Opened) -> bool:
    return opened.looks_json and is_sequence(opened.text)


def _read(opened: Opened) -> RawSource:
    """Raw features of every line; a broken line is told and costs itself only."""
    content = opened.content
    values: list[Any] = []
    broken: dict[int, tuple[int, str]] = {}
    head: Mapping[str, Any] = {}
    for line, value, error in parse_each(opened.text, content.path, opened.repeated):
        if error:
            broken[len(values) + 1] = (line, error)
            values.append(_BROKEN)
        elif isinstance(value, Mapping) and isinstance(value.get("features"), list):
            head = head or value
            values.extend(value["features"])
        else:
            values.append(value)
    if not any(geojson.is_geojson(value) for value in values if value is not _BROKEN):
        rows = [{} if value is _BROKEN else value for value in values]
        source = records.read_rows(rows, opened)
    else:
        source = geojson.read_values(values, head, content, NAME)
    told = tuple(
        Problem(
            "PM003",
            Severity.ERROR,
            content.path,
            feature=number,
            value=error,
            params={"line": str(line)},
            skipped=True,
        )
        for number, (line, error) in broken.items()
    )
    return replace(source, problems=source.problems + told)


READER: Final = Reader("geojsonl", _recognises, _read)
