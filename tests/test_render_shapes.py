"""Compound paths: polygons with holes fill right under the non-zero rule, whatever they are."""

from __future__ import annotations

import numpy as np
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.path import Path

from papermap.render.model import MapView
from papermap.render.shapes import Paper, area_path, line_path
from papermap.units import MM_PER_PT, Box

# one metre is one mm: the tests think in mm
PAPER = Paper(MapView("EPSG:6691", Box(0, 0, 100, 100), 100, 100, 1000))

_corner = st.integers(0, 19)
_size = st.integers(1, 12)
_box = st.builds(
    lambda x, y, w, h: shapely.box(5 * x, 5 * y, 5 * (x + w), 5 * (y + h)),
    _corner, _corner, _size, _size,
)  # fmt: skip
_area = st.builds(
    lambda plus, minus: shapely.difference(shapely.union_all(plus), shapely.union_all(minus)),
    st.lists(_box, min_size=1, max_size=3),
    st.lists(_box, max_size=3),
)


def winding(path: Path, x: float, y: float) -> int:
    """Winding number of all rings of the path round a point."""
    number = 0
    for ring in path.to_polygons(closed_only=True):
        here = np.asarray(ring) * MM_PER_PT
        (x0, y0), (x1, y1) = here[:-1].T, here[1:].T
        side = (x1 - x0) * (y - y0) - (x - x0) * (y1 - y0)
        number += int(np.sum((y0 <= y) & (y1 > y) & (side > 0)))
        number -= int(np.sum((y0 > y) & (y1 <= y) & (side < 0)))
    return number


@settings(max_examples=40, deadline=None)
@given(st.lists(_area, min_size=1, max_size=4))
def test_a_place_is_filled_when_any_area_holds_it(areas: list[shapely.Geometry]) -> None:
    path = area_path(PAPER, np.array(areas, dtype=object))
    whole = shapely.union_all(areas)
    for x in np.arange(1.3, 160, 12.5):
        for y in np.arange(1.3, 160, 12.5):
            filled = path is not None and winding(path, x, y) != 0
            assert filled == shapely.contains_xy(whole, x, y)


def test_nothing_makes_no_path() -> None:
    empty = np.array([shapely.Polygon(), None, shapely.LineString()], dtype=object)
    assert area_path(PAPER, empty) is None
    assert line_path(PAPER, empty) is None
    assert line_path(PAPER, np.array([shapely.Point(1, 1)], dtype=object)) is None


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.lists(st.tuples(st.integers(0, 100), st.integers(0, 100)), min_size=2, max_size=6),
        min_size=1,
        max_size=5,
    )
)
def test_every_line_begins_with_a_move(lines: list[list[tuple[int, int]]]) -> None:
    path = line_path(PAPER, np.array([shapely.LineString(line) for line in lines], dtype=object))
    assert path is not None
    starts = path.vertices[path.codes == Path.MOVETO] * MM_PER_PT
    assert np.allclose(starts, [line[0] for line in lines], atol=0.02)
    assert len(path.vertices) == sum(map(len, lines))


def test_the_window_cuts_and_keeps_the_order() -> None:
    lines = [shapely.LineString([(x, -50), (x, 150)]) for x in (10, 200, 20)]
    cut = PAPER.cut(np.array(lines, dtype=object), 2)
    assert shapely.is_empty(cut).tolist() == [False, True, False]
    assert shapely.bounds(cut[2]).tolist() == [20, -2, 20, 102]


def test_where_a_ring_begins_is_not_kept() -> None:
    """It depends on how much of the base map was read at once, and so on the number of jobs."""
    turns = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    ring = np.column_stack([50 + 40 * np.cos(turns), 50 + 30 * np.sin(turns)])
    areas = [shapely.Polygon(np.roll(ring, start, axis=0)) for start in (0, 17, 44)]
    first, *others = PAPER.cut(np.array(areas, dtype=object), 2)
    assert all(shapely.equals_exact(first, other) for other in others)
    assert shapely.equals(first, areas[0])
