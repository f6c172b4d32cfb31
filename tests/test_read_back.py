"""A stranger reads the paper: from a number to its place and row, from the index to the sheet.

Everything is read from the PDF's own content; the points come from the source file, the sheets'
ground from the manifest beside the PDF.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pdfplumber
import pikepdf
import pytest
from conftest import Built
from test_atlas import Seen, read_marks

import papermap
from papermap.grid import project
from papermap.units import MM_PER_PT

NEAR = 0.3  # mm
ADDRESS = re.compile(r"\d+[a-z]*-[A-Z]+\d+")
HEADER = 26.0  # mm from the top of the page
NAMES = 0.79  # of a column, from where names begin to its right edge
APART = 30.0  # pt, columns of the index at least
WIDEST = 75.0  # mm, of a stack
TAG, STACK = 0.2, 0.3  # mm, outlines of a tag and of a stack
Point = tuple[float, float]


@dataclass
class Line:
    """Words on one baseline of one column."""

    x: float
    texts: list[str]

    @property
    def text(self) -> str:
        return "".join(self.texts)


@dataclass
class Printed:
    """One page as read; mm from its lower left."""

    label: str
    page: Any
    seen: Seen

    def mm(self, thing: dict[str, Any]) -> tuple[float, float, float, float]:
        high = float(self.page.height)
        edges = thing["x0"], high - thing["bottom"], thing["x1"], high - thing["top"]
        x0, y0, x1, y1 = (float(edge) * MM_PER_PT for edge in edges)
        return x0, y0, x1, y1

    @cached_property
    def words(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.extract_words(
            x_tolerance=1, extra_attrs=["size", "fontname"]
        )
        return found

    @cached_property
    def outlines(self) -> list[tuple[float, tuple[float, float, float, float]]]:
        """Outlines of tags and stacks: line width and box."""
        shapes = [*self.page.rects, *self.page.curves]
        stroked = [
            (float(one["linewidth"] or 0) * MM_PER_PT, one) for one in shapes if one["stroke"]
        ]
        return [
            (width, self.mm(one))
            for width, one in stroked
            if min(abs(width - TAG), abs(width - STACK)) < 0.01
        ]

    @cached_property
    def leaders(self) -> list[tuple[Point, Point]]:
        high = float(self.page.height)
        found = []
        for one in self.page.lines:
            (x0, y0), (x1, y1) = one["pts"]
            ends = ((x0, y0), (x1, y1))
            found.append(tuple((x * MM_PER_PT, (high - y) * MM_PER_PT) for x, y in ends))
        return found  # type: ignore[return-value]

    def marks(
        self, frame: tuple[float, float, float, float]
    ) -> Iterator[tuple[str, bool, tuple[float, float, float, float]]]:
        """Numbers in tags and stacks on a map: text, whether stacked, the outline's box."""
        left, low, right, top = frame
        for word in self.words:
            x0, y0, x1, y1 = self.mm(word)
            x, y = (x0 + x1) / 2, (y0 + y1) / 2
            if not (word["text"].isdecimal() and left < x < right and low < y < top):
                continue
            round_it = [
                (width, box)
                for width, box in self.outlines
                if box[0] < x < box[2] and box[1] < y < box[3]
                if y1 - y0 < box[3] - box[1] < WIDEST and box[2] - box[0] < WIDEST
            ]
            if round_it:
                width, box = min(round_it, key=lambda one: one[1][2] - one[1][0])
                yield word["text"], abs(width - STACK) < 0.01, box

    def lines(self, maps: list[tuple[float, float, float, float]]) -> list[Line]:
        """Words outside the maps, by baseline and column: lists of two have a rule between them."""
        found: dict[tuple[int, int], Line] = {}
        middle = float(self.page.width) / 2
        for item in self.page.lines:
            x, low, _, high = self.mm(item)
            upright = item["width"] < 0.1 and item["height"] > 20
            on_map = _on_map(x, (low + high) / 2, maps)
            if upright and abs(item["x0"] - middle) < 20 and not on_map:
                break
        else:
            middle = float(self.page.width)
        for word in self.words:
            x, y, *_ = self.mm(word)
            if not _on_map(x, y, maps):
                key = (round(float(word["bottom"]) / 3), int(float(word["x0"]) > middle))
                found.setdefault(key, Line(word["x0"], [])).texts.append(word["text"])
        return list(found.values())


