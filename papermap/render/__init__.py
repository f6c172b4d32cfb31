"""One sheet → one vector panel by matplotlib, never pyplot."""

from papermap.render.model import GroundFeature, MapView, SheetDrawing

__all__ = ["GroundFeature", "MapView", "SheetDrawing"]
