"""Insets: details drawn on a page of their parent, whole or cut down to some of their cells."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from itertools import product
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from papermap.grid.cut import Ints, cells_of
from papermap.grid.finish import finished
from papermap.grid.model import Plan, Relief, Sheet
from papermap.units import Box

_OVERLAP: Final = 5.0  # mm round the cells, for marks and for what leads there
_FEW: Final = 3  # crowded points that may be left to the parent

Bools = NDArray[np.bool_]


def insets_of(plan: Plan, detail: Sheet) -> tuple[Sheet, ...]:
    """The insets that a detail may become, the largest first.

    One has all its cells, one only those of all its points, one the fewest that take nearly all
    of the points that were crowded on the parent; this leaves the others to it.
    """
    points = np.array(detail.points)
    crowded: Bools = np.isin(points, detail.relief.crowded if detail.relief else ())
    corner = np.array([round(detail.core.x0), round(-detail.core.y1)]) / detail.cell
    cells = cells_of(np.array(plan.xy)[points], detail.cell) - corner.round().astype(np.int64)
    *smaller, all_over = _sizes(cells)
    whole = _Part((0, 0), (detail.columns, detail.rows), np.ones(len(points), dtype=bool))
    least = crowded.sum() - min(_FEW, crowded.sum() - 1)
    small = (_fullest(cells, size, crowded) for size in smaller)
    fewest = [part for part in small if (part.inside & crowded).sum() >= least][:1]
    parts = {part.size: part for part in (whole, _fullest(cells, all_over, crowded), *fewest)}
    return tuple(
        _cut_down(plan, detail, part, points[part.inside].tolist()) for part in parts.values()
    )


class _Part(NamedTuple):
    """Some columns and rows of a detail from a cell on, and which of its points lie there."""

    corner: tuple[int, int]
    size: tuple[int, int]
    inside: Bools


def _sizes(cells: Ints) -> list[tuple[int, int]]:
    """Columns and rows of the parts to try, the fewest cells first, the flatter of equal ones."""
    columns, rows = (cells.max(axis=0) - cells.min(axis=0) + 1).tolist()
    sizes = product(range(1, columns + 1), range(1, rows + 1))
    return sorted(sizes, key=lambda size: (size[0] * size[1], size[1]))


def _fullest(cells: Ints, size: tuple[int, int], crowded: Bools) -> _Part:
    """The part of a size that takes most of the crowded points, then most of all."""
    low, high = cells.min(axis=0).tolist(), (cells.max(axis=0) - size + 1).tolist()
    corners = product(range(low[0], high[0] + 1), range(low[1], high[1] + 1))
    parts = (_Part(corner, size, _inside(cells, corner, size)) for corner in corners)
    return max(parts, key=lambda part: (int((part.inside & crowded).sum()), int(part.inside.sum())))


def _inside(cells: Ints, corner: tuple[int, int], size: tuple[int, int]) -> Bools:
    at = cells - np.array(corner)
    inside: Bools = ((at >= 0) & (at < size)).all(axis=1)
    return inside


def _cut_down(plan: Plan, detail: Sheet, part: _Part, points: list[int]) -> Sheet:
    (column, row), (columns, rows) = part.corner, part.size
    cell, whole = detail.cell, detail.core
    west, north = whole.x0 + column * cell, whole.y1 - row * cell
    core = Box(west, north - rows * cell, west + columns * cell, north)
    bounds = core.grown(_OVERLAP * detail.scale / 1000)
    times, crowded = (detail.relief.times, detail.relief.crowded) if detail.relief else (1, ())
    return replace(
        detail,
        bounds=bounds,
        core=core,
        columns=columns,
        rows=rows,
        neighbours={},
        points=tuple(points),
        shown=tuple(point for point in detail.shown if bounds.contains(*plan.xy[point])),
        relief=Relief(times, len(points), tuple(p for p in crowded if p in points)),
        inset=True,
    )


def with_inset(parent: Sheet, detail: Sheet, inset: Sheet) -> Sheet:
    """The parent of a detail that becomes an inset: it frames that, and has what is left of it."""
    own = {*parent.points, *detail.points} - {*inset.points}
    framed = (
        replace(each, core=inset.core, points=len(inset.points))
        if each.label == inset.label
        else each
        for each in parent.framed
    )
    return replace(
        parent,
        points=tuple(sorted(own)),
        shown=tuple(sorted({*parent.shown, *own})),
        framed=tuple(framed),
    )


def with_insets(plan: Plan, insets: Collection[Sheet]) -> Plan:
    """The plan with these in place of the details of their labels, each right after its parent.

    Points of the details that are not theirs go back to their parents.
    """
    by_label = {inset.label: inset for inset in insets}
    details = {sheet.label: sheet for sheet in plan.sheets if sheet.label in by_label}
    sheets: list[Sheet] = []
    for sheet in plan.sheets:
        if sheet.label not in by_label:
            own = [inset for inset in insets if inset.parent == sheet.label]
            for inset in own:
                sheet = with_inset(sheet, details[inset.label], inset)  # noqa: PLW2901
            sheets += [sheet, *own]
    xy = np.array(plan.xy).reshape(-1, 2)
    printed = np.ones(len(xy), dtype=bool)
    printed[list(plan.outside)] = False
    return finished(plan, [replace(each, shown=_shown(xy, printed, each)) for each in sheets])


def _shown(xy: np.ndarray, printed: np.ndarray, sheet: Sheet) -> tuple[int, ...]:
    low, high = np.array(sheet.bounds[:2]), np.array(sheet.bounds[2:])
    inside = ((xy >= low) & (xy <= high)).all(axis=1) & printed
    return tuple(np.flatnonzero(inside).tolist())
