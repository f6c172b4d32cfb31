"""GeoPackage, FlatGeobuf, Shapefile, GPX and their like: every layer, every row, every letter."""

from __future__ import annotations

import io
import json
import sqlite3
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely
import vector_files as files

from papermap.checks import check_source
from papermap.errors import SourceError
from papermap.model import Checked
from papermap.readers import RawSource, read
from papermap.vocabulary import load_vocabulary


def _read(data: bytes) -> RawSource:
    return read("-", stdin=io.BytesIO(data))


def _checked(raw: RawSource) -> Checked:
    return check_source(raw, load_vocabulary())


def _codes(raw: RawSource) -> set[str]:
    return {problem.code for problem in raw.problems}


@pytest.mark.parametrize(
    ("name", "driver", "form"),
    [("a.gpkg", "GPKG", "GeoPackage"), ("a.fgb", "FlatGeobuf", "FlatGeobuf")],
)
def test_points_from_standard_input(tmp_path: Path, name: str, driver: str, form: str) -> None:
    raw = _read(files.written(tmp_path / name, driver))
    assert raw.format == form
    assert not raw.problems
    points = _checked(raw).points
    assert {(p.name, p.lon, p.lat) for p in points} == {
        ("潮見中学校", 139.5, 35.3),
        ("港公民館", 139.51, 35.31),
    }


def test_layers_are_categories_and_may_differ_in_their_system(tmp_path: Path) -> None:
    path = tmp_path / "town.gpkg"
    files.written(path, "GPKG", layer="給水")
    metres = [shapely.Point(363_643.0, 3_907_000.0), None]
    files.written(path, "GPKG", metres, layer="避難所", crs="EPSG:32654", append=True)
    area = [shapely.box(139.5, 35.3, 139.51, 35.31)]
    columns = {"name": ["港"]}
    files.written(path, "GPKG", area, columns, kind="Polygon", layer="浸水", append=True)
    raw = read(str(path))
    checked = _checked(raw)
    assert [feature.layer for feature in raw.features] == ["給水"] * 2 + ["避難所"] * 2 + ["浸水"]
    assert [point.category for point in checked.points] == ["water", "water", "shelter"]
    assert (checked.points[2].lon, checked.points[2].lat) == pytest.approx((139.5, 35.3), abs=0.01)
    assert [place.name for place in checked.unplaced] == ["港公民館"]
    assert [area.category for area in checked.areas] == ["flooded"]
    assert checked.sources[0].features_in == 5


def test_tables_without_places_are_told(tmp_path: Path) -> None:
    path = tmp_path / "town.gpkg"
    files.written(path, "GPKG")
    with sqlite3.connect(path) as database:
        for table in ("layer_styles", "memo"):
            database.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, x TEXT)")
            database.execute(
                "INSERT INTO gpkg_contents (table_name, data_type) VALUES (?, 'attributes')",
                (table,),
            )
    database.close()
    raw = read(str(path))
    assert [(p.code, p.value) for p in raw.problems] == [("PM075", "memo")]


def test_empty_and_null_geometry_and_every_type_of_value(tmp_path: Path) -> None:
    shapes = [shapely.Point(), None, shapely.Point(139.5, 35.3, 35)]
    columns = {
        "name": ["a", "b", "c"],
        "収容人数": np.array([np.nan, np.nan, 200]),
        "mark": ["", None, "x"],
    }
    raw = _read(files.written(tmp_path / "a.gpkg", "GPKG", shapes, columns, kind="Point Z"))
    checked = _checked(raw)
    assert [(p.name, p.lat, p.capacity) for p in checked.points] == [("c", 35.3, "200")]
    assert {(p.name, p.reason) for p in checked.unplaced} == {("a", "PM016"), ("b", "PM010")}


def test_a_layer_without_a_system_is_told(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="crs"):
        data = files.written(tmp_path / "a.fgb", "FlatGeobuf", crs=None)
    raw = _read(data)
    assert _codes(raw) == {"PM073"}
    assert len(_checked(raw).points) == 2


def test_lines_and_areas_of_flatgeobuf(tmp_path: Path) -> None:
    line = [shapely.LineString([(139.5, 35.3), (139.51, 35.31)])]
    columns = {"name": ["県道"], "category": ["通行止め"]}
    raw = _read(files.written(tmp_path / "a.fgb", "FlatGeobuf", line, columns, kind="LineString"))
    assert [each.category for each in _checked(raw).lines] == ["road_closed"]


def _shapefile(folder: Path, encoding: str, **options: Any) -> dict[str, bytes]:
    files.written(folder / "town.shp", "ESRI Shapefile", encoding=encoding, **options)
    return {each.suffix: each.read_bytes() for each in folder.glob("town.*")}


