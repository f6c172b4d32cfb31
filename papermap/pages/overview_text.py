"""What the overview says in words: where the information is from and what is not on paper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from pathlib import PurePath
from typing import Final

from papermap.i18n import problem_text
from papermap.model import Problem
from papermap.pages.model import Book
from papermap.pages.overview_counts import counts_section
from papermap.pages.overview_flow import Line, Section
from papermap.pages.overview_legend import legend_section
from papermap.pages.overview_lines import Lines

_ELSEWHERE: Final = ("PM060", "PM068")  # remote layers and links; sources of a map config


def overview_sections(book: Book, width: float) -> tuple[Section, ...]:
    """Everything the overview tells beside its map, the most important first."""
    lines = Lines(book, width)
    made = (
        counts_section(lines),
        legend_section(lines),
        _sources(lines),
        _without_place(lines),
        _left_out(lines),
    )
    return tuple(section for section in made if section is not None)


def _sources(lines: Lines) -> Section | None:
    book = lines.book
    if not book.data.sources:
        return None
    rows = []
    for source in book.data.sources:
        title = source.title or PurePath(source.path).name or source.path
        features = source.points + source.lines + source.areas + source.unplaced
        count = book.words("source_items", n=features)
        rows.append(lines.row(title, count, _when(book, source.newest)))
    rows += [lines.row(name, book.words("not_in_book")) for name in _elsewhere(book)]
    for notice in book.notices:
        rows += lines.paragraph(notice)
    return lines.headed("sources", rows)


def _elsewhere(book: Book) -> tuple[str, ...]:
    """Sources that the data point to and that are not here: what a reader looks for in vain."""
    told = (problem for problem in book.data.problems if problem.code in _ELSEWHERE)
    return tuple(dict.fromkeys(problem.name for problem in told if problem.name))


def _when(book: Book, moment: datetime | None) -> str:
    words = book.words
    return words.when(moment, short=True) if moment else words("no_time")


def _without_place(lines: Lines) -> Section | None:
    """How many places have no position, and where they are listed; None where all have one."""
    count = len(lines.book.data.unplaced)
    told = lines.paragraph(lines.book.words("no_position_where"))
    return lines.headed("no_position_count", told, n=count) if count else None


def _left_out(lines: Lines) -> Section | None:
    """How many features are not on paper, and why; None where everything is."""
    reasons = left_out(lines.book)
    if not reasons:
        return None
    rows = [lines.row(text, str(count)) for text, count in reasons]
    return lines.headed("not_printed", rows, n=sum(count for _, count in reasons))


def left_out(book: Book) -> tuple[tuple[str, int], ...]:
    """Why features are not on paper, and how many for each reason, the most first.

    A feature counts once, for the first of its problems; a part of one that is printed does not
    count.
    """
    first: dict[tuple[str, int | None], Problem] = {}
    for problem in book.data.problems:
        if problem.skipped:
            first.setdefault((problem.source, problem.feature), problem)
    codes = Counter(problem.code for problem in first.values())
    found = [(_reason(book, code, first.values()), n) for code, n in codes.most_common()]
    if book.plan.outside:
        found.append((book.words("outside_area"), len(book.plan.outside)))
    return tuple(found)


def _reason(book: Book, code: str, problems: Iterable[Problem]) -> str:
    """Title of a kind of problem; else the first sentence of one that was told."""
    try:
        return book.words(f"problem_titles.{code}")
    except KeyError:
        sample = next(problem for problem in problems if problem.code == code)
        what = problem_text(sample, book.language)[0]
        return re.split(r"[。.:：（(]", what, maxsplit=1)[0].strip()


def credit_lines(book: Book, width: float) -> tuple[Line, ...]:
    """Who made the map and the data, and the grid; small print for the foot of the page."""
    texts = [book.words("basemap", text=book.attribution)] if book.attribution else []
    credit = dict.fromkeys(s.attribution for s in book.data.sources if s.attribution)
    texts += [book.words("places", text=text) for text in credit]
    return tuple(Lines(book, width).paragraph(" · ".join((*texts, book.plan.zone))))
