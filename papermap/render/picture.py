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
            own = None if core is None else _within(found, core)
            image = _photo if picture.photo else _drawing
            page.add_resource(image(pdf, found.pixels, own, style), Name.XObject, name)
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


def _within(picture: Picture, core: Box) -> NDArray[np.bool_]:
    """Which pixels lie on the sheet's own ground."""
    rows, columns = picture.pixels.shape[:2]
    box = picture.bounds
    x = box.x0 + (np.arange(columns) + 0.5) / columns * box.width
    y = box.y1 - (np.arange(rows) + 0.5) / rows * box.height
    inside = ((core.y0 <= y) & (y <= core.y1))[:, None] & ((core.x0 <= x) & (x <= core.x1))
    return np.asarray(inside)


def _over_white(pixels: NDArray[np.uint8]) -> Image.Image:
    image = Image.fromarray(pixels)
    if (pixels[..., 3] == 255).all():
        return image.convert("RGB")
    white = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(white, image).convert("RGB")


def _toned(
    pixels: NDArray[np.uint8], own: NDArray[np.bool_] | None, style: Style, most: int
) -> NDArray[np.uint8]:
    """Values 0 … ``most`` as the style wants them: one for each pixel in grey, else three.

    Black becomes ``darkest``, tints fade; what is not the sheet's own ground is a little darker.
    """
    image = _over_white(pixels)
    values = np.asarray(image.convert("L") if style.pictures.grey else image)
    near, far = (_tones(style.pictures, veil, most) for veil in (1.0, style.overlap_tint.rgb[0]))
    shown = near[values]
    if own is not None:
        shown[~own] = far[values[~own]]
    return np.asarray(shown, dtype=np.uint8)


def _tones(look: Pictures, veil: float, most: int) -> NDArray[np.uint8]:
    """What each of 256 values becomes."""
    light = 1 - look.darkest / 100 * (1 - np.arange(256) / 255) ** look.fade
    return np.round(light * veil * most).astype(np.uint8)


def _drawing(
    pdf: Pdf, pixels: NDArray[np.uint8], own: NDArray[np.bool_] | None, style: Style
) -> pikepdf.Object:
    """A drawn map: few colours or shades, kept as they are."""
    if style.pictures.grey:
        shades = _toned(pixels, own, style, _GREYS - 1)
        return _image(pdf, _packed(shades), shades.shape, Name.DeviceGray, bits=4)
    colours = _toned(pixels, own, style, 255)
    few = Image.Quantize.FASTOCTREE
    image = Image.fromarray(colours).quantize(256, few, dither=Image.Dither.NONE)
    table = bytes(image.getpalette() or ())
    space = pikepdf.Array([Name.Indexed, Name.DeviceRGB, len(table) // 3 - 1, table])
    return _image(pdf, image.tobytes(), colours.shape, space)


def _photo(
    pdf: Pdf, pixels: NDArray[np.uint8], own: NDArray[np.bool_] | None, style: Style
) -> pikepdf.Object:
    """A photograph or relief: as JPEG."""
    shown = _toned(pixels, own, style, 255)
    out = BytesIO()
    Image.fromarray(shown).save(out, "JPEG", quality=_QUALITY, optimize=True)
    space = Name.DeviceGray if style.pictures.grey else Name.DeviceRGB
    return _image(pdf, out.getvalue(), shown.shape, space, jpeg=True)


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
