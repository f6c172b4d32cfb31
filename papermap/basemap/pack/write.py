"""Sources of base maps → one pack."""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import mercantile
import msgspec

from papermap.basemap.base import Extent, Layer
from papermap.basemap.pack.fonts import write_fonts
from papermap.basemap.pack.model import TABLE, PackInfo
from papermap.basemap.raster.tilemap import TileBasemap
from papermap.basemap.raster.tiles import Tile
from papermap.basemap.vectors.write import write_layers

OVERVIEW: Final = "overview_"  # before the names of layers of the overview
_HALF: Final = mercantile.CE / 2
_PIXELS: Final = 256
_MERCATOR: Final = 3857


@dataclass(frozen=True)
class Contents:
    """What goes into a pack; layers are in metres of the pack's CRS."""

    sheets: Mapping[str, Layer]
    overview: Mapping[str, Layer]
    tiles: Mapping[str, tuple[TileBasemap, tuple[Extent, ...]]]  # by table
    overlays: Mapping[str, Layer]  # by table
    info: PackInfo
    fonts: tuple[Path, ...] = ()  # files that may be handed on


def write_pack(path: Path, contents: Contents) -> None:
    """Write a pack to a path that is not there yet, and ends in ``.gpkg``.

    Raises
    ------
    OSError, sqlite3.DatabaseError, pyogrio.errors.DataSourceError
        When it cannot be written.
    """
    named = {name: layer for name, layer in contents.sheets.items() if len(layer)}
    named |= {f"{OVERVIEW}{name}": each for name, each in contents.overview.items() if len(each)}
    named |= contents.overlays
    if not named:  # a GeoPackage is one only with a table
        named = {"place": contents.sheets.get("place", _nothing())}
    write_layers(path, named, contents.info.crs)
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        for table, (basemap, extents) in contents.tiles.items():
            _write_tiles(file, table, basemap, tuple(basemap.tiles(extents)))
        write_fonts(file, contents.fonts)
        file.execute(f"CREATE TABLE {TABLE} (info TEXT)")
        said = msgspec.json.encode(contents.info).decode()
        file.execute(f"INSERT INTO {TABLE} VALUES (?)", (said,))  # noqa: S608 (our own name)


def _nothing() -> Layer:
    import numpy as np  # noqa: PLC0415

    return Layer("place", np.empty(0, dtype=object))


def _write_tiles(
    file: sqlite3.Connection, table: str, basemap: TileBasemap, tiles: Iterable[Tile]
) -> None:
    """A table of tiles as OGC 12-128 asks for it."""
    _declare(file, table)
    zooms: set[int] = set()
    file.execute(
        f'CREATE TABLE "{table}" (id INTEGER PRIMARY KEY, zoom_level INTEGER NOT NULL,'
        " tile_column INTEGER NOT NULL, tile_row INTEGER NOT NULL, tile_data BLOB NOT NULL,"
        " UNIQUE (zoom_level, tile_column, tile_row))"
    )
    with basemap.store.opened() as read:
        for tile in tiles:
            zooms.add(tile.z)
            data = read(tile)
            if data is not None:
                file.execute(
                    f'INSERT INTO "{table}" (zoom_level, tile_column, tile_row, tile_data)'  # noqa: S608
                    " VALUES (?, ?, ?, ?)",
                    (tile.z, tile.x, tile.y, data),
                )
    for zoom in sorted(zooms):
        pixel = 2 * _HALF / (1 << zoom) / _PIXELS
        row = (table, zoom, 1 << zoom, 1 << zoom, _PIXELS, _PIXELS, pixel, pixel)
        file.execute("INSERT INTO gpkg_tile_matrix VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)


def _declare(file: sqlite3.Connection, table: str) -> None:
    file.execute(
        "CREATE TABLE IF NOT EXISTS gpkg_tile_matrix_set (table_name TEXT NOT NULL PRIMARY KEY,"
        " srs_id INTEGER NOT NULL, min_x DOUBLE NOT NULL, min_y DOUBLE NOT NULL,"
        " max_x DOUBLE NOT NULL, max_y DOUBLE NOT NULL)"
    )
    file.execute(
        "CREATE TABLE IF NOT EXISTS gpkg_tile_matrix (table_name TEXT NOT NULL,"
        " zoom_level INTEGER NOT NULL, matrix_width INTEGER NOT NULL,"
        " matrix_height INTEGER NOT NULL, tile_width INTEGER NOT NULL,"
        " tile_height INTEGER NOT NULL, pixel_x_size DOUBLE NOT NULL,"
        " pixel_y_size DOUBLE NOT NULL, PRIMARY KEY (table_name, zoom_level))"
    )
    known = file.execute("SELECT 1 FROM gpkg_spatial_ref_sys WHERE srs_id = ?", (_MERCATOR,))
    if known.fetchone() is None:
        file.execute(
            "INSERT INTO gpkg_spatial_ref_sys (srs_name, srs_id, organization,"
            " organization_coordsys_id, definition) VALUES (?, ?, 'EPSG', ?, 'undefined')",
            ("WGS 84 / Pseudo-Mercator", _MERCATOR, _MERCATOR),
        )
    whole = (-_HALF, -_HALF, _HALF, _HALF)
    file.execute(
        "INSERT INTO gpkg_contents (table_name, data_type, identifier, min_x, min_y, max_x, max_y,"
        " srs_id) VALUES (?, 'tiles', ?, ?, ?, ?, ?, ?)",
        (table, table, *whole, _MERCATOR),
    )
    file.execute(
        "INSERT INTO gpkg_tile_matrix_set VALUES (?, ?, ?, ?, ?, ?)", (table, _MERCATOR, *whole)
    )
