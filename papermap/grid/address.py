"""Addresses on a sheet: the cell of a place, and the neighbours' addresses in the overlap."""

from __future__ import annotations

import math
from typing import NamedTuple

from papermap.grid.model import Sheet


class OverlapAddresses(NamedTuple):
    """What the band says beside each strip of overlap; empty where that sheet is not printed.

    ``west`` and ``east`` stand above and below their strips and name the neighbour's column
    ("19-D"); ``north`` and ``south`` stand left and right of theirs and name its row ("14-3").
    """

    north: str
    east: str
    south: str
    west: str


def cell_of(sheet: Sheet, x: float, y: float) -> str:
    """Cell of a place on the sheet whose core holds it: "C2".

    Letters go from west to east, numbers from north to south.

    Parameters
    ----------
    x, y
        Metres of the plan's CRS.

    Raises
    ------
    ValueError
        When the place is not in the core of this sheet: its address is another sheet's.
    """
    return cell_name(*cell_at(sheet, x, y))


def cell_at(sheet: Sheet, x: float, y: float) -> tuple[int, int]:
    """As :func:`cell_of`, as (column, row) counted from 0."""
    core, cell = sheet.core, sheet.cell
    # the same arithmetic as in cut.cells_of, so that lines fall to the same side
    column = math.floor(x / cell) - round(core.x0 / cell)
    row = math.floor(y / -cell) - round(core.y1 / -cell)
    if not (0 <= column < sheet.columns and 0 <= row < sheet.rows):
        raise ValueError(f"({x}, {y}) is not in the core of sheet {sheet.label}")
    return column, row


def cell_name(column: int, row: int) -> str:
    """Name of a cell, both counted from 0: (2, 1) → "C2"; after Z comes AA."""
    return f"{column_name(column)}{row + 1}"


def column_name(column: int) -> str:
    """Letter of a column counted from 0; after Z comes AA."""
    name = ""
    column += 1
    while column:
        column, digit = divmod(column - 1, 26)
        name = chr(ord("A") + digit) + name
    return name


def overlap_addresses(sheet: Sheet) -> OverlapAddresses:
    """Addresses that the four neighbours print for the strips this sheet shares with them."""
    beside = sheet.adjacent

    def address(direction: str, part: str) -> str:
        return f"{beside[direction]}-{part}" if direction in beside else ""

    return OverlapAddresses(
        north=address("n", str(sheet.rows)),
        east=address("e", column_name(0)),
        south=address("s", "1"),
        west=address("w", column_name(sheet.columns - 1)),
    )
