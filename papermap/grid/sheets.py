"""Points, frame and scale → the plan: which sheets are printed, and what each of them shows."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from papermap.errors import AreaError
from papermap.grid.area import clipped, corners, inside
from papermap.grid.beside import Beside
from papermap.grid.crs import check_stretch, choose_crs, project, project_geometry
from papermap.grid.cut import (
    Cut,
    Floats,
    Ints,
    best_origin,
    cells_of,
    cells_touched,
    cut_for,
    from_keys,
    keys,
    sheet_of,
    unique,
)
from papermap.grid.model import Frame, Plan, Sheet
from papermap.grid.scale import choose_scale
from papermap.units import Box

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_MOST_SHEETS: Final = 9_999
_DIGITS: Final = 3  # metres are kept to the millimetre: the same on every machine


def make_plan(
    lonlat: Sequence[tuple[float, float]],
    frame: Frame,
    *,
    scale: int | None = None,
    area: BaseGeometry | None = None,
    capacity: int = 40,
    extra: Sequence[BaseGeometry] = (),
) -> Plan:
    """Cut the ground round the points into sheets.

    Every point inside the area is on exactly one sheet's core (a point on a line between two
    belongs to the eastern or southern one). Sheets without a point and without a part of
    ``extra`` are not printed.

    Parameters
    ----------
    lonlat
        Points in WGS 84 degrees.
    frame
        Room for the map on paper in mm.
    scale
        The N of 1:N; None: chosen by :func:`papermap.grid.scale.choose_scale`.
    area
        Polygon in WGS 84 degrees; points outside are left out and listed in ``Plan.outside``.
    capacity
        Points that a sheet's list and marks have room for; guides the choice of the scale.
    extra
        Lines and areas in WGS 84 degrees whose sheets are printed too, inside ``area``.

    Raises
    ------
    AreaError
        When nothing lies inside the area, at the poles, when the points are too far apart for
        one projection, or when more than 9,999 sheets would be needed.
    """
    ground = _ground(np.asarray(lonlat, dtype=float).reshape(-1, 2), area, extra)
    if scale is None:
        scale = choose_scale(ground.xy[ground.inside], frame, capacity, ground.drawn)
    cut = cut_for(frame, scale)
    grid = _lay_grid(cut, ground)
    outside = np.setdiff1d(np.arange(len(ground.xy)), ground.inside)
    return Plan(
        crs=ground.crs,
        zone=ground.zone,
        scale=cut.scale,
        cell=cut.cell,
        extent=grid.extent(cut),
        pitch=cut.pitch,
        grid_columns=grid.columns,
        grid_rows=grid.rows,
        sheets=_sheets(cut, grid, ground),
        xy=tuple((x, y) for x, y in ground.xy.tolist()),
        outside=tuple(outside.tolist()),
    )


@dataclass(frozen=True, slots=True)
class _Ground:
    """Points, lines and areas in metres of one CRS."""

    crs: str
    zone: str
    xy: Floats  # of every point; those outside the area may be infinite
    inside: Ints
    drawn: list[BaseGeometry]


def _ground(places: Floats, area: BaseGeometry | None, extra: Sequence[BaseGeometry]) -> _Ground:
    chosen = inside(places, area)
    shapes = clipped(extra, area, places[chosen])
    deciding = places[chosen] if len(chosen) else _places_of(shapes, area)
    crs, zone = choose_crs(deciding)
    if shapes:
        check_stretch(crs, corners(shapes))
    return _Ground(
        crs=crs,
        zone=zone,
        xy=np.round(project(crs, places), _DIGITS),
        inside=chosen,
        drawn=[project_geometry(crs, shape) for shape in shapes],
    )


def _places_of(shapes: Sequence[BaseGeometry], area: BaseGeometry | None) -> Floats:
    """Where there is no point, the corners of lines and areas decide on the projection."""
    if shapes:
        return corners(shapes)
    if area is not None:
        raise AreaError(
            "No point lies inside the asked area.",
            "Check --area (west, south, east, north in degrees), or leave it out.",
        )
    raise AreaError("There is no point to print.", "“papermap check” tells what became of each.")


@dataclass(frozen=True, slots=True)
class _Grid:
    """The sheets to print, in their order, and where they stand among all."""

    at: Ints  # column and row of each printed sheet in the whole grid, n × 2
    home: Ints  # number of the sheet of each inside point, counted from 0
    first: tuple[int, int]  # north-west cell of the whole grid
    columns: int
    rows: int

    def core(self, cut: Cut, column: int, row: int) -> Box:
        """Core of a sheet of the whole grid, in metres."""
        return cut.core(self.first[0] + column * cut.columns, self.first[1] + row * cut.rows)

    def extent(self, cut: Cut) -> Box:
        """The whole grid in metres."""
        first, last = self.core(cut, 0, 0), self.core(cut, self.columns - 1, self.rows - 1)
        return Box(first.x0, last.y0, last.x1, first.y1)


def _lay_grid(cut: Cut, ground: _Ground) -> _Grid:
    own = cells_of(ground.xy[ground.inside], cut.cell)
    cells = unique(np.concatenate([own, cells_touched(ground.drawn, cut.cell)]))
    origin = best_origin(cut, cells)
    wanted = np.unique(keys(sheet_of(cut, cells, origin)))
    if len(wanted) > _MOST_SHEETS:
        raise AreaError(
            "At 1:{scale:,} the points would need {count:,} sheets.",
            "Choose a smaller scale, or a part of the points with --area W,S,E,N.",
            scale=cut.scale,
            count=len(wanted),
        )
    at = from_keys(wanted)
    corner = at.min(axis=0)
    columns, rows = (at.max(axis=0) - corner + 1).tolist()
    column, row = (corner * (cut.columns, cut.rows) + origin).tolist()
    home = np.searchsorted(wanted, keys(sheet_of(cut, own, origin)))
    return _Grid(at - corner, home, (column, row), columns, rows)


def _sheets(cut: Cut, grid: _Grid, ground: _Ground) -> tuple[Sheet, ...]:
    cores = [grid.core(cut, column, row) for column, row in grid.at.tolist()]
    bounds = [cut.bounds(core) for core in cores]
    homes = _grouped(grid.home, ground.inside, len(cores))
    shown = points_in(ground.xy, ground.inside, bounds)
    beside = Beside.of(grid.at)
    return tuple(
        Sheet(
            label=str(number + 1),
            row=row,
            column=column,
            scale=cut.scale,
            cell=cut.cell,
            bounds=bounds[number],
            core=cores[number],
            columns=cut.columns,
            rows=cut.rows,
            neighbours=beside.neighbours(column, row),
            adjacent=beside.adjacent(column, row),
            points=homes[number],
            shown=shown[number],
        )
        for number, (column, row) in enumerate(grid.at.tolist())
    )


def _grouped(group: Ints, members: Ints, count: int) -> list[tuple[int, ...]]:
    """Members of each group 0 … count-1, in their order."""
    order = np.argsort(group, kind="stable")
    edges = np.searchsorted(group[order], np.arange(count + 1))
    return [tuple(members[order[a:b]].tolist()) for a, b in itertools.pairwise(edges)]


def points_in(xy: Floats, inside: Ints, bounds: Sequence[Box]) -> list[tuple[int, ...]]:
    """Which of the points ``inside`` lie in each frame, its edge included."""
    if not len(inside):
        return [()] * len(bounds)
    tree = shapely.STRtree(shapely.points(xy[inside]))
    frames, found = tree.query(shapely.box(*np.array(bounds).T))
    order = np.lexsort((found, frames))
    return _grouped(frames[order], inside[found[order]], len(bounds))
