"""What of the points, lines and areas lies inside the asked area; WGS 84 degrees."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import shapely

from papermap.grid.crs import Floats, middle
from papermap.grid.cut import Ints

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


def inside(places: Floats, area: BaseGeometry | None) -> Ints:
    """Indices of the places (n × 2) inside the area, its edge included; all without one."""
    if area is None or not len(places):
        return np.arange(len(places))
    everywhere = _three_turns(area)
    shapely.prepare(everywhere)
    return np.flatnonzero(shapely.intersects_xy(everywhere, places[:, 0], places[:, 1]))


def clipped(
    shapes: Sequence[BaseGeometry], area: BaseGeometry | None, places: Floats
) -> list[BaseGeometry]:
    """What of the lines and areas lies inside the area.

    Their longitudes are turned to within 180° of the places (of their own where there are
    none), so that a road across the antimeridian does not go round the earth.
    """
    flat = [shapely.force_2d(shape) for shape in shapes if not shape.is_empty]
    if not flat:
        return []
    centre = middle(places if len(places) else corners(flat))[0]

    def turn(at: Floats) -> Floats:
        near = centre + np.mod(at[:, 0] - centre + 180, 360) - 180
        return np.column_stack([near, at[:, 1]])

    turned = [shapely.transform(shape, turn) for shape in flat]
    if area is None:
        return turned
    everywhere = _three_turns(area)
    cut = [shapely.intersection(shapely.make_valid(shape), everywhere) for shape in turned]
    return [shape for shape in cut if not shape.is_empty]


def corners(shapes: Sequence[BaseGeometry]) -> Floats:
    """Every corner of the shapes, n × 2."""
    return np.concatenate([shapely.get_coordinates(shape) for shape in shapes])


def _three_turns(area: BaseGeometry) -> BaseGeometry:
    """The area once more a turn to the west and to the east, for longitudes beyond ±180°."""
    moves = [functools.partial(np.add, (turn, 0.0)) for turn in (-360.0, 0.0, 360.0)]
    valid = shapely.make_valid(shapely.force_2d(area))
    return shapely.union_all([shapely.transform(valid, move) for move in moves])
