"""What is wrong with a source is told whole, and what is right is kept."""

from __future__ import annotations

import dataclasses
import math
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyproj
import pytest
from check_strategies import GEOMETRIES, PROPERTIES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papermap.checks import check_source
from papermap.checks.codes import SEVERITIES
from papermap.model import Checked, Problem, Severity, Status
from papermap.readers import read
from papermap.readers.base import RawFeature, RawSource
from papermap.vocabulary import load_vocabulary

HERE = (139.55, 35.31)
GOOD = {"category": "AED", "name": "駅"}


def source(*features: tuple[Any, Mapping[str, Any]], crs: str = "EPSG:4326") -> RawSource:
    raw = (RawFeature(n, geometry, props) for n, (geometry, props) in enumerate(features, 1))
    return RawSource("a.geojson", "0" * 64, "GeoJSON", tuple(raw), crs=crs)


def check(*features: tuple[Any, Mapping[str, Any]], **options: Any) -> Checked:
    crs = options.pop("crs", "EPSG:4326")
    return check_source(source(*features, crs=crs), load_vocabulary(), **options)


def point(*coordinates: Any) -> dict[str, Any]:
    return {"type": "Point", "coordinates": list(coordinates)}


def one(properties: Mapping[str, Any], **options: Any) -> Any:
    (found,) = check((point(*HERE), properties), **options).points
    return found


def codes(checked: Checked) -> list[str]:
    return [problem.code for problem in checked.problems]


def skipped(problems: Sequence[Problem]) -> set[int | None]:
    return {problem.feature for problem in problems if problem.skipped}


def listed(problems: Sequence[Problem]) -> set[int | None]:
    return {problem.feature for problem in problems if problem.unplaced}


def counts(checked: Checked) -> tuple[int, int, int, int, int]:
    """Points, lines, areas, places without a position, and what is left off."""
    (report,) = checked.sources
    kept = (report.points, report.lines, report.areas, report.unplaced)
    assert report.features_in == sum(kept) + report.skipped
    return *kept, report.skipped


def test_a_clean_point_has_no_problem() -> None:
    checked = check((point(*HERE, 12.5), GOOD))
    assert codes(checked) == []
    (found,) = checked.points
    assert (found.name, found.category, found.lon, found.lat) == ("駅", "aed", *HERE)
    assert found.origin == dataclasses.replace(found.origin, source="a.geojson", feature=1, part=0)
    assert set(checked.categories) == {"aed"}


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (None, "PM010"),
        ({"type": "Point"}, "PM011"),
        ({"type": "Point", "coordinates": None}, "PM011"),
        (point(), "PM016"),
        (point(139.5), "PM011"),
        (point(139.5, None), "PM011"),
        (point("", ""), "PM011"),
        (point("abc", 35.3), "PM012"),
        (point(*[True, 35.3]), "PM012"),
        (point([1], 35.3), "PM012"),
        ({"type": "Point", "coordinates": "139,35"}, "PM012"),
        (point("1_3", 35.3), "PM012"),
        (point(math.nan, 35.3), "PM013"),
        (point(139.5, math.inf), "PM013"),
        (point("NaN", 35.3), "PM013"),
        (point("9" * 5000, 35.3), "PM013"),
        (point(10**30, 35.3), "PM014"),
        (point(999, 999), "PM014"),
        (point(181, 91), "PM014"),
        ({"type": "Circle", "coordinates": [1, 2]}, "PM015"),
        ({"type": ["Point"], "coordinates": [1, 2]}, "PM015"),
        ({"type": "GeometryCollection"}, "PM015"),
        ({"type": "GeometryCollection", "geometries": []}, "PM016"),
        ({"type": "MultiPoint", "coordinates": []}, "PM016"),
        ({"type": "LineString", "coordinates": []}, "PM016"),
        ({"type": "LineString", "coordinates": [[1, 2]]}, "PM017"),
        ({"type": "LineString", "coordinates": [[1, 2], [1, 2]]}, "PM017"),
        ({"type": "LineString", "coordinates": [[1, 2], [math.nan, 2]]}, "PM013"),
        ({"type": "LineString", "coordinates": [[35, 139], [35, 138]]}, "PM022"),
        ({"type": "Polygon", "coordinates": [[[1, 2], [2, 3], [1, 2]]]}, "PM017"),
        ({"type": "Polygon", "coordinates": [[1, 2], [2, 3]]}, "PM012"),
        ({"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [2, 2], [0, 0]]]}, "PM016"),
        ({"type": "MultiPolygon", "coordinates": [[]]}, "PM012"),
        (point(0, 0), "PM023"),
        (point(35.3, 139.5), "PM022"),
    ],
)
def test_what_cannot_be_printed(geometry: Any, code: str) -> None:
    checked = check((geometry, GOOD))
    assert codes(checked) == [code]
    assert counts(checked) == (0, 0, 0, 1, 0)
    assert listed(checked.problems) == {1}
    assert checked.problems[0].name == "駅"
    (place,) = checked.unplaced
    assert (place.name, place.category, place.reason) == ("駅", "aed", code)


