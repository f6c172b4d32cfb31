"""Several base maps at once: pictures lie beneath, the layers of all vector files over them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from papermap.basemap.base import Basemap, Extent, Layer, Picture, PictureSource, Progress, joined
from papermap.model import Problem, Severity


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
        """The named layers of all vector files, joined."""
        found = [vector.layers(extent, names) for vector in self.vectors]
        return {name: joined(name, [layers[name] for layers in found]) for name in names}

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
        return (*told, *self._bare(extents))

    def _bare(self, extents: Sequence[Extent]) -> tuple[Problem, ...]:
        """Tells the sheets that no vector file reaches, unless pictures may show them."""
        if self.rasters or not self.vectors:
            return ()
        bare = [e.label for e in extents if not any(v.reaches(e) for v in self.vectors)]
        if not bare:
            return ()
        names = (str(getattr(vector, "path", "")) for vector in self.vectors)
        params = {"count": str(len(bare)), "sheets": ", ".join(bare)}
        return (Problem("PM117", Severity.WARNING, ", ".join(names), params=params),)
