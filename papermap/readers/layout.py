"""Where a table begins, and what its columns are: header, titles above it, or no header at all."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from papermap.errors import UsageError
from papermap.headers import Headers, fold, load_fields, recognised
from papermap.readers.positions import Position, find_degrees, find_points, find_position

if TYPE_CHECKING:
    import pyproj

Rows = Sequence[Sequence[Any]]
_ABOVE: Final = 30  # rows among which the header is looked for
_SAMPLE: Final = 60  # rows below it that tell what stands in a column
_KNOWN: Final = 2  # known names that make a row a header


@dataclass(frozen=True, slots=True)
class Layout:
    """A table's columns by index; the first row of data is ``rows[first]``.

    ``unnamed`` are columns without a name in the header, called by their letter.
    """

    first: int
    names: tuple[str, ...]
    position: Position | None
    headers: Headers
    headless: bool = False
    unnamed: frozenset[str] = frozenset()


def find_layout(rows: Rows, asked: Headers) -> Layout | None:
    """How the table is laid out, None for what does not look like a table of places.

    ``asked`` are the columns as the user names them.
    """
    head = rows[:_ABOVE]
    candidates = [(index, _names(rows, index)) for index, row in enumerate(head) if any(row)]
    by_name = [(index, names, find_position(names, asked)) for index, names in candidates]
    pairs = [found for found in by_name if found[2] and found[2].lat >= 0]
    for index, names, position in pairs or [found for found in by_name if found[2]]:
        return _laid_out(rows, index, names, position, asked)
    known = _known_names() | {fold(name) for names in asked.columns.values() for name in names}
    for index, names in candidates:
        points = find_points(rows[index + 1 : index + 1 + _SAMPLE])
        titled = 0 <= points < len(names) and find_points([names]) != points
        if titled or sum(fold(name) in known for name in names if name) >= _KNOWN:
            position = Position(geopoint=points) if points >= 0 else None
            return _laid_out(rows, index, names, position, asked)
    return _headless(rows, asked)


def letters(index: int) -> str:
    """A column's letters as a spreadsheet shows them: 0 is A, 26 is AA."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def cell_text(value: Any) -> str:
    """A header's cell as a name: one line."""
    return " ".join(str(value).split())


def coordinate_system(name: str) -> pyproj.CRS:
    """The system of this name, such as ``EPSG:6677``.

    Raises
    ------
    UsageError
        For a name that no register holds.
    """
    import pyproj  # noqa: PLC0415 - slow, and most tables are in degrees

    try:
        return pyproj.CRS.from_user_input(name)
    except pyproj.exceptions.CRSError as error:
        shown = "".join(filter(str.isprintable, name[:80]))
        raise UsageError(
            "Unknown coordinate system “{shown}”.", "Write it like EPSG:6677.", shown=shown
        ) from error


def _laid_out(
    rows: Rows, index: int, names: tuple[str, ...], position: Position | None, asked: Headers
) -> Layout:
    headers = asked.over(recognised(names) or Headers())
    # the set may name columns of the position that the general names do not
    position = find_position(names, headers) or position
    first = index + 1
    if first < len(rows) and _names(rows, first) == names:  # the header stands twice
        first += 1
    elif position and position.lat >= 0 and first < len(rows):
        below = find_position(tuple(cell_text(cell) for cell in rows[first]), headers)
        if below and (below.lat, below.lon) == (position.lat, position.lon):
            first += 1  # the same in a second language
    called, unnamed = _called(names, headers.groups)
    if position and position.lat >= 0 and headers.crs:
        position = _axes(position, names, headers.crs)
    return Layout(first, called, position, headers, unnamed=unnamed)


def _headless(rows: Rows, asked: Headers) -> Layout | None:
    filled = [row for row in rows[:_SAMPLE] if any(row)]
    position = find_degrees(filled)
    if position is None:
        points = find_points(filled)
        position = Position(geopoint=points) if points >= 0 and filled else None
    if position is None:
        return None
    width = max(len(row) for row in filled)
    names = tuple(letters(index) for index in range(width))
    return Layout(0, names, position, asked, headless=True, unnamed=frozenset(names))


def _names(rows: Rows, index: int) -> tuple[str, ...]:
    """Names in a row of the header; what it leaves blank is taken from a row of names above."""
    names = [cell_text(cell) for cell in rows[index]]
    above = [cell_text(cell) for cell in rows[index - 1]] if index else []
    if sum(map(bool, above)) >= _KNOWN:
        names += [""] * (len(above) - len(names))
        names = [name or (above[i] if i < len(above) else "") for i, name in enumerate(names)]
    while names and not names[-1]:
        names.pop()
    return tuple(names)


def _called(names: tuple[str, ...], groups: str) -> tuple[tuple[str, ...], frozenset[str]]:
    """A name of its own for each column, and which are called by their letter."""
    called: list[str] = []
    unnamed = set()
    for index, name in enumerate(names):
        short = name.rpartition(groups)[2] if groups else name
        name = short if short and short not in called else name  # noqa: PLW2901 - the same, shorter
        if not name:
            name = letters(index)  # noqa: PLW2901
            unnamed.add(name)
        count = 1
        while (own := name if count == 1 else f"{name} ({count})") in called:
            count += 1
        called.append(own)
    return tuple(called), frozenset(unnamed)


def _axes(position: Position, names: tuple[str, ...], crs: str) -> Position:
    """X and Y as the coordinate system means them: in Japan's plane system X points north."""
    if fold(names[position.lat])[:1] != "y":
        return position
    axes = coordinate_system(crs).axis_info
    if axes and axes[0].abbrev == "X" and axes[0].direction == "north":
        return replace(position, lat=position.lon, lon=position.lat)
    return position


@functools.cache
def _known_names() -> frozenset[str]:
    tables = load_fields()
    fields = (*tables["fields"].values(), *tables["names"].values())
    return frozenset(fold(name) for names in fields for name in names)
