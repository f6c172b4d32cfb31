"""Where the overview's map, words and scale bar stand on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from papermap.grid import Plan
from papermap.pages.frames import PageFrames
from papermap.pages.overview_parts import Block, overview_maps
from papermap.render import MapView
from papermap.style import Style
from papermap.units import Box, Size

_STRIP = 7.0  # mm under the map of a wide page or of a block, for the scale bar
_AROUND = 6.0  # mm of surroundings shown beyond the sheets, where the map need not be bigger
_HOW_TO = 46.0  # mm, the height of how to read with its drawings side by side, at 9 pt
_WORDS = 160.0  # mm of height that words need at 9 pt; on a big paper the map keeps the rest
_HOW_TO_WIDE = 150.0  # mm that they need
_ROW_TYPE = 9.0  # pt


@dataclass(frozen=True, slots=True)
class OverviewFrames:
    """Boxes of the overview pages in mm, and their maps with what they are about.

    The first map shares its page with the words; ``block`` is the frame of all others, which
    have theirs for themselves. A scale bar has a right end and a foot.
    """

    map: Box
    words: Box
    scale: tuple[float, float]
    how_to: Box | None  # under the map of a wide page; None: at the top of the words
    block: Box
    block_scale: tuple[float, float]
    maps: tuple[tuple[MapView, Block], ...]

    def map_of(self, number: int) -> tuple[Box, tuple[float, float]]:
        """Frame and place of the scale bar of a map, from 0."""
        return (self.block, self.block_scale) if number else (self.map, self.scale)


def overview_frames(frames: PageFrames, style: Style, plan: Plan) -> OverviewFrames:
    """Frames of an overview of ``plan``.

    There is no footer, so the words go down to the margin; a map that needs less than its share
    of the page leaves the rest to them.
    """
    box, rest, foot = frames.overview, frames.overview_rest, frames.footer.y0
    body = frames.body
    block = Box(body.x0, foot + _STRIP, body.x1, body.y1)
    block_scale = (block.x1, foot + 0.5)
    block_room = _room(block)
    if not frames.landscape:
        high = _spare(overview_maps(plan, _room(box), block_room)).height
        wanted = _WORDS * style.type.row / _ROW_TYPE - (rest.y1 - foot)
        more = max(0.0, min(high, float(round(wanted))))
        box = Box(box.x0, box.y0 + more, box.x1, box.y1)
        words = Box(rest.x0, foot, rest.x1, rest.y1 + more)
        scale = (box.x1, words.y1 - style.layout.heading + 2.0)
        maps = overview_maps(plan, _room(box), block_room)
        return OverviewFrames(box, words, scale, None, block, block_scale, maps)
    box = Box(box.x0, foot + _STRIP, box.x1, box.y1)
    spare = _spare(overview_maps(plan, _room(box), block_room))
    below = _HOW_TO * style.type.row / _ROW_TYPE
    wide, high = box.width - spare.width, spare.height + _STRIP
    box = Box(box.x0, box.y0, box.x1 - spare.width, box.y1)
    words = Box(rest.x0 - spare.width, foot, rest.x1, rest.y1)
    scale, how_to = (box.x1, foot + 0.5), None
    if high >= below + style.layout.list_gap and wide >= _HOW_TO_WIDE:
        how_to = Box(box.x0, foot, box.x1, foot + below)
        box = Box(box.x0, how_to.y1 + style.layout.list_gap, box.x1, box.y1)
        scale = (box.x1, how_to.y1 - style.layout.heading + 2.0)
    maps = overview_maps(plan, _room(box), block_room)
    return OverviewFrames(box, words, scale, how_to, block, block_scale, maps)


def _room(box: Box) -> Size:
    return Size(round(box.width, 6), round(box.height, 6))


def _spare(maps: Sequence[tuple[MapView, Block]]) -> Size:
    """Width and height in mm, whole ones, that a map has beyond its sheets' surroundings."""
    view, block = maps[0]
    metres = 1000 / view.scale
    wide, high = block.extent.width * metres, block.extent.height * metres
    return Size(
        float(max(0, int(view.width - wide - 2 * _AROUND))),
        float(max(0, int(view.height - high - 2 * _AROUND))),
    )
