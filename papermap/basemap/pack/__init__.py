"""A pack: one file with all that sheets of an area need, to print without a network.

It is a GeoPackage, since one file then holds features and tiles side by side, with an index, in a
form that QGIS opens and that outlives papermap.
"""

from papermap.basemap.pack.model import PackInfo, PackSource
from papermap.basemap.pack.read import open_pack, read_info
from papermap.basemap.pack.write import Contents, write_pack

__all__ = ["Contents", "PackInfo", "PackSource", "open_pack", "read_info", "write_pack"]
