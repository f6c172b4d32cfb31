"""Which rules of the style are drawn in a view, which features each takes, how wide."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from papermap.basemap.base import Layer
from papermap.render.model import MapView
from papermap.style import NameStyle, Rule

_GENTLE = 0.4  # widths shrink far slower than the scale
_LEAST, _MOST = 0.45, 1.35


def applies(rule: Rule | NameStyle, view: MapView) -> bool:
    """Whether a rule is drawn on this kind of page at this scale."""
    where = "overview" if view.overview else "sheet"
    return rule.where in (where, "both") and rule.scales[0] <= view.scale <= rule.scales[1]


def gentle(scale: int) -> float:
    """Factor for widths given at 1:10,000."""
    return float(min(_MOST, max(_LEAST, (10_000 / scale) ** _GENTLE)))


def chosen(layer: Layer, rule: Rule) -> NDArray[np.bool_]:
    """Which features of the layer the rule draws."""
    mask = np.ones(len(layer), dtype=bool)
    for column, wanted in (
        ("class", rule.classes),
        ("subclass", rule.subclasses),
        ("brunnel", rule.brunnel),
    ):
        if wanted:
            mask &= is_in(layer.column(column), wanted)
    for column, unwanted in (("class", rule.not_classes), ("brunnel", rule.not_brunnel)):
        if unwanted:
            mask &= ~is_in(layer.column(column), unwanted)
    if rule.admin_levels:
        levels = [str(level) for level in rule.admin_levels]
        found = [str(value).removesuffix(".0") for value in layer.column("admin_level")]
        mask &= np.isin(found, levels)
        mask &= ~is_in([str(value) for value in layer.column("maritime")], ("1", "1.0", "True"))
    return mask


def is_in(values: Iterable[object], wanted: Sequence[str]) -> NDArray[np.bool_]:
    """Membership by value, also for None."""
    among = frozenset(wanted)
    return np.fromiter((value in among for value in values), dtype=bool)
