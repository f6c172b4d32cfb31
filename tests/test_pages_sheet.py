"""Map sheets and their lists, read back from the PDF."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import timedelta
from functools import cache
from itertools import pairwise

import msgspec
import pdfplumber
import pikepdf
import pytest
import shapely
from pages_fake import (
    AS_OF,
    TOWN,
    draw_pages,
    fake_drawing,
    make_book,
    only_packaged,
    town_points,
)
from reportlab.pdfgen.canvas import Canvas

from papermap.marks import Placement
from papermap.model import Kind, MapFeature, Origin, Status
from papermap.pages.forms import Look, _mark
from papermap.pages.frames import map_frame, page_frames
from papermap.pages.furniture import draw_header
from papermap.pages.kmlabels import km_labels
from papermap.pages.mapframe import tab_boxes
from papermap.pages.model import Book, Page
from papermap.pages.rows import Pitch, make_row, make_tabs
from papermap.pages.said import row_text
from papermap.pages.sheet import ListPage, SheetPage, frame_obstacles, sheet_pages
from papermap.pages.state import mark_state
from papermap.style import Colour, load_style
from papermap.units import PAPERS, Box, paper_size
from papermap.vocabulary import load_vocabulary

MM = 25.4 / 72
PAPER_WAYS = [(paper, way) for paper in PAPERS for way in ("portrait", "landscape")]


def numbered(book: Book) -> list[Page]:
    pages = sheet_pages(book)
    return [replace(page, number=i, total=len(pages)) for i, page in enumerate(pages, start=1)]


@cache
def town() -> tuple[Book, list[Page], bytes]:
    book = make_book(placed=True)
    pages = numbered(book)
    return book, pages, draw_pages(book, pages)


def read(data: bytes) -> list[pdfplumber.page.Page]:
    return pdfplumber.open(io.BytesIO(data)).pages


def words_in(page: pdfplumber.page.Page, box: Box) -> list[dict[str, float]]:
    """Words whose middle lies in ``box`` (mm from the lower left), with mm from there."""
    height = float(page.height) * MM
    found = []
    for word in page.extract_words(x_tolerance=2, y_tolerance=1, extra_attrs=["fontname", "size"]):
        x, y = (word["x0"] + word["x1"]) / 2 * MM, height - (word["top"] + word["bottom"]) / 2 * MM
        if box.contains(x, y):
            found.append({**word, "x": x, "y": y})
    return found


# --- frames -----------------------------------------------------------------------------------


def test_a4_upright_has_the_measures_of_the_mock() -> None:
    style = load_style("mono")
    frames = page_frames(paper_size("A4"), style)
    assert map_frame(paper_size("A4"), style) == (186, 140)
    assert frames.map == pytest.approx(Box(12, 297 - 169.2, 198, 297 - 29.2))
    assert frames.list == pytest.approx(Box(8, 20.2, 202, 297 - 175.8))
    assert [box.width for box in frames.columns(frames.list, style)] == [94.5, 94.5]


@pytest.mark.parametrize(("paper", "way"), PAPER_WAYS)
@pytest.mark.parametrize("name", ["mono", "large"])
def test_frames_lie_on_the_page_and_beside_one_another(paper: str, way: str, name: str) -> None:
    style, size = load_style(name), paper_size(paper, way)
    frames = page_frames(size, style)
    margin = style.layout.margin
    inside = Box(margin, margin, size.width - margin, size.height - margin).grown(1e-6)
    boxes = [frames.header, frames.band, frames.list, frames.footer]
    for box in (*boxes, frames.map, frames.body, frames.overview):
        assert inside.contains(box.x0, box.y0)
        assert inside.contains(box.x1, box.y1)
    for i, box in enumerate(boxes):
        assert not any(box.overlaps(other) for other in boxes[i + 1 :])
    assert min(frames.map.width, frames.map.height) > 100
    assert min(frames.list.width, frames.list.height) > 50
    overview = page_frames(size, style).overview
    assert min(overview.width, overview.height) > 110


# --- what stands on a sheet ---------------------------------------------------------------------


def test_every_row_has_number_name_and_cell_on_one_line() -> None:
    book, pages, data = town()
    listed = set()
    for page, paper in zip(pages, read(data), strict=True):
        assert isinstance(page, SheetPage)
        words = words_in(paper, book.frames.list)
        for point in page.of.shown:
            entry = book.index.by_point[point]
            cell = entry.home.cell if entry.home.sheet == page.label else entry.home.text
            number = [w for w in words if w["text"] == str(entry.number) and _is_bold(w)]
            assert len(number) == 1, entry.number
            line = [w for w in words if abs(w["y"] - number[0]["y"]) < 0.8]
            box = next(box for box in page.list.boxes if box.x0 <= number[0]["x"] < box.x1)
            column = [w for w in line if box.x0 <= w["x"] < box.x1]
            assert any(w["text"] == cell and _is_bold(w) for w in column)
            name = book.data.points[point].name
            assert any(name.startswith(w["text"]) and _is_bold(w) for w in column), name
            listed.add(point)
    assert len(listed) == len(TOWN)


def _is_bold(word: dict[str, float]) -> bool:
    return "Bold" in str(word["fontname"]) or "IPAex" in str(word["fontname"])


@pytest.mark.parametrize(("paper", "way"), PAPER_WAYS)
def test_nothing_leaves_the_page_or_is_too_small_or_overlaps(paper: str, way: str) -> None:
    book = make_book(paper=paper, orientation=way, scale=15_000)
    pages = numbered(book)
    _check_print(book, read(draw_pages(book, pages[:1]))[0])


@pytest.mark.parametrize("way", ["portrait", "landscape"])
@pytest.mark.parametrize("paper", ["A4", "B5"])
def test_large_type_is_large_everywhere(paper: str, way: str) -> None:
    book = make_book(paper=paper, orientation=way, style="large", scale=15_000)
    pages = numbered(book)
    for page in read(draw_pages(book, pages[:2])):
        _check_print(book, page)


def test_english_and_packaged_fonts_alone_print_as_well() -> None:
    book = make_book(languages=("en",), font_set=only_packaged())
    _check_print(book, read(draw_pages(book, numbered(book)[:1]))[0])


def _check_print(book: Book, page: pdfplumber.page.Page) -> None:
    margin, kind = book.style.layout.margin, book.style.type
    width, height = book.size
    frames = book.frames
    for char in page.chars:
        box = (char["x0"] * MM, char["x1"] * MM, char["top"] * MM, char["bottom"] * MM)
        name = str(char["text"])
        assert box[0] >= margin - 0.3, name
        assert box[1] <= width - margin + 0.3, name
        assert box[2] >= margin - 1, name
        assert box[3] <= height - margin + 1, name
        assert max(char["size"], char["width"]) >= kind.minimum - 0.01, name
    lists = Box(*frames.list)
    for box in (lists, frames.header, frames.footer):
        _no_overlap(words_in(page, box))


def _no_overlap(words: list[dict[str, float]]) -> None:
    boxes = []
    for word in words:
        slack = float(word["size"]) * MM * 0.2  # lines are set closer than their ascent and descent
        boxes.append(
            (
                Box(
                    word["x0"] * MM + 0.1,
                    word["top"] * MM + slack,
                    word["x1"] * MM - 0.1,
                    word["bottom"] * MM - slack,
                ),
                word["text"],
            )
        )
    for i, (box, text) in enumerate(boxes):
        for other, second in boxes[i + 1 :]:
            assert not box.overlaps(other), (text, second)


def test_header_and_footer_say_what_a_reader_needs() -> None:
    book, pages, data = town()
    text = read(data)[0].extract_text()
    for said in (
        "海の町 災害時支援マップ",
        "Seaside town disaster support map",
        "9月14日 16:40 現在",
        "最も古い情報 9月11日",
        "第3版 Edition 3",
        f"1 / {len(pages)}",
        "海の町駅・笹目町・大町",
        "1:10,000",
        "徒歩5分",
        "UTM 54S",
        "© OpenStreetMap",
        "満員",
        "となりの図にもある",
    ):
        assert said.replace(" ", "") in text.replace(" ", ""), said
    assert book.frames.header.height == 15


def test_exceptions_stand_in_bold_in_place_of_the_hours_which_stay() -> None:
    book, pages, data = town()
    words = [w for page in read(data) for w in words_in(page, book.frames.list)]
    assert any(w["text"] == "閉鎖" and _is_bold(w) for w in words)
    assert any(w["text"] == "満員" and _is_bold(w) for w in words)
    assert any(w["text"].startswith("24時間") and not _is_bold(w) for w in words)
    assert any(w["text"].startswith("24時間・") for w in words)  # of the full one, before its note
    assert any("定員400人" in w["text"] for w in words)
    assert pages


def test_words_are_written_once_though_they_have_halos() -> None:
    book, pages, data = town()
    page = read(data)[0]
    assert page.extract_text().count("笹") == 2  # in the header and on the map
    frame = book.frames.map
    tag = book.style.type.tag
    numbers = [w["text"] for w in words_in(page, frame) if abs(w["size"] - tag) < 0.01]
    marked = [str(book.index.by_point[p].number) for p in pages[0].of.shown]  # type: ignore[attr-defined]
    assert sorted(numbers) == sorted(marked)


def test_black_is_pure_k_and_every_font_is_embedded() -> None:
    _, _, data = town()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        used = set()
        for page in pdf.pages:
            content = page.Contents.read_bytes().decode("latin1")
            assert not re.search(r"\b(rg|RG)\b", content)
            used |= set(re.findall(r"/(F\d+\+?\d*) [\d.]+ Tf", content))
            fonts = {str(k)[1:]: v for k, v in page.Resources.Font.items()}
            for name in used:
                assert "/FontDescriptor" in fonts[name], name
        assert used


def test_fake_bold_does_not_live_on() -> None:
    book = make_book(font_set=only_packaged())
    with pikepdf.open(io.BytesIO(draw_pages(book, numbered(book)[:1]))) as pdf:
        content = pdf.pages[0].Contents.read_bytes().decode("latin1")
    modes = re.findall(r"\b([0-7]) Tr", content)
    assert modes.count("2") == modes.count("0") > 20
    for block in re.findall(r"BT .*? ET", content, flags=re.DOTALL):
        inside = re.findall(r"\b([0-7]) Tr", block)
        assert not inside or inside[-1] == "0"


def test_the_same_book_gives_the_same_bytes() -> None:
    book, pages, data = town()
    assert draw_pages(make_book(placed=True), numbered(make_book(placed=True))) == data
    assert [panel.box for panel in pages[0].panels] == [book.frames.map]


def test_tabs_link_to_the_neighbours_and_labels_keep_clear() -> None:
    book, pages, data = town()
    with pikepdf.open(io.BytesIO(data)) as pdf:
        for page, paper in zip(pages, pdf.pages, strict=True):
            sheet = page.of  # type: ignore[attr-defined]
            tabs = tab_boxes(book.frames, sheet, book.style)
            links = [str(link.Dest) for link in paper.get("/Annots", [])]
            assert len(links) == len(tabs)
            frame = Box(0, 0, book.frames.map.width, book.frames.map.height)
            boxes = frame_obstacles(book, sheet)
            for i, box in enumerate(boxes):
                assert frame.grown(2).contains(box.x0, box.y0)
                assert frame.grown(2).contains(box.x1, box.y1)
                assert not any(box.overlaps(other) for other in boxes[i + 1 :])


def test_a_kilometre_label_makes_room_for_a_point() -> None:
    book, pages, _ = town()
    sheet = pages[0].of  # type: ignore[attr-defined]
    frame, bounds = book.frames.map, sheet.bounds
    before = km_labels(book, sheet)
    assert {label.parts[-1][1] for label in before} == {"down"}
    for label in before:
        x, y = (label.box.x0 + label.box.x1) / 2, (label.box.y0 + label.box.y1) / 2
        place = (
            bounds.x0 + x * bounds.width / frame.width,
            bounds.y0 + y * bounds.height / frame.height,
        )
        xy = list(book.plan.xy)
        xy[sheet.shown[0]] = place
        after = km_labels(replace(book, plan=replace(book.plan, xy=tuple(xy))), sheet)
        assert [each.parts for each in after] == [each.parts for each in before]
        assert not any(each.box.grown(4.9).contains(x, y) for each in after)


def test_the_qr_keeps_its_quiet_zone() -> None:
    book, _, data = town()
    header = book.frames.header
    page = read(data)[0]
    right = header.x1 - book.style.layout.qr - 4 * 15 / 25
    for word in words_in(page, header):
        assert word["x1"] * MM <= right
    without = make_book(url="")
    words = words_in(read(draw_pages(without, numbered(without)[:1]))[0], header)
    assert max(word["x1"] * MM for word in words) == pytest.approx(header.x1, abs=0.5)


# --- long lists ---------------------------------------------------------------------------------


@cache
def dense() -> tuple[Book, list[Page]]:
    book = make_book(town_points(250), scale=20_000)
    return book, numbered(book)


def test_a_dense_sheet_goes_on_overleaf_and_drops_nobody() -> None:
    book, pages = dense()
    sheets = {page.label for page in pages if page.kind == "sheet"}
    assert next(page.label for page in pages if page.kind == "list").endswith("-2")
    for label in sheets:
        mine = [page for page in pages if page.sheet == label]
        numbers = [
            row.number  # type: ignore[union-attr]
            for page in mine
            for column in page.columns  # type: ignore[attr-defined]
            for row, _ in column.items
            if hasattr(row, "number")
        ]
        sheet = mine[0].of  # type: ignore[attr-defined]
        assert sorted(numbers) == sorted(book.index.by_point[p].number for p in sheet.shown)
        assert len(numbers) == len(set(numbers))


def test_columns_hold_what_they_should_and_are_balanced() -> None:
    _, pages = dense()
    for page in pages:
        assert isinstance(page, SheetPage | ListPage)
        heights = [column.height for column in page.columns]
        assert max(heights) <= page.list.boxes[0].height + 1e-6
        if page.kind == "list" and not page.list.goes_on:
            assert max(heights) < sum(heights) / len(heights) + 16
        for column in page.columns:
            assert not hasattr(column.items[-1][0], "group")  # no heading at a column's foot


def test_a_note_longer_than_a_page_is_printed_whole() -> None:
    long = "この給水所では容器を持参してください。" * 180
    points = (replace(town_points()[0], note=long), *town_points()[1:4])
    book = make_book(points)
    pages = numbered(book)
    text = "".join(page.extract_text() for page in read(draw_pages(book, pages)))
    assert "".join(text.split()).count("容器を持参") >= 180 * 0.8  # some are cut by line ends
    assert long in whole_text(book, pages, 1)


def whole_text(book: Book, pages: list[Page], number: int) -> str:
    """What all parts of a point's row say under its name, one after the other."""
    mark = book.words("continued_overleaf")
    return "".join(
        line
        for page in pages
        for column in page.columns  # type: ignore[attr-defined]
        for row, _ in column.items
        if getattr(row, "number", 0) == number
        for line in (*row.what, *row.under)
        if not line.startswith(mark)
    )


