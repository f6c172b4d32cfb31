"""From the hand-laid roads to a whole network: faces between roads are cut into blocks."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

import town_ground as ground
from shapely import LineString, Point, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring, unary_union
from town_shapes import XY, sides, smooth
from town_skeleton import PATHS, ROADS, Road

SNAP: Final = 70.0  # an end this near to a road belongs to it


@dataclass(frozen=True, slots=True)
class Street:
    """A piece of the network as it is printed."""

    kind: str
    line: LineString
    name: str = ""
    english: str = ""
    ref: str = ""
    brunnel: str | None = None


def rail() -> LineString:
    """The railway's middle line."""
    return LineString(smooth(ground.RAIL_LINE, 30))


def _following() -> list[Road]:
    """Roads that follow water and railway on both sides."""
    left, right = sides(ground.RIVER_LINE, [w + 17 for w in ground.RIVER_WIDTHS], 30)
    stream = smooth(ground.STREAM_LINE, 30)
    north, south = sides(stream, [20.0] * len(stream), 0)
    up, down = sides(ground.RAIL_LINE, [30.0] * len(ground.RAIL_LINE), 30)

    def part(line: list[XY], axis: int, low: float, high: float) -> list[XY]:
        return [p for p in line if low < p[axis] < high]

    return [
        Road("minor", part(left, 1, 1115, 2490), straight=True),
        Road("minor", part(right, 1, 1098, 2850), straight=True),
        Road("minor", part(north, 0, 1120, 2360), straight=True),
        Road("minor", part(south, 0, 1120, 2370), straight=True),
        Road("minor", part(up, 0, 870, 2425), straight=True),
        Road("minor", part(down, 0, 890, 2455), straight=True),
        Road("minor", part(up, 0, 2462, 3570), straight=True),
        Road("minor", part(down, 0, 2500, 2810), straight=True),
        Road("minor", part(up, 0, 3620, 4400), straight=True),
    ]


def skeleton() -> list[Street]:
    """Hand-laid roads as lines whose ends lie on vertices of the roads they join."""
    laid: list[tuple[Road, list[XY]]] = []
    for road in [*ROADS, *_following(), *PATHS]:
        line = road.points if road.straight else smooth(road.points, 28)
        line = [(round(x, 2), round(y, 2)) for x, y in line]
        if road.join:
            for end in (0, -1):
                _join(line, end, laid)
        laid.append((road, line))
    for i, (road, line) in enumerate(laid):  # ends that stop just short of a later road
        others = laid[:i] + laid[i + 1 :]
        for end in (0, -1):
            if road.join and not any(line[end] in other for _, other in others):
                _join(line, end, others, 45)
    return [Street(r.kind, LineString(line), r.name, r.english, r.ref) for r, line in laid]


def _join(
    line: list[XY], end: int, laid: list[tuple[Road, list[XY]]], within: float = SNAP
) -> None:
    """Move an end of a line onto the nearest road in reach, as a vertex of both."""
    here = Point(line[end])
    near = [(LineString(other).distance(here), i) for i, (_, other) in enumerate(laid)]
    distance, which = min(near)
    if distance > within:
        return
    other = laid[which][1]
    path = LineString(other)
    at = path.project(here)
    foot = path.interpolate(at)
    spot = (round(foot.x, 2), round(foot.y, 2))
    along = [path.project(Point(p)) for p in other]
    k = min(range(len(other)), key=lambda i: abs(along[i] - at))
    if abs(along[k] - at) < 9:
        spot = other[k]
    else:
        other.insert(sum(a < at for a in along), spot)
    if math.dist(line[end], spot) < 12:
        line[end] = spot
    elif end == 0:
        line.insert(0, spot)
    else:
        line.append(spot)


def crossings(network: list[Street]) -> list[Street]:
    """The network cut where roads bridge water or pass through hills and under the railway."""
    water = unary_union([ground.river_bed().buffer(7), *(
        LineString(smooth(line, 25)).buffer(9)
        for line in (ground.STREAM_LINE, ground.EAST_STREAM, ground.CANAL)
    )])  # fmt: skip
    found: list[Street] = []
    for street in network:
        if street.kind in {"path", "service"}:
            found.append(street)
            continue
        for piece in _pieces(street, water, "bridge", least=10):
            if piece.brunnel is None and piece.kind in ("trunk", "secondary"):
                found += _pieces(piece, tunnels(piece.kind), "tunnel", least=10)
            else:
                found.append(piece)
    return found


def tunnels(kind: str) -> BaseGeometry:
    """Where roads and the railway run under ground."""
    boxes = {
        "rail": [box(-420, 1300, 520, 1600), box(5250, 1500, 6400, 1900)],
        "trunk": [box(-40, 900, 560, 1100), box(3585, 680, 3835, 800), box(5600, 900, 6100, 1100)],
        "secondary": [box(2100, 1668, 2200, 1760)],
    }
    return unary_union(boxes[kind])


def _pieces(street: Street, area: BaseGeometry, word: str, least: float) -> list[Street]:
    under = [line for line in _lines(street.line.intersection(area)) if line.length > least]
    if not under:
        return [street]
    rest = _lines(street.line.difference(unary_union([line.buffer(0.01) for line in under])))
    cut = [replace(street, line=line, brunnel=word) for line in under]
    return cut + [replace(street, line=line) for line in rest if line.length > 0.5]


def _lines(shape: BaseGeometry) -> list[LineString]:
    if isinstance(shape, LineString):
        return [] if shape.is_empty else [shape]
    return [p for p in getattr(shape, "geoms", []) if isinstance(p, LineString)]


def railway() -> list[Street]:
    """The single track with its passing loop at the station, and its tunnels."""
    middle = rail()
    loops = []
    for offset, start, end in ((5.0, 1560, 2060),):
        a, b = middle.project(Point(start, 1670)), middle.project(Point(end, 1670))
        inner = substring(middle, a + 60, b - 60).offset_curve(offset)
        ends = [middle.interpolate(d) for d in (a, b)]
        loops.append(LineString([(ends[0].x, ends[0].y), *inner.coords, (ends[1].x, ends[1].y)]))
    main = Street("rail", middle, "潮見線", "Shiomi Line")
    return _over_water(_pieces(main, tunnels("rail"), "tunnel", 10)) + [
        Street("rail", loop) for loop in loops
    ]


def _over_water(pieces: list[Street]) -> list[Street]:
    bed = ground.river_bed().buffer(8)
    found: list[Street] = []
    for piece in pieces:
        found += [piece] if piece.brunnel else _pieces(piece, bed, "bridge", 10)
    return found
