"""Our own signs and shapes: vector drawings in ``styles/data/signs.toml``."""

from __future__ import annotations

import functools
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from papermap import resources
from papermap.errors import StyleError

GRID: Final = 24  # the files draw on a 24 × 24 grid, y down

Op = tuple[str, *tuple[float, ...]]
_D = TypeVar("_D")


@dataclass(frozen=True, slots=True)
class Drawing:
    """A filled drawing in the unit square, y up; holes wind the other way or are even-odd.

    ``ops`` are ``("M", x, y)``, ``("L", x, y)``, ``("C", x1, y1, x2, y2, x, y)`` and ``("Z",)``.
    Fill with the even-odd rule.
    """

    name: str
    ops: tuple[Op, ...]


@dataclass(frozen=True, slots=True)
class Shape(Drawing):
    """A category's shape; its sign is drawn in the square of ``room`` about (``x``, ``y``)."""

    x: float = 0.5
    y: float = 0.5
    room: float = 0.7


@dataclass(frozen=True, slots=True)
class SignBook:
    """All shapes and signs by name."""

    shapes: Mapping[str, Shape]
    signs: Mapping[str, Drawing]

    def shape(self, name: str) -> Shape:
        """A category's shape.

        Raises
        ------
        StyleError
            For a shape that ``signs.toml`` does not have.
        """
        return _get(self.shapes, name, "shape")

    def sign(self, name: str) -> Drawing:
        """A sign or map icon.

        Raises
        ------
        StyleError
            For a sign that ``signs.toml`` does not have.
        """
        return _get(self.signs, name, "sign")


def _get(drawings: Mapping[str, _D], name: str, kind: str) -> _D:
    try:
        return drawings[name]
    except KeyError:
        raise StyleError(
            "There is no {kind} “{name}”.",
            "There are {known}.",
            kind=kind,
            name=name,
            known=", ".join(drawings),
        ) from None


@functools.cache
def load_signs() -> SignBook:
    """Shapes and signs that come with papermap.

    Raises
    ------
    StyleError
        When their file cannot be read.
    """
    path = resources.file("styles", "data/signs.toml")
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
        shapes = {name: _shape(name, table) for name, table in tables["shapes"].items()}
        signs = {name: Drawing(name, _ops(path)) for name, path in tables["signs"].items()}
    except (OSError, tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
        raise StyleError(
            "Sign file {name} cannot be read: {error}.", name=path.name, error=error
        ) from error
    return SignBook(shapes, signs)


def _shape(name: str, table: Mapping[str, Any]) -> Shape:
    x, y = table.get("centre", (12, 12))
    return Shape(name, _ops(table["path"]), x / GRID, 1 - y / GRID, table.get("room", 17) / GRID)


def _ops(path: str) -> tuple[Op, ...]:
    from fontTools.pens.recordingPen import RecordingPen  # noqa: PLC0415 - slow to import
    from fontTools.svgLib.path import parse_path  # noqa: PLC0415

    pen = RecordingPen()
    parse_path(path, pen)
    ops: list[Op] = []
    last = (0.0, 0.0)
    for name, points in pen.value:
        flat = [(x / GRID, 1 - y / GRID) for x, y in points]
        if name == "qCurveTo":
            flat = _raise_degree(last, *flat)
        if name in _LETTERS:
            ops.append((_LETTERS[name], *(round(value, 5) for point in flat for value in point)))
        if flat:
            last = flat[-1]
    return tuple(ops)


_LETTERS: Final = {
    "moveTo": "M",
    "lineTo": "L",
    "curveTo": "C",
    "qCurveTo": "C",
    "closePath": "Z",
}

Point = tuple[float, float]


def _raise_degree(start: Point, control: Point, end: Point) -> list[Point]:
    """A quadratic curve's cubic control points."""

    def between(point: Point) -> Point:
        return (
            point[0] + (control[0] - point[0]) * 2 / 3,
            point[1] + (control[1] - point[1]) * 2 / 3,
        )

    return [between(start), between(end), end]
