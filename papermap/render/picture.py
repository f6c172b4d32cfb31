"""A raster base map beneath the panel: light grey or in its colours, small in bytes."""

from __future__ import annotations

from collections.abc import Sequence
from io import BytesIO
from typing import Final

import numpy as np
import pikepdf
import shapely
from numpy.typing import NDArray
from pikepdf import Dictionary, Name, Pdf
from PIL import Image

from papermap.basemap.base import Picture
from papermap.render.shapes import Geometries, Paper
from papermap.style import Pictures, Style
from papermap.units import Box, to_pt

_GREYS: Final = 16  # shades of toner; fewer bytes, and no printer shows more of them
_QUALITY: Final = 82  # of JPEG, for photographs
_LUMINANCE: Final = (0.2126, 0.7152, 0.0722)


def put_beneath(
    panel: bytes, pictures: Sequence[Picture], paper: Paper, style: Style, core: Box | None
) -> bytes:
    """The panel with pictures under all that is drawn on it.

    Parameters
    ----------
    panel
        A PDF of one page, as large as the frame.
    pictures
        The lowest first.
    paper, style
        Where they lie on paper, and how they look.
    core
        The sheet's own ground in metres; what lies round it is tinted as the overlap is.
    """
    with Pdf.open(BytesIO(panel)) as pdf:
        page = pdf.pages[0]
        page.contents_coalesce()
        drawn = []
        for number, picture in enumerate(pictures):
            found = _cropped(picture, paper.view.bounds)
            if found is None:
                continue
            name = Name(f"/Ground{number}")
            pixels = _over_white(found.pixels).astype(np.float64)
            if core is not None:
                pixels *= _veil(found, core, style)[..., None]
            image = _photo if picture.photo else _drawing
            page.add_resource(image(pdf, pixels, style.pictures), Name.XObject, name)
            drawn.append(_placed(name, found.bounds, paper))
        page.contents_add("".join(drawn).encode("ascii"), prepend=True)
        page.contents_coalesce()
        out = BytesIO()
        pdf.save(out, deterministic_id=True)
    return out.getvalue()


def crosses(pictures: Sequence[Picture], paper: Paper, style: Style) -> Geometries:
    """A small cross in each patch that has no tile, in metres."""
    arm = style.pictures.cross / 2 * paper.metres_per_mm
    found = []
    for blank in (blank for picture in pictures for blank in picture.blanks):
        x, y = (blank.x0 + blank.x1) / 2, (blank.y0 + blank.y1) / 2
        found += [
            shapely.LineString([(x - arm, y - arm), (x + arm, y + arm)]),
            shapely.LineString([(x - arm, y + arm), (x + arm, y - arm)]),
        ]
    return np.array(found, dtype=object)


def _cropped(picture: Picture, window: Box) -> Picture | None:
    """The rows and columns of a picture that the window shows; None for none."""
    rows, columns = picture.pixels.shape[:2]
    if not rows:
        return None
    box = picture.bounds
    wide, high = box.width / columns, box.height / rows
    left = max(0, int((window.x0 - box.x0) / wide) - 1)
    right = min(columns, int((window.x1 - box.x0) / wide) + 2)
    top = max(0, int((box.y1 - window.y1) / high) - 1)
    bottom = min(rows, int((box.y1 - window.y0) / high) + 2)
    if left >= right or top >= bottom:
        return None
    bounds = Box(
        box.x0 + left * wide, box.y1 - bottom * high, box.x0 + right * wide, box.y1 - top * high
    )
    return Picture(picture.pixels[top:bottom, left:right], bounds)


def _over_white(pixels: NDArray[np.uint8]) -> NDArray[np.float64]:
    share = pixels[..., 3:].astype(np.float64) / 255
    found: NDArray[np.float64] = pixels[..., :3] * share + 255 * (1 - share)
    return found


def _veil(picture: Picture, core: Box, style: Style) -> NDArray[np.float64]:
    """1 on the sheet's own ground, a little less on the neighbours'."""
    rows, columns = picture.pixels.shape[:2]
    box = picture.bounds
    x = box.x0 + (np.arange(columns) + 0.5) / columns * box.width
    y = box.y1 - (np.arange(rows) + 0.5) / rows * box.height
    own = ((core.y0 <= y) & (y <= core.y1))[:, None] & ((core.x0 <= x) & (x <= core.x1))
    return np.where(own, 1.0, style.overlap_tint.rgb[0])


def _lightened(pixels: NDArray[np.float64], look: Pictures) -> NDArray[np.float64]:
    """Pixels 0 … 1 as the style wants them: black becomes ``darkest``, tints fade."""
    dark = np.clip(1 - pixels / 255, 0, 1)
    found: NDArray[np.float64] = 1 - look.darkest / 100 * dark**look.fade
    return found


def _grey(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.repeat((pixels @ np.array(_LUMINANCE))[..., None], 3, axis=2)


def _drawing(pdf: Pdf, pixels: NDArray[np.float64], look: Pictures) -> pikepdf.Object:
    """A drawn map: few colours or shades, kept as they are."""
    if look.grey:
        light = _lightened(_grey(pixels), look)[..., 0]
        shades = np.round(light * (_GREYS - 1)).astype(np.uint8)
        return _image(pdf, _packed(shades), shades.shape, Name.DeviceGray, bits=4)
    colours = np.round(_lightened(pixels, look) * 255).astype(np.uint8)
    image = Image.fromarray(colours).quantize(
        256, Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE
    )
    table = bytes(image.getpalette() or ())
    space = pikepdf.Array([Name.Indexed, Name.DeviceRGB, len(table) // 3 - 1, table])
    return _image(pdf, image.tobytes(), colours.shape[:2], space)


def _photo(pdf: Pdf, pixels: NDArray[np.float64], look: Pictures) -> pikepdf.Object:
    """A photograph or relief: as JPEG."""
    shown = _lightened(_grey(pixels) if look.grey else pixels, look)
    colours = np.round(shown * 255).astype(np.uint8)
    image = Image.fromarray(colours[..., 0] if look.grey else colours)
    out = BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, optimize=True)
    space = Name.DeviceGray if look.grey else Name.DeviceRGB
    return _image(pdf, out.getvalue(), colours.shape[:2], space, jpeg=True)


def _packed(shades: NDArray[np.uint8]) -> bytes:
    """Two shades to a byte, each row filled up."""
    if shades.shape[1] % 2:
        shades = np.pad(shades, ((0, 0), (0, 1)))
    return bytes(((shades[:, ::2] << 4) | shades[:, 1::2]).astype(np.uint8).tobytes())


def _image(  # noqa: PLR0917
    pdf: Pdf,
    data: bytes,
    shape: tuple[int, ...],
    space: pikepdf.Object,
    bits: int = 8,
    jpeg: bool = False,  # noqa: FBT001, FBT002
) -> pikepdf.Object:
    stream = pdf.make_stream(
        data,
        Dictionary(
            Type=Name.XObject,
            Subtype=Name.Image,
            Width=shape[1],
            Height=shape[0],
            ColorSpace=space,
            BitsPerComponent=bits,
            Interpolate=False,
        ),
    )
    if jpeg:
        stream.write(data, filter=Name.DCTDecode)
    return stream


def _placed(name: Name, bounds: Box, paper: Paper) -> str:
    x, y = paper.view.to_mm(bounds.x0, bounds.y0)
    right, top = paper.view.to_mm(bounds.x1, bounds.y1)
    wide, high = to_pt(right - x), to_pt(top - y)
    return f"q {wide:.4f} 0 0 {high:.4f} {to_pt(x):.4f} {to_pt(y):.4f} cm {name} Do Q\n"
