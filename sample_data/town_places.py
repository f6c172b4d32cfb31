"""The town's places and what was told of them, from the tables beside this file."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Place:
    """A landmark by its key."""

    key: str
    kind: str
    sub: str
    name: str
    kana: str
    english: str
    x: float
    y: float
    width: float
    depth: float


def rows(table: str) -> list[list[str]]:
    """Cells of the table of that name in ``town_places.txt`` or ``town_points.txt``."""
    return _tables()[table]


@cache
def _tables() -> dict[str, list[list[str]]]:
    found: dict[str, list[list[str]]] = {}
    for name in ("town_places.txt", "town_points.txt"):
        for line in (Path(__file__).parent / name).read_text("utf-8").splitlines():
            if line.startswith("["):
                found[line.strip("[]")] = []
            elif line and not line.startswith("#"):
                list(found.values())[-1].append([cell.strip() for cell in line.split("|")])
    return found


def places() -> dict[str, Place]:
    """Every landmark."""
    return {
        r[0]: Place(r[0], r[1], r[2], r[3], r[4], r[5], *(float(v) for v in r[6:10]))
        for r in rows("places")
    }
