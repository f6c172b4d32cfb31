"""Tables of places, from whatever file: rows of cells → raw features, each with its row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from papermap.errors import SourceError
from papermap.headers import Headers, fold
from papermap.model import Problem, Severity
from papermap.readers.base import RawFeature, RawSource
from papermap.readers.layout import Layout, Rows, coordinate_system, find_layout, letters
from papermap.readers.opened import Opened
from papermap.readers.positions import OLD_DATUM, Geometry, geometry_of, is_blank
from papermap.readers.source import printable, told

_QUOTED: Final = re.compile(r'="(.*)"', re.DOTALL)  # how spreadsheets are made to keep zeros
_WHOLE: Final = re.compile(r"(-?\d+)\.0")
_REMARK: Final = re.compile(
    r"\s*(?:[※*＊注]|出典|資料|合計|総計|小計|計$|以上|total)", re.IGNORECASE
)
_WIDE: Final = 3  # columns of a table in which a single cell may be a remark
_METRES: Final = 200  # rows looked at
_SHOWN: Final = 12  # columns named in a message
HINT: Final = 'Say which columns they are in papermap.toml: [columns] lat = "…", lon = "…".'


@dataclass(frozen=True, slots=True)
class Table:
    """One worksheet, or the whole of a text file: ``rows[0]`` is row 1 of the spreadsheet."""

    rows: Rows
    name: str = ""
    layer: str = ""  # where the name says what its places are
    problems: tuple[tuple[int, Problem], ...] = ()  # by row


@dataclass(slots=True)
class _Reading:
    """What has been read so far; a draft that becomes the source."""

    path: str
    features: list[RawFeature] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    systems: dict[str, None] = field(default_factory=dict)
    sets: dict[str, None] = field(default_factory=dict)


def read_tables(
    tables: Sequence[Table], opened: Opened, kind: str, problems: Iterable[Problem] = ()
) -> RawSource:
    """Raw features of every table among these that holds places; the others are told.

    ``problems`` are what was wrong with the whole file.

    Raises
    ------
    SourceError
        When none of them does, or they are in several coordinate systems.
    UsageError
        For a coordinate system that no register holds.
    """
    path, asked = opened.path, opened.headers
    found = [(table, find_layout(table.rows, asked)) for table in tables]
    reading = _Reading(path, problems=list(problems))
    if not any(layout for _, layout in found):
        raise _no_table(path, tables)
    for table, layout in found:
        if layout is None:
            reading.problems.append(left_out(path, table.name, len(table.rows)))
        else:
            _read_table(table, layout, reading)
    _check_columns(asked, found, reading)
    return RawSource(
        path=path,
        sha256=opened.content.sha256,
        format=f"{kind} ({', '.join(reading.sets)})" if reading.sets else kind,
        features=tuple(reading.features),
        crs=_one_system(reading),
        problems=tuple(reading.problems),
        columns=reading.roles,
    )


def left_out(path: str, name: str, rows: int) -> Problem:
    """A worksheet that holds no places, or is hidden."""
    return Problem("PM052", Severity.NOTICE, path, field=printable(name), value=str(rows))


def value_of(cell: Any) -> Any:
    """A cell as a property: no blanks around it, whole numbers without a point, times as text."""
    if isinstance(cell, str):
        text = cell.strip()
        if text.startswith("=") or text.endswith(".0"):
            found = _QUOTED.fullmatch(text) or _WHOLE.fullmatch(text)
            return found[1] if found else text
        return text
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return int(cell)
    return _time_text(cell) if isinstance(cell, date | time | timedelta) else cell


def _time_text(moment: date | time | timedelta) -> str:
    if isinstance(moment, datetime):
        day = moment.time() == time()
        return moment.date().isoformat() if day else moment.isoformat(" ", "minutes")
    if isinstance(moment, time):
        return moment.isoformat("minutes")
    if isinstance(moment, timedelta):
        minutes = round(moment.total_seconds() / 60)
        return f"{minutes // 60}:{minutes % 60:02}"
    return moment.isoformat()


def _read_table(table: Table, layout: Layout, reading: _Reading) -> None:
    path, headers, position = reading.path, layout.headers, layout.position
    if headers.name:
        reading.sets[headers.name] = None
    reading.roles.update(headers.roles())
    reading.systems[headers.crs or (position.crs if position else "")] = None
    reading.problems += _of_table(table, layout, path)
    problems = dict(table.problems)
    used = position.used if position else frozenset[int]()
    columns = [(i, name) for i, name in enumerate(layout.names) if i not in used]
    said: set[str] = set()
    first = len(reading.features)
    for index in range(layout.first, len(table.rows)):
        row = table.rows[index]
        if not row or all(is_blank(cell) for cell in row):
            continue
        number = len(reading.features) + 1
        properties = {
            name: value
            for i, name in columns
            if i < len(row) and (value := value_of(row[i])) not in ("", None)
        }
        beyond = _beyond(row, len(layout.names))
        said.update(layout.unnamed & properties.keys(), beyond)
        properties = {**properties, **beyond, **headers.constants}
        geometry = None if position is None else geometry_of(row, position)
        where = (path, number, index + 1)
        if index + 1 in problems:
            reading.problems.append(_at(problems[index + 1], number, index + 1))
        if beyond:
            reading.problems.append(_row("PM054", where, ", ".join(map(str, beyond.values()))))
        if _is_nowhere(geometry) and _is_remark(row, layout):
            reading.problems.append(_row("PM053", where, next(iter(_texts(row))), skipped=True))
        reading.features.append(
            RawFeature(number, geometry, properties, layer=table.layer, row=index + 1)
        )
    # a cell under no name says something all the same
    reading.roles.update(dict.fromkeys(sorted(said), "note"))
    if _in_metres(reading.features[first : first + _METRES]) and not headers.crs:
        reading.problems.append(Problem("PM056", Severity.ERROR, path))


def _of_table(table: Table, layout: Layout, path: str) -> Iterable[Problem]:
    """What is wrong with a whole table."""
    position = layout.position
    sheet = printable(table.name) or None
    if position is None:
        names = ", ".join(printable(name) for name in layout.names[:_SHOWN])
        yield Problem("PM051", Severity.ERROR, path, field=sheet, value=names)
    elif layout.headless:
        columns = (
            {"lat": letters(position.lat), "lon": letters(position.lon)}
            if position.lat >= 0
            else dict.fromkeys(("lat", "lon"), letters(position.geopoint))
        )
        yield Problem("PM050", Severity.WARNING, path, field=sheet, params=columns)
    elif position.crs == OLD_DATUM and not layout.headers.crs:
        name = printable(layout.names[position.lat])
        yield Problem("PM059", Severity.WARNING, path, field=name)


def _row(code: str, where: tuple[str, int, int], value: str, *, skipped: bool = False) -> Problem:
    path, number, row = where
    return Problem(
        code,
        Severity.WARNING,
        path,
        feature=number,
        value=printable(value),
        skipped=skipped,
        row=row,
    )


def _at(problem: Problem, number: int, row: int) -> Problem:
    return Problem(
        problem.code, problem.severity, problem.source, number, value=problem.value, row=row
    )


def _beyond(row: Sequence[Any], width: int) -> dict[str, Any]:
    """Cells to the right of the header, by their column's letter."""
    return {letters(i): value_of(row[i]) for i in range(width, len(row)) if not is_blank(row[i])}


