"""Names asked for: language, doubles, lines joined across tiles, what the header says."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest
import shapely

from papermap.basemap import Layer
from papermap.grid import Sheet
from papermap.marks import NameRequest
from papermap.render import MapView, name_requests, places_of
from papermap.style import NameStyle, load_style
from papermap.units import Box

X0, Y0 = 368_000.0, 3_908_000.0
VIEW = MapView("EPSG:6691", Box(X0, Y0, X0 + 1800, Y0 + 1400), 180, 140, 10_000)
MONO = load_style("mono")


def layer(name: str, shapes: Sequence[shapely.Geometry], /, **fields: Sequence[object]) -> Layer:
    """Shapes in paper millimetres."""
    moved = [shapely.transform(shape, lambda xy: xy * 10 + (X0, Y0)) for shape in shapes]
    columns = {key.replace("__", ":"): np.array(v, dtype=object) for key, v in fields.items()}
    return Layer(name, np.array(moved, dtype=object), columns)


def width(text: str, size: float, bold: bool) -> float:  # noqa: FBT001
    return len(text) * size * 0.3528 * (1.1 if bold else 1)


def ask(
    *layers: Layer, languages: Sequence[str] = ("ja",), names: dict[str, NameStyle] | None = None
) -> tuple[NameRequest, ...]:
    style = MONO if names is None else msgspec.structs.replace(MONO, names=names)
    return name_requests(VIEW, {each.name: each for each in layers}, style, languages, width)


def test_a_place_is_named_where_it_is() -> None:
    (name,) = ask(
        layer("place", [shapely.Point(50, 70)], **{"class": ["suburb"], "name": ["大町"]})
    )
    assert (name.text, name.x, name.y) == ("大町", pytest.approx(50), pytest.approx(70))
    look = MONO.names["district"]
    assert name.style == "district"
    assert name.size == look.size
    assert name.width == pytest.approx(
        width("大町", look.size, look.bold) + look.spacing * look.size * 0.3528, rel=1e-3
    )


def test_the_language_of_the_page_leads() -> None:
    def text(language: str, **fields: Sequence[object]) -> str:
        place = layer("place", [shapely.Point(50, 70)], **{"class": ["suburb"], **fields})
        return ask(place, languages=(language,))[0].text

    both = {"name": ["大町"], "name__en": ["Omachi"], "name__latin": ["o machi"]}
    assert text("ja", **both) == "大町"
    assert text("en", **both) == "Omachi"
    # a machine's transliteration is worse than the name on the signs there
    assert text("en", name=["城廻"], name__latin=["shiro kai"]) == "城廻"
    assert text("en", name=["境川"], name__latin=["Sakai Gawa"]) == "Sakai Gawa"
    # name:ja is sometimes only a block's number
    assert text("ja", name=["玉縄3"], name__ja=["三丁目"]) == "玉縄3"
    assert text("ja", name=["Yokohama"], name__ja=["横浜"]) == "横浜"


def test_stations_have_their_suffix_and_second_language() -> None:
    poi = layer(
        "poi",
        [shapely.Point(50, 70), shapely.Point(90, 70), shapely.Point(90, 20)],
        **{"class": ["railway"] * 3, "subclass": ["station", "station", "entrance"]},
        name=["鎌倉", "長谷駅", "鎌倉"],
        name__en=["Kamakura", "Hase Station", "Kamakura"],
    )
    names = ask(poi, languages=("ja", "en"))
    assert [(name.text, name.second) for name in names] == [
        ("鎌倉駅", "Kamakura Sta."),
        ("長谷駅", "Hase Station"),
    ]
    assert [name.obstacle for name in names] == [True, False]
    assert all(name.beside for name in names)
    assert not any(name.second for name in ask(poi, languages=("ja",)))


def test_names_doubled_at_tile_edges_are_asked_once() -> None:
    places = [shapely.Point(50, 70), shapely.Point(50.2, 70), shapely.Point(150, 70)]
    fields = {"class": ["suburb"] * 3, "name": ["大町"] * 3, "rank": [11, 11, 12]}
    names = ask(layer("place", places, **fields))
    assert [round(name.x) for name in names] == [50, 150]


def test_names_outside_or_on_the_edge_are_not_asked() -> None:
    places = [shapely.Point(0.5, 70), shapely.Point(300, 70), shapely.Point(50, -9)]
    assert not ask(layer("place", places, **{"class": ["suburb"] * 3, "name": list("甲乙丙")}))


def test_features_without_a_name_are_not_asked() -> None:
    peaks = layer("mountain_peak", [shapely.Point(50, 50)] * 2, name=[None, ""])
    assert not ask(peaks)


def road(*lines: shapely.Geometry, **fields: Sequence[object]) -> Layer:
    base: dict[str, Sequence[object]] = {
        "class": ["secondary"] * len(lines), "name": ["小町大路"] * len(lines),
    }  # fmt: skip
    return layer("transportation_name", lines, **{**base, **fields})


def test_a_road_cut_by_tiles_is_named_along_its_whole_line() -> None:
    cut = [shapely.LineString([(10, 60), (60, 60)]), shapely.LineString([(60, 60), (100, 65)])]
    (name,) = ask(road(*cut))
    assert name.text == "小町大路"
    assert name.path[0] == pytest.approx((10, 60), abs=0.01)
    assert name.path[-1] == pytest.approx((100, 65), abs=0.01)


def test_long_roads_are_named_again_and_two_carriageways_once() -> None:
    long = shapely.LineString([(-200, 60), (400, 60)])
    look = msgspec.structs.replace(MONO.names["road"], repeat=50)
    names = ask(road(long, shapely.LineString([(-200, 62), (400, 62)])), names={"road": look})
    assert len(names) == 3
    middles = sorted(name.x for name in names)
    assert np.diff(middles).min() > 40


def test_roads_too_short_for_their_name_are_not_asked() -> None:
    assert not ask(road(shapely.LineString([(10, 60), (16, 60)])))


def test_road_numbers_stand_on_the_line() -> None:
    numbered = road(
        shapely.LineString([(10, 60), (110, 60)]), **{"class": ["trunk"], "ref": ["134"]}
    )
    shields = [name for name in ask(numbered) if name.style == "ref"]
    assert [name.text for name in shields] == ["134"]
    assert shields[0].y == pytest.approx(60)
    assert not shields[0].path
    assert MONO.names["ref"].boxed


def test_best_names_come_first_and_only_so_many() -> None:
    places = [shapely.Point(10 + 3 * i, 40) for i in range(40)]
    many = layer(
        "place", places, **{"class": ["suburb"] * 40}, name=[f"町{i}" for i in range(40)],
        rank=list(range(40, 0, -1)),
    )  # fmt: skip
    names = ask(many, layer("mountain_peak", [shapely.Point(90, 90)], name=["源氏山"]))
    ranks = [name.rank for name in names]
    assert ranks == sorted(ranks)
    assert names[0].text == "町39"
    assert sum(name.style == "district" for name in names) == MONO.names["district"].most
    assert names[-1].text == "源氏山"


def test_the_same_input_gives_the_same_requests() -> None:
    places = layer(
        "place", [shapely.Point(50, 50), shapely.Point(60, 60)],
        **{"class": ["suburb"] * 2, "name": ["乙", "甲"]},
    )  # fmt: skip
    assert ask(places) == ask(places)


def _sheet(core: Box) -> Sheet:
    return Sheet("7", 0, 0, 10_000, 400.0, VIEW.bounds, core, 4, 3, {}, {}, (), ())


def test_the_header_names_stations_and_districts_of_the_core() -> None:
    place = layer(
        "place",
        [shapely.Point(90, 70), shapely.Point(40, 60), shapely.Point(60, 60), shapely.Point(5, 5)],
        **{"class": ["suburb"] * 4, "name": ["大町", "玉縄3", "玉縄四丁目", "外"]},
    )
    poi = layer(
        "poi", [shapely.Point(20, 20)],
        **{"class": ["railway"], "subclass": ["station"], "name": ["鎌倉"]},
    )  # fmt: skip
    sheet = _sheet(Box(X0 + 100, Y0 + 100, X0 + 1700, Y0 + 1300))
    layers = {"place": place, "poi": poi}
    assert places_of(VIEW, layers, MONO, sheet) == ("鎌倉駅", "大町", "玉縄")
    assert places_of(VIEW, {}, MONO, sheet) == ()


def test_neighbourhoods_take_the_place_of_districts_the_largest_first() -> None:
    areas = layer(
        "neighbourhoods",
        [shapely.box(0, 0, 60, 140), shapely.box(60, 0, 120, 140), shapely.box(120, 0, 180, 70),
         shapely.box(178, 138, 400, 400)],
        name=["大町一丁目", "大町二丁目", "小町", "遠い町"],
    )  # fmt: skip
    place = layer("place", [shapely.Point(90, 70)], **{"class": ["suburb"], "name": ["玉縄"]})
    layers = {"place": place, "neighbourhoods": areas}
    assert places_of(VIEW, layers, MONO, _sheet(VIEW.bounds)) == ("大町", "小町")


def test_no_name_of_the_large_style_is_under_12_points() -> None:
    assert min(look.size for look in load_style("large").names.values()) >= 12
    for name in ("mono", "colour"):
        assert min(look.size for look in load_style(name).names.values()) >= 7


def test_the_number_of_a_block_is_said_at_large_scales_only() -> None:
    places = layer(
        "place",
        [shapely.Point(50, 70), shapely.Point(60, 75)],
        **{"class": ["neighbourhood"] * 2},
        name=["雪ノ下1", "雪ノ下二丁目"],
    )
    look = msgspec.structs.replace(MONO.names["district"], numbered=9_999)
    assert [name.text for name in ask(places, names={"district": look})] == ["雪ノ下"]
    look = msgspec.structs.replace(look, numbered=10_000)
    assert {name.text for name in ask(places, names={"district": look})} == {
        "雪ノ下1",
        "雪ノ下二丁目",
    }


def test_landmarks_that_people_walk_by_are_named_beside_their_signs() -> None:
    rows = [
        ("grocery", "supermarket", "スーパー"),
        ("shop", "convenience", "コンビニ"),
        ("shop", "shoes", "くつ屋"),
        ("junction", "junction", "下馬"),
        ("school", "school", "一小"),
    ]
    classes, subclasses, said = zip(*rows, strict=True)
    places = [shapely.Point(20 + 30 * i, 70) for i in range(len(rows))]
    poi = layer("poi", places, **{"class": classes, "subclass": subclasses, "name": said})
    found = {name.text: name.beside for name in ask(poi)}
    assert found == {"スーパー": True, "コンビニ": True, "下馬": False, "一小": True}
