"""What hours are made of, whoever wrote them: days, times, breaks, remarks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

WEEK: Final = (0, 1, 2, 3, 4, 5, 6)  # Monday is 0
HOLIDAYS: Final = 7
WORKDAYS: Final = 8  # 平日: Monday to Friday that are no holidays
ALL_DAY: Final = (0, 24 * 60)

Span = tuple[int | str, int | str | None]  # minutes of the day or a word for them; None: open end
Date = tuple[int, int | None]  # month and day; None: the whole month


@dataclass(frozen=True, slots=True)
class Rule:
    """One part of the hours: when it holds, and what then.

    No ``days``: every day. ``remarks`` are words of the locale's ``[hours]`` table with their
    minutes, or a stranger's own comment under the key ``""``.
    """

    days: tuple[int, ...] = ()
    dates: tuple[Date, ...] = ()  # one, or first and last
    spans: tuple[Span, ...] = ()
    closed: bool = False
    breaks: tuple[Span, ...] = ()
    remarks: tuple[tuple[str, int | str], ...] = ()


def day_range(first: int, last: int) -> tuple[int, ...]:
    """Days from one to another; past Sunday the week begins anew."""
    days = [first]
    while days[-1] != last:
        days.append((days[-1] + 1) % 7)
    return tuple(days)
