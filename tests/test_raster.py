"""Raster base maps: tiles of a server that answers well or badly, files of tiles, GeoTIFF."""

from __future__ import annotations

import json
import os
import pickle
import socket
import struct
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import mercantile
import numpy as np
import pikepdf
import pyproj
import pytest
import rasterio
from hypothesis import given
from hypothesis import strategies as st
from rasterio.transform import from_bounds
from tiles_fake import TileServer, send, tile_png, well, words_png, write_mbtiles

import papermap
from papermap.basemap import Extent, Network, open_basemaps
from papermap.basemap.raster import recognise
from papermap.basemap.raster.answers import error_pictures
from papermap.basemap.raster.cache import TileCache
from papermap.basemap.raster.manners import Manners
from papermap.basemap.raster.server import find_server, server_names
from papermap.basemap.raster.tiles import corners, ppi, tiles_of, zoom_for
from papermap.errors import BasemapError, PapermapError, UsageError
from papermap.units import Box

CRS = "EPSG:6691"
LON, LAT = 139.55, 35.32
here = pytest.mark.allow_hosts(["127.0.0.1"])


def extent_at(scale: int = 10_000, width: float = 60, height: float = 40) -> Extent:
    """Some paper around a place in Kamakura."""
    x, y = pyproj.Transformer.from_crs(4326, CRS, always_xy=True).transform(LON, LAT)
    wide, high = width * scale / 1000, height * scale / 1000
    return Extent(Box(x - wide / 2, y - high / 2, x + wide / 2, y + high / 2), CRS, width, "1")


def no_progress(_done: int, _total: int) -> None:
    pass


# --- which tiles ------------------------------------------------------------------------------


@given(st.integers(1_000, 500_000), st.floats(40, 400))
def test_tiles_cover_the_extent_and_no_more(scale: int, width: float) -> None:
    extent = extent_at(scale, width, width * 0.7)
    tiles = tiles_of(extent, zoom_for(extent, (0, 19)))
    boxes = corners(tiles, CRS)
    bounds = extent.bounds
    slack = 0.02 * (boxes[0][2] - boxes[0][0])  # tiles stand a little askew in the plan's CRS
    assert boxes[:, 0].min() <= bounds.x0 + slack
    assert boxes[:, 1].min() <= bounds.y0 + slack
    assert boxes[:, 2].max() >= bounds.x1 - slack
    assert boxes[:, 3].max() >= bounds.y1 - slack
    for box in boxes:
        assert Box(*box).overlaps(bounds.grown(slack + bounds.width * 0.02))


@given(st.integers(1_000, 1_000_000))
def test_lettering_is_readable_on_paper(scale: int) -> None:
    extent = extent_at(scale)
    assert 105 < ppi(extent, zoom_for(extent, (0, 22))) < 213


def test_a_missing_zoom_is_told() -> None:
    server = recognise.open_server("gsi-blank", Network(offline=True, cache=Path("nowhere")))
    told = {problem.code: problem for problem in server.prepare([extent_at(1_000)], no_progress)}
    assert told["PM115"].params["sheets"] == "1"
    assert int(told["PM115"].params["ppi"]) < 90
    fits = server.prepare([extent_at(50_000)], no_progress)
    assert "PM115" not in {problem.code for problem in fits}


def test_kept_tiles_have_a_limit_and_the_oldest_go_first(tmp_path: Path) -> None:
    urls = [f"https://example.org/{n}" for n in range(6)]
    for cache in (TileCache(tmp_path), TileCache(tmp_path, 300)):
        for age, url in enumerate(urls):
            cache.put(url, bytes(100))
            file = max(tmp_path.glob("*/*"), key=lambda f: f.stat().st_mtime)
            os.utime(file, (age, age))
        cache.make_room(urls[:1])
        kept = [n for n, url in enumerate(urls) if cache.get(url) is not None]
        assert kept == ([0, 1, 2, 3, 4, 5] if cache.room is None else [0, 4, 5])


# --- which servers ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("https://tile.openstreetmap.org/{z}/{x}/{y}.png", "forbid"),
        ("https://a.tile.openstreetmap.org/{z}/{x}/{y}.png", "forbid"),
        ("OpenStreetMap.Mapnik", "forbid"),
        ("tile.openstreetmap.org", "forbid"),
        ("https://example.org/tiles.png?key=secret", "no place for zoom"),
        ("ftp://example.org/{z}/{x}/{y}", "Begin it with https"),
        ("gsi-pail", "Did you mean “gsi-pale”"),
        ("MapBox", "wants a key"),
    ],
)
def test_servers_that_cannot_be_used(name: str, words: str) -> None:
    with pytest.raises(UsageError, match=words) as raised:
        open_basemaps([name])
    assert "secret" not in str(raised.value)


