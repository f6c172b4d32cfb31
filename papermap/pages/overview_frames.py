"""Where the overview's map, words and scale bar stand on the page."""

from __future__ import annotations

from dataclasses import dataclass

from papermap.grid import Plan
from papermap.pages.frames import PageFrames
from papermap.pages.overview_parts import Block, overview_maps
from papermap.render import MapView
from papermap.style import Style
from papermap.units import Box, Size

_STRIP = 7.0  # mm under the map of a wide page, for the scale bar
_AROUND = 12.0  # mm of surroundings shown beyond the sheets, where the map need not be bigger


@dataclass(frozen=True, slots=True)
class OverviewFrames:
    """Boxes of an overview page in mm, and its maps with what they are about."""

    map: Box
    words: Box
    scale: tuple[float, float]  # right end and foot of the scale bar
    maps: tuple[tuple[MapView, Block], ...]


def overview_frames(frames: PageFrames, style: Style, plan: Plan) -> OverviewFrames:
    """Frames of an overview of ``plan``.

    There is no footer, so the words go down to the margin; a map that needs less than its share
    of the page leaves the rest to them.
    """
    box, rest, foot = frames.overview, frames.overview_rest, frames.footer.y0
    if frames.landscape:
        box = Box(box.x0, foot + _STRIP, box.x1, box.y1)
    maps = overview_maps(plan, _room(box))
    spare = Size(0, 0) if len(maps) > 1 else _spare(*maps[0])
    if frames.landscape:
        box = Box(box.x0, box.y0, box.x1 - spare.width, box.y1)
        words = Box(rest.x0 - spare.width, foot, rest.x1, rest.y1)
        scale = (box.x1, foot + 0.5)
    else:
        box = Box(box.x0, box.y0 + spare.height, box.x1, box.y1)
        words = Box(rest.x0, foot, rest.x1, rest.y1 + spare.height)
        scale = (box.x1, words.y1 - style.layout.heading + 2.0)
    return OverviewFrames(box, words, scale, overview_maps(plan, _room(box)))


def _room(box: Box) -> Size:
    return Size(round(box.width, 6), round(box.height, 6))


def _spare(view: MapView, block: Block) -> Size:
    """Width and height in mm, whole ones, that a map has beyond its sheets' surroundings."""
    metres = 1000 / view.scale
    wide, high = block.extent.width * metres, block.extent.height * metres
    return Size(
        float(max(0, int(view.width - wide - 2 * _AROUND))),
        float(max(0, int(view.height - high - 2 * _AROUND))),
    )
