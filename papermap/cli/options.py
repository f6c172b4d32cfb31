"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

Command = Callable[..., Any]

sources = click.argument("sources", nargs=-1, metavar="SOURCE...")
language = click.option(
    "--lang",
    type=click.Choice(["ja", "en"]),
    default="ja",
    show_default=True,
    help="Language of what is told.",
)
as_of = click.option(
    "--as-of", metavar="TIME", help="Time for which it speaks: 2026-09-14T16:00, or now."
)
quiet = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
verbose = click.option("-v", "--verbose", is_flag=True, help="Tell every problem and step.")
