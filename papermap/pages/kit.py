"""A pen for one page: text, lines and signs in mm on a reportlab canvas.

Each word is written once and in reading order; halos are outlines, never doubled text. All
measures are mm from the page's lower left, y upwards; type is in pt.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from math import cos, radians, sin
from typing import TYPE_CHECKING, Literal

from reportlab.pdfbase.pdfmetrics import getFont

from papermap.pages.forms import (
    BLACK,
    WHITE,
    Look,
    drawing_form,
    fill_op,
    glyph_form,
    halo_form,
    mark_form,
    stroke_op,
)
from papermap.pages.paths import polyline, rectangle, rounded
from papermap.units import MM_PER_PT, PT_PER_MM, Box

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from papermap.fonts import FontSet
    from papermap.model import Category
    from papermap.pages.text import Metrics
    from papermap.signs import SignBook
    from papermap.style import Colour, Style

__all__ = ["BLACK", "WHITE", "Align", "Ink", "drop"]

Align = Literal["left", "center", "right"]

_DROP = 0.372  # of the type size: from the middle of kanji and figures down to the baseline
_FAKE_BOLD = 0.034  # stroke round a regular face that stands in for bold, in em


def drop(size: float) -> float:
    """From the middle of a line of ``size`` pt down to its baseline, in mm."""
    return size * MM_PER_PT * _DROP


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of text where it stands: start of its baseline, and the way it runs."""

    x: float
    y: float
    text: str
    size: float
    bold: bool
    spacing: float
    across: float
    up: float


_Shown = tuple[bool, str, str]  # whether bold is faked, name of the font's subset, its string


def _encodings(canvas: Canvas) -> dict[tuple[str, bool], tuple[_Shown, ...]]:
    """Texts already encoded in the canvas's document; they live as long as it does."""
    known: dict[tuple[str, bool], tuple[_Shown, ...]] = canvas.__dict__.setdefault("_shown", {})
    return known


