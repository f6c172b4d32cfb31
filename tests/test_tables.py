"""Tables as cities, surveys and volunteers write them: every row is placed, listed or told."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from papermap.atlas import check
from papermap.checks import check_source
from papermap.cli import main
from papermap.errors import SourceError, UsageError
from papermap.headers import Headers, load_headers, parse_headers, recognised
from papermap.job import make_job, read_project
from papermap.model import Checked, Status, SupportPoint
from papermap.readers import RawSource, read
from papermap.readers.angles import degrees
from papermap.vocabulary import load_vocabulary

PLAIN = "名称,分類,緯度,経度,更新日時\n"
ROW = "浜の井戸,井戸,35.31921,139.54671,2026-09-14 10:00\n"
QUIET = {"PM034"}  # no time: not what these tests are about


def raw(text: str | bytes, headers: Headers | None = None, encoding: str = "utf-8") -> RawSource:
    data = text if isinstance(text, bytes) else text.encode(encoding)
    return read("-", stdin=io.BytesIO(data), headers=headers or Headers())


def checked(text: str | bytes, headers: Headers | None = None, encoding: str = "utf-8") -> Checked:
    found = check_source(raw(text, headers, encoding), load_vocabulary())
    report = found.sources[0]
    parts = report.points + report.lines + report.areas + report.unplaced + report.skipped
    assert report.features_in == parts
    return found


def told(found: Checked) -> list[tuple[str, int]]:
    return [(p.code, p.row) for p in found.problems if p.code not in QUIET]


def place(point: SupportPoint) -> tuple[float, float]:
    return round(point.lon, 5), round(point.lat, 5)


@pytest.mark.parametrize(
    ("encoding", "code"),
    [
        ("utf-8", []),
        ("utf-8-sig", []),
        ("utf-16", []),
        ("utf-16-le", []),
        ("cp932", ["PM001"]),
        ("euc_jp", ["PM001"]),
        ("iso2022_jp", ["PM001"]),
    ],
)
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_any_encoding_and_separator(encoding: str, code: list[str], mark: str) -> None:
    found = checked((PLAIN + ROW).replace(",", mark), encoding=encoding)
    (point,) = found.points
    assert (point.name, point.category, place(point)) == ("浜の井戸", "well", (139.54671, 35.31921))
    assert point.origin.row == 2
    assert [problem.code for problem in found.problems] == code
    assert found.sources[0].format == ("TSV" if mark == "\t" else "CSV")


def test_machine_dependent_characters_of_cp932() -> None:
    found = checked("名称,緯度,経度\n①㈱髙橋﨑〜Ⅲ,35.3192,139.5467\n", encoding="cp932")
    assert found.points[0].name == "①㈱髙橋﨑〜Ⅲ".replace("〜", "～") or found.points[0].name


def test_an_encoding_of_elsewhere_is_guessed_and_told() -> None:
    rows = "".join(
        f"Вода {i},вода,55.7{i},37.6{i},Чистая питьевая вода во дворе\n" for i in range(9)
    )
    found = checked("name,category,lat,lon,note\n" + rows, encoding="windows-1251")
    assert found.points[0].name == "Вода 0"
    assert found.problems[0].code == "PM001"


def test_decimal_commas_degree_signs_and_other_ways_to_write_a_place() -> None:
    rows = (
        "35,31921;139,54671",
        "35°19'09.2\"N;139°32'48.2\"E",
        "北緯35度19分9.2秒;東経139度32分48.2秒",
        "35.31921°;139.54671°",
        "N35.31921;E139.54671",
        "３５．３１９２１;１３９．５４６７１",
    )
    table = "名称;緯度;経度\n" + "".join(f"P{i};{row}\n" for i, row in enumerate(rows))
    found = checked(table)
    assert {place(point) for point in found.points} <= {
        (139.54671, 35.31921),
        (139.54672, 35.31922),
    }
    assert len(found.points) == len(rows)
    assert all(code == "PM031" for code, _ in told(found))  # no category; nothing of the places


@pytest.mark.parametrize(
    "text", ["", "north", "35°61'", "35°19'N 139", "1_000", "35 19", "N35S", "x" * 99]
)
def test_what_is_no_coordinate(text: str) -> None:
    assert degrees(text) is None


@given(st.floats(-180, 180), st.booleans())
def test_degrees_minutes_seconds_are_what_they_mean(value: float, spaced: bool) -> None:  # noqa: FBT001
    whole, rest = divmod(abs(value) * 3600, 3600)
    minutes, seconds = divmod(rest, 60)
    gap = " " if spaced else ""
    side = "W" if value < 0 else "E"
    text = f"{whole:.0f}°{gap}{minutes:.0f}′{gap}{min(seconds, 59.9999):.4f}″{side}"
    assert degrees(text) == pytest.approx(value, abs=1e-6)


@given(st.text(max_size=70))
def test_degrees_takes_any_text(text: str) -> None:
    found = degrees(text)
    assert found is None or isinstance(found, float)


def test_empty_and_impossible_places_are_listed_with_their_row() -> None:
    table = (
        PLAIN
        + ROW
        + "甲,井戸,,,2026-09-14\n乙,井戸,999,999,2026-09-14\n\n"
        + "丙,井戸,なし,139.5,2026-09-14\n丁,井戸,0,0,2026-09-14\n"
    )
    found = checked(table)
    assert told(found) == [("PM010", 3), ("PM014", 4), ("PM012", 6), ("PM023", 7)]
    assert [(p.name, p.origin.row) for p in found.unplaced] == [
        ("甲", 3),
        ("乙", 4),
        ("丙", 6),
        ("丁", 7),
    ]


def test_titles_above_blank_rows_and_remarks_below() -> None:
    table = (
        "令和8年度　井戸一覧,,,,\n\n,,位置,,\n"
        + PLAIN
        + ROW
        + "\n※ 9月14日現在,,,,\n合計,1,,,\n"
        + PLAIN
    )
    found = checked(table)
    assert [(p.name, p.origin.row) for p in found.points] == [("浜の井戸", 5)]
    assert told(found) == [("PM053", 7), ("PM053", 8), ("PM053", 9)]
    assert all(problem.skipped for problem in found.problems)


def test_headers_in_two_rows_and_two_languages() -> None:
    headers = "名称,分類,位置,,備考\n,,緯度,経度,\nname,category,lat,lon,note\n"
    table = headers + "浜の井戸,井戸,35.3,139.5,浅い\n"
    found = checked(table)
    (point,) = found.points
    assert (point.name, point.category, point.note) == ("浜の井戸", "well", "浅い")
    assert point.origin.row == 4


def test_no_header_at_all() -> None:
    found = checked("浜の井戸,35.31921,139.54671\n山の井戸,35.32921,139.55671\n")
    assert [place(point) for point in found.points] == [
        (139.54671, 35.31921),
        (139.55671, 35.32921),
    ]
    (problem,) = [problem for problem in found.problems if problem.code == "PM050"]
    assert problem.params == {"lat": "B", "lon": "C"}
    assert "浜の井戸" in found.points[0].note + found.points[0].name


def test_cells_beyond_the_header_and_under_no_name_reach_the_note() -> None:
    found = checked("名称,緯度,経度,\n井戸,35.3192,139.5467,浅い,深い\n")
    assert set(found.points[0].note.split("\n")) == {"浅い", "深い"}
    assert ("PM054", 2) in told(found)


def test_a_quotation_mark_without_end_costs_its_row_only() -> None:
    table = (
        'name,lat,lon,note\nA,35.1,139.1,"broken\nB,35.2,139.2,ok\n'
        '"C ""x""",35.3,139.3,"two\nlines"\nD,35.3,139.4,"last\n'
    )
    found = checked(table)
    assert [(p.name, p.note, p.origin.row) for p in found.points] == [
        ("A", "broken", 2),
        ("B", "ok", 3),
        ('C "x"', "two\nlines", 4),
        ("D", "last", 5),
    ]
    assert [row for code, row in told(found) if code == "PM055"] == [2]


