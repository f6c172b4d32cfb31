"""Small files of the formats that GDAL and osmium write, made when they are asked for."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyogrio.raw
import shapely

NAMES = ("潮見中学校", "港公民館")
POINTS = (shapely.Point(139.5, 35.3), shapely.Point(139.51, 35.31))

OSM = """<?xml version="1.0" encoding="UTF-8"?>
<osm version="0.6">
<node id="1" lat="35.30" lon="139.50" version="1" timestamp="2026-01-01T00:00:00Z">
 <tag k="amenity" v="drinking_water"/><tag k="name" v="みなと公園"/><tag k="addr:quarter" v="港町"/>
 <tag k="addr:block_number" v="2"/><tag k="addr:housenumber" v="5"/><tag k="fee" v="no"/></node>
<node id="2" lat="35.31" lon="139.50"/><node id="3" lat="35.31" lon="139.51"/>
<node id="4" lat="35.30" lon="139.51"/>
<node id="9" lat="35.30" lon="139.52"><tag k="amenity" v="shelter"/></node>
<way id="5"><nd ref="2"/><nd ref="3"/><nd ref="4"/><nd ref="2"/>
 <tag k="amenity" v="toilets"/></way>
<way id="6"><nd ref="2"/><nd ref="3"/><nd ref="4"/></way>
<way id="7"><nd ref="4"/><nd ref="2"/></way>
<relation id="8"><member type="way" ref="6" role="outer"/><member type="way" ref="7" role="outer"/>
 <tag k="type" v="multipolygon"/><tag k="amenity" v="hospital"/></relation>
</osm>
"""

GPX = """<?xml version="1.0"?>
<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1">
<metadata><name>避難経路</name></metadata>
<wpt lat="35.30" lon="139.50"><time>2026-01-01T00:00:00Z</time><name>給水車</name>
 <desc>1人6L</desc><sym>Drinking Water</sym></wpt>
<wpt lat="north" lon="139.50"><name>こわれた点</name></wpt>
<rte><name>迂回路</name><type>通行可能道路</type>
 <rtept lat="35.30" lon="139.50"/><rtept lat="35.31" lon="139.51"/></rte>
<trk><name>歩いた道</name><trkseg><trkpt lat="35.30" lon="139.50"/><trkpt lat="35.31" lon="139.51"/>
 </trkseg><trkseg><trkpt lat="35.32" lon="139.52"/><trkpt lat="35.33" lon="139.53"/></trkseg></trk>
</gpx>
"""


def written(
    path: Path,
    driver: str,
    geometry: Sequence[Any] = POINTS,
    columns: Mapping[str, Any] | None = None,
    *,
    kind: str = "Point",
    crs: str | None = "EPSG:4326",
    **options: Any,
) -> bytes:
    """Content of a file written by GDAL; the file stays where it is."""
    columns = {"name": NAMES} if columns is None else columns
    pyogrio.raw.write(
        path,
        np.array([None if shape is None else shape.wkb for shape in geometry], dtype=object),
        [np.array(v, dtype=object) if isinstance(v, list | tuple) else v for v in columns.values()],
        fields=list(columns),
        geometry_type=kind,
        crs=crs,
        driver=driver,
        **options,
    )
    return path.read_bytes()


def osm_pbf(folder: Path) -> bytes:
    """The town of ``OSM`` as PBF."""
    import osmium

    source, target = folder / "town.osm", folder / "town.osm.pbf"
    source.write_text(OSM, "utf-8")
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for each in osmium.FileProcessor(str(source)):
            writer.add(each)
    return target.read_bytes()


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A ZIP archive of members by name."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return stream.getvalue()


def bare_shapefile() -> bytes:
    """A ``.shp`` of one point, written by hand."""
    record = struct.pack(">2i", 1, 10) + struct.pack("<i2d", 1, 139.5, 35.3)
    head = struct.pack(">7i", 9994, 0, 0, 0, 0, 0, 50 + len(record) // 2)
    return head + struct.pack("<2i8d", 1000, 1, 139.5, 35.3, 139.5, 35.3, 0, 0, 0, 0) + record
