"""The sheet's own grid on the map: the overlap, cells, and the UTM kilometres."""

from __future__ import annotations

import numpy as np
import shapely
from matplotlib.path import Path
from numpy.typing import NDArray

from papermap.grid import Sheet, km_lines
from papermap.render.pen import Pen
from papermap.render.shapes import Geometries, Paper, area_path, line_path
from papermap.style import Style
from papermap.units import Box


def overlap_path(paper: Paper, sheet: Sheet) -> Path | None:
    """The strip round the core that belongs to the neighbours; None without one."""
    frame, core = shapely.box(*paper.window(1)), shapely.box(*sheet.core)
    return area_path(paper, np.array([shapely.difference(frame, core)], dtype=object))


def draw_grid(pen: Pen, paper: Paper, sheet: Sheet | None, style: Style) -> None:
    """Cell lines, the core's edge, and UTM ticks and crosses at each kilometre."""
    look = style.grid
    if sheet is not None:
        cells, edge = _cells(paper, sheet)
        pen.stroke(line_path(paper, cells), look.colour, look.cell, look.cell_dash, "butt")
        pen.stroke(line_path(paper, edge), look.colour, look.core, look.core_dash, "butt")
    if not paper.view.overview:
        utm = _utm(paper, look.utm_tick, look.utm_cross)
        pen.stroke(line_path(paper, utm), look.colour, look.utm, (), "butt")


def _cells(paper: Paper, sheet: Sheet) -> tuple[Geometries, Geometries]:
    """Lines between cells, and the four lines of the core, all across the whole frame."""
    xs = np.linspace(sheet.core.x0, sheet.core.x1, sheet.columns + 1)
    ys = np.linspace(sheet.core.y0, sheet.core.y1, sheet.rows + 1)
    frame = paper.window(0)
    inner = [*_upright(xs[1:-1], frame), *_level(ys[1:-1], frame)]
    outer = [*_upright(xs[[0, -1]], frame), *_level(ys[[0, -1]], frame)]
    return np.array(inner, dtype=object), np.array(outer, dtype=object)


def _upright(xs: NDArray[np.float64], frame: Box) -> list[object]:
    return [shapely.LineString([(x, frame.y0), (x, frame.y1)]) for x in xs]


def _level(ys: NDArray[np.float64], frame: Box) -> list[object]:
    return [shapely.LineString([(frame.x0, y), (frame.x1, y)]) for y in ys]


def _utm(paper: Paper, tick: float, cross: float) -> Geometries:
    """Ticks at the frame and crosses inside it at each kilometre of the CRS."""
    frame = paper.window(0)
    tick, cross = tick * paper.metres_per_mm, cross * paper.metres_per_mm / 2
    lines_at = km_lines(frame)
    xs, ys = np.array(lines_at.eastings), np.array(lines_at.northings)
    lines = [
        *_upright(xs, Box(frame.x0, frame.y0, frame.x1, frame.y0 + tick)),
        *_upright(xs, Box(frame.x0, frame.y1 - tick, frame.x1, frame.y1)),
        *_level(ys, Box(frame.x0, frame.y0, frame.x0 + tick, frame.y1)),
        *_level(ys, Box(frame.x1 - tick, frame.y0, frame.x1, frame.y1)),
    ]
    for x in xs:
        for y in ys:
            lines += _level(np.array([y]), Box(x - cross, y, x + cross, y))
            lines += _upright(np.array([x]), Box(x, y - cross, x, y + cross))
    return np.array(lines, dtype=object)
