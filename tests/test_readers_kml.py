"""KML and KMZ: placemarks in folders, of strangers; nothing followed, fetched or unpacked."""

from __future__ import annotations

import io
import tracemalloc
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papermap import make_job
from papermap.atlas.wiring import lay_out
from papermap.checks import check_source
from papermap.errors import SourceError
from papermap.model import Checked, Kind
from papermap.readers import RawSource, kmz, read
from papermap.readers.kml import colour_of
from papermap.readers.opened import Opened
from papermap.readers.source import load as load_content
from papermap.vocabulary import load_vocabulary

SHARED = Path(__file__).parents[2] / "shared/data"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the real inputs are not here")
POINT = "<Point><coordinates>\n 139.5,35.3,12 \n</coordinates></Point>"


def kml(inside: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>') -> str:
    return f'{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{inside}</Document></kml>'


def placemark(inside: str, name: str = "本町公園") -> str:
    return f"<Placemark><name>{name}</name>{inside}</Placemark>"


def load(folder: Path, content: str | bytes, name: str = "a.kml") -> RawSource:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read(str(path))


def archive(members: dict[str, str | bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        for name, content in members.items():
            made.writestr(name, content)
    return held.getvalue()


def checked(raw: RawSource) -> Checked:
    return check_source(raw, load_vocabulary())


def codes(raw: RawSource) -> list[str]:
    return [problem.code for problem in raw.problems]


def test_folders_are_layers_the_nearest_first(tmp_path: Path) -> None:
    inner = f"<Folder><name>東側</name>{placemark(POINT)}</Folder>"
    text = kml(
        f"<name>春の地震</name><Folder><name>給水所</name>{placemark(POINT)}{inner}</Folder>"
        f"{placemark(POINT)}"
    )
    raw = load(tmp_path, text)
    assert (raw.format, raw.title) == ("KML", "春の地震")
    assert [feature.layer for feature in raw.features] == ["給水所", "東側/給水所", ""]
    points = checked(raw).points
    assert [point.category for point in points][:2] == ["water", "water"]
    assert points[0].label("ja") == "本町公園"


def test_every_geometry_of_kml(tmp_path: Path) -> None:
    ring, hole = (
        f"<LinearRing><coordinates>{places}</coordinates></LinearRing>"
        for places in (
            "0,0 0.4,0,5 0.4,0.4 0,0.4 0,0",
            "0.1,0.1 0.2,0.1 0.2,0.2 0.1,0.1",
        )
    )
    area = (
        "<Polygon>"
        f"<innerBoundaryIs>{hole}</innerBoundaryIs><outerBoundaryIs>{ring}</outerBoundaryIs>"
        "</Polygon>"
    )
    line = "<LineString><coordinates>1,2,0\n 3, 4, 0\t5,6</coordinates></LineString>"
    raw = load(
        tmp_path,
        kml(
            placemark(area)
            + placemark(line)
            + placemark(f"<MultiGeometry>{area}{line}</MultiGeometry>")
        ),
    )
    first, second, third = (feature.geometry for feature in raw.features)
    assert first is not None
    assert [len(each) for each in first["coordinates"]] == [5, 4]  # the outer ring comes first
    assert second == {"type": "LineString", "coordinates": [[1, 2], [3, 4], [5, 6]]}
    assert third == {"type": "GeometryCollection", "geometries": [first, second]}
    result = checked(raw)
    assert {feature.kind for feature in result.areas} == {Kind.AREA}
    assert (len(result.lines), len(result.areas)) == (2, 2)


def test_a_recorded_track_is_a_line_and_told(tmp_path: Path) -> None:
    track = (
        '<gx:Track xmlns:gx="http://www.google.com/kml/ext/2.2"><when>2024-01-03T01:00:00Z</when>'
        "<gx:coord>139.1 35.1 4</gx:coord><gx:coord>139.2 35.2 4</gx:coord></gx:Track>"
    )
    raw = load(tmp_path, kml(placemark(track)))
    assert raw.features[0].geometry == {
        "type": "LineString",
        "coordinates": [[139.1, 35.1], [139.2, 35.2]],
    }
    assert [(p.code, p.feature, p.name) for p in raw.problems] == [("PM061", 1, "本町公園")]


def test_columns_keep_their_names_and_stand_before_the_description(tmp_path: Path) -> None:
    inside = (
        "<address>本町1-2</address>"
        "<description><![CDATA[営業状況: 開設中<br>駐車場: 有]]></description>"
        '<ExtendedData><Data name="営業状況"><value>開設中</value></Data>'
        '<SchemaData schemaUrl="#s"><SimpleData name="駐車場">有</SimpleData></SchemaData>'
        "</ExtendedData>"
    )
    raw = load(tmp_path, kml(placemark(inside)))
    (feature,) = raw.features
    assert feature.geometry is None
    assert list(feature.properties)[:5] == ["name", "address", "営業状況", "駐車場", "description"]
    assert feature.properties["営業状況"] == "開設中"
    (place,) = checked(raw).unplaced
    assert (place.name, place.address, place.status.value) == ("本町公園", "本町1-2", "open")


def test_colours_and_icons_of_my_maps_and_of_shared_styles(tmp_path: Path) -> None:
    styles = (
        '<Style id="road"><LineStyle><color>ff0051e6</color></LineStyle></Style>'
        '<StyleMap id="both"><Pair><key>highlight</key><styleUrl>#x</styleUrl></Pair>'
        "<Pair><key>normal</key><styleUrl>#road</styleUrl></Pair></StyleMap>"
    )
    urls = ("#icon-1899-E65100-labelson-nodesc", "#line-E65100-3713-nodesc", "#both", "#nowhere")
    marks = "".join(placemark(f"<styleUrl>{url}</styleUrl>{POINT}") for url in urls)
    seen = [feature.properties for feature in load(tmp_path, kml(styles + marks)).features]
    assert (seen[0]["icon-code"], seen[0]["marker-color"]) == ("1899", "#E65100")
    assert seen[1]["stroke"] == "#E65100"
    assert seen[2]["stroke"] == "#E65100"
    assert "stroke" not in seen[3]


@pytest.mark.parametrize(
    ("text", "colour"), [("ff0051e6", "#E65100"), ("7F25A8F9", "#F9A825"), ("red", ""), ("", "")]
)
def test_colours_of_kml_are_written_backwards(text: str, colour: str) -> None:
    assert colour_of(text) == colour


def test_times(tmp_path: Path) -> None:
    stamp = "<TimeStamp><when>2024-01-03T10:30:00+09:00</when></TimeStamp>"
    span = "<TimeSpan><begin>2024-01-01</begin><end>2024-01-09</end></TimeSpan>"
    points = checked(load(tmp_path, kml(placemark(stamp + POINT) + placemark(span + POINT)))).points
    assert str(points[0].updated_at) == "2024-01-03 10:30:00+09:00"
    assert str(points[1].expires_at)[:10] == "2024-01-09"
    assert "2024-01-01" in points[1].note


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ('<?xml version="1.0" encoding="UTF-8"?>', "utf-8"),
        ("", "utf-8-sig"),
        ('<?xml version="1.0" encoding="UTF-16"?>', "utf-16"),
        ('<?xml version="1.0" encoding="Shift_JIS"?>', "cp932"),
        ('<?xml version="1.0" encoding="EUC-JP"?>', "euc-jp"),
    ],
)
def test_the_declared_encoding_is_believed(tmp_path: Path, head: str, encoding: str) -> None:
    raw = load(tmp_path, kml(placemark(POINT), head).encode(encoding))
    assert raw.features[0].properties["name"] == "本町公園"
    assert codes(raw) == []


def test_an_encoding_that_is_not_what_it_says_is_guessed_and_told(tmp_path: Path) -> None:
    raw = load(tmp_path, kml(placemark(POINT)).encode("cp932"))
    assert raw.features[0].properties["name"] == "本町公園"
    assert codes(raw) == ["PM001"]


@pytest.mark.parametrize(
    "root", ["<kml>{}</kml>", '<k:kml xmlns:k="http://www.opengis.net/kml/2.2">{}</k:kml>']
)
def test_any_namespace_or_none(tmp_path: Path, root: str) -> None:
    raw = load(tmp_path, root.format(placemark(POINT)), "points.xml")
    assert (raw.format, len(raw.features)) == ("KML", 1)


def test_what_html_calls_nbsp_is_forgiven_and_control_characters_are_told(tmp_path: Path) -> None:
    raw = load(tmp_path, kml(placemark(POINT, "本町&nbsp;公園\x0b&unheard;")))
    assert raw.features[0].properties["name"] == "本町\xa0公園 &unheard;"
    assert [(p.code, p.params["count"]) for p in raw.problems] == [("PM069", "1")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (kml(placemark(POINT))[:-40], "incomplete"),
        (kml(placemark(POINT))[:200], "incomplete"),
        (kml(placemark(POINT, "A & B")), "&amp;"),
        (kml("<Folder></Documen></Folder>"), "line 1, column"),
        (kml("<Folder>" * 5_000 + "</Folder>" * 5_000), "nested too deep"),
        (kml(f"<description>{'x' * 11_000_000}</description>"), "too long"),
    ],
)
def test_broken_xml_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SourceError) as refused:
        load(tmp_path, text)
    assert said in f"{refused.value} {refused.value.hint}"