def test_a_long_note_leaves_the_page_to_other_rows_and_goes_on_behind_them() -> None:
    """Its first lines stand where its number is; the rest waits until all others are told."""
    long = "夜は裏口から入り受付で名前を書く。Wi-Fi is free, ask for the password. " * 24
    first = replace(town_points()[0], note=long, phone="0467-00-0000")
    book = make_book((first, *town_points()[1:]), scale=20_000)
    pages = [page for page in numbered(book) if page.sheet == "1"]
    sheet, *more = pages
    assert more
    row = next(r for c in sheet.columns for r, _ in c.items if getattr(r, "number", 0) == 1)  # type: ignore[attr-defined]
    assert row.rest
    assert row.under[-1].startswith(book.words("continued_overleaf"))
    assert "0467-00-0000" in "".join((*row.what, *row.under))  # before the note
    others = [r.number for c in sheet.columns for r, _ in c.items if hasattr(r, "number")]  # type: ignore[attr-defined]
    assert len(others) > 8
    printed = "".join(whole_text(book, pages, 1).split())
    assert printed.endswith("".join(long.split()))
    last = more[-1].columns  # type: ignore[attr-defined]
    heading = next(item for c in last for item, _ in c.items if getattr(item, "group", None))
    assert heading is not None
    text = read(draw_pages(book, pages))[-1].extract_text()
    assert "説明のつづき" in text


