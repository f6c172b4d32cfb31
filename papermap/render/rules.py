"""Which rules of the style are drawn in a view, which features each takes, how wide."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from papermap.basemap.base import Layer
from papermap.render.model import MapView
from papermap.style import NameStyle, Rule

_GENTLE = 0.4  # widths shrink far slower than the scale
_LEAST, _MOST = 0.45, 1.75


def applies(rule: Rule | NameStyle, view: MapView) -> bool:
    """Whether a rule is drawn on this kind of page at this scale."""
    where = "overview" if view.overview else "sheet"
    return rule.where in (where, "both") and rule.scales[0] <= view.scale <= rule.scales[1]


def gentle(scale: int) -> float:
    """Factor for widths given at 1:10,000."""
    return float(min(_MOST, max(_LEAST, (10_000 / scale) ** _GENTLE)))


class Kinds:
    """Fields of a layer as numbers, so that many rules choose among many features quickly."""

    def __init__(self, layer: Layer) -> None:
        self._layer = layer
        self._coded: dict[str, tuple[list[str], NDArray[np.intp]]] = {}

    def __len__(self) -> int:
        return len(self._layer)

    def among(self, column: str, wanted: Sequence[str]) -> NDArray[np.bool_]:
        """Which features have one of these values; None is no value."""
        if column not in self._coded:
            texts = [_text(value) for value in self._layer.column(column)]
            numbers = {text: number for number, text in enumerate(dict.fromkeys(texts))}
            codes = np.fromiter((numbers[text] for text in texts), dtype=np.intp)
            self._coded[column] = (list(numbers), codes)
        known, codes = self._coded[column]
        return np.array([text in wanted for text in known], dtype=bool)[codes]


def chosen(kinds: Kinds, rule: Rule) -> NDArray[np.bool_]:
    """Which features of the layer the rule draws."""
    mask = np.ones(len(kinds), dtype=bool)
    for column, wanted in (
        ("class", rule.classes),
        ("subclass", rule.subclasses),
        ("brunnel", rule.brunnel),
        ("admin_level", [str(level) for level in rule.admin_levels]),
    ):
        if wanted:
            mask &= kinds.among(column, wanted)
    for column, unwanted in (("class", rule.not_classes), ("brunnel", rule.not_brunnel)):
        if unwanted:
            mask &= ~kinds.among(column, unwanted)
    if rule.layer == "boundary":
        mask &= ~kinds.among("maritime", ("1", "True"))
    return mask


def _text(value: object) -> str:
    return "" if value is None else str(value).removesuffix(".0")


def draws(rule: Rule, layer: Layer, view: MapView) -> bool:
    """Whether a rule has anything to draw in a view."""
    return bool(len(layer) and applies(rule, view) and chosen(Kinds(layer), rule).any())
