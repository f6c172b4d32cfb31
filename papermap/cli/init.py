"""``papermap init``: a commented project file."""

from __future__ import annotations

from pathlib import Path

import click

from papermap.errors import OutputError
from papermap.job import PROJECT_FILE, TEMPLATE


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option("--overwrite", is_flag=True, help="Replace a project file that is there.")
def command(folder: Path, *, overwrite: bool) -> None:
    """Write a commented papermap.toml into FOLDER (here, if none is named).

    With it, “papermap build” alone prints the atlas again.
    """
    path = folder / PROJECT_FILE
    if path.exists() and not overwrite:
        raise OutputError(f"{path} is there already.", "Use --overwrite to replace it.")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(TEMPLATE, encoding="utf-8")
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {error.strerror}.") from error
    click.echo(f"Wrote {path}. Edit it, then run: papermap build", err=True)
