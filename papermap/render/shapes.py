"""Geometry of a layer → compound paths in points on paper.

All geometry of one stroke becomes one path: a thousand roads are one PDF operator chain.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from matplotlib.path import Path
from numpy.typing import NDArray

from papermap.render.model import MapView
from papermap.units import PT_PER_MM, Box

Geometries = NDArray[np.object_]
Coordinates = NDArray[np.float64]

SIMPLIFY_MM = 0.05
_DECIMALS = 1  # 0.1 pt: at most 0.018 mm off, less than a dot of the printer


@dataclass(frozen=True, slots=True)
class Paper:
    """Turns metres of one view into points on paper."""

    view: MapView

    @property
    def metres_per_mm(self) -> float:
        return self.view.bounds.width / self.view.width

    def window(self, margin: float) -> Box:
        """The view with ``margin`` mm around it, in metres."""
        return self.view.bounds.grown(margin * self.metres_per_mm)

    def millimetres(self, xy: Coordinates) -> Coordinates:
        """Millimetres from the lower left of the frame."""
        view = self.view
        scale = np.array([view.width / view.bounds.width, view.height / view.bounds.height])
        found: Coordinates = (xy - np.array([view.bounds.x0, view.bounds.y0])) * scale
        return found

    def points(self, xy: Coordinates) -> Coordinates:
        """Points on paper, rounded: fewer digits are fewer bytes."""
        return (self.millimetres(xy) * PT_PER_MM).round(_DECIMALS)

    def cut(self, geometries: Geometries, margin: float) -> Geometries:
        """Cut to the view with ``margin`` mm around it; the same length, some empty."""
        found = np.asarray(shapely.clip_by_rect(geometries, *self.window(margin)), dtype=object)
        # a ring may begin anywhere, as more or less of the base map was read at once; simplified
        # from elsewhere it is another
        areas = shapely.get_dimensions(found) == 2
        found[areas] = shapely.normalize(found[areas])
        return found

    def simplified(self, geometries: Geometries, mm: float = SIMPLIFY_MM) -> Geometries:
        """Without the bends that nobody sees."""
        found = shapely.simplify(geometries, mm * self.metres_per_mm, preserve_topology=False)
        return np.asarray(found, dtype=object)


def line_path(paper: Paper, geometries: Geometries) -> Path | None:
    """One open compound path of all lines in ``geometries``; None when there are none."""
    parts = shapely.get_parts(geometries)
    parts = parts[shapely.get_dimensions(parts) == 1]
    return _path(paper, parts, closed=False)


def area_path(paper: Paper, geometries: Geometries) -> Path | None:
    """One path of all areas, filled non-zero: shells turn one way and holes the other.

    Overlapping areas stay filled where an even-odd fill would punch holes.
    """
    parts = shapely.get_parts(geometries)
    parts = parts[shapely.get_dimensions(parts) == 2]
    if not len(parts):
        return None
    return _path(paper, shapely.get_rings(shapely.normalize(parts)), closed=True)


def _path(paper: Paper, parts: Geometries, *, closed: bool) -> Path | None:
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    if not len(xy):
        return None
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    codes = np.full(len(xy), Path.LINETO, dtype=Path.code_type)
    codes[starts] = Path.MOVETO
    if closed:
        codes[np.append(starts[1:], len(xy)) - 1] = Path.CLOSEPOLY
    path = Path(paper.points(xy), codes)
    path.should_simplify = False
    return path
