"""Which details are insets: small ones, where a page of their parent has room for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

from papermap.atlas.legible import LegibleMarks
from papermap.grid import Sheet, insets_of, with_insets, with_points
from papermap.pages.book import Book
from papermap.pages.sheet import Flows

_MOST: Final = 16  # crowded points; for more a sheet of their own is easier to read


def inset_details(book: Book) -> Book:
    """The book with those details as insets that save paper so, all marks as legible as before.

    An inset takes as few cells of its detail as leave room for the marks of the parent.
    """
    chooser = _Chooser(book)
    insets = [inset for sheet in book.plan.sheets for inset in chooser.insets_of(sheet)]
    if not insets:
        return book
    book = book.planned(with_insets(book.plan, insets))
    return replace(book, insets=_parts(book))


def _parts(book: Book) -> dict[str, int]:
    """On which of its parent's pages each inset is."""
    flows = Flows(book)
    return {
        inset.sheet.label: part
        for sheet in book.plan.sheets
        if any(each.inset and each.parent == sheet.label for each in book.plan.sheets)
        for part, page in enumerate(flows.of(sheet).pages)
        for inset in page.insets
    }


@dataclass(frozen=True)
class _Chooser:
    """Chooses the insets of one sheet after the other."""

    book: Book

    @cached_property
    def _flows(self) -> Flows:
        return Flows(self.book)

    @cached_property
    def _marks(self) -> LegibleMarks:
        return LegibleMarks(self.book)

    def insets_of(self, sheet: Sheet) -> Sequence[Sheet]:
        """Insets in place of small details of a sheet."""
        chosen: list[Sheet] = []
        for detail in self._small_details(sheet):
            found = self._inset(sheet, detail, chosen)
            if found is not None:
                inset, sheet = found  # with what goes back to the sheet
                chosen.append(inset)
        return chosen

    def _small_details(self, sheet: Sheet) -> list[Sheet]:
        sheets = self.book.plan.sheets
        divided = {each.parent for each in sheets}
        return [
            each
            for each in sheets
            if each.parent == sheet.label and each.label not in divided
            if each.relief and each.relief.crowded <= _MOST
        ]

    def _inset(
        self, sheet: Sheet, detail: Sheet, before: Sequence[Sheet]
    ) -> tuple[Sheet, Sheet] | None:
        """An inset for a detail, and the sheet with the points that it leaves to it."""
        plan, marks = self.book.plan, self._marks
        undivided = _without_frame(with_points(sheet, detail.points), detail)
        crowded = set(marks.crowded(undivided)) & set(detail.points)
        most = self._paper(sheet, before) + self._paper(detail, ())
        for inset in insets_of(plan, detail, crowded):
            parent = with_points(sheet, set(detail.points) - set(inset.points))
            framed = [
                replace(each, core=inset.core) if each.label == inset.label else each
                for each in parent.framed
            ]
            parent = replace(parent, framed=tuple(framed))
            if (
                self._paper(parent, (*before, inset)) < most
                and self._as_legible(inset, detail)
                and self._as_legible(parent, sheet)
            ):
                return inset, parent
        return None

    def _paper(self, sheet: Sheet, insets: Sequence[Sheet]) -> float:
        """Pages of a sheet and its list; on both sides, with the back that may stay blank."""
        flow = self._flows.of(sheet, insets)
        if insets and not flow.pages[-1].groups:
            return float("inf")  # a page of insets alone is no better than sheets
        pages = len(flow.pages)
        return pages + pages % 2 if self.book.duplex else pages

    def _as_legible(self, sheet: Sheet, before: Sheet) -> bool:
        """Whether its marks find room, or no fewer than before, and all of them small ones."""
        crowded = self._marks.crowded(sheet)
        if not crowded:
            return True
        return len(crowded) <= len(self._marks.crowded(before)) and not self._marks.lost(sheet)


def _without_frame(sheet: Sheet, detail: Sheet) -> Sheet:
    return replace(sheet, framed=tuple(e for e in sheet.framed if e.label != detail.label))
