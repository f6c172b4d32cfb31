"""Millimetres, points and paper sizes."""

from __future__ import annotations

from types import MappingProxyType
from typing import Final, NamedTuple

from papermap.errors import UsageError

PT_PER_MM: Final = 72 / 25.4
MM_PER_PT: Final = 25.4 / 72


def to_pt(value: float) -> float:
    """Millimetres as PDF points."""
    return value * PT_PER_MM


class Size(NamedTuple):
    """A width and a height in mm."""

    width: float
    height: float


class Box(NamedTuple):
    """A rectangle ``x0, y0, x1, y1``, y upwards; the unit (mm, m) is said by whoever makes one."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def width(self) -> float:
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        return self.y1 - self.y0

    def grown(self, by: float) -> Box:
        """This box with every side moved outwards by ``by``."""
        return Box(self.x0 - by, self.y0 - by, self.x1 + by, self.y1 + by)

    def overlaps(self, other: Box) -> bool:
        """Whether the two share more than an edge."""
        return (
            self.x0 < other.x1 and other.x0 < self.x1 and self.y0 < other.y1 and other.y0 < self.y1
        )

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies inside or on the edge."""
        return self.x0 <= x <= self.x1 and self.y0 <= y <= self.y1


PAPERS: Final = MappingProxyType(
    {
        "A4": Size(210, 297),
        "A3": Size(297, 420),
        "B4": Size(257, 364),  # JIS, as Japanese printers know it
        "B5": Size(182, 257),
        "Letter": Size(215.9, 279.4),
        "Legal": Size(215.9, 355.6),
        "Tabloid": Size(279.4, 431.8),
    }
)
ORIENTATIONS: Final = ("portrait", "landscape")


def paper_size(name: str, orientation: str = "portrait") -> Size:
    """Width and height in mm of a named paper.

    Raises
    ------
    UsageError
        For a paper or orientation that is not known.
    """
    known = {key.lower(): size for key, size in PAPERS.items()}
    size = known.get(name.lower())
    if size is None:
        raise UsageError(
            "Unknown paper “{name}”.", "Choose one of {known}.", name=name, known=", ".join(PAPERS)
        )
    if orientation not in ORIENTATIONS:
        raise UsageError(
            "Unknown orientation “{orientation}”.",
            "Choose portrait or landscape.",
            orientation=orientation,
        )
    return size if orientation == "portrait" else Size(size.height, size.width)
