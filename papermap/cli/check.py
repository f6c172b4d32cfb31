"""``papermap check``: every problem of the sources at once."""

from __future__ import annotations

import click

from papermap.cli import options


@click.command("check")
@options.sources
@click.option("--lang", default="ja", show_default=True, help="Language of the report: ja or en.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Text for people, JSON for scripts.",
)
@options.as_of
@click.option("--strict", is_flag=True, help="Notices count as problems too.")
def command(
    sources: tuple[str, ...], *, lang: str, form: str, as_of: str | None, strict: bool
) -> None:
    """Tell every problem in SOURCE... by feature and field, and what to do about it.

    The report goes to standard output. Exit status 0: clean, but perhaps for notices, which are
    for information; 1: problems; 2: wrong use.
    """
    import sys

    from papermap.cli.errors import loading
    from papermap.errors import UsageError
    from papermap.job import parse_as_of, parse_languages
    from papermap.model import Severity

    with loading():
        from papermap.atlas import check
        from papermap.checks.report import problems_as_json, problems_as_text
    (language, *_) = parse_languages(lang)
    if not sources:
        raise UsageError("No source of points was named.", "Name a GeoJSON file.")
    checked = check(sources, as_of=parse_as_of(as_of))
    render = problems_as_json if form == "json" else problems_as_text
    click.echo(render(checked, language))
    problems = [p for p in checked.problems if strict or p.severity is not Severity.NOTICE]
    sys.exit(1 if problems else 0)
