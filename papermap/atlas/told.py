"""Problems that only the making of the paper can tell."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from papermap.checks.codes import problem
from papermap.model import Place, Problem
from papermap.pages.book import Book
from papermap.render import SheetDrawing


def unplaced_marks(book: Book, drawn: dict[str, SheetDrawing]) -> tuple[Problem, ...]:
    """A problem for each point whose mark found no room on its home sheet."""
    problems = []
    for label, drawing in drawn.items():
        left_out = set(drawing.placement.unplaced)
        for entry in book.index.entries:
            if entry.number in left_out and entry.home.sheet == label:
                point = book.data.points[entry.point]
                problems.append(
                    problem(
                        "PM090",
                        point.origin.source,
                        feature=point.origin.feature,
                        row=point.origin.row,
                        at=(point.lon, point.lat),
                        name=point.name,
                        params={"number": str(entry.number), "place": entry.home.text},
                    )
                )
    return tuple(problems)


def unprintable_texts(book: Book) -> tuple[Problem, ...]:
    """A problem for each point with characters that no font has."""
    problems = []
    for point in (*book.data.points, *book.data.unplaced):
        lacking = book.fonts.missing("".join(_texts(point)))
        if lacking:
            problems.append(
                problem(
                    "PM091",
                    point.origin.source,
                    feature=point.origin.feature,
                    row=point.origin.row,
                    name=point.name,
                    value=lacking,
                    params={"characters": " ".join(lacking)},
                )
            )
    return tuple(problems)


def _texts(place: Place) -> Iterator[str]:
    """Every text of a place that may stand on paper."""
    for field in fields(Place):
        value = getattr(place, field.name)
        if isinstance(value, str):
            yield value
    yield from place.names.values()
