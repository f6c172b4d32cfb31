"""Times as strangers write them → aware datetimes."""

from __future__ import annotations

import math
import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from typing import Any, Final

from papermap.errors import UsageError

JAPAN: Final = timezone(timedelta(hours=9))
TAIPEI: Final = timezone(timedelta(hours=8))
ASSUMED: Final = timezone(timedelta(0), "UTC, assumed")  # where nobody knows whose clock it was
_BOXES: Final = (  # with their seas: all who live in them keep that time
    (122.0, 20.0, 154.0, 46.0, JAPAN),
    (118.0, 21.0, 122.0, 26.5, TAIPEI),
)
_REIWA: Final = 2018  # 令和1 is 2019
_CLOCK: Final = (
    r"(?:[ T]*(?P<h>\d{1,2})(?::|時)(?P<mi>\d{1,2})?(?:(?::|分)(?P<s>\d{1,2})?)?[\d.]*秒?)?"
)
_YEAR: Final = re.compile(
    r"(?:(?P<y>\d{4})[-/.年]|令和(?P<r>\d{1,2}|元)年)(?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})日?"
    r"(?:\([月火水木金土日]\))?" + _CLOCK + r"(?:現在|時点|頃)?"
)
_YEAR_LAST: Final = re.compile(r"(?P<m>\d{1,2})/(?P<d>\d{1,2})/(?P<y>\d{4})" + _CLOCK)
_NO_YEAR: Final = re.compile(
    r"(?P<m>\d{1,2})(?:/|月)(?P<d>\d{1,2})日?(?:\([月火水木金土日]\))?"
    + _CLOCK
    + r"(?:現在|時点|頃)?"
)
_EPOCH: Final = (1e8, 5e9)  # seconds: 1973 … 2128; a thousand times that are milliseconds
_AGE: Final = re.compile(r"(\d{1,5}(?:\.\d+)?)\s*([mhdw]?)")
_MINUTES: Final = {"m": 1, "h": 60, "d": 60 * 24, "w": 60 * 24 * 7}
_AHEAD: Final = timedelta(days=1)


def zone_of(lon: float, lat: float) -> tzinfo:
    """Zone in which a place's times without offset are meant.

    UTC+9 in Japan, UTC+8 in Taiwan, elsewhere UTC for want of better: :data:`ASSUMED`.
    """
    for west, south, east, north, zone in _BOXES:
        if west <= lon <= east and south <= lat <= north:
            return zone
    return ASSUMED


def parse_age(text: str) -> timedelta:
    """An age such as ``24h``, ``90m`` or ``3d``; a number alone is hours.

    Raises
    ------
    UsageError
        For anything else.
    """
    found = _AGE.fullmatch(text.strip().lower())
    if found is None:
        raise UsageError("“{text}” is not an age.", "Write one such as 24h, 90m or 3d.", text=text)
    return timedelta(minutes=float(found[1]) * _MINUTES[found[2] or "h"])


def parse_time(value: Any, zone: tzinfo, as_of: datetime | None = None) -> datetime | None:
    """Aware time of a text or an epoch number; None for what is no time.

    A time without a year (``1月3日 10:30``) gets the latest year that does not lie after ``as_of``;
    without ``as_of`` it is no time. A date with its year last (``7/8/2018``) is month first in
    Japan, where spreadsheets write so, elsewhere only where it cannot be otherwise.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _epoch(float(value))
    text = " ".join(unicodedata.normalize("NFKC", str(value)).split())[:64]
    if re.fullmatch(r"\d{10}|\d{13}", text):
        return _epoch(float(text))
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return _loose(text, zone, as_of)
    return _aware(moment, zone)


def _epoch(number: float) -> datetime | None:
    if not math.isfinite(number):
        return None
    seconds = number / 1000 if number > _EPOCH[1] else number
    if not _EPOCH[0] <= seconds <= _EPOCH[1]:
        return None
    return datetime.fromtimestamp(seconds, UTC)


def _loose(text: str, zone: tzinfo, as_of: datetime | None) -> datetime | None:
    found = _YEAR.fullmatch(text)
    if found:
        reiwa = found["r"]
        year = int(found["y"]) if found["y"] else _REIWA + (1 if reiwa == "元" else int(reiwa))
        return _made(found, year, zone)
    found = _YEAR_LAST.fullmatch(text)
    if found and (zone is JAPAN or int(found["d"]) > 12):
        return _made(found, int(found["y"]), zone)
    found = _NO_YEAR.fullmatch(text)
    if not found or as_of is None:
        return None
    for year in (as_of.year, as_of.year - 1):
        moment = _made(found, year, zone)
        if moment is not None and moment <= as_of + _AHEAD:
            return moment
    return None


def _made(found: re.Match[str], year: int, zone: tzinfo) -> datetime | None:
    numbers = [int(found[key] or 0) for key in ("m", "d", "h", "mi", "s")]
    try:
        return datetime(year, *numbers, tzinfo=zone)  # type: ignore[misc, arg-type]
    except ValueError:
        return None


def _aware(moment: datetime, zone: tzinfo) -> datetime | None:
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=zone)
    return moment if 1900 < moment.year < 2200 else None
