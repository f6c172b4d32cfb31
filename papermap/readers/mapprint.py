"""mapprint's map config: a whole project in one JSON file, its sources named by address."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any, Final
from urllib.parse import parse_qs, unquote, urlsplit

from papermap.errors import SourceError
from papermap.model import CategoryName, Problem, Severity
from papermap.readers.opened import Opened
from papermap.readers.source import LIMIT, STDIN, load, told

_SUFFIXES: Final = (
    ".kml", ".kmz", ".geojson", ".json", ".geojsonl", ".umap", ".csv", ".tsv", ".xlsx", ".gpx",
    ".gpkg", ".fgb", ".osm",
)  # fmt: skip
_NUMBER: Final = r"(-?\d{1,3}(?:\.\d{1,20})?)"
_HASH: Final = re.compile(rf"#?{_NUMBER},{_NUMBER}-{_NUMBER},{_NUMBER}")
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}")
_NO_NAMES: Final = frozenset({"", "kml", "export", "download", "data", "index"})
_MOST: Final = 200  # sources of one map
_LONGEST: Final = 300  # characters of an address that are told


@dataclass(frozen=True, slots=True)
class MapConfig:
    """What a map config asks for, as far as it is here.

    ``area`` is ``W,S,E,N`` in degrees or empty; ``sources`` are paths of local files, and
    ``problems`` tell which are missing and what to download.
    """

    path: str
    sources: tuple[str, ...]
    title: str = ""
    title_en: str = ""
    area: str = ""
    categories: tuple[CategoryName, ...] = ()
    problems: tuple[Problem, ...] = ()


def is_map_config(value: Any) -> bool:
    """Whether a JSON value is a map config."""
    return (
        isinstance(value, Mapping)
        and isinstance(value.get("sources"), list)
        and ("map_title" in value or "layer_settings" in value or "default_hash" in value)
    )


def read_map_config(path: str, local: Mapping[str, str] | None = None) -> MapConfig | None:
    """What a map config asks for; None for a file that is none.

    Parameters
    ----------
    path
        The file; nothing it names is fetched.
    local
        Paths of files that stand in for sources, by the source's id or address. Without, a file
        beside the config does that is called by the id (``noto.kml``, ``2024-noto.kml``), by the
        last part of the address, or by the id of a Google map.

    Raises
    ------
    SourceError
        When the file cannot be read, or not one of its sources is here.
    """
    if path == STDIN or not _may_be(path):
        return None
    value = Opened(load(path)).json
    if not is_map_config(value):
        return None
    wanted = [source for source in value["sources"][:_MOST] if isinstance(source, Mapping)]
    found: dict[str, None] = {}
    problems: list[Problem] = []
    for source in wanted:
        here = _stand_in(source, path, local or {})
        if here:
            found[here] = None
        else:
            problems.append(_missing(source, path))
    if not found:
        raise SourceError(
            "{path} is a map config, and none of its {count} sources is here.",
            "Download them and save them beside it: {lacking}.",
            lacking=", ".join(_lacking(problems)),
            path=told(path),
            count=len(wanted),
        )
    area, doubt = _area(value, path)
    return MapConfig(
        path=path,
        sources=tuple(found),
        title=_text(value.get("map_title")),
        title_en=_text(value.get("map_title_en")),
        area=area,
        categories=tuple(_categories(value.get("layer_settings"))),
        problems=(*problems, *doubt),
    )


def _may_be(path: str) -> bool:
    """Whether a file can be a config at all: small, and with a key of one in it."""
    try:
        if not os.path.isfile(path) or os.path.getsize(path) > min(LIMIT, 4 * 1024**2):  # noqa: PTH113, PTH202 - names of strangers, bytes and all
            return False
        with open(path, "rb") as file:  # noqa: PTH123
            data = file.read()
    except (OSError, ValueError):
        return False
    return b'"sources"' in data.replace(b"\0", b"")


def _stand_in(source: Mapping[str, Any], config: str, local: Mapping[str, str]) -> str:
    """The local file that stands in for a source, empty where there is none."""
    for key in (_text(source.get("id")), _text(source.get("url"))):
        if key and key in local:
            return str(local[key])
    folder = Path(config).parent
    files = sorted(
        each
        for each in folder.iterdir()
        if each.suffix.lower() in _SUFFIXES and each.name != Path(config).name and each.is_file()
    )
    for name in _names(source):
        called = re.compile(rf"(?:.*[-_ ])?{re.escape(name)}", re.IGNORECASE)
        alike = [each for each in files if called.fullmatch(each.stem)]
        alike.sort(key=lambda each: len(each.stem))
        if alike:
            return str(alike[0])
    return ""


def _names(source: Mapping[str, Any]) -> Iterator[str]:
    """Names a downloaded source may go by, the surest first, in lower case."""
    identity = _text(source.get("id")).casefold()
    if identity:
        yield identity
    try:
        parts = urlsplit(_text(source.get("url")))
        yield from (each.casefold() for each in parse_qs(parts.query).get("mid", ()))
        stem = PurePosixPath(unquote(parts.path)).stem.casefold()
    except ValueError:
        return
    if stem not in _NO_NAMES:
        yield stem


def _missing(source: Mapping[str, Any], config: str) -> Problem:
    names = [name for name in _names(source) if re.fullmatch(r"[\w.-]{1,60}", name)]
    suffix = "kml" if "kml" in _text(source.get("type")).casefold() else "geojson"
    return Problem(
        "PM068",
        Severity.WARNING,
        config,
        name=_text(source.get("title")) or None,
        value=_text(source.get("url"))[:_LONGEST] or None,
        params={"file": f"{names[0] if names else 'source'}.{suffix}"},
    )


def _lacking(problems: list[Problem]) -> Iterator[str]:
    for problem in problems[:5]:
        yield f"{problem.value or problem.name} as {problem.params['file']}"


def _area(value: Mapping[str, Any], path: str) -> tuple[str, list[Problem]]:
    """The area of ``default_hash`` (north-west and south-east), where its centre lies in it."""
    text = _text(value.get("default_hash"))
    found = _HASH.fullmatch(text)
    if not found:
        return "", []
    north, west, south, east = (float(each) for each in found.groups())
    centre = value.get("center")
    believed = -90 <= south < north <= 90 and -180 <= west < east <= 180
    if believed and isinstance(centre, list) and len(centre) == 2:
        lon, lat = centre
        if isinstance(lon, int | float) and isinstance(lat, int | float):
            believed = west <= lon <= east and south <= lat <= north
    if believed:
        return f"{west},{south},{east},{north}", []
    doubt = Problem("PM120", Severity.WARNING, path, field="default_hash", value=text)
    return "", [doubt]


def _categories(settings: Any) -> Iterator[CategoryName]:
    """Names and colours of layers by the text of their folder or column."""
    for layer, setting in settings.items() if isinstance(settings, Mapping) else ():
        if not isinstance(setting, Mapping):
            continue
        colour = _text(setting.get("color"))
        yield CategoryName(
            str(layer)[:200],
            ja=_text(setting.get("name")),
            en=_text(setting.get("name_en")),
            colour=colour[1:].upper() if _COLOUR.fullmatch(colour) else "",
        )


def _text(value: Any) -> str:
    """One line, nothing that steers a terminal."""
    if not isinstance(value, str):
        return ""
    return " ".join("".join(char if char.isprintable() else " " for char in value).split())[:1000]
