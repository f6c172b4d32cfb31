"""Where marks, leader lines and names go, in page millimetres."""

from papermap.marks.model import (
    SECOND_SIZE,
    MarkRequest,
    MarkSize,
    NameRequest,
    PlacedMark,
    PlacedName,
    Placement,
)
from papermap.marks.names import place_names
from papermap.marks.place import place_marks
from papermap.marks.quality import Quality, quality
from papermap.marks.stack import stack_of

__all__ = [
    "SECOND_SIZE",
    "MarkRequest",
    "MarkSize",
    "NameRequest",
    "PlacedMark",
    "PlacedName",
    "Placement",
    "Quality",
    "place_marks",
    "place_names",
    "quality",
    "stack_of",
]
