"""The asked area: a box in degrees, or the polygons of a file."""

from __future__ import annotations

import math
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from papermap.errors import UsageError


def read_area(text: str) -> BaseGeometry:
    """Area in WGS 84 degrees, of ``W,S,E,N`` or of the polygons in a vector file.

    A box whose west is greater than its east crosses the antimeridian and becomes two parts.

    Raises
    ------
    UsageError
        When the text is neither, or the file holds no polygon.
    """
    parts = text.split(",")
    if len(parts) == 4 and not Path(text).exists():
        return _box(text, parts)
    return _polygons(Path(text))


def _box(text: str, parts: list[str]) -> BaseGeometry:
    hint = "Write W,S,E,N in degrees, such as 139.10,33.98,139.16,34.02."
    try:
        west, south, east, north = (float(part) for part in parts)
    except ValueError:
        raise UsageError("The area “{text}” is not four numbers.", hint, text=text) from None
    if not all(math.isfinite(value) for value in (west, south, east, north)):
        raise UsageError("The area “{text}” has a number that is not finite.", hint, text=text)
    if not (-90 <= south < north <= 90 and abs(west) <= 180 and abs(east) <= 180):
        raise UsageError("The area “{text}” is not on earth, or upside down.", hint, text=text)
    if west == east:
        raise UsageError("The area “{text}” has no width.", hint, text=text)
    if west < east:
        return shapely.box(west, south, east, north)
    return shapely.union(
        shapely.box(west, south, 180, north), shapely.box(-180, south, east, north)
    )


def _polygons(path: Path) -> BaseGeometry:
    import pyogrio  # noqa: PLC0415 - slow, and most areas are boxes

    if not path.is_file():
        raise UsageError(
            "There is no area file {path}.",
            "Write W,S,E,N in degrees, or name a file with a polygon (GeoJSON, GeoPackage …).",
            path=path,
        )
    try:
        frame = pyogrio.read_dataframe(path)
        shapes = frame.geometry.to_crs(4326) if frame.crs else frame.geometry
    except Exception as error:  # pyogrio's and pyproj's errors share no root
        raise UsageError(
            "The area file {path} cannot be read as a map.",
            "Give a file with a polygon (GeoJSON, GeoPackage …), or write W,S,E,N in degrees.",
            path=path,
        ) from error
    areas = [shape for shape in shapes if shape is not None and shape.area > 0]
    if not areas:
        raise UsageError(
            "The area file {path} holds no polygon.", "Draw one and save again.", path=path
        )
    return shapely.union_all([shapely.make_valid(shape) for shape in areas])
