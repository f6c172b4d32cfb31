"""One sheet → one vector panel by matplotlib, never pyplot."""

from papermap.render.model import GroundFeature, MapView, SheetDrawing
from papermap.render.panel import layer_names, render_panel

__all__ = ["GroundFeature", "MapView", "SheetDrawing", "layer_names", "render_panel"]
