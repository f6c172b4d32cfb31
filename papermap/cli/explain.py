"""``papermap explain``: one kind of problem, told at length."""

from __future__ import annotations

import click

from papermap.cli import options


@click.command("explain")
@click.argument("codes", nargs=-1, required=True, metavar="CODE...")
@options.language
def command(codes: tuple[str, ...], lang: str) -> None:
    """Tell more of a problem: papermap explain PM012.

    What it means, why it matters on paper, and how to mend it.
    """
    from papermap.checks.explain import explanation

    click.echo("\n\n".join(explanation(code, lang) for code in codes))
