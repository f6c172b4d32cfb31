"""The file: panels under the text, labels, outline, links, fonts, metadata, whole or not at all."""

from __future__ import annotations

import io
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pdfplumber
import pikepdf
import pytest
from pages_fake import fake_drawing, make_book, only_packaged, town_points
from reportlab.pdfgen.canvas import Canvas

from papermap.marks import MarkSize, Placement
from papermap.pages.book import Book, Drawn, Page, compose
from papermap.pdf import pdf_bytes
from papermap.render import SheetDrawing
from papermap.units import MM_PER_PT, Box


def panel(box: Box) -> bytes:
    """A panel as big as its frame, a black bar along its upper edge and beyond its right one."""
    out = io.BytesIO()
    width, height = box.width / MM_PER_PT, box.height / MM_PER_PT
    canvas = Canvas(out, pagesize=(width, height), invariant=1, initialFontName="Courier")
    canvas.setFillColorCMYK(0, 0, 0, 1)
    canvas.rect(0, height - 10, width + 50, 10, stroke=0, fill=1)
    canvas.save()
    return out.getvalue()


def drawings(pages: tuple[Page, ...]) -> Iterator[Drawn]:
    for page in pages:
        if not page.panels:
            yield {}
        elif page.kind == "sheet":
            yield {page.label: replace(fake_drawing(page), panel=panel(page.panels[0].box))}
        else:
            nothing = Placement((), (), MarkSize())
            yield {page.label: SheetDrawing(panel(page.panels[0].box), nothing)}


@cache
def book() -> Book:
    return make_book(town_points(64), scale=5000, placed=True)


@cache
def pages() -> tuple[Page, ...]:
    return compose(book())


@cache
def atlas() -> bytes:
    return pdf_bytes(pages(), drawings(pages()), book())


@pytest.fixture
def pdf() -> Iterator[pikepdf.Pdf]:
    with pikepdf.open(io.BytesIO(atlas())) as opened:
        yield opened


def test_pages_in_order_and_of_the_right_size(pdf: pikepdf.Pdf) -> None:
    assert len(pdf.pages) == len(pages())
    for page in pdf.pages:
        size = [float(edge) * MM_PER_PT for edge in page.mediabox]
        assert size == pytest.approx([0, 0, 210, 297], abs=0.01)


def test_page_labels_are_the_printed_ones(pdf: pikepdf.Pdf) -> None:
    labels = [page.label for page in pdf.pages]
    assert labels == [page.label for page in pages()]
    assert labels[:2] == ["0", "1"]
    assert labels[-1].startswith("i")


def test_the_panel_is_first_clipped_to_its_frame_under_a_fixed_name(pdf: pikepdf.Pdf) -> None:
    for page, made in zip(pdf.pages, pages(), strict=True):
        forms = page.Resources.get("/XObject", {})
        assert ("/Panel" in forms) == bool(made.panels)
        if not made.panels:
            continue
        code = page.Contents.read_bytes().decode("latin-1")
        match = re.match(
            r"q ([\d.]+) ([\d.]+) ([\d.]+) ([\d.]+) re W n ([\d. ]+) cm /Panel Do Q", code
        )
        assert match is not None
        frame = [float(match[n]) * MM_PER_PT for n in range(1, 5)]
        box = made.panels[0].box
        assert frame == pytest.approx([box.x0, box.y0, box.width, box.height], abs=0.01)
        scale = [float(part) for part in match[5].split()]
        assert scale[0] == pytest.approx(1, abs=0.001)
        assert scale[3] == pytest.approx(1, abs=0.001)
        assert code.count("/Panel") == 1


@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="needs pdftoppm")
def test_the_panel_shows_in_its_frame_only(tmp_path: Path) -> None:
    target = tmp_path / "atlas.pdf"
    target.write_bytes(atlas())
    command = ["pdftoppm", "-r", "25.4", "-gray", "-f", "2", "-l", "2", str(target)]
    image = subprocess.run(command, check=True, capture_output=True).stdout
    _, size, _, pixels = image.split(b"\n", 3)
    width, height = map(int, size.split())
    (_, box), *_ = pages()[1].panels

    def grey(x: float, y: float) -> int:
        return pixels[int(height - y) * width + int(x)]

    upper = box.y1 - 1.5
    dark = [grey(box.x0 + box.width * share, upper) for share in (0.08, 0.3, 0.7, 0.92)]
    assert min(dark) < 60
    assert grey(box.x1 + 6, upper) > 200


def test_outline_lists_sheets_with_places_and_the_categories_of_the_index(pdf: pikepdf.Pdf) -> None:
    with pdf.open_outline() as outline:
        titles = [item.title for item in outline.root]
        index = outline.root[-1]
        below = [item.title for item in index.children]
        first = outline.root[1]
        numbers = {page.objgen: n for n, page in enumerate(pdf.pages)}
        assert numbers[first.destination[0].objgen] == 1
    assert "全体図" in titles[0]
    assert titles[1] == "図1  海の町駅・笹目町・大町"
    assert index.title == "さくいん"
    assert below[0].startswith("給水")
    assert below[-1] == "町名・駅  3"
    assert len(below) == len(book().index.by_category) + 1


def test_continuations_are_nested_under_their_sheet() -> None:
    crowded = make_book(town_points(220), scale=10_000)
    made = compose(crowded)
    assert any(page.kind == "list" for page in made)
    with pikepdf.open(io.BytesIO(pdf_bytes(made, drawings(made), crowded))) as pdf:
        with pdf.open_outline() as outline:
            nested = [child.title for item in outline.root for child in item.children]
        assert any("つづき" in title for title in nested)
        assert [page.label for page in pdf.pages] == [page.label for page in made]


