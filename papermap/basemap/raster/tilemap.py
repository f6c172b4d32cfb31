"""A base map of tiles: those of an extent put together, and warped to the sheet's CRS."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import mercantile
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from papermap.basemap.base import Extent, Picture, Progress
from papermap.basemap.raster.answers import error_pictures, is_photo, pixels
from papermap.basemap.raster.cache import ServerStore
from papermap.basemap.raster.manners import Failure, Manners, Why
from papermap.basemap.raster.store import TileStore
from papermap.basemap.raster.tiles import MERCATOR, Tile, corners, mercator, ppi, tiles_of, zoom_for
from papermap.basemap.raster.warp import warped
from papermap.errors import BasemapError
from papermap.model import Problem, Severity
from papermap.units import Box

_COARSE, _FINE = 90, 250  # units an inch beyond which lettering is blurred, or too small to read
_BLANK: Final = (255, 255, 255, 0)
_EDGE: Final = 4  # pixels kept around an extent
_NAMED: Final = 12  # sheets that are told one by one
_STALE: Final = "PM116"
_LETTERING: Final = "PM115"


@dataclass(frozen=True)
class TileBasemap:
    """Tiles behind the map.

    Parameters
    ----------
    store
        Where the tiles are on this machine.
    manners
        How a server is asked for them; None when nothing may be fetched.
    most
        Tiles that one build may need of a server.
    """

    store: TileStore
    manners: Manners | None = None
    most: int = 5000

    @property
    def attribution(self) -> str:
        return self.store.attribution

    def tiles(self, extents: Sequence[Extent]) -> Mapping[Tile, tuple[str, ...]]:
        """Every tile that the extents need, with the labels of those that need it."""
        needed: dict[Tile, list[str]] = defaultdict(list)
        for extent in extents:
            for tile in tiles_of(extent, zoom_for(extent, self.store.zooms)):
                needed[tile].append(extent.label)
        return {tile: tuple(labels) for tile, labels in needed.items()}

    def prepare(self, extents: Sequence[Extent], progress: Progress) -> tuple[Problem, ...]:
        """Fetch what is not here yet, and tell what will be blank, old or hard to read.

        Raises
        ------
        BasemapError
            When it would be more tiles of a server than one build may ask for.
        """
        needed = self.tiles(extents)
        store = self.store
        failed, old = (
            _brought(store, self.manners, tuple(needed), self.most, progress)
            if isinstance(store, ServerStore)
            else (_unreadable(store, tuple(needed)), {})
        )
        told = [
            self._problem(
                why.value, needed, mine, _common(failure.detail for failure in mine.values())
            )
            for why in Why
            if (mine := {tile: f for tile, f in failed.items() if f.why is why})
        ]
        if old:
            days = str(max(old.values()))
            told.append(self._problem(_STALE, needed, old, days))
        return (*told, *self._lettering(extents))

    def _lettering(self, extents: Sequence[Extent]) -> tuple[Problem, ...]:
        """Told where the nearest zoom there is has lettering too coarse or too small for paper."""
        wrong: dict[str, int] = {}
        for extent in extents:
            density = ppi(extent, zoom_for(extent, self.store.zooms))
            if not _COARSE <= density <= _FINE:
                wrong[extent.label] = round(density)
        if not wrong:
            return ()
        params = {"ppi": str(min(wrong.values())), "sheets": _sheets(wrong)}
        return (self._told(_LETTERING, params),)

    def picture(self, extent: Extent) -> Picture | None:
        """The extent's tiles as one picture in its CRS."""
        wanted = tiles_of(extent, zoom_for(extent, self.store.zooms))
        found: dict[Tile, NDArray[np.uint8]] = {}
        photo = False
        with self.store.opened() as read:
            for tile in wanted:
                data = read(tile)
                image = None if data is None else pixels(data)
                if data is not None and image is not None:
                    found[tile] = image
                    photo = photo or is_photo(data)
        lost = [tile for tile in wanted if tile not in found]
        blanks = tuple(Box(*row) for row in corners(lost, extent.crs).tolist())
        if not found:
            return Picture(np.empty((0, 0, 4), dtype=np.uint8), extent.bounds, blanks)
        whole, box = _cut(*_mosaic(wanted, found), mercator(extent))
        turned, bounds = warped(whole, box, MERCATOR, extent.crs)
        return Picture(turned, bounds, blanks, photo)

    def _problem(
        self,
        code: str,
        needed: Mapping[Tile, Sequence[str]],
        wrong: Mapping[Tile, object],
        detail: str,
    ) -> Problem:
        labels = dict.fromkeys(label for tile in wrong for label in needed[tile])
        params = {"count": str(len(wrong)), "detail": detail, "sheets": _sheets(labels)}
        return self._told(code, params)

    def _told(self, code: str, params: Mapping[str, str]) -> Problem:
        return Problem(code, Severity.WARNING, self.store.name, params=params)


