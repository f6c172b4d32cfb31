"""What may be asked of the network, and where its answers are kept."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Network:
    """How tile servers may be used.

    Parameters
    ----------
    offline
        Never open a socket.
    cache
        Folder in which tiles are kept; None: where this system keeps what can be fetched again.
    timeout
        Seconds without a word after which a server counts as silent.
    most
        Tiles that may be asked of one server in one build.
    """

    offline: bool = False
    cache: Path | None = None
    timeout: float = 20.0
    most: int = 5000
