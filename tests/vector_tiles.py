"""Small files of vector tiles, written by hand so that the tests know what is in them."""

from __future__ import annotations

import gzip
import json
import sqlite3
import struct
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path

import mercantile
import numpy as np
import pyproj
import shapely
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

EXTENT, BUFFER = 4096, 64
Feature = tuple[shapely.Geometry, Mapping[str, object]]
Layers = Mapping[str, Sequence[Feature]]
_MERCATOR = pyproj.Transformer.from_crs(4326, 3857, always_xy=True)


def write_tiles(path: Path, layers: Layers, zooms: Sequence[int], attribution: str = "") -> Path:
    """MBTiles or PMTiles, by the path's ending; features in degrees, cut with a buffer."""
    tiles = {
        (tile.z, tile.x, tile.y): gzip.compress(data, mtime=0)
        for zoom in zooms
        for tile, data in _tiles(layers, zoom)
    }
    bounds = shapely.total_bounds([shape for rows in layers.values() for shape, _ in rows])
    about = {
        "name": "test",
        "format": "pbf",
        "bounds": ",".join(map(str, bounds)),
        "minzoom": str(min(zooms)),
        "maxzoom": str(max(zooms)),
        "attribution": attribution,
    }
    listed = [{"id": name, "fields": {}} for name in layers]
    if path.suffix == ".mbtiles":
        _write_mbtiles(path, tiles, {**about, "json": json.dumps({"vector_layers": listed})})
    else:
        _write_pmtiles(path, tiles, {**about, "vector_layers": listed}, zooms, bounds)
    return path


def _write_mbtiles(
    path: Path, tiles: Mapping[tuple[int, int, int], bytes], metadata: Mapping[str, str]
) -> None:
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE metadata (name text, value text)")
        file.execute(
            "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, "
            "tile_data blob, PRIMARY KEY (zoom_level, tile_column, tile_row))"
        )
        file.executemany("INSERT INTO metadata VALUES (?, ?)", metadata.items())
        rows = [(z, x, 2**z - 1 - y, data) for (z, x, y), data in tiles.items()]
        file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)


def _write_pmtiles(
    path: Path,
    tiles: Mapping[tuple[int, int, int], bytes],
    metadata: Mapping[str, object],
    zooms: Sequence[int],
    bounds: np.ndarray,
) -> None:
    with path.open("wb") as stream:
        writer = Writer(stream)
        for key in sorted(tiles, key=lambda key: zxy_to_tileid(*key)):
            writer.write_tile(zxy_to_tileid(*key), tiles[key])
        west, south, east, north = (int(value * 1e7) for value in bounds)
        header = {
            "tile_type": TileType.MVT,
            "tile_compression": Compression.GZIP,
            "min_zoom": min(zooms),
            "max_zoom": max(zooms),
            "min_lon_e7": west,
            "min_lat_e7": south,
            "max_lon_e7": east,
            "max_lat_e7": north,
            "center_zoom": min(zooms),
            "center_lon_e7": west,
            "center_lat_e7": south,
        }
        writer.finalize(header, dict(metadata))


def _tiles(layers: Layers, zoom: int) -> list[tuple[mercantile.Tile, bytes]]:
    found = []
    shapes = [shape for rows in layers.values() for shape, _ in rows]
    for tile in mercantile.tiles(*shapely.total_bounds(shapes), zoom):
        cut = {name: _in_tile(rows, tile) for name, rows in layers.items()}
        data = b"".join(_layer(name, rows) for name, rows in cut.items() if rows)
        if data:
            found.append((tile, data))
    return found


def _in_tile(rows: Sequence[Feature], tile: mercantile.Tile) -> list[Feature]:
    bounds = mercantile.xy_bounds(tile)
    size = (bounds.right - bounds.left) / EXTENT

    def units(xy: np.ndarray) -> np.ndarray:
        x, y = _MERCATOR.transform(*xy.T)
        return np.column_stack([(x - bounds.left) / size, (bounds.top - y) / size])

    window = (-BUFFER, -BUFFER, EXTENT + BUFFER, EXTENT + BUFFER)
    found = []
    for shape, said in rows:
        moved = shapely.clip_by_rect(shapely.transform(shape, units), *window)
        moved = shapely.set_precision(moved, 1)
        found += [(part, said) for part in shapely.get_parts(moved) if not part.is_empty]
    return found


# --- protocol buffers, as the Vector Tile Specification 2.1 says it --------------------


def _layer(name: str, rows: Sequence[Feature]) -> bytes:
    keys: dict[str, int] = {}
    values: dict[tuple[str, object], int] = {}
    features = b""
    for shape, said in rows:
        tags = []
        for key, value in said.items():
            tags += [
                keys.setdefault(key, len(keys)),
                values.setdefault((type(value).__name__, value), len(values)),
            ]
        kind = {"Point": 1, "LineString": 2, "Polygon": 3}[shape.geom_type]
        packed = _field(2, b"".join(map(_varint, tags))) + _varint(3 << 3) + _varint(kind)
        features += _field(2, packed + _field(4, b"".join(map(_varint, _commands(shape)))))
    body = _field(1, name.encode()) + features
    body += b"".join(_field(3, key.encode()) for key in keys)
    body += b"".join(_field(4, _value(value)) for _, value in values)
    body += _varint(5 << 3) + _varint(EXTENT) + _varint(15 << 3) + _varint(2)
    return _field(3, body)


def _commands(shape: shapely.Geometry) -> list[int]:
    if shape.geom_type == "Polygon":
        # exterior rings run clockwise on the screen, whose y points down
        lines = [ring.coords[:-1] for ring in shapely.get_rings(shapely.orient_polygons(shape))]
    else:
        lines = [list(shape.coords)]
    found: list[int] = []
    x = y = 0
    for line in lines:
        for number, (to_x, to_y) in enumerate(np.asarray(line, dtype=int).tolist()):
            if number == 0:
                found.append(1 | 1 << 3)
            elif number == 1:
                found.append(2 | (len(line) - 1) << 3)
            found += [_zigzag(to_x - x), _zigzag(to_y - y)]
            x, y = to_x, to_y
        if shape.geom_type == "Polygon":
            found.append(7 | 1 << 3)
    return found


def _value(value: object) -> bytes:
    if isinstance(value, bool):
        return _varint(7 << 3) + _varint(int(value))
    if isinstance(value, int):
        return _varint(4 << 3) + _varint(value)
    if isinstance(value, float):
        return _varint(3 << 3 | 1) + struct.pack("<d", value)
    return _field(1, str(value).encode())


def _field(number: int, data: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(data)) + data


def _zigzag(value: int) -> int:
    return value << 1 ^ value >> 63


def _varint(value: int) -> bytes:
    found = bytearray()
    value &= 2**64 - 1
    while value > 0x7F:
        found.append(value & 0x7F | 0x80)
        value >>= 7
    found.append(value)
    return bytes(found)
