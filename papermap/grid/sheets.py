"""Points, frame and scale → the plan: which sheets are printed, and what each of them shows."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from papermap.errors import AreaError
from papermap.grid.crs import check_stretch, choose_crs, middle, project, project_geometry
from papermap.grid.cut import (
    Cut,
    Floats,
    Ints,
    best_origin,
    cells_of,
    cells_touched,
    cut_for,
    keys,
    sheet_of,
)
from papermap.grid.model import Frame, Plan, Sheet
from papermap.grid.scale import choose_scale
from papermap.units import Box

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

_MOST_SHEETS: Final = 9_999
_STEPS: Final = {  # column eastwards, row southwards
    "n": (0, -1),
    "ne": (1, -1),
    "e": (1, 0),
    "se": (1, 1),
    "s": (0, 1),
    "sw": (-1, 1),
    "w": (-1, 0),
    "nw": (-1, -1),
}


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
    places = np.asarray(lonlat, dtype=float).reshape(-1, 2)
    inside = _inside(places, area)
    shapes = _clip(extra, area, places[inside])
    crs, zone = choose_crs(_all_places(places[inside], shapes, area))
    xy = project(crs, places)
    drawn = [_projected(crs, shape) for shape in shapes]
    if scale is None:
        scale = choose_scale(xy[inside], frame, capacity, drawn)
    cut = cut_for(frame, scale)
    return _plan(crs, zone, cut, xy, inside, drawn)


def _inside(places: Floats, area: BaseGeometry | None) -> Ints:
    """Indices of the points inside the area (its edge included)."""
    if area is None or not len(places):
        return np.arange(len(places))
    everywhere = _three_turns(area)
    shapely.prepare(everywhere)
    return np.flatnonzero(shapely.intersects_xy(everywhere, places[:, 0], places[:, 1]))


def _three_turns(area: BaseGeometry) -> BaseGeometry:
    """The area once more a turn to the west and to the east, for longitudes beyond ±180°."""
    turns = [shapely.transform(area, functools.partial(np.add, np.array([by, 0.0]))) for by in (-360, 0, 360)]
    return shapely.union_all(turns)


def _clip(
    extra: Sequence[BaseGeometry], area: BaseGeometry | None, places: Floats
) -> list[BaseGeometry]:
    """What of the lines and areas lies inside the area, longitudes near the points'."""
    shapes = [shapely.force_2d(shape) for shape in extra if not shape.is_empty]
    if not shapes:
        return []
    known = places if len(places) else np.concatenate([shapely.get_coordinates(s) for s in shapes])
    centre = middle(known)[0]

    def turn(at: Floats) -> Floats:
        near = centre + np.mod(at[:, 0] - centre + 180, 360) - 180
        return np.column_stack([near, at[:, 1]])

    turned = [shapely.transform(shape, turn) for shape in shapes]
    if area is None:
        return turned
    everywhere = _three_turns(area)
    cut = [shapely.intersection(shapely.make_valid(shape), everywhere) for shape in turned]
    return [shape for shape in cut if not shape.is_empty]


def _all_places(
    places: Floats, shapes: Sequence[BaseGeometry], area: BaseGeometry | None
) -> Floats:
    """The places that decide on the projection: the points, else the lines' and areas' own."""
    if len(places):
        return places
    if shapes:
        return np.concatenate([shapely.get_coordinates(shape) for shape in shapes])
    if area is not None:
        raise AreaError(
            "No point lies inside the asked area.",
            "Check --area (west, south, east, north in degrees), or leave it out.",
        )
    raise AreaError("There is no point to print.", "Check the sources with papermap check.")


def _projected(crs: str, shape: BaseGeometry) -> BaseGeometry:
    check_stretch(crs, shapely.get_coordinates(shape))
    return project_geometry(crs, shape)


@dataclass(frozen=True, slots=True)
class _Grid:
    """The sheets to print, in their order, and where they stand among all."""

    at: Ints  # column and row of each printed sheet in the whole grid, n × 2
    home: Ints  # number of the sheet of each inside point
    first: tuple[int, int]  # north-west cell of the whole grid
    columns: int
    rows: int