def test_a_shapefile_with_its_siblings(tmp_path: Path) -> None:
    _shapefile(tmp_path, "utf-8")
    raw = read(str(tmp_path / "town.shp"))
    assert (raw.format, raw.problems) == ("Shapefile", ())
    assert [f.properties["name"] for f in raw.features] == list(files.NAMES)


@pytest.mark.parametrize("named", ["932", "SJIS", "Shift_JIS", "ANSI 932", "cp932", "UTF-8", None])
def test_cp932_with_and_without_a_word_on_it(tmp_path: Path, named: str | None) -> None:
    parts = _shapefile(tmp_path, "cp932")
    parts.pop(".cpg", None)
    if named:
        parts[".cpg"] = named.encode()
    raw = _read(files.zipped({f"folder/町{suffix}": data for suffix, data in parts.items()}))
    assert [f.properties["name"] for f in raw.features] == list(files.NAMES)
    assert _codes(raw) == (set() if named and named != "UTF-8" else {"PM001"})


def test_missing_siblings_are_told() -> None:
    raw = _read(files.bare_shapefile())
    assert _codes(raw) == {"PM072", "PM073"}
    assert raw.features[0].geometry == {"type": "Point", "coordinates": (139.5, 35.3)}


def test_the_projection_of_a_shapefile_counts(tmp_path: Path) -> None:
    metres = [shapely.Point(-25_000.0, -75_000.0)]  # plane rectangular system IX
    parts = _shapefile(tmp_path, "utf-8", geometry=metres, columns={"name": ["x"]}, crs="EPSG:6677")
    (point,) = _checked(_read(files.zipped({f"a{k}": v for k, v in parts.items()}))).points
    assert (point.lon, point.lat) == pytest.approx((139.55, 35.32), abs=0.05)


def test_several_shapefiles_in_one_archive(tmp_path: Path) -> None:
    parts = _shapefile(tmp_path, "utf-8")
    members = {f"{name}{k}": v for name in ("給水", "トイレ") for k, v in parts.items()}
    checked = _checked(_read(files.zipped(members | {"../x.shp": b"x", "readme.txt": b""})))
    assert sorted(p.category for p in checked.points) == ["toilet"] * 2 + ["water"] * 2


def test_gpx() -> None:
    raw = _read(files.GPX.encode())
    checked = _checked(raw)
    assert (raw.title, raw.format) == ("避難経路", "GPX")
    (point,) = checked.points
    assert (point.name, point.category, point.note) == ("給水車", "water", "1人6L")
    assert [(each.name, each.category) for each in checked.lines] == [
        ("迂回路", "road_passable"),
        ("歩いた道", "other"),
    ]
    assert len(shapely.get_parts(checked.lines[1].geometry)) == 2
    assert [(p.name, p.reason) for p in checked.unplaced] == [("こわれた点", "PM012")]
    assert checked.sources[0].features_in == 4


def test_esri_json_and_topojson() -> None:
    esri = {
        "geometryType": "esriGeometryPoint",
        "spatialReference": {"wkid": 4326},
        "fields": [{"name": "名称", "type": "esriFieldTypeString", "alias": "名称", "length": 50}],
        "features": [{"attributes": {"名称": "港"}, "geometry": {"x": 139.5, "y": 35.3}}],
    }
    topology = {
        "type": "Topology",
        "objects": {
            "給水": {
                "type": "GeometryCollection",
                "geometries": [
                    {"type": "Point", "coordinates": [139.5, 35.3], "properties": {"名称": "港"}}
                ],
            }
        },
        "arcs": [],
    }
    for value, category in ((esri, "other"), (topology, "water")):
        (point,) = _checked(_read(json.dumps(value).encode())).points
        assert (point.name, point.lat, point.category) == ("港", 35.3, category)


@pytest.mark.parametrize(("name", "driver"), [("a.gpkg", "GPKG"), ("a.fgb", "FlatGeobuf")])
def test_cut_off_is_refused_in_a_sentence(tmp_path: Path, name: str, driver: str) -> None:
    data = files.written(tmp_path / name, driver)
    with pytest.raises(SourceError, match="broken"):
        _read(data[:120])


def test_what_is_not_of_the_earth_is_refused(tmp_path: Path) -> None:
    parts = _shapefile(tmp_path, "utf-8")
    parts[".prj"] = b'LOCAL_CS["Local",UNIT["metre",1]]'
    with pytest.raises(SourceError, match="not one of the earth"):
        _read(files.zipped({f"a{k}": v for k, v in parts.items()}))
