"""``papermap check``: every problem of the sources at once."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from papermap.cli import options

if TYPE_CHECKING:
    from papermap.headers import Reading
    from papermap.model import Checked


@click.command("check")
@options.sources
@options.language
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "github", "html"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for scripts, annotations of a pull request, a page with a map.",
)
@options.as_of
@options.geocode
@options.columns
@options.read_as_only
@options.project
@options.overlay
@click.option(
    "--fix",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="OUT.geojson",
    help="Write what can be mended without doubt, and tell each change.",
)
@click.option("--since", metavar="TIME", help="Tell only of what was told since: 2026-09-14T16:00.")
@click.option(
    "--max-age", metavar="AGE", help="Older than this is old: 24h, 90m, 3d.  [default: 24h]"
)
@options.area
@options.decisions
@options.keep_all
@click.option("--strict", is_flag=True, help="Notices count as problems too.")
@click.option("--overwrite", is_flag=True, help="Replace the file of --fix if it is there.")
def command(
    sources: tuple[str, ...],
    *,
    lang: str,
    form: str,
    as_of: str | None,
    overlay: tuple[str, ...],
    geocode: str | None,
    fix: Path | None,
    column_file: Path | None,
    read_as: str | None,
    project: Path | None,
    since: str | None,
    max_age: str | None,
    area: str | None,
    decisions: str | None,
    keep_all: bool | None,
    strict: bool,
    overwrite: bool,
) -> None:
    """Tell every problem in SOURCE... by feature and field, and what to do about it.

    With a papermap.toml in this folder its columns, categories, decisions, overlays and area count,
    and without SOURCE its sources. What is old is told where --as-of or --max-age is given;
    --max-age alone counts from now.

    The report goes to standard output. Exit status 0: clean, but perhaps for notices, which are
    for information; 1: problems; 2: wrong use.
    """
    import sys

    from papermap.cli.errors import loading
    from papermap.cli.project import (
        check_arguments,
        checking_job,
        column_options,
        project_options,
    )
    from papermap.job import parse_as_of
    from papermap.model import Severity

    with loading():
        from papermap.atlas import check
        from papermap.checks.times import parse_age
        from papermap.readers.area import read_area
    base = project_options(project, lambda text: click.echo(text, err=True))
    job = checking_job(
        {**base, **column_options(column_file, read_as)},
        sources=sources,
        keep_all=keep_all,
        decisions=decisions,
        geocode=geocode,
        overlay=overlay,
        area=area,
    )
    if fix is not None:
        _mend(job.sources, fix, lang, job.reading, overwrite=overwrite)
    checked = check(
        **check_arguments(job),
        as_of=parse_as_of(as_of or ("now" if max_age else None)),
        stale_after=parse_age(max_age or "24h"),
        area=read_area(job.area) if job.area else None,
        overlays=job.overlays,
    )
    if since is not None:
        checked = _since(checked, since, lang)
    click.echo(_report(checked, form, lang))
    problems = [p for p in checked.problems if strict or p.severity is not Severity.NOTICE]
    sys.exit(1 if problems else 0)


def _since(checked: Checked, since: str, language: str) -> Checked:
    """Only what was told since; how much is older is said on standard error."""
    from papermap.checks.since import told_since
    from papermap.i18n import Words
    from papermap.job import parse_as_of

    moment = parse_as_of(since)
    if moment is None:
        return checked
    found, older = told_since(checked, moment)
    when = f"{moment:%Y-%m-%d %H:%M}"
    click.echo(Words((language,))("report.since", n=older, when=when), err=True)
    return found


def _report(checked: Checked, form: str, language: str) -> str:
    from papermap.checks import annotations, page, report

    reports = {
        "text": report.problems_as_text,
        "json": report.problems_as_json,
        "github": annotations.problems_as_annotations,
        "html": page.problems_as_html,
    }
    return reports[form](checked, language)


def _mend(
    sources: tuple[str, ...], target: Path, language: str, reading: Reading, *, overwrite: bool
) -> None:
    """Write the mended source; its changes go to standard error, beside the report."""
    from papermap.checks.mend import mended
    from papermap.errors import UsageError
    from papermap.files import refuse_same, write_whole
    from papermap.i18n import Words
    from papermap.readers import read

    if len(sources) != 1 or sources[0] == "-":
        raise UsageError("--fix mends one file at a time.", "Name one file.")
    refuse_same([target], [Path(sources[0])])
    found = mended(read(sources[0], headers=reading.of(sources[0])))
    write_whole(target, found.text.encode("utf-8", "replace"), overwrite)
    for change in found.changes:
        click.echo(change.sentence(language), err=True)
    told = Words((language,))("report.mended_file", n=len(found.changes), path=target)
    click.echo(told, err=True)
