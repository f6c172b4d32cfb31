"""The manifest: what is in an atlas, for scripts, for reprints and for the next edition."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final, Protocol

import msgspec

from papermap.edition.records import (
    VERSION,
    CellsRecord,
    DetailRecord,
    GroundBox,
    Manifest,
    OverlayRecord,
    PlacementRecord,
    PointRecord,
    ProblemRecord,
    RefRecord,
    SaidRecord,
    SheetRecord,
    SourceRecord,
    TellerRecord,
    TotalsRecord,
    UnplacedRecord,
)
from papermap.grid import Plan, Sheet, bounds_wgs84
from papermap.i18n import Words, problem_text
from papermap.model import (
    Checked,
    Join,
    MapFeature,
    Place,
    Problem,
    Severity,
    SourceReport,
    Status,
    SupportPoint,
    Unplaced,
)
from papermap.units import Box

_SCHEMA_DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"


_NO_INSETS: Final[Mapping[str, Box]] = MappingProxyType({})
_NOTHING_DRAWN: Final[Mapping[str, PlacementRecord]] = MappingProxyType({})


class Referring(Protocol):
    """What the manifest needs of ``index.Ref``; that room is a sibling of this one."""

    @property
    def sheet(self) -> str: ...
    @property
    def cell(self) -> str: ...


class Numbered(Protocol):
    """What the manifest needs of ``index.Entry``."""

    @property
    def point(self) -> int: ...
    @property
    def number(self) -> int: ...
    @property
    def refs(self) -> Sequence[Referring]: ...


class Numbering(Protocol):
    """What the manifest needs of ``index.Index``."""

    @property
    def entries(self) -> Sequence[Numbered]: ...
    @property
    def by_category(self) -> Sequence[tuple[str, Sequence[Numbered]]]: ...


def make_manifest(
    *,
    plan: Plan,
    index: Numbering,
    checked: Checked,
    pages: Mapping[str, int],
    drawn: Mapping[str, Sequence[int]],
    placements: Mapping[str, PlacementRecord] = _NOTHING_DRAWN,
    frame: Box,
    insets: Mapping[str, Box] = _NO_INSETS,
    page_count: int,
    title: str,
    languages: Sequence[str],
    style: str,
    paper: str,
    orientation: str = "portrait",
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
    placements
        Sheet label → how well they stand.
    frame
        The map frame on every sheet's page, mm from its lower left.
    insets
        Label → frame of each sheet that is an inset on a page of its parent.
    page_count
        Pages in the PDF.
    title, languages, style, paper, orientation, edition, as_of
        As on the paper.
    """
    joins = {join.id: join for join in checked.joins}
    return Manifest(
        version=VERSION,
        title=title,
        edition=edition,
        as_of=as_of,
        languages=tuple(languages),
        style=style,
        paper=paper,
        orientation=orientation,
        scale=plan.scale,
        crs=plan.crs,
        pages=page_count,
        sources=_sources(checked),
        sheets=tuple(
            _sheet(
                plan,
                sheet,
                pages.get(sheet.label),
                drawn.get(sheet.label, ()),
                placements.get(sheet.label),
                languages,
                insets.get(sheet.label, frame),
            )
            for sheet in plan.sheets
        ),
        points=tuple(_point(entry, checked.points[entry.point], joins) for entry in index.entries),
        unplaced=tuple(_unplaced(place, joins) for place in checked.unplaced),
        problems=tuple(_problem(problem, languages) for problem in checked.problems),
        totals=_totals(plan, index, checked, page_count),
        overlays=tuple(map(_overlay, checked.overlays)),
    )


def manifest_bytes(manifest: Manifest) -> bytes:
    """The manifest as JSON: UTF-8, indented, keys in the order of the types, newline at the end."""
    return msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n"


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
        unplaced=source.unplaced,
        skipped=source.skipped,
        problems=problems,
        title=source.title,
        attribution=source.attribution,
        newest=source.newest,
        joined=source.joined,
    )


