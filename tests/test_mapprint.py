"""mapprint's map config as a project: local files stand in for its sources, nothing is fetched."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pdfplumber
import pytest

from papermap import atlas, make_job
from papermap.errors import SourceError, UsageError
from papermap.job import read_project
from papermap.model import CategoryName
from papermap.readers.mapprint import read_map_config
from papermap.style import load_style
from papermap.vocabulary import load_vocabulary

SHARED = Path(__file__).parents[2] / "shared/data/small/mapprint-config-2024-noto.json"
NAMES = {
    "町の避難所": {
        "name": "避難所（町の指定）",
        "name_en": "Shelter of the town",
        "color": "#276445",
    },
    "他": {"name": "避難所（他の町）", "name_en": "Shelter elsewhere", "color": "#FFFFFF"},
    "通行可能道路(1/3 10:30)": {
        "name": "通行可能道路(1/3 10:30)",
        "name_en": "Passable roads (1/3 10:30)",
        "color": "red",
    },
    "目印": {"name": "地域の目印", "name_en": "Landmark"},
}


def source(identity: str, url: str = "https://example.org/d/kml?mid=1aB-c") -> dict[str, Any]:
    return {"id": identity, "url": url, "type": "kml", "title": "給水所"}


def config(folder: Path, *sources: Any, **more: Any) -> str:
    made = {
        "map_title": "春の地震",
        "map_title_en": "Spring quake",
        "sources": list(sources),
        "layer_settings": NAMES,
        **more,
    }
    path = folder / "config.json"
    path.write_text(json.dumps(made, ensure_ascii=False), "utf-8")
    return str(path)


def points(folder: Path, name: str) -> str:
    folders = "".join(
        f"<Folder><name>{layer}</name><Placemark><name>{number}番</name>{shape}</Placemark></Folder>"
        for number, (layer, shape) in enumerate(
            [
                ("町の避難所", "<Point><coordinates>137.1,37.3</coordinates></Point>"),
                ("他", "<Point><coordinates>137.11,37.3</coordinates></Point>"),
                ("目印", "<Point><coordinates>137.12,37.3</coordinates></Point>"),
                (
                    "通行可能道路(1/3 10:30)",
                    "<LineString><coordinates>137.1,37.3 137.2,37.4</coordinates></LineString>",
                ),
            ]
        )
    )
    path = folder / name
    path.write_text(f"<kml><Document>{folders}</Document></kml>", "utf-8")
    return str(path)


@pytest.mark.parametrize("name", ["water.kml", "2024-water.kml", "1ab-c.kml", "Points.KML"])
def test_a_file_beside_it_stands_in_for_an_address(tmp_path: Path, name: str) -> None:
    here = points(tmp_path, name)
    points(tmp_path, "unrelated.kml")
    found = read_map_config(
        config(tmp_path, source("water", "https://example.org/points.kml?mid=1aB-c"))
    )
    assert found is not None
    assert found.sources == (here,)
    assert (found.title, found.title_en, found.problems) == ("春の地震", "Spring quake", ())


def test_a_mapping_says_which_file(tmp_path: Path) -> None:
    here = points(tmp_path, "a.kml")
    path = config(tmp_path, source("water"), source("", "https://example.org/b"))
    found = read_map_config(path, {"water": here, "https://example.org/b": here})
    assert found is not None
    assert found.sources == (here,)


def test_what_is_missing_is_told_with_what_to_download(tmp_path: Path) -> None:
    points(tmp_path, "water.kml")
    hostile = ("file:///etc/passwd", "http://127.0.0.1:9/a.kml", "../../../etc/passwd", "http://[")
    path = config(
        tmp_path, source("water"), *(source(f"x{n}", url) for n, url in enumerate(hostile))
    )
    checked = atlas.check([path])
    told = [problem for problem in checked.problems if problem.code == "PM068"]
    assert [problem.value for problem in told] == list(hostile)
    assert [problem.params["file"] for problem in told] == ["x0.kml", "x1.kml", "x2.kml", "x3.kml"]
    assert len(checked.points) == 3


def test_with_nothing_here_it_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="none of its 1 sources is here") as refused:
        atlas.check([config(tmp_path, source("water"))])
    assert "water.kml" in str(refused.value.hint)


def test_names_and_colours_come_from_it(tmp_path: Path) -> None:
    points(tmp_path, "water.kml")
    checked = atlas.check([config(tmp_path, source("water"))])
    called = {category.name("ja"): category for category in checked.categories.values()}
    assert set(called) == {"避難所（町の指定）", "避難所（他の町）", "地域の目印", "通行可能道路"}
    assert called["避難所（町の指定）"].name("en") == "Shelter of the town"
    assert called["避難所（町の指定）"].sign == load_vocabulary().categories["shelter"].sign
    assert called["通行可能道路"].name("en") == "Passable roads"
    assert not [problem for problem in checked.problems if problem.code == "PM033"]
    colour, mono = load_style("colour"), load_style("mono")
    own, pale = called["避難所（町の指定）"], called["避難所（他の町）"]
    assert colour.category_colour(own.key, own.colour) == "276445"
    assert colour.category_colour(pale.key, pale.colour) == colour.category_colour("shelter")
    assert mono.category_colour(own.key, own.colour) == "K100"
    (line,) = checked.lines
    assert line.category.startswith("road_passable/")


@pytest.mark.parametrize(
    ("text", "centre", "area"),
    [
        ("37.5,136.8-37.2,137.3", [137.1, 37.4], "136.8,37.2,137.3,37.5"),
        ("37.5,136.8-37.2,137.3", None, "136.8,37.2,137.3,37.5"),
        ("-37.5,-60.1--38.2,-59.3", None, "-60.1,-38.2,-59.3,-37.5"),
    ],
)
def test_its_area(tmp_path: Path, text: str, centre: Any, area: str) -> None:
    points(tmp_path, "water.kml")
    found = read_map_config(config(tmp_path, source("water"), default_hash=text, center=centre))
    assert found is not None
    assert (found.area, found.problems) == (area, ())


@pytest.mark.parametrize(
    ("text", "centre"),
    [("37.5,136.8-37.2,136.9", [137.1, 37.4]), ("37.2,136.8-37.5,137.3", None)],
)
def test_an_area_without_its_centre_is_told_and_left(
    tmp_path: Path, text: str, centre: Any
) -> None:
    points(tmp_path, "water.kml")
    found = read_map_config(config(tmp_path, source("water"), default_hash=text, center=centre))
    assert found is not None
    assert (found.area, [problem.code for problem in found.problems]) == ("", ["PM120"])


def test_it_cuts_to_its_area(tmp_path: Path) -> None:
    points(tmp_path, "water.kml")
    path = config(tmp_path, source("water"), default_hash="37.5,137.05-37.2,137.115")
    checked = atlas.check([path])
    assert len(checked.points) == 2
    assert "PM028" in {problem.code for problem in checked.problems}


@pytest.mark.parametrize("value", ['{"sources": []}', '{"sources": 3, "map_title": ""}', "[]", "x"])
def test_what_is_no_config_is_left_alone(tmp_path: Path, value: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(value)
    assert read_map_config(str(path)) is None
    assert read_map_config(str(tmp_path)) is None
    assert read_map_config("-") is None


def test_a_project_file_names_stand_ins_and_categories(tmp_path: Path) -> None:
    here = points(tmp_path, "a.kml")
    config(tmp_path, source("water"))
    project = tmp_path / "papermap.toml"
    project.write_text(
        'sources = ["config.json"]\n[local]\nwater = "a.kml"\n'
        '[categories]\n"他" = { ja = "よその避難所", colour = "#112233" }\n'
    )
    job = make_job(read_project(project))
    assert job.local == {"water": here}
    assert Path(here) in job.inputs
    assert job.categories == (CategoryName("他", "よその避難所", "", "112233"),)
    checked = atlas.check(job.sources, local=job.local, categories=job.categories)
    assert "よその避難所" in {category.name("ja") for category in checked.categories.values()}


@pytest.mark.parametrize(
    "options",
    [
        {"local": "a.kml"},
        {"local": {"a": 3}},
        {"categories": {"a": 3}},
        {"categories": {"a": {"fr": "x"}}},
        {"categories": {"a": {"ja": 3}}},
        {"categories": {"a": {"ja": "x", "colour": "red"}}},
    ],
)
def test_wrong_settings_are_refused(options: dict[str, Any]) -> None:
    with pytest.raises(UsageError):
        make_job({"sources": ["a.geojson"], **options})


def test_an_atlas_has_its_title_and_names_what_is_not_in_it(tmp_path: Path) -> None:
    points(tmp_path, "water.kml")
    fuel = {**source("fuel"), "title": "ガソリンスタンド"}
    options = {
        "sources": [config(tmp_path, source("water"), fuel, default_hash="37.5,136.8-37.2,137.3")],
        "output": str(tmp_path / "atlas.pdf"),
    }
    report = atlas.build(make_job(options))
    manifest = json.loads(report.manifest.read_text("utf-8"))
    assert manifest["title"] == "春の地震"
    with pdfplumber.open(report.output) as pdf:
        overview = pdf.pages[0].extract_text()
    assert "ガソリンスタンド この冊子にない" in overview
    assert "通行可能道路" in overview
    assert len(report.checked.points) == 3


@pytest.mark.skipif(not SHARED.is_file(), reason="the real inputs are not here")
def test_a_real_config() -> None:
    found = read_map_config(str(SHARED))
    assert found is not None
    assert [Path(path).name for path in found.sources] == ["2024-noto.kml"]
    assert [problem.code for problem in found.problems] == ["PM068"] * 3
    assert len(found.categories) == 8
    assert found.area.startswith("136.86")
    (report,) = atlas.check([str(SHARED)]).sources
    assert (report.points, report.lines, report.skipped) == (29, 8, 3)  # the rest: outside its area
