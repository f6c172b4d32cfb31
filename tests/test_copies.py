"""A copy of a copy in black and white still tells every number, sign and line."""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import pdfplumber
import pytest
from conftest import Built, build_sample
from copier import (
    FINE,
    Bits,
    Grey,
    copied,
    cut,
    figures,
    likeness,
    nearest,
    number_in,
    pixels_per_mm,
    printed,
    specimen,
)
from numpy.typing import NDArray

from papermap.pages.kit import Ink
from papermap.pages.overview_swatch import (
    LENGTH,
    MAP_SIGNS,
    draw_map_area,
    draw_map_sign,
    draw_pattern,
    rules_for,
)
from papermap.pages.state import STATES
from papermap.style import load_style
from papermap.units import MM_PER_PT, Box
from papermap.vocabulary import load_vocabulary

MM = MM_PER_PT
SMALL = 4.0  # mm: the smallest sign that must be told on a copy
MARKS = [
    (category, state)
    for category, state in itertools.product(load_vocabulary().categories.values(), STATES)
]


@cache
def signs(style: str) -> tuple[Grey, list[tuple[float, float]], float]:
    """Every sign in every state as printed, 4 mm wide."""

    def draw(ink: Ink, i: int, x: float, y: float) -> None:
        ink.sign(MARKS[i][0], x, y, SMALL, state=MARKS[i][1])

    pdf, middles, high = specimen(load_style(style), len(MARKS), SMALL * 1.7, draw)
    return printed(pdf, 0), list(middles), high


@pytest.mark.parametrize("style", ["mono", "colour", "large", "draft"])
def test_every_sign_and_state_is_told_from_all_others(style: str) -> None:
    """Of all pairs of categories and states, the nearest template is the right one."""
    page, middles, high = signs(style)
    names = [f"{category.key} {state}" for category, state in MARKS]
    copies = [copied(page, seed) for seed in (1, 2, 3, 4)]
    known = {
        name: np.mean(
            [cut(copy, middle, SMALL + 0.3, high) for copy in copies], axis=0, dtype=np.float32
        )
        for name, middle in zip(names, middles, strict=True)
    }
    other = copied(page, seed=5)
    taken = {
        name: nearest(cut(other, middle, SMALL + 1.3, high), known)
        for name, middle in zip(names, middles, strict=True)
    }
    assert {name: told for name, told in taken.items() if told != name} == {}


# --- sheets -----------------------------------------------------------------------------------


class Sheet:
    """One map sheet of the sample: as printed and as copied, and where its map is."""

    def __init__(self, atlas: Built, label: str, seed: int) -> None:
        self.path: Path = atlas.path
        record = next(sheet for sheet in atlas.manifest["sheets"] if sheet["label"] == label)
        self.page: int = record["page"] - 1
        self.points: list[int] = record["points"]
        self.x0, self.y0, self.x1, self.y1 = record["frame_mm"]
        self.print: Grey = printed(self.path, self.page)
        self.high = self.print.shape[0] / FINE * 25.4
        self.copy: Bits = copied(self.print, seed)

    def tags(self) -> list[tuple[str, float, tuple[float, float, float]]]:
        """Numbers of the marks: text, size in pt, middle and width in mm from the lower left."""
        with pdfplumber.open(self.path) as pdf:
            words = pdf.pages[self.page].extract_words(extra_attrs=["size", "fontname"])
        found = []
        for word in words:
            x = (word["x0"] + word["x1"]) / 2 * MM
            y = self.high - (word["top"] + word["bottom"]) / 2 * MM
            inside = self.x0 < x < self.x1 and self.y0 < y < self.y1
            if inside and word["text"].isdigit() and "Bold" in word["fontname"]:
                wide = (word["x1"] - word["x0"]) * MM
                found.append((word["text"], round(word["size"], 2), (x, y, wide)))
        return [each for each in found if int(each[0]) in self.points]

    def seen(self, place: tuple[float, float, float], size: float) -> Grey:
        """What stands inside a tag on the copy."""
        x, y, wide = place
        scale, half = pixels_per_mm(), 0.57 * size * MM
        rows = slice(round((self.high - y - half) * scale), round((self.high - y + half) * scale))
        columns = slice(round((x - wide / 2 - 0.1) * scale), round((x + wide / 2 + 0.1) * scale))
        return self.copy[rows, columns].astype(np.float32)

    def lines(self, least: float) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Rows and columns of the print in thin lines of the map darker than ``least``."""
        fine = FINE / 25.4
        top, left = round((self.high - self.y1) * fine), round(self.x0 * fine)
        part = self.print[top : round((self.high - self.y0) * fine), left : round(self.x1 * fine)]
        dark = (part > least).astype(np.uint8)
        thick = cv2.morphologyEx(dark, cv2.MORPH_OPEN, np.ones((11, 11), np.uint8))
        thin = dark & ~cv2.dilate(thick, np.ones((9, 9), np.uint8))
        rows, columns = np.nonzero(thin)
        return rows + top, columns + left

    def kept(self, least: float) -> float:
        """Share of the print's lines beside which the copy has black within 1.5 pixels."""
        rows, columns = self.lines(least)
        away = cv2.distanceTransform((~self.copy).astype(np.uint8), cv2.DIST_L2, 3)
        scale = pixels_per_mm() / (FINE / 25.4)
        y = np.minimum(np.round(rows * scale).astype(int), away.shape[0] - 1)
        x = np.minimum(np.round(columns * scale).astype(int), away.shape[1] - 1)
        return float(np.mean(away[y, x] <= 1.5))


