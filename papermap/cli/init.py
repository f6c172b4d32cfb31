"""``papermap init``: a commented project file."""

from __future__ import annotations

from pathlib import Path

import click

from papermap.errors import OutputError
from papermap.files import write_whole
from papermap.job import PROJECT_FILE, template


@click.command("init")
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path), default=".")
@click.option("--overwrite", is_flag=True, help="Replace a project file that is there.")
def command(folder: Path, *, overwrite: bool) -> None:
    """Write a commented papermap.toml into FOLDER (here, if none is named).

    With it, “papermap build” alone prints the atlas again.
    """
    path = folder / PROJECT_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(
            "Folder {folder} cannot be made: {reason}.",
            "Name another folder.",
            folder=folder,
            reason=error.strerror,
        ) from error
    write_whole(path, template().encode("utf-8"), overwrite)
    click.echo(f"Wrote {path}. Edit it, then run: papermap build", err=True)
