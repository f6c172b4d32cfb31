"""The field's dirt, one kind in each feature, for ``papermap check``."""

from __future__ import annotations

from typing import Any, Final

from town_shapes import to_lonlat

_GOOD: Final[dict[str, Any]] = {
    "category": "給水", "status": "open", "updated_at": "2026-09-14T12:00:00+09:00",
}  # fmt: skip


def dirt() -> dict[str, Any]:
    """The whole ``dirty.geojson``; ``dirt`` says in each feature what is wrong with it."""
    lon, lat = to_lonlat(1800, 1500, 6)
    twin = to_lonlat(1700, 1420, 6)

    def point(x: float, y: float) -> dict[str, Any]:
        return {"type": "Point", "coordinates": list(to_lonlat(x, y, 6))}

    def raw(*coordinates: Any) -> dict[str, Any]:
        return {"type": "Point", "coordinates": list(coordinates)}

    rows: list[tuple[str, Any, dict[str, Any]]] = [
        ("nothing: a clean point", point(1760, 1450), {"name": "きれいな点"}),
        ("latitude and longitude swapped", raw(lat, lon), {"name": "緯度経度が逆"}),
        ("coordinates are strings", raw(str(lon), str(lat)), {"name": "文字の座標"}),
        ("coordinates are words", raw("東経", "北緯"), {"name": "言葉の座標"}),
        ("coordinates at (0, 0)", raw(0, 0), {"name": "ゼロの座標"}),
        ("coordinate is the string NaN", raw("NaN", lat), {"name": "数でない座標"}),
        ("latitude out of range", raw(lon, 134.0), {"name": "範囲外の座標"}),
        ("only one coordinate", raw(lon), {"name": "座標がひとつ"}),
        ("no geometry", None, {"name": "場所なし", "address": "潮見市中央2-3-1"}),
        ("empty geometry", {"type": "Point", "coordinates": []}, {"name": "空の座標"}),
        ("unknown type of geometry", {"type": "Circle", "coordinates": [lon, lat], "radius": 30},
         {"name": "円"}),
        ("name is null", point(1500, 1290), {"name": None, "address": "潮見市西浜1-4-2"}),
        ("no name and no address", point(1900, 1250), {}),
        ("unknown category", point(1640, 1330), {"name": "青空将棋", "category": "将棋盤"}),
        ("no category", point(1600, 1210), {"name": "分類なし", "category": None}),
        ("duplicate, the first", raw(*twin), {"name": "二重の給水所"}),
        ("duplicate, the second", raw(*twin), {"name": "二重の給水所"}),
        ("HTML and a script in the note", point(2010, 1500),
         {"name": "札つきの備考", "note": "<b>9時から</b><br>容器持参<script>alert(1)</script>"}),
        ("bidi override in the name", point(1480, 1520), {"name": "給水\u202eドラエ\u202c所"}),
        ("control characters in the note", point(1420, 1260),
         {"name": "制御文字", "note": "9時\u0007から\u0000 容器持参"}),
        ("far from all the others", raw(135.5023, 34.0), {"name": "はるか遠く"}),
        ("told long ago", point(1330, 1420),
         {"name": "古い情報", "updated_at": "2019-10-13T09:00:00+09:00"}),
        ("time that is no time", point(1690, 1280),
         {"name": "読めない時刻", "updated_at": "きのうの夕方"}),
        ("no time told", point(2080, 1290), {"name": "時刻なし", "updated_at": None}),
        ("a person's mobile number", point(1230, 1340),
         {"name": "個人の電話", "note": "担当 架空 090-0000-0000 まで"}),
        ("an e-mail address", point(1180, 1260),
         {"name": "メール入り", "note": "連絡は someone@example.invalid"}),
        ("a formula", point(2090, 1560), {"name": '=HYPERLINK("http://127.0.0.1/","給水")'}),
        ("text too long to print", point(1850, 1380),
         {"name": "長い備考", "note": "水を受け取る方は列の最後尾にお並びください。" * 30}),
        ("shelter in a flooded area", point(2600, 1640),
         {"name": "浸水の中の避難所", "category": "避難所"}),
        ("the flooded area of the one before", {"type": "Polygon", "coordinates": [[
            list(to_lonlat(x, y, 6)) for x, y in
            ((2560, 1600), (2660, 1600), (2660, 1690), (2560, 1690), (2560, 1600))
        ]]}, {"name": "浸水", "category": "浸水"}),
    ]  # fmt: skip
    return {"type": "FeatureCollection", "features": [_feature(*row) for row in rows]}


def _feature(what: str, geometry: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {**_GOOD, **properties, "dirt": what},
        "geometry": geometry,
    }