@pytest.fixture(scope="module")
def mono(sample: Built) -> Sheet:
    return Sheet(sample, "4", seed=6)


@pytest.fixture(scope="module")
def colour(tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    return one_sheet(tmp_path_factory, "colour")


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    return one_sheet(tmp_path_factory, "large")


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Sheet:
    return one_sheet(tmp_path_factory, "draft")


def one_sheet(tmp_path_factory: pytest.TempPathFactory, style: str) -> Sheet:
    atlas = build_sample(tmp_path_factory.mktemp("copies"), style=style, sheets=[4])
    return Sheet(atlas, "4", seed=7)


@pytest.mark.parametrize("style", ["mono", "colour", "large", "draft"])
def test_every_number_on_the_map_is_read_again(style: str, request: pytest.FixtureRequest) -> None:
    sheet: Sheet = request.getfixturevalue(style)
    tags = sheet.tags()
    assert len(tags) > 15
    known = {size: figures(load_style(style), size) for size in {size for _, size, _ in tags}}
    read = {text: number_in(sheet.seen(place, size), known[size]) for text, size, place in tags}
    assert {text: got for text, got in read.items() if got != text} == {}


@pytest.mark.parametrize("style", ["mono", "draft"])
def test_samples_of_the_map_in_the_legend_are_seen(style: str) -> None:
    """Roads, railways, borders, water: no blanks in black, and no two of them are alike."""
    look = load_style(style)

    def draw(ink: Ink, i: int, x: float, y: float) -> None:
        sign, half = MAP_SIGNS[i], LENGTH / 2
        box = Box(x - half, y - 1, x + half, y + 1)
        (draw_map_area if sign.area else draw_map_sign)(ink, rules_for(look, sign), box)

    pdf, middles, high = specimen(look, len(MAP_SIGNS), LENGTH * 1.5, draw)
    page = printed(pdf, 0)
    seen = [cut(copied(page, 11), middle, LENGTH + 0.3, high) for middle in middles]
    other = [cut(copied(page, 12), middle, LENGTH + 1.3, high) for middle in middles]
    assert min(float(one.sum()) for one in seen) > 2 * LENGTH
    known = {sign.key: one for sign, one in zip(MAP_SIGNS, seen, strict=True)}
    assert [nearest(one, known) for one in other] == list(known)


@pytest.mark.parametrize("style", ["mono", "colour", "large", "draft"])
def test_lines_and_areas_of_the_data_are_told_apart(style: str) -> None:
    """Passable from closed roads, a flood from a landslide: each is most like itself."""
    look, side = load_style(style), 12.0
    keys = [key for key in look.patterns if not key.startswith("default")]
    kinds = {key: category.kind for key, category in load_vocabulary().categories.items()}

    def draw(ink: Ink, i: int, x: float, y: float) -> None:
        half = side / 2
        box = Box(x - half, y - half, x + half, y + half)
        draw_pattern(ink, look.patterns[keys[i]], kinds[keys[i]], box)

    pdf, middles, high = specimen(look, len(keys), side * 1.5, draw)
    page = printed(pdf, 0)
    seen = [cut(copied(page, 13), middle, side + 0.3, high) for middle in middles]
    other = [cut(copied(page, 14), middle, side + 1.3, high) for middle in middles]
    known = dict(zip(keys, seen, strict=True))
    assert [nearest(one, known) for one in other] == keys
    for one, key in zip(other, keys, strict=True):
        alike = {name: likeness(one, template) for name, template in known.items() if name != key}
        assert max(alike.values()) < likeness(one, known[key]) - 0.1, (key, alike)


def test_lines_of_roads_and_rivers_are_still_there(mono: Sheet) -> None:
    assert len(mono.lines(0.8)[0]) > 100_000
    assert mono.kept(0.8) > 0.97


def test_lines_of_the_draft_style_are_still_there(draft: Sheet) -> None:
    assert len(draft.lines(0.8)[0]) > 100_000
    assert draft.kept(0.8) > 0.82


def test_lines_of_the_colour_style_are_still_there_in_black(colour: Sheet) -> None:
    assert len(colour.lines(0.4)[0]) > 100_000
    assert colour.kept(0.4) > 0.9


def test_the_copier_loses_what_a_copier_loses() -> None:
    """Thin greys go, thin black stays: else the tests above would say nothing."""
    page = np.zeros((1200, 1200), np.float32)
    page[200:204] = 0.3  # a grey line of 0.17 mm
    page[600:603] = 1.0  # a black one of 0.13 mm
    page[900:901] = 1.0  # a black one of 0.04 mm
    copy = copied(page, seed=8)
    scale = copy.shape[0] / 1200
    black = [
        copy[round(row * scale) - 2 : round(row * scale) + 3].any(axis=0).mean()
        for row in (202, 601, 900)
    ]
    assert black[0] < 0.2
    assert black[1] > 0.85
    assert black[2] < 0.5
