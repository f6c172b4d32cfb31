"""Members of a ZIP archive, unpacked in memory and only so far."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import Final

from papermap.errors import SourceError
from papermap.readers.opened import Opened
from papermap.readers.source import LIMIT, told

AGAIN: Final = "Download or export it again."
_OUTSIDE: Final = re.compile(r"^[/\\]|^[A-Za-z]:|(?:^|[/\\])\.\.(?:[/\\]|$)")


def points_outside(name: str) -> bool:
    """Whether a member's name leads out of the archive."""
    return bool(_OUTSIDE.search(name))


def unpacked(opened: Opened, name: str) -> bytes:
    """Bytes of one member, never more than ``LIMIT`` of them, whatever its header says.

    Raises
    ------
    SourceError
        For an archive that is broken or encrypted, or a member that unpacks to more.
    """
    try:
        with (
            zipfile.ZipFile(io.BytesIO(opened.content.data)) as archive,
            archive.open(name) as member,
        ):
            honest = archive.getinfo(name).file_size <= LIMIT
            data = member.read(LIMIT + 1) if honest else b""
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise SourceError(
            "{path} is a broken ZIP archive.", AGAIN, path=told(opened.path)
        ) from error
    except (RuntimeError, NotImplementedError) as error:
        raise SourceError(
            "{path} is encrypted, or packed in a way that cannot be read.",
            "Unpack it and name the file inside.",
            path=told(opened.path),
        ) from error
    if not honest or len(data) > LIMIT:
        raise SourceError(
            "{path} unpacks to more than {size} MB, and is not read.",
            "Cut it to the area that is to be printed, or split it into several files.",
            path=told(opened.path),
            size=LIMIT // 1024**2,
        )
    return data
