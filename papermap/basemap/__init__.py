"""Base maps behind one small protocol: vector files, pictures, tiles; the only network code."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from papermap.basemap.base import Basemap, EmptyBasemap, Extent, Layer, PictureSource
from papermap.basemap.network import Network
from papermap.basemap.stack import BasemapStack
from papermap.errors import BasemapError

__all__ = [
    "PACK",
    "Basemap",
    "BasemapStack",
    "EmptyBasemap",
    "Extent",
    "Layer",
    "Network",
    "open_basemap",
    "open_basemaps",
]

PACK = ".papermap-pack"  # how the names of packs end
_EITHER = frozenset({".mbtiles", ".pmtiles"})  # of pictures or of vectors
_RASTERS = _EITHER | {".jp2", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".vrt"}
_VECTORS = frozenset({".fgb", ".geojson", ".gpkg", ".json", ".osm", ".pbf", ".shp", ".zip"})


def open_basemap(path: str | None) -> Basemap:
    """Vector base map from a local file, or an empty one for None.

    Raises
    ------
    BasemapError
        For a file that is missing or is not a base map.
    """
    if path is None:
        return EmptyBasemap()
    from papermap.basemap.vectors import open_vector  # noqa: PLC0415 (GDAL is slow to load)

    return open_vector(path)


def open_basemaps(names: Sequence[str], network: Network | None = None) -> BasemapStack:
    """Base maps from files, folders, names of tile servers and addresses of tiles, as one.

    Raises
    ------
    BasemapError
        For a file that is missing or is not a base map.
    UsageError
        For a name that is no server, and for servers whose rules forbid printing.
    """
    vectors: list[Basemap] = []
    rasters: list[PictureSource] = []
    for name in names:
        if name.endswith(PACK):
            pack = _pack(Path(name))
            vectors += pack.vectors
            rasters += pack.rasters
            continue
        raster = _raster(name, network or Network())
        if raster is None:
            vectors.append(open_basemap(name))
        else:
            rasters.append(raster)
    return BasemapStack(tuple(vectors), tuple(rasters))


def _raster(name: str, network: Network) -> PictureSource | None:
    """The raster base map of that name; None for what may be a vector file."""
    path = Path(name)
    there = path.exists()
    if not (_may_be_raster(path) if there else _may_be_server(name)):
        return None
    try:
        from papermap.basemap.raster import recognise  # noqa: PLC0415 (an extra, slow to load)
    except ImportError as error:
        if there and path.suffix in _EITHER:
            return None
        raise _not_installed(name, error) from error
    return recognise.open_raster(path) if there else recognise.open_server(name, network)


def _pack(path: Path) -> BasemapStack:
    try:
        from papermap.basemap.pack import open_pack  # noqa: PLC0415 (an extra, slow to load)
    except ImportError as error:
        raise _not_installed(str(path), error) from error
    return open_pack(path)


def _not_installed(name: str, error: ImportError) -> BasemapError:
    return BasemapError(
        "“{name}” needs what reads pictures and tiles, and that is not installed ({error}).",
        "Install it with: pip install 'papermap-relief[raster]'.",
        name=name,
        error=error,
    )


def _may_be_raster(path: Path) -> bool:
    return path.is_dir() or path.suffix.lower() in _RASTERS


def _may_be_server(name: str) -> bool:
    """Whether it is written like a server: an address, or a name and not a path."""
    if "://" in name or "{" in name:
        return True
    return not {"/", "\\"} & set(name) and Path(name).suffix.lower() not in _VECTORS | _RASTERS
