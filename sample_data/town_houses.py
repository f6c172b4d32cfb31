"""Buildings: the landmarks first, then a row of houses along every street."""

from __future__ import annotations

import math
import random
from typing import Final

import numpy as np
import shapely
from shapely import LineString, Point, Polygon, STRtree
from shapely.geometry.base import BaseGeometry
from town_places import Place
from town_roads import Street
from town_shapes import rectangle

# half of what a road takes in metres, with its gutter
HALF: Final = {"trunk": 8.5, "secondary": 7.0, "tertiary": 5.5, "minor": 3.2, "service": 2.4,
               "path": 2.0, "rail": 8.0}  # fmt: skip


def landmarks(places: dict[str, Place], network: list[Street]) -> dict[str, Polygon]:
    """Footprints of the landmarks, turned to the nearest street and moved off it."""
    kinds = [s for s in network if s.kind in HALF and s.kind not in ("path", "rail")]
    lines = [s.line for s in kinds]
    tree = STRtree(lines)
    found: dict[str, Polygon] = {}
    for place in places.values():
        if not place.width:
            continue
        here = Point(place.x, place.y)
        nearest = kinds[int(tree.nearest(here))]
        angle = _direction(nearest.line, here)
        x, y = _off_road(place, nearest)
        found[place.key] = rectangle(x, y, place.width, place.depth, angle)
    return found


def _direction(line: LineString, near: Point) -> float:
    at = line.project(near)
    a, b = line.interpolate(max(at - 4, 0)), line.interpolate(min(at + 4, line.length))
    return math.degrees(math.atan2(b.y - a.y, b.x - a.x))


def _off_road(place: Place, street: Street) -> tuple[float, float]:
    here = Point(place.x, place.y)
    foot = street.line.interpolate(street.line.project(here))
    gap = here.distance(foot)
    wanted = HALF[street.kind] + 2 + place.depth / 2
    if gap >= wanted or gap < 0.1:
        return place.x, place.y
    share = wanted / gap
    return foot.x + (place.x - foot.x) * share, foot.y + (place.y - foot.y) * share


def houses(
    network: list[Street], taken: list[Polygon], never: BaseGeometry, density: dict[str, float],
    close: BaseGeometry,
) -> list[Polygon]:  # fmt: skip
    """Houses along the streets, none over a road, another building or ``never``.

    ``density`` gives the share of plots built on by kind of street; in the ``close`` quarters
    houses stand wall to wall.
    """
    streets = [s for s in network if s.kind in density and s.brunnel is None]
    shapely.prepare(close)
    rows: list[Polygon] = []
    for street in streets:
        tight = bool(close.contains(street.line.interpolate(0.5, normalized=True)))
        rows += _row(street, 0.93 if tight else density[street.kind], 1.5 if tight else 11)
    shapely.prepare(never)
    candidates = np.array(rows, dtype=object)
    candidates = candidates[~shapely.intersects(never, candidates)]
    candidates = candidates[~_on_roads(candidates, network)]
    return _apart(candidates, taken)


def _row(street: Street, density: float, room: float) -> list[Polygon]:
    line = street.line
    first = line.coords[0]
    dice = random.Random(round(first[0]) * 7919 + round(first[1]) * 31 + round(line.length))
    found: list[Polygon] = []
    for side in (-1, 1):
        at = dice.uniform(5, 10)
        while at < line.length - 4:
            width, depth = dice.uniform(9, 16), dice.uniform(8, 13)
            if dice.random() < 0.05:
                width, depth = width * 1.9, depth * 1.4
            spot = line.interpolate(at + width / 2)
            angle = _direction(line, spot)
            gap = (HALF[street.kind] + dice.uniform(1.2, 3.5) + depth / 2) * side
            x = spot.x - math.sin(math.radians(angle)) * gap
            y = spot.y + math.cos(math.radians(angle)) * gap
            if dice.random() < density:
                found.append(rectangle(x, y, width, depth, angle))
            at += width + dice.uniform(room / 4, room)
    return found


def _on_roads(candidates: np.ndarray, network: list[Street]) -> np.ndarray:
    on = np.zeros(len(candidates), dtype=bool)
    tree = STRtree(candidates)
    for kind, half in HALF.items():
        lines = np.array([s.line for s in network if s.kind == kind], dtype=object)
        if len(lines):
            on[tree.query(lines, predicate="dwithin", distance=half)[1]] = True
    return on


def _apart(candidates: np.ndarray, taken: list[Polygon]) -> list[Polygon]:
    """The first of each pair that would touch stays."""
    everything = np.concatenate([np.array(taken, dtype=object), candidates])
    tree = STRtree(everything)
    one, other = tree.query(everything, predicate="dwithin", distance=0.8)
    neighbours: dict[int, list[int]] = {}
    for a, b in zip(one.tolist(), other.tolist(), strict=True):
        if b < a:
            neighbours.setdefault(a, []).append(b)
    kept = np.zeros(len(everything), dtype=bool)
    kept[: len(taken)] = True
    for i in range(len(taken), len(everything)):
        kept[i] = not any(kept[j] for j in neighbours.get(i, ()))
    return [everything[i] for i in np.flatnonzero(kept) if i >= len(taken)]