def _sheet(  # noqa: PLR0917
    plan: Plan,
    sheet: Sheet,
    page: int | None,
    numbers: Sequence[int],
    placement: PlacementRecord | None,
    languages: Sequence[str],
    frame: Box,
) -> SheetRecord:
    west, south, east, north = bounds_wgs84(plan.crs, sheet.bounds)
    return SheetRecord(
        label=sheet.label,
        page=page,
        scale=sheet.scale,
        bounds=_rounded(sheet.bounds, 3),
        core=_rounded(sheet.core, 3),
        bounds_wgs84=_rounded((west, south, east, north), 7),
        frame_mm=_rounded(frame, 4),
        cells=CellsRecord(columns=sheet.columns, rows=sheet.rows),
        points=tuple(sorted(numbers)),
        neighbours=dict(sheet.neighbours),
        detail=_detail(sheet, languages),
        details=tuple(sorted(each.label for each in plan.sheets if each.parent == sheet.label)),
        placement=placement,
    )


def _detail(sheet: Sheet, languages: Sequence[str]) -> DetailRecord | None:
    relief = sheet.relief
    if relief is None:
        return None
    scale = sheet.scale * relief.times
    words = Words(tuple(languages))
    told = {"sheet": sheet.parent, "n": relief.points, "crowded": len(relief.crowded)}
    return DetailRecord(
        of=sheet.parent,
        times=relief.times,
        points=relief.points,
        crowded=len(relief.crowded),
        inset=sheet.inset,
        why={
            language: words.in_(
                language, "detail_why", scale=f"1:{scale:,}", larger=f"1:{sheet.scale:,}", **told
            )
            for language in languages
        },
    )


def _rounded(box: GroundBox, digits: int) -> GroundBox:
    x0, y0, x1, y1 = (round(float(edge), digits) for edge in box)
    return x0, y0, x1, y1


def _point(entry: Numbered, point: SupportPoint, joins: Mapping[str, Join]) -> PointRecord:
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
        approximate=point.approximate,
        tellers=_tellers(joins.get(point.id)),
        history=_history(point),
    )


def _unplaced(place: Unplaced, joins: Mapping[str, Join]) -> UnplacedRecord:
    return UnplacedRecord(
        id=place.id,
        name=place.name,
        category=place.category,
        status=Status(place.status).value,
        address=place.address,
        source=place.origin.source,
        feature=place.origin.feature,
        reason=place.reason,
        tellers=_tellers(joins.get(place.id)),
        history=_history(place),
    )


def _tellers(join: Join | None) -> tuple[TellerRecord, ...]:
    return tuple(
        TellerRecord(
            id=teller.id,
            name=teller.name,
            source=teller.origin.source,
            feature=teller.origin.feature,
            why=teller.why.value,
            distance_m=teller.distance,
            likeness=teller.likeness,
        )
        for teller in (join.tellers if join else ())
    )


def _history(place: Place) -> tuple[SaidRecord, ...]:
    return tuple(
        SaidRecord(
            field=said.field,
            value=said.value,
            source=said.origin.source,
            feature=said.origin.feature,
            updated_at=said.updated_at,
        )
        for said in place.history
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
        unplaced=problem.unplaced,
        row=problem.row or None,
        what={language: what for language, (what, _) in texts.items()},
        todo={language: todo for language, (_, todo) in texts.items()},
    )


def _overlay(feature: MapFeature) -> OverlayRecord:
    return OverlayRecord(
        file=feature.origin.source,
        shows=feature.category,
        name=feature.name,
        kind=feature.kind.value,
        time=feature.updated_at,
    )


def _totals(plan: Plan, index: Numbering, checked: Checked, page_count: int) -> TotalsRecord:
    sources = checked.sources
    return TotalsRecord(
        features_in=sum(source.features_in for source in sources),
        points=sum(source.points for source in sources),
        lines=sum(source.lines for source in sources),
        areas=sum(source.areas for source in sources),
        unplaced=sum(source.unplaced for source in sources),
        skipped=sum(source.skipped for source in sources),
        joined=sum(source.joined for source in sources),
        printed=len(index.entries),
        sheets=len(plan.sheets),
        pages=page_count,
        problems=len(checked.problems),
        categories={key: len(entries) for key, entries in index.by_category},
    )
