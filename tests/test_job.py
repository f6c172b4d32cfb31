"""Options as people write them → a Job."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from papermap.errors import UsageError
from papermap.job import (
    make_job,
    parse_as_of,
    parse_languages,
    parse_scale,
    parse_sheets,
    read_project,
    template,
)


@pytest.mark.parametrize(
    ("text", "scale"),
    [("auto", None), ("1:10000", 10_000), ("10,000", 10_000), (5000, 5000), ("1/25000", 25_000)],
)
def test_scale_is_read_as_people_write_it(text: object, scale: int | None) -> None:
    assert parse_scale(text) == scale


@pytest.mark.parametrize("text", ["1:0", "1:10", "big", "1:99999999999", "-5000", "1:2:3"])
def test_a_scale_that_cannot_be_printed_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not a scale"):
        parse_scale(text)


def test_sheets_are_numbers_and_ranges() -> None:
    assert parse_sheets("3, 5-7,6") == (3, 5, 6, 7)
    assert parse_sheets([2, 1]) == (1, 2)
    assert parse_sheets("") == ()
    for wrong in ("0", "7-5", "a", "1-"):
        with pytest.raises(UsageError, match="names no sheets"):
            parse_sheets(wrong)


def test_an_unknown_language_names_the_nearest() -> None:
    assert parse_languages("en, ja") == ("en", "ja")
    with pytest.raises(UsageError, match="Did you mean “en”"):
        parse_languages("eng")


def test_times_keep_their_offset() -> None:
    moment = parse_as_of("2026-09-14T16:00+09:00")
    assert moment == datetime(2026, 9, 14, 7, tzinfo=UTC)
    assert moment is not None
    assert moment.isoformat() == "2026-09-14T16:00:00+09:00"
    now = parse_as_of("now")
    assert now is not None
    assert now.tzinfo is not None
    with pytest.raises(UsageError, match="not a time"):
        parse_as_of("yesterday")


def test_an_unknown_setting_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="Did you mean “basemap”"):
        make_job({"sources": ["a.geojson"], "base_map": "x"})


@pytest.mark.parametrize(
    "wrong",
    [
        {"paper": "A9"},
        {"orientation": "diagonal"},
        {"jobs": 0},
        {"jobs": "two"},
        {"overwrite": "yes"},
        {"title": 5},
        {"sources": []},
        {"sources": ["-", "-"]},
    ],
)
def test_settings_that_make_no_sense_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(UsageError):
        make_job({"sources": ["a.geojson"], **wrong})


def test_the_template_is_a_project_whose_paths_are_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "papermap.toml"
    path.write_text(template(), encoding="utf-8")
    job = make_job(read_project(path))
    assert job.sources == (str(tmp_path / "points.geojson"),)
    assert job.output == tmp_path / "atlas.pdf"
    assert job.manifest_path == tmp_path / "atlas.manifest.json"
    assert job.overwrite
    assert job.scale is None


def test_the_template_names_every_setting_of_a_job() -> None:
    uncommented = template().replace("\n# ", "\n")
    lines = [line.split("#")[0] for line in uncommented.splitlines() if " = " in line]
    named = set(tomllib.loads("\n".join(lines)))
    for key in named - {"scale"}:
        make_job({"sources": ["a"], key: tomllib.loads("\n".join(lines))[key]})
    assert named >= {
        "sources", "title", "title_en", "output", "overwrite", "manifest", "basemap", "area",
        "paper", "orientation", "scale", "style", "lang", "sheets", "as_of", "stale_hours",
        "edition", "url", "attribution", "jobs", "overlay", "hazard", "offline",
    }  # fmt: skip


def test_a_project_that_is_no_toml_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "papermap.toml"
    path.write_text('title = "x"\nscale = = 3\n', encoding="utf-8")
    with pytest.raises(UsageError, match="line 2"):
        read_project(path)
    with pytest.raises(UsageError, match="no project file"):
        read_project(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("sources", 5),
        ("sources", [1]),
        ("sources", {"a": 1}),
        ("sources", ["a\0b"]),
        ("output", ["a"]),
        ("output", "-"),
        ("manifest", 5),
        ("basemap", True),
        ("area", 5),
        ("edition", 1.5),
        ("edition", 10**400),
        ("edition", True),
        ("jobs", 10**9),
        ("stale_hours", float("nan")),
        ("stale_hours", float("inf")),
        ("stale_hours", 1e300),
        ("as_of", "0001-01-01"),
        ("as_of", "0001-01-01T00:00+14:00"),
        ("as_of", "9999-12-31T23:59-12:00"),
        ("lang", ","),
        ("url", "javascript:alert(1)"),
        ("url", "https://example.org/" + "x" * 300),
    ],
)
def test_values_that_make_no_sense_are_refused_with_their_name(key: str, value: object) -> None:
    with pytest.raises(UsageError) as caught:
        make_job({"sources": ["a.json"], key: value})
    assert caught.value.message
    assert len(caught.value.message) < 600


def test_a_title_is_one_line_of_text() -> None:
    job = make_job({"sources": ["a.json"], "title": "防災\u202e地図\x1b[31m\n\u3000二"})
    assert job.title == "防災 地図 [31m \u3000二"
    latin = make_job(
        {"sources": ["a.json"], "title": "地図".encode().decode("ascii", "surrogateescape")}
    )
    assert latin.title == "地図"


def test_a_project_file_of_another_encoding_says_so(tmp_path: Path) -> None:
    path = tmp_path / "papermap.toml"
    path.write_bytes('title = "題"'.encode("cp932"))
    with pytest.raises(UsageError, match="not UTF-8"):
        read_project(path)


def test_everything_that_is_read_is_known() -> None:
    job = make_job(
        {"sources": ["a.json", "-"], "basemap": "b.gpkg", "area": "c.json", "style": "d.toml"}
    )
    assert [path.name for path in job.inputs] == ["a.json", "b.gpkg", "c.json", "d.toml"]
