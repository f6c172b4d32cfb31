"""Where main roads meet: places by which a person finds the way, for marks to leave free."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import shapely

from papermap.basemap.base import Layer
from papermap.render.model import MapView
from papermap.render.rules import Kinds

_ROADS = ("motorway", "trunk", "primary", "secondary", "tertiary")
_LAYER = "transportation"
_SAME = 0.5  # m; corners nearer than this are one
_MEETING = 3  # arms of a crossing at least


def crossings(view: MapView, layers: Mapping[str, Layer]) -> tuple[tuple[float, float], ...]:
    """Crossings of main roads in a view, mm from its lower left.

    A corner that ends one line and lies inside another, or ends three, is a crossing; tiles' cuts
    of one road are none.
    """
    layer = layers.get(_LAYER)
    if layer is None or not len(layer):
        return ()
    roads = layer.geometry[Kinds(layer).among("class", _ROADS)]
    lines = shapely.get_parts(roads[shapely.get_dimensions(roads) == 1])
    xy, line = shapely.get_coordinates(lines, return_index=True)
    if not len(xy):
        return ()
    ends = np.r_[True, line[1:] != line[:-1]] | np.r_[line[1:] != line[:-1], True]
    _, first, corner = np.unique(
        np.round(xy / _SAME), axis=0, return_index=True, return_inverse=True
    )
    arms = np.bincount(corner.ravel(), weights=np.where(ends, 1, 2))
    places = (view.to_mm(x, y) for x, y in xy[first[arms >= _MEETING]].tolist())
    return tuple((x, y) for x, y in places if 0 <= x <= view.width and 0 <= y <= view.height)
