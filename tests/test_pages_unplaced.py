"""The list of places without a position, read back from paper."""

from __future__ import annotations

import io
from dataclasses import fields, replace

import pdfplumber
import pikepdf
import pytest
from pages_fake import draw_pages, make_book, town_points

from papermap.model import Place, SupportPoint, Unplaced
from papermap.pages.book import compose
from papermap.pages.model import Book
from papermap.pages.unplaced import unplaced_pages
from papermap.pdf import pdf_bytes

LONG = "".join(f"{n}番の札をもって並ぶ。" for n in range(1, 400))


def without_position(point: SupportPoint, number: int, **said: str) -> Unplaced:
    known = {field.name: getattr(point, field.name) for field in fields(Place)}
    address = {"address": f"海の町{number}丁目{number}-5"}
    return Unplaced(**{**known, **address, **said}, reason="PM010")


def book_with(count: int, **changes: str) -> Book:
    """The town's book; some more places have no position."""
    book = make_book(**changes)  # type: ignore[arg-type]
    points = town_points()
    places = tuple(
        without_position(points[n % len(points)], n, id=f"u{n}", name=f"位置なし{n}号")
        for n in range(1, count + 1)
    )
    return with_places(book, places)


def with_places(book: Book, places: tuple[Unplaced, ...]) -> Book:
    return replace(book, data=replace(book.data, unplaced=places))


def text_of(book: Book) -> str:
    pages = unplaced_pages(book)
    numbered = [replace(page, number=n, total=len(pages)) for n, page in enumerate(pages, 1)]
    with pdfplumber.open(io.BytesIO(draw_pages(book, numbered))) as pdf:
        boxes = book.frames.columns(book.frames.body, book.style)
        edges = [(box.x0 / 25.4 * 72, box.x1 / 25.4 * 72) for box in boxes]
        columns = (
            page.crop((x0 - 1, 0, x1 + 1, page.height)).extract_text()
            for page in pdf.pages
            for x0, x1 in edges
        )
        return "\n".join(columns)


def test_no_page_where_every_place_has_its_position() -> None:
    assert unplaced_pages(make_book()) == ()


@pytest.mark.parametrize(
    ("style", "paper", "orientation", "languages"),
    [
        ("mono", "A4", "portrait", ("ja", "en")),
        ("large", "B5", "landscape", ("en",)),
        ("colour", "A3", "landscape", ("ja",)),
    ],
)
def test_every_place_is_listed_once_with_its_address(
    style: str, paper: str, orientation: str, languages: tuple[str, ...]
) -> None:
    shape = {"style": style, "paper": paper, "orientation": orientation, "languages": languages}
    book = book_with(90, **shape)  # type: ignore[arg-type]
    lines = text_of(book).replace(" ", "").splitlines()
    text = "".join(lines)
    for n, place in enumerate(book.data.unplaced, 1):
        assert sum(line.startswith(place.name) for line in lines) == 1
        assert f"海の町{n}丁目{n}-5" in text


def test_a_long_note_is_whole() -> None:
    book = book_with(3)
    note = replace(book.data.unplaced[1], note=LONG)
    text = text_of(with_places(book, (book.data.unplaced[0], note, book.data.unplaced[2])))
    assert text.count("札") == text.count("並") == LONG.count("札")
    whole = [n for n in range(1, 400) if f"{n}番の札をもって並ぶ。" in "".join(text.split())]
    assert len(whole) > 390  # the others run over the end of a column


def test_closed_places_say_so() -> None:
    book = book_with(40)
    closed = [place for place in book.data.unplaced if place.status.value == "closed"]
    assert closed
    assert text_of(book).count("閉鎖") >= len(closed)


def test_a_page_is_saved_where_words_can_stand_closer() -> None:
    """Some places more than stand on a page of loose lines do not take a second page."""
    counts = [len(unplaced_pages(book_with(count))) for count in (20, 40, 60)]
    assert counts[0] == 1
    assert counts == sorted(counts)
    pages = unplaced_pages(book_with(60))
    high = book_with(1).frames.body.height
    assert all(
        column[-1].down + column[-1].line.height <= high + 0.1
        for page in pages
        for column in page.columns  # type: ignore[attr-defined]
    )


def test_it_stands_last_in_the_book_and_the_overview_leads_to_it() -> None:
    book = book_with(5)
    pages = compose(book)
    assert [page.kind for page in pages][-1] == "unplaced"
    with pdfplumber.open(io.BytesIO(draw_pages(book, pages[:1]))) as pdf:
        assert "位置のわからない場所5か所" in (pdf.pages[0].extract_text() or "").replace(" ", "")
    numbered = pdf_bytes(pages[-1:], iter([{}]), book)
    with pikepdf.open(io.BytesIO(numbered)) as pdf:
        assert [item.title for item in pdf.open_outline().root] == ["位置のわからない場所"]
