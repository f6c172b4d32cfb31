"""Notes that are rows of a sheet become what their columns say; nobody's own words are touched."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papermap.atlas import check
from papermap.checks.facts import Facts, read_facts
from papermap.checks.fields import load_fields
from papermap.checks.listed import spread
from papermap.checks.times import JAPAN

AS_OF = datetime(2018, 7, 20, tzinfo=JAPAN)
SHEET = """設備: 仮設トイレ
問い合わせ先: 0848-67-6115
提供時間帯: ２４時間可能
その他注意事項等:
※トイレットペーパーは持参してください
※７基
タイムスタンプ: 07/12
情報登録者: 三原ＴＶにて
提供開始日:
掲載: ◯"""
SHARED = Path("/work/shared/data")


def facts(properties: dict[str, Any]) -> Facts:
    return read_facts(properties, load_fields(), JAPAN, AS_OF)


@pytest.mark.parametrize("line", ["\n", "<br>", "<br/>\n"])
@pytest.mark.parametrize("column", ["詳細", "description"])
def test_a_row_of_a_sheet_is_read_as_one(line: str, column: str) -> None:
    found = facts({"name": "市役所", column: SHEET.replace("\n", line)})
    assert found.texts["phone"] == "0848-67-6115"
    assert found.hours_in["ja"] == "24時間"
    assert found.updated_at == datetime(2018, 7, 12, tzinfo=JAPAN)
    note = "※トイレットペーパーは持参してください\n※７基\n仮設トイレ"
    assert found.texts["note"] == note
    assert "PM043" in {doubt.code for doubt in found.doubts}  # who wrote it is nobody's business
    assert found.original["note"] == SHEET


def test_columns_of_the_source_count_before_what_its_note_repeats() -> None:
    found = facts({"name": "市役所", "電話番号": "0848-11-1111", "詳細": SHEET})
    assert found.texts["phone"] == "0848-11-1111"
    assert "0848-67-6115" in found.texts["note"]


def test_a_description_that_repeats_such_a_note_says_nothing_more() -> None:
    told = f"経度: 133.0\n緯度: 34.4\n詳細: {SHEET}"
    apart = {"経度": "133.0", "緯度": "34.4", "詳細": SHEET}
    assert facts({**apart, "description": told}).texts == facts(apart).texts


@pytest.mark.parametrize(
    "text",
    [
        "営業: 10:00-20:00\n電話: 0848-1-2345",  # two lines: a person's
        "給水情報です。\n時間: 9:00-17:00\n電話: 0848-1-2345\n料金: 無料",
        "男: 月水金\n女: 火木土\n子ども: 毎日",  # no columns that anybody knows
        "http://example.org/a\nhttps://example.org/b\nhttp://example.org/c",
        "8:00-17:00\n9:00-12:00\n10:00-11:00",
    ],
)
def test_what_people_write_stays_as_it_is(text: str) -> None:
    assert spread({"note": text}, load_fields()) == ({"note": text}, "")


_word = st.text(st.sampled_from("あいうえお漢字水場"), min_size=1, max_size=8)


@given(
    st.dictionaries(
        st.sampled_from(["設備", "駐車場", "料金", "電話", "備考", "時間", "目印"]), _word
    )
)
def test_every_word_of_such_a_row_is_still_said(row: dict[str, str]) -> None:
    found = facts({"name": "市役所", "説明": "\n".join(f"{k}: {v}" for k, v in row.items())})
    said = " ".join(found.texts.values())
    assert all(value in said for value in row.values())


@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared data are not here")
def test_rows_of_a_real_map_say_first_what_is_needed() -> None:
    points = check([str(SHARED / "mihara-2018/water-supply.kml")]).points
    toilets = [point for point in points if point.category == "toilet"]
    assert not [point for point in toilets if "タイムスタンプ" in point.note]
    assert sum(bool(point.phone) for point in toilets) > 20