def test_destinations_are_named_after_the_labels(pdf: pikepdf.Pdf) -> None:
    names = pdf.Root.Names.Dests.Names
    keys = [str(name) for name in list(names)[::2]]
    assert keys == sorted(f"sheet-{page.label}" for page in pages())
    at = keys.index("sheet-1")
    assert names[2 * at + 1][0].objgen == pdf.pages[1].objgen


def test_links_lead_only_to_pages_of_this_file() -> None:
    chosen = tuple(page for page in pages() if page.kind != "overview" and page.sheet != "1")
    data = pdf_bytes(chosen, drawings(chosen), book())
    with pikepdf.open(io.BytesIO(data)) as pdf:
        known = {page.objgen for page in pdf.pages}
        links = [link for page in pdf.pages for link in page.get("/Annots", [])]
        assert links
        assert all(link.Dest[0].objgen in known for link in links)


@pytest.mark.parametrize("packaged", [False, True])
def test_fonts_are_embedded_subsets_once(packaged: bool) -> None:  # noqa: FBT001
    one = make_book(font_set=only_packaged()) if packaged else book()
    made = compose(one)
    with pikepdf.open(io.BytesIO(pdf_bytes(made, drawings(made), one))) as pdf:
        fonts = {}
        for page in pdf.pages:
            for font in page.Resources.get("/Font", {}).values():
                fonts[font.objgen] = font
        names = [str(font.BaseFont) for font in fonts.values()]
        assert names
        assert max(Counter(names).values()) == 1
        for font in fonts.values():
            assert re.match(r"/[A-Z]{6}\+", str(font.BaseFont))
            assert "/FontFile2" in font.FontDescriptor
            assert "/ToUnicode" in font
    assert not any("Helvetica" in name for name in names)


def test_text_is_real_and_each_word_stands_once() -> None:
    with pdfplumber.open(io.BytesIO(atlas())) as pdf:
        text = pdf.pages[1].extract_text()
    assert text.count("海の町 災害時支援マップ") == 1
    assert "\ufffd" not in text
    assert "(cid:" not in text


def test_metadata_language_and_how_to_print(pdf: pikepdf.Pdf) -> None:
    assert pdf.Root.Lang == "ja"
    preferences = pdf.Root.ViewerPreferences
    assert preferences.PrintScaling == "/None"
    assert preferences.DisplayDocTitle
    assert pdf.docinfo.Title == "海の町 災害時支援マップ"
    assert pdf.docinfo.Subject == "9月14日 16:40 現在"
    assert pdf.docinfo.CreationDate == "D:20260914074000Z"
    assert "給水" in str(pdf.docinfo.Keywords)
    with pdf.open_metadata() as xmp:
        assert xmp["dc:title"] == "海の町 災害時支援マップ"
        assert set(xmp["dc:language"]) == {"ja", "en"}
        assert xmp["xmp:CreateDate"].startswith("2026-09-14T07:40:00")


def test_a_book_without_any_time_has_a_fixed_date() -> None:
    timeless = replace(book(), as_of=None)
    made = compose(timeless)
    with pikepdf.open(io.BytesIO(pdf_bytes(made, drawings(made), timeless))) as pdf:
        assert pdf.docinfo.CreationDate == "D:20000101000000Z"
        assert "/Subject" not in pdf.docinfo or str(pdf.docinfo.Subject) == ""


def test_the_same_book_gives_the_same_bytes() -> None:
    again = make_book(town_points(64), scale=5000, placed=True)
    made = compose(again)
    assert pdf_bytes(made, drawings(made), again) == atlas()


def test_drawings_are_taken_one_by_one_as_pages_are_written() -> None:
    seen: list[str] = []

    def watched() -> Iterator[Drawn]:
        for page, drawn in zip(pages(), drawings(pages()), strict=True):
            seen.append(f"drawn {page.label}")
            yield drawn

    class Watched(Page):
        def draw(self, canvas: Canvas, drawn: Drawn) -> None:  # noqa: ARG002
            seen.append(f"written {self.label}")

    plain = tuple(
        Watched(book=page.book, kind=page.kind, label=page.label, title=page.title)
        for page in pages()
    )
    pdf_bytes(plain, watched(), book())
    assert seen[:4] == ["drawn 0", "written 0", "drawn 1", "written 1"]


@pytest.mark.skipif(shutil.which("qpdf") is None, reason="needs qpdf")
def test_qpdf_finds_nothing_wrong(tmp_path: Path) -> None:
    target = tmp_path / "atlas.pdf"
    target.write_bytes(atlas())
    done = subprocess.run(
        ["qpdf", "--check", str(target)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "WARNING" not in done.stderr


@pytest.mark.parametrize("kind", ["overview", "sheet", "index"])
def test_signs_are_not_drawn_in_the_dashes_of_a_line_before(kind: str) -> None:
    with pikepdf.open(io.BytesIO(atlas())) as pdf:
        for page, made in zip(pdf.pages, pages(), strict=True):
            if made.kind != kind:
                continue
            dash, kept = [], []
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "q":
                    kept.append(dash)
                elif str(operator) == "Q":
                    dash = kept.pop()
                elif str(operator) == "d":
                    dash = list(operands[0])
                elif str(operator) == "Do":
                    assert not dash, (made.label, operands)
