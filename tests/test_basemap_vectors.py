"""Vector base maps of every form: tiles of three schemas, OSM, Shapefiles, Japan's data."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import mercantile
import numpy as np
import osmium
import pyogrio
import pyproj
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st
from osmium.osm.mutable import Node, Relation, Way
from test_cli import run
from vector_tiles import write_tiles

from papermap.basemap import BasemapStack, Extent, Layer, open_basemap, open_basemaps
from papermap.basemap.bare import bare_share
from papermap.basemap.raster.geotiff import GeotiffBasemap
from papermap.basemap.vectors import coast, tables
from papermap.basemap.vectors.schema import schemas
from papermap.errors import BasemapError
from papermap.units import Box

CRS = "EPSG:6691"
TO_PLAN = pyproj.Transformer.from_crs(4326, CRS, always_xy=True)
NAMES = (
    "water", "waterway", "landcover", "landuse", "building", "transportation",
    "transportation_name", "place", "poi", "boundary",
)  # fmt: skip
# where four tiles of zoom 14 meet, so that whatever lies round it is cut by them
EDGE = mercantile.bounds(mercantile.tile(139.55, 35.32, 14))
LON, LAT = EDGE.west, EDGE.south
# tiles of three schemas: (layer, fields) of the same things
ROAD = shapely.LineString([(LON - 0.004, LAT + 0.0013), (LON + 0.004, LAT + 0.0021)])
RAIL = shapely.LineString([(LON + 0.0013, LAT - 0.004), (LON + 0.0021, LAT + 0.004)])
LAKE = shapely.Point(LON, LAT).buffer(0.003)
SEA = shapely.box(LON - 0.006, LAT - 0.006, LON + 0.006, LAT - 0.0043)
PARK = shapely.box(LON - 0.005, LAT + 0.003, LON - 0.003, LAT + 0.005)
HOUSE = shapely.box(LON + 0.0041, LAT + 0.0041, LON + 0.0042, LAT + 0.0042)
STATION = shapely.Point(LON + 0.0015, LAT - 0.003)
TOWN = shapely.Point(LON - 0.002, LAT + 0.0015)
SCHOOL = shapely.Point(LON + 0.003, LAT + 0.003)


def _extent(lon: float, lat: float, half: float = 900, scale: int = 10_000) -> Extent:
    x, y = TO_PLAN.transform(lon, lat)
    return Extent(Box(x - half, y - half, x + half, y + half), CRS, 2 * half / scale * 1000)


HERE = _extent(LON, LAT)


def _layers(path: Path, extent: Extent = HERE) -> Mapping[str, Layer]:
    base = open_basemap(str(path))
    base.prepare([extent], lambda _done, _total: None)
    return base.layers(extent, NAMES)


def _plan(shape: shapely.Geometry) -> shapely.Geometry:
    return shapely.transform(shape, TO_PLAN.transform, interleaved=False)


SCHEMAS = {
    "openmaptiles": {
        "transportation": [
            (ROAD, {"class": "primary", "brunnel": "bridge"}),
            (RAIL, {"class": "rail", "subclass": "rail"}),
        ],
        "transportation_name": [(ROAD, {"class": "primary", "name": "大通り", "name:en": "Main"})],
        "water": [(LAKE, {"class": "lake"}), (SEA, {"class": "ocean"})],
        "landcover": [(PARK, {"class": "grass"})],
        "building": [(HOUSE, {})],
        "poi": [
            (STATION, {"class": "railway", "subclass": "station", "name": "浜"}),
            (SCHOOL, {"class": "school", "subclass": "school", "name": "一小"}),
        ],
        "place": [(TOWN, {"class": "suburb", "name": "大町"})],
    },
    "shortbread": {
        "streets": [
            (ROAD, {"kind": "primary", "bridge": True, "rail": False}),
            (RAIL, {"kind": "rail", "rail": True}),
        ],
        "street_labels": [(ROAD, {"kind": "primary", "name": "大通り", "name_en": "Main"})],
        "water_polygons": [(LAKE, {"kind": "water"})],
        "ocean": [(SEA, {})],
        "land": [(PARK, {"kind": "grass"})],
        "buildings": [(HOUSE, {})],
        "public_transport": [(STATION, {"kind": "station", "name": "浜"})],
        "pois": [(SCHOOL, {"amenity": "school", "name": "一小"})],
        "place_labels": [(TOWN, {"kind": "suburb", "name": "大町"})],
    },
    "protomaps": {
        "roads": [
            (
                ROAD,
                {
                    "kind": "major_road",
                    "kind_detail": "primary",
                    "is_bridge": True,
                    "name": "大通り",
                    "name:en": "Main",
                },
            ),
            (RAIL, {"kind": "rail", "kind_detail": "rail"}),
        ],
        "water": [(LAKE, {"kind": "lake"}), (SEA, {"kind": "ocean"})],
        "landuse": [(PARK, {"kind": "grass"})],
        "buildings": [(HOUSE, {"kind": "building"})],
        "pois": [
            (STATION, {"kind": "station", "name": "浜"}),
            (SCHOOL, {"kind": "school", "name": "一小"}),
        ],
        "places": [
            (TOWN, {"kind": "neighbourhood", "kind_detail": "suburb", "name": "大町"}),
        ],
    },
}


@pytest.mark.parametrize("ending", ["mbtiles", "pmtiles"])
@pytest.mark.parametrize("name", SCHEMAS)
def test_tiles_of_three_schemas_are_the_same_map_made_whole(
    tmp_path: Path, name: str, ending: str
) -> None:
    path = write_tiles(tmp_path / f"map.{ending}", SCHEMAS[name], [13, 14], "© someone")
    layers = _layers(path)
    roads = layers["transportation"]
    order = [list(roads.column("class")).index(kind) for kind in ("primary", "rail")]
    assert len(roads) == 2
    for shape, found in zip((ROAD, RAIL), roads.geometry[order], strict=True):
        assert found.geom_type == "LineString"
        assert shapely.length(found) == pytest.approx(shapely.length(_plan(shape)), rel=0.01)
        assert shapely.hausdorff_distance(found, _plan(shape)) < 1.5
    assert roads.column("brunnel")[order[0]] == "bridge"
    water = dict(zip(layers["water"].column("class"), layers["water"].geometry, strict=True))
    assert len(layers["water"]) == 2
    assert water["lake"].geom_type == "Polygon"
    assert water["lake"].area == pytest.approx(_plan(LAKE).area, rel=0.01)
    assert (
        shapely.symmetric_difference(water["ocean"], _plan(SEA)).area < 0.02 * water["ocean"].area
    )
    assert len(layers["building"]) == 1
    assert layers["landcover"].column("class").tolist() == ["grass"]
    assert layers["place"].column("class").tolist() == ["suburb"]
    assert layers["transportation_name"].column("name").tolist() == ["大通り"]
    assert layers["transportation_name"].column("name:en").tolist() == ["Main"]
    found = zip(*(layers["poi"].column(key) for key in ("class", "name")), strict=True)
    assert sorted(found) == [("railway", "浜"), ("school", "一小")]
    assert "station" in layers["poi"].column("subclass")
    assert "someone" in open_basemap(str(path)).attribution


def test_features_of_other_names_are_not_joined(tmp_path: Path) -> None:
    left = shapely.LineString([(LON - 0.002, LAT + 0.001), (LON, LAT + 0.001)])
    right = shapely.LineString([(LON, LAT + 0.001), (LON + 0.002, LAT + 0.001)])
    rows = [(left, {"class": "minor", "name": "西"}), (right, {"class": "minor", "name": "東"})]
    found = _layers(write_tiles(tmp_path / "a.mbtiles", {"transportation_name": rows}, [14]))
    assert sorted(found["transportation_name"].column("name")) == ["東", "西"]


def test_a_file_of_cut_features_is_made_whole_too(tmp_path: Path) -> None:
    """GeoPackages are often made from tiles."""
    west = shapely.box(LON - 0.01, LAT - 0.01, LON, LAT + 0.01)
    halves = [shapely.intersection(LAKE, west), shapely.difference(LAKE, west)]
    table = gpd.GeoDataFrame({"class": ["lake"] * 2}, geometry=halves, crs=4326)
    pyogrio.write_dataframe(table, tmp_path / "a.gpkg", layer="water")
    (lake,) = _layers(tmp_path / "a.gpkg")["water"].geometry
    assert shapely.symmetric_difference(lake, _plan(LAKE)).area < 10


def test_the_zoom_fits_the_scale(tmp_path: Path) -> None:
    path = tmp_path / "a.mbtiles"
    write_tiles(path, {"transportation": [(ROAD, {"class": "primary"})]}, [8, 11, 13, 14])
    (table,) = tables.tables_of(path)
    assert table.zooms == (8, 11, 13, 14)
    zooms = [tables.zoom_for(table, scale) for scale in (1_000, 10_000, 50_000, 120_000, 500_000)]
    assert zooms == [14, 14, 13, 11, 11]
    assert tables.zoom_for(table, 2_000_000) == 8


def test_only_the_tiles_of_the_bounds_are_read(tmp_path: Path) -> None:
    away = shapely.transform(ROAD, lambda xy: np.add(xy, (0.2, 0.2)))
    rows = [(ROAD, {"class": "primary"}), (away, {"class": "trunk"})]
    path = write_tiles(tmp_path / "a.pmtiles", {"transportation": rows}, [14])
    assert _layers(path)["transportation"].column("class").tolist() == ["primary"]


# --- OpenStreetMap's own format -----------------------------------------------------------------


class _Osm:
    """A small extract, written object by object."""

    def __init__(self) -> None:
        self.nodes: list[Node] = []
        self.ways: list[Way] = []
        self.relations: list[Relation] = []

    def node(self, lon: float, lat: float, **tags: str) -> int:
        self.nodes.append(Node(id=len(self.nodes) + 1, location=(lon, lat), tags=tags))
        return len(self.nodes)

    def way(self, shape: shapely.Geometry, **tags: str) -> int:
        ring = shape.exterior if shape.geom_type == "Polygon" else shape
        ids = [self.node(*xy) for xy in ring.coords[: -1 if ring.is_ring else None]]
        ids += ids[:1] if ring.is_ring else []
        self.ways.append(Way(id=len(self.ways) + 1, nodes=ids, tags=tags))
        return len(self.ways)

    def write(self, path: Path) -> Path:
        with osmium.SimpleWriter(path) as writer:
            for node in self.nodes:
                writer.add_node(node)
            for way in self.ways:
                writer.add_way(way)
            for relation in self.relations:
                writer.add_relation(relation)
        return path


@pytest.fixture
def town(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PAPERMAP_CACHE", str(tmp_path / "cache"))
    osm = _Osm()
    osm.way(ROAD, highway="primary", bridge="yes", name="大通り", **{"name:en": "Main"})
    osm.way(RAIL, railway="rail", operator="東日本旅客鉄道")
    osm.way(
        shapely.transform(RAIL, lambda xy: np.add(xy, (0.001, 0))),
        railway="rail",
        operator="江ノ島電鉄",
    )
    osm.way(HOUSE, building="house")
    osm.way(PARK, leisure="park", name="公園")
    outer = osm.way(LAKE)
    inner = osm.way(shapely.Point(LON, LAT).buffer(0.001))
    osm.relations.append(
        Relation(
            id=1,
            members=[("w", outer, "outer"), ("w", inner, "inner")],
            tags={"type": "multipolygon", "natural": "water"},
        )
    )
    # land in the north, sea in the south, an island in it
    coastline = shapely.LineString([(LON - 0.5, LAT - 0.005), (LON + 0.5, LAT - 0.005)])
    osm.way(shapely.segmentize(coastline, 0.01), natural="coastline")
    osm.way(shapely.Point(LON, LAT - 0.007).buffer(0.001).reverse(), natural="coastline")
    osm.node(STATION.x, STATION.y, railway="station", name="浜")
    osm.node(TOWN.x, TOWN.y, place="suburb", name="大町")
    osm.node(SCHOOL.x, SCHOOL.y, shop="supermarket", name="スーパー丸")
    osm.node(LON - 0.001, LAT + 0.002, highway="traffic_signals", name="大町四ツ角")
    osm.node(LON + 0.3, LAT + 0.3, place="suburb", name="遠くの町")
    return osm.write(tmp_path / "town.osm.pbf")


def test_an_osm_extract_is_a_base_map(town: Path) -> None:
    layers = _layers(town)
    roads = layers["transportation"]
    assert sorted(roads.column("class")) == ["primary", "rail", "transit"]
    assert [value for value in roads.column("brunnel") if value] == ["bridge"]
    assert layers["transportation_name"].column("name:en").tolist() == ["Main"]
    lake = layers["water"].geometry[list(layers["water"].column("class")).index("lake")]
    assert lake.area == pytest.approx(_plan(LAKE).area * (1 - 1 / 9), rel=0.01)
    assert len(layers["building"]) == 1
    assert layers["place"].column("name").tolist() == ["大町"]
    pois = dict(zip(*(layers["poi"].column(key) for key in ("name", "class")), strict=True))
    assert pois == {
        "浜": "railway",
        "スーパー丸": "grocery",
        "大町四ツ角": "junction",
        "公園": "park",
    }
    assert open_basemap(str(town)).attribution == "© OpenStreetMap contributors"


def test_the_sea_lies_on_the_right_of_the_coastline(town: Path) -> None:
    water = _layers(town, _extent(LON, LAT - 0.006))["water"]
    sea = shapely.union_all(water.geometry[water.column("class") == "ocean"])
    assert sea.contains(_plan(shapely.Point(LON + 0.005, LAT - 0.006)))
    assert not sea.contains(_plan(shapely.Point(LON + 0.005, LAT - 0.004)))
    assert not sea.contains(_plan(shapely.Point(LON, LAT - 0.007)))  # the island


@pytest.mark.parametrize(
    ("north", "ocean"), [(-0.1, 1), (-0.02, 1), (0.02, 0), (0.1, 0), (-0.2, 0)]
)
def test_a_sheet_without_any_shore_is_sea_or_land_by_the_shore_further_away(
    tmp_path: Path, north: float, ocean: int
) -> None:
    coastline = shapely.LineString([(LON - 0.5, LAT), (LON + 0.5, LAT)])
    island = shapely.Point(LON, LAT - 0.2).buffer(0.05).exterior.reverse()  # land on its left
    file = tmp_path / "shore.gpkg"
    lines = shapely.segmentize([coastline, island], 0.01)
    gpd.GeoDataFrame(geometry=lines, crs=4326).to_file(file, layer="coastline")
    water = _layers(file, _extent(LON, LAT + north))["water"]
    assert len(water) == ocean
    assert shapely.contains(water.geometry, _plan(shapely.Point(LON, LAT + north))).all()


def test_an_extract_is_gone_through_once(town: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = _layers(town)["transportation"]
    (kept,) = (town.parent / "cache/extracts").iterdir()
    assert kept.suffix == ".gpkg"
    real = tables.read

    def not_the_whole(table: tables.Table, *args: object, **options: object) -> tables.Features:
        assert table.path != str(town)
        return real(table, *args, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(tables, "read", not_the_whole)
    second = _layers(town)["transportation"]
    assert shapely.equals_exact(first.geometry, second.geometry).all()


@pytest.fixture
def edge(tmp_path: Path) -> BasemapStack:
    """A base map whose ground ends in the east at the middle of ``HERE``."""
    west = shapely.box(LON - 1, LAT - 1, LON, LAT + 1)
    file = tmp_path / "land.gpkg"
    gpd.GeoDataFrame({"class": ["grass"]}, geometry=[west], crs=4326).to_file(
        file, layer="landcover"
    )
    return open_basemaps([str(file)])


def test_ground_beyond_the_base_map_is_a_layer(edge: BasemapStack) -> None:
    layers = edge.layers(HERE, ("landcover", "no_map", "no_map_name"))
    (ground,) = layers["no_map"].geometry
    east = shapely.box(_plan(shapely.Point(LON, LAT)).x, HERE.bounds.y0, *HERE.bounds[2:])
    assert ground.intersection(shapely.box(*HERE.bounds)).area == pytest.approx(east.area, rel=0.02)
    assert bare_share(HERE, layers["no_map"]) == pytest.approx(0.5, abs=0.02)
    names = layers["no_map_name"]
    assert len(names) > 1
    assert shapely.contains(east, names.geometry).all()
    assert set(names.column("name")) == {"ここは地図なし"}
    assert set(names.column("name:en")) == {"No map here"}


def test_the_sea_beyond_the_file_is_no_blank(tmp_path: Path) -> None:
    file = tmp_path / "coast.gpkg"
    # north to south: land on the left of the way, so the sea is in the west
    shore = shapely.LineString([(LON, LAT + 0.5), (LON, LAT - 0.5)])
    gpd.GeoDataFrame(geometry=shapely.segmentize([shore], 0.01), crs=4326).to_file(
        file, layer="coastline"
    )
    layers = open_basemaps([str(file)]).layers(HERE, ("water", "no_map"))
    (sea,) = layers["water"].geometry
    (ground,) = layers["no_map"].geometry
    assert bare_share(HERE, layers["no_map"]) == pytest.approx(0.5, abs=0.02)
    assert ground.intersection(sea).area < 1e-3 * ground.area


def test_a_whole_map_and_one_of_pictures_have_no_blank(edge: BasemapStack) -> None:
    inland = _extent(LON - 0.5, LAT)
    for stack, extent in (
        (edge, inland),
        (BasemapStack(), HERE),
        (replace(edge, rasters=(GeotiffBasemap("photo.tif"),)), HERE),
    ):
        layers = stack.layers(extent, ("no_map", "no_map_name"))
        assert [len(layer) for layer in layers.values()] == [0, 0]
        assert bare_share(extent, layers["no_map"]) == 0


def test_an_extract_that_is_cut_off_is_no_map(town: Path) -> None:
    town.write_bytes(town.read_bytes()[:-40])
    with pytest.raises(BasemapError, match="cannot be read") as caught:
        _layers(town)
    assert "download it again" in (caught.value.hint or "")
    assert not list((town.parent / "cache").rglob("*.gpkg"))


def test_who_waits_for_an_extract_is_told_why(town: Path) -> None:
    points = town.with_name("points.geojson")
    said = {"type": "Point", "coordinates": [LON, LAT]}
    points.write_text(
        json.dumps({"type": "Feature", "properties": {"category": "water"}, "geometry": said})
    )
    named = ("build", str(points), "--basemap", str(town), "--scale", "10000", "--overwrite")
    for seen in (True, False):
        status, _, err = run(*named, "-o", str(town.with_name("atlas.pdf")))
        assert status == 0, err
        assert ("次からは速い" in err) is seen
        assert "Fetching" not in err


def test_what_is_no_base_map_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(BasemapError, match="neither tiles nor vector files") as caught:
        open_basemap(str(tmp_path))
    assert "z/x/y.png" in (caught.value.hint or "")
    points = tmp_path / "points.geojson"
    gpd.GeoDataFrame(geometry=[STATION], crs=4326).to_file(points)
    with pytest.raises(BasemapError, match="no layer that any schema knows") as caught:
        open_basemap(str(points))
    assert "without --basemap" in (caught.value.hint or "")


def test_an_extract_of_a_changed_file_is_made_anew(town: Path) -> None:
    _layers(town)
    osm = _Osm()
    osm.way(RAIL, highway="residential")
    town.unlink()
    osm.write(town)
    assert _layers(town)["transportation"].column("class").tolist() == ["minor"]


def test_a_cache_that_cannot_be_written_is_told(
    town: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blocked = town.parent / "file"
    blocked.write_text("in the way", "utf-8")
    monkeypatch.setenv("PAPERMAP_CACHE", str(blocked))
    with pytest.raises(BasemapError, match="cannot be kept") as caught:
        _layers(town)
    assert "PAPERMAP_CACHE" in (caught.value.hint or "")


@given(
    st.lists(
        st.tuples(st.floats(-80, 80), st.floats(-80, 80), st.floats(3, 15)), min_size=1, max_size=5
    )
)
def test_islands_are_land_and_all_else_is_sea(
    islands: Sequence[tuple[float, float, float]],
) -> None:
    land = shapely.union_all([shapely.Point(x, y).buffer(r) for x, y, r in islands])
    shore = shapely.boundary(shapely.orient_polygons(land))  # land on the left
    sea = coast.sea(Layer("coastline", np.array([shore], dtype=object)), Box(-70, -70, 70, 70))
    wet = shapely.union_all(sea.geometry)
    visible = shapely.intersection(shapely.boundary(land), shapely.box(-70, -70, 70, 70))
    if shapely.length(visible) > 5:
        expected = shapely.difference(shapely.box(-70, -70, 70, 70), land)
        assert shapely.symmetric_difference(wet, expected).area < 1


# --- Shapefiles and Japan's open data -----------------------------------------------------------


def _shape(path: Path, rows: Sequence[tuple[shapely.Geometry, Mapping[str, object]]]) -> None:
    table = gpd.GeoDataFrame([said for _, said in rows], geometry=[g for g, _ in rows], crs=4326)
    table.to_file(path, encoding="utf-8")


@pytest.fixture
def geofabrik(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PAPERMAP_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "free"
    folder.mkdir()
    road = {"fclass": "primary", "name": "大通り", "bridge": "T", "tunnel": "F"}
    _shape(folder / "gis_osm_roads_free_1.shp", [(ROAD, road)])
    _shape(folder / "gis_osm_railways_free_1.shp", [(RAIL, {"fclass": "rail", "tunnel": "F"})])
    _shape(folder / "gis_osm_water_a_free_1.shp", [(LAKE, {"fclass": "water"})])
    _shape(folder / "gis_osm_places_free_1.shp", [(TOWN, {"fclass": "suburb", "name": "大町"})])
    station = {"fclass": "railway_station", "name": "浜"}
    _shape(folder / "gis_osm_transport_free_1.shp", [(STATION, station)])
    temple = {"fclass": "buddhist", "name": "寺"}
    _shape(folder / "gis_osm_pofw_free_1.shp", [(SCHOOL, temple)])
    return folder


@pytest.mark.parametrize("packed", [False, True])
def test_geofabriks_shapefiles_in_a_folder_or_a_zip_file(geofabrik: Path, *, packed: bool) -> None:
    path = geofabrik
    if packed:
        path = geofabrik.with_suffix(".zip")
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in geofabrik.iterdir():
                archive.write(file, file.name)
    layers = _layers(path)
    roads = layers["transportation"]
    assert sorted(roads.column("class")) == ["primary", "rail"]
    assert roads.column("brunnel").tolist().count("bridge") == 1
    assert layers["water"].column("class").tolist() == ["lake"]
    assert layers["place"].column("name").tolist() == ["大町"]
    found = zip(*(layers["poi"].column(key) for key in ("class", "subclass")), strict=True)
    assert sorted(found) == [("place_of_worship", "buddhist"), ("railway", "station")]


def test_japans_numerical_information(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PAPERMAP_CACHE", str(tmp_path / "cache"))
    folder = tmp_path / "ksj"
    folder.mkdir()
    jr, private = ({"N02_002": code, "N02_003": "線"} for code in ("2", "4"))
    _shape(folder / "N02-22_RailroadSection.geojson", [(RAIL, jr), (ROAD, private)])
    _shape(folder / "N02-22_Station.geojson", [(RAIL, {"N02_005": "浜"})])
    river = {"W05_003": "1", "W05_004": "滑川"}
    _shape(folder / "W05-07_14-g_Stream.shp", [(ROAD, river), (RAIL, {"W05_004": "名称不明"})])
    layers = _layers(folder)
    assert sorted(layers["transportation"].column("class")) == ["rail", "transit"]
    assert layers["poi"].column("name").tolist() == ["浜"]
    assert sorted(map(str, layers["waterway"].column("name"))) == ["None", "滑川"]


def test_shapefiles_of_japan_that_do_not_name_their_encoding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERMAP_CACHE", str(tmp_path / "cache"))
    path = tmp_path / "W05-07_14-g_Stream.shp"
    table = gpd.GeoDataFrame({"W05_004": ["滑川"]}, geometry=[ROAD], crs=4326)
    table.to_file(path, encoding="cp932")
    path.with_suffix(".cpg").unlink()
    assert _layers(path)["waterway"].column("name").tolist() == ["滑川"]


_FGD = """<?xml version="1.0" encoding="UTF-8"?>
<Dataset xmlns="http://fgd.gsi.go.jp/spec/2008/FGD_GMLSchema"
 xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:xlink="http://www.w3.org/1999/xlink" gml:id="D1">
