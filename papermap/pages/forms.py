"""Signs, their halos and glyph outlines as PDF form XObjects, each made once a document.

Forms are written in a unit square (or in em) and scaled where they are used. They carry no
resources: nothing but paths and colours.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from reportlab.pdfbase import pdfdoc

from papermap.style import Colour

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from papermap.fonts import FontSet
    from papermap.model import Category
    from papermap.signs import Shape, SignBook

Op = tuple[str, *tuple[float, ...]]
BLACK: Final = Colour("K100")
WHITE: Final = Colour("white")
_LIGHT: Final = 0.5  # colours lighter than this are no ground for a white sign
_CASING: Final = 0.05  # white beside the strokes of a cross, of the sign's size
_BEFORE: Final = 0.82  # size of the sign before a cross
_OVER_BAR, _BAR = 0.84, 0.115  # size of what is full over its bar, height of the bar


@dataclass(frozen=True, slots=True)
class Look:
    """How a sign is drawn; line widths are shares of the sign's size."""

    state: str  # "solid", "hollow", "crossed", "full"
    colour: Colour
    outline: float
    cross: float

    @property
    def key(self) -> str:
        return f"{self.state}-{self.colour}-{self.outline:.3f}-{self.cross:.3f}"


@cache
def fill_op(colour: Colour) -> str:
    """Operator that sets the fill colour: pure K for greys, RGB for the others."""
    return _colour_op(colour, "k", "rg")


@cache
def stroke_op(colour: Colour) -> str:
    """Operator that sets the stroke colour."""
    return _colour_op(colour, "K", "RG")


def _colour_op(colour: Colour, cmyk: str, rgb: str) -> str:
    grey = colour.grey
    if grey is not None:
        return f"0 0 0 {_number(1 - grey)} {cmyk}"
    return f"{' '.join(_number(part) for part in colour.rgb)} {rgb}"


def is_light(colour: Colour) -> bool:
    """Whether black reads better on the colour than white."""
    red, green, blue = colour.rgb
    return 0.299 * red + 0.587 * green + 0.114 * blue > _LIGHT


def path_ops(
    ops: Iterable[Op], *, scale: float = 1.0, dx: float = 0.0, dy: float = 0.0, digits: int = 4
) -> str:
    """Path of a drawing, scaled and then moved."""
    letters = {"M": "m", "L": "l", "C": "c", "Z": "h"}
    parts = []
    for letter, *values in ops:
        moved = (v * scale + (dy if i % 2 else dx) for i, v in enumerate(values))
        parts.append(" ".join([*(_number(v, digits) for v in moved), letters[letter]]))
    return " ".join(parts)


def mark_form(
    canvas: Canvas, signs: SignBook, fonts: FontSet, category: Category, look: Look
) -> str:
    """Name of the form of a category's sign in one look, in the unit square."""
    glyph = category.sign or "-".join(f"u{ord(char):x}" for char in category.letter)
    name = f"mark-{category.shape}-{glyph}-{look.key}".replace(" ", "_")
    if not canvas.hasForm(name):
        _add_form(canvas, name, _mark(signs, fonts, category, look), -0.1, 1.1)
    return name


def halo_form(canvas: Canvas, signs: SignBook, shape: str, halo: float) -> str:
    """Name of the form of the white halo round a shape; ``halo`` is a share of its size."""
    name = f"halo-{shape}-{halo:.3f}"
    if not canvas.hasForm(name):
        outline = path_ops(signs.shape(shape).ops)
        code = f"{fill_op(WHITE)} {stroke_op(WHITE)} {_number(2 * halo)} w 1 j {outline} B"
        _add_form(canvas, name, code, -halo - 0.1, 1.1 + halo)
    return name


def glyph_form(canvas: Canvas, fonts: FontSet, char: str, *, bold: bool) -> str:
    """Name of the form that strokes one character's outline, in em; empty for a blank.

    Colour and width of the stroke are those in force where the form is used.
    """
    name = f"glyph-{ord(char[0]):x}{'b' if bold else ''}"
    if not canvas.hasForm(name):
        ops = fonts.outline(char, bold)
        if not ops:
            return ""
        _add_form(canvas, name, f"{path_ops(ops, digits=3)} S", -1, 2)
    return name


def drawing_form(canvas: Canvas, signs: SignBook, name: str) -> str:
    """Name of the form of one drawing, filled with the colour in force where it is used."""
    form = f"drawing-{name}"
    if not canvas.hasForm(form):
        _add_form(canvas, form, f"{path_ops(signs.sign(name).ops)} f*", -0.1, 1.1)
    return form


