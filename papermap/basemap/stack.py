"""Several base maps at once: pictures lie beneath, the layers of all vector files over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry.base import BaseGeometry

from papermap.basemap.bare import BARE, bare_layers
from papermap.basemap.base import Basemap, Extent, Layer, Picture, PictureSource, Progress, joined
from papermap.model import Problem


@dataclass(frozen=True)
class BasemapStack:
    """Every base map of a build as one; picklable, as its parts are."""

    vectors: tuple[Basemap, ...] = ()
    rasters: tuple[PictureSource, ...] = ()

    @property
    def attribution(self) -> str:
        """Who must be named for the maps on every sheet, each once."""
        said = [raster.attribution for raster in self.rasters]
        said += [vector.attribution for vector in self.vectors]
        return " / ".join(dict.fromkeys(filter(None, said)))

    def layers(self, extent: Extent, names: Sequence[str]) -> Mapping[str, Layer]:
        """The named layers of all vector files, joined; those of :mod:`papermap.basemap.bare`."""
        asked = [name for name in names if name not in BARE]
        found = [vector.layers(extent, asked) for vector in self.vectors]
        layers = {name: joined(name, [each[name] for each in found]) for name in asked}
        if len(asked) < len(names):
            layers |= bare_layers(extent, self._reach(extent), layers.get("water"))
        return layers

    def pictures(self, extent: Extent) -> tuple[Picture, ...]:
        """Pictures to lie beneath, the lowest first."""
        found = (raster.picture(extent) for raster in self.rasters)
        return tuple(picture for picture in found if picture is not None)

    def prepare(
        self, extents: Sequence[Extent], fetching: Progress, reading: Progress | None = None
    ) -> tuple[Problem, ...]:
        """Get everything on to this machine before sheets are drawn; tells what is missing.

        ``fetching`` follows the tiles, ``reading`` the files that must be gone through once
        (left away, ``fetching`` follows both).
        """
        told: list[Problem] = []
        for raster in self.rasters:
            told += raster.prepare(extents, fetching)
        for vector in self.vectors:
            told += vector.prepare(extents, reading or fetching)
        return tuple(told)

    def _reach(self, extent: Extent) -> BaseGeometry | None:
        """Ground that any of them may know; None: all of it."""
        if self.rasters or not self.vectors:
            return None
        found = [vector.reach(extent) for vector in self.vectors]
        known = [reach for reach in found if reach is not None]
        return shapely.union_all(known) if len(known) == len(found) else None
