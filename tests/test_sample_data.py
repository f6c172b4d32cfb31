"""The invented town: made again the same, plausible as a place, and full of good and bad points."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pyogrio
import pytest
import shapely

from papermap.vocabulary import load_vocabulary

SAMPLE = Path(__file__).parents[1] / "sample_data"
METRES = "EPSG:6691"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("town")
    subprocess.run(
        [sys.executable, "-W", "error", str(SAMPLE / "make_town.py"), str(folder)],
        check=True, timeout=60, capture_output=True,
    )  # fmt: skip
    return folder


@pytest.fixture(scope="module")
def base() -> dict[str, gpd.GeoDataFrame]:
    file = SAMPLE / "town_base.gpkg"
    return {
        name: pyogrio.read_dataframe(file, layer=name).to_crs(METRES)
        for name, _ in pyogrio.list_layers(file)
    }


def _features(name: str) -> list[dict[str, Any]]:
    collection = json.loads((SAMPLE / name).read_text("utf-8"))
    features: list[dict[str, Any]] = collection["features"]
    return features


@pytest.fixture(scope="module")
def points() -> gpd.GeoDataFrame:
    features = [f for f in _features("points.geojson") if f["geometry"]["type"] == "Point"]
    return gpd.GeoDataFrame.from_features(features, crs="EPSG:4326").to_crs(METRES)


@pytest.mark.parametrize("name", ["points.geojson", "dirty.geojson"])
def test_script_makes_the_same_points(made: Path, name: str) -> None:
    assert (made / name).read_text("utf-8") == (SAMPLE / name).read_text("utf-8")


def test_script_makes_the_same_base_map(made: Path) -> None:
    kept, again = SAMPLE / "town_base.gpkg", made / "town_base.gpkg"
    names = [name for name, _ in pyogrio.list_layers(kept)]
    assert names == [name for name, _ in pyogrio.list_layers(again)]
    for name in names:
        one = pyogrio.read_dataframe(kept, layer=name)
        other = pyogrio.read_dataframe(again, layer=name)
        assert one.drop(columns="geometry").equals(other.drop(columns="geometry")), name
        assert shapely.equals_exact(
            one.geometry.to_numpy(), other.geometry.to_numpy(), tolerance=2e-7
        ).all(), name


def test_files_are_small_enough_for_the_wheel() -> None:
    assert (SAMPLE / "town_base.gpkg").stat().st_size <= 1_500_000
    assert (SAMPLE / "points.geojson").stat().st_size <= 200_000


def test_layers_follow_the_open_map_tiles_names(base: dict[str, gpd.GeoDataFrame]) -> None:
    wanted = {
        "water": {"ocean", "river", "lake"},
        "waterway": {"river", "stream"},
        "landcover": {"wood", "grass", "sand", "farmland"},
        "landuse": {"school", "hospital", "cemetery", "commercial", "industrial"},
        "transportation": {"trunk", "secondary", "tertiary", "minor", "service", "path", "rail"},
        "place": {"city", "suburb", "neighbourhood", "hamlet"},
        "poi": {"railway", "school", "hospital", "place_of_worship", "town_hall", "police",
                "fire_station", "shop", "park", "harbor", "library"},
    }  # fmt: skip
    for layer, classes in wanted.items():
        assert classes <= set(base[layer]["class"]), layer
    assert {"bridge", "tunnel"} <= set(base["transportation"]["brunnel"].dropna())
    assert set(base["boundary"]["admin_level"]) == {7}
    assert len(base["building"]) >= 2500
    assert len(base["mountain_peak"]) >= 3
    assert len(base["water_name"]) == 1


@pytest.mark.parametrize("layer", ["place", "poi", "mountain_peak", "water_name"])
def test_names_come_with_kana_and_english(base: dict[str, gpd.GeoDataFrame], layer: str) -> None:
    for row in base[layer].itertuples(index=False):
        named = dict(zip(base[layer].columns, row, strict=True))
        assert named["name"] == named["name:ja"]
        assert all("ぁ" <= char <= "ゖ" or char == "ー" for char in named["name:ja_kana"]), named
        assert named["name:en"].isascii(), named


def test_streets_meet(base: dict[str, gpd.GeoDataFrame]) -> None:
    roads = base["transportation"]
    roads = roads[~roads["class"].isin(["rail", "path"])]
    lines = shapely.get_parts(roads.geometry.to_numpy())
    one, other = shapely.STRtree(lines).query(lines, predicate="dwithin", distance=1.0)
    group = np.arange(len(lines))
    while True:
        lower = group.copy()
        np.minimum.at(lower, one, group[other])
        if (lower == group).all():
            break
        group = lower
    length = shapely.length(lines)
    biggest = max(length[group == g].sum() for g in np.unique(group))
    assert biggest > 0.97 * length.sum()


def test_streets_cross_water_on_bridges_only(base: dict[str, gpd.GeoDataFrame]) -> None:
    roads = base["transportation"]
    water = base["water"].geometry.union_all().buffer(-1)
    wet = roads[roads["brunnel"].isna() & (roads["class"] != "path")]
    assert wet.geometry.intersection(water).length.max() < 1
    river = base["water"][base["water"]["class"] == "river"].geometry.union_all()
    bridges = roads[(roads["brunnel"] == "bridge") & roads.intersects(river)]
    assert len(bridges[bridges["class"] == "rail"]) == 1
    assert len(bridges[bridges["class"] != "rail"]) >= 3


def test_buildings_stand_apart_from_water_and_each_other(
    base: dict[str, gpd.GeoDataFrame],
) -> None:
    shapes = base["building"].geometry.to_numpy()
    pairs = shapely.STRtree(shapes).query(shapes, predicate="overlaps")
    assert pairs.size == 0
    assert not base["building"].intersects(base["water"].geometry.union_all()).any()


def test_points_are_as_many_and_as_mixed_as_a_relief_map(points: gpd.GeoDataFrame) -> None:
    assert 120 <= len(points) <= 180
    categories = [load_vocabulary().find(text) for text in points["category"]]
    keys = [category.key for category in categories if category is not None]
    assert len(keys) == len(points)
    assert len(set(keys)) >= 18
    assert 35 <= keys.count("aed") <= 45
    assert set(points["status"].dropna()) == {"open", "closed", "full"}
    assert (points["confirmed"] == False).sum() >= 10  # noqa: E712
    assert points["phone"].dropna().str.startswith("0990-00-").all()
    assert (points["updated_at"] < "2026-09-13T16:00").sum() >= 5
    assert points["updated_at"].max() <= "2026-09-14T16:00"


def test_points_lie_in_the_town_and_on_dry_land(
    points: gpd.GeoDataFrame, base: dict[str, gpd.GeoDataFrame]
) -> None:
    west, south, east, north = points.total_bounds
    assert 3500 < east - west < 4800
    assert 1800 < north - south < 3000
    assert not points.intersects(base["water"].geometry.union_all()).any()


def test_several_helps_stand_at_one_school(points: gpd.GeoDataFrame) -> None:
    school = points[points["name"].str.contains("中央小")]
    keys = {load_vocabulary().category(text).key for text in school["category"]}
    assert {"shelter", "water", "toilet", "charging", "aed"} <= keys


def test_roads_and_the_flood_are_handed_in_too(base: dict[str, gpd.GeoDataFrame]) -> None:
    others = [f for f in _features("points.geojson") if f["geometry"]["type"] != "Point"]
    table = gpd.GeoDataFrame.from_features(others, crs="EPSG:4326").to_crs(METRES)
    keys = [load_vocabulary().category(text).key for text in table["category"]]
    assert sorted(keys) == sorted(["road_closed"] * 2 + ["road_passable"] * 2 + ["flooded"])
    flood = table[table.geom_type == "Polygon"].geometry.iloc[0]
    assert flood.is_valid
    assert flood.intersects(base["water"][base["water"]["class"] == "river"].geometry.union_all())
    assert table["updated_at"].notna().all()


def test_every_dirt_comes_once() -> None:
    features = _features("dirty.geojson")
    told = [feature["properties"]["dirt"] for feature in features]
    assert len(told) == len(set(told))
    assert 25 <= len(told) <= 35
    text = (SAMPLE / "dirty.geojson").read_text("utf-8")
    assert '"NaN"' in text
    assert "\u202e" in text
    json.loads(text, parse_constant=pytest.fail)
