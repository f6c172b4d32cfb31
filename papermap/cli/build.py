"""``papermap build``: points in, a numbered paper atlas out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from papermap.cli import options


@click.command("build")
@options.sources
@click.option("-o", "--output", metavar="PDF", help="The PDF to write.  [default: atlas.pdf]")
@options.basemap
@click.option("--neighbourhoods", metavar="FILE", help="Areas whose names headers and index say.")
@options.area
@click.option("--paper", metavar="NAME", help="A4, A3, B4, B5, Letter, Legal or Tabloid.")
@click.option("--orientation", type=click.Choice(["portrait", "landscape"]), help="Way round.")
@click.option("--binding", type=float, metavar="MM", help="More margin where it is bound.")
@click.option("--duplex", is_flag=True, default=None, help="Both sides: lists on the backs.")
@click.option("--scale", metavar="1:N|auto", help="Scale of the sheets.  [default: auto]")
@click.option("--style", metavar="NAME|FILE", help="mono, draft, colour, large, or a style file.")
@options.languages
@click.option("--title", help="Title on every sheet.  [default: of the only KML or uMap source]")
@click.option("--title-en", help="Its English.")
@click.option("--sheets", metavar="LIST", help="Print only these map sheets: 3,5-7.")
@options.decisions
@options.keep_all
@options.as_of
@options.geocode
@click.option("--stale-hours", type=float, help="Older than this is unconfirmed.  [default: 24]")
@click.option("--edition", type=int, help="Number of the edition.  [default: 1]")
@click.option("--url", help="Address of the live data, printed as QR beside the map.")
@options.overlay
@click.option(
    "--hazard",
    metavar="KIND",
    help="Warn at evacuation sites that are not for it: flood, tsunami …",
)
@click.option("--hazard-only", is_flag=True, default=None, help="Leave those sites out.")
@click.option("--attribution", help="Whom to name for the base map.")
@options.offline
@options.tile_cache
@options.tile_timeout
@options.tile_limit
@click.option("-j", "--jobs", type=int, help="Processes that draw sheets.  [default: 1]")
@click.option("--overwrite", is_flag=True, default=None, help="Replace files that are there.")
@click.option("--manifest", metavar="PATH", help="The manifest.  [default: beside the PDF]")
@options.columns
@options.read_as
@options.project
@click.option("--sample", is_flag=True, help="Print the invented sample town.")
@options.quiet
@options.verbose
def command(
    sources: tuple[str, ...],
    project: Path | None,
    column_file: Path | None,
    read_as: str | None,
    *,
    sample: bool,
    quiet: bool,
    verbose: bool,
    **given: Any,
) -> None:
    """Print an atlas of the points in SOURCE...

    SOURCE is a file of points in any form that papermap reads (or - for standard input); several
    make one atlas. With no SOURCE
    and a papermap.toml in this folder, the project file says everything. What stands on the
    command line wins over the file.

    Exit status 0: the atlas is written, and what could not be printed is told; 1: nothing could
    be written; 2: wrong use.
    """
    from papermap.cli.errors import loading
    from papermap.cli.progress import Talk
    from papermap.cli.project import column_options
    from papermap.job import make_job
    from papermap.processes import start_early

    talk = Talk(quiet=quiet, verbose=verbose)
    given |= column_options(column_file, read_as)
    job = make_job(_options(sources, project, given, sample=sample, talk=talk))
    if job.jobs > 1:
        start_early()  # the workers' libraries load while ours do
    with loading():
        from papermap import atlas
    with talk.steps(job.languages[0]) as step:
        report = atlas.build(
            job,
            progress=step("drawing"),
            fetching=step("fetching"),
            reading=step("reading"),
        )
    talk.tell_report(report, job.languages[0])


def _options(
    sources: tuple[str, ...],
    project: Path | None,
    given: dict[str, Any],
    *,
    sample: bool,
    talk: Any,
) -> dict[str, Any]:
    from papermap import resources
    from papermap.cli.project import project_options
    from papermap.errors import UsageError
    from papermap.job import PROJECT_FILE, read_project

    if sample and (sources or project):
        raise UsageError("--sample brings its own points.", "Leave the other sources away.")
    chosen = {key: value for key, value in given.items() if value not in (None, ())}
    if sample:
        base = read_project(resources.file("sample_data", PROJECT_FILE))
        base.pop("output", None)
    else:
        base = project_options(project, talk.say)
    if sources:
        base["sources"] = list(sources)
    return {**base, **chosen}
