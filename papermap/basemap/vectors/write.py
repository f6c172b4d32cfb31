"""Our layers as tables of a GeoPackage."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyogrio
import shapely

from papermap.basemap.base import Layer


def write_layers(path: Path, layers: Mapping[str, Layer], crs: str) -> None:
    """Write each layer under its name, with an index; every field is text.

    Raises
    ------
    pyogrio.errors.DataSourceError
        When the file cannot be written.
    """
    for name, layer in sorted(layers.items()):
        names = sorted(layer.fields)
        texts = [
            np.array([None if v is None else str(v) for v in layer.fields[key]], dtype=object)
            for key in names
        ]
        pyogrio.raw.write(
            path,
            shapely.to_wkb(layer.geometry),
            texts,
            names,
            layer=name,
            crs=crs,
            driver="GPKG",
            geometry_type="Unknown",
            append=path.exists(),
        )
