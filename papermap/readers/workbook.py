"""Workbooks of spreadsheet programs (XLSX, ODS): each worksheet is a table.

Nothing is evaluated: a formula is the value that its program stored beside it.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from papermap.errors import SourceError
from papermap.model import Problem, Severity
from papermap.readers.base import RawSource
from papermap.readers.opened import Opened, Reader
from papermap.readers.source import LIMIT, told
from papermap.readers.tables import Table, left_out, read_tables
from papermap.readers.zipped import unpacked
from papermap.vocabulary import load_vocabulary

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

Sheet = tuple[str, list[list[Any]] | None]  # name and rows; None: holds nothing, or is hidden
Cell = tuple[int, int]  # row and column, counted from 0
# what is needed of a workbook: no pictures, macros, links to other files
_PARTS: Final = re.compile(
    r"\[Content_Types\]\.xml|_rels/\.rels|xl/(?:workbook|sharedStrings|styles)\.xml"
    r"|xl/_rels/workbook\.xml\.rels|xl/worksheets/[^/]+\.xml"
    r"|mimetype|content\.xml|META-INF/manifest\.xml",
    re.IGNORECASE,
)
_SHEET: Final = re.compile(r"xl/worksheets/[^/]+\.xml", re.IGNORECASE)
_CELLS: Final = 10_000_000  # of one sheet, empty ones in its rectangle too
_FILLED: Final = 2_000_000  # cells filled out of merged ones
_CELL: Final = re.compile(rb'<c\s[^>]*?\br="([A-Z]{1,3})(\d{1,7})"[^>]*(?<!/)>')
_NO_RESULT: Final = re.compile(
    rb'(?:</f>|<f\b[^>]*/>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>|<c\s[^>]*\bt="e"'
)
_ODS_ROW: Final = re.compile(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", re.DOTALL)
_ODS_CELL: Final = re.compile(rb"<table:(?:covered-)?table-cell\b([^>]*)>")
_REPEATED: Final = re.compile(rb'-repeated="(\d{1,12})"')
_SPREADSHEET: Final = b"application/vnd.oasis.opendocument.spreadsheet"
_AGAIN: Final = "Open it in a spreadsheet program and save it again, as XLSX or CSV."


def _is_xlsx(opened: Opened) -> bool:
    return "xl/workbook.xml" in opened.members


def _is_ods(opened: Opened) -> bool:
    return "content.xml" in opened.members and _SPREADSHEET in opened.head


def _read_xlsx(opened: Opened) -> RawSource:
    return _read(opened, "XLSX")


def _read_ods(opened: Opened) -> RawSource:
    return _read(opened, "ODS")


XLSX: Final = Reader("xlsx", _is_xlsx, _read_xlsx)
ODS: Final = Reader("ods", _is_ods, _read_ods)


def _read(opened: Opened, kind: str) -> RawSource:
    data, vain = _repacked(opened)
    problems = []
    if vain:
        problems.append(Problem("PM057", Severity.WARNING, opened.path, value=str(vain)))
    return read_sheets(opened, kind, _sheets(opened.path, data), problems)


def read_sheets(
    opened: Opened, kind: str, sheets: Iterable[Sheet], problems: Iterable[Problem] = ()
) -> RawSource:
    """Raw features of every visible worksheet; the others are told, as are formulas in vain."""
    problems, tables = list(problems), []
    for name, rows in sheets:
        if rows is None:
            problems.append(left_out(opened.path, name, 0))
        else:
            layer = name if load_vocabulary().find(name) else ""
            tables.append(Table(rows, name, layer))
    return read_tables(tables, opened, kind, problems)


def _sheets(path: str, data: bytes) -> Iterator[Sheet]:
    """Name and rows of each worksheet; None for those that hold nothing or are hidden.

    Raises
    ------
    SourceError
        For a workbook that the library cannot read.
    """
    from python_calamine import (  # noqa: PLC0415 - only where there is a workbook
        CalamineWorkbook,
        SheetTypeEnum,
        SheetVisibleEnum,
    )

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        for meta in book.sheets_metadata:
            if meta.typ is SheetTypeEnum.WorkSheet:
                shown = meta.visible is SheetVisibleEnum.Visible
                yield meta.name, _rows(book, meta.name) if shown else None
    except SourceError:
        raise
    except BaseException as error:  # the library's panics are no Exceptions
        if isinstance(error, KeyboardInterrupt | SystemExit | GeneratorExit):
            raise
        raise unreadable(path) from error


def unreadable(path: str) -> SourceError:
    """The refusal of a workbook that its library cannot read."""
    return SourceError("{path} is a workbook that cannot be read.", _AGAIN, path=told(path))


def _rows(book: CalamineWorkbook, name: str) -> list[list[Any]] | None:
    sheet = book.get_sheet_by_name(name)
    rows = sheet.to_python(skip_empty_area=False)
    fill_merged(rows, sheet.merged_cell_ranges or ())
    return rows or None


def fill_merged(rows: list[list[Any]], ranges: Iterable[tuple[Cell, Cell]]) -> None:
    """What stands in a cell merged over several rows, in each of them that says more than that."""
    said = [any(cell != "" for cell in row) for row in rows]
    left = _FILLED
    for (top, column), (bottom, _) in ranges:
        last = min(bottom + 1, len(rows), top + 1 + left)
        for index in range(top + 1, last):
            if said[index] and column < len(rows[index]):
                rows[index][column] = rows[top][column]
        left -= max(0, last - top - 1)


def _repacked(opened: Opened) -> tuple[bytes, int]:
    """The parts that are read, unpacked within bounds and put together anew; formulas in vain.

    Raises
    ------
    SourceError
        For a workbook that is broken, unpacks to more than can be read, or whose few cells span
        a rectangle too large for any memory.
    """
    vain, left = 0, LIMIT
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in dict.fromkeys(opened.members):
            if not _PARTS.fullmatch(name):
                continue
            part = unpacked(opened, name)
            left -= len(part)
            if left < 0:
                raise _too_large(opened.path)
            if _SHEET.fullmatch(name):
                vain += len(_NO_RESULT.findall(part))
                _check_size(part, opened.path)
            elif name == "content.xml":
                _check_repeats(part, opened.path)
            archive.writestr(zipfile.ZipInfo(name), part)
    return out.getvalue(), vain


def _check_size(part: bytes, path: str) -> None:
    columns, rows = set(), set()
    for cell in _CELL.finditer(part):  # millions of them
        columns.add(cell[1])
        rows.add(cell[2])
    width = max(map(_column, columns), default=0)
    height = max(map(int, rows), default=0)
    if width * height > _CELLS:
        raise _too_large(path)


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def _check_repeats(part: bytes, path: str) -> None:
    """An ODS counts up the cells and rows that repeat: so few bytes become so many cells."""
    cells = 0
    for row in _ODS_ROW.finditer(part):
        width, blank = 0, 0  # blank cells count where others follow
        for cell in _ODS_CELL.finditer(row[2]):
            repeated = _times(cell[1])
            if cell[1].endswith(b"/"):
                blank += repeated
            else:
                width, blank = width + blank + repeated, 0
        cells += width * _times(row[1])
        if cells > _CELLS:
            raise _too_large(path)


def _times(attributes: bytes) -> int:
    found = _REPEATED.search(attributes)
    return int(found[1]) if found else 1


def _too_large(path: str) -> SourceError:
    return SourceError(
        "{path} spans more cells than can be read.",
        "Delete what stands far from the table, or save the table alone as CSV.",
        path=told(path),
    )
