"""Point → number, sheets and cells; the order of lists and of the index."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Ref:
    """One place in the book: a sheet and the cell address printed for it.

    ``cell`` is the address in its home sheet ("C2"); ``text`` the full address ("20-C2").
    """

    sheet: str
    cell: str

    @property
    def text(self) -> str:
        return f"{self.sheet}-{self.cell}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A point's number and its places: home first, then sheets whose overlap shows it.

    In the overlap of a sheet a point keeps the address of its home: every place has one sheet
    and cell in the whole book, so every ref's ``cell`` beyond the first names the home's cell.
    """

    point: int  # index into Checked.points
    number: int
    refs: tuple[Ref, ...]

    @property
    def home(self) -> Ref:
        return self.refs[0]


@dataclass(frozen=True, slots=True)
class Index:
    """Every printed point, by number (``entries``), and by category in reading order."""

    entries: tuple[Entry, ...]  # sorted by number
    by_point: Mapping[int, Entry]
    by_category: tuple[tuple[str, tuple[Entry, ...]], ...]  # vocabulary order; reading order


# make_index(plan, points, categories) -> Index   (to be built)