@pytest.mark.parametrize("said", [{"住所": "潮見町1-2"}, {"name:en": "Station"}])
def test_a_place_without_a_position_is_listed_by_what_is_known(said: dict[str, str]) -> None:
    checked = check((None, {"category": "給水", "営業時間": "9-17", **said}))
    (place,) = checked.unplaced
    assert place.name in said.values()
    assert (place.category, place.hours) == ("water", "9-17")
    assert counts(checked) == (0, 0, 0, 1, 0)


def test_times_of_places_without_a_position_are_those_of_the_others() -> None:
    told = {"updated_at": "2026-09-14 10:00", "category": "給水"}
    checked = check((point(*HERE), {"name": "甲", **told}), (None, {"name": "乙", **told}))
    assert checked.unplaced[0].updated_at == checked.points[0].updated_at


def test_what_has_neither_position_nor_name_is_left_off_and_told() -> None:
    checked = check((None, {"category": "給水", "note": "?"}))
    assert counts(checked) == (0, 0, 0, 0, 1)
    assert skipped(checked.problems) == {1}
    assert not checked.unplaced


def test_collections_nested_beyond_reason() -> None:
    geometry: Any = point(*HERE)
    for _ in range(500):
        geometry = {"type": "GeometryCollection", "geometries": [geometry]}
    assert codes(check((geometry, GOOD))) == ["PM019"]
    nested: Any = []
    for _ in range(900):
        nested = [nested]
    assert codes(check(({"type": "Point", "coordinates": nested}, {"name": nested})))[0] == "PM011"


def test_one_bad_feature_does_not_cost_the_others() -> None:
    checked = check((point(math.nan, 35), GOOD), (point(*HERE), GOOD))
    assert counts(checked) == (1, 0, 0, 1, 0)


def test_texts_for_coordinates() -> None:
    checked = check((point("139.55", "３５．３１"), GOOD), (point("139,55", " 35,31° "), GOOD))
    assert codes(checked) == ["PM020", "PM020"]
    assert {(p.lon, p.lat) for p in checked.points} == {HERE}


def test_swapped_near_the_others_is_printed_where_it_belongs() -> None:
    checked = check((point(*HERE), GOOD), (point(35.32, 139.56), GOOD), (point(35.0, 100.0), GOOD))
    assert [(p.lon, p.lat) for p in checked.points] == [HERE, (139.56, 35.32)]
    near, lost = checked.problems
    assert (near.code, near.feature, near.skipped) == ("PM021", 2, False)
    assert near.params["suggestion"] == "35.32000°N 139.56000°E"
    assert (lost.code, lost.feature, lost.skipped) == ("PM022", 3, False)


def test_parts_of_a_multipoint_are_counted_once() -> None:
    geometry = {"type": "MultiPoint", "coordinates": [[139.5, 35.3], [139.6, 35.3], [None, 1]]}
    checked = check((geometry, {**GOOD, "id": "x"}))
    assert counts(checked) == (1, 0, 0, 0, 0)
    assert [(p.id, p.origin.part) for p in checked.points] == [("x/1", 1), ("x/2", 2)]
    (problem,) = checked.problems
    assert (problem.code, problem.params["part"], problem.skipped) == ("PM011", "3", False)
    assert problem.severity is Severity.ERROR


