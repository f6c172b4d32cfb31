"""One sheet → one vector panel by matplotlib, never pyplot."""

from papermap.render.model import GroundFeature, MapView, SheetDrawing
from papermap.render.names import name_requests, places_of
from papermap.render.panel import layer_names, render_panel

__all__ = [
    "GroundFeature",
    "MapView",
    "SheetDrawing",
    "layer_names",
    "name_requests",
    "places_of",
    "render_panel",
]
