"""What the overview shows and where, as numbers: views, blocks, number corners, counts."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from shapely import STRtree, points

from papermap.grid import Plan, Sheet
from papermap.render import MapView
from papermap.units import Box, Size

MOST_SHEETS = 80  # on one overview map; more are cut in blocks
SMALLEST_CELL = 9.0  # mm; a smaller sheet cannot hold its number
_COMFORT = 12.0  # mm; the cell that blocks are cut for
_SMALLEST_MARK = 0.7  # mm
_CROWDED_MARK = 1.6  # mm; for crowding alone marks get no smaller than this
_INK = 0.12  # share of the sheets' area that the points' marks may cover
_INSET = 1.5  # mm from a cell's edges to its number
_CLEAR = 1.4  # mm round a number that marks had better keep out of
_APART = 4.0  # mm between the numbers of two sheets
_CROWDED = 3.0  # cost of a corner from which on other places are tried
_INNER = 2.0  # cost of a place that is no corner
_TRIED = 6  # steps across and down the cell
_STEPS = (1.0, 1.25, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 4.5, 5.0, 6.0, 7.0, 8.0, 9.0, 10.0)


def round_scale(needed: float) -> int:
    """The smallest round N of 1:N that is not below ``needed``."""
    power = 10.0 ** math.floor(math.log10(max(needed, 100.0)))
    return round(next(step * power for step in _STEPS if step * power >= needed * (1 - 1e-9)))


def fit_scale(plan: Plan, extent: Box, room: Size) -> int:
    """The round scale at which ``room`` (mm) holds ``extent`` (metres).

    It is at most half of the sheets': an overview shows what lies around.
    """
    needed = 1000 * max(extent.width / room.width, extent.height / room.height)
    return round_scale(max(needed, 2 * plan.scale))


def fit_view(plan: Plan, extent: Box, room: Size, scale: int = 0) -> MapView:
    """View of ``extent`` (metres) centred in ``room`` (mm), at the scale that fits or a given."""
    scale = scale or fit_scale(plan, extent, room)
    half_width, half_height = (side * scale / 2000 for side in room)
    x, y = (extent.x0 + extent.x1) / 2, (extent.y0 + extent.y1) / 2
    bounds = Box(x - half_width, y - half_height, x + half_width, y + half_height)
    return MapView(plan.crs, bounds, room.width, room.height, scale, overview=True)


@dataclass(frozen=True, slots=True)
class Block:
    """Some columns and rows of the grid of sheets that share an overview map."""

    extent: Box  # metres
    sheets: tuple[str, ...]  # labels of the printed ones


def blocks(plan: Plan, room: Size, block_room: Size) -> tuple[Block, ...]:
    """The blocks an overview is cut in: one alone where all sheets are legible on one map.

    The map of all has ``room`` (mm), that of a block ``block_room``.
    """
    whole = Block(plan.extent, tuple(sheet.label for sheet in plan.grid_sheets))
    cell = _cell_on_paper(plan, fit_view(plan, plan.extent, room))
    sheets = len(plan.grid_sheets)
    if sheets <= 1 or (sheets <= MOST_SHEETS and cell >= SMALLEST_CELL):
        return (whole,)
    across, down = _cut(plan, block_room)
    found = (
        _block(
            plan,
            range(left, min(left + across, plan.grid_columns)),
            range(top, min(top + down, plan.grid_rows)),
        )
        for top in range(0, plan.grid_rows, down)
        for left in range(0, plan.grid_columns, across)
    )
    return tuple(block for block in found if block is not None)


def _cell_on_paper(plan: Plan, view: MapView) -> float:
    """The shorter side of one sheet on an overview, mm."""
    return min(plan.pitch) * 1000 / view.scale


def _cut(plan: Plan, room: Size) -> tuple[int, int]:
    """Columns and rows of sheets in one block: as many as stay legible, shared out evenly."""
    pitch = min(plan.pitch)
    ground = pitch / _COMFORT  # metres in one mm
    across = max(1, int(room.width * ground / plan.pitch[0]))
    down = max(1, int(room.height * ground / plan.pitch[1]))
    across = math.ceil(plan.grid_columns / math.ceil(plan.grid_columns / across))
    return across, math.ceil(plan.grid_rows / math.ceil(plan.grid_rows / down))


def _block(plan: Plan, columns: range, rows: range) -> Block | None:
    """The printed sheets in some columns and rows and the ground they cover; None without any."""
    inside = [sheet for sheet in plan.grid_sheets if sheet.column in columns and sheet.row in rows]
    if not inside:
        return None
    cores = [sheet.core for sheet in inside]
    extent = Box(
        min(core.x0 for core in cores),
        min(core.y0 for core in cores),
        max(core.x1 for core in cores),
        max(core.y1 for core in cores),
    )
    return Block(extent, tuple(sheet.label for sheet in inside))


def overview_maps(plan: Plan, room: Size, block_room: Size) -> tuple[tuple[MapView, Block], ...]:
    """Each overview map with what it is about; the first always shows the whole area.

    All blocks have one scale, so that distances compare.
    """
    parts = blocks(plan, room, block_room)
    whole = Block(plan.extent, tuple(sheet.label for sheet in plan.grid_sheets))
    first = (fit_view(plan, plan.extent, room), whole)
    if len(parts) == 1:
        return (first,)
    scale = max(fit_scale(plan, block.extent, block_room) for block in parts)
    return (first, *((fit_view(plan, block.extent, block_room, scale), block) for block in parts))


def on_paper(view: MapView, box: Box) -> Box:
    """A box on the ground in mm from the lower left of the view."""
    return Box(*view.to_mm(box.x0, box.y0), *view.to_mm(box.x1, box.y1))


def mark_size(wanted: float, spots: Sequence[Spot], area: float) -> float:
    """Size in mm of the points' marks: ``wanted``, smaller where they crowd.

    ``area`` is that of the sheets they are on, mm².
    """
    if len(spots) < 2:
        return wanted
    fair = math.sqrt(_INK * area / len(spots))
    apart = max(_CROWDED_MARK, _to_nearest(spots))
    return max(_SMALLEST_MARK, min(wanted, fair, apart))


def _to_nearest(spots: Sequence[Spot]) -> float:
    """How far half of the marks are at least from the next other one."""
    places = points(spots)
    _, away = STRtree(places).query_nearest(
        places, exclusive=True, all_matches=False, return_distance=True
    )
    return float(np.median(away)) if len(away) else 0.0


Spot = tuple[float, float]
Spots = NDArray[np.float64]  # x, y by row


def spots_in(box: Box, spots: Spots) -> Spots:
    """Those of the spots that lie in the box or on its edge."""
    x, y = spots.T
    found: Spots = spots[(box.x0 <= x) & (x <= box.x1) & (box.y0 <= y) & (y <= box.y1)]
    return found


def free_corner(
    cell: Box, number: Size, marks: Spots | Sequence[Spot], others: Iterable[Box]
) -> Box:
    """Where a sheet's number stands: the corner of its cell that is freest.

    Where every corner has marks, the freest place anywhere in the cell may win.

    Parameters
    ----------
    cell
        The sheet on the overview, mm.
    number
        Width and height of the number, mm.
    marks
        Centres of the marks near the cell, mm.
    others
        Numbers of other sheets: two close together read as one.
    """
    inset = min(_INSET, (cell.width - number.width) / 2, (cell.height - number.height) / 2)
    left, right = cell.x0 + inset, cell.x1 - inset - number.width
    top, bottom = cell.y1 - inset - number.height, cell.y0 + inset
    spots = np.asarray(marks, dtype=float).reshape(-1, 2)
    around = cell.grown(2 * _APART)
    near = [other for other in others if other.overlaps(around)]

    def cost(place: Box, malus: float) -> float:
        apart = place.grown(_APART)
        beside = sum(apart.overlaps(other) for other in near)
        return len(spots_in(place.grown(_CLEAR), spots)) + 3 * beside + malus

    ranked = [  # of nearly equals the top left
        (cost(place, 0.6 * rank), rank, place)
        for rank, place in enumerate(
            Box(x, y, x + number.width, y + number.height)
            for x, y in ((left, top), (right, top), (left, bottom), (right, bottom))
        )
    ]
    best = min(ranked)
    if best[0] < _CROWDED:
        return best[2]
    across, down = (right - left) / _TRIED, (top - bottom) / _TRIED
    inner = (
        Box(x, y, x + number.width, y + number.height)
        for x, y in itertools.product(
            (left + n * across for n in range(_TRIED + 1)),
            (top - n * down for n in range(_TRIED + 1)),
        )
    )
    others_ranked = [(cost(place, _INNER), n, place) for n, place in enumerate(inner, start=4)]
    return min(best, *others_ranked)[2]


def cells(sheets: Iterable[Sheet], view: MapView) -> Mapping[str, Box]:
    """Label → the sheet's own cells on the overview, mm; those that meet the frame."""
    frame = Box(0, 0, view.width, view.height)
    found = {sheet.label: on_paper(view, sheet.core) for sheet in sheets}
    return {label: box for label, box in found.items() if box.overlaps(frame)}
