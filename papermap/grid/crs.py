"""Which metric CRS an area is drawn in, and the grid references printed from it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import shapely
from mgrs import MGRS
from mgrs.core import MGRSError
from numpy.typing import ArrayLike, NDArray
from pyproj import CRS, Proj

from papermap.errors import AreaError
from papermap.grid.model import Plan, Sheet
from papermap.units import Box

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

Floats = NDArray[np.float64]

# Where the Japanese datum is used, drawn roughly by hand, lon lat. It keeps Korea, Taiwan,
# Sakhalin and China out; where its edge runs is a matter of datum only (JGD2011 and WGS 84
# differ by less than a dot on paper), no statement on any border.
JAPAN: Final = (
    *((122.7, 24.0), (122.7, 24.8), (124.0, 25.2), (126.0, 27.3), (127.9, 31.0), (128.0, 32.9)),
    *((128.4, 33.8), (129.0, 34.35), (129.3, 34.8), (131.0, 35.2), (132.3, 36.8), (134.5, 36.8)),
    *((136.0, 38.2), (138.0, 40.0), (138.7, 42.3), (139.8, 43.6), (140.6, 45.65), (141.9, 45.65)),
    *((143.5, 44.9), (145.3, 44.6), (145.42, 44.4), (145.35, 43.9), (145.38, 43.6)),
    *((145.5, 43.45), (145.84, 43.41), (145.86, 43.3), (145.5, 42.8), (143.5, 41.8)),
    *((142.6, 40.5), (142.6, 39.0), (141.6, 37.0), (141.3, 35.0), (142.8, 27.8), (142.8, 24.0)),
    *((140.8, 23.8), (138.5, 32.0), (136.0, 33.0), (133.0, 32.2), (131.5, 30.0), (130.5, 28.0)),
    *((131.8, 26.5), (131.5, 24.2), (130.6, 24.2), (128.5, 25.6), (125.5, 24.3), (123.5, 23.7)),
)
_JGD2011_ZONE_51: Final = 6688  # EPSG code; 51 … 55 follow one another
_NORTH, _SOUTH = 84, -80  # degrees, where UTM ends
_STRETCH: Final = 0.005  # the scale on paper stays true within half a per cent
_EQUATOR_SOUTH: Final = 10_000_000.0  # false northing of the southern hemisphere


def choose_crs(lonlat: Sequence[tuple[float, float]] | Floats) -> tuple[str, str]:
    """One metric CRS for all the points: a UTM zone, chosen by their median place.

    JGD2011 (EPSG:6688–6692) in Japan, WGS 84 (EPSG:326xx, 327xx) elsewhere; the exceptions of
    the UTM grid round Norway and Svalbard are kept. The median is taken on the sphere, so 179.9°
    and −179.9° are neighbours.

    Parameters
    ----------
    lonlat
        Places in WGS 84 degrees.

    Returns
    -------
    tuple[str, str]
        The authority string ("EPSG:6691") and the zone for people
        ("UTM 54S UE · JGD2011 (EPSG:6691)"; without the 100 km square when there are several).

    Raises
    ------
    AreaError
        Without a point, beyond 84° N or 80° S where UTM ends, or when the points lie too far
        apart for one zone to draw them true to 0.5 %.
    """
    places = np.asarray(lonlat, dtype=float).reshape(-1, 2)
    if not len(places):
        raise AreaError("There is no point to choose a map projection from.")
    _check_poles(places)
    lon, lat = middle(places)
    crs = _crs_at(lon, lat)
    check_stretch(crs, places)
    return crs, _zone_text(crs, _squares(crs, project(crs, places)))


def middle(lonlat: ArrayLike) -> tuple[float, float]:
    """Median place on the sphere, lon and lat in degrees."""
    lon, lat = np.radians(np.asarray(lonlat, dtype=float)).T
    unit = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])
    x, y, z = np.median(unit, axis=1)
    if math.hypot(x, y, z) < 0.1:
        raise AreaError(
            "The points lie all over the earth, no map projection fits them.",
            "Choose a part of them with --area W,S,E,N.",
        )
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


def project(crs: str, lonlat: ArrayLike) -> Floats:
    """WGS 84 degrees (n × 2, lon lat) → metres of ``crs`` (n × 2, east north).

    JGD2011 is taken as equal to WGS 84, as everywhere at this accuracy. Continuous across the
    antimeridian.
    """
    places = np.asarray(lonlat, dtype=float).reshape(-1, 2)
    return np.column_stack(_proj(crs)(places[:, 0], places[:, 1]))


def unproject(crs: str, xy: ArrayLike) -> Floats:
    """Metres of ``crs`` (n × 2) → WGS 84 degrees (n × 2), longitudes in −180 … 180."""
    places = np.asarray(xy, dtype=float).reshape(-1, 2)
    return np.column_stack(_proj(crs)(places[:, 0], places[:, 1], inverse=True))


def project_geometry(crs: str, geometry: BaseGeometry) -> BaseGeometry:
    """A WGS 84 geometry in metres of ``crs``; heights are dropped."""
    flat = shapely.force_2d(geometry)
    return shapely.transform(flat, lambda places: project(crs, places))


def bounds_wgs84(crs: str, box: Box) -> tuple[float, float, float, float]:
    """West, south, east, north in degrees round a box in metres of ``crs``.

    West is greater than east where the box crosses the antimeridian (as in RFC 7946).
    """
    ring = shapely.segmentize(shapely.box(*box), max(box.width, box.height) / 20)
    lon, lat = unproject(crs, shapely.get_coordinates(ring)).T
    centre = unproject(crs, [((box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2)])[0, 0]
    turned = _near(lon, float(centre))
    west, east = _near(np.array([turned.min(), turned.max()]), 0)
    return float(west), float(lat.min()), float(east), float(lat.max())


def mgrs_square(plan: Plan, x: float, y: float) -> str:
    """Grid zone and 100 km square ("54S UE") of a place in metres of the plan's CRS.

    Empty where the place lies beyond the plan's own UTM zone: its numbers are not MGRS there.
    """
    return _square(plan.crs, x, y)


def sheet_zone(plan: Plan, sheet: Sheet) -> str:
    """As ``plan.zone``, with the 100 km square of this sheet alone."""
    box = sheet.bounds
    corners = np.array([(x, y) for y in (box.y0, box.y1) for x in (box.x0, box.x1)])
    return _zone_text(plan.crs, _squares(plan.crs, corners))


class KmLines(NamedTuple):
    """Grid lines in metres of the CRS, ascending."""

    eastings: tuple[float, ...]
    northings: tuple[float, ...]
    step: float


def km_lines(bounds: Box) -> KmLines:
    """Lines of the UTM grid inside ``bounds``.

    Each kilometre; each 10 or 100 km where single ones would stand too close on paper.
    """
    widest = max(bounds.width, bounds.height)
    step = next((step for step in (1e3, 1e4) if widest <= 15 * step), 1e5)
    return KmLines(
        _multiples(bounds.x0, bounds.x1, step), _multiples(bounds.y0, bounds.y1, step), step
    )


def label_parts(value: float) -> tuple[str, str, str]:
    """Parts of a grid line's label: 368000 → ("3", "68", "000"), the middle one set large."""
    metres = round(value)
    if metres < 0:  # a northing south of the equator, counted from the north
        metres += round(_EQUATOR_SOUTH)
    high, rest = divmod(metres, 100_000)
    return str(high), f"{rest // 1000:02d}", f"{rest % 1000:03d}"


