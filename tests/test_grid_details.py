"""Detail sheets: every place keeps one sheet and one cell, and the paper says where to look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from papermap.grid import (
    Frame,
    Plan,
    Sheet,
    add_details,
    cell_of,
    insets_of,
    make_plan,
    unproject,
    with_insets,
)
from papermap.index import make_index
from papermap.model import Origin, SupportPoint

FRAME = Frame(186, 140)
CRS = "EPSG:6691"
CORNER = np.array([368_000.0, 3_908_400.0])


@dataclass
class Apart:
    """A judge for whom marks of ``room`` mm² must stand so many mm apart."""

    xy: np.ndarray
    least: float = 4.0
    room: float = 80.0

    def crowded(self, sheet: Sheet) -> Sequence[int]:
        mm = self.xy * 1000 / sheet.scale
        away = np.hypot(*(mm[list(sheet.points)][:, None] - mm[list(sheet.shown)][None]).T).T
        close = np.sort(away, axis=1)[:, 1:2].min(axis=1, initial=99.0) < self.least
        return [point for point, near in zip(sheet.points, close, strict=True) if near]

    def lost(self, sheet: Sheet) -> Sequence[int]:
        del sheet
        return ()


def divided(metres: np.ndarray, scale: int = 10_000) -> Plan:
    places = [(lon, lat) for lon, lat in unproject(CRS, metres).tolist()]
    plan = make_plan(places, FRAME, scale=scale)
    return add_details(plan, FRAME, Apart(np.array(plan.xy)))


def cluster(count: int, wide: float, east: float = 0, north: float = 0) -> np.ndarray:
    random = np.random.default_rng(5)
    return CORNER + np.array([east, north]) + random.normal(0, wide, (count, 2))


crowds = st.lists(
    st.tuples(
        st.integers(1, 30), st.floats(5, 300), st.floats(-1500, 1500), st.floats(-1500, 1500)
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=20, deadline=None)
@given(crowds)
def test_every_point_has_one_home_and_a_cell_of_it(
    groups: list[tuple[int, float, float, float]],
) -> None:
    plan = divided(np.concatenate([cluster(*group) for group in groups]))
    homes = Counter(point for sheet in plan.sheets for point in sheet.points)
    assert set(homes.values()) == {1}
    assert len(homes) == len(plan.xy)
    by_label = {sheet.label: sheet for sheet in plan.sheets}
    assert len(by_label) == len(plan.sheets)
    for sheet in plan.sheets:
        for point in sheet.points:
            assert point in sheet.shown
            assert cell_of(sheet, *plan.xy[point])  # raises outside the core
        if sheet.parent:
            parent = by_label[sheet.parent]
            assert sheet.label[:-1] == parent.label
            assert shapely.box(*parent.core).covers(shapely.box(*sheet.core))
            assert sheet.relief is not None
            assert sheet.scale * sheet.relief.times == parent.scale
            for edge in (*sheet.core,):
                assert edge / sheet.cell == pytest.approx(round(edge / sheet.cell))
        for label in sheet.neighbours.values():
            assert label in by_label
            assert label != sheet.label
    details = plan.detail_sheets
    for one in details:
        for two in details:
            if one.label < two.label and not two.label.startswith(one.label):
                assert not one.core.grown(-0.01).overlaps(two.core)


@settings(max_examples=10, deadline=None)
@given(crowds)
def test_a_sheet_shows_a_point_or_the_frame_of_its_home(
    groups: list[tuple[int, float, float, float]],
) -> None:
    plan = divided(np.concatenate([cluster(*group) for group in groups]))
    home = {point: sheet for sheet in plan.sheets for point in sheet.points}
    for sheet in plan.sheets:
        for point, (x, y) in enumerate(plan.xy):
            if not sheet.bounds.contains(x, y):
                assert point not in sheet.shown
                continue
            framed = [each for each in sheet.framed if each.core.contains(x, y)]
            assert (point in sheet.shown) == (home[point].scale >= sheet.scale)
            if point not in sheet.shown:
                assert any(home[point].label.startswith(each.label) for each in framed)


def test_points_far_apart_need_no_detail() -> None:
    plan = divided(CORNER + np.array([(x * 150.0, y * 150.0) for x in range(8) for y in range(6)]))
    assert not plan.detail_sheets


def test_a_crowd_becomes_a_detail_and_others_stay() -> None:
    apart = CORNER + np.array([(x * 200.0, y * 200.0) for x in range(1, 7) for y in range(1, 5)])
    plan = divided(np.concatenate([apart, cluster(20, 25, 700, 500)]))
    (detail,) = plan.detail_sheets
    assert detail.label.endswith("a")
    assert len(detail.points) >= 20
    parent = next(sheet for sheet in plan.sheets if sheet.label == detail.parent)
    (framed,) = [each for each in parent.framed if each.label == detail.label]
    assert framed.core == detail.core
    assert framed.points == len(detail.points)
    assert parent.points
    assert set(detail.neighbours.values()) == {parent.label}


def test_a_crowd_in_a_crowd_is_nested_or_much_larger() -> None:
    town, square = cluster(160, 300, 700, 500), cluster(14, 6, 700, 500)
    plan = divided(np.concatenate([town, square]))
    smallest = min(sheet.scale for sheet in plan.sheets)
    assert smallest <= 2_500
    assert max(sheet.depth for sheet in plan.sheets) >= 1


def test_it_is_the_same_each_time() -> None:
    metres = np.concatenate([cluster(60, 200), cluster(40, 60, 900, 300)])
    assert divided(metres) == divided(metres)


def test_numbers_and_addresses_follow_the_details() -> None:
    metres = np.concatenate([cluster(20, 25, 700, 500), CORNER + np.array([(100.0, 100.0)])])
    plan = divided(metres)
    points = [
        SupportPoint(id=str(n), name=f"p{n}", category="water", lon=0, lat=0, origin=Origin("a", n))
        for n in range(len(plan.xy))
    ]
    index = make_index(plan, points, {})
    detail = plan.detail_sheets[0]
    for point in detail.points:
        assert index.by_point[point].home.sheet == detail.label
        assert index.by_point[point].home.text.startswith(f"{detail.label}-")
    order = [sheet.label for sheet in plan.sheets]
    homes = [order.index(entry.home.sheet) for entry in index.entries]
    assert homes == sorted(homes)


def test_an_inset_takes_few_cells_and_leaves_the_other_points_to_its_parent() -> None:
    apart = CORNER + np.array([(x * 200.0, y * 200.0) for x in range(1, 7) for y in range(1, 5)])
    plan = divided(np.concatenate([apart, cluster(20, 25, 700, 500)]))
    (detail,) = plan.detail_sheets
    whole, *_, inset = insets_of(plan, detail)
    assert whole.points == detail.points
    assert whole.core == detail.core
    assert inset.columns * inset.rows < whole.columns * whole.rows
    assert len(inset.points) < len(detail.points)
    found = with_insets(plan, [inset])
    again = {sheet.label: sheet for sheet in found.sheets}
    parent = again[detail.parent]
    before = next(sheet for sheet in plan.sheets if sheet.label == detail.parent)
    assert set(parent.points) == {*before.points, *detail.points} - {*inset.points}
    assert set(parent.points) <= set(parent.shown)
    assert [framed.core for framed in parent.framed] == [inset.core]
    assert [framed.points for framed in parent.framed] == [len(inset.points)]
    assert not again[inset.label].neighbours


@settings(max_examples=20, deadline=None)
@given(crowds)
def test_with_insets_every_point_still_has_one_home_and_a_cell_of_it(
    groups: list[tuple[int, float, float, float]],
) -> None:
    plan = divided(np.concatenate([cluster(*group) for group in groups]))
    divided_too = {sheet.parent for sheet in plan.sheets}
    tried = {
        detail.label: insets_of(plan, detail)
        for detail in plan.detail_sheets
        if detail.label not in divided_too
    }
    for pick in (0, -1):  # all cells of the details, and the fewest
        chosen = {label: insets[pick] for label, insets in tried.items()}
        found = with_insets(plan, list(chosen.values()))
        assert {sheet.label for sheet in found.sheets if sheet.inset} == {*chosen}
        assert {sheet.label for sheet in found.sheets} == {sheet.label for sheet in plan.sheets}
        homes = Counter(point for sheet in found.sheets for point in sheet.points)
        assert homes == Counter(range(len(plan.xy)))
        details = {detail.label: detail for detail in plan.detail_sheets}
        for sheet in found.sheets:
            for point in sheet.points:
                assert point in sheet.shown
                assert cell_of(sheet, *plan.xy[point])  # raises outside the core
            for point in sheet.shown:
                assert sheet.bounds.contains(*plan.xy[point])
            if not sheet.inset:
                continue
            detail = details[sheet.label]
            assert sheet.scale == detail.scale
            assert shapely.box(*detail.core).covers(shapely.box(*sheet.core))
            for edge in sheet.core:
                assert edge / sheet.cell == pytest.approx(round(edge / sheet.cell))
            left = {*detail.relief.crowded} - {*sheet.points} if detail.relief else set()
            assert len(left) <= 3
            if pick == 0:
                assert sheet.core == detail.core
                assert sheet.points == detail.points
