"""Faces between the hand-laid roads are cut into blocks by streets, as quarters are."""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from typing import Final

import town_ground as ground
from shapely import LineString, Polygon, set_precision
from shapely.geometry.base import BaseGeometry
from shapely.ops import linemerge, polygonize, split, substring, unary_union
from town_places import rows
from town_roads import Street, rail
from town_shapes import rectangle


@dataclass(frozen=True, slots=True)
class Face:
    """A piece of land between roads, and what kind of quarter it lies in."""

    kind: str
    shape: Polygon


@dataclass(frozen=True, slots=True)
class Site:
    """The ground of a school, a park, a hospital."""

    key: str
    kind: str
    shape: Polygon


# kind → block size in m², unevenness of cuts, share of blocks with a blind alley
_GRAIN: Final[dict[str, tuple[float, float, float]]] = {
    "old": (2000, 0.20, 0.45),
    "centre": (5200, 0.05, 0.25),
    "shore": (6200, 0.10, 0.3),
    "grid": (5200, 0.015, 0.06),
    "north": (6000, 0.05, 0.2),
    "east": (6400, 0.12, 0.35),
    "village": (14000, 0.16, 0.4),
    "field": (26000, 0.02, 0.0),
}


def faces(roads: list[Street]) -> list[Face]:
    """Land between the roads, by quarter; strips along water and railway are left out."""
    lines = [s.line for s in roads if s.kind != "path"]
    noded = unary_union([set_precision(line, 0.01) for line in lines])
    wet = unary_union([ground.sea(), ground.river_bed(), *ground.ponds()]).buffer(4)
    strips = unary_union(
        [rail().buffer(12), *(LineString(line).buffer(9) for line in ground.streams().values())]
    )
    rings = ground.zone_rings()
    found: list[Face] = []
    for shape in sorted(polygonize(noded), key=_key):
        if 2 * shape.area / shape.length < 17 or shape.area < 900:
            continue
        middle = shape.representative_point()
        kind = next((kind for kind, ring in rings if ring.contains(middle)), "wood")
        if kind in ("wood", "quay") or _share(shape, wet) > 0.3 or _share(shape, strips) > 0.4:
            continue
        found.append(Face(kind, shape))
    return found


def _share(shape: Polygon, other: BaseGeometry) -> float:
    return float(shape.intersection(other).area / shape.area)


def sites(built: list[Face]) -> list[Site]:
    """Grounds, cut off at the roads round them."""
    found: list[Site] = []
    for key, kind, *numbers in rows("sites"):
        x, y, width, depth, angle = (float(v) for v in numbers)
        if not width:
            continue
        shape: BaseGeometry = rectangle(x, y, width, depth, angle)
        home = [f for f in built if f.shape.contains(shape.centroid)]
        if home:
            shape = ground.solid(shape.intersection(home[0].shape))[0]
        found.append(Site(key, kind, shape))
    return found


def streets(roads: list[Street], built: list[Face], grounds: list[Site]) -> list[Street]:
    """Streets inside all faces, and those round the grounds."""
    closed = unary_union([site.shape for site in grounds])
    laid = unary_union([s.line for s in roads]).buffer(1.5)
    found = [
        Street("minor", line)
        for site in grounds
        if site.kind != "cemetery"
        for line in lines_of(site.shape.exterior.difference(laid))
        if line.length > 5
    ]
    for face in built:
        for part in ground.solid(face.shape.difference(closed)):
            if part.area > 900:
                found += _divide(Face(face.kind, part))
    return found


def _key(shape: BaseGeometry) -> tuple[int, int]:
    return round(shape.centroid.x), round(shape.centroid.y)


