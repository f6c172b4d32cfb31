"""Lines and areas that came with the points, by pattern: dash, crosses, hatch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from papermap.model import Kind, kin
from papermap.render.model import GroundFeature
from papermap.render.pen import Pen
from papermap.render.shapes import Geometries, Paper, area_path, line_path
from papermap.style import Colour, Pattern, Style

_MARGIN = 2.0


def draw_features(pen: Pen, paper: Paper, features: Sequence[GroundFeature], style: Style) -> None:
    """Areas first, then lines; features of one category together."""
    for kind in (Kind.AREA, Kind.LINE):
        here = [feature for feature in features if feature.kind is kind]
        for category in dict.fromkeys(feature.category for feature in here):
            shapes = [feature.geometry for feature in here if feature.category == category]
            cut = paper.simplified(paper.cut(np.array(shapes, dtype=object), _MARGIN))
            pattern = pattern_of(style, category, kind)
            (_area if kind is Kind.AREA else _lines)(pen, paper, cut, pattern)


def pattern_of(style: Style, category: str, kind: Kind) -> Pattern:
    """Pattern of a category, else the style's default for lines or areas."""
    found = style.patterns.get(kin(category)) or style.patterns.get(f"default_{kind.value}")
    return found or style.patterns.get("default") or Pattern()


def _lines(pen: Pen, paper: Paper, lines: Geometries, pattern: Pattern) -> None:
    path = line_path(paper, lines)
    if pattern.casing:
        pen.stroke(path, Colour("white"), pattern.width + 2 * pattern.casing)
    crosses = _crosses(paper, lines, pattern) if pattern.crosses else None
    if crosses is not None:
        pen.stroke(line_path(paper, crosses), Colour("white"), pattern.width + 2 * pattern.casing)
    cap = "butt" if pattern.dash else "round"
    pen.stroke(path, pattern.colour, pattern.width, pattern.dash, cap)
    if crosses is not None:
        pen.stroke(line_path(paper, crosses), pattern.colour, pattern.width)


def _crosses(paper: Paper, lines: Geometries, pattern: Pattern) -> Geometries:
    """Upright crosses along each line, at least one on the shortest."""
    step = pattern.crosses * paper.metres_per_mm
    arm = pattern.cross_size * paper.metres_per_mm / 2
    found: list[object] = []
    parts = shapely.get_parts(lines)
    for line in parts[shapely.get_dimensions(parts) == 1]:
        count = max(1, round(shapely.length(line) / step))
        places = (np.arange(count) + 0.5) / count
        centres = shapely.line_interpolate_point(line, places, normalized=True)
        for x, y in shapely.get_coordinates(centres):
            found.append(shapely.LineString([(x - arm, y - arm), (x + arm, y + arm)]))
            found.append(shapely.LineString([(x - arm, y + arm), (x + arm, y - arm)]))
    return np.array(found, dtype=object)


def _area(pen: Pen, paper: Paper, areas: Geometries, pattern: Pattern) -> None:
    """Hatch lines that let the map through, on a lattice of the ground, and the outline."""
    whole = shapely.union_all(shapely.make_valid(areas))
    if shapely.is_empty(whole):
        return
    if pattern.hatch:
        path = line_path(paper, np.array([_hatch(paper, whole, pattern)], dtype=object))
        pen.stroke(path, pattern.colour, pattern.hatch_width, (), "butt")
    elif not pattern.width:
        pen.fill(area_path(paper, np.array([whole], dtype=object)), pattern.colour)
    edge = shapely.intersection(shapely.boundary(whole), shapely.box(*paper.window(_MARGIN - 0.1)))
    path = line_path(paper, np.array([edge], dtype=object))
    if pattern.casing:
        pen.stroke(path, Colour("white"), pattern.width + 2 * pattern.casing)
    pen.stroke(path, pattern.colour, pattern.width, pattern.dash, "butt")


def _hatch(paper: Paper, area: BaseGeometry, pattern: Pattern) -> BaseGeometry:
    step = pattern.hatch * paper.metres_per_mm
    angle = np.radians(pattern.hatch_angle)
    along = np.array([np.cos(angle), np.sin(angle)])
    across = np.array([-along[1], along[0]])
    corners = shapely.get_coordinates(shapely.envelope(area))
    near, far = (corners @ along).min(), (corners @ along).max()
    low, high = (corners @ across).min(), (corners @ across).max()
    offsets = np.arange(np.ceil(low / step), np.floor(high / step) + 1) * step
    if not len(offsets):
        return shapely.MultiLineString()
    starts = offsets[:, None] * across + near * along
    ends = offsets[:, None] * across + far * along
    lines = np.atleast_1d(shapely.linestrings(np.stack([starts, ends], axis=1)))
    return shapely.intersection(shapely.multilinestrings(lines), area)
