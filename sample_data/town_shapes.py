"""Small geometry for the town: smooth lines, ribbons, and the way to longitude and latitude."""

from __future__ import annotations

import bisect
import math
import random
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from pyproj import Transformer
from shapely import LineString, Point, Polygon

XY = tuple[float, float]

# A corner in the open sea between the Izu islands, UTM 54N of JGD2011: nobody lives there.
ORIGIN: Final[XY] = (336_150.0, 3_758_400.0)


@cache
def _transformer() -> Transformer:
    return Transformer.from_crs("EPSG:6691", "EPSG:4326", always_xy=True)


def to_lonlat(x: float, y: float, digits: int = 7) -> XY:
    """Local metres → degrees, rounded (7 digits are a centimetre)."""
    lon, lat = _transformer().transform(x + ORIGIN[0], y + ORIGIN[1])
    return round(lon, digits), round(lat, digits)


def to_degrees(metres: NDArray[np.float64]) -> NDArray[np.float64]:
    """Many local coordinates → degrees, as :func:`to_lonlat`."""
    lon, lat = _transformer().transform(metres[:, 0] + ORIGIN[0], metres[:, 1] + ORIGIN[1])
    return np.round(np.column_stack([lon, lat]), 7)


def smooth(points: list[XY], step: float) -> list[XY]:
    """A Catmull-Rom line through the points, with a vertex about every ``step`` metres.

    A line whose first and last points are equal is closed smoothly.
    """
    if len(points) < 3:
        return list(points)
    closed = points[0] == points[-1]
    before = points[-2] if closed else _beyond(points[1], points[0])
    after = points[1] if closed else _beyond(points[-2], points[-1])
    guide = [before, *points, after]
    line: list[XY] = [points[0]]
    for i in range(1, len(guide) - 2):
        p0, p1, p2, p3 = guide[i - 1 : i + 3]
        parts = max(1, round(math.dist(p1, p2) / step))
        line += [_catmull(p0, p1, p2, p3, k / parts) for k in range(1, parts + 1)]
    return line


def _beyond(inner: XY, end: XY) -> XY:
    return (2 * end[0] - inner[0], 2 * end[1] - inner[1])


def _catmull(p0: XY, p1: XY, p2: XY, p3: XY, t: float) -> XY:
    # centripetal form: no loops or overshoot where control points stand unevenly
    t1 = max(math.dist(p0, p1), 1e-6) ** 0.5
    t2 = t1 + max(math.dist(p1, p2), 1e-6) ** 0.5
    t3 = t2 + max(math.dist(p2, p3), 1e-6) ** 0.5
    u = t1 + t * (t2 - t1)
    a1 = _mix(p0, p1, u / t1)
    a2 = _mix(p1, p2, (u - t1) / (t2 - t1))
    a3 = _mix(p2, p3, (u - t2) / (t3 - t2))
    b1 = _mix(a1, a2, u / t2)
    b2 = _mix(a2, a3, (u - t1) / (t3 - t1))
    return _mix(b1, b2, (u - t1) / (t2 - t1))


def _mix(p: XY, q: XY, t: float) -> XY:
    return (p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t)


def rough(line: list[XY], seed: int, size: float = 9.0) -> list[XY]:
    """The line with rocks in it: moved sideways by up to ``size`` metres, least at its ends."""
    dice = random.Random(seed)
    broad = [dice.uniform(-1, 1) for _ in range(len(line) // 3 + 2)]
    found = [line[0]]
    for i in range(1, len(line) - 1):
        (ax, ay), (bx, by) = line[i - 1], line[i + 1]
        length = math.hypot(bx - ax, by - ay)
        k, t = divmod(i / 3, 1)
        swell = broad[int(k)] * (1 - t) + broad[int(k) + 1] * t
        edge = min(i, len(line) - 1 - i, 8) / 8
        by_much = (swell * 0.7 + dice.uniform(-0.3, 0.3)) * size * edge
        x, y = line[i]
        found.append((x - (by - ay) / length * by_much, y + (bx - ax) / length * by_much))
    return [*found, line[-1]]


def ribbon(points: list[XY], widths: list[float], step: float) -> Polygon:
    """An area along a smooth line, as wide at each control point as ``widths`` says."""
    left, right = sides(points, widths, step)
    return Polygon(left + right[::-1]).buffer(0)


def sides(points: list[XY], widths: list[float], step: float) -> tuple[list[XY], list[XY]]:
    """The two edges of a ribbon; a ``step`` of 0 keeps the points as they are."""
    line = smooth(points, step) if step else points
    spine = LineString(line)
    marks = [spine.project(Point(p)) for p in points]
    left: list[XY] = []
    right: list[XY] = []
    for i, (x, y) in enumerate(line):
        (ax, ay), (bx, by) = line[max(i - 1, 0)], line[min(i + 1, len(line) - 1)]
        length = math.hypot(bx - ax, by - ay)
        nx, ny = -(by - ay) / length, (bx - ax) / length
        half = _between(marks, widths, spine.project(Point(x, y))) / 2
        left.append((x + nx * half, y + ny * half))
        right.append((x - nx * half, y - ny * half))
    return left, right


def _between(marks: list[float], values: list[float], at: float) -> float:
    i = min(max(bisect.bisect_right(marks, at), 1), len(marks) - 1)
    t = (at - marks[i - 1]) / (marks[i] - marks[i - 1])
    return values[i - 1] + (values[i] - values[i - 1]) * min(max(t, 0), 1)


def rectangle(x: float, y: float, width: float, depth: float, angle: float) -> Polygon:
    """A rectangle about its middle, ``angle`` in degrees against the clock from east."""
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    corners = [(-1, -1), (1, -1), (1, 1), (-1, 1)]
    return Polygon(
        [
            (x + i * width / 2 * c - j * depth / 2 * s, y + i * width / 2 * s + j * depth / 2 * c)
            for i, j in corners
        ]
    )
