"""The project file as commands use it: what stands on the command line wins over it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from papermap.headers import Reading


def project_options(project: Path | None, say: Callable[[str], None]) -> dict[str, Any]:
    """Options of the project file that is named, else of the one in this folder, if any."""
    from papermap.job import PROJECT_FILE, read_project

    path = project or Path(PROJECT_FILE)
    if project is None and not path.is_file():
        return {}
    say(f"Using project file {path}.")
    return read_project(path)


def column_options(columns: Path | None, read_as: str | None) -> dict[str, Any]:
    """Options that ``--columns`` and ``--read-as`` stand for."""
    from papermap.headers import read_columns

    found = read_columns(columns) if columns is not None else {}
    return {**found, "read_as": read_as} if read_as else found


def reading_of(options: dict[str, Any]) -> Reading:
    """What the options say of the sources' columns."""
    from papermap.headers import READING, parse_reading

    return parse_reading({key: options[key] for key in READING if key in options})
