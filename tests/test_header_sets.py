"""Header sets of the municipal standards: published headers, and what a row of each becomes."""

from __future__ import annotations

import io

import pytest

from papermap.checks import check_source
from papermap.model import SupportPoint
from papermap.readers import read
from papermap.vocabulary import load_vocabulary

OWNER = {
    "都道府県コード又は市区町村コード": "142042",
    "NO": "1",
    "都道府県名": "青海県",
    "市区町村名": "潮見市",
}
PLACE = {"住所": "青海県潮見市本町1", "方書": "", "緯度": "35.31", "経度": "139.55"}
OLD, NEW = "推奨データセット", "自治体標準オープンデータセット"
TOILETS = {
    **dict.fromkeys(("男性トイレ総数", "女性トイレ総数"), "3"),
    **dict.fromkeys(
        ("男女共用トイレ総数", "男女共用トイレ数（和式）", "男女共用トイレ数（洋式）"), "0"
    ),
}
DEVICES = {
    "車椅子使用者用トイレ有無": "有",
    "乳幼児用設備設置トイレ有無": "無",
    "オストメイト設置トイレ有無": "有",
    "利用開始時間": "6:00",
    "利用終了時間": "22:00",
    "利用可能時間特記事項": "冬は21:00まで",
    "画像": "",
    "画像_ライセンス": "",
    "備考": "",
}


def point(name: str, cells: dict[str, str]) -> tuple[str, SupportPoint]:
    row = {"名称": name, "名称_カナ": "シオミ", **cells}
    text = "\n".join((",".join(row), ",".join(row.values())))
    raw = read("-", stdin=io.BytesIO(text.encode("cp932")))
    (found,) = check_source(raw, load_vocabulary()).points
    return raw.format, found


def test_evacuation_sites() -> None:
    hazards = (
        "洪水",
        "崖崩れ、土石流及び地滑り",
        "高潮",
        "地震",
        "津波",
        "大規模な火事",
        "内水氾濫",
        "火山現象",
    )
    cells = {
        "NO": "1",
        **PLACE,
        "標高": "12",
        "電話番号": "0467-00-0000",
        "内線番号": "",
        "市区町村コード": "142042",
        **{f"災害種別_{hazard}": "1" if hazard in ("洪水", "津波") else "" for hazard in hazards},
        "指定避難所との重複": "1",
        "想定収容人数": "800",
        "対象となる町会・自治会": "港町;浜町",
        "URL": "",
        "備考": "",
    }
    form, found = point("潮見小学校", cells)
    assert form == f"CSV ({OLD} 指定緊急避難場所一覧)"
    assert (found.category, found.capacity) == ("evacuation", "800")
    assert found.hazards == {"flood", "tsunami"}
    assert found.note == "対象となる町会・自治会 港町;浜町"


def test_defibrillators() -> None:
    cells = {
        **OWNER,
        **PLACE,
        "設置位置": "正面玄関",
        "電話番号": "",
        "内線番号": "",
        "法人番号": "1000020142042",
        "団体名": "",
        "利用可能曜日": "月火水木金",
        "開始時間": "8:30",
        "終了時間": "17:15",
        "利用可能日時特記事項": "祝日休み",
        "小児対応設備の有無": "有",
        "URL": "",
        "備考": "",
    }
    form, found = point("潮見市役所", cells)
    assert form == f"CSV ({OLD} AED設置箇所一覧)"
    assert (found.category, found.note) == ("aed", "正面玄関、小児対応設備")
    assert found.hours_in["ja"] == "月–金 8:30–17:15、祝日休み"


def test_wifi() -> None:
    cells = {
        **OWNER,
        "名称_英語": "Shiomi Library",
        **PLACE,
        "設置者": "",
        "電話番号": "",
        "内線番号": "",
        "SSID": "Shiomi_Free",
        "提供エリア": "1階ロビー",
        "URL": "",
        "備考": "登録が必要",
    }
    form, found = point("潮見図書館", cells)
    assert form == f"CSV ({OLD} 公衆無線LANアクセスポイント一覧)"
    assert (found.category, found.names["en"]) == ("wifi", "Shiomi Library")
    assert "SSID Shiomi_Free、提供エリア 1階ロビー" in found.note