def test_words_that_no_column_is_made_for_take_all_the_width() -> None:
    name = "海の町立第一中学校体育館および武道場ならびに格技室および多目的ホールの一階と二階と三階"
    hours = "月9:00–17:00、火9:00–17:00、水9:00–17:00、木は休み、金9:00–20:00、土日10:00–16:00"
    points = (
        replace(town_points()[0], name=name),
        replace(town_points()[1], hours=hours, note="応急給水栓"),
        *town_points()[2:],
    )
    book = make_book(points)
    rows = [
        r for p in numbered(book) for c in p.columns for r, _ in c.items if hasattr(r, "number")
    ]  # type: ignore[attr-defined]
    wide = next(row for row in rows if "".join(row.name) == name)
    assert len(wide.name) <= 3
    assert not wide.hours
    long = next(row for row in rows if "火9:00–17:00" in "".join(row.under))
    assert "".join("".join(long.under).split()) == "".join(f"{hours}・応急給水栓".split())


def test_marks_without_room_are_told_and_others_unlisted() -> None:
    book = make_book()
    page = next(p for p in numbered(book) if len(p.of.shown) > len(p.of.points))  # type: ignore[attr-defined]
    assert isinstance(page, SheetPage)
    drawing = fake_drawing(page)
    by_point = book.index.by_point
    own = by_point[page.of.points[0]].number
    other = by_point[next(p for p in page.of.shown if p not in page.of.points)].number
    kept = tuple(m for m in drawing.placement.marks if not {own, other} & {*m.numbers})
    placement = Placement(kept, (own, other), drawing.placement.size)
    out = io.BytesIO()
    canvas = Canvas(out, initialFontName=book.fonts.runs("0")[0].font)
    for label in ("1", "2", "3"):
        canvas.bookmarkPage(f"sheet-{label}")
    page.draw(canvas, {"1": replace(drawing, placement=placement)})
    canvas.save()
    paper = read(out.getvalue())[0]
    words = words_in(paper, book.frames.list)
    numbers = [w["text"] for w in words if _is_bold(w)]
    assert str(own) in numbers
    assert str(other) not in numbers
    assert "＊" in [w["text"] for w in words]
    assert f"図に印なし{own}" in paper.extract_text().replace(" ", "")


