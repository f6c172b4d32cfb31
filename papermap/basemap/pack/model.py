"""What a pack says of itself."""

from __future__ import annotations

from datetime import datetime
from typing import Final

import msgspec

VERSION: Final = 1
TABLE: Final = "papermap_pack"  # one row of JSON


class PackSource(msgspec.Struct, frozen=True, kw_only=True):
    """One source that went into a pack."""

    name: str  # as it was named, without a key
    kind: str  # "vector", "tiles" or "overlay"
    attribution: str = ""  # who must be named, with the licence as far as the source says it
    date: datetime | None = None  # of the file; of the oldest tile that was fetched
    table: str = ""  # of tiles and of overlays
    count: int = 0  # of tiles or features
    zooms: tuple[int, int] = (0, 0)  # of tiles
    missing: int = 0  # tiles that were not to be had
    shown: str = ""  # an overlay's name in the legend, and its English
    shown_en: str = ""
    shows: str = ""  # what an overlay shows


class PackInfo(msgspec.Struct, frozen=True, kw_only=True):
    """The pack as a whole; bounds are metres of ``crs``."""

    version: int
    created: datetime
    area: tuple[float, float, float, float]  # west, south, east, north in degrees, as asked
    crs: str
    scale: int  # the N of 1:N of its sheets
    overview: int  # of its overview
    bounds: tuple[float, float, float, float]  # that sheets may show
    overview_bounds: tuple[float, float, float, float]
    layers: dict[str, int]  # features of each layer for sheets
    overview_layers: dict[str, int]
    names: int  # names that can be printed
    fonts: tuple[str, ...]  # families that these names and all else are printed in here
    fonts_inside: tuple[str, ...] = ()  # those of them whose files are in the pack
    unprintable: str = ""  # characters of names that no font here has
    sources: tuple[PackSource, ...] = ()
