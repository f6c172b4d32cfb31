"""Lists and index in larger type, where that costs no page: read back from paper."""

from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from pages_fake import draw_pages, make_book, town_points
from test_pages_index import index_pdf
from test_pages_sheet import numbered, read, words_in

from papermap.pages.index_pages import index_pages
from papermap.pages.model import Book, Page
from papermap.pages.sheet import ListPage, SheetPage
from papermap.style import Style, load_style

LISTED = (SheetPage, ListPage)


def usual_style(name: str = "mono") -> Style:
    """The style as it is without larger type."""
    style = load_style(name)
    return msgspec.structs.replace(style, type=msgspec.structs.replace(style.type, row_larger=()))


def sizes(book: Book, pages: list[Page]) -> list[set[float]]:
    """Sizes in which the numbers of points are printed in the list of each page, pt."""
    known = {str(entry.number) for entry in book.index.entries}
    found = []
    for page, paper in zip(pages, read(draw_pages(book, pages)), strict=True):
        assert isinstance(page, LISTED)
        words = [w for box in page.list.boxes for w in words_in(paper, box)]
        left = {box.x0 for box in page.list.boxes}
        numbers = [w for w in words if w["text"] in known and min(w["x"] - x for x in left) < 20]
        found.append({round(float(w["size"]), 1) for w in numbers})
    return found


def rows(pages: list[Page]) -> Counter[int]:
    return Counter(
        row.number  # type: ignore[attr-defined]
        for page in pages
        if isinstance(page, LISTED)
        for row in page.list.rows
    )


def test_a_few_rows_are_set_large() -> None:
    book = make_book(town_points(6), scale=20_000)
    (page,) = numbered(book)
    assert isinstance(page, SheetPage)
    assert sizes(book, [page]) == [{12.0}]
    assert page.list.boxes[0].width > 150  # each row on a line of its own


def test_a_list_that_goes_on_keeps_its_size_beside_the_map_and_grows_behind_it() -> None:
    book = make_book(town_points(60), scale=20_000)
    pages = numbered(book)
    assert len(pages) == 2
    front, back = sizes(book, pages)
    assert front == {9.0}
    assert min(back) > 9
    usual = numbered(make_book(town_points(60), scale=20_000, style=usual_style()))
    assert pages[0].list.rows == usual[0].list.rows  # type: ignore[attr-defined]


@pytest.mark.parametrize("style", ["mono", "large"])
def test_larger_type_costs_no_page_no_row_and_breaks_no_text(style: str) -> None:
    grown = 0
    for count in range(3, 140, 8):
        pages = numbered(make_book(town_points(count), scale=20_000, style=style))
        usual = numbered(make_book(town_points(count), scale=20_000, style=usual_style(style)))
        assert len(pages) == len(usual)
        assert rows(pages) == rows(usual)
        for page, before in zip(pages, usual, strict=True):
            assert isinstance(page, LISTED)
            assert isinstance(before, LISTED)
            grown += page.list.book.style.type.row > before.list.book.style.type.row
            foot = [
                box.y1 - column.height
                for box, column in zip(page.list.boxes, page.list.columns, strict=True)
            ]
            assert all(y >= box.y0 - 0.01 for y, box in zip(foot, page.list.boxes, strict=True))
        assert page.flow.lines <= before.flow.lines
    assert grown > 3


def test_draft_spends_no_toner_on_larger_type() -> None:
    book = make_book(town_points(6), scale=20_000, style="draft")
    assert sizes(book, numbered(book)) == [{9.0}]


def test_a_short_index_is_set_large_and_a_long_one_takes_no_more_pages() -> None:
    short = make_book(town_points(20))
    (paper,) = read(index_pdf(short))
    names = [c for c in paper.chars if c["text"] in "小学校体育館"]
    assert {round(c["size"], 1) for c in names} == {12.0}
    for count in (100, 300, 600):
        book = make_book(town_points(count))
        usual = make_book(town_points(count), style=usual_style())
        assert len(index_pages(book)) == len(index_pages(usual))
