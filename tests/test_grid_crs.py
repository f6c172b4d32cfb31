"""Projections: zones, datums, borders, the antimeridian, and what is printed of them."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Transformer

from papermap.errors import AreaError
from papermap.grid import (
    Frame,
    bounds_wgs84,
    choose_crs,
    km_lines,
    label_parts,
    make_plan,
    mgrs_square,
    project,
    project_geometry,
    sheet_zone,
    unproject,
)
from papermap.units import Box

JAPANESE = {
    "Yonaguni": (122.99, 24.46, 6688),
    "Naha": (127.68, 26.21, 6689),
    "Minamidaito": (131.24, 25.84, 6689),
    "Tsushima": (129.29, 34.20, 6689),
    "Izuhara north": (129.48, 34.69, 6689),
    "Goto": (128.84, 32.70, 6689),
    "Fukuoka": (130.40, 33.59, 6689),
    "Oki": (133.33, 36.20, 6690),
    "Osaka": (135.50, 34.69, 6690),
    "Wajima": (136.90, 37.39, 6690),
    "Sado": (138.37, 38.02, 6691),
    "Kamakura": (139.55, 35.32, 6691),
    "Hachijo": (139.79, 33.11, 6691),
    "Chichijima": (142.19, 27.09, 6691),
    "Okushiri": (139.52, 42.17, 6691),
    "Wakkanai": (141.67, 45.41, 6691),
    "Rebun": (141.05, 45.35, 6691),
    "Rausu": (145.19, 44.02, 6692),
    "Nemuro": (145.58, 43.33, 6692),
    "Cape Nosappu": (145.81, 43.385, 6692),
}
ABROAD = {
    "Taipei": (121.56, 25.04, 32651),
    "Hualien": (121.60, 23.98, 32651),
    "Busan": (129.07, 35.18, 32652),
    "Jeju": (126.53, 33.50, 32652),
    "Ulleungdo": (130.90, 37.50, 32652),
    "Shanghai": (121.47, 31.23, 32651),
    "Vladivostok": (131.89, 43.12, 32652),
    "Korsakov": (142.80, 46.63, 32654),
    "London": (-0.12, 51.50, 32630),
    "Quito": (-78.47, -0.18, 32717),
    "Bergen": (5.32, 60.39, 32632),
    "Longyearbyen": (15.63, 78.22, 32633),
    "Suva": (178.44, -18.14, 32760),
}


@pytest.mark.parametrize(("name", "place"), [*JAPANESE.items(), *ABROAD.items()])
def test_a_place_gets_its_zone_and_datum(name: str, place: tuple[float, float, int]) -> None:
    lon, lat, code = place
    crs, zone = choose_crs([(lon, lat)])
    assert crs == f"EPSG:{code}", name
    assert ("JGD2011" in zone) == (name in JAPANESE)
    assert zone.endswith(f"({crs})")


def test_the_zone_is_told_with_its_square() -> None:
    assert choose_crs([(139.55, 35.31)])[1] == "UTM 54S UE · JGD2011 (EPSG:6691)"
    # 35.2 N lies in the square south of it: several squares, none is named
    assert choose_crs([(139.55, 35.31), (139.6, 35.1)])[1] == "UTM 54S · JGD2011 (EPSG:6691)"
    # across 40 N the band's letter changes too
    assert choose_crs([(141.0, 39.9), (141.0, 40.1)])[1] == "UTM 54S/T WK · JGD2011 (EPSG:6691)"


def test_a_town_on_a_zone_border_stays_in_the_zone_of_most_points() -> None:
    western = [(137.99, 35.0 + n / 1000) for n in range(3)]
    eastern = [(138.01, 35.0 + n / 1000) for n in range(2)]
    crs, _ = choose_crs(western + eastern)
    assert crs == "EPSG:6690"
    plan = make_plan(western + eastern, Frame(186, 140), scale=10_000)
    assert plan.crs == crs
    assert len(plan.sheets) <= 2
    beyond = plan.xy[-1]
    assert mgrs_square(plan, *plan.xy[0]) == "53S QU"
    assert mgrs_square(plan, *beyond) == ""  # the next zone counts differently there


def test_projection_agrees_with_pyproj_and_comes_back() -> None:
    transformer = Transformer.from_crs("EPSG:4326", "EPSG:6691", always_xy=True)
    xy = project("EPSG:6691", [(139.55, 35.31), (139.6, 35.4)])
    assert xy == pytest.approx(
        np.column_stack(transformer.transform([139.55, 139.6], [35.31, 35.4])), abs=1e-3
    )
    assert unproject("EPSG:6691", xy) == pytest.approx(np.array([(139.55, 35.31), (139.6, 35.4)]))


@settings(max_examples=50, deadline=None)
@given(st.floats(-179.9, 179.9), st.floats(-79, 83))
def test_project_and_back_anywhere(lon: float, lat: float) -> None:
    crs, _ = choose_crs([(lon, lat)])
    back = unproject(crs, project(crs, [(lon, lat)]))[0]
    assert abs((back[0] - lon + 180) % 360 - 180) < 1e-7
    assert abs(back[1] - lat) < 1e-7


def test_the_antimeridian_tears_nothing() -> None:
    taveuni = [(179.95, -16.85), (-179.95, -16.85), (180.0, -16.86), (-180.0, -16.86)]
    crs, _ = choose_crs(taveuni)
    assert crs in {"EPSG:32760", "EPSG:32701"}
    xy = project(crs, taveuni)
    assert np.ptp(xy[:, 0]) == pytest.approx(10_650, rel=0.01)
    assert xy[2] == pytest.approx(xy[3])
    plan = make_plan(taveuni, Frame(186, 140), scale=50_000)
    assert sum(len(sheet.points) for sheet in plan.sheets) == 4
    assert len(plan.sheets) <= 2
    wide = max((bounds_wgs84(crs, sheet.bounds) for sheet in plan.sheets), key=lambda b: b[0])
    assert wide[0] > 179
    assert -180 <= wide[2] < -179


def test_a_road_across_the_antimeridian_is_short() -> None:
    torn = shapely.LineString([(179.99, -16.8), (-179.99, -16.8)])
    plan = make_plan([(179.97, -16.8)], Frame(186, 140), scale=50_000, extra=[torn])
    assert plan.grid_columns <= 2
    ground = project_geometry(plan.crs, torn)
    assert ground.length == pytest.approx(2130, rel=0.01)


@pytest.mark.parametrize("place", [(0.0, 84.5), (10.0, -80.5), (0.0, 90.0)])
def test_the_poles_are_refused_with_a_way_out(place: tuple[float, float]) -> None:
    with pytest.raises(AreaError, match="1 of 2 points lie beyond 84° N or 80° S") as caught:
        choose_crs([(10.0, 79.0), place])
    assert "--area" in caught.value.hint


def test_points_too_far_apart_are_refused_with_a_way_out() -> None:
    with pytest.raises(AreaError, match="too far apart for one atlas") as caught:
        choose_crs([(139.7, 35.7), (139.8, 35.6), (127.7, 26.2)])
    assert "--area" in caught.value.hint
    with pytest.raises(AreaError, match="all over the earth"):
        choose_crs([(0.0, 0.0), (180.0, 0.0)])
    with pytest.raises(AreaError, match="no point"):
        choose_crs([])


def test_two_points_300_km_apart_share_an_atlas() -> None:
    plan = make_plan([(139.35, 35.0), (142.65, 35.0)], Frame(186, 140), scale=10_000)
    west, east = plan.sheets
    assert west.neighbours == {"e": "2"}
    assert east.neighbours == {"w": "1"}
    assert west.adjacent == east.adjacent == {}
    assert plan.grid_columns > 150


def test_kilometre_lines_and_their_labels() -> None:
    lines = km_lines(Box(367_330.0, 3_908_390.0, 369_190.0, 3_909_790.0))
    assert lines.eastings == (368_000, 369_000)
    assert lines.northings == (3_909_000,)
    assert lines.step == 1000
    wide = km_lines(Box(367_330.0, 3_900_000.0, 390_000.0, 3_915_000.0))
    assert wide.eastings == (370_000, 380_000, 390_000)
    assert wide.northings == (3_900_000, 3_910_000)
    assert label_parts(368_000) == ("3", "68", "000")
    assert label_parts(3_909_000) == ("39", "09", "000")
    assert label_parts(-5_000) == ("99", "95", "000")


def test_a_sheet_names_its_own_square() -> None:
    plan = make_plan([(139.55, 35.31), (139.6, 35.1)], Frame(186, 140), scale=10_000)
    assert plan.zone == "UTM 54S · JGD2011 (EPSG:6691)"
    north, south = plan.sheets[0], plan.sheets[-1]
    assert sheet_zone(plan, north) == "UTM 54S UE · JGD2011 (EPSG:6691)"
    assert sheet_zone(plan, south) == "UTM 54S UD · JGD2011 (EPSG:6691)"


def test_squares_change_hemisphere_at_the_equator() -> None:
    plan = make_plan([(-78.5, 0.01)], Frame(186, 140), scale=10_000)
    assert plan.crs == "EPSG:32617"
    x, y = plan.xy[0]
    assert mgrs_square(plan, x, y) == "17N QA"
    assert mgrs_square(plan, x, y - 3000) == "17M QV"
    southern = dataclasses.replace(plan, crs="EPSG:32717")
    assert mgrs_square(southern, x, y + 10_000_000) == "17N QA"
    assert mgrs_square(plan, 950_000, y) == ""
