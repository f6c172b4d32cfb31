"""Overlays on what was checked: hazards and roads from files of their own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import shapely

from papermap.basemap import PACK
from papermap.basemap.overlay import Overlay, around, read_overlay
from papermap.checks.danger import not_for
from papermap.i18n import SUPPORTED, Words
from papermap.model import Category, Checked, MapFeature, Origin, Problem, Severity
from papermap.overlays import OverlaySpec
from papermap.units import Box
from papermap.vocabulary import load_vocabulary

_AROUND: Final = 0.1  # degrees that sheets may reach beyond the points


def overlaid(
    checked: Checked, specs: Sequence[OverlaySpec], area: shapely.Geometry | None
) -> Checked:
    """The set with the overlays that lie where it lies, and what is to be told of them.

    Raises
    ------
    BasemapError
        When an overlay cannot be read.
    """
    if not specs:
        return checked
    bounds = _bounds(checked, area)
    categories = dict(checked.categories)
    features: list[MapFeature] = []
    problems: list[Problem] = []
    for number, spec in enumerate(specs, start=1):
        category = shown_by(spec)
        found = read_overlay(spec.file, bounds, spec.layer)
        categories[category.key] = category
        features += _features(found, spec, category, number)
        problems += _told(found, spec)
    return replace(
        checked,
        overlays=tuple(features),
        categories=categories,
        problems=(*checked.problems, *problems),
    )


def packed_overlays(basemaps: Sequence[str]) -> tuple[OverlaySpec, ...]:
    """Overlays that packs among the base maps bring along."""
    packs = [Path(name) for name in basemaps if name.endswith(PACK)]
    if not packs:
        return ()
    from papermap.basemap.pack import read_info  # noqa: PLC0415 (slow to load)

    return tuple(
        OverlaySpec(str(path), each.shown, each.shown_en, each.shows, each.date, each.table)
        for path in packs
        for each in read_info(path).sources
        if each.kind == "overlay"
    )


def packed_fonts(basemaps: Sequence[str]) -> tuple[Path, ...]:
    """Folders with the fonts that packs among the base maps bring along."""
    packs = [Path(name) for name in basemaps if name.endswith(PACK)]
    if not packs:
        return ()
    from papermap.basemap.pack.fonts import fonts_folder  # noqa: PLC0415 (slow to load)

    folders = (fonts_folder(pack) for pack in packs if pack.is_file())
    return tuple(folder for folder in folders if folder is not None)


def hazard_name(hazard: str) -> str:
    """A hazard as it is told of in a problem, in both languages."""
    return " ".join(Words((language,))(f"hazards.{hazard}") for language in SUPPORTED)


def not_designated(checked: Checked, hazard: str) -> tuple[Problem, ...]:
    """A notice of the refuges that are printed with a warning, by source."""
    if not hazard:
        return ()
    counts = Counter(p.origin.source for p in checked.points if not_for(p, hazard))
    told = hazard_name(hazard)
    return tuple(
        Problem("PM136", Severity.NOTICE, source, value=told, params={"count": str(count)})
        for source, count in counts.items()
    )


def _bounds(checked: Checked, area: shapely.Geometry | None) -> Box:
    places = [(point.lon, point.lat) for point in checked.points]
    for shape in (*(each.geometry for each in (*checked.lines, *checked.areas)), area):
        if shape is not None:
            west, south, east, north = shape.bounds
            places += [(west, south), (east, north)]
    return around(places or [(0.0, 0.0)], _AROUND)


def shown_by(spec: OverlaySpec) -> Category:
    """What an overlay shows: as said, else as its name or the file's says."""
    vocabulary = load_vocabulary()
    for text in (spec.shows, spec.name, Path(spec.file).stem):
        known = vocabulary.categories.get(text) or (vocabulary.find(text) if text else None)
        if known is not None:
            return known
    return vocabulary.category(spec.shows or spec.name or Path(spec.file).stem)


def _features(
    found: Overlay, spec: OverlaySpec, category: Category, number: int
) -> Iterator[MapFeature]:
    for kind, shape in found.shapes:
        yield MapFeature(
            id=f"overlay-{number}-{kind.value}",
            name=spec.name,
            category=category.key,
            kind=kind,
            geometry=shape,
            origin=Origin(spec.file, number),
            names={"en": spec.name_en} if spec.name_en else {},
            updated_at=spec.time,
        )


def _told(found: Overlay, spec: OverlaySpec) -> Iterator[Problem]:
    if found.mended:
        yield _problem("PM130", spec, found.mended)
    if found.points:
        yield _problem("PM132", spec, found.points)
    if not found.shapes:
        yield Problem("PM131", Severity.WARNING, spec.file)


def _problem(code: str, spec: OverlaySpec, count: int) -> Problem:
    return Problem(code, Severity.WARNING, spec.file, params={"count": str(count)})
