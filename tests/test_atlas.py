"""The whole way: points in, paper out; read back from the PDF's own content."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema
import pdfplumber
import pikepdf
import pytest
from conftest import SAMPLE, Built, build_sample

import papermap
from papermap.grid import project
from papermap.resources import file
from papermap.units import MM_PER_PT

NEAR = 0.3  # mm


@dataclass
class Seen:
    """What stands on a page, in mm from its lower left."""

    signs: list[tuple[float, float]]
    dots: list[tuple[float, float]]


def read_marks(page: pikepdf.Page) -> Seen:
    """Centres of the signs (form XObjects) and of the small filled circles on a page."""
    seen, stack = Seen([], []), [(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)]
    path: list[tuple[float, float]] = []
    curves = 0
    for operands, operator in pikepdf.parse_content_stream(page):
        name = str(operator)
        if name == "q":
            stack.append(stack[-1])
        elif name == "Q":
            stack.pop()
        elif name == "cm":
            a, b, c, d, e, f = (float(value) for value in operands)
            sa, sb, sc, sd, se, sf = stack[-1]
            stack[-1] = (
                a * sa + b * sc, a * sb + b * sd, c * sa + d * sc, c * sb + d * sd,
                e * sa + f * sc + se, e * sb + f * sd + sf,
            )  # fmt: skip
        elif name == "Do" and str(operands[0]).startswith("/FormXob.mark-"):
            a, _, _, d, e, f = stack[-1]
            seen.signs.append(((e + a / 2) * MM_PER_PT, (f + d / 2) * MM_PER_PT))
        elif name in {"m", "l", "c"}:
            x, y = float(operands[-2]), float(operands[-1])
            a, b, c, d, e, f = stack[-1]
            path.append((a * x + c * y + e, b * x + d * y + f))
            curves += name == "c"
        elif name in {"f", "f*", "B", "b", "S", "s", "n"}:
            xs, ys = [x for x, _ in path], [y for _, y in path]
            if name != "S" and curves == 4 and max(xs) - min(xs) < 2 / MM_PER_PT:
                seen.dots.append(
                    ((min(xs) + max(xs)) / 2 * MM_PER_PT, (min(ys) + max(ys)) / 2 * MM_PER_PT)
                )
            path, curves = [], 0
    return seen


def true_places(manifest: dict[str, Any], sheet: dict[str, Any]) -> dict[int, tuple[float, float]]:
    """Where each number of a sheet must stand on its page, from bounds and frame alone."""
    chosen = [point for point in manifest["points"] if point["number"] in sheet["points"]]
    metres = project(manifest["crs"], [(point["lon"], point["lat"]) for point in chosen])
    left, bottom, right, top = sheet["frame_mm"]
    west, south, east, north = sheet["bounds"]
    return {
        point["number"]: (
            left + (x - west) / (east - west) * (right - left),
            bottom + (y - south) / (north - south) * (top - bottom),
        )
        for point, (x, y) in zip(chosen, metres, strict=True)
    }


def test_every_mark_stands_on_its_true_place_or_has_a_dot_there(sample: Built) -> None:
    with pikepdf.open(sample.path) as pdf:
        for sheet in sample.manifest["sheets"]:
            seen = read_marks(pdf.pages[sheet["page"] - 1])
            spots = seen.signs + seen.dots
            for number, (x, y) in true_places(sample.manifest, sheet).items():
                nearest = min(math.dist((x, y), spot) for spot in spots)
                assert nearest <= NEAR, f"{number} on sheet {sheet['label']}: {nearest:.2f} mm off"


def test_the_scale_is_true(sample: Built) -> None:
    for sheet in sample.manifest["sheets"]:
        left, bottom, right, top = sheet["frame_mm"]
        west, south, east, north = sheet["bounds"]
        assert (east - west) / (right - left) * 1000 == pytest.approx(sheet["scale"], rel=1e-3)
        assert (north - south) / (top - bottom) * 1000 == pytest.approx(sheet["scale"], rel=1e-3)


def test_every_point_is_in_a_list_and_in_the_index(sample: Built) -> None:
    """Each number is a mark on its home sheet, a row of that sheet's list, an index entry."""
    words: dict[str, Counter[str]] = defaultdict(Counter)
    index: Counter[str] = Counter()
    with pdfplumber.open(sample.path) as pdf, pikepdf.open(sample.path) as labels:
        for number, page in enumerate(pdf.pages):
            label = labels.pages[number].label
            text = page.extract_words(x_tolerance=1)
            if label.startswith("i"):
                index.update(word["text"] for word in text)
            else:
                words[label.split("-")[0]].update(word["text"] for word in text)
    for point in sample.manifest["points"]:
        home = point["refs"][0]
        assert words[home["sheet"]][str(point["number"])] >= 1, point
        assert index[str(point["number"])] >= 1, point
        assert any(home["cell"] in word for word in index), point


