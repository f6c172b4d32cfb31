"""Text as it can be set: without controls and selectors, marks joined to their letters."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

GETA: Final = "〓"  # what Japanese printers set for a character they do not have

_PICTURE = "\u2190-\u2bff\U0001f000-\U0001faff"
# Joined emoji, flags and keycaps are one picture: its first character stands for all of it.
_PICTURES: Final = re.compile(
    "([\U0001f1e6-\U0001f1ff])[\U0001f1e6-\U0001f1ff]"
    "|([#*0-9])\ufe0f?\u20e3"
    f"|([{_PICTURE}])(?:[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[{_PICTURE}])+"
)
_COMBINED: Final = re.compile("[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+")
_SPACES: Final = re.compile("[\t\n\v\f\r\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f]")
_UNPRINTED: Final = re.compile(  # controls, joiners, bidi overrides, tags, variation selectors
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SPECIAL: Final = re.compile(
    f"{_UNPRINTED.pattern}|{_SPACES.pattern}"
    "|[\u0300-\u036f\u20e3\u3099\u309a\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]"
)


def printable(text: str) -> str:
    """Text as it is set: no controls and selectors, kana and their marks joined, plain spaces.

    Whole text is never normalised: that would replace the variant characters of names.
    """
    if not _SPECIAL.search(text):
        return text
    text = _PICTURES.sub(lambda match: next(filter(None, match.groups())), text)
    text = _COMBINED.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)
    return _UNPRINTED.sub("", _SPACES.sub(" ", text))
