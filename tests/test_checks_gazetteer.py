"""Addresses are resolved by a table of the user's: approximate, told, and nothing is sent."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pdfplumber
import pytest
from click.testing import CliRunner

import papermap
from papermap.checks import check_source
from papermap.checks.gazetteer import Gazetteer, make_gazetteer, normal_address
from papermap.checks.geojson import points_geojson
from papermap.cli import main
from papermap.errors import SourceError
from papermap.job import read_project
from papermap.model import Checked
from papermap.readers import read
from papermap.vocabulary import load_vocabulary

SHARED = Path(__file__).parents[2] / "shared/data/kamakura"


def _read(value: object) -> Any:
    return read("-", stdin=io.BytesIO(json.dumps(value, ensure_ascii=False).encode()))


def _area(west: float, south: float, **properties: str) -> dict[str, Any]:
    ring = [[0, 0], [0.01, 0], [0.01, 0.01], [0, 0.01], [0, 0]]
    shape = {"type": "Polygon", "coordinates": [[[west + x, south + y] for x, y in ring]]}
    return {"type": "Feature", "geometry": shape, "properties": properties}


def _town(name: str, west: float, south: float, city: str = "潮見市") -> dict[str, Any]:
    return _area(west, south, KEN_NAME="青海県", GST_NAME=city, CSS_NAME="", MOJI=name)


TABLE = {
    "type": "FeatureCollection",
    "features": [
        _town("港町一丁目", 139.50, 35.30),
        _town("港町二丁目", 139.52, 35.30),
        _town("大町", 139.54, 35.30),
        _town("本町１丁目", 139.56, 35.30),
        _town("本町１丁目", 140.56, 36.30, city="山手市"),
        _town("霞ヶ浦", 139.58, 35.30),
    ],
}


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return make_gazetteer(_read(TABLE))


@pytest.mark.parametrize(
    ("address", "entry"),
    [
        ("青海県潮見市港町1-8-25", "青海県潮見市港町一丁目"),
        ("潮見市港町２丁目５番３号 みなとビル3F", "青海県潮見市港町二丁目"),
        ("港町一丁目", "青海県潮見市港町一丁目"),
        ("〒123-4567 青海県 潮見市 大町８６４番地の２", "青海県潮見市大町"),
        ("青海県潮見市潮見市港町１ー２", "青海県潮見市港町一丁目"),  # the city twice
        ("霞が浦12", "青海県潮見市霞ヶ浦"),
        ("潮見市本町1-1", "青海県潮見市本町１丁目"),
        ("山手市本町1丁目", "青海県山手市本町１丁目"),
    ],
)
def test_every_way_to_write_an_address(gazetteer: Gazetteer, address: str, entry: str) -> None:
    match = gazetteer.find(address)
    assert match is not None
    assert match.entry is not None
    assert match.entry.address == entry


@pytest.mark.parametrize("address", ["大町通り3", "港町", "よその市港町1-8", "港町11-2", ""])
def test_what_is_not_in_the_table(gazetteer: Gazetteer, address: str) -> None:
    assert gazetteer.find(address) is None


def test_a_name_that_two_cities_have_is_not_certain(gazetteer: Gazetteer) -> None:
    match = gazetteer.find("本町1-1")
    assert match is not None
    assert match.entry is None
    assert len(match.entries) == 2


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("雪ノ下三丁目４番２５号", "雪ノ下3-4-25"),
        ("栄町二十一丁目", "栄町21"),
        ("百二丁目", "102"),
        ("大字津1069番地", "津1069"),
        ("十二所931", "十二所931"),
    ],
)
def test_normal_form(text: str, normal: str) -> None:
    assert normal_address(text) == normal


def _places(*addresses: str) -> dict[str, Any]:
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": None,
                "properties": {"name": f"給水所{n}", "category": "給水", "address": address},
            }
            for n, address in enumerate(addresses, 1)
        ],
    }


def _checked(gazetteer: Gazetteer, *addresses: str) -> Checked:
    return check_source(_read(_places(*addresses)), load_vocabulary(), gazetteer=gazetteer)


def test_resolved_ones_are_told_as_approximate(gazetteer: Gazetteer) -> None:
    checked = _checked(gazetteer, "潮見市港町1-8-25", "潮見市岬9", "本町1-1")
    (point,) = checked.points
    assert (point.lon, point.lat) == pytest.approx((139.505, 35.305))
    assert point.approximate == "青海県潮見市港町一丁目"
    told = {p.feature: p for p in checked.problems if p.code in ("PM078", "PM079")}
    assert (told[1].code, told[1].value, told[1].field) == ("PM078", "潮見市港町1-8-25", "address")
    assert (told[2].code, told[2].params["count"], told[2].unplaced) == ("PM079", "0", True)
    assert (told[3].code, told[3].params["count"]) == ("PM079", "2")
    (report,) = checked.sources
    assert (report.features_in, report.points, report.unplaced) == (3, 1, 2)


def test_approximate_stays_approximate_when_written_and_read(gazetteer: Gazetteer) -> None:
    written = points_geojson(_checked(gazetteer, "潮見市港町1-8-25"))
    (point,) = check_source(_read(json.loads(written)), load_vocabulary()).points
    assert point.approximate == "青海県潮見市港町一丁目"


def test_points_with_addresses_are_a_table_too() -> None:
    rows = [{"住所": "潮見市港町1-8", "緯度": 35.3, "経度": 139.5}]
    match = make_gazetteer(_read(rows)).find("潮見市港町一丁目8番3号")
    assert match is not None
    assert match.entry is not None
    assert match.entry.lat == 35.3


def test_a_table_without_addresses_is_refused() -> None:
    with pytest.raises(SourceError, match="no addresses"):
        make_gazetteer(_read([{"lat": 35.3, "lon": 139.5}]))


@pytest.mark.parametrize(
    ("language", "words"),
    [("ja", ("位置はおよそ", "港町一丁目")), ("en", ("position", "港町一丁目"))],
)
def test_check_and_build_print_it(tmp_path: Path, language: str, words: tuple[str, ...]) -> None:
    points, table = tmp_path / "points.geojson", tmp_path / "towns.geojson"
    points.write_text(json.dumps(_places("潮見市港町1-8-25", "潮見市大町3")), "utf-8")
    table.write_text(json.dumps(TABLE), "utf-8")
    told = CliRunner().invoke(main, ["check", str(points), "--geocode", str(table)])
    assert told.output.count("PM078") == 2
    project = tmp_path / "papermap.toml"
    project.write_text('sources = ["points.geojson"]\ngeocode = "towns.geojson"\n', "utf-8")
    options = {**read_project(project), "output": str(tmp_path / "a.pdf"), "lang": language}
    report = papermap.build(papermap.make_job(options))
    manifest = json.loads(report.manifest.read_text("utf-8"))
    stood = {point["approximate"] for point in manifest["points"]}
    assert "青海県潮見市港町一丁目" in stood
    assert all(stood)
    with pdfplumber.open(tmp_path / "a.pdf") as pdf:
        text = "".join(page.extract_text() for page in pdf.pages)
    assert all(word in text for word in words)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")
def test_addresses_of_a_real_city_lie_where_they_should() -> None:
    gazetteer = make_gazetteer(read(str(SHARED / "chome_kamakura.geojson")))
    points = check_source(read(str(SHARED / "public.json")), load_vocabulary()).points
    found = [(gazetteer.find(point.address), point) for point in points if point.address]
    entries = [(match.entry, point) for match, point in found if match and match.entry]
    assert len(entries) > 0.95 * len(found)
    off = sorted(abs(e.lon - p.lon) + abs(e.lat - p.lat) for e, p in entries)
    assert off[len(off) // 2] < 0.004  # half of them within about 300 m
