"""How one scale cuts the ground into cells and cells into sheets; arithmetic on whole cells.

Cell lines are the multiples of the cell's length in the CRS, so that the kilometre lines of UTM
fall on them where they can. Cells are counted eastwards and *southwards* from the CRS's origin, so
a place on a line belongs to the cell east or south of it, to exactly one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely
from numpy.typing import NDArray

from papermap.errors import AreaError
from papermap.grid.model import Frame
from papermap.units import Box

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_ROUND: Final = (1.0, 2.0, 2.5, 4.0, 5.0, 10.0)
_OVERLAP: Final = 5.0  # mm that remain at least on each side of the core
_SLACK: Final = 1e-6  # m; a line that only touches a cell's edge is not in it
_MOST_BLOCKS: Final = 150_000  # cells; some ten thousand sheets of A4
_HALF: Final = 1 << 31  # columns may be negative, keys are counted from here


@dataclass(frozen=True, slots=True)
class Cut:
    """Sizes of one scale: ``cell`` in metres, ``columns`` × ``rows`` cells in a sheet's core."""

    scale: int
    cell: float
    columns: int
    rows: int
    width: float  # metres of the whole frame
    height: float

    @property
    def pitch(self) -> tuple[float, float]:
        """Width and height of a core in metres."""
        return self.columns * self.cell, self.rows * self.cell

    def core(self, column: int, row: int) -> Box:
        """Core whose north-west cell is this one, in metres."""
        x0, y1 = column * self.cell, -row * self.cell
        return Box(x0, y1 - self.rows * self.cell, x0 + self.columns * self.cell, y1)

    def bounds(self, core: Box) -> Box:
        """Whole frame round a core, the core in its middle."""
        dx, dy = (self.width - core.width) / 2, (self.height - core.height) / 2
        return Box(core.x0 - dx, core.y0 - dy, core.x1 + dx, core.y1 + dy)


def cut_for(frame: Frame, scale: int) -> Cut:
    """Cells of a round length near ``frame.cell`` on paper, as many as leave 5 mm of overlap.

    At 1:10,000 in a frame of 186 × 140 mm: 4 × 3 cells of 400 m, 13 and 10 mm of overlap.

    Raises
    ------
    AreaError
        When the frame is too small for one cell.
    """
    metres = scale / 1000
    for cell in _round_lengths(frame.cell * metres):
        columns = int((frame.width - 2 * _OVERLAP) / (cell / metres) + 1e-9)
        rows = int((frame.height - 2 * _OVERLAP) / (cell / metres) + 1e-9)
        if columns and rows:
            return Cut(scale, cell, columns, rows, frame.width * metres, frame.height * metres)
    raise AreaError(
        "The map frame of {width:.0f} × {height:.0f} mm is too small for a grid.",
        "Choose a larger paper.",
        width=frame.width,
        height=frame.height,
    )


def _round_lengths(wanted: float) -> list[float]:
    """Round lengths, the nearest in ratio first, then ever smaller ones."""
    power = 10.0 ** math.floor(math.log10(wanted))
    near = min((r * power for r in _ROUND), key=lambda length: abs(math.log(length / wanted)))
    smaller = [r * p for p in (power, power / 10) for r in reversed(_ROUND) if r * p < near]
    return [near, *smaller]


def cells_of(xy: Floats, cell: float) -> Ints:
    """Cell (column eastwards, row southwards) of places in metres, n × 2."""
    cells: Ints = np.floor(xy / np.array([cell, -cell])).astype(np.int64)
    return cells


def cells_touched(geometries: list[BaseGeometry], cell: float) -> Ints:
    """Cells that lines and areas (in metres) touch, n × 2, each once.

    Large blocks are tried first and only those that are touched are divided.
    """
    found = [_touched_by(geometry, cell) for geometry in geometries if not geometry.is_empty]
    return unique(np.concatenate(found)) if found else np.empty((0, 2), np.int64)


def _touched_by(geometry: BaseGeometry, cell: float) -> Ints:
    x0, y0, x1, y1 = geometry.bounds
    widest = max(x1 - x0, y1 - y0, cell) / cell
    size = 2 ** math.ceil(math.log2(widest))
    column, row = (int(n) for n in cells_of(np.array([[x0, y1]]), cell)[0] // size)
    blocks = np.array([(column + i, row + j) for i in (0, 1) for j in (0, 1)]) * size
    shapely.prepare(geometry)
    while True:
        boxes = shapely.box(
            blocks[:, 0] * cell + _SLACK,
            -(blocks[:, 1] + size) * cell + _SLACK,
            (blocks[:, 0] + size) * cell - _SLACK,
            -blocks[:, 1] * cell - _SLACK,
        )
        blocks = np.asarray(blocks[shapely.intersects(geometry, boxes)], dtype=np.int64)
        if size == 1:
            return blocks
        if len(blocks) > _MOST_BLOCKS:
            raise AreaError(
                "The lines and areas are too large for so large a scale.",
                "Choose a smaller scale, or a part of them with --area W,S,E,N.",
            )
        size //= 2
        steps = np.array([(0, 0), (size, 0), (0, size), (size, size)])
        blocks = (blocks[:, None, :] + steps[None, :, :]).reshape(-1, 2)


def best_origin(cut: Cut, cells: Ints) -> tuple[int, int]:
    """Offset of the sheet grid in cells that needs the fewest sheets.

    Among equals the one whose sheets hold these cells nearest to the middle, then the first.
    """
    tried = [
        (_sheets_at(cut, cells, (ox, oy)), _eccentricity(cut, cells, (ox, oy)), (ox, oy))
        for oy in range(cut.rows)
        for ox in range(cut.columns)
    ]
    return min(tried)[2]


def sheet_of(cut: Cut, cells: Ints, origin: tuple[int, int]) -> Ints:
    """Sheet (column, row) of cells in the grid that starts at ``origin``, n × 2."""
    sheets: Ints = (cells - np.array(origin)) // np.array([cut.columns, cut.rows])
    return sheets


def _sheets_at(cut: Cut, cells: Ints, origin: tuple[int, int]) -> int:
    return len(np.unique(keys(sheet_of(cut, cells, origin))))


def keys(pairs: Ints) -> Ints:
    """One number for each (column, row), in the order row by row, west to east."""
    return (pairs[:, 1] << 32) + (pairs[:, 0] + _HALF)


def from_keys(numbers: Ints) -> Ints:
    """The (column, row) of each key."""
    return np.column_stack([(numbers & 0xFFFFFFFF) - _HALF, numbers >> 32])


def unique(pairs: Ints) -> Ints:
    """Each (column, row) once, row by row."""
    return from_keys(np.unique(keys(pairs)))


def _eccentricity(cut: Cut, cells: Ints, origin: tuple[int, int]) -> float:
    """Mean square distance of cells from the middle of their sheets, in cells."""
    inside = (cells - np.array(origin)) % np.array([cut.columns, cut.rows])
    off = inside - np.array([cut.columns - 1, cut.rows - 1]) / 2
    return round(float((off**2).sum(axis=1).mean()), 9)
