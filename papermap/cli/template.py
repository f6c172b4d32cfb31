"""``papermap template``: a table for mappers to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from papermap.cli import options


@click.command("template")
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    default="points.xlsx",
    show_default=True,
    help="The file to write; its ending says the form: .geojson, .csv or .xlsx.",
)
@click.option(
    "--lang",
    type=click.Choice(["ja", "en"]),
    default="ja",
    show_default=True,
    help="Language of headings and examples.",
)
@click.option("--overwrite", is_flag=True, help="Replace a file that is there.")
@options.quiet
def command(output: Path, lang: str, *, overwrite: bool, quiet: bool) -> None:
    """Write a table of points to begin with, with an example for every category.

    Write your places over the examples, delete the rest, and run “papermap check” on it, which
    tells examples that were left in. Lines and areas (roads, flooded areas) are in the GeoJSON
    only.
    """
    from papermap.files import write_whole
    from papermap.template import template

    write_whole(output, template(output.suffix.lower(), lang), overwrite)
    if not quiet:
        click.echo(f"Wrote {output}. Fill it in, then run: papermap check {output}", err=True)
