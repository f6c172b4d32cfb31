"""Points, lines and the flooded area as the town's mappers would hand them in: plain GeoJSON."""

from __future__ import annotations

import re
from typing import Any, Final

from shapely import LineString, Point, Polygon
from shapely.geometry import mapping
from shapely.ops import substring
from town_places import Place, rows
from town_roads import Street
from town_shapes import smooth, to_lonlat

Feature = dict[str, Any]

_STATUS: Final = {"o": "open", "c": "closed", "f": "full", "": ""}
_CONFIRMED: Final = {"y": True, "n": False, "": None}
# who has a telephone and an address worth printing
_OFFICES: Final = frozenset(
    [
        "福祉避難所",
        "medical",
        "医療",
        "医療・救護",
        "clinic",
        "ボランティア",
        "給油",
        "fuel",
        "薬局",
    ]
)
_PLACE: Final = re.compile(r"([a-z_0-9]+?)(?:([+-]\d+)([+-]\d+))?")


def support(
    places: dict[str, Place], landmarks: dict[str, Polygon], network: list[Street]
) -> dict[str, Any]:
    """The whole ``points.geojson``."""
    spots = {
        key: (landmarks[key].centroid.x, landmarks[key].centroid.y)
        if key in landmarks
        else (place.x, place.y)
        for key, place in places.items()
    }
    found = [_point(row, places, spots) for row in rows("support")]
    found += [_aed(row, places, spots) for row in rows("aed")]
    found += [_road(row, network) for row in rows("roads")]
    found.append(_flooded())
    for number, feature in enumerate(found, 1):
        feature["id"] = f"shiomi-{number:03d}"
    return {"type": "FeatureCollection", "name": "潮見市 水害支援マップ（架空）", "features": found}


def _where(text: str, spots: dict[str, tuple[float, float]]) -> tuple[str, float, float]:
    if "," in text:
        x, y = text.split(",")
        return "", float(x), float(y)
    match = _PLACE.fullmatch(text)
    if match is None or match[1] not in spots:
        raise ValueError(f"No such place: {text}")
    x, y = spots[match[1]]
    return match[1], x + float(match[2] or 0), y + float(match[3] or 0)


def _names(place: Place | None, what: str) -> tuple[str, str, str]:
    """Name, kana and English of a thing at a place; a thing with its own name stands alone."""
    ja, kana, en = what.split("/") if what else ("", "", "")
    if place is None or not place.name or place.key.startswith("gym_"):
        return ja, kana, en
    if not what:
        return place.name, place.kana, place.english
    return f"{place.name} {ja}", place.kana + kana, f"{place.english}, {en}"


def _point(
    row: list[str], places: dict[str, Place], spots: dict[str, tuple[float, float]]
) -> Feature:
    category, where, what, hours, status, sure, told, note, capacity, access = row
    key, x, y = _where(where, spots)
    name, kana, english = _names(places.get(key), what)
    office = category in _OFFICES
    return _feature(
        Point(to_lonlat(x, y, 6)),
        {
            "category": category, "name": name, "name:en": english, "reading": kana,
            "status": _STATUS[status], "confirmed": _CONFIRMED[sure], "hours": hours,
            "capacity": capacity, "note": note, "address": address(x, y) if office else "",
            "phone": _phone(x, y) if office else "", "accessibility": access,
            "updated_at": _time(told),
        },
    )  # fmt: skip


def _aed(
    row: list[str], places: dict[str, Place], spots: dict[str, tuple[float, float]]
) -> Feature:
    where, hours, status, sure, note = row
    key, x, y = _where(where, spots)
    place = places[key]
    told = "14 12:00" if sure else "14 08:00"
    return _feature(
        Point(to_lonlat(x, y, 6)),
        {
            "category": "AED", "name": place.name, "name:en": place.english,
            "reading": place.kana, "status": _STATUS[status], "confirmed": _CONFIRMED[sure],
            "hours": hours, "note": note, "updated_at": _time(told),
        },
    )  # fmt: skip


def _road(row: list[str], network: list[Street]) -> Feature:
    category, road, start, end, name, english, told, note = row
    line = next(s.line for s in network if s.name == road)
    a, b = (line.project(Point([float(v) for v in spot.split(",")])) for spot in (start, end))
    piece = substring(line, a, b).simplify(0.5)
    return _feature(
        LineString([to_lonlat(x, y, 6) for x, y in piece.coords]),
        {"category": category, "name": name, "name:en": english, "note": note,
         "updated_at": _time(told)},
    )  # fmt: skip


def _flooded() -> Feature:
    corners = [(float(x), float(y)) for x, y in rows("flooded")]
    ring = [to_lonlat(x, y, 6) for x, y in smooth(corners, 25)]
    return _feature(
        Polygon(ring),
        {"category": "浸水", "name": "川向・学園町の浸水区域",
         "name:en": "Flooded: Kawamukai and Gakuen-cho",
         "note": "13日22時ごろ越水、14日朝のドローンから", "updated_at": _time("14 08:00")},
    )  # fmt: skip


def _feature(geometry: Point | LineString | Polygon, properties: dict[str, Any]) -> Feature:
    kept = {key: value for key, value in properties.items() if value not in ("", None)}
    return {"type": "Feature", "id": "", "properties": kept, "geometry": mapping(geometry)}


def address(x: float, y: float) -> str:
    """An invented address in the nearest quarter."""
    quarters = [(float(r[6]), float(r[7]), r[3]) for r in rows("quarters") if r[1] != "city"]
    qx, qy, name = min(quarters, key=lambda q: (q[0] - x) ** 2 + (q[1] - y) ** 2)
    block = 1 + int(abs(x - qx) // 90 + abs(y - qy) // 90)
    return f"潮見市{name}{block}-{1 + int(x) // 7 % 19}-{1 + int(y) // 5 % 14}"


def _phone(x: float, y: float) -> str:
    """An invented number."""
    return f"0990-00-{1000 + int(x * 7 + y * 13) % 9000:04d}"


def _time(text: str) -> str:
    day, clock = text.split()
    return f"2026-09-{day}T{clock}:00+09:00"
