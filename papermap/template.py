"""What a mapper begins with: a table with an example for each category, and the schema of it all.

Columns and examples are data (``styles/data/template.toml``).
"""

from __future__ import annotations

import csv
import functools
import io
import json
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from papermap import resources
from papermap.errors import StyleError, UsageError
from papermap.model import HAZARDS, Category, Kind
from papermap.vocabulary import load_vocabulary

FORMATS: Final = (".geojson", ".csv", ".xlsx")
_UPDATED: Final = "2026-09-14T15:30:00+09:00"
_CREATED: Final = datetime(2026, 9, 14, tzinfo=UTC)  # the same columns give the same bytes
_CORNER: Final = (139.236, 33.956)  # degrees: the invented town's south-west
_STEP: Final = 0.002  # degrees between examples
_BESIDE: Final = 0.03  # degrees by which lines and areas lie north of the points
_IN_A_ROW: Final = 7
_TYPES: Final[Mapping[str, Any]] = {
    "text": {"type": ["string", "number", "null"]},
    "flag": {"type": ["boolean", "string", "number", "null"]},
    "time": {"type": ["string", "number", "null"]},
    "list": {"type": ["array", "string", "null"], "items": {"enum": list(HAZARDS)}},
}
_POSITION: Final = ("lat", "lon")
_ROWS: Final = 1000  # of a workbook that offer their choices


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the template: its field, and by language its heading and what to write."""

    field: str
    headings: Mapping[str, str]
    about: Mapping[str, str]
    type: str = "text"
    choices: Mapping[str, Sequence[str]] | None = None


@dataclass(frozen=True, slots=True)
class Example:
    """One invented place, in one language: values by field, and its geometry (GeoJSON)."""

    category: Category
    values: Mapping[str, Any]
    geometry: Mapping[str, Any]


def template(form: str, language: str) -> bytes:
    """A file to begin with, with an example for every category that the form can hold.

    Parameters
    ----------
    form
        One of ``FORMATS``. Tables hold points alone; lines and areas are in GeoJSON only.
    language
        ``ja`` or ``en``: of headings and examples.

    Raises
    ------
    UsageError
        For another form.
    """
    makers = {".geojson": _geojson, ".csv": _csv, ".xlsx": _xlsx}
    if form not in makers:
        raise UsageError(
            "No template ends in “{form}”.",
            "Name a file that ends in {known}.",
            form=form,
            known=", ".join(FORMATS),
        )
    return makers[form](language)


def columns() -> tuple[Column, ...]:
    """Columns of the template, in their order.

    Raises
    ------
    StyleError
        When the data file cannot be read.
    """
    return tuple(
        Column(
            table["field"],
            {"ja": table["ja"], "en": table["en"]},
            table["about"],
            table.get("type", "text"),
            table.get("choices"),
        )
        for table in _data()["columns"]
    )


def examples(language: str) -> Iterator[Example]:
    """An example for each category of the vocabulary, in its order."""
    known = load_vocabulary().categories
    for number, (key, category) in enumerate(known.items()):
        said = _data()["examples"].get(key, {"name": category.names})
        names = {each: _data()["example"][each] + said["name"][each] for each in said["name"]}
        values: dict[str, Any] = {
            "category": category.name(language),
            **{field: _in_language(value, language) for field, value in said.items()},
            "name": names[language],
            "updated_at": _UPDATED,
        }
        if language == "ja":
            values["name:en"] = names["en"]
        yield Example(category, values, _geometry(number, category.kind))


def contribution_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of a GeoJSON file of contributions."""
    properties = {
        column.field: {"description": f"{column.about['en']} / {column.about['ja']}"}
        | dict(_TYPES[column.type])
        for column in columns()
        if column.field not in _POSITION
    }
    named = [
        {"anyOf": [{"required": [each]} for each in (column.field, column.headings["ja"])]}
        for column in columns()
        if column.field in ("category", "name")
    ]
    position = {"type": "array", "items": {"type": "number"}, "minItems": 2}
    line = {"type": "array", "items": position, "minItems": 2}
    rings = {"type": "array", "items": line, "minItems": 1}
    shapes = {
        "Point": position,
        "MultiPoint": {"type": "array", "items": position},
        "LineString": line,
        "MultiLineString": {"type": "array", "items": line},
        "Polygon": rings,
        "MultiPolygon": {"type": "array", "items": rings},
    }
    geometry = [
        {
            "type": "object",
            "required": ["type", "coordinates"],
            "properties": {"type": {"const": kind}, "coordinates": coordinates},
        }
        for kind, coordinates in shapes.items()
    ]
    feature = {
        "type": "object",
        "required": ["type", "geometry", "properties"],
        "properties": {
            "type": {"const": "Feature"},
            "id": {"type": ["string", "number"]},
            "geometry": {"oneOf": geometry},
            "properties": {"type": "object", "properties": properties, "allOf": named},
        },
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Support points for papermap",
        "description": "Points, lines and areas with what is known of them. Other names of "
        "properties are understood too (styles/data/fields.toml), and others kept in the note.",
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"const": "FeatureCollection"},
            "features": {"type": "array", "items": feature},
        },
    }


