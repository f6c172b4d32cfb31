"""Which marks of a sheet find no legible place: what detail sheets are made for."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from papermap.atlas.tasks import SMALL, legible_sizes, sheet_task
from papermap.grid import Each, Frame, Sheet, add_details
from papermap.marks import MarkSize, PlacedMark, Placement, place_marks
from papermap.pages.book import Book
from papermap.units import Box

_FAR = 16.0  # mm from its place, from which on a mark is hard to follow
_FEW = 3  # such marks that a sheet may have


def with_details(book: Book, each: Each = map) -> Book:
    """The book with detail sheets where its marks stand too close to be legible."""
    frame = book.frames.map
    cut_for = Frame(frame.width, frame.height, book.style.layout.cell)
    return book.planned(add_details(book.plan, cut_for, LegibleMarks(book), each))


@dataclass(frozen=True)
class LegibleMarks:
    """Places the marks of a sheet at the full and the nearly full size of the style."""

    book: Book
    _known: dict[Hashable, list[int]] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def _legible(self) -> tuple[MarkSize, ...]:
        return legible_sizes(self.book)

    @cached_property
    def room(self) -> float:
        """What one mark of the smallest legible size takes, mm²."""
        size, digits = self._legible[-1], len(str(len(self.book.index.entries)))
        tag = digits * size.digit + 2 * size.tag_padding - size.tag_overlap
        return (size.sign + tag + size.clearance) * (size.sign + size.clearance)

    def crowded(self, sheet: Sheet) -> Sequence[int]:
        """Points at home on the sheet whose marks find no place, or only far from theirs.

        None where no mark is lost and only a few are far. What was asked is remembered.
        """
        asked = (sheet.bounds, sheet.points, sheet.shown, sheet.framed, *sheet.neighbours.items())
        if asked not in self._known:
            self._known[asked] = self._crowded(sheet)
        return self._known[asked]

    def _crowded(self, sheet: Sheet) -> list[int]:
        def told(placement: Placement) -> list[int]:
            far = self._home(sheet, _numbers_far(placement))
            lost = self._home(sheet, placement.unplaced)
            return [*lost, *far] if lost or len(far) > _FEW else []

        return told(self._placed(sheet, self._legible, lambda placement: not told(placement)))

    def lost(self, sheet: Sheet) -> Sequence[int]:
        """Points at home on the sheet whose marks find no place even when all are small."""
        sizes = legible_sizes(self.book, SMALL)
        return self._home(sheet, self._placed(sheet, sizes, lambda _: True).unplaced)

    def _placed(
        self, sheet: Sheet, sizes: Sequence[MarkSize], enough: Callable[[Placement], bool]
    ) -> Placement:
        task = sheet_task(self.book, sheet)
        frame = Box(0, 0, task.view.width, task.view.height)
        return place_marks(task.marks, frame, sizes, obstacles=task.obstacles, near_enough=enough)

    def _home(self, sheet: Sheet, numbers: Sequence[int]) -> list[int]:
        """Those of the numbered points that are at home on a sheet."""
        home = set(sheet.points)
        points = (self.book.by_number[number].point for number in numbers)
        return [point for point in points if point in home]


def _numbers_far(placement: Placement) -> list[int]:
    return [number for mark in placement.marks if _length(mark) > _FAR for number in mark.numbers]


def _length(mark: PlacedMark) -> float:
    """Of its leader, mm."""
    if mark.leader is None:
        return 0.0
    (x0, y0), (x1, y1) = mark.leader
    return float(((x0 - x1) ** 2 + (y0 - y1) ** 2) ** 0.5)
