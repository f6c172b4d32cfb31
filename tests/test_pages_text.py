"""Wrapping: nothing is cut or dropped, 禁則 kept, words whole, no orphans."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages_fake import fonts

from papermap.pages.text import NO_END, NO_START, Metrics, wrap

METRICS = Metrics(fonts())
JAPANESE = st.text(
    "給水車は市役所の前、小学校（体育館）カード・ゃっー。「」", min_size=1, max_size=80
)
WORDS = st.text("abc de water Wi-Fi ", min_size=1, max_size=60)


def _squeezed(text: str) -> str:
    return "".join(text.split())


@settings(max_examples=50, deadline=None)
@given(st.one_of(JAPANESE, WORDS, st.text(max_size=60)), st.floats(8, 90))
def test_nothing_is_cut_or_dropped(text: str, width: float) -> None:
    lines = wrap(text, width, 9, METRICS)
    assert _squeezed("".join(lines)) == _squeezed("".join(text.splitlines()))
    for line in lines:
        assert METRICS.width(line, 9) <= width + 0.1 or len(line) == 1
        assert line == line.strip()


@settings(max_examples=50, deadline=None)
@given(JAPANESE, st.floats(25, 90))
def test_no_line_begins_or_ends_with_a_forbidden_character(text: str, width: float) -> None:
    text = "水" + text.lstrip("、。）」・ゃっー") + "水"
    pieces = [p for p in _runs_of_forbidden(text) if METRICS.width(p, 9) > width - 8]
    lines = wrap(text, width, 9, METRICS)
    if not pieces:  # a chain of marks longer than a line cannot be kept together
        for before, after in pairwise(lines):
            assert after[0] not in NO_START
            assert before[-1] not in NO_END


def _runs_of_forbidden(text: str) -> list[str]:
    runs, run = [], text[0]
    for before, after in pairwise(text):
        if after in NO_START or before in NO_END:
            run += after
        else:
            runs.append(run)
            run = after
    return [*runs, run]


@settings(max_examples=50, deadline=None)
@given(WORDS, st.floats(16, 60))
def test_latin_words_that_fit_a_line_are_not_cut(text: str, width: float) -> None:
    words = {word for line in wrap(text, width, 9, METRICS) for word in line.split()}
    assert all(word in words for word in text.split() if METRICS.width(word, 9) <= width)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("市役所 本庁舎前", 16, ("市役所", "本庁舎前")),
        ("9–17時・停電との情報あり", 26, ("9–17時・", "停電との情報あり")),
        ("8:30-20:00", 13, ("8:30-", "20:00")),
        ("24時間対応の応急給水栓", 30, ("24時間対応の", "応急給水栓")),
        ("一行目\n二行目", 50, ("一行目", "二行目")),
        ("", 20, ()),
    ],
)
def test_lines_end_where_reading_rests(text: str, width: float, lines: tuple[str, ...]) -> None:
    assert wrap(text, width, 9, METRICS) == lines


def test_a_telephone_number_stays_whole() -> None:
    lines = wrap("罹災証明・安否確認・電話 0467-00-0000", 28, 9, METRICS)
    assert any("0467-00-0000" in line for line in lines)


def test_no_last_line_of_one_or_two_characters() -> None:
    text = "応急給水栓は校庭のうら門の右にある倉庫の中"
    for width in range(20, 60):
        lines = wrap(text, width, 9, METRICS)
        assert len(lines) == 1 or len(lines[-1]) >= 3, (width, lines)


def test_widths_are_those_of_the_fonts() -> None:
    text = "給水 Water 24時間"
    expected = fonts().width(text, 11, bold=True) * 25.4 / 72
    assert METRICS.width(text, 11, bold=True) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("始発-終電", 13, ("始発-", "終電")),
        ("10–16時", 14, ("10–16時",)),
        ("平日 8:30-20:00", 24, ("平日", "8:30-20:00")),
        ("9時〜12時・13時〜17時", 22, ("9時〜12時・", "13時〜17時")),
        ("14:00–20:00", 12, ("14:00–", "20:00")),
    ],
)
def test_hours_break_between_their_parts(text: str, width: float, lines: tuple[str, ...]) -> None:
    assert wrap(text, width, 9, METRICS, hours=True) == lines


def test_figures_stay_with_what_they_count() -> None:
    for width in range(8, 30):
        lines = wrap("給水は10時から16時まで、1人6Lまで", width, 9, METRICS)
        assert not any(line[-1].isdigit() for line in lines[:-1]), (width, lines)
