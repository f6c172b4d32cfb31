"""Problems that only the making of the paper can tell."""

from __future__ import annotations

from papermap.model import Problem, Severity
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
                    Problem(
                        "PM090",
                        Severity.WARNING,
                        point.origin.source,
                        point.origin.feature,
                        name=point.name,
                        params={"number": str(entry.number), "place": entry.home.text},
                    )
                )
    return tuple(problems)


def unprintable_texts(book: Book) -> tuple[Problem, ...]:
    """A problem for each point with characters that no font has."""
    problems = []
    for point in (*book.data.points, *book.data.unplaced):
        lacking = book.fonts.missing(f"{point.name}{point.note}{point.hours}{point.capacity}")
        if lacking:
            problems.append(
                Problem(
                    "PM091",
                    Severity.WARNING,
                    point.origin.source,
                    point.origin.feature,
                    name=point.name,
                    value=lacking,
                    params={"characters": " ".join(lacking)},
                )
            )
    return tuple(problems)
