"""One small protocol behind which vector files, raster tiles and packs stand."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from papermap.model import Problem
from papermap.units import Box

Progress = Callable[[int, int], None]  # done, in all


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


def joined(name: str, layers: Sequence[Layer]) -> Layer:
    """Several layers as one of that name."""
    full = [layer for layer in layers if len(layer)]
    if not full:
        return Layer(name, np.empty(0, dtype=object))
    if len(full) == 1:
        return full[0]
    keys = dict.fromkeys(key for layer in full for key in layer.fields)
    return Layer(
        name,
        np.concatenate([layer.geometry for layer in full]),
        {key: np.concatenate([layer.column(key) for layer in full]) for key in keys},
    )


@dataclass(frozen=True, slots=True)
class Extent:
    """What one view shows: ``bounds``, metres of ``crs``, fill ``width`` mm of paper.

    ``label`` is the sheet's, for what is told of it; ``0`` is the overview.
    """

    bounds: Box
    crs: str
    width: float
    label: str = ""

    @property
    def metres_per_mm(self) -> float:
        """Metres on the ground for one mm on paper."""
        return self.bounds.width / self.width


@dataclass(frozen=True, slots=True)
class Picture:
    """Pixels to lie beneath the map: uint8 (rows, columns, RGBA), the first row in the north.

    They fill ``bounds``, metres of the extent's CRS. ``blanks`` are the patches that should have
    had a tile and have none; with blanks alone there are no pixels. ``photo`` says that the
    pixels are as a camera or a relief has them, not flat colours.
    """

    pixels: NDArray[np.uint8]
    bounds: Box
    blanks: tuple[Box, ...] = ()
    photo: bool = False


class PictureSource(Protocol):
    """A raster base map: gives pictures from what is on this machine; picklable."""

    @property
    def attribution(self) -> str:
        """Who must be named for the map on every sheet."""
        ...

    def prepare(self, extents: Sequence[Extent], progress: Progress) -> tuple[Problem, ...]:
        """Get what the extents need on to this machine; tells what will be blank, and why."""
        ...

    def picture(self, extent: Extent) -> Picture | None:
        """The picture of one extent, None where nothing at all is known."""
        ...


class Basemap(Protocol):
    """A base map that gives its layers inside bounds; picklable, opened again in each worker."""

    @property
    def attribution(self) -> str:
        """Who must be named for the map on every sheet; empty for none."""
        ...

    def prepare(self, extents: Sequence[Extent], progress: Progress) -> tuple[Problem, ...]:
        """Get what the extents need ready on this machine, once; tells what will be missing."""
        ...

    def reach(self, extent: Extent) -> BaseGeometry | None:
        """Ground that it may know, metres of the extent's CRS; None: all of it."""
        ...

    def layers(self, extent: Extent, names: Sequence[str]) -> Mapping[str, Layer]:
        """The named layers that meet ``extent``, as detailed as its scale asks for.

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

    def prepare(self, extents: Sequence[Extent], progress: Progress) -> tuple[Problem, ...]:  # noqa: ARG002
        """Nothing to get ready."""
        return ()

    def reach(self, extent: Extent) -> BaseGeometry | None:  # noqa: ARG002
        """Nothing is missed."""
        return None

    def layers(self, extent: Extent, names: Sequence[str]) -> Mapping[str, Layer]:  # noqa: ARG002
        """Every layer, empty."""
        return {name: Layer(name, np.empty(0, dtype=object)) for name in names}