def _brought(
    store: ServerStore,
    manners: Manners | None,
    tiles: Sequence[Tile],
    most: int,
    progress: Progress,
) -> tuple[dict[Tile, Failure], dict[Tile, int]]:
    """Fetch tiles that are not kept, or are old: those that are not there, and the old ones."""
    kept = {tile: store.cache.get(store.server.address(tile)) for tile in tiles}
    limits = manners or Manners()
    todo = [
        tile
        for tile, answer in kept.items()
        if answer is None or answer.age() > (limits.fresh if answer.data else limits.absent)
    ]
    failed: dict[Tile, Failure] = {}
    if manners is None:
        failed = {tile: Failure(Why.OFFLINE, "") for tile in todo}
    elif todo:
        if len(todo) > most:
            raise BasemapError(
                "This map needs {count:,} tiles of {host}; more than {most:,} are "
                "too much for one build.",
                "Print a smaller area or at a smaller scale, or raise --tile-limit.",
                count=len(todo),
                host=store.server.host,
                most=most,
            )
        from papermap.basemap.raster.fetch import Fetcher  # noqa: PLC0415 (it loads requests)

        failed = Fetcher(store.server, store.cache, manners).fetch(todo, progress)
    by_url = {store.server.address(tile): tile for tile in tiles}
    if todo and manners is not None:
        store.cache.make_room(by_url)
    for url in error_pictures(by_url, store.kept):
        store.cache.drop(url)
        failed[by_url[url]] = Failure(Why.REFUSED, "the same picture for different places")
    old: dict[Tile, int] = {}
    for tile in tiles:
        answer = store.cache.get(store.server.address(tile))
        if answer is not None and not answer.data:
            said = failed[tile].detail if tile in failed else f"zoom {tile.z}"
            failed[tile] = Failure(Why.ABSENT, said)
        elif answer is not None and failed.pop(tile, None) is not None:
            # an old tile is better than none
            old[tile] = answer.age().days
    return failed, old


def _unreadable(store: TileStore, tiles: Sequence[Tile]) -> dict[Tile, Failure]:
    """Tiles that a file does not have, or that are broken in it."""
    failed = {}
    with store.opened() as read:
        for tile in tiles:
            data = read(tile)
            if data is None:
                failed[tile] = Failure(Why.ABSENT, f"zoom {tile.z}")
            elif pixels(data) is None:
                failed[tile] = Failure(Why.NO_PICTURE, f"zoom {tile.z}")
    return failed


def _mosaic(
    wanted: Sequence[Tile], found: Mapping[Tile, NDArray[np.uint8]]
) -> tuple[NDArray[np.uint8], Box]:
    """All tiles in their places, and the bounds of the whole in metres of Web Mercator."""
    side = max(image.shape[0] for image in found.values())
    west, north = min(tile.x for tile in wanted), min(tile.y for tile in wanted)
    columns = max(tile.x for tile in wanted) - west + 1
    rows = max(tile.y for tile in wanted) - north + 1
    whole = np.full((rows * side, columns * side, 4), _BLANK, dtype=np.uint8)
    for tile, image in found.items():
        y, x = (tile.y - north) * side, (tile.x - west) * side
        whole[y : y + side, x : x + side] = _sized(image, side)
    first, last = mercantile.xy_bounds(wanted[0]), mercantile.xy_bounds(wanted[-1])
    return whole, Box(first.left, last.bottom, last.right, first.top)


def _cut(whole: NDArray[np.uint8], box: Box, wanted: Box) -> tuple[NDArray[np.uint8], Box]:
    """The part of a picture that shows ``wanted``, with some pixels around it."""
    rows, columns = whole.shape[:2]
    wide, high = box.width / columns, box.height / rows
    left = max(0, int((wanted.x0 - box.x0) / wide) - _EDGE)
    right = min(columns, int((wanted.x1 - box.x0) / wide) + 1 + _EDGE)
    top = max(0, int((box.y1 - wanted.y1) / high) - _EDGE)
    bottom = min(rows, int((box.y1 - wanted.y0) / high) + 1 + _EDGE)
    bounds = Box(
        box.x0 + left * wide, box.y1 - bottom * high, box.x0 + right * wide, box.y1 - top * high
    )
    return whole[top:bottom, left:right], bounds


def _sized(image: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    if image.shape[:2] == (side, side):
        return image
    return np.asarray(Image.fromarray(image).resize((side, side), Image.Resampling.BICUBIC))


def _common(words: Iterable[str]) -> str:
    """The word that was said most often."""
    ((word, _),) = Counter(words).most_common(1)
    return word


def _sheets(labels: Iterable[str]) -> str:
    """Labels of sheets, in their order, the first ones of many."""
    known = sorted(dict.fromkeys(labels), key=lambda label: (len(label), label))
    return ", ".join(known[:_NAMED]) + (" …" if len(known) > _NAMED else "")