def _divide(face: Face) -> list[Street]:
    """Streets that cut a face into blocks, and alleys into the blocks."""
    x, y = _key(face.shape)
    dice = random.Random(x * 100_003 + y)
    size, uneven, alleys = _GRAIN[face.kind]
    cuts: list[LineString] = []
    blocks: list[Polygon] = []
    todo = [face.shape]
    while todo:
        shape = todo.pop()
        whole = not shape.interiors and shape.area < size * dice.uniform(0.8, 1.9)
        parts = [] if whole else _halves(shape, uneven, dice, face.kind)
        if not parts or min(p.area for p, _ in parts) < size * 0.2:
            blocks.append(shape)
            continue
        cuts += [line for line in parts[0][1] if line.length > 8]
        todo += sorted((part for part, _ in parts), key=_key)
    kind = "service" if face.kind == "field" else "minor"
    found = [Street(kind, line) for line in cuts]
    for block in blocks:
        if dice.random() < alleys:
            found += _alley(block, dice)
    return found


def _halves(
    shape: Polygon, uneven: float, dice: random.Random, kind: str
) -> list[tuple[Polygon, list[LineString]]]:
    cut = _cut(shape, uneven, dice, kind)
    parts = [p for p in split(shape, cut).geoms if isinstance(p, Polygon)]
    lines = lines_of(cut.intersection(shape))
    return [(part, lines) for part in parts] if len(parts) > 1 else []


def _cut(shape: Polygon, uneven: float, dice: random.Random, kind: str) -> LineString:
    """A line across the longer side of a face, near its middle, bent a little where old."""
    frame = shape.minimum_rotated_rectangle
    a, b, c = list(frame.exterior.coords)[:3]
    if math.dist(a, b) < math.dist(b, c):
        a, b = b, c
    long = math.dist(a, b)
    angle = math.atan2(b[1] - a[1], b[0] - a[0])
    share = dice.uniform(-1, 1) * (0.04 + uneven * 0.7)
    if long < 330 and kind in ("grid", "field"):
        share = 0.0
    middle = frame.centroid
    if shape.interiors:  # a street must lead to the ground inside
        middle, share = Polygon(shape.interiors[0]).centroid, 0.0
    mx = middle.x + math.cos(angle) * long * share
    my = middle.y + math.sin(angle) * long * share
    across = angle + math.pi / 2 + dice.uniform(-1, 1) * uneven
    dx, dy = math.cos(across), math.sin(across)
    ends = [(mx + dx * long * 3 * s, my + dy * long * 3 * s) for s in (-1, 1)]
    bend = dice.uniform(-1, 1) * uneven * 60
    if uneven < 0.09:
        return LineString(ends)
    bow = (mx + math.cos(angle) * bend, my + math.sin(angle) * bend)
    near = [(mx + dx * 45 * s, my + dy * 45 * s) for s in (-1, 1)]
    return LineString([ends[0], near[0], bow, near[1], ends[1]])


def _alley(block: Polygon, dice: random.Random) -> list[Street]:
    """A blind alley from a block's edge to its inside, at a right angle to the edge."""
    ring = block.exterior
    at = dice.random() * ring.length
    start, ahead = ring.interpolate(at), ring.interpolate((at + 4) % ring.length)
    if start.distance(ahead) < 3.5:  # at a corner
        return []
    dx, dy = (ahead.x - start.x) / 4, (ahead.y - start.y) / 4
    sign = 1 if ring.is_ccw else -1
    length = dice.uniform(26, 48)
    end = (start.x - dy * length * sign, start.y + dx * length * sign)
    line = LineString([(start.x, start.y), end])
    room = block.buffer(-9)
    return [Street("service", line)] if room.contains(line.boundary.geoms[1]) else []


def lines_of(shape: BaseGeometry) -> list[LineString]:
    """Lines of a geometry, joined where they continue."""
    if isinstance(shape, LineString):
        return [] if shape.is_empty else [LineString(shape)]
    parts = [p for p in getattr(shape, "geoms", []) if isinstance(p, LineString)]
    merged = linemerge(parts) if len(parts) > 1 else None
    if merged is None:
        return parts
    return [merged] if isinstance(merged, LineString) else list(merged.geoms)


def trimmed(network: list[Street], away: BaseGeometry) -> list[Street]:
    """Streets without what lies in ``away``."""
    return [
        replace(street, line=line)
        for street in network
        for line in lines_of(street.line.difference(away))
        if line.length > 8
    ]


__all__ = ["Face", "Site", "faces", "lines_of", "sites", "streets", "substring", "trimmed"]
