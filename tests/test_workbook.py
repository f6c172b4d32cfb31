"""Workbooks of spreadsheet programs: worksheets, typed cells, formulas, and those made to harm."""

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from collections.abc import Callable
from datetime import date, datetime, time

import pytest
import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from papermap.checks import check_source
from papermap.errors import SourceError
from papermap.headers import Headers
from papermap.model import Checked
from papermap.readers import RawSource, read
from papermap.vocabulary import load_vocabulary

Fill = Callable[[xlsxwriter.Workbook], None]
HEADER = ("名称", "緯度", "経度", "定員", "更新日時")
# worksheet 給水 with “はま小, 35.3192, 139.5467, 35.0” under its header, as Excel 97 saves it
OLD = (
    "c-rk)O=uHA6#iy6X@1CWO@&q{p=hnOLPZZ=>ZXGBqNPef(W0g{f;1#Hc&X4>tvQKO@E{g1g(3=4_2LhD(3=OLMGrznNc8AI1qBan);Di=CDk4ps"
    "6}PIFmK+xH}B2M%$u3rot=pmC+|0u@C$ZAN7?kDra~sD_?$)rq&H2;I<=RIsqjz1=cR?LapOtwrAMxzT<;Pz+;crA3cRP%htufJW>WE0#4e5@DP#"
    ";CL<Me;B!qg7s+Q>qrfZnq<(^NOCRlQrX$SQ!io=*Ox?6YHS$s%qVqFN*??bkkW64(3;f2iNbK}D5>qckpR5JZ{DjHn@Oo7&|E0sy*lIbF1w189i"
    "X2yZ9&Q5(6SMt@B3y}Q#V!3At`BlvYjKVz530^<|v%1u1;^fHo^gOoELW2wGgT0@Jsroc>^C(q&t!m;(saJ={w&&Z!eSUd9^L~yj+Rs7G^8nESgq"
    "e?Wwnym1p1=L&)xQ27;}}au`3$#C`VBHTm^d#j$T-9rjj7bMGQXMW1@^j*`39yj3Y+TYo;sV^Gsb-`vbLGV*~WNnY^>m0h%bEH|ERI>!PrFnbXVz"
    "YZ2FBci6**v2FPCi#?U6(#Kd)p$A(i2`&4+xwEnjf!mCB>*iHL73u6I(W}{54mYf~&v!&T{Wwmr_>9#MigfGFq<m~7)UxIxFhwfZ@d#f{HNu<B^*"
    "Ua(!P%@F%q=oc(Mc%ktEgtanCMxb+KNJ)c6ciK`6ciLz4#Iw>*X^fzxBbrGvA^pqP${d=B>ycAAWOe9^kTXj8LD#_t}1`l!Yv$MVwpD1_d<z-G<p"
    "t$=;t^FtIl6~=M$CxXW534mD@tqj$f`O&Obc<4*-(Sr~"
)


def workbook(fill: Fill) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        fill(book)
    return out.getvalue()


def raw(data: bytes) -> RawSource:
    return read("-", stdin=io.BytesIO(data))


def checked(data: bytes) -> Checked:
    found = check_source(raw(data), load_vocabulary())
    report = found.sources[0]
    parts = report.points + report.lines + report.areas + report.unplaced + report.skipped
    assert report.features_in == parts
    return found


def rows(sheet: Worksheet, *table: tuple[object, ...], top: int = 0) -> None:
    for index, row in enumerate(table, top):
        sheet.write_row(index, 0, row)


