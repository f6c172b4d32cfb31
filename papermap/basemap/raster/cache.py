"""Tiles that were fetched, on disk, by URL, with their age."""

from __future__ import annotations

import contextlib
import hashlib
import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from papermap.basemap.network import make_room
from papermap.basemap.raster.server import TileServer
from papermap.basemap.raster.store import Read
from papermap.basemap.raster.tiles import Tile


@dataclass(frozen=True, slots=True)
class Kept:
    """One answer of a server as it is kept; ``data`` is empty where it has no such tile."""

    data: bytes
    fetched: datetime

    def age(self) -> timedelta:
        """How long ago it was fetched."""
        return datetime.now(UTC) - self.fetched


@dataclass(frozen=True, slots=True)
class TileCache:
    """A folder of answers; a file holds a line of JSON (when it was fetched), then the tile.

    Files are written whole under a name made from the URL, so that several builds may share the
    folder. ``room`` are the bytes that it may take; a folder that a person named has no end.
    """

    folder: Path
    room: int | None = None

    def get(self, url: str) -> Kept | None:
        """What is kept for a URL; None for nothing, or for a file that is not ours."""
        try:
            head, _, data = self._file(url).read_bytes().partition(b"\n")
            return Kept(data, datetime.fromisoformat(json.loads(head)["fetched"]))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, url: str, data: bytes) -> None:
        """Keep an answer, empty for a tile that the server does not have."""
        file = self._file(url)
        file.parent.mkdir(parents=True, exist_ok=True)
        head = json.dumps({"fetched": datetime.now(UTC).isoformat(timespec="seconds")})
        part = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
        try:
            part.write_bytes(head.encode() + b"\n" + data)
            part.replace(file)
        finally:
            part.unlink(missing_ok=True)

    def make_room(self, needed: Iterable[str]) -> None:
        """Forget the answers that were fetched first, beyond the room, but none of these URLs."""
        if self.room is not None:
            mine = set(map(self._file, needed))
            make_room((f for f in self.folder.glob("??/*") if f not in mine), self.room)

    def drop(self, url: str) -> None:
        """Forget an answer."""
        with contextlib.suppress(OSError):
            self._file(url).unlink(missing_ok=True)

    def _file(self, url: str) -> Path:
        key = hashlib.sha256(url.encode()).hexdigest()
        return self.folder / key[:2] / key


@dataclass(frozen=True, slots=True)
class ServerStore:
    """Tiles of a server as far as the cache has them; opens no socket."""

    server: TileServer
    cache: TileCache

    @property
    def name(self) -> str:
        return self.server.name

    @property
    def attribution(self) -> str:
        return self.server.attribution

    @property
    def zooms(self) -> tuple[int, int]:
        return self.server.zooms

    def kept(self, url: str) -> bytes:
        """What the cache has for a URL, nothing where it has nothing."""
        answer = self.cache.get(url)
        return answer.data if answer else b""

    @contextlib.contextmanager
    def opened(self) -> Iterator[Read]:
        """Reader of the tiles that were fetched."""

        def read(tile: Tile) -> bytes | None:
            return self.kept(self.server.address(tile)) or None

        yield read
