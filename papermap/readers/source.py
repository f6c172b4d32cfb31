"""Bytes of a source, bounded; and their text, whatever the encoding."""

from __future__ import annotations

import codecs
import hashlib
import os
from dataclasses import dataclass
from typing import BinaryIO, Final

from papermap.errors import Phrase, SourceError
from papermap.model import Problem, Severity

LIMIT: Final = 256 * 1024 * 1024  # bytes; the nation's 115,000 shelters are about 60 MB
STDIN: Final = "-"
_JIS: Final = b"\x1b$"  # how ISO-2022-JP turns to Japanese
_SAMPLE: Final = 65_536  # bytes or characters by which an encoding is guessed
_PARITY: Final = 1000  # bytes, an even number
_LEAST: Final = 64  # bytes: fewer make no statistics
_NAMES: Final = {
    "cp932": "CP932 (Shift_JIS)",
    "euc_jp": "EUC-JP",
    "iso2022_jp_2": "ISO-2022-JP (JIS)",
}
_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Content:
    """Bytes of one source and the hash that names them in the manifest."""

    path: str
    data: bytes
    sha256: str


def load(path: str, stdin: BinaryIO | None = None, *, limit: int = LIMIT) -> Content:
    """Content of a file, or of standard input for ``-``, read once.

    Raises
    ------
    SourceError
        For a source that is missing, a folder, not readable, a web address, empty, or larger than
        ``limit`` bytes.
    """
    data = _from_stream(stdin, limit) if path == STDIN else _from_file(path, limit)
    if len(data) > limit:
        raise _too_large(path, limit)
    if not data.strip(b"\0 \t\r\n\x1e") or data in {bom for bom, _ in _BOMS}:
        raise SourceError("{path} is empty.", "Save or download it again.", path=told(path))
    return Content(_readable(path), data, hashlib.sha256(data).hexdigest())


def _readable(path: str) -> str:
    """A path as text: its bytes read as UTF-8 where the terminal did not."""
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def told(path: str) -> str:
    """How a source is named in a sentence."""
    return Phrase("Standard input") if path == STDIN else path


def printable(text: str) -> str:
    """A stranger's word as a message may carry it: short, nothing that steers a terminal."""
    return "".join(char for char in text[:80] if char.isprintable())


def decode(content: Content) -> tuple[str, tuple[Problem, ...]]:
    """Text of the content, and a problem when its encoding had to be guessed.

    Raises
    ------
    SourceError
        For bytes that are text in none of UTF-8, UTF-16, UTF-32 and CP932 (Shift_JIS).
    """
    data = content.data
    unicode = "iso2022_jp_2" if _JIS in data[:_SAMPLE] else _unicode(data)
    for encoding in (unicode, "cp932"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding.startswith("utf"):
            return text, ()
        if encoding == "cp932":
            return _japanese(content, text)
        return text, (_guessed(content, encoding),)
    return _any_encoding(content)


def _japanese(content: Content, text: str) -> tuple[str, tuple[Problem, ...]]:
    """CP932 as read, or EUC-JP, which read as CP932 becomes half-width katakana."""
    other = [char for char in text[:_SAMPLE] if not char.isascii()]
    if len(other) < 3 * sum("\uff61" <= char <= "\uff9f" for char in other):
        try:
            return content.data.decode("euc_jp"), (_guessed(content, "euc_jp"),)
        except UnicodeDecodeError:
            pass
    return text, (_guessed(content, "cp932"),)


def _any_encoding(content: Content) -> tuple[str, tuple[Problem, ...]]:
    """What the statistics of letters say, for what is in no encoding of Japan.

    Raises
    ------
    SourceError
        Where they say nothing.
    """
    import charset_normalizer  # noqa: PLC0415 - slow, and hardly ever needed

    sample = content.data[:_SAMPLE]
    best = charset_normalizer.from_bytes(sample).best() if b"\0" not in sample else None
    if best is not None and len(sample) >= _LEAST:
        try:
            text = content.data.decode(best.encoding)
        except UnicodeDecodeError:
            pass
        else:
            return text, (_guessed(content, best.encoding),)
    raise SourceError(
        "{path} is not text in UTF-8 or Shift_JIS.",
        "Save it as UTF-8, or export it again as GeoJSON.",
        path=told(content.path),
    )


def _guessed(content: Content, encoding: str) -> Problem:
    name = _NAMES.get(encoding, encoding)
    return Problem("PM001", Severity.WARNING, content.path, value=name)


def is_wide(head: bytes) -> bool:
    """Whether these bytes begin a text in UTF-16 or UTF-32."""
    return not _unicode(head).startswith("utf-8")


def _unicode(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return encoding
    zeros = [index for index in range(min(4, len(data))) if data[index] == 0]
    by_zeros = {
        (0, 2): "utf-16-be",
        (1, 3): "utf-16-le",
        (0, 1, 2): "utf-32-be",
        (1, 2, 3): "utf-32-le",
        (0,): "utf-16-be",  # “[” and a Japanese character
        (1,): "utf-16-le",
    }
    return by_zeros.get(tuple(zeros)) or _by_parity(data[:_PARITY]) or "utf-8"


def _by_parity(head: bytes) -> str:
    """UTF-16 whose first letters are Japanese: the zeros of its commas all stand on one side."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if bool(even) == bool(odd):
        return ""
    return "utf-16-be" if even else "utf-16-le"


def _from_stream(stdin: BinaryIO | None, limit: int) -> bytes:
    if stdin is None:
        import sys  # noqa: PLC0415 - the process's own stream only where none was given

        if sys.stdin is None:
            raise SourceError("Standard input is closed.", "Name a file, or pipe one in.")
        stdin = sys.stdin.buffer
    try:
        return stdin.read(limit + 1)
    except OSError as error:
        raise SourceError(
            "Standard input cannot be read: {reason}.", reason=error.strerror
        ) from error


def _from_file(path: str, limit: int) -> bytes:
    if "://" in path.split("/", 1)[0] + "//" and path.lower().startswith(("http", "ftp")):
        raise SourceError(
            "{path} is a web address.",
            "Download it first and name the file: nothing is fetched.",
            path=path,
        )
    try:
        if os.path.isdir(path):  # noqa: PTH112 - names of strangers, bytes and all
            raise SourceError("{path} is a folder.", "Name the files in it.", path=path)
        with open(path, "rb") as file:  # noqa: PTH123
            if os.fstat(file.fileno()).st_size > limit:
                raise _too_large(path, limit)
            return file.read(limit + 1)
    except FileNotFoundError:
        near = _near(path)
        hint = "" if near else "Check the name and the folder."
        raise SourceError("There is no file {path}.", hint, near=near, path=path) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise SourceError(
            "{path} cannot be read: {reason}.",
            "Check that the file may be read.",
            path=ascii(path) if "\0" in path else path,
            reason=reason,
        ) from error


def _too_large(path: str, limit: int) -> SourceError:
    return SourceError(
        "{path} is larger than {size} MB.",
        "Cut it to the area that is to be printed, or split it into several files.",
        path=told(path),
        size=limit // 1024**2,
    )


def _near(path: str) -> str:
    """The file that may have been meant; empty where none is like it."""
    import difflib  # noqa: PLC0415

    folder, name = os.path.split(path)
    try:
        names = sorted(os.listdir(folder or "."))  # noqa: PTH208
    except OSError:
        return ""
    near = difflib.get_close_matches(name, names, n=1)
    return os.path.join(folder, near[0]) if near else ""  # noqa: PTH118
