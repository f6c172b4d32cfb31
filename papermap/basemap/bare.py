"""Ground that no file of the base map reaches, as layers: paper must say that its white is no map.

Two layers as any other, so that style files say how they look: ``no_map`` has the ground,
``no_map_name`` places on it with words in every language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from papermap.basemap.base import Extent, Layer
from papermap.i18n import SUPPORTED, Words

GROUND: Final = "no_map"
NAMES: Final = "no_map_name"
BARE: Final = (GROUND, NAMES)

_AROUND: Final = 10.0  # mm beyond the frame, so that only the map's own edge is seen as a line
_NARROW: Final = 3.0  # mm: a strip less wide is a ragged edge, not a part without a map
_APART: Final = (60.0, 40.0)  # mm between the words
_UP: Final = 10.0  # mm above the middle of the frame: the lines of the grid lie 20 apart or more
_ROOM: Final = 7.0  # mm between the words' place and the map


def bare_layers(
    extent: Extent, reach: BaseGeometry | None, water: Layer | None
) -> Mapping[str, Layer]:
    """Both layers for an extent.

    Parameters
    ----------
    extent
        What is shown.
    reach
        Ground that the files may know, metres of the extent's CRS; None: all of it.
    water
        The sea is known where only a coastline is; metres.
    """
    ground = shapely.Polygon() if reach is None else _bare(extent, reach, water)
    if ground.is_empty:
        return {name: Layer(name, np.empty(0, dtype=object)) for name in BARE}
    spots = _spots(extent, ground)
    said = {
        "name" if language == "ja" else f"name:{language}": np.full(
            len(spots), Words((language,))("no_map"), dtype=object
        )
        for language in SUPPORTED
    }
    return {
        GROUND: Layer(GROUND, np.array([ground], dtype=object)),
        NAMES: Layer(NAMES, spots, said),
    }


def bare_share(extent: Extent, layer: Layer | None) -> float:
    """Share of an extent that its layer ``no_map`` leaves blank."""
    if layer is None or not len(layer):
        return 0.0
    frame = shapely.box(*extent.bounds)
    return float(shapely.area(shapely.intersection(layer.geometry, frame)).sum() / frame.area)


def _bare(extent: Extent, reach: BaseGeometry, water: Layer | None) -> BaseGeometry:
    mm = extent.metres_per_mm
    around = shapely.box(*extent.bounds.grown(_AROUND * mm))
    ground = shapely.difference(around, reach)
    if ground.is_empty:
        return ground
    if water is not None:
        areas = water.geometry[shapely.get_dimensions(water.geometry) == 2]
        ground = shapely.difference(ground, shapely.union_all(areas))
    half = _NARROW / 2 * mm
    wide = ground.buffer(-half, join_style="mitre").buffer(half, join_style="mitre")
    return shapely.intersection(wide, ground)


def _spots(extent: Extent, ground: BaseGeometry) -> np.ndarray:
    """Places for words all over the ground that is seen; one at least where there is room."""
    mm, bounds = extent.metres_per_mm, extent.bounds
    room = shapely.intersection(ground, shapely.box(*bounds)).buffer(-_ROOM * mm)
    across, up = (step * mm for step in _APART)
    x, y = np.meshgrid(
        (bounds.x0 + bounds.x1) / 2 + across * np.arange(-9, 10),
        (bounds.y0 + bounds.y1) / 2 + _UP * mm + up * np.arange(-9, 10),
    )
    lattice = shapely.points(x.ravel(), y.ravel())
    found = lattice[shapely.contains(room, lattice)]
    lonely = [
        shapely.point_on_surface(part)
        for part in shapely.get_parts(room)
        if not part.is_empty and not shapely.intersects(part, found).any()
    ]
    spots: np.ndarray = np.concatenate([found, np.array(lonely, dtype=object)])
    return spots