def test_a_collection_is_exploded() -> None:
    line = {"type": "LineString", "coordinates": [[139.5, 35.3], [139.6, 35.3]]}
    geometry = {"type": "GeometryCollection", "geometries": [line, point(*HERE)]}
    checked = check((geometry, {"category": "道路", "name": "県道"}))
    assert counts(checked) == (1, 0, 0, 0, 0)
    assert (len(checked.points), len(checked.lines)) == (1, 1)


SQUARE = [[139.5, 35.3], [139.6, 35.3], [139.6, 35.4], [139.5, 35.4], [139.5, 35.3]]


def test_a_building_of_a_shelter_becomes_a_point_and_a_flood_stays_an_area() -> None:
    area = {"type": "Polygon", "coordinates": [SQUARE]}
    checked = check(
        (area, {"category": "避難所", "name": "体育館"}),
        (area, {"category": "浸水区域"}),
        (area, {"name": "何か"}),
        ({"type": "LineString", "coordinates": SQUARE}, {"category": "車両通行止め"}),
    )
    assert counts(checked) == (1, 1, 2, 0, 0)
    (shelter,) = checked.points
    assert 139.5 < shelter.lon < 139.6
    assert 35.3 < shelter.lat < 35.4
    assert [thing.category for thing in checked.lines] == ["road_closed"]


def test_areas_are_mended_and_told() -> None:
    bow = [[139.5, 35.3], [139.6, 35.4], [139.6, 35.3], [139.5, 35.4]]
    checked = check(({"type": "Polygon", "coordinates": [bow]}, {"category": "浸水区域"}))
    assert codes(checked)[:2] == ["PM027", "PM026"]
    assert checked.areas[0].geometry.is_valid
    assert counts(checked) == (0, 0, 1, 0, 0)


def test_metres_become_degrees() -> None:
    to_plane = pyproj.Transformer.from_crs(4326, "EPSG:2451", always_xy=True)
    x, y = to_plane.transform(*HERE)
    checked = check((point(x, y), GOOD), crs="EPSG:2451")
    (found,) = checked.points
    assert (found.lon, found.lat) == pytest.approx(HERE, abs=1e-7)


def test_degrees_of_another_datum_keep_x_first() -> None:
    (found,) = check((point(*HERE), GOOD), crs="EPSG:6668").points
    assert (found.lon, found.lat) == pytest.approx(HERE, abs=1e-6)


def test_metres_that_are_degrees_are_told() -> None:
    checked = check((point(*HERE), GOOD), crs="EPSG:2451")
    assert codes(checked) == ["PM006"]
    assert checked.points[0].lon == HERE[0]


def test_no_features() -> None:
    assert codes(check()) == ["PM005"]


def test_shifted_and_cut_rows_are_explained() -> None:
    checked = check(
        (None, {"name": "a", "address": "35.352879", "電話番号": "139.531249"}),
        (None, {"name": '"a'}),
    )
    assert codes(checked) == ["PM018", "PM029"]


def test_names_fall_back_and_are_told() -> None:
    checked = check(
        (point(*HERE), {"category": "AED", "name": None, "name:en": "Station"}),
        (point(*HERE), {"category": "AED", "name": "", "address": "御成町1"}),
        (point(*HERE), {"category": "AED"}),
    )
    assert [found.name for found in checked.points] == ["Station", "御成町1", "AED"]
    assert codes(checked) == ["PM030"] * 3


def test_categories_known_unknown_and_missing() -> None:
    checked = check(
        (point(*HERE), {"name": "a", "category": "謎の施設", "updated_at": "2024-01-05"}),
        (point(*HERE), {"name": "b", "updated_at": "2024-01-05"}),
        (point(*HERE), {"name": "c", "amenity": "drinking_water", "updated_at": "2024-01-05"}),
    )
    assert codes(checked) == ["PM033", "PM031"]
    assert [found.category for found in checked.points][2] == "water"
    assert not checked.categories[checked.points[0].category].known


def test_a_file_name_gives_the_category_only_where_no_feature_has_one() -> None:
    raw = dataclasses.replace(source((point(*HERE), {"name": "a"})), path="x/aed.json")
    checked = check_source(raw, load_vocabulary())
    assert (checked.points[0].category, codes(checked)) == ("aed", ["PM032"])
    raw = dataclasses.replace(
        source((point(*HERE), {"name": "a"}), (point(*HERE), {"category": "給水"})), path="aed.json"
    )
    assert check_source(raw, load_vocabulary()).points[0].category == "other"


