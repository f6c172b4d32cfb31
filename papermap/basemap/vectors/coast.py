"""The sea where the data have only the coastline: land lies on its left, water on its right.

So OpenStreetMap draws ``natural=coastline`` (https://wiki.openstreetmap.org/wiki/Coastline).
"""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from papermap.basemap.base import Layer
from papermap.units import Box

_ASIDE = 0.5  # metres beside the line at which one looks whether there is sea


def sea(coastline: Layer, bounds: Box, shown: Box | None = None) -> Layer:
    """The sea inside ``bounds`` as areas of the layer ``water``; empty without any coastline.

    Only what lies in ``shown`` is given, which may be far from any shore.
    """
    frame = shapely.box(*bounds)
    lines = shapely.get_parts(shapely.intersection(coastline.geometry, frame))
    lines = lines[shapely.get_dimensions(lines) == 1]
    if not len(lines):
        return Layer("water", np.empty(0, dtype=object))
    noded = shapely.union_all([*lines, shapely.boundary(frame)])
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(noded)))
    wet = faces[_balance(lines, faces) > 0]
    if shown is not None and shown != bounds:
        wet = shapely.intersection(wet, shapely.box(*shown))
        wet = wet[~shapely.is_empty(wet)]
    return Layer("water", wet, {"class": np.full(len(wet), "ocean", dtype=object)})


def _balance(lines: NDArray[np.object_], faces: NDArray[np.object_]) -> NDArray[np.float64]:
    """For each face the length of coastline whose right side it is, less that of the left."""
    xy, owner = shapely.get_coordinates(lines, return_index=True)
    same = owner[1:] == owner[:-1]
    start, step = xy[:-1][same], np.diff(xy, axis=0)[same]
    length = np.hypot(*step.T)
    good = length > 0
    start, step, length = start[good], step[good], length[good]
    right = np.column_stack([step[:, 1], -step[:, 0]]) / length[:, None] * _ASIDE
    tree = shapely.STRtree(faces)
    found = np.zeros(len(faces))
    for sign in (1, -1):
        beside = shapely.points(start + step / 2 + sign * right)
        places, hit = tree.query(beside, predicate="within")
        np.add.at(found, hit, sign * length[places])
    return found
