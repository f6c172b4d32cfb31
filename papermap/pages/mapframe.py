"""Round the map: band with letters and figures, neighbours' tabs.

Boxes of things inside the frame are mm from the map's lower left; marks and names avoid them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from papermap.grid import Sheet, overlap_addresses
from papermap.grid.address import column_name
from papermap.pages.frames import PageFrames
from papermap.pages.kit import BLACK, WHITE, Ink, drop
from papermap.pages.model import Book
from papermap.style import Style
from papermap.units import MM_PER_PT, Box

_DIGIT: Final = 0.7  # em, a bold figure at its widest
_BEYOND: Final = 1.2  # mm that a tab's point stands out over the map's edge


def tab_boxes(frames: PageFrames, sheet: Sheet, style: Style) -> Mapping[str, Box]:
    """Boxes of the neighbours' tabs by direction (n, e, s, w), mm in the map frame.

    A tab points over the edge at the line between cells nearest to the middle, where no letter
    or figure of the band stands.
    """
    width, height = frames.map.width, frames.map.height
    size = style.type.neighbour * MM_PER_PT
    xs, ys = _cell_lines(frames.map, sheet)
    x = min(xs, key=lambda line: abs(line - width / 2))
    y = min(ys, key=lambda line: abs(line - height / 2 + 0.01))
    found = {}
    for direction in ("n", "e", "s", "w"):
        label = sheet.neighbours.get(direction)
        if label is None:
            continue
        text = max(2, len(label)) * _DIGIT * size
        wide, high = text + 1.0 * size, 1.3 * size  # of an upright tab's square part
        if direction in {"n", "s"}:
            deep = high + 0.45 * size
            low = height + _BEYOND - deep - 0.25 * size if direction == "n" else -_BEYOND
            box = Box(x - wide / 2, low, x + wide / 2, low + deep + 0.25 * size)
        else:
            deep = text + 1.1 * size
            left = width + _BEYOND - deep if direction == "e" else -_BEYOND
            box = Box(left, y - 0.69 * size, left + deep, y + 0.69 * size)
        found[direction] = box
    return found


def _cell_lines(frame: Box, sheet: Sheet) -> tuple[list[float], list[float]]:
    """Cell lines of the core from west to east and from south to north, mm in the frame."""
    core, bounds = sheet.core, sheet.bounds
    across, up = frame.width / bounds.width, frame.height / bounds.height
    return (
        [
            (core.x0 + core.width * i / sheet.columns - bounds.x0) * across
            for i in range(sheet.columns + 1)
        ],
        [(core.y0 + core.height * i / sheet.rows - bounds.y0) * up for i in range(sheet.rows + 1)],
    )


# --- band and tabs --------------------------------------------------------------------------


def draw_band(ink: Ink, book: Book, sheet: Sheet, frame: Box) -> None:
    """Frame lines, letters and figures of the cells, the neighbours' addresses.

    ``frame`` is the map on the page, mm.
    """
    style, lines = book.style, book.style.lines
    band = frame.grown(style.layout.band)
    ink.box(frame, stroke=BLACK, width=lines.frame)
    if lines.band:
        ink.box(band.grown(-lines.band / 2), stroke=BLACK, width=lines.band)
    across, up = _cell_lines(frame, sheet)
    xs, ys = [frame.x0 + x for x in across], [frame.y0 + y for y in up]
    half = (band.width - frame.width) / 4
    for x in xs:
        ink.line(((x, frame.y1), (x, band.y1)), lines.tick)
        ink.line(((x, band.y0), (x, frame.y0)), lines.tick)
    for y in ys:
        ink.line(((band.x0, y), (frame.x0, y)), lines.tick)
        ink.line(((frame.x1, y), (band.x1, y)), lines.tick)
    size, bold = style.type.grid, "grid" in style.type.bold
    for edge in (frame.y1 + half, frame.y0 - half):
        for i in range(sheet.columns):
            ink.middle((xs[i] + xs[i + 1]) / 2, edge, column_name(i), size, bold=bold)
    for edge in (frame.x0 - half, frame.x1 + half):
        for i in range(sheet.rows):
            ink.middle(edge, (ys[-1 - i] + ys[-2 - i]) / 2, str(i + 1), size, bold=bold)
    if not sheet.inset:
        _draw_addresses(ink, book, sheet, (xs[0], ys[0], xs[-1], ys[-1]))


def _draw_addresses(
    ink: Ink, book: Book, sheet: Sheet, core: tuple[float, float, float, float]
) -> None:
    """The neighbours' own addresses beside the strips they share with this sheet."""
    frame, band, size = book.frames.map, book.frames.band, book.style.type.address
    west, south, east, north = core
    half = (band.width - frame.width) / 4
    address = overlap_addresses(sheet)
    taken: list[Box] = []  # of the corners, by addresses that reach into them
    for edge in (frame.y1 + half, frame.y0 - half):
        for text, low, high, corner in (
            (address.west, frame.x0, west, band.x0),
            (address.east, east, frame.x1, band.x1),
        ):
            _address(ink, text, size, (low, high, corner), taken, across=edge, upright=False)
    for edge in (frame.x0 - half, frame.x1 + half):
        for text, low, high, corner in (
            (address.south, frame.y0, south, band.y0),
            (address.north, north, frame.y1, band.y1),
        ):
            _address(ink, text, size, (low, high, corner), taken, across=edge, upright=True)


