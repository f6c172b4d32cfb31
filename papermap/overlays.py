"""What a person says of an overlay: which file, what it is called, what it shows, and when."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final

from papermap.errors import UsageError
from papermap.model import HAZARDS

_KEYS: Final = ("file", "name", "name_en", "shows", "time", "layer")
_HINT: Final = (
    'Write overlay = ["flood.gpkg"], or [[overlay]] with file, name, name_en, shows and time.'
)


@dataclass(frozen=True, slots=True)
class OverlaySpec:
    """One file of areas or lines to lie over the map."""

    file: str
    name: str = ""  # in the legend; empty: what it shows
    name_en: str = ""
    shows: str = ""  # flooded, landslide, tsunami, outage, road_closed …; empty: as its name says
    time: datetime | None = None  # for which it speaks; aware
    layer: str = ""  # of the file; empty: all


def parse_overlays(value: object, folder: Path = Path()) -> tuple[OverlaySpec, ...]:
    """Overlays as a person wrote them: file names, tables of a project file, or both in a list.

    ``flooded=area.gpkg`` says what a file shows. Relative paths are taken from ``folder``.

    Raises
    ------
    UsageError
        For anything else.
    """
    found = [value] if isinstance(value, str | Mapping | OverlaySpec) else value
    if not isinstance(found, list | tuple):
        raise UsageError("Setting “overlay” must name files, not {value!r}.", _HINT, value=value)
    return tuple(_parse(each, folder) for each in found)


def _parse(value: object, folder: Path) -> OverlaySpec:
    if isinstance(value, OverlaySpec):
        return value
    if isinstance(value, str) and value:
        shows, equals, file = value.partition("=")
        if not equals or Path(folder, value).exists():
            return OverlaySpec(str(folder / value))
        return OverlaySpec(str(folder / file), shows=shows)
    if not isinstance(value, Mapping) or not value.get("file"):
        raise UsageError("An overlay names no file: {value!r}.", _HINT, value=value)
    unknown = [key for key in value if key not in _KEYS]
    if unknown:
        raise UsageError("Unknown setting “{unknown}” of an overlay.", _HINT, unknown=unknown[0])
    texts = {key: value.get(key, "") for key in _KEYS if key != "time"}
    if not all(isinstance(text, str) for text in texts.values()):
        raise UsageError("The settings of an overlay must be texts: {texts!r}.", _HINT, texts=texts)
    spec = OverlaySpec(**texts, time=_time(value.get("time")))
    return replace(spec, file=str(folder / spec.file))


def _time(value: object) -> datetime | None:
    if value is None or value == "":
        return None
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        raise UsageError(
            "“{value}” is not the time of an overlay.",
            "Write one such as 2026-09-14T16:00+09:00.",
            value=value,
        ) from None
    return moment if moment.tzinfo else moment.astimezone()


def parse_hazard(value: str) -> str:
    """Key of a hazard, or an empty string."""
    key = value.strip().lower().replace("-", "_").replace(" ", "_")
    if key and key not in HAZARDS:
        near = difflib.get_close_matches(key, HAZARDS, n=1)
        raise UsageError(
            "Unknown hazard “{value}”.",
            "There are {known}.",
            value=value,
            near=near[0] if near else "",
            known=", ".join(HAZARDS),
        )
    return key
