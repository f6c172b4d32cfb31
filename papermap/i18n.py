"""The words on paper and on screen, by language; they live in ``locale/<language>.toml``."""

from __future__ import annotations

import functools
import string
import tomllib
from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from papermap import resources
from papermap.errors import PapermapError, UsageError
from papermap.model import Problem

SUPPORTED: Final = ("ja", "en")


class Words:
    """Words in the languages of one book, the first large and the second beside it.

    ``words("key", n=3)`` is the text of ``[paper]`` with its ``{n}`` filled in;
    ``words("cli.key")`` looks in another table. An entry with ``one`` and ``other`` goes by ``n``.

    Raises
    ------
    UsageError
        For a language that papermap does not speak.
    """

    def __init__(self, languages: tuple[str, ...] = SUPPORTED) -> None:
        if not languages:
            raise UsageError(
                "No language was named.", "Choose among {known}.", known=", ".join(SUPPORTED)
            )
        for language in languages:
            if language not in SUPPORTED:
                raise UsageError(
                    "Unknown language “{language}”.",
                    "Choose among {known}.",
                    language=language,
                    known=", ".join(SUPPORTED),
                )
        self.languages = tuple(dict.fromkeys(languages))

    def __call__(self, key: str, /, **params: object) -> str:
        """Text in the first language."""
        return self.in_(self.languages[0], key, **params)

    def second(self, key: str, /, **params: object) -> str:
        """Text in the second language; empty where the book has one language."""
        return self.in_(self.languages[1], key, **params) if len(self.languages) > 1 else ""

    def in_(self, language: str, key: str, /, **params: object) -> str:
        """Text in a language of the caller's choice."""
        table, _, name = key.rpartition(".")
        entry = _locale(language)[table or "paper"][name]
        if isinstance(entry, Mapping):
            entry = entry["one" if params.get("n") == 1 else "other"]
        return str(entry).format(**params)

    def when(self, moment: datetime, *, short: bool = False, language: str = "") -> str:
        """A time in its own offset: “11月22日 16:40”, “22 Nov 16:40”; short: “11/22 16:40”."""
        language = language or self.languages[0]
        return self.in_(
            language,
            "when_short" if short else "when",
            month=moment.month,
            month_name=self.month(moment.month, language),
            day=moment.day,
            hour=f"{moment.hour:02}",
            minute=f"{moment.minute:02}",
        )

    def month(self, number: int, language: str = "") -> str:
        """Short name of a month, counted from 1."""
        names = _locale(language or self.languages[0])["paper"]["months"]
        return str(names[number - 1])

    def day(self, moment: datetime, *, in_year: bool = False) -> str:
        """A day in its own offset: “9/14”; of another year: “2019/9/14”, “14 Sep 2019”."""
        return self(
            "day_in_year" if in_year else "day",
            year=moment.year,
            month=moment.month,
            month_name=self.month(moment.month),
            day=moment.day,
        )


def problem_text(problem: Problem, language: str) -> tuple[str, str]:
    """What is wrong, and what to do about it, in a language of ``SUPPORTED``.

    A code without words yet is named by itself: a problem is never swallowed.
    """
    texts = _locale(language)["problems"].get(problem.code)
    if texts is None:
        return problem.code, ""
    params = {
        "source": problem.source,
        "feature": "" if problem.feature is None else str(problem.feature),
        "name": problem.name or "",
        "field": problem.field or "",
        "value": problem.value or "…",
        **problem.params,
    }
    fill = _Gaps().vformat
    return fill(texts["what"], (), params), fill(texts["todo"], (), params)


def error_text(error: PapermapError, language: str) -> tuple[str, str]:
    """What stops papermap, and what to do about it, in a language of ``SUPPORTED``.

    The sentences of errors are English in the code; the other languages are found by them.
    """
    known = {} if language == "en" else _errors(language)
    return error.sentences(language, lambda text: known.get(text, text))


class _Gaps(string.Formatter):
    """Fills what is there: a message with a gap still says more than an exception."""

    def get_value(self, key: int | str, args: Any, kwargs: Mapping[str, Any]) -> Any:  # noqa: ARG002
        return kwargs.get(str(key), "…")


@functools.cache
def _errors(language: str) -> Mapping[str, str]:
    text = resources.file("locale", f"errors.{language}.toml").read_text("utf-8")
    return MappingProxyType(tomllib.loads(text))


@functools.cache
def _locale(language: str) -> Mapping[str, Any]:
    text = resources.file("locale", f"{language}.toml").read_text("utf-8")
    return MappingProxyType(tomllib.loads(text))
