"""Write docs/problems.md from the words of the locale: ``python docs/make_problems.py``."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

from papermap import resources
from papermap.checks.codes import SEVERITIES

HEAD = """# Problems

Every problem that `papermap check` and `papermap build` tell, made from their own words by
`python docs/make_problems.py`; a test holds it true. Scripts find the code in the JSON of
`papermap check --format json` and in the manifest. {…} stands for what was found in the data.

An **error** keeps something off the paper. A **warning** is printed with what was understood, or
says itself that it is not printed. A **notice** is for information and asks for nothing. Exit
status of `check`: 0 without errors and warnings, 1 with any; with `--strict` notices count too.
"""


def reference() -> str:
    """The whole page as Markdown."""
    english, japanese = _words("en"), _words("ja")
    parts = [HEAD]
    for code in sorted(english["problems"]):
        title, title_ja = (words["problem_titles"][code] for words in (english, japanese))
        parts.append(f"## {code} {title} · {title_ja}\n")
        parts.append(f"{SEVERITIES[code].value}\n")
        parts += [_entry(words, code) for words in (english, japanese)]
    return "\n".join(parts)


def _entry(words: dict[str, Any], code: str) -> str:
    texts, more = words["problems"][code], words["explanations"][code]
    return f"- {_plain(texts['what'])}\n  → {_plain(texts['todo'])}\n\n  {_plain(more)}\n"


def _plain(text: str) -> str:
    """A message with its gaps as {name}, safe in Markdown."""
    return re.sub(r"([*_<>|`])", r"\\\1", text)


def _words(language: str) -> dict[str, Any]:
    return tomllib.loads(resources.file("locale", f"{language}.toml").read_text("utf-8"))


if __name__ == "__main__":
    Path(__file__).with_name("problems.md").write_text(reference(), encoding="utf-8")
