"""GeoJSON as survey and reporting tools write it: Kobo and ODK, Ushahidi, simplestyle."""

from __future__ import annotations

import io
import json
from typing import Any

from papermap.checks import check_source
from papermap.checks.mend import mended
from papermap.model import Checked
from papermap.readers import RawSource, read
from papermap.vocabulary import load_vocabulary


def _read(*features: dict[str, Any]) -> RawSource:
    document = {"type": "FeatureCollection", "features": list(features)}
    return read("-", stdin=io.BytesIO(json.dumps(document).encode()))


def _checked(*features: dict[str, Any]) -> Checked:
    return check_source(_read(*features), load_vocabulary())


def _feature(geometry: dict[str, Any], **properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def _point(*ordinates: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(ordinates)}


def test_the_third_ordinate_of_kobo_is_no_height() -> None:
    answers = {
        "_id": 4711, "_uuid": "a-b", "_submission_time": "2026-09-14T10:00:00", "_status": "x",
        "name": "潮見小 給水", "category": "給水",
    }  # fmt: skip
    features = [_feature(_point(139.5, 35.3, accuracy), **answers) for accuracy in (4.9, 4900.0)]
    checked = _checked(*features)
    assert [(p.lon, p.lat) for p in checked.points] == [(139.5, 35.3)] * 2
    assert not any("4.9" in p.note or "4900" in p.note for p in checked.points)
    assert not checked.points[0].note  # technical columns stay away from paper


def test_a_report_of_ushahidi() -> None:
    collection = {"type": "GeometryCollection", "geometries": [_point(139.5, 35.3)]}
    report = _feature(
        collection,
        title="給水所（潮見小）",
        description="1人6L",
        **{"marker-color": "#1a1a1a", "id": 12, "url": "https://x.example/api/v3/posts/12"},
    )
    nowhere = _feature({"type": "GeometryCollection", "geometries": []}, title="停電の連絡")
    checked = _checked(report, nowhere)
    (point,) = checked.points
    assert (point.name, point.note, point.id) == ("給水所（潮見小）", "1人6L", "12")
    assert "#1a1a1a" not in repr(point)
    assert [(place.name, place.reason) for place in checked.unplaced] == [("停電の連絡", "PM016")]


def test_a_report_with_two_places_is_two_points() -> None:
    two = {"type": "GeometryCollection", "geometries": [_point(139.5, 35.3), _point(139.6, 35.3)]}
    checked = _checked(_feature(two, title="給水", category="給水"))
    assert [point.origin.part for point in checked.points] == [1, 2]
    assert checked.sources[0].points == 1  # counted in features


def test_simplestyle_is_the_generic_fallback() -> None:
    styled = {"marker-symbol": "drinking-water", "marker-color": "#f00", "marker-size": "large"}
    line = {"type": "LineString", "coordinates": [[139.5, 35.3], [139.6, 35.3]]}
    checked = _checked(
        _feature(_point(139.5, 35.3), title="駅前", description="24時間", **styled),
        _feature(line, title="県道", stroke="#00f", **{"stroke-width": 4}),
    )
    (point,) = checked.points
    assert (point.name, point.category, point.note) == ("駅前", "water", "24時間")
    assert [(each.name, each.note) for each in checked.lines] == [("県道", "")]


def test_mending_keeps_what_the_tools_wrote() -> None:
    text = mended(_read(_feature(_point("139.5", "35.3", 4.9), title=" 駅前 "))).text
    (feature,) = json.loads(text)["features"]
    assert feature["geometry"]["coordinates"][:2] == [139.5, 35.3]
    assert feature["properties"]["title"] == "駅前"
