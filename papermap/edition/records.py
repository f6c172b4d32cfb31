"""The records of the manifest, as they stand in its JSON; its schema is made from them."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta

VERSION: Final = 1

Count = Annotated[int, Meta(ge=0)]
GroundBox = tuple[float, float, float, float]


class _Record(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the manifest's records: immutable, keys as in the JSON."""


class SourceRecord(_Record, frozen=True):
    """One source, counted in features: in = points + lines + areas + unplaced + skipped."""

    path: Annotated[str, Meta(description="As the user named it; “-” is standard input.")]
    sha256: Annotated[str, Meta(description="Of the bytes that were read.")]
    format: Annotated[str, Meta(description="The form that was recognised.")]
    features_in: Count
    points: Annotated[int, Meta(ge=0, description="Features that became support points.")]
    lines: Annotated[int, Meta(ge=0, description="Features that became lines.")]
    areas: Annotated[int, Meta(ge=0, description="Features that became areas.")]
    unplaced: Annotated[int, Meta(ge=0, description="Features listed without a position.")]
    skipped: Annotated[int, Meta(ge=0, description="Features not on paper; each is a problem.")]
    problems: Annotated[int, Meta(ge=0, description="Problems told of this source.")]
    title: str = ""
    attribution: str = ""
    joined: Annotated[
        int,
        Meta(ge=0, description="Of those on paper, printed through another's place."),
    ] = 0
    newest: Annotated[
        datetime | None, Meta(description="Time of its newest information, null if it has none.")
    ] = None


class CellsRecord(_Record, frozen=True):
    """Cells in a sheet's core; columns are lettered from the west, rows counted from the north."""

    columns: Annotated[int, Meta(ge=1)]
    rows: Annotated[int, Meta(ge=1)]


class DetailRecord(_Record, frozen=True):
    """Why a detail sheet was made."""

    of: Annotated[str, Meta(description="Label of the sheet that it is a detail of.")]
    times: Annotated[int, Meta(ge=2, description="How much larger its scale is.")]
    points: Annotated[int, Meta(ge=0, description="Points that it took from that sheet.")]
    crowded: Annotated[
        int, Meta(ge=0, description="Of these, points whose marks had no legible place there.")
    ]
    why: Annotated[dict[str, str], Meta(description="The reason in words, by language.")]
    inset: Annotated[
        bool, Meta(description="Whether it is drawn on a page of that sheet, with the same list.")
    ] = False


class PlacementRecord(_Record, frozen=True):
    """How well the marks of a sheet stand, measured on what was drawn; mm."""

    sign: Annotated[float, Meta(gt=0, description="Width of a sign.")]
    displaced: Annotated[int, Meta(ge=0, description="Marks beside their place, with a leader.")]
    mean: Annotated[float, Meta(ge=0, description="Their mean distance from it.")]
    largest: Annotated[float, Meta(ge=0, description="The largest one.")]
    unplaced: Annotated[
        int,
        Meta(ge=0, description="Points at home here without a mark; each is a problem."),
    ]
    left_out: Annotated[
        int, Meta(ge=0, description="Neighbours' points that gave way; they have their sheets.")
    ]
    overlaps: Annotated[int, Meta(ge=0, description="Pairs of marks that touch.")]
    crossings: Annotated[int, Meta(ge=0, description="Leaders that cross.")]


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
    detail: Annotated[DetailRecord | None, Meta(description="Null for a sheet of the grid.")] = None
    details: Annotated[tuple[str, ...], Meta(description="Labels of its own detail sheets.")] = ()
    placement: Annotated[
        PlacementRecord | None, Meta(description="Null when the sheet was not printed.")
    ] = None


class RefRecord(_Record, frozen=True):
    """A place in the book; ``cell`` is the address on the point's home sheet."""

    sheet: str
    cell: str


class TellerRecord(_Record, frozen=True):
    """One feature that told of a place which others told of too, and why they were joined."""

    id: Annotated[str, Meta(description="As it is without the others.")]
    name: str
    source: Annotated[str, Meta(description="Path of its source.")]
    feature: Annotated[int, Meta(ge=0, description="Feature of the source, counted from 1.")]
    why: Annotated[str, Meta(description="“same name”, “like names”, “decided” …")]
    distance_m: Annotated[
        float | None, Meta(description="From the printed position, metres; null without one.")
    ]
    likeness: Annotated[float, Meta(ge=0, le=1, description="Of the names, 1 is the same.")]


