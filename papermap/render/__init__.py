"""One sheet → one vector panel by matplotlib, never pyplot."""

from papermap.render.crossings import crossings
from papermap.render.model import GroundFeature, MapView, SheetDrawing
from papermap.render.names import name_requests
from papermap.render.panel import layer_names, render_panel
from papermap.render.places import NEIGHBOURHOODS, place_layers, places_of
from papermap.render.rules import draws

__all__ = [
    "NEIGHBOURHOODS",
    "GroundFeature",
    "MapView",
    "SheetDrawing",
    "crossings",
    "draws",
    "layer_names",
    "name_requests",
    "place_layers",
    "places_of",
    "render_panel",
]
