"""The one place where papermap's errors become messages and exit statuses."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any

import click

from papermap.errors import PapermapError


class PapermapGroup(click.Group):
    """A group whose commands tell an error in one sentence, and leave with its exit status."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; exit status 1 for a problem, 2 for wrong use, 130 when interrupted."""
        try:
            return super().invoke(ctx)
        except PapermapError as error:
            click.echo(f"papermap: {error.message}", err=True)
            if error.hint:
                click.echo(f"  → {error.hint}", err=True)
            sys.exit(error.exit_status)
        except BrokenPipeError:
            _forget_output()
            sys.exit(1)
        except OSError as error:
            name = f" {error.filename}" if error.filename else ""
            click.echo(f"papermap: cannot go on{name}: {error.strerror or error}.", err=True)
            _forget_output()
            sys.exit(1)
        except KeyboardInterrupt:
            click.echo("papermap: interrupted; nothing was written.", err=True)
            sys.exit(130)


def _forget_output() -> None:
    """Nobody reads it any more: Python must not complain when it closes the streams."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(AttributeError, OSError, ValueError):
            os.dup2(nowhere, stream.fileno())
