"""What lies in an area of a file that can only be read from end to end, kept on this machine.

An OpenStreetMap extract, GeoJSON, GML, or a Shapefile without an index is gone through once; the
features of the area, mapped to our layers, are kept in a small GeoPackage with an index. The next
build of that area from that file reads only the GeoPackage.
"""

from __future__ import annotations

import contextlib
import hashlib
import secrets
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pyogrio
import pyproj
import shapely

from papermap.basemap.base import Layer, Progress, joined
from papermap.basemap.network import make_room
from papermap.basemap.vectors import tables
from papermap.basemap.vectors.schema import Schema
from papermap.basemap.vectors.tables import Table
from papermap.basemap.vectors.write import write_layers
from papermap.errors import BasemapError
from papermap.units import Box

_VERSION: Final = 1  # of how extracts are made; another number, and old ones are not read
_ROUND: Final = 0.02  # degrees to which the area grows, so that one more point reads the same
_WGS84: Final = "EPSG:4326"


def extracted(
    source: Sequence[tuple[Table, Schema]], area: Box, folder: Path, progress: Progress
) -> Path:
    """GeoPackage with our layers of what lies in ``area`` (degrees), made now or found.

    Raises
    ------
    BasemapError
        When the source cannot be read, or the extract cannot be written.
    """
    area = _rounded(area)
    target = folder / f"{_key(source, area)}.gpkg"
    if target.is_file():
        with contextlib.suppress(OSError):
            target.touch()
        return target
    part = target.with_name(f"{target.stem}.{secrets.token_hex(4)}.part.gpkg")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        make_room(folder.glob("*.gpkg"))  # an extract that is used is touched, and so is young
        _write(part, _mapped(source, area, progress))
        part.replace(target)
    except (OSError, pyogrio.errors.DataSourceError, pyogrio.errors.GeometryError) as error:
        raise BasemapError(
            "The part of the base map that is printed cannot be kept in {folder}: {error}.",
            "Set PAPERMAP_CACHE to a folder with room.",
            folder=folder,
            error=error,
        ) from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
    return target


def _mapped(
    source: Sequence[tuple[Table, Schema]], area: Box, progress: Progress
) -> Mapping[str, Layer]:
    found: dict[str, list[Layer]] = {}
    with _tags_wanted(source) as settings:
        for number, (table, schema) in enumerate(source):
            progress(number, len(source))
            crs = tables.crs_of(table)
            bounds = Box(
                *pyproj.Transformer.from_crs(_WGS84, crs, always_xy=True).transform_bounds(*area)
            )
            options = settings if Path(table.path).suffix.lower() in tables.OSM else None
            read = tables.read(table, bounds, schema.columns(table.name), options=options)
            to_wgs84 = pyproj.Transformer.from_crs(crs, _WGS84, always_xy=True)
            shapes = shapely.transform(read.geometry, to_wgs84.transform, interleaved=False)
            for rule in schema.rules_for(table.name):
                found.setdefault(rule.to, []).append(schema.mapped(rule, shapes, read.fields))
    progress(len(source), len(source))
    return {name: joined(name, layers) for name, layers in found.items()}


def _write(path: Path, layers: Mapping[str, Layer]) -> None:
    if not layers:  # nothing of the file lies in the area
        layers = {"place": Layer("place", np.empty(0, dtype=object))}
    write_layers(path, layers, _WGS84)


@contextlib.contextmanager
def _tags_wanted(source: Sequence[tuple[Table, Schema]]) -> Iterator[Mapping[str, str]]:
    """Settings for GDAL's OSM driver: the tags that schemas look at, as they are called."""
    wanted = [
        name
        for table, schema in source
        if Path(table.path).suffix.lower() in tables.OSM
        for name in schema.columns(table.name)
    ]
    if not wanted:
        yield {}
        return
    tags = ",".join(dict.fromkeys(wanted))
    lines = [f"closed_ways_are_polygons={_AREAS}", "attribute_name_laundering=no"]
    for layer in ("points", "lines", "multipolygons", "multilinestrings", "other_relations"):
        lines += [f"[{layer}]", "osm_id=no", f"attributes={tags}", "other_tags=no"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "osmconf.ini"
        file.write_text("\n".join(lines) + "\n", "utf-8")
        yield {"CONFIG_FILE": str(file)}


# closed ways that are areas: https://wiki.openstreetmap.org/wiki/Overpass_turbo/Polygon_Features
_AREAS: Final = (
    "aeroway,amenity,boundary,building,craft,historic,landuse,leisure,man_made,military,natural,"
    "office,place,shop,sport,tourism,water,waterway=riverbank,waterway=dock,railway=station,"
    "highway=services,highway=rest_area"
)


def _rounded(area: Box) -> Box:
    low = np.floor(np.array(area[:2]) / _ROUND - 0.25) * _ROUND
    high = np.ceil(np.array(area[2:]) / _ROUND + 0.25) * _ROUND
    return Box(*low.round(6).tolist(), *high.round(6).tolist())


def _key(source: Sequence[tuple[Table, Schema]], area: Box) -> str:
    """The same for the same file, area and schemas only."""
    said: list[object] = [_VERSION, tuple(area)]
    for table, schema in source:
        file = Path(table.path.partition("}")[0].removeprefix("/vsizip/{"))
        status = file.stat()
        said += [table.path, str(file.resolve()), table.layer, status.st_size, status.st_mtime_ns]
        said.append(schema)
    return hashlib.sha256(repr(said).encode()).hexdigest()[:32]
