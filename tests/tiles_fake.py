"""Tiles that show where they are, and a server on 127.0.0.1 that gives them well or badly."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BytesIO
from pathlib import Path

import mercantile
from PIL import Image, ImageDraw

Answer = Callable[[BaseHTTPRequestHandler, mercantile.Tile], None]


def tile_png(tile: mercantile.Tile, kind: str = "PNG") -> bytes:
    """A tile with a black bar in its north-west, and a grey of its own."""
    shade = 150 + (tile.x * 7 + tile.y * 13) % 90
    image = Image.new("RGB", (256, 256), (shade, shade, shade))
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 63, 15), fill="black")
    pen.text((90, 120), f"{tile.z}/{tile.x}/{tile.y}", fill="black")
    out = BytesIO()
    image.save(out, kind)
    return out.getvalue()


def words_png(text: str) -> bytes:
    """A picture of words, as servers send instead of a map."""
    image = Image.new("RGB", (256, 256), "white")
    ImageDraw.Draw(image).text((30, 60), text, fill="red")
    out = BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def write_mbtiles(path: Path, tiles: list[mercantile.Tile], kind: str = "PNG") -> Path:
    with contextlib.closing(sqlite3.connect(path)) as file, file:
        file.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
        file.execute(
            "CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)"
        )
        said = {"format": "png", "attribution": "© Tile makers", "name": "test"}
        file.executemany("INSERT INTO metadata VALUES (?, ?)", said.items())
        rows = [(t.z, t.x, 2**t.z - 1 - t.y, tile_png(t, kind)) for t in tiles]
        file.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)
    return path


def send(
    handler: BaseHTTPRequestHandler,
    body: bytes,
    status: int = 200,
    kind: str = "image/png",
    **headers: str,
) -> None:
    """An answer with its length."""
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    with contextlib.suppress(OSError):
        handler.wfile.write(body)


def well(handler: BaseHTTPRequestHandler, tile: mercantile.Tile) -> None:
    send(handler, tile_png(tile))


@dataclass
class TileServer:
    """A server that answers as ``answer`` says; counts what it is asked."""

    answer: Answer = well
    asked: Counter[str] = field(default_factory=Counter)
    agents: set[str] = field(default_factory=set)
    at_once: int = 0
    most_at_once: int = 0
    url: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextlib.contextmanager
    def running(self) -> Iterator[TileServer]:
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                z, x, y = (int(part) for part in self.path.split(".")[0].split("/")[1:4])
                with outer._lock:
                    outer.asked[self.path] += 1
                    outer.agents.add(self.headers["User-Agent"])
                    outer.at_once += 1
                    outer.most_at_once = max(outer.most_at_once, outer.at_once)
                try:
                    outer.answer(self, mercantile.Tile(x, y, z))
                finally:
                    with outer._lock:
                        outer.at_once -= 1

            def log_message(self, *_: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        self.url = f"http://127.0.0.1:{server.server_port}/{{z}}/{{x}}/{{y}}.png"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