def test_cells_are_what_they_are() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("Sheet1")
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm"})
        hour = book.add_format({"num_format": "h:mm"})
        rows(sheet, (*HEADER, "開始時間", "終了時間", "駐車場"))
        rows(sheet, ("はま小", 35.3192, 139.5467, 35.0), top=1)
        sheet.write_datetime(1, 4, datetime(2026, 9, 14, 10, 30), moment)  # noqa: DTZ001
        sheet.write_datetime(1, 5, time(9, 0), hour)
        sheet.write_datetime(1, 6, time(17, 30), hour)
        sheet.write_boolean(1, 7, True)  # noqa: FBT003
        rows(sheet, ("やま小", "35.33", "139,55"), top=2)
        sheet.write_datetime(2, 4, date(2026, 9, 13), book.add_format({"num_format": "yyyy/m/d"}))

    found = checked(workbook(fill))
    first, second = found.points
    assert (first.lon, first.lat, first.capacity) == (139.5467, 35.3192, "35")
    assert (first.hours, first.note) == ("09:00–17:30", "駐車場")
    assert str(first.updated_at) == "2026-09-14 10:30:00+09:00"
    assert str(second.updated_at) == "2026-09-13 00:00:00+09:00"
    assert (second.lon, second.lat, second.origin.row) == (139.55, 35.33, 3)
    assert found.sources[0].format == "XLSX"


def test_every_worksheet_is_a_layer_and_those_without_places_are_told() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        rows(book.add_worksheet("避難所"), HEADER, ("はま小", 35.3, 139.5))
        rows(book.add_worksheet("給水"), ("name", "lat", "lng"), ("公園", 35.31, 139.51))
        rows(book.add_worksheet("メモ"), ("担当: 総務",), ("毎朝ひらく",))
        book.add_worksheet("Sheet4")
        hidden = book.add_worksheet("むかし")
        rows(hidden, HEADER, ("もと小", 35.2, 139.4))
        hidden.hide()

    found = checked(workbook(fill))
    assert [(p.name, p.category) for p in found.points] == [
        ("はま小", "shelter"),
        ("公園", "water"),
    ]
    told = {p.field: p.value for p in found.problems if p.code == "PM052"}
    assert told == {"メモ": "2", "Sheet4": "0", "むかし": "0"}


def test_merged_cells_count_for_every_row_they_span() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("A")
        sheet.merge_range(0, 0, 0, 3, "令和8年度の一覧")
        rows(sheet, ("分類", "名称", "緯度", "経度"), top=1)
        sheet.merge_range(2, 0, 5, 0, "給水")
        rows(sheet, ("給水", "甲", 35.3, 139.5), top=2)
        rows(sheet, ("", "乙", 35.31, 139.51), top=3)
        sheet.write_row(4, 1, ("丙", 35.32, 139.52))

    found = checked(workbook(fill))
    assert [(p.name, p.category) for p in found.points] == [
        ("甲", "water"),
        ("乙", "water"),
        ("丙", "water"),
    ]
    assert [p.origin.row for p in found.points] == [3, 4, 5]
    assert not found.unplaced


def test_formulas_are_their_stored_results_and_never_run() -> None:
    def fill(book: xlsxwriter.Workbook) -> None:
        sheet = book.add_worksheet("A")
        rows(sheet, ("名称", "緯度", "経度", "備考"), ("甲", 35.3, 139.5), ("乙", 35.31, 139.51))
        sheet.write_formula(1, 3, "=cmd|'/C calc'!A0", None, "stored")
        sheet.write_formula(2, 3, "=A1&A2", None, "")
        sheet.write_string(3, 0, "=1+1")
        sheet.write_row(3, 1, (35.32, 139.52))

    found = checked(workbook(fill))
    assert [(p.name, p.note) for p in found.points] == [("甲", "stored"), ("乙", ""), ("=1+1", "")]
    assert [p.value for p in found.problems if p.code == "PM057"] == ["1"]


def test_old_workbooks_of_excel_97() -> None:
    found = checked(zlib.decompress(base64.b85decode(OLD)))
    (point,) = found.points
    assert (point.name, point.category, point.capacity) == ("はま小", "water", "35")
    assert found.sources[0].format == "XLS"


def ods(table: str) -> bytes:
    names = "".join(
        f' xmlns:{key}="urn:oasis:names:tc:opendocument:xmlns:{key}:1.0"'
        for key in ("office", "text", "table")
    )
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet>"
            f'<table:table table:name="給水">{table}</table:table>'
            "</office:spreadsheet></office:body></office:document-content>",
        )
        namespace = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
        archive.writestr(
            "META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{namespace}"/>'
        )
    return out.getvalue()


