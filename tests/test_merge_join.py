"""What several features tell of one place is joined, told, and never more than that."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from check_strategies import GEOMETRIES, PROPERTIES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from papermap.atlas import check
from papermap.checks import check_source
from papermap.errors import UsageError
from papermap.merge import combine, join, keep_designated
from papermap.merge.decisions import Decision, Decisions, Selector, read_decisions
from papermap.model import Checked, Origin, Status, SupportPoint, Why
from papermap.readers.base import RawFeature, RawSource
from papermap.vocabulary import load_vocabulary

HERE = (139.55, 35.31)
DATA = Path(__file__).parents[2] / "shared/data/kamakura"
Row = Mapping[str, Any]


def at(east: float = 0, north: float = 0) -> tuple[float, float]:
    """A place so many metres from here."""
    lon, lat = HERE
    return lon + east / 111_320 / math.cos(math.radians(lat)), lat + north / 111_320


def source(path: str, *rows: Row) -> Checked:
    """A source of shelters 潮見小学校 here, but for what each row says; place None: without one."""
    features = []
    for number, row in enumerate(rows, start=1):
        said = {"category": "避難所", "name": "潮見小学校", "updated_at": "2024-01-05T10:00+09:00"}
        place = row.get("place", HERE)
        geometry = {"type": "Point", "coordinates": list(place)} if place else None
        said |= {key: value for key, value in row.items() if key != "place"}
        features.append(RawFeature(number, geometry, said))
    raw = RawSource(path, path * 3, "GeoJSON", tuple(features))
    return check_source(raw, load_vocabulary())


def joined(*parts: Checked, **options: Any) -> Checked:
    checked = join(combine(parts), **options)
    balanced(checked)
    return checked


def balanced(checked: Checked) -> None:
    """Every feature is counted, and every one that is not its own place is told."""
    for report in checked.sources:
        kept = report.points + report.lines + report.areas + report.unplaced
        assert report.features_in == kept + report.skipped
        told = {p.feature for p in checked.problems if p.skipped and p.source == report.path}
        assert len(told) == report.skipped
    listed = {(p.source, p.feature) for p in checked.problems if p.unplaced}
    there = {(o.source, o.feature) for p in checked.unplaced for o in (p.origin, *p.joined)}
    assert listed == there
    things = (*checked.points, *checked.unplaced, *checked.lines, *checked.areas)
    through = {(o.source, o.feature) for thing in things for o in thing.joined}
    own = {(thing.origin.source, thing.origin.feature) for thing in things}
    assert sum(report.joined for report in checked.sources) == len(through - own)


def codes(checked: Checked) -> list[str]:
    return [problem.code for problem in checked.problems]


def whys(checked: Checked) -> list[Why]:
    return [teller.why for each in checked.joins for teller in each.tellers[1:]]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("鎌倉市立第一小学校", "第１小学校"),
        ("㈱ルミネ大船店", "株式会社ルミネ　大船店"),
        ("由比ｶﾞ浜体育館", "由比ガ浜体育館"),
        ("セブン‐イレブン小町２丁目店", "セブンイレブン小町二丁目店"),
        ("生涯学習センター（きらら鎌倉）", "生涯学習センター"),
        ("（閉鎖）第二中学校", "第二中学校"),
        ("七里ヶ浜公民館", "七里が浜公民館"),
        ("Shiomi School", "ＳＨＩＯＭＩ　ＳＣＨＯＯＬ"),
    ],
)
def test_one_name_written_otherwise_is_one_place(name: str, other: str) -> None:
    checked = joined(source("a", {"name": name}), source("b", {"name": other, "place": at(90)}))
    assert len(checked.points) == 1
    assert whys(checked) == [Why.SAME_NAME]
    assert checked.joins[0].tellers[1].distance == pytest.approx(90, abs=0.2)
    assert "PM081" in codes(checked)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("第一小学校", "第二小学校"),
        ("駅東口の避難所広場", "駅西口の避難所広場"),
        ("ルミネ大船店(３階)", "ルミネ大船店(５階)"),
        ("女子大学(本館)", "女子大学(体育館)"),
        ("ファミリーマート大船中央店", "ファミリーマート大船駅前店"),
        ("潮見小学校", "港小学校"),
        ("A棟集会所みなと町自治会", "B棟集会所みなと町自治会"),
    ],
)
def test_other_names_on_one_spot_stay_two(name: str, other: str) -> None:
    checked = joined(source("a", {"name": name}), source("b", {"name": other}))
    assert len(checked.points) == 2
    assert not checked.joins


def test_a_slip_of_the_pen_is_one_place_unless_addresses_differ() -> None:
    names = "潮見コミュニティセンター", "潮見コミュニテイセンター"
    parts = [source("a", {"name": names[0]}), source("b", {"name": names[1], "place": at(20)})]
    assert whys(joined(*parts)) == [Why.LIKE_NAME]
    assert joined(*parts).joins[0].tellers[1].likeness == pytest.approx(0.92)
    two = [
        source("a", {"name": names[0], "address": "小町1-2-3"}),
        source("b", {"name": names[1], "place": at(20), "address": "小町1-2-9"}),
    ]
    assert len(joined(*two).points) == 2


def test_a_longer_name_needs_the_same_address() -> None:
    def parts(address: str) -> list[Checked]:
        long = {"name": "鎌倉市教養センター", "address": "神奈川県鎌倉市笛田2丁目17番1号"}
        short = {"name": "教養センター", "address": address, "place": at(29)}
        return [source("a", long), source("b", short)]

    assert whys(joined(*parts("笛田2-17-1"))) == [Why.LONGER_NAME]
    assert len(joined(*parts("")).points) == 2


@pytest.mark.parametrize(
    ("metres", "address", "count"),
    [(140, "", 1), (160, "", 2), (290, "小町1-2", 1), (310, "小町1-2", 2)],
)
def test_how_near_the_name_must_be(metres: float, address: str, count: int) -> None:
    said = {"address": address}
    checked = joined(source("a", said), source("b", {**said, "place": at(0, metres)}))
    assert len(checked.points) == count


def test_two_hydrants_ten_metres_apart_stay_two() -> None:
    rows = [
        {"category": "消火栓", "name": name, "place": at(east)}
        for name, east in (("消火栓", 0), ("消火栓", 10), ("第2管区37号", 0), ("第2管区38号", 10))
    ]
    assert len(joined(source("a", *rows)).points) == 4
    twice = joined(source("a", *rows), source("b", *rows))
    assert len(twice.points) == 4
    assert all(len({t.name for t in each.tellers}) == 1 for each in twice.joins)
    assert all(each.tellers[1].distance == 0 for each in twice.joins)


def test_names_of_a_kind_are_one_only_when_nothing_else_would_do() -> None:
    toilet = {"category": "トイレ", "name": "公衆便所"}
    one, two = toilet, {**toilet, "place": at(12)}
    assert len(joined(source("a", one), source("b", two)).points) == 1
    assert len(joined(source("a", one), source("b", {**toilet, "place": at(20)})).points) == 2
    # two in one source, one of the other between them: nobody can say which
    between = {**toilet, "place": at(6)}
    assert len(joined(source("a", one, two), source("b", between)).points) == 3


def test_what_two_of_a_source_could_be_is_left_and_told() -> None:
    rows = [
        {"name": "ルミネ大船店(3階)", "category": "AED"},
        {"name": "ルミネ大船店(5階)", "category": "AED"},
    ]
    checked = joined(source("a", *rows), source("b", {"name": "ルミネ大船店", "category": "AED"}))
    assert len(checked.points) == 3
    assert codes(checked) == ["PM041"]


def test_of_one_source_one_place_goes_into_a_group() -> None:
    checked = joined(
        source("a", {"note": "校庭"}, {"note": "体育館", "place": at(10)}),
        source("b", {"note": "校庭"}),
        source("c", {"note": "体育館", "place": at(10)}),
    )
    assert [[t.origin.source for t in each.tellers] for each in checked.joins] == [
        ["a", "b"],
        ["a", "c"],
    ]


def test_in_one_source_a_repetition_is_one_and_other_words_are_two() -> None:
    again = joined(source("a", {}, {"place": at(18)}, {"place": at(45)}))
    assert (len(again.points), codes(again)) == (2, ["PM080"])
    other = joined(source("a", {"note": "校庭"}, {"note": "体育館"}))
    assert (len(other.points), codes(other)) == (2, ["PM040"])
    later = joined(source("a", {"note": "水あり"}, {"note": "水なし", "updated_at": "2024-01-06"}))
    assert (len(later.points), later.points[0].note) == (1, "水なし")


def test_ten_thousand_on_one_spot_are_one_and_told_once_each() -> None:
    checked = joined(source("a", *[{}] * 10_000))
    assert (len(checked.points), codes(checked)) == (1, ["PM080"] * 9_999)
    parts = [source(path, *({"note": str(n)} for n in range(2_000))) for path in "ab"]
    assert len(joined(*parts).points) == 2_000


def test_parts_of_one_feature_are_no_duplicates() -> None:
    multi = {"type": "MultiPoint", "coordinates": [list(HERE), list(HERE)]}
    raw = RawFeature(1, multi, {"category": "AED", "name": "駅"})
    part = check_source(RawSource("a", "a", "GeoJSON", (raw,)), load_vocabulary())
    assert joined(part).problems == ()


def test_another_category_at_one_place_is_told_and_both_stay() -> None:
    checked = joined(source("a", {}), source("b", {"category": "AED", "place": at(20)}))
    (problem,) = checked.problems
    assert (problem.code, problem.source, problem.params["other_category"]) == (
        "PM082",
        "b",
        "避難所 / Shelter",
    )
    assert len(checked.points) == 2


def test_another_floor_is_told_and_both_stay() -> None:
    checked = joined(source("a", {"floor": "3階"}), source("b", {"floor": "5F"}))
    (problem,) = checked.problems
    assert (problem.code, problem.value, len(checked.points)) == ("PM083", "5 / 3", 2)
    same = joined(source("a", {"floor": "3階"}), source("b", {"name": "潮見小学校（３Ｆ）"}))
    assert len(same.points) == 1


def test_the_newest_confirmed_wins_and_the_others_are_history() -> None:
    checked = joined(
        source(
            "a", {"status": "open", "hours": "9-17", "updated_at": "2024-01-07", "phone": "0467-1"}
        ),
        source(
            "b",
            {
                "status": "closed",
                "hours": "10-16",
                "updated_at": "2024-01-06",
                "confirmed": True,
                "place": at(30),
            },
        ),
        source("c", {"status": "full", "updated_at": "2024-01-05", "confirmed": True}),
    )
    (point,) = checked.points
    assert (point.status, point.confirmed, point.hours) == (Status.CLOSED, True, "10-16")
    assert (point.lon, point.lat) == at(30)
    assert point.phone == "0467-1"  # nobody said otherwise
    assert point.updated_at == datetime.fromisoformat("2024-01-06T00:00+09:00")
    assert (point.origin, point.joined) == (Origin("b", 1), (Origin("a", 1), Origin("c", 1)))
    said = {(said.field, said.value, said.origin.source) for said in point.history}
    assert {("status", "open", "a"), ("status", "full", "c"), ("hours", "9-17", "a")} <= said
    assert codes(checked).count("PM086") == 2
    assert codes(checked).count("PM087") == 1
    assert checked.joins[0].id == combine([source("a", {})]).points[0].id  # the first one's


def test_nobody_confirms_anothers_word() -> None:
    checked = joined(
        source("a", {"confirmed": True, "updated_at": "2024-01-07"}),
        source("b", {"status": "open", "updated_at": "2024-01-05"}),
    )
    (point,) = checked.points
    assert (point.status, point.confirmed) == (Status.OPEN, None)
    assert ("confirmed", "true") in {(said.field, said.value) for said in point.history}


def test_an_address_brings_a_place_without_position_to_its_point() -> None:
    where = {"address": "神奈川県鎌倉市小町一丁目4番2号"}
    bare = {"place": None, "address": "小町1-4-2", "hours": "9-17"}
    checked = joined(source("a", where), source("b", bare, {"place": None, "name": "港小学校"}))
    assert [(p.name, p.hours) for p in checked.points] == [("潮見小学校", "9-17")]
    assert [p.name for p in checked.unplaced] == ["港小学校"]
    assert whys(checked) == [Why.ADDRESS]
    assert [(r.points, r.unplaced, r.joined) for r in checked.sources] == [(1, 0, 0), (1, 1, 1)]


def test_places_without_position_are_joined_by_name_and_address() -> None:
    bare = {"place": None, "address": "小町1-4-2"}
    toilet = {"place": None, "name": "公衆便所", "category": "トイレ"}
    checked = joined(
        source("a", bare, {"place": None, "name": "港小学校"}, toilet),
        source(
            "b",
            {**bare, "address": "鎌倉市小町１丁目４−２"},
            {"place": None, "name": "港小学校"},
            toilet,
        ),
        source("c", {**bare, "address": "小町1-4-9"}),
    )
    assert [p.name for p in checked.unplaced] == [
        "潮見小学校",
        "港小学校",
        "公衆便所",
        "公衆便所",
        "潮見小学校",
    ]
    assert checked.unplaced[0].joined == (Origin("b", 1),)


def road(path: str, *rows: Row) -> Checked:
    line = [[139.55, 35.31], [139.56, 35.31], [139.57, 35.32]]
    raw = []
    for number, row in enumerate(rows, start=1):
        shape = {"type": "LineString", "coordinates": row.get("place", line)}
        said = {"category": "通行止め", "name": "県道21号", **row}
        said.pop("place", None)
        raw.append(RawFeature(number, shape, said))
    made = RawSource(path, path * 3, "GeoJSON", tuple(raw))
    return check_source(made, load_vocabulary())


def test_the_same_line_is_drawn_once_the_newest_telling() -> None:
    back = [[139.57, 35.32], [139.56, 35.31], [139.55, 35.31]]
    parts = [
        road("a", {"updated_at": "2024-01-05", "note": "崩土"}, {"place": back[:2]}),
        road("b", {"updated_at": "2024-01-06", "note": "片側", "place": back}),
    ]
    checked = joined(*parts)
    assert [(line.note, len(line.joined)) for line in checked.lines] == [("片側", 1), ("", 0)]
    assert checked.lines[0].id == parts[0].lines[0].id
    assert [(r.lines, r.skipped, r.joined) for r in checked.sources] == [(2, 0, 1), (1, 0, 0)]
    assert "PM081" in codes(checked)
    assert joined(*parts[::-1]) == checked
    kept = joined(*parts, keep_all=True)
    assert len(kept.lines) == 3
    assert "PM041" in codes(kept)


def test_what_was_joined_leaves_together() -> None:
    flood, quake = {"hazards": "洪水"}, {"hazards": "地震"}
    checked = joined(source("a", flood), source("b", flood), source("c", {**quake, "name": "港小"}))
    left = keep_designated(checked, "earthquake", "地震")
    balanced(left)
    assert [point.name for point in left.points] == ["港小"]
    assert left.joins == ()
    assert [(r.points, r.skipped, r.joined) for r in left.sources] == [
        (0, 1, 0),
        (0, 1, 0),
        (1, 0, 0),
    ]


def test_keep_all_joins_nothing_and_tells_what_it_would() -> None:
    checked = joined(source("a", {}, {"place": at(5)}), source("b", {}), keep_all=True)
    assert (len(checked.points), checked.joins) == (3, ())
    assert codes(checked) == ["PM040", "PM041"]


def test_decisions_win() -> None:
    parts = [
        source("x/a.json", {}, {"name": "体育館", "place": at(400)}),
        source("x/b.json", {}, {"name": "潮見小体育館", "place": at(400)}),
    ]
    school, hall = (
        Selector(source="a.json", name="潮見小学校"),
        Selector(source="a.json", name="体育館"),
    )
    decisions = Decisions(
        "d.toml",
        (
            Decision(1, (hall, Selector(source="b.json", name="潮見小体育館"))),
            Decision(2, (school, Selector(source="b.json", feature=1)), apart=True),
            Decision(3, (school, Selector(name="消えた学校"))),
            Decision(4, (school, Selector(source="c.json", name="よそ"))),
        ),
    )
    checked = joined(*parts, decisions=decisions)
    assert whys(checked) == [Why.DECIDED]
    assert {p.name for p in checked.points} == {"潮見小学校", "体育館"}
    assert len(checked.points) == 3
    (stale,) = [p for p in checked.problems if p.code == "PM085"]
    assert (stale.source, stale.params["number"], stale.params["places"]) == ("d.toml", "3", "0")
    assert set(codes(checked)) == {"PM084", "PM085"}


def test_decisions_that_contradict_are_refused() -> None:
    pair = (Selector(source="a", name="潮見小学校"), Selector(source="b", name="潮見小学校"))
    both = Decisions("d.toml", (Decision(1, pair), Decision(2, pair, apart=True)))
    with pytest.raises(UsageError, match="both joins and keeps apart"):
        joined(source("a", {}), source("b", {}), decisions=both)


def test_a_decisions_file(tmp_path: Path) -> None:
    path = tmp_path / "d.toml"
    path.write_text(
        '[[join]]\nplaces = ["x1", {name = "学校", source = "a.csv"}]\nwhy = "見てきた"\n'
        '[[apart]]\nplaces = [{id = "x2"}, {name = "園", feature = 3, category = "shelter"}]\n',
        "utf-8",
    )
    found = read_decisions(path)
    assert [(d.number, d.apart) for d in found.decisions] == [(1, False), (2, True)]
    assert found.decisions[0].places == (Selector(id="x1"), Selector(name="学校", source="a.csv"))


@pytest.mark.parametrize(
    "text",
    [
        "[[joins]]\nplaces = []",
        "[[join]]\nplaces = ['a']",
        "[[join]]\nplaces = ['a', {source = 'b'}]",
        "[[join]]\nplaces = ['a', {name = 1}]",
        "[[apart]]\nplaces = ['a', {name = 'b', lon = 1}]",
        "[join]\nplaces = ['a']",
        "x",
        "join = 3",
    ],
)
def test_a_broken_decisions_file_is_refused_in_a_sentence(tmp_path: Path, text: str) -> None:
    path = tmp_path / "d.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageError, match=r"d\.toml"):
        read_decisions(path)
    with pytest.raises(UsageError, match=r"e\.toml"):
        read_decisions(tmp_path / "e.toml")


NAMES = st.sampled_from(
    ["潮見小学校", "潮見小学校（3階）", "鎌倉市立潮見小学校", "公衆便所", "第1小", "第2小", ""]
)
METRES = st.sampled_from([0, 3, 14, 40, 130, 900])
ROWS = st.fixed_dictionaries(
    {
        "name": NAMES,
        "category": st.sampled_from(["避難所", "トイレ"]),
        "place": st.one_of(st.none(), st.builds(at, METRES, METRES)),
        "address": st.sampled_from(["", "小町1-2-3", "鎌倉市小町1丁目2番3号", "小町1-2-4"]),
        "note": st.sampled_from(["", "水あり"]),
        "status": st.sampled_from(["open", "closed", ""]),
        "confirmed": st.sampled_from([True, False, None]),
        "updated_at": st.sampled_from(["2024-01-05", "2024-01-06", ""]),
    }
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(ROWS, max_size=4), min_size=2, max_size=4), st.randoms())
def test_the_order_of_the_sources_does_not_matter(sources: list[list[Row]], chance: Any) -> None:
    parts = [source(f"s{n}", *rows) for n, rows in enumerate(sources)]
    first = joined(*parts)
    chance.shuffle(parts)
    assert joined(*parts) == first
    ids = [place.id for place in (*first.points, *first.unplaced)]
    assert len(ids) == len(set(ids))
    for each in first.joins:
        assert len({teller.origin for teller in each.tellers}) == len(each.tellers) > 1
    for point in first.points:
        categories = {_category(parts, origin) for origin in (point.origin, *point.joined)}
        assert categories == {point.category}


def _category(parts: list[Checked], origin: Origin) -> str:
    things = itertools.chain.from_iterable((*part.points, *part.unplaced) for part in parts)
    return next(thing.category for thing in things if thing.origin == origin)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(st.tuples(GEOMETRIES, PROPERTIES), max_size=5), min_size=1, max_size=3))
def test_counts_hold_over_broken_sources(sources: list[list[Any]]) -> None:
    parts = []
    for number, rows in enumerate(sources):
        raw = tuple(RawFeature(n, *row) for n, row in enumerate(rows, start=1))
        made = RawSource(f"s{number}", f"{number}", "GeoJSON", raw)
        parts.append(check_source(made, load_vocabulary()))
    balanced(join(combine(parts)))


def test_a_merge_with_itself_is_itself() -> None:
    rows = [{"name": f"第{n}小学校", "place": at(40.0 * n)} for n in range(60)]
    once, twice = joined(source("a", *rows)), joined(source("a", *rows), source("b", *rows[::-1]))
    bare = [replace(point, joined=()) for point in twice.points]
    assert bare == list(once.points)
    assert [len(each.tellers) for each in twice.joins] == [2] * 60
    assert isinstance(twice.points[0], SupportPoint)


@pytest.mark.skipif(not DATA.exists(), reason="real data is not part of the project")
def test_the_lists_of_kamakura_are_found_in_the_whole() -> None:
    names = ("kamakura_all.geojson", "public.json", "aed.json", "universal.json")
    checked = check([str(DATA / name) for name in names])
    balanced(checked)
    assert len(checked.points) == 3527  # 3,528 and an AED that stands there twice
    assert sum(len(each.tellers) - 1 for each in checked.joins) == 104 + 295 + 25 + 1
    assert {t.why for each in checked.joins for t in each.tellers} == {Why.SAME_NAME}
    hydrants = [p for p in checked.points if p.category == "hydrant"]
    assert len(hydrants) == 2775
    assert [p.feature for p in checked.problems if p.code == "PM040"] == [3066]
