"""The page of problems, in a real browser where there is one."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from papermap.checks import check_source
from papermap.checks.page import problems_as_html
from papermap.model import Checked
from papermap.readers.base import RawFeature, RawSource
from papermap.vocabulary import load_vocabulary

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
EVIL = '"><img src=x onerror="document.title=1"><script>document.title="owned"</script>1 < 2 & 3'
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def raw(number: int, at: tuple[Any, Any] | None, **properties: str) -> RawFeature:
    geometry = None if at is None else {"type": "Point", "coordinates": list(at)}
    return RawFeature(number, geometry, {"name": f"給水所{number}", **properties})


def checked() -> Checked:
    features = (
        *(raw(n, (139.1 + n / 1000, 34 + n / 1000), category="AED") for n in range(1, 9)),
        raw(9, (139.103, 34.002), category="将棋盤"),
        raw(10, None, category="給水"),
        raw(11, (139.104, 34.003), category=EVIL[:40], name=EVIL),
        raw(12, (34.003, 139.104), category="AED"),
    )
    return check_source(RawSource(f"{EVIL}.geojson", "0", "GeoJSON", features), load_vocabulary())


def test_every_problem_has_a_row_and_nothing_is_fetched() -> None:
    data = checked()
    html = problems_as_html(data, "en")
    assert html.count("<tr id=") == len(data.problems)
    assert not re.search(r"<[^>]*(?:src|href)\s*=|https?://|@import|url\(", html)
    assert "default-src 'none'" in html
    assert html.count("<script>") == 1


def test_a_clean_source_says_so() -> None:
    source = RawSource("a", "0", "GeoJSON", (raw(1, (139.1, 34), category="AED"),))
    html = problems_as_html(check_source(source, load_vocabulary()), "ja")
    assert "問題はありません" in html
    assert "<table" not in html


def test_one_far_away_does_not_shrink_the_town() -> None:
    near = [raw(n, (139.1 + n / 1000, 34), category="AED") for n in range(1, 200)]
    features = (*near, raw(200, (10, 50), category="AED"), raw(201, (139.15, 34), category="?"))
    source = RawSource("a", "0", "GeoJSON", features)
    html = problems_as_html(check_source(source, load_vocabulary()), "en")
    dots = [float(x) for x in re.findall(r"M(-?[\d.]+) ", html.split('id="dots"')[1])]
    shown = sorted(x for x in dots if 0 <= x <= 1000)
    assert shown[-1] - shown[0] > 250


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    if BROWSER is None:
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    path = tmp_path_factory.mktemp("page") / "problems.html"
    path.write_text(problems_as_html(checked(), "en"), "utf-8")
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=BROWSER, args=list(FLAGS))
        opened = browser.new_page()
        opened.goto(path.as_uri())
        yield opened
        browser.close()


def visible(page: Any) -> int:
    return sum(row.is_visible() for row in page.query_selector_all("tbody tr"))


def test_rows_are_filtered_by_word_kind_and_code(page: Any) -> None:
    everything = visible(page)
    assert everything == len(checked().problems)
    page.fill("#search", "給水所10")
    assert visible(page) == 1
    page.fill("#search", "no such word")
    assert visible(page) == 0
    assert page.is_visible("#nothing")
    page.fill("#search", "")
    page.select_option("#severity", "error")
    assert 0 < visible(page) < everything
    page.select_option("#severity", "")
    page.select_option("#code", "PM033")
    assert visible(page) == 2
    page.select_option("#code", label="Code")
    assert visible(page) == everything


def test_a_problem_is_shown_on_the_map_and_found_from_it(page: Any) -> None:
    whole = page.get_attribute("#map", "viewBox")
    row = page.query_selector("tr:has(button)")
    row.query_selector("button").click()
    assert page.get_attribute("#map", "viewBox") != whole
    assert "on" in (row.get_attribute("class") or "")
    page.click("#whole")
    assert page.get_attribute("#map", "viewBox") == whole
    last = page.query_selector_all(".mark")[-1]
    last.dispatch_event("click")
    assert "on" in page.get_attribute(f"#{last.get_attribute('data-for')}", "class")


def test_what_strangers_wrote_is_text(page: Any) -> None:
    assert page.title() == "What is wrong with these points"
    assert f"{EVIL}.geojson" in page.inner_text("tbody")
    assert page.query_selector("img") is None


def test_it_is_a_file_that_opens_anywhere(tmp_path: Path) -> None:
    text = problems_as_html(checked(), "ja")
    path = tmp_path / "p.html"
    path.write_text(text, "utf-8")
    assert path.read_text("utf-8").startswith("<!doctype html>")
    assert 'lang="ja"' in text
