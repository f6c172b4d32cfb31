"""Talk on standard error: a progress bar on a terminal, plain lines elsewhere, or nothing."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from papermap.atlas import Report
    from papermap.atlas.packing import Packed
    from papermap.i18n import Words


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
    def steps(self, language: str) -> Iterator[Callable[[str], Callable[[int, int], None]]]:
        """Progress of some steps of work: name one, and give ``(done, total)`` to what you get.

        Names are keys of ``[cli]`` in the locale files.
        """
        from papermap.i18n import Words

        words = Words((language,))
        if self._quiet:
            yield lambda _what: lambda _done, _total: None
        elif sys.stderr is not None and sys.stderr.isatty():
            yield from self._bars(words)
        else:
            yield lambda what: partial(self._line, words, what)

    def _bars(self, words: Words) -> Iterator[Callable[[str], Callable[[int, int], None]]]:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TimeRemainingColumn

        columns = ("{task.description}", BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:

            def step(what: str) -> Callable[[int, int], None]:
                task = bar.add_task(words(f"cli.{what}"), total=None, visible=False)
                return lambda done, total: bar.update(
                    task, completed=done, total=total, visible=True
                )

            yield step

    def _line(self, words: Words, what: str, done: int, total: int) -> None:
        # some ten lines, however many sheets
        if done == total or done % max(1, total // 10) == 0:
            what = words(f"cli.{what}")
            click.echo(words("cli.progress", what=what, done=done, total=total), err=True)

    def tell_pack(self, packed: Packed, language: str) -> None:
        """What was written, and what is not in it."""
        from papermap.i18n import Words, problem_text

        for problem in packed.problems:
            self.say(" ".join(problem_text(problem, language)))
        size = f"{packed.path.stat().st_size / 1e6:.1f}"
        self.say(Words((language,))("cli.packed", path=packed.path, size=size))

    def tell_report(self, report: Report, language: str) -> None:
        """What was written, what could not be printed, and where to read more."""
        from papermap.checks.report import problems_as_text, summary

        if report.checked.problems:
            tell = problems_as_text if self._verbose else summary  # the full text ends with it
            self.say(tell(report.checked, language))
        self.say(report.sentence(language))
