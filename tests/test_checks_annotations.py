"""Problems as annotations of a pull request: parsed as the runner does, beside the right line."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from papermap.checks import check_source
from papermap.checks.annotations import problems_as_annotations
from papermap.readers import read
from papermap.vocabulary import load_vocabulary

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")
BAD: dict[str, Any] = {
    "type": "Feature",
    "geometry": {"type": "Point", "coordinates": ["x, y: 100%", 35]},
    "properties": {"name": "a,b:c\n100%", "category": "AED"},
}
GOOD = {**BAD, "geometry": {"type": "Point", "coordinates": [139.5, 35.3]}}


def annotations(path: Path, language: str = "en") -> list[tuple[str, dict[str, str], str]]:
    text = problems_as_annotations(check_source(read(str(path)), load_vocabulary()), language)
    found = []
    for line in text.splitlines():
        match = COMMAND.fullmatch(line)
        assert match, line
        properties = dict(part.split("=", 1) for part in match[2].split(","))
        found.append((match[1], properties, match[3]))
    return found


@pytest.mark.parametrize("indent", [None, 2])
def test_each_problem_stands_on_the_line_of_its_feature(tmp_path: Path, indent: int | None) -> None:
    path = tmp_path / "points.geojson"
    document = {"type": "FeatureCollection", "features": [GOOD, BAD, GOOD, BAD]}
    path.write_text(json.dumps(document, indent=indent), "utf-8")
    lines = path.read_text("utf-8").splitlines()
    wrong = [(kind, where) for kind, where, _ in annotations(path) if kind == "error"]
    assert len(wrong) == 2
    for _, where in wrong:
        assert where["file"] == str(path)
        begin = int(where["line"]) - 1
        assert "x, y: 100%" in "".join(lines[begin : begin + 7])
    if indent:
        assert wrong[0][1]["line"] != wrong[1][1]["line"]


def test_what_strangers_wrote_cannot_break_out_of_its_place(tmp_path: Path) -> None:
    path = tmp_path / "points.geojson"
    evil = {**BAD, "properties": {"name": "x\n::error file=/etc/passwd::owned", "category": "%0A"}}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [evil]}), "utf-8")
    assert all(where.get("file", str(path)) == str(path) for _, where, _ in annotations(path))


@pytest.mark.parametrize(("language", "says"), [("en", "Of 1 features"), ("ja", "1 件のうち")])
def test_the_counts_are_a_notice(tmp_path: Path, language: str, says: str) -> None:
    path = tmp_path / "points.geojson"
    path.write_text(json.dumps(GOOD), "utf-8")
    (*_, last) = annotations(path, language)
    assert last[0] == "notice"
    assert last[2].startswith(says)
