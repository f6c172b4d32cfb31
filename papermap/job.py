"""One build as asked for: options of the command line and of ``papermap.toml`` → a checked Job."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from papermap import resources
from papermap.errors import UsageError
from papermap.headers import READING, Reading, check_names, parse_reading
from papermap.model import CategoryName
from papermap.overlays import OverlaySpec, parse_hazard, parse_overlays
from papermap.units import paper_size

LANGUAGES: Final = ("ja", "en")
PROJECT_FILE: Final = "papermap.toml"
_LARGEST_SCALE, _SMALLEST_SCALE = 500, 1_000_000
_MOST_BINDING: Final = 40  # mm
_MOST_HOURS: Final = 24 * 365 * 20
_MOST_EDITIONS: Final = 9_999
_MOST_JOBS: Final = 256
_LONGEST_URL: Final = 300  # characters; a QR of more cannot be read from paper of this size
_MOST_TILES: Final = 100_000
_PATHS: Final = (
    "output",
    "basemap",
    "geocode",
    "manifest",
    "area",
    "style",
    "sources",
    "decisions",
    "tile_cache",
)
# fields of Job: as people write them
_SETTINGS: Final = {"languages": "lang", "basemaps": "basemap", "overlays": "overlay"}
_SERVER: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+|[A-Z]\w*(\.\w+)+|.*(://|\{).*")


@dataclass(frozen=True, slots=True)
class Job:
    """Everything that decides what an atlas looks like; see ``papermap build --help``."""

    sources: tuple[str, ...]
    output: Path
    basemaps: tuple[str, ...] = ()  # files, tile servers, addresses of tiles; the lowest first
    geocode: str | None = None  # a table of addresses
    neighbourhoods: str | None = None  # a file of areas with names, for headers and the index
    area: str | None = None  # "W,S,E,N" in degrees, or the path of a polygon file
    paper: str = "A4"
    orientation: str = "portrait"
    binding: float = 0  # mm more on the side where the pages are bound
    duplex: bool = False  # printed on both sides
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
    overlays: tuple[OverlaySpec, ...] = ()  # hazards and roads over the map
    hazard: str = ""  # refuges not designated for it carry a warning
    hazard_only: bool = False  # they are left out
    attribution: str = ""  # of the base map; empty: as the base map says itself
    offline: bool = False  # never open a socket
    tile_cache: Path | None = None  # None: where the system keeps such things
    tile_timeout: float = 20  # seconds that a tile server may be silent
    tile_limit: int = 5000  # tiles that may be asked of one server
    jobs: int = 1
    overwrite: bool = False
    keep_all: bool = False  # print what is told twice twice
    decisions: str | None = None  # a file of what is one place, and what never is
    local: Mapping[str, str] = field(default_factory=dict)  # id or address in a map config → file
    categories: tuple[CategoryName, ...] = ()  # how columns or folders of these texts are called
    manifest: Path | None = None  # None: beside the output
    reading: Reading = field(default_factory=Reading)  # what is said of the sources' columns
    project: Path | None = None  # the project file these options came from

    @property
    def manifest_path(self) -> Path:
        """Where the manifest goes."""
        return self.manifest or self.output.with_suffix(".manifest.json")

    @property
    def inputs(self) -> tuple[Path, ...]:
        """Files that may be read for it, so that none of them is overwritten."""
        style = self.style if self.style.endswith(".toml") else None
        over = (overlay.file for overlay in self.overlays)
        tables = (*self.local.values(), self.geocode, self.decisions, self.neighbourhoods)
        named = (*self.sources, *self.basemaps, *over, *tables, self.area, style, self.project)
        return tuple(Path(name) for name in named if name and name != "-")

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
    own = {each.name for each in fields(Job)} - {"reading"}
    known = {*(_SETTINGS.get(name, name) for name in own), *READING}
    for key in options:
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            raise UsageError(
                f"Unknown setting “{key}”.",
                f"Did you mean “{near[0]}”?" if near else "See “papermap init” for all of them.",
            )
    given = {key: value for key, value in options.items() if value not in (None, "", (), [])}
    sources = _list(given, "sources")
    if not sources:
        raise UsageError(
            "No source of points was named.",
            f"Name a file of points, or write one into {PROJECT_FILE}.",
        )
    if sources.count("-") > 1:
        raise UsageError("Standard input (“-”) can be read only once.", "Name it once.")
    output = _text(given, "output", "atlas.pdf")
    if output == "-":
        raise UsageError("The PDF cannot go to standard output.", "Name a file with --output.")
    paper, orientation = _text(given, "paper", "A4"), _text(given, "orientation", "portrait")
    paper_size(paper, orientation)
    return Job(
        sources=sources,
        output=Path(output),
        basemaps=_list(given, "basemap"),
        geocode=_text(given, "geocode", "") or None,
        neighbourhoods=_text(given, "neighbourhoods", "") or None,
        area=_area(given),
        paper=paper,
        orientation=orientation,
        binding=_number(given, "binding", 0, least=0, most=_MOST_BINDING),
        duplex=_flag(given, "duplex"),
        scale=parse_scale(given.get("scale", "auto")),
        style=_text(given, "style", "mono"),
        languages=parse_languages(_text(given, "lang", "ja,en")),
        title=_text(given, "title", ""),
        title_en=_text(given, "title_en", ""),
        sheets=parse_sheets(given.get("sheets", "")),
        as_of=parse_as_of(given.get("as_of")),
        stale_hours=_number(given, "stale_hours", 24, least=0, most=_MOST_HOURS),
        edition=_count(given, "edition", most=_MOST_EDITIONS),
        url=_url(given),
        attribution=_text(given, "attribution", ""),
        overlays=parse_overlays(given.get("overlay", ())),
        hazard=parse_hazard(_text(given, "hazard", "")),
        hazard_only=_flag(given, "hazard_only"),
        offline=_flag(given, "offline"),
        tile_cache=Path(_text(given, "tile_cache", "")) if "tile_cache" in given else None,
        tile_timeout=_number(given, "tile_timeout", 20, least=0.1, most=600),
        tile_limit=_count(given, "tile_limit", most=_MOST_TILES, default=5000),
        jobs=_count(given, "jobs", most=_MOST_JOBS),
        overwrite=_flag(given, "overwrite"),
        keep_all=_flag(given, "keep_all"),
        decisions=_text(given, "decisions", "") or None,
        reading=parse_reading({key: given[key] for key in READING if key in given}),
        local=_local(given),
        categories=_categories(given),
        manifest=Path(_text(given, "manifest", "")) if "manifest" in given else None,
        project=Path(_text(given, "project", "")) if "project" in given else None,
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
    parts = (part.strip().lower() for part in value.split(","))
    languages = tuple(dict.fromkeys(filter(None, parts)))
    if not languages:
        raise UsageError("No language was named.", "Write ja, en or ja,en.")
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
    text = str(value).strip()
    if text.lower() == "now":
        return datetime.now(UTC).replace(second=0, microsecond=0).astimezone()
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(text)
    except ValueError:
        moment = None
    if moment is None or not 1900 < moment.year < 2200:
        raise UsageError(f"“{value}” is not a time.", "Write one such as 2026-09-14T16:00, or now.")
    return moment if moment.tzinfo else moment.astimezone()


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
    except UnicodeDecodeError:
        raise UsageError(f"Project file {path} is not UTF-8.", "Save it as UTF-8.") from None
    except OSError as error:
        raise UsageError(
            f"Project file {path} cannot be read: {error.strerror}.", "Check that it may be read."
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            f"Project file {path} is not TOML: {error}.",
            "“papermap init” writes one to begin with.",
        ) from error
    return {**_beside(options, path.parent), "project": str(path)}


def template() -> str:
    """A commented project file to begin with."""
    return resources.file("styles", f"data/{PROJECT_FILE}").read_text("utf-8")


def _beside(options: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The options with their paths taken from a folder."""

    def beside(value: str) -> str:
        return value if value == "-" else str(folder / value)

    def file_or_server(name: str) -> str:
        return name if _SERVER.fullmatch(name) and not (folder / name).exists() else beside(name)

    options["sources"] = [beside(source) for source in _list(options, "sources")]
    if options.get("basemap"):
        options["basemap"] = [file_or_server(name) for name in _list(options, "basemap")]
    options["overlay"] = parse_overlays(options.get("overlay", ()), folder)
    for key in ("output", "geocode", "neighbourhoods", "manifest", "decisions", "tile_cache"):
        if options.get(key):
            options[key] = beside(_text(options, key, ""))
    if isinstance(options.get("files"), dict):
        options["files"] = {beside(name): table for name, table in options["files"].items()}
        check_names(options["files"], options["sources"])
    if options.get("local"):
        options["local"] = {key: beside(path) for key, path in _local(options).items()}
    area = options.get("area")
    if isinstance(area, str) and area and not _is_box(area):
        options["area"] = beside(area)
    style = options.get("style")
    if isinstance(style, str) and style.endswith(".toml"):
        options["style"] = beside(style)
    return options


