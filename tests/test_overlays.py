"""Hazards and roads over the map, and refuges inside areas of danger."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import geopandas as gpd
import pypdfium2
import pytest
import shapely
from conftest import SAMPLE
from shapely.geometry.base import BaseGeometry
from test_cli import run

import papermap
from papermap.basemap.overlay import read_overlay
from papermap.errors import BasemapError, UsageError
from papermap.job import read_project
from papermap.model import Kind
from papermap.overlays import OverlaySpec, parse_overlays
from papermap.units import Box

TOWN = Box(139.2, 33.95, 139.3, 34.0)
LON, LAT = 139.25, 33.966
FLOOD = shapely.box(LON - 0.004, LAT - 0.003, LON + 0.004, LAT + 0.003)
AWAY = shapely.box(138.0, 35.0, 138.1, 35.1)
BOW = shapely.Polygon(
    [(LON, LAT), (LON + 0.004, LAT + 0.004), (LON + 0.004, LAT), (LON, LAT + 0.004)]
)


def write(path: Path, shapes: list[BaseGeometry], epsg: int = 4326) -> Path:
    frame = gpd.GeoDataFrame({"a": range(len(shapes))}, geometry=shapes, crs=4326)
    frame.to_crs(epsg).to_file(path)
    return path


def place(name: str, lon: float, lat: float, category: str = "避難所", **more: Any) -> Any:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {"name": name, "category": category, "status": "open", **more},
    }


def points(folder: Path, *places: Any) -> Path:
    path = folder / "points.geojson"
    found = places or (
        place("低地の学校", LON, LAT, updated_at="2026-09-14T10:00+09:00"),
        place("高台の学校", LON + 0.01, LAT, updated_at="2026-09-14T10:00+09:00"),
        place("低地の給水", LON, LAT + 0.001, "給水", updated_at="2026-09-14T10:00+09:00"),
    )
    path.write_text(json.dumps({"type": "FeatureCollection", "features": list(found)}), "utf-8")
    return path


def build(folder: Path, **options: Any) -> tuple[papermap.Report, list[str]]:
    """The report, and the text of each page."""
    job = papermap.make_job(
        {
            "sources": [str(folder / "points.geojson")],
            "output": str(folder / "a.pdf"),
            "scale": "1:10000",
            "lang": "ja",
            "overwrite": True,
            **options,
        }
    )
    report = papermap.build(job)
    with pypdfium2.PdfDocument(report.output) as pdf:
        return report, [page.get_textpage().get_text_range() for page in pdf]


def codes(report: papermap.Report) -> set[str]:
    return {problem.code for problem in report.checked.problems}


# --- reading ----------------------------------------------------------------------------------


@pytest.mark.parametrize("epsg", [6668, 2449, 4326, 3857, 6691, 4612])
@pytest.mark.parametrize("ending", ["gpkg", "geojson", "fgb", "shp"])
def test_any_crs_lies_in_the_same_place(epsg: int, ending: str, tmp_path: Path) -> None:
    if ending == "geojson" and epsg != 4326:
        epsg = 4326
    path = write(tmp_path / f"flood.{ending}", [FLOOD, AWAY], epsg)
    found = read_overlay(str(path), TOWN)
    ((kind, shape),) = found.shapes
    assert kind is Kind.AREA
    assert found.count == 1  # the other lies elsewhere, and was not read
    assert shapely.symmetric_difference(shape, FLOOD).area < FLOOD.area * 0.002


def test_shapes_that_are_not_valid_are_mended_and_told(tmp_path: Path) -> None:
    points(tmp_path)
    path = write(tmp_path / "浸水.gpkg", [FLOOD, BOW, shapely.Point(LON, LAT)])
    found = read_overlay(str(path), TOWN)
    assert (found.mended, found.points) == (1, 1)
    assert all(shape.is_valid for _, shape in found.shapes)
    report, _ = build(tmp_path, overlay=[str(path)])
    assert {"PM130", "PM132"} <= codes(report)


def test_only_what_lies_near_is_kept_of_something_huge(tmp_path: Path) -> None:
    path = write(tmp_path / "flood.gpkg", [shapely.box(130, 30, 145, 45)])
    ((_, shape),) = read_overlay(str(path), TOWN).shapes
    assert shape.bounds == pytest.approx(TOWN)


def test_files_that_cannot_be_used_are_told(tmp_path: Path) -> None:
    with pytest.raises(BasemapError, match="no overlay at"):
        read_overlay(str(tmp_path / "nowhere.gpkg"), TOWN)
    broken = tmp_path / "broken.gpkg"
    broken.write_bytes(b"nothing")
    with pytest.raises(BasemapError):
        read_overlay(str(broken), TOWN)
    points(tmp_path)
    elsewhere = write(tmp_path / "flood.gpkg", [AWAY])
    report, _ = build(tmp_path, overlay=str(elsewhere))
    assert "PM131" in codes(report)


def test_overlays_as_people_write_them(tmp_path: Path) -> None:
    project = tmp_path / "papermap.toml"
    project.write_text(
        'sources = ["a.geojson"]\noverlay = ["road_closed=roads.gpkg",\n'
        '{file = "f.gpkg", name = "浸水", shows = "flooded", time = 2026-09-14T12:00:00Z}]',
        "utf-8",
    )
    job = papermap.make_job(read_project(project))
    assert job.overlays == (
        OverlaySpec(str(tmp_path / "roads.gpkg"), shows="road_closed"),
        OverlaySpec(
            str(tmp_path / "f.gpkg"),
            "浸水",
            shows="flooded",
            time=datetime(2026, 9, 14, 12, tzinfo=UTC),
        ),
    )
    for wrong in (
        5,
        [5],
        {"name": "x"},
        {"file": "a", "colour": "red"},
        {"file": "a", "time": "x"},
    ):
        with pytest.raises(UsageError):
            parse_overlays(wrong)


# --- on paper ---------------------------------------------------------------------------------


def test_each_overlay_has_its_row_its_name_and_its_time(tmp_path: Path) -> None:
    points(tmp_path)
    line = shapely.LineString([(LON - 0.005, LAT), (LON + 0.005, LAT)])
    overlays = [
        {
            "file": str(write(tmp_path / "f.gpkg", [FLOOD], 6668)),
            "shows": "flooded",
            "name": "想定浸水域",
            "time": "2026-09-13T09:30+09:00",
        },
        f"road_closed={write(tmp_path / 'r.gpkg', [line], 2449)}",
        str(write(tmp_path / "停電.gpkg", [FLOOD])),
    ]
    report, (overview, sheet, *_) = build(tmp_path, overlay=overlays)
    for word in ("想定浸水域", "9/13 09:30", "通行止め", "停電"):
        assert word in sheet
    for word in ("浸水", "通行止め", "停電"):
        assert word in overview
    said = json.loads(report.manifest.read_text("utf-8"))["overlays"]
    assert [each["shows"] for each in said] == ["flooded", "road_closed", "outage"]
    assert said[0]["time"].startswith("2026-09-13T09:30")
    assert report.plan.sheets == build(tmp_path)[0].plan.sheets  # no reason for more sheets


def test_a_shelter_inside_a_flooded_area_carries_a_warning(tmp_path: Path) -> None:
    points(tmp_path)
    path = write(tmp_path / "flood.gpkg", [FLOOD])
    report, pages = build(tmp_path, overlay=str(path))
    told = [p for p in report.checked.problems if p.code == "PM089"]
    assert [p.name for p in told] == ["低地の学校"]
    assert told[0].params["other_source"] == str(path)
    sheet = pages[1]
    assert sheet.count("浸水区域内") == 1
    assert "危険区域内" in sheet  # the legend
    assert white_numbers(report.output, 1) == ["2", "2"]  # the mark and the row (8 is the legend)
    plain, pages = build(tmp_path)
    assert "PM089" not in codes(plain)
    assert "区域内" not in "".join(pages)
    assert white_numbers(plain.output, 1) == []


def white_numbers(path: Path, page: int) -> list[str]:
    """Figures printed white on black beside the sheet's own and the legend's example."""
    import pdfplumber

    with pdfplumber.open(path) as pdf:
        chars = [
            char["text"]
            for char in pdf.pages[page].chars
            if char["non_stroking_color"] in ((1,), (1.0,), 1, (0, 0, 0, 0), (1, 1, 1))
            and char["text"].isdigit()
            and char["size"] < 20
        ]
    return sorted(char for char in chars if char != "8")


def test_check_tells_shelters_inside_an_overlay(tmp_path: Path) -> None:
    source = points(tmp_path)
    path = write(tmp_path / "flood.gpkg", [FLOOD])
    status, out, _ = run("check", str(source), "--lang", "en", "--overlay", str(path))
    assert status == 1
    assert "inside an area of danger" in out
    assert "PM089" not in run("check", str(source), "--lang", "en")[1]


def test_who_is_designated_for_a_tsunami_may_stand_where_it_comes(tmp_path: Path) -> None:
    points(
        tmp_path,
        place("津波避難ビル", LON, LAT, "避難場所", 津波="1"),
        place("集会所", LON + 0.001, LAT, "避難場所", 地震="1"),
    )
    path = write(tmp_path / "tsunami.gpkg", [FLOOD])
    report, _ = build(tmp_path, overlay=str(path))
    assert [p.name for p in report.checked.problems if p.code == "PM089"] == ["集会所"]


# --- designated for a hazard ------------------------------------------------------------------


def sites(folder: Path) -> None:
    points(
        folder,
        place("山の公園", LON, LAT, "避難場所", 洪水="1", 地震="1"),
        place("川の公園", LON + 0.002, LAT, "避難場所", 地震="1"),
        place("城の公園", LON + 0.004, LAT, "避難場所"),
        place("駅の給水", LON + 0.006, LAT, "給水"),
    )


def test_sites_that_are_not_for_the_hazard_carry_a_warning(tmp_path: Path) -> None:
    sites(tmp_path)
    report, pages = build(tmp_path, hazard="flood")
    (told,) = [p for p in report.checked.problems if p.code == "PM136"]
    assert told.params["count"] == "1"
    assert pages[1].count("洪水は対象外") == 1
    assert "川の公園" in pages[1]


def test_they_can_be_left_out_and_are_told(tmp_path: Path) -> None:
    sites(tmp_path)
    report, pages = build(tmp_path, hazard="flood", hazard_only=True)
    (told,) = [p for p in report.checked.problems if p.code == "PM135"]
    assert (told.name, told.skipped) == ("川の公園", True)
    assert [point.name for point in report.checked.points] == ["山の公園", "城の公園", "駅の給水"]
    assert "川の公園" not in pages[1]
    (source,) = report.checked.sources
    assert source.features_in == source.points + source.skipped


def test_an_unknown_hazard_is_wrong_use() -> None:
    with pytest.raises(UsageError, match="Did you mean “tsunami”"):
        papermap.make_job({"sources": ["a"], "hazard": "tsunmi"})


# --- in a pack --------------------------------------------------------------------------------


def test_a_pack_brings_its_overlays_along(tmp_path: Path) -> None:
    points(tmp_path)
    flood = write(tmp_path / "flood.gpkg", [FLOOD], 2449)
    pack = tmp_path / "town.papermap-pack"
    base = str(SAMPLE / "town_base.gpkg")
    area = "139.24,33.962,139.262,33.97"
    more = ("--overlay", str(flood), "-o", str(pack), "-q")
    status, _, err = run("pack", "--area", area, "--basemap", base, *more)
    assert status == 0, err
    assert "overlay, 1 features" in run("pack", "info", str(pack))[1]
    flood.unlink()
    report, pages = build(tmp_path, basemap=str(pack))
    assert "PM089" in codes(report)
    assert "浸水区域内" in pages[1]
