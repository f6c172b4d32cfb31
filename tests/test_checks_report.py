"""The report tells where, what and what to do, in both languages, and its counts are true."""

from __future__ import annotations

import json
import re
import tomllib
from string import Formatter

import pytest

from papermap import resources
from papermap.checks import check_source
from papermap.checks.codes import SEVERITIES, problem
from papermap.checks.report import problems_as_json, problems_as_text, summary
from papermap.i18n import problem_text
from papermap.merge import combine
from papermap.model import Checked
from papermap.readers.base import RawFeature, RawSource
from papermap.vocabulary import load_vocabulary

HERE = {"type": "Point", "coordinates": [139.55, 35.31]}
PARAMS = {
    "sheets", "detail", "ppi", "characters",
    "place", "file",
    "line", "count", "other", "other_source", "limit", "least", "suggestion", "distance", "used",
    "hours", "margin", "field", "value", "name", "feature", "source", "nearest", "other_name",
    "other_value", "other_category", "number", "original", "lat", "lon", "near", "places",
}  # fmt: skip


def checked() -> Checked:
    features = (
        RawFeature(1, HERE, {"category": "AED", "name": "市役所"}),
        RawFeature(2, None, {"category": "AED", "name": "公園"}),
        RawFeature(3, {"type": "Point", "coordinates": [0, 0]}, {"name": "海"}),
        *(RawFeature(n, HERE, {"category": "給水", "name": str(n)}) for n in range(4, 30)),
    )
    raw = RawSource("a.geojson", "0", "GeoJSON", features)
    return combine([check_source(raw, load_vocabulary())])


@pytest.mark.parametrize("language", ["ja", "en"])
def test_every_word_of_a_problem_belongs_to_a_code(language: str) -> None:
    table = tomllib.loads(resources.file("locale", f"{language}.toml").read_text("utf-8"))
    for part in ("problems", "problem_titles", "explanations"):
        assert set(table[part]) == set(SEVERITIES)


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize("code", sorted(SEVERITIES))
def test_every_code_has_words(code: str, language: str) -> None:
    what, todo = problem_text(problem(code, "a"), language)
    assert what != code
    assert todo
    table = tomllib.loads(resources.file("locale", f"{language}.toml").read_text("utf-8"))
    assert table["problem_titles"][code]
    assert table["explanations"][code] not in {what, todo}
    texts = table["problems"][code]
    holes = {name for text in texts.values() for _, name, _, _ in Formatter().parse(text) if name}
    assert holes <= PARAMS


def test_text_tells_where_what_and_what_to_do() -> None:
    text = problems_as_text(checked(), "en")
    lines = text.splitlines()
    assert lines[0] == "a.geojson (GeoJSON, 29 features)"
    (place,) = [number for number, line in enumerate(lines) if "feature 2 “公園”" in line]
    assert "[geometry]" in lines[place]
    assert "PM010, error, listed without a position" in lines[place]
    assert "→ Give its latitude and longitude" in lines[place + 1]
    assert "features 4-29 (26) [updated_at]" in text


def test_text_in_japanese() -> None:
    text = problems_as_text(checked(), "ja")
    assert "2 番「公園」" in text
    assert "位置が分からず一覧だけに載せる 2 件: 位置なし 1 件、座標 0, 0 1 件。" in text
    assert not re.search(r"\{|…\b", text)


def test_summary_counts() -> None:
    text = summary(checked(), "en")
    assert text.startswith("Of 29 features: 27 points, 0 lines, 0 areas, 2 listed without a")
    assert "Without a position, in a list of their own, 2: no place 1, at 0, 0 1." in text
    assert "no update time 26" in text


def test_nothing_wrong_is_said() -> None:
    features = (RawFeature(1, HERE, {"category": "AED", "name": "市役所"}),)
    clean = check_source(RawSource("a", "0", "GeoJSON", features), load_vocabulary())
    assert problems_as_text(clean, "en").count("No problems.") == 2
    assert "問題はありません。" in summary(clean, "ja")


def test_json_is_whole() -> None:
    document = json.loads(problems_as_json(checked(), "en"))
    assert document["totals"] == {
        "features_in": 29, "points": 27, "lines": 0, "areas": 0, "unplaced": 2, "skipped": 0,
        "joined": 0, "problems": 3, "errors": 1, "warnings": 2, "notices": 0,
    }  # fmt: skip
    first, *_ = document["problems"]
    assert set(first) == {
        "code", "severity", "source", "feature", "name", "field", "value", "params", "skipped",
        "unplaced", "row", "layer", "at", "what", "todo",
    }  # fmt: skip
    assert document["sources"][0]["features_in"] == 29


def test_thousands_of_one_problem_stay_readable() -> None:
    features = tuple(RawFeature(n, None, {"name": str(n)}) for n in range(1, 2001))
    gone = check_source(RawSource("a\udcff", "0", "GeoJSON", features), load_vocabulary())
    text = problems_as_text(gone, "en")
    text.encode("utf-8")
    assert len(text.splitlines()) < 120
    assert "no place +1950" in text
    assert len(json.loads(problems_as_json(gone, "en"))["problems"]) == 2000


@pytest.mark.parametrize(
    ("language", "says"),
    [("en", "feature 2, row 7 of “北地区”"), ("ja", "シート「北地区」の 2 番（7 行目）")],
)
def test_a_row_is_told_with_its_worksheet_where_there_are_several(language: str, says: str) -> None:
    features = (
        RawFeature(1, HERE, {"category": "AED", "name": "市役所"}, layer="南地区", row=3),
        RawFeature(2, None, {"category": "AED", "name": "公園"}, layer="北地区", row=7),
    )
    several = check_source(RawSource("a", "0", "XLSX", features), load_vocabulary())
    assert says in problems_as_text(several, language)
    alone = check_source(RawSource("a", "0", "XLSX", features[1:]), load_vocabulary())
    assert "北地区" not in problems_as_text(alone, language)
