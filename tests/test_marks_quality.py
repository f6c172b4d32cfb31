"""The figures of a placement find what is wrong with it."""

from __future__ import annotations

import pytest

from papermap.marks import MarkSize, PlacedMark, Placement, quality
from papermap.units import Box

FRAME = Box(0, 0, 100, 100)
SIZE = MarkSize()


def mark(number: int, x: float, y: float, true: tuple[float, float] | None = None) -> PlacedMark:
    tag = Box(x + 2.4, y - 2, x + 6, y + 2)
    if true is None:
        return PlacedMark((number,), x, y, x, y, tag, "right", None)
    return PlacedMark((number,), *true, x, y, tag, "right", ((x, y), true))


def figures(*marks: PlacedMark) -> tuple[int, int]:
    found = quality(Placement(marks, (), SIZE), FRAME)
    return found.overlaps, found.crossings


def test_marks_apart_are_fine() -> None:
    assert figures(mark(1, 20, 20), mark(2, 40, 20)) == (0, 0)


def test_marks_that_only_touch_do_not_overlap_but_lack_clearance() -> None:
    marks = (mark(1, 20, 20), mark(2, 20 + 6 + 2.8, 20))
    assert figures(*marks) == (0, 0)
    assert quality(Placement(marks, (), SIZE), FRAME, clearance=0.5).overlaps == 1


def test_a_sign_on_a_tag_overlaps() -> None:
    assert figures(mark(1, 20, 20), mark(2, 25, 21)) == (1, 0)


def test_a_mark_on_the_true_place_of_another_overlaps() -> None:
    assert figures(mark(1, 20, 20), mark(2, 40, 40, true=(22, 22)))[0] == 1


def test_a_leader_through_a_mark_overlaps() -> None:
    assert figures(mark(1, 20, 20), mark(2, 40, 20, true=(5, 20)))[0] == 1


def test_a_mark_over_the_edge_is_counted() -> None:
    assert figures(mark(1, 98, 50))[0] > 0


def test_leaders_that_cross_are_counted() -> None:
    marks = (mark(1, 20, 20, true=(20, 60)), mark(2, 40, 40, true=(5, 40)))
    assert figures(*marks)[1] == 1


def test_leaders_that_run_along_each_other_are_counted_where_clearance_is_asked() -> None:
    near = Placement((mark(1, 20, 20, true=(20, 60)), mark(2, 20.5, 40, true=(23, 60))), (), SIZE)
    assert quality(near, FRAME).crossings == 0
    assert quality(near, FRAME, clearance=SIZE.clearance).crossings == 1


def test_leaders_that_meet_at_a_shared_dot_do_not_cross() -> None:
    marks = (mark(1, 30, 30, true=(40, 40)), mark(2, 50, 50, true=(40, 40)))
    assert figures(*marks) == (0, 0)


def test_a_leader_through_the_dot_of_another_crosses() -> None:
    marks = (mark(1, 20, 20, true=(20, 60)), mark(2, 40, 40, true=(20.2, 40)))
    assert figures(*marks)[1] >= 1


def test_displacements_are_measured_from_sign_to_place() -> None:
    found = quality(
        Placement((mark(1, 20, 20), mark(2, 40, 20, true=(40, 26))), (5, 6), SIZE), FRAME
    )
    assert (found.displaced, found.unplaced) == (1, 2)
    assert found.mean_mm == found.max_mm == pytest.approx(6)
