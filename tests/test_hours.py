"""Opening hours: what is certain is put into plain words, what is not is left alone."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papermap.checks.facts import read_facts
from papermap.checks.fields import load_fields
from papermap.checks.hours import understood
from papermap.checks.times import JAPAN

_PIECES = re.findall(
    r"\S+", ":00 9 17 時 - ～ 月 日 祝 平日 休み ( ) Mo Sa off ; , 24h 翌 午後 まで なくなり次第 ."
)


@pytest.mark.parametrize(
    ("text", "japanese", "english"),
    [
        ("Mo-Fr 09:00-17:00", "月–金 9:00–17:00、土日休み", "Mon–Fri 9:00–17:00, closed Sat, Sun"),
        (
            "Mo-Fr 09:00-17:00; Sa,Su off",
            "月–金 9:00–17:00、土日休み",
            "Mon–Fri 9:00–17:00, closed Sat, Sun",
        ),
        ("Tu-Su 10:00-18:00", "火–日 10:00–18:00、月曜休み", "Tue–Sun 10:00–18:00, closed Mon"),
        (
            "Mo,We 09:00-12:00; Sa 13:00-17:00; PH off",
            "月・水 9:00–12:00、土曜 13:00–17:00、祝日休み",
            "Mon, Wed 9:00–12:00; Sat 13:00–17:00, closed holidays",
        ),
        ("24/7", "24時間", "24 h"),
        ("Mo-Su 22:00-02:00", "22:00–翌2:00", "22:00–2:00 next day"),
        ("09:00-12:00,13:00-17:30", "9:00–12:00・13:00–17:30", "9:00–12:00, 13:00–17:30"),
        ("Jan 03-05 10:00-16:00", "1/3–1/5 10:00–16:00", "3 Jan–5 Jan 10:00–16:00"),
        ("sunrise-sunset", "日の出–日の入り", "sunrise–sunset"),
        ('10:00-12:00 "要予約"', "10–12時（要予約）", "10:00–12:00 (要予約)"),
        ("9時～17時", "9–17時", "9:00–17:00"),
        ("9：00～17：00", "9–17時", "9:00–17:00"),
        ("午前9時から午後5時半まで", "9:00–17:30", "9:00–17:30"),
        ("24h", "24時間", "24 h"),
        ("２４時間可能", "24時間", "24 h"),
        ("24時間体制", "24時間", "24 h"),
        ("なくなり次第終了", "なくなり次第終了", "while supplies last"),
        (
            "9:00-17:00(12-13時休み)",
            "9–17時（12–13時休み）",
            "9:00–17:00 (closed 12:00–13:00)",
        ),
        (
            "15:00~21:00 湯がなくなり次第終了",
            "15–21時（なくなり次第終了）",
            "15:00–21:00 (while supplies last)",
        ),
        (
            "平日 9:00-17:00、土日 10:00-15:00",
            "平日 9:00–17:00、土日 10:00–15:00",
            "weekdays 9:00–17:00; Sat, Sun 10:00–15:00",
        ),
        (
            "15:00-21:00/月水金休み",
            "15:00–21:00、月・水・金休み",
            "15:00–21:00, closed Mon, Wed, Fri",
        ),
        ("定休日：月曜", "月曜休み", "closed Mon"),
        (
            "11:00-16:00（最終入館15:30）",
            "11–16時（受付15:30まで）",
            "11:00–16:00 (last entry 15:30)",
        ),
        ("18時〜翌朝6時", "18:00–翌6:00", "18:00–6:00 next day"),
        ("Mon-Fri 9am-5pm", "月–金 9:00–17:00", "Mon–Fri 9:00–17:00"),
    ],
)
def test_in_plain_words(text: str, japanese: str, english: str) -> None:
    assert dict(understood(text).words) == {"ja": japanese, "en": english}
    assert understood(text).error == ""


@pytest.mark.parametrize(
    "text",
    [
        "昼・夕2回",
        "始発-終電",
        "9-17",  # hours, or the 17th of September
        "7/13 9:00-17:00",
        "9:00-17:00 (体育館のみ)",
        "月1回 9:00-17:00",
        "7月 9:00-17:00",
        "未定",
        "12時",
        "日",
        "休み",
        "9時-25時",
        "Mo[1] 10:00-12:00",  # valid, and too involved for a row
        "x" * 5_000,
    ],
)
def test_what_is_not_certain_is_left_alone(text: str) -> None:
    assert dict(understood(text).words) == {}
    assert understood(text).error == ""


@pytest.mark.parametrize(("text", "place"), [("Mo 9-17", "4"), ("Mo-Fr 25:00-26:00", "7")])
def test_syntax_that_is_wrong_is_told_with_its_place(text: str, place: str) -> None:
    facts = read_facts({"opening_hours": text}, load_fields(), JAPAN, None)
    (doubt,) = [doubt for doubt in facts.doubts if doubt.code == "PM066"]
    assert (doubt.value, doubt.params["place"]) == (text, place)
    assert facts.texts["hours"] == text
    assert dict(facts.hours_in) == {}


def test_the_text_itself_stays() -> None:
    facts = read_facts({"hours": "9時～17時"}, load_fields(), JAPAN, None)
    assert facts.texts["hours"] == "9時～17時"
    assert facts.hours_in["en"] == "9:00–17:00"


@given(st.integers(0, 23), st.integers(0, 59), st.integers(1, 1439))
def test_no_minute_is_lost(hour: int, minute: int, length: int) -> None:
    end = (hour * 60 + minute + length) % 1440
    words = understood(f"{hour:02}:{minute:02}-{end // 60:02}:{end % 60:02}").words
    said = words["en"].removesuffix(" next day")
    assert said == f"{hour}:{minute:02}–{end // 60}:{end % 60:02}"


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    understood(text)


@given(
    st.lists(
        st.sampled_from(_PIECES),
        max_size=14,
    ).map("".join)
)
def test_any_hours_like_text_is_taken(text: str) -> None:
    for words in understood(text).words.values():
        assert words.strip()


@pytest.mark.parametrize(
    ("text", "japanese"),
    [
        # open on the first days, shut on the last: no telling where nothing parts them
        ("9:00–17:00 月火水木金 祝日休診", ""),
        ("9:00-17:00 月~金、祝日休み", ""),
        ("火水木金土日 月曜休館 9:00–21:00", ""),
        ("10:00-18:00（土、日、祝日休み）", "10:00–18:00、土日・祝日休み"),
        ("月火水木金 9:00–17:00 祝日休診", "月–金 9:00–17:00、祝日休み"),
        # times are never of the days on which it is shut
        ("定休日:月、火 9:00-17:00", "月火休み、9:00–17:00"),
        ("月曜定休 24時間", "月曜休み、24時間"),
    ],
)
def test_days_without_are_never_told_as_days_with(text: str, japanese: str) -> None:
    assert understood(text).words.get("ja", "") == japanese
