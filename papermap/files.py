"""Files written whole or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
import secrets
import stat
from pathlib import Path
from typing import Final

from papermap.errors import OutputError

_WHY: Final = {
    errno.ENOSPC: ("the disk is full", "Free some room, or write to another disk."),
    errno.EDQUOT: ("your quota of the disk is used up", "Free some room, or write elsewhere."),
    errno.EACCES: ("its folder may not be written to", "Choose another folder with --output."),
    errno.EPERM: ("its folder may not be written to", "Choose another folder with --output."),
    errno.EROFS: ("its disk is read-only", "Choose another folder with --output."),
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
    try:
        _refuse(path, overwrite=overwrite)
    except OSError as error:
        raise _output_error(path, error) from error


def write_whole(path: Path, data: bytes, overwrite: bool) -> None:  # noqa: FBT001
    """Write a file whole or not at all.

    The bytes go to a temporary file in the same folder, which takes the target's name only once
    all is on the disk. Whatever happens before (Ctrl-C too), the temporary file is removed and
    the target is as it was. A symbolic link stays one; the file it points to is written.

    Raises
    ------
    OutputError
        As :func:`refuse_target`, and when the disk is full or read-only.
    """
    target = Path(os.path.realpath(path))
    try:
        _refuse(target, overwrite=overwrite)
        _write(target, data, overwrite=overwrite)
    except OSError as error:
        raise _output_error(path, error) from error


def _write(target: Path, data: bytes, *, overwrite: bool) -> None:
    part = target.with_name(f".papermap-{secrets.token_hex(6)}.part")
    try:
        with part.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        _refuse(target, overwrite=overwrite)  # it may have come into being meanwhile
        part.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise


def _refuse(path: Path, *, overwrite: bool) -> None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        _refuse_folder(path)
        return
    except NotADirectoryError:
        raise OutputError(
            f"{path} cannot be written: {path.parent} is no folder.", "Choose another folder."
        ) from None
    if stat.S_ISDIR(mode):
        raise OutputError(f"{path} is a folder.", "Name a file in it with --output.")
    if not stat.S_ISREG(mode):
        raise OutputError(f"{path} is no ordinary file.", "Name a file with --output.")
    if not overwrite:
        raise OutputError(
            f"{path} is already there.", "Add --overwrite to replace it, or choose another name."
        )
    if not mode & _ANY_WRITE:
        raise OutputError(
            f"{path} is read-only.", "Choose another name, or make the file writable."
        )


def _refuse_folder(path: Path) -> None:
    if path.parent.is_dir():
        return
    raise OutputError(
        f"{path} cannot be written: there is no folder {path.parent}.",
        "Make the folder first, or choose another one.",
    )


def _output_error(path: Path, error: OSError) -> OutputError:
    why, hint = _WHY.get(error.errno or 0, (error.strerror or str(error), ""))
    return OutputError(f"{path} cannot be written: {why}.", hint)
