"""Pages → one file: fonts, bookmarks, page labels, links, metadata.

reportlab draws the words and marks of every page in memory; then the panels go under them as
form XObjects through pikepdf, under one fixed name, so that the same input gives the same bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String
from reportlab.pdfgen.canvas import Canvas

from papermap.pages.book import Book, Drawn, Page
from papermap.units import Box, Size, to_pt

_PANEL = Name("/Panel")
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)  # where no information has a time: never the clock


def pdf_bytes(pages: Sequence[Page], drawings: Iterator[Drawn], book: Book) -> bytes:
    """The whole book as one PDF in memory.

    Parameters
    ----------
    pages
        Pages in their order in the book.
    drawings
        What each page needs, in the same order, by the label of its panel; taken one by one, so
        that whoever draws them can run ahead.
    book
        What the pages share; gives language, title and time to the file's metadata.
    """
    text, panels = _draw(pages, drawings, book)
    with Pdf.open(text) as pdf:
        for number, found in panels.items():
            _put_under(pdf, pdf.pages[number], found)
        _label_pages(pdf, pages)
        _name_pages(pdf, pages)
        _describe(pdf, book)
        out = BytesIO()
        pdf.save(
            out,
            deterministic_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.generate,
            compress_streams=True,
        )
    return out.getvalue()


def _draw(
    pages: Sequence[Page], drawings: Iterator[Drawn], book: Book
) -> tuple[BytesIO, dict[int, list[tuple[bytes, Box]]]]:
    """Draw text and marks of all pages; keep each page's panels for later."""
    out = BytesIO()
    # streams are left plain here and compressed once, by pikepdf (so no base 85 either);
    # an embedded first font keeps Helvetica from being referred to unembedded
    canvas = _LinkingCanvas(
        {page_key(label) for page in pages for label in _labels(page)},
        out,
        pagesize=_points(book.size),
        pageCompression=0,
        invariant=1,
        initialFontName=book.fonts.runs("0")[0].font,
    )
    canvas.showOutline()
    panels: dict[int, list[tuple[bytes, Box]]] = {}
    outline = _Outline(canvas)
    for number, (page, drawn) in enumerate(zip(pages, drawings, strict=True)):
        outline.add(page)
        canvas.translate(to_pt(page.shift), 0)
        page.draw(canvas, drawn)
        panels[number] = [
            (drawn[panel.label].panel, _moved(panel.box, page.shift))
            for panel in page.panels
            if panel.label in drawn
        ]
        canvas.showPage()
    canvas.save()
    out.seek(0)
    return out, panels


def _moved(box: Box, by: float) -> Box:
    return Box(box.x0 + by, box.y0, box.x1 + by, box.y1)


def _points(size: Size) -> tuple[float, float]:
    return to_pt(size.width), to_pt(size.height)


