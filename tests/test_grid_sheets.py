"""The cut into sheets: every point once, frames true to scale, neighbours, areas, lines."""

from __future__ import annotations

import json
import pickle
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from papermap.errors import AreaError
from papermap.grid import (
    DIRECTIONS,
    Frame,
    Plan,
    cell_name,
    cell_of,
    make_plan,
    overlap_addresses,
    project,
    unproject,
)

A4 = Frame(186, 140)
CRS = "EPSG:6691"
KAMAKURA = Path(__file__).parents[2] / "shared/data/kamakura/kamakura_all.geojson"
BACK = {"n": "s", "s": "n", "e": "w", "w": "e", "ne": "sw", "sw": "ne", "nw": "se", "se": "nw"}


def plan_at(*metres: tuple[float, float], scale: int | None = 10_000, **more: object) -> Plan:
    """A plan of points given in metres of UTM 54 north."""
    places = [(lon, lat) for lon, lat in unproject(CRS, metres).tolist()]
    return make_plan(places, A4, scale=scale, **more)  # type: ignore[arg-type]


def spread(count: int, metres: float, seed: int = 7) -> list[tuple[float, float]]:
    random = np.random.default_rng(seed)
    at = np.array([368_123.0, 3_908_456.0]) + random.uniform(0, metres, (count, 2))
    return [(lon, lat) for lon, lat in unproject(CRS, at).tolist()]


towns = st.lists(
    st.tuples(st.floats(139.50, 139.60), st.floats(35.28, 35.36)), min_size=1, max_size=60
)
scales = st.sampled_from([2_500, 5_000, 7_777, 10_000, 25_000, 250_000])
frames = st.builds(Frame, st.floats(100, 400), st.floats(100, 280))


@settings(max_examples=50, deadline=None)
@given(towns, scales, frames)
def test_every_point_has_one_home_and_frames_are_true(
    places: list[tuple[float, float]], scale: int, frame: Frame
) -> None:
    plan = make_plan(places, frame, scale=scale)
    homes = Counter(point for sheet in plan.sheets for point in sheet.points)
    assert homes == Counter(range(len(places)))
    assert plan.outside == ()
    for sheet in plan.sheets:
        assert sheet.points
        assert all(sheet.core.contains(*plan.xy[point]) for point in sheet.points)
        inside = {n for n, at in enumerate(plan.xy) if sheet.bounds.contains(*at)}
        assert set(sheet.shown) == inside
        assert set(sheet.points) <= inside
        assert sheet.bounds.width / frame.width == pytest.approx(scale / 1000, rel=1e-9)
        assert sheet.bounds.height / frame.height == pytest.approx(scale / 1000, rel=1e-9)
        left, right = sheet.core.x0 - sheet.bounds.x0, sheet.bounds.x1 - sheet.core.x1
        low, high = sheet.core.y0 - sheet.bounds.y0, sheet.bounds.y1 - sheet.core.y1
        assert left == pytest.approx(right)
        assert low == pytest.approx(high)
        assert min(left, low) >= 5 * scale / 1000 - 1e-6
        assert max(left, low) < (5 * scale / 1000 + plan.cell / 2) + 1e-6
        assert sheet.core.width == pytest.approx(sheet.columns * plan.cell)
        assert sheet.core.x0 / plan.cell == pytest.approx(round(sheet.core.x0 / plan.cell))
        assert sheet.core.y1 / plan.cell == pytest.approx(round(sheet.core.y1 / plan.cell))


@settings(max_examples=50, deadline=None)
@given(towns)
def test_numbers_run_row_by_row_and_neighbours_look_back(
    places: list[tuple[float, float]],
) -> None:
    plan = make_plan(places, A4, scale=5_000)
    assert [sheet.label for sheet in plan.sheets] == [
        str(n) for n in range(1, len(plan.sheets) + 1)
    ]
    standing = [(sheet.row, sheet.column) for sheet in plan.sheets]
    assert standing == sorted(set(standing))
    assert min(row for row, _ in standing) == min(column for _, column in standing) == 0
    by_label = {sheet.label: sheet for sheet in plan.sheets}
    for sheet in plan.sheets:
        assert set(sheet.neighbours) <= set(DIRECTIONS)
        for direction, label in sheet.neighbours.items():
            assert by_label[label].neighbours[BACK[direction]] == sheet.label
        for direction, label in sheet.adjacent.items():
            other = by_label[label]
            assert sheet.neighbours[direction] == label
            assert abs(other.row - sheet.row) <= 1
            assert abs(other.column - sheet.column) <= 1
        assert plan.extent.contains(sheet.core.x0, sheet.core.y0)
        assert plan.extent.contains(sheet.core.x1, sheet.core.y1)


