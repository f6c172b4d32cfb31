"""The manifest: what is in an atlas, for scripts, for reprints and for the next edition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Final, Literal

import msgspec
from msgspec import Meta

from papermap.files import write_whole
from papermap.grid import Plan, Sheet, bounds_wgs84
from papermap.i18n import problem_text
from papermap.index import Entry, Index
from papermap.model import Checked, Problem, Severity, SourceReport, Status, SupportPoint
from papermap.units import Box

VERSION: Final = 1
_SCHEMA_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"

Count = Annotated[int, Meta(ge=0)]
GroundBox = tuple[float, float, float, float]


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the manifest's records: immutable, keys as in the JSON."""


class SourceRecord(_Record, frozen=True):
    """One source, counted in features: features_in = points + lines + areas + skipped."""

    path: Annotated[str, Meta(description="As the user named it; “-” is standard input.")]
    sha256: Annotated[str, Meta(description="Of the bytes that were read.")]
    format: Annotated[str, Meta(description="The form that was recognised.")]
    features_in: Count
    points: Annotated[int, Meta(ge=0, description="Features that became support points.")]
    lines: Annotated[int, Meta(ge=0, description="Features that became lines.")]
    areas: Annotated[int, Meta(ge=0, description="Features that became areas.")]
    skipped: Annotated[int, Meta(ge=0, description="Features not on paper; each is a problem.")]
    problems: Annotated[int, Meta(ge=0, description="Problems told of this source.")]
    title: str = ""
    attribution: str = ""
    newest: Annotated[
        datetime | None, Meta(description="Time of its newest information, null if it has none.")
    ] = None


class CellsRecord(_Record, frozen=True):
    """Cells in a sheet's core; columns are lettered from the west, rows counted from the north."""

    columns: Annotated[int, Meta(ge=1)]
    rows: Annotated[int, Meta(ge=1)]


class SheetRecord(_Record, frozen=True):
    """One map sheet; metres are those of the manifest's ``crs``."""

    label: Annotated[str, Meta(description="As printed: “7”, “7a”.")]
    page: Annotated[
        int | None,
        Meta(description="Page of the PDF, counted from 1; null when it was not printed."),
    ]
    scale: Annotated[int, Meta(ge=1, description="The N of 1:N.")]
    bounds: Annotated[
        GroundBox,
        Meta(description="minx, miny, maxx, maxy of the whole map frame with its overlap, metres."),
    ]
    core: Annotated[GroundBox, Meta(description="minx, miny, maxx, maxy of its own cells, metres.")]
    bounds_wgs84: Annotated[
        GroundBox,
        Meta(
            description="West, south, east, north round ``bounds``, degrees; west is greater than "
            "east across the antimeridian."
        ),
    ]
    frame_mm: Annotated[
        GroundBox,
        Meta(description="x0, y0, x1, y1 of the map frame from the page's lower left, mm."),
    ]
    cells: CellsRecord
    points: Annotated[
        tuple[int, ...], Meta(description="Numbers of the points drawn on it, ascending.")
    ]
    neighbours: Annotated[
        dict[str, str],
        Meta(description="Compass direction (n, ne, e …) → label of the next printed sheet."),
    ]


class RefRecord(_Record, frozen=True):
    """A place in the book; ``cell`` is the address on the point's home sheet."""

    sheet: str
    cell: str


class PointRecord(_Record, frozen=True):
    """One printed support point; ``lon`` and ``lat`` are WGS 84 degrees."""

    number: Annotated[int, Meta(ge=1, description="Unique in the book.")]
    id: Annotated[str, Meta(description="Stable between editions.")]
    name: str
    category: Annotated[str, Meta(description="Key of its category.")]
    status: Literal["open", "closed", "full", "unknown"]
    lon: Annotated[float, Meta(ge=-180, le=180)]
    lat: Annotated[float, Meta(ge=-90, le=90)]
    source: Annotated[str, Meta(description="Path of its source.")]
    refs: Annotated[
        tuple[RefRecord, ...],
        Meta(description="Its home first, then the sheets whose overlap shows it."),
    ]
    feature: Annotated[int, Meta(ge=0, description="Feature of the source, counted from 1.")] = 0


