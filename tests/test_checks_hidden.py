"""Positions that hide in columns, texts and links are found; what is not certain is only told."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papermap.checks import check_source
from papermap.checks.hidden import hidden_place
from papermap.checks.settle import Neighbourhood
from papermap.model import Checked
from papermap.readers import read
from papermap.readers.angles import angles, plain
from papermap.vocabulary import load_vocabulary

LON, LAT = 139.5512, 35.3234  # 35°19'24.24"N 139°33'04.32"E


def _checked(*features: dict[str, Any]) -> Checked:
    document = {"type": "FeatureCollection", "features": list(features)}
    text = json.dumps(document).encode()
    return check_source(read("-", stdin=io.BytesIO(text)), load_vocabulary())


def _feature(at: tuple[float, float] | None = None, **properties: Any) -> dict[str, Any]:
    geometry = None if at is None else {"type": "Point", "coordinates": list(at)}
    return {"type": "Feature", "geometry": geometry, "properties": {"name": "給水所", **properties}}


NEIGHBOUR = _feature((139.55, 35.32), name="役場")

_TEXTS = [
    "場所は 35.3234, 139.5512 です",
    "35.3234,139.5512",
    "35.3234　139.5512",
    "３５．３２３４、１３９．５５１２",
    "139.5512, 35.3234",
    "POINT (139.5512 35.3234)",
    '{"type": "Point", "coordinates": [139.5512, 35.3234]}',
    "35°19'24.24\"N 139°33'04.32\"E",
    "35°19′24.24″N, 139°33′04.32″E",
    "N35°19'24.24\" E139°33'04.32\"",
    "北緯35度19分24.24秒 東経139度33分04.32秒",
    "東経１３９度３３分０４．３２秒、北緯３５度１９分２４．２４秒",
    "北緯35.3234度、東経139.5512度",
    "緯度: 35.3234 経度: 139.5512",
    "lat=35.3234 lng=139.5512",
    "35°19.404'N 139°33.072'E",
    "35°19'24.24\" 139°33'04.32\"",
    "54SUE6831209870",
    "54S UE 68312 09870 (MGRS)",
    "8Q7X8HF2+9F8",
    "https://www.google.com/maps?q=35.3234,139.5512",
    "https://www.google.co.jp/maps/place/港/@35.1,139.1,17z/data=!3m1!4b1!4m5!3m4!8m2!3d35.3234!4d139.5512",
    "https://www.google.com/maps/search/?api=1&query=35.3234%2C139.5512",
    "地図 https://www.openstreetmap.org/?mlat=35.3234&mlon=139.5512#map=10/36.0/140.0 です",
    "https://www.openstreetmap.org/#map=17/35.3234/139.5512",
    "https://maps.gsi.go.jp/#17/35.3234/139.5512/&base=std",
    "https://www.google.com/maps/@35.3234,139.5512,17z",
    "geo:35.3234,139.5512?z=17",
]


@pytest.mark.parametrize("text", _TEXTS)
def test_a_position_in_a_text_is_taken_and_told(text: str) -> None:
    checked = _checked(NEIGHBOUR, _feature(description=text))
    point = checked.points[1]
    assert (point.lon, point.lat) == pytest.approx((LON, LAT), abs=2e-5)
    (told,) = [p for p in checked.problems if p.code == "PM076"]
    assert (told.feature, told.field, told.skipped) == (2, "description", False)
    assert told.value
    assert told.value[:4] in plain(text)
    assert not any(p.code == "PM010" for p in checked.problems)


@pytest.mark.parametrize(
    "properties",
    [
        {"緯度": "35.3234", "経度": "139.5512"},
        {"lat": 35.3234, "lng": 139.5512},
        {"Latitude": "35°19'24.24\"", "Longitude": "139°33'04.32\""},
        {"緯度": "北緯35度19分24.24秒", "経度": "東経139度33分04.32秒"},
    ],
)
def test_columns_beside_a_missing_geometry(properties: dict[str, Any]) -> None:
    (point,) = _checked(_feature(**properties)).points
    assert (point.lon, point.lat) == pytest.approx((LON, LAT), abs=1e-6)


def test_degrees_in_the_place_of_numbers() -> None:
    feature = _feature()
    pair = ["139°33'04.32\"E", "35°19'24.24\"N"]
    feature["geometry"] = {"type": "Point", "coordinates": pair}
    checked = _checked(feature)
    assert checked.points[0].lat == pytest.approx(LAT)
    assert "PM020" in {p.code for p in checked.problems}


def test_short_plus_codes_need_the_others() -> None:
    near = _checked(NEIGHBOUR, _feature(description="8HF2+9F8 鎌倉市")).points
    assert len(near) == 2
    assert (near[1].lon, near[1].lat) == pytest.approx((LON, LAT), abs=1e-4)
    alone = _checked(_feature(description="8HF2+9F8 鎌倉市"))
    assert not alone.points
    assert "PM077" in {p.code for p in alone.problems}
    scattered = _checked(NEIGHBOUR, _feature((141.3, 43.0)), _feature(description="8HF2+9F8"))
    assert len(scattered.points) == 2


@pytest.mark.parametrize(
    "text",
    [
        "35.3234, 139.5512 または 35.4234, 139.4512",  # two places
        "12.3456, 23.4567",  # either may be the latitude, and nobody is near
        "https://www.openstreetmap.org/#map=9/35.3234/139.5512",  # half a prefecture
    ],
)
def test_what_is_not_certain_is_told_and_not_taken(text: str) -> None:
    checked = _checked(NEIGHBOUR, _feature(description=text))
    (place,) = checked.unplaced
    assert place.reason == "PM010"
    told = {p.code: p for p in checked.problems if p.feature == 2}
    assert (told["PM077"].field, told["PM077"].unplaced) == ("description", True)
    assert checked.sources[0].features_in == 2


def test_the_others_show_which_is_the_latitude() -> None:
    checked = _checked(_feature((2.35, 48.85), name="a"), _feature(description="2.3522 48.8566"))
    assert (checked.points[1].lon, checked.points[1].lat) == (2.3522, 48.8566)


@pytest.mark.parametrize(
    "text",
    [
        "電話 0467-23-3000、9:00-17:00、1人6.5Lまで",
        "温度 42°C 40°C",
        "港町2-5-10",
        "容量 1,234.567 m³",
        "12345+67890",
        "https://example.org/page?id=35.1",
        "2026.11.25",
    ],
)
def test_what_is_no_position(text: str) -> None:
    place, doubt = hidden_place({"description": text}, Neighbourhood([]))
    assert (place, doubt) == (None, None)


def test_the_same_place_told_twice_is_one() -> None:
    text = "35.3234, 139.5512 https://www.google.com/maps/@35.32341,139.55121,18z"
    assert len(_checked(_feature(description=text, memo="54SUE6831209870")).points) == 1


def test_a_place_of_its_own_is_never_overruled() -> None:
    (point,) = _checked(_feature((139.5, 35.3), description="35.3234, 139.5512")).points
    assert (point.lon, point.lat) == (139.5, 35.3)


@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.floats(-89.9, 89.9), st.floats(-179.9, 179.9))
def test_degrees_minutes_seconds_round_trip(lat: float, lon: float) -> None:
    def written(value: float, positive: str, negative: str) -> str:
        seconds = round(abs(value) * 3600, 3)
        whole, rest = divmod(seconds, 3600)
        letter = positive if value >= 0 else negative
        return f"{int(whole)}°{int(rest // 60)}'{rest % 60:.3f}\"{letter}"

    text = f"{written(lat, 'N', 'S')} {written(lon, 'E', 'W')}"
    if "60.000" not in text:
        first, second = angles(text)
        assert first.degrees == pytest.approx(lat, abs=1e-6)
        assert second.degrees == pytest.approx(lon, abs=1e-6)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet="0123456789.,+-°'\"NSEWABCXYZ度分秒北緯東経 /@#?=&!d:https", max_size=80))
def test_any_text_is_searched_without_harm(text: str) -> None:
    place, doubt = hidden_place({"a": text}, Neighbourhood([]))
    if place is not None:
        assert doubt is not None
        assert -180 <= place[0] <= 180
        assert -90 <= place[1] <= 90
