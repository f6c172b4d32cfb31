"""Make the invented town: ``python make_town.py [FOLDER]`` writes the sample's files there."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import pyogrio
import shapely
import town_blocks as blocks
import town_ground as ground
from shapely import LineString, Point, Polygon
from shapely.geometry.base import BaseGeometry
from shapely.ops import unary_union
from town_dirt import dirt
from town_houses import houses, landmarks
from town_places import places, rows
from town_roads import Street, crossings, railway, skeleton
from town_shapes import smooth, to_degrees
from town_support import support

# the file's own dates, so that the same script gives the same file
_DATE = "2026-09-14T07:00:00.000Z"

Record = tuple[dict[str, Any], BaseGeometry]


@dataclass(frozen=True, slots=True)
class Town:
    """Everything that was laid out, in local metres."""

    network: list[Street]
    rails: list[Street]
    faces: list[blocks.Face]
    sites: list[blocks.Site]
    landmarks: dict[str, Polygon]
    houses: list[Polygon]
    woods: BaseGeometry
    sea: BaseGeometry


def make() -> Town:
    """Lay out the town."""
    roads = skeleton()
    faces = blocks.faces(roads)
    sites = blocks.sites(faces)
    rails = railway()
    sea = ground.sea()
    wet = unary_union([sea, ground.river_bed()])
    closed = unary_union([wet, *(track.line.buffer(6) for track in rails)])
    network = roads + blocks.trimmed(blocks.streets(roads, faces, sites), closed)
    network = crossings(network)
    woods = ground.woods().difference(_cleared(faces, network, rails))
    marks = landmarks(places(), network)
    streams = [LineString(smooth(line, 25)).buffer(8) for line in ground.streams().values()]
    quiet = unary_union(
        [wet.buffer(5), woods, ground.beach(), *streams, *ground.ponds(),
         *(r.line.buffer(10) for r in rails),
         *(f.shape for f in faces if f.kind == "field"),
         *(s.shape for s in sites), ground.quays()]
    )  # fmt: skip
    taken = [marks[key] for key in sorted(marks)]
    rows_of_houses = houses(
        [s for s in network if s.line.intersects(ground.TOWN.buffer(650))],
        taken, quiet, {"trunk": 0.5, "secondary": 0.7, "tertiary": 0.8, "minor": 0.55,
                       "service": 0.4},
        unary_union([f.shape for f in faces if f.kind == "old"]),
    )  # fmt: skip
    return Town(network, rails, faces, sites, marks, rows_of_houses, woods, sea)


def _cleared(faces: list[blocks.Face], network: list[Street], rails: list[Street]) -> BaseGeometry:
    """Where no trees stand: built quarters, fields, roads, the river's banks."""
    open_lines = [
        s.line.buffer(12 if s.kind in ("minor", "rail") else 18)
        for s in [*network, *rails]
        if s.brunnel != "tunnel" and s.kind not in ("path", "service")
    ]
    return unary_union(
        [*(f.shape.buffer(4) for f in faces), *open_lines, ground.river_bed().buffer(16),
         *(pond.buffer(8) for pond in ground.ponds())]
    )  # fmt: skip


def layers(town: Town) -> dict[str, list[Record]]:
    """The base map's layers in the OpenMapTiles manner, still in local metres."""
    return {
        "water": [
            ({"class": "ocean"}, town.sea),
            ({"class": "river"}, ground.river()),
            *(({"class": "lake"}, pond) for pond in ground.ponds()),
        ],
        "waterway": _waterways(),
        "landcover": _landcover(town),
        "landuse": [({"class": s.kind}, s.shape) for s in town.sites if s.kind != "park"],
        "boundary": [({"admin_level": 7, "maritime": 0}, ground.city_limit())],
        "transportation": _roads(town),
        "transportation_name": _road_names(),
        "building": [({}, shape) for shape in [*town.landmarks.values(), *town.houses]],
        "place": _quarters(),
        "poi": _pois(town),
        "mountain_peak": _peaks(),
        "water_name": [(_named("潮見湾", "しおみわん", "Shiomi Bay", {"class": "bay"}),
                        Point(1850, 520))],
    }  # fmt: skip


def _named(name: str, kana: str, english: str, fields: dict[str, Any]) -> dict[str, Any]:
    return {**fields, "name": name, "name:ja": name, "name:ja_kana": kana, "name:en": english,
            "name:latin": english}  # fmt: skip


