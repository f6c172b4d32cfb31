"""The base map on paper: the style's rules, one compound path each, in their order."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from papermap.basemap.base import Layer
from papermap.render.icons import draw_icons, draw_stations
from papermap.render.outlines import MARGIN, dots, inset, joined, outline
from papermap.render.pen import Pen
from papermap.render.rules import Kinds, chosen, gentle
from papermap.render.shapes import Geometries, Paper, area_path, line_path
from papermap.render.tracks import connected, merged, ticks
from papermap.style import Rule

_MERGED_AT = 10_000  # the scale at which a rule says how near two tracks are one
_DOT = 0.01  # mm of dash that a round cap makes a dot
Mask = NDArray[np.bool_]


class Ground:
    """One layer in one view: cut and joined once, however many rules draw it."""

    def __init__(self, paper: Paper, layer: Layer) -> None:
        self.paper = paper
        self.layer = layer
        self.kinds = Kinds(layer)
        self._cut: dict[float, tuple[Geometries, Mask]] = {}
        self._joined: dict[tuple[bytes, bool], BaseGeometry] = {}
        self._merged: dict[tuple[bytes, float], Geometries] = {}

    def cut(self, mask: Mask, simplify: float) -> Geometries:
        """The chosen features cut to the view and simplified; each of them only once."""
        if simplify not in self._cut:
            empty = np.full(len(self.layer), None, dtype=object)
            self._cut[simplify] = (empty, np.zeros(len(self.layer), dtype=bool))
        found, done = self._cut[simplify]
        todo = mask & ~done
        if todo.any():
            cut = self.paper.cut(self.layer.geometry[todo], MARGIN)
            found[todo] = self.paper.simplified(cut, simplify)
            done |= todo
        return found[mask]

    def joined(self, mask: Mask, *, closed: bool = True) -> BaseGeometry:
        """The chosen areas as one."""
        key = (mask.tobytes(), closed)
        if key not in self._joined:
            self._joined[key] = joined(self.paper, self.layer.geometry[mask], closed=closed)
        return self._joined[key]

    def merged(self, mask: Mask, rule: Rule) -> Geometries:
        """The chosen lines, those that run side by side drawn once."""
        # at large scales two tracks lie farther apart on paper, and are one railway still
        mm = rule.merge * max(1.0, _MERGED_AT / self.paper.view.scale)
        key = (mask.tobytes(), mm)
        if key not in self._merged:
            self._merged[key] = merged(self.paper, self.cut(mask, rule.simplify), mm)
        return self._merged[key]


class Grounds:
    """The layers of one view, each made ready when the first rule asks for it."""

    def __init__(self, paper: Paper, layers: Mapping[str, Layer]) -> None:
        self.paper = paper
        self._layers = layers
        self._ready: dict[str, Ground] = {}

    def draw(self, pen: Pen, rule: Rule) -> None:
        """Draw one rule of the style."""
        ground = self.get(rule.layer)
        if ground is None:
            return
        mask = chosen(ground.kinds, rule)
        if not mask.any():
            return
        if rule.draw == "station":
            draw_stations(pen, self.paper, ground.layer.geometry[mask], rule, self._rails(rule))
        else:
            _MANNERS[rule.draw](pen, ground, rule, mask)

    def get(self, name: str) -> Ground | None:
        """One layer; None when it has nothing here."""
        layer = self._layers.get(name)
        if layer is None or not len(layer):
            return None
        if name not in self._ready:
            self._ready[name] = Ground(self.paper, layer)
        return self._ready[name]

    def _rails(self, rule: Rule) -> Geometries:
        """Railways as they are drawn: parallel tracks as one."""
        ground = self.get("transportation")
        if ground is None:
            return np.empty(0, dtype=object)
        kinds = ground.kinds
        above = ~kinds.among("brunnel", ("tunnel",))
        masks = [kinds.among("class", (kind,)) & above for kind in ("rail", "transit")]
        found = [ground.merged(mask, rule) for mask in masks]
        below = ground.cut(kinds.among("class", ("rail", "transit")) & ~above, rule.simplify)
        return np.concatenate([*found, below[~shapely.is_empty(below)]])


def _fill(pen: Pen, ground: Ground, rule: Rule, mask: Mask) -> None:
    areas = ground.cut(mask, rule.simplify)
    if rule.minimum_area:
        least = rule.minimum_area * ground.paper.metres_per_mm**2
        areas = areas[shapely.area(ground.layer.geometry[mask]) >= least]
    pen.fill(area_path(ground.paper, areas), rule.colour)


def _line(pen: Pen, ground: Ground, rule: Rule, mask: Mask) -> None:
    paper = ground.paper
    lines = _edges(ground, rule, mask)
    if lines is None:
        lines = ground.merged(mask, rule) if rule.merge else ground.cut(mask, rule.simplify)
        if rule.dash and not rule.merge:
            lines = connected(lines)
    width = rule.drawn_width(gentle(paper.view.scale))
    cap = rule.cap or ("butt" if rule.dash else "round")
    pen.stroke(line_path(paper, lines), rule.colour, width, rule.dash, cap)


def _edges(ground: Ground, rule: Rule, mask: Mask) -> Geometries | None:
    """Lines along the edge of areas; None for a layer of lines."""
    areas = mask & (shapely.get_dimensions(ground.layer.geometry) == 2)
    if not areas.any():
        return None
    own = ground.joined(areas)
    # rivers flow into the sea without a bank between; a school in a park keeps its edge
    others = ground.joined(~areas & (rule.layer == "water"))
    if rule.inset:
        found = inset(ground.paper, own, others, rule.inset, rule.minimum_area)
    else:
        found = outline(ground.paper, own, others)
    return ground.paper.simplified(np.array([found], dtype=object), rule.simplify)


def _ticks(pen: Pen, ground: Ground, rule: Rule, mask: Mask) -> None:
    paper = ground.paper
    lines = ground.merged(mask, rule) if rule.merge else ground.cut(mask, rule.simplify)
    found = ticks(paper, lines, rule.spacing, rule.length)
    pen.stroke(line_path(paper, found), rule.colour, rule.drawn_width(gentle(paper.view.scale)))


def _dots(pen: Pen, ground: Ground, rule: Rule, mask: Mask) -> None:
    rows = dots(ground.paper, ground.joined(mask, closed=False), rule.spacing)
    path = line_path(ground.paper, np.array([rows], dtype=object))
    pen.stroke(path, rule.colour, rule.width, (_DOT, rule.spacing - _DOT))


def _icon(pen: Pen, ground: Ground, rule: Rule, mask: Mask) -> None:
    draw_icons(pen, ground.paper, ground.layer.geometry[mask], rule)


_MANNERS: Mapping[str, Callable[[Pen, Ground, Rule, Mask], None]] = {
    "fill": _fill,
    "line": _line,
    "ticks": _ticks,
    "dots": _dots,
    "icon": _icon,
}