class _LinkingCanvas(Canvas):  # type: ignore[misc] # reportlab is not typed
    """A canvas that leaves out links to pages that are not in this file (``--sheets``)."""

    def __init__(self, pages: set[str], *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        self._pages_known = pages

    def linkRect(self, contents: str, destinationname: str, *args: Any, **options: Any) -> None:  # noqa: N802
        if destinationname in self._pages_known:
            super().linkRect(contents, destinationname, *args, **options)


_MOST_PLACES = 8  # in a bookmark


class _Outline:
    """Bookmarks in page order; a page without a title is only a destination."""

    def __init__(self, canvas: Canvas) -> None:
        self._canvas = canvas
        self._deepest = 0  # a bookmark cannot stand two steps below the last one

    def add(self, page: Page) -> None:
        key = page_key(page.label)
        for label in _labels(page):
            self._canvas.bookmarkPage(page_key(label), fit="Fit")
        if page.title:
            places = "・".join(page.book.places.get(page.label, ())[:_MOST_PLACES])
            self._entry(f"{page.title}  {places}".strip(), key, page.level)
        for title, place in page.bookmarks:
            self._entry(title, place, page.level + 1)

    def _entry(self, title: str, key: str, level: int) -> None:
        level = min(level, self._deepest)
        self._canvas.addOutlineEntry(title, key, level=level, closed=True)
        self._deepest = level + 1


def _labels(page: Page) -> list[str]:
    """By which a page can be asked for: its own, and those of the insets on it."""
    return list(dict.fromkeys((page.label, *(panel.label for panel in page.panels))))


def page_key(label: str) -> str:
    """Name of the destination of the page with this label: ``sheet-7``, ``sheet-7-2``."""
    return f"sheet-{label}"


def _put_under(pdf: Pdf, page: pikepdf.Page, panels: Sequence[tuple[bytes, Box]]) -> None:
    """Lay the panels first in the page's content, clipped to their frames (mm from lower left)."""
    for number, (panel, box) in enumerate(panels, start=1):
        name = _PANEL if number == 1 else Name(f"{_PANEL}{number}")
        _put_one_under(pdf, page, name, panel, box)
    if panels:
        page.contents_coalesce()


def _put_one_under(pdf: Pdf, page: pikepdf.Page, name: Name, panel: bytes, box: Box) -> None:
    with Pdf.open(BytesIO(panel)) as source:
        drawn = source.pages[0]
        left, bottom, right, top = (float(edge) for edge in drawn.mediabox)
        form = pdf.copy_foreign(drawn.as_form_xobject())
    page.add_resource(form, Name.XObject, name)
    x, y, width, height = to_pt(box.x0), to_pt(box.y0), to_pt(box.width), to_pt(box.height)
    wide, high = width / (right - left), height / (top - bottom)
    frame = f"{x:.4f} {y:.4f} {width:.4f} {height:.4f} re W n"
    place = f"{wide:.6f} 0 0 {high:.6f} {x - left * wide:.4f} {y - bottom * high:.4f} cm"
    page.contents_add(f"q {frame} {place} {name} Do Q\n".encode("ascii"), prepend=True)


def _label_pages(pdf: Pdf, pages: Sequence[Page]) -> None:
    """Labels as printed: 0, 1, 2, 7a, 7-2, i1."""
    numbers = Array()
    for number, page in enumerate(pages):
        numbers.append(number)
        numbers.append(Dictionary(P=String(page.label)))
    pdf.Root.PageLabels = pdf.make_indirect(Dictionary(Nums=numbers))


def _name_pages(pdf: Pdf, pages: Sequence[Page]) -> None:
    """Every page by name, for links from outside: ``atlas.pdf#sheet-20``."""
    found = sorted(
        (page_key(label), number) for number, page in enumerate(pages) for label in _labels(page)
    )
    names = Array()
    for key, number in found:
        names.append(String(key))
        names.append(Array([pdf.pages[number].obj, Name.Fit]))
    dests = pdf.make_indirect(Dictionary(Names=names))
    pdf.Root.Names = pdf.make_indirect(Dictionary(Dests=dests))


def _sides(book: Book) -> Name:
    """On one side, or on both: leaves are turned about their left edge."""
    if not book.duplex:
        return Name.Simplex
    wide = book.size.width > book.size.height
    return Name.DuplexFlipShortEdge if wide else Name.DuplexFlipLongEdge


def _describe(pdf: Pdf, book: Book) -> None:
    """Title, time, language, and how to print: at full size, on one side or on both."""
    when = (book.as_of or _UNDATED).astimezone(UTC)
    told = book.words("as_of", when=book.words.when(book.as_of)) if book.as_of else ""
    used = sorted(book.data.categories.values(), key=lambda category: category.order)
    keywords = ", ".join(category.name(book.words.languages[0]) for category in used)
    pdf.Root.Lang = String(book.words.languages[0])
    pdf.Root.ViewerPreferences = Dictionary(
        PrintScaling=Name("/None"),
        Duplex=_sides(book),
        PickTrayByPDFSize=True,
        DisplayDocTitle=True,
    )
    pdf.trailer.Info = pdf.make_indirect(
        Dictionary(
            Title=String(book.title),
            Subject=String(told),
            Keywords=String(keywords),
            Creator=String("papermap"),
            Producer=String("papermap (reportlab, matplotlib, pikepdf)"),
            CreationDate=String(when.strftime("D:%Y%m%d%H%M%SZ")),
            ModDate=String(when.strftime("D:%Y%m%d%H%M%SZ")),
        )
    )
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as xmp:
        xmp.load_from_docinfo(pdf.docinfo)
        xmp["dc:language"] = list(book.words.languages)