def test_roads_and_areas_have_rows_with_their_own_time() -> None:
    book = make_book()
    vocabulary = load_vocabulary()
    closed = next(c for c in vocabulary.categories.values() if c.kind is Kind.LINE)
    line = shapely.LineString([(139.548, 35.317), (139.553, 35.319)])
    far = shapely.LineString([(140.5, 36.3), (140.6, 36.3)])
    features = tuple(
        MapFeature(
            f"w{i}",
            name,
            closed.key,
            Kind.LINE,
            shape,
            Origin("roads.geojson", i),
            updated_at=AS_OF,
        )
        for i, (name, shape) in enumerate([("海岸通り", line), ("遠い道", far)])
    )
    categories = {**book.data.categories, closed.key: closed}
    book = replace(book, data=replace(book.data, lines=features, categories=categories))
    pages = numbered(book)
    text = read(draw_pages(book, pages))[0].extract_text()
    assert "道路と区域" in text
    assert re.search(r"海岸通り.*9/14 16:40", text)
    assert "遠い道" not in text


def test_a_list_a_little_too_long_is_set_closer_and_saves_its_page() -> None:
    saved = 0
    for count in range(20, 60, 2):
        book = make_book(town_points(count), scale=20_000)
        for page in sheet_pages(book):
            assert isinstance(page, SheetPage | ListPage)
            if page.list.is_tight:
                assert page.list.pitch == Pitch.tight(book.style)
                saved += not page.list.goes_on and page.part == 0
                assert page.list.pitch.line > book.style.type.row * 25.4 / 72
    assert saved