def _is_box(text: str) -> bool:
    return len(text.split(",")) == 4


def _list(options: Mapping[str, Any], key: str) -> tuple[str, ...]:
    """Names of files: a list, or one alone."""
    value = options.get(key, ())
    if isinstance(value, str | Path):
        value = (value,)
    if not isinstance(value, list | tuple):
        raise UsageError(
            f"Setting “{key}” must be a list of files, not {value!r}.",
            f'Write it like {key} = ["…"].',
        )
    return tuple(_text({key: each}, key, "") for each in value)


def _table(options: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    value = options.get(key, {})
    if not isinstance(value, Mapping):
        raise UsageError(
            f"Setting “{key}” must be a table, not {value!r}.", "Write it under [" + key + "]."
        )
    return value


def _local(options: Mapping[str, Any]) -> dict[str, str]:
    """Files that stand in for sources of a map config."""
    table = _table(options, "local")
    return {key: _text({"sources": path}, "sources", "") for key, path in table.items()}


def _categories(options: Mapping[str, Any]) -> tuple[CategoryName, ...]:
    """Names in the project's languages and a colour, by the text of the column or folder."""
    found = []
    for text, value in _table(options, "categories").items():
        names = {"ja": value} if isinstance(value, str) else value
        known = isinstance(names, Mapping) and set(names) <= {"ja", "en", "colour"}
        if not known or not all(isinstance(each, str) for each in names.values()):
            raise UsageError(
                f"Category “{text}” must have names, not {value!r}.",
                f'Write it like "{text}" = {{ ja = "…", en = "…", colour = "#285797" }}.',
            )
        colour = names.get("colour", "").removeprefix("#").upper()
        if colour and not re.fullmatch("[0-9A-F]{6}", colour):
            raise UsageError(f"“{names['colour']}” is no colour.", "Write one such as #285797.")
        ja, en = (_printable(names.get(language, "")) for language in LANGUAGES)
        found.append(CategoryName(text, ja, en, colour))
    return tuple(found)


def _area(options: Mapping[str, Any]) -> str | None:
    value = options.get("area", "")
    if isinstance(value, list):
        return ",".join(map(str, value))
    return _text(options, "area", "") or None


def _text(options: Mapping[str, Any], key: str, default: str) -> str:
    value = options.get(key, default)
    if isinstance(value, list) and key == "lang":
        value = ",".join(map(str, value))
    if not isinstance(value, str | Path):
        raise UsageError(
            f"Setting “{key}” must be a text, not {value!r}.", f'Write it like {key} = "…".'
        )
    text = str(value)
    if key not in _PATHS:
        return _printable(text)
    if "\0" in text:
        raise UsageError(f"Setting “{key}” is no name of a file: {text!r}.", "Write it anew.")
    return text


def _printable(text: str) -> str:
    """One line without what steers printers; bytes of a terminal that is not UTF-8 are read so."""
    known = text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return "".join(char if char.isprintable() or char == "\u3000" else " " for char in known)


def _url(options: Mapping[str, Any]) -> str:
    url = _text(options, "url", "").strip()
    if url and not re.match(r"https?://[^\s/]", url):
        raise UsageError(f"“{url[:80]}” is no web address.", "Begin it with https://.")
    if len(url) > _LONGEST_URL:
        raise UsageError(
            f"The url has {len(url)} characters, too many for a QR code that paper can carry.",
            f"Use a shorter address, of {_LONGEST_URL} characters at most.",
        )
    return url


def _number(
    options: Mapping[str, Any], key: str, default: float, *, least: float, most: float
) -> float:
    value = options.get(key, default)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not least <= value <= most:  # NaN is not either
        raise UsageError(f"Setting “{key}” must be a number from {least} to {most}, not {value!r}.")
    return float(value)


def _count(options: Mapping[str, Any], key: str, *, most: int, default: int = 1) -> int:
    value = _number(options, key, default, least=1, most=most)
    if value != int(value):
        raise UsageError(f"Setting “{key}” must be a whole number, not {value!r}.")
    return int(value)


def _flag(options: Mapping[str, Any], key: str) -> bool:
    value = options.get(key, False)
    if not isinstance(value, bool):
        raise UsageError(f"Setting “{key}” must be true or false, not {value!r}.")
    return value
