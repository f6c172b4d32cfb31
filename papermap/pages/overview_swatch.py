"""Small samples of what the map draws: roads, railways, contributed lines and areas."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import cos, hypot, radians, sin

from papermap.model import Kind
from papermap.pages.kit import WHITE, Ink
from papermap.render import features
from papermap.style import Pattern, Rule, Style
from papermap.units import Box


@dataclass(frozen=True, slots=True)
class MapSign:
    """What the legend explains of the base map: its word's key, layers and classes of each.

    The first class of the first layer is the sample; no classes: whatever the layer has.
    """

    key: str
    shows: Mapping[str, tuple[str, ...]]
    area: bool = False


MAP_SIGNS = (
    MapSign("main_road", {"transportation": ("primary", "trunk", "motorway", "secondary")}),
    MapSign("railway", {"transportation": ("rail",)}),
    MapSign(
        "private_railway", {"transportation": ("transit", "tram", "narrow_gauge", "light_rail")}
    ),
    MapSign("boundary", {"boundary": ()}),
    MapSign(
        "water", {"water": ("lake", "river", "ocean"), "waterway": ("river", "canal")}, area=True
    ),
)
LENGTH = 7.5  # mm of a sample
_HATCHED = 4  # at least so many lines along a sample of an area, or it would look empty
_LINES = ("line", "ticks")
_AREAS = ("fill", "line")


def rules_for(style: Style, sign: MapSign) -> tuple[Rule, ...]:
    """What draws the sign's sample on the sheets, in painting order; empty where nothing does."""
    layer, classes = next(iter(sign.shows.items()))
    return _drawing(style, layer, classes[:1], _AREAS if sign.area else _LINES)


def shown_by(style: Style, sign: MapSign) -> tuple[Rule, ...]:
    """Every rule that draws what the sign stands for on the sheets."""
    manners = _AREAS if sign.area else _LINES
    each = (_drawing(style, layer, classes, manners) for layer, classes in sign.shows.items())
    return tuple(rule for rules in each for rule in rules)


def _drawing(
    style: Style, layer: str, classes: Sequence[str], manners: Collection[str]
) -> tuple[Rule, ...]:
    return tuple(
        rule
        for rule in style.rules.values()
        if rule.layer == layer
        and rule.draw in manners
        and rule.where != "overview"
        and (not classes or any(_takes(rule, each) for each in classes))
        and not rule.brunnel
    )


def _takes(rule: Rule, kind: str) -> bool:
    return kind in rule.classes or (not rule.classes and kind not in rule.not_classes)


def draw_map_area(ink: Ink, rules: tuple[Rule, ...], box: Box) -> None:
    """A small piece of water as large as ``box``."""
    for rule in rules:
        if rule.draw == "fill":
            ink.box(box, fill=rule.colour)
        elif not rule.inset:
            corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))
            ink.line((*corners, corners[0]), rule.drawn_width(), colour=rule.colour)


def draw_map_sign(ink: Ink, rules: tuple[Rule, ...], box: Box) -> None:
    """A short stretch of a road or railway across the middle of ``box``."""
    y = (box.y0 + box.y1) / 2
    for rule in rules:
        ink.line(((box.x0, y), (box.x1, y)), rule.drawn_width(), colour=rule.colour, dash=rule.dash)
        if rule.draw == "ticks" and rule.spacing:
            count = max(2, int(box.width / rule.spacing))
            step = box.width / count
            for number in range(count):
                x = box.x0 + step * (number + 0.5)
                half = rule.length / 2
                ink.line(((x, y - half), (x, y + half)), rule.width, colour=rule.colour)


def pattern_of(style: Style, category: str, kind: Kind = Kind.LINE) -> Pattern:
    """Pattern of a contributed line or area, as the map draws it."""
    return features.pattern_of(style, category, kind)


def draw_pattern(ink: Ink, pattern: Pattern, kind: Kind, box: Box) -> None:
    """A sample of a contributed line or area in ``box``."""
    if kind is Kind.AREA:
        _draw_area(ink, pattern, box)
        return
    y = (box.y0 + box.y1) / 2
    ends = ((box.x0, y), (box.x1, y))
    if pattern.casing:
        ink.line(ends, pattern.width + 2 * pattern.casing, colour=WHITE)
    ink.line(ends, pattern.width, colour=pattern.colour, dash=pattern.dash)
    if pattern.crosses:
        half = min(pattern.cross_size, box.height) / 2
        for x in _spread(box, pattern.crosses):
            for way in (1, -1):
                ends = ((x - half, y - way * half), (x + half, y + way * half))
                ink.line(ends, pattern.width, colour=pattern.colour)


def _spread(box: Box, spacing: float) -> tuple[float, ...]:
    count = max(1, round(box.width / spacing))
    return tuple(box.x0 + box.width * (number + 0.5) / count for number in range(count))


def _draw_area(ink: Ink, pattern: Pattern, box: Box) -> None:
    with ink.clipped(box):
        if pattern.hatch:
            _hatch(ink, pattern, box)
    corners = ((box.x0, box.y0), (box.x1, box.y0), (box.x1, box.y1), (box.x0, box.y1))
    ring = (*corners, corners[0])
    ink.line(ring, min(pattern.width, 0.5), colour=pattern.colour, dash=pattern.dash)


def _hatch(ink: Ink, pattern: Pattern, box: Box) -> None:
    across, up = cos(radians(pattern.hatch_angle)), sin(radians(pattern.hatch_angle))
    x, y = (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2
    reach = hypot(box.width, box.height) / 2
    apart = min(pattern.hatch, box.width / _HATCHED)
    steps = int(reach / apart) + 1
    for step in range(-steps, steps + 1):
        mx, my = x - up * step * apart, y + across * step * apart
        ends = (
            (mx - across * reach, my - up * reach),
            (mx + across * reach, my + up * reach),
        )
        ink.line(ends, pattern.hatch_width, colour=pattern.colour)