class ProblemRecord(_Record, frozen=True):
    """One thing that was wrong, as ``papermap check`` tells it."""

    code: str
    severity: Literal["error", "warning"]
    source: str
    feature: Annotated[int | None, Meta(description="Counted from 1; null: the whole source.")]
    name: str | None
    field: str | None
    value: str | None
    skipped: Annotated[bool, Meta(description="Whether something is not on paper because of it.")]
    what: Annotated[dict[str, str], Meta(description="What is wrong, by language.")]
    todo: Annotated[dict[str, str], Meta(description="What to do about it, by language.")]


class TotalsRecord(_Record, frozen=True):
    """Counts of the whole book; the features are summed over the sources."""

    features_in: Count
    points: Annotated[int, Meta(ge=0, description="Features that became support points.")]
    lines: Count
    areas: Count
    skipped: Count
    printed: Annotated[
        int,
        Meta(ge=0, description="Support points with a number (a MultiPoint counts each place)."),
    ]
    sheets: Count
    pages: Count
    problems: Count
    categories: Annotated[
        dict[str, int], Meta(description="Category key → printed points, in the book's order.")
    ]


class Manifest(_Record, frozen=True):
    """What is in one atlas of papermap, written beside its PDF."""

    version: Annotated[Literal[1], Meta(description="Version of this form of manifest.")]
    title: str
    edition: Annotated[int, Meta(ge=1)]
    as_of: Annotated[
        datetime | None, Meta(description="Time of the newest information, null if none has one.")
    ]
    languages: Annotated[tuple[str, ...], Meta(description="On paper, the first one large.")]
    style: str
    paper: Annotated[str, Meta(description="Paper and orientation: “A4 portrait”.")]
    scale: Annotated[int, Meta(ge=1, description="The N of 1:N of the map sheets.")]
    crs: Annotated[str, Meta(description="Authority string of the metric CRS: “EPSG:6691”.")]
    pages: Annotated[int, Meta(ge=0, description="Pages in the PDF.")]
    sources: tuple[SourceRecord, ...]
    sheets: Annotated[tuple[SheetRecord, ...], Meta(description="Row by row from the north-west.")]
    points: Annotated[tuple[PointRecord, ...], Meta(description="By number.")]
    problems: tuple[ProblemRecord, ...]
    totals: TotalsRecord


def make_manifest(
    *,
    plan: Plan,
    index: Index,
    checked: Checked,
    pages: Mapping[str, int],
    drawn: Mapping[str, Sequence[int]],
    frame: Box,
    page_count: int,
    title: str,
    languages: Sequence[str],
    style: str,
    paper: str,
    edition: int = 1,
    as_of: datetime | None = None,
) -> Manifest:
    """Everything that went into an atlas and where it stands in it.

    Parameters
    ----------
    plan, index, checked
        The sheets, the numbers and the data of the book.
    pages
        Sheet label → page of the PDF, counted from 1; a sheet without one was not printed.
    drawn
        Sheet label → numbers of the points drawn on it.
    frame
        The map frame on every sheet's page, mm from its lower left.
    page_count
        Pages in the PDF.
    title, languages, style, paper, edition, as_of
        As on the paper.
    """
    return Manifest(
        version=VERSION,
        title=title,
        edition=edition,
        as_of=as_of,
        languages=tuple(languages),
        style=style,
        paper=paper,
        scale=plan.scale,
        crs=plan.crs,
        pages=page_count,
        sources=_sources(checked),
        sheets=tuple(
            _sheet(plan, sheet, pages.get(sheet.label), drawn.get(sheet.label, ()), frame)
            for sheet in plan.sheets
        ),
        points=tuple(_point(entry, checked.points[entry.point]) for entry in index.entries),
        problems=tuple(_problem(problem, languages) for problem in checked.problems),
        totals=_totals(plan, index, checked, page_count),
    )


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as JSON: UTF-8, indented, keys in the order of the types, newline at the end."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


