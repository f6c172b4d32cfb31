"""What became of each feature, counted: in = points + lines + areas + unplaced + skipped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from papermap.model import MapFeature, SourceReport, SupportPoint, Unplaced


def tallied(
    report: SourceReport,
    points: Iterable[SupportPoint],
    lines: Iterable[MapFeature],
    areas: Iterable[MapFeature],
    unplaced: Iterable[Unplaced],
) -> SourceReport:
    """The report with its counts; what is given is of this source alone.

    A feature of several parts is counted once: as a point when any part of it is one, else as a
    line, else as an area.
    """
    listed = {place.origin.feature for place in unplaced}
    points, lines, areas = tuple(points), tuple(lines), tuple(areas)
    by_points = {point.origin.feature for point in points}
    by_lines = {line.origin.feature for line in lines} - by_points
    by_areas = {area.origin.feature for area in areas} - by_points - by_lines
    moments = [p.updated_at for p in points] + [f.updated_at for f in (*lines, *areas)]
    newest = max((moment for moment in moments if moment is not None), default=None)
    kept = len(by_points) + len(by_lines) + len(by_areas)
    return replace(
        report,
        points=len(by_points),
        lines=len(by_lines),
        areas=len(by_areas),
        unplaced=len(listed),
        skipped=report.features_in - kept - len(listed),
        newest=newest,
    )