def test_cells_are_round_and_as_many_as_leave_an_overlap() -> None:
    expected = {2_500: 100, 5_000: 200, 10_000: 400, 25_000: 1000, 50_000: 2000, 100_000: 4000}
    for scale, cell in expected.items():
        plan = make_plan(spread(3, 500), A4, scale=scale)
        sheet = plan.sheets[0]
        assert plan.cell == cell
        assert (sheet.columns, sheet.rows) == (4, 3)
        assert plan.pitch == (4 * cell, 3 * cell)
        assert (sheet.core.x0 - sheet.bounds.x0) / scale * 1000 == pytest.approx(13)
        assert (sheet.core.y0 - sheet.bounds.y0) / scale * 1000 == pytest.approx(10)


def test_odd_scales_and_frames_still_have_cells() -> None:
    assert make_plan(spread(3, 500), A4, scale=15_000).cell == 500
    assert make_plan(spread(3, 500), A4, scale=75_000).cell == 2500
    narrow = make_plan(spread(3, 500), Frame(45, 40), scale=10_000)
    assert narrow.cell == 250
    with pytest.raises(AreaError, match="too small for a grid"):
        make_plan(spread(3, 500), Frame(10, 140), scale=10_000)


def test_a_point_on_a_line_has_one_home_and_the_right_cell() -> None:
    corner = plan_at((368_400.0, 3_908_400.0))
    (sheet,) = corner.sheets
    column, row = cell_of(sheet, *corner.xy[0])[:1], cell_of(sheet, *corner.xy[0])
    assert sheet.core.x0 <= 368_400.0 < sheet.core.x1
    assert sheet.core.y0 < 3_908_400.0 <= sheet.core.y1
    assert column == cell_of(sheet, 368_400.1, 3_908_399.9)[:1]
    assert row == cell_of(sheet, 368_400.1, 3_908_399.9)
    # a lattice of points exactly on every corner of every cell
    lattice = [(367_200.0 + 400 * i, 3_907_600.0 + 400 * j) for i in range(9) for j in range(7)]
    plan = plan_at(*lattice)
    homes = Counter(point for sheet in plan.sheets for point in sheet.points)
    assert homes == Counter(range(len(lattice)))
    addresses = {
        (sheet.label, cell_of(sheet, *plan.xy[point]))
        for sheet in plan.sheets
        for point in sheet.points
    }
    assert len(addresses) == len(lattice)


def test_cells_are_lettered_from_the_west_and_counted_from_the_north() -> None:
    plan = plan_at((368_500.0, 3_908_500.0))
    (sheet,) = plan.sheets
    core = sheet.core
    assert cell_of(sheet, core.x0, core.y1) == "A1"
    assert cell_of(sheet, core.x1 - 1, core.y1 - 1) == "D1"
    assert cell_of(sheet, core.x1 - 1, core.y0 + 1) == "D3"
    assert cell_of(sheet, core.x0 + 801, core.y1 - 401) == "C2"
    with pytest.raises(ValueError, match="core of sheet 1"):
        cell_of(sheet, core.x1, core.y1)
    assert [cell_name(n, 0) for n in (0, 25, 26, 27, 52, 701, 702)] == [
        *("A1", "Z1", "AA1", "AB1", "BA1", "ZZ1", "AAA1")
    ]


def test_the_grid_is_shifted_to_need_few_sheets() -> None:
    # 1.2 × 0.8 km: one sheet holds it wherever it lies, when the grid is moved by whole cells
    for east in range(0, 1600, 200):
        for north in range(0, 1200, 200):
            x, y = 368_010.0 + east, 3_908_010.0 + north
            plan = plan_at((x, y), (x + 1190, y + 790))
            assert len(plan.sheets) == 1


