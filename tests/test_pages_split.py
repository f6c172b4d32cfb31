"""How map and list share the page: the split follows the rows, and never costs pages."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pages_fake import make_book, town_points

from papermap.pages.model import Book
from papermap.pages.sheet import sheet_pages
from papermap.pages.split import best_split, splits
from papermap.style import load_style
from papermap.units import paper_size


def chosen(count: int, paper: str = "A4", way: str = "portrait") -> tuple[Book, Book]:
    """The town's book with its usual split and with the one that is chosen."""
    points = town_points(count)
    looks = splits(load_style("mono"), paper_size(paper, way))
    books = [make_book(points, style=look, paper=paper, orientation=way) for look in looks]
    style, plan = best_split(books[0], [(book.style, book.plan) for book in books])
    return books[0], next(book for book in books if book.style == style and book.plan == plan)


def test_few_rows_leave_room_for_a_bigger_map() -> None:
    usual, book = chosen(4)
    assert book.frames.map.height > 1.2 * usual.frames.map.height
    (page,) = sheet_pages(book)
    assert sum(column.height for column in page.list.columns) > 0  # type: ignore[attr-defined]


@pytest.mark.parametrize("way", ["portrait", "landscape"])
@pytest.mark.parametrize("count", [12, 32, 120, 260])
def test_no_other_split_than_the_chosen_saves_paper(count: int, way: str) -> None:
    usual, book = chosen(count, "A4", way)
    assert len(sheet_pages(book)) <= len(sheet_pages(usual))


def test_many_rows_on_one_map_get_more_of_the_page() -> None:
    """Forty points close together: the list stays on the page of the map."""
    near = tuple(
        replace(point, lon=139.55 + (point.lon - 139.55) / 6, lat=35.316 + (point.lat - 35.316) / 6)
        for point in town_points(40)
    )
    looks = splits(load_style("mono"), paper_size("A4"))
    books = [make_book(near, style=look) for look in looks]
    style, _ = best_split(books[0], [(book.style, book.plan) for book in books])
    book = next(book for book in books if book.style == style)
    assert len(sheet_pages(book)) == min(len(sheet_pages(each)) for each in books)


def test_a_style_with_one_share_keeps_it() -> None:
    import msgspec

    style = load_style("mono")
    fixed = msgspec.structs.replace(
        style, layout=msgspec.structs.replace(style.layout, map_share=0.6, map_shares=())
    )
    assert splits(fixed, paper_size("A4")) == (fixed,)


@pytest.mark.parametrize("paper", ["A3", "A4", "B5", "Legal"])
@pytest.mark.parametrize("way", ["portrait", "landscape"])
def test_every_split_leaves_room_for_map_and_rows(paper: str, way: str) -> None:
    from papermap.pages.frames import page_frames

    for look in splits(load_style("mono"), paper_size(paper, way)):
        frames = page_frames(paper_size(paper, way), look)
        assert frames.list.height > 20
        assert frames.list.width > 60
        assert frames.map.height > 80
        assert not frames.list.overlaps(frames.band)
        assert not frames.list.overlaps(frames.footer)
