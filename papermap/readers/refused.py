"""Formats that are recognised but not read: a clear sentence instead of a parser's complaint."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final, NoReturn

from papermap.errors import Phrase, SourceError
from papermap.readers.opened import NOT_JSON, Opened
from papermap.readers.source import Content, told
from papermap.readers.tables import HINT

_EXPORT: Final = "Export it as GeoJSON and name that file."
_MAP_EXPORT: Final = "Open it in QGIS, geojson.io or uMap, export it as GeoJSON and name that file."
_PICTURE: Final = "A picture has no places in it: name the data the map was made from."
_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", "a PNG picture", _PICTURE),
    (b"\xff\xd8\xff", "a JPEG picture", _PICTURE),
    (b"GIF8", "a GIF picture", _PICTURE),
    (b"II*\0", "a TIFF picture", _PICTURE),
    (b"MM\0*", "a TIFF picture", _PICTURE),
    (b"%PDF-", "a PDF", "A PDF holds no places: name the data it was made from."),
    (b"SQLite format 3\0", "an SQLite database", _MAP_EXPORT),
    (b"PAR1", "GeoParquet", _MAP_EXPORT),
    (b"PMTiles", "PMTiles", "That is a base map: name it with --basemap."),
    (b"\x1f\x8b", "a gzip archive", "Unpack it and name the file inside."),
    (b"7z\xbc\xaf", "a 7-Zip archive", "Unpack it and name the file inside."),
    (b"Rar!", "a RAR archive", "Unpack it and name the file inside."),
)
_XML: Final = (
    (re.compile(rb"<html[\s>]|<!doctype html", re.IGNORECASE), "a web page (HTML)"),
    (re.compile(rb"<svg[\s>]", re.IGNORECASE), "an SVG picture"),
)
_HEAD: Final = 4096
_PAGE_HINT: Final = "Download the data itself: the link led to a page about it."


def is_binary(head: bytes) -> bool:
    """Whether the first bytes are those of a known format that is no text."""
    return any(head.startswith(magic) for magic, _, _ in _MAGIC)


def _refuse_binary(content: Content) -> None:
    """Stop at content whose first bytes are those of another known format."""
    head = content.data[:_HEAD]
    for magic, name, hint in _MAGIC:
        if head.startswith(magic):
            raise _looks_like(content, name, hint)
    if head.startswith(b"PK\x03\x04"):
        raise _looks_like(content, *_archive(content))
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n")
    if plain.startswith(b"<"):
        name = next((name for mark, name in _XML if mark.search(plain)), "XML")
        raise _looks_like(content, name, _PAGE_HINT if "HTML" in name else _MAP_EXPORT)


def refuse(opened: Opened) -> NoReturn:
    """Stop at what no reader recognised.

    Raises
    ------
    SourceError
        Naming what it looks like, and what to do.
    """
    _refuse_binary(opened.content)
    if opened.json is NOT_JSON:
        _refuse_text(opened.text, opened.content)
    _refuse_json(opened.json, opened.content)


def _refuse_json(value: Any, content: Content) -> NoReturn:
    if isinstance(value, Mapping):
        found = _structure(value)
        if found:
            raise _looks_like(content, *found)
    raise SourceError(
        "{path} is JSON, but holds no list of places.",
        "papermap reads GeoJSON, and lists of objects with a latitude and a longitude.",
        path=told(content.path),
    )


def _refuse_text(text: str, content: Content) -> NoReturn:
    lines = text[:_HEAD].splitlines()
    if len(lines) > 1 and any(lines[0].count(mark) and lines[1].count(mark) for mark in ",\t;"):
        raise SourceError(
            "{path} looks like a table, but no column of it is known.",
            HINT,
            path=told(content.path),
        )
    raise SourceError(
        "{path} is neither GeoJSON nor any other form papermap knows.",
        "Name a GeoJSON file, or a JSON list of objects with a latitude and a longitude.",
        path=told(content.path),
    )


def _structure(value: Mapping[str, Any]) -> tuple[str, str] | None:
    if isinstance(value.get("sources"), list) and "map_title" in value:
        return "a mapprint map config", "Name the files of its sources instead."
    return None


def _archive(content: Content) -> tuple[str, str]:
    """What a ZIP is for, told by the names in it; nothing is unpacked."""
    data = content.data
    if b"[Content_Types].xml" in data[:_HEAD]:
        return "a document, or a workbook that is cut off", _EXPORT
    if b".kml" in data[:_HEAD]:
        return "a KMZ that is cut off", "Download or export it again."
    return "a ZIP archive", "Unpack it and name the file inside."


def _looks_like(content: Content, name: str, hint: str) -> SourceError:
    return SourceError(
        "{path} looks like {name}, which this version cannot read.",
        hint,
        path=told(content.path),
        name=Phrase(name),
    )
