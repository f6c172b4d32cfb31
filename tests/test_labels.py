"""What hides in the names of categories, folders and places becomes fields; the rest stays."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papermap.checks import check_source
from papermap.checks.facts import Facts, read_facts
from papermap.checks.fields import load_fields
from papermap.checks.repeats import without_repeats
from papermap.checks.times import JAPAN
from papermap.model import Status
from papermap.readers import RawFeature, RawSource
from papermap.vocabulary import load_vocabulary

AS_OF = datetime(2024, 1, 5, tzinfo=JAPAN)
LINE = {"type": "LineString", "coordinates": [[137.1, 37.3], [137.2, 37.3]]}


def facts(layer: str = "", as_of: datetime | None = AS_OF, **properties: Any) -> Facts:
    return read_facts(properties, load_fields(), JAPAN, as_of, layer)


@pytest.mark.parametrize(
    ("text", "clean", "found"),
    [
        ("GS (黒点：未確認)", "GS", {"confirmed": False}),
        (
            "給水(青：確認済)_台風19号_19年10月",
            "給水",
            {"confirmed": True, "event": "台風19号 19年10月"},
        ),
        ("トイレ(紫：確認済)_台風19号のコピー", "トイレ", {"confirmed": True, "event": "台風19号"}),
        ("（無料）入浴施設", "入浴施設", {"cost": "無料"}),
        ("入浴 (500円)", "入浴", {"cost": "500円"}),
        ("給水所_(千葉市・県指定除く）", "給水所_(千葉市・県指定除く）", {}),
        ("（閉鎖）給水所", "給水所", {"status": Status.CLOSED}),
        ("能登半島地震 給水_石川・富山", "給水_石川・富山", {"event": "能登半島地震"}),
        ("営業中のガソリンスタンド", "営業中のガソリンスタンド", {"status": Status.OPEN}),
        ("車両通行止め", "車両通行止め", {}),
        ("津波避難ビル", "津波避難ビル", {}),
        ("通行可能道路(1/3 10:30)", "通行可能道路", {"when": "2024-01-03 10:30:00+09:00"}),
    ],
)
@pytest.mark.parametrize("by", ["layer", "column"])
def test_categories(text: str, clean: str, found: dict[str, Any], by: str) -> None:
    told = facts(text) if by == "layer" else facts(category=text)
    assert (told.layer if by == "layer" else told.texts["category"]) == clean
    assert told.status is found.get("status", Status.UNKNOWN)
    assert told.confirmed is found.get("confirmed")
    assert told.texts.get("cost", "") == found.get("cost", "")
    assert told.texts.get("event", "") == found.get("event", "")
    assert str(told.updated_at or "") == found.get("when", "")
    assert told.original == ({} if clean == text else {"category": text})


@pytest.mark.parametrize(
    ("text", "clean", "found"),
    [
        ("（閉鎖）第一小学校", "第一小学校", {"status": Status.CLOSED}),
        ("第一小学校（体育館）", "第一小学校（体育館）", {}),
        ("天然温泉（6:00-9:30、12:00-24:00）", "天然温泉", {"hours": "6:00-9:30、12:00-24:00"}),
        ("西小学校（飲用不可）", "西小学校（飲用不可）", {}),
        ("鵜川小学校（100名以上）", "鵜川小学校（100名以上）", {}),
        ("本町公園（7/13）", "本町公園（7/13）", {}),
        ("(無料)", "(無料)", {"cost": "無料"}),
        ("西小学校（飲用可/7:00-21:00）", "西小学校（飲用可）", {"hours": "7:00-21:00"}),
        ("寺（7/11 9:00-13:00/無料/要連絡）", "寺（7/11 9:00-13:00/要連絡）", {"cost": "無料"}),
        ("寺（9:00-12:00/13:00-15:00）", "寺", {"hours": "9:00-12:00/13:00-15:00"}),
        ("寺（井戸/手押し）", "寺（井戸/手押し）", {}),
        ("寺（無料/9:00-12:00）", "寺", {"cost": "無料", "hours": "9:00-12:00"}),
        ("台風19号資料館", "台風19号資料館", {}),
    ],
)
def test_names(text: str, clean: str, found: dict[str, Any]) -> None:
    told = facts(name=text)
    assert told.texts["name"] == clean
    assert told.status is found.get("status", Status.UNKNOWN)
    assert {key: told.texts[key] for key in ("cost", "hours") if key in told.texts} == {
        key: value for key, value in found.items() if key != "status"
    }


@pytest.mark.parametrize(
    "text", ["ライン 2", "ポリゴン 11", "無題のポリゴン", "Untitled Path", "Line 3"]
)
def test_names_that_programs_give_are_none(text: str) -> None:
    assert "name" not in facts(name=text).texts
    assert facts(name=f"{text}号線").texts["name"] == f"{text}号線"


def test_columns_and_names_win_over_the_folder() -> None:
    told = facts("給水(青：確認済)（無料）", name="A（未確認）", cost="100円", status="open")
    assert (told.confirmed, told.texts["cost"], told.status) == (False, "100円", Status.OPEN)


def test_a_time_whose_year_nobody_knows_stays_in_words() -> None:
    told = facts("通行可能道路(1/3 10:30)", as_of=None)
    assert told.updated_at is None
    assert told.texts["note"] == "1/3 10:30"
    assert [(doubt.code, doubt.value) for doubt in told.doubts] == [("PM036", "1/3 10:30")]


def test_on_points_and_lines() -> None:
    features = (
        RawFeature(1, LINE, {"name": "県道2号"}, layer="通行可能道路(1/3 10:30)"),
        RawFeature(
            2,
            {"type": "Point", "coordinates": [137.1, 37.3]},
            {"name": "本町公園"},
            layer="給水(青：確認済)_台風19号_19年10月",
        ),
    )
    raw = RawSource("a.kml", "0", "KML", features)
    checked = check_source(raw, load_vocabulary(), as_of=AS_OF)
    (line,), (point,) = checked.lines, checked.points
    assert (line.category, line.updated_at) == (
        "road_passable",
        datetime(2024, 1, 3, 10, 30, tzinfo=JAPAN),
    )
    assert (point.category, point.confirmed, point.event) == ("water", True, "台風19号 19年10月")
    assert point.original == {"category": "給水(青：確認済)_台風19号_19年10月"}


@pytest.mark.parametrize(
    ("layer", "name", "category", "printed"),
    [
        ("お風呂", "風呂｜本町の湯", "bath", "本町の湯"),
        ("東広島市", "給水｜西野浄水場", "water", "西野浄水場"),
        ("", "トイレ | 大浜公民館", "toilet", "大浜公民館"),
        ("避難所", "給水｜西小学校", "shelter", "給水｜西小学校"),
        ("給水所", "北側｜西小学校", "water", "北側｜西小学校"),
    ],
)
def test_names_that_say_their_category(layer: str, name: str, category: str, printed: str) -> None:
    here = {"type": "Point", "coordinates": [137.1, 37.3]}
    raw = RawSource("a.kml", "0", "KML", (RawFeature(1, here, {"name": name}, layer=layer),))
    (point,) = check_source(raw, load_vocabulary()).points
    assert (point.category, point.name) == (category, printed)
    assert point.original.get("name", printed) == (name if name != printed else printed)


@given(st.text("給水(（)）_：:青確認済未 /1無料中台風9号", max_size=25))
def test_any_label_is_read_and_never_emptied(text: str) -> None:
    told = facts(category=text, name=text)
    for key in ("category", "name"):
        assert bool(told.texts.get(key)) == bool(text.strip())


def test_descriptions_do_not_say_the_columns_again() -> None:
    columns = {
        "水提供時間": "9:00-19:00",
        "その他": "※ 容器をご持参ください。\n※ 混雑が予想されます。",
        "情報登録者": "山田",
        "経度": 133.05,
        "unnamed (1)": "",
    }
    description = """水提供時間: 9:00-19:00
