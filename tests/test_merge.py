"""Several sources become one: far places are told, duplicates are told, counts hold."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import shapely
from check_strategies import GEOMETRIES, PROPERTIES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papermap.checks import check_source
from papermap.merge import combine, keep_inside
from papermap.merge.far import Why, find_far
from papermap.model import Checked, Severity
from papermap.readers import read
from papermap.readers.base import RawFeature, RawSource
from papermap.vocabulary import load_vocabulary

TOWN = (139.55, 35.31)
Place = tuple[float, float]


def source(path: str, features: Sequence[tuple[Any, Mapping[str, Any]]]) -> Checked:
    raw = tuple(RawFeature(n, geometry, props) for n, (geometry, props) in enumerate(features, 1))
    return check_source(RawSource(path, path * 3, "GeoJSON", raw), load_vocabulary())


def points(path: str, places: Sequence[Place], **properties: Any) -> Checked:
    made = [
        (
            {"type": "Point", "coordinates": list(place)},
            {"category": "AED", "name": f"n{n}", **properties},
        )
        for n, place in enumerate(places)
    ]
    return source(path, made)


def town(count: int, seed: int = 1, centre: Place = TOWN, size: float = 0.03) -> list[Place]:
    chance = random.Random(seed)  # noqa: S311 - made-up places
    return [
        (centre[0] + chance.uniform(-size, size), centre[1] + chance.uniform(-size, size))
        for _ in range(count)
    ]


def codes(checked: Checked) -> list[str]:
    return [problem.code for problem in checked.problems]


def balanced(checked: Checked) -> None:
    for report in checked.sources:
        kept = report.points + report.lines + report.areas + report.unplaced
        assert report.features_in == kept + report.skipped
        gone = {p.feature for p in checked.problems if p.skipped and p.source == report.path}
        assert len(gone) == report.skipped


@pytest.mark.parametrize("count", [5, 12, 60, 400])
@pytest.mark.parametrize("rogue", [(130.4, 33.6), (-139.0, -35.0), (13.95, 35.31), (179.9, 0.1)])
def test_one_rogue_is_left_off(count: int, rogue: Place) -> None:
    checked = combine([points("a", [*town(count), rogue])])
    assert len(checked.points) == count
    (problem,) = checked.problems
    assert problem.code in {"PM024", "PM046"}
    assert (problem.severity, problem.skipped, problem.feature) == (
        Severity.WARNING,
        True,
        count + 1,
    )
    balanced(checked)


def test_two_rogues_at_different_ends() -> None:
    assert set(find_far([*town(50), (10.0, 50.0), (-70.0, -30.0)])) == {50, 51}


@pytest.mark.parametrize("centre", [(179.999, 10.0), (20.0, 80.0), (0.0, 0.0)])
def test_rogues_are_found_anywhere_on_earth(centre: Place) -> None:
    places = [((lon + 180) % 360 - 180, lat) for lon, lat in town(30, centre=centre)]
    assert find_far(places) == {}
    assert set(find_far([*places, (100.0, -40.0)])) == {30}


def test_a_second_town_is_no_rogue() -> None:
    far_town = town(20, seed=2, centre=(132.46, 34.39))
    assert find_far([*town(200), *far_town]) == {}


def test_neighbours_of_a_town_are_no_rogues() -> None:
    assert find_far([*town(30), (139.75, 35.31), (139.55, 35.5)]) == {}


def test_a_chain_of_hamlets_is_followed() -> None:
    chain = [(139.55 + 0.25 * n, 35.31) for n in range(1, 12)]
    assert find_far([*town(60), *chain]) == {}


def test_many_far_places_are_meant() -> None:
    spread = [(-170 + 25.0 * n, -40 + 3.0 * n) for n in range(10)]
    assert find_far([*town(60), *spread]) == {}


def test_a_scattered_country_has_no_rogue() -> None:
    chance = random.Random(4)  # noqa: S311 - made-up places
    places = [(chance.uniform(130, 141), chance.uniform(32, 41)) for _ in range(300)]
    assert find_far(places) == {}


@pytest.mark.parametrize("places", [[], [TOWN], [TOWN, (10.0, 10.0)], [TOWN] * 9])
def test_too_few_to_judge(places: list[Place]) -> None:
    assert find_far(places) == {}


def test_minutes_written_as_decimals_are_recognised() -> None:
    (index, far), *others = find_far([*town(300), (139.330995, 35.183336)]).items()
    assert (index, far.why, others) == (300, Why.DEGREES, [])
    assert far.suggestion == pytest.approx(
        (139 + 33 / 60 + 9.95 / 3600, 35 + 18 / 60 + 33.36 / 3600)
    )
    checked = combine([points("a", [*town(300), (139.330995, 35.183336)])])
    assert codes(checked) == ["PM025"]
    assert checked.problems[0].params["suggestion"] == "35.30927°N 139.55276°E"


def test_a_swap_within_range_is_printed_where_it_belongs() -> None:
    athens = (23.73, 37.98)
    checked = combine([points("a", [*town(30, centre=athens), (37.98, 23.73)])])
    (problem,) = checked.problems
    assert (problem.code, problem.skipped) == ("PM021", False)
    assert (checked.points[-1].lon, checked.points[-1].lat) == athens
    balanced(checked)


def test_the_sources_are_judged_together() -> None:
    alone = points("b", [(132.46, 34.39)])
    assert combine([alone]).points
    checked = combine([points("a", town(40)), alone])
    assert codes(checked) == ["PM024"]
    assert [report.skipped for report in checked.sources] == [0, 1]
    balanced(checked)


def test_an_asked_area_says_that_a_far_place_is_meant() -> None:
    parts = [points("a", [*town(40), (132.46, 34.39)])]
    assert combine(parts, area=shapely.box(132, 34, 133, 35)).problems == ()


def test_a_rogue_part_does_not_skip_its_feature() -> None:
    multi = {"type": "MultiPoint", "coordinates": [list(TOWN), [10, 10]]}
    checked = combine(
        [points("a", town(40)), source("b", [(multi, {"category": "AED", "name": "x"})])]
    )
    (problem,) = checked.problems
    assert (problem.code, problem.skipped, problem.params["part"]) == ("PM024", False, "2")
    assert checked.sources[1].points == 1
    balanced(checked)


def test_far_lines_and_areas_are_told_too() -> None:
    line = {"type": "LineString", "coordinates": [[10, 10], [10.1, 10]]}
    checked = combine([points("a", town(40)), source("b", [(line, {"category": "通行止め"})])])
    assert checked.lines == ()
    assert "PM024" in codes(checked)
    assert "road_closed" not in checked.categories
    balanced(checked)


def test_the_same_content_twice_is_used_once() -> None:
    part = points("a", town(5))
    checked = combine([part, part])
    assert (len(checked.points), len(checked.sources), codes(checked)) == (5, 1, ["PM007"])


def test_ids_stay_unique_across_sources() -> None:
    checked = combine([points("a", town(3), id=None), points("b", town(3), id="1")])
    assert len({point.id for point in checked.points}) == 6


def test_the_order_of_the_sources_does_not_matter() -> None:
    parts = [points("b", town(3)), points("a", town(3, seed=2))]
    assert combine(parts) == combine(parts[::-1])
    assert [p.origin.source for p in combine(parts).points] == ["a"] * 3 + ["b"] * 3


def test_what_lies_outside_the_area_is_told() -> None:
    line = {"type": "LineString", "coordinates": [[139.0, 35.31], [139.56, 35.31]]}
    parts = [points("a", [TOWN, (139.9, 35.3)]), source("b", [(line, {"category": "通行止め"})])]
    checked = keep_inside(combine(parts), shapely.box(139.5, 35.2, 139.6, 35.4))
    assert len(checked.points) == 1
    assert len(checked.lines) == 1
    assert codes(checked)[-1] == "PM028"
    balanced(checked)


def test_nothing_at_all() -> None:
    assert combine([]).points == ()
    assert keep_inside(combine([source("a", [])]), shapely.box(0, 0, 1, 1)).points == ()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.tuples(GEOMETRIES, PROPERTIES), max_size=6), min_size=1, max_size=3))
def test_counts_hold_through_the_merge(sources: list[list[Any]]) -> None:
    parts = [source(f"s{n}", features) for n, features in enumerate(sources)]
    checked = combine(parts)
    balanced(checked)
    balanced(keep_inside(checked, shapely.box(0, 0, 40, 40)))
    ids = [thing.id for thing in (*checked.points, *checked.lines, *checked.areas)]
    assert len(ids) == len(set(ids))
    assert {t.category for t in (*checked.points, *checked.lines, *checked.areas)} <= set(
        checked.categories
    )


DATA = Path(__file__).parents[2] / "shared/data/kamakura"


@pytest.mark.skipif(not DATA.exists(), reason="real data is not part of the project")
def test_kamakura() -> None:
    raw = read(str(DATA / "kamakura_all.geojson"))
    checked = combine([check_source(raw, load_vocabulary())])
    balanced(checked)
    assert len(checked.points) == 3528
    told = [(problem.code, problem.feature) for problem in checked.problems]
    assert told == [
        ("PM034", None),
        *[("PM025", number) for number in (3487, 3488, 3489, 3490)],
    ]
