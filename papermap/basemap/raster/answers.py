"""Is what a server sent a map? An error page or an error picture must not be printed as one."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from io import BytesIO
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

_LARGEST: Final = 1024  # pixels of a tile's side
_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF")
_TWINS: Final = 3  # tiles that are one and the same picture, and are no pattern


def pixels(data: bytes) -> NDArray[np.uint8] | None:
    """Rows of RGBA of a tile that can be read to its end; None for all else."""
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            if max(image.size) > _LARGEST:
                return None
            return np.asarray(image.convert("RGBA"), dtype=np.uint8)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError):
        return None


def is_photo(data: bytes) -> bool:
    """Whether the tile came as pictures of cameras do."""
    return data.startswith(b"\xff\xd8")


def error_pictures(urls: Iterable[str], read: Callable[[str], bytes]) -> frozenset[str]:
    """URLs whose tile is a picture of words such as “403” instead of a map.

    A server that refuses with a picture sends the same one for many tiles. So does a map for the
    sea or a wood, but those are plain or repeat themselves within the tile; words do not.
    """
    same: dict[bytes, list[str]] = defaultdict(list)
    for url in urls:
        data = read(url)
        if data:
            same[hashlib.sha256(data).digest()].append(url)
    often = [each for each in same.values() if len(each) >= _TWINS]
    return frozenset(url for each in often if not _is_pattern(read(each[0])) for url in each)


def _is_pattern(data: bytes) -> bool:
    """Plain, or the same again after half its width and half its height."""
    found = pixels(data)
    if found is None:
        return False
    rows, columns = found.shape[:2]
    return all(
        np.array_equal(found, np.roll(found, shift, axis))
        for axis, shift in ((0, rows // 2), (1, columns // 2))
    )
