"""The manifest says what is in the atlas, in the form its schema promises."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import jsonschema
import msgspec
import pytest

from papermap import resources
from papermap.edition import (
    Manifest,
    make_manifest,
    manifest_bytes,
    schema,
    schema_bytes,
)
from papermap.grid import Frame, make_plan, project
from papermap.i18n import problem_text
from papermap.index import make_index
from papermap.model import (
    Category,
    Checked,
    Kind,
    Origin,
    Problem,
    Severity,
    SourceReport,
    Status,
    SupportPoint,
)
from papermap.units import Box

PLACES = [(139.5500, 35.3100), (139.5600, 35.3150), (139.5750, 35.3120), (139.5505, 35.3105)]
PROBLEMS = (
    Problem("PM999", Severity.ERROR, "a.geojson", 5, field="geometry", skipped=True),
    Problem("PM998", Severity.WARNING, "b.csv", None, name="寺", value="x"),
)


def checked() -> Checked:
    points = tuple(
        SupportPoint(
            id=f"p{n}",
            name=f"給水所{n}",
            category="water" if n % 2 else "bath",
            lon=lon,
            lat=lat,
            origin=Origin("a.geojson", n + 1),
            status=Status.CLOSED if n == 2 else Status.UNKNOWN,
        )
        for n, (lon, lat) in enumerate(PLACES)
    )
    sources = (
        SourceReport("a.geojson", "0" * 64, "GeoJSON", 6, 4, 1, 0, 1, attribution="鎌倉市"),
        SourceReport(
            "b.csv",
            "f" * 64,
            "CSV",
            0,
            0,
            0,
            0,
            0,
            newest=datetime(2025, 11, 22, 7, 40, tzinfo=UTC),
        ),
    )
    categories = {
        key: Category(key, {"ja": key}, Kind.POINT, "circle", "drop", order=order)
        for order, key in enumerate(("water", "bath"))
    }
    return Checked(points, (), (), PROBLEMS, sources, categories)


def made(**changes: Any) -> Manifest:
    data = checked()
    plan = make_plan(PLACES, Frame(186, 140), scale=10_000)
    index = make_index(plan, data.points, data.categories)
    arguments: dict[str, Any] = {
        "plan": plan,
        "index": index,
        "checked": data,
        "pages": {sheet.label: n for n, sheet in enumerate(plan.sheets, start=2)},
        "drawn": {
            sheet.label: [index.by_point[point].number for point in sheet.shown]
            for sheet in plan.sheets
        },
        "frame": Box(12, 122.80000000001, 198, 262.8),
        "page_count": 7,
        "title": "鎌倉 災害時支援マップ",
        "languages": ("ja", "en"),
        "style": "mono",
        "paper": "A4",
        "edition": 3,
        "as_of": datetime(2025, 11, 22, 7, 40, tzinfo=UTC),
    }
    return make_manifest(**arguments | changes)


def as_json(manifest: Manifest) -> dict[str, Any]:
    found = json.loads(manifest_bytes(manifest))
    assert isinstance(found, dict)
    return found


def test_it_has_the_promised_keys_in_their_order() -> None:
    manifest = as_json(made())
    assert list(manifest) == [
        *("version", "title", "edition", "as_of", "languages", "style", "paper", "orientation"),
        *("scale", "crs", "pages", "sources", "sheets", "points", "unplaced", "problems", "totals"),
        "overlays",
    ]
    assert list(manifest["sources"][0])[:10] == [
        *("path", "sha256", "format", "features_in", "points", "lines", "areas"),
        *("unplaced", "skipped"),
        "problems",
    ]
    assert list(manifest["sheets"][0]) == [
        *("label", "page", "scale", "bounds", "core", "bounds_wgs84", "frame_mm", "cells"),
        *("points", "neighbours", "detail", "details", "placement"),
    ]
    assert list(manifest["sheets"][0]["cells"]) == ["columns", "rows"]
    assert list(manifest["points"][0])[:9] == [
        *("number", "id", "name", "category", "status", "lon", "lat", "source", "refs"),
    ]
    assert list(manifest["points"][0]["refs"][0]) == ["sheet", "cell"]


def test_it_follows_its_schema() -> None:
    validator = jsonschema.Draft202012Validator(schema())
    validator.check_schema(schema())
    manifest = as_json(made())
    assert list(validator.iter_errors(manifest)) == []
    manifest["sheets"][0]["bounds"] = [1, 2, 3]
    manifest["points"][0]["status"] = "maybe"
    del manifest["totals"]
    assert len(list(validator.iter_errors(manifest))) == 3


def test_the_packaged_schema_is_this_one() -> None:
    packaged = resources.file("schema", "manifest.schema.json")
    assert packaged.read_bytes() == schema_bytes(), "run: python docs/make_schema.py"


def test_every_field_of_the_schema_that_is_not_plain_is_described() -> None:
    records = schema()["$defs"]
    assert all("description" in record for record in records.values())
    sheet = records["SheetRecord"]["properties"]
    assert {key for key in sheet if "description" not in sheet[key]} <= {"cells"}


def test_a_point_is_found_on_paper_from_the_manifest_alone() -> None:
    manifest = as_json(made())
    sheets = {sheet["label"]: sheet for sheet in manifest["sheets"]}
    for point in manifest["points"]:
        ((x, y),) = project(manifest["crs"], [(point["lon"], point["lat"])]).tolist()
        home = sheets[point["refs"][0]["sheet"]]
        x0, y0, x1, y1 = home["bounds"]
        left, low, right, top = home["frame_mm"]
        east, north = (x - x0) / (x1 - x0) * (right - left), (y - y0) / (y1 - y0) * (top - low)
        assert 0 <= east <= 186
        assert 0 <= north <= 140
        assert (x1 - x0) * 1000 / manifest["scale"] == pytest.approx(right - left)
        core_x0, _, core_x1, core_y1 = home["core"]
        cell = (core_x1 - core_x0) / home["cells"]["columns"]
        column, row = int((x - core_x0) // cell), int((core_y1 - y) // cell)
        assert point["refs"][0]["cell"] == f"{'ABCD'[column]}{row + 1}"
        for ref in point["refs"]:
            assert point["number"] in sheets[ref["sheet"]]["points"]
        west, south, east, north = home["bounds_wgs84"]
        assert west < point["lon"] < east
        assert south < point["lat"] < north


def test_counts_agree() -> None:
    manifest = as_json(made())
    for source in manifest["sources"]:
        parts = sum(source[key] for key in ("points", "lines", "areas", "unplaced", "skipped"))
        assert source["features_in"] == parts
    assert [source["problems"] for source in manifest["sources"]] == [1, 1]
    assert manifest["totals"] == {
        "features_in": 6,
        "points": 4,
        "lines": 1,
        "areas": 0,
        "unplaced": 0,
        "skipped": 1,
        "joined": 0,
        "printed": 4,
        "sheets": len(manifest["sheets"]),
        "pages": 7,
        "problems": 2,
        "categories": {"water": 2, "bath": 2},
    }
    assert [point["number"] for point in manifest["points"]] == [1, 2, 3, 4]
    assert manifest["sources"][1]["newest"] == "2025-11-22T07:40:00Z"


def test_problems_carry_their_words_in_the_books_languages() -> None:
    manifest = as_json(made())
    first, second = manifest["problems"]
    assert first["code"] == "PM999"
    assert first["skipped"] is True
    assert (first["feature"], second["feature"]) == (5, None)
    assert first["what"] == {lang: problem_text(PROBLEMS[0], lang)[0] for lang in ("ja", "en")}
    assert list(as_json(made(languages=("en",)))["problems"][0]["todo"]) == ["en"]


def test_sheets_that_were_not_printed_have_no_page() -> None:
    manifest = as_json(made(pages={"1": 4}, drawn={"1": [3, 1]}))
    first, *others = manifest["sheets"]
    assert (first["page"], first["points"]) == (4, [1, 3])
    assert others
    assert all(sheet["page"] is None and sheet["points"] == [] for sheet in others)


def test_the_same_atlas_has_the_same_bytes_and_comes_back() -> None:
    data = manifest_bytes(made())
    assert data == manifest_bytes(made())
    assert msgspec.json.decode(data, type=Manifest) == made()
    assert data.endswith(b"}\n")
    assert "鎌倉 災害時支援マップ".encode() in data