def check_stretch(crs: str, lonlat: ArrayLike) -> None:
    """Raise where the scale of the projection is wrong by more than 0.5 %.

    Raises
    ------
    AreaError
        With how far off it is, and how to split the area.
    """
    places = np.asarray(lonlat, dtype=float).reshape(-1, 2)
    with np.errstate(invalid="ignore"):
        scale = _proj(crs).get_factors(places[:, 0], places[:, 1]).meridional_scale
        off = np.abs(np.asarray(scale) - 1)
    if np.all(off <= _STRETCH):
        return
    worst = float(np.max(off)) * 100
    amount = f"{worst:.1f} % wrong" if worst < 100 else "meaningless"
    raise AreaError(
        "The points lie too far apart for one atlas: in {zone} the scale at "
        "the farthest would be {amount}.",
        "Split them with --area W,S,E,N and print one atlas for each part.",
        zone=_zone_name(crs),
        amount=amount,
    )


def _check_poles(places: Floats) -> None:
    beyond = int(np.count_nonzero((places[:, 1] > _NORTH) | (places[:, 1] < _SOUTH)))
    if beyond:
        raise AreaError(
            "{beyond} of {count} points lie beyond 84° N or 80° S, where the UTM grid ends.",
            "Leave them out with --area W,S,E,N; papermap draws no maps of the poles.",
            beyond=beyond,
            count=len(places),
        )


