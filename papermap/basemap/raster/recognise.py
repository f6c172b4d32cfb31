"""Which raster base map a file, a folder or a name is."""

from __future__ import annotations

from pathlib import Path

from papermap.basemap.base import PictureSource
from papermap.basemap.network import ROOM, Network, cache_folder
from papermap.basemap.raster.cache import ServerStore, TileCache
from papermap.basemap.raster.manners import Manners
from papermap.basemap.raster.server import find_server
from papermap.basemap.raster.store import TileStore, folder_store, mbtiles_store, pmtiles_store
from papermap.basemap.raster.tilemap import TileBasemap


def open_raster(path: Path) -> PictureSource | None:
    """Raster base map in a file or a folder; None when it is another kind of file.

    Raises
    ------
    BasemapError
        For a raster that is damaged or does not say where it lies.
    """
    store: TileStore | None
    if path.is_dir():
        store = folder_store(path)
    else:
        store = pmtiles_store(path) or (mbtiles_store(path) if _is_sqlite(path) else None)
    if store is not None:
        return TileBasemap(store)
    if path.suffix.lower() in (".mbtiles", ".pmtiles") or path.is_dir():
        return None
    from papermap.basemap.raster.geotiff import open_geotiff  # noqa: PLC0415 (slow to load)

    return open_geotiff(path)


def open_server(name: str, network: Network) -> TileBasemap:
    """Tiles of a server.

    Raises
    ------
    UsageError
        For a name that is no server, and for servers whose rules forbid printing.
    """
    named = network.cache
    cache = TileCache(named) if named else TileCache(cache_folder("tiles"), ROOM)
    store = ServerStore(find_server(name), cache)
    manners = None if network.offline else Manners(timeout=network.timeout)
    return TileBasemap(store, manners, network.most)


def _is_sqlite(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(16) == b"SQLite format 3\0"
