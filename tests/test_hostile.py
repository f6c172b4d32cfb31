"""Files made to harm: a clear sentence, bounded time and memory, nothing fetched or executed.

Sockets are blocked in all tests; archives, KML and workbooks have tests of their own beside these.
"""

from __future__ import annotations

import io
import json
import os
import sqlite3
import tracemalloc
from pathlib import Path

import pikepdf
import pytest
import vector_files as files

import papermap
from papermap.errors import SourceError
from papermap.headers import Headers
from papermap.readers import FORMATS, RawSource, read

_MB = 1024**2


def _read(data: bytes, read_as: str = "") -> RawSource:
    return read("-", stdin=io.BytesIO(data), headers=Headers(read_as=read_as))


@pytest.mark.parametrize("key", ["", *FORMATS])
@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000 + "]" * 100_000,
        '{"type":"FeatureCollection","features":' + '{"a":' * 100_000 + "1" + "}" * 100_001,
        "<gpx>" * 100_000,
        "<osm><node>" + "<tag>" * 100_000,
    ],
    ids=["lists", "objects", "gpx", "osm"],
)
def test_a_hundred_thousand_deep(text: str, key: str) -> None:
    with pytest.raises(SourceError) as caught:
        _read(text.encode(), key)
    assert len(str(caught.value)) < 500  # a sentence, not the file


def test_a_line_of_two_gigabytes(tmp_path: Path) -> None:
    path = tmp_path / "points.geojson"
    path.write_bytes(b'{"type": "FeatureCollection", "features": [')
    os.truncate(path, 2 * 1024 * _MB)  # of zeros, without room on the disk
    tracemalloc.start()
    with pytest.raises(SourceError, match="larger than 256 MB"):
        read(str(path))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 300 * _MB


def test_an_endless_stream() -> None:
    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
            buffer[:] = b"{" * len(buffer)
            return len(buffer)

    with pytest.raises(SourceError, match="larger than 256 MB"):
        read("-", stdin=io.BufferedReader(Endless(), _MB))


_LAUGHS = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_OUTSIDE = '<!DOCTYPE x [<!ENTITY b SYSTEM "file:///etc/passwd">]>'
_REMOTE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'


@pytest.mark.parametrize("document_type", [_LAUGHS, _OUTSIDE, _REMOTE])
@pytest.mark.parametrize("sample", [files.GPX, files.OSM], ids=["gpx", "osm"])
def test_document_types_are_refused(sample: str, document_type: str) -> None:
    declaration, _, rest = sample.partition("?>")
    text = f"{declaration}?>{document_type}{rest.replace('給水車', '&b;').replace('みなと', '&b;')}"
    with pytest.raises(SourceError, match="document type of its own"):
        _read(text.encode())


def test_a_shapefile_in_an_archive_stays_in_bounds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shape = files.bare_shapefile()
    odd = {"../../evil.shp": shape, "/etc/x.shp": shape, "C:\\x.shp": shape, "a.shp": shape}
    before = set(tmp_path.parent.iterdir())
    assert len(_read(files.zipped(odd)).features) == 1
    assert set(tmp_path.parent.iterdir()) == before
    monkeypatch.setattr("papermap.readers.shapefile.LIMIT", 1000)
    several = {f"{n}.shp": shape + b"\0" * 300 for n in range(4)}
    with pytest.raises(SourceError, match="unpacks to more than"):
        _read(files.zipped(several))


def test_a_view_that_never_ends_is_told_and_not_read(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    files.written(path, "GPKG", layer="places")
    with sqlite3.connect(path) as database:
        database.execute(
            "CREATE VIEW bomb AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c)"
            " SELECT c.x AS OGC_FID, places.geom AS geom, 'a' AS name FROM c, places"
        )
        database.execute(
            "INSERT INTO gpkg_contents (table_name, data_type, identifier, srs_id)"
            " VALUES ('bomb', 'features', 'bomb', 4326)"
        )
        database.execute(
            "INSERT INTO gpkg_geometry_columns VALUES ('bomb', 'geom', 'POINT', 4326, 0, 0)"
        )
    database.close()
    raw = read(str(path))
    assert len(raw.features) == 2
    assert [(p.code, p.value) for p in raw.problems] == [("PM075", "bomb")]


_BAD = ("file:///etc/passwd", "http://127.0.0.1:9/x", "javascript:alert(1)", "=cmd|'/c calc'!A0")


def test_nothing_of_it_reaches_the_paper_but_letters(tmp_path: Path) -> None:
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [139.5 + n / 1000, 35.3]},
            "properties": {
                "name": f"\u202e給水{n}\u0000\x1b[31m",
                "category": "給水",
                "url": bad,
                "note": bad,
                "marker-symbol": bad,
                "icon": bad,
                "description": f"<script src='{bad}'>x</script><a href='{bad}'>水</a>",
            },
        }
        for n, bad in enumerate(_BAD)
    ]
    source = tmp_path / "a.geojson"
    source.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    report = papermap.build(
        papermap.make_job({"sources": [str(source)], "output": str(tmp_path / "a.pdf")})
    )
    assert {point.name[:2] for point in report.checked.points} == {"給水"}
    assert "PM039" in {problem.code for problem in report.checked.problems}
    with pikepdf.open(tmp_path / "a.pdf") as pdf:
        actions = [
            str(annotation.get("/A", {}).get("/URI", ""))
            for page in pdf.pages
            for annotation in page.get("/Annots", [])
        ]
        assert not [uri for uri in actions if uri]
        assert "/OpenAction" not in pdf.Root or "/JS" not in str(pdf.Root.OpenAction)
    text = report.manifest.read_text("utf-8")
    assert not any(char in text for char in "\u202e\x00\x1b")
