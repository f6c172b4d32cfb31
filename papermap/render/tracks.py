"""Railways: parallel tracks drawn once, and ticks across a line."""

from __future__ import annotations

import numpy as np
import shapely

from papermap.render.shapes import Geometries, Paper

_SHORTEST = 8.0  # mm: what is left of a track beside another and is shorter is dropped
_STUMP = 1.5  # mm: a track standing alone is dropped when shorter


def connected(lines: Geometries) -> Geometries:
    """Lines joined end to end where they meet, so that a dash runs through."""
    lines = lines[shapely.get_dimensions(lines) == 1]
    merged = shapely.line_merge(shapely.union_all(lines)) if len(lines) else shapely.Point()
    return np.asarray(shapely.get_parts(merged), dtype=object)


def merged(paper: Paper, lines: Geometries, mm: float) -> Geometries:
    """Of lines that run within ``mm`` of one another the longest; of the others the rest."""
    parts = connected(lines)
    parts = parts[shapely.get_dimensions(parts) == 1]
    order = np.argsort(-shapely.length(parts), kind="stable")
    kept: list[object] = []
    taken = shapely.Polygon()
    for line in parts[order]:
        rest = shapely.get_parts(shapely.difference(line, taken))
        alone = shapely.length(rest).sum() > 0.999 * line.length
        least = (_STUMP if alone else _SHORTEST) * paper.metres_per_mm
        rest = rest[shapely.length(rest) > least]
        if len(rest):
            kept.extend(rest)
            around = shapely.buffer(rest, mm * paper.metres_per_mm, quad_segs=2, cap_style="flat")
            taken = shapely.union_all([taken, *around])
    return connected(np.array(kept, dtype=object))


def ticks(paper: Paper, lines: Geometries, spacing: float, length: float) -> Geometries:
    """Short strokes across each line, ``spacing`` and ``length`` in mm."""
    step = spacing * paper.metres_per_mm
    half = length * paper.metres_per_mm / 2
    found: list[object] = []
    for line in connected(lines):
        places = np.arange(step / 2, shapely.length(line), step)
        if not len(places):
            continue
        here = shapely.get_coordinates(shapely.line_interpolate_point(line, places))
        ahead = shapely.get_coordinates(shapely.line_interpolate_point(line, places + step / 20))
        along = ahead - here
        norm = np.hypot(along[:, 0], along[:, 1])
        good = norm > 0
        across = (along[good][:, ::-1] * (-1, 1)) / norm[good, None] * half
        ends = np.stack([here[good] - across, here[good] + across], axis=1)
        found.extend(shapely.linestrings(ends))
    return np.array(found, dtype=object)
