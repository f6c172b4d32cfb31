"""Areas and lines of a file, to lie over the map: read by bounds, mended, in degrees."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyproj
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from papermap.basemap.vectors import tables
from papermap.basemap.vectors.tables import Table
from papermap.errors import BasemapError
from papermap.model import Kind
from papermap.units import Box

_WGS84: Final = "EPSG:4326"
_EDGES: Final = 21  # points on each edge of bounds that are turned into another CRS


@dataclass(frozen=True, slots=True)
class Overlay:
    """What of a file lies inside some bounds, WGS 84: all areas as one shape, all lines as one."""

    shapes: tuple[tuple[Kind, BaseGeometry], ...]
    count: int  # features
    mended: int  # areas that were not valid
    points: int  # left out, as they are neither areas nor lines


def read_overlay(path: str, bounds: Box, layer: str = "") -> Overlay:
    """Areas and lines of a file that meet ``bounds`` (degrees), cut to them.

    Raises
    ------
    BasemapError
        When the file is missing, is no vector file, or does not say in which CRS it is.
    """
    file = Path(path)
    if not file.exists():
        raise BasemapError("There is no overlay at {path}.", "Check the path.", path=path)
    with warnings.catch_warnings():  # a pack is a GeoPackage under another name
        warnings.filterwarnings("ignore", "File .* non conformant file extension")
        found = [table for table in tables.tables_of(file) if layer in ("", table.layer)]
        read = [_read(table, bounds) for table in found]
    geometry = np.concatenate(read) if read else np.empty(0, dtype=object)
    areas = _of(geometry, 2)
    broken = ~shapely.is_valid(areas)
    areas[broken] = shapely.make_valid(areas[broken])
    shapes = (
        (Kind.AREA, _whole(_of(areas, 2), bounds)),
        (Kind.LINE, _whole(_of(geometry, 1), bounds)),
    )
    return Overlay(
        tuple((kind, shape) for kind, shape in shapes if not shapely.is_empty(shape)),
        len(geometry),
        int(broken.sum()),
        int((shapely.get_dimensions(geometry) == 0).sum()),
    )


def _read(table: Table, bounds: Box) -> NDArray[np.object_]:
    crs = tables.crs_of(table)
    there = pyproj.Transformer.from_crs(_WGS84, crs, always_xy=True)
    asked = Box(*there.transform_bounds(*bounds, densify_pts=_EDGES))
    read = tables.read(table, asked, ())
    shapes = read.geometry
    xy = shapely.get_coordinates(shapes)
    if crs == _WGS84 and len(xy) and np.abs(xy).max() > 360:
        raise BasemapError(
            "The overlay {path} is in metres and does not say in which CRS.",
            "Add its .prj, or export it with its coordinate system.",
            path=table.path,
        )
    moved = shapely.transform(
        shapes,
        lambda x, y: there.transform(x, y, direction="INVERSE"),
        interleaved=False,
    )
    return np.asarray(moved, dtype=object)


def _of(geometry: NDArray[np.object_], dimension: int) -> NDArray[np.object_]:
    """Parts that are areas (2) or lines (1)."""
    parts = shapely.get_parts(shapely.get_parts(geometry))
    return np.asarray(parts[shapely.get_dimensions(parts) == dimension], dtype=object)


def _whole(parts: NDArray[np.object_], bounds: Box) -> BaseGeometry:
    """All parts as one, cut to the bounds where they reach beyond."""
    window = shapely.box(*bounds)
    outside = ~shapely.within(parts, window)
    parts[outside] = shapely.intersection(parts[outside], window)
    return shapely.union_all(parts)


def around(lonlat: Sequence[tuple[float, float]], margin: float) -> Box:
    """Bounds of places in degrees, grown by half their width and height and by ``margin``."""
    xy = np.asarray(lonlat, dtype=float)
    low, high = xy.min(axis=0), xy.max(axis=0)
    grown = (high - low) / 2 + margin
    west, south = np.maximum(low - grown, (-180.0, -90.0)).tolist()
    east, north = np.minimum(high + grown, (180.0, 90.0)).tolist()
    return Box(west, south, east, north)
