"""Areas of neighbourhoods (大字・町丁目) with their names, for headers and the index."""

from __future__ import annotations

import tomllib
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from papermap import resources
from papermap.errors import UsageError

_NAMES = ("name", "名称", "name:ja")
_HINT = "Give a vector file of areas with a column such as 町丁目名, S_NAME or name."


def read_neighbourhoods(path: Path) -> tuple[tuple[str, BaseGeometry], ...]:
    """Name and area (WGS 84 degrees) of each neighbourhood of a vector file; areas are valid.

    Raises
    ------
    UsageError
        When the file is missing, cannot be read, or has no areas with names.
    """
    import pyogrio  # noqa: PLC0415 - slow, and most atlases do without

    if not path.is_file():
        raise UsageError("There is no file of neighbourhoods {path}.", _HINT, path=path)
    try:
        frame = pyogrio.read_dataframe(path)
        shapes = frame.geometry.to_crs(4326) if frame.crs else frame.geometry
    except Exception as error:  # pyogrio's and pyproj's errors share no root
        raise UsageError(
            "The neighbourhoods {path} cannot be read as a map.", _HINT, path=path
        ) from error
    column = next((name for name in _columns() if name in frame.columns), None)
    if column is None:
        listed = ", ".join(map(str, frame.columns[:12]))
        raise UsageError(
            "The neighbourhoods {path} have no names, only {listed}.",
            _HINT,
            path=path,
            listed=listed,
        )
    found = [
        (" ".join(name.split()), shapely.make_valid(shape))
        for name, shape in zip(frame[column], shapes, strict=True)
        if isinstance(name, str) and name.strip() and shape is not None and shape.area > 0
    ]
    if not found:
        raise UsageError("The neighbourhoods {path} hold no area with a name.", _HINT, path=path)
    return tuple(found)


def _columns() -> tuple[str, ...]:
    """Columns that may hold the name, the best first."""
    known = tomllib.loads(resources.file("styles", "data/gazetteer.toml").read_text("utf-8"))
    return (*known["columns"]["town"], *_NAMES)