class Ink:
    """Writes on one page of a reportlab canvas."""

    def __init__(
        self, canvas: Canvas, fonts: FontSet, signs: SignBook, style: Style, metrics: Metrics
    ) -> None:
        self.canvas = canvas
        self.fonts = fonts
        self.signs = signs
        self.style = style
        self.metrics = metrics

    # --- text -------------------------------------------------------------------------------

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        align: Align = "left",
        colour: Colour = BLACK,
        spacing: float = 0.0,
        angle: float = 0.0,
        halo: float = 0.0,
    ) -> float:
        """Write one line with its baseline at ``y``; returns its width in mm.

        Parameters
        ----------
        x, y
            Start, middle or end of the baseline (as ``align`` says), mm.
        text, size, bold, colour
            What is written and how, ``size`` in pt.
        spacing
            Extra between characters, in em.
        angle
            Of the baseline, degrees anticlockwise about (``x``, ``y``).
        halo
            Width of the white round the glyphs, mm; drawn first.
        """
        if not text:
            return 0.0
        wide = self.width(text, size, bold=bold, spacing=spacing)
        back = {"left": 0.0, "center": wide / 2, "right": wide}[align]
        across, up = cos(radians(angle)), sin(radians(angle))
        line = _Line(x - back * across, y - back * up, text, size, bold, spacing, across, up)
        if halo:
            self._halo(line, halo)
        self._write(line, colour)
        return wide

    def middle(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        align: Align = "center",
        colour: Colour = BLACK,
        spacing: float = 0.0,
        angle: float = 0.0,
        halo: float = 0.0,
    ) -> float:
        """Write one line whose middle (in height) is at ``y``; as :meth:`text`."""
        down = drop(size)
        return self.text(
            x + down * sin(radians(angle)),
            y - down * cos(radians(angle)),
            text,
            size,
            bold=bold,
            align=align,
            colour=colour,
            spacing=spacing,
            angle=angle,
            halo=halo,
        )

    def width(self, text: str, size: float, *, bold: bool = False, spacing: float = 0.0) -> float:
        """Width of a line in mm; spacing stands between characters only."""
        between = spacing * size * MM_PER_PT * max(0, len(text) - 1)
        return self.metrics.width(text, size, bold) + between

    def _write(self, line: _Line, colour: Colour) -> None:
        """One text object; written by hand, as reportlab's own takes three times as long."""
        across, up, size = line.across, line.up, line.size
        turn = f"{across:.6f} {up:.6f} {-up:.6f} {across:.6f}" if up else "1 0 0 1"
        place = f"{line.x * PT_PER_MM:.3f} {line.y * PT_PER_MM:.3f} Tm"
        code = ["BT", fill_op(colour), turn, place]
        if line.spacing:
            code.append(f"{line.spacing * size:.3f} Tc")
        faked = False
        for fake, font, shown in self._encoded(line.text, line.bold):
            if fake != faked:
                faked = fake
                stroke = f"{stroke_op(colour)} {size * _FAKE_BOLD:.3f} w 1 j [] 0 d 2 Tr"
                code.append(stroke if faked else "0 Tr")
            code.append(f"{font} {size:g} Tf {shown} Tj")
        if faked:
            code.append("0 Tr")  # it would live on into the next text object
        if line.spacing:
            code.append("0 Tc")
        code.append("ET")
        self._code(" ".join(code))

    def _encoded(self, text: str, bold: bool) -> tuple[_Shown, ...]:  # noqa: FBT001
        """A text in the subsets of its fonts; encoded once, since words come back on many pages."""
        known = _encodings(self.canvas)
        key = (text, bold)
        if key not in known:
            known[key] = tuple(self._encode(text, bold=bold))
        return known[key]

    def _encode(self, text: str, *, bold: bool) -> Iterator[_Shown]:
        document = self.canvas._doc  # noqa: SLF001
        for run in self.fonts.runs(text, bold):
            font = getFont(run.font)
            for subset, part in font.splitString(run.text, document):
                name = font.getSubsetInternalName(subset, document)
                yield run.fake_bold, name, f"({self.canvas._escape(part)})"  # noqa: SLF001

    def _halo(self, line: _Line, halo: float) -> None:
        em = line.size * MM_PER_PT
        across, up = line.across * line.size, line.up * line.size
        code = self.canvas._code  # noqa: SLF001
        code.append(f"q {stroke_op(WHITE)} {2 * halo / em:.3f} w 1 j [] 0 d")
        way = 0.0
        for char in line.text:
            name = glyph_form(self.canvas, self.fonts, char, bold=line.bold)
            if name:
                x = (line.x + way * line.across) * PT_PER_MM
                y = (line.y + way * line.up) * PT_PER_MM
                code.append(f"q {across:.3f} {up:.3f} {-up:.3f} {across:.3f} {x:.2f} {y:.2f} cm")
                self.canvas.doForm(name)
                code.append("Q")
            way += self.metrics.char(char, line.bold) * line.size + line.spacing * em
        code.append("Q")

    # --- lines and areas --------------------------------------------------------------------

    def line(
        self,
        points: Sequence[tuple[float, float]],
        width: float,
        *,
        colour: Colour = BLACK,
        dash: Sequence[float] = (),
        round_cap: bool = False,
    ) -> None:
        """Stroke a line through ``points``; ``width`` and ``dash`` in mm."""
        dashes = " ".join(f"{part * PT_PER_MM:.3f}" for part in dash)
        after = " 0 J [] 0 d" if dash or round_cap else ""  # or signs after it would have them
        self._code(
            f"{stroke_op(colour)} {width * PT_PER_MM:.3f} w {int(round_cap)} J 0 j [{dashes}] 0 d "
            f"{polyline(points)} S{after}"
        )

    def rule(
        self,
        x0: float,
        x1: float,
        y: float,
        width: float,
        *,
        dash: Sequence[float] = (),
        round_cap: bool = False,
    ) -> None:
        """Horizontal black line."""
        self.line(((x0, y), (x1, y)), width, dash=dash, round_cap=round_cap)

    def dots(self, x0: float, x1: float, y: float, *, size: float = 0.2, gap: float = 1.0) -> None:
        """Dotted line, of round dots ``gap`` apart."""
        self.rule(x0, x1, y, size, dash=(0, gap), round_cap=True)

    def polygon(
        self,
        points: Sequence[tuple[float, float]],
        *,
        fill: Colour | None = None,
        stroke: Colour | None = None,
        width: float = 0.25,
        round_join: bool = False,
    ) -> None:
        """Closed polygon, filled, stroked or both."""
        self._paint(polyline(points) + " h", fill, stroke, width, join=int(round_join))

    def box(
        self,
        box: Box,
        *,
        fill: Colour | None = None,
        stroke: Colour | None = None,
        width: float = 0.25,
        radius: float = 0.0,
    ) -> None:
        """Rectangle, with round corners where ``radius`` is given (mm)."""
        path = rounded(box, radius) if radius else rectangle(box)
        self._paint(path, fill, stroke, width)

    def circle(
        self,
        x: float,
        y: float,
        radius: float,
        *,
        fill: Colour | None = None,
        stroke: Colour | None = None,
        width: float = 0.25,
    ) -> None:
        """Circle about (x, y)."""
        path = rounded(Box(x - radius, y - radius, x + radius, y + radius), radius)
        self._paint(path, fill, stroke, width)

    def fill_rectangles(self, rectangles: Sequence[str]) -> None:
        """Fill many rectangles at once, each written as “x y width height” in pt."""
        path = " ".join(f"{rectangle} re" for rectangle in rectangles)
        self._code(f"{fill_op(BLACK)} {path} f")

    def _paint(
        self,
        path: str,
        fill: Colour | None,
        stroke: Colour | None,
        width: float,
        *,
        join: int = 0,
    ) -> None:
        code = []
        if fill is not None:
            code.append(fill_op(fill))
        if stroke is not None:
            code.append(f"{stroke_op(stroke)} {width * PT_PER_MM:.3f} w 0 J {join} j [] 0 d")
        paint = "B" if fill and stroke else "f" if fill else "S"
        self._code(" ".join([*code, path, paint]))

    def _code(self, operators: str) -> None:
        # written as it stands: reportlab's own calls parse colours and format numbers each time
        self.canvas._code.append(operators)  # noqa: SLF001

    @contextmanager
    def clipped(self, box: Box) -> Iterator[None]:
        """Everything drawn inside shows only within ``box``."""
        self.canvas.saveState()
        self._code(f"{rectangle(box)} W n")
        yield
        self.canvas.restoreState()

    # --- signs ------------------------------------------------------------------------------

    def sign(
        self,
        category: Category,
        x: float,
        y: float,
        size: float,
        *,
        state: str = "solid",
        colour: Colour | None = None,
    ) -> None:
        """Draw a category's sign about (x, y), ``size`` mm wide, in the look of ``state``."""
        marks = self.style.marks
        # lines of small signs are thinner, but not so thin that a copier loses them
        shrink = max(min(1.0, size / marks.sign), 0.75)
        look = Look(
            state,
            colour or self.style.category_colour(category.key, category.colour),
            round(marks.outline * shrink / size, 3),
            round(marks.cross * shrink / size, 3),
        )
        self._form(mark_form(self.canvas, self.signs, self.fonts, category, look), x, y, size)

    def sign_halo(self, shape: str, x: float, y: float, size: float, halo: float) -> None:
        """White halo of ``halo`` mm round a shape about (x, y)."""
        self._form(halo_form(self.canvas, self.signs, shape, round(halo / size, 3)), x, y, size)

    def drawing(
        self, name: str, x: float, y: float, size: float, *, colour: Colour = BLACK
    ) -> None:
        """Draw a drawing of the sign book about (x, y), ``size`` mm wide, in one colour."""
        self._code(fill_op(colour))
        self._form(drawing_form(self.canvas, self.signs, name), x, y, size)

    def _form(self, name: str, x: float, y: float, size: float) -> None:
        wide = size * PT_PER_MM
        left, low = (x - size / 2) * PT_PER_MM, (y - size / 2) * PT_PER_MM
        self._code(f"q {wide:.3f} 0 0 {wide:.3f} {left:.3f} {low:.3f} cm")
        self.canvas.doForm(name)
        self._code("Q")

    # --- links ------------------------------------------------------------------------------

    def link(self, label: str, box: Box) -> None:
        """Make ``box`` a link to the page with this label."""
        edges = tuple(edge * PT_PER_MM for edge in box)
        self.canvas.linkRect("", f"sheet-{label}", edges, relative=1, thickness=0)
