"""The one place where papermap's errors become messages and exit statuses."""

from __future__ import annotations

import contextlib
import locale
import os
import signal
import sys
from collections.abc import Iterator
from typing import Any

import click

from papermap.cli.options import LANGUAGE
from papermap.errors import PapermapError

_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set counts
# what the extra “raster” brings: tiles, pictures and packs need it
_EXTRA = frozenset({"mercantile", "pmtiles", "rasterio", "requests", "xyzservices"})


class PapermapGroup(click.Group):
    """A group whose commands tell an error in one sentence, and leave with its exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; exit status 1 for a problem, 2 for wrong use, 130 when interrupted."""
        with _interrupts() as interrupted:
            try:
                return super().invoke(ctx)
            except PapermapError as error:
                _tell(error, ctx)
                sys.exit(error.exit_status)
            except BrokenPipeError:
                _forget_output()
                sys.exit(1)
            except ModuleNotFoundError as error:
                if error.name not in _EXTRA:
                    raise
                lacking = PapermapError(
                    "this needs {name}, which is not installed.",
                    "Install it with: pip install 'papermap-relief[raster]'.",
                    name=error.name,
                )
                _tell(lacking, ctx)
                sys.exit(1)
            except (KeyboardInterrupt, Exception) as error:
                if interrupted or isinstance(error, KeyboardInterrupt):
                    _tell(PapermapError("interrupted; nothing was written."), ctx)
                    sys.exit(130)
                if not isinstance(error, OSError):
                    raise
                said = (
                    "cannot go on {name}: {reason}."
                    if error.filename
                    else "cannot go on: {reason}."
                )
                reason = error.strerror or error
                _tell(PapermapError(said, name=error.filename, reason=reason), ctx)
                _forget_output()
                sys.exit(1)


def _tell(error: PapermapError, context: click.Context) -> None:
    """An error on standard error, in the language of --lang, else of the terminal."""
    from papermap.i18n import error_text

    message, hint = error_text(error, spoken(context))
    click.echo(f"papermap: {message}", err=True)
    if hint:
        click.echo(f"  → {hint}", err=True)


def spoken(context: click.Context) -> str:
    """Language of what is told on the terminal: that of --lang, else of the terminal."""
    from papermap.i18n import SUPPORTED

    language = context.meta.get(LANGUAGE, _of_terminal())
    return language if language in SUPPORTED else "en"


def _of_terminal() -> str:
    """Language of the terminal, as the environment tells it, else as the system does."""
    named = next((os.environ[key] for key in _LOCALE if os.environ.get(key)), "")
    said = (named or locale.getlocale()[0] or "").lower()
    return "ja" if said.startswith("ja") else "en"


@contextlib.contextmanager
def _interrupts() -> Iterator[list[int]]:
    """Ctrl-C, remembered: libraries turn a KeyboardInterrupt while they load into ImportError."""
    seen: list[int] = []

    def remember(number: int, frame: object) -> None:
        seen.append(number)
        signal.default_int_handler(number, frame)  # type: ignore[arg-type]

    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # somebody else's, or none is wanted (nohup)
        yield seen
        return
    signal.signal(signal.SIGINT, remember)
    try:
        yield seen
    except KeyboardInterrupt:  # while the message was told
        sys.exit(130)
    finally:
        signal.signal(signal.SIGINT, before)


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """Ctrl-C waits until libraries are loaded: compiled ones print what they make of it.

    Nothing is searched for cycles meanwhile: what is loaded stays.
    """
    from papermap.processes import uncollected

    with uncollected(), _patient():
        yield


@contextlib.contextmanager
def _patient() -> Iterator[None]:
    before = signal.getsignal(signal.SIGINT)
    if not callable(before):
        yield
        return
    seen: list[int] = []
    signal.signal(signal.SIGINT, lambda number, _: seen.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if seen:
        signal.raise_signal(signal.SIGINT)


def _forget_output() -> None:
    """Nobody reads it any more: Python must not complain when it closes the streams."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
