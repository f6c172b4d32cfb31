"""Who stands next to whom among the printed sheets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from papermap.grid.cut import Ints

_STEPS: Final = {  # column eastwards, row southwards
    "n": (0, -1),
    "ne": (1, -1),
    "e": (1, 0),
    "se": (1, 1),
    "s": (0, 1),
    "sw": (-1, 1),
    "w": (-1, 0),
    "nw": (-1, -1),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """Labels of the printed sheets by their place in the grid."""

    labels: Mapping[tuple[int, int], str]
    in_row: Mapping[int, list[int]]  # columns of the printed sheets of a row, ascending
    in_column: Mapping[int, list[int]]

    @classmethod
    def of(cls, at: Ints) -> Beside:
        labels = {(c, r): str(number + 1) for number, (c, r) in enumerate(at.tolist())}
        in_row: dict[int, list[int]] = {}
        in_column: dict[int, list[int]] = {}
        for column, row in labels:
            in_row.setdefault(row, []).append(column)
            in_column.setdefault(column, []).append(row)
        return cls(labels, in_row, in_column)

    def adjacent(self, column: int, row: int) -> dict[str, str]:
        """Labels of the printed ones among the eight beside."""
        near = {name: (column + dx, row + dy) for name, (dx, dy) in _STEPS.items()}
        return {name: self.labels[at] for name, at in near.items() if at in self.labels}

    def neighbours(self, column: int, row: int) -> dict[str, str]:
        """As ``adjacent``; along row and column past the unprinted to the next printed one."""
        columns, rows = self.in_row[row], self.in_column[column]
        next_ones = {
            "n": next(((column, r) for r in reversed(rows) if r < row), None),
            "e": next(((c, row) for c in columns if c > column), None),
            "s": next(((column, r) for r in rows if r > row), None),
            "w": next(((c, row) for c in reversed(columns) if c < column), None),
        }
        found = self.adjacent(column, row)
        found |= {name: self.labels[at] for name, at in next_ones.items() if at is not None}
        return {name: found[name] for name in _STEPS if name in found}