def ods_row(*cells: str | float, repeated: int = 1, more: str = "") -> str:
    inner = ""
    for cell in cells:
        number = f' office:value="{cell}"' if isinstance(cell, float) else ""
        kind = f'office:value-type="{"float" if number else "string"}"{number}'
        inner += f"<table:table-cell {kind}><text:p>{cell}</text:p></table:table-cell>"
    attribute = f'table:number-rows-repeated="{repeated}"'
    return f"<table:table-row {attribute}>{inner}{more}</table:table-row>"


def test_workbooks_of_libreoffice() -> None:
    far = '<table:table-cell table:number-columns-repeated="16381"/>'
    table = (
        ods_row("名称", "緯度", "経度", more=far)
        + ods_row("公園", 35.3192, 139.5467, more=far)
        + ods_row(repeated=1_048_574, more=far)
    )
    found = checked(ods(table))
    (point,) = found.points
    assert (point.name, point.category, point.lat) == ("公園", "water", 35.3192)
    assert found.sources[0].format == "ODS"


def far_apart(book: xlsxwriter.Workbook) -> None:
    sheet = book.add_worksheet("A")
    rows(sheet, HEADER, ("甲", 35.3, 139.5))
    sheet.write(1_048_575, 16_383, "x")


def lying(data: bytes) -> bytes:
    """The workbook with a sheet that unpacks to far more than its header says."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name) + (b" " * 5_000_000 if "sheet1" in name else b""))
    packed = bytearray(out.getvalue())
    with zipfile.ZipFile(io.BytesIO(bytes(packed))) as archive:
        (info,) = [
            info for info in archive.infolist() if info.filename == "xl/worksheets/sheet1.xml"
        ]
    size = info.file_size.to_bytes(4, "little")
    return bytes(packed).replace(size, (1000).to_bytes(4, "little"))


def bomb(data: bytes) -> bytes:
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            new.writestr(name, old.read(name))
        with new.open("xl/worksheets/sheet2.xml", "w", force_zip64=True) as member:
            for _ in range(300):
                member.write(b" " * 1_000_000)
    return out.getvalue()


def plain(book: xlsxwriter.Workbook) -> None:
    rows(book.add_worksheet("A"), HEADER, ("甲", 35.3, 139.5))


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
BLANKS = '<table:table-cell table:number-columns-repeated="2000000000"/>'
FAR = BLANKS + '<table:table-cell office:value-type="string"><text:p>x</text:p></table:table-cell>'
HOSTILE = {
    "far": (workbook(far_apart), "more cells than can be read"),
    "bomb": (bomb(workbook(plain)), "unpacks to more than"),
    "lying": (lying(workbook(plain)), "broken ZIP archive"),
    "cut": (workbook(plain)[:900], "cut off|broken"),
    "rows": (ods(ods_row("名称") + ods_row("x", 1.5, repeated=2_000_000_000)), "more cells"),
    "columns": (ods(ods_row("名称", more=FAR)), "more cells"),
    "password": (OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
    "broken": (OLE + "Workbook".encode("utf-16-le"), "cannot be read"),
    "no table": (workbook(lambda book: book.add_worksheet().write(0, 0, "nothing")), "“nothing”"),
    "empty": (workbook(lambda book: book.add_worksheet().hide()), "no table with anything"),
}


@pytest.mark.parametrize(("data", "says"), HOSTILE.values(), ids=HOSTILE)
def test_refused_with_a_clear_sentence(data: bytes, says: str) -> None:
    with pytest.raises(SourceError, match=says) as caught:
        raw(data)
    assert caught.value.hint


@pytest.mark.parametrize("read_as", ["xlsx", "ods", ""])
def test_an_archive_of_a_version_to_come_is_refused(read_as: str) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    data = bytearray(out.getvalue())
    data[data.index(b"PK\x01\x02") + 6] = 154  # the version that is needed to extract it
    with pytest.raises(SourceError, match=r"cannot (be )?read"):
        read("-", stdin=io.BytesIO(bytes(data)), headers=Headers(read_as=read_as))
