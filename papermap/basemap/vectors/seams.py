"""Features that tiles have cut, joined again where the two halves meet.

Each tile rounds its coordinates on its own, so that two ends at one edge may lie a step apart.
Everything here is in metres of Web Mercator, in which tiles are squares.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import shapely
from numpy.typing import NDArray

from papermap.basemap.base import Layer

Numbers = NDArray[np.float64]
_HALF_WORLD: Final = 20037508.342789244
_FINEST: Final = 2 * _HALF_WORLD / 2**14  # tiles of smaller zooms end on lines of zoom 14 too
_ON_LINE: Final = 0.05  # metres from the line within which a clipped end lies
_APART: Final = 2.5  # metres: two steps of a tile of zoom 13
_GRID: Final = 0.01  # metres to which edges are rounded before areas become one


def rejoined(layer: Layer) -> Layer:
    """The layer with its features whole again; those of other values are never joined."""
    if len(layer) < 2:
        return layer
    low_high = shapely.bounds(layer.geometry)
    cut = np.flatnonzero(_on_line(low_high).any(axis=1))
    if len(cut) < 2:
        return layer
    kinds = _kinds(layer, cut)
    dimensions = shapely.get_dimensions(layer.geometry[cut])
    geometry = layer.geometry.copy()
    pairs = []
    lines = cut[dimensions == 1]
    if len(lines):
        geometry[lines], met = _ends_met(geometry[lines], kinds[dimensions == 1])
        pairs.append(lines[met])
    areas = cut[dimensions == 2]
    if len(areas):
        pairs.append(areas[_touching(geometry[areas], kinds[dimensions == 2])])
    return _merged(layer, geometry, np.concatenate(pairs) if pairs else np.zeros((0, 2), int))


def _on_line(values: Numbers) -> NDArray[np.bool_]:
    """Which coordinates lie on a line of the tile grid."""
    steps = (values + _HALF_WORLD) / _FINEST
    on: NDArray[np.bool_] = np.abs(steps - np.round(steps)) * _FINEST < _ON_LINE
    return on


def _kinds(layer: Layer, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """A number for each feature, the same for all that say the same."""
    columns = [[str(value) for value in values[rows]] for values in layer.fields.values()]
    said = list(zip(*columns, strict=True)) if columns else [()] * len(rows)
    numbers = {key: number for number, key in enumerate(dict.fromkeys(said))}
    return np.array([numbers[key] for key in said], dtype=np.intp)


def _ends_met(
    lines: NDArray[np.object_], kinds: NDArray[np.intp]
) -> tuple[NDArray[np.object_], NDArray[np.intp]]:
    """Lines with the ends that met at an edge moved to one place, and which pairs met."""
    parts, owner = shapely.get_parts(lines, return_index=True)
    xy, part = shapely.get_coordinates(parts, return_index=True)
    first = np.flatnonzero(np.diff(part, prepend=-1))
    last = np.append(first[1:], len(xy)) - 1
    ends = np.concatenate([first, last])
    of = np.concatenate([owner, owner])
    cut = _on_line(xy[ends]).any(axis=1)
    ends, of = ends[cut], of[cut]
    points = shapely.points(xy[ends])
    a, b = shapely.STRtree(points).query(points, predicate="dwithin", distance=_APART)
    good = (a < b) & (of[a] != of[b]) & (kinds[of[a]] == kinds[of[b]])
    a, b = a[good], b[good]
    near = np.argsort(np.hypot(*(xy[ends[a]] - xy[ends[b]]).T), kind="stable")
    free = np.ones(len(ends), dtype=bool)
    met = []
    for i, j in zip(a[near].tolist(), b[near].tolist(), strict=True):
        if free[i] and free[j]:
            free[i] = free[j] = False
            xy[[ends[i], ends[j]]] = (xy[ends[i]] + xy[ends[j]]) / 2
            met.append((of[i], of[j]))
    moved = shapely.set_coordinates(parts.copy(), xy)
    return _gathered(moved, owner, len(lines)), np.array(met, dtype=np.intp).reshape(-1, 2)


def _gathered(
    parts: NDArray[np.object_], owner: NDArray[np.intp], count: int
) -> NDArray[np.object_]:
    """Parts put together by the feature they belong to."""
    found = np.empty(count, dtype=object)
    alone = np.bincount(owner, minlength=count) == 1
    found[owner[alone[owner]]] = parts[alone[owner]]
    many = ~alone[owner]
    if many.any():
        numbers, starts = np.unique(owner[many], return_inverse=True)
        found[numbers] = shapely.multilinestrings(parts[many], indices=starts)
    return found


def _touching(areas: NDArray[np.object_], kinds: NDArray[np.intp]) -> NDArray[np.intp]:
    """Pairs of areas of one kind that meet at an edge."""
    a, b = shapely.STRtree(areas).query(areas, predicate="dwithin", distance=_ON_LINE)
    good = (a < b) & (kinds[a] == kinds[b])
    return np.stack([a[good], b[good]], axis=1)


def _merged(layer: Layer, geometry: NDArray[np.object_], pairs: NDArray[np.intp]) -> Layer:
    """One feature of each group that pairs hold together, at the place of its first."""
    group = list(range(len(layer)))

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    for a, b in pairs.tolist():
        low, high = sorted((root(a), root(b)))
        group[high] = low
    members: dict[int, list[int]] = {}
    for i in np.unique(pairs).tolist():
        members.setdefault(root(i), []).append(i)
    kept = np.ones(len(layer), dtype=bool)
    for first, all_of in members.items():
        shapes = geometry[all_of]
        if shapely.get_dimensions(shapes[0]) == 1:
            geometry[first] = shapely.line_merge(
                shapely.multilinestrings(shapely.get_parts(shapes))
            )
        else:
            geometry[first] = shapely.union_all(shapes, grid_size=_GRID)
        kept[[i for i in all_of if i != first]] = False
    fields = {name: values[kept] for name, values in layer.fields.items()}
    return Layer(layer.name, geometry[kept], fields)
