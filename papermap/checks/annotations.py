"""Problems as workflow commands of GitHub: each stands beside its line in a pull request.

The form is that of the runner, ``::error file=…,line=…,title=…::message``: see “Workflow commands
for GitHub Actions” in its documentation.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from papermap.checks.report import printable, summary, where
from papermap.i18n import Words, problem_text
from papermap.model import Checked, Problem

_DATA: Final = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY: Final = str.maketrans(
    {"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"},
)
_FEATURES: Final = re.compile(r'"features"\s*:\s*\[')
_BETWEEN: Final = " \t\r\n,"


def problems_as_annotations(checked: Checked, language: str) -> str:
    """A workflow command for each problem, and one notice with the counts.

    Parameters
    ----------
    checked
        What checking left. The sources are read once more, to find the line on which each GeoJSON
        feature begins; where that is not known, the problem stands on the file.
    language
        ``ja`` or ``en``.
    """
    words = Words((language,))
    by_source: dict[str, Sequence[int]] = {}
    lines = []
    for problem in checked.problems:
        if problem.source not in by_source:
            by_source[problem.source] = _lines_of(problem.source)
        line = _line(problem, by_source[problem.source])
        lines.append(_command(problem, line, words))
    lines.append(f"::notice title=papermap::{summary(checked, language).translate(_DATA)}")
    return printable("\n".join(lines))


def _command(problem: Problem, line: int, words: Words) -> str:
    what, todo = problem_text(problem, words.languages[0])
    title = f"{problem.code} {where(problem, words)}".translate(_PROPERTY)
    place = f"file={problem.source.translate(_PROPERTY)}," if problem.source != "-" else ""
    place += f"line={line}," if line else ""
    message = f"{what} → {todo}" if todo else what
    return f"::{problem.severity.value} {place}title={title}::{message.translate(_DATA)}"


def _line(problem: Problem, lines: Sequence[int]) -> int:
    if problem.row:
        return problem.row
    number = problem.feature or 0
    return lines[number - 1] if 0 < number <= len(lines) else 0


def _lines_of(path: str) -> Sequence[int]:
    """Line on which each feature of a GeoJSON file begins; nothing for what is none."""
    try:
        text = Path(path).read_text("utf-8-sig")
        return tuple(_feature_lines(text))
    except (OSError, ValueError, RecursionError):
        return ()


def _feature_lines(text: str) -> Iterator[int]:
    found = _FEATURES.search(text)
    scan = json.JSONDecoder().raw_decode
    place, line, counted = (found.end() if found else len(text)), 1, 0
    while True:
        while place < len(text) and text[place] in _BETWEEN:
            place += 1
        if text[place : place + 1] in ("]", ""):
            return
        line += text.count("\n", counted, place)
        counted = place
        yield line
        _, place = scan(text, place)
