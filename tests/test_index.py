"""Numbers, places in the book, and the order of the index."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papermap.grid import Frame, Plan, cell_of, make_plan, unproject
from papermap.index import Index, Ref, make_index, reading_key
from papermap.model import Category, Kind, Origin, SupportPoint

A4 = Frame(186, 140)
CRS = "EPSG:6691"


def category(key: str, order: int) -> Category:
    return Category(key, {"ja": key}, Kind.POINT, "circle", "drop", order=order)


# keys whose alphabetic order is not their order on paper
CATEGORIES = {c.key: c for c in (category("water", 1), category("aed", 5), category("bath", 5))}


def point(
    number: int, at: tuple[float, float], key: str = "water", name: str = "", reading: str = ""
) -> SupportPoint:
    return SupportPoint(
        id=f"p{number}",
        name=name or f"名{number}",
        category=key,
        lon=at[0],
        lat=at[1],
        origin=Origin("a", number),
        reading=reading,
    )


def book(
    places: list[tuple[float, float]], keys: list[str] | None = None, scale: int = 10_000
) -> tuple[Plan, Index, list[SupportPoint]]:
    points = [point(n, at, keys[n % len(keys)] if keys else "water") for n, at in enumerate(places)]
    plan = make_plan(places, A4, scale=scale)
    return plan, make_index(plan, points, CATEGORIES), points


def at(*metres: tuple[float, float]) -> list[tuple[float, float]]:
    return [(lon, lat) for lon, lat in unproject(CRS, metres).tolist()]


def spread(count: int, metres: float = 4000) -> list[tuple[float, float]]:
    generator = np.random.default_rng(11)
    return at(*(np.array([368_123.0, 3_908_456.0]) + generator.uniform(0, metres, (count, 2))))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.floats(139.50, 139.58), st.floats(35.28, 35.34)), min_size=1, max_size=50
    ),
    st.lists(st.sampled_from(["water", "aed", "bath", "strange"]), min_size=1, max_size=7),
)
def test_every_point_has_one_number_and_true_places(
    places: list[tuple[float, float]], keys: list[str]
) -> None:
    plan, index, points = book(places, keys)
    assert [entry.number for entry in index.entries] == list(range(1, len(places) + 1))
    assert sorted(index.by_point) == list(range(len(places)))
    by_label = {sheet.label: sheet for sheet in plan.sheets}
    for entry in index.entries:
        home = by_label[entry.home.sheet]
        assert entry.point in home.points
        assert entry.home.cell == cell_of(home, *plan.xy[entry.point])
        others = [ref.sheet for ref in entry.refs[1:]]
        assert others == sorted(others, key=int)
        assert {home.label, *others} == {s.label for s in plan.sheets if entry.point in s.shown}
        assert {ref.cell for ref in entry.refs} == {entry.home.cell}
        assert index.by_point[entry.point] is entry
    listed = [entry for _, entries in index.by_category for entry in entries]
    assert sorted(listed, key=lambda entry: entry.number) == list(index.entries)
    for key, entries in index.by_category:
        assert {points[entry.point].category for entry in entries} == {key}


def test_blocks_follow_the_vocabulary_then_the_key() -> None:
    _, index, points = book(spread(40), ["strange", "bath", "aed", "water"])
    order = [points[entry.point].category for entry in index.entries]
    assert [key for key, _ in itertools.groupby(order)] == ["water", "aed", "bath", "strange"]
    assert [key for key, _ in index.by_category] == ["water", "aed", "bath", "strange"]


def test_numbers_of_a_category_follow_the_map() -> None:
    plan, index, _ = book(spread(300), ["water", "aed"])
    rank = {sheet.label: n for n, sheet in enumerate(plan.sheets)}
    for _, entries in index.by_category:
        in_order = sorted(entries, key=lambda entry: entry.number)
        sheets = [rank[entry.home.sheet] for entry in in_order]
        assert sheets == sorted(sheets)
        cells = [(entry.home.sheet, entry.home.cell) for entry in in_order]
        assert len(list(itertools.groupby(cells))) == len(set(cells))  # a cell is one run
        steps = [
            np.hypot(*np.subtract(plan.xy[a.point], plan.xy[b.point]))
            for a, b in itertools.pairwise(in_order)
        ]
        shuffled = sorted(entries, key=lambda entry: entry.point)  # places are random
        aimless = [
            np.hypot(*np.subtract(plan.xy[a.point], plan.xy[b.point]))
            for a, b in itertools.pairwise(shuffled)
        ]
        assert np.mean(steps) < np.mean(aimless) / 2


def test_rows_of_cells_are_walked_to_and_fro() -> None:
    corner = (368_000.0, 3_909_600.0)  # of a sheet: a multiple of 400 m
    metres = [
        (corner[0] + 200 + 400 * column, corner[1] - 200 - 400 * row)
        for row in range(3)
        for column in range(4)
    ]
    _, index, _ = book(at(*metres))
    assert [entry.home.cell for entry in index.entries] == [
        *("A1", "B1", "C1", "D1", "D2", "C2", "B2", "A2", "A3", "B3", "C3", "D3")
    ]


def test_the_overlap_shows_a_point_under_its_home_address() -> None:
    plan, index, _ = book(spread(300))
    shared = [entry for entry in index.entries if len(entry.refs) > 1]
    assert shared
    by_label = {sheet.label: sheet for sheet in plan.sheets}
    for entry in shared:
        for ref in entry.refs[1:]:
            sheet = by_label[ref.sheet]
            assert entry.point in sheet.shown
            assert entry.point not in sheet.points
    assert Ref("20", "C2").text == "20-C2"


def test_points_outside_the_area_get_no_number() -> None:
    import shapely

    places = [(139.55, 35.31), (139.70, 35.31)]
    plan = make_plan(places, A4, scale=10_000, area=shapely.box(139.54, 35.30, 139.56, 35.32))
    index = make_index(plan, [point(n, p) for n, p in enumerate(places)], CATEGORIES)
    assert [(entry.point, entry.number) for entry in index.entries] == [(0, 1)]


def test_the_index_is_in_reading_order() -> None:
    names = [
        ("腰越小学校", "コシゴエショウガッコウ"),
        ("第10分団", ""),
        ("御成小学校", "おなりしょうがっこう"),
        ("第2分団", ""),
        ("大船体育館", "おおふなたいいくかん"),
        ("オーシャンビル", ""),
        ("AED会館", ""),
        ("玉縄公園", ""),
        ("ガス会社", ""),
        ("かまくら館", ""),
        ("３丁目広場", ""),
    ]
    places = spread(len(names), 500)
    points = [
        point(n, at, name=name, reading=reading)
        for n, (at, (name, reading)) in enumerate(zip(places, names, strict=True))
    ]
    plan = make_plan(places, A4, scale=10_000)
    ((_, entries),) = make_index(plan, points, CATEGORIES).by_category
    assert [points[entry.point].name for entry in entries] == [
        "３丁目広場",
        "AED会館",
        "オーシャンビル",  # おおし…
        "大船体育館",
        "御成小学校",
        "ガス会社",
        "かまくら館",
        "腰越小学校",
        "玉縄公園",
        "第2分団",
        "第10分団",
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("ｶﾏｸﾗ", "かまくら"), ("カマクラ", "かまくら"), ("ＡＥＤ", "aed"), ("鎌倉・駅", "鎌倉 駅")],
)
def test_width_case_and_kana_do_not_matter(one: str, other: str) -> None:
    assert reading_key(one) == reading_key(other)


@pytest.mark.parametrize(
    ("first", "second"),
    [("はす", "ばす"), ("ばす", "はち"), ("びよう", "びょういん"), ("すーぱー", "すえひろ")],
)
def test_voiced_and_small_kana_only_break_ties(first: str, second: str) -> None:
    assert reading_key(first) < reading_key(second)


def test_the_same_input_gives_the_same_index() -> None:
    first, again = book(spread(80), ["water", "aed"]), book(spread(80), ["water", "aed"])
    assert first[1].entries == again[1].entries
    assert first[1].by_category == again[1].by_category
