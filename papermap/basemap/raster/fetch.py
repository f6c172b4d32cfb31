"""The only network code: tiles from a server into the cache, gently, and never for ever.

Imported only to fetch: requests tries an IPv6 socket when it is loaded, and is slow to load.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import Final

import requests

from papermap.basemap.base import Progress
from papermap.basemap.raster.answers import pixels
from papermap.basemap.raster.cache import TileCache
from papermap.basemap.raster.manners import Failure, Manners, Why
from papermap.basemap.raster.server import TileServer
from papermap.basemap.raster.tiles import Tile

AT_ONCE: Final = 2  # requests to one host
_TRIES: Final = 3
_STRIKES: Final = 3  # tiles in a row that fail after all tries: the server is left alone
_PATIENCE: Final = 60.0  # s; a server that asks for a longer pause is left alone
_LARGEST: Final = 4_000_000  # bytes of a tile
_CHUNK: Final = 65_536


class _Again(Exception):  # noqa: N818 (it is no error of ours)
    """The server may do better: try once more, after so many seconds."""

    def __init__(self, failure: Failure, pause: float | None = None) -> None:
        super().__init__(failure)
        self.failure = failure
        self.pause = pause


@dataclass
class Fetcher:
    """Fetches tiles of one server into the cache, two at a time.

    After some tiles in a row that no try could get, the server is left alone, and what it was
    not asked for fails for the same reason: a dead server costs a minute, not the night.
    """

    server: TileServer
    cache: TileCache
    manners: Manners = field(default_factory=Manners)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _strikes: int = field(default=0, init=False)
    _given_up: Failure | None = field(default=None, init=False)
    _quiet_until: float = field(default=0.0, init=False)  # of the monotonic clock

    def fetch(self, tiles: Sequence[Tile], progress: Progress) -> dict[Tile, Failure]:
        """Bring the tiles into the cache; returns those that are not there, and why."""
        failed: dict[Tile, Failure] = {}
        by_url = {self.server.address(tile): tile for tile in tiles}
        with requests.Session() as session, self._asking(session, by_url) as asked:
            for done, (url, answer) in enumerate(zip(by_url, asked, strict=True), start=1):
                if isinstance(answer, Failure):
                    failed[by_url[url]] = answer
                progress(done, len(by_url))
        return failed

    @contextlib.contextmanager
    def _asking(
        self, session: requests.Session, urls: Iterable[str]
    ) -> Iterator[Iterator[bytes | Failure]]:
        """Answers in the order of the URLs; who leaves early (Ctrl-C) leaves the rest unasked."""
        session.headers["User-Agent"] = f"papermap/{version('papermap-relief')}"
        session.max_redirects = 3
        pool = ThreadPoolExecutor(AT_ONCE)
        try:
            yield pool.map(lambda url: self._one(session, url), urls)
        finally:
            self._given_up = self._given_up or Failure(Why.SILENT, "interrupted")
            pool.shutdown(cancel_futures=True)

    def _one(self, session: requests.Session, url: str) -> bytes | Failure:
        """One tile, tried several times."""
        failure = self._given_up
        pause = self.manners.pause
        for attempt in range(_TRIES):
            if self._given_up is not None:
                return self._given_up
            if attempt:
                self.manners.sleep(pause)
                pause *= 2
            self._wait()
            try:
                answer = self._ask(session, url)
            except _Again as again:
                failure = again.failure
                self._hush(again)
                continue
            return self._settle(url, answer)
        assert failure is not None  # noqa: S101 (every way through the loop has set it)
        return self._strike(failure)

    def _settle(self, url: str, answer: bytes | Failure) -> bytes | Failure:
        if isinstance(answer, bytes):
            self._strikes = 0
            self.cache.put(url, answer)
        elif answer.why is Why.ABSENT:
            self._strikes = 0
            self.cache.put(url, b"")
        else:
            return self._strike(answer)
        return answer

    def _strike(self, failure: Failure) -> Failure:
        with self._lock:
            self._strikes += 1
            if self._strikes >= _STRIKES and self._given_up is None:
                self._given_up = failure
        return failure

    def _wait(self) -> None:
        """A server that asked for a pause gets it from all."""
        left = self._quiet_until - time.monotonic()
        if left > 0:
            self.manners.sleep(left)

    def _hush(self, again: _Again) -> None:
        if again.pause is None:
            return
        with self._lock:
            if again.pause > _PATIENCE:
                self._given_up = again.failure
            else:
                self._quiet_until = max(self._quiet_until, time.monotonic() + again.pause)

    def _ask(self, session: requests.Session, url: str) -> bytes | Failure:
        """One request; raises ``_Again`` where another may succeed."""
        patience = self.manners.timeout
        until = time.monotonic() + 3 * patience
        try:
            with session.get(url, timeout=patience, stream=True) as answer:
                failure = _refusal(answer)
                if failure is not None:
                    return failure
                data = b""
                for chunk in answer.iter_content(_CHUNK):
                    data += chunk
                    if len(data) > _LARGEST or time.monotonic() > until:
                        raise _Again(Failure(Why.SILENT, "too large or too slow"))
        except requests.RequestException as error:
            raise _Again(Failure(Why.SILENT, _word(error))) from error
        if not data:
            raise _Again(Failure(Why.SILENT, "an empty answer"))
        if pixels(data) is None:
            if data.lstrip()[:1] in (b"<", b"{"):
                return Failure(Why.NO_PICTURE, "a page instead of a picture")
            raise _Again(Failure(Why.NO_PICTURE, "a broken picture"))
        return data


def _refusal(answer: requests.Response) -> Failure | None:
    """What the status says: None for a tile; raises ``_Again`` where waiting may help."""
    status = answer.status_code
    detail = f"HTTP {status}"
    if status == 200:
        return None
    if status in (204, 404, 410):
        return Failure(Why.ABSENT, detail)
    pause = _seconds(answer.headers.get("Retry-After", ""))
    if status == 429:
        raise _Again(Failure(Why.REFUSED, detail), pause)
    if status >= 500:
        raise _Again(Failure(Why.SILENT, detail), pause)
    return Failure(Why.REFUSED, detail)


def _seconds(said: str) -> float | None:
    """Seconds of a Retry-After, which is a number or a date."""
    try:
        if said.strip().isdecimal():
            return float(said)
        return max(0.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None


def _word(error: requests.RequestException) -> str:
    if isinstance(error, requests.Timeout):
        return "no answer in time"
    if isinstance(error, requests.exceptions.ChunkedEncodingError):
        return "cut off"
    return "no connection"