def test_a_habit_of_the_source_is_told_once() -> None:
    checked = check(*[(point("139.5", "35.3"), {"name": str(n), **GOOD}) for n in range(300)])
    (problem,) = checked.problems
    assert (problem.code, problem.feature) == ("PM020", None)
    assert (problem.params["count"], problem.params["features"]) == ("300", "1-300")


def test_ids_are_the_sources_own_or_made_from_content() -> None:
    features = [(point(*HERE), {**GOOD, "id": "7"}), (point(*HERE), GOOD), (point(*HERE), GOOD)]
    first = [found.id for found in check(*features).points]
    assert first[0] == "7"
    assert first[2] == f"{first[1]}-2"
    moved = [found.id for found in check(*features[1:]).points]
    assert moved == first[1:]
    twice = check((point(*HERE), {**GOOD, "id": "7"}), (point(*HERE), {"name": "x", "id": 7}))
    assert len({found.id for found in twice.points}) == 2
    assert "PM044" in codes(twice)


NOW = datetime(2024, 1, 6, 12, tzinfo=UTC)


def test_age_is_told_for_what_does_not_stand() -> None:
    def told(properties: Mapping[str, Any]) -> list[str]:
        checked = check((point(*HERE), {"name": "a", **properties}), as_of=NOW)
        return codes(checked)

    assert told({"category": "給水"}) == ["PM034"]
    assert told({"category": "消火栓"}) == []
    assert told({"category": "給水", "updated_at": "2024-01-06T11:00Z"}) == []
    assert told({"category": "給水", "updated_at": "2024-01-02"}) == ["PM035"]
    assert told({"category": "消火栓", "updated_at": "1999-01-02"}) == []
    assert told({"category": "給水", "updated_at": "2024-02-02"}) == ["PM045"]
    assert told({"category": "給水", "updated_at": "きのう"}) == ["PM036"]


def test_newest_information_of_the_source() -> None:
    checked = check(
        (point(*HERE), {**GOOD, "updated_at": "2024-01-05 10:30"}),
        (point(*HERE), {**GOOD, "updated_at": "2024-01-04"}),
    )
    expected = datetime(2024, 1, 5, 1, 30, tzinfo=UTC)
    assert checked.sources[0].newest == expected
    assert checked.points[0].updated_at == expected
    utc_offset = checked.points[0].updated_at
    assert utc_offset is not None
    assert utc_offset.utcoffset() == timedelta(hours=9)


def test_broken_lines_of_the_reader_are_counted(tmp_path: Path) -> None:
    path = tmp_path / "a.geojsonl"
    line = '{"type":"Point","coordinates":[139.5,35.3]}'
    path.write_text(f"{line}\n{line[:-4]}\n{line}\n", "utf-8")
    checked = check_source(read(str(path)), load_vocabulary())
    assert counts(checked) == (2, 0, 0, 0, 1)
    assert skipped(checked.problems) == {2}


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(GEOMETRIES, PROPERTIES), max_size=8))
def test_counts_in_are_counts_out_and_counts_told(features: list[Any]) -> None:
    checked = check(*features, as_of=NOW)
    (report,) = checked.sources
    counts(checked)
    gone, without = skipped(checked.problems), listed(checked.problems)
    assert (len(gone), len(without)) == (report.skipped, report.unplaced)
    assert without == {place.origin.feature for place in checked.unplaced}
    kept = {t.origin.feature for t in (*checked.points, *checked.lines, *checked.areas)}
    everything = Counter([*kept, *gone, *without])
    assert everything == Counter(range(1, len(features) + 1))
    things = (*checked.points, *checked.lines, *checked.areas, *checked.unplaced)
    ids = [thing.id for thing in things]
    assert len(ids) == len(set(ids))
    for problem in checked.problems:
        assert problem.severity is SEVERITIES[problem.code]
        (problem.name or "").encode()
        (problem.value or "").encode()


def test_statuses_are_only_status_words() -> None:
    assert {one({**GOOD, "status": word}).status for word in ("閉鎖", "closed")} == {Status.CLOSED}