def test_a_single_point_stands_near_the_middle() -> None:
    plan = plan_at((368_500.0, 3_908_500.0), scale=None)
    (sheet,) = plan.sheets
    assert plan.scale == 5_000
    x, y = plan.xy[0]
    assert abs(x - (sheet.core.x0 + sheet.core.x1) / 2) <= plan.cell
    assert abs(y - (sheet.core.y0 + sheet.core.y1) / 2) <= plan.cell
    assert sheet.neighbours == {}
    assert sheet.shown == sheet.points == (0,)


def test_all_points_at_one_place_are_all_on_one_sheet() -> None:
    plan = plan_at(*[(368_500.0, 3_908_500.0)] * 70, scale=None)
    (sheet,) = plan.sheets
    assert sheet.points == tuple(range(70))


def test_neighbours_point_past_what_is_not_printed() -> None:
    # a row of three sheets whose middle one is empty, and one below the first
    at = [(368_100.0, 3_908_300.0), (368_100.0 + 3200, 3_908_300.0), (368_100.0, 3_907_100.0)]
    plan = plan_at(*at, *[(x + 1400, y - 1000) for x, y in at])
    assert (plan.grid_columns, plan.grid_rows) == (3, 2)
    west, east, south = plan.sheets
    assert (west.row, west.column, east.row, east.column) == (0, 0, 0, 2)
    assert west.neighbours == {"e": "2", "s": "3"}
    assert west.adjacent == {"s": "3"}
    assert east.neighbours == {"w": "1"}  # no sheet exactly south-west of it
    assert overlap_addresses(west) == ("", "", "3-1", "")
    assert overlap_addresses(south) == ("1-3", "", "", "")


def test_overlap_carries_the_neighbours_addresses() -> None:
    plan = make_plan(spread(400, 4500), A4, scale=10_000)
    middle = next(sheet for sheet in plan.sheets if len(sheet.adjacent) == len(DIRECTIONS))
    beside = middle.adjacent
    assert overlap_addresses(middle) == (
        f"{beside['n']}-3",
        f"{beside['e']}-A",
        f"{beside['s']}-1",
        f"{beside['w']}-D",
    )
    # what the band says of the eastern strip is what the eastern neighbour calls that ground
    east = next(sheet for sheet in plan.sheets if sheet.label == beside["e"])
    x, y = middle.core.x1 + 1, (middle.core.y0 + middle.core.y1) / 2
    assert middle.bounds.contains(x, y)
    assert cell_of(east, x, y).startswith("A")


def test_lines_and_areas_get_their_sheets() -> None:
    points = spread(5, 300)
    x, y = project(CRS, points)[0]
    lon, lat = unproject(CRS, [(x + 7000, y)])[0]
    road = shapely.LineString([points[0], (lon, lat)])
    bare = make_plan(points, A4, scale=10_000)
    plan = make_plan(points, A4, scale=10_000, extra=[road])
    assert len(bare.sheets) == 1
    assert 5 <= len(plan.sheets) <= 6
    ground = shapely.LineString(project(CRS, road.coords))
    union = shapely.union_all([shapely.box(*sheet.core) for sheet in plan.sheets])
    assert union.buffer(1e-3).covers(ground)
    assert all(shapely.box(*sheet.core).intersects(ground) for sheet in plan.sheets)


def test_a_flooded_area_fills_its_sheets_inside_too() -> None:
    points = spread(1, 10)
    x, y = project(CRS, points)[0]
    corners = unproject(CRS, [(x, y), (x + 6000, y), (x + 6000, y + 6000), (x, y + 6000)])
    plan = make_plan(points, A4, scale=10_000, extra=[shapely.Polygon(corners)])
    assert len(plan.sheets) == plan.grid_columns * plan.grid_rows >= 20


def test_lines_alone_make_an_atlas() -> None:
    road = shapely.LineString([(139.55, 35.31), (139.56, 35.31)])
    for scale in (None, 10_000):
        plan = make_plan([], A4, scale=scale, extra=[road])
        assert plan.crs == CRS
        assert len(plan.sheets) == 1
        assert plan.sheets[0].points == plan.sheets[0].shown == ()