@pytest.mark.parametrize("style", ["mono", "large"])
@pytest.mark.parametrize("times", [1, 2, 5])
def test_lines_of_the_header_never_meet(style: str, times: int) -> None:
    book = make_book(style=style)
    title = "海の町 災害時支援マップ" * times
    out = io.BytesIO()
    canvas = Canvas(out, initialFontName=book.fonts.runs("0")[0].font)
    page = numbered(book)[0]
    draw_header(
        book.ink(canvas),
        page,
        mark="0",
        title=title,
        second="Disaster support map of the town by the sea: overview " * times,
        third="図は1〜17。図の番号をみて、その紙をひらく。空白のマスには印がなく、図もない。"
        * times,
    )
    canvas.save()
    header = book.frames.header
    chars = [c for c in read(out.getvalue())[0].chars if c["x1"] * MM < header.x1 - 80]
    lines = sorted({(round(c["bottom"], 1), c["size"]) for c in chars if c["size"] < 28})
    assert len(lines) >= 3
    for (upper, _), (lower, size) in pairwise(lines):
        assert lower - upper >= size * 0.9
    assert max(bottom for bottom, _ in lines) * MM <= book.size.height - header.y0 + 0.8


# --- states -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "standing", "state"),
    [
        ({}, False, "solid"),
        ({"status": Status.CLOSED}, False, "crossed"),
        ({"expires_at": AS_OF - timedelta(hours=1)}, False, "crossed"),
        ({"expires_at": AS_OF + timedelta(hours=1)}, False, "solid"),
        ({"status": Status.FULL}, False, "full"),
        ({"confirmed": False}, False, "hollow"),
        ({"updated_at": AS_OF - timedelta(days=2)}, False, "hollow"),
        ({"status": Status.UNKNOWN, "confirmed": None}, False, "hollow"),
        ({"status": Status.UNKNOWN, "confirmed": None}, True, "solid"),
        ({"status": Status.UNKNOWN, "confirmed": True}, False, "solid"),
        ({"status": Status.CLOSED, "confirmed": False}, True, "crossed"),
        ({"updated_at": None}, False, "solid"),
    ],
)
def test_states_of_marks(change: dict[str, object], standing: bool, state: str) -> None:  # noqa: FBT001
    category = replace(load_vocabulary().category("water"), standing=standing)
    point = replace(town_points()[0], **change)  # type: ignore[arg-type]
    assert mark_state(point, AS_OF, timedelta(hours=24), category) == state


