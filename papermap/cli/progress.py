"""Talk on standard error: a progress bar on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from papermap.atlas import Report


class Talk:
    """What a command says while it works; results never pass here."""

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._quiet = quiet
        self._verbose = verbose

    def say(self, line: str) -> None:
        """One line, unless quiet."""
        if not self._quiet:
            click.echo(line, err=True)

    @contextmanager
    def sheets(self) -> Iterator[Callable[[int, int], None]]:
        """Progress of the sheets: give ``(done, total)`` to what this yields."""
        if self._quiet:
            yield lambda _done, _total: None
        elif sys.stderr is not None and sys.stderr.isatty():
            yield from self._bar()
        else:
            yield self._line

    def _bar(self) -> Iterator[Callable[[int, int], None]]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("Drawing", total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)

    def _line(self, done: int, total: int) -> None:
        # some ten lines, however many sheets
        if done == total or done % max(1, total // 10) == 0:
            click.echo(f"Drawn {done} of {total}.", err=True)

    def tell_report(self, report: Report, language: str) -> None:
        """What was written, what could not be printed, and where to read more."""
        from papermap.checks.report import problems_as_text, summary

        if report.checked.problems:
            tell = problems_as_text if self._verbose else summary  # the full text ends with it
            self.say(tell(report.checked, language))
        self.say(report.sentence(language))
