"""The scale chosen where none is asked for: little paper, marks apart."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from papermap.grid import SCALES, Frame, choose_scale, make_plan, unproject

A4 = Frame(186, 140)
ORIGIN = np.array([368_123.0, 3_908_456.0])
CRS = "EPSG:6691"


def town(seed: int, kind: str) -> np.ndarray:
    """150 places in 4 × 3 km: evenly spread, in clusters, or half of each."""
    random = np.random.default_rng(seed)
    even = random.uniform(0, 1, (150, 2)) * (4000, 3000)
    centres = random.uniform(0, 1, (8, 2)) * (4000, 3000)
    dense = centres[random.integers(0, 8, 150)] + random.normal(0, 250, (150, 2))
    mixed = np.concatenate([even[:70], dense[:80]])
    chosen = {"even": even, "dense": dense, "mixed": mixed}[kind]
    return ORIGIN + np.clip(chosen, 0, (4000, 3000))


@pytest.mark.parametrize("kind", ["even", "dense", "mixed"])
@pytest.mark.parametrize("seed", range(4))
def test_a_town_of_150_points_is_a_handful_of_sheets(seed: int, kind: str) -> None:
    places = unproject(CRS, town(seed, kind))
    plan = make_plan([(lon, lat) for lon, lat in places.tolist()], A4)
    assert plan.scale in {5_000, 10_000}
    assert 4 <= len(plan.sheets) <= 12


def test_few_points_get_a_scale_for_walking() -> None:
    assert choose_scale(ORIGIN[None, :], A4) == 5_000
    assert choose_scale(np.tile(ORIGIN, (60, 1)), A4) == 5_000
    assert choose_scale(ORIGIN + np.array([(0, 0), (300_000, 0)]), A4) == 5_000


def test_a_dense_block_gets_a_large_scale() -> None:
    steps = np.array([(30 * i, 30 * j) for i in range(6) for j in range(6)])
    assert choose_scale(ORIGIN + steps, A4) == 5_000  # 30 m: 6 mm there, 3 mm at 1:10,000
    close = np.array([(18 * i, 18 * j) for i in range(6) for j in range(6)])
    assert choose_scale(ORIGIN + close, A4) == 2_500


def test_wide_and_thin_is_not_one_sheet_a_point() -> None:
    random = np.random.default_rng(3)
    places = ORIGIN + random.uniform(0, 40_000, (60, 2))
    scale = choose_scale(places, A4)
    assert scale >= 75_000
    lonlat = unproject(CRS, places)
    assert len(make_plan([(lon, lat) for lon, lat in lonlat.tolist()], A4).sheets) <= 12


def test_a_smaller_capacity_asks_for_more_paper() -> None:
    random = np.random.default_rng(5)
    places = ORIGIN + random.uniform(0, 1, (600, 2)) * (9000, 7000)
    roomy, tight = choose_scale(places, A4, 120), choose_scale(places, A4, 10)
    assert tight < roomy


def test_lines_that_cross_the_country_do_not_explode_the_paper() -> None:
    road = shapely.LineString(ORIGIN + np.array([(0, 0), (80_000, 40_000)]))
    scale = choose_scale(ORIGIN[None, :], A4, drawn=[road])
    assert scale >= 50_000


def test_a_whole_region_is_decided() -> None:
    random = np.random.default_rng(1)
    places = ORIGIN + random.normal(0, 20_000, (115_000, 2))
    assert choose_scale(places, A4) in SCALES
