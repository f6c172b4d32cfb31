"""Strangers' files are recognised from content, read whole or refused in one clear sentence."""

from __future__ import annotations

import hashlib
import io
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papermap.errors import SourceError, UsageError
from papermap.headers import Headers
from papermap.readers import read
from papermap.readers.source import load

POINT = {"type": "Point", "coordinates": [139.5, 35.3]}
FEATURE = {"type": "Feature", "geometry": POINT, "properties": {"name": "給水所"}}
COLLECTION = {"type": "FeatureCollection", "features": [FEATURE, FEATURE]}


def write(folder: Path, content: object, name: str = "a.geojson") -> str:
    path = folder / name
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=False)
        path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize(
    ("value", "count"),
    [
        (COLLECTION, 2),
        (FEATURE, 1),
        (POINT, 1),
        ({"type": "GeometryCollection", "geometries": [POINT, POINT]}, 1),
        ([FEATURE, POINT], 2),
        ({"features": [FEATURE]}, 1),
        ({"type": "FeatureCollection", "features": []}, 0),
    ],
)
def test_every_way_to_write_geojson(tmp_path: Path, value: object, count: int) -> None:
    path = write(tmp_path, value)
    source = read(path)
    assert (source.format, len(source.features), source.crs) == ("GeoJSON", count, "EPSG:4326")
    assert source.sha256 == hashlib.sha256(Path(path).read_bytes()).hexdigest()
    assert [feature.number for feature in source.features] == list(range(1, count + 1))


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"]
)
def test_unicode_in_any_dress(tmp_path: Path, encoding: str) -> None:
    data = json.dumps(COLLECTION, ensure_ascii=False).encode(encoding)
    source = read(write(tmp_path, data))
    assert source.features[0].properties["name"] == "給水所"
    assert source.problems == ()


def test_shift_jis_is_read_and_told(tmp_path: Path) -> None:
    data = json.dumps(COLLECTION, ensure_ascii=False).encode("cp932")
    source = read(write(tmp_path, data))
    assert source.features[0].properties["name"] == "給水所"
    assert [problem.code for problem in source.problems] == ["PM001"]


@pytest.mark.parametrize("between", ["\n", "\r\n", "\n\n"])
def test_one_feature_a_line(tmp_path: Path, between: str) -> None:
    text = between.join(json.dumps(FEATURE) for _ in range(3)) + between
    source = read(write(tmp_path, text))
    assert source.format == "GeoJSON (newline-delimited)"
    assert len(source.features) == 3


def test_record_separators_of_rfc_8142(tmp_path: Path) -> None:
    text = "".join(f"\x1e{json.dumps(FEATURE, indent=1)}\n" for _ in range(3))
    assert len(read(write(tmp_path, text)).features) == 3


def test_a_broken_line_costs_itself_only(tmp_path: Path) -> None:
    line = json.dumps(FEATURE)
    source = read(write(tmp_path, f"{line}\n{line[:-9]}\n{line}\n"))
    assert len(source.features) == 3
    (problem,) = source.problems
    assert (problem.code, problem.feature, problem.skipped) == ("PM003", 2, True)
    assert problem.params["line"] == "2"


def test_records_a_line(tmp_path: Path) -> None:
    row = json.dumps({"name": "a", "lat": 35.3, "lng": 139.5})
    source = read(write(tmp_path, f"{row}\n{row}\n"))
    assert source.format == "JSON records"
    assert source.features[1].geometry == POINT


def test_standard_input() -> None:
    source = read("-", stdin=io.BytesIO(json.dumps(COLLECTION).encode()))
    assert (source.path, len(source.features)) == ("-", 2)


