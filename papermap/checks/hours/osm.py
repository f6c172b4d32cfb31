"""``opening_hours`` of OpenStreetMap: validated by a library, its plain forms read."""

from __future__ import annotations

import re
from typing import Final

from papermap.checks.hours.rules import ALL_DAY, HOLIDAYS, WEEK, Date, Rule, Span, day_range

_DAYS: Final = {day: n for n, day in enumerate(("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"))}
_MONTHS: Final = {
    name: n
    for n, name in enumerate(
        "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(),  # noqa: SIM905
        start=1,
    )
}
_OWN: Final = re.compile(r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)\b|\b24/7\b|\b(?:sunrise|sunset)\b")
_TIMES: Final = re.compile(r"\d:\d\d\s*[-+]")
# a comment in quotes may be in any script; what stands outside is plain ASCII
_OUTSIDE: Final = re.compile(r"\"[^\"]*\"")
_DAY: Final = r"(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)"
_TIME: Final = r"(?:\d{2}:\d{2}|sunrise|sunset)"
_MONTH: Final = rf"(?:{'|'.join(_MONTHS)})"
_DATE: Final = rf"(?:\d{{4}} )?{_MONTH}(?: \d{{1,2}})?"
_SPAN: Final = rf"{_TIME}(?:-{_TIME}|\+)"
_RULE: Final = re.compile(
    rf"(?P<dates>{_DATE}(?:-{_DATE})?)?"
    rf" ?(?P<days>{_DAY}(?:-{_DAY})?(?:,{_DAY}(?:-{_DAY})?)*)?"
    rf" ?(?P<all>24/7)?(?P<spans>{_SPAN}(?:,{_SPAN})*)?"
    r" ?(?P<closed>closed)?(?: ?\"(?P<comment>[^\"]{1,60})\")?"
)
_BETWEEN: Final = re.compile(r"(?:; |, (?=[A-Z\d]))(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")


def read_osm(text: str) -> tuple[tuple[Rule, ...], str]:
    """Rules of the text, and what is wrong with it where it is plainly meant in this syntax.

    No rules for what is none, or valid and too involved to be put into a few words.
    """
    outside = _OUTSIDE.sub("", text)
    own = bool(_OWN.search(outside))
    if not outside.isascii() or not (own or _TIMES.search(outside)):
        return (), ""
    import opening_hours  # noqa: PLC0415 - a library of its own weight, and hours are rare

    try:
        canonical = str(opening_hours.OpeningHours(text))
    except opening_hours.ParserError as error:  # type: ignore[attr-defined]  # not in its stubs
        return (), _place(str(error)) if own else ""
    rules = [rule for rule in map(_rule, _BETWEEN.split(canonical)) if rule is not None]
    if len(rules) < len(_BETWEEN.split(canonical)):
        return (), ""
    return (*rules, *_never(rules)), ""


def _place(message: str) -> str:
    """Column at which the library stopped."""
    found = re.search(r"--> \d+:(\d+)", message)
    return found[1] if found else "1"


def _rule(text: str) -> Rule | None:
    found = _RULE.fullmatch(text.strip())
    if not found or not text.strip():
        return None
    spans = tuple(_span(each) for each in (found["spans"] or "").split(",") if each)
    if not spans and not found["closed"]:
        spans = (ALL_DAY,)
    return Rule(
        days=_days(found["days"] or ""),
        dates=tuple(_date(each) for each in (found["dates"] or "").split("-") if each),
        spans=spans,
        closed=bool(found["closed"]),
        remarks=(("", found["comment"]),) if found["comment"] else (),
    )


def _span(text: str) -> Span:
    start, _, end = text.removesuffix("+").partition("-")
    return _minutes(start), _minutes(end) if end else None


def _minutes(text: str) -> int | str:
    if not text[0].isdigit():
        return text
    return int(text[:2]) * 60 + int(text[3:])


def _days(text: str) -> tuple[int, ...]:
    found: list[int] = []
    for part in filter(None, text.split(",")):
        first, _, last = part.partition("-")
        if first == "PH":
            found.append(HOLIDAYS)
        else:
            found += day_range(_DAYS[first], _DAYS[last or first])
    return tuple(dict.fromkeys(found))


def _date(text: str) -> Date:
    *_, name, day = (*text.split(), "") if text.rsplit(maxsplit=1)[-1] in _MONTHS else text.split()
    return _MONTHS[name], int(day) if day else None


def _never(rules: list[Rule]) -> tuple[Rule, ...]:
    """The one or two days of the week on which it is never open, said in so many words."""
    plain = [rule for rule in rules if not rule.dates]
    if len(plain) < len(rules) or not all(rule.days for rule in plain):
        return ()
    told = {day for rule in plain for day in rule.days}
    never = tuple(day for day in WEEK if day not in told)
    return (Rule(days=never, closed=True),) if 0 < len(never) <= 2 else ()
