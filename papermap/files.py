"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from papermap.errors import OutputError, Phrase

_WHY: Final = {
    errno.ENOSPC: ("the disk is full", "Free some room, or write to another disk."),
    errno.EDQUOT: ("your quota of the disk is used up", "Free some room, or write elsewhere."),
    errno.EACCES: ("its folder may not be written to", "Choose another folder with --output."),
    errno.EPERM: ("its folder may not be written to", "Choose another folder with --output."),
    errno.EROFS: ("its disk is read-only", "Choose another folder with --output."),
    errno.EFBIG: ("larger files are not allowed here", "Raise the limit, or print fewer sheets."),
    errno.ENAMETOOLONG: ("its name is too long", "Choose a shorter name with --output."),
}
_ANY_WRITE: Final = stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH


def refuse_target(path: Path, *, overwrite: bool) -> None:
    """Raise where a file cannot be written, before the work of making it.

    Raises
    ------
    OutputError
        When the file is there and ``overwrite`` is false, when it is read-only, a folder or
        no ordinary file, or when its folder is missing.
    """
    with _told_as(path):
        _refuse(path, overwrite=overwrite)


def refuse_same(targets: Iterable[Path], sources: Iterable[Path]) -> None:
    """Raise where a file to be written is one that is read, or is to be written twice.

    Raises
    ------
    OutputError
        With the name of that file; links and roundabout paths are seen through.
    """
    read = {os.path.realpath(source) for source in sources}
    written: set[str] = set()
    for target in targets:
        real = os.path.realpath(target)
        if real in read:
            raise OutputError(
                "{target} is one of the files that are read; it would be lost.",
                "Choose another name with --output or --manifest.",
                target=target,
            )
        if real in written:
            raise OutputError(
                "{target} cannot be two files at once.",
                "Choose another name for one of them.",
                target=target,
            )
        written.add(real)


def write_whole(path: Path, data: bytes, overwrite: bool) -> None:  # noqa: FBT001
    """Write a file whole or not at all; see :func:`write_together`."""
    write_together({path: data}, overwrite=overwrite)


def write_together(files: Mapping[Path, bytes], *, overwrite: bool) -> None:
    """Write files whole, all or none of them.

    The bytes go to temporary files in the same folders, which take the targets' names only once
    all are on the disk. Whatever happens before (Ctrl-C too), the temporary files are removed and
    the targets are as they were. A symbolic link stays one; the file it points to is written.

    Raises
    ------
    OutputError
        As :func:`refuse_target`, and when the disk is full or read-only.
    """
    waiting: list[tuple[Path, Path, Path]] = []  # as named, temporary, target
    try:
        for path, data in files.items():
            target = Path(os.path.realpath(path))
            part = target.with_name(f".papermap-{secrets.token_hex(6)}.part")
            waiting.append((path, part, target))
            with _told_as(path):
                _refuse(path, overwrite=overwrite)
                _write(part, data)
        for path, _, target in waiting:  # one may have come into being meanwhile
            with _told_as(path):
                _refuse(target, overwrite=overwrite)
        for path, part, target in waiting:
            with _told_as(path):
                part.replace(target)
    finally:
        for _, part, _ in waiting:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)


def _write(part: Path, data: bytes) -> None:
    with part.open("xb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


@contextlib.contextmanager
def _told_as(path: Path) -> Iterator[None]:
    """The system's errors as sentences that name the file as the user does."""
    try:
        yield
    except OSError as error:
        raise _output_error(path, error) from error


def _refuse(path: Path, *, overwrite: bool) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        _refuse_folder(path)
        return
    except NotADirectoryError:
        raise OutputError(
            "{path} cannot be written: {parent} is no folder.",
            "Choose another folder.",
            path=path,
            parent=path.parent,
        ) from None
    if stat.S_ISDIR(mode):
        raise OutputError("{path} is a folder.", "Name a file in it with --output.", path=path)
    if not stat.S_ISREG(mode):
        raise OutputError("{path} is no ordinary file.", "Name a file with --output.", path=path)
    if not overwrite:
        raise OutputError(
            "{path} is already there.",
            "Add --overwrite to replace it, or choose another name.",
            path=path,
        )
    if not mode & _ANY_WRITE:
        raise OutputError(
            "{path} is read-only.", "Choose another name, or make the file writable.", path=path
        )


def _refuse_folder(path: Path) -> None:
    if path.parent.is_dir():
        return
    raise OutputError(
        "{path} cannot be written: there is no folder {parent}.",
        "Make the folder first, or choose another one.",
        path=path,
        parent=path.parent,
    )


def _output_error(path: Path, error: OSError) -> OutputError:
    why, hint = _WHY.get(error.errno or 0, (error.strerror or str(error), ""))
    return OutputError("{path} cannot be written: {why}.", hint, path=path, why=Phrase(why))