# --- hostile


BOMB = (
    '<!DOCTYPE kml [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(10))
    + "]>"
)
EXTERNAL = '<!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
REMOTE = '<!-- a map --><!DOCTYPE kml SYSTEM "http://127.0.0.1:9/kml.dtd">'


@pytest.mark.parametrize("prolog", [BOMB, EXTERNAL, REMOTE])
def test_document_types_are_refused_unread(tmp_path: Path, prolog: str) -> None:
    text = kml(placemark(POINT, "&k;&a;"), '<?xml version="1.0"?>' + prolog)
    with pytest.raises(SourceError, match="DOCTYPE"):
        load(tmp_path, text)


def test_links_are_told_and_never_followed(tmp_path: Path) -> None:
    links = "".join(
        f"<NetworkLink><name>親の地図</name><Link><href>{url}</href></Link></NetworkLink>"
        for url in ("http://127.0.0.1:9/a.kml", "file:///etc/passwd")
    )
    icon = "<Style><IconStyle><Icon><href>file:///etc/passwd</href></Icon></IconStyle></Style>"
    overlay = "<GroundOverlay><Icon><href>http://127.0.0.1:9/a.png</href></Icon></GroundOverlay>"
    raw = load(tmp_path, kml(links + overlay + placemark(icon + POINT)))
    assert [(p.code, p.value) for p in raw.problems] == [
        ("PM060", "http://127.0.0.1:9/a.kml"),
        ("PM060", "file:///etc/passwd"),
        ("PM062", None),
    ]
    assert "passwd" not in repr(raw.features)
    assert len(raw.features) == 1