def test_presets_have_all_that_is_printed() -> None:
    assert {"gsi-pale", "gsi-std"} <= set(server_names())
    for name, said in server_names().items():
        server = find_server(name)
        assert server.attribution
        assert said["ja"]
        assert said["en"]
        tile = mercantile.Tile(3, 5, max(4, server.zooms[0]))
        assert server.address(tile).startswith("https://")
        assert "{" not in server.address(tile)


def test_an_address_may_count_rows_from_the_south_and_hides_its_key() -> None:
    server = find_server("https://example.org/{z}/{x}/{-y}.png?key=secret")
    assert server.address(mercantile.Tile(1, 0, 2)) == "https://example.org/2/1/3.png?key=secret"
    assert "secret" not in server.name


# --- a server that answers well, and badly ----------------------------------------------------


def source(folder: Path) -> Path:
    path = folder / "points.geojson"
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [LON, LAT]},
        "properties": {"name": "給水所", "category": "給水", "updated_at": "2026-01-01"},
    }
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
    return path


def build(
    folder: Path, basemap: str, *, impatient: bool = False, **options: Any
) -> tuple[bytes, dict[str, Any]]:
    """Bytes of the PDF and the problems of the base map, by code, with their words."""
    job = {
        "sources": [str(source(folder))],
        "output": str(folder / "a.pdf"),
        "basemap": basemap,
        "scale": "1:10000",
        "tile_cache": str(folder / "cache"),
        "tile_timeout": 0.4 if impatient else 20,
        "overwrite": True,
        "sheets": "1",
        **options,
    }
    report = papermap.build(papermap.make_job(job))
    said = json.loads(report.manifest.read_text("utf-8"))
    told = {
        problem["code"]: problem["what"]["en"]
        for problem in said["problems"]
        if problem["source"] == basemap.partition("?")[0]
    }
    return report.output.read_bytes(), told


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tries follow one another quickly, whatever proxy this machine has."""
    monkeypatch.setattr(recognise, "Manners", partial(Manners, pause=0.01))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def slowly(handler: BaseHTTPRequestHandler, tile: mercantile.Tile) -> None:
    threading.Event().wait(0.02)
    well(handler, tile)


def status(code: int, body: bytes = b"", **headers: str) -> Callable[..., None]:
    return lambda handler, _tile: send(handler, body, code, **headers)


def page(handler: BaseHTTPRequestHandler, _tile: object) -> None:
    send(handler, b"<html>Please log in</html>", kind="text/html")


def cut_off(handler: BaseHTTPRequestHandler, tile: mercantile.Tile) -> None:
    data = tile_png(tile)
    handler.send_response(200)
    handler.send_header("Content-Length", str(len(data)))
    handler.end_headers()
    handler.wfile.write(data[: len(data) // 2])
    handler.close_connection = True


def broken(handler: BaseHTTPRequestHandler, tile: mercantile.Tile) -> None:
    send(handler, tile_png(tile)[:400])


def silent(handler: BaseHTTPRequestHandler, _tile: object) -> None:
    threading.Event().wait(1.2)
    handler.close_connection = True


def hang_up(handler: BaseHTTPRequestHandler, _tile: object) -> None:
    off = struct.pack("ii", 1, 0)
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, off)
    handler.connection.close()


BAD = {
    "404": (status(404), "PM110", "HTTP 404"),
    "403 and a picture": (status(403, words_png("403 Forbidden")), "PM111", "HTTP 403"),
    "a picture saying 403": (status(200, words_png("403 Forbidden")), "PM111", "same picture"),
    "429 and a picture": (status(429, words_png("Slow down")), "PM111", "HTTP 429"),
    "429, long": (status(429, b"", Retry_After="3600"), "PM111", "HTTP 429"),
    "500": (status(500, b"oops"), "PM112", "HTTP 500"),
    "nothing": (status(200), "PM112", "empty"),
    "silence": (silent, "PM112", "in time"),
    "hang up": (hang_up, "PM112", "no connection"),
    "cut off": (cut_off, "PM112", ""),
    "a broken picture": (broken, "PM113", "broken"),
    "a page": (page, "PM113", "a page"),
}


@here
@pytest.mark.parametrize("name", BAD)
def test_a_server_that_answers_badly_leads_to_a_printed_atlas(name: str, tmp_path: Path) -> None:
    answer, code, words = BAD[name]
    with TileServer(answer).running() as server:
        data, told = build(tmp_path, server.url, impatient=answer is silent)
    assert set(told) == {code}
    assert words in told[code]
    assert not_blank(data) == 0
    asked = sum(server.asked.values())
    if code != "PM110" and words != "same picture":
        assert asked <= 12  # it is left alone after some tiles in a row


@here
@pytest.mark.parametrize("answer", [well, slowly])
def test_tiles_are_printed_and_printed_again_without_the_server(
    answer: Callable[..., None], tmp_path: Path
) -> None:
    with TileServer(answer).running() as server:
        first, told = build(tmp_path, server.url)
    assert told == {}
    assert not_blank(first) > 0.9
    assert server.most_at_once <= 2
    assert max(server.asked.values()) == 1
    (agent,) = server.agents
    assert agent.startswith("papermap/")
    again, told = build(tmp_path, server.url)
    assert told == {}
    assert again == first


@here
def test_a_pause_that_the_server_asks_for_is_kept(tmp_path: Path) -> None:
    refused: set[str] = set()
    waited: list[float] = []

    def once(handler: BaseHTTPRequestHandler, tile: mercantile.Tile) -> None:
        if len(refused) < 2 and handler.path not in refused:
            refused.add(handler.path)
            send(handler, b"", 429, Retry_After="7")
        else:
            well(handler, tile)

    with TileServer(once).running() as server, pytest.MonkeyPatch.context() as patch:
        patch.setattr(recognise, "Manners", partial(Manners, sleep=waited.append, pause=0.01))
        data, told = build(tmp_path, server.url)
    assert told == {}
    assert not_blank(data) > 0.9
    assert max(waited) == pytest.approx(7, abs=1)


@here
def test_some_missing_tiles_are_blank_and_the_rest_is_printed(tmp_path: Path) -> None:
    def most(handler: BaseHTTPRequestHandler, tile: mercantile.Tile) -> None:
        if tile.x % 3 == 0:
            send(handler, b"", 404)
        else:
            well(handler, tile)

    with TileServer(most).running() as server:
        data, told = build(tmp_path, server.url)
        asked = sum(server.asked.values())
        again, told_again = build(tmp_path, server.url)
        assert sum(server.asked.values()) == asked  # what is not there is remembered, too
    assert set(told) == set(told_again) == {"PM110"}
    assert 0.4 < not_blank(data) < 0.9
    assert again == data


def test_offline_opens_no_socket(tmp_path: Path) -> None:
    def forbidden(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "socket", forbidden)
        patch.setattr(socket, "getaddrinfo", forbidden)
        data, told = build(tmp_path, "http://127.0.0.1:9/{z}/{x}/{y}.png", offline=True)
    assert set(told) == {"PM114"}
    assert not_blank(data) == 0


def test_offline_loads_nothing_that_fetches(tmp_path: Path) -> None:
    """Loading requests alone tries an IPv6 socket."""
    code = (
        "import sys\n"
        "def watch(event, _):\n"
        "    if event in {'socket.__new__', 'socket.getaddrinfo'}:\n"
        "        raise AssertionError('a socket was opened')\n"
        "sys.addaudithook(watch)\n"
        "from papermap.cli import main\n"
        "main(sys.argv[1:], standalone_mode=False)\n"
        "print(sorted({'requests', 'urllib3'} & set(sys.modules)))"
    )
    given = ["--sample", "--sheets", "1", "-o", str(tmp_path / "a.pdf"), "--quiet"]
    tiles = ["--offline", "--tile-cache", str(tmp_path), "--basemap"]
    for base in ([], [*tiles, "https://127.0.0.1:9/{z}/{x}/{y}.png"], [*tiles, "gsi-pale"]):
        command = [sys.executable, "-c", code, "build", *given, "--overwrite", *base]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        assert done.stdout.split()[-1] == "[]"


@here
def test_old_tiles_are_asked_for_again_and_printed_when_they_do_not_come(
    tmp_path: Path,
) -> None:
    with TileServer().running() as server:
        first, _ = build(tmp_path, server.url)
        for file in (tmp_path / "cache").glob("*/*"):
            head, _, body = file.read_bytes().partition(b"\n")
            said = {**json.loads(head), "fetched": "2020-01-01T00:00:00+00:00"}
            file.write_bytes(json.dumps(said).encode() + b"\n" + body)
        server.answer = status(503)
        again, told = build(tmp_path, server.url)
        assert set(told) == {"PM116"}
        assert again == first
        server.answer = well
        assert build(tmp_path, server.url) == (first, {})


@here
def test_more_tiles_than_the_limit_are_not_asked_for(tmp_path: Path) -> None:
    with TileServer().running() as server:
        with pytest.raises(BasemapError, match="--tile-limit"):
            build(tmp_path, server.url, tile_limit=5)
        assert not server.asked
    assert not (tmp_path / "a.pdf").exists()


def test_plain_and_patterned_tiles_are_maps_words_are_not() -> None:
    plain = words_png("")
    checks = np.kron(np.indices((8, 8)).sum(0) % 2, np.ones((32, 32))) * 255
    pattern = picture_bytes(np.repeat(checks[..., None], 3, axis=2).astype(np.uint8))
    words = words_png("429 Too many requests")
    tiles = {
        f"{kind}{i}": data
        for i in range(5)
        for kind, data in (("plain", plain), ("pattern", pattern), ("words", words))
    }
    assert error_pictures(tiles, tiles.__getitem__) == {f"words{i}" for i in range(5)}


# --- files of tiles, and GeoTIFF --------------------------------------------------------------


def picture_bytes(pixels: np.ndarray) -> bytes:
    from io import BytesIO

    from PIL import Image

    out = BytesIO()
    Image.fromarray(pixels).save(out, "PNG")
    return out.getvalue()


def folder_of(path: Path, tiles: list[mercantile.Tile]) -> Path:
    for tile in tiles:
        file = path / str(tile.z) / str(tile.x) / f"{tile.y}.png"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(tile_png(tile))
    return path


def pmtiles_of(path: Path, tiles: list[mercantile.Tile]) -> Path:
    from pmtiles.tile import Compression, TileType, zxy_to_tileid
    from pmtiles.writer import write

    with write(str(path)) as writer:
        numbered = sorted((zxy_to_tileid(t.z, t.x, t.y), t) for t in tiles)
        for number, tile in numbered:
            writer.write_tile(number, tile_png(tile))
        zooms = [tile.z for tile in tiles]
        writer.finalize(
            {
                "tile_type": TileType.PNG,
                "tile_compression": Compression.NONE,
                "min_zoom": min(zooms),
                "max_zoom": max(zooms),
                "min_lon_e7": 0,
                "min_lat_e7": 0,
                "max_lon_e7": 0,
                "max_lat_e7": 0,
                "center_zoom": 0,
                "center_lon_e7": 0,
                "center_lat_e7": 0,
            },
            {"attribution": "© Tile makers"},
        )
    return path


@pytest.mark.parametrize("form", ["folder", "town.mbtiles", "town.pmtiles"])
def test_files_of_tiles_show_each_tile_in_its_place(form: str, tmp_path: Path) -> None:
    extent = extent_at(10_000, 150, 110)
    tiles = list(tiles_of(extent, 16))
    write = {"folder": folder_of, "town.mbtiles": write_mbtiles, "town.pmtiles": pmtiles_of}
    base = open_basemaps([str(write[form](tmp_path / form, tiles))])
    assert base.prepare([extent], no_progress) == ()
    (picture,) = pickle.loads(pickle.dumps(base)).pictures(extent)  # noqa: S301
    assert picture.blanks == ()
    if form != "folder":
        assert base.attribution == "© Tile makers"
    metre = picture.bounds.width / picture.pixels.shape[1]
    seen = 0
    for tile, (x0, y0, x1, y1) in zip(tiles, corners(tiles, CRS), strict=True):
        for across, down, shade in (
            (1 / 8, 1 / 40, 0),
            (0.5, 0.8, 150 + (tile.x * 7 + tile.y * 13) % 90),
        ):
            x, y = x0 + (x1 - x0) * across, y1 - (y1 - y0) * down
            if extent.bounds.contains(x, y):
                seen += 1
                assert abs(int(pixel_at(picture, x, y)[0]) - shade) < 3, tile
    assert seen >= 3
    assert metre < 1.3  # sharper than the tiles themselves
    away = Extent(Box(*(edge + 2500 for edge in extent.bounds)), CRS, extent.width, "2")
    (problem,) = base.prepare([away], no_progress)
    assert (problem.code, problem.params["sheets"]) == ("PM110", "2")
    assert base.pictures(away)[0].blanks


def pixel_at(picture: Any, x: float, y: float) -> np.ndarray:
    rows, columns = picture.pixels.shape[:2]
    box = picture.bounds
    column = int((x - box.x0) / box.width * columns)
    row = int((box.y1 - y) / box.height * rows)
    found: np.ndarray = picture.pixels[row, column]
    return found


def test_broken_tiles_of_a_file_are_told(tmp_path: Path) -> None:
    extent = extent_at()
    tiles = list(tiles_of(extent, 16))
    folder = folder_of(tmp_path / "tiles", tiles)
    (folder / f"16/{tiles[0].x}/{tiles[0].y}.png").write_bytes(tile_png(tiles[0])[:300])
    base = open_basemaps([str(folder)])
    (problem,) = base.prepare([extent], no_progress)
    assert (problem.code, problem.params["count"]) == ("PM113", "1")
    assert len(base.pictures(extent)[0].blanks) == 1


@pytest.mark.parametrize("crs", ["EPSG:4326", "EPSG:2451", "EPSG:6691", "EPSG:3857"])
@pytest.mark.parametrize("kind", ["uint8", "uint16"])
def test_a_geotiff_of_any_crs_lies_in_its_place(crs: str, kind: str, tmp_path: Path) -> None:
    path = tmp_path / "aerial.tif"
    extent = extent_at()
    grown = extent.bounds.grown(200)
    turned = pyproj.Transformer.from_crs(CRS, crs, always_xy=True)
    bounds = turned.transform_bounds(*grown)
    x, y = turned.transform(extent.bounds.x0 + 150, extent.bounds.y0 + 100)
    most = np.iinfo(kind).max
    pixels = np.full((800, 1000), most, dtype=kind)
    transform = from_bounds(*bounds, 1000, 800)
    column, row = (x - transform.c) / transform.a, (y - transform.f) / transform.e
    pixels[int(row) - 8 : int(row) + 8, int(column) - 8 : int(column) + 8] = 0
    with rasterio.open(
        path, "w", driver="GTiff", width=1000, height=800, count=1, dtype=kind, crs=crs,
        transform=transform,
    ) as file:  # fmt: skip
        file.write(pixels, 1)
    base = open_basemaps([str(path)])
    assert base.prepare([extent], no_progress) == ()
    (picture,) = base.pictures(extent)
    dark = np.argwhere(picture.pixels[..., 0] < 128).mean(axis=0)
    rows, columns = picture.pixels.shape[:2]
    assert dark[1] / columns * extent.bounds.width == pytest.approx(150, abs=3)
    assert (1 - dark[0] / rows) * extent.bounds.height == pytest.approx(100, abs=3)
    away = Extent(Box(*(edge + 5000 for edge in extent.bounds)), CRS, extent.width, "2")
    (problem,) = base.prepare([away], no_progress)
    assert problem.code == "PM117"
    assert base.pictures(away) == ()


def test_a_geotiff_without_a_place_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "scan.tif"
    with (
        pytest.warns(rasterio.errors.NotGeoreferencedWarning),
        rasterio.open(path, "w", driver="GTiff", width=9, height=9, count=1, dtype="uint8") as file,
    ):
        file.write(np.zeros((1, 9, 9), dtype="uint8"))
    with pytest.raises(PapermapError, match="does not say where it lies"):
        open_basemaps([str(path)])


# --- on paper ---------------------------------------------------------------------------------


def images(data: bytes) -> list[pikepdf.Object]:
    """Pictures in the panels of all pages."""
    from io import BytesIO

    found = []
    with pikepdf.open(BytesIO(data)) as pdf:
        for page_ in pdf.pages:
            panel = page_.resources.get("/XObject", {}).get("/Panel")
            if panel is not None:
                held = panel.get("/Resources", {}).get("/XObject", {})
                found += [
                    (dict(image), image.read_bytes(), image.get("/ColorSpace"))
                    for image in held.values()
                    if image.get("/Subtype") == "/Image"
                ]
    return found


def not_blank(data: bytes) -> float:
    """Share of the printed picture that is not white."""
    found = images(data)
    if not found:
        return 0.0
    return float((shades(found) < 15).mean())


def shades(found: list[Any]) -> np.ndarray:
    """Rows of 0 … 15 of the one picture."""
    ((said, body, _),) = found
    assert int(said["/BitsPerComponent"]) == 4
    packed = np.frombuffer(body, dtype=np.uint8).reshape(int(said["/Height"]), -1)
    both = np.stack([packed >> 4, packed & 15], axis=2).reshape(len(packed), -1)
    return both[:, : int(said["/Width"])]


def test_mono_prints_greys_and_colour_prints_colours(tmp_path: Path) -> None:
    big = extent_at(10_000, 260, 260)
    file = write_mbtiles(tmp_path / "town.mbtiles", list(tiles_of(big, 16)))
    data, told = build(tmp_path, str(file))
    assert told == {}
    ((_, _, space),) = images(data)
    assert space == "/DeviceGray"
    assert shades(images(data)).min() == 2  # black is printed lighter
    text = papermap_text(data)
    assert "© Tile makers" in text
    whole, _ = build(tmp_path, str(file), sheets="")
    assert "Railway" not in papermap_text(whole)  # the tiles have signs of their own
    colour, _ = build(tmp_path, str(file), style="colour")
    ((_, _, space),) = images(colour)
    assert list(space)[:2] == ["/Indexed", "/DeviceRGB"]
    photo = write_mbtiles(tmp_path / "photo.mbtiles", list(tiles_of(big, 16)), "JPEG")
    pictured, _ = build(tmp_path, str(photo), style="colour")
    assert b"/DCTDecode" in pictured


def papermap_text(data: bytes) -> str:
    import pypdfium2

    with pypdfium2.PdfDocument(data) as pdf:
        return "".join(page_.get_textpage().get_text_range() for page_ in pdf)


def test_a_picture_lies_beneath_the_lines_of_a_vector_map(tmp_path: Path) -> None:
    from conftest import SAMPLE

    town = SAMPLE / "town_base.gpkg"
    points = SAMPLE / "points.geojson"
    layers = open_basemaps([str(town)])
    assert layers.pictures(extent_at()) == ()
    folder = folder_of(tmp_path / "tiles", [mercantile.Tile(0, 0, 16)])
    job = papermap.make_job(
        {
            "sources": [str(points)],
            "basemap": [str(folder), str(town)],
            "output": str(tmp_path / "both.pdf"),
            "sheets": "1",
        }
    )
    report = papermap.build(job)
    (problem,) = [p for p in report.checked.problems if p.code == "PM110"]
    assert problem.source == str(folder)
    assert "OpenStreetMap" in papermap_text(report.output.read_bytes())


@here
def test_who_interrupts_waits_for_nothing_more(tmp_path: Path) -> None:
    def impatient(done: int, _total: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    with TileServer().running() as server:
        base = open_basemaps([server.url], Network(cache=tmp_path))
        with pytest.raises(KeyboardInterrupt):
            base.prepare([extent_at(10_000, 300, 300)], impatient)
        assert sum(server.asked.values()) < 12
        first = len(list(tmp_path.glob("*/*")))
        assert first >= 3  # they are kept
        again = open_basemaps([server.url], Network(cache=tmp_path))
        assert again.prepare([extent_at(10_000, 300, 300)], no_progress) == ()
        assert max(server.asked.values()) <= 2


@here
def test_workers_draw_the_same_as_one_process(tmp_path: Path) -> None:
    with TileServer().running() as server:
        alone, _ = build(tmp_path, server.url)
    together, told = build(tmp_path, server.url, jobs=2, offline=True)
    assert told == {}
    assert together == alone


def test_without_the_extra_all_else_works_and_it_says_what_to_install(tmp_path: Path) -> None:
    """As after a plain installation: nothing of what reads tiles and pictures is there."""
    extra = ("mercantile", "pmtiles", "rasterio", "requests", "xyzservices")
    code = (
        "import sys\n"
        f"sys.modules.update(dict.fromkeys({extra!r}))\n"
        "from papermap.cli import main\n"
        "main(sys.argv[1:])"
    )

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-c", code, "build", *arguments, "-o", str(tmp_path / "a.pdf")]
        return subprocess.run(command, capture_output=True, text=True, check=False)

    done = run("--sample", "--sheets", "1")
    assert done.returncode == 0, done.stderr
    for name in ("gsi-pale", str(write_mbtiles(tmp_path / "town.mbtiles", []))):
        done = run("--sample", "--overwrite", "--basemap", name)
        assert done.returncode == 1
        assert "papermap-relief[raster]" in done.stderr or "not a vector file" in done.stderr
