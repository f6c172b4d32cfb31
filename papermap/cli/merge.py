"""``papermap merge``: several sources in, one GeoJSON out in which each place stands once."""

from __future__ import annotations

from pathlib import Path

import click

from papermap.cli import options


@click.command("merge")
@options.sources
@click.option(
    "-o",
    "--output",
    metavar="GEOJSON",
    default="-",
    help="The GeoJSON to write.  [default: standard output]",
)
@click.option(
    "--report",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="JSON",
    help="Also write what was joined and why, with every problem, as JSON.",
)
@options.geocode
@options.decisions
@options.keep_all
@options.as_of
@options.columns
@options.read_as
@options.project
@options.language
@click.option("--overwrite", is_flag=True, help="Replace files that are there.")
@options.quiet
def command(
    sources: tuple[str, ...],
    *,
    output: str,
    report: Path | None,
    geocode: str | None,
    decisions: str | None,
    as_of: str | None,
    lang: str,
    column_file: Path | None,
    read_as: str | None,
    project: Path | None,
    keep_all: bool | None,
    overwrite: bool,
    quiet: bool,
) -> None:
    """Put SOURCE... together into one file in which each place stands once.

    What tells of one place is joined: same category and name, near one another. Of what they say
    otherwise the newest confirmed is kept, the rest is its history. The order of the sources does
    not matter. What was joined and why is told on standard error.

    With a papermap.toml in this folder its columns, categories and decisions count, and without
    SOURCE its sources.

    Exit status 0: written; 1: nothing could be written; 2: wrong use.
    """
    from papermap.cli.errors import loading
    from papermap.cli.project import (
        check_arguments,
        checking_job,
        column_options,
        project_options,
    )
    from papermap.files import refuse_same, write_together
    from papermap.job import parse_as_of

    with loading():
        from papermap.atlas import check
        from papermap.checks.geojson import points_geojson
        from papermap.checks.joins import joins_as_text
        from papermap.checks.report import problems_as_json, summary
    base = project_options(project, lambda text: None if quiet else click.echo(text, err=True))
    job = checking_job(
        {**base, **column_options(column_file, read_as)},
        sources=sources,
        keep_all=keep_all,
        decisions=decisions,
        geocode=geocode,
    )
    targets = [Path(output)] if output != "-" else []
    targets += [report] if report is not None else []
    refuse_same(targets, job.inputs)
    merged = check(**check_arguments(job), as_of=parse_as_of(as_of))
    text = points_geojson(merged)
    files = {Path(output): text} if output != "-" else {}
    if report is not None:
        files[report] = problems_as_json(merged, lang) + "\n"
    written = {path: text.encode("utf-8", "replace") for path, text in files.items()}
    write_together(written, overwrite=overwrite)
    if output == "-":
        click.echo(text, nl=False)
    if not quiet:
        click.echo(joins_as_text(merged, lang), err=True)
        click.echo(summary(merged, lang), err=True)
