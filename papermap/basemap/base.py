"""One small protocol behind which vector files, raster tiles and packs stand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from papermap.units import Box


@dataclass(frozen=True, slots=True)
class Layer:
    """Features of one OpenMapTiles layer inside some bounds, in metres of the plan's CRS.

    ``geometry`` is an object array of shapely geometries; ``fields`` maps a field's name (class,
    brunnel, name, name:en …) to an object array of the same length, empty values as None.
    """

    name: str
    geometry: NDArray[np.object_]
    fields: Mapping[str, NDArray[np.object_]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.geometry)

    def column(self, name: str) -> NDArray[np.object_]:
        """Values of a field; all None where the layer has no such field."""
        found = self.fields.get(name)
        return np.full(len(self.geometry), None, dtype=object) if found is None else found


class Basemap(Protocol):
    """A base map that gives its layers inside bounds; picklable, opened again in each worker."""

    @property
    def attribution(self) -> str:
        """Who must be named for the map on every sheet; empty for none."""
        ...

    def layers(self, bounds: Box, crs: str, names: Sequence[str]) -> Mapping[str, Layer]:
        """The named layers that meet ``bounds`` (metres of ``crs``), read by bounds.

        Raises
        ------
        BasemapError
            When the file cannot be read.
        """
        ...


@dataclass(frozen=True, slots=True)
class EmptyBasemap:
    """No base map: sheets with grid, coordinates and marks are still useful."""

    attribution: str = ""

    def layers(self, bounds: Box, crs: str, names: Sequence[str]) -> Mapping[str, Layer]:  # noqa: ARG002
        """Every layer, empty."""
        return {name: Layer(name, np.empty(0, dtype=object)) for name in names}
