"""Hours as people write them (``9時～17時``, ``平日9:00-17:00(12-13時休み)``), word by word."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from papermap.checks.hours.rules import (
    ALL_DAY,
    HOLIDAYS,
    WEEK,
    WORKDAYS,
    Rule,
    Span,
    day_range,
)

_TO: Final = r"\s*(?:[-–—−~〜～]|から)\s*"
_HALF: Final = r"(?:(?P<half{0}>午前|午後|AM|PM)\s*)?"
_CLOCK: Final = (
    r"(?P<h{0}>\d{{1,2}})(?:(?P<colon{0}>:)(?P<m{0}>\d\d)"
    r"|(?P<ji{0}>時)(?:(?P<fun{0}>\d{{1,2}})分|(?P<han{0}>半))?)?(?P<late{0}>\s*(?:AM|PM)\b)?"
)
_SPAN: Final = (
    _HALF.format("a")
    + _CLOCK.format("a")
    + _TO
    + r"(?P<next>翌[日朝]?の?)?"
    + _HALF.format("b")
    + _CLOCK.format("b")
)
_FROM: Final = _HALF.format("a") + _CLOCK.format("a") + r"\s*(?:から|~|〜|～)"
_ONE: Final = _HALF.format("a") + _CLOCK.format("a")
_DAY: Final = r"[月火水木金土日祝](?:曜日?|(?<=祝)日)?"
_DAYS: Final = rf"{_DAY}(?:(?:\s*[-–~〜～・、,/]\s*)?{_DAY})*"  # a blank alone joins nothing
_ENGLISH: Final = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?s?\.?"
_NAMES: Final = ("mo", "tu", "we", "th", "fr", "sa", "su")
_MOST_SHUT: Final = 3  # days of the week: of more, the first may be those that are not
_SHUT: Final = r"(?:定休日?|休業日?|休館日?|休診日?|休み|closed)"
_BEHIND: Final = r"(?![\w時分])"  # nothing of a longer word or number behind it


@dataclass(slots=True)
class _Reading:
    """Rules so far, and the one that is being read."""

    done: list[Rule] = field(default_factory=list)
    rule: Rule = field(default_factory=Rule)

    def begin(self, days: tuple[int, ...]) -> None:
        """Days begin a rule of their own where the one before says something already."""
        if self.rule.spans or self.rule.closed or self.rule.days:
            self.done.append(self.rule)
            self.rule = Rule()
        self.rule = replace(self.rule, days=days)

    def add(self, span: Span) -> None:
        """Times belong to the days before them, but not to those on which it is shut."""
        if self.rule.closed:
            self.begin(())
        self.rule = replace(self.rule, spans=(*self.rule.spans, span))

    def finished(self) -> tuple[Rule, ...] | None:
        rules = [*self.done, self.rule]
        said = [rule for rule in rules if rule != Rule()]
        empty = any(not (rule.spans or rule.closed or rule.remarks) for rule in said)
        bare = any(rule.closed and not rule.days for rule in said)
        return None if empty or bare else tuple(said)


def read_free(text: str) -> tuple[Rule, ...] | None:
    """Rules of the text where every word of it is understood, else None."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    reading, place = _Reading(), 0
    while place < len(plain):
        for pattern, take in _TOKENS:
            found = pattern.match(plain, place)
            if found and found.end() > place and take(reading, found):
                place = found.end()
                break
        else:
            return None
    return reading.finished()


def _take_all_day(reading: _Reading, found: re.Match[str]) -> bool:
    del found
    reading.add(ALL_DAY)
    return True


def _take_span(reading: _Reading, found: re.Match[str]) -> bool:
    span = _span(found)
    if span is None:
        return False
    reading.add(span)
    return True


def _take_break(reading: _Reading, found: re.Match[str]) -> bool:
    span = _span(found)
    if span is None or not reading.rule.spans:
        return False
    reading.rule = replace(reading.rule, breaks=(*reading.rule.breaks, span))
    return True


def _take_from(reading: _Reading, found: re.Match[str]) -> bool:
    start = _minutes(found, "a", clock=True)
    if start is None:
        return False
    reading.add((start, None))
    return True


def _take_last(reading: _Reading, found: re.Match[str]) -> bool:
    time = _minutes(found, "a", clock=True)
    if time is None:
        return False
    reading.rule = replace(reading.rule, remarks=(*reading.rule.remarks, ("last_entry", time)))
    return True


def _take_shut_days(reading: _Reading, found: re.Match[str]) -> bool:
    days = _japanese_days(found["days"])
    if not days or len(set(days) & set(WEEK)) > _MOST_SHUT:
        return False  # “月–金、祝日休み” is open on the first five
    reading.begin(days)
    reading.rule = replace(reading.rule, closed=True)
    return True


def _take_days(reading: _Reading, found: re.Match[str]) -> bool:
    days = _japanese_days(found["days"])
    reading.begin(days)
    return bool(days)


