"""Raster base maps: tiles of a server, of a file or of a folder, and GeoTIFF."""
