"""One coordinate as people write it → decimal degrees."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,2})?")
_ANGLE: Final = re.compile(
    r"(?P<before>[NSEW]|北緯|南緯|東経|西経)?\s*(?P<sign>[+-])?\s*(?P<d>\d{1,3}(?:[.,]\d+)?)\s*(?:[°º˚度]|deg)?"
    r"(?:\s*(?P<m>\d{1,2}(?:[.,]\d+)?)\s*(?:['′分])(?:\s*(?P<s>\d{1,2}(?:[.,]\d+)?)\s*(?:[\"″秒]|''))?)?"
    r"\s*(?P<after>[NSEW])?",
    re.IGNORECASE,
)
_LONGEST: Final = 60  # characters
_MINUS: Final = frozenset(("S", "W", "南緯", "西経"))
# what typewriters, phones and word processors make of the marks of minutes and seconds
_MARKS: Final = str.maketrans("’‘`´′”“〞″−", "'" * 5 + '"' * 4 + "-")


def degrees(text: str) -> float | None:
    """Decimal degrees of ``35.3192``, ``35,3192``, ``35.3192°N``, ``北緯35度19分9秒``.

    Also plain numbers of any size (metres). None for what is no coordinate: sixty minutes or more,
    two hemispheres, other words beside it.
    """
    if len(text) > _LONGEST:
        return None
    plain = unicodedata.normalize("NFKC", text.translate(_MARKS)).strip()
    if _NUMBER.fullmatch(plain):
        return float(plain.replace(",", "."))
    found = _ANGLE.fullmatch(plain)
    if found is None or (found["before"] and found["after"]):
        return None
    minutes, seconds = _part(found["m"]), _part(found["s"])
    if minutes >= 60 or seconds >= 60:
        return None
    value = _part(found["d"]) + minutes / 60 + seconds / 3600
    hemisphere = (found["before"] or found["after"] or "").upper()
    return -value if (hemisphere in _MINUS) != (found["sign"] == "-") else value


def _part(text: str | None) -> float:
    return float(text.replace(",", ".")) if text else 0.0
