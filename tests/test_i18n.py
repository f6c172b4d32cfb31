"""Words: both languages say the same things, and every key asked for in the code exists."""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from papermap import resources
from papermap.errors import UsageError
from papermap.i18n import SUPPORTED, Words, problem_text
from papermap.model import Problem, Severity

PACKAGE = Path(__file__).parents[1] / "papermap"


def _locale(language: str) -> dict[str, Any]:
    return tomllib.loads(resources.file("locale", f"{language}.toml").read_text("utf-8"))


def _flat(table: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        if isinstance(value, dict) and set(value) != {"one", "other"}:
            yield from _flat(value, f"{above}{key}.")
        else:
            yield above + key, value


def _gaps(value: Any) -> set[str]:
    texts = value.values() if isinstance(value, dict) else [value]
    return {
        field
        for text in texts
        if isinstance(text, str)
        for _, field, _, _ in string.Formatter().parse(text)
        if field is not None
    }


def test_languages_have_the_same_keys_and_gaps() -> None:
    first, *others = (dict(_flat(_locale(language))) for language in SUPPORTED)
    for other in others:
        assert set(first) == set(other)
        differing = {key for key in first if _gaps(first[key]) != _gaps(other[key])}
        # a time is written with the month's name in one language and its number in the other
        named = {f"paper.{key}" for key in ("when", "when_short", "day", "day_in_year")}
        assert differing <= named | {"hours.date", "hours.month"}


def test_problems_say_what_is_wrong_and_what_to_do() -> None:
    for language in SUPPORTED:
        for code, texts in _locale(language)["problems"].items():
            assert re.fullmatch(r"PM\d{3}", code)
            assert set(texts) == {"what", "todo"}, code
            assert texts["what"].strip(), code


def _sources() -> str:
    return "\n".join(path.read_text("utf-8") for path in sorted(PACKAGE.rglob("*.py")))


def test_every_key_in_the_code_has_words() -> None:
    known = _locale("en")["paper"]
    calls = re.findall(r"words(?:\.second)?\(\s*[\"']([a-z_.]+)[\"']\s*[,)]", _sources())
    asked = {key for key in calls if key not in {"key", "cli.key"} and "." not in key}
    assert asked
    assert asked <= set(known)


def test_every_problem_code_in_the_code_has_words() -> None:
    asked = set(re.findall(r"[\"'](PM\d{3})[\"']", _sources()))
    assert asked <= set(_locale("en")["problems"])


def test_first_language_large_second_beside_it() -> None:
    words = Words(("ja", "en"))
    assert (words("notes"), words.second("notes")) == ("書きこみ", "Notes")
    assert Words(("en", "ja"))("notes") == "Notes"
    assert Words(("ja",)).second("notes") == ""
    assert words.in_("en", "edition", n=3) == "Edition 3"


def test_one_and_many() -> None:
    words = Words(("en",))
    assert words("count", n=1) == "1 place"
    assert words("count", n=0) == "0 places"
    assert Words(("ja",))("count", n=6) == "6 か所"


def test_params_are_never_read_as_a_pattern() -> None:
    assert "{0.__class__}" in Words(("en",))("basemap", text="{0.__class__}")


def test_a_time_is_told_in_its_own_offset() -> None:
    moment = datetime(2026, 11, 22, 16, 4, tzinfo=timezone(timedelta(hours=9)))
    assert Words(("ja",)).when(moment) == "11月22日 16:04"
    assert Words(("en",)).when(moment) == "22 Nov 16:04"
    assert Words(("ja",)).when(moment, short=True) == "11/22 16:04"
    assert Words(("ja", "en")).when(moment, language="en") == "22 Nov 16:04"
    assert Words(("ja",)).when(moment.astimezone(UTC)) == "11月22日 07:04"


@pytest.mark.parametrize("languages", [("fr",), ("ja", "xx"), ()])
def test_an_unknown_language_is_told_with_those_there_are(languages: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match="ja, en"):
        Words(languages)


def test_a_problem_without_words_is_named_by_its_code() -> None:
    problem = Problem("PM999", Severity.WARNING, "a.geojson")
    assert problem_text(problem, "ja")[0] == "PM999"


def test_a_message_with_a_missing_value_still_speaks() -> None:
    for language in SUPPORTED:
        for code in _locale(language)["problems"]:
            what, todo = problem_text(
                Problem(code, Severity.ERROR, "a.geojson", 3, "名前", "field", "{value}"), language
            )
            assert what
            assert "{feature}" not in what + todo