def _on_map(x: float, y: float, maps: list[tuple[float, float, float, float]]) -> bool:
    return any(a <= x <= c and b <= y <= d for a, b, c, d in maps)


@dataclass
class Atlas:
    """An atlas as it can be read, and the points that it was made of."""

    built: Built
    places: dict[int, Point]  # number of the feature in the source → degrees
    printed: list[Printed] = field(default_factory=list)

    @property
    def sheets(self) -> dict[str, dict[str, Any]]:
        return {sheet["label"]: sheet for sheet in self.built.manifest["sheets"]}

    def at(self, label: str) -> list[Printed]:
        """The pages of one sheet, or of that on whose pages it is: map, then what continues."""
        detail = self.sheets[label]["detail"]
        if detail and detail["inset"]:
            label = detail["of"]
        return [one for one in self.printed if one.label.split("-")[0] == label]

    def page(self, label: str) -> Printed:
        """The page that the manifest has for a sheet."""
        return self.printed[self.sheets[label]["page"] - 1]

    @cached_property
    def index(self) -> dict[str, str]:
        """Number → address, as the index has it, read column by column."""
        found: dict[str, str] = {}
        for one in self.printed:
            if not one.label.startswith("i"):
                continue
            words = [word for word in one.words if word["top"] * MM_PER_PT > HEADER]
            ends = sorted(word["x1"] for word in words if ADDRESS.fullmatch(word["text"]))
            ends = [end for end, after in pairwise([*ends, 1e9]) if after > end + APART]
            rows = [
                (column, line, words[n]["x0"], n)
                for column in range(len(ends))
                for line, some in enumerate(
                    baselines(
                        [n for n, w in enumerate(words) if bisect(ends, w["x0"]) == column], words
                    )
                )
                for n in sorted(some, key=lambda n: words[n]["x0"])
            ]
            wide = ends[1] - ends[0] if len(ends) > 1 else 190.0
            number = ""
            for column, _, x, n in rows:
                text = words[n]["text"]
                if ADDRESS.fullmatch(text):
                    found.setdefault(number, text)
                elif text.isdecimal() and x < ends[column] - NAMES * wide:
                    number = text
        return found


def baselines(chosen: list[int], words: list[dict[str, Any]]) -> list[list[int]]:
    """Numbers of words by line, from the top."""
    lines: list[list[int]] = []
    for n in sorted(chosen, key=lambda n: float(words[n]["bottom"])):
        if lines and words[n]["bottom"] < words[lines[-1][0]]["bottom"] + 3:
            lines[-1].append(n)
        else:
            lines.append([n])
    return lines


def opened(built: Built, source: Path) -> Iterator[Atlas]:
    features = json.loads(source.read_text("utf-8"))["features"]
    places = {
        number: tuple(one["geometry"]["coordinates"][:2])
        for number, one in enumerate(features, start=1)
        if one["geometry"] and one["geometry"]["type"] == "Point"
    }
    atlas = Atlas(built, places)
    with pikepdf.open(built.path) as pdf, pdfplumber.open(built.path) as plumber:
        for number, page in enumerate(plumber.pages, start=1):
            own = pdf.pages[number - 1]
            atlas.printed.append(Printed(str(own.label), page, read_marks(own)))
        yield atlas


def town(folder: Path) -> Path:
    """Crowded quarters, places with several points, thirty points on one spot."""
    random = np.random.default_rng(11)
    features: list[dict[str, Any]] = []

    def add(east: float, north: float, kind: str) -> None:
        lon, lat = 139.55 + east / 90_900, 35.31 + north / 110_950
        name = f"{'東西南北'[len(features) % 4]}町{len(features) + 1:03}番"
        features.append(
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [round(lon, 6), round(lat, 6)]},
                "properties": {"name": name, "category": kind},
            }
        )

    kinds = ("water", "shelter", "toilet", "bath", "aed")
    for east, north, wide, count in ((0, 0, 60, 45), (700, 350, 150, 60), (1500, -300, 9, 12)):
        for dx, dy in random.normal(0, wide, (count, 2)).tolist():
            add(east + dx, north + dy, kinds[len(features) % 5])
    for at in random.uniform(-600, 600, (6, 2)).tolist():
        for kind in kinds[: 2 + len(features) % 3]:
            add(*at, kind)
    for _ in range(30):
        add(-500, -500, "water")
    path = folder / "town.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return path