def write_manifest(path: Path, manifest: Manifest, *, overwrite: bool = False) -> None:
    """Write the manifest whole or not at all.

    Raises
    ------
    OutputError
        When the file is there and may not be replaced, or cannot be written.
    """
    write_whole(path, manifest_bytes(manifest), overwrite)


def schema() -> dict[str, Any]:
    """JSON Schema of the manifest; packaged as ``schema/manifest.schema.json``."""
    return {"$schema": _SCHEMA_DRAFT, "title": "papermap manifest", **msgspec.json.schema(Manifest)}


def schema_bytes() -> bytes:
    """The schema as it is packaged."""
    return msgspec.json.format(msgspec.json.encode(schema()), indent=2) + b"\n"


def _sources(checked: Checked) -> tuple[SourceRecord, ...]:
    told = Counter(problem.source for problem in checked.problems)
    return tuple(_source(source, told[source.path]) for source in checked.sources)


def _source(source: SourceReport, problems: int) -> SourceRecord:
    return SourceRecord(
        path=source.path,
        sha256=source.sha256,
        format=source.format,
        features_in=source.features_in,
        points=source.points,
        lines=source.lines,
        areas=source.areas,
        skipped=source.skipped,
        problems=problems,
        title=source.title,
        attribution=source.attribution,
        newest=source.newest,
    )


def _sheet(
    plan: Plan, sheet: Sheet, page: int | None, numbers: Sequence[int], frame: Box
) -> SheetRecord:
    west, south, east, north = bounds_wgs84(plan.crs, sheet.bounds)
    return SheetRecord(
        label=sheet.label,
        page=page,
        scale=plan.scale,
        bounds=_rounded(sheet.bounds, 3),
        core=_rounded(sheet.core, 3),
        bounds_wgs84=_rounded((west, south, east, north), 7),
        frame_mm=_rounded(frame, 4),
        cells=CellsRecord(columns=sheet.columns, rows=sheet.rows),
        points=tuple(sorted(numbers)),
        neighbours=dict(sheet.neighbours),
    )


def _rounded(box: GroundBox, digits: int) -> GroundBox:
    x0, y0, x1, y1 = (round(float(edge), digits) for edge in box)
    return x0, y0, x1, y1


def _point(entry: Entry, point: SupportPoint) -> PointRecord:
    return PointRecord(
        number=entry.number,
        id=point.id,
        name=point.name,
        category=point.category,
        status=Status(point.status).value,
        lon=point.lon,
        lat=point.lat,
        source=point.origin.source,
        refs=tuple(RefRecord(sheet=ref.sheet, cell=ref.cell) for ref in entry.refs),
        feature=point.origin.feature,
    )


def _problem(problem: Problem, languages: Sequence[str]) -> ProblemRecord:
    texts = {language: problem_text(problem, language) for language in languages}
    return ProblemRecord(
        code=problem.code,
        severity=Severity(problem.severity).value,
        source=problem.source,
        feature=problem.feature,
        name=problem.name,
        field=problem.field,
        value=problem.value,
        skipped=problem.skipped,
        what={language: what for language, (what, _) in texts.items()},
        todo={language: todo for language, (_, todo) in texts.items()},
    )


def _totals(plan: Plan, index: Index, checked: Checked, page_count: int) -> TotalsRecord:
    sources = checked.sources
    return TotalsRecord(
        features_in=sum(source.features_in for source in sources),
        points=sum(source.points for source in sources),
        lines=sum(source.lines for source in sources),
        areas=sum(source.areas for source in sources),
        skipped=sum(source.skipped for source in sources),
        printed=len(index.entries),
        sheets=len(plan.sheets),
        pages=page_count,
        problems=len(checked.problems),
        categories={key: len(entries) for key, entries in index.by_category},
    )