def test_quotation_marks_broken_in_every_row_are_read_in_bounded_time() -> None:
    rows = "".join(f'P{i},35.{i:05},139.5,"open\n' for i in range(20_000))
    found = raw("name,lat,lon,note\n" + rows)
    assert len(found.features) == 20_000
    assert found.features[-1].properties["name"] == "P19999"


def test_formulas_are_text() -> None:
    found = checked(
        "名称,緯度,経度,電話番号,備考\n井戸,35.3,139.5,=\"0467-00-0000\",=cmd|' /C calc'!A0\n"
    )
    (point,) = found.points
    assert (point.phone, point.note) == ("0467-00-0000", "=cmd|' /C calc'!A0")


def test_whole_numbers_lose_their_point() -> None:
    assert (
        raw("name,lat,lon,capacity\na,35.3,139.5,35.0\n").features[0].properties["capacity"] == "35"
    )


@pytest.mark.parametrize(
    ("cell", "kind"),
    [
        ("POINT (139.5467 35.3192)", "Point"),
        ("SRID=4326;POINT(139.5467 35.3192)", "Point"),
        ("0101000000D49AE61DA7716140FAEDEBC039A94140", "Point"),
        ('{"type":"Point","coordinates":[139.5467,35.3192]}', "Point"),
        ("LINESTRING(139.5 35.3, 139.6 35.3)", "LineString"),
        ("MULTIPOINT(139.5 35.3, 139.6 35.3)", "MultiPoint"),
    ],
)
def test_a_column_of_geometries(cell: str, kind: str) -> None:
    quoted = cell.replace('"', '""')
    source = raw(f'name,geom\na,"{quoted}"\nb,nonsense\nc,\n')
    geometry = source.features[0].geometry
    assert geometry is not None
    assert geometry["type"] == kind
    found = check_source(source, load_vocabulary())
    assert len(found.points) + len(found.lines) >= 1
    assert [p.code for p in found.problems if p.unplaced] == ["PM015", "PM010"]


