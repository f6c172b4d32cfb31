"""Workbooks as Excel 97 saved them (XLS): each worksheet is a table.

Read by a library in Python: one in machine code was found to take all memory for a broken file.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import Any, Final

from papermap.errors import SourceError
from papermap.readers.base import RawSource
from papermap.readers.opened import Opened, Reader
from papermap.readers.source import told
from papermap.readers.workbook import Sheet, fill_merged, read_sheets, unreadable

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK: Final = "Workbook".encode("utf-16-le")
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")


def _recognises(opened: Opened) -> bool:
    data = opened.content.data
    return data.startswith(_OLE) and (_WORKBOOK in data or _ENCRYPTED in data)


def _read(opened: Opened) -> RawSource:
    """Raw features of every visible worksheet; the others are told.

    Raises
    ------
    SourceError
        For a workbook that is protected by a password, or that the library cannot read.
    """
    if _ENCRYPTED in opened.content.data:
        raise _protected(opened.path)
    return read_sheets(opened, "XLS", list(_sheets(opened)))


READER: Final = Reader("xls", _recognises, _read)


def _protected(path: str) -> SourceError:
    return SourceError(
        "{path} is protected by a password.", "Save it without one.", path=told(path)
    )


def _sheets(opened: Opened) -> Iterator[Sheet]:
    import xlrd  # noqa: PLC0415 - only where there is such a workbook

    try:
        book = xlrd.open_workbook(
            file_contents=opened.content.data,
            formatting_info=True,  # cells that are merged, numbers that are dates
            logfile=io.StringIO(),
        )
        for sheet in book.sheets():
            yield sheet.name, _rows(book, sheet) if sheet.visibility == 0 else None
    except Exception as error:  # a broken file ends in errors of every kind
        if "encrypted" in str(error):
            raise _protected(opened.path) from error
        raise unreadable(opened.path) from error


def _rows(book: Any, sheet: Any) -> list[list[Any]] | None:
    rows = [[_value(book, cell) for cell in sheet.row(number)] for number in range(sheet.nrows)]
    for row in rows:
        row.extend([""] * (sheet.ncols - len(row)))
    merged = [
        ((top, left), (bottom - 1, right - 1)) for top, bottom, left, right in sheet.merged_cells
    ]
    fill_merged(rows, merged)
    return rows or None


def _value(book: Any, cell: Any) -> Any:
    """The cell as its kind says: text, number, date, time of day, truth; errors say nothing."""
    from xlrd import XL_CELL_BOOLEAN, XL_CELL_DATE, XL_CELL_ERROR, xldate  # noqa: PLC0415

    if cell.ctype == XL_CELL_ERROR:
        return ""
    if cell.ctype == XL_CELL_BOOLEAN:
        return bool(cell.value)
    if cell.ctype != XL_CELL_DATE:
        return cell.value
    moment = xldate.xldate_as_datetime(cell.value, book.datemode)
    if cell.value < 1:
        return moment.time()
    return moment.date() if cell.value == int(cell.value) else moment
