"""One build as asked for: options of the command line and of ``papermap.toml`` → a checked Job."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from papermap.errors import UsageError
from papermap.units import paper_size

LANGUAGES: Final = ("ja", "en")
PROJECT_FILE: Final = "papermap.toml"
_LARGEST_SCALE, _SMALLEST_SCALE = 500, 1_000_000


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that decides what an atlas looks like; see ``papermap build --help``."""

    sources: tuple[str, ...]
    output: Path
    basemap: str | None = None
    area: str | None = None  # "W,S,E,N" in degrees, or the path of a polygon file
    paper: str = "A4"
    orientation: str = "portrait"
    scale: int | None = None  # the N of 1:N; None: chosen from the points
    style: str = "mono"
    languages: tuple[str, ...] = ("ja", "en")
    title: str = ""
    title_en: str = ""
    sheets: tuple[int, ...] = ()  # print only these; empty: all
    as_of: datetime | None = None  # None: the newest information in the sources
    stale_hours: float = 24
    edition: int = 1
    url: str = ""  # of the live data; becomes the QR
    attribution: str = ""  # of the base map; empty: as the base map says itself
    jobs: int = 1
    overwrite: bool = False
    manifest: Path | None = None  # None: beside the output

    @property
    def manifest_path(self) -> Path:
        """Where the manifest goes."""
        return self.manifest or self.output.with_suffix(".manifest.json")

    @property
    def stale_after(self) -> timedelta:
        """Information older than this before ``as_of`` is drawn as unconfirmed."""
        return timedelta(hours=self.stale_hours)


def make_job(options: Mapping[str, Any]) -> Job:
    """Job from options as a person wrote them (texts, numbers, TOML values).

    Raises
    ------
    UsageError
        For an unknown option (with the nearest one), or a value that makes no sense.
    """
    known = {field.name for field in fields(Job)} - {"languages"} | {"lang"}
    for key in options:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            raise UsageError(
                f"Unknown setting “{key}”.",
                f"Did you mean “{near[0]}”?" if near else "See “papermap init” for all of them.",
            )
    given = {key: value for key, value in options.items() if value not in (None, "", (), [])}
    sources = given.get("sources", ())
    sources = (sources,) if isinstance(sources, str) else tuple(sources)
    if not sources:
        raise UsageError(
            "No source of points was named.",
            f"Name a GeoJSON file, or write one into {PROJECT_FILE}.",
        )
    if sources.count("-") > 1:
        raise UsageError("Standard input (“-”) can be read only once.", "Name it once.")
    output = Path(_text(given, "output", "atlas.pdf"))
    paper, orientation = _text(given, "paper", "A4"), _text(given, "orientation", "portrait")
    paper_size(paper, orientation)
    return Job(
        sources=sources,
        output=output,
        basemap=_text(given, "basemap", "") or None,
        area=_area(given.get("area")),
        paper=paper,
        orientation=orientation,
        scale=parse_scale(given.get("scale", "auto")),
        style=_text(given, "style", "mono"),
        languages=parse_languages(_text(given, "lang", "ja,en")),
        title=_text(given, "title", ""),
        title_en=_text(given, "title_en", ""),
        sheets=parse_sheets(given.get("sheets", "")),
        as_of=parse_as_of(given.get("as_of")),
        stale_hours=_number(given, "stale_hours", 24, least=0),
        edition=int(_number(given, "edition", 1, least=1)),
        url=_text(given, "url", ""),
        attribution=_text(given, "attribution", ""),
        jobs=int(_number(given, "jobs", 1, least=1)),
        overwrite=_flag(given, "overwrite"),
        manifest=Path(given["manifest"]) if "manifest" in given else None,
    )


def parse_scale(value: object) -> int | None:
    """N of ``1:N``; also ``N`` alone, ``10,000``; ``auto`` is None."""
    text = str(value).strip().lower().replace(",", "").replace("_", "")
    if text == "auto":
        return None
    found = re.fullmatch(r"(?:1\s*[:/])?\s*(\d+)", text)
    scale = int(found[1]) if found and len(found[1]) < 10 else 0
    if not _LARGEST_SCALE <= scale <= _SMALLEST_SCALE:
        raise UsageError(
            f"“{value}” is not a scale that can be printed.",
            f"Write auto, or 1:{_LARGEST_SCALE} to 1:{_SMALLEST_SCALE:,}, such as 1:10000.",
        )
    return scale


def parse_languages(value: str) -> tuple[str, ...]:
    """Languages on paper, the main one first."""
    languages = tuple(dict.fromkeys(part.strip().lower() for part in value.split(",")))
    for language in languages:
        if language not in LANGUAGES:
            near = difflib.get_close_matches(language, LANGUAGES, n=1, cutoff=0.3)
            hint = f"Did you mean “{near[0]}”? " if near else ""
            raise UsageError(f"Unknown language “{language}”.", f"{hint}Write ja, en or ja,en.")
    return languages