def test_numbers_in_a_geometry_that_are_none_are_told() -> None:
    found = checked("name,geom\na,POINT(1e999 35)\nb,POINT(139.5 35.3)\n")
    assert [(p.name, p.reason) for p in found.unplaced] == [("a", "PM011")]


def test_a_kobo_geopoint_has_no_height() -> None:
    source = raw("name,where\na,35.3192 139.5467 12.5 4.2\nb,35.3193 139.5468 0 0\n")
    assert source.features[0].geometry == {"type": "Point", "coordinates": [139.5467, 35.3192]}
    assert source.features[0].properties == {"name": "a"}


def test_metres_ask_for_their_system_and_are_read_in_it() -> None:
    table = "名称,X座標,Y座標\n甲,-75461.2,-25671.9\n乙,-75361.2,-25571.9\n"
    found = checked(table)
    assert [p.code for p in found.problems] == ["PM056", "PM014", "PM014"]
    assert len(found.unplaced) == 2
    # X points north in Japan's plane system IX
    known = checked(table, Headers(crs="EPSG:6677"))
    assert place(known.points[0]) == pytest.approx((139.55093, 35.31938), abs=2e-4)
    with pytest.raises(UsageError, match="EPSG:99999"):
        raw(table, Headers(crs="EPSG:99999"))


def test_the_old_datum_is_brought_to_the_new_one_and_told() -> None:
    found = checked("名称,緯度（日本測地系）,経度（日本測地系）\n甲,35.3192,139.5467\n")
    lon, lat = place(found.points[0])
    assert (lon - 139.5467, lat - 35.3192) == pytest.approx((-0.0032, 0.0032), abs=3e-4)
    assert "PM059" in [problem.code for problem in found.problems]
    names = "名称,緯度（日本測地系）,経度（日本測地系）,緯度（世界測地系）,経度（世界測地系）\n"
    assert place(checked(names + "甲,35.3,139.6,35.32,139.5\n").points[0]) == (139.5, 35.32)


def test_a_table_with_addresses_alone_is_listed() -> None:
    found = checked("施設名,住所,分類\nはま小,海の町1-1,避難所\n")
    assert [(p.name, p.address) for p in found.unplaced] == [("はま小", "海の町1-1")]
    assert [p.code for p in found.problems] == ["PM051", "PM010"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b,c\n1,2,3\n2,3,4\n3,4,5\n", "“a”, “b”, “c”"),
        ("Dear all,\nhere, the list.\nYours\n", "no column of it is known"),
    ],
)
def test_no_table_of_places(text: str, says: str) -> None:
    with pytest.raises(SourceError, match=says):
        raw(text)


