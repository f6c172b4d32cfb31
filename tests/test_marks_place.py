"""Marks: nothing overlaps, leaders do not cross, every number is told of exactly once."""

from __future__ import annotations

import json
import math
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papermap.errors import UsageError
from papermap.marks import (
    MarkRequest,
    MarkSize,
    PlacedMark,
    Placement,
    place_marks,
    quality,
)
from papermap.marks.stack import stack_of
from papermap.units import Box

FRAME = Box(0, 0, 186, 140)
SMALL = Box(0, 0, 90, 70)
FULL = MarkSize()
COMPACT = MarkSize(sign=3.5, tag_height=3, digit=1.45, tag_padding=0.4, clearance=0.4, dot=1.0)
DATA = Path(__file__).parents[2] / "shared/data"


def requests_at(*places: tuple[float, float]) -> list[MarkRequest]:
    return [MarkRequest(number, x, y) for number, (x, y) in enumerate(places, start=1)]


def numbers(placement: Placement) -> list[int]:
    return sorted(
        [number for mark in placement.marks for number in mark.numbers] + list(placement.unplaced)
    )


def by_number(placement: Placement) -> dict[int, PlacedMark]:
    return {mark.numbers[0]: mark for mark in placement.marks}


places = st.lists(
    st.tuples(st.floats(0, 90, width=32), st.floats(0, 70, width=32)), min_size=0, max_size=40
)


@settings(max_examples=30, deadline=None)
@given(places)
def test_nothing_overlaps_or_crosses_wherever_the_points_are(
    xy: list[tuple[float, float]],
) -> None:
    placement = place_marks(requests_at(*xy), SMALL, [FULL, COMPACT])
    figures = quality(placement, SMALL, clearance=placement.size.clearance)
    assert figures.overlaps == 0
    assert figures.crossings == 0
    assert numbers(placement) == list(range(1, len(xy) + 1))
    for mark in placement.marks:
        for box in mark.body(placement.size):
            assert box.x0 >= SMALL.x0 + 0.8 - 1e-6
            assert box.y0 >= SMALL.y0 + 0.8 - 1e-6
            assert box.x1 <= SMALL.x1 - 0.8 + 1e-6
            assert box.y1 <= SMALL.y1 - 0.8 + 1e-6


@settings(max_examples=15, deadline=None)
@given(places, st.randoms(use_true_random=False))
def test_the_order_of_the_requests_makes_no_difference(
    xy: list[tuple[float, float]], random: Random
) -> None:
    wanted = requests_at(*xy)
    mixed = list(wanted)
    random.shuffle(mixed)
    assert place_marks(wanted, SMALL, [COMPACT]) == place_marks(mixed, SMALL, [COMPACT])


def test_a_lone_mark_stands_on_its_place_with_its_tag_on_the_right() -> None:
    (mark,) = place_marks(requests_at((50, 50)), FRAME, [FULL]).marks
    assert (mark.x, mark.y) == (50, 50)
    assert mark.leader is None
    assert not mark.displaced
    assert mark.tag_side == "right"
    assert mark.tag == pytest.approx((52.4, 48, 52.4 + 1.95 + 1.1, 52))
    assert mark.boxes(FULL) == (Box(47.2, 47.2, 52.8, 52.8), mark.tag)


def test_a_tag_is_as_wide_as_its_digits() -> None:
    short, long = place_marks(
        [MarkRequest(7, 40, 40), MarkRequest(1234, 100, 100)], FRAME, [FULL]
    ).marks
    assert short.tag.width == pytest.approx(1.95 + 1.1)
    assert long.tag.width == pytest.approx(4 * 1.95 + 1.1)


def test_the_tag_goes_to_another_side_before_the_mark_is_displaced() -> None:
    placement = place_marks(requests_at((50, 50), (58, 50)), FRAME, [FULL])
    assert not any(mark.displaced for mark in placement.marks)
    assert by_number(placement)[1].tag_side != "right"


def test_neighbours_too_near_are_displaced_with_leaders_to_their_true_places() -> None:
    placement = place_marks(requests_at((50, 50), (51.5, 50)), FRAME, [FULL])
    moved = [mark for mark in placement.marks if mark.displaced]
    assert len(moved) == 2  # a sign on one place would cover the other's dot
    for mark in moved:
        assert mark.leader is not None
        (x0, y0), end = mark.leader
        assert end == (mark.true_x, mark.true_y)
        assert math.dist((x0, y0), (mark.x, mark.y)) < FULL.sign / 2
        assert 4 < math.dist((mark.x, mark.y), end) < 8
        assert len(mark.boxes(FULL)) == 3


