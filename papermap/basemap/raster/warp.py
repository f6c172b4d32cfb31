"""Pictures turned from one CRS into another."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from papermap.units import Box

_SHARPER: Final = 2  # pictures are enlarged before they are turned, so that letters stay sharp
_LARGEST: Final = 3000  # pixels of a side; beyond it nothing is gained by enlarging


def warped(
    picture: NDArray[np.uint8], bounds: Box, crs: str, target: str
) -> tuple[NDArray[np.uint8], Box]:
    """An RGBA picture (rows, columns, 4) and its bounds in ``target``, turned from ``crs``."""
    solid = bool((picture[..., 3] == 255).all())
    if solid:
        picture = picture[..., :3]
    rows, columns = picture.shape[:2]
    if max(rows, columns) * _SHARPER <= _LARGEST:
        rows, columns = rows * _SHARPER, columns * _SHARPER
        image = Image.fromarray(picture).resize((columns, rows), Image.Resampling.LANCZOS)
        picture = np.asarray(image)
    from rasterio.enums import Resampling  # noqa: PLC0415 (slow to load)
    from rasterio.transform import from_bounds  # noqa: PLC0415
    from rasterio.warp import calculate_default_transform, reproject  # noqa: PLC0415

    turned, width, height = calculate_default_transform(crs, target, columns, rows, *bounds)
    bands = np.zeros((picture.shape[2], height, width), dtype=np.uint8)
    reproject(
        picture.transpose(2, 0, 1),
        bands,
        src_transform=from_bounds(*bounds, columns, rows),
        src_crs=crs,
        dst_transform=turned,
        dst_crs=target,
        resampling=Resampling.bilinear,
    )
    west, north = turned.c, turned.f
    east, south = west + width * turned.a, north + height * turned.e
    bounds = Box(west, south, east, north)
    if solid:  # but for its corners, which the extent does not reach
        bands = np.concatenate([bands, np.full((1, height, width), 255, dtype=np.uint8)])
    return np.ascontiguousarray(bands.transpose(1, 2, 0)), bounds
