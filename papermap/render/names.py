"""Which names of the base map a sheet asks for, where, and how large; ``marks`` places them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from papermap.basemap.base import Layer
from papermap.marks.model import SECOND_SIZE, NameRequest
from papermap.render.language import base_name, texts
from papermap.render.model import MapView
from papermap.render.rules import Kinds, applies
from papermap.render.shapes import Paper
from papermap.style import NameStyle, Style
from papermap.units import MM_PER_PT

Measure = Callable[[str, float, bool], float]  # text, pt, bold → mm

_TWIN = 25.0  # mm within which the same name is the same thing, doubled at a tile's edge
_AGAIN = 0.4  # of ``repeat``: nearer than this a line's name is not said again (two carriageways)
_BESIDE_NAME = 0.3  # where along a line its number stands, clear of its name in the middle
_EDGE = 2.0  # mm: names begin this far inside the frame


@dataclass(frozen=True, slots=True)
class _Asking:
    """What all names of one view share."""

    paper: Paper
    languages: tuple[str, ...]
    measure: Measure

    def width(self, text: str, look: NameStyle) -> float:
        """Width in mm with the space between the characters."""
        spaced = look.spacing * look.size * MM_PER_PT * max(len(text) - 1, 0)
        return self.measure(text, look.size, look.bold) + spaced


def name_requests(
    view: MapView,
    layers: Mapping[str, Layer],
    style: Style,
    languages: Sequence[str],
    measure: Measure,
) -> tuple[NameRequest, ...]:
    """Names to place on one view, best first.

    Parameters
    ----------
    view
        The view; names lie in mm from the lower left of its frame.
    layers
        Base map in metres of the view's CRS.
    style
        Its ``names`` say which features are named and how.
    languages
        Of the page, the first one leads; the second is set under names that ask for it.
    measure
        Width in mm of a text at a size in pt, bold or not.
    """
    asking = _Asking(Paper(view), tuple(languages), measure)
    found: list[NameRequest] = []
    for key, look in style.names.items():
        layer = layers.get(look.layer)
        if layer is not None and len(layer) and applies(look, view):
            ask = _line_names if look.along or _is_lines(layer) else _point_names
            found.extend(ask(asking, chosen(layer, look), look, key))
    return tuple(sorted(found, key=lambda name: name.rank))


def chosen(layer: Layer, look: NameStyle) -> Layer:
    """The features of a layer that a look names."""
    kinds = Kinds(layer)
    mask = np.ones(len(layer), dtype=bool)
    for column, wanted in (("class", look.classes), ("subclass", look.subclasses)):
        if wanted:
            mask &= kinds.among(column, wanted)
    fields = {name: values[mask] for name, values in layer.fields.items()}
    return Layer(layer.name, layer.geometry[mask], fields)


def _is_lines(layer: Layer) -> bool:
    return bool((shapely.get_dimensions(layer.geometry) == 1).any())


def places(layer: Layer) -> np.ndarray:
    """Where each feature is: itself, or a point inside an area."""
    xy: np.ndarray = shapely.get_coordinates(shapely.point_on_surface(layer.geometry))
    return xy


def _point_names(asking: _Asking, layer: Layer, look: NameStyle, key: str) -> Iterator[NameRequest]:
    paper = asking.paper
    said = texts(layer, look, asking.languages)
    if asking.paper.view.scale > look.numbered:
        said = [(base_name(text), base_name(second)) for text, second in said]
    ranks = [_rank_in_layer(value) for value in layer.column("rank")]
    xy = places(layer)
    taken: list[tuple[str, float, float]] = []
    for i in sorted(range(len(layer)), key=lambda i: (ranks[i], said[i])):
        text, second = said[i]
        x, y = paper.view.to_mm(*xy[i])
        if not text or not _inside(paper, x, y) or _is_twin(taken, text, x, y, _TWIN):
            continue
        taken.append((text, x, y))
        yield NameRequest(
            text=text,
            x=x,
            y=y,
            size=look.size,
            width=asking.width(text, look),
            rank=look.rank * 100 + min(len(taken), 99),
            style=key,
            second=second,
            second_width=asking.measure(second, look.size * SECOND_SIZE, False) if second else 0.0,  # noqa: FBT003
            beside=bool(look.icon),
            obstacle=look.obstacle and len(taken) == 1,
        )
        if len(taken) == look.most:
            return


def _line_names(asking: _Asking, layer: Layer, look: NameStyle, key: str) -> Iterator[NameRequest]:
    """The longest lines first; a long one is named again every ``repeat`` mm."""
    taken: list[tuple[str, float, float]] = []
    at = 0.5 if look.along else _BESIDE_NAME
    for length, text, line in _named_lines(asking, layer, look):
        width = asking.width(text, look)
        if look.along and length < width * 1.15:
            continue
        for path in _stretches(line, look.repeat):
            middle = shapely.line_interpolate_point(path, at, normalized=True)
            if _is_twin(taken, text, middle.x, middle.y, look.repeat * _AGAIN):
                continue
            taken.append((text, middle.x, middle.y))
            yield NameRequest(
                text=text,
                x=middle.x,
                y=middle.y,
                size=look.size,
                width=width,
                rank=look.rank * 100 + min(len(taken), 99),
                style=key,
                path=tuple(path.coords) if look.along else (),
            )
            if len(taken) == look.most:
                return


def _named_lines(
    asking: _Asking, layer: Layer, look: NameStyle
) -> list[tuple[float, str, BaseGeometry]]:
    """(length, text, line) in mm on paper, of lines joined where tiles have cut them."""
    said = [text for text, _ in texts(layer, look, asking.languages)]
    cut = asking.paper.cut(layer.geometry, -_EDGE)
    cut = shapely.transform(cut, asking.paper.millimetres)
    found: list[tuple[float, str, BaseGeometry]] = []
    for text in dict.fromkeys(text for text in said if text):
        mine = cut[[text == other for other in said]]
        mine = mine[(shapely.get_dimensions(mine) == 1) & ~shapely.is_empty(mine)]
        joined = shapely.line_merge(shapely.union_all(mine)) if len(mine) else None
        found.extend((line.length, text, line) for line in shapely.get_parts(joined) if line)
    return sorted(found, key=lambda item: (-item[0], item[1], item[2].coords[0]))


def _stretches(line: BaseGeometry, repeat: float) -> Iterator[BaseGeometry]:
    count = max(1, int(line.length // repeat))
    for i in range(count):
        yield substring(line, i / count, (i + 1) / count, normalized=True)


def _inside(paper: Paper, x: float, y: float) -> bool:
    view = paper.view
    return _EDGE <= x <= view.width - _EDGE and _EDGE <= y <= view.height - _EDGE


def _is_twin(
    taken: Sequence[tuple[str, float, float]], text: str, x: float, y: float, reach: float
) -> bool:
    return any(
        text == other and np.hypot(x - other_x, y - other_y) < reach
        for other, other_x, other_y in taken
    )


def _rank_in_layer(value: object) -> float:
    try:
        return float(str(value))
    except ValueError:
        return 99.0