def test_points_at_one_place_are_one_stack_with_every_number() -> None:
    xy = [(90, 70), (90.1, 70.1), (90, 70), (60, 40)]
    placement = place_marks(requests_at(*xy), FRAME, [FULL])
    stack, lone = placement.marks
    assert stack.numbers == (1, 2, 3)
    assert (stack.stacked, lone.stacked) == (True, False)
    assert (stack.x, stack.y) == (90, 70)  # small enough to stand on its place
    assert stack.body(FULL) == (stack.tag,)
    spots = stack_of(stack.numbers, FULL).spots(stack.numbers)
    assert [spot.number for spot in spots] == [1, 2, 3]
    assert [spot.sign[1] for spot in spots] == sorted((s.sign[1] for s in spots), reverse=True)
    for spot in spots:
        sign = Box(*spot.sign, *spot.sign).grown(FULL.tag_height / 2)
        assert abs(sign.x0) < stack.tag.width / 2
        assert abs(sign.y1) < stack.tag.height / 2


@pytest.mark.parametrize("count", [5, 24, 60])
def test_many_points_on_one_spot_are_placed_among_others(count: int) -> None:
    rng = np.random.default_rng(3)
    others = rng.uniform([5, 5], [181, 135], (25, 2)).tolist()
    placement = place_marks(requests_at(*[(93, 70)] * count, *others), FRAME, [FULL])
    assert not placement.unplaced
    assert placement.numbers == tuple(range(1, count + 26))
    stacks = [mark for mark in placement.marks if mark.stacked]
    assert sum(len(mark.numbers) for mark in stacks) == count
    figures = quality(placement, FRAME, clearance=FULL.clearance)
    assert (figures.overlaps, figures.crossings) == (0, 0)


def test_a_stack_without_room_is_parted_into_several_round_one_dot() -> None:
    small = Box(0, 0, 64, 50)
    placement = place_marks(requests_at(*[(32, 25)] * 40), small, [FULL])
    assert not placement.unplaced
    assert len(placement.marks) > 1
    assert {(mark.true_x, mark.true_y) for mark in placement.marks} == {(32, 25)}
    figures = quality(placement, small, clearance=FULL.clearance)
    assert (figures.overlaps, figures.crossings) == (0, 0)


def test_points_on_the_edge_are_pulled_in() -> None:
    edge = [(0, 0), (186, 140), (0, 70), (93, 140), (185.9, 30)]
    placement = place_marks(requests_at(*edge), FRAME, [FULL])
    assert not placement.unplaced
    assert all(mark.displaced for mark in placement.marks)
    assert quality(placement, FRAME).overlaps == 0


def test_obstacles_stay_free_of_marks_and_of_leaders_from_outside() -> None:
    obstacles = [Box(40, 40, 60, 52), Box(0, 60, 12, 76)]
    xy = [(38, 46), (61, 46), (50, 38.5), (50, 54), (50, 46), (6, 68), (13, 70)]
    placement = place_marks(requests_at(*xy), FRAME, [FULL], obstacles=obstacles)
    assert not placement.unplaced
    for mark in placement.marks:
        for box in mark.body(FULL):
            assert not any(box.grown(FULL.clearance - 1e-6).overlaps(o) for o in obstacles)
        if mark.leader is None:
            continue
        for obstacle in obstacles:
            if obstacle.contains(mark.true_x, mark.true_y):
                continue
            steps = np.linspace(mark.leader[0], mark.leader[1], 60)
            assert not any(obstacle.contains(*step) for step in steps)


