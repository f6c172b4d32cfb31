"""An inset on the back of its parent's map, read from the paper; and insets packed on pages."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pikepdf
import pytest
from conftest import Built
from hypothesis import given, settings
from hypothesis import strategies as st
from pages_fake import make_book, town_points
from test_read_back import Atlas, cell, maps_on, on_page, opened, reaches

import papermap
from papermap.grid import Sheet, unproject
from papermap.pages.insets import packed
from papermap.pages.sheet import Flows
from papermap.units import MM_PER_PT, Box

BINDING = 10.0  # mm
SOUTH_WEST = np.array([369_000.0, 3_909_000.0])  # of the town, m


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Atlas]:
    """Two crowded squares in one part of a town, printed on both sides."""
    random = np.random.default_rng(2)
    xy = np.concatenate(
        [
            random.normal([690, 410], 22, (16, 2)),
            random.normal([250, 900], 18, (9, 2)),
            random.uniform(0, 1500, (40, 2)),
        ]
    )
    kinds = ("water", "shelter", "toilet", "bath", "aed")
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": place},
            "properties": {"name": f"{'東西南北'[n % 4]}町{n:03}番", "category": kinds[n % 5]},
        }
        for n, place in enumerate(unproject("EPSG:6691", xy + SOUTH_WEST).tolist())
    ]
    folder = tmp_path_factory.mktemp("squares")
    source, target = folder / "squares.geojson", folder / "a.pdf"
    source.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    options: dict[str, Any] = {"duplex": True, "binding": BINDING, "lang": "ja", "scale": "10000"}
    options |= {"sources": [str(source)], "output": str(target)}
    report = papermap.build(papermap.make_job(options))
    manifest = json.loads(report.manifest.read_text("utf-8"))
    yield from opened(Built(target, manifest, report), source)


@pytest.fixture(scope="module")
def inset(atlas: Atlas) -> dict[str, Any]:
    (found,) = [one for one in atlas.sheets.values() if one["detail"] and one["detail"]["inset"]]
    return found


def homes(atlas: Atlas, label: str) -> list[dict[str, Any]]:
    points = atlas.built.manifest["points"]
    return [point for point in points if point["refs"][0]["sheet"] == label]


def test_it_is_on_the_back_of_its_map_where_its_frame_says(
    atlas: Atlas, inset: dict[str, Any]
) -> None:
    parent = atlas.sheets[inset["detail"]["of"]]
    assert parent["page"] % 2 == 1
    assert inset["page"] == parent["page"] + 1
    left, _, right, _ = inset["frame_mm"]
    wide = float(atlas.page(inset["label"]).page.width) * MM_PER_PT
    assert left > 0
    assert wide - right >= BINDING  # a back is bound on its right
    texts = [word["text"] for word in atlas.page(parent["label"]).words]
    assert "次の頁" in texts[texts.index(inset["label"]) :][:2]


def test_each_number_is_a_mark_in_the_frame_and_leads_to_its_true_place(
    atlas: Atlas, inset: dict[str, Any]
) -> None:
    page, points = atlas.page(inset["label"]), homes(atlas, inset["label"])
    marks = list(page.marks(inset["frame_mm"]))
    assert len(points) >= 16
    for point in points:
        (box,) = [(stack, box) for text, stack, box in marks if text == str(point["number"])]
        place = on_page(atlas, inset, point["feature"])
        assert reaches(page, box[1], place, stacked=box[0]), point["number"]


def test_no_point_is_lost_or_at_home_twice(atlas: Atlas) -> None:
    """Each number stands once on the map of its home, and on no map that its place is not on."""
    points = {point["number"]: point for point in atlas.built.manifest["points"]}
    assert len(points) == 65
    at_home: Counter[int] = Counter()
    for label, sheet in atlas.sheets.items():
        left, low, right, top = sheet["frame_mm"]
        read = Counter(text for text, _, _ in atlas.page(label).marks(sheet["frame_mm"]))
        for number in sheet["points"]:
            assert read[str(number)] == 1
            at_home[number] += points[number]["refs"][0]["sheet"] == label
            x, y = on_page(atlas, sheet, points[number]["feature"])
            assert left <= x <= right
            assert low <= y <= top
    assert at_home == Counter([*points])


def test_its_rows_are_in_the_list_of_its_parent_once(atlas: Atlas, inset: dict[str, Any]) -> None:
    pages = atlas.at(inset["detail"]["of"])
    assert len(pages) == 2
    lines = [line.text for page in pages for line in page.lines(maps_on(atlas, page))]
    for point in homes(atlas, inset["label"]):
        rows = [text for text in lines if text.startswith(f"{point['number']}{point['name'][:4]}")]
        assert len(rows) == 1
        address = f"{inset['label']}-{cell(atlas, inset, point['feature'])}"
        assert rows[0].endswith(address)
        assert atlas.index[str(point["number"])] == address


def test_links_and_bookmarks_lead_to_its_page(atlas: Atlas, inset: dict[str, Any]) -> None:
    with pikepdf.open(atlas.built.path) as pdf:
        numbers = {page.objgen: n for n, page in enumerate(pdf.pages, start=1)}

        def links(page: pikepdf.Page) -> list[int]:
            return [numbers[each.Dest[0].objgen] for each in page.get("/Annots", [])]

        map_page = pdf.pages[atlas.sheets[inset["detail"]["of"]]["page"] - 1]
        assert inset["page"] in links(map_page)
        index = [page for page in pdf.pages if str(page.label).startswith("i")]
        to_it = [n for page in index for n in links(page) if n == inset["page"]]
        assert len(to_it) == len(homes(atlas, inset["label"]))
        with pdf.open_outline() as outline:
            entries = [*outline.root]
            for entry in entries:
                entries.extend(entry.children)
            (own,) = [each for each in entries if each.title.split()[0] == f"図{inset['label']}"]
            assert numbers[own.destination[0].objgen] == inset["page"]


# --- packing ---------------------------------------------------------------------------------

BOOK = make_book(town_points(260), scale=10_000)
FLOWS = Flows(BOOK)


def insets(sizes: Sequence[tuple[int, int]]) -> list[Sheet]:
    """Insets of so many columns and rows of 40 mm, and 5 mm round them."""
    sheet = BOOK.plan.sheets[0]
    made = []
    for n, (columns, rows) in enumerate(sizes):
        core = Box(0, 0, columns * 100, rows * 100)
        made.append(
            replace(
                sheet,
                label=f"1{chr(ord('a') + n)}",
                parent="1",
                scale=2500,
                cell=100.0,
                core=core,
                bounds=core.grown(12.5),
                columns=columns,
                rows=rows,
                points=(),
                shown=(),
                framed=(),
                inset=True,
            )
        )
    return made


some_sizes = st.lists(st.tuples(st.integers(1, 4), st.integers(1, 4)), min_size=1, max_size=6)


@settings(max_examples=40, deadline=None)
@given(some_sizes)
def test_packed_insets_keep_their_size_and_clear_of_one_another(
    sizes: list[tuple[int, int]],
) -> None:
    room, made = FLOWS.whole_page.box, insets(sizes)
    pages = packed(BOOK, made, room)
    placed = [each for page, _ in pages for each in page]
    assert Counter(each.sheet.label for each in placed) == Counter(each.label for each in made)
    assert len(pages) <= len(made)
    band = BOOK.style.layout.band
    for page, taken in pages:
        blocks = []
        for each in page:
            columns, rows = each.sheet.columns, each.sheet.rows
            assert each.frame.width == pytest.approx(columns * 40 + 10)
            assert each.frame.height == pytest.approx(rows * 40 + 10)
            outer = each.frame.grown(band)
            blocks.append(Box(outer.x0, outer.y0, outer.x1, each.caption.y1))
        for n, block in enumerate(blocks):
            assert room.x0 - 0.01 <= block.x0 < block.x1 <= room.x1 + 0.01
            assert room.y0 - 0.01 <= block.y0 < block.y1 <= room.y0 + taken + 0.01
            assert not any(block.grown(-0.01).overlaps(other) for other in blocks[n + 1 :])


@settings(max_examples=15, deadline=None)
@given(some_sizes, st.integers(0, 260))
def test_a_list_with_insets_has_all_rows_and_all_insets_and_they_do_not_meet(
    sizes: list[tuple[int, int]], count: int
) -> None:
    sheet = replace(BOOK.plan.sheets[0], shown=BOOK.plan.sheets[0].shown[:count])
    bare = FLOWS.of(sheet, ()).pages
    pages = FLOWS.of(sheet, made := insets(sizes)).pages
    assert len(bare) <= len(pages) <= len(bare) + len(made)
    rows = [rows_of(each) for each in (bare, pages)]
    assert rows[0] == rows[1]
    labels = [each.sheet.label for page in pages for each in page.insets]
    assert sorted(labels) == [each.label for each in made]
    for page in pages:
        for column, box in zip(page.columns, page.boxes, strict=True):
            assert column.height <= box.height + 1.5
            low = Box(box.x0, box.y1 - column.height, box.x1, box.y1)
            for each in page.insets:
                assert not low.overlaps(Box(*each.frame[:3], each.caption.y1))


def rows_of(pages: Sequence[Any]) -> list[int]:
    items = [item for page in pages for column in page.columns for item, _ in column.items]
    return sorted(item.number for item in items if hasattr(item, "number") and not item.part)