@pytest.mark.parametrize(
    ("crs", "expected"),
    [
        (None, "EPSG:4326"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("EPSG:4326", "EPSG:4326"),
        ("urn:ogc:def:crs:EPSG::6668", "EPSG:6668"),
        ("EPSG:2451", "EPSG:2451"),
    ],
)
def test_legacy_crs(tmp_path: Path, crs: str | None, expected: str) -> None:
    member = crs and {"type": "name", "properties": {"name": crs}}
    assert read(write(tmp_path, {**COLLECTION, "crs": member})).crs == expected


@pytest.mark.parametrize("name", ["EPSG:999999", "+init=file:/etc/passwd", "urn:nonsense"])
def test_a_crs_nobody_knows_is_refused(tmp_path: Path, name: str) -> None:
    member = {"type": "name", "properties": {"name": name}}
    with pytest.raises(SourceError, match="unknown coordinate system"):
        read(write(tmp_path, {**COLLECTION, "crs": member}))


def test_an_odd_crs_member_is_told(tmp_path: Path) -> None:
    source = read(write(tmp_path, {**COLLECTION, "crs": {"type": "link"}}))
    assert [problem.code for problem in source.problems] == ["PM002"]


@pytest.mark.parametrize(
    "keys",
    [
        ("lat", "lng"),
        ("latitude", "longitude"),
        ("緯度", "経度"),
        ("Lat", "LON"),
        ("ｌａｔ", "lon"),
    ],
)
def test_records_by_their_keys(tmp_path: Path, keys: tuple[str, str]) -> None:
    rows = [{"name": "a", keys[0]: "35.3", keys[1]: 139.5}, {"name": "b", keys[0]: "", keys[1]: ""}]
    source = read(write(tmp_path, rows, "a.json"))
    assert source.format == "JSON records"
    assert source.features[0].geometry == {"type": "Point", "coordinates": [139.5, "35.3"]}
    assert source.features[0].properties == {"name": "a"}
    assert source.features[1].geometry is None


def test_records_inside_an_object(tmp_path: Path) -> None:
    rows = [{"lat": 35.3, "lng": 139.5}]
    assert len(read(write(tmp_path, {"result": {"records": rows}, "n": 1})).features) == 1
    with pytest.raises(SourceError, match="several lists"):
        read(write(tmp_path, {"a": rows, "b": rows}))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\0" * 50, "is empty"),
        (b"\x89PNG\r\n\x1a\n\0\0", "PNG picture"),
        (b"\xff\xd8\xff\xe0", "JPEG picture"),
        (b"%PDF-1.7", "PDF"),
        (b"\xef\xbb\xbf<!DOCTYPE html><html>", "HTML"),
        (b"PK\x03\x04\x14\0doc.kml", "KMZ that is cut off"),
        (b"PK\x03\x04\x14\0[Content_Types].xml", "workbook that is cut off"),
        (b"PK\x03\x04\x14\0points.geojson", "ZIP"),
        (b"SQLite format 3\0", "SQLite"),
        (b"hello", "neither GeoJSON"),
        (b"\xff\x80\x81\xfe\xfd\xa0\xff", "not text"),
        (b'{"type": "Topology", "objects": {}}', "TopoJSON"),
        (b'{"map_title": "x", "sources": []}', "mapprint"),
        (b'{"type": "FeatureCollection"}', "without a list of features"),
        (b'{"a": 1}', "no list of places"),
        (b"[1, 2]", "no list of places"),
        (b"{}", "no list of places"),
    ],
)
def test_refused_with_a_clear_sentence(tmp_path: Path, content: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says) as caught:
        read(write(tmp_path, content, "strange.dat"))
    assert "strange.dat" in caught.value.message
    assert caught.value.hint
    assert caught.value.exit_status == 1


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("missing.geojson", "There is no file"),
        (".", "is a folder"),
        ("https://example.org/a.geojson", "web address"),
        ("a\0b", "cannot be read"),
    ],
)
def test_no_file_no_traceback(name: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        read(name)


def test_the_nearest_name_is_offered(tmp_path: Path) -> None:
    write(tmp_path, FEATURE, "points.geojson")
    with pytest.raises(SourceError) as caught:
        read(str(tmp_path / "point.geojson"))
    assert "points.geojson" in caught.value.hint


def test_larger_than_the_limit() -> None:
    with pytest.raises(SourceError, match="larger than"):
        load("-", io.BytesIO(b"x" * 2000), limit=1000)


@pytest.mark.parametrize("cut", [1, 3, 20, 55, 120])
def test_cut_off_json_says_where(tmp_path: Path, cut: int) -> None:
    text = json.dumps(COLLECTION, indent=1)[:-cut]
    with pytest.raises(SourceError) as caught:
        read(write(tmp_path, text))
    assert "line" in caught.value.message
    assert "column" in caught.value.message
    assert "cut off" in caught.value.hint


def test_a_mistake_in_the_middle_is_not_called_cut_off(tmp_path: Path) -> None:
    text = json.dumps(COLLECTION, indent=1).replace('"properties"', "properties", 1)
    with pytest.raises(SourceError) as caught:
        read(write(tmp_path, text))
    assert "cut off" not in caught.value.hint


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "[" * 100_000 + "]" * 100_000, '{"a":' * 100_000 + "1" + "}" * 100_000]
)
def test_nested_too_deep(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError, match="nested too deep"):
        read(write(tmp_path, text))


def test_numbers_python_would_refuse(tmp_path: Path) -> None:
    text = json.dumps(COLLECTION).replace("139.5", "9" * 5000, 1).replace("139.5", "NaN")
    first, second = read(write(tmp_path, text)).features
    assert first.geometry is not None
    assert first.geometry["coordinates"][0] == "9" * 5000
    assert second.geometry is not None
    assert second.geometry["coordinates"][0] != second.geometry["coordinates"][0]


def test_repeated_keys_are_told(tmp_path: Path) -> None:
    text = '{"type":"Point","coordinates":[1,2],"coordinates":[3,4]}'
    source = read(write(tmp_path, text))
    assert source.features[0].geometry == {"type": "Point", "coordinates": [3, 4]}
    assert [(p.code, p.field) for p in source.problems] == [("PM004", "coordinates")]


def test_unknown_format() -> None:
    with pytest.raises(UsageError, match="Unknown form of data"):
        read("-", stdin=io.BytesIO(b"{}"), headers=Headers(read_as="kmx"))


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode("utf-8", "ignore"))
)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        read("-", stdin=io.BytesIO(data))
    except SourceError as error:
        assert error.hint  # noqa: PT017


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5) | st.sampled_from(["Feature"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["type", "features", "geometry", "coordinates", "lat", "lng", "crs"]),
            inner,
        )
    ),
    max_leaves=15,
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(_JSON)
def test_any_json_is_read_or_refused(value: object) -> None:
    try:
        read("-", stdin=io.BytesIO(json.dumps(value).encode()))
    except SourceError as error:
        assert error.hint  # noqa: PT017


DATA = Path(__file__).parents[2] / "shared/data/kamakura"


@pytest.mark.skipif(not DATA.exists(), reason="real data is not part of the project")
@pytest.mark.parametrize(
    ("name", "count", "placeless"),
    [
        ("aed.json", 296, [271]),
        ("public.json", 106, [6, 7]),
        ("universal.json", 25, []),
        ("widearea-shelters.json", 21, []),
        ("kamakura_all.geojson", 3532, []),
        ("chome_kamakura.geojson", 894, []),
    ],
)
def test_real_files(name: str, count: int, placeless: list[int]) -> None:
    source = read(str(DATA / name))
    assert len(source.features) == count
    assert [f.number for f in source.features if f.geometry is None] == placeless