<gml:name>基盤地図情報メタデータ ID=fmdid:14-3101</gml:name>
<BldA gml:id="K1_1">
 <fid>1</fid>
 <area><gml:Surface gml:id="K1_1-g" srsName="fguuid:jgd2011.bl"><gml:patches>
  <gml:PolygonPatch><gml:exterior><gml:Ring><gml:curveMember><gml:Curve gml:id="K1_1-c">
  <gml:segments><gml:LineStringSegment><gml:posList>
{places}
  </gml:posList></gml:LineStringSegment></gml:segments></gml:Curve></gml:curveMember></gml:Ring>
  </gml:exterior></gml:PolygonPatch></gml:patches></gml:Surface></area>
 <type>普通建物</type>
</BldA>
</Dataset>
"""


def test_japans_fundamental_geospatial_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PAPERMAP_CACHE", str(tmp_path / "cache"))
    places = "\n".join(f"{lat:.9f} {lon:.9f}" for lon, lat in HOUSE.exterior.coords)
    file = tmp_path / "FG-GML-523973-BldA-20240401-0001.xml"
    file.write_text(_FGD.replace("{places}", places), "utf-8")
    (house,) = _layers(file)["building"].geometry
    assert shapely.symmetric_difference(house, _plan(HOUSE)).area < 1


# --- what strangers send ------------------------------------------------------------------------


def test_a_file_that_points_elsewhere_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "water.gpkg"
    table = gpd.GeoDataFrame({"class": ["lake"]}, geometry=[LAKE], crs=4326)
    pyogrio.write_dataframe(table, secret, layer="water")
    proxy = tmp_path / "map.gml"
    proxy.write_text(
        f'<OGRVRTDataSource><OGRVRTLayer name="water"><SrcDataSource>{secret}</SrcDataSource>'
        "</OGRVRTLayer></OGRVRTDataSource>",
        "utf-8",
    )
    with pytest.raises(BasemapError, match="not a vector file"):
        open_basemap(str(proxy))


def test_every_schema_maps_to_layers_that_styles_can_draw() -> None:
    known = {*NAMES, "aeroway", "park", "mountain_peak", "water_name", "contour", "coastline"}
    for each in schemas():
        assert {rule.to for rule in each.rules} <= known
        assert each.attribution
