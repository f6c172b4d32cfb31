"""Places far from all the others: one wrong digit must not stretch an atlas over the country.

The rule, in plain words:

1. Places whose cells of 5 km touch belong together. Where no group then holds half of all places,
   the cells grow to 20, 80 and 320 km; where that does not help either, nothing is judged.
2. A group is small when it holds at most 2 places (1 of fewer than ten; of thousands 0.2 %, at most
   10). The other groups are “the rest”: a second town with many points is never far.
3. A small group is far when its distance to the rest is greater than the rest's own extent (the
   diagonal of its box), and than 30 km (100 km where the rest holds fewer than 20 places). Small
   groups that are not far count as the rest for the others: a chain of islands is followed.
   Where more than 2 % of all places (and more than 3) would be far, none is: that many are meant.
4. At a distance of half the extent already, a place is far when a known slip explains it: its
   degrees, minutes and seconds were written as decimals (139°30′39.95″ as 139.303995), its
   latitude and longitude were swapped, or a sign was lost; and the place that was meant lies
   among the rest. It is told as the suggestion.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Final

import numpy as np
import numpy.typing as npt
import shapely

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

_EARTH: Final = 6_371_000.0  # m
_CELLS: Final = (5_000.0, 20_000.0, 80_000.0, 320_000.0)  # m
_REACH: Final = (30_000.0, 100_000.0)  # m: with many places, with few
_MANY: Final = 20
_SMALL_SHARE, _SMALL_MOST = 0.002, 10
_MEANT, _MEANT_SHARE = 3, 0.02
_LOST: Final = 100_000.0  # m: a swap or a lost sign leads further away than this
_ROUNDS: Final = 50


class Why(Enum):
    """What explains a far place."""

    UNKNOWN = "unknown"
    DEGREES = "degrees, minutes, seconds as decimals"
    SWAPPED = "latitude and longitude swapped"
    SIGN = "a lost or added sign"


@dataclass(frozen=True, slots=True)
class Far:
    """A far place: its distance to the rest in m, why, and the longitude and latitude meant."""

    distance: float
    why: Why = Why.UNKNOWN
    suggestion: tuple[float, float] | None = None


def find_far(places: Sequence[tuple[float, float]]) -> dict[int, Far]:
    """Index of each place (WGS 84 longitude, latitude) that is far from the others, in order."""
    if len(places) < 3:  # of two, nobody can say which is wrong
        return {}
    lonlat = np.asarray(places, dtype=np.float64)
    centre = _centre(lonlat)
    xy = _around(centre, lonlat)
    grouped = _groups(xy)
    if grouped is None:
        return {}
    cell, groups, counts = grouped
    small = _small(len(places))
    rest = counts[groups] > small
    if rest.all() or not rest.any():
        return {}
    slips = _slips(lonlat, xy, rest, cell, centre)
    left = ~rest
    left[list(slips)] = False
    found = {**slips, **_lone(xy, rest, groups, left, cell)}
    return dict(sorted(found.items()))


def _small(count: int) -> int:
    return max(1, min(2, count // 5), min(_SMALL_MOST, int(count * _SMALL_SHARE)))


def _centre(lonlat: Floats) -> tuple[float, float]:
    """A middle that a few wrong places do not move, also across the antimeridian."""
    lon, lat = np.radians(lonlat.T)
    vectors = np.stack((np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)))
    x, y, z = np.median(vectors, axis=1)
    return math.degrees(math.atan2(y, x)), math.degrees(math.atan2(z, math.hypot(x, y)))


def _around(centre: tuple[float, float], lonlat: Floats) -> Floats:
    """Metres in an azimuthal equidistant projection of a sphere round the centre."""
    lon0, lat0 = math.radians(centre[0]), math.radians(centre[1])
    lon, lat = np.radians(lonlat.T)
    cosine = math.sin(lat0) * np.sin(lat) + math.cos(lat0) * np.cos(lat) * np.cos(lon - lon0)
    angle = np.arccos(np.clip(cosine, -1, 1))
    sine = np.sin(angle)
    factor = np.where(sine > 1e-9, angle / np.where(sine > 1e-9, sine, 1), 1.0)
    x = factor * np.cos(lat) * np.sin(lon - lon0)
    y = factor * (math.cos(lat0) * np.sin(lat) - math.sin(lat0) * np.cos(lat) * np.cos(lon - lon0))
    return np.column_stack((x, y)) * _EARTH


def _groups(xy: Floats) -> tuple[float, Ints, Ints] | None:
    """Cell size, the group of each place and the size of each group; None: too scattered."""
    for cell in _CELLS:
        cells, inverse = np.unique(
            np.floor(xy / cell).astype(np.int64), axis=0, return_inverse=True
        )
        groups = _joined(cells)[inverse.reshape(-1)]
        counts = np.bincount(groups)
        if counts.max() * 2 >= len(xy):
            return cell, groups, counts
    return None


def _joined(cells: Ints) -> Ints:
    """Number of the group of each cell; cells that touch are of one group."""
    index = {(int(x), int(y)): number for number, (x, y) in enumerate(cells)}
    group = np.full(len(cells), -1, dtype=np.int64)
    count = 0
    for start, first in index.items():
        if group[first] >= 0:
            continue
        waiting = [start]
        group[first] = count
        while waiting:
            x, y = waiting.pop()
            for near in ((x + i, y + j) for i in (-1, 0, 1) for j in (-1, 0, 1)):
                number = index.get(near)
                if number is not None and group[number] < 0:
                    group[number] = count
                    waiting.append(near)
        count += 1
    return group


def _extent(xy: Floats) -> float:
    return float(np.hypot(*(xy.max(axis=0) - xy.min(axis=0))))


def _distances(xy: Floats, rest: npt.NDArray[np.bool_], asked: Ints) -> Floats:
    """Metres from each asked place to the nearest of the rest."""
    tree = shapely.STRtree(shapely.points(xy[rest]))
    (order, _), distance = tree.query_nearest(
        shapely.points(xy[asked]), return_distance=True, all_matches=False
    )
    found = np.zeros(len(asked))
    found[order] = distance
    return found


def _lone(
    xy: Floats, rest: npt.NDArray[np.bool_], groups: Ints, left: npt.NDArray[np.bool_], cell: float
) -> dict[int, Far]:
    """Small groups out of reach; those within it join the rest, which may bring others near."""
    rest, left = rest.copy(), left.copy()
    for _ in range(_ROUNDS):
        asked = np.flatnonzero(left)
        if not len(asked):
            return {}
        floor = _REACH[0] if rest.sum() >= _MANY else _REACH[1]
        reach = max(floor, 2 * cell, _extent(xy[rest]))
        distance = _distances(xy, rest, asked)
        near = np.unique(groups[asked[distance <= reach]])
        if not len(near):
            if len(asked) > max(_MEANT, _MEANT_SHARE * len(xy)):
                return {}
            return {int(index): Far(float(d)) for index, d in zip(asked, distance, strict=True)}
        joining = left & np.isin(groups, near)
        rest |= joining
        left &= ~joining
    return {}


def _slips(
    lonlat: Floats,
    xy: Floats,
    rest: npt.NDArray[np.bool_],
    cell: float,
    centre: tuple[float, float],
) -> dict[int, Far]:
    """Places of small groups that a known slip explains."""
    asked = np.flatnonzero(~rest)
    distance = _distances(xy, rest, asked)
    half = _extent(xy[rest]) / 2
    cells = {(int(x), int(y)) for x, y in np.floor(xy[rest] / cell)}
    found: dict[int, Far] = {}
    for index, far in zip(asked, distance, strict=True):
        lon, lat = (float(value) for value in lonlat[index])
        for why, place in _meant(lon, lat):
            if far <= (half if why is Why.DEGREES else max(half, _LOST)):
                continue
            x, y = np.floor(_around(centre, np.asarray([place]))[0] / cell)
            if (int(x), int(y)) in cells:
                found[int(index)] = Far(float(far), why, place)
                break
    return found


def _meant(lon: float, lat: float) -> Iterator[tuple[Why, tuple[float, float]]]:
    """Places that were meant if a slip of a known kind was made."""
    if abs(lon) <= 90:
        yield Why.SWAPPED, (lat, lon)
    seconds = _sexagesimal(lon), _sexagesimal(lat)
    if seconds[0] is not None and seconds[1] is not None:
        yield Why.DEGREES, (seconds[0], seconds[1])
    for place in ((-lon, lat), (lon, -lat), (-lon, -lat)):
        yield Why.SIGN, place


def _sexagesimal(value: float) -> float | None:
    """139.303995 read as 139°30′39.95″; None where minutes or seconds would be 60 or more."""
    whole, _, digits = f"{abs(value):.6f}".partition(".")
    minutes, seconds = int(digits[:2]), int(digits[2:4]) + int(digits[4:]) / 100
    if minutes >= 60 or seconds >= 60:
        return None
    return math.copysign(int(whole) + minutes / 60 + seconds / 3600, value)