class Set(NamedTuple):
    """A header set, a row in it, and what it says."""

    name: str
    header: str
    row: str
    expected: dict[str, Any]


AT = "35.3192,139.5467"
NEW = (
    "全国地方公共団体コード,ID,地方公共団体名,"
    "名称,名称_カナ,名称_英字,所在地_連結表記,緯度,経度,電話番号"
)
CITY = f"140000,1,海の町,町役場,マチヤクバ,Town Hall,海の町1,{AT},0467-00-0000"
SETS = [
    Set(
        "GSI 指定緊急避難場所",
        (
            "共通ID,都道府県名及び市町村名,施設・場所名,住所,洪水,崖崩れ、土石流及び地滑り,高潮,地震,津波,"
            "大規模な火事,内水氾濫,火山現象,指定避難所との住所同一,緯度,経度,備考"
        ),
        f"E1,海県海の町,はま公園,海の町1,1,,,1,1,,,,1,{AT},北口から",
        {
            "category": "evacuation",
            "hazards": {"flood", "earthquake", "tsunami"},
            "note": "北口から",
            "id": "E1",
        },
    ),
    Set(
        "GSI 指定避難所",
        "共通ID,都道府県名及び市町村名,施設・場所名,住所,指定緊急避難場所との住所同一,緯度,経度,備考,受入対象者",
        f"F1,海県海の町,はま小,海の町2,1,{AT},,高齢者",
        {"category": "shelter", "name": "はま小", "note": "高齢者"},
    ),
    Set(
        "推奨データセット 公衆トイレ一覧",
        (
            "都道府県コード又は市区町村コード,NO,名称,名称_カナ,住所,緯度,経度,車椅子使用者用トイレ有無,"
            "多機能トイレ数,利用開始時間,利用終了時間"
        ),
        f"140000,1,はまトイレ,ハマトイレ,海の町3,{AT},有,1,6:00,18:00",
        {"category": "toilet", "reading": "ハマトイレ", "hours": "6:00–18:00"},
    ),
    Set(
        "自治体標準オープンデータセット 指定緊急避難場所一覧",
        NEW + ",災害種別_洪水,災害種別_津波,想定収容人数",
        CITY + ',0,1,"8,889人"',
        {"category": "evacuation", "hazards": {"tsunami"}, "capacity": "8,889人"},
    ),
    Set(
        "自治体標準オープンデータセット AED設置箇所一覧",
        NEW + ",設置位置,小児対応設備の有無",
        CITY + ",1階,有",
        {"category": "aed", "names": {"en": "Town Hall"}},
    ),
    Set(
        "自治体標準オープンデータセット 公衆無線LANアクセスポイント一覧",
        NEW + ",SSID",
        CITY + ",umi-wifi",
        {"category": "wifi", "phone": "0467-00-0000"},
    ),
    Set(
        "自治体標準オープンデータセット 医療機関一覧",
        NEW + ",診療科目,病床数",
        CITY + ",内科,80",
        {"category": "medical", "address": "海の町1"},
    ),
    Set(
        "自治体標準オープンデータセット 公共施設一覧",
        NEW + ",POIコード,通称,利用可能曜日",
        CITY + ",1001,,月火水",
        {"category": "public", "hours": "月火水"},
    ),
    Set(
        "KoboToolbox",
        (
            "start,end,grp/name,grp/category,point,_point_latitude,_point_longitude,_point_altitude,"
            "_point_precision,_id,_uuid,_submission_time,_submitted_by"
        ),
        (
            "2026-09-01T10:00:00.000+09:00,2026-09-01T10:05:00.000+09:00,Old well,well,"
            f"35.3192 139.5467 3 4,{AT},3,4,7,u-7,2026-09-01T01:06:00+00:00,ann"
        ),
        {"category": "well", "name": "Old well", "id": "u-7", "note": ""},
    ),
    Set(
        "ODK Central",
        (
            "SubmissionDate,start,end,q-name,q-category,q-spot-Latitude,q-spot-Longitude,"
            "q-spot-Altitude,q-spot-Accuracy,KEY,SubmitterID,SubmitterName"
        ),
        f"2026-09-01T01:06:00.000Z,x,y,Old well,well,{AT},3,4,uuid:9,3,Ann",
        {"category": "well", "name": "Old well", "id": "uuid:9", "note": ""},
    ),
    Set(
        "Ushahidi v2",
        (
            "#,INCIDENT TITLE,INCIDENT DATE,LOCATION,DESCRIPTION,CATEGORY,LATITUDE,LONGITUDE,"
            "APPROVED,VERIFIED,FIRST NAME,LAST NAME,EMAIL"
        ),
        f"7,Water,2026-09-01 10:00:00,Park,clean,Water,{AT},YES,YES,Ann,Bee,a@b.example",
        {"category": "water", "confirmed": True, "note": "clean", "address": "Park"},
    ),
    Set(
        "Sahana Eden cr_shelter",
        "name,shelter_type_id,capacity,available_capacity,population,status,comments,lat,lon",
        f"Hall,1,100,20,80,2,dry,{AT}",
        {"category": "shelter", "status": Status.OPEN, "capacity": "100", "available": "20"},
    ),
]


