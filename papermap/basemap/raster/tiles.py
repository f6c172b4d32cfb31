"""Which tiles an extent needs, at which zoom, and where they lie on the ground."""

from __future__ import annotations

import functools
import math
from collections.abc import Sequence
from typing import Final

import mercantile
import numpy as np
import pyproj
from mercantile import Tile
from numpy.typing import NDArray

from papermap.basemap.base import Extent
from papermap.units import Box

__all__ = ["Tile", "corners", "mercator", "ppi", "tiles_of", "zoom_for"]

MERCATOR: Final = "EPSG:3857"
READABLE: Final = 150  # tile pixels an inch at which lettering made for screens is read on paper
_UNITS: Final = 256  # a tile's width in its own units, whatever pixels it has
_EDGES: Final = 21  # points on each edge of an extent when it is turned into another CRS


@functools.cache
def _between(crs: str, other: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs(crs, other, always_xy=True)


def mercator(extent: Extent) -> Box:
    """The extent's bounds in metres of Web Mercator."""
    turned = _between(extent.crs, MERCATOR)
    return Box(*turned.transform_bounds(*extent.bounds, densify_pts=_EDGES))


def ppi(extent: Extent, zoom: int) -> float:
    """Units of a tile (256 across) to an inch of paper, at the middle of the extent."""
    around: float = mercantile.CE
    tile = mercator(extent).width / around * (1 << zoom) * _UNITS  # units across the extent
    return tile / extent.width * 25.4


def zoom_for(extent: Extent, zooms: tuple[int, int]) -> int:
    """The zoom whose lettering comes nearest to being readable, among those there are."""
    exact = math.log2(READABLE / ppi(extent, 0))
    return min(max(round(exact), zooms[0]), zooms[1])


def tiles_of(extent: Extent, zoom: int) -> tuple[Tile, ...]:
    """Tiles that cover the extent, row by row from the north-west."""
    box = mercator(extent)
    around: float = mercantile.CE
    half, size = around / 2, around / (1 << zoom)
    last = (1 << zoom) - 1

    def index(value: float) -> int:
        return min(max(math.floor(value / size), 0), last)

    columns = range(index(box.x0 + half), index(box.x1 + half) + 1)
    rows = range(index(half - box.y1), index(half - box.y0) + 1)
    return tuple(Tile(x, y, zoom) for y in rows for x in columns)


def corners(tiles: Sequence[Tile], crs: str) -> NDArray[np.float64]:
    """South-west and north-east of each tile in metres of ``crs``: rows of x0, y0, x1, y1."""
    boxes = np.array([mercantile.xy_bounds(tile) for tile in tiles], dtype=float).reshape(-1, 4)
    turned = _between(MERCATOR, crs)
    x0, y0 = turned.transform(boxes[:, 0], boxes[:, 1])
    x1, y1 = turned.transform(boxes[:, 2], boxes[:, 3])
    return np.column_stack([x0, y0, x1, y1])
