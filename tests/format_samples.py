"""A small file of every format that is read: good places, and each thing that goes wrong in it."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import shapely
import test_workbook as books
import vector_files as files

ROWS: Final = (
    ("名称", "分類", "緯度", "経度", "住所", "備考"),
    ("はま小", "給水", "35.3192", "139.5467", "港町1-2", "容器持参\n1人6L"),
    ("やま小", "避難所", "", "", "山手3-4", ""),
    ("", "トイレ", "", "", "", ""),
    ("かわ小", "トイレ", "north", "139.55", "", ""),
    ("うみ小", "手話通訳（閉鎖）", "139.5400", "35.3200", "", "&lt;b&gt;太字&lt;/b&gt;"),
    ("みね小", "給水", "", "", "", "場所は 35.3234, 139.5512"),
)
_RING: Final = [[139.54, 35.31], [139.55, 35.31], [139.55, 35.32], [139.54, 35.31]]


def _features() -> list[Any]:
    names = ("name", "category", "", "", "address", "note")
    found: list[Any] = []
    for name, category, lat, lon, address, note in ROWS[1:]:
        values = (name, category, "", "", address, note)
        position = [_number(lon), _number(lat)]
        geometry = {"type": "Point", "coordinates": position} if lat else None
        properties = {key: value for key, value in zip(names, values, strict=True) if key and value}
        found.append({"type": "Feature", "geometry": geometry, "properties": properties})
    line = {"type": "LineString", "coordinates": _RING[:3]}
    found += [
        {"type": "Feature", "geometry": line, "properties": {"category": "通行止め"}},
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [_RING]}},
        7,
    ]
    return found


def _number(text: str) -> float | str:
    return text if text.isalpha() or not text else float(text)


def _geojson(_: Path) -> bytes:
    return _json({"type": "FeatureCollection", "features": _features()})


def _lines(_: Path) -> bytes:
    lines = [json.dumps(feature, ensure_ascii=False) for feature in _features()]
    return "\n".join([*lines, '{"type": "Feature", "geo']).encode()


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def _records(_: Path) -> bytes:
    return _json([dict(zip(ROWS[0], row, strict=True)) for row in ROWS[1:]])


def _csv(_: Path) -> bytes:
    cells = (",".join(f'"{cell}"' for cell in row) for row in ROWS)
    return "\r\n".join(cells).encode("cp932")


def _kml_text() -> str:
    placemarks = "".join(
        f"<Placemark><name>{name}</name><description><![CDATA[{note}<br>]]></description>"
        f"<address>{address}</address>"
        + (f"<Point><coordinates>{lon},{lat},0</coordinates></Point>" if lat else "")
        + "</Placemark>"
        for name, _, lat, lon, address, note in ROWS[1:]
    )
    ring = " ".join(f"{x},{y},0" for x, y in _RING)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document>'
        f"<Folder><name>給水</name>{placemarks}</Folder><Folder><name>通行止め</name><Placemark>"
        f"<name>県道</name><LineString><coordinates>{ring}</coordinates></LineString></Placemark>"
        "<NetworkLink><Link><href>http://127.0.0.1/x.kml</href></Link></NetworkLink>"
        "</Folder></Document></kml>"
    )


def _umap(_: Path) -> bytes:
    layer = {
        "type": "FeatureCollection",
        "features": _features()[:-1],
        "_umap_options": {"name": "給水", "remoteData": {"url": "http://127.0.0.1/x"}},
    }
    return _json({"type": "umap", "properties": {"name": "地図"}, "layers": [layer]})


def _overpass(_: Path) -> bytes:
    shape = [{"lat": lat, "lon": lon} for lon, lat in _RING]
    toilets = {"amenity": "toilets"}
    return _json(
        {
            "version": 0.6,
            "osm3s": {},
            "remark": "runtime error",
            "elements": [
                {"type": "node", "id": 1, "lat": 35.3, "lon": 139.5, "tags": toilets},
                {"type": "node", "id": 2, "lat": "x", "lon": 139.5, "tags": toilets},
                {"type": "way", "id": 3, "geometry": [None, *shape], "tags": toilets},
                {"type": "relation", "id": 4, "tags": {**toilets, "name": "駅"}, "members": [{}]},
                {"type": "way", "id": 5, "nodes": [1, 2], "tags": {"highway": "service"}},
                7,
            ],
        }
    )


def _esri(_: Path) -> bytes:
    field = {"name": "名称", "type": "esriFieldTypeString", "alias": "名称", "length": 50}
    features = [
        {"attributes": {"名称": "港"}, "geometry": {"x": 139.5, "y": 35.3}},
        {"attributes": {"名称": "位置なし"}},
    ]
    return _json(
        {
            "geometryType": "esriGeometryPoint",
            "spatialReference": {"wkid": 4326},
            "fields": [field],
            "features": features,
        }
    )


def _topojson(_: Path) -> bytes:
    point = {"type": "Point", "coordinates": [139.5, 35.3], "properties": {"名称": "港"}}
    none = {"type": None, "properties": {"名称": "位置なし"}}
    layer = {"type": "GeometryCollection", "geometries": [point, none]}
    return _json({"type": "Topology", "objects": {"給水": layer}, "arcs": []})


_SHAPES: Final = (shapely.Point(139.5, 35.3), None, shapely.Point())
_COLUMNS: Final = {"name": ["港", "位置なし", None], "住所": [None, "山手3", None]}


def _written(name: str, driver: str, **options: str) -> Callable[[Path], bytes]:
    def write(folder: Path) -> bytes:
        return files.written(folder / name, driver, _SHAPES, _COLUMNS, **options)

    return write


def _shapefile(folder: Path) -> bytes:
    files.written(folder / "a.shp", "ESRI Shapefile", _SHAPES, _COLUMNS, encoding="cp932")
    parts = {each.name: each.read_bytes() for each in folder.glob("a.*") if each.suffix != ".cpg"}
    return files.zipped(parts)


def _workbook(_: Path) -> bytes:
    return books.workbook(lambda book: books.rows(book.add_worksheet("給水"), *ROWS))


def _ods(_: Path) -> bytes:
    return books.ods("".join(books.ods_row(*row) for row in ROWS))


SAMPLES: Final[Mapping[str, Callable[[Path], bytes]]] = {
    "kmz": lambda _: files.zipped({"doc.kml": _kml_text().encode(), "../x.kml": b""}),
    "kml": lambda _: _kml_text().encode(),
    "gpx": lambda _: files.GPX.encode(),
    "osm": lambda _: files.OSM.encode(),
    "pbf": files.osm_pbf,
    "shapefile": _shapefile,
    "gpkg": _written("a.gpkg", "GPKG"),
    "flatgeobuf": _written("a.fgb", "FlatGeobuf", SPATIAL_INDEX="NO"),
    "geojsonl": _lines,
    "overpass": _overpass,
    "esrijson": _esri,
    "topojson": _topojson,
    "umap": _umap,
    "geojson": _geojson,
    "records": _records,
    "xlsx": _workbook,
    "ods": _ods,
    "xls": lambda _: zlib.decompress(base64.b85decode(books.OLD)),
    "csv": _csv,
}
