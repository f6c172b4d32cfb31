"""Small signs of the base map: temples, shrines, hospitals, and the boxes of stations."""

from __future__ import annotations

import functools

import numpy as np
import shapely
from matplotlib.path import Path
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from papermap.render.pen import Pen
from papermap.render.rules import gentle
from papermap.render.shapes import Geometries, Paper, area_path
from papermap.signs import load_signs
from papermap.style import Colour, Rule
from papermap.units import to_pt

_CODES = {"M": (Path.MOVETO, 1), "L": (Path.LINETO, 1), "C": (Path.CURVE4, 3)}
_TWIN = 4.0  # mm within which two of the same sign are one, doubled at a tile's edge
_HALO = 0.25  # mm of white round a sign
_NEAR = 6.0  # mm within which a station finds its railway
_LEAST = 0.75  # of its size a station keeps at small scales: it is what people look for first
_OUTLINE = 0.35  # mm, of a station's box


def draw_icons(pen: Pen, paper: Paper, features: Geometries, rule: Rule) -> None:
    """Draw the rule's sign, ``width`` mm wide, at each feature."""
    places = _places(paper, features)
    if not len(places):
        return
    sign, codes = _unit_sign(rule.icon)
    vertices = sign * to_pt(rule.width) + paper.points(places)[:, None, :]
    path = Path(vertices.reshape(-1, 2).round(2), np.tile(codes, len(places)))
    pen.stroke(path, Colour("white"), 2 * _HALO)
    pen.fill(path, rule.colour)


def draw_stations(
    pen: Pen, paper: Paper, features: Geometries, rule: Rule, rails: Geometries
) -> None:
    """Draw a white box, ``length`` × ``width`` mm, along the nearest railway at each station."""
    factor = max(gentle(paper.view.scale), _LEAST) * paper.metres_per_mm
    along, across = rule.length / 2 * factor, rule.width / 2 * factor
    boxes = []
    for place in _places(paper, features):
        centre, angle = _on_track(place, rails, _NEAR * paper.metres_per_mm)
        turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
        corners = np.array([(-1, -1), (1, -1), (1, 1), (-1, 1)]) * (along, across)
        boxes.append(shapely.Polygon(corners @ turn + centre))
    path = area_path(paper, np.array(boxes, dtype=object))
    pen.fill(path, Colour("white"))
    pen.stroke(path, rule.colour, _OUTLINE)


def _places(paper: Paper, features: Geometries) -> NDArray[np.float64]:
    """Places in metres inside the view, doubles left out, in the order of the layer."""
    xy = shapely.get_coordinates(shapely.point_on_surface(features))
    window = paper.window(2)
    found: list[NDArray[np.float64]] = []
    for place in xy:
        near = (np.hypot(*(place - other)) < _TWIN * paper.metres_per_mm for other in found)
        if window.contains(*place) and not any(near):
            found.append(place)
    return np.array(found)


def _on_track(
    place: NDArray[np.float64], rails: Geometries, reach: float
) -> tuple[NDArray[np.float64], float]:
    """The nearest place on a railway and its direction; the place itself, level, without one."""
    point = shapely.Point(place)
    distances = shapely.distance(rails, point)
    if not len(rails) or np.nanmin(distances) > reach:
        return place, 0.0
    rail = rails[int(np.nanargmin(distances))]
    part = min(shapely.get_parts(rail), key=point.distance)
    return _direction(part, part.project(point), reach / 2)


def _direction(line: BaseGeometry, at: float, reach: float) -> tuple[NDArray[np.float64], float]:
    ends = [max(0.0, at - reach), min(line.length, at + reach)]
    (x0, y0), (x1, y1) = shapely.get_coordinates(shapely.line_interpolate_point(line, ends))
    here = shapely.get_coordinates(shapely.line_interpolate_point(line, at))[0]
    return here, float(np.arctan2(y1 - y0, x1 - x0))


@functools.cache
def _unit_sign(name: str) -> tuple[NDArray[np.float64], NDArray[np.uint8]]:
    """A sign about the origin, one wide, its rings turned for a non-zero fill."""
    points: list[tuple[float, float]] = []
    codes: list[np.uint8] = []
    for letter, *numbers in load_signs().sign(name).ops:
        if letter == "Z":
            points.append((0, 0))
            codes.append(Path.CLOSEPOLY)
            continue
        code, count = _CODES[letter]
        points.extend(zip(numbers[::2], numbers[1::2], strict=True))
        codes.extend([code] * count)
    # flattened for a sign of a few mm: 0.02 mm off a curve is not seen
    rings = Path(np.array(points) * 100, codes).to_polygons(closed_only=True)
    even_odd = functools.reduce(
        shapely.symmetric_difference, [shapely.Polygon(np.asarray(ring) / 100) for ring in rings]
    )
    parts = shapely.get_rings(shapely.normalize(shapely.get_parts(even_odd)))
    xy, owner = shapely.get_coordinates(parts, return_index=True)
    flat = np.full(len(xy), Path.LINETO, dtype=Path.code_type)
    starts = np.flatnonzero(np.diff(owner, prepend=-1))
    flat[starts] = Path.MOVETO
    flat[np.append(starts[1:], len(xy)) - 1] = Path.CLOSEPOLY
    return xy - 0.5, flat
