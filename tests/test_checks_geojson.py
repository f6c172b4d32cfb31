"""What was checked, written as our GeoJSON and read again, is the same set."""

from __future__ import annotations

import dataclasses
import io
import json
from typing import Any

import shapely
from check_strategies import GEOMETRIES, PROPERTIES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papermap.checks import check_source
from papermap.checks.geojson import points_geojson
from papermap.model import Checked, Kind, MapFeature, Origin, Said, Status
from papermap.readers import read
from papermap.vocabulary import load_vocabulary

# where a thing came from is another file's matter after it was written
_PROVENANCE = {"origin", "joined", "earlier", "reason"}


def checked(text: str) -> Checked:
    return check_source(
        read("-", stdin=io.BytesIO(text.encode("utf-8", "surrogatepass"))), load_vocabulary()
    )


def again(first: Checked) -> Checked:
    return checked(points_geojson(first))


def same(first: Checked, second: Checked) -> None:
    for kind in ("points", "lines", "areas", "unplaced"):
        ours, theirs = getattr(first, kind), getattr(second, kind)
        assert [_told(thing, first) for thing in ours] == [_told(thing, second) for thing in theirs]
    assert second.sources[0].skipped == 0


def _told(thing: Any, of: Checked) -> dict[str, Any]:
    told = {
        field.name: getattr(thing, field.name)
        for field in dataclasses.fields(thing)
        if field.name not in _PROVENANCE
    }
    if isinstance(thing, MapFeature):
        told["geometry"] = shapely.remove_repeated_points(thing.geometry).normalize()
    told["names"] = dict(thing.names)
    if "original" in told:
        told["original"] = dict(thing.original)
    told["category"] = of.categories[thing.category]
    return told


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(GEOMETRIES, PROPERTIES), min_size=1, max_size=6))
def test_what_was_read_is_written_and_read_the_same(features: list[tuple[Any, Any]]) -> None:
    document = {
        "type": "FeatureCollection",
        "features": [
            {"type": "Feature", "geometry": geometry, "properties": properties}
            for geometry, properties in features
        ],
    }
    first = checked(json.dumps(document))
    if first.points or first.lines or first.areas or first.unplaced:
        same(first, again(first))


def _feature(geometry: object = None, **properties: object) -> str:
    return json.dumps({"type": "Feature", "geometry": geometry, "properties": properties})


_POINT = {"type": "Point", "coordinates": [139.5, 35.3]}


def test_every_field_of_a_point() -> None:
    first = checked(
        _feature(
            _POINT, **{"name": "潮見中学校", "name:en": "Shiomi School"},
            reading="シオミ", category="給水(青：確認済)_台風19号", status="満員",
            hours="9:00-17:00", capacity="200", available="3", bring="容器", cost="無料", floor="2",
            address="港町1-2", phone="0467-00-0000", accessibility="段差なし", pets="可",
            event="台風", url="https://a.example/",
            note="1人6L\n2列", updated_at="2026-09-14T15:40+09:00", expires_at="2026-09-15",
        )
    )  # fmt: skip
    written = json.loads(points_geojson(first))["features"][0]["properties"]
    assert written["category"] == "water"
    assert (written["status"], written["confirmed"]) == ("full", True)
    assert written["papermap"]["source"] == "-"
    assert first.points[0].status is Status.FULL
    same(first, again(first))


def test_markup_that_is_meant_stays() -> None:
    first = checked(_feature(_POINT, name="&lt;b&gt;太字&lt;/b&gt;", note="A &amp;amp; B"))
    assert first.points[0].name == "<b>太字</b>"
    same(first, again(first))


def test_unknown_categories_keep_name_and_sign() -> None:
    first = checked(_feature(_POINT, name="x", category="手話通訳（閉鎖）_能登|2"))
    assert not first.categories[first.points[0].category].known
    same(first, again(first))


def test_an_area_without_category_stays_an_area() -> None:
    ring = [[139.5, 35.3], [139.6, 35.3], [139.6, 35.4], [139.5, 35.3]]
    first = checked(_feature({"type": "Polygon", "coordinates": [ring[::-1]]}, name="x"))
    assert first.areas[0].kind is Kind.AREA
    written = json.loads(points_geojson(first))["features"][0]["geometry"]
    assert shapely.geometry.shape(written).exterior.is_ccw
    same(first, again(first))


def test_places_without_position_and_provenance() -> None:
    first = checked(_feature(None, name="集会所", address="港町3"))
    place = dataclasses.replace(
        first.unplaced[0],
        joined=(first.unplaced[0].origin,),
        history=(Said("hours", "8-9", first.unplaced[0].origin),),
    )
    first = dataclasses.replace(first, unplaced=(place,))
    written = json.loads(points_geojson(first))["features"][0]
    assert written["geometry"] is None
    assert written["properties"]["papermap"]["history"] == [
        {"field": "hours", "value": "8-9", "source": "-", "feature": 1}
    ]
    same(first, again(first))


def test_what_gave_way_and_how_it_was_written_are_read_again() -> None:
    first = checked(
        _feature(
            _POINT,
            name="潮見中学校",
            category="給水(青：確認済)_台風19号",
            papermap={
                "source": "city.csv",
                "feature": 3,
                "row": 4,
                "joined": [{"source": "a.kml", "feature": 1}],
                "history": [
                    {"field": "hours", "value": "9-17", "source": "a.kml", "feature": 1},
                    {"field": "lon", "value": "1", "source": "a.kml", "feature": 1},
                ],
            },
        )
    )
    second = again(again(first))
    (point,) = second.points
    assert point.original["category"] == "給水(青：確認済)_台風19号"
    assert point.history == (Said("hours", "9-17", Origin("a.kml", 1)),)
    assert [origin.source for origin in point.earlier] == ["-", "city.csv", "a.kml"]
    assert Origin("city.csv", 3, row=4) in point.earlier


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["source", "feature", "field", "value", "updated_at", "history", "x"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(st.sampled_from(["source", "joined", "earlier", "original", "history"]), _JSON)
)
def test_a_strangers_provenance_harms_nothing(told: dict[str, Any]) -> None:
    first = checked(_feature(_POINT, name="潮見中学校", papermap=told))
    assert first.points[0].name == "潮見中学校"
    assert first.points[0].origins == (Origin("-", 1),)
    same(first, again(first))
