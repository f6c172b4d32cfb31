"""How a server is asked for tiles, and why one is not there."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Why(StrEnum):
    """Why there is no tile."""

    ABSENT = "PM110"  # the server or the file has none there
    REFUSED = "PM111"  # 401, 403, 429, or a picture that says so
    SILENT = "PM112"  # no answer in time, an answer cut off, 5xx
    NO_PICTURE = "PM113"  # a page, or a broken picture
    OFFLINE = "PM114"  # not in the cache, and nothing may be fetched


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a tile is not there, and the server's own word for it."""

    why: Why
    detail: str


@dataclass(frozen=True, slots=True)
class Manners:
    """How a server is asked."""

    timeout: float = 20.0  # s without a word
    pause: float = 0.5  # s before the second try; doubled before the third
    fresh: timedelta = timedelta(days=30)  # a tile older than this is asked for again
    absent: timedelta = timedelta(days=1)  # so is one that the server did not have
    sleep: Callable[[float], None] = time.sleep
