"""KMZ: a KML in a ZIP archive, unpacked in memory and only so far."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from papermap.errors import SourceError
from papermap.model import Problem, Severity
from papermap.readers.base import RawSource
from papermap.readers.kml import read_kml
from papermap.readers.opened import Opened, Reader
from papermap.readers.source import Content, printable, told
from papermap.readers.zipped import AGAIN, points_outside, unpacked

NAME: Final = "KMZ"
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
    inside = [name for name in opened.members if not points_outside(name)]
    outside = [name for name in opened.members if points_outside(name)]
    maps = sorted(
        (name for name in inside if name.lower().endswith(".kml")),
        key=lambda name: name.lower() != "doc.kml",
    )
    if not maps:
        raise SourceError(
            "{path} is a ZIP archive without a KML that may be read.", AGAIN, path=told(opened.path)
        )
    content = Content(opened.path, unpacked(opened, maps[0]), opened.content.sha256)
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