@pytest.fixture(scope="module")
def dense(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    folder = tmp_path_factory.mktemp("dense")
    source = town(folder)
    options = {"sources": [str(source)], "output": str(folder / "a.pdf"), "scale": "10000"}
    report = papermap.build(papermap.make_job(options))
    manifest = json.loads(report.manifest.read_text("utf-8"))
    yield from opened(Built(folder / "a.pdf", manifest, report), source)


@pytest.fixture(scope="module")
def small(sample: Built) -> Iterator[Atlas]:
    yield from opened(sample, Path(__file__).parents[1] / "sample_data/points.geojson")


@pytest.fixture(params=["small", "dense"])
def atlas(request: pytest.FixtureRequest) -> Atlas:
    found: Atlas = request.getfixturevalue(request.param)
    return found


def on_page(atlas: Atlas, sheet: dict[str, Any], feature: int) -> Point:
    """Where a point of the source must stand on the page of a sheet, mm."""
    ((x, y),) = project(atlas.built.manifest["crs"], [atlas.places[feature]]).tolist()
    left, low, right, top = sheet["frame_mm"]
    west, south, east, north = sheet["bounds"]
    return (
        left + (x - west) / (east - west) * (right - left),
        low + (y - south) / (north - south) * (top - low),
    )


def cell(atlas: Atlas, sheet: dict[str, Any], feature: int) -> str:
    """Column letter and row figure of a point, from the lines of the core."""
    ((x, y),) = project(atlas.built.manifest["crs"], [atlas.places[feature]]).tolist()
    west, south, east, north = sheet["core"]
    column = (x - west) / (east - west) * sheet["cells"]["columns"]
    row = (north - y) / (north - south) * sheet["cells"]["rows"]
    return f"{chr(ord('A') + int(column))}{int(row) + 1}"


def test_every_number_is_a_mark_once_at_home_and_leads_to_its_true_place(atlas: Atlas) -> None:
    for point in atlas.built.manifest["points"]:
        sheet = atlas.sheets[point["refs"][0]["sheet"]]
        page = atlas.page(sheet["label"])
        mine = [mark for mark in page.marks(sheet["frame_mm"]) if mark[0] == str(point["number"])]
        assert len(mine) == 1, (point["number"], point["name"], sheet["label"], mine)
        _, stacked, box = mine[0]
        place = on_page(atlas, sheet, point["feature"])
        assert reaches(page, box, place, stacked=stacked), (point["number"], sheet["label"])


def reaches(
    page: Printed, box: tuple[float, float, float, float], place: Point, *, stacked: bool
) -> bool:
    """Whether a tag's sign stands on a place, or a leader goes from the sign to a dot there."""
    x0, y0, x1, y1 = box
    if stacked:
        if math.dist(((x0 + x1) / 2, (y0 + y1) / 2), place) <= NEAR:
            return True
        starts = [(x0 - 0.2, y0 - 0.2, x1 + 0.2, y1 + 0.2)]
    else:
        near = [(x, y) for x, y in page.seen.signs if x0 - 4 < x < x1 + 4 and y0 - 4 < y < y1 + 4]
        if any(math.dist(sign, place) <= NEAR for sign in near):
            return True
        starts = [(x - 2.9, y - 2.9, x + 2.9, y + 2.9) for x, y in near]
    dots = [dot for dot in page.seen.dots if math.dist(dot, place) <= NEAR]
    return any(
        math.dist(end, dot) <= NEAR
        and any(a <= start[0] <= c and b <= start[1] <= d for a, b, c, d in starts)
        for one, two in page.leaders
        for start, end in ((one, two), (two, one))
        for dot in dots
    )


def maps_on(atlas: Atlas, page: Printed) -> list[tuple[float, float, float, float]]:
    """Frames of the maps on a page."""
    return [one["frame_mm"] for one in atlas.sheets.values() if atlas.page(one["label"]) is page]


def test_every_row_has_its_number_name_and_cell(atlas: Atlas) -> None:
    for label, sheet in atlas.sheets.items():
        lines = [line for page in atlas.at(label) for line in page.lines(maps_on(atlas, page))]
        for point in atlas.built.manifest["points"]:
            if point["refs"][0]["sheet"] != label:
                continue
            wanted = f"{point['number']}{point['name'].split()[0][:4]}"
            rows = [line for line in lines if line.text.startswith(wanted)]
            assert len(rows) == 1, (point["number"], point["name"], label)
            assert rows[0].text.endswith(cell(atlas, sheet, point["feature"])), rows[0].text


def test_the_index_leads_to_sheet_and_cell(atlas: Atlas) -> None:
    for point in atlas.built.manifest["points"]:
        sheet = atlas.sheets[point["refs"][0]["sheet"]]
        at = cell(atlas, sheet, point["feature"])
        address = f"{sheet['label']}-{at}"
        assert atlas.index[str(point["number"])] == address, point


def test_the_dense_town_has_details_that_the_paper_refers_to(dense: Atlas) -> None:
    details = [sheet for sheet in dense.sheets.values() if sheet["detail"]]
    assert details
    labels = [one.label for one in dense.printed]
    for sheet in details:
        parent = dense.sheets[sheet["detail"]["of"]]
        assert sheet["label"] in parent["details"]
        assert parent["scale"] == sheet["scale"] * sheet["detail"]["times"]
        (a, b, c, d), (w, s, e, n) = sheet["core"], parent["core"]
        assert w <= a < c <= e
        assert s <= b < d <= n
        page = dense.at(parent["label"])[0]
        assert any(word["text"] in {f"→{sheet['label']}", sheet["label"]} for word in page.words)
        if not sheet["detail"]["inset"]:
            assert labels.index(sheet["label"]) > labels.index(parent["label"])
    for sheet in dense.sheets.values():
        assert sheet["placement"]["unplaced"] == 0
        assert sheet["placement"]["overlaps"] == sheet["placement"]["crossings"] == 0


def test_a_small_detail_is_an_inset_on_a_page_of_its_parent(dense: Atlas) -> None:
    insets = [one for one in dense.sheets.values() if one["detail"] and one["detail"]["inset"]]
    assert insets
    for inset in insets:
        parent = dense.sheets[inset["detail"]["of"]]
        page = dense.page(inset["label"])
        assert page in dense.at(parent["label"])
        assert inset["label"] not in [one.label for one in dense.printed]
        left, low, right, top = inset["frame_mm"]
        west, south, east, north = inset["bounds"]
        assert (right - left) * inset["scale"] / 1000 == pytest.approx(east - west, rel=1e-4)
        assert (top - low) * inset["scale"] / 1000 == pytest.approx(north - south, rel=1e-4)
        others = [box for box in maps_on(dense, page) if box != inset["frame_mm"]]
        for a, b, c, d in others:
            assert right < a or left > c or top < b or low > d
        around = [
            word["text"]
            for word in page.words
            if left - 8 < page.mm(word)[0] < right + 8 and low - 8 < page.mm(word)[1] < top + 15
        ]
        assert inset["label"] in around
        assert f"1:{inset['scale']:,}" in around
        assert around.count("A") == 2  # over the map and under it
        both = dense.at(parent["label"])
        rows = [line for one in both for line in one.lines(maps_on(dense, one))]
        for number in inset["points"]:
            assert [row for row in rows if row.text.startswith(f"{number}")]


def test_what_refers_to_an_inset_leads_to_its_page(dense: Atlas) -> None:
    with pikepdf.open(dense.built.path) as pdf:
        names = pdf.Root.Names.Dests.Names
        leads = {str(names[n]): names[n + 1][0] for n in range(0, len(names), 2)}
        for label, sheet in dense.sheets.items():
            assert leads[f"sheet-{label}"] == pdf.pages[sheet["page"] - 1].obj


def test_a_point_is_drawn_on_no_sheet_of_smaller_scale_than_its_home(dense: Atlas) -> None:
    home = {p["number"]: p["refs"][0]["sheet"] for p in dense.built.manifest["points"]}
    for sheet in dense.sheets.values():
        for number in sheet["points"]:
            assert dense.sheets[home[number]]["scale"] >= sheet["scale"]


def test_marks_of_the_sample_stand_near_their_places(small: Atlas) -> None:
    found = [sheet["placement"] for sheet in small.sheets.values()]
    assert max(each["largest"] for each in found) <= 16  # mm; farther ones are hard to follow
    displaced = sum(each["displaced"] for each in found)
    assert sum(each["displaced"] * each["mean"] for each in found) < 5.2 * displaced
    assert not any(each["unplaced"] or each["overlaps"] or each["crossings"] for each in found)