def _waterways() -> list[Record]:
    river = ({"class": "river", "name": "瀬名川", "name:ja": "瀬名川", "name:en": "Sena River",
              "name:latin": "Sena River"}, LineString(smooth(ground.RIVER_LINE, 25)))  # fmt: skip
    streams = [
        ({"class": kind, "name": name, "name:ja": name, "name:en": en, "name:latin": en},
         LineString(smooth(line, 25)))
        for (kind, name, en), line in ground.streams().items()
    ]  # fmt: skip
    return [river, *streams]


def _landcover(town: Town) -> list[Record]:
    fields = [f.shape for f in town.faces if f.kind == "field"]
    away = unary_union([ground.river_bed().buffer(12)])
    found: list[Record] = [
        ({"class": "wood", "subclass": "wood"}, shape.simplify(0.8))
        for shape in ground.solid(town.woods) if shape.area > 400
    ]  # fmt: skip
    found.append(({"class": "sand", "subclass": "beach"}, ground.beach()))
    found += [({"class": "farmland", "subclass": "farmland"}, shape.difference(away))
              for shape in fields]  # fmt: skip
    found += [({"class": "grass", "subclass": "park"}, s.shape)
              for s in town.sites if s.kind == "park"]  # fmt: skip
    return found


def _roads(town: Town) -> list[Record]:
    return [
        ({"class": s.kind, "brunnel": s.brunnel, "oneway": 0, "ramp": 0}, s.line.simplify(0.4))
        for s in [*town.network, *town.rails]
    ]


def _road_names() -> list[Record]:
    named = [s for s in skeleton() if s.name]
    return [
        ({"class": s.kind, "name": s.name, "name:en": s.english, "name:latin": s.english,
          "ref": s.ref or None, "network": "road" if s.ref else None}, s.line)
        for s in named
    ]  # fmt: skip


def _quarters() -> list[Record]:
    return [
        (_named(name, kana, en, {"class": kind, "rank": int(rank)}), Point(float(x), float(y)))
        for _, kind, rank, name, kana, en, x, y in rows("quarters")
    ]


def _peaks() -> list[Record]:
    return [
        (_named(name, kana, en, {"rank": int(rank), "ele": int(ele)}), Point(float(x), float(y)))
        for rank, name, kana, en, x, y, ele in rows("peaks")
    ]


def _pois(town: Town) -> list[Record]:
    found: list[Record] = []
    for rank, place in enumerate(p for p in places().values() if p.name):
        shape = town.landmarks.get(place.key)
        spot = shape.centroid if shape else Point(place.x, place.y)
        religion = place.sub if place.kind == "place_of_worship" else None
        fields: dict[str, Any] = {"class": place.kind, "subclass": place.sub, "religion": religion}
        fields |= {"rank": rank + 1}
        english = (
            place.english.removesuffix(" Station") if place.sub == "station" else place.english
        )
        found.append((_named(place.name, place.kana, english, fields), spot))
    return found


def degrees(shape: BaseGeometry) -> BaseGeometry:
    """The shape in degrees, rounded to a centimetre."""
    return shapely.transform(shape, to_degrees)


def write_base(town: Town, path: Path) -> None:
    """Write the base map."""
    pyogrio.set_gdal_config_options(
        {"OGR_CURRENT_DATE": _DATE, "OGR_SQLITE_PRAGMA": "page_size=1024"}
    )
    path.unlink(missing_ok=True)
    for name, records in layers(town).items():
        table = gpd.GeoDataFrame(
            [fields for fields, _ in records],
            geometry=[degrees(shape) for _, shape in records],
            crs="EPSG:4326",
        )
        pyogrio.write_dataframe(
            table, path, layer=name, driver="GPKG", append=path.exists(),
            dataset_options={"VERSION": "1.2"},
        )  # fmt: skip


def write_json(collection: dict[str, Any], path: Path) -> None:
    """Write GeoJSON with one feature on each line, so that changes can be read."""
    features = collection.pop("features")
    head = json.dumps(collection, ensure_ascii=False)[:-1]
    body = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    path.write_text(f'{head}, "features": [\n{body}\n]}}\n', "utf-8", newline="\n")


def main(folder: Path) -> None:
    """Write every file of the sample into ``folder``."""
    town = make()
    write_base(town, folder / "town_base.gpkg")
    write_json(support(places(), town.landmarks, skeleton()), folder / "points.geojson")
    write_json(dirt(), folder / "dirty.geojson")
    print(f"{len(town.network)} streets, {len(town.houses)} houses")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent)
