"""The book: its pages in order, each knowing its number and how many there are."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from reportlab.pdfgen.canvas import Canvas

from papermap.pages.index_pages import index_pages
from papermap.pages.model import Book, Drawn, Page, Panel
from papermap.pages.overview import overview_pages
from papermap.pages.sheet import sheet_pages
from papermap.pages.unplaced import unplaced_pages

__all__ = ["Book", "Drawn", "Page", "Panel", "compose"]


def compose(book: Book) -> tuple[Page, ...]:
    """All pages of the book in order: overview, sheets, index, places without a position.

    Pagination only: nothing is drawn, and every page knows its number and the total.
    """
    pages: Sequence[Page] = (
        *overview_pages(book),
        *sheet_pages(book),
        *index_pages(book),
        *unplaced_pages(book),
    )
    if book.duplex:
        pages = tuple(_on_leaves(pages))
    total = len(pages)
    return tuple(replace(page, number=n, total=total) for n, page in enumerate(pages, start=1))


@dataclass(frozen=True, kw_only=True)
class BlankPage(Page):
    """The back of a leaf whose next page begins on a front."""

    def draw(self, canvas: Canvas, drawn: Drawn) -> None:
        """Draw nothing."""


def _on_leaves(pages: Sequence[Page]) -> Iterator[Page]:
    """Pages for printing on both sides: every sheet begins on a front, its list is on its back.

    So do the overview, the index and the list of places without a position.
    """
    front, last = True, None
    for page in pages:
        begins = page.kind == "sheet" or (last is not None and page.kind not in {last.kind, "list"})
        if begins and not front and last is not None:
            label = f"{last.label}-back"
            yield BlankPage(book=page.book, kind="blank", label=label, title="", sheet=last.sheet)
            front = True
        yield page
        front, last = not front, page