def parse_sheets(value: object) -> tuple[int, ...]:
    """Sheet numbers of ``3,5-7``, or of a TOML list of numbers."""
    text = ",".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    numbers: set[int] = set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        found = re.fullmatch(r"(\d{1,4})(?:\s*-\s*(\d{1,4}))?", part)
        first, last = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= first <= last:
            raise UsageError(f"“{part}” names no sheets.", "Write numbers such as 3,5-7.")
        numbers.update(range(first, last + 1))
    return tuple(sorted(numbers))


def parse_as_of(value: object) -> datetime | None:
    """Time for which the atlas speaks: ISO 8601, or ``now``; a time without zone is local."""
    if value is None:
        return None
    if isinstance(value, datetime):
        moment = value
    elif str(value).strip().lower() == "now":
        moment = datetime.now(UTC).replace(second=0, microsecond=0)
    else:
        try:
            moment = datetime.fromisoformat(str(value).strip())
        except ValueError:
            raise UsageError(
                f"“{value}” is not a time.", "Write one such as 2026-09-14T16:00, or now."
            ) from None
    return moment.astimezone() if moment.tzinfo is None or str(value) == "now" else moment


def read_project(path: Path) -> dict[str, Any]:
    """Options of a project file; its relative paths are taken from the file's folder.

    Raises
    ------
    UsageError
        When the file is missing or is not TOML, with its line.
    """
    try:
        options = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise UsageError(
            f"There is no project file {path}.", "Write one with “papermap init”."
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"Project file {path} cannot be read: {error}.") from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"Project file {path} is not TOML: {error}.") from error
    folder = path.parent

    def beside(value: object) -> str:
        return str(value) if value == "-" else str(folder / str(value))

    sources = options.get("sources", [])
    options["sources"] = [beside(s) for s in ([sources] if isinstance(sources, str) else sources)]
    for key in ("output", "basemap", "manifest"):
        if options.get(key):
            options[key] = beside(options[key])
    area = options.get("area")
    if isinstance(area, str) and area and not _is_box(area):
        options["area"] = beside(area)
    style = options.get("style")
    if isinstance(style, str) and style.endswith(".toml"):
        options["style"] = beside(style)
    return options


def _is_box(text: str) -> bool:
    return len(text.split(",")) == 4


def _area(value: object) -> str | None:
    if isinstance(value, list):
        return ",".join(map(str, value))
    return str(value) if value else None


def _text(options: Mapping[str, Any], key: str, default: str) -> str:
    value = options.get(key, default)
    if isinstance(value, list) and key == "lang":
        value = ",".join(map(str, value))
    if not isinstance(value, str | Path):
        raise UsageError(f"Setting “{key}” must be a text, not {value!r}.", "Put it in quotes.")
    return str(value)


def _number(options: Mapping[str, Any], key: str, default: float, *, least: float) -> float:
    value = options.get(key, default)
    if isinstance(value, bool) or not isinstance(value, int | float) or value < least:
        raise UsageError(f"Setting “{key}” must be a number of at least {least:g}, not {value!r}.")
    return value


def _flag(options: Mapping[str, Any], key: str) -> bool:
    value = options.get(key, False)
    if not isinstance(value, bool):
        raise UsageError(f"Setting “{key}” must be true or false, not {value!r}.")
    return value


TEMPLATE: Final = """\
# The project file of an atlas: with it, “papermap build” alone prints tomorrow's edition.
# Paths are relative to this file. What stands on the command line wins over what stands here.

# 元データ  Files of support points, one or more.
sources = ["points.geojson"]

# 表題  Title on every sheet, and its English.
title = "災害時支援マップ"
title_en = "Disaster support map"

# できあがり  The PDF; its manifest (JSON) is written beside it.
output = "atlas.pdf"
overwrite = true
# manifest = "atlas.manifest.json"

# 背景地図  A vector base map with OpenMapTiles layers; without one the sheets show grid and marks.
# basemap = "base.gpkg"
# Whom to name for it; without: as the file says, else OpenStreetMap and OpenMapTiles.
# attribution = "© OpenStreetMap contributors"

# 範囲  West, south, east, north in degrees, or a file with a polygon. Without: all points.
# area = "139.10,33.98,139.16,34.02"

# 紙  Paper (A4, A3, B4, B5, Letter, Legal, Tabloid), portrait or landscape, scale, style.
paper = "A4"
orientation = "portrait"
scale = "auto"        # or "1:10000"
style = "mono"        # or "colour", "large", or a style file of your own: "mine.toml"

# 言語  Main language first: "ja", "en" or "ja,en".
lang = "ja,en"

# 印刷する図  Only these sheets, such as "3,5-7". Empty: all.
sheets = ""

# 時点  Time for which the atlas speaks: 2026-09-14T16:00, or "now".
# Without: the newest time in the data.
# as_of = "now"
# Information older than this is drawn as unconfirmed.
stale_hours = 24

# 版  Edition, printed in the header; count it up with each print.
edition = 1

# Address of the live data; printed as a QR code beside the map. Without: no QR.
# url = "https://example.org/map"

# Processes that draw sheets at the same time.
jobs = 1
"""
