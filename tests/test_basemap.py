"""The base map: read by bounds, in the plan's metres, with clear words when it cannot be."""

from __future__ import annotations

import pickle
from pathlib import Path

import geopandas as gpd
import numpy as np
import pyogrio
import pyproj
import pytest
import shapely

from papermap.basemap import EmptyBasemap, Extent, open_basemap
from papermap.basemap.vectors import basemap
from papermap.errors import BasemapError
from papermap.units import Box

CRS = "EPSG:6691"
KAMAKURA = Path(__file__).parents[2] / "shared/data/kamakura"
EVERYWHERE = Extent(Box(0, 3_000_000, 900_000, 4_500_000), CRS, 90_000)


def _metres(lon: float, lat: float) -> tuple[float, float]:
    x, y = pyproj.Transformer.from_crs(4326, CRS, always_xy=True).transform(lon, lat)
    return float(x), float(y)


def _extent(*bounds: float) -> Extent:
    """Some ground at 1:10,000."""
    return Extent(Box(*bounds), CRS, (bounds[2] - bounds[0]) / 10)


def _write(path: Path, layer: str, rows: list[dict[str, object]], **options: object) -> Path:
    table = gpd.GeoDataFrame(rows, geometry="geometry", crs="EPSG:4326")
    pyogrio.write_dataframe(table, path, layer=layer, **options)
    return path


def _roads(path: Path, **options: object) -> Path:
    rows: list[dict[str, object]] = [
        {
            "class": "minor" if i % 2 else "trunk",
            "brunnel": None,
            "name:ja": f"道{i}" if i else "",
            "geometry": shapely.LineString([(139.5 + i / 100, 35.3), (139.505 + i / 100, 35.301)]),
        }
        for i in range(10)
    ]
    return _write(path, "transportation", rows, **options)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = _roads(tmp_path / "base.gpkg", driver="GPKG")
    pond = shapely.box(139.5, 35.3, 139.51, 35.31)
    return _write(path, "water", [{"class": "lake", "geometry": pond}], append=True)


def test_layers_come_in_metres_of_the_plan_and_by_bounds(file: Path) -> None:
    x, y = _metres(139.52, 35.3)
    layers = open_basemap(str(file)).layers(
        _extent(x - 10, y - 10, x + 10, y + 10), ("transportation", "water")
    )
    roads = layers["transportation"]
    assert len(roads) == 1
    assert len(layers["water"]) == 0
    assert roads.geometry[0].coords[0] == pytest.approx((x, y), abs=0.01)
    assert roads.column("class").tolist() == ["trunk"]


def test_empty_fields_are_none_and_missing_fields_too(file: Path) -> None:
    roads = open_basemap(str(file)).layers(EVERYWHERE, ("transportation",))["transportation"]
    names = roads.column("name:ja")
    assert names[0] is None
    assert names[3] == "道3"
    assert roads.column("brunnel").tolist() == [None] * 10
    assert roads.column("name:fr").tolist() == [None] * 10


def test_missing_layers_are_empty(file: Path) -> None:
    layers = open_basemap(str(file)).layers(EVERYWHERE, ("poi", "water"))
    assert len(layers["poi"]) == 0
    assert len(layers["water"]) == 1


def test_only_the_path_travels_to_another_process(file: Path) -> None:
    base = open_basemap(str(file))
    first = base.layers(EVERYWHERE, ("transportation",))["transportation"]
    packed = pickle.dumps(base)
    assert len(packed) < 1000
    again = pickle.loads(packed)  # noqa: S301
    second = again.layers(EVERYWHERE, ("transportation",))["transportation"]
    assert shapely.equals(first.geometry, second.geometry).all()
    assert again.attribution == base.attribution == "© OpenStreetMap contributors, © OpenMapTiles"


