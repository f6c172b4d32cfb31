"""Problems as one HTML page that stands alone: a map, and a table to filter."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import jinja2
import shapely

from papermap import resources
from papermap.checks.report import printable, summary, where
from papermap.i18n import Words, problem_text
from papermap.model import Checked, Problem

_WIDTH: Final = 1000.0  # units of the drawing
_TALLEST: Final = 1.6  # times as high as wide, at most
_EDGE: Final = 0.04  # of the drawing left free round the places
_MOST: Final = 60_000  # dots that a browser still draws at once
_ALONE: Final = 0.005  # degrees round a single place
_FAR: Final = (0.01, 0.99)  # quantiles between which the map reaches, and as much again beyond
_WORDS: Final = (
    "title", "all", "errors", "warnings", "notices", "search", "where", "problem", "code", "map",
    "nothing_found", "on_map", "whole", "off_map",
)  # fmt: skip


def problems_as_html(checked: Checked, language: str) -> str:
    """A page with every problem: its place on a small map, and as a row of a table.

    It needs no network and fetches nothing: the map is drawn from the places themselves (grey
    dots), with the places of the problems above them. What strangers wrote is escaped.

    Parameters
    ----------
    checked
        What checking left.
    language
        ``ja`` or ``en``.
    """
    words = Words((language,))
    view = _View.of(checked)
    rows = [_row(number, problem, view, words) for number, problem in enumerate(checked.problems)]
    text = resources.file("templates", "problems.html").read_text("utf-8")
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return printable(
        environment.from_string(text).render(
            language=language,
            words={key: words(f"page.{key}") for key in _WORDS},
            summary=summary(checked, language),
            rows=rows,
            places=json.dumps({row["id"]: row["at"] for row in rows if row["at"]}),
            view=view,
            dots=view.path((point.lon, point.lat) for point in checked.points[:_MOST]),
            shapes=[view.outline(feature.geometry) for feature in (*checked.lines, *checked.areas)],
        )
    )


@dataclass(frozen=True, slots=True)
class _View:
    """Degrees → units of the drawing, true to shape in the middle; the map is ``height`` high."""

    west: float
    north: float
    x_scale: float
    y_scale: float
    height: float

    @classmethod
    def of(cls, checked: Checked) -> _View:
        """A view of where most places are: one far away must not make a dot of the town."""
        places = [(point.lon, point.lat) for point in checked.points]
        drawn = (*checked.lines, *checked.areas)
        places += [(x, y) for item in drawn for x, y in _corners(item.geometry.bounds)]
        places = places or [item.at for item in checked.problems if item.at] or [(0.0, 0.0)]
        west, east = _reach([lon for lon, _ in places])
        south, north = _reach([lat for _, lat in places])
        narrow = max(math.cos(math.radians((south + north) / 2)), 0.05)
        wide, high = (east - west) * narrow, north - south
        wide = max(wide, high / _TALLEST, _ALONE)
        high = max(high, wide / 2)
        middle_x, middle_y = (west + east) / 2, (south + north) / 2
        y_scale = _WIDTH * (1 - 2 * _EDGE) / wide
        height = high * y_scale + 2 * _EDGE * _WIDTH
        return cls(
            west=middle_x - _WIDTH / 2 / (y_scale * narrow),
            north=middle_y + height / 2 / y_scale,
            x_scale=y_scale * narrow,
            y_scale=y_scale,
            height=round(height),
        )

    def at(self, place: tuple[float, float]) -> tuple[float, float]:
        return (
            round((place[0] - self.west) * self.x_scale, 1),
            round((self.north - place[1]) * self.y_scale, 1),
        )

    def holds(self, place: tuple[float, float]) -> bool:
        x, y = self.at(place)
        return 0 <= x <= _WIDTH and 0 <= y <= self.height

    def path(self, places: Iterable[tuple[float, float]]) -> str:
        """Dots: strokes without length, whose round caps show."""
        return "".join(f"M{x} {y}h0" for x, y in map(self.at, places))

    def outline(self, geometry: Any) -> str:
        """Every part of a line or area as a path."""
        parts = []
        for part in shapely.get_parts(geometry):
            rings = (part.exterior, *part.interiors) if part.geom_type == "Polygon" else (part,)
            for ring in rings:
                line = ring.simplify(0.5 / self.y_scale)
                corners = (f"{x} {y}" for x, y in map(self.at, line.coords))
                parts.append("M" + "L".join(corners))
        return "".join(parts)


def _corners(bounds: Sequence[float]) -> tuple[tuple[float, float], tuple[float, float]]:
    west, south, east, north = bounds
    return (west, south), (east, north)


def _reach(values: Sequence[float]) -> tuple[float, float]:
    ordered = sorted(values)
    low, high = (ordered[round(share * (len(ordered) - 1))] for share in _FAR)
    beyond = max(high - low, _ALONE)
    return max(ordered[0], low - beyond), min(ordered[-1], high + beyond)


def _row(number: int, problem: Problem, view: _View, words: Words) -> Mapping[str, Any]:
    what, todo = problem_text(problem, words.languages[0])
    at = problem.at if problem.at and view.holds(problem.at) else None
    state = "skipped" if problem.skipped else "unplaced" if problem.unplaced else ""
    return {
        "id": f"p{number}",
        "code": problem.code,
        "severity": problem.severity.value,
        "severity_text": words(f"report.{problem.severity.value}"),
        "state": words(f"report.{state}") if state else "",
        "source": problem.source,
        "where": where(problem, words),
        "what": what,
        "todo": todo,
        "at": view.at(at) if at else None,
        "elsewhere": bool(problem.at) and at is None,
    }