def test_a_style_of_ones_own_moves_the_frames() -> None:
    style = load_style("mono")
    wide = msgspec.structs.replace(
        style, layout=msgspec.structs.replace(style.layout, map_share=0.6)
    )
    assert map_frame(paper_size("A4"), wide)[1] > map_frame(paper_size("A4"), style)[1]


def test_dots_and_dashes_leave_nothing_behind() -> None:
    book = make_book()
    canvas = Canvas(io.BytesIO(), initialFontName=book.fonts.runs("0")[0].font)
    ink = book.ink(canvas)
    ink.dots(10, 50, 10)
    ink.line(((0, 0), (9, 9)), 0.3, dash=(1, 1))
    for code in canvas._code[-2:]:
        assert code.endswith("0 J [] 0 d")


@pytest.mark.parametrize("state", ["hollow", "crossed"])
def test_hollow_signs_of_light_colours_are_outlined_in_black(state: str) -> None:
    look = Look(state, Colour("F2A100"), 0.06, 0.1)
    dark = Look(state, Colour("0053C8"), 0.06, 0.1)
    book = make_book()
    category = load_vocabulary().category("charging")
    made = [_mark(book.signs, book.fonts, category, one) for one in (look, dark)]
    assert "RG" not in made[0]
    assert "RG" in made[1]


def test_a_list_says_the_same_on_all_pages_of_its_sheet() -> None:
    book, pages = dense()
    flow = next(page.flow for page in pages if page.kind == "list")  # type: ignore[attr-defined]
    points, known = flow.sheet.shown, book.index.by_point
    own = known[flow.sheet.points[0]].number
    others = [known[p].number for p in points if p not in set(flow.sheet.points)][:2]
    before, drawn = flow.pages, flow.drawn((own, *others))
    assert flow.pages is before  # drawing changes nothing
    assert len(drawn) == len(before)
    numbers = [
        row.number
        for page in drawn
        for column in page.columns
        for row, _ in column.items
        if hasattr(row, "number")
    ]
    assert sorted(numbers) == sorted({known[p].number for p in points} - set(others))
    assert {page.hidden for page in drawn} == {frozenset({own})}


def test_a_telephone_number_is_not_broken_where_it_has_room_under_the_name() -> None:
    name = "海の町子どもの家ならびに子ども会館"
    points = (replace(town_points()[0], name=name, hours="", note="", phone="0467-46-5357"),)
    book = make_book((*points, *town_points()[1:]))
    entry = next(entry for entry in book.index.entries if entry.point == 0)
    text = row_text(book, points[0])
    usual = make_tabs(book, 94.5, [text])
    narrow = replace(usual, hours=66.0, what=66.0, shared=True)
    row = make_row(book, narrow, entry, text, "1")
    assert len(row.name) == 2
    assert narrow.what_width(8.0) < book.metrics.width("0467-46-5357", book.style.type.row)
    assert any("0467-46-5357" in line for line in (*row.what, *row.under))
    assert row.lines == 3
