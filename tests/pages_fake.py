"""A book of an invented town by the sea for the tests of pages, and a simple drawing of a sheet."""

from __future__ import annotations

import io
from datetime import datetime, timedelta, timezone
from functools import cache

import msgspec
from reportlab.pdfgen.canvas import Canvas

from papermap.fonts import FontSet
from papermap.grid import Frame, make_plan
from papermap.i18n import Words
from papermap.index import make_index
from papermap.marks import MarkSize, PlacedMark, PlacedName, Placement
from papermap.model import Checked, Origin, SourceReport, Status, SupportPoint
from papermap.pages.frames import map_frame
from papermap.pages.model import Book, Page
from papermap.render import SheetDrawing
from papermap.signs import load_signs
from papermap.style import Style, load_style
from papermap.units import Box, paper_size, to_pt
from papermap.vocabulary import load_vocabulary

JST = timezone(timedelta(hours=9))
AS_OF = datetime(2026, 9, 14, 16, 40, tzinfo=JST)
CENTRE = (139.5503, 35.3163)
METRES = (1 / 90_900, 1 / 110_950)  # degrees a metre there

# category, name, hours, capacity, accessibility, note, phone, state; east and north in metres
TOWN = [
    ("water", "市役所 本庁舎前", "9–17時", "", "", "給水車・容器持参", "", "", -150, 640),
    ("water", "西小学校", "24時間", "", "", "応急給水栓", "", "", -60, 440),
    ("water", "第一小学校", "9–18時", "", "", "1人6Lまで", "", "", -40, 10),
    ("water", "海浜公園 井戸", "8–16時", "", "", "飲用不可", "", "?", -640, -420),
    ("water", "妙光寺 門前", "6–17時", "", "", "生活用水のみ", "", "", 760, 250),
    ("water", "材木座会館", "10–15時", "", "段差あり", "容器あり", "", "", 460, -420),
    ("shelter", "西中学校", "24時間", "", "", "広域避難場所", "", "", -560, 420),
    ("shelter", "西小学校 体育館", "24時間", "400人", "", "受入停止中", "", "full", 20, 360),
    ("shelter", "第一小学校 体育館", "24時間", "850人", "段差なし", "", "", "", 20, -60),
    ("shelter", "女学院", "", "", "", "帰宅困難者向け", "", "?", 150, 20),
    (
        "shelter",
        "市民体育館",
        "24時間",
        "",
        "",
        "福祉避難所。夜は裏の入口から入り、受付で名前を書く。",
        "",
        "",
        90,
        -80,
    ),
    ("shelter", "妙光寺 本堂", "24時間", "", "", "がけ崩れ注意", "", "closed", 800, 300),
    ("shelter", "きらら会館", "8–22時", "", "", "ペット可", "", "", 330, 460),
    ("bath", "見田記念体育館", "13–19時", "", "", "シャワー・タオル持参", "", "", 130, -220),
    ("bath", "海荘", "14–17時", "", "", "女性と子ども優先", "", "", -620, -280),
    (
        "information",
        "市災害対策本部",
        "24時間",
        "",
        "",
        "罹災証明・安否確認",
        "0467-00-0000",
        "",
        -180,
        520,
    ),
    ("information", "駅東口 案内所", "9–17時", "", "", "English, 中文", "", "", 230, 540),
    ("toilet", "駅 東口", "24時間", "", "車いす・オストメイト", "", "", "", 200, 480),
    ("toilet", "駅 西口広場", "", "", "", "仮設4基", "", "?", 110, 490),
    ("toilet", "海浜公園", "24時間", "", "", "仮設8基", "", "", -560, -460),
    ("toilet", "本町寺 門前", "24時間", "", "", "断水", "", "closed", 380, 340),
    ("toilet", "由比ガ浜地下駐車場", "6–20時", "", "車いす可", "", "", "", -400, -520),
    ("charging", "市役所ロビー", "8–20時", "", "", "1人30分", "", "", -90, 640),
    ("charging", "携帯ショップ 駅前店", "10–16時", "", "", "ケーブルあり", "", "", 220, 300),
    ("charging", "中央図書館", "9–17時", "", "", "停電との情報あり", "", "?", -200, 340),
    ("charging", "カドキホール", "9–17時", "", "", "無料Wi-Fi", "", "", 210, 160),
    ("aed", "福祉センター救護所", "9–17時", "", "", "医師・薬剤師", "", "", -130, 330),
    ("aed", "駅 東口改札", "始発–終電", "", "", "AED", "", "", 250, 640),
    ("aed", "保健福祉事務所", "平日昼間", "", "", "AED・保健師", "", "", -120, -190),
    ("aed", "町の教会", "日中", "", "", "AED", "", "", 90, 110),
    ("aed", "特養静養館", "24時間", "", "", "AED", "", "", -350, -400),
    ("aed", "工芸会館", "10–17時", "", "", "AED", "", "old", 420, 660),
]


@cache
def fonts(families: tuple[str, ...] = ("BIZ UDPGothic", "IPAexGothic")) -> FontSet:
    return FontSet.load(families)


@cache
def only_packaged() -> FontSet:
    """The fonts of a machine that has none of ours installed: bold is faked."""
    return FontSet.load(("IPAexGothic",), folders=())