def test_nothing_is_lost_in_counting(sample: Built) -> None:
    for source in sample.manifest["sources"]:
        assert source["features_in"] == (
            source["points"] + source["lines"] + source["areas"] + source["skipped"]
        )
    numbers = [point["number"] for point in sample.manifest["points"]]
    assert numbers == sorted(set(numbers))
    assert len(numbers) == sample.manifest["totals"]["points"]
    on_sheets = {n for sheet in sample.manifest["sheets"] for n in sheet["points"]}
    told = {problem["name"] for problem in sample.manifest["problems"]}
    for point in sample.manifest["points"]:
        assert point["number"] in on_sheets or point["name"] in told


def test_the_manifest_is_as_its_schema_says(sample: Built) -> None:
    schema = json.loads(file("schema", "manifest.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(sample.manifest, schema)


def type_size(char: dict[str, Any]) -> float:
    """Size of a character in pt; of one that is turned, the longer side of its box."""
    return float(char["size"] if char["upright"] else max(char["width"], char["height"]))


def test_fonts_are_embedded_and_no_type_is_too_small(sample: Built) -> None:
    with pdfplumber.open(sample.path) as pdf:
        sizes = {round(type_size(char), 1) for page in pdf.pages for char in page.chars}
        outside = [
            char["text"]
            for page in pdf.pages
            for char in page.chars
            if not (char["x0"] >= 0 and char["x1"] <= page.width and char["top"] >= 0)
        ]
    assert min(sizes) >= 7
    assert not outside
    with pikepdf.open(sample.path) as pdf:
        fonts = {
            str(font.BaseFont): font
            for page in pdf.pages
            for font in page.Resources.get("/Font", {}).values()
        }
        for name, font in fonts.items():
            assert "+" in name, f"{name} is not a subset"
            assert "/FontFile2" in font.FontDescriptor


def test_the_same_input_gives_the_same_bytes(sample: Built, tmp_path: Path) -> None:
    again = build_sample(tmp_path)
    assert again.path.read_bytes() == sample.path.read_bytes()
    assert again.report.manifest.read_bytes() == sample.report.manifest.read_bytes()


def test_two_processes_draw_the_same_as_one(sample: Built, tmp_path: Path) -> None:
    assert build_sample(tmp_path, jobs=2).path.read_bytes() == sample.path.read_bytes()


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not installed")
def test_qpdf_finds_nothing(sample: Built) -> None:
    run = subprocess.run(["qpdf", "--check", sample.path], capture_output=True, check=False)
    assert run.returncode == 0, run.stdout


def test_asked_sheets_alone_are_printed(sample: Built, tmp_path: Path) -> None:
    part = build_sample(tmp_path, sheets="2")
    with pikepdf.open(part.path) as pdf:
        assert {page.label.split("-")[0] for page in pdf.pages} == {"2"}
    sheets = {sheet["label"]: sheet for sheet in part.manifest["sheets"]}
    assert sheets["2"]["page"] == 1
    assert [label for label, sheet in sheets.items() if sheet["page"]] == ["2"]
    assert len(part.manifest["points"]) == len(sample.manifest["points"])
    with pytest.raises(papermap.PapermapError, match="no sheet 99"):
        build_sample(tmp_path, sheets="99", overwrite=True)


@pytest.mark.parametrize("style", ["colour", "large"])
@pytest.mark.parametrize(
    "paper", [{}, {"paper": "B5", "orientation": "landscape", "lang": "en", "basemap": ""}]
)
def test_other_styles_and_papers_hold_every_point(
    sample: Built, tmp_path: Path, style: str, paper: dict[str, str]
) -> None:
    built = build_sample(tmp_path, style=style, **paper)
    assert len(built.manifest["points"]) == len(sample.manifest["points"])
    least = 12 if style == "large" else 7
    with pdfplumber.open(built.path) as pdf:
        for page in pdf.pages:
            for char in page.chars:
                assert type_size(char) >= least - 0.05, (page.page_number, char["text"])
                assert char["x0"] >= 0, char
                assert char["x1"] <= page.width, char
                assert char["top"] >= 0, char
                assert char["bottom"] <= page.height, char


def test_points_outside_the_area_are_told_not_lost(tmp_path: Path) -> None:
    everything = papermap.check([str(SAMPLE / "points.geojson")])
    lons = sorted(point.lon for point in everything.points)
    lats = [point.lat for point in everything.points]
    middle = lons[len(lons) // 2]
    built = build_sample(
        tmp_path, area=f"{lons[0] - 0.01},{min(lats) - 0.01},{middle},{max(lats) + 0.01}"
    )
    (source,) = built.manifest["sources"]
    assert 0 < source["points"] < len(everything.points)
    told = [problem for problem in built.manifest["problems"] if problem["skipped"]]
    assert len({problem["feature"] for problem in told}) == source["skipped"]


def test_the_public_api_is_what_it_says() -> None:
    assert len(papermap.__all__) <= 14
    for name in papermap.__all__:
        thing = getattr(papermap, name)
        assert thing.__doc__, name
    with pytest.raises(AttributeError):
        _ = papermap.nothing
