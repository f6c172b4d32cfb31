"""Edges of areas that tiles have cut: unions, shores, waterlines, dots on a ground lattice."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from papermap.render.seams import split
from papermap.render.shapes import SIMPLIFY_MM, Geometries, Paper

MARGIN = 4.0  # mm around the view in which areas are joined, so that no cut edge shows
_SLIVER = 0.05  # mm by which areas grow to close the gaps between tiles
_TOUCH = 0.15  # mm within which two areas share an edge


def joined(paper: Paper, areas: Geometries, *, closed: bool = True) -> BaseGeometry:
    """One geometry of areas that tiles have cut.

    ``closed``: also where they just do not touch; needed where edges are drawn.
    """
    parts = paper.cut(areas, MARGIN)
    parts = parts[~shapely.is_empty(parts)]
    simplified = shapely.simplify(parts, SIMPLIFY_MM * paper.metres_per_mm)
    if closed and len(parts) > 1:
        # tiles that end at one line leave slivers between them once projected
        grow = _SLIVER * paper.metres_per_mm
        simplified = shapely.buffer(simplified, grow, quad_segs=1, join_style="mitre")
    whole: BaseGeometry = shapely.union_all(simplified)
    return whole


def slack(paper: Paper) -> float:
    """Metres by which joined areas may have moved from a tile's line."""
    return 2 * (_SLIVER + SIMPLIFY_MM) * paper.metres_per_mm


def outline(paper: Paper, areas: BaseGeometry, others: BaseGeometry) -> BaseGeometry:
    """The edge of ``areas`` where they meet neither the view's cut nor ``others``."""
    border = shapely.clip_by_rect(shapely.boundary(areas), *paper.window(MARGIN - 0.1))
    edge, _ = split(border, paper.view.crs, slack(paper))
    touch = _TOUCH * paper.metres_per_mm
    near = shapely.get_parts(others)
    near = near[shapely.dwithin(near, areas, touch)]
    if not len(near):
        return edge
    return shapely.difference(edge, shapely.union_all(shapely.buffer(near, touch, quad_segs=1)))


def inset(
    paper: Paper, areas: BaseGeometry, others: BaseGeometry, mm: float, least: float = 0
) -> BaseGeometry:
    """A line ``mm`` inside ``areas``; it does not follow their border with ``others``.

    Islands smaller than ``least`` mm² get none.
    """
    whole = shapely.union(areas, others)
    if least:
        whole = _without_islands(whole, least * paper.metres_per_mm**2)
    _, cuts = split(shapely.boundary(whole), paper.view.crs, slack(paper))
    if not shapely.is_empty(cuts):  # the sea goes on beyond the last tile
        beyond = shapely.buffer(cuts, 2 * mm * paper.metres_per_mm, cap_style="square")
        whole = shapely.union(whole, beyond)
    shrunk = shapely.buffer(whole, -mm * paper.metres_per_mm, quad_segs=3)
    line = shapely.clip_by_rect(shapely.boundary(shrunk), *paper.window(MARGIN - mm - 0.1))
    return shapely.intersection(line, areas)


def _without_islands(areas: BaseGeometry, least: float) -> BaseGeometry:
    rings = shapely.polygons(shapely.get_rings(shapely.get_parts(shapely.normalize(areas))))
    holes = shapely.difference(shapely.union_all(rings), areas)
    small = shapely.get_parts(holes)
    return shapely.union_all([areas, *small[shapely.area(small) < least]])


def dots(paper: Paper, areas: BaseGeometry, spacing: float) -> BaseGeometry:
    """Rows for a line of dots inside ``areas``, each starting on a lattice of the ground.

    The lattice belongs to the ground, so that neighbouring sheets show the same dots. Rows are
    to be stroked with a dash as long as ``spacing``; every other row stands half a step aside.
    """
    step = spacing * paper.metres_per_mm
    # begun inside the frame: a row cut later at the page's edge would lose its step
    areas = shapely.clip_by_rect(areas, *paper.window(0))
    x0, y0, x1, y1 = shapely.bounds(areas)
    if np.isnan(x0):
        return shapely.MultiLineString()
    numbers = np.arange(np.ceil(y0 / (step / 2)), np.floor(y1 / (step / 2)) + 1)
    rows = _rows(numbers, step, x0, x1)
    pieces = shapely.get_parts(shapely.intersection(rows, areas))
    return _snapped(pieces[shapely.get_dimensions(pieces) == 1], step)


def _rows(numbers: NDArray[np.float64], step: float, x0: float, x1: float) -> Geometries:
    y = numbers * step / 2
    ends = np.stack(
        [np.column_stack([np.full_like(y, x0), y]), np.column_stack([np.full_like(y, x1), y])],
        axis=1,
    )
    return np.atleast_1d(shapely.linestrings(ends))


def _snapped(pieces: Geometries, step: float) -> BaseGeometry:
    """Pieces of rows begun at the next place of the lattice; those without one are dropped."""
    if not len(pieces):
        return shapely.MultiLineString()
    bounds = shapely.bounds(pieces)
    y = bounds[:, 1]
    odd = np.round(y / (step / 2)) % 2 * step / 2
    left = np.minimum(bounds[:, 0], bounds[:, 2])
    start = np.ceil((left - odd) / step) * step + odd
    kept = start < bounds[:, 2]
    end = np.maximum(bounds[:, 2], start + step * 0.02)
    ends = np.stack([np.column_stack([start, y]), np.column_stack([end, y])], axis=1)
    return shapely.multilinestrings(shapely.linestrings(ends[kept]))
