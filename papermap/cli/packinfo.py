"""A pack in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from papermap.basemap.pack import PackInfo, PackSource

# a file's own date says little of the age of what is in it
_DATED: Final = {"vector": "file of", "tiles": "kept since", "overlay": "as of"}


def told(info: PackInfo) -> str:
    """All that a pack says of itself, a line for each."""
    return "\n".join(_lines(info))


def _lines(info: PackInfo) -> Iterator[str]:
    west, south, east, north = info.area
    yield f"Area      {west:.5f},{south:.5f},{east:.5f},{north:.5f} ({info.crs})"
    yield f"Scale     sheets at 1:{info.scale:,}, overview at about 1:{info.overview:,}"
    yield f"Made      {_day(info.created)}"
    layers = ", ".join(f"{name} {count:,}" for name, count in info.layers.items())
    yield f"Layers    {layers or 'none'}"
    yield f"Names     {info.names:,}"
    yield f"Fonts     {', '.join(info.fonts) or 'none'}"
    if info.fonts_inside:
        yield f"          in the pack: {', '.join(info.fonts_inside)}"
    if info.unprintable:
        yield f"          no font here has {' '.join(info.unprintable)}"
    for source in info.sources:
        yield f"Source    {_source(source)}"


def _source(source: PackSource) -> str:
    parts = [source.name]
    if source.kind == "tiles":
        first, last = source.zooms
        parts.append(f"{source.count:,} tiles of zoom {first}–{last}")
        if source.missing:
            parts.append(f"{source.missing:,} missing")
    elif source.kind == "overlay":
        parts.append(f"overlay, {source.count:,} features")
    if source.date is not None:
        parts.append(f"{_DATED[source.kind]} {_day(source.date)}")
    parts.append(source.attribution or "no licence said")
    return "; ".join(parts)


def _day(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d")