def test_an_impossible_crowd_is_told_of_number_by_number() -> None:
    tight = Box(0, 0, 30, 20)
    crowd = requests_at(*[(5 + i % 10 * 2, 5 + i // 10 * 2) for i in range(60)])
    placement = place_marks(crowd, tight, [FULL, COMPACT])
    assert placement.unplaced
    assert numbers(placement) == [each.number for each in crowd]
    assert quality(placement, tight, clearance=placement.size.clearance).overlaps == 0


def test_marks_of_lower_dearness_are_left_out_first() -> None:
    tight = Box(0, 0, 40, 30)
    dear = [MarkRequest(i, 4 + i * 5, 15.0) for i in range(6)]
    other = [MarkRequest(100 + i, 5.5 + i % 8 * 4, 6 + i // 8 * 5, priority=1) for i in range(24)]
    placement = place_marks(other + dear, tight, [FULL])
    assert placement.unplaced
    assert min(placement.unplaced) >= 100


def test_only_the_dearest_marks_go_far_from_their_places() -> None:
    wall = [Box(30, 30, 70, 49), Box(30, 51, 70, 70), Box(30, 49, 48, 51)]  # one way out, east

    def placed(priority: int) -> Placement:
        wanted = [MarkRequest(1, 52.5, 50, priority=priority)]
        return place_marks(wanted, FRAME, [FULL], obstacles=wall)

    assert quality(placed(0), FRAME).max_mm > 16
    assert placed(1).unplaced == (1,)


def test_a_smaller_size_is_taken_for_the_whole_sheet_when_the_first_has_no_room() -> None:
    crowd = requests_at(*[(30 + i % 8 * 6, 30 + i // 8 * 5) for i in range(48)])
    assert place_marks(crowd, FRAME, [FULL]).unplaced
    placement = place_marks(crowd, FRAME, [FULL, COMPACT])
    assert placement.size == COMPACT
    assert not placement.unplaced


def test_points_outside_the_frame_are_unplaced_and_no_points_are_fine() -> None:
    placement = place_marks([MarkRequest(1, -3, 5), MarkRequest(2, 20, 20)], FRAME, [FULL])
    assert placement.unplaced == (1,)
    assert place_marks([], FRAME, [FULL]) == Placement((), (), FULL)


def test_a_frame_may_lie_anywhere() -> None:
    frame = Box(-60, 300, 40, 380)
    placement = place_marks(requests_at((-20, 340), (-19, 340.5)), frame, [FULL])
    here = place_marks(requests_at((40, 40), (41, 40.5)), Box(0, 0, 100, 80), [FULL])
    assert [mark.x + 60 for mark in placement.marks] == pytest.approx(
        [mark.x for mark in here.marks]
    )


def test_without_a_size_it_is_an_error() -> None:
    with pytest.raises(UsageError):
        place_marks([], FRAME, [])


def clustered(count: int, centres: int, seed: int) -> list[MarkRequest]:
    rng = np.random.default_rng(seed)
    middles = rng.uniform([15, 15], [171, 125], (centres, 2))
    xy = middles[rng.integers(0, centres, count)] + rng.normal(0, 9, (count, 2))
    return requests_at(*np.clip(xy, [1, 1], [185, 139]).tolist())


@pytest.mark.parametrize("seed", [1, 3, 5])
def test_a_sheet_of_sixty_clustered_points_is_placed_whole_and_near(seed: int) -> None:
    placement = place_marks(clustered(60, 6, seed), FRAME, [FULL, COMPACT])
    figures = quality(placement, FRAME, clearance=placement.size.clearance)
    assert (figures.unplaced, figures.overlaps, figures.crossings) == (0, 0, 0)
    assert figures.mean_mm < 5.2
    assert figures.max_mm < 16


def test_marks_that_are_near_enough_are_left_as_first_placed() -> None:
    wanted = clustered(60, 6, 1)
    first = place_marks(wanted, FRAME, [FULL], near_enough=lambda _: True)
    best = place_marks(wanted, FRAME, [FULL], near_enough=lambda _: False)
    assert best == place_marks(wanted, FRAME, [FULL])
    assert numbers(first) == numbers(best)
    assert quality(best, FRAME).mean_mm < quality(first, FRAME).mean_mm


def test_a_hundred_and_fifty_clustered_points_find_room_on_one_sheet() -> None:
    placement = place_marks(clustered(150, 12, 2), FRAME, [FULL, COMPACT])
    figures = quality(placement, FRAME, clearance=placement.size.clearance)
    assert (figures.unplaced, figures.overlaps, figures.crossings) == (0, 0, 0)
    assert figures.mean_mm < 5
    assert figures.max_mm < 18


def test_a_close_row_is_displaced_by_the_shortest_leaders() -> None:
    row = requests_at(*[(40 + 3.0 * n, 70) for n in range(7)])
    placement = place_marks(row, FRAME, [FULL])
    figures = quality(placement, FRAME, clearance=FULL.clearance)
    assert (figures.overlaps, figures.crossings) == (0, 0)
    assert figures.max_mm < 4.6


@pytest.mark.skipif(not DATA.is_dir(), reason="real data not beside the checkout")
def test_a_real_dense_sheet() -> None:
    features = json.loads((DATA / "kamakura/kamakura_all.geojson").read_text("utf-8"))["features"]
    west, south = 139.535, 35.315
    xy = [
        ((lon - west) * 9_090, (lat - south) * 11_100)  # degrees to mm at 1:10,000, nearly
        for lon, lat in (f["geometry"]["coordinates"][:2] for f in features)
    ]
    inside = [place for place in xy if FRAME.contains(*place)]
    wanted = [MarkRequest(1001 + i, x, y) for i, (x, y) in enumerate(inside)]
    assert len(wanted) > 100
    placement = place_marks(wanted, FRAME, [COMPACT])
    figures = quality(placement, FRAME, clearance=COMPACT.clearance)
    assert figures.overlaps == 0
    assert figures.crossings == 0
    assert figures.unplaced < 0.2 * len(wanted)


def test_a_crossing_stays_free_where_the_tag_can_go_elsewhere() -> None:
    wanted = requests_at((50, 50))
    crossing = (54.5, 50.0)  # under the tag on the usual side
    (mark,) = place_marks(wanted, FRAME, [FULL], avoid=[crossing]).marks
    assert not mark.displaced
    assert not any(box.contains(*crossing) for box in mark.body(FULL))
    (mark,) = place_marks(wanted, FRAME, [FULL], avoid=[(50.0, 50.0)]).marks
    assert not mark.displaced  # no mark leaves its own place for that