class SaidRecord(_Record, frozen=True):
    """One value that gave way when features were joined."""

    field: str
    value: str
    source: Annotated[str, Meta(description="Path of its source.")]
    feature: Annotated[int, Meta(ge=0, description="Feature of the source, counted from 1.")]
    updated_at: datetime | None


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
    approximate: Annotated[
        str, Meta(description="The address whose middle it stands at; empty: as it was told.")
    ] = ""
    tellers: Annotated[
        tuple[TellerRecord, ...], Meta(description="Who told of it, where several did.")
    ] = ()
    history: Annotated[
        tuple[SaidRecord, ...], Meta(description="What others said and is not printed.")
    ] = ()


class UnplacedRecord(_Record, frozen=True):
    """One place that is listed on paper without a position."""

    id: Annotated[str, Meta(description="Stable between editions.")]
    name: str
    category: Annotated[str, Meta(description="Key of its category.")]
    status: Literal["open", "closed", "full", "unknown"]
    address: str
    source: Annotated[str, Meta(description="Path of its source.")]
    feature: Annotated[int, Meta(ge=0, description="Feature of the source, counted from 1.")]
    reason: Annotated[str, Meta(description="Code of the problem that tells why.")]
    tellers: Annotated[
        tuple[TellerRecord, ...], Meta(description="Who told of it, where several did.")
    ] = ()
    history: Annotated[
        tuple[SaidRecord, ...], Meta(description="What others said and is not printed.")
    ] = ()


class ProblemRecord(_Record, frozen=True):
    """One thing that was wrong, as ``papermap check`` tells it."""

    code: str
    severity: Literal["error", "warning", "notice"]
    source: str
    feature: Annotated[int | None, Meta(description="Counted from 1; null: the whole source.")]
    name: str | None
    field: str | None
    value: str | None
    skipped: Annotated[bool, Meta(description="Whether something is not on paper because of it.")]
    unplaced: Annotated[
        bool, Meta(description="Whether it stands in the list without a position because of it.")
    ]
    row: Annotated[int | None, Meta(description="Row or line in a table or text, counted from 1.")]
    what: Annotated[dict[str, str], Meta(description="What is wrong, by language.")]
    todo: Annotated[dict[str, str], Meta(description="What to do about it, by language.")]


class TotalsRecord(_Record, frozen=True):
    """Counts of the whole book; the features are summed over the sources."""

    features_in: Count
    points: Annotated[int, Meta(ge=0, description="Features that became support points.")]
    lines: Count
    areas: Count
    unplaced: Count
    skipped: Count
    joined: Count
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


class OverlayRecord(_Record, frozen=True):
    """Areas or lines of a file that lie over the map."""

    file: Annotated[str, Meta(description="As the user named it.")]
    shows: Annotated[str, Meta(description="Key of the category whose pattern it has.")]
    name: str
    kind: Literal["area", "line", "point"]
    time: Annotated[datetime | None, Meta(description="For which it speaks, null if unknown.")]


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
    paper: Annotated[str, Meta(description="Name of the paper: “A4”.")]
    orientation: Annotated[str, Meta(description="“portrait” or “landscape”.")]
    scale: Annotated[int, Meta(ge=1, description="The N of 1:N of the grid's sheets.")]
    crs: Annotated[str, Meta(description="Authority string of the metric CRS: “EPSG:6691”.")]
    pages: Annotated[int, Meta(ge=0, description="Pages in the PDF.")]
    sources: tuple[SourceRecord, ...]
    sheets: Annotated[
        tuple[SheetRecord, ...], Meta(description="Row by row, each before its details.")
    ]
    points: Annotated[tuple[PointRecord, ...], Meta(description="By number.")]
    unplaced: Annotated[
        tuple[UnplacedRecord, ...], Meta(description="Places listed without a position.")
    ]
    problems: tuple[ProblemRecord, ...]
    totals: TotalsRecord
    overlays: Annotated[
        tuple[OverlayRecord, ...], Meta(description="Hazards and roads from files of their own.")
    ] = ()
