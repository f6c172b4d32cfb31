"""What ``check --fix`` writes: only what leaves no doubt is changed, and each change is told."""

from __future__ import annotations

import json
import math
from typing import Any

from check_strategies import GEOMETRIES, PROPERTIES
from hypothesis import given, settings
from hypothesis import strategies as st

from papermap.checks import check_source
from papermap.checks.mend import Mended, mended
from papermap.readers.base import RawFeature, RawSource
from papermap.readers.geojson import read_values
from papermap.readers.source import Content
from papermap.vocabulary import load_vocabulary

NEAR = [(139.24 + n / 500, 33.96 + n / 700) for n in range(6)]


def point(x: Any, y: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [x, y]}


def mend(*features: tuple[Any, dict[str, Any]], crs: str = "EPSG:4326") -> Mended:
    numbered = tuple(
        RawFeature(n, geometry, said) for n, (geometry, said) in enumerate(features, 1)
    )
    return mended(RawSource("a", "0", "GeoJSON", numbered, crs=crs))


def features(found: Mended) -> list[dict[str, Any]]:
    loaded: list[dict[str, Any]] = json.loads(found.text)["features"]
    return loaded


def test_what_is_right_stays_as_it_was_sent() -> None:
    sent = [(point(x, y), {"name": "<b>駅</b>", "a": [1, None], "b": {"c": 1.5}}) for x, y in NEAR]
    found = mend(*sent)
    assert found.changes == ()
    assert [(f["geometry"], f["properties"]) for f in features(found)] == sent


def test_swapped_texts_and_rings_are_mended_and_told() -> None:
    ring = [[139.24, 33.96], [139.25, 33.96], [139.25, 33.97]]
    found = mend(
        *((point(*at), {"name": "駅"}) for at in NEAR),
        (point(33.961, 139.241), {"name": " 逆 "}),
        (point("139.242", "33.962"), {"name": "文字\u202e"}),
        ({"type": "Polygon", "coordinates": [ring]}, {"category": "浸水"}),
    )
    *_, swapped, texts, area = features(found)
    assert swapped["geometry"] == point(139.241, 33.961)
    assert swapped["properties"]["name"] == "逆"
    assert texts["geometry"] == point(139.242, 33.962)
    assert texts["properties"]["name"] == "文字"
    assert area["geometry"]["coordinates"][0][0] == area["geometry"]["coordinates"][0][-1]
    assert {(change.feature, change.field) for change in found.changes} == {
        (7, "geometry"), (7, "name"), (8, "geometry"), (8, "name"), (9, "geometry"),
    }  # fmt: skip
    told = found.changes[1].sentence("en")
    assert told == "feature 7 “逆” [geometry]: 33.961, 139.241 → 139.241, 33.961"
    assert "7 番「逆」" in found.changes[1].sentence("ja")


def test_what_is_in_doubt_stays() -> None:
    alone = mend((point(35.3, 139.5), {"name": "逆かもしれない"}))
    assert features(alone)[0]["geometry"] == point(35.3, 139.5)
    assert alone.changes == ()
    broken = mend((point("x", 35.3), {"name": "駅"}), (None, {"name": "なし"}))
    assert [f["geometry"] for f in features(broken)] == [point("x", 35.3), None]


def test_other_coordinate_systems_become_wgs84() -> None:
    (feature,) = features(mend((point(-15_000.0, -70_000.0), {"name": "駅"}), crs="EPSG:6677"))
    x, y = feature["geometry"]["coordinates"]
    assert math.isclose(x, 139.668, abs_tol=0.01)
    assert math.isclose(y, 35.369, abs_tol=0.01)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(GEOMETRIES, PROPERTIES), max_size=8))
def test_mending_loses_nothing_and_mends_once(sent: list[Any]) -> None:
    numbered = tuple(RawFeature(n, geometry, said) for n, (geometry, said) in enumerate(sent, 1))
    raw = RawSource("a", "0", "GeoJSON", numbered)
    first = mended(raw)
    again = read_values(features(first), {}, Content("a", b"", "0"), "GeoJSON")
    assert len(again.features) == len(sent)
    second = mended(again)
    assert second.changes == ()
    assert second.text == first.text
    before, after = (check_source(each, load_vocabulary()) for each in (raw, again))
    assert len(after.points) >= len(before.points)
    assert [report.skipped for report in after.sources] == [r.skipped for r in before.sources]
