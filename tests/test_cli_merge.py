"""papermap merge writes each place once and tells why; check looks at what is new or old."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

import papermap
from papermap.cli import main

HERE = [139.55, 35.31]


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments])


def write(path: Path, *rows: dict[str, Any]) -> Path:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": row.pop("place", HERE)},
            "properties": {"category": "避難所", "name": "潮見小学校", **row},
        }
        for row in rows
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


@pytest.fixture
def two(tmp_path: Path) -> tuple[Path, Path]:
    """Two sources that tell of one school, one of them later and otherwise."""
    old = {"updated_at": "2024-01-05T10:00+09:00", "hours": "9-17", "status": "open"}
    new = {"updated_at": "2024-01-06T10:00+09:00", "hours": "10-16", "status": "full"}
    hall = {"name": "港公民館", "place": [139.56, 35.31], "updated_at": "2024-01-05T10:00+09:00"}
    return write(tmp_path / "a.geojson", old, hall), write(tmp_path / "b.geojson", new)


def test_merge_writes_each_place_once_with_where_it_came_from(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    out, report = tmp_path / "m.geojson", tmp_path / "m.json"
    result = run("merge", *two, "-o", out, "--report", report, "--lang", "en")
    assert (result.exit_code, result.stdout) == (0, "")
    assert "same name, 0 m apart" in result.stderr
    assert "not printed: hours “9-17” of" in result.stderr
    assert "2 features tell of 1 places" not in result.stderr
    school, hall = json.loads(out.read_text("utf-8"))["features"]
    assert (school["properties"]["hours"], school["properties"]["status"]) == ("10-16", "full")
    provenance = school["properties"]["papermap"]
    assert (provenance["source"], provenance["feature"]) == (str(two[1]), 1)
    assert provenance["joined"] == [{"source": str(two[0]), "feature": 1}]
    said = {(said["field"], said["value"]) for said in provenance["history"]}
    assert said >= {("hours", "9-17"), ("status", "open")}
    assert "joined" not in hall["properties"]["papermap"]
    (told,) = json.loads(report.read_text("utf-8"))["joins"]
    assert [(t["source"], t["why"]) for t in told["tellers"]] == [
        (str(path), "same name") for path in two
    ]
    again = run("check", out, "--format", "json")
    assert json.loads(again.stdout)["totals"]["points"] == 2


def test_the_order_of_the_sources_gives_the_same_file(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    texts = [run("merge", *paths, "-q").stdout for paths in (two, two[::-1])]
    assert texts[0] == texts[1]
    assert json.loads(texts[0])["type"] == "FeatureCollection"
    assert run("merge", two[0], "-o", two[0], "--overwrite").exit_code != 0  # never over a source
    assert run("merge").exit_code == 2
    assert not list(tmp_path.glob("*.json"))


@pytest.mark.usefixtures("two")
def test_a_decision_of_the_project_file_counts_in_the_atlas(tmp_path: Path) -> None:
    schools = [f'{{name = "潮見小学校", source = "{name}.geojson"}}' for name in "ab"]
    (tmp_path / "d.toml").write_text(f"[[apart]]\nplaces = [{', '.join(schools)}]", "utf-8")
    project = tmp_path / "papermap.toml"
    text = 'sources = ["a.geojson", "b.geojson"]\noutput = "x.pdf"\noverwrite = true\n'
    made = {}
    for name, more in (
        ("joined", ""),
        ("apart", 'decisions = "d.toml"\n'),
        ("all", "keep_all = true\n"),
    ):
        project.write_text(text + more, "utf-8")
        report = papermap.build(papermap.make_job(papermap.job.read_project(project)))
        made[name] = json.loads(report.manifest.read_text("utf-8"))
    assert [made[name]["totals"]["printed"] for name in made] == [2, 3, 3]
    assert [made[name]["totals"]["joined"] for name in made] == [1, 0, 0]
    (school,) = [p for p in made["joined"]["points"] if p["name"] == "潮見小学校"]
    assert [teller["feature"] for teller in school["tellers"]] == [1, 1]
    assert {said["field"] for said in school["history"]} >= {"hours", "status"}
    for manifest in made.values():
        for source in manifest["sources"]:
            assert source["features_in"] == source["points"]


def test_since_tells_of_what_is_new(tmp_path: Path) -> None:
    times = [*(f"2024-01-0{day}T10:00+09:00" for day in (4, 5, 6)), *[""] * 7]
    rows = [
        {"name": "", "updated_at": moment, "place": [139.55, 35.31 + number / 1000]}
        for number, moment in enumerate(times)
    ]
    path = write(tmp_path / "a.geojson", *rows)
    result = run(
        "check", path, "--since", "2024-01-05T00:00+09:00", "--format", "json", "--lang", "en"
    )
    (nameless,) = [p for p in json.loads(result.stdout)["problems"] if p["code"] == "PM030"]
    assert (nameless["params"]["count"], nameless["params"]["features"]) == ("9", "2-10")
    assert "1 features are older" in result.stderr
    only = write(tmp_path / "b.geojson", {"name": "", "updated_at": "2024-01-05T10:00+09:00"})
    assert run("check", only, "--since", "2024-01-06").exit_code == 0
    assert run("check", only, "--since", "2024-01-05").exit_code == 1
    assert run("check", only, "--since", "yesterday").exit_code == 2


@pytest.mark.parametrize(
    ("age", "status"),
    [("12h", 1), ("720m", 1), ("0.5d", 1), ("25h", 0), ("2d", 0), ("x", 2), ("-1h", 2)],
)
def test_max_age(tmp_path: Path, age: str, status: int) -> None:
    path = write(tmp_path / "a.geojson", {"updated_at": "2024-01-05T10:00+09:00"})
    at = "2024-01-06T10:00+09:00"
    assert run("check", path, "--as-of", at, f"--max-age={age}").exit_code == status
    if status < 2:
        assert run("check", path, f"--max-age={age}").exit_code == 1  # counted from now


def test_check_cuts_to_an_area_and_strict_counts_notices(tmp_path: Path) -> None:
    moment = {"updated_at": "2024-01-05T10:00+09:00"}
    one = write(tmp_path / "a.geojson", moment)
    two = write(
        tmp_path / "b.geojson", {**moment, "category": "AED"}, {**moment, "place": [139.9, 35.3]}
    )
    cut = run("check", one, two, "--area", "139.5,35.2,139.6,35.4", "--format", "json")
    assert {p["code"] for p in json.loads(cut.stdout)["problems"]} == {"PM028", "PM082"}
    apart = write(tmp_path / "b.geojson", {**moment, "category": "AED"})
    assert run("check", one, apart).exit_code == 0
    assert run("check", one, apart, "--strict").exit_code == 1


def test_merge_and_check_take_what_the_project_file_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in "ab":
        text = f"拠点,種,緯度,経度\n潮見小,しえん,35.31,139.55\n{name}広場,しえん,35.32,139.55\n"
        (tmp_path / f"{name}.csv").write_text(text, "utf-8")
    project = tmp_path / "papermap.toml"
    project.write_text(
        'sources = ["a.csv", "b.csv"]\nkeep_all = true\n'
        'columns = { name = "拠点", category = "種" }\ncategories = { "しえん" = "避難所" }\n'
        'area = "139.5,35.3,139.6,35.315"\n',
        "utf-8",
    )
    monkeypatch.chdir(tmp_path)
    merged = run("merge", "-q")  # the area is the atlas's: nothing is left out of a merge
    features = json.loads(merged.stdout)["features"]
    told = {(each["properties"]["name"], each["properties"]["category"]) for each in features}
    assert (len(features), merged.stderr) == (4, "")
    assert {name for name, _ in told} == {"潮見小", "a広場", "b広場"}
    assert {category for _, category in told} == {
        "shelter/避難所"
    }  # a shelter without the file too
    (tmp_path / "m.geojson").write_text(merged.stdout, "utf-8")
    again = json.loads(run("merge", "m.geojson", "-q").stdout)["features"]
    assert {each["properties"]["category"] for each in again} == {"shelter/避難所"}
    assert len(json.loads(run("merge", "a.csv", "-q").stdout)["features"]) == 2
    checked = json.loads(run("check", "--format", "json").stdout)
    codes = {problem["code"] for problem in checked["problems"]}
    assert checked["totals"]["points"] == 2
    assert "PM033" not in codes  # its category has a name
    assert "no project file" in run("merge", "--project", "none.toml").stderr


def test_a_second_merge_keeps_the_history_of_the_first(
    two: tuple[Path, Path], tmp_path: Path
) -> None:
    first, second, third = (tmp_path / f"{name}.geojson" for name in ("m", "n", "o"))
    assert run("merge", *two, "-o", first).exit_code == 0
    later = {"updated_at": "2024-01-07T10:00+09:00", "hours": "11-15", "status": "open"}
    new = write(tmp_path / "c.geojson", later)
    told = run("merge", first, new, "-o", second, "--lang", "en")
    assert "9-17" in told.stderr  # what is not printed, though the first merge told it
    assert told.stderr.count("Sources do not agree") <= 1
    school, _ = json.loads(second.read_text("utf-8"))["features"]
    kept = school["properties"]["papermap"]
    said = [(each["value"], each["source"]) for each in kept["history"] if each["field"] == "hours"]
    assert said == [("9-17", str(two[0])), ("10-16", str(first))]
    assert [each["source"] for each in kept["earlier"]] == [str(two[1]), str(two[0])]
    assert run("merge", second, two[0], "-o", third).exit_code == 0
    school, _ = json.loads(third.read_text("utf-8"))["features"]
    again = school["properties"]["papermap"]
    assert school["properties"]["hours"] == "11-15"
    assert len({json.dumps(each) for each in again["history"]}) == len(again["history"])
    assert {each["value"] for each in again["history"]} >= {"9-17", "10-16"}
    assert str(two[0]) not in {each["source"] for each in again["earlier"]}  # it is here itself
