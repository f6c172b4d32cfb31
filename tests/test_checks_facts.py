"""What strangers' columns and words mean."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timezone
from datetime import timedelta as hours_of
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from papermap.checks import check_source
from papermap.checks.facts import Facts, read_facts
from papermap.checks.fields import load_fields
from papermap.checks.garbled import mended
from papermap.checks.text import Cleaned, as_text, clean, fold, private_in, shortened
from papermap.checks.times import ASSUMED, JAPAN, parse_time, zone_of
from papermap.model import Status
from papermap.readers.base import RawFeature, RawSource
from papermap.vocabulary import load_vocabulary

NOW = datetime(2024, 1, 6, 12, tzinfo=JAPAN)


def facts(properties: Mapping[str, Any]) -> Facts:
    return read_facts(properties, load_fields(), JAPAN, NOW)


def told(properties: Mapping[str, Any]) -> list[str]:
    return [doubt.code for doubt in facts(properties).doubts]


@pytest.mark.parametrize(
    ("field", "column"),
    [
        ("name", "名称"),
        ("name", "施設・場所名"),
        ("name", "INCIDENT TITLE"),
        ("name", "ＮＡＭＥ"),
        ("hours", "営業時間"),
        ("hours", "利用可能時間"),
        ("hours", "opening_hours"),
        ("phone", "電話番号"),
        ("phone", "tel"),
        ("address", "住所"),
        ("address", "所在地_連結表記"),
        ("note", "備考"),
        ("note", "comments"),
        ("capacity", "想定収容人数"),
        ("reading", "名称_カナ"),
        ("reading", "name:ja_kana"),
        ("url", "website"),
        ("id", "共通ID"),
    ],
)
def test_columns_of_the_real_header_sets(field: str, column: str) -> None:
    assert facts({column: "あ"}).texts == {field: "あ"}


def test_names_by_language() -> None:
    found = facts({"name": "駅", "名称_英字": "Station", "name:ko": "역", "name:ja": "駅"})
    assert found.names == {"en": "Station", "ko": "역", "ja": "駅"}


def test_the_first_name_wins_and_another_is_kept() -> None:
    found = facts({"title": "給水車", "name": "市役所", "名称": "市役所"})
    assert found.texts["name"] == "市役所"
    assert found.texts["note"] == "title 給水車"


def test_start_and_end_become_hours() -> None:
    found = facts(
        {"利用開始時間": "9:00", "利用終了時間": "17:00", "利用可能日時特記事項": "月曜休"}
    )
    assert found.texts == {"hours": "9:00–17:00 月曜休"}


def test_nothing_is_lost_silently() -> None:
    found = facts(
        {"備考": "要予約", "配管口径(mm)": "450", "設置数": "1", "給水車": "2台", "No": 3}
    )
    assert found.texts["note"] == "要予約\n口径 450 mm、給水車 2台"
    assert facts({"設置数": "2"}).texts["note"] == "2台"


def test_capacity_keeps_its_unit() -> None:
    assert facts({"容量（立法メートル）": 40}).texts["capacity"] == "40 m³"
    assert facts({"想定収容人数": "8,889人（敷地面積…）"}).texts["capacity"].startswith("8,889人")


def test_flags() -> None:
    found = facts(
        {
            "スロープあり": "○",
            "多目的トイレあり": "×",
            "車椅子使用者用トイレ有無": "有",
            "災害種別_洪水": 1,
            "災害種別_津波": 0,
            "津波": "1",
            "wheelchair": "yes",
            "駐車場": True,
        }
    )
    assert found.texts["accessibility"] == "スロープ・車椅子使用者用トイレ・wheelchair"
    assert found.hazards == {"flood", "tsunami"}
    assert found.texts["note"] == "駐車場"


@pytest.mark.parametrize(
    ("properties", "hazards", "note"),
    [
        (
            {"崖崩れ、土石流及び地滑り": "1", "大規模な火事": "", "火山現象": "○"},
            "landslide volcano",
            "",
        ),
        (
            {"災害種別_内水氾濫": "TRUE", "災害種別_高潮": "◯", "地震": 0},
            "inland_flood storm_surge",
            "",
        ),
        ({"洪水": "※2階以上"}, "flood", "洪水 ※2階以上"),
        ({"洪水": "要確認"}, "", "洪水 要確認"),
        ({"対象災害": "洪水・津波、噴火"}, "flood tsunami", "対象災害 噴火"),
        ({"hazards": ["flood", "fire"]}, "flood fire", ""),
        ({"hazards": "崖崩れ、土石流及び地滑り"}, "landslide", ""),
    ],
)
def test_designated_hazards(properties: dict[str, Any], hazards: str, note: str) -> None:
    found = facts(properties)
    assert found.hazards == set(hazards.split())
    assert found.texts.get("note", "") == note


@pytest.mark.parametrize(
    "column", ["", "fid", "OBJECTID", "marker-color", "styleUrl", "stroke", "_x"]
)
def test_technical_columns_are_dropped(column: str) -> None:
    assert facts({column: "x"}).texts == {}


def test_simplestyle_symbol_is_not_printed() -> None:
    assert facts({"marker-symbol": "water", "title": "a"}).texts == {"name": "a"}


def test_reporters_stay_private() -> None:
    found = facts({"FIRST NAME": "x", "EMAIL": "a@example.org", "INCIDENT TITLE": "給水"})
    assert found.texts == {"name": "給水"}
    assert told({"FIRST NAME": "x"}) == ["PM043"]


@pytest.mark.parametrize(
    ("column", "value", "status"),
    [
        ("status", "open", Status.OPEN),
        ("status", "CLOSED", Status.CLOSED),
        ("状態", "閉鎖", Status.CLOSED),
        ("状況", "営業中（17時まで）", Status.OPEN),
        ("開設状況", "未開設", Status.CLOSED),
        ("開設状況", "開設", Status.OPEN),
        ("status", "not open yet", Status.CLOSED),
        ("混雑状況", "満員", Status.FULL),
        ("status", "満室", Status.FULL),
        ("status", "不明", Status.UNKNOWN),
        ("category", "営業中のガソリンスタンド", Status.OPEN),
        ("name", "（閉鎖）第一小学校", Status.CLOSED),
        ("name", "閉鎖機関記念館", Status.UNKNOWN),
    ],
)
def test_status_words(column: str, value: str, status: Status) -> None:
    found = facts({column: value})
    assert found.status is status
    assert found.doubts == []


def test_a_status_nobody_knows_is_told_and_kept() -> None:
    assert told({"status": "ぼちぼち"}) == ["PM042"]
    assert facts({"status": "ぼちぼち"}).texts["note"] == "status ぼちぼち"


def test_codes_of_sahana() -> None:
    assert facts({"status": 2, "shelter_type_id": 1}).status is Status.OPEN
    assert facts({"status": 1, "shelter_type_id": 1}).status is Status.CLOSED
    assert facts({"status": 2}).status is Status.UNKNOWN


@pytest.mark.parametrize(
    ("column", "value", "confirmed"),
    [
        ("VERIFIED", "YES", True),
        ("VERIFIED", "NO", False),
        ("confirmed", True, True),
        ("確認", "未確認", False),
        ("category", "GS (黒点：未確認)", False),
        ("category", "給水(青：確認済)_台風19号_19年10月", True),
        ("category", "給水", None),
    ],
)
def test_confirmation(column: str, value: Any, confirmed: bool | None) -> None:  # noqa: FBT001
    assert facts({column: value}).confirmed is confirmed


@pytest.mark.parametrize(
    ("said", "status", "kept"),
    [
        ({"status": "開設中（ペット不可）"}, Status.OPEN, "開設中（ペット不可）"),
        ({"status": "混雑"}, Status.OPEN, "混雑"),
        ({"status": "開設中"}, Status.OPEN, ""),
        ({"confirmed": "確認済（7/9 電話）"}, Status.UNKNOWN, "確認済（7/9 電話）"),
        ({"confirmed": "確認済"}, Status.UNKNOWN, ""),
    ],
)
def test_words_of_the_state_that_say_more_stay(
    said: dict[str, str], status: Status, kept: str
) -> None:
    found = facts({"category": "避難所", "name": "公民館", **said})
    assert (found.status, found.texts.get("note", "")) == (status, kept)


def test_time_hides_in_a_category() -> None:
    found = facts({"category": "通行可能道路(1/3 10:30)"})
    assert found.updated_at == datetime(2024, 1, 3, 10, 30, tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-01-05T10:30:00+09:00", (2024, 1, 5, 10, 30)),
        ("2024-01-05T01:30:00Z", (2024, 1, 5, 10, 30)),
        ("2024/01/05 10:30", (2024, 1, 5, 10, 30)),
        ("2024/1/5 9:05:10", (2024, 1, 5, 9, 5)),
        ("2024-01-05", (2024, 1, 5, 0, 0)),
        ("２０２４年１月５日 １０時３０分", (2024, 1, 5, 10, 30)),
        ("2024年1月5日(金)10時現在", (2024, 1, 5, 10, 0)),
        ("令和6年1月5日", (2024, 1, 5, 0, 0)),
        ("令和元年5月1日", (2019, 5, 1, 0, 0)),
        ("1月3日 10:30", (2024, 1, 3, 10, 30)),
        ("12/30", (2023, 12, 30, 0, 0)),
        ("7/8/2018", (2018, 7, 8, 0, 0)),
        ("7/13/2018 9:30", (2018, 7, 13, 9, 30)),
        (1704418200, (2024, 1, 5, 10, 30)),
        ("1704418200000", (2024, 1, 5, 10, 30)),
    ],
)
def test_times(value: Any, expected: tuple[int, ...]) -> None:
    found = parse_time(value, JAPAN, NOW)
    assert found is not None
    local = found.astimezone(JAPAN)
    assert (local.year, local.month, local.day, local.hour, local.minute) == expected


@pytest.mark.parametrize(
    "value", ["", "昨日", "2024-13-45", "2/30", True, float("nan"), 5, "9" * 400]
)
def test_what_is_no_time(value: Any) -> None:
    assert parse_time(value, JAPAN, NOW) is None


def test_no_year_needs_a_day_to_count_from() -> None:
    assert parse_time("1月3日 10:30", JAPAN) is None


def test_the_month_comes_first_only_where_that_is_certain() -> None:
    assert parse_time("7/8/2018", UTC) is None
    assert parse_time("7/13/2018", UTC) == datetime(2018, 7, 13, tzinfo=UTC)


def test_whole_times_of_a_source_give_the_others_their_year() -> None:
    told = ("1月3日 10:30", "2024-01-05T08:00+09:00", "12/30")
    features = tuple(
        RawFeature(n, {"type": "Point", "coordinates": [139.1, 35.1]}, {"更新日時": text})
        for n, text in enumerate(told, 1)
    )
    raw = RawSource("a", "0", "GeoJSON", features)
    found = [point.updated_at for point in check_source(raw, load_vocabulary()).points]
    assert found[0] == datetime(2024, 1, 3, 10, 30, tzinfo=JAPAN)
    assert found[2] == datetime(2023, 12, 30, tzinfo=JAPAN)


@pytest.mark.parametrize(
    ("text", "hours"),
    [
        ("15:00～21:00", "15–21時"),
        ("10:00-20:00 シャワーなし", "10:00-20:00 シャワーなし"),
        ("15:00~深夜2:00", "15:00~深夜2:00"),
        ("休み：月曜", "月曜休み"),
    ],
)
def test_a_state_that_is_hours_counts_as_hours(text: str, hours: str) -> None:
    found = facts({"名称": "湯", "営業": text, "時間": "5:00:00 PM"})
    assert found.hours_in.get("ja", found.texts["hours"]) == hours
    assert found.status is Status.UNKNOWN
    assert found.texts["note"] == "時間 5:00:00 PM"  # whatever that was
    assert not [doubt for doubt in found.doubts if doubt.code == "PM042"]


def test_zones() -> None:
    assert zone_of(139, 35) == timezone(hours_of(hours=9))
    assert zone_of(121.5, 25.0) == timezone(hours_of(hours=8))
    assert zone_of(-74, 40) is ASSUMED
    assert zone_of(-74, 40).utcoffset(None) == hours_of(0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<p>給水</p><p>9時</p>", "給水\n9時"),
        ("<script>alert(1)</script>x", "x"),
        ("<a href='javascript:1'>道</a>", "道"),
        ("A &amp; B", "A & B"),
        ("3 < 5 & 7 > 2", "3 < 5 & 7 > 2"),
        (" a\u3000\u3000b\t c ", "a b c"),
        ("a\r\nb\u2028c", "a\nb\nc"),
        ("か\u3099", "が"),
        ("神", "神"),
        ("\ufeffa\u200bb", "ab"),
        ("👨‍👩‍👧", "👨‍👩‍👧"),
    ],
)
def test_text_is_cleaned(text: str, expected: str) -> None:
    assert clean(text).text == expected
    assert not clean(text).removed


@pytest.mark.parametrize("text", ["a\u202eb", "a\x00b", "a\x1bb", "a\ud800b", "a\u2066b"])
def test_control_and_bidi_characters_are_removed_and_told(text: str) -> None:
    assert clean(text).text == "ab"
    assert clean(text).removed
    assert told({"name": text}) == ["PM039"]


@settings(max_examples=50)
@given(st.text())
def test_cleaning_twice_changes_nothing_but_markup(text: str) -> None:
    once = clean(text.replace("&", "").replace("<", "")).text
    assume(not mended(once))
    assert clean(once).text == once
    once.encode("utf-8")


def test_private_data_is_told() -> None:
    assert told({"note": "担当 090-1234-5678 まで"}) == ["PM037"]
    assert told({"note": "a.b@example.org へ"}) == ["PM037"]
    assert told({"tel": "０８０１２３４５６７８"}) == ["PM037"]
    assert told({"tel": "0467-23-3000", "address": "090号線", "url": "https://x@example.org"}) == []
    assert private_in("1090-1234-56789") == ""


def test_columns_are_cleaned_like_values() -> None:
    found = facts({"\ud800水質\u202e": "良", "<b>味</b>": "よい"})
    assert found.texts["note"] == "水質 良、味 よい"


def test_long_text_is_told() -> None:
    assert told({"note": "あ" * 6001}) == ["PM038"]
    assert told({"note": "あ" * 6000}) == []
    assert told({"note": "あ" * 1_000_000}) == ["PM038"]


def test_texts_of_machines_are_cut_so_that_paper_is_finite() -> None:
    found = facts({"name": "名" * 500, "name:en": "n" * 500, "note": "注" * 9000, "tel": "1" * 999})
    assert found.texts["name"] == "名" * 119 + "…"
    assert found.names["en"] == "n" * 119 + "…"
    assert len(found.texts["note"]) == 6000
    assert len(found.texts["phone"]) == 200


def test_values_that_say_nothing() -> None:
    assert facts({"name": "null", "note": None, "tel": " ", "address": "-"}).texts == {}


def test_nested_values_become_text() -> None:
    assert as_text({"a": [1, 2.5, None, {"b": "c"}]}) == "a 1, 2.5, b c"
    deep: Any = "x"
    for _ in range(900):
        deep = [deep]
    assert as_text(deep) == ""
    assert as_text(1e300) == "1e+300"
    assert as_text(3.0) == "3"


def test_folding_and_shortening() -> None:
    assert fold("Ｎａ_me: １") == fold("name1") == "name1"
    assert shortened("a\nb" * 60, 10) == "a ba ba b…"


@pytest.mark.parametrize(
    "text", ["給水所 本町公園（体育館）", "井戸", "トイレ", "ガソリンスタンド"]
)
@pytest.mark.parametrize(
    ("wrote", "read"),
    [("utf-8", "latin-1"), ("utf-8", "cp932"), ("cp932", "latin-1"), ("cp932", "cp1252")],
)
def test_garbled_text_is_mended_or_called_lost(text: str, wrote: str, read: str) -> None:
    garbled = text.encode(wrote).decode(read, "replace")
    facts = read_facts({"name": garbled}, load_fields(), JAPAN, None)
    (doubt,) = (doubt for doubt in facts.doubts if doubt.code in {"PM065", "PM067"})
    if "\ufffd" in garbled:
        assert doubt.code == "PM067"
    else:
        assert (facts.texts["name"], doubt.params["original"]) == (text, text)


def test_what_is_left_of_lost_text_is_told() -> None:
    garbled = "ガソリンスタンド".encode().decode("cp932", "replace")
    facts = read_facts({"name": garbled}, load_fields(), JAPAN, None)
    (doubt,) = (doubt for doubt in facts.doubts if doubt.code == "PM067")
    assert "ガソリンスタン" in str(doubt.value)


@pytest.mark.parametrize(
    "text",
    [
        "Café Müller",
        "crème brûlée à volonté",
        "ÅÄÖ Ängelholm",
        "25°C",
        "“quoted” – text…",
        "Ελλάδα",
        "Москва",
        "髙﨑",
        "鷗外の碑",
        "縺れる",
        "ＡＢＣマンション",
    ],
)
def test_honest_text_is_not_called_garbled(text: str) -> None:
    assert clean(text) == Cleaned(text)


@given(st.text(st.characters(min_codepoint=0x3041, max_codepoint=0x9FFF), max_size=30))
def test_japanese_text_is_never_changed_by_mending(text: str) -> None:
    made = mended(text)
    assert not made or made.encode().decode("cp932") == text


def test_half_width_kana_are_printed_full() -> None:
    assert clean("ﾄｲﾚ｡ﾃﾞﾊﾟｰﾄ").text == "トイレ。デパート"
