"""The book: its pages in order, each knowing its number and how many there are."""

from __future__ import annotations

from dataclasses import replace

from papermap.pages.index_pages import index_pages
from papermap.pages.model import Book, Page
from papermap.pages.overview import overview_pages
from papermap.pages.sheet import sheet_pages
from papermap.pages.unplaced import unplaced_pages

__all__ = ["Book", "Page", "compose"]


def compose(book: Book) -> tuple[Page, ...]:
    """All pages of the book in order: overview, sheets, index, places without a position.

    Pagination only: nothing is drawn, and every page knows its number and the total.
    """
    pages = (
        *overview_pages(book),
        *sheet_pages(book),
        *index_pages(book),
        *unplaced_pages(book),
    )
    total = len(pages)
    return tuple(replace(page, number=n, total=total) for n, page in enumerate(pages, start=1))