def test_hospitals() -> None:
    cells = {
        **OWNER,
        "医療機関の種類": "病院",
        **PLACE,
        "電話番号": "0467-00-0002",
        "内線番号": "",
        "FAX番号": "",
        "法人番号": "1",
        "法人の名称": "",
        "医療機関コード": "9",
        "診療曜日": "月火水木金",
        "診療開始時間": "9:00",
        "診療終了時間": "17:00",
        "診療日時特記事項": "祝日休診",
        "時間外における対応": "救急外来",
        "診療科目": "内科;外科",
        "病床数": "120",
        "URL": "",
        "備考": "",
    }
    form, found = point("潮見病院", cells)
    assert form == f"CSV ({OLD} 医療機関一覧)"
    assert found.category == "medical"
    assert found.hours_in["en"] == "Mon–Fri 9:00–17:00, closed holidays"
    assert found.note.startswith("内科;外科\n救急外来")
    assert "診療" not in found.note


def test_public_buildings() -> None:
    cells = {
        **OWNER,
        "名称_通称": "",
        "POIコード": "1110",
        **PLACE,
        "電話番号": "",
        "内線番号": "",
        "法人番号": "2",
        "団体名": "",
        "利用可能曜日": "火水木金土日",
        "開始時間": "9:00",
        "終了時間": "21:00",
        "利用可能日時特記事項": "月曜休館",
        "説明": "大ホール",
        "バリアフリー情報": "スロープ;エレベーター",
        "URL": "",
        "備考": "",
    }
    form, found = point("潮見市民会館", cells)
    assert form == f"CSV ({OLD} 公共施設一覧)"
    assert (found.category, found.note) == ("public", "大ホール")
    assert (found.accessibility, found.hours_in["ja"]) == (
        "スロープ;エレベーター",
        "火–日 9:00–21:00、月曜休み",
    )


@pytest.mark.parametrize("address", ["所在地_連結表記", "所在地_連結標記"])  # cities write both
def test_toilets_of_both_standards(address: str) -> None:
    old = {**OWNER, **PLACE, "設置位置": "駐車場横", **TOILETS, "多機能トイレ数": "1", **DEVICES}
    new = {
        "全国地方公共団体コード": "142042",
        "ID": "T0001",
        "地方公共団体名": "青海県潮見市",
        "名称_英字": "Hama Park",
        "所在地_全国地方公共団体コード": "142042",
        "町字ID": "0001000",
        address: "青海県潮見市本町1",
        "所在地_都道府県": "青海県",
        "所在地_市区町村": "潮見市",
        "所在地_町字": "本町",
        "所在地_番地以下": "1",
        "建物名等(方書)": "管理棟",
        "緯度": "35.31",
        "経度": "139.55",
        "高度の種別": "海抜",
        "高度の値": "5",
        "設置位置": "駐車場横",
        **TOILETS,
        "バリアフリートイレ数": "1",
        **DEVICES,
    }
    for standard, cells in ((OLD, old), (NEW, new)):
        form, found = point("浜公園トイレ", cells)
        assert form == f"CSV ({standard} 公衆トイレ一覧)"
        assert (found.category, found.reading) == ("toilet", "シオミ")
        assert found.hours == "6:00–22:00 冬は21:00まで"
        assert found.accessibility == "車椅子使用者用トイレ・オストメイト設置トイレ"
        assert found.note.startswith("駐車場横、男3、女3、")
        assert found.note.endswith({OLD: "多機能1", NEW: "バリアフリー1"}[standard])
        assert not {"142042", "0001000", "海抜", "0"} & set(found.note.replace("、", " ").split())
    assert (found.id, found.address) == ("T0001", "青海県潮見市本町1 管理棟")
    assert found.names["en"] == "Hama Park"


def test_a_day_off_is_not_a_day_on() -> None:
    cells = {**PLACE, "営業時間": "10:00-19:00", "定休日": "月曜"}
    _, found = point("潮見湯", cells)
    assert found.hours_in["ja"] == "10:00–19:00、月曜休み"
    _, found = point("潮見湯", {**cells, "定休日": "なし"})
    assert found.hours == "10:00-19:00 定休日 なし"
