"""The one family of errors a user may meet.

::

    PapermapError            root: one clear sentence: what, where, what to do
    ├── UsageError           wrong use of an option or project file (exit status 2)
    ├── SourceError          a source that cannot be read at all
    ├── AreaError            an area or points from which no sheets can be made
    ├── StyleError           a style, sign or category file that is wrong
    ├── BasemapError         a base map that cannot be read
    └── OutputError          a target that cannot be written

Knows nothing of click: the command line turns these into messages and exit statuses.
"""

from __future__ import annotations


class PapermapError(Exception):
    """Root of every error that papermap raises on purpose.

    Parameters
    ----------
    message
        One clear sentence saying what is wrong and where.
    hint
        What to do about it, one sentence, or an empty string.
    """

    exit_status = 1

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()


class UsageError(PapermapError):
    """An option, a name or a project file that is wrong."""

    exit_status = 2


class SourceError(PapermapError):
    """A source of points that cannot be read at all."""


class AreaError(PapermapError):
    """An area, or points, from which no sheets can be made."""


class StyleError(UsageError):
    """A style, sign or category file that is wrong."""


class BasemapError(PapermapError):
    """A base map that cannot be read."""


class OutputError(PapermapError):
    """A target that cannot be written."""
