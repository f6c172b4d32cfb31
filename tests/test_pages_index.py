"""The index read back from paper: order, numbers, addresses, links, columns."""

from __future__ import annotations

import io
import itertools
import re
from dataclasses import replace
from time import process_time

import pdfplumber
import pikepdf
import pytest
from pages_fake import make_book, town_points

from papermap.index import make_index
from papermap.pages.index_layout import Heading, IndexMeasures, Item, Row, index_columns
from papermap.pages.index_pages import index_pages
from papermap.pages.model import Book
from papermap.pages.sheet import sheet_pages
from papermap.pdf import pdf_bytes
from papermap.units import MM_PER_PT


def index_pdf(book: Book, *, sheets: bool = False) -> bytes:
    pages = [*(sheet_pages(book) if sheets else ()), *index_pages(book)]
    numbered = [replace(page, number=n, total=len(pages)) for n, page in enumerate(pages, 1)]
    return pdf_bytes(numbered, iter([{}] * len(numbered)), book)


def words_by_column(book: Book, data: bytes, page: int = 0) -> list[str]:
    """Text of each column of a page, top to bottom."""
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        sheet = pdf.pages[page]
        high = float(sheet.height)
        texts = []
        for box in index_pages(book)[0].measures.columns:
            x0, x1 = (edge / MM_PER_PT for edge in (box.x0, box.x1))
            top, bottom = (high - edge / MM_PER_PT for edge in (box.y1, box.y0))
            texts.append(sheet.crop((x0 - 1, top, x1 + 1, bottom)).extract_text())
        return texts


def all_items(book: Book) -> list[Item]:
    return [
        item for page in index_columns(IndexMeasures(book)) for column in page for item in column
    ]


def renamed(book: Book, names: dict[int, str]) -> Book:
    points = tuple(
        replace(point, name=names.get(n, point.name)) for n, point in enumerate(book.data.points)
    )
    data = replace(book.data, points=points)
    return replace(book, data=data, index=make_index(book.plan, points, data.categories))


def test_every_point_stands_once_with_number_name_and_address() -> None:
    book = make_book()
    text = "\n".join(words_by_column(book, index_pdf(book)))
    lines = text.splitlines()
    for entry in book.index.entries:
        name = book.data.points[entry.point].name
        line = [one for one in lines if re.match(rf"{entry.number}\s", one)]
        assert len(line) == 1, entry.number
        assert name.split()[0] in line[0]
        assert line[0].endswith(entry.home.text) or len(name) > 12


def test_large_type_gives_the_kana_of_names_in_the_index_too() -> None:
    told = {}
    for style in ("mono", "large"):
        book = make_book(style=style)
        points = tuple(
            replace(point, reading="ニシショウガッコウ") if point.name == "西小学校" else point
            for point in book.data.points
        )
        book = replace(book, data=replace(book.data, points=points))
        told[style] = "".join("".join(words_by_column(book, index_pdf(book))).split())
    assert "西小学校（にししょうがっこう）" in told["large"].replace("\n", "")
    assert "にししょうがっこう" not in told["mono"]


def test_order_is_by_category_then_as_the_index_says() -> None:
    book = make_book()
    found = [int(row.number) for row in all_items(book) if isinstance(row, Row)]
    wanted = [entry.number for _, entries in book.index.by_category for entry in entries]
    assert found == wanted


def test_headings_show_both_languages_and_the_count() -> None:
    book = make_book()
    text = "\n".join(words_by_column(book, index_pdf(book)))
    assert re.search(r"給水 Water 6\b", text)
    assert re.search(r"AED 6\b", text)


def test_a_state_that_is_not_open_has_its_sign_after_the_name() -> None:
    book = make_book()
    rows = {row.number: row for row in all_items(book) if isinstance(row, Row)}
    states = {
        book.data.points[entry.point].name: rows[str(entry.number)].state
        for entry in book.index.entries
    }
    assert states["妙光寺 本堂"] == "crossed"
    assert states["西小学校 体育館"] == "full"
    assert states["女学院"] == "hollow"
    assert states["西小学校"] == "solid"


