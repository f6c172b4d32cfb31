"""What every reader gives: raw features with their place in the source, nothing judged yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from papermap.model import NOTHING, Problem


@dataclass(frozen=True, slots=True)
class RawFeature:
    """One feature as it stands in the source.

    ``geometry`` is a GeoJSON-like mapping (not validated; None where there is none), in the CRS
    of the source. ``layer`` is the folder or layer it stands in, ``row`` its row or line where the
    source is a table or a text (0: it has none).
    """

    number: int  # counted from 1 in the source
    geometry: Mapping[str, Any] | None
    properties: Mapping[str, Any]
    id: str = ""
    layer: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class RawSource:
    """One source read whole: its features, and what reading alone could see was wrong."""

    path: str  # as the user named it; "-" is standard input
    sha256: str
    format: str  # "GeoJSON", "JSON records" …
    features: tuple[RawFeature, ...]
    crs: str = "EPSG:4326"
    title: str = ""
    attribution: str = ""
    problems: tuple[Problem, ...] = ()
    columns: Mapping[str, str] = field(default_factory=lambda: NOTHING)  # column → its field
    extra: Mapping[str, str] = field(default_factory=lambda: NOTHING)
