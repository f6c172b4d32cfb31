"""Problems for people (text) and for scripts (JSON)."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

from papermap.checks.joins import joins_as_records
from papermap.i18n import Words, problem_text
from papermap.model import Checked, Problem, Severity, SourceReport

_SHOWN: Final = 50  # problems of one code and source that the text shows; JSON has them all


def problems_as_text(checked: Checked, language: str) -> str:
    """Every problem, by source and feature: where, what is wrong, what to do; then a summary.

    Parameters
    ----------
    checked
        What checking left.
    language
        ``ja`` or ``en``.
    """
    words = Words((language,))
    blocks = [
        "\n".join(_source(report, _of(checked.problems, report.path), words))
        for report in checked.sources
    ]
    known = {report.path for report in checked.sources}
    others = [problem for problem in checked.problems if problem.source not in known]
    if others:
        blocks.append("\n".join(_lines(others, words)))
    return printable("\n\n".join((*blocks, summary(checked, language))))


def problems_as_json(checked: Checked, language: str) -> str:
    """The same as one JSON object.

    ``sources[] {path, sha256, format, features_in, points, lines, areas, unplaced, skipped,
    joined}``, where ``joined`` of the points and unplaced are printed through another feature;
    ``problems[] {code, severity, source, feature, row, layer, name, field, value, params, skipped,
    unplaced, at, what, todo}``: ``feature`` is null for a problem of the whole source, or of the
    many features that ``params.features`` counts up (``params.count`` of them), ``row`` where the
    source has no rows, ``at`` (longitude, latitude) where nobody knows the place. ``totals
    {features_in, points, lines, areas, unplaced, skipped, joined, problems, errors, warnings,
    notices}``. ``joins[]``: see :func:`papermap.checks.joins.joins_as_records`.
    """
    counts = Counter(problem.severity for problem in checked.problems)
    document = {
        "sources": [_report(report) for report in checked.sources],
        "problems": [_problem(problem, language) for problem in checked.problems],
        "totals": {
            **_totals(checked.sources),
            "problems": len(checked.problems),
            "errors": counts[Severity.ERROR],
            "warnings": counts[Severity.WARNING],
            "notices": counts[Severity.NOTICE],
        },
        "joins": joins_as_records(checked),
    }
    return printable(json.dumps(document, ensure_ascii=False, indent=2))


def summary(checked: Checked, language: str) -> str:
    """One paragraph: the counts, how many are not on paper and why, and what else there is."""
    words = Words((language,))
    totals = _totals(checked.sources)
    sentences = [words("report.counts", features=totals.pop("features_in"), **totals)]
    listed = _reasons([problem for problem in checked.problems if problem.unplaced])[1]
    notices = [problem for problem in checked.problems if problem.severity is Severity.NOTICE]
    told = [problem for problem in checked.problems if problem.severity is not Severity.NOTICE]
    gone, rest = _reasons([problem for problem in told if not problem.unplaced])
    if totals["joined"]:
        sentences.append(words("report.joined", n=totals["joined"]))
    if listed:
        sentences.append(
            words("report.without_place", n=totals["unplaced"], reasons=_told(listed, words))
        )
    if gone:
        sentences.append(
            words("report.not_on_paper", skipped=totals["skipped"], reasons=_told(gone, words))
        )
    if rest:
        sentences.append(words("report.others", reasons=_told(rest, words)))
    if not told:
        sentences.append(words("report.clean"))
    if notices:
        sentences.append(words("report.notices", reasons=_told(_reasons(notices)[1], words)))
    return ("" if language == "ja" else " ").join(sentences)


def _of(problems: Iterable[Problem], path: str) -> list[Problem]:
    """Problems of one source: those of the whole first, then by feature."""
    found = [problem for problem in problems if problem.source == path]
    return sorted(found, key=lambda problem: problem.feature or 0)


def _source(report: SourceReport, problems: list[Problem], words: Words) -> Iterable[str]:
    path = words("report.stdin") if report.path == "-" else report.path
    yield words("report.source", path=path, format=report.format, features=report.features_in)
    if problems:
        yield from _lines(problems, words)
    else:
        yield "  " + words("report.clean")


def _lines(problems: Iterable[Problem], words: Words) -> Iterable[str]:
    shown: Counter[str] = Counter()
    for problem in problems:
        shown[problem.code] += 1
        if shown[problem.code] <= _SHOWN:
            yield from _told_fully(problem, words)
    for code, count in shown.items():
        if count > _SHOWN:
            more = words("report.reason", title=_title(code, words), n=f"+{count - _SHOWN}")
            yield f"  … {more}"


def _told_fully(problem: Problem, words: Words) -> Iterable[str]:
    what, todo = problem_text(problem, words.languages[0])
    severity = words(f"report.{problem.severity.value}")
    if problem.skipped:
        severity = f"{severity}, {words('report.skipped')}"
    elif problem.unplaced:
        severity = f"{severity}, {words('report.unplaced')}"
    yield f"  {where(problem, words)}  {what}  ({problem.code}, {severity})"
    if todo:
        yield "      " + words("report.todo", todo=todo)


def where(problem: Problem, words: Words) -> str:
    """Where a problem is, for people: feature, row, part, name and field."""
    if problem.feature is not None:
        place = words("report.feature", feature=problem.feature)
        if problem.row:
            place = words("report.row", where=place, row=problem.row)
        if problem.layer:
            place = words("report.layer", where=place, layer=problem.layer)
    elif "features" in problem.params:
        place = words("report.features", **problem.params)
    else:
        place = words("report.of_source")
    if "part" in problem.params:
        place = f"{place} {words('report.part', part=problem.params['part'])}"
    if problem.name:
        place = words("report.named", where=place, name=problem.name)
    if problem.field:
        place = f"{place} {words('report.field', field=problem.field)}"
    return place


def _reasons(problems: Iterable[Problem]) -> tuple[Counter[str], Counter[str]]:
    """Features by code: those not on paper (each once, by its first reason), and the others."""
    gone: Counter[str] = Counter()
    rest: Counter[str] = Counter()
    seen: set[tuple[str, int | None]] = set()
    for problem in problems:
        if not problem.skipped:
            rest[problem.code] += int(problem.params.get("count", "1"))
        elif (problem.source, problem.feature) not in seen:
            seen.add((problem.source, problem.feature))
            gone[problem.code] += 1
    return gone, rest


def _told(reasons: Mapping[str, int], words: Words) -> str:
    told = [
        words("report.reason", title=_title(code, words), n=count)
        for code, count in sorted(reasons.items())
    ]
    return words("report.separator").join(told)


def _title(code: str, words: Words) -> str:
    try:
        return words(f"problem_titles.{code}")
    except KeyError:
        return code


def _report(report: SourceReport) -> dict[str, Any]:
    return {
        "path": report.path,
        "sha256": report.sha256,
        "format": report.format,
        **_totals([report]),
    }


def _totals(reports: Iterable[SourceReport]) -> dict[str, int]:
    reports = tuple(reports)
    return {
        "features_in": sum(report.features_in for report in reports),
        "points": sum(report.points for report in reports),
        "lines": sum(report.lines for report in reports),
        "areas": sum(report.areas for report in reports),
        "unplaced": sum(report.unplaced for report in reports),
        "skipped": sum(report.skipped for report in reports),
        "joined": sum(report.joined for report in reports),
    }


def _problem(problem: Problem, language: str) -> dict[str, Any]:
    what, todo = problem_text(problem, language)
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "source": problem.source,
        "feature": problem.feature,
        "row": problem.row or None,
        "layer": problem.layer or None,
        "name": problem.name,
        "field": problem.field,
        "value": problem.value,
        "params": dict(problem.params),
        "skipped": problem.skipped,
        "unplaced": problem.unplaced,
        "at": problem.at,
        "what": what,
        "todo": todo,
    }


def printable(text: str) -> str:
    """Text that any UTF-8 stream takes: names of files may hold bytes that are no text."""
    return text.encode("utf-8", "replace").decode("utf-8")
