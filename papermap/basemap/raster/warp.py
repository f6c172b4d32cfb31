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
    import contextily  # noqa: PLC0415 (slow to load)
    from rasterio.enums import Resampling  # noqa: PLC0415
    from rasterio.transform import from_bounds  # noqa: PLC0415

    transform = from_bounds(*bounds, columns, rows)
    bands, turned = contextily.warp_img_transform(
        picture.transpose(2, 0, 1), transform, crs, target, Resampling.bilinear
    )
    height, width = bands.shape[1:]
    west, north = turned.c, turned.f
    east, south = west + width * turned.a, north + height * turned.e
    bounds = Box(west, south, east, north)
    if solid:  # but for its corners, which the extent does not reach
        bands = np.concatenate([bands, np.full((1, height, width), 255, dtype=np.uint8)])
    return np.ascontiguousarray(bands.transpose(1, 2, 0)), bounds
