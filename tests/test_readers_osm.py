"""OpenStreetMap in three dresses: the same places come out of each."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import vector_files as files

from papermap.checks import check_source
from papermap.errors import SourceError
from papermap.model import Checked, Severity
from papermap.readers import RawSource, read
from papermap.vocabulary import load_vocabulary


def _read(data: bytes | str) -> RawSource:
    return read("-", stdin=io.BytesIO(data.encode() if isinstance(data, str) else data))


def _checked(data: bytes | str) -> Checked:
    return check_source(_read(data), load_vocabulary())


def _overpass(*elements: object, **more: object) -> str:
    return json.dumps({"version": 0.6, "elements": list(elements), **more})


_WATER = {
    "type": "node", "id": 1, "lat": 35.3, "lon": 139.5, "timestamp": "2026-01-01T00:00:00Z",
    "tags": {
        "amenity": "drinking_water", "name": "みなと公園", "fee": "no",
        "addr:quarter": "港町", "addr:block_number": "2", "addr:housenumber": "5",
    },
}  # fmt: skip
_CORNERS = [(35.31, 139.50), (35.31, 139.51), (35.30, 139.51), (35.31, 139.50)]
_SHAPE = [{"lat": lat, "lon": lon} for lat, lon in _CORNERS]
_TOILETS = {"type": "way", "id": 5, "geometry": _SHAPE, "tags": {"amenity": "toilets"}}
_HOSPITAL = {
    "type": "relation", "id": 8, "tags": {"type": "multipolygon", "amenity": "hospital"},
    "members": [
        {"type": "way", "ref": 6, "role": "outer", "geometry": _SHAPE[:3]},
        {"type": "way", "ref": 7, "role": "outer", "geometry": _SHAPE[2:]},
    ],
}  # fmt: skip
_RAIN = {"type": "node", "id": 9, "lat": 35.3, "lon": 139.52, "tags": {"amenity": "shelter"}}


@pytest.mark.parametrize(
    "town",
    [
        lambda _: files.OSM.encode(),
        files.osm_pbf,
        lambda _: _overpass(_WATER, _TOILETS, _HOSPITAL, _RAIN).encode(),
    ],
    ids=["xml", "pbf", "overpass"],
)
def test_one_town_three_forms(tmp_path: Path, town: Callable[[Path], bytes]) -> None:
    checked = _checked(town(tmp_path))
    assert {(p.id, p.category) for p in checked.points} == {
        ("node/1", "water"),
        ("way/5", "toilet"),
        ("relation/8", "medical"),
    }
    water = next(point for point in checked.points if point.id == "node/1")
    assert (water.name, water.address, water.cost) == ("みなと公園", "港町2-5", "無料 (free)")
    assert water.updated_at is not None
    assert water.updated_at.isoformat() == "2026-01-01T00:00:00+00:00"
    assert (water.lon, water.lat) == pytest.approx((139.5, 35.3))
    assert not water.note  # no tag stands on paper as it is
    (report,) = checked.sources
    assert report.features_in == 3 == report.points
    assert report.attribution == "© OpenStreetMap contributors"


def test_a_rain_shelter_is_no_evacuation_shelter() -> None:
    assert not any(p.category == "shelter" for p in _checked(_overpass(_WATER, _RAIN)).points)
    feature = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [139.5, 35.3]},
        "properties": {"amenity": "shelter", "name": "あずまや"},
    }
    (point,) = _checked(json.dumps(feature)).points
    assert point.category != "shelter"


def test_what_is_left_out_is_told_once() -> None:
    road = {"type": "way", "id": 3, "tags": {"highway": "service"}, "nodes": [1]}
    raw = _read(_overpass(_WATER, _RAIN, road, {"type": "node", "id": 4, "lat": 1, "lon": 1}))
    (told,) = raw.problems
    assert (told.code, told.severity, told.params["count"]) == ("PM070", Severity.NOTICE, "2")
    assert told.value == "amenity=shelter 1, highway 1"
    assert len(raw.features) == 1


def test_an_answer_that_is_not_whole_is_told() -> None:
    raw = _read(_overpass(_WATER, remark="runtime error: Query timed out"))
    assert [(p.code, p.value) for p in raw.problems] == [
        ("PM071", "runtime error: Query timed out")
    ]


_NODES = [{"type": "node", "id": n, **at} for n, at in enumerate(_SHAPE[:3], 20)]


@pytest.mark.parametrize(
    "shape",
    [
        {"center": {"lat": 35.305, "lon": 139.505}},
        {"bounds": {"minlat": 35.3, "minlon": 139.5, "maxlat": 35.31, "maxlon": 139.51}},
        {"nodes": [20, 21, 22, 20]},
        {"geometry": [None, *_SHAPE[:3]]},
    ],
)
def test_every_way_to_say_where_a_way_is(shape: dict[str, Any]) -> None:
    way = {"type": "way", "id": 5, "tags": {"amenity": "toilets"}, **shape}
    (point,) = _checked(_overpass(way, *_NODES)).points  # its nodes come behind it
    assert (point.lon, point.lat) == pytest.approx((139.505, 35.305), abs=0.01)


def test_tags_and_shape_of_one_thing_are_one_feature() -> None:
    tags = {"type": "way", "id": 5, "tags": {"amenity": "toilets"}}
    assert len(_checked(_overpass(tags, _TOILETS)).points) == 1


def test_broken_elements_cost_themselves_only() -> None:
    checked = _checked(_overpass(7, {**_WATER, "lat": "north"}, _TOILETS, {"type": "way"}))
    (report,) = checked.sources
    assert (report.features_in, report.points, report.unplaced, report.skipped) == (3, 1, 1, 1)
    assert {p.code for p in checked.problems if p.skipped or p.unplaced} == {"PM010", "PM012"}


def test_a_number_that_is_none_in_xml() -> None:
    (place,) = _checked(
        files.OSM.replace('lat="35.30" lon="139.50" v', 'lat="x" lon="1" v')
    ).unplaced
    assert (place.name, place.reason) == ("みなと公園", "PM012")


@pytest.mark.parametrize("end", [30, 80, 200])
def test_a_pbf_cut_off_is_refused(tmp_path: Path, end: int) -> None:
    with pytest.raises(SourceError, match="broken OpenStreetMap file"):
        _read(files.osm_pbf(tmp_path)[:end])
