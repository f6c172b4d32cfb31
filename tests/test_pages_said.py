"""What a row says of a place: everything that matters before one walks there, and since when."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pdfplumber
import pytest
from pages_fake import AS_OF, draw_pages, make_book, town_points

from papermap.model import HAZARDS, Status, SupportPoint
from papermap.pages.said import RowText, row_text
from papermap.pages.sheet import sheet_pages
from papermap.units import MM_PER_PT

PLAIN = replace(town_points(1)[0], capacity="", note="", phone="", accessibility="")


def said(point: SupportPoint, *, languages: tuple[str, ...] = ("ja", "en")) -> RowText:
    return row_text(make_book((point, *town_points()[1:]), languages=languages), point)


@pytest.mark.parametrize(
    ("hazards", "japanese", "english"),
    [
        (("tsunami", "flood"), "対象災害 洪水・津波", "for flood, tsunami"),
        (HAZARDS, "すべての災害に対応", "for every hazard"),
        ((), "", ""),
    ],
)
def test_a_row_says_for_which_hazards_a_site_is_meant(
    hazards: tuple[str, ...], japanese: str, english: str
) -> None:
    point = replace(town_points(1)[0], hazards=frozenset(hazards), capacity="", note="", phone="")
    point = replace(point, accessibility="")
    for languages, words in ((("ja", "en"), japanese), (("en", "ja"), english)):
        assert row_text(make_book((point,), languages=languages), point).what == words


def test_everything_is_said_in_the_order_in_which_it_matters() -> None:
    point = replace(
        PLAIN,
        bring="タオル",
        available="12人",
        capacity="40人",
        accessibility="段差なし",
        pets="○",
        cost="200円",
        floor="2",
        note="女性のみ",
        phone="0467-00-0000",
    )
    assert said(point).what == (
        "持ち物 タオル・残り 12人・定員40人・段差なし・ペット可・200円・2階・"
        "女性のみ・電話 0467-00-0000"
    )
    assert said(point, languages=("en", "ja")).what.startswith("bring タオル; left: 12人; capacity")


@pytest.mark.parametrize(
    ("field", "text", "ja"),
    [
        ("pets", "不可", "ペット不可"),
        ("pets", "小型犬のみ", "小型犬のみ"),
        ("pets", "ケージに入れて", "ペット ケージに入れて"),
        ("available", "空きあり", "空きあり"),
        ("bring", "容器持参", "容器持参"),
        ("cost", "無料", "無料"),
        ("cost", "200", "料金 200"),
        ("floor", "B1", "B1階"),
        ("floor", "屋上", "屋上"),
    ],
)
def test_a_text_that_says_itself_what_it_is_about_gets_no_label(
    field: str, text: str, ja: str
) -> None:
    assert said(replace(PLAIN, **{field: text})).what == ja


def test_a_long_note_comes_behind_the_telephone_number() -> None:
    point = replace(PLAIN, note="夜は裏口から入る。" * 10, phone="0467-00-0000")
    assert said(point).what.startswith("電話 0467-00-0000・夜は")


def test_what_is_older_than_the_rest_says_from_when_it_is() -> None:
    old = replace(PLAIN, updated_at=AS_OF - timedelta(hours=20))
    assert said(old).what == "9/13現在"
    assert said(old, languages=("en", "ja")).what == "as of 13 Sep"
    assert said(replace(PLAIN, updated_at=AS_OF - timedelta(hours=1))).what == ""
    assert said(replace(PLAIN, updated_at=None)).what == ""


def test_where_all_is_old_nothing_is_older_than_the_rest() -> None:
    points = tuple(
        replace(point, updated_at=AS_OF - timedelta(hours=20)) for point in town_points()
    )
    book = make_book(points)
    assert all("現在" not in row_text(book, point).what for point in points)


def test_old_information_is_told_by_its_day_in_place_of_the_hours() -> None:
    stale = replace(PLAIN, updated_at=AS_OF - timedelta(days=3))
    assert (said(stale).hours, said(stale).exception) == ("9/11の情報", True)
    assert said(stale).what == "9–17時"
    ancient = replace(PLAIN, updated_at=AS_OF - timedelta(days=800))
    assert said(ancient).hours == "2024/7/6の情報"
    assert said(ancient, languages=("en", "ja")).hours == "as of 6 Jul 2024"
    closed = replace(stale, status=Status.CLOSED)
    assert (said(closed).hours, said(closed).what) == ("閉鎖", "9–17時・9/11現在")


def test_hours_are_in_the_language_of_the_page() -> None:
    point = replace(PLAIN, hours="平日9–17時", hours_in={"en": "Mon–Fri 9–17"})
    assert said(point).hours == "平日9–17時"
    assert said(point, languages=("en", "ja")).hours == "Mon–Fri 9–17"


def test_large_type_gives_the_kana_of_names_with_kanji() -> None:
    point = replace(PLAIN, name="潮見中学校", reading="シオミチュウガッコウ")
    large = make_book((point,), style="large")
    assert row_text(large, point).name == "潮見中学校（しおみちゅうがっこう）"
    assert row_text(make_book((point,)), point).name == "潮見中学校"
    plain = replace(point, name="しおみホール", reading="シオミホール")
    assert row_text(large, plain).name == "しおみホール"
    english = make_book((point,), style="large", languages=("en", "ja"))
    assert row_text(english, point).name == "潮見中学校"


@pytest.mark.parametrize(
    ("style", "least"), [("mono", 9), ("colour", 9), ("draft", 9), ("large", 12)]
)
def test_no_type_of_a_list_is_smaller_than_people_can_read(style: str, least: float) -> None:
    book = make_book(style=style)
    pages = sheet_pages(book)
    data = draw_pages(book, list(pages))
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        for page, sheet in zip(pdf.pages, pages, strict=True):
            box = sheet.list.boxes  # type: ignore[attr-defined]
            low = float(page.height) - max(one.y1 for one in box) / MM_PER_PT
            high = float(page.height) - min(one.y0 for one in box) / MM_PER_PT
            left, right = box[0].x0 / MM_PER_PT - 1, box[-1].x1 / MM_PER_PT + 1
            sizes = {
                char["size"]
                for char in page.chars
                if low < char["top"] and char["bottom"] < high and left < char["x0"] < right
            }
            assert sizes
            assert min(sizes) >= least - 0.01
