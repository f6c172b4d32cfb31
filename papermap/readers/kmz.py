"""KMZ: a KML in a ZIP archive, unpacked in memory and only so far."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from dataclasses import replace
from typing import Final

from papermap.errors import SourceError
from papermap.model import Problem, Severity
from papermap.readers.base import RawSource
from papermap.readers.kml import read_kml
from papermap.readers.opened import Opened, Reader
from papermap.readers.source import LIMIT, Content, printable, told

NAME: Final = "KMZ"
_OUTSIDE: Final = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)")
_AGAIN: Final = "Download or export it again."
_TOLD: Final = 5  # names in one problem


def _recognises(opened: Opened) -> bool:
    return any(name.lower().endswith(".kml") for name in opened.members)


def _read(opened: Opened) -> RawSource:
    """Raw features of doc.kml, else of the first KML in the archive; the others are told.

    Nothing is unpacked to disk, and names that point out of the archive are not read.

    Raises
    ------
    SourceError
        For an archive without a KML, broken, encrypted, or that unpacks to more than can be read.
    """
    inside = [name for name in opened.members if not _OUTSIDE.search(name)]
    outside = [name for name in opened.members if _OUTSIDE.search(name)]
    maps = sorted(
        (name for name in inside if name.lower().endswith(".kml")),
        key=lambda name: name.lower() != "doc.kml",
    )
    if not maps:
        raise SourceError(
            f"{told(opened.path)} is a ZIP archive without a KML that may be read.", _AGAIN
        )
    content = Content(opened.path, _unpacked(opened, maps[0]), opened.content.sha256)
    source = read_kml(Opened(content), NAME)
    problems = [
        Problem(
            code,
            Severity.WARNING,
            opened.path,
            value=", ".join(printable(name) for name in names[:_TOLD]),
            params={"count": str(len(names))},
        )
        for code, names in (("PM063", outside), ("PM064", maps[1:]))
        if names
    ]
    return replace(source, problems=(*problems, *source.problems))


READER: Final = Reader("kmz", _recognises, _read)


def _unpacked(opened: Opened, name: str) -> bytes:
    """Bytes of one member, never more than ``LIMIT`` of them, whatever its header says."""
    try:
        with (
            zipfile.ZipFile(io.BytesIO(opened.content.data)) as archive,
            archive.open(name) as member,
        ):
            data = member.read(LIMIT + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise SourceError(f"{told(opened.path)} is a broken ZIP archive.", _AGAIN) from error
    except (RuntimeError, NotImplementedError) as error:
        raise SourceError(
            f"{told(opened.path)} is encrypted, or packed in a way that cannot be read.",
            "Unpack it and name the file inside.",
        ) from error
    if len(data) > LIMIT:
        raise SourceError(
            f"{told(opened.path)} unpacks to more than {LIMIT // 1024**2} MB, and is not read.",
            "Cut it to the area that is to be printed, or split it into several files.",
        )
    return data