その他: ※ 容器をご持参ください。
※ 混雑が予想されます。
情報登録者: 山田
経度: 133.05
unnamed (1):
駐車場: 有
入口は東側: 9:00-19:00"""
    left = without_repeats(description, "description", {**columns, "description": description})
    assert left == "駐車場: 有\n入口は東側: 9:00-19:00"
    told = facts(**columns, description=description.replace("\n", "<br>"))
    assert told.texts["note"].count("※ 混雑が予想されます。") == 1


def test_a_description_that_is_the_name_is_not_printed_twice() -> None:
    assert "note" not in facts(name="夜間通行止", description="夜間通行止<br>").texts


def test_hours_and_telephone_on_lines_of_their_own() -> None:
    text = "日帰り温泉<br>・営業時間：10:00-20:00 最終受付19:30<br>"
    told = facts(description=f"{text}連絡先: 0848-77-0177<br>備考：タオル")
    assert told.texts["hours"] == "10:00-20:00 最終受付19:30"
    assert told.hours_in["ja"] == "10–20時（受付19:30まで）"
    assert told.texts["phone"] == "0848-77-0177"
    assert told.texts["note"] == "日帰り温泉\n備考：タオル"
    assert told.original["note"].startswith("日帰り温泉\n・営業時間")


@pytest.mark.parametrize(
    "line",
    [
        "営業時間：お問い合わせください",
        "連絡先：市役所",
        "7/13 営業時間：9時～17時は男性",
        "URL: 0848",
    ],
)
def test_lines_that_are_not_certain_stay(line: str) -> None:
    told = facts(description=f"温泉<br>{line}")
    assert told.texts["note"] == f"温泉\n{line}"


def test_a_column_stands_before_the_note() -> None:
    told = facts(hours="8時～12時", description="営業時間: 9時～17時")
    assert told.texts["hours"] == "8時～12時"
    assert told.texts["note"] == "営業時間: 9時～17時"


def test_a_description_of_its_own_stays() -> None:
    assert without_repeats("9時から: 水", "description", {"水": "9時から"}) == "9時から: 水"


@pytest.mark.parametrize(
    ("name", "folder", "key"),
    [
        ("安全のため夜間通行止", "通行可能道路(1/3 10:30)", "road_closed"),
        ("国道249号（全面通行止め）", "通行可能", "road_closed"),
        ("Route 5 road closed", "Passable roads", "road_closed"),
        ("通行止め区間の迂回路", "通行可能", "road_passable"),
        ("国道249号 通行止め解除", "通行可能", "road_passable"),
        ("県道2号", "通行可能", "road_passable"),
        ("迂回路あり", "通行止め", "road_closed"),  # only what is safe
        ("通行止め前の給水所", "給水", "water"),
    ],
)
def test_a_road_that_its_own_name_calls_closed_is_closed(name: str, folder: str, key: str) -> None:
    feature = RawFeature(1, LINE, {"name": name, "updated_at": "2024-01-03T10:00Z"}, layer=folder)
    checked = check_source(RawSource("r.kml", "0", "KML", (feature,)), load_vocabulary())
    (line,) = checked.lines
    assert line.category == key
    told = [p.params["other_category"] for p in checked.problems if p.code == "PM047"]
    won = key == "road_closed" and load_vocabulary().category(folder).key == "road_passable"
    assert told == (["通行止め / Closed road"] if won else [])