def _take_named(days: tuple[int, ...]) -> Callable[[_Reading, re.Match[str]], bool]:
    def take(reading: _Reading, found: re.Match[str]) -> bool:
        del found
        reading.begin(days)
        return True

    return take


def _take_english(reading: _Reading, found: re.Match[str]) -> bool:
    first = _NAMES.index(found["first"][:2].lower())
    last = _NAMES.index((found["last"] or found["first"])[:2].lower())
    reading.begin(day_range(first, last))
    return True


def _take_remark(key: str) -> Callable[[_Reading, re.Match[str]], bool]:
    def take(reading: _Reading, found: re.Match[str]) -> bool:
        del found
        reading.rule = replace(reading.rule, remarks=(*reading.rule.remarks, (key, 0)))
        return True

    return take


def _skip(reading: _Reading, found: re.Match[str]) -> bool:
    del reading, found
    return True


def _span(found: re.Match[str]) -> Span | None:
    """First and last minute; a number without its hour's sign counts only beside one with it."""
    signed = any(found[f"{sign}{end}"] for sign in ("colon", "ji", "late") for end in "ab")
    signed = signed or bool(found["halfa"] and found["halfb"])
    start, end = _minutes(found, "a"), _minutes(found, "b")
    if not signed or start is None or end is None or start == end:
        return None
    return (start, end + ALL_DAY[1]) if found["next"] else (start, end)


def _minutes(found: re.Match[str], which: str, *, clock: bool = False) -> int | None:
    """Minute of the day; ``clock`` asks for a sign that it is a time at all."""
    hour = int(found[f"h{which}"])
    minute = int(found[f"m{which}"] or found[f"fun{which}"] or (30 if found[f"han{which}"] else 0))
    half = (found[f"half{which}"] or found[f"late{which}"] or "").strip().upper()
    if clock and not (found[f"colon{which}"] or found[f"ji{which}"] or half):
        return None
    if half in ("午後", "PM") and hour < 12:
        hour += 12
    elif half in ("午前", "AM") and hour == 12:
        hour = 0
    elif half and hour > 12:
        return None
    total = hour * 60 + minute
    return total if minute < 60 and total <= 24 * 60 else None


def _japanese_days(text: str) -> tuple[int, ...]:
    """Days of ``月～金``, ``土日祝``, ``月・水・金曜日``."""
    days: list[int] = []
    to = False
    for char in re.sub(r"曜日?|(?<=祝)日", "", text):
        if char in "-–~〜～":
            to = True
        elif char == "祝":
            days.append(HOLIDAYS)
        elif char in "月火水木金土日":
            day = "月火水木金土日".index(char)
            days += day_range(days[-1], day)[1:] if to and days and days[-1] in WEEK else [day]
            to = False
    return tuple(dict.fromkeys(days))


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


# tried in this order at each place; what none of them takes makes the text a story
_TOKENS: Final = tuple(
    (_compiled(pattern), take)
    for pattern, take in (
        (r"[\s、,・;/()。]+|と(?=\d)", _skip),
        (
            r"24\s*(?:時間|h(?:ours|rs?)?\b)(?:営業|対応|体制|開放|(?:利用|使用)?可能?|開設)?",
            _take_all_day,
        ),
        (_SPAN + r"\s*(?:は|の間は?)?\s*(?:昼?休み|休憩|休止|closed)", _take_break),
        (r"(?:昼休み?|休憩)[::]?\s*" + _SPAN + _BEHIND, _take_break),
        (_SPAN + r"(?:\s*まで)?" + _BEHIND, _take_span),
        (
            r"(?:最終)?(?:受付|入館|入場|入浴|受け付け)は?[::=]?\s*"
            + _ONE
            + r"\s*(?:まで)?"
            + _BEHIND,
            _take_last,
        ),
        (_FROM + r"(?=\s*(?:$|[、,()]|なくなり|無くなり))", _take_from),
        (
            r"(?:水|湯|お湯|在庫|品)?[がの]?(?:なくなり|無くなり|無くなり|品切れ|売り切れ)次第(?:、?終了)?",
            _take_remark("until_out"),
        ),
        (r"予定", _take_remark("planned")),
        (r"要予約|予約制", _take_remark("by_appointment")),
        (r"毎日|年中無休|無休|daily|every day", _take_named(WEEK)),
        (r"平日|weekdays", _take_named((WORKDAYS,))),
        (rf"{_SHUT}[:=はが]?\s*(?P<days>{_DAYS})", _take_shut_days),
        (rf"(?P<days>{_DAYS})(?:は|が)?\s*{_SHUT}", _take_shut_days),
        (rf"(?P<days>{_DAYS})(?:は|:)?", _take_days),
        (rf"(?P<first>{_ENGLISH})(?:\s*(?:-|–|to)\s*(?P<last>{_ENGLISH}))?:?(?!\w)", _take_english),
        (r"(?:営業時間?|開設時間|給水時間|利用時間|開館時間|受付時間|時間)[:はが]?", _skip),
    )
)
