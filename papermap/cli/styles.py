"""``papermap styles``: the looks an atlas can have, and the legend of all signs."""

from __future__ import annotations

from pathlib import Path

import click

_LANGUAGES = ("ja", "en")


@click.command("styles")
@click.option(
    "--lang",
    type=click.Choice(_LANGUAGES),
    help="Language of the list, the first one of the legend.",
)
@click.option("--legend", is_flag=True, help="Print a sheet of all signs instead.")
@click.option("--style", default="mono", metavar="NAME|FILE", help="Style of that sheet.")
@click.option("--paper", default="A4", metavar="NAME", help="Paper of that sheet.")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default="legend.pdf",
    metavar="PDF",
    help="Where that sheet goes.  [default: legend.pdf]",
)
@click.option("--overwrite", is_flag=True, help="Replace a file that is there.")
def command(
    lang: str | None, style: str, paper: str, output: Path, *, legend: bool, overwrite: bool
) -> None:
    """List the styles that come with papermap; with --legend, print all signs for the wall.

    A style is a TOML file; one of your own is used with “papermap build --style mine.toml”.
    """
    if legend:
        _print_legend(lang or "ja", style, paper, output, overwrite=overwrite)
        return
    from papermap.style import load_style, style_names

    for name in style_names():
        look = load_style(name)
        words = look.description.get(lang or "en") or look.title.get(lang or "en", "")
        click.echo(f"{name:<8} {words}")


def _print_legend(lang: str, style: str, paper: str, output: Path, *, overwrite: bool) -> None:
    from papermap.atlas.legend import legend
    from papermap.files import refuse_target, write_whole

    refuse_target(output, overwrite=overwrite)
    languages = (lang, *(other for other in _LANGUAGES if other != lang))
    write_whole(output, legend(style, paper=paper, languages=languages), overwrite)
    click.echo(f"Wrote {output}.", err=True)
