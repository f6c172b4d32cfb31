"""Shapefile: ``.shp`` with its siblings beside it, or a ZIP archive of one or several."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import Any, Final

from papermap.errors import SourceError
from papermap.model import Problem, Severity
from papermap.readers.base import RawSource
from papermap.readers.gdal import Layer, as_source, read_layers
from papermap.readers.opened import Opened, Reader
from papermap.readers.source import LIMIT, STDIN, printable, told
from papermap.readers.zipped import points_outside, unpacked

NAME: Final = "Shapefile"
_MAGIC: Final = b"\0\0\x27\x0a"
_SUFFIXES: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_LOSSLESS: Final = "ISO-8859-1"  # every byte is a character: decoded later, when all are seen
_GUESSES: Final = ("utf-8", "cp932")
_NAMED: Final = {"932": "cp932", "sjis": "cp932", "shift_jis": "cp932", "65001": "utf-8"}
Parts = Mapping[str, bytes]  # suffix → content


def _recognises(opened: Opened) -> bool:
    if opened.head.startswith(_MAGIC):
        return True
    return any(name.lower().endswith(".shp") for name in opened.members)


def _read(opened: Opened) -> RawSource:
    """Raw features of every Shapefile; a sibling that is missing is told.

    Texts are in the encoding that ``.cpg`` names, else UTF-8 where they are that, else CP932.

    Raises
    ------
    SourceError
        For a broken file or archive, or one that unpacks to more than can be read.
    """
    files = dict(_archived(opened) if opened.members else _beside(opened))
    layers: list[Layer] = []
    problems: list[Problem] = []
    for name, parts in files.items():
        read, noted = _shapefile(name, parts, opened)
        layers += read
        problems += noted
    digest = hashlib.sha256()
    for parts in files.values():
        for suffix in sorted(parts):
            digest.update(parts[suffix])
    source = as_source(opened, NAME, layers, tuple(problems), named=len(files) > 1)
    return replace(source, sha256=digest.hexdigest())


READER: Final = Reader("shapefile", _recognises, _read)


def _beside(opened: Opened) -> Iterator[tuple[str, Parts]]:
    """The one file, with its siblings where it has a folder."""
    parts = {".shp": opened.content.data}
    if opened.path != STDIN:
        own = Path(opened.path)
        for file in sorted(own.parent.iterdir()):
            suffix = file.suffix.lower()
            if file.stem.casefold() == own.stem.casefold() and suffix in _SUFFIXES[1:]:
                parts.setdefault(suffix, _bounded(file))
    yield Path(opened.path).stem, parts


def _bounded(file: Path) -> bytes:
    try:
        with file.open("rb") as stream:
            data = stream.read(LIMIT + 1)
    except OSError as error:
        raise SourceError(
            "{file} cannot be read: {reason}.", file=file, reason=error.strerror
        ) from error
    if len(data) > LIMIT:
        raise SourceError(
            "{file} is larger than {size} MB.",
            "Cut it to the area that is to be printed, or split it into several files.",
            file=file,
            size=LIMIT // 1024**2,
        )
    return data


def _archived(opened: Opened) -> Iterator[tuple[str, Parts]]:
    """Each Shapefile of an archive; together they unpack to no more than one may hold."""
    paths = [PurePosixPath(name) for name in opened.members if not points_outside(name)]
    wanted = [path for path in paths if path.suffix.lower() in _SUFFIXES]
    room = LIMIT
    for shape in (path for path in wanted if path.suffix.lower() == ".shp"):
        stem = str(shape.with_suffix("")).casefold()
        parts = {}
        for path in wanted:
            if str(path.with_suffix("")).casefold() == stem:
                parts[path.suffix.lower()] = unpacked(opened, str(path))
                room -= len(parts[path.suffix.lower()])
        if room < 0:
            raise SourceError(
                "{path} unpacks to more than {size} MB.",
                "Cut it to the area that is to be printed, or split it into several files.",
                path=told(opened.path),
                size=LIMIT // 1024**2,
            )
        yield str(shape.with_suffix("")), parts


def _shapefile(name: str, parts: Parts, opened: Opened) -> tuple[list[Layer], list[Problem]]:
    import pyogrio  # noqa: PLC0415 - slow, and few sources are Shapefiles

    # a lost index is made again, in the temporary folder
    pyogrio.set_gdal_config_options({"SHAPE_RESTORE_SHX": "YES"})
    files = {suffix: parts[suffix] for suffix in _SUFFIXES[:-1] if suffix in parts}
    layers, problems = read_layers(opened, files, encoding=_LOSSLESS)
    shown = PurePosixPath(name).name
    missing = []
    if ".dbf" not in parts:
        value = printable(shown)
        missing = [Problem("PM072", Severity.WARNING, opened.path, field=".dbf", value=value)]
    decoded = [_decoded(layer, _named(parts), opened.path) for layer in layers]
    named = [replace(layer, name=shown) for layer, _ in decoded]
    return named, [*missing, *problems, *(told for _, noted in decoded for told in noted)]


def _named(parts: Parts) -> str:
    """Python's name of the encoding that ``.cpg`` says, empty where it says none it knows."""
    said = parts.get(".cpg", b"")[:40].decode("ascii", "replace").strip().strip("\0").lower()
    said = said.removeprefix("ansi ").removeprefix("cp").removeprefix("windows-")
    try:
        return codecs.lookup(_NAMED.get(said, said if not said.isdigit() else f"cp{said}")).name
    except LookupError:
        return ""


def _decoded(layer: Layer, named: str, path: str) -> tuple[Layer, list[Problem]]:
    """The layer with its texts in the first encoding that all of them are in."""
    texts = [text.encode(_LOSSLESS) for text in _texts(layer) if not text.isascii()]
    tried = tuple(dict.fromkeys((*filter(None, (named,)), *_GUESSES)))
    encoding = next((name for name in tried if all(_is(text, name) for text in texts)), "")
    problems = []
    if texts and encoding not in (named, "utf-8"):
        value = "CP932 (Shift_JIS)" if encoding else "?"
        problems.append(Problem("PM001", Severity.WARNING, path, value=value))
    chosen = encoding or named or _GUESSES[0]

    def text(value: Any) -> Any:
        if not isinstance(value, str) or value.isascii():
            return value
        return codecs.getincrementaldecoder(chosen)("replace").decode(value.encode(_LOSSLESS))

    rows = [(shape, [text(value) for value in values]) for shape, values in layer.rows]
    return replace(layer, columns=[text(name) for name in layer.columns], rows=rows), problems


def _texts(layer: Layer) -> Iterator[str]:
    yield from layer.columns
    for _, values in layer.rows:
        yield from (value for value in values if isinstance(value, str))


def _is(text: bytes, encoding: str) -> bool:
    """Whether bytes are text in an encoding, but for a character that a full column cut off."""
    try:
        codecs.getincrementaldecoder(encoding)().decode(text)
    except UnicodeDecodeError:
        return False
    return True
