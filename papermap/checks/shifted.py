"""Traces of a table's broken row: coordinates in other columns, a cell that does not end."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from papermap.checks.text import as_text, shortened

_DECIMAL: Final = re.compile(r"\s*-?\d{1,3}\.\d{3,}\s*")


def shifted_columns(properties: Mapping[str, Any]) -> str:
    """``column = value`` of two columns that look like a latitude and a longitude, else empty."""
    found = []
    for column, value in list(properties.items())[:100]:
        text = as_text(value)
        if _DECIMAL.fullmatch(text) and -180 <= float(text) <= 180:
            found.append((shortened(str(column)), text.strip()))
    if len(found) != 2:
        return ""
    return ", ".join(f"{column} = {text}" for column, text in found)


def open_quotation(properties: Mapping[str, Any]) -> str:
    """``column = value`` of a cell with an odd number of quotation marks, else empty.

    A line break inside a quoted cell of a CSV file cuts its row in two for careless converters.
    """
    for column, value in list(properties.items())[:100]:
        if isinstance(value, str) and value.count('"') % 2:
            return f"{shortened(str(column))} = {shortened(value)}"
    return ""
