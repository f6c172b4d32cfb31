"""A module per format, and the registry that recognises a format from content."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, BinaryIO, Final

from papermap.errors import UsageError
from papermap.model import Problem, Severity
from papermap.readers import geojson, records, refused, sequence
from papermap.readers.base import RawFeature, RawSource
from papermap.readers.jsontext import Repeated, is_sequence, parse
from papermap.readers.source import Content, decode, load, printable

__all__ = ["FORMATS", "RawFeature", "RawSource", "read"]

FORMATS: Final = ("geojson", "geojsonl", "records")


def read(path: str, *, stdin: BinaryIO | None = None, format: str | None = None) -> RawSource:  # noqa: A002 - as people call it
    """Everything in one source, raw; its format is recognised from content.

    Parameters
    ----------
    path
        A file, or ``-`` for standard input.
    stdin
        The stream that ``-`` means; None: the process's own.
    format
        One of ``FORMATS`` to override the recognition.

    Raises
    ------
    SourceError
        For a source that cannot be read at all: missing, empty, too large, of another format, cut
        off, nested too deep; with where, and what to do.
    UsageError
        For an unknown ``format``.
    """
    if format is not None and format not in FORMATS:
        raise UsageError(f"Unknown format “{format}”.", f"Choose one of {', '.join(FORMATS)}.")
    content = load(path, stdin)
    refused.refuse_binary(content)
    text, told = decode(content)
    refused.refuse_text(text, content)
    repeated = Repeated()
    source = _recognised(text.lstrip("\ufeff"), content, repeated, format)
    return replace(source, problems=told + source.problems + _repeated_keys(repeated, content))


def _recognised(text: str, content: Content, repeated: Repeated, form: str | None) -> RawSource:
    if form == "geojsonl" or (form is None and is_sequence(text)):
        return sequence.read_text(text, content, repeated)
    value = parse(text, content.path, repeated)
    if form == "records":
        return records.read_rows(value if isinstance(value, list) else [value], content)
    return _of_value(value, content)


def _of_value(value: Any, content: Content) -> RawSource:
    if isinstance(value, list) and any(geojson.is_geojson(item) for item in value[:50]):
        return geojson.read_values(value, {}, content, geojson.NAME)
    if isinstance(value, Mapping) and geojson.is_geojson(value):
        return geojson.read_value(value, content)
    rows = None
    if not isinstance(value, Mapping) or "elements" not in value:
        rows = records.find_rows(value, content.path)
    if rows is None:
        refused.refuse_json(value, content)
    return records.read_rows(rows, content)


def _repeated_keys(repeated: Repeated, content: Content) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            "PM004",
            Severity.WARNING,
            content.path,
            field=printable(key),
            params={"count": str(count)},
        )
        for key, count in list(repeated.keys.items())[:20]
    )
