"""What may be asked of the network, and where its answers are kept."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import platformdirs


def cache_folder(name: str) -> Path:
    """Where something is kept that can be made or fetched again.

    In the folder that ``PAPERMAP_CACHE`` names, else where the system keeps caches.
    """
    said = os.environ.get("PAPERMAP_CACHE")
    return (Path(said) if said else platformdirs.user_cache_path("papermap")) / name


@dataclass(frozen=True, slots=True)
class Network:
    """How tile servers may be used.

    Parameters
    ----------
    offline
        Never open a socket.
    cache
        Folder in which tiles are kept; None: as :func:`cache_folder`.
    timeout
        Seconds without a word after which a server counts as silent.
    most
        Tiles that may be asked of one server in one build.
    """

    offline: bool = False
    cache: Path | None = None
    timeout: float = 20.0
    most: int = 5000