def test_kmz_reads_doc_kml_and_tells_the_rest(tmp_path: Path) -> None:
    other, main = kml(placemark(POINT, "他")), kml(placemark(POINT, "主"))
    members = {"a/other.kml": other, "doc.kml": main, "../../evil.kml": other, "/etc/x.png": "x"}
    raw = load(tmp_path, archive(members), "a.kmz")
    assert raw.format == "KMZ"
    assert raw.features[0].properties["name"] == "主"
    assert [(p.code, p.value) for p in raw.problems] == [
        ("PM063", "../../evil.kml, /etc/x.png"),
        ("PM064", "a/other.kml"),
    ]
    assert list(tmp_path.iterdir()) == [tmp_path / "a.kmz"]


def test_kmz_without_doc_kml_is_read_under_any_name(tmp_path: Path) -> None:
    raw = load(tmp_path, archive({"files/a.png": "x", "地図.KML": kml(placemark(POINT))}), "map")
    assert (raw.format, len(raw.features)) == ("KMZ", 1)


def test_kmz_with_a_path_trick_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="without a KML"):
        load(tmp_path, archive({"..\\..\\doc.kml": kml(placemark(POINT))}), "a.kmz")


def test_kmz_bomb_is_refused_in_bounded_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("papermap.readers.zipped.LIMIT", 1024**2)
    bomb = tmp_path / "bomb.kmz"
    with (
        zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as made,
        made.open("doc.kml", "w") as member,
    ):
        for _ in range(100):
            member.write(b" " * 1024**2)
    opened = Opened(load_content(str(bomb)))
    assert kmz.READER.recognises(opened)
    tracemalloc.start()
    with pytest.raises(SourceError, match="unpacks to more than"):
        kmz.READER.read(opened)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * 1024**2


