"""Every code of a problem, of all rooms, with its severity; the words are in the locale files.

Codes are stable: scripts and people's notes refer to them. A new problem gets a new number.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from papermap.model import NOTHING, Problem, Severity

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTICE

SEVERITIES: Final[Mapping[str, Severity]] = MappingProxyType(
    {
        # the source
        "PM001": _W,  # encoding guessed
        "PM002": _W,  # crs member not understood
        "PM003": _E,  # a line of a sequence is not JSON
        "PM004": _W,  # a key stands twice in one object
        "PM005": _E,  # no features
        "PM006": _W,  # crs says metres, the coordinates are degrees
        "PM007": _W,  # content given before, left out
        "PM009": _W,  # an example of the template, left in
        # the place
        "PM010": _E,  # no geometry
        "PM011": _E,  # no coordinates
        "PM012": _E,  # coordinates are not numbers
        "PM013": _E,  # NaN or Infinity
        "PM014": _E,  # out of range
        "PM015": _E,  # unknown type of geometry
        "PM016": _E,  # empty geometry
        "PM017": _E,  # too few vertices
        "PM018": _E,  # no coordinates, but other columns look like some
        "PM019": _E,  # too deep or too many parts
        "PM020": _W,  # texts for coordinates, accepted
        "PM021": _W,  # latitude and longitude swapped, printed at the swapped place
        "PM022": _E,  # latitude and longitude swapped, not printed
        "PM023": _W,  # (0, 0), not printed
        "PM024": _W,  # far from all others, not printed
        "PM025": _W,  # the same; degrees, minutes and seconds were written as decimals
        "PM026": _W,  # area mended
        "PM027": _W,  # ring closed
        "PM028": _W,  # outside the area asked for, not printed
        # what it says
        "PM029": _E,  # no coordinates, and a cell that does not end: a row broken in two
        "PM030": _W,  # no name
        "PM031": _W,  # no category
        "PM032": _W,  # category taken from the name of the file
        "PM033": _W,  # unknown category
        "PM034": _W,  # no update time
        "PM035": _W,  # old
        "PM036": _W,  # not a time
        "PM037": _W,  # private data
        "PM038": _W,  # long text
        "PM039": _W,  # control characters removed
        "PM040": _W,  # duplicate within the source
        "PM041": _W,  # duplicate across sources
        "PM042": _W,  # status not understood
        "PM043": _W,  # private column left out
        "PM044": _W,  # id used twice
        "PM045": _W,  # time lies in the future
        "PM046": _W,  # far from all others; a swap or a wrong sign explains it, not printed
        "PM047": _W,  # its name says another category, and wins
        "PM048": _W,  # a time without an offset, and nobody knows whose clock it was
        # tables
        "PM050": _W,  # no header
        "PM051": _E,  # no column with a position
        "PM052": _N,  # a worksheet without places
        "PM053": _W,  # a remark among the rows
        "PM054": _W,  # more cells than the header
        "PM055": _W,  # a quotation mark that does not end
        "PM056": _E,  # metres of an unknown coordinate system
        "PM057": _W,  # formulas without a value
        "PM058": _W,  # a column that the user names is not there
        "PM059": _W,  # the old Japanese datum
        # what is not in the file, or cannot be shown
        "PM060": _W,  # a link to data elsewhere, not followed
        "PM061": _W,  # a recorded track, drawn as a line
        "PM062": _W,  # pictures laid over the map, left out
        "PM063": _W,  # names that point out of an archive, not read
        "PM064": _W,  # more maps in one archive, not read
        "PM065": _W,  # garbled text, mended
        "PM066": _W,  # opening hours against their syntax, printed as they stand
        "PM067": _W,  # characters lost before the source came here
        "PM068": _W,  # a source of a map config is not here
        "PM069": _W,  # characters that XML does not allow, taken out
        "PM120": _W,  # area of a map config that does not make sense
        # what a file of maps leaves unsaid, and places found elsewhere than in the coordinates
        "PM070": _N,  # OpenStreetMap: tagged things that are no places that help, not read
        "PM071": _W,  # Overpass says that its answer is not whole
        "PM072": _W,  # a sibling of a Shapefile is missing
        "PM073": _W,  # no coordinate system, taken as degrees
        "PM074": _W,  # GDAL warns
        "PM075": _N,  # a table without geometry, or a view, not read
        "PM076": _W,  # position found in a column or a text
        "PM077": _W,  # what may be a position, not taken
        "PM078": _W,  # position by its address, approximate
        "PM079": _W,  # address not in the table, or in it several times
        # beside the others
        "PM080": _W,  # repeats another of its source, joined
        "PM081": _W,  # another source tells of the same place, joined
        "PM082": _N,  # the same name at one place in another category, both printed
        "PM083": _N,  # the same name at one place on another floor, both printed
        "PM084": _N,  # joined because a person decided so
        "PM085": _W,  # a decision that fits nothing, or too much
        "PM086": _W,  # sources do not agree whether it is open
        "PM087": _N,  # other values that gave way when features were joined
        "PM088": _W,  # expired
        # the paper, and what lies under and over the points
        "PM090": _W,  # a mark without room
        "PM091": _W,  # characters without a font
        "PM092": _W,  # margins that printers do not reach
        "PM110": _W,  # tiles that are not there
        "PM111": _W,  # tiles refused
        "PM112": _W,  # tiles that did not come
        "PM113": _W,  # tiles that are no pictures
        "PM114": _W,  # tiles not fetched before, offline
        "PM115": _W,  # no tiles that fit the scale
        "PM116": _W,  # old tiles, none new to be had
        "PM117": _W,  # the base map ends before the sheets
        "PM119": _W,  # the base map ends on the sheets
        "PM118": _W,  # the pack ends before the sheets
        "PM130": _W,  # shapes of an overlay mended
        "PM131": _W,  # nothing of an overlay near the points
        "PM132": _W,  # points in an overlay
        "PM136": _N,  # sites not designated for the hazard, printed with a warning
        "PM135": _W,  # not designated for the hazard asked for, not printed
        "PM089": _W,  # a shelter inside a flooded or sliding area
    }
)


def problem(
    code: str,
    source: str,
    *,
    feature: int | None = None,
    name: str | None = None,
    field: str | None = None,
    value: str | None = None,
    params: Mapping[str, str] = NOTHING,
    skipped: bool = False,
    unplaced: bool = False,
    row: int = 0,
    at: tuple[float, float] | None = None,
    layer: str = "",
) -> Problem:
    """A problem of a known code, with that code's severity."""
    return Problem(
        code,
        SEVERITIES[code],
        source,
        feature,
        name,
        field,
        value,
        params,
        skipped=skipped,
        unplaced=unplaced,
        row=row,
        at=at,
        layer=layer,
    )
