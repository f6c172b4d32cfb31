"""Edges that vector tiles made: cuts along tile lines, which are no shores.

Where the next tile is missing, an area ends in a straight cut along a line of the tile grid (or
along the tile's buffer). Such a cut is found by its place in Web Mercator.
"""

from __future__ import annotations

import functools
from typing import Final

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

_HALF_WORLD: Final = 20037508.342789244
_STEP: Final = 2 * _HALF_WORLD / 2**14  # tiles of all smaller zooms end on lines of zoom 14
# cuts lie on the line, or 64/4096 of a tile of zoom 14 or 13 beside it
_BESIDE: Final = (0.0, _STEP / 64, _STEP / 32)
_OFF: Final = 1.5  # metres in Web Mercator: tiles round their coordinates


def split(edge: BaseGeometry, crs: str, slack: float) -> tuple[BaseGeometry, BaseGeometry]:
    """(shores, cuts): the parts of an edge that are real, and those along tile lines.

    ``slack`` is how far in metres the edge may have moved from where the tile had it.
    """
    parts = shapely.get_parts(edge)
    parts = parts[shapely.get_dimensions(parts) == 1]
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    if not len(xy):
        return edge, shapely.MultiLineString()
    same = owner[1:] == owner[:-1]
    cut = _along_tile_line(np.column_stack(_to_mercator(crs).transform(xy[:, 0], xy[:, 1])), slack)
    if not (cut & same).any():
        return edge, shapely.MultiLineString()
    segments = shapely.linestrings(np.stack([xy[:-1], xy[1:]], axis=1))
    return (
        shapely.line_merge(shapely.multilinestrings(segments[same & ~cut])),
        shapely.multilinestrings(segments[same & cut]),
    )


def _along_tile_line(places: NDArray[np.float64], slack: float) -> NDArray[np.bool_]:
    """Which steps from one place to the next follow a line of the tile grid."""
    off = _OFF + slack
    found = np.zeros(len(places) - 1, dtype=bool)
    for axis in (0, 1):
        values = places[:, axis] + _HALF_WORLD
        aside = np.abs(values - np.round(values / _STEP) * _STEP)
        on_line = np.zeros(len(values), dtype=bool)
        for beside in _BESIDE:
            on_line |= np.abs(aside - beside) < off
        level = np.abs(np.diff(values)) < off
        long = np.abs(np.diff(places[:, 1 - axis])) > 10 * off
        found |= on_line[1:] & on_line[:-1] & level & long
    return found


@functools.cache
def _to_mercator(crs: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs, "EPSG:3857", always_xy=True)