def contribution_schema_bytes() -> bytes:
    """The schema as it is packaged."""
    return json.dumps(contribution_schema(), ensure_ascii=False, indent=2).encode() + b"\n"


def _geojson(language: str) -> bytes:
    features = [
        {
            "type": "Feature",
            "properties": _properties(example, language),
            "geometry": example.geometry,
        }
        for example in examples(language)
    ]
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'.encode()


def _properties(example: Example, language: str) -> dict[str, Any]:
    return {
        column.headings[language]: example.values[column.field]
        for column in columns()
        if column.field in example.values
    }


def _csv(language: str) -> bytes:
    """With a byte order mark, without which Excel reads another encoding."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([column.headings[language] for column in columns()])
    writer.writerows(_rows(language))
    return out.getvalue().encode("utf-8-sig")


def _rows(language: str) -> Iterator[list[Any]]:
    """Rows of the points, in the order of the columns."""
    for example in examples(language):
        if example.category.kind is Kind.POINT:
            lon, lat = example.geometry["coordinates"]
            values = {**example.values, "lat": lat, "lon": lon}
            yield [_cell(values.get(column.field, ""), column, language) for column in columns()]


def _cell(value: Any, column: Column, language: str) -> Any:
    if isinstance(value, bool) and column.choices:
        return column.choices[language][0 if value else 1]
    if isinstance(value, list):
        return "、".join(value) if language == "ja" else ", ".join(value)
    return value


def _xlsx(language: str) -> bytes:
    """With what to write as a note on each heading, and the choices where there are some."""
    import xlsxwriter  # noqa: PLC0415 - only where a workbook is written

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False}) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet("points")
        bold = book.add_format({"bold": True, "bottom": 1})
        for index, column in enumerate(columns()):
            sheet.write_string(0, index, column.headings[language], bold)
            sheet.write_comment(0, index, column.about[language])
            sheet.set_column(index, index, 24 if column.field.startswith("name") else 14)
            choices = _choices(column, language)
            if choices:
                rule = {"validate": "list", "source": choices, "error_type": "information"}
                sheet.data_validation(1, index, _ROWS, index, rule)
        for number, row in enumerate(_rows(language), 1):
            sheet.write_row(number, 0, row)
        sheet.freeze_panes(1, 2)
    return out.getvalue()


def _choices(column: Column, language: str) -> list[str]:
    """What a cell offers; a list of more than 255 characters Excel does not take."""
    if column.choices:
        return list(column.choices[language])
    if column.field != "category":
        return []
    names = [c.name(language) for c in load_vocabulary().categories.values()]
    while len(",".join(names)) > 255:
        names.pop()
    return names


def _geometry(number: int, kind: Kind) -> dict[str, Any]:
    row, column = divmod(number, _IN_A_ROW)
    north = row * _STEP + (0 if kind is Kind.POINT else _BESIDE)
    lon, lat = round(_CORNER[0] + column * _STEP, 6), round(_CORNER[1] + north, 6)
    east, top = round(lon + _STEP / 2, 6), round(lat + _STEP / 2, 6)
    if kind is Kind.LINE:
        return {"type": "LineString", "coordinates": [[lon, lat], [east, lat], [east, top]]}
    if kind is Kind.AREA:
        ring = [[lon, lat], [east, lat], [east, top], [lon, top], [lon, lat]]
        return {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Point", "coordinates": [lon, lat]}


def _in_language(value: Any, language: str) -> Any:
    return value[language] if isinstance(value, Mapping) else value


@functools.cache
def _data() -> Mapping[str, Any]:
    path: Path = resources.file("styles", "data/template.toml")
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as error:
        raise StyleError(
            "Data file {name} cannot be read: {error}.", name=path.name, error=error
        ) from error
