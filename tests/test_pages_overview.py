"""The overview read back from paper: sheets and their numbers, marks, counts, legend, words."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import cast

import numpy as np
import pdfplumber
import pikepdf
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pages_fake import AS_OF, make_book, town_points
from shapely import Geometry
from shapely.geometry import LineString, Polygon

from papermap.atlas.places import signs_on_map
from papermap.basemap import BasemapStack, Extent, Layer
from papermap.engine import Task
from papermap.grid import Sheet
from papermap.index import make_index
from papermap.model import (
    Checked,
    Kind,
    MapFeature,
    Origin,
    Problem,
    Severity,
    SourceReport,
    SupportPoint,
)
from papermap.pages.index_pages import index_pages
from papermap.pages.model import Book, Page
from papermap.pages.overview import overview_obstacles, overview_pages, overview_views
from papermap.pages.overview_counts import count_states
from papermap.pages.overview_flow import Line, Section, flow
from papermap.pages.overview_frames import overview_frames
from papermap.pages.overview_map import GridOnPaper, bar_length
from papermap.pages.overview_parts import free_corner, mark_size, on_paper, round_scale
from papermap.pages.overview_swatch import pattern_of
from papermap.pages.overview_text import left_out
from papermap.pages.sheet import sheet_pages
from papermap.pdf import pdf_bytes
from papermap.render import MapView
from papermap.style import load_style
from papermap.units import MM_PER_PT, Box, Size
from papermap.vocabulary import load_vocabulary


def wide_points(count: int = 60, step: float = 0.004) -> tuple[SupportPoint, ...]:
    """Points in a square grid over many sheets."""
    side = round(count**0.5)
    return tuple(
        replace(point, lon=139.5 + step * (n % side), lat=35.3 + step * (n // side))
        for n, point in enumerate(town_points(count))
    )


def pdf_of(book: Book, *, sheets: bool = False) -> bytes:
    pages: list[Page] = [*overview_pages(book), *(sheet_pages(book) if sheets else ())]
    numbered = [replace(page, number=n, total=len(pages)) for n, page in enumerate(pages, 1)]
    return pdf_bytes(numbered, iter([{}] * len(numbered)), book)


def text_of(book: Book) -> str:
    with pdfplumber.open(io.BytesIO(pdf_of(book))) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


# --- views ------------------------------------------------------------------------------------


@given(st.floats(1, 5e7))
def test_scales_are_round_and_never_too_large(needed: float) -> None:
    scale = round_scale(needed)
    assert scale >= needed * (1 - 1e-6)
    assert scale <= max(needed, 100) * 1.34
    assert len(str(scale).rstrip("0")) <= 3


@settings(max_examples=30, deadline=None)
@given(
    st.integers(2, 150),
    st.floats(0.001, 0.03),
    st.sampled_from(["A4", "A3", "B5"]),
    st.sampled_from(["portrait", "landscape"]),
)
def test_views_show_every_sheet_and_every_point(
    count: int, step: float, paper: str, orientation: str
) -> None:
    book = make_book(wide_points(count, step), paper=paper, orientation=orientation)
    views = overview_views(book.plan, book.size, book.style)
    pages = overview_pages(book)
    assert [bool(page.panels) for page in pages] == [n < len(views) for n in range(len(pages))]
    whole = Box(0, 0, views[0].width, views[0].height).grown(0.01)
    for sheet in book.plan.sheets:
        box = on_paper(views[0], sheet.core)
        assert whole.contains(box.x0, box.y0)
        assert whole.contains(box.x1, box.y1)
    frames = overview_frames(book.frames, book.style, book.plan)
    for number, view in enumerate(views):
        frame, _ = frames.map_of(number)
        assert pages[number].panels[0].box == frame
        assert (view.width, view.height) == pytest.approx((frame.width, frame.height))
        assert view.bounds.width == pytest.approx(view.width * view.scale / 1000)
        assert view.bounds.height == pytest.approx(view.height * view.scale / 1000)
        assert view.overview
        assert view.scale >= 2 * book.plan.scale
    if len(views) > 1:  # every sheet has its number on one of the blocks
        grids = [GridOnPaper(book.plan, book.index, view, book.style) for view in views[1:]]
        numbered = {label for grid in grids for label in grid.numbers}
        assert numbered == {sheet.label for sheet in book.plan.sheets}


def test_a_large_area_is_cut_in_blocks_with_a_key() -> None:
    book = make_book(wide_points(400, 0.018))
    views = overview_views(book.plan, book.size, book.style)
    pages = overview_pages(book)
    assert len(book.plan.sheets) > 80
    assert len(views) > 1
    assert [page.label for page in pages[:3]] == ["0", "0-2", "0-3"]
    assert views[1].scale < views[0].scale
    for view in views[1:]:
        grid = GridOnPaper(book.plan, book.index, view, book.style)
        assert min(min(cell.width, cell.height) for cell in grid.cells.values()) >= 9
    data = pdf_of(book)
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        words = [word["text"] for word in pdf.pages[0].extract_words()]
        assert "0-2" in words
        numbers = set(re.findall(r"\d+", pdf.pages[1].extract_text()))
    grid = GridOnPaper(book.plan, book.index, views[1], book.style)
    assert set(grid.numbers) <= numbers


def test_the_maps_of_blocks_have_a_page_and_one_scale() -> None:
    book = make_book(wide_points(400, 0.018))
    frames = overview_frames(book.frames, book.style, book.plan)
    (view, _), *parts = frames.maps
    assert len({part.scale for part, _ in parts}) == 1
    for part, block in parts:
        assert part.height > 1.3 * view.height
        box = on_paper(part, block.extent)
        frame = Box(0, 0, part.width, part.height).grown(0.01)
        assert frame.contains(box.x0, box.y0)
        assert frame.contains(box.x1, box.y1)
    labels = [label for _, block in parts for label in block.sheets]
    assert sorted(labels) == sorted(sheet.label for sheet in book.plan.sheets)
    whole = GridOnPaper(book.plan, book.index, view, book.style)
    small = min(cell.height for cell in whole.cells.values()) < 9
    assert small == (not whole.numbers)


def test_words_stand_beside_a_wide_map_and_how_to_read_below_it() -> None:
    wide = make_book(wide_points(40), orientation="landscape", paper="A3")
    frames = overview_frames(wide.frames, wide.style, wide.plan)
    assert frames.how_to is not None
    assert not frames.how_to.overlaps(frames.map)
    assert not frames.how_to.overlaps(frames.words)
    assert frames.how_to.y0 == frames.words.y0
    with pdfplumber.open(io.BytesIO(pdf_of(wide))) as pdf:
        page = pdf.pages[0]
        word = next(word for word in page.extract_words() if word["text"].startswith("図の読み方"))
        assert word["x1"] * MM_PER_PT < frames.map.x1
        assert (float(page.height) - word["bottom"]) * MM_PER_PT < frames.map.y0


def test_one_sheet_is_shown_with_what_lies_around() -> None:
    book = make_book(town_points(3), scale=10_000)
    assert len(book.plan.sheets) == 1
    (view,) = overview_views(book.plan, book.size, book.style)
    assert view.scale == 20_000
    text = text_of(book)
    assert "図は1の1枚" in text
    assert "となりの図" not in text


# --- the map ----------------------------------------------------------------------------------


def test_numbers_stand_in_the_freest_corner() -> None:
    cell, number = Box(0, 0, 30, 20), Size(8, 6)
    assert free_corner(cell, number, [], []).y1 > 15
    assert free_corner(cell, number, [], []).x0 < 5
    right = free_corner(cell, number, [(4, 16), (5, 17)], [])
    assert right.x1 > 25
    assert right.y1 > 15
    low = free_corner(cell, number, [(4, 16), (6, 15), (26, 16), (25, 14), (4, 3), (3, 4)], [])
    assert low.x1 > 25
    assert low.y0 < 5
    away = free_corner(cell, number, [], [Box(-9, 12, -1, 18)])
    assert away.x1 > 25


def test_a_number_leaves_crowded_corners_for_a_free_place() -> None:
    cell, number = Box(0, 0, 30, 20), Size(6, 5)
    corners = [
        (x + dx, y + dy) for x in (4, 26) for y in (3, 17) for dx in (-1, 1) for dy in (1, 0)
    ]
    place = free_corner(cell, number, corners, [])
    assert not any(place.contains(x, y) for x, y in corners)


@given(st.lists(st.tuples(st.floats(0, 30), st.floats(0, 20)), max_size=20))
def test_a_number_stays_in_its_cell(marks: list[tuple[float, float]]) -> None:
    cell = Box(0, 0, 30, 20)
    box = free_corner(cell, Size(8, 6), marks, [])
    assert cell.contains(box.x0, box.y0)
    assert cell.contains(box.x1, box.y1)


def test_marks_shrink_where_they_crowd_but_stay_visible() -> None:
    few = [(10.0 * n, 5.0 * n) for n in range(20)]
    assert mark_size(2.2, few, 20_000) == 2.2
    many = [(0.5 * (n % 60), 0.5 * (n // 60)) for n in range(3600)]
    assert 0.7 <= mark_size(2.2, many, 20_000) < 1.2
    assert mark_size(2.2, [], 0) == 2.2


def test_every_sheet_is_numbered_in_its_cell_and_links_to_its_page() -> None:
    book = make_book(wide_points(80))
    (view,) = overview_views(book.plan, book.size, book.style)
    frame = overview_frames(book.frames, book.style, book.plan).map
    data = pdf_of(book, sheets=True)
    labels = [page.label for page in (*overview_pages(book), *sheet_pages(book))]
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[0]
        high = float(page.height) * MM_PER_PT
        words = [
            (
                w["text"],
                (w["x0"] + w["x1"]) / 2 * MM_PER_PT,
                high - (w["top"] + w["bottom"]) / 2 * MM_PER_PT,
            )
            for w in page.extract_words(x_tolerance=1, extra_attrs=["size"])
        ]
        links = [(a["x0"], a["x1"]) for a in page.annots]
    for sheet in book.plan.sheets:
        box = on_paper(view, sheet.core)
        at = [
            (x, y)
            for text, x, y in words
            if text == sheet.label and box.contains(x - frame.x0, y - frame.y0)
        ]
        assert at, sheet.label
    assert len(links) == len(book.plan.sheets)
    with pikepdf.open(io.BytesIO(data)) as pdf:
        numbers = {page.objgen: n for n, page in enumerate(pdf.pages)}
        for sheet, link in zip(book.plan.sheets, pdf.pages[0].Annots, strict=True):
            assert labels[numbers[link.Dest[0].objgen]] == sheet.label
            box = on_paper(view, sheet.core)
            left = (frame.x0 + box.x0) / MM_PER_PT
            assert float(link.Rect[0]) == pytest.approx(left, abs=0.6)


def test_every_point_has_a_mark_at_its_place() -> None:
    book = make_book()
    (view,) = overview_views(book.plan, book.size, book.style)
    frame = overview_frames(book.frames, book.style, book.plan).map
    with pikepdf.open(io.BytesIO(pdf_of(book))) as pdf:
        code = pdf.pages[0].Contents.read_bytes().decode("latin-1")
    grid = GridOnPaper(book.plan, book.index, view, book.style)
    drawn = set()
    size = grid.mark / MM_PER_PT
    for match in re.finditer(r"q ([\d.]+) 0 0 [\d.]+ ([\d.]+) ([\d.]+) cm\s+/\S+ Do", code):
        if float(match[1]) == pytest.approx(size, abs=0.01):
            drawn.add((round(float(match[2]) + size / 2), round(float(match[3]) + size / 2)))
    for entry in book.index.entries:
        x, y = view.to_mm(*book.plan.xy[entry.point])
        at = (round((x + frame.x0) / MM_PER_PT), round((y + frame.y0) / MM_PER_PT))
        assert any(abs(at[0] - dx) <= 1 and abs(at[1] - dy) <= 1 for dx, dy in drawn), entry


def test_names_keep_clear_of_numbers_and_of_few_marks() -> None:
    book = make_book()
    (view,) = overview_views(book.plan, book.size, book.style)
    obstacles = overview_obstacles(book.plan, book.index, view, book.style)
    assert len(obstacles) == len(book.plan.sheets) + len(book.index.entries)
    crowd = make_book(town_points(900))
    (view,) = overview_views(crowd.plan, crowd.size, crowd.style)
    obstacles = overview_obstacles(crowd.plan, crowd.index, view, crowd.style)
    assert len(obstacles) == len(crowd.plan.sheets)


@given(st.integers(500, 5_000_000))
def test_the_scale_bar_is_round_and_of_a_handy_length(scale: int) -> None:
    metres = bar_length(scale)
    assert 18 <= metres * 1000 / scale <= 45.001
    assert len(str(metres).rstrip("0")) == 1


# --- words ------------------------------------------------------------------------------------


def test_counts_add_up() -> None:
    book = make_book()
    counts = count_states(book)
    assert sum(sum(row.values()) for row in counts.values()) == len(book.index.entries)
    text = text_of(book)
    shelter = counts["shelter"]
    told = [shelter[state] or "–" for state in ("solid", "hollow", "crossed", "full")]
    assert re.search(rf"避難所 Shelter {' '.join(map(str, told))} {sum(shelter.values())}\b", text)
    assert re.search(rf"合計 Total .* {len(book.index.entries)}\b", text)


def test_how_to_read_uses_places_of_this_book() -> None:
    book = make_book(wide_points(80))
    text = text_of(book)
    assert "図の読み方" in text
    assert "How to read a sheet" in text
    assert "印の番号を" in text
    homes = {entry.home.text for entry in book.index.entries}
    assert set(re.findall(r"\b\d+-[A-D][1-3]\b", text)) & homes
    assert f"One cell is {book.plan.cell:g} m" in text


def test_sources_scale_time_and_credits_are_told() -> None:
    book = make_book()
    text = text_of(book)
    (view,) = overview_views(book.plan, book.size, book.style)
    assert f"1:{view.scale:,}" in text
    assert "海の町オープンデータ" in text
    assert "32件" in text
    assert "© OpenStreetMap contributors" in text
    assert book.plan.zone in text
    assert "第3版" in text
    assert "9月14日 16:40 現在" in text


def test_the_legend_explains_what_is_on_the_map_alone() -> None:
    words = {"railway": "鉄道", "private_railway": "私鉄ほか", "water": "川・池・海"}
    for there in ((), ("railway", "water"), ("private_railway",)):
        text = text_of(replace(make_book(), on_map=frozenset(there)))
        told = {key for key, word in words.items() if re.search(rf"(?m)^{word}|\s{word}", text)}
        assert told == set(there)


def test_what_is_on_the_map_is_what_its_sheets_draw() -> None:
    style, view = load_style("mono"), MapView("EPSG:6691", Box(0, 0, 1860, 1400), 186, 140, 10_000)
    task = Task(view, cast("Sheet", object()))

    def signs(**layers: list[tuple[Geometry, str]]) -> frozenset[str]:
        found = {
            name: Layer(
                name,
                np.array([shape for shape, _ in things], dtype=object),
                {"class": np.array([kind for _, kind in things], dtype=object)},
            )
            for name, things in layers.items()
        }
        return signs_on_map(style, cast("BasemapStack", _Layers(found)), [task])

    line = shapely.LineString([(0, 0), (900, 900)])
    assert signs() == frozenset()
    assert signs(transportation=[(line, "rail"), (line, "minor")]) == {"railway"}
    assert signs(transportation=[(line, "transit"), (line, "trunk")]) == {
        "private_railway",
        "main_road",
    }
    assert signs(water=[(line.buffer(50), "lake")]) == {"water"}
    assert signs(waterway=[(line, "river")]) == {"water"}
    assert signs(waterway=[(line, "stream")]) == frozenset()


@dataclass
class _Layers:
    """As much of a base map as is asked here."""

    known: dict[str, Layer]
    rasters: tuple[()] = ()

    def layers(self, _extent: Extent, names: Sequence[str]) -> dict[str, Layer]:
        return {name: self.known.get(name, Layer(name, np.empty(0, object))) for name in names}


def test_contributed_lines_and_areas_are_explained_with_their_time() -> None:
    book = make_book()
    vocabulary = load_vocabulary()
    road = MapFeature(
        "r",
        "県道",
        "road_closed",
        Kind.LINE,
        LineString([(139.55, 35.31), (139.56, 35.32)]),
        Origin("town.geojson", 40),
        updated_at=AS_OF - timedelta(hours=2),
    )
    flood = MapFeature(
        "f",
        "川沿い",
        "flooded",
        Kind.AREA,
        Polygon([(139.55, 35.31), (139.551, 35.31), (139.551, 35.311)]),
        Origin("town.geojson", 41),
    )
    known = {key: vocabulary.categories[key] for key in ("road_closed", "flooded")}
    data = replace(
        book.data, lines=(road,), areas=(flood,), categories={**book.data.categories, **known}
    )
    text = text_of(replace(book, data=data))
    assert re.search(rf"{known['road_closed'].name('ja')}.* 1件 9/14 14:40", text)
    assert known["flooded"].name("en") in text


def test_what_is_not_on_paper_is_told_once_a_feature() -> None:
    book = make_book()

    def problem(code: str, feature: int, *, skipped: bool = True) -> Problem:
        return Problem(code, Severity.ERROR, "town.geojson", feature, skipped=skipped)

    problems = (
        problem("PM010", 50),
        problem("PM012", 50),
        problem("PM010", 51),
        problem("PM023", 52),
        problem("PM030", 53, skipped=False),
    )
    book = replace(book, data=replace(book.data, problems=problems))
    assert [count for _, count in left_out(book)] == [2, 1]
    text = text_of(book)
    assert re.search(r"紙にない情報 3件", text)
    assert left_out(make_book()) == ()
    assert "紙にない" not in text_of(make_book())


@pytest.mark.parametrize(
    ("style", "paper", "orientation"),
    [
        ("mono", "A4", "portrait"),
        ("colour", "A4", "landscape"),
        ("mono", "A3", "portrait"),
        ("large", "B5", "portrait"),
    ],
)
def test_nothing_is_lost_where_there_is_much_to_tell(
    style: str, paper: str, orientation: str
) -> None:
    book = make_book(paper=paper, orientation=orientation, style=style)
    vocabulary = load_vocabulary()
    keys = [key for key, category in vocabulary.categories.items() if category.kind is Kind.POINT]
    points = tuple(
        replace(point, category=keys[n % len(keys)]) for n, point in enumerate(town_points(90))
    )
    sources = tuple(
        SourceReport(f"s{n}.geojson", "0" * 64, "GeoJSON", 9, 9, 0, 0, 0, f"第{n}の情報源")
        for n in range(1, 13)
    )
    book = make_book(points, paper=paper, orientation=orientation, style=style)
    book = replace(book, data=replace(book.data, sources=sources), notices=("雨のおそれ。",))
    pages = overview_pages(book)
    text = text_of(book)
    for key in keys:
        assert vocabulary.categories[key].name("ja") in text
    for n in range(1, 13):
        assert f"第{n}の情報源" in text
    assert "雨のおそれ。" in text
    assert "未確認" in text
    assert [page.label for page in pages] == ["0", *(f"0-{n}" for n in range(2, len(pages) + 1))]
    with pdfplumber.open(io.BytesIO(pdf_of(book))) as pdf:
        for page in pdf.pages:
            for char in page.chars:
                assert char["x1"] <= float(page.width) - 7.5 / MM_PER_PT
                assert char["bottom"] <= float(page.height) - 7.5 / MM_PER_PT
                assert char["size"] >= book.style.type.minimum - 0.01


def test_sections_flow_with_their_headings() -> None:
    def line(height: float) -> Line:
        return Line(height, lambda *_: None)

    head, again = line(6), line(6)
    section = Section(head, again, tuple(line(4) for _ in range(10)))
    columns = flow([section, section], iter([20.0, 20.0, 30.0, 30.0, 30.0]))
    lines = [placed.line for column in columns for placed in column]
    assert [one for one in lines if one is head] == [head, head]
    assert sum(one in section.lines for one in lines) == 20
    for column, height in zip(columns, [20, 20, 30, 30, 30], strict=False):
        assert column[0].line in (head, again)
        assert column[-1].down + column[-1].line.height <= height + 0.01
        assert column[-1].line is not head


def test_english_alone() -> None:
    text = text_of(make_book(languages=("en",)))
    assert "Marks and counts" in text
    assert "How to read a sheet" in text
    assert "印と数" not in text


def test_a_page_in_one_language_has_no_word_of_the_other() -> None:
    plain = tuple(replace(point, name=f"P{n}") for n, point in enumerate(town_points()))
    source = SourceReport("t.geojson", "0" * 64, "GeoJSON", 9, 9, 0, 0, 0, "Town data")
    for language, foreign, ours in (
        ("en", r"[\u3040-\u30ff\u4e00-\u9fff]+", set()),
        ("ja", r"[A-Za-z]{4,}", {"EPSG", "OpenStreetMap", "OpenMapTiles", "contributors"}),
    ):
        book = make_book(plain, languages=(language,), title="T 1")
        named = (source if language == "en" else replace(source, title="町"),)
        book = replace(book, data=replace(book.data, sources=named), titles={})
        pages = [*overview_pages(book), *index_pages(book)]
        drawn = [replace(page, number=n, total=9) for n, page in enumerate(pages, 1)]
        data = pdf_bytes(drawn, iter([{}] * len(drawn)), book)
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            text = "\n".join(page.extract_text() for page in pdf.pages)
        found = set(re.findall(foreign, re.sub(r"JGD\d+", "", text)))
        assert found <= ours, language


def test_a_book_of_areas_alone_explains_what_it_has() -> None:
    book = make_book(town_points(2))
    area = MapFeature(
        "a",
        "",
        "nowhere known",
        Kind.AREA,
        Polygon([(139.55, 35.31), (139.551, 35.31), (139.551, 35.311)]),
        Origin("town.geojson", 1),
    )
    category = load_vocabulary().category("nowhere known")
    known = {"nowhere known": replace(category, kind=Kind.AREA)}
    data = Checked((), (), (area,), (), book.data.sources, known)
    sheets = tuple(replace(sheet, points=(), shown=()) for sheet in book.plan.sheets)
    plan = replace(book.plan, xy=(), sheets=sheets)
    book = replace(book, plan=plan, data=data, index=make_index(plan, (), known))
    text = text_of(book)
    assert "印の番号" not in text
    assert "場所は" in text
    assert "②" not in text
    default = book.style.patterns["default_area"]
    assert pattern_of(book.style, "nowhere known", Kind.AREA) == default
    with pikepdf.open(io.BytesIO(pdf_of(book))) as pdf:
        code = pdf.pages[0].Contents.read_bytes().decode("latin-1")
    assert f"[{default.dash[0] / MM_PER_PT:.3f}"[:5] in code  # the border is dashed as on the map
