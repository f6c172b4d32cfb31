"""Tables as text: commas, semicolons, tabs or bars, and quotation marks gone wrong."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final

from papermap.headers import Headers
from papermap.model import Problem, Severity
from papermap.readers.base import RawSource
from papermap.readers.layout import find_layout
from papermap.readers.opened import Opened, Reader
from papermap.readers.refused import is_binary
from papermap.readers.source import is_wide, printable
from papermap.readers.tables import Table, read_tables

NAME: Final = "CSV"
_MARKS: Final = (",", "\t", ";", "|")
_SAMPLE: Final = 60  # lines by which the separator is told
_LINES: Final = 400  # of one quoted cell; one that goes on further has lost its end
_LINE: Final = 100_000  # characters of a line
_BROKEN: Final = 200  # rows; with more, no quotation mark is believed
_EVEN: Final = 0.8  # share of lines that a table has of one width
_TEXT: Final = frozenset(b"\t\n\x0b\x0c\r\x1b")  # control characters that texts have


def _recognises(opened: Opened) -> bool:
    if opened.looks_json or opened.xml_root or not _is_text(opened.head):
        return False
    lines = _lines(opened.text[: _SAMPLE * _LINE], _SAMPLE)
    mark = _separator(lines, opened.headers)
    rows = [row for row in csv.reader(lines, delimiter=mark) if row]
    if find_layout(rows, opened.headers):
        return True
    width, count = _commonest(rows)
    return width > 2 and len(rows) > 2 and count >= _EVEN * len(rows)


def _read(opened: Opened) -> RawSource:
    """Raw features of a table in a text file; a row with a broken quotation costs itself only."""
    text = opened.text
    lines = _lines(text)
    mark = _separator(lines[:_SAMPLE], opened.headers)
    told: list[tuple[int, Problem]] = []
    rows = list(_rows(lines, mark, opened.path, told))
    kind = "TSV" if mark == "\t" else NAME
    return read_tables([Table(rows, problems=tuple(told))], opened, kind)


READER: Final = Reader("csv", _recognises, _read)


def _is_text(head: bytes) -> bool:
    if is_binary(head):
        return False
    return is_wide(head) or not {byte for byte in head if byte < 32} - _TEXT


def _lines(text: str, most: int | None = None) -> list[str]:
    """Lines with their ends; only CR and LF end one (a cell may hold others)."""
    return list(islice(io.StringIO(text, newline=""), most))


def _separator(lines: Sequence[str], headers: Headers) -> str:
    """The mark by which the lines become a table: one with positions, else the widest even one."""

    def worth(mark: str) -> tuple[bool, bool, float]:
        rows = [row for row in csv.reader(_short(lines), delimiter=mark) if row]
        layout = find_layout(rows, headers)
        width, count = _commonest(rows)
        placed = layout is not None and layout.position is not None
        return placed, layout is not None, (width - 1) * count / max(1, len(rows))

    return max(_MARKS, key=worth)


def _short(lines: Sequence[str]) -> Iterator[str]:
    return (line[:_LINE] for line in lines)


def _commonest(rows: Sequence[Sequence[str]]) -> tuple[int, int]:
    """The width most rows have, and how many have it."""
    widths = Counter(len(row) for row in rows)
    return widths.most_common(1)[0] if widths else (0, 0)


def _rows(
    lines: list[str], mark: str, path: str, told: list[tuple[int, Problem]]
) -> Iterator[list[str]]:
    """Rows of cells; a quotation mark that swallows rows is taken as a mere character, and told."""
    start, count = 0, 0
    width = _commonest([row for row in csv.reader(_short(lines[:_SAMPLE]), delimiter=mark) if row])[
        0
    ]
    while start < len(lines):
        reader = csv.reader(
            islice(lines, start, None),
            delimiter=mark,
            quoting=csv.QUOTE_MINIMAL if len(told) < _BROKEN else csv.QUOTE_NONE,
        )
        begun = start  # of the row, as a line
        while True:
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error:  # a cell without end, longer than the library takes
                row, end = None, len(lines)
            else:
                end = start + reader.line_num
            count += 1
            if row is not None and (
                end - begun <= 1 or not _swallowed(lines, begun, end, mark, width)
            ):
                yield row
                begun = end
                continue
            line = lines[begun].rstrip("\r\n")
            told.append((count, Problem("PM055", Severity.WARNING, path, value=printable(line))))
            yield [cell.strip().strip('"') for cell in line[:_LINE].split(mark)]
            start = begun + 1
            break


def _swallowed(lines: Sequence[str], begun: int, end: int, mark: str, width: int) -> bool:
    """Whether a row of several lines has rows of the table inside its quoted cell."""
    if end - begun > _LINES:
        return True
    inside = lines[begun + 1 : end]
    whole = sum(len(row) == width for row in csv.reader(_short(inside), delimiter=mark))
    return width > 2 and whole >= max(1, len(inside) - 1) and whole > 0
