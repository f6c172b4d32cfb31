"""The project file as commands use it: what stands on the command line wins over it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from papermap.job import Job


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


def checking_job(base: dict[str, Any], **given: Any) -> Job:
    """The job by which a command reads and checks; what it is ``given`` wins over the file.

    Raises
    ------
    UsageError
        When no source is named, or for an option that makes no sense.
    """
    from papermap.job import make_job

    chosen = {key: value for key, value in given.items() if value not in (None, ())}
    return make_job({**base, **chosen})


def check_arguments(job: Job) -> dict[str, Any]:
    """What a job says to every check; the time, and what is left out, are each command's own."""
    from papermap.merge import read_decisions

    return {
        "sources": job.sources,
        "keep_all": job.keep_all,
        "decisions": read_decisions(job.decisions) if job.decisions else None,
        "geocode": job.geocode,
        "reading": job.reading,
        "local": job.local,
        "categories": job.categories,
    }
