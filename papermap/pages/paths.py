"""Paths as operators of PDF, from mm to pt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from papermap.units import PT_PER_MM, Box

ROUND: Final = 0.5523  # control points of a quarter circle


def polyline(points: Sequence[tuple[float, float]]) -> str:
    """A line through points in mm."""
    parts = [
        f"{x * PT_PER_MM:.3f} {y * PT_PER_MM:.3f} {'l' if i else 'm'}"
        for i, (x, y) in enumerate(points)
    ]
    return " ".join(parts)


def rectangle(box: Box) -> str:
    """The edge of a box in mm."""
    x, y, wide, high = (part * PT_PER_MM for part in (box.x0, box.y0, box.width, box.height))
    return f"{x:.3f} {y:.3f} {wide:.3f} {high:.3f} re"


def rounded(box: Box, radius: float) -> str:
    """The edge of a box in mm with corners of a radius, at most half its sides."""
    x0, y0, x1, y1 = (part * PT_PER_MM for part in box)
    r = min(radius * PT_PER_MM, (x1 - x0) / 2, (y1 - y0) / 2)
    k = r * (1 - ROUND)
    return (
        f"{x0 + r:.3f} {y0:.3f} m {x1 - r:.3f} {y0:.3f} l "
        f"{x1 - k:.3f} {y0:.3f} {x1:.3f} {y0 + k:.3f} {x1:.3f} {y0 + r:.3f} c "
        f"{x1:.3f} {y1 - r:.3f} l "
        f"{x1:.3f} {y1 - k:.3f} {x1 - k:.3f} {y1:.3f} {x1 - r:.3f} {y1:.3f} c "
        f"{x0 + r:.3f} {y1:.3f} l "
        f"{x0 + k:.3f} {y1:.3f} {x0:.3f} {y1 - k:.3f} {x0:.3f} {y1 - r:.3f} c "
        f"{x0:.3f} {y0 + r:.3f} l "
        f"{x0:.3f} {y0 + k:.3f} {x0 + k:.3f} {y0:.3f} {x0 + r:.3f} {y0:.3f} c h"
    )
