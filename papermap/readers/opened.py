"""A source opened once: its bytes, and what a reader wants of them, made when first asked for."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Final

from papermap.headers import NO_HEADERS, Headers
from papermap.model import Problem, Severity
from papermap.readers.base import RawSource
from papermap.readers.jsontext import Repeated, parse
from papermap.readers.source import Content, decode, printable

HEAD: Final = 4096  # bytes looked at to recognise a format
NOT_JSON: Final = object()  # what ``Opened.json`` is for text that is none
_ROOT: Final = re.compile(rb"<([A-Za-z_][\w.:-]*)")
_ZIP: Final = b"PK\x03\x04"
_UTF: Final = b"\xef\xbb\xbf\xff\xfe \t\r\n"
_TOLD_KEYS: Final = 20


@dataclass
class Opened:
    """One source and its faces: bytes, text, JSON, the root of its XML, the members of its ZIP."""

    content: Content
    headers: Headers = NO_HEADERS  # what the user says of its columns
    repeated: Repeated = field(default_factory=Repeated)

    @property
    def path(self) -> str:
        """As the user named it; “-” is standard input."""
        return self.content.path

    @property
    def head(self) -> bytes:
        """The first bytes."""
        return self.content.data[:HEAD]

    @cached_property
    def members(self) -> tuple[str, ...]:
        """Names in a ZIP archive; nothing is unpacked. Empty for what is none."""
        if not self.head.startswith(_ZIP):
            return ()
        try:
            with zipfile.ZipFile(io.BytesIO(self.content.data)) as archive:
                return tuple(archive.namelist())
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
            return ()

    @cached_property
    def xml_root(self) -> str:
        """Name of the first element, lower case and without prefix; empty for what is no XML."""
        head = self.head.replace(b"\0", b"").lstrip(_UTF)
        if not head.startswith(b"<"):
            return ""
        plain = re.sub(rb"<!--.*?(?:-->|$)|<\?.*?(?:\?>|$)", b"", head, flags=re.DOTALL)
        found = _ROOT.search(plain)
        return found[1].decode("ascii", "replace").rpartition(":")[2].lower() if found else ""

    @cached_property
    def text(self) -> str:
        """The content as text, whatever its encoding, without a byte order mark.

        Raises
        ------
        SourceError
            For bytes that are no text.
        """
        return self._decoded[0].lstrip("\ufeff")

    @cached_property
    def json(self) -> Any:
        """The content as JSON, ``NOT_JSON`` for what does not even begin so.

        Raises
        ------
        SourceError
            For text that begins like JSON and is broken, with the place.
        """
        if not self.looks_json:
            return NOT_JSON
        return parse(self.text, self.path, self.repeated)

    @cached_property
    def looks_json(self) -> bool:
        """Whether the first character is one with which JSON objects, lists or sequences begin."""
        first = self.head.replace(b"\0", b"").lstrip(_UTF + b"\x1e")[:1]
        return first in (b"{", b"[")

    @cached_property
    def _decoded(self) -> tuple[str, tuple[Problem, ...]]:
        return decode(self.content)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What opening alone could see was wrong: a guessed encoding, keys that stand twice."""
        told = self._decoded[1] if "_decoded" in self.__dict__ else ()
        keys = list(self.repeated.keys.items())[:_TOLD_KEYS]
        return told + tuple(
            Problem(
                "PM004",
                Severity.WARNING,
                self.path,
                field=printable(key),
                params={"count": str(count)},
            )
            for key, count in keys
        )


@dataclass(frozen=True, slots=True)
class Reader:
    """One format: how it is named, recognised from content, and read.

    ``key`` is what ``--read-as`` takes. ``recognises`` looks at the content alone; ``read`` may
    raise a SourceError.
    """

    key: str
    recognises: Callable[[Opened], bool]
    read: Callable[[Opened], RawSource]
