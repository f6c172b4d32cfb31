"""Base-map names give way to marks, stay whole inside the frame, and follow their lines."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from papermap.marks import NameRequest, PlacedName, place_names
from papermap.units import Box

FRAME = Box(0, 0, 186, 140)


def point(text: str, x: float, y: float, rank: int = 50, **more: object) -> NameRequest:
    return NameRequest(text, x, y, 8, 2.9 * len(text), rank, "district", **more)  # type: ignore[arg-type]


def along(text: str, *path: tuple[float, float], width: float | None = None) -> NameRequest:
    return NameRequest(text, 0, 0, 8, width or 3.5 * len(text), 40, "road", path=path)


def only(names: tuple[PlacedName, ...]) -> PlacedName:
    (name,) = names
    return name


def clear(one: Box, two: Box) -> bool:
    return not one.grown(0.4 - 1e-6).overlaps(two)


def test_a_name_is_centred_on_its_place() -> None:
    name = only(place_names([point("御成町", 90, 70)], FRAME, blocked=[]))
    assert (name.x, name.y, name.angle, name.glyphs) == (90, 70, 0, ())
    assert math.isclose(name.box.width, 8.7)


def test_a_name_under_a_mark_is_left_out_whole() -> None:
    assert place_names([point("御成町", 90, 70)], FRAME, blocked=[Box(92, 70, 98, 74)]) == ()


def test_a_name_under_a_leader_is_left_out() -> None:
    assert place_names([point("町", 90, 70)], FRAME, blocked=[], lines=[((80, 60), (99, 79))]) == ()
    lines = [((80.0, 60.0), (99.0, 64.0))]
    assert len(place_names([point("町", 90, 70)], FRAME, blocked=[], lines=lines)) == 1


def test_a_name_beside_its_icon_tries_eight_places() -> None:
    request = point("本覚寺", 90, 70, beside=True)
    right = only(place_names([request], FRAME, blocked=[]))
    assert right.x > 94
    assert right.y == 70
    left = only(place_names([request], FRAME, blocked=[Box(93, 65, 120, 75)]))
    assert left.x < 86
    band = [Box(80, 68.9, 89, 71.1), Box(91, 68.9, 120, 71.1)]
    above = only(place_names([request], FRAME, blocked=band))
    assert above.y > 72
    assert not above.box.contains(90, 70)


def test_names_are_never_cut_by_the_frame() -> None:
    assert place_names([point("材木座", 3, 70)], FRAME, blocked=[]) == ()
    beside = only(place_names([point("材木座", 183, 70, beside=True)], FRAME, blocked=[]))
    assert beside.box.x1 <= 186 - 0.8


def test_the_higher_rank_comes_first() -> None:
    wanted = [point("低い", 90, 70, rank=90), point("高い", 92, 70, rank=10)]
    assert only(place_names(wanted, FRAME, blocked=[])).text == "高い"


def test_a_second_language_stands_under_the_first_within_the_box() -> None:
    name = only(place_names([point("鎌倉駅", 90, 70, second="Kamakura Sta.")], FRAME, blocked=[]))
    assert name.second == "Kamakura Sta."
    assert name.box.height > 1.8 * 8 * 25.4 / 72
    assert name.y > (name.box.y0 + name.box.y1) / 2


def test_a_name_along_a_level_line_leans_with_it() -> None:
    name = only(place_names([along("県道鎌倉葉山線", (20, 40), (120, 60))], FRAME, blocked=[]))
    assert [glyph[0] for glyph in name.glyphs] == list("県道鎌倉葉山線")
    xs = [glyph[1] for glyph in name.glyphs]
    assert xs == sorted(xs)
    for _, x, y, angle in name.glyphs:
        assert math.isclose(y, 40 + (x - 20) / 5, abs_tol=1e-6)
        assert math.isclose(angle, math.degrees(math.atan2(1, 5)), abs_tol=1e-6)


def test_a_line_drawn_the_other_way_is_not_upside_down() -> None:
    one = place_names([along("県道鎌倉葉山線", (20, 40), (120, 60))], FRAME, blocked=[])
    two = place_names([along("県道鎌倉葉山線", (120, 60), (20, 40))], FRAME, blocked=[])
    assert one[0].glyphs[0][1] < one[0].glyphs[-1][1]
    assert two[0].glyphs[0][1] < two[0].glyphs[-1][1]


def test_a_steep_line_has_upright_characters_from_top_to_bottom() -> None:
    for path in (((60, 20), (80, 90)), ((80, 90), (60, 20))):
        name = only(place_names([along("若宮大路", *path)], FRAME, blocked=[]))
        ys = [glyph[2] for glyph in name.glyphs]
        assert ys == sorted(ys, reverse=True)
        assert {glyph[3] for glyph in name.glyphs} == {0}
        assert min(a - b for a, b in pairwise(ys)) >= 8 * 25.4 / 72


def test_a_level_stretch_of_a_steep_line_is_read_from_left_to_right() -> None:
    steep_then_level = ((90.0, 20.0), (90.0, 80.0), (120.0, 86.0), (60.0, 98.0))
    mark = Box(84, 15, 96, 82)
    for path in (steep_then_level, steep_then_level[::-1]):
        name = only(place_names([along("滑川", *path, width=9)], FRAME, blocked=[mark]))
        (_, x0, y0, _), (_, x1, y1, _) = name.glyphs
        assert x0 < x1
        assert abs(x1 - x0) > abs(y1 - y0)


def test_latin_names_turn_with_a_steep_line_and_stay_readable() -> None:
    name = only(place_names([along("Komachi", (60, 20), (66, 90), width=12)], FRAME, blocked=[]))
    assert all(-90 <= glyph[3] <= 90 for glyph in name.glyphs)


def test_no_name_on_a_line_too_short_or_too_bent() -> None:
    assert place_names([along("県道鎌倉葉山線", (20, 40), (30, 40))], FRAME, blocked=[]) == ()
    zigzag = [(20 + i * 3, 40 + i % 2 * 6) for i in range(20)]
    assert place_names([along("県道鎌倉葉山線", *zigzag)], FRAME, blocked=[]) == ()
    assert place_names([along("路", (20, 40), (20, 40))], FRAME, blocked=[]) == ()


def test_a_line_name_moves_along_its_line_past_a_mark() -> None:
    path = ((20.0, 70.0), (160.0, 70.0))
    mark = Box(80, 66, 100, 74)
    name = only(place_names([along("県道", *path)], FRAME, blocked=[mark]))
    assert clear(name.box, mark)
    assert name.y == 70


names = st.lists(
    st.builds(
        point,
        st.sampled_from(["町", "大町", "由比ガ浜", "材木座海岸"]),
        st.floats(0, 186),
        st.floats(0, 140),
        st.integers(0, 3),
        beside=st.booleans(),
    ),
    max_size=25,
)


@settings(max_examples=25, deadline=None)
@given(names, st.lists(st.tuples(st.floats(0, 180), st.floats(0, 130)), max_size=10))
def test_names_keep_clear_of_all_and_of_one_another(
    wanted: list[NameRequest], corners: list[tuple[float, float]]
) -> None:
    blocked = [Box(x, y, x + 9, y + 5) for x, y in corners]
    placed = place_names(wanted, FRAME, blocked=blocked)
    for i, name in enumerate(placed):
        assert FRAME.grown(-0.8 + 1e-9).contains(name.box.x0, name.box.y0)
        assert FRAME.grown(-0.8 + 1e-9).contains(name.box.x1, name.box.y1)
        assert all(clear(name.box, box) for box in blocked)
        assert all(clear(name.box, other.box) for other in placed[:i])
    assert placed == place_names(wanted, FRAME, blocked=blocked)


def test_names_along_one_line_are_not_read_as_one() -> None:
    path = ((20.0, 70.0), (160.0, 70.0))
    first, second = place_names(
        [along("尾道三原線", *path), along("和久原川", *path)], FRAME, blocked=[]
    )
    gap = max(first.box.x0, second.box.x0) - min(first.box.x1, second.box.x1)
    assert gap >= 8 * 25.4 / 72
