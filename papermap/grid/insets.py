"""Insets: details small enough to be drawn on a page of their parent, of a few whole cells."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from papermap.grid.cut import cells_of
from papermap.grid.finish import finished
from papermap.grid.model import Plan, Relief, Sheet
from papermap.units import Box

_OVERLAP: Final = 5.0  # mm round the cells, for marks and for what leads there


def insets_of(plan: Plan, detail: Sheet, crowded: Collection[int]) -> Iterator[Sheet]:
    """The detail cut down to fewer of its cells, the fewest first.

    Of each number of columns and rows the part that takes most of the ``crowded`` points; the
    others of the detail are left to its parent.
    """
    cells = cells_of(np.array([plan.xy[point] for point in detail.points]), detail.cell)
    corner = np.array([round(detail.core.x0), round(-detail.core.y1)]) / detail.cell
    at = cells - corner.round().astype(np.int64)
    close = np.isin(detail.points, sorted(crowded))
    sizes = [(c, r) for c in range(1, detail.columns + 1) for r in range(1, detail.rows + 1)]
    for columns, rows in sorted(sizes, key=lambda size: (size[0] * size[1], size[1])):
        tried = []
        for column in range(detail.columns - columns + 1):
            for row in range(detail.rows - rows + 1):
                low, high = np.array([column, row]), np.array([column + columns, row + rows])
                inside = ((at >= low) & (at < high)).all(axis=1)
                count = int((inside & close).sum()), int(inside.sum())
                tried.append((count, (-row, -column), inside))
        (taken, _), (row, column), inside = max(tried, key=lambda one: one[:2])
        if taken:
            points = tuple(np.array(detail.points)[inside].tolist())
            yield _cut_down(plan, detail, (-column, -row, columns, rows), points, taken)


def _cut_down(
    plan: Plan,
    detail: Sheet,
    part: tuple[int, int, int, int],
    points: tuple[int, ...],
    crowded: int,
) -> Sheet:
    column, row, columns, rows = part
    cell, whole = detail.cell, detail.core
    west, north = whole.x0 + column * cell, whole.y1 - row * cell
    core = Box(west, north - rows * cell, west + columns * cell, north)
    bounds = core.grown(_OVERLAP * detail.scale / 1000)
    times = detail.relief.times if detail.relief else 1
    return replace(
        detail,
        bounds=bounds,
        core=core,
        columns=columns,
        rows=rows,
        neighbours={},
        points=points,
        shown=tuple(point for point in detail.shown if bounds.contains(*plan.xy[point])),
        relief=Relief(times, len(points), crowded),
        inset=True,
    )


def with_points(sheet: Sheet, points: Collection[int]) -> Sheet:
    """A sheet with more points at home, and shown."""
    own = tuple(sorted({*sheet.points, *points}))
    return replace(sheet, points=own, shown=tuple(sorted({*sheet.shown, *points})))


def with_insets(plan: Plan, insets: Sequence[Sheet]) -> Plan:
    """The plan with these in place of the details of their labels, each right after its parent.

    Points of the details that are not theirs go back to their parents.
    """
    by_label = {inset.label: inset for inset in insets}
    sheets: list[Sheet] = []
    for sheet in plan.sheets:
        if sheet.label in by_label:
            continue
        own = [inset for inset in insets if inset.parent == sheet.label]
        old = {each.label: each for each in plan.sheets}
        back = {p for inset in own for p in set(old[inset.label].points) - set(inset.points)}
        sheets += [with_points(sheet, back), *own]
    xy = np.array(plan.xy).reshape(-1, 2)
    printed = np.ones(len(xy), dtype=bool)
    printed[list(plan.outside)] = False
    return finished(plan, [replace(each, shown=_inside(xy, printed, each)) for each in sheets])


def _inside(xy: np.ndarray, printed: np.ndarray, sheet: Sheet) -> tuple[int, ...]:
    low, high = np.array(sheet.bounds[:2]), np.array(sheet.bounds[2:])
    inside = ((xy >= low) & (xy <= high)).all(axis=1) & printed
    return tuple(np.flatnonzero(inside).tolist())
