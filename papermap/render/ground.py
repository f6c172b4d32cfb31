"""The base map on paper: the style's rules, one compound path each, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from papermap.basemap.base import Layer
from papermap.render.outlines import MARGIN, dots, inset, joined, outline
from papermap.render.pen import Pen
from papermap.render.rules import chosen, gentle
from papermap.render.shapes import Geometries, Paper, area_path, line_path
from papermap.render.tracks import connected, merged, ticks
from papermap.style import Rule

_DOT = 0.01  # mm of dash that a round cap makes a dot
Mask = NDArray[np.bool_]


class Ground:
    """One layer in one view: cut and joined once, however many rules draw it."""

    def __init__(self, paper: Paper, layer: Layer) -> None:
        self.paper = paper
        self.layer = layer
        self._cut: dict[float, Geometries] = {}
        self._joined: dict[bytes, BaseGeometry] = {}
        self._merged: dict[tuple[bytes, float], Geometries] = {}

    def cut(self, simplify: float) -> Geometries:
        """All features cut to the view and simplified, in the order of the layer."""
        if simplify not in self._cut:
            cut = self.paper.cut(self.layer.geometry, MARGIN)
            self._cut[simplify] = self.paper.simplified(cut, simplify)
        return self._cut[simplify]

    def joined(self, mask: Mask) -> BaseGeometry:
        """The chosen areas as one."""
        key = mask.tobytes()
        if key not in self._joined:
            self._joined[key] = joined(self.paper.cut(self.layer.geometry[mask], MARGIN))
        return self._joined[key]

    def merged(self, mask: Mask, rule: Rule) -> Geometries:
        """The chosen lines, those that run side by side drawn once."""
        key = (mask.tobytes(), rule.merge)
        if key not in self._merged:
            self._merged[key] = merged(self.paper, self.cut(rule.simplify)[mask], rule.merge)
        return self._merged[key]


def draw_rule(pen: Pen, ground: Ground, rule: Rule) -> None:
    """Draw one rule of the style."""
    mask = chosen(ground.layer, rule)
    if mask.any():
        _MANNERS[rule.draw](pen, ground, rule, mask)


def _fill(pen: Pen, ground: Ground, rule: Rule, mask: Mask) -> None:
    areas = ground.cut(rule.simplify)[mask]
    if rule.minimum_area:
        least = rule.minimum_area * ground.paper.metres_per_mm**2
        areas = areas[shapely.area(ground.layer.geometry[mask]) >= least]
    pen.fill(area_path(ground.paper, areas), rule.colour)


def _line(pen: Pen, ground: Ground, rule: Rule, mask: Mask) -> None:
    paper = ground.paper
    lines = _edges(ground, rule, mask)
    if lines is None:
        lines = ground.merged(mask, rule) if rule.merge else ground.cut(rule.simplify)[mask]
        if rule.dash and not rule.merge:
            lines = connected(lines)
    width = rule.width * gentle(paper.view.scale)
    cap = "butt" if rule.dash else "round"
    pen.stroke(line_path(paper, lines), rule.colour, width, rule.dash, cap)


def _edges(ground: Ground, rule: Rule, mask: Mask) -> Geometries | None:
    """Lines along the edge of areas; None for a layer of lines."""
    areas = mask & (shapely.get_dimensions(ground.layer.geometry) == 2)
    if not areas.any():
        return None
    own = ground.joined(areas)
    others = ground.joined(~areas)
    if rule.inset:
        found = inset(ground.paper, own, others, rule.inset)
    else:
        found = outline(ground.paper, own, others)
    return ground.paper.simplified(np.array([found], dtype=object), rule.simplify)


def _ticks(pen: Pen, ground: Ground, rule: Rule, mask: Mask) -> None:
    paper = ground.paper
    lines = ground.merged(mask, rule) if rule.merge else ground.cut(rule.simplify)[mask]
    found = ticks(paper, lines, rule.spacing, rule.length)
    pen.stroke(line_path(paper, found), rule.colour, rule.width * gentle(paper.view.scale))


def _dots(pen: Pen, ground: Ground, rule: Rule, mask: Mask) -> None:
    rows = dots(ground.paper, ground.joined(mask), rule.spacing)
    path = line_path(ground.paper, np.array([rows], dtype=object))
    pen.stroke(path, rule.colour, rule.width, (_DOT, rule.spacing - _DOT))


def _icon(pen: Pen, ground: Ground, rule: Rule, mask: Mask) -> None:
    """Signs are drawn with the names, on paper."""


_MANNERS: Mapping[str, Callable[[Pen, Ground, Rule, Mask], None]] = {
    "fill": _fill,
    "line": _line,
    "ticks": _ticks,
    "dots": _dots,
    "icon": _icon,
}
