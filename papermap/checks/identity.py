"""Ids that stay the same from one edition to the next."""

from __future__ import annotations

import hashlib
from typing import Final

from papermap.checks.text import fold

_OWN: Final = 80  # characters of a source's own id that are kept


def content_id(category: str, name: str, lon: float, lat: float) -> str:
    """Twelve hex digits that stay while category, name and place (to about a metre) stay."""
    key = f"{category}\0{fold(name)}\0{lon:.5f}\0{lat:.5f}"
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:12]


class Ids:
    """Ids given so far; the same things in the same order get the same ids."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._counts: dict[str, int] = {}

    def give(self, own: str, made: str) -> str:
        """The source's own id, else the made one; when it is taken, one made from both."""
        own = own[:_OWN]
        for candidate in filter(None, (own, f"{own}-{made[:6]}" if own else made)):
            if candidate not in self._taken:
                self._taken.add(candidate)
                return candidate
        return self._numbered(f"{own}-{made[:6]}" if own else made)

    def _numbered(self, base: str) -> str:
        count = self._counts.get(base, 1) + 1
        while f"{base}-{count}" in self._taken:
            count += 1
        self._counts[base] = count
        self._taken.add(f"{base}-{count}")
        return f"{base}-{count}"