def _texts(row: Sequence[Any]) -> list[str]:
    return [str(cell).strip() for cell in row if not is_blank(cell)]


def _is_nowhere(geometry: Geometry | None) -> bool:
    return geometry is None or isinstance((geometry.get("coordinates") or (None,))[0], str)


def _is_remark(row: Sequence[Any], layout: Layout) -> bool:
    """A line that tells of the table, not of a place: ※, a total, the header once again."""
    texts = _texts(row)
    if len(layout.names) >= _WIDE and len(texts) <= 2 and _REMARK.match(texts[0]):
        return True
    return len(texts) > 1 and {fold(text) for text in texts} <= {fold(n) for n in layout.names}


def _in_metres(features: Sequence[RawFeature]) -> bool:
    """Whether all coordinates lie where no degrees are."""
    pairs = [
        feature.geometry["coordinates"]
        for feature in features
        if feature.geometry and feature.geometry.get("type") == "Point"
    ]
    return bool(pairs) and all(
        isinstance(x, int | float) and isinstance(y, int | float) and max(abs(x), abs(y)) > 1000
        for x, y, *_ in pairs
    )


def _one_system(reading: _Reading) -> str:
    systems = [system for system in reading.systems if system]
    if not systems:
        return "EPSG:4326"
    if len(reading.systems) > 1:
        raise SourceError(
            "The worksheets of {path} are in several coordinate systems.",
            "Save each as a file of its own.",
            path=told(reading.path),
        )
    return str(coordinate_system(systems[0]).to_string())


def _check_columns(
    asked: Headers, found: Sequence[tuple[Table, Layout | None]], reading: _Reading
) -> None:
    """Columns that the user names and no table has."""
    import difflib  # noqa: PLC0415

    there = {name for _, layout in found if layout for name in layout.names}
    folded = {fold(name) for name in there}
    for field_, names in asked.columns.items():
        if not any(fold(name) in folded for name in names):
            near = difflib.get_close_matches(names[0], there, n=1, cutoff=0.5)
            others = near or sorted(there)[:_SHOWN]
            reading.problems.append(
                Problem(
                    "PM058",
                    Severity.WARNING,
                    reading.path,
                    field=field_,
                    value=printable(names[0]),
                    params={"near": ", ".join(map(printable, others))},
                )
            )


def _no_table(path: str, tables: Sequence[Table]) -> SourceError:
    filled = [table for table in tables if table.rows]
    if not filled:
        return SourceError(
            "{path} holds no table with anything in it.", "Save it again.", path=told(path)
        )
    row = next((row for row in filled[0].rows if any(row)), ())
    names = ", ".join(f"“{printable(text)}”" for text in _texts(row)[:_SHOWN])
    return SourceError(
        "{path} is a table, but no column of it is known as a position or a name: {names}.",
        HINT,
        path=told(path),
        names=names,
    )