def town_points(count: int | None = None) -> tuple[SupportPoint, ...]:
    """The town's points, or ``count`` of them, repeated with other places as need be."""
    rows = TOWN if count is None else [TOWN[i % len(TOWN)] for i in range(count)]
    points = []
    for i, (kind, name, hours, capacity, access, note, phone, state, east, north) in enumerate(
        rows
    ):
        turn = i // len(TOWN)
        at = (east + 31 * turn % 97, north - 23 * turn % 89)
        points.append(
            SupportPoint(
                id=f"p{i}",
                name=name if turn == 0 else f"{name} {turn + 1}",
                category=kind,
                lon=CENTRE[0] + at[0] * METRES[0],
                lat=CENTRE[1] + at[1] * METRES[1],
                origin=Origin("town.geojson", i + 1),
                status={"closed": Status.CLOSED, "full": Status.FULL}.get(state, Status.OPEN),
                confirmed=state != "?",
                hours=hours,
                capacity=capacity,
                accessibility=access,
                note=note,
                phone=phone,
                updated_at=AS_OF - timedelta(days=3 if state == "old" else 0, hours=i % 7),
            )
        )
    return tuple(points)


def make_book(
    points: tuple[SupportPoint, ...] | None = None,
    *,
    paper: str = "A4",
    orientation: str = "portrait",
    style: str | Style = "mono",
    languages: tuple[str, ...] = ("ja", "en"),
    scale: int | None = 10_000,
    url: str = "https://example.org/map",
    font_set: FontSet | None = None,
    title: str = "海の町 災害時支援マップ",
    placed: bool = False,
) -> Book:
    look = load_style(style) if isinstance(style, str) else style
    size = paper_size(paper, orientation)
    points = town_points() if points is None else points
    vocabulary = load_vocabulary()
    categories = {point.category: vocabulary.category(point.category) for point in points}
    width, height = map_frame(size, look)
    plan = make_plan(
        [(point.lon, point.lat) for point in points],
        Frame(width, height, look.layout.cell),
        scale=scale,
    )
    source = SourceReport(
        "town.geojson",
        "0" * 64,
        "GeoJSON",
        len(points),
        len(points),
        0,
        0,
        0,
        "海の町オープンデータ",
    )
    data = Checked(points, (), (), (), (source,), categories)
    places = ("海の町駅", "笹目町", "大町")
    return Book(
        title=title,
        places={sheet.label: places for sheet in plan.sheets} if placed else {},
        titles={"ja": title, "en": "Seaside town disaster support map"},
        plan=plan,
        index=make_index(plan, points, categories),
        data=data,
        words=Words(languages),
        fonts=font_set or fonts(tuple(look.type.families)),
        signs=load_signs(),
        style=msgspec.structs.replace(look),
        size=size,
        as_of=AS_OF,
        edition=3,
        url=url,
        attribution="© OpenStreetMap contributors, OpenMapTiles",
        on_map=frozenset({"main_road", "railway", "boundary", "water"}),
    )


def fake_drawing(page: Page) -> SheetDrawing:
    """Marks beside one another in rows, every third displaced; two names."""
    book, sheet = page.book, page.of  # type: ignore[attr-defined]
    frame, look = book.frames.map, book.style.marks
    tag = book.style.type.tag
    size = MarkSize(sign=look.sign, tag_height=look.tag_height, digit=tag * 0.23, type=tag)
    marks = []
    for i, point in enumerate(sheet.shown):
        number = book.index.by_point[point].number
        x0, y0 = book.plan.xy[point]
        tx = (x0 - sheet.bounds.x0) / sheet.bounds.width * frame.width
        ty = (y0 - sheet.bounds.y0) / sheet.bounds.height * frame.height
        moved = i % 3 == 0
        x, y = (tx + 6, ty - 5) if moved else (tx, ty)
        wide = len(str(number)) * size.digit + 2 * size.tag_padding
        right = i % 5 != 4
        near, half = size.sign / 2 - size.tag_overlap, size.tag_height / 2
        left = x + near if right else x - near - wide
        tag = Box(left, y - half, left + wide, y + half)
        leader = ((x, y), (tx, ty)) if moved else None
        side = "right" if right else "left"
        marks.append(PlacedMark((number,), tx, ty, x, y, tag, side, leader))
    look_of, (wide, high) = book.style.names, (frame.width, frame.height)
    road, district, station = (look_of[key].size for key in ("road", "district", "station"))
    x, y = wide * 0.45, high * 0.3
    along = tuple((char, x + 3 * i, y + 5.2 * i, -30.0) for i, char in enumerate("若宮大路"))
    x, y = wide * 0.6, high * 0.93
    box = Box(x - 10, y - 0.4 * station, x + 10, y + 0.3 * station)
    names = (
        PlacedName("笹目町", 50, 97, 0, district, "district", Box(42, 95, 58, 99)),
        PlacedName("海の町駅", x, y, 0, station, "station", box, "Umi Sta."),
        PlacedName("若宮大路", 90, 50, 60, road, "road", Box(85, 45, 95, 55), glyphs=along),
    )
    return SheetDrawing(b"", Placement(tuple(marks), (), size), names)


def draw_pages(book: Book, pages: tuple[Page, ...] | list[Page], *, compress: bool = True) -> bytes:
    """The pages without panels, as a PDF."""
    out = io.BytesIO()
    canvas = Canvas(
        out,
        pagesize=(to_pt(book.size.width), to_pt(book.size.height)),
        pageCompression=int(compress),
        invariant=1,
        initialFontName=book.fonts.runs("0")[0].font,
    )
    for label in sorted(book.sheet_labels - {page.label for page in pages}):
        canvas.bookmarkPage(f"sheet-{label}")  # pdf drops links to pages that are not printed
    for page in pages:
        canvas.bookmarkPage(f"sheet-{page.label}")
        page.draw(canvas, {page.label: fake_drawing(page)} if page.kind == "sheet" else {})
        canvas.showPage()
    canvas.save()
    return out.getvalue()
