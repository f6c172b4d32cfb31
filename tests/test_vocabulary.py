"""The vocabulary: strangers' words find their category, unknown ones get a stable mark."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from papermap.atlas import check
from papermap.errors import StyleError
from papermap.model import Kind
from papermap.signs import load_signs
from papermap.vocabulary import _aliases, load_vocabulary, told_apart, unknown_category

KAMAKURA = Path(__file__).parents[2] / "shared/data/kamakura/kamakura_all.geojson"


@pytest.mark.parametrize(
    ("text", "key"),
    [
        # as they stand in the field's files
        ("GS (黒点：未確認)", "fuel"),
        ("給水(青：確認済)_台風19号_19年10月", "water"),
        ("トイレ(紫：確認済)_…のコピー", "toilet"),
        ("（無料）入浴施設", "bath"),
        ("給水所_(千葉市・県指定除く）", "water"),
        ("車両通行止め", "road_closed"),
        ("通行可能道路(1/3 10:30)", "road_passable"),
        ("営業中のガソリンスタンド", "fuel"),
        ("能登町避難所", "shelter"),
        ("能登半島地震 給水_石川・富山", "water"),
        ("避難所（能登町指定避難先）", "shelter"),
        ("洗濯｜WASHハウス尾道向島店", "laundry"),
        ("風呂_三原", "bath"),
        ("トイレ.xlsx", "toilet"),
        ("welfare-shelters", "shelter"),
        ("widearea-shelters", "evacuation"),
        ("universal", "accessible"),
        ("watertank", "watertank"),
        ("Gas Station", "fuel"),
        ("Evacuation center in Noto Town", "shelter"),
        ("未分類", "other"),
        ("amenity=drinking_water", "water"),
        ("emergency=assembly_point", "evacuation"),
        # width, case, spaces, hyphens
        ("ﾄｲﾚ", "toilet"),
        ("ＡＥＤ", "aed"),
        ("Wi Fi", "wifi"),
        (" 給 水 所 ", "water"),
        ("FIRE-HYDRANTS", "hydrant"),
        # the last word of a compound is what the thing is
        ("病院前の給水所", "water"),
        ("市役所前給水", "water"),
        ("スーパー銭湯", "bath"),
        ("ペット同伴避難所", "pets"),
        ("Toilet near station", "toilet"),
        ("Shelter with water", "shelter"),
        # what must not be mixed up
        ("通行止め", "road_closed"),
        ("通行不可能", "road_closed"),
        ("not passable", "road_closed"),
        ("impassable", "road_closed"),
        ("通行可", "road_passable"),
        ("断水", "water_outage"),
        ("指定避難所", "shelter"),
        ("指定緊急避難場所", "evacuation"),
    ],
)
def test_words_of_the_field_find_their_category(text: str, key: str) -> None:
    found = load_vocabulary().find(text)
    assert found is not None
    assert found.key == key


@pytest.mark.parametrize(
    "text",
    [
        "",
        "水族館",
        "バスケットコート",
        "ペットボトル",
        "他自治体",
        "キャンプ場",
        "petroleum",
        "storey",
    ],
)
def test_words_inside_other_words_do_not_count(text: str) -> None:
    assert load_vocabulary().find(text) is None


def test_the_kamakura_categories_are_all_known() -> None:
    if not KAMAKURA.is_file():
        pytest.skip("the shared data is not here")
    features = json.loads(KAMAKURA.read_text("utf-8"))["features"]
    names = {feature["properties"]["category"] for feature in features}
    assert all(load_vocabulary().category(name).known for name in names)


def test_every_category_can_be_drawn_and_named() -> None:
    book = load_signs()
    for key, category in load_vocabulary().categories.items():
        assert category.key == key
        assert set(category.names) >= {"ja", "en"}
        book.shape(category.shape)
        book.sign(category.sign)


def test_no_two_categories_look_alike() -> None:
    looks = [(each.shape, each.sign) for each in load_vocabulary().categories.values()]
    assert len(set(looks)) == len(looks)


def test_lines_and_areas_are_known_as_such() -> None:
    categories = load_vocabulary().categories
    assert categories["road_closed"].kind is Kind.LINE
    assert categories["flooded"].kind is Kind.AREA
    assert categories["aed"].standing
    assert not categories["water"].standing


def test_unknown_words_keep_their_shape_and_letter() -> None:
    """Changing this rule changes marks on paper that people already know."""
    first, second = unknown_category("他自治体"), unknown_category("キャンプ場（夏）")
    assert (first.shape, first.letter, first.name("ja")) == ("diamond", "他", "他自治体")
    assert (second.letter, second.name("en")) == ("キ", "キャンプ場")
    assert not first.known
    assert unknown_category("").letter == "?"
    assert unknown_category("foo bar").letter == "F"
    assert unknown_category("ＦＯＯ  Bar").key == unknown_category("foo bar").key


def test_unknown_categories_of_one_atlas_are_told_apart() -> None:
    """Hundreds that begin alike: none has the shape and letter of another."""
    some = [unknown_category(f"町の{a}{b}") for a in "花鳥風月山川草木" for b in "赤青白黒"]
    known = load_vocabulary().categories
    given = {each.key: each for each in some} | dict(known)
    found = told_apart(given)
    looks = [(found[each.key].shape, found[each.key].letter) for each in some]
    assert len({(each.shape, each.letter) for each in some}) < len(some)
    assert len(set(looks)) == len(some)
    assert {key: found[key] for key in known} == dict(known)
    assert told_apart(dict(reversed(given.items()))) == found  # whatever came first
    first = found[min(each.key for each in some)]
    assert first == unknown_category(first.name("ja"))


def test_unknown_categories_that_begin_alike_are_told_apart_in_the_list(tmp_path: Path) -> None:
    texts = ("町の花", "町の鳥", "町の風", "町の月", "町の山", "町の川", "町の木")
    rows = "\n".join(f"{text}{n},35.3{n},139.55,{text}" for n, text in enumerate(texts))
    source = tmp_path / "a.csv"
    source.write_text(f"name,lat,lon,category\n{rows}\n", "utf-8")
    found = check([str(source)]).categories
    assert len({(each.shape, each.letter) for each in found.values()}) == len(found) == len(texts)


def test_the_rule_is_the_same_in_another_process() -> None:
    code = "from papermap.vocabulary import unknown_category as u; print(u('他自治体').shape)"
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "7", "PYTHONPATH": str(Path(__file__).parents[1])},
    )
    assert done.stdout.strip() == unknown_category("他自治体").shape


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=40))
def test_any_text_gets_one_category_that_can_be_drawn(text: str) -> None:
    category = load_vocabulary().category(text)
    assert category == load_vocabulary().category(text)
    assert category.sign or len(category.letter) >= 1
    assert category.name("ja")
    load_signs().shape(category.shape)


def test_very_long_words_are_cut() -> None:
    category = load_vocabulary().category("長" * 100_000)
    assert len(category.key) + len(category.name("ja")) < 500


def test_an_alias_of_two_categories_is_an_error() -> None:
    tables = {"a": {"ja": "水", "en": "A"}, "b": {"ja": "B", "en": "b", "aliases": ["水"]}}
    with pytest.raises(StyleError, match="both a and b"):
        _aliases(tables)


def test_categories_can_be_sent_to_a_worker() -> None:
    category = load_vocabulary().categories["water"]
    assert pickle.loads(pickle.dumps(category)) == category  # noqa: S301


@settings(max_examples=300, deadline=None)
@given(st.text('通a {}()[]（）_\u3000"', max_size=20))
def test_an_unknown_category_reads_its_own_name_as_itself(text: str) -> None:
    vocabulary = load_vocabulary()
    made = vocabulary.category(text)
    again = vocabulary.category(made.name("ja"))
    assert (again.key, again.names) == (made.key, made.names)