@pytest.mark.parametrize(("name", "header", "row", "expected"), SETS, ids=[s.name for s in SETS])
def test_header_sets(name: str, header: str, row: str, expected: dict[str, Any]) -> None:
    found = checked(f"{header}\n{row}\n")
    assert found.sources[0].format == f"CSV ({name})"
    (point,) = found.points
    assert place(point) == (139.5467, 35.3192)
    assert {key: getattr(point, key) for key in expected} == expected
    private = {p.field for p in found.problems if p.code == "PM043"}
    assert private == set(header.split(",")) & {
        "FIRST NAME",
        "LAST NAME",
        "EMAIL",
        "_submitted_by",
        "SubmitterName",
    }
    assert not {p.code for p in found.problems} - {"PM043", "PM034"}
    printed = " ".join(str(getattr(point, key)) for key in ("name", "note", "address"))
    assert not any(word in printed for word in ("Ann", "Bee", "b.example"))


def test_every_header_set_has_a_category_that_is_known() -> None:
    vocabulary = load_vocabulary()
    for headers in load_headers():
        category = headers.constants.get("category")
        assert category is None or vocabulary.find(category), headers.name
        columns = [min(names) for names in headers.needs]
        assert recognised(columns) is not None


def test_columns_as_a_person_names_them() -> None:
    table = "拠点,種,Ｙ,Ｘ,開いている時\nはま,給水,35.3192,139.5467,9-17\n"
    headers = parse_headers(
        {
            "columns": {"name": "拠点", "hours": "開いている時", "lat": "Ｙ", "lon": "Ｘ"},
            "constants": {"category": "給水", "event": "台風19号"},
            "dropped": ["種"],
        },
        "papermap.toml",
    )
    found = checked(table, headers)
    (point,) = found.points
    assert (point.name, point.category, point.hours) == ("はま", "water", "9-17")
    assert (point.event, point.note) == ("台風19号", "")


def test_a_named_column_that_is_not_there_is_told_with_the_nearest() -> None:
    headers = parse_headers({"columns": {"name": "拠点名"}}, "papermap.toml")
    found = checked("拠点名称,緯度,経度\nはま,35.3,139.5\n", headers)
    (problem,) = [problem for problem in found.problems if problem.code == "PM058"]
    assert (problem.field, problem.value, problem.params["near"]) == ("name", "拠点名", "拠点名称")


