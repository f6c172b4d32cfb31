"""What mappers begin with is right by our own check, in every form and language."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from jsonschema import Draft202012Validator

from papermap import resources
from papermap.atlas import check
from papermap.cli import main
from papermap.errors import UsageError
from papermap.model import Checked, Kind, Status
from papermap.template import (
    FORMATS,
    columns,
    contribution_schema,
    contribution_schema_bytes,
    template,
)
from papermap.vocabulary import load_vocabulary

LANGUAGES = ("ja", "en")
SAID = (
    *("status", "confirmed", "hazards", "name", "lon", "lat", "hours", "bring", "capacity", "cost"),
    *("floor", "pets", "available", "accessibility", "note", "phone", "address", "updated_at"),
)
SAMPLE = Path(__file__).parents[1] / "sample_data/points.geojson"


def written(folder: Path, form: str, language: str) -> Path:
    path = folder / f"points{form}"
    path.write_bytes(template(form, language))
    return path


def checked(folder: Path, form: str, language: str) -> Checked:
    return check([str(written(folder, form, language))])


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("form", FORMATS)
def test_the_check_finds_nothing_but_that_they_are_examples(
    tmp_path: Path, form: str, language: str
) -> None:
    found = checked(tmp_path, form, language)
    (problem,) = found.problems
    assert (problem.code, problem.params["count"]) == ("PM009", str(found.sources[0].features_in))
    vocabulary = load_vocabulary().categories
    expected = [
        key
        for key, category in vocabulary.items()
        if form == ".geojson" or category.kind is Kind.POINT
    ]
    drawn = (*found.points, *found.lines, *found.areas)
    assert sorted(each.category for each in drawn) == sorted(expected)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_three_forms_say_the_same(tmp_path: Path, language: str) -> None:
    def said(form: str) -> list[tuple[Any, ...]]:
        points = checked(tmp_path, form, language).points
        return [(p.category, p.label("en"), *(getattr(p, key) for key in SAID)) for p in points]

    first, *others = (said(form) for form in FORMATS)
    assert all(other == first for other in others)
    shelter = next(row for row in first if row[0] == "shelter")
    assert shelter[1] == "(Example) Shiomi Junior High School, gymnasium"
    assert (shelter[2], shelter[3]) == (Status.OPEN, True)
    hazards = {hazard for row in first for hazard in row[4]}
    assert hazards == {"flood", "tsunami", "earthquake"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_csv_that_excel_opens_rightly(language: str) -> None:
    data = template(".csv", language)
    assert data.startswith(b"\xef\xbb\xbf")
    header = next(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert header == [column.headings[language] for column in columns()]
    assert ("名称" in header) == (language == "ja")


@pytest.mark.parametrize("form", FORMATS)
def test_the_same_bytes_every_time(form: str) -> None:
    assert template(form, "ja") == template(form, "ja")


def test_templates_and_the_sample_keep_to_the_published_schema() -> None:
    schema = resources.file("schema", "contribution.schema.json").read_bytes()
    assert schema == contribution_schema_bytes()
    Draft202012Validator.check_schema(json.loads(schema))
    validator = Draft202012Validator(json.loads(schema))
    for text in (*(template(".geojson", language) for language in LANGUAGES), SAMPLE.read_bytes()):
        validator.validate(json.loads(text))


@pytest.mark.parametrize(
    "change",
    [
        {"geometry": None},
        {"geometry": {"type": "Point", "coordinates": ["139.5", "35.3"]}},
        {"geometry": {"type": "Point", "coordinates": [139.5]}},
        {"properties": {"name": "a"}},
        {"properties": {"category": "water"}},
        {"properties": {"name": "a", "category": "water", "hazards": ["rain"]}},
        {"type": "Place"},
    ],
)
def test_the_schema_refuses_what_cannot_be_printed(change: dict[str, Any]) -> None:
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [139.5, 35.3]},
        "properties": {"名称": "a", "分類": "給水"},
    }
    validator = Draft202012Validator(contribution_schema())
    assert validator.is_valid({"type": "FeatureCollection", "features": [feature]})
    assert not validator.is_valid({"type": "FeatureCollection", "features": [feature | change]})


def test_on_the_command_line(tmp_path: Path) -> None:
    path = tmp_path / "points.csv"
    run = CliRunner().invoke(main, ["template", "-o", str(path), "--lang", "en"])
    assert (run.exit_code, run.stdout) == (0, "")
    assert "papermap check" in run.stderr
    assert path.read_bytes() == template(".csv", "en")
    again = CliRunner().invoke(main, ["template", "-o", str(path)])
    assert again.exit_code != 0
    assert path.read_bytes() == template(".csv", "en")
    other = CliRunner().invoke(main, ["template", "-o", str(tmp_path / "points.ods")])
    assert other.exit_code == 2
    with pytest.raises(UsageError, match=r"\.ods"):
        template(".ods", "en")