def _mark(signs: SignBook, fonts: FontSet, category: Category, look: Look) -> str:
    shape = signs.shape(category.shape)
    solid = look.state in {"solid", "full"}
    # a light colour fades on a copy: then the shape is black, and the colour is in the sign
    light = is_light(look.colour)
    strong = BLACK if light else look.colour
    if solid:
        code = [fill_op(strong), path_ops(shape.ops), "f*"]
        inside = look.colour if light else WHITE
    else:
        code = [fill_op(WHITE), *_outlined(shape, strong, look.outline)]
        inside = strong
    path, paint = _sign(signs, fonts, category, shape)
    if look.state == "crossed":
        code += _on_cross(path, paint, shape, look.cross, fill_op(inside))
    else:
        code += [fill_op(inside), path, paint]
    whole = " ".join(code)
    return _on_bar(whole) if look.state == "full" else whole


def _on_cross(path: str, paint: str, shape: Shape, width: float, colour: str) -> list[str]:
    """A cross over the shape, and the sign before it: closed, and still seen what it was."""
    cross = "0.02 0.02 m 0.98 0.98 l 0.02 0.98 m 0.98 0.02 l S"
    moved = (_number(middle * (1 - _BEFORE)) for middle in (shape.x, shape.y))
    white = f"{fill_op(WHITE)} {stroke_op(WHITE)} {_number(_CASING * 3)} w 1 j"
    return [
        f"{stroke_op(WHITE)} {_number(width + 2 * _CASING)} w 2 J {cross}",
        f"{stroke_op(BLACK)} {_number(width)} w 0 J {cross}",
        f"q {_number(_BEFORE)} 0 0 {_number(_BEFORE)} {' '.join(moved)} cm",
        f"{white} {path} B {colour} {path} {paint} Q",
    ]


def _on_bar(whole: str) -> str:
    """All of a sign, smaller, on a bar."""
    x, y = _number((1 - _OVER_BAR) / 2), _number(1 - _OVER_BAR)
    size = _number(_OVER_BAR)
    bar = f"{fill_op(BLACK)} 0.02 0 0.96 {_number(_BAR)} re f"
    return f"q {size} 0 0 {size} {x} {y} cm {whole} Q {bar}"


def _outlined(shape: Shape, colour: Colour, width: float) -> tuple[str, ...]:
    """Fill a shape and draw its outline inside it, so that it is no bigger than one without."""
    path = path_ops(shape.ops, scale=1 - width, dx=width / 2, dy=width / 2)
    return stroke_op(colour), f"{_number(width)} w 0 j 4 M [] 0 d", path, "b*"


def _sign(signs: SignBook, fonts: FontSet, category: Category, shape: Shape) -> tuple[str, str]:
    """Path of a category's sign or letter in its shape, and the operator that fills it."""
    if category.sign:
        ops = signs.sign(category.sign).ops
        half = shape.room / 2
        return path_ops(ops, scale=shape.room, dx=shape.x - half, dy=shape.y - half), "f*"
    return _letter(fonts, category.letter[:1] or "?", shape), "f"


def _letter(fonts: FontSet, letter: str, shape: Shape) -> str:
    """The letter's outline, centred in the room of the shape by its own extent."""
    ops = fonts.outline(letter, bold=True)
    values = [value for _, *flat in ops for value in flat]
    xs, ys = values[::2], values[1::2]
    if not xs or not ys:
        return ""
    wide, high = max(xs) - min(xs), max(ys) - min(ys)
    scale = min(shape.room / 0.95, shape.room * 0.95 / max(wide, high))
    dx = shape.x - (min(xs) + wide / 2) * scale
    dy = shape.y - (min(ys) + high / 2) * scale
    return path_ops(ops, scale=scale, dx=dx, dy=dy)


def _add_form(canvas: Canvas, name: str, code: str, low: float, high: float) -> None:
    form = pdfdoc.PDFFormXObject(low, low, high, high)
    form.compression = canvas._pageCompression  # noqa: SLF001 - as canvas.endForm does
    form.Resources = pdfdoc.PDFDictionary({})  # paths only: none of the page's fonts
    form.setStreamList([code])
    canvas._doc.addForm(name, form)  # noqa: SLF001


def _number(value: float, digits: int = 4) -> str:
    text = f"{value:.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text
