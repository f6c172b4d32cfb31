"""Base maps behind one small protocol: vector files now, the only network code later."""

from papermap.basemap.base import Basemap, EmptyBasemap, Extent, Layer

__all__ = ["Basemap", "EmptyBasemap", "Extent", "Layer", "open_basemap"]


def open_basemap(path: str | None) -> Basemap:
    """Base map from a local file, or an empty one for None.

    Raises
    ------
    BasemapError
        For a file that is missing or is not a base map.
    """
    if path is None:
        return EmptyBasemap()
    from papermap.basemap.vectors import open_vector  # noqa: PLC0415 (GDAL is slow to load)

    return open_vector(path)
