"""Rules of hours → the words of a language, as short as paper needs them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from papermap.checks.hours.rules import ALL_DAY, HOLIDAYS, WEEK, WORKDAYS, Date, Rule, Span
from papermap.i18n import Words

_HOUR: Final = 60


def in_words(rules: Sequence[Rule], language: str) -> str:
    """The rules as a person says them in ``language``."""
    said = _Said(language, daily=not any(rule.days or rule.dates for rule in rules))
    text = ""
    for rule in rules:
        told = said.rule(rule)
        between = said.word("before_closed" if rule.closed else "between_rules") if text else ""
        text += f"{between}{told}" if told else ""
    return text


class _Said:
    """One language, and whether its times may be in whole hours: beside days that is confusing."""

    def __init__(self, language: str, *, daily: bool) -> None:
        self._words = Words((language,))
        self._daily = daily

    def word(self, key: str, **params: object) -> str:
        return self._words(f"hours.{key}", **params)

    def rule(self, rule: Rule) -> str:
        if rule.closed and not rule.spans:
            told = self.word("closed_on", days=self.days(rule.days)) if rule.days else ""
            parts = [self._dates(rule.dates), told or self.word("closed")]
        else:
            parts = [self._dates(rule.dates), self.days(rule.days), self._spans(rule.spans)]
        main = " ".join(filter(None, parts))
        inside = [*(self._rest(span) for span in rule.breaks), *map(self._remark, rule.remarks)]
        told = self.word("between_remarks").join(inside)
        if not told:
            return main
        return self.word("with_remark", main=main, remark=told) if main else told

    def _rest(self, span: Span) -> str:
        return self.word("break", times=self._spans((span,)))

    def _remark(self, remark: tuple[str, int | str]) -> str:
        key, value = remark
        return str(value) if not key else self.word(key, time=self._clock(value, bare=False))

    def _spans(self, spans: Sequence[Span]) -> str:
        if not spans:
            return ""
        if spans == (ALL_DAY,):
            return self.word("all_day")
        short = self._daily and all(_whole(time) for span in spans for time in span)
        return self.word("between_spans").join(self._span(span, short=short) for span in spans)

    def _span(self, span: Span, *, short: bool) -> str:
        start, end = span
        if end is None:
            return self.word("from", time=self._clock(start, bare=False))
        if isinstance(start, int) and isinstance(end, int) and end <= start:
            end += ALL_DAY[1]  # past midnight
        short = short and not (isinstance(end, int) and end > ALL_DAY[1])
        key = "span_short" if short else "span"
        return self.word(
            key, start=self._clock(start, bare=short), end=self._clock(end, bare=short)
        )

    def _clock(self, time: int | str, *, bare: bool) -> str:
        if isinstance(time, str):
            return self.word(time)
        if time > ALL_DAY[1]:
            return self.word("next_day", time=self._clock(time - ALL_DAY[1], bare=False))
        hour, minute = divmod(time, _HOUR)
        return self.word("hour", hour=hour) if bare else f"{hour}:{minute:02}"

    def _dates(self, dates: Sequence[Date]) -> str:
        said = [self._date(*date) for date in dates]
        return self.word("range", first=said[0], last=said[-1]) if len(said) > 1 else "".join(said)

    def _date(self, month: int, day: int | None) -> str:
        name = self._words.month(month)
        key = "month" if day is None else "date"
        return self.word(key, month=month, month_name=name, day=day)

    def days(self, days: Sequence[int]) -> str:
        """Days of the week, three and more in a row as a range."""
        if not days or set(days) >= set(WEEK):
            return ""
        names = self.word("days").split()
        if len(days) == 1 and days[0] in WEEK:
            return self.word("one_day", day=names[days[0]])
        runs = list(_runs([day for day in days if day in WEEK]))
        said = [self._run(run, names) for run in runs]
        said += [self.word("holidays")] if HOLIDAYS in days else []
        said += [self.word("workdays")] if WORKDAYS in days else []
        return self.word("between_days").join(said)

    def _run(self, run: Sequence[int], names: Sequence[str]) -> str:
        if len(run) > 2:
            return self.word("range", first=names[run[0]], last=names[run[-1]])
        return self.word("beside_days").join(names[day] for day in run)


def _whole(time: int | str | None) -> bool:
    return isinstance(time, int) and time % _HOUR == 0


def _runs(days: Sequence[int]) -> Iterator[list[int]]:
    """Days in rows of neighbours; Sunday and Monday are neighbours where both are named."""
    run: list[int] = []
    for day in days:
        if run and day != (run[-1] + 1) % 7:
            yield run
            run = []
        run.append(day)
    if run:
        yield run
