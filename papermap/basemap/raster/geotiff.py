"""A GeoTIFF, or another raster file with a place on the ground, behind the map."""

from __future__ import annotations

import contextlib
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import mercantile
import numpy as np
import rasterio
from numpy.typing import NDArray
from PIL import Image
from rasterio.enums import ColorInterp, Resampling
from rasterio.errors import NotGeoreferencedWarning, RasterioError
from rasterio.transform import from_bounds
from rasterio.vrt import WarpedVRT

from papermap.basemap.base import Extent, Picture, Progress
from papermap.basemap.raster.store import Read
from papermap.basemap.raster.tiles import MERCATOR, Tile
from papermap.errors import BasemapError
from papermap.model import Problem, Severity
from papermap.units import Box

_PPI: Final = 300  # pixels an inch of paper at most
_SHARE: Final = (2.0, 98.0)  # percentiles of deep values that become black and white
_SAMPLE: Final = 512  # pixels of a side from which they are taken
_MEETS_LITTLE: Final = 0.98  # of an extent; with less of the raster it is told
_OUTSIDE: Final = "PM117"
_PIXELS: Final = 512  # of a tile's side: twice what lettering asks for
_WIDTH: Final = _PIXELS / _PPI * 25.4  # mm
_FINEST: Final = 22  # zoom
_QUALITY: Final = 88  # of JPEG


@dataclass(frozen=True)
class GeotiffBasemap:
    """A raster file of any CRS, read by bounds and warped while it is read.

    ``stretch`` are the values that become black and white where it has more than bytes.
    """

    path: str
    attribution: str = ""
    stretch: tuple[float, float] | None = None

    def prepare(self, extents: Sequence[Extent], progress: Progress) -> tuple[Problem, ...]:  # noqa: ARG002
        """Tells the sheets that the file does not cover."""
        bare = []
        for extent in extents:
            picture = self.picture(extent, _SAMPLE)
            if picture is None or (picture.pixels[..., 3] > 0).mean() < _MEETS_LITTLE:
                bare.append(extent.label)
        if not bare:
            return ()
        params = {"count": str(len(bare)), "sheets": ", ".join(bare)}
        return (Problem(_OUTSIDE, Severity.WARNING, self.path, params=params),)

    def picture(self, extent: Extent, most: int | None = None) -> Picture | None:
        """What the file shows of an extent; None where it shows nothing.

        Raises
        ------
        BasemapError
            When the file is damaged.
        """
        columns = most or round(extent.width / 25.4 * _PPI)
        rows = max(1, round(columns * extent.bounds.height / extent.bounds.width))
        transform = from_bounds(*extent.bounds, columns, rows)
        try:
            with (
                rasterio.open(self.path) as source,
                WarpedVRT(
                    source,
                    crs=extent.crs,
                    transform=transform,
                    width=columns,
                    height=rows,
                    resampling=Resampling.bilinear if _is_deep(source) else _manner(source),
                    add_alpha=not _has_alpha(source),
                ) as turned,
            ):
                bands = turned.read()
                pixels = _rgba(bands, source, self.stretch)
        except RasterioError as error:
            raise BasemapError(
                "The base map {path} cannot be read: {error}.", path=self.path, error=error
            ) from error
        if not pixels[..., 3].any():
            return None
        return Picture(pixels, Box(*extent.bounds), photo=not _flat(pixels))


@dataclass(frozen=True, slots=True)
class GeotiffStore:
    """A raster file as tiles, warped one by one as they are asked for: so it goes into a pack."""

    basemap: GeotiffBasemap
    zooms: tuple[int, int] = (0, _FINEST)

    @property
    def name(self) -> str:
        return self.basemap.path

    @property
    def attribution(self) -> str:
        return self.basemap.attribution

    @contextlib.contextmanager
    def opened(self) -> Iterator[Read]:
        """Reader of its tiles, photos as JPEG, all else as PNG; None where the file has none."""

        def read(tile: Tile) -> bytes | None:
            bounds = Box(*mercantile.xy_bounds(tile))
            picture = self.basemap.picture(Extent(bounds, MERCATOR, _WIDTH), _PIXELS)
            if picture is None:
                return None
            image, data = Image.fromarray(picture.pixels), BytesIO()
            if picture.photo and picture.pixels[..., 3].min() == 255:
                image.convert("RGB").save(data, "JPEG", quality=_QUALITY)
            else:
                image.save(data, "PNG")
            return data.getvalue()

        yield read


def open_geotiff(path: Path) -> GeotiffBasemap | None:
    """A raster file with a CRS; None for what is no raster.

    Raises
    ------
    BasemapError
        For a raster that does not say where it lies.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NotGeoreferencedWarning)
            source = rasterio.open(path)
        with source:
            if source.crs is None:
                raise BasemapError(
                    "The base map {path} does not say where it lies.",
                    "Export it as GeoTIFF with its coordinate system.",
                    path=path,
                )
            said = source.tags()
            stretch = _stretch(source) if _is_deep(source) else None
    except RasterioError:
        return None
    attribution = said.get("TIFFTAG_COPYRIGHT") or said.get("ATTRIBUTION") or ""
    return GeotiffBasemap(str(path), str(attribution), stretch)


def _manner(source: Any) -> Resampling:
    """Palettes must not be mixed; all else is turned smoothly."""
    return Resampling.nearest if _palette(source) else Resampling.cubic


def _palette(source: Any) -> bool:
    return bool(source.colorinterp[0] == ColorInterp.palette)


def _has_alpha(source: Any) -> bool:
    return ColorInterp.alpha in source.colorinterp


def _is_deep(source: Any) -> bool:
    return any(kind != "uint8" for kind in source.dtypes)


def _stretch(source: Any) -> tuple[float, float]:
    small = source.read(1, out_shape=(_SAMPLE, _SAMPLE), masked=True).compressed()
    if not small.size or small.min() == small.max():
        return 0.0, 1.0
    low, high = np.percentile(small, _SHARE)
    if low == high:  # nearly all of it is one value
        low, high = small.min(), small.max()
    return float(low), float(high)


def _rgba(
    bands: NDArray[Any], source: Any, stretch: tuple[float, float] | None
) -> NDArray[np.uint8]:
    """Grey, palette, RGB or deep bands (the last is alpha) as rows of RGBA."""
    colours, alpha = bands[:-1], bands[-1]
    if stretch is not None:
        low, high = stretch
        share = np.clip((colours.astype(np.float64) - low) / (high - low), 0, 1)
        colours = np.round(share * 255)
        alpha = np.where(alpha > 0, 255, 0)
    if _palette(source):
        table = source.colormap(1)
        known = np.array([table.get(i, (255, 255, 255, 0)) for i in range(256)], dtype=np.uint8)
        rgba = known[colours[0]]
        return np.asarray(np.where(alpha[..., None] > 0, rgba, 0), dtype=np.uint8)
    if len(colours) < 3:
        colours = np.repeat(colours[:1], 3, axis=0)
    return np.stack([*colours[:3], alpha], axis=-1).astype(np.uint8)


def _flat(pixels: NDArray[np.uint8]) -> bool:
    """Whether it has few colours, as drawn maps have."""
    return len(np.unique(pixels[..., :3].reshape(-1, 3)[::97], axis=0)) <= 256
