"""Railways: parallel tracks drawn once, and ticks across a line."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from papermap.render.shapes import Coordinates, Geometries, Paper
from papermap.units import Box

_SHORTEST = 8.0  # mm: what is left of a track beside another and is shorter is dropped
_STUMP = 1.5  # mm: a track standing alone is dropped when shorter
# in distances within which two tracks are one
_ACROSS = 4.0  # a shorter stretch beside another is a crossing
_REACH = 1.3  # an end so near to another track leads into it
_SLANT = 2.5  # in distances between the two: so long is the way over
_TOUCHING = 0.5  # m


def connected(lines: Geometries) -> Geometries:
    """Lines joined end to end where they meet, so that a dash runs through."""
    lines = lines[shapely.get_dimensions(lines) == 1]
    merged = shapely.line_merge(shapely.union_all(lines)) if len(lines) else shapely.Point()
    return np.asarray(shapely.get_parts(merged), dtype=object)


def _whole(lines: Geometries) -> Geometries:
    """Lines joined end to end, each once; those that cross one another are not cut there."""
    parts = shapely.get_parts(lines)
    _, once = np.unique(shapely.to_wkb(shapely.normalize(parts)), return_index=True)
    found = shapely.line_merge(shapely.multilinestrings(parts[np.sort(once)]))
    return np.asarray(shapely.get_parts(found), dtype=object)


def merged(paper: Paper, lines: Geometries, mm: float) -> Geometries:
    """Of lines that run within ``mm`` of one another the longest; of the others the rest.

    What is left of a line leads into the one beside which it was left out, slanting.
    """
    parts = _whole(shapely.force_2d(lines[shapely.get_dimensions(lines) == 1]))
    order = np.argsort(-shapely.length(parts), kind="stable")
    near = mm * paper.metres_per_mm
    kept: list[BaseGeometry] = []
    taken = shapely.Polygon()
    for line in parts[order]:
        rest = _apart(line, taken, near)
        alone = shapely.length(rest).sum() > 0.999 * line.length
        least = (_STUMP if alone else _SHORTEST) * paper.metres_per_mm
        rest = rest[shapely.length(rest) > least]
        if len(rest):
            kept.extend(rest)
            around = shapely.buffer(rest, near, quad_segs=2, cap_style="flat")
            taken = shapely.union_all([taken, *around])
    return _whole(_led(kept, near, paper.view.bounds))


def _apart(line: BaseGeometry, taken: BaseGeometry, near: float) -> Geometries:
    """What of a line is not beside others; where it only crosses them it stays whole."""
    rest: Geometries = shapely.get_parts(shapely.difference(line, taken))
    if len(rest) < 2:
        return rest
    beside = shapely.get_parts(shapely.intersection(line, taken))
    ends = shapely.MultiPoint([line.coords[0], line.coords[-1]])
    across = (shapely.length(beside) < _ACROSS * near) & ~shapely.intersects(beside, ends)
    return _whole(np.concatenate([rest, beside[across]])) if across.any() else rest


def _led(lines: Sequence[BaseGeometry], near: float, seen: Box) -> Geometries:
    """Lines whose loose ends that are seen lead into the lines beside them."""
    led = list(lines)
    for i in range(len(led)):
        for _ in range(2):  # its end, then its beginning
            line = led[i]
            if seen.contains(*line.coords[-1]):
                line = _led_on(line, [*led[:i], *led[i + 1 :]], near)
            led[i] = shapely.reverse(line)
    return np.array(led, dtype=object)


def _led_on(line: BaseGeometry, others: list[BaseGeometry], near: float) -> BaseGeometry:
    """A line whose end, where it is loose, goes on to the nearest of the others."""
    end = shapely.Point(line.coords[-1])
    away = shapely.distance(others, end)
    if not len(away) or not _TOUCHING < away.min() <= _REACH * near:
        return line
    other = others[int(away.argmin())]
    slant = _SLANT * float(away.min())
    at = shapely.line_locate_point(other, end)
    if _TOUCHING < at < other.length - _TOUCHING:
        onward = _heading(line, line.length) @ _heading(other, at)
        ahead = at + slant * onward  # across the other one: straight on to it
        to = shapely.line_interpolate_point(other, min(max(ahead, 0.0), other.length))
        return shapely.LineString([*line.coords, *to.coords])
    to = shapely.Point(other.coords[0] if at <= _TOUCHING else other.coords[-1])
    left = substring(line, 0, max(line.length - slant, line.length / 2))
    return shapely.LineString([*left.coords, *to.coords])


def _heading(line: BaseGeometry, at: float) -> Coordinates:
    """Unit vector along a line, ``at`` metres from its beginning."""
    piece = substring(line, max(at - _TOUCHING, 0.0), min(at + _TOUCHING, line.length))
    (x0, y0), (x1, y1) = piece.coords[0], piece.coords[-1]
    along = np.array([x1 - x0, y1 - y0])
    found: Coordinates = along / max(float(np.hypot(*along)), 1e-9)
    return found


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
