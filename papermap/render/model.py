"""One sheet → one vector panel by matplotlib (``matplotlib.figure.Figure``, never pyplot).

matplotlib draws geometry only; every piece of text is drawn later, on paper, by ``pages``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from papermap.basemap.base import Extent
from papermap.marks import PlacedName, Placement, Quality
from papermap.model import Kind
from papermap.units import Box

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry


@dataclass(frozen=True, slots=True)
class MapView:
    """From the ground to paper: ``bounds``, metres of ``crs``, fill ``width`` × ``height`` mm."""

    crs: str
    bounds: Box
    width: float
    height: float
    scale: int
    overview: bool = False

    def extent(self, label: str = "") -> Extent:
        """The view as a base map is asked for it."""
        return Extent(self.bounds, self.crs, self.width, label)

    def to_mm(self, x: float, y: float) -> tuple[float, float]:
        """Ground metres → mm from the lower left of the frame."""
        return (
            (x - self.bounds.x0) / self.bounds.width * self.width,
            (y - self.bounds.y0) / self.bounds.height * self.height,
        )


@dataclass(frozen=True, slots=True)
class GroundFeature:
    """A contributed line or area in metres of the plan's CRS."""

    category: str
    kind: Kind
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class SheetDrawing:
    """Everything drawn for one sheet: the panel (a one-page PDF), the marks and the names.

    ``quality`` is measured on the marks as they are drawn; an overview has none. ``bare`` is the
    share of the frame beyond the base map.
    """

    panel: bytes
    placement: Placement
    names: tuple[PlacedName, ...] = ()
    quality: Quality | None = None
    bare: float = 0.0
