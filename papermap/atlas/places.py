"""What the pages say of the base map: places of each sheet, and what the legend explains."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from papermap.basemap import BasemapStack, Layer
from papermap.engine import Task
from papermap.grid import project_geometry
from papermap.job import Job
from papermap.pages.book import Book
from papermap.pages.overview_swatch import MAP_SIGNS, shown_by
from papermap.readers.neighbourhoods import read_neighbourhoods
from papermap.render import NEIGHBOURHOODS, draws, place_layers, places_of
from papermap.style import Style


def sheet_places(
    job: Job, book: Book, basemap: BasemapStack, tasks: Sequence[Task]
) -> Mapping[str, tuple[str, ...]]:
    """Names of the places on each printed sheet, by its label, the first ones first.

    Raises
    ------
    UsageError
        When the neighbourhoods cannot be read.
    BasemapError
        When the base map cannot be read.
    """
    areas = _neighbourhoods(job, book.plan.crs)
    found = {}
    for task in tasks:
        if task.sheet is not None:
            layers = {**basemap.layers(task.view.extent(), place_layers(book.style)), **areas}
            found[task.sheet.label] = places_of(
                task.view, layers, book.style, task.sheet, job.languages
            )
    return found


def signs_on_map(style: Style, basemap: BasemapStack, tasks: Sequence[Task]) -> frozenset[str]:
    """Keys of the signs of the base map that any of the printed sheets has.

    Raises
    ------
    BasemapError
        When the base map cannot be read.
    """
    signs = [sign for sign in MAP_SIGNS if not (sign.area and basemap.rasters)]  # pictures have own
    left = {sign.key: shown_by(style, sign) for sign in signs}
    found: set[str] = set()
    for view in (task.view for task in tasks if task.sheet is not None):
        wanted = dict.fromkeys(rule.layer for rules in left.values() for rule in rules)
        if not wanted:
            break
        layers = basemap.layers(view.extent(), tuple(wanted))
        here = {
            key
            for key, rules in left.items()
            if any(draws(rule, layers[rule.layer], view) for rule in rules)
        }
        found |= here
        left = {key: rules for key, rules in left.items() if key not in here}
    return frozenset(found)


def _neighbourhoods(job: Job, crs: str) -> Mapping[str, Layer]:
    """The user's neighbourhoods in metres as a layer; none without a file."""
    if not job.neighbourhoods:
        return {}
    read = read_neighbourhoods(Path(job.neighbourhoods))
    shapes = np.array([project_geometry(crs, shape) for _, shape in read], dtype=object)
    names = np.array([name for name, _ in read], dtype=object)
    return {NEIGHBOURHOODS: Layer(NEIGHBOURHOODS, shapes, {"name": names})}
