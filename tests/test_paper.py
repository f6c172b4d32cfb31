"""Bound and two-sided books: margins mirrored, every sheet on a front, its list on its back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import msgspec
import pdfplumber
import pikepdf
import pytest
from conftest import Built, build_sample
from pages_fake import make_book

from papermap.atlas.told import narrow_margins
from papermap.pages.book import compose
from papermap.pages.frames import page_frames
from papermap.style import load_style
from papermap.units import MM_PER_PT, PAPERS, Size, paper_size

MARGIN, BINDING = 8.0, 12.0


@pytest.fixture(scope="module")
def bound(tmp_path_factory: pytest.TempPathFactory) -> Built:
    return build_sample(tmp_path_factory.mktemp("bound"), duplex=True, binding=BINDING)


def edges(page: pdfplumber.page.Page) -> tuple[float, float]:
    """Room between the paper's edges and all words, left and right, in mm."""
    things = page.extract_words()
    left = min(thing["x0"] for thing in things)
    right = max(thing["x1"] for thing in things)
    return left * MM_PER_PT, (float(page.width) - right) * MM_PER_PT


def test_every_sheet_begins_on_a_front_and_its_list_is_on_its_back(bound: Built) -> None:
    with pikepdf.open(bound.path) as pdf:
        labels = [str(entry.P) for entry in list(pdf.Root.PageLabels.Nums)[1::2]]
        assert str(pdf.Root.ViewerPreferences.Duplex) == "/DuplexFlipLongEdge"
    fronts, backs = labels[::2], labels[1::2]
    sheets = [sheet["label"] for sheet in bound.manifest["sheets"]]
    assert set(sheets) <= set(fronts)
    assert fronts[0] == "0"
    assert any(label.endswith("-2") for label in backs)
    for front, back in zip(fronts, backs, strict=False):
        if front in sheets:
            assert back in {f"{front}-2", f"{front}-back"}
    assert all(sheet["page"] % 2 for sheet in bound.manifest["sheets"])


def test_margins_are_wide_where_the_book_is_bound(bound: Built) -> None:
    seen = set()
    with pdfplumber.open(bound.path) as pdf:
        for number, page in enumerate(pdf.pages, start=1):
            if not page.chars:
                seen.add("blank")
                continue
            left, right = edges(page)
            inner, outer = (left, right) if number % 2 else (right, left)
            assert inner >= MARGIN + BINDING - 0.3, number
            assert outer >= MARGIN - 0.3, number
            seen.add("front" if number % 2 else "back")
    assert seen == {"front", "back", "blank"}


def test_the_map_and_its_links_move_with_the_page(bound: Built) -> None:
    """Links of the index lie over the words that they lead from, on fronts and on backs."""
    with pdfplumber.open(bound.path) as pdf:
        pages = [page for page in pdf.pages if "さくいん" in (page.extract_text() or "")[:40]]
        assert pages
        for page in pages:
            words = page.extract_words()
            for link in page.annots:
                over = [
                    word
                    for word in words
                    if word["x1"] > link["x0"] + 1
                    and word["x0"] < link["x1"] - 1
                    and word["bottom"] > link["top"] + 1
                    and word["top"] < link["bottom"] - 1
                ]
                assert over


def test_a_book_without_binding_is_as_it_was(sample: Built, tmp_path: Path) -> None:
    again = build_sample(tmp_path, binding=0, duplex=False)
    assert again.path.read_bytes() == sample.path.read_bytes()


def test_two_sides_save_leaves_by_lists_on_backs() -> None:
    book = replace(make_book(), duplex=True)
    pages = compose(book)
    assert len({page.label for page in pages}) == len(pages)
    assert [page.number for page in pages] == list(range(1, len(pages) + 1))
    assert {page.total for page in pages} == {len(pages)}
    for page in pages:
        assert page.kind != "sheet" or page.number % 2 == 1
        assert page.kind != "blank" or page.number % 2 == 0


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize("way", ["portrait", "landscape"])
@pytest.mark.parametrize("style", ["mono", "large", "draft"])
def test_binding_takes_its_room_from_map_and_list(paper: str, way: str, style: str) -> None:
    look = load_style(style)
    layout = msgspec.structs.replace(look.layout, binding=15)
    size: Size = paper_size(paper, way)
    frames = page_frames(size, msgspec.structs.replace(look, layout=layout))
    for box in (frames.header, frames.band, frames.list, frames.footer, frames.overview):
        assert box.x0 >= layout.margin + 15 - 1e-6
        assert box.x1 <= size.width - layout.margin + 1e-6
        assert box.width > 40
        assert box.height > 8
    assert not frames.list.overlaps(frames.band)


def test_margins_that_printers_do_not_reach_are_told() -> None:
    book = make_book()
    assert narrow_margins(book) == ()
    layout = msgspec.structs.replace(book.style.layout, margin=3)
    narrow = replace(book, style=msgspec.structs.replace(book.style, layout=layout))
    (problem,) = narrow_margins(narrow)
    assert problem.code == "PM092"
    assert problem.params["margin"] == "3"
