"""Parallel tracks are one line on paper, and that line never jumps or breaks."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from papermap.render.model import MapView
from papermap.render.shapes import Paper
from papermap.render.tracks import merged
from papermap.units import Box

MM = 1.8  # within which two tracks are one
# 1:10,000, so a metre is 0.1 mm
PAPER = Paper(MapView("EPSG:6691", Box(0, 0, 1000, 800), 100, 80, 10_000))
NEAR = MM * 10  # m


def lines(*tracks: list[tuple[float, float]]) -> np.ndarray:
    return np.array([shapely.LineString(track) for track in tracks], dtype=object)


def drawn(*tracks: list[tuple[float, float]]) -> np.ndarray:
    return merged(PAPER, lines(*tracks), MM)


def pieces(found: np.ndarray) -> int:
    """How many parts that do not touch one another."""
    return len(shapely.get_parts(shapely.union_all(shapely.buffer(found, 0.6))))


def turns(line: shapely.LineString) -> np.ndarray:
    """Degrees by which a line turns at each of its bends."""
    ways = np.diff(shapely.get_coordinates(line), axis=0)
    angles = np.degrees(np.arctan2(ways[:, 1], ways[:, 0]))
    return np.abs((np.diff(angles) + 180) % 360 - 180)


def test_a_track_that_outlives_the_longer_one_goes_on_from_its_end() -> None:
    (line,) = drawn([(-50, 400), (600, 400)], [(500, 410), (1050, 410)])
    assert turns(line).max() < 30
    xs = shapely.get_coordinates(line)[:, 0]
    assert (xs.min(), xs.max()) == (-50, 1050)


def test_a_branch_leaves_the_line_without_a_gap() -> None:
    main, side = [(-50, 400), (1050, 400)], [(200, 404), (500, 404), (900, 700)]
    found = drawn(main, side)
    assert pieces(found) == 1
    (branch,) = [line for line in found if line.length < 1000]
    assert shapely.get_coordinates(branch)[:, 1].max() == 700
    assert turns(branch).max() < 60
    # the stretch beside the main line is not drawn a second time
    beside = shapely.box(-50, 401, 450, 420)
    assert shapely.length(shapely.intersection(found, beside)).sum() < NEAR


def test_a_branch_that_begins_at_a_side_track_hangs_in_no_air() -> None:
    main, side = [(-50, 400), (1050, 400)], [(100, 415), (900, 415)]
    assert pieces(drawn(main, side, [(500, 415), (500, 780)])) == 1


def test_railways_that_cross_stay_whole() -> None:
    up, across = [(500, -50), (520, 850)], [(-50, 400), (1050, 420)]
    found = drawn(up, across)
    assert len(found) == 2
    assert sorted(shapely.length(found)) == pytest.approx(sorted(shapely.length(lines(up, across))))


def test_what_the_source_has_twice_is_drawn_once() -> None:
    track: list[tuple[float, float]] = [(-50, 400), (500, 420), (1050, 400)]
    (line,) = drawn(track, track, track[::-1])
    assert line.length == pytest.approx(shapely.LineString(track).length)


def test_two_railways_side_by_side_beyond_the_frame_do_not_meet_at_it() -> None:
    found = drawn([(-50, 400), (1050, 400)], [(-45, 421), (1045, 421)])
    assert len(found) == 2
    assert all(turns(line).max(initial=0) < 1 for line in found)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-50, 900), st.integers(150, 900), st.integers(0, 12), st.integers(-30, 30)
        ),
        min_size=1,
        max_size=6,
    )
)
def test_tracks_of_one_bundle_are_one_piece(tracks: list[tuple[int, int, int, int]]) -> None:
    """All within reach of the main line, however they begin, end and lean."""
    main = [(-50.0, 400.0), (1050.0, 400.0)]
    sides = [
        [(float(x), 400.0 + off), (min(1050.0, x + length), 400.0 + off + lean / 10)]
        for x, length, off, lean in tracks
    ]
    found = drawn(main, *sides)
    assert pieces(found) == 1
    near = shapely.buffer(shapely.LineString(main), NEAR + 1)
    assert shapely.contains(near, found).all()
