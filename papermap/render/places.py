"""Names of the places on a sheet, for its header and the index."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import shapely

from papermap.basemap.base import Layer
from papermap.grid import Sheet
from papermap.render.language import base_name, texts
from papermap.render.model import MapView
from papermap.render.names import chosen, places
from papermap.render.rules import applies
from papermap.style import NameStyle, Style

NEIGHBOURHOODS = "neighbourhoods"
_SHARE = 0.02  # of a sheet that a neighbourhood covers, at least
_PART = 0.25  # or so much of the neighbourhood that lies on the sheet


def place_layers(style: Style) -> tuple[str, ...]:
    """Layers of the base map in which places stand."""
    return tuple(dict.fromkeys(look.layer for look in style.names.values() if look.places))


def places_of(
    view: MapView,
    layers: Mapping[str, Layer],
    style: Style,
    sheet: Sheet,
    languages: Sequence[str] = ("ja",),
) -> tuple[str, ...]:
    """Names of stations and neighbourhoods in a sheet's core, without numbers of blocks.

    The style's names that say ``places`` are taken in its order, the nearest to the middle first.

    Parameters
    ----------
    view, style, languages
        As for :func:`papermap.render.name_requests`.
    layers
        Base map in metres of the view's CRS. Areas with a ``name`` in the layer
        ``neighbourhoods`` are taken in place of the base map's districts; those that cover most
        of the sheet come first.
    sheet
        The sheet whose core counts: every place has one sheet in the whole book.
    """
    neighbourhoods = layers.get(NEIGHBOURHOODS)
    found: dict[str, None] = {}
    for look in style.names.values():
        layer = layers.get(look.layer)
        districts = look.layer == "place"
        if not look.places or not applies(look, view):
            continue
        if districts and neighbourhoods is not None:
            found.update(dict.fromkeys(_areas_of(neighbourhoods, sheet)))
        elif layer is not None and len(layer):
            found.update(dict.fromkeys(_points_of(layer, look, sheet, tuple(languages))))
    return tuple(found)


def _points_of(
    layer: Layer, look: NameStyle, sheet: Sheet, languages: tuple[str, ...]
) -> list[str]:
    mine = chosen(layer, look)
    if not len(mine):
        return []
    xy = places(mine)
    said = texts(mine, look, languages)
    middle = np.array([(sheet.core.x0 + sheet.core.x1) / 2, (sheet.core.y0 + sheet.core.y1) / 2])
    near = np.argsort(np.hypot(*(xy - middle).T), kind="stable")
    return [base_name(said[i][0]) for i in near if said[i][0] and sheet.core.contains(*xy[i])]


def _areas_of(layer: Layer, sheet: Sheet) -> list[str]:
    core = shapely.box(*sheet.core)
    near = shapely.STRtree(layer.geometry).query(core, predicate="intersects")
    shapes = layer.geometry[near]
    here = shapely.area(shapely.intersection(shapes, core))
    parts: dict[str, tuple[float, float]] = {}
    for name, inside, whole in zip(
        layer.column("name")[near], here, shapely.area(shapes), strict=True
    ):
        text = base_name(str(name))
        so_far, of_all = parts.get(text, (0.0, 0.0))
        parts[text] = (so_far + float(inside), of_all + float(whole))
    told = [
        (-inside, name)
        for name, (inside, whole) in parts.items()
        if inside > _SHARE * core.area or inside > _PART * whole
    ]
    return [name for _, name in sorted(told)]
