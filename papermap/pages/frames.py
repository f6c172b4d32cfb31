"""Frames on paper: from paper size and style to boxes in mm, from the page's lower left."""

from __future__ import annotations

from dataclasses import dataclass

from papermap.style import Style
from papermap.units import Box, Size

# columns of a list may be this much narrower or wider than the style wants them
_NARROWEST, _WIDEST = 0.82, 1.0
_FOOTER_GAP = 2.2
_OVERVIEW_SHARE = 0.6  # of the page between its margins


@dataclass(frozen=True, slots=True)
class PageFrames:
    """Boxes of one page in mm; y upwards."""

    page: Size
    header: Box
    band: Box  # outer edge of the band round the map
    map: Box  # the map itself
    list: Box  # beside or under the map
    footer: Box
    body: Box  # all between header and footer: continued lists, index
    overview: Box  # the map of the overview page
    overview_rest: Box  # what is left of the body beside or under it
    landscape: bool

    def columns(self, box: Box, style: Style, count: int = 0) -> tuple[Box, ...]:
        """``box`` cut into ``count`` list columns ``gutter`` apart; 0: as many as fit."""
        gutter = style.layout.gutter
        count = count or _column_count(box.width, style)
        width = (box.width - gutter * (count - 1)) / count
        return tuple(
            Box(
                box.x0 + i * (width + gutter), box.y0, box.x0 + i * (width + gutter) + width, box.y1
            )
            for i in range(count)
        )


def page_frames(size: Size, style: Style) -> PageFrames:
    """Boxes for a paper of ``size`` mm in the rhythm of ``style``.

    Upright pages have the list under the map, wide ones to its right. Bound pages have their
    binding on the left, as fronts do; backs are moved as a whole when they are drawn.
    """
    layout = style.layout
    margin = layout.margin
    left, right, top = margin + layout.binding, size.width - margin, size.height - margin
    header = Box(left, top - layout.header, right, top)
    footer = Box(left, margin, right, margin + layout.footer)
    body = Box(left, footer.y1 + _FOOTER_GAP, right, header.y0 - layout.gap)
    landscape = size.width > size.height
    outer = Size(right - left, size.height - 2 * margin)
    cut = _beside if landscape else _under
    band, rest = cut(body, style, layout.map_share, outer)
    overview, overview_rest = cut(body, style, _OVERVIEW_SHARE, outer)
    return PageFrames(
        page=size,
        header=header,
        band=band,
        map=band.grown(-layout.band),
        list=rest,
        footer=footer,
        body=body,
        overview=overview,
        overview_rest=overview_rest,
        landscape=landscape,
    )


def map_frame(size: Size, style: Style) -> tuple[float, float]:
    """Width and height in mm of the map on a sheet, for ``grid.Frame``."""
    box = page_frames(size, style).map
    return round(box.width, 6), round(box.height, 6)


def _under(body: Box, style: Style, share: float, outer: Size) -> tuple[Box, Box]:
    """Cut for an upright page: the map over the whole width, the rest under it."""
    height = float(round(share * outer.height))
    split = body.y1 - height
    return (
        Box(body.x0, split, body.x1, body.y1),
        Box(body.x0, body.y0, body.x1, split - style.layout.list_gap),
    )


def _beside(body: Box, style: Style, share: float, outer: Size) -> tuple[Box, Box]:
    """Cut for a wide page: the rest on the right in whole columns, the map takes what is left."""
    layout = style.layout
    gap = layout.list_gap + 1.4  # no band's foot to keep clear of, but a rule's length of air
    wanted = (1 - share) * outer.width - gap
    count = _column_count(wanted, style)
    widest = count * layout.column * _WIDEST + (count - 1) * layout.gutter
    width = min(max(wanted, _NARROWEST * layout.column), widest)
    split = body.x0 + float(int(body.width - width - gap))
    bottom = body.y1 - float(int(body.height))
    return (
        Box(body.x0, bottom, split, body.y1),
        Box(split + gap, body.y0, body.x1, body.y1),
    )


def _column_count(width: float, style: Style) -> int:
    layout = style.layout
    return max(1, int((width + layout.gutter) // (_NARROWEST * layout.column + layout.gutter)))