def test_points_outside_the_area_are_told() -> None:
    area = shapely.box(139.54, 35.30, 139.56, 35.32)
    road = shapely.LineString([(139.555, 35.31), (139.75, 35.31)])
    plan = make_plan(
        [(139.55, 35.31), (139.70, 35.31), (-70.0, 10.0)], A4, scale=10_000, area=area, extra=[road]
    )
    assert plan.outside == (1, 2)
    assert [point for sheet in plan.sheets for point in sheet.shown] == [0]
    assert len(plan.sheets) == 1  # the road is cut off at the area's edge


def test_an_area_across_the_antimeridian_holds_both_sides() -> None:
    area = shapely.union(shapely.box(179, -18, 180, -16), shapely.box(-180, -18, -179, -16))
    plan = make_plan([(179.9, -17.0), (-179.9, -17.0), (178.0, -17.0)], A4, area=area)
    assert plan.outside == (2,)
    turned = make_plan([(179.9, -17.0), (-179.9, -17.0)], A4, area=shapely.box(179, -18, 181, -16))
    assert turned.outside == ()


def test_nothing_to_print_is_said_clearly() -> None:
    with pytest.raises(AreaError, match="No point lies inside the asked area"):
        make_plan([(139.55, 35.31)], A4, area=shapely.box(0, 0, 1, 1))
    with pytest.raises(AreaError, match="no point to print"):
        make_plan([], A4)


def test_too_many_sheets_are_refused_with_a_way_out() -> None:
    area = shapely.Polygon([(139, 35), (140.5, 35), (140.5, 36.5), (139, 36.5)])
    with pytest.raises(AreaError, match=r"would need [\d,]+ sheets") as caught:
        make_plan([(140, 36)], A4, scale=10_000, extra=[area])
    assert "smaller scale" in caught.value.hint
    with pytest.raises(AreaError, match="too large for so large a scale"):
        make_plan([(140, 36)], A4, scale=500, extra=[area])


def test_the_same_points_make_the_same_plan() -> None:
    places = spread(200, 3000)
    assert make_plan(places, A4) == make_plan(places, A4)


def test_west_of_the_false_origin_nothing_breaks() -> None:
    places = [(136.5, 35.0), (136.52, 35.01), (139.4, 35.0), (139.41, 35.0), (139.42, 35.0)]
    plan = make_plan([(lon - 3.4, lat) for lon, lat in places], A4, scale=10_000)
    plain = project("EPSG:6690", [(lon - 3.4, lat) for lon, lat in places])
    assert np.allclose(plan.xy, plain, atol=1e-3)
    assert plan.crs == "EPSG:6690"
    far = make_plan([(126.0, 35.0), (131.99, 35.0), (131.98, 35.0), (131.97, 35.0)], A4, scale=5000)
    assert sum(len(sheet.points) for sheet in far.sheets) == 4


@pytest.mark.skipif(not KAMAKURA.is_file(), reason="the shared data is not here")
def test_kamakura_at_10000() -> None:
    features = json.loads(KAMAKURA.read_text("utf-8"))["features"]
    places = [tuple(f["geometry"]["coordinates"][:2]) for f in features]
    town = [at for at in places if 139.45 < at[0] < 139.63 and 35.27 < at[1] < 35.39]
    plan = make_plan(town, A4, scale=10_000)
    assert plan.crs == CRS
    assert len(town) > 3_500
    assert sorted(point for sheet in plan.sheets for point in sheet.points) == list(
        range(len(town))
    )
    assert 26 <= len(plan.sheets) <= 34
    # the printed sheets are those with a point and no others
    pitch = np.array(plan.pitch)
    corner = np.array([plan.extent.x0, plan.extent.y1])
    taken = np.floor((np.array(plan.xy) - corner) / (pitch * (1, -1))).astype(int)
    assert {(s.column, s.row) for s in plan.sheets} == {(c, r) for c, r in taken.tolist()}
    assert len(plan.sheets) < plan.grid_columns * plan.grid_rows
    assert pickle.loads(pickle.dumps(plan)) == plan  # workers get it  # noqa: S301
