"""Problems that only the making of the paper can tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from typing import Final

from papermap.checks.codes import problem
from papermap.edition import PlacementRecord
from papermap.marks import Quality
from papermap.model import Place, Problem
from papermap.pages.book import Book
from papermap.render import SheetDrawing

_SLIGHT: Final = 0.01  # of a sheet: as much beyond the base map is not told
_ALL: Final = 0.99
_REACHED: Final = 5.0  # mm from the edge of the paper that office printers reach


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


def bare_sheets(
    drawn: Mapping[str, SheetDrawing], source: str, known: Sequence[Problem]
) -> tuple[Problem, ...]:
    """The sheets that lie beyond the base map ``source``, and those that do in part.

    What is ``known`` was told by the base map itself (packs tell so).
    """
    told = {label for each in known for label in each.params.get("sheets", "").split(", ")}
    shares = {label: drawing.bare for label, drawing in drawn.items() if label not in told}
    whole = [label for label, share in shares.items() if share >= _ALL]
    part = [label for label, share in shares.items() if _SLIGHT < share < _ALL]
    return tuple(
        problem(code, source, params={"count": str(len(labels)), "sheets": ", ".join(labels)})
        for code, labels in (("PM117", whole), ("PM119", part))
        if labels
    )


def placements(book: Book, drawn: dict[str, SheetDrawing]) -> dict[str, PlacementRecord]:
    """How well the marks of each sheet stand, by its label."""
    return {
        label: _placement(book, label, drawing, drawing.quality)
        for label, drawing in drawn.items()
        if drawing.quality is not None
    }


def _placement(book: Book, label: str, drawing: SheetDrawing, found: Quality) -> PlacementRecord:
    known = book.by_number
    left = drawing.placement.unplaced
    home = sum(known[number].home.sheet == label for number in left)
    return PlacementRecord(
        sign=drawing.placement.size.sign,
        displaced=found.displaced,
        mean=round(found.mean_mm, 2),
        largest=round(found.max_mm, 2),
        unplaced=home,
        left_out=len(left) - home,
        overlaps=found.overlaps,
        crossings=found.crossings,
    )


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


def narrow_margins(book: Book) -> tuple[Problem, ...]:
    """A problem where most printers would cut the pages."""
    margin = book.style.layout.margin
    if margin >= _REACHED:
        return ()
    params = {"margin": f"{margin:g}", "least": f"{_REACHED:g}"}
    return (problem("PM092", book.style.name, field="layout.margin", params=params),)


def _texts(place: Place) -> Iterator[str]:
    """Every text of a place that may stand on paper."""
    for field in fields(Place):
        value = getattr(place, field.name)
        if isinstance(value, str):
            yield value
    yield from place.names.values()