def _plan(
    crs: str, zone: str, cut: Cut, xy: Floats, inside: Ints, drawn: list[BaseGeometry]
) -> Plan:
    grid = _lay_grid(cut, xy[inside], drawn)
    cores = [
        cut.core(grid.first[0] + c * cut.columns, grid.first[1] + r * cut.rows)
        for c, r in grid.at.tolist()
    ]
    bounds = [cut.bounds(core) for core in cores]
    homes = _grouped(grid.home, inside, len(cores))
    shown = _shown(xy, inside, bounds)
    beside = _Beside.of(grid.at)
    sheets = tuple(
        Sheet(
            label=str(number + 1),
            row=int(row),
            column=int(column),
            bounds=bounds[number],
            core=cores[number],
            columns=cut.columns,
            rows=cut.rows,
            neighbours=beside.neighbours(int(column), int(row)),
            adjacent=beside.adjacent(int(column), int(row)),
            points=homes[number],
            shown=shown[number],
        )
        for number, (column, row) in enumerate(grid.at)
    )
    first, last = (
        cut.core(*grid.first),
        cut.core(
            grid.first[0] + (grid.columns - 1) * cut.columns,
            grid.first[1] + (grid.rows - 1) * cut.rows,
        ),
    )
    outside = np.setdiff1d(np.arange(len(xy)), inside)
    return Plan(
        crs=crs,
        zone=zone,
        scale=cut.scale,
        cell=cut.cell,
        extent=Box(first.x0, last.y0, last.x1, first.y1),
        pitch=cut.pitch,
        grid_columns=grid.columns,
        grid_rows=grid.rows,
        sheets=sheets,
        xy=tuple((x, y) for x, y in xy.tolist()),
        outside=tuple(outside.tolist()),
    )


def _lay_grid(cut: Cut, xy: Floats, drawn: list[BaseGeometry]) -> _Grid:
    own = cells_of(xy, cut.cell)
    cells = np.unique(np.concatenate([own, cells_touched(drawn, cut.cell)]), axis=0)
    origin = best_origin(cut, cells)
    wanted = np.unique(keys(sheet_of(cut, cells, origin)))
    if len(wanted) > _MOST_SHEETS:
        raise AreaError(
            f"At 1:{cut.scale:,} the points would need {len(wanted):,} sheets.",
            "Choose a smaller scale, or a part of the points with --area W,S,E,N.",
        )
    at = np.column_stack([wanted & 0xFFFFFFFF, wanted >> 32])
    at[:, 0] = np.where(at[:, 0] >= 1 << 31, at[:, 0] - (1 << 32), at[:, 0])
    corner = at.min(axis=0)
    columns, rows = (at.max(axis=0) - corner + 1).tolist()
    return _Grid(
        at=at - corner,
        home=np.searchsorted(wanted, keys(sheet_of(cut, own, origin))),
        first=(
            int(origin[0] + corner[0] * cut.columns),
            int(origin[1] + corner[1] * cut.rows),
        ),
        columns=columns,
        rows=rows,
    )


def _grouped(group: Ints, members: Ints, count: int) -> list[tuple[int, ...]]:
    """Members of each group 0 … count-1, in their order."""
    order = np.argsort(group, kind="stable")
    edges = np.searchsorted(group[order], np.arange(count + 1))
    return [tuple(members[order[a:b]].tolist()) for a, b in itertools.pairwise(edges)]


def _shown(xy: Floats, inside: Ints, bounds: Sequence[Box]) -> list[tuple[int, ...]]:
    """Points inside each frame, its edge included."""
    if not len(inside):
        return [()] * len(bounds)
    tree = shapely.STRtree(shapely.points(xy[inside]))
    frames, found = tree.query(shapely.box(*np.array(bounds).T))
    order = np.lexsort((found, frames))
    return _grouped(frames[order], inside[found[order]], len(bounds))


@dataclass(frozen=True, slots=True)
class _Beside:
    """Who stands next to whom among the printed sheets."""

    labels: Mapping[tuple[int, int], str]
    in_row: Mapping[int, list[int]]  # columns of the printed sheets of a row, ascending
    in_column: Mapping[int, list[int]]

    @classmethod
    def of(cls, at: Ints) -> _Beside:
        labels = {(c, r): str(number + 1) for number, (c, r) in enumerate(at.tolist())}
        in_row: dict[int, list[int]] = {}
        in_column: dict[int, list[int]] = {}
        for column, row in labels:
            in_row.setdefault(row, []).append(column)
            in_column.setdefault(column, []).append(row)
        return cls(labels, in_row, in_column)

    def adjacent(self, column: int, row: int) -> dict[str, str]:
        """Labels of the printed ones among the eight beside."""
        near = {name: (column + dx, row + dy) for name, (dx, dy) in _STEPS.items()}
        return {name: self.labels[at] for name, at in near.items() if at in self.labels}

    def neighbours(self, column: int, row: int) -> dict[str, str]:
        """As ``adjacent``; along row and column past the unprinted to the next printed one."""
        columns, rows = self.in_row[row], self.in_column[column]
        next_ones = {
            "n": next(((column, r) for r in reversed(rows) if r < row), None),
            "e": next(((c, row) for c in columns if c > column), None),
            "s": next(((column, r) for r in rows if r > row), None),
            "w": next(((c, row) for c in reversed(columns) if c < column), None),
        }
        found = self.adjacent(column, row)
        found |= {name: self.labels[at] for name, at in next_ones.items() if at is not None}
        return {name: found[name] for name in _STEPS if name in found}