@pytest.mark.parametrize(
    ("table", "says"),
    [
        ({"columns": {"nmae": "x"}}, "Did you mean “name”"),
        ({"colums": {}}, "Did you mean “columns”"),
        ({"columns": "x"}, "must be a table"),
        ({"columns": {"name": 3}}, "must be a text"),
        ({"constants": {"category": ""}}, "must be a text"),
    ],
)
def test_wrong_columns_are_told(table: dict[str, Any], says: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_headers(table, "papermap.toml")
    assert says in str(caught.value)


def test_json_records_share_the_headers() -> None:
    source = raw(
        '[{"拠点":"はま","Y":"35.31","X":139.5},{"拠点":"やま","Y":"","X":""}]',
        Headers(columns={"name": ("拠点",)}),
    )
    found = check_source(source, load_vocabulary())
    assert [p.name for p in found.points] == ["はま"]
    assert [p.name for p in found.unplaced] == ["やま"]


KAMAKURA = Path(__file__).parents[2] / "shared/data/kamakura"


@pytest.mark.skipif(not KAMAKURA.is_dir(), reason="real data is not here")
def test_the_lists_of_a_city_with_their_broken_rows() -> None:
    counts = {}
    for name in ("aed", "public", "universal", "widearea-shelters"):
        source = read(str(KAMAKURA / f"{name}.json"))
        found = check_source(source, load_vocabulary())
        counts[name] = (
            found.sources[0].points,
            [(p.code, p.feature) for p in found.problems if p.unplaced],
        )
    assert counts == {
        "aed": (295, [("PM029", 271)]),
        "public": (104, [("PM029", 6), ("PM018", 7)]),
        "universal": (25, []),
        "widearea-shelters": (21, []),
    }


def test_columns_of_the_project_file_and_of_each_file(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("拠点,Y,X\n甲,35.3,139.5\n", "utf-8")
    (tmp_path / "b.csv").write_text("場,緯度,経度\n乙,35.31,139.51\n", "utf-8")
    project = tmp_path / "papermap.toml"
    project.write_text(
        'sources = ["a.csv", "b.csv"]\ncolumns = { name = "拠点" }\n'
        'constants = { category = "給水" }\n'
        '[files."b.csv"]\ncolumns.name = "場"\nconstants.category = "避難所"\n',
        "utf-8",
    )
    job = make_job(read_project(project))
    found = check(job.sources, reading=job.reading)
    assert [(p.name, p.category) for p in found.points] == [("甲", "water"), ("乙", "shelter")]
    project.write_text('sources = ["a.csv"]\n[files."a.csb"]\nread_as = "csv"\n', "utf-8")
    with pytest.raises(UsageError, match=r"Did you mean .*a\.csv"):
        read_project(project)


def test_check_takes_columns_and_the_form_from_the_command_line(tmp_path: Path) -> None:
    data = tmp_path / "a.txt"
    data.write_text("拠点;Y;X\n甲;35,3192;139,5467\n", "utf-8")
    columns = tmp_path / "columns.toml"
    columns.write_text('[columns]\nname = "拠点"\n[constants]\ncategory = "給水"\n', "utf-8")
    run = CliRunner().invoke(
        main, ["check", str(data), "--columns", str(columns), "--read-as", "csv", "--lang", "en"]
    )
    assert "feature 1, row 2 “甲”" in run.stdout
    assert "PM031" not in run.stdout
    merged = CliRunner().invoke(
        main, ["merge", str(data), "--columns", str(columns), "--format", "csv", "--quiet"]
    )
    assert merged.exit_code == 0
    wrong = CliRunner().invoke(main, ["check", str(data), "--read-as", "cvs"])
    assert wrong.exit_code == 2
    assert "Did you mean “csv”" in wrong.stderr
    columns.write_text("[colums]\n", "utf-8")
    empty = CliRunner().invoke(main, ["check", str(data), "--columns", str(columns)])
    assert empty.exit_code == 2
    assert "says nothing of columns" in empty.stderr


def test_check_without_sources_takes_those_of_the_project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.csv").write_text("拠点,緯度,経度\n甲,35.3,139.5\n", "utf-8")
    (tmp_path / "papermap.toml").write_text(
        'sources = ["a.csv"]\ncolumns = { name = "拠点" }\n', "utf-8"
    )
    monkeypatch.chdir(tmp_path)
    run = CliRunner().invoke(main, ["check", "--format", "json"])
    assert json.loads(run.stdout)["problems"][0]["name"] == "甲"
    assert "papermap.toml" in run.stderr