def test_sheets_of_one_block_are_read_once(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    base = open_basemap(str(file))
    x, y = _metres(139.52, 35.3)
    first = _extent(x - 10, y - 10, x + 10, y + 10)
    second = _extent(x + 10, y - 10, x + 30, y + 10)
    base.prepare([first, second], lambda _done, _total: None)
    base.layers(first, ("transportation",))
    monkeypatch.setattr(pyogrio.raw, "read", None)
    assert len(base.layers(second, ("transportation",))["transportation"]) >= 1


def test_what_is_read_for_a_sheet_does_not_depend_on_those_before(file: Path) -> None:
    """Workers take sheets in any order, and must print the same."""
    x, y = _metres(139.5, 35.3)
    sheets = [_extent(x + n * 900, y, x + n * 900 + 1000, y + 800) for n in range(12)]
    whole = _extent(x, y, x + 11_000, y + 800)  # the overview
    read = []
    for order in ([whole, *sheets], sheets[::-1], [*sheets[5:], *sheets[:5]]):
        base = open_basemap(str(file))
        assert isinstance(base, basemap.VectorBasemap)
        base.prepare([whole, *sheets], lambda _done, _total: None)
        for extent in order:
            base.layers(extent, ("transportation",))
        read.append([base._block(extent).bounds for extent in sheets])
        for extent, bounds in zip(sheets, read[-1], strict=True):
            assert shapely.box(*bounds).covers(shapely.box(*extent.bounds))
        assert 1 < len(set(read[-1])) < 5  # some sheets at once
    assert read[0] == read[1] == read[2]


def test_blocks_give_the_same_features_as_the_whole(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(basemap, "_KEPT", 0)
    base = open_basemap(str(file))
    for lon in (139.5, 139.52, 139.56, 139.59, 139.5):
        x, y = _metres(lon, 35.3)
        found = base.layers(_extent(x - 50, y - 50, x + 50, y + 50), ("transportation",))
        roads = found["transportation"]
        assert len(roads) == 1
        assert shapely.distance(roads.geometry[0], shapely.Point(x, y)) < 50


def test_without_a_file_every_layer_is_empty() -> None:
    base = open_basemap(None)
    assert base == EmptyBasemap()
    assert len(base.layers(EVERYWHERE, ("water",))["water"]) == 0
    assert base.attribution == ""


def test_one_layer_files_are_known_by_their_name(tmp_path: Path) -> None:
    for name, driver in (("Transportation.geojson", "GeoJSON"), ("transportation.fgb", None)):
        path = tmp_path / name
        rows = [{"class": "rail", "geometry": shapely.LineString([(139.5, 35.3), (139.6, 35.3)])}]
        _write(path, "export", rows, driver=driver or "FlatGeobuf")
        layers = open_basemap(str(path)).layers(EVERYWHERE, ("transportation",))
        assert layers["transportation"].column("class").tolist() == ["rail"]


def test_areas_are_made_valid(tmp_path: Path) -> None:
    bow = shapely.Polygon([(139.5, 35.3), (139.6, 35.4), (139.6, 35.3), (139.5, 35.4)])
    path = _write(tmp_path / "water.gpkg", "water", [{"class": "lake", "geometry": bow}])
    water = open_basemap(str(path)).layers(EVERYWHERE, ("water",))["water"]
    assert shapely.is_valid(water.geometry).all()


@pytest.mark.parametrize("what", ["missing", "directory", "png", "empty", "other layers"])
def test_wrong_files_are_told_in_a_sentence(tmp_path: Path, what: str) -> None:
    path = tmp_path / "map.gpkg"
    if what == "directory":
        path.mkdir()
    elif what == "png":
        path.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    elif what == "empty":
        path.touch()
    elif what == "other layers":
        _write(path, "parcels", [{"geometry": shapely.Point(139.5, 35.3)}])
    with pytest.raises(BasemapError) as caught:
        open_basemap(str(path))
    assert str(path) in caught.value.message
    assert caught.value.message.endswith(".")
    assert caught.value.hint
    if what == "other layers":
        assert "parcels" in caught.value.message


def test_a_file_that_went_away_is_told(file: Path) -> None:
    base = open_basemap(str(file))
    file.unlink()
    with pytest.raises(BasemapError, match="cannot be read"):
        base.layers(EVERYWHERE, ("water",))


@pytest.mark.skipif(not KAMAKURA.is_dir(), reason="the real data are not here")
@pytest.mark.parametrize("name", ["kamakura_base.gpkg", "kamakura_z9-13_openmaptiles.mbtiles"])
def test_real_files(name: str) -> None:
    base = open_basemap(str(KAMAKURA / name))
    x, y = _metres(139.5505, 35.319)
    layers = base.layers(
        _extent(x - 930, y - 700, x + 930, y + 700), ("transportation", "place", "poi")
    )
    roads = layers["transportation"]
    assert len(roads) > 300
    assert {"tertiary", "rail", "minor"} <= set(roads.column("class"))
    assert any(value == "bridge" for value in roads.column("brunnel"))
    assert len(layers["poi"]) == 0
    assert "OpenStreetMap" in base.attribution
    assert "OpenMapTiles" in base.attribution
    assert np.char.startswith(layers["place"].column("name").astype(str), "由比ガ浜").any()
