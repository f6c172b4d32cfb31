"""A pack holds what sheets of an area need: the same map, with the network off."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from functools import partial
from pathlib import Path
from typing import Any

import geopandas as gpd
import matplotlib as mpl
import numpy as np
import pikepdf
import pypdfium2
import pytest
import rasterio
import shapely
from conftest import SAMPLE
from fontTools.ttLib import TTFont
from mercantile import Tile
from PIL import Image
from rasterio.transform import from_bounds
from test_cli import run
from tiles_fake import TileServer, send, well

import papermap
from papermap.atlas.packing import extents
from papermap.basemap import open_basemaps
from papermap.basemap.pack import read_info
from papermap.basemap.pack.fonts import fonts_folder
from papermap.basemap.raster import recognise
from papermap.basemap.raster.manners import Manners
from papermap.errors import BasemapError
from papermap.fonts import FontSet, find, fontset
from papermap.readers.area import read_area

TOWN = SAMPLE / "town_base.gpkg"
AREA = "139.24,33.962,139.26,33.972"
here = pytest.mark.allow_hosts(["127.0.0.1"])


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recognise, "Manners", partial(Manners, pause=0.01))
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def build(folder: Path, name: str, *basemaps: object, **options: Any) -> papermap.Report:
    return papermap.build(
        papermap.make_job(
            {
                "sources": [str(SAMPLE / "points.geojson")],
                "basemap": [str(each) for each in basemaps],
                "output": str(folder / name),
                "area": AREA,
                "scale": "1:10000",
                "tile_cache": str(folder / "cache"),
                **options,
            }
        )
    )


def pages(report: papermap.Report) -> list[tuple[np.ndarray, str]]:
    """Each page as pixels and as text."""
    with pypdfium2.PdfDocument(report.output) as pdf:
        return [
            (page.render(scale=1).to_numpy(), page.get_textpage().get_text_range()) for page in pdf
        ]


@here
def test_a_pack_prints_the_same_map_with_everything_else_gone(tmp_path: Path) -> None:
    pack = tmp_path / "town.papermap-pack"
    with TileServer().running() as server:
        named = ("--area", AREA, "--basemap", server.url, "--basemap", str(TOWN))
        kept = ("--tile-cache", str(tmp_path / "cache"), "-o", str(pack))
        status, _, err = run("pack", *named, *kept)
    assert status == 0, err
    sources = pages(build(tmp_path, "sources.pdf", server.url, TOWN, offline=True))
    (tmp_path / "cache").rename(tmp_path / "gone")
    report = build(tmp_path, "pack.pdf", pack, offline=True)
    assert [p.code for p in report.checked.problems if p.source == str(pack)] == []
    packed = pages(report)
    assert len(packed) == len(sources) > 2
    for (image, text), (other, words) in zip(packed, sources, strict=True):
        assert text == words
        assert (np.abs(image.astype(int) - other) > 40).mean() < 0.002


@here
def test_interrupted_packing_goes_on_where_it_stopped(tmp_path: Path) -> None:
    pack = tmp_path / "town.papermap-pack"
    given: list[str] = []

    def tired(handler: Any, tile: Tile) -> None:
        if len(given) >= 20:
            send(handler, b"", 503)
        else:
            given.append(handler.path)
            well(handler, tile)

    with TileServer(tired).running() as server:
        arguments = ("--area", AREA, "--basemap", server.url, "-o", str(pack))
        more = ("--tile-cache", str(tmp_path / "cache"))
        status, _, err = run("pack", *arguments, *more)
        assert status == 1
        assert "goes on where it stopped" in err
        assert list(tmp_path.glob("*pack*")) == []
        server.answer = well
        first = set(given)
        server.asked.clear()
        status, _, err = run("pack", *arguments, *more)
    assert status == 0, err
    assert not first & set(server.asked)
    assert "20 of them kept already" in err.replace(",", "")
    (source,) = read_info(pack).sources
    assert (source.count, source.missing) == (len(first) + len(server.asked), 0)


@here
def test_the_budget_is_told_first_and_limited(tmp_path: Path) -> None:
    with TileServer().running() as server:
        arguments = ("--area", AREA, "--basemap", server.url, "-o", str(tmp_path / "a"))
        more = ("--tile-cache", str(tmp_path / "cache"), "--tile-limit", "10")
        status, _, err = run("pack", *arguments, *more)
    assert status == 1
    assert not server.asked
    assert "to fetch" in err.split("\n")[0]
    assert "--tile-limit" in err
    assert not (tmp_path / "a").exists()


def test_info_tells_layers_names_fonts_licences_and_dates(tmp_path: Path) -> None:
    pack = tmp_path / "town.papermap-pack"
    assert run("pack", "--area", AREA, "--basemap", str(TOWN), "-o", str(pack), "-q")[0] == 0
    status, out, _ = run("pack", "info", str(pack))
    assert status == 0
    said = read_info(pack)
    assert said.layers["transportation"] > 100
    assert f"transportation {said.layers['transportation']:,}" in out
    assert said.names > 5
    assert said.fonts
    for word in (
        "139.24000",
        "1:10,000",
        said.fonts[0],
        "OpenStreetMap",
        f"{TOWN}; file of 20",
    ):
        assert word in out
    with contextlib.closing(sqlite3.connect(pack)) as file:  # a GeoPackage, for QGIS and all else
        assert file.execute("PRAGMA application_id").fetchone()[0] == 0x47504B47
        count = file.execute("SELECT count(*) FROM transportation").fetchone()[0]
    assert count == said.layers["transportation"]
    status, _, err = run("pack", "--area", AREA, "--basemap", str(TOWN), "-o", str(pack))
    assert status == 1
    assert "--overwrite" in err


def test_what_a_pack_does_not_cover_is_told(tmp_path: Path) -> None:
    pack = tmp_path / "town.papermap-pack"
    small = "139.24,33.962,139.241,33.963"
    command = ("pack", "--area", small, "--basemap", str(TOWN), "--scale", "1:2500")
    assert run(*command, "-o", str(pack), "-q")[0] == 0
    report = build(tmp_path, "a.pdf", pack)
    (problem,) = [p for p in report.checked.problems if p.source == str(pack)]
    assert problem.code == "PM118"
    assert problem.params["sheets"]
    assert any("ここは地図なし" in text for _, text in pages(report))


def test_where_the_base_map_ends_the_sheet_says_so(tmp_path: Path) -> None:
    land, west = tmp_path / "land.gpkg", shapely.box(139.2, 33.9, 139.249, 34.0)
    gpd.GeoDataFrame({"class": ["grass"]}, geometry=[west], crs=4326).to_file(
        land, layer="landcover"
    )
    report = build(tmp_path, "a.pdf", land)
    told = [p for p in report.checked.problems if p.source == str(land)]
    assert {p.code for p in told} <= {"PM117", "PM119"}
    ends = {label for p in told for label in p.params["sheets"].split(", ") if p.code == "PM119"}
    assert ends
    on_paper = json.loads(report.manifest.read_text("utf-8"))["sheets"]
    texts = [text for _, text in pages(report)]
    for sheet in (each for each in on_paper if each["label"] in ends):
        assert "ここは地図なし" in texts[sheet["page"] - 1]
        assert "No map here" in texts[sheet["page"] - 1]


@pytest.mark.parametrize("photo", [True, False])
def test_a_geotiff_lies_in_a_pack_where_it_lay(photo: bool, tmp_path: Path) -> None:  # noqa: FBT001
    extent, _ = extents(read_area("139.245,33.964,139.25,33.968"), 10_000)
    file, pack = tmp_path / "aerial.tif", tmp_path / "a.papermap-pack"
    rows, columns = np.indices((900, 900))
    shades = rows // 4 + columns // 300 if photo else (rows // 90 + columns // 90) % 2 * 200
    with rasterio.open(
        file, "w", driver="GTiff", width=900, height=900, count=3, dtype="uint8", crs=extent.crs,
        transform=from_bounds(*extent.bounds.grown(1500), 900, 900),
    ) as target:  # fmt: skip
        target.write(np.stack([shades, 255 - shades, shades // 2 + columns % 9]).astype("uint8"))
        target.update_tags(ATTRIBUTION="Survey 2024, CC BY")
    named = ("--area", "139.245,33.964,139.25,33.968", "--basemap", str(file))
    status, _, err = run("pack", *named, "-o", str(pack))
    assert status == 0, err
    (source,) = read_info(pack).sources
    assert (source.attribution, source.missing) == ("Survey 2024, CC BY", 0)
    first, second = (open_basemaps([str(each)]).pictures(extent)[0] for each in (file, pack))
    size = (600, 600)
    box = second.bounds
    height, width = second.pixels.shape[:2]
    part = (  # the same ground of both
        (extent.bounds.x0 - box.x0) / box.width * width,
        (box.y1 - extent.bounds.y1) / box.height * height,
        (extent.bounds.x1 - box.x0) / box.width * width,
        (box.y1 - extent.bounds.y0) / box.height * height,
    )
    wanted = Image.fromarray(first.pixels).convert("L").resize(size)
    found = Image.fromarray(second.pixels).convert("L").resize(size, box=part)
    away = np.abs(np.asarray(wanted, dtype=int) - np.asarray(found))
    assert np.median(away) < 4
    assert (away > 40).mean() < 0.02


@pytest.mark.parametrize("data", [b"", b"not a pack", b"SQLite format 3\0" + bytes(100)])
def test_what_is_no_pack_is_told(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "broken.papermap-pack"
    path.write_bytes(data)
    with pytest.raises(BasemapError, match="no pack"):
        read_info(path)
    status, _, err = run("pack", "info", str(tmp_path / "nowhere.papermap-pack"))
    assert status == 1
    assert "no pack at" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(("--basemap", str(TOWN)), "No area"), (("--area", AREA), "No base map")],
)
def test_packing_without_an_area_or_a_map_is_wrong_use(
    arguments: tuple[str, ...], words: str, tmp_path: Path
) -> None:
    status, _, err = run("pack", *arguments, "-o", str(tmp_path / "a"))
    assert status == 2
    assert words in err


def test_a_pack_brings_fonts_to_a_machine_without_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    house, cache = tmp_path / "fonts", tmp_path / "kept"
    house.mkdir()
    monkeypatch.setenv("PAPERMAP_CACHE", str(cache))
    for name, licence in (("BIZ UDPGothic", "SIL Open Font License"), ("IPAexGothic", "nobody's")):
        font = TTFont(Path(mpl.get_data_path()) / "fonts/ttf/DejaVuSans.ttf")
        for record in font["name"].names:
            if record.nameID in (1, 16):
                record.string = name
            if record.nameID in (13, 14):
                record.string = licence
        font.save(house / f"{name.replace(' ', '')}-Regular.ttf")
    pack = tmp_path / "town.papermap-pack"
    monkeypatch.setattr(fontset, "font_folders", lambda: (house,))
    assert run("pack", "--area", AREA, "--basemap", str(TOWN), "-o", str(pack), "-q")[0] == 0
    assert read_info(pack).fonts_inside == ("BIZ UDPGothic",)  # the other may not be given away
    assert "in the pack: BIZ UDPGothic" in run("pack", "info", str(pack))[1]
    monkeypatch.setattr(fontset, "font_folders", lambda: (tmp_path / "none",))
    find.find_family.cache_clear()
    for _ in range(2):  # unpacked, and found again
        report = build(tmp_path, "a.pdf", pack, overwrite=True)
        with pikepdf.open(report.output) as pdf:
            fonts = [each for each in pdf.objects if _is_font(each)]
            used = " ".join(str(font.get("/BaseFont", "")) for font in fonts)
        assert "BIZUDPGothic" in used
        assert "IPAexGothic" in used
    (folder,) = (cache / "fonts").iterdir()
    assert [file.name for file in folder.iterdir()] == ["BIZUDPGothic-Regular.ttf"]
    faces = FontSet.load(("BIZ UDPGothic",), folders=(), first=(folder,)).faces
    assert Path(faces[0].path).parent == folder


def _is_font(thing: object) -> bool:
    return isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/Font"


@pytest.mark.parametrize("name", ["../evil.ttf", "a/b.ttf", "x.exe", "good.ttf"])
def test_fonts_of_a_strange_pack_stay_in_their_folder(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERMAP_CACHE", str(tmp_path / "kept"))
    pack = tmp_path / "town.papermap-pack"
    with contextlib.closing(sqlite3.connect(pack)) as file, file:
        file.execute("CREATE TABLE papermap_fonts (name TEXT, sha256 TEXT, data BLOB)")
        file.execute("INSERT INTO papermap_fonts VALUES (?, ?, ?)", (name, "0" * 64, b"font"))
    folder = fonts_folder(pack)
    assert folder is None or not folder.exists()  # not what its sum says: left out
    assert {path.name for path in tmp_path.rglob("*")} == {"town.papermap-pack"}
