"""Options of the command line and of ``papermap.toml`` → a checked Job."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from papermap.errors import UsageError
from papermap.headers import READING, parse_reading
from papermap.job.model import Job
from papermap.job.project import PROJECT_FILE
from papermap.job.values import (
    area_in,
    categories_in,
    count_in,
    flag_in,
    local_in,
    names_in,
    number_in,
    parse_as_of,
    parse_languages,
    parse_scale,
    parse_sheets,
    text_in,
    url_in,
)
from papermap.overlays import parse_hazard, parse_overlays
from papermap.units import paper_size

_MOST_BINDING: Final = 40  # mm
_MOST_HOURS: Final = 24 * 365 * 20
_MOST_EDITIONS: Final = 9_999
_MOST_JOBS: Final = 256
_MOST_TILES: Final = 100_000
# fields of Job: as people write them
_SETTINGS: Final = {"languages": "lang", "basemaps": "basemap", "overlays": "overlay"}


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
                "Unknown setting “{key}”.",
                "" if near else "See “papermap init” for all of them.",
                near=near[0] if near else "",
                key=key,
            )
    given = {key: value for key, value in options.items() if value not in (None, "", (), [])}
    sources = names_in(given, "sources")
    if not sources:
        raise UsageError(
            "No source of points was named.",
            "Name a file of points, or write one into {file}.",
            file=PROJECT_FILE,
        )
    if sources.count("-") > 1:
        raise UsageError("Standard input (“-”) can be read only once.", "Name it once.")
    output = text_in(given, "output", "atlas.pdf")
    if output == "-":
        raise UsageError("The PDF cannot go to standard output.", "Name a file with --output.")
    paper, orientation = text_in(given, "paper", "A4"), text_in(given, "orientation", "portrait")
    paper_size(paper, orientation)
    return Job(
        sources=sources,
        output=Path(output),
        basemaps=names_in(given, "basemap"),
        geocode=text_in(given, "geocode", "") or None,
        neighbourhoods=text_in(given, "neighbourhoods", "") or None,
        area=area_in(given),
        paper=paper,
        orientation=orientation,
        binding=number_in(given, "binding", 0, least=0, most=_MOST_BINDING),
        duplex=flag_in(given, "duplex"),
        scale=parse_scale(given.get("scale", "auto")),
        style=text_in(given, "style", "mono"),
        languages=parse_languages(text_in(given, "lang", "ja,en")),
        title=text_in(given, "title", ""),
        title_en=text_in(given, "title_en", ""),
        sheets=parse_sheets(given.get("sheets", "")),
        as_of=parse_as_of(given.get("as_of")),
        stale_hours=number_in(given, "stale_hours", 24, least=0, most=_MOST_HOURS),
        edition=count_in(given, "edition", most=_MOST_EDITIONS),
        url=url_in(given),
        attribution=text_in(given, "attribution", ""),
        overlays=parse_overlays(given.get("overlay", ())),
        hazard=parse_hazard(text_in(given, "hazard", "")),
        hazard_only=flag_in(given, "hazard_only"),
        offline=flag_in(given, "offline"),
        tile_cache=Path(text_in(given, "tile_cache", "")) if "tile_cache" in given else None,
        tile_timeout=number_in(given, "tile_timeout", 20, least=0.1, most=600),
        tile_limit=count_in(given, "tile_limit", most=_MOST_TILES, default=5000),
        jobs=count_in(given, "jobs", most=_MOST_JOBS),
        overwrite=flag_in(given, "overwrite"),
        keep_all=flag_in(given, "keep_all"),
        decisions=text_in(given, "decisions", "") or None,
        reading=parse_reading({key: given[key] for key in READING if key in given}),
        local=local_in(given),
        categories=categories_in(given),
        manifest=Path(text_in(given, "manifest", "")) if "manifest" in given else None,
        project=Path(text_in(given, "project", "")) if "project" in given else None,
    )
