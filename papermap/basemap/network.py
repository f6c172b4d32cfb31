"""What may be asked of the network, and where its answers are kept."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import platformdirs


def cache_folder(name: str) -> Path:
    """Where something is kept that can be made or fetched again.

    In the folder that ``PAPERMAP_CACHE`` names, else where the system keeps caches.
    """
    said = os.environ.get("PAPERMAP_CACHE")
    return (Path(said) if said else platformdirs.user_cache_path("papermap")) / name


ROOM: Final = 2_000_000_000  # bytes that one kind of kept files may take


def make_room(files: Iterable[Path], room: int = ROOM) -> None:
    """Remove the files that are oldest, beyond the bytes that all may take."""
    known = []
    for file in files:
        with contextlib.suppress(OSError):  # another build was quicker
            status = file.stat()
            known.append((status.st_mtime, status.st_size, file))
    used = 0
    for _, size, file in sorted(known, reverse=True):
        used += size
        if used > room:
            with contextlib.suppress(OSError):
                file.unlink()


@dataclass(frozen=True, slots=True)
class Network:
    """How tile servers may be used.

    Parameters
    ----------
    offline
        Never open a socket.
    cache
        Folder in which tiles are kept, all of them; None: as :func:`cache_folder`, and no more
        than ``ROOM``.
    timeout
        Seconds without a word after which a server counts as silent.
    most
        Tiles that may be asked of one server in one build.
    """

    offline: bool = False
    cache: Path | None = None
    timeout: float = 20.0
    most: int = 5000
