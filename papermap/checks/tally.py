"""What became of each feature, counted: in = points + lines + areas + unplaced + skipped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from papermap.model import MapFeature, Place, SourceReport, SupportPoint, Unplaced


def tallied(
    report: SourceReport,
    points: Iterable[SupportPoint],
    lines: Iterable[MapFeature],
    areas: Iterable[MapFeature],
    unplaced: Iterable[Unplaced],
) -> SourceReport:
    """The report with its counts; what is given may be of other sources too.

    A feature of several parts is counted once: as a point when any part of it is one, else as a
    line, else as an area. One that was joined into another's place counts as what that place is.
    """
    path = report.path
    points, lines, areas, unplaced = (
        tuple(points),
        tuple(lines),
        tuple(areas),
        tuple(unplaced),
    )
    by_points = _told_of(points, path)
    listed = _told_of(unplaced, path) - by_points
    by_lines = _told_of(lines, path) - by_points
    by_areas = _told_of(areas, path) - by_points - by_lines
    told: tuple[Place | MapFeature, ...] = (*points, *lines, *areas)
    own = {t.origin.feature for t in (*told, *unplaced) if t.origin.source == path}
    moments = [thing.updated_at for thing in told if thing.origin.source == path]
    newest = max((moment for moment in moments if moment is not None), default=None)
    kept = len(by_points) + len(by_lines) + len(by_areas)
    return replace(
        report,
        points=len(by_points),
        lines=len(by_lines),
        areas=len(by_areas),
        unplaced=len(listed),
        skipped=report.features_in - kept - len(listed),
        joined=len((by_points | by_lines | by_areas | listed) - own),
        newest=newest,
    )


def _told_of(things: Iterable[Place | MapFeature], path: str) -> set[int]:
    """Features of a source that told of these things."""
    return {origin.feature for thing in things for origin in thing.origins if origin.source == path}
