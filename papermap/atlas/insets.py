"""Which details are insets: small ones, where pages of their parent have room for them."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from math import ceil, inf
from typing import Final

from papermap.atlas.legible import LegibleMarks
from papermap.grid import Each, Sheet, insets_of, with_inset, with_insets
from papermap.pages.book import Book
from papermap.pages.flows import Flows
from papermap.pages.insets import block_size
from papermap.pages.pagelist import PageList
from papermap.units import Box

_MOST: Final = 40  # points of an inset: for more a sheet of their own is easier to read
_FAR: Final = 2  # pages from a map to its insets at most
_SPARE: Final = 24.0  # mm of all columns of a list that insets leave free
_TOGETHER: Final = 6  # details of one sheet that are tried together
_CLOSER: Final = 0.85  # of the height of lists is left, at best, when they are set closer


def inset_details(book: Book, each: Each = map) -> Book:
    """The book with those details as insets that save paper so, all marks as legible as before."""
    chooser = _Chooser(book)
    insets = [inset for found in each(chooser.insets_of, book.plan.sheets) for inset in found]
    proven = {_looks(book, sheet) for sheet in book.plan.sheets}
    while insets:
        found = book.planned(with_insets(book.plan, insets))
        found = replace(found, insets=_parts(found))
        # each sheet's were chosen without those of its neighbours, whose frames it shows as well
        changed = [sheet for sheet in found.plan.sheets if _looks(found, sheet) not in proven]
        spoilt = {one.label for some in each(_Proof(found).spoiling, changed) for one in some}
        if not spoilt:
            return found
        insets = [inset for inset in insets if inset.label not in spoilt]
        proven |= {_looks(found, sheet) for sheet in changed}
    return book


def _looks(book: Book, sheet: Sheet) -> Hashable:
    """What a sheet has of points and frames, and where these say that insets are."""
    told = tuple(book.insets.get(framed.label) for framed in sheet.framed)
    return sheet.label, sheet.inset, sheet.core, sheet.shown, sheet.framed, told


@dataclass(frozen=True)
class _Proof:
    """Looks at the sheets as they will be."""

    book: Book

    def spoiling(self, sheet: Sheet) -> Sequence[Sheet]:
        """The insets that a sheet frames, if one of its marks finds no room even when small.

        Of its own details, or else of its neighbours'.
        """
        framed = {each.label for each in sheet.framed}
        insets = [each for each in self.book.plan.sheets if each.inset and each.label in framed]
        if not insets or not LegibleMarks(self.book).lost(sheet):
            return ()
        return [each for each in insets if each.parent == sheet.label] or insets


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


@dataclass(frozen=True, slots=True)
class _Small:
    """A detail, and the insets that it may become, those of most cells first."""

    detail: Sheet
    insets: tuple[Sheet, ...]


@dataclass(frozen=True)
class _Chooser:
    """Chooses the insets of one sheet after the other."""

    book: Book
    _lists: dict[tuple[str, tuple[Box, ...]], tuple[PageList, ...]] = field(default_factory=dict)

    @cached_property
    def _flows(self) -> Flows:
        return Flows(self.book)

    @cached_property
    def _marks(self) -> LegibleMarks:
        """A judge for whom the frames say where insets are, as they will."""
        details = self.book.plan.detail_sheets
        return LegibleMarks(replace(self.book, insets={detail.label: 1 for detail in details}))

    def insets_of(self, sheet: Sheet) -> Sequence[Sheet]:
        """Insets in place of details of a sheet: of all sets of them the one that saves most.

        Paper is reckoned before any mark is placed.
        """
        best: Sequence[Sheet] = ()
        saved = 0.0
        for some in self._sets(sheet):
            sheets = sum(self._paper(each.detail, ()) for each in some) + self._paper(sheet, ())
            if sheets - self._least(sheet, some) <= saved:
                continue
            most = sheets - self._paper(*_planned(sheet, some, [each.insets[-1] for each in some]))
            if most <= saved:
                continue
            found = self._realised(sheet, some, sheets - most)
            if found:
                best, saved = found, most
        return best

    def _sets(self, sheet: Sheet) -> Iterator[Sequence[_Small]]:
        """Sets of the sheet's small details, the larger sets first."""
        small = self._small(sheet)
        for count in range(len(small), 0, -1):
            yield from combinations(small, count)

    def _small(self, sheet: Sheet) -> list[_Small]:
        sheets = self.book.plan.sheets
        divided = {each.parent for each in sheets}
        own = (each for each in sheets if each.parent == sheet.label and each.label not in divided)
        small = [
            _Small(each, tuple(filter(self._fits, insets_of(self.book.plan, each)))) for each in own
        ]
        small = [each for each in small if each.insets]
        fewest = sorted(small, key=lambda each: len(each.detail.points))[:_TOGETHER]
        return [each for each in small if each in fewest]

    def _fits(self, inset: Sheet) -> bool:
        room, size = self._flows.whole_page.box, block_size(self.book, inset)
        return (
            len(inset.points) <= _MOST and size.width <= room.width and size.height <= room.height
        )

    def _realised(self, sheet: Sheet, some: Sequence[_Small], paper: float) -> Sequence[Sheet]:
        """The largest insets that take no more pages; none where marks would be less legible."""
        chosen = [each.insets[-1] for each in some]
        for n, small in enumerate(some):
            larger = ([*chosen[:n], inset, *chosen[n + 1 :]] for inset in small.insets[:-1])
            fitting = (
                each for each in larger if self._paper(*_planned(sheet, some, each)) <= paper
            )
            chosen = next(fitting, chosen)
        legible = all(
            self._as_legible(inset, small.detail) for inset, small in zip(chosen, some, strict=True)
        )
        parent, _ = _planned(sheet, some, chosen)
        return chosen if legible and self._as_legible(parent, sheet) else ()

    def _least(self, sheet: Sheet, some: Sequence[_Small]) -> int:
        """Pages that a sheet takes at least with insets in place of these; not laid out for it."""
        beside, whole = self._flows.under_map, self._flows.whole_page
        taken = self._listed(sheet)
        for each in some:
            size = block_size(self.book, each.insets[-1])
            own = len(each.detail.points) / len(each.detail.shown)
            taken += self._listed(each.detail) * own
            taken += size.width * size.height / whole.box.width * len(whole.boxes)
        room, more = (sum(box.height for box in each.boxes) for each in (beside, whole))
        return self._printed(1 + ceil(max(0.0, taken - room) / more))

    def _listed(self, sheet: Sheet) -> float:
        """Height of all columns of a sheet's list when they are set closer, mm."""
        pages = self._list(sheet, ())
        return sum(column.height for page in pages for column in page.columns) * _CLOSER

    def _paper(self, sheet: Sheet, insets: Sequence[Sheet]) -> float:
        """Pages of a sheet and its list; more than any where an inset is far from its parent.

        With insets some room is kept: those of the neighbours may leave points in the overlap.
        """
        pages = self._list(sheet, insets)
        if any(page.insets for page in pages[_FAR + 1 :]):
            return inf
        spare = sum(_free(page) for page in pages)
        return self._printed(len(pages) + (1 if insets and spare < _SPARE else 0))

    def _list(self, sheet: Sheet, insets: Sequence[Sheet]) -> tuple[PageList, ...]:
        key = sheet.label, tuple(inset.core for inset in insets)
        if key not in self._lists:
            self._lists[key] = self._flows.of(sheet, insets).pages
        return self._lists[key]

    def _printed(self, pages: int) -> int:
        """On both sides, with the back that may stay blank."""
        return pages + pages % 2 if self.book.duplex else pages

    def _as_legible(self, sheet: Sheet, before: Sheet) -> bool:
        """Whether its marks find room, or no fewer than before, and all of them small ones."""
        if sheet.points == before.points and not sheet.inset:
            return True  # as it was
        crowded = len(self._marks.crowded(sheet))
        if not crowded:
            return True
        return crowded <= len(self._marks.crowded(before)) and not self._marks.lost(sheet)


def _free(page: PageList) -> float:
    """Height that the columns of a page leave free, mm, on the average."""
    free = (
        box.height - column.height for box, column in zip(page.boxes, page.columns, strict=True)
    )
    return sum(free) / len(page.boxes)


def _planned(
    sheet: Sheet, some: Sequence[_Small], insets: Sequence[Sheet]
) -> tuple[Sheet, Sequence[Sheet]]:
    """The sheet with what these insets leave to it, and they."""
    for each, inset in zip(some, insets, strict=True):
        sheet = with_inset(sheet, each.detail, inset)
    return sheet, insets
