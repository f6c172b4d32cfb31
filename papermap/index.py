"""Point → number, sheets and cells; the order of lists and of the index."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from papermap.grid import Plan, cell_at, cell_of
from papermap.model import Category, SupportPoint

_FIGURES: Final = re.compile(r"\d+")
_DIGITS: Final = 12  # figures are padded to this width to sort by value
_LARGE: Final = MappingProxyType(
    dict(zip("ぁぃぅぇぉっゃゅょゎゕゖ", "あいうえおつやゆよわかけ", strict=True))
)
_VOWELS: Final = MappingProxyType(
    {
        "あ": "あかさたなはまやらわ",
        "い": "いきしちにひみりゐ",
        "う": "うくすつぬふむゆる",
        "え": "えけせてねへめれゑ",
        "お": "おこそとのほもよろを",
    }
)


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


def make_index(
    plan: Plan, points: Sequence[SupportPoint], categories: Mapping[str, Category]
) -> Index:
    """Number every point on a sheet, and find its places in the book.

    Numbers run from 1 through the whole book in blocks by category (vocabulary order, then key).
    Within a block they follow the map: sheet by sheet, cell by cell (row by row, every other row
    backwards, so that neighbours on the map are near in the list), then from north to south.

    Parameters
    ----------
    plan
        The sheets; its point indices are those of ``points``.
    points
        Every checked point.
    categories
        Category by key; one that is missing comes last, by its key.
    """
    refs = _refs(plan)
    homes = _homes(plan)
    ranks = _category_ranks(points, categories)
    numbered = sorted(homes, key=lambda point: (ranks[points[point].category], homes[point]))
    entries = tuple(
        Entry(point, number, refs[point]) for number, point in enumerate(numbered, start=1)
    )
    return Index(
        entries=entries,
        by_point=MappingProxyType({entry.point: entry for entry in entries}),
        by_category=_by_category(entries, points),
    )


def _refs(plan: Plan) -> dict[int, tuple[Ref, ...]]:
    """Places of every point: home first, then the other sheets that show it, in sheet order."""
    homes = {
        point: Ref(sheet.label, cell_of(sheet, *plan.xy[point]))
        for sheet in plan.sheets
        for point in sheet.points
    }
    found = {point: [home] for point, home in homes.items()}
    for sheet in plan.sheets:
        for point in sheet.shown:
            if homes[point].sheet != sheet.label:
                found[point].append(Ref(sheet.label, homes[point].cell))
    return {point: tuple(refs) for point, refs in found.items()}


def _homes(plan: Plan) -> dict[int, tuple[float, ...]]:
    """Where every point stands in the order of the map."""
    order: dict[int, tuple[float, ...]] = {}
    for number, sheet in enumerate(plan.sheets):
        for point in sheet.points:
            x, y = plan.xy[point]
            column, row = cell_at(sheet, x, y)
            along = -column if row % 2 else column
            order[point] = (number, row, along, -y, x, point)
    return order


def _category_ranks(
    points: Sequence[SupportPoint], categories: Mapping[str, Category]
) -> dict[str, int]:
    keys = {point.category for point in points}
    last = 1 + max((category.order for category in categories.values()), default=0)
    order = {key: categories[key].order if key in categories else last for key in keys}
    ranked = sorted(keys, key=lambda key: (order[key], key))
    return {key: rank for rank, key in enumerate(ranked)}


def _by_category(
    entries: Sequence[Entry], points: Sequence[SupportPoint]
) -> tuple[tuple[str, tuple[Entry, ...]], ...]:
    groups: dict[str, list[Entry]] = {}
    for entry in entries:  # already in the order of the categories
        groups.setdefault(points[entry.point].category, []).append(entry)
    return tuple(
        (key, tuple(sorted(group, key=lambda entry: _reading_order(points[entry.point], entry))))
        for key, group in groups.items()
    )


def _reading_order(point: SupportPoint, entry: Entry) -> tuple[tuple[int, str, str], str, int]:
    return (reading_key(point.reading or point.name), point.name, entry.number)


@cache  # the index is made anew for every plan that is tried
def reading_key(text: str) -> tuple[int, str, str]:
    """Key that sorts names as a Japanese index does.

    Full and half width, capitals, katakana and hiragana are the same, and figures count by their
    value (第2 before 第10). First come figures, then Latin letters, then kana in the order of the
    fifty sounds (voiced marks and small letters only decide between equals, a long vowel mark
    counts as the vowel before it), then everything else: kanji without a reading, by code
    point, which keeps equal beginnings together.
    """
    plain = "".join(_hiragana(char) for char in unicodedata.normalize("NFKC", text)).casefold()
    letters = "".join(char for char in plain if char.isalnum() or char == "ー")
    bare = _FIGURES.sub(lambda found: found[0].zfill(_DIGITS), _without_marks(letters))
    return (_script(bare), bare, letters)


def _hiragana(char: str) -> str:
    return chr(ord(char) - 0x60) if "ァ" <= char <= "ヶ" else char


def _without_marks(text: str) -> str:
    """Without voiced marks, small letters made large, long vowels written out."""
    parts: list[str] = []
    for char in unicodedata.normalize("NFD", text):
        if unicodedata.combining(char):
            continue
        if char == "ー":
            parts.append(_vowel(parts[-1]) if parts else "")
        else:
            parts.append(_LARGE.get(char, char))
    return "".join(parts)


def _vowel(kana: str) -> str:
    return next((vowel for vowel, row in _VOWELS.items() if kana in row), "")


def _script(text: str) -> int:
    first = text[:1]
    if first.isdecimal():
        return 0
    if "ぁ" <= first <= "ゟ":
        return 2
    return 1 if first.isalpha() and first < "\u3000" else 3
