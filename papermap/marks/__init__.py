"""Where marks, leader lines and names go, in page millimetres."""

from papermap.marks.model import (
    MarkRequest,
    MarkSize,
    NameRequest,
    PlacedMark,
    PlacedName,
    Placement,
)

__all__ = ["MarkRequest", "MarkSize", "NameRequest", "PlacedMark", "PlacedName", "Placement"]
