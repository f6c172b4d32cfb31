"""The legend sheet of a style: all signs, for the wall."""

from __future__ import annotations

from papermap.fonts import FontSet
from papermap.i18n import Words
from papermap.pages.legend import legend_pdf
from papermap.signs import load_signs
from papermap.style import load_style
from papermap.units import paper_size
from papermap.vocabulary import load_vocabulary


def legend(
    style: str = "mono",
    *,
    paper: str = "A4",
    orientation: str = "portrait",
    languages: tuple[str, ...] = ("ja", "en"),
) -> bytes:
    """All signs of the vocabulary in each state, as a PDF.

    Raises
    ------
    StyleError
        For a style that is not there or wrong.
    UsageError
        For an unknown paper, orientation or language.
    """
    look = load_style(style)
    return legend_pdf(
        look,
        FontSet.load(look.type.families),
        load_signs(),
        load_vocabulary(),
        words=Words(languages),
        size=paper_size(paper, orientation),
    )
