"""Where each feature of a source lies: its parts in WGS 84 that can be believed, and doubts."""

from __future__ import annotations

from dataclasses import dataclass, replace

from papermap.checks.codes import problem
from papermap.checks.facts import Doubt
from papermap.checks.geometry import Frame, Part, read_shapes
from papermap.checks.hidden import hidden_place
from papermap.checks.provenance import PROPERTY
from papermap.checks.settle import Neighbourhood, Told
from papermap.model import Kind, Problem
from papermap.readers.base import RawFeature, RawSource


@dataclass(frozen=True, slots=True)
class Located:
    """A feature with the parts whose place is believed, by number, and every doubt about them."""

    feature: RawFeature
    parts: tuple[tuple[int, Part], ...]
    told: tuple[tuple[int, Doubt], ...]
    approximate: str = ""  # the address of a table that gave the place


def find_places(raw: RawSource) -> tuple[tuple[Located, ...], tuple[Problem, ...]]:
    """Places of all features of a source but those that reading told as broken.

    Swapped coordinates are put right where other features of the source stand near; for a feature
    without a place of its own, columns and texts are searched for one. The problems
    are those of the whole source: a coordinate system that its coordinates contradict.
    """
    broken = {problem.feature for problem in raw.problems if problem.skipped}
    features = [feature for feature in raw.features if feature.number not in broken]
    frame, problems = _frame(raw)
    shapes = [read_shapes(feature.geometry, frame) for feature in features]
    around = Neighbourhood(shapes)
    located = []
    for feature, shape in zip(features, shapes, strict=True):
        told: Told = list(shape.doubts)
        parts = tuple(around.settled(shape, told))
        found = Located(feature, parts, tuple(told))
        located.append(found if parts else _elsewhere(found, around))
    return tuple(located), problems


def _elsewhere(found: Located, around: Neighbourhood) -> Located:
    """The feature at the place that its columns or texts tell; what is not certain is only told.

    What papermap itself has written was searched when it was read.
    """
    if PROPERTY in found.feature.properties:
        return found
    place, doubt = hidden_place(found.feature.properties, around)
    if doubt is None:
        return found
    if place is None:
        return replace(found, told=(*found.told, (0, doubt)))
    return replace(found, parts=((0, Part(Kind.POINT, None, *place)),), told=((0, doubt),))


def _frame(raw: RawSource) -> tuple[Frame, tuple[Problem, ...]]:
    """Coordinate system of the source; metres that are plainly degrees are told, and degrees."""
    if raw.crs == "EPSG:4326":
        return Frame(), ()
    import pyproj  # noqa: PLC0415 - slow, and most sources are WGS 84

    crs = pyproj.CRS.from_user_input(raw.crs)
    transformer = pyproj.Transformer.from_crs(crs, 4326, always_xy=True)
    if crs.is_geographic:
        return Frame(degrees=True, project=transformer.transform), ()
    if _plainly_degrees(raw):
        return Frame(), (problem("PM006", raw.path, field="crs", value=raw.crs),)
    return Frame(degrees=False, project=transformer.transform), ()


def _plainly_degrees(raw: RawSource) -> bool:
    """Whether coordinates that should be metres are all degrees."""
    shapes = [read_shapes(feature.geometry, Frame()) for feature in raw.features[:200]]
    if not any(shape.parts for shape in shapes):
        return False
    wrong = {"PM014", "PM022"}
    return not any(doubt.code in wrong for shape in shapes for _, doubt in shape.doubts)