def test_no_heading_stands_alone_and_a_cut_category_says_so() -> None:
    book = make_book(town_points(600))
    pages = index_columns(IndexMeasures(book))
    assert len(pages) > 1
    for page in pages:
        for column in page:
            assert isinstance(column[0], Heading)
            assert isinstance(column[-1], Row)
            for above, below in itertools.pairwise(column):
                assert not (isinstance(above, Heading) and isinstance(below, Heading))
    begun = [item for item in all_items(book) if isinstance(item, Heading) and not item.continued]
    assert [item.category for item in begun] == [key for key, _ in book.index.by_category]
    assert any("つづき" in text for text in words_by_column(book, index_pdf(book), page=1))


@pytest.mark.parametrize(
    ("paper", "orientation", "style", "columns"),
    [
        ("A4", "portrait", "mono", 3),
        ("A4", "landscape", "mono", 4),
        ("B5", "portrait", "mono", 2),
        ("A3", "portrait", "colour", 4),
        ("A4", "portrait", "large", 2),
    ],
)
def test_columns_are_as_many_as_fit_and_nothing_leaves_them(
    paper: str, orientation: str, style: str, columns: int
) -> None:
    book = make_book(town_points(400), paper=paper, orientation=orientation, style=style)
    measures = IndexMeasures(book)
    assert len(measures.columns) == columns
    high = measures.columns[0].height
    for page in index_columns(IndexMeasures(book)):
        assert len(page) <= columns
        for column in page:
            assert sum(item.height for item in column) <= high + 0.1
    for row in (item for item in all_items(book) if isinstance(item, Row)):
        wide = max(book.metrics.width(line, book.style.type.row) for line in row.lines)
        address = book.metrics.width(row.address, book.style.type.row, bold=True)
        assert measures.name + wide + address <= measures.columns[0].width


def test_pages_are_full_but_the_last_whose_columns_balance() -> None:
    book = make_book(town_points(500))
    pages = index_columns(IndexMeasures(book))
    high = IndexMeasures(book).columns[0].height
    for page in pages[:-1]:
        for column in page:
            assert sum(item.height for item in column) > high - 14
    heights = [sum(item.height for item in column) for column in pages[-1]]
    assert max(heights) - min(heights) < 15


@pytest.mark.parametrize("count", [1, 2, 3, 4, 33, 45])
def test_a_short_index_keeps_headings_with_their_rows(count: int) -> None:
    book = make_book(town_points(count))
    (page,) = index_columns(IndexMeasures(book))
    for column in page:
        assert isinstance(column[0], Heading)
        assert isinstance(column[-1], Row)
    shown = [item for column in page for item in column if isinstance(item, Row)]
    assert len(shown) == count
    if count == 1:
        assert len(page) == 1


def test_the_first_and_the_last_rows_of_a_category_stay_together() -> None:
    for count in range(150, 260, 9):
        book = make_book(town_points(count))
        counts = dict(book.index.by_category)
        for column in itertools.chain.from_iterable(index_columns(IndexMeasures(book))):
            parts = [
                sum(isinstance(item, Row) and item.category == heading.category for item in column)
                for heading in column
                if isinstance(heading, Heading) and len(counts[heading.category]) > 1
            ]
            assert min(parts, default=2) >= 2, count


def test_headings_and_rows_move_closer_where_that_saves_a_page() -> None:
    closer = []
    for count in range(140, 200, 3):
        book = make_book(town_points(count))
        layout = book.style.layout
        rows = {item.first for item in all_items(book) if isinstance(item, Row)}
        heads = {item.height for item in all_items(book) if isinstance(item, Heading)}
        assert len(rows) == len(heads) == 1
        assert 0.93 * layout.row < rows.pop() <= layout.row
        (head,) = heads
        assert 0.8 * layout.heading < head <= layout.heading
        if head < layout.heading:
            closer.append(count)
            assert len(index_columns(IndexMeasures(book))) == 1
    assert closer
    assert closer == [*range(closer[0], closer[-1] + 1, 3)]


def test_long_names_wrap_and_nothing_of_them_is_lost() -> None:
    long = (
        "海の町立総合体育館（旧第三小学校）北側駐車場臨時物資配布所および災害ボランティアセンター"
    )
    book = renamed(make_book(), {0: long})
    rows = [row for row in all_items(book) if isinstance(row, Row)]
    row = next(row for row in rows if len(row.lines) > 1 and row.lines[0].startswith("海の町立"))
    assert "".join(row.lines) == long
    assert all(line[0] not in "）、。" for line in row.lines)
    layout = book.style.layout
    assert row.height == pytest.approx(layout.row + (len(row.lines) - 1) * layout.line)