def _address(
    ink: Ink,
    text: str,
    size: float,
    strip: tuple[float, float, float],
    taken: list[Box],
    *,
    across: float,
    upright: bool,
) -> None:
    """One address in the middle of its strip, or reaching into the band's corner if need be.

    The tab still names the sheet where there is no room for it.
    """
    low, high, corner = strip
    wide = ink.width(text, size) + 0.8
    if wide > high - low:
        low, high = min(low, corner), max(high, corner)
    if not text or wide > high - low:
        return
    middle, half = (low + high) / 2, size * MM_PER_PT / 2
    box = Box(middle - wide / 2, across - half, middle + wide / 2, across + half)
    if upright:
        box = Box(across - half, middle - wide / 2, across + half, middle + wide / 2)
    if any(box.overlaps(other) for other in taken):
        return
    taken.append(box)
    if upright:
        ink.middle(across, middle, text, size, angle=90)
    else:
        ink.middle(middle, across, text, size)


def draw_tabs(ink: Ink, book: Book, sheet: Sheet) -> None:
    """Pentagons with the neighbours' numbers, pointing out of the map; links to their pages."""
    frame, kind, line = book.frames.map, book.style.type, book.style.lines.tab
    size, bold = kind.neighbour, "neighbour" in kind.bold
    for direction, box in tab_boxes(book.frames, sheet, book.style).items():
        label = sheet.neighbours[direction]
        x0, y0, x1, y1 = (
            box.x0 + frame.x0,
            box.y0 + frame.y0,
            box.x1 + frame.x0,
            box.y1 + frame.y0,
        )
        point = 0.72 * size * MM_PER_PT if direction in "ns" else 0.66 * size * MM_PER_PT
        x, y = (x0 + x1) / 2, (y0 + y1) / 2
        shape, at = {
            "n": (
                ((x0, y0), (x1, y0), (x1, y1 - point), (x, y1), (x0, y1 - point)),
                (x, (y0 + y1 - point * 0.62) / 2),
            ),
            "s": (
                ((x0, y1), (x1, y1), (x1, y0 + point), (x, y0), (x0, y0 + point)),
                (x, (y1 + y0 + point * 0.62) / 2),
            ),
            "w": (
                ((x1, y0), (x1, y1), (x0 + point, y1), (x0, y), (x0 + point, y0)),
                ((x1 + x0 + point * 0.75) / 2, y),
            ),
            "e": (
                ((x0, y0), (x0, y1), (x1 - point, y1), (x1, y), (x1 - point, y0)),
                ((x0 + x1 - point * 0.75) / 2, y),
            ),
        }[direction]
        ink.polygon(shape, fill=WHITE, stroke=WHITE, width=1.2)
        ink.polygon(shape, fill=WHITE, stroke=BLACK, width=line)
        ink.text(at[0], at[1] - drop(size), label, size, bold=bold, align="center")
        if label in book.sheet_labels:
            ink.link(label, Box(x0, y0, x1, y1))
