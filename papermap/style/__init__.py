"""TOML in ``styles/`` → a typed :class:`Style`; every look is decided there, none in code."""

from papermap.style.load import load_style, style_folder, style_names
from papermap.style.tables import (
    THINNEST,
    Colour,
    Compact,
    GridLines,
    Layout,
    Lines,
    Marks,
    NameStyle,
    Pattern,
    Pictures,
    Rule,
    Style,
    Type,
)

__all__ = [
    "THINNEST",
    "Colour",
    "Compact",
    "GridLines",
    "Layout",
    "Lines",
    "Marks",
    "NameStyle",
    "Pattern",
    "Pictures",
    "Rule",
    "Style",
    "Type",
    "load_style",
    "style_folder",
    "style_names",
]
