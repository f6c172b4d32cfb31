"""The state in which a mark is drawn: solid, hollow, crossed or full."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Final

from papermap.model import Category, Place, Status

STATES: Final = ("solid", "hollow", "crossed", "full")

# keys of the words beside each state in the legend
STATE_WORDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "solid": "state_solid",
        "hollow": "state_hollow",
        "crossed": "state_crossed",
        "full": "state_full",
    }
)


def mark_state(
    point: Place, as_of: datetime | None, stale_after: timedelta, category: Category
) -> str:
    """How a point is drawn.

    ``crossed``: closed, or expired before ``as_of``. ``full``: no room. ``hollow``: unconfirmed,
    older than ``stale_after`` before ``as_of``, or nothing is known of it and its category is
    not a standing one. Else ``solid``.
    """
    expired = as_of is not None and point.expires_at is not None and point.expires_at <= as_of
    if point.status is Status.CLOSED or expired:
        return "crossed"
    if point.status is Status.FULL:
        return "full"
    unknown = point.status is Status.UNKNOWN and point.confirmed is None and not category.standing
    if point.confirmed is False or unknown or is_stale(point, as_of, stale_after):
        return "hollow"
    return "solid"


def is_stale(point: Place, as_of: datetime | None, stale_after: timedelta) -> bool:
    """Whether the information on a point is older than the limit."""
    if as_of is None or point.updated_at is None:
        return False
    return point.updated_at < as_of - stale_after