def test_kmz_whose_header_lies_or_breaks_is_refused(tmp_path: Path) -> None:
    data = bytearray(
        archive({"doc.kml": kml("".join(placemark(POINT, str(n)) for n in range(99)))})
    )
    data[200:230] = bytes(30)  # inside the packed bytes
    with pytest.raises(SourceError, match="broken ZIP"):
        load(tmp_path, bytes(data), "a.kmz")


# --- real maps


@needs_shared
@pytest.mark.parametrize(
    ("name", "points", "lines", "left", "layers"),
    [
        ("small/2024-noto.kml", 30, 10, 0, 5),
        ("mihara-2018/water-supply.kml", 345, 0, 44, 8),
        ("small/uMap.kml", 33, 0, 0, 1),
    ],
)
def test_real_maps(name: str, points: int, lines: int, left: int, layers: int) -> None:
    raw = read(str(SHARED / name))
    result = checked(raw)
    (report,) = result.sources
    assert (report.points, report.lines, report.skipped + report.unplaced) == (points, lines, left)
    assert len({feature.layer for feature in raw.features}) == layers
    told = {p.feature for p in result.problems if p.skipped or p.unplaced}
    assert len(told) == left


# --- anything at all

_WHOLE = kml(
    f"<name>地図</name><Folder><name>給水(青：確認済)</name>{placemark(POINT)}"
    + placemark(
        "<description><![CDATA[水: 有<br>&nbsp;]]></description>"
        '<ExtendedData><Data name="水"><value>有</value></Data></ExtendedData>'
        "<LineString><coordinates>1,2 3,4</coordinates></LineString>"
    )
    + "<NetworkLink><Link><href>x</href></Link></NetworkLink></Folder>"
).encode()


@settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    cuts=st.lists(
        st.tuples(st.integers(0, len(_WHOLE) - 1), st.integers(0, 40), st.binary(max_size=4)),
        max_size=4,
    ),
    packed=st.booleans(),
)
def test_broken_bytes_are_read_or_refused(
    tmp_path: Path, *, cuts: list[tuple[int, int, bytes]], packed: bool
) -> None:
    data = _WHOLE
    if packed:
        data = archive({"doc.kml": data})
    for place, length, instead in cuts:
        data = data[:place] + instead + data[place + length :]
    try:
        raw = load(tmp_path, data)
    except SourceError:
        return
    (report,) = checked(raw).sources
    counted = report.points + report.lines + report.areas + report.unplaced + report.skipped
    assert report.features_in == counted == len(raw.features)


@pytest.mark.parametrize(
    ("name", "options", "title"),
    [
        ("潮見町（避難所）", {}, "潮見町（避難所）"),
        ("潮見町（避難所）", {"title": "潮見"}, "潮見"),
        ("無題の地図", {}, "災害時支援マップ"),
        ("points.kml", {}, "災害時支援マップ"),
        ("", {}, "災害時支援マップ"),
    ],
)
def test_an_atlas_of_one_map_has_its_title(
    tmp_path: Path, name: str, options: Mapping[str, Any], title: str
) -> None:
    for file in "ab":
        place = f"<Placemark><name>{file}小学校</name>{POINT}</Placemark>"
        inside = f"<name>{name}</name><Folder><name>避難所</name>{place}</Folder>"
        (tmp_path / f"{file}.kml").write_text(kml(inside), "utf-8")
    sources = [str(tmp_path / "a.kml")]
    book = lay_out(make_job({**options, "sources": sources}))
    assert book.title == title
    assert book.second_title == ("" if options else "Disaster support map")
    both = lay_out(make_job({**options, "sources": [*sources, str(tmp_path / "b.kml")]}))
    assert both.title == options.get("title", "災害時支援マップ")  # it is neither's