def test_a_point_without_a_name_is_told_so() -> None:
    book = renamed(make_book(), {3: ""})
    text = "\n".join(words_by_column(book, index_pdf(book)))
    assert "名称なし" in text


def test_addresses_link_to_their_sheets() -> None:
    book = make_book(town_points(60), scale=2500)
    data = index_pdf(book, sheets=True)
    labels = [page.label for page in (*sheet_pages(book), *index_pages(book))]
    with pikepdf.open(io.BytesIO(data)) as pdf:
        numbers = {page.objgen: n for n, page in enumerate(pdf.pages)}
        targets = [
            labels[numbers[annotation.Dest[0].objgen]]
            for page, label in zip(pdf.pages, labels, strict=True)
            if label.startswith("i")
            for annotation in page.get("/Annots", [])
        ]
    assert len(book.plan.sheets) > 2
    wanted = [entry.home.sheet for _, entries in book.index.by_category for entry in entries]
    assert targets == wanted


def test_links_lie_on_their_addresses() -> None:
    book = make_book()
    data = index_pdf(book, sheets=True)
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        page = pdf.pages[-1]
        addresses = [
            word for word in page.extract_words() if re.fullmatch(r"\d+-[A-Z]\d", word["text"])
        ]
        link = page.annots[0]
        word = addresses[1] if addresses[0]["top"] < 60 else addresses[0]
        assert link["x0"] - 1 <= word["x0"]
        assert word["x1"] <= link["x1"] + 1
        assert link["top"] - 1 <= word["top"]
        assert word["bottom"] <= link["bottom"] + 1


def test_english_alone_and_no_entries() -> None:
    book = make_book(languages=("en",))
    with pdfplumber.open(io.BytesIO(index_pdf(book))) as pdf:
        text = pdf.pages[0].extract_text()
    assert "Index" in text
    assert "Water" in text
    assert "さくいん" not in text
    none = replace(book, index=make_index(replace(book.plan, sheets=()), (), {}))
    assert index_pages(none) == ()


def test_thousands_of_entries_are_drawn_fast() -> None:
    book = make_book(town_points(3000))
    pages = index_pages(book)
    assert sum(len(column) for page in pages for column in page.columns) > 3000  # type: ignore[attr-defined]
    start = process_time()
    index_pdf(book)
    assert process_time() - start < 4  # a tenth of it on a quiet machine


def test_neighbourhoods_and_stations_stand_behind_the_points_with_their_sheets() -> None:
    book = make_book()
    labels = tuple(sheet.label for sheet in book.plan.sheets)
    many = dict.fromkeys(labels, ("大町",))
    places = {**many, labels[0]: ("大町", "あずま町", "海の町駅")}
    rows = [item for item in all_items(replace(book, places=places)) if isinstance(item, Row)]
    mine = [row for row in rows if not row.number]
    assert rows[-len(mine) :] == mine
    assert mine[0].lines == ("あずま町",)
    told = {
        name: [label for row in mine if row.lines == (name,) for label in row.address.split(", ")]
        for name in ("大町", "あずま町", "海の町駅")
    }
    assert told == {"大町": list(labels), "あずま町": [labels[0]], "海の町駅": [labels[0]]}
    assert not [item for item in all_items(book) if isinstance(item, Row) and not item.number]


def test_long_names_take_wider_columns_where_that_saves_pages() -> None:
    points = tuple(
        replace(point, name=f"海の町消防署材木座出張所第{n % 9}管区{n}号", names={})
        for n, point in enumerate(town_points(600))
    )
    book = make_book(points)
    pages = index_pages(book)
    assert len(pages[0].measures.columns) < len(IndexMeasures(book).columns)
    assert len(pages) < len(index_columns(IndexMeasures(book)))
    rows = [item for p in pages for c in p.columns for item in c if isinstance(item, Row)]
    assert len(rows) == 600
    assert all(len(row.lines) == 1 for row in rows)
