"""The map sheet: header, framed map with its marks, list, footer."""

from __future__ import annotations

from papermap.pages.model import Book, Page


def sheet_pages(book: Book) -> tuple[Page, ...]:
    """Pages of all map sheets in order, each followed by its continuations."""
    raise NotImplementedError
