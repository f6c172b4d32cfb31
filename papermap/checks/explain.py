"""One kind of problem at length, for who wants to know more than a line."""

from __future__ import annotations

import difflib

from papermap.checks.codes import SEVERITIES, problem
from papermap.errors import UsageError
from papermap.i18n import Words, problem_text


def explanation(code: str, language: str) -> str:
    """What a code means, why it matters on paper and how to mend it, as text.

    Parameters
    ----------
    code
        Such as ``PM012``; case and a missing PM do not matter.
    language
        ``ja`` or ``en``.

    Raises
    ------
    UsageError
        For a code that no problem has, with the nearest one.
    """
    known = _known(code)
    words = Words((language,))
    what, todo = problem_text(problem(known, "…"), language)
    severity = words(f"report.{SEVERITIES[known].value}")
    title = words(f"problem_titles.{known}")
    return "\n".join(
        (
            words("report.explained", code=known, title=title, severity=severity),
            f"  {what}",
            f"  {words('report.todo', todo=todo)}",
            "",
            f"  {words(f'explanations.{known}')}",
        )
    )


def _known(code: str) -> str:
    wanted = code.strip().upper()
    wanted = wanted if wanted.startswith("PM") else f"PM{wanted.zfill(3)}"
    if wanted in SEVERITIES:
        return wanted
    near = difflib.get_close_matches(wanted, SEVERITIES, n=1)
    raise UsageError(
        "There is no problem with the code “{code}”.",
        "docs/problems.md lists all.",
        code=code,
        near=near[0] if near else "",
    )
