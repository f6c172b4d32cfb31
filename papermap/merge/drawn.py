"""Lines and areas that several features tell of: the same shape is drawn once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

import shapely

from papermap.checks.aggregate import aggregated
from papermap.checks.codes import problem
from papermap.checks.text import fold, shortened
from papermap.model import Checked, MapFeature, Problem

_GRID: Final = 1e-6  # degrees: what differs by less is the same


def drawn_once(checked: Checked, *, keep_all: bool) -> Checked:
    """The set in which lines and areas of one category, name and shape stand once.

    The newest telling is drawn, under the first one's id. Shapes that are merely alike stay: two
    reports of a closed road may mean two stretches of it. With ``keep_all`` they are only told.
    """
    lines, double_lines = _once(checked.lines)
    areas, double_areas = _once(checked.areas)
    problems = aggregated(
        [_told(*pair, keep_all=keep_all) for pair in (*double_lines, *double_areas)]
    )
    told = replace(checked, problems=(*checked.problems, *problems))
    return told if keep_all else replace(told, lines=lines, areas=areas)


def _once(
    features: Sequence[MapFeature],
) -> tuple[tuple[MapFeature, ...], list[tuple[MapFeature, MapFeature]]]:
    """Each shape once, and the pairs of a later telling with the first."""
    groups: dict[tuple[str, str, bytes], list[MapFeature]] = {}
    for feature in features:
        shape = shapely.normalize(shapely.set_precision(feature.geometry, _GRID, mode="pointwise"))
        key = (feature.category, fold(feature.name), shapely.to_wkb(shape))
        groups.setdefault(key, []).append(feature)
    doubles = [(later, group[0]) for group in groups.values() for later in group[1:]]
    return tuple(_newest(group) for group in groups.values()), doubles


def _newest(group: Sequence[MapFeature]) -> MapFeature:
    if len(group) == 1:
        return group[0]
    newest = max(group, key=_when)  # the first one, where none is newer
    origins = dict.fromkeys(origin for feature in group for origin in feature.origins)
    others = tuple(origin for origin in origins if origin != newest.origin)
    told = dict.fromkeys(origin for feature in group for origin in feature.earlier)
    earlier = tuple(origin for origin in told if origin not in origins)
    return replace(newest, id=group[0].id, joined=others, earlier=earlier)


def _when(feature: MapFeature) -> float:
    return feature.updated_at.timestamp() if feature.updated_at is not None else float("-inf")


def _told(later: MapFeature, first: MapFeature, *, keep_all: bool) -> Problem:
    same = later.origin.source == first.origin.source
    code = ("PM040" if same else "PM041") if keep_all else ("PM080" if same else "PM081")
    place = later.geometry.representative_point()
    return problem(
        code,
        later.origin.source,
        feature=later.origin.feature,
        name=shortened(later.name),
        field="geometry",
        value=later.geometry.geom_type,
        params={
            "other": str(first.origin.feature),
            "other_source": first.origin.source,
            "other_name": shortened(first.name),
        },
        row=later.origin.row,
        at=(place.x, place.y),
    )
