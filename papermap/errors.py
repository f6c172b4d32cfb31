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

from collections.abc import Callable
from pathlib import PurePath
from typing import Final

NEAR: Final = "Did you mean “{near}”?"


class Phrase(str):
    """A piece of a sentence that has a translation of its own."""

    __slots__ = ()


class InLanguages(dict[str, str]):
    """A piece of a sentence in each language, made where it is needed."""


class PapermapError(Exception):
    """Root of every error that papermap raises on purpose.

    Both sentences are also what their translations are found by, so nothing is put into them but
    by name: ``SourceError("There is no file {path}.", "Check the path.", path=path)``.

    Parameters
    ----------
    message
        One clear sentence saying what is wrong and where, in English.
    hint
        What to do about it, in English, or an empty string.
    near
        The known name most like an unknown one; empty: none is.
    values
        What fills the gaps of both; a :class:`Phrase` is translated, and of
        :class:`InLanguages` the one that is asked for is taken.
    """

    exit_status = 1

    def __init__(self, message: str, hint: str = "", *, near: str = "", **values: object) -> None:
        self._templates = (message, NEAR if near else "", hint)
        told: dict[str, object] = {**values, "near": near} if near else {**values}
        self._values = {key: _told(value) for key, value in told.items()}
        self.message, self.hint = self.sentences("en", lambda text: text)
        super().__init__(self.message)

    def __str__(self) -> str:
        return f"{self.message} {self.hint}".strip()

    def sentences(self, language: str, translated: Callable[[str], str]) -> tuple[str, str]:
        """Message and hint with their gaps filled, after ``translated`` has seen each sentence."""
        values: dict[str, object] = {}
        for key, value in self._values.items():
            told = value.get(language, value["en"]) if isinstance(value, InLanguages) else value
            values[key] = translated(told) if isinstance(told, Phrase) else told
        message, *hints = (
            translated(text).format(**values) if values else translated(text)
            for text in self._templates
        )
        return message, " ".join(filter(None, hints))


def _told(value: object) -> object:
    """Paths and other errors as text: this one may have to be handed on to another process."""
    return str(value) if isinstance(value, BaseException | PurePath) else value


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
