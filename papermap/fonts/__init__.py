"""Which font covers which run of text; installed fonts first, packaged ones behind them.

reportlab drops a character its font lacks without a word, so text is cut into runs by coverage
and what nothing covers is printed as 〓 and told. Only TrueType outlines can be embedded.
"""

from __future__ import annotations

from papermap.fonts.find import Face, may_be_handed_on
from papermap.fonts.fontset import FontSet, Run
from papermap.fonts.text import GETA, printable

__all__ = ["GETA", "Face", "FontSet", "Run", "may_be_handed_on", "printable"]
