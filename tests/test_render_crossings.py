"""Crossings of main roads: where three arms meet, not where a tile cuts a road."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from papermap.basemap.base import Layer
from papermap.render import MapView, crossings
from papermap.units import Box

VIEW = MapView("EPSG:6691", Box(0, 0, 1000, 1000), 100, 100, 10_000)


def roads(*lines: tuple[str, list[tuple[float, float]]]) -> dict[str, Layer]:
    geometry = np.array([shapely.LineString(xy) for _, xy in lines], dtype=object)
    kinds = np.array([kind for kind, _ in lines], dtype=object)
    return {"transportation": Layer("transportation", geometry, {"class": kinds})}


def test_a_road_through_another_crosses_it() -> None:
    found = crossings(
        VIEW,
        roads(
            ("primary", [(0, 500), (500, 500), (900, 500)]),
            ("secondary", [(500, 0), (500, 500), (500, 900)]),
        ),
    )
    assert found == (pytest.approx((50, 50)),)


def test_a_side_road_meets_it_and_a_cut_does_not() -> None:
    found = crossings(
        VIEW,
        roads(
            ("primary", [(0, 500), (300, 500)]),
            ("primary", [(300, 500), (600, 500), (900, 500)]),
            ("tertiary", [(600, 500), (600, 100)]),
            ("minor", [(300, 500), (300, 100)]),
        ),
    )
    assert found == (pytest.approx((60, 50)),)


def test_there_are_none_without_roads_or_outside() -> None:
    assert crossings(VIEW, {}) == ()
    assert crossings(VIEW, roads(("minor", [(0, 0), (1, 1)]))) == ()
    away = roads(
        ("primary", [(2000, 0), (2000, 500), (2000, 900)]),
        ("primary", [(1000, 500), (2000, 500), (3000, 500)]),
    )
    assert crossings(VIEW, away) == ()
