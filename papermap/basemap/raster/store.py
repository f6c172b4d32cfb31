"""Where tiles are kept on this machine: a folder, MBTiles, PMTiles, a pack; one small protocol."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final, Protocol

from pmtiles.reader import MmapSource, Reader
from pmtiles.tile import TileType

from papermap.basemap.raster.tiles import Tile
from papermap.errors import BasemapError

Read = Callable[[Tile], bytes | None]
_ENDINGS: Final = (".png", ".jpg", ".jpeg", ".webp")
_PICTURES: Final = frozenset({"png", "jpg", "jpeg", "webp"})


class TileStore(Protocol):
    """Tiles of Web Mercator, 256 units wide, by zoom, column and row counted from the north."""

    @property
    def name(self) -> str:
        """As it is told of: a path or a server, never with a key."""
        ...

    @property
    def attribution(self) -> str: ...
    @property
    def zooms(self) -> tuple[int, int]:
        """The smallest and the largest zoom it has."""
        ...

    def opened(self) -> AbstractContextManager[Read]:
        """A reader of tiles, None for a tile that is not there."""
        ...


@dataclass(frozen=True, slots=True)
class FolderStore:
    """A folder of tiles, ``z/x/y.png`` (or jpg, webp)."""

    path: str
    ending: str
    zooms: tuple[int, int]
    attribution: str = ""

    @property
    def name(self) -> str:
        return self.path

    @contextlib.contextmanager
    def opened(self) -> Iterator[Read]:
        """Reader of its tiles."""

        def read(tile: Tile) -> bytes | None:
            file = Path(self.path, str(tile.z), str(tile.x), f"{tile.y}{self.ending}")
            return file.read_bytes() if file.is_file() else None

        yield read


@dataclass(frozen=True, slots=True)
class SqliteStore:
    """Tiles in a table of a SQLite file: MBTiles (rows from the south) or a GeoPackage."""

    path: str
    query: str  # gives the data for (zoom, column, row)
    from_south: bool
    zooms: tuple[int, int]
    attribution: str = ""

    @property
    def name(self) -> str:
        return self.path

    @contextlib.contextmanager
    def opened(self) -> Iterator[Read]:
        """Reader of its tiles."""
        with contextlib.closing(read_only(self.path)) as connection:

            def read(tile: Tile) -> bytes | None:
                row = 2**tile.z - 1 - tile.y if self.from_south else tile.y
                try:
                    found = connection.execute(self.query, (tile.z, tile.x, row)).fetchone()
                except sqlite3.DatabaseError as error:
                    raise BasemapError(
                        "The base map {path} is damaged: {error}.",
                        "Copy it again.",
                        path=self.path,
                        error=error,
                    ) from error
                return bytes(found[0]) if found and found[0] else None

            yield read


@dataclass(frozen=True, slots=True)
class PmtilesStore:
    """Tiles in one PMTiles file, version 3."""

    path: str
    zooms: tuple[int, int]
    attribution: str = ""

    @property
    def name(self) -> str:
        return self.path

    @contextlib.contextmanager
    def opened(self) -> Iterator[Read]:
        """Reader of its tiles."""
        with Path(self.path).open("rb") as file:
            reader = _pmtiles(file)

            def read(tile: Tile) -> bytes | None:
                found = reader.get(tile.z, tile.x, tile.y)
                return bytes(found) if found else None

            yield read


def read_only(path: str) -> sqlite3.Connection:
    """A SQLite file opened for reading only."""
    return sqlite3.connect(f"{Path(path).resolve().as_uri()}?mode=ro", uri=True)


def folder_store(path: Path) -> FolderStore | None:
    """A folder with tiles ``z/x/y``; None for any other."""
    zooms = sorted(int(each.name) for each in path.iterdir() if each.name.isdecimal())
    for zoom in zooms:
        for file in (path / str(zoom)).glob("*/*"):
            if file.suffix in _ENDINGS and file.stem.isdecimal():
                said = path / "attribution.txt"
                attribution = said.read_text("utf-8").strip() if said.is_file() else ""
                return FolderStore(str(path), file.suffix, (zooms[0], zooms[-1]), attribution)
    return None


def mbtiles_store(path: Path) -> SqliteStore | None:
    """MBTiles of pictures; None for vector tiles and for other files."""
    try:
        with contextlib.closing(read_only(str(path))) as connection:
            said = dict(connection.execute("SELECT lower(name), value FROM metadata"))
            first = connection.execute("SELECT tile_data FROM tiles LIMIT 1").fetchone()
            if _format(said.get("format"), first) not in _PICTURES:
                return None
            zooms = connection.execute("SELECT min(zoom_level), max(zoom_level) FROM tiles")
            return SqliteStore(
                str(path),
                "SELECT tile_data FROM tiles"
                " WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
                from_south=True,
                zooms=zooms.fetchone(),
                attribution=str(said.get("attribution") or ""),
            )
    except sqlite3.DatabaseError:
        return None


def _format(said: object, first: tuple[bytes] | None) -> str:
    """As the metadata says, else as the first tile begins."""
    if said:
        return str(said).lower()
    start = bytes(first[0][:12]) if first and first[0] else b""
    known = {b"\x89PNG": "png", b"\xff\xd8\xff": "jpg", b"RIFF": "webp"}
    return next((name for magic, name in known.items() if start.startswith(magic)), "")


def pmtiles_store(path: Path) -> PmtilesStore | None:
    """PMTiles of pictures; None for vector tiles and for other files.

    Raises
    ------
    BasemapError
        When it is PMTiles but cannot be read.
    """
    with path.open("rb") as file:
        start = file.read(127)
    if not start.startswith(b"PMTiles"):
        return None
    with path.open("rb") as file:
        reader = _pmtiles(file)
        try:
            header: dict[str, Any] = reader.header()
            said: dict[str, Any] = reader.metadata()
        except (ValueError, OSError, EOFError, json.JSONDecodeError) as error:
            raise BasemapError(
                "The base map {path} is PMTiles but damaged: {error}.",
                "Copy it again.",
                path=path,
                error=error,
            ) from error
    if header["tile_type"] is TileType.MVT:
        return None
    zooms = (int(header["min_zoom"]), int(header["max_zoom"]))
    return PmtilesStore(str(path), zooms, str(said.get("attribution") or ""))


def _pmtiles(file: BinaryIO) -> Any:
    return Reader(MmapSource(file))  # type: ignore[no-untyped-call]
