"""Vector base maps: any file GDAL reads, mapped to one set of layers, read by bounds."""

from papermap.basemap.vectors.basemap import VectorBasemap, open_vector

__all__ = ["VectorBasemap", "open_vector"]
