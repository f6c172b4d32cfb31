"""Font files inside a pack, so that another machine prints the same letters.

Only fonts whose licence lets them be handed on go in (:func:`papermap.fonts.may_be_handed_on`); the
files are whole, so their own words of copyright and licence go with them.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
import secrets
import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from papermap.basemap.network import cache_folder
from papermap.errors import BasemapError

TABLE: Final = "papermap_fonts"
_NAME: Final = re.compile(r"[\w.-]{1,80}\.tt[fc]", re.IGNORECASE | re.ASCII)
_MOST: Final = 16  # files of a pack that are taken


def write_fonts(file: sqlite3.Connection, fonts: Iterable[Path]) -> None:
    """A table of whole font files."""
    file.execute(f"CREATE TABLE {TABLE} (name TEXT, sha256 TEXT, data BLOB)")
    for path in fonts:
        data = path.read_bytes()
        row = (path.name, hashlib.sha256(data).hexdigest(), data)
        file.execute(f"INSERT INTO {TABLE} VALUES (?, ?, ?)", row)  # noqa: S608 (our own name)


def fonts_folder(pack: Path) -> Path | None:
    """Folder with the fonts of a pack, which go into the cache the first time; None: it has none.

    Raises
    ------
    BasemapError
        When they cannot be kept there.
    """
    query = f"SELECT name, sha256, rowid FROM {TABLE} ORDER BY name LIMIT {_MOST}"  # noqa: S608
    try:
        with contextlib.closing(
            sqlite3.connect(f"{pack.absolute().as_uri()}?mode=ro", uri=True)
        ) as file:
            rows = [row for row in file.execute(query) if _NAME.fullmatch(str(row[0]))]
            if not rows:
                return None
            key = hashlib.sha256("".join(f"{name}{said}" for name, said, _ in rows).encode())
            folder = cache_folder("fonts") / key.hexdigest()[:24]
            for name, said, row in rows:
                if not (folder / name).exists():
                    _unpack(file, row, said, folder / name)
    except sqlite3.DatabaseError:
        return None  # no table of fonts: made by an earlier version
    except OSError as error:
        raise BasemapError(
            "The fonts of the pack {pack} cannot be kept: {error}.",
            "Set PAPERMAP_CACHE to a folder with room.",
            pack=pack,
            error=error,
        ) from error
    return folder


def _unpack(file: sqlite3.Connection, row: int, said: str, target: Path) -> None:
    """Write one font whole or not at all; one that is not what it says is left out."""
    query = f"SELECT data FROM {TABLE} WHERE rowid = ?"  # noqa: S608
    ((data,),) = file.execute(query, (row,)).fetchall()
    if not isinstance(data, bytes) or hashlib.sha256(data).hexdigest() != said:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(f".{secrets.token_hex(4)}.part")
    part.write_bytes(data)
    part.replace(target)
