"""``papermap styles``: the looks an atlas can have."""

from __future__ import annotations

import click


@click.command("styles")
@click.option("--lang", type=click.Choice(["ja", "en"]), default="en", help="Language of the list.")
def command(lang: str) -> None:
    """List the styles that come with papermap.

    A style is a TOML file; one of your own is used with “papermap build --style mine.toml”.
    """
    from papermap.style import load_style, style_names

    for name in style_names():
        style = load_style(name)
        words = style.description.get(lang) or style.title.get(lang, "")
        click.echo(f"{name:<8} {words}")