def _crs_at(lon: float, lat: float) -> str:
    zone = _utm_zone(lon, lat)
    if shapely.contains_xy(shapely.Polygon(JAPAN), lon, lat):
        return f"EPSG:{_JGD2011_ZONE_51 + zone - 51}"
    return f"EPSG:{(32600 if lat >= 0 else 32700) + zone}"


def _utm_zone(lon: float, lat: float) -> int:
    """Number of the UTM zone, with the wider zones of Norway and Svalbard."""
    if 56 <= lat < 64 and 3 <= lon < 12:
        return 32
    if lat >= 72 and 0 <= lon < 42:
        return 31 + 2 * int((lon + 3) // 12)
    return int((lon + 180) // 6) % 60 + 1


@cache
def _proj(crs: str) -> Proj:
    return Proj(crs)


def _zone_of(crs: str) -> tuple[int, str]:
    """UTM zone number and hemisphere, N or S."""
    code = int(crs.removeprefix("EPSG:"))
    if code < 10_000:
        return code - _JGD2011_ZONE_51 + 51, "N"
    return code % 100, "N" if code < 32_700 else "S"


def _zone_name(crs: str) -> str:
    number, hemisphere = _zone_of(crs)
    return f"UTM zone {number} {'north' if hemisphere == 'N' else 'south'}"


def _square(crs: str, x: float, y: float) -> str:
    zone, hemisphere = _zone_of(crs)
    if hemisphere == "N" and y < 0:
        hemisphere, y = "S", y + _EQUATOR_SOUTH
    elif hemisphere == "S" and y >= _EQUATOR_SOUTH:
        hemisphere, y = "N", y - _EQUATOR_SOUTH
    try:
        text = str(MGRS().UTMToMGRS(zone, hemisphere, x, y, 0))
    except MGRSError:  # an easting far outside the zone
        return ""
    # beyond its edge the library changes over to the next zone, whose numbers we do not print
    return f"{text[:3]} {text[3:]}" if text.startswith(f"{zone:02d}") else ""


def _squares(crs: str, xy: Floats) -> tuple[str, ...]:
    """Names of the 100 km squares that hold these places, sorted."""
    _, first = np.unique(np.floor(xy / 1e5), axis=0, return_index=True)
    # the band's letter may change inside a square
    ends = (np.argmin(xy[:, 1]), np.argmax(xy[:, 1]))
    names = {_square(crs, float(x), float(y)) for x, y in xy[[*first, *ends]]}
    return tuple(sorted(names))


def _zone_text(crs: str, squares: Sequence[str]) -> str:
    """Zone with its bands and, where there is only one, the 100 km square: "54S/T WK"."""
    bands = sorted({square[2] for square in squares if square})
    letters = {square[4:] for square in squares}
    name = f"UTM {_zone_of(crs)[0]}{'/'.join(bands)}"
    one = f" {letters.pop()}" if len(letters) == 1 and bands else ""
    return f"{name}{one} · {_datum(crs)} ({crs})"


@cache
def _datum(crs: str) -> str:
    geodetic: Any = CRS(crs).geodetic_crs
    return str(geodetic.name)


def _near(lon: Floats, centre: float) -> Floats:
    """Longitudes turned to within 180° of ``centre``."""
    return centre + np.mod(lon - centre + 180, 360) - 180


def _multiples(low: float, high: float, step: float) -> tuple[float, ...]:
    first, last = math.ceil(low / step), math.floor(high / step)
    return tuple(number * step for number in range(first, last + 1))
