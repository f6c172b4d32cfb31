"""The one place where papermap's errors become messages and exit statuses."""

from __future__ import annotations

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
        except KeyboardInterrupt:
            click.echo("papermap: interrupted; nothing was written.", err=True)
            sys.exit(130)
        except BrokenPipeError:
            sys.stderr.close()
            sys.exit(1)
