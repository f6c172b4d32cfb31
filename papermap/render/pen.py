"""The only door to matplotlib: strokes and fills of paths in points, on one page of a PDF.

Drawing straight on the renderer costs a fifth of what an artist for every path costs.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Bbox, IdentityTransform, TransformedPath

from papermap.style import Colour
from papermap.units import to_pt

_RC: dict[Any, Any] = {"pdf.compression": 6, "pdf.inheritcolor": False, "path.simplify": False}
_NO_DATES = {"CreationDate": None, "Producer": None, "Creator": None}
_IDENTITY = IdentityTransform()
_NOTHING = Path([(0, 0), (0, 0)])
_WHITE = Colour("white")


class Pen(Protocol):
    """Strokes and fills paths; widths and dashes in mm on paper."""

    def fill(self, path: Path | None, colour: Colour) -> None:
        """Fill non-zero, without an outline."""

    def stroke(
        self,
        path: Path | None,
        colour: Colour,
        width: float,
        dash: Sequence[float] = (),
        cap: str = "round",
    ) -> None:
        """Stroke with round joins."""


class PagePen:
    """Draws on the page, inside a frame, and inside a clip path where there is one.

    ``veil`` darkens every colour as a tint laid over it would, without the transparency that
    turns pure K into four inks in print.
    """

    def __init__(
        self,
        renderer: RendererBase,
        frame: Bbox,
        clip: Path | None = None,
        veil: Colour = _WHITE,
    ) -> None:
        self._renderer = renderer
        self._frame = frame
        self._clip = None if clip is None else TransformedPath(clip, _IDENTITY)
        self._veil = veil.rgb

    def within(self, clip: Path, veil: Colour) -> PagePen:
        """A pen that draws only inside ``clip``, under a tint."""
        return PagePen(self._renderer, self._frame, clip, veil)

    def fill(self, path: Path | None, colour: Colour) -> None:
        """Fill non-zero, without an outline."""
        if path is None:
            return
        context = self._context()
        context.set_linewidth(0)
        self._renderer.draw_path(context, path, _IDENTITY, self._veiled(colour))

    def stroke(
        self,
        path: Path | None,
        colour: Colour,
        width: float,
        dash: Sequence[float] = (),
        cap: str = "round",
    ) -> None:
        """Stroke with round joins."""
        if path is None:
            return
        context = self._context()
        context.set_foreground(self._veiled(colour))
        context.set_linewidth(round(to_pt(width), 3))
        context.set_joinstyle("round")
        context.set_capstyle(cap)
        if dash:
            context.set_dashes(0, [round(to_pt(length), 3) for length in dash])
        self._renderer.draw_path(context, path, _IDENTITY)

    def _context(self) -> Any:
        context = self._renderer.new_gc()
        context.set_clip_rectangle(self._frame)
        if self._clip is not None:
            context.set_clip_path(self._clip)
        return context

    def _veiled(self, colour: Colour) -> tuple[float, float, float]:
        red, green, blue = (
            round(part * under, 4) for part, under in zip(colour.rgb, self._veil, strict=True)
        )
        return red, green, blue


class Recorder:
    """A pen that remembers, so that the same paths can be drawn twice."""

    def __init__(self) -> None:
        self._calls: list[Callable[[Pen], None]] = []

    def fill(self, path: Path | None, colour: Colour) -> None:
        """Remember a fill."""
        self._calls.append(lambda pen: pen.fill(path, colour))

    def stroke(
        self,
        path: Path | None,
        colour: Colour,
        width: float,
        dash: Sequence[float] = (),
        cap: str = "round",
    ) -> None:
        """Remember a stroke."""
        self._calls.append(lambda pen: pen.stroke(path, colour, width, dash, cap))

    def replay(self, pen: Pen) -> None:
        """Draw everything again, in the same order."""
        for call in self._calls:
            call(pen)


class _Panel(Artist):
    """The one artist of the figure: calls ``draw`` with a pen."""

    def __init__(self, draw: Callable[[PagePen], None], frame: Bbox) -> None:
        super().__init__()
        self._draw = draw
        self._frame = frame

    def draw(self, renderer: RendererBase) -> None:
        _leave_rgb(renderer)
        self._draw(PagePen(renderer, self._frame))


def _leave_rgb(renderer: RendererBase) -> None:
    """Set white in DeviceGray for the whole page.

    A page begins in RGB black, and black would then never be set: printed in four inks.
    """
    context = renderer.new_gc()
    context.set_foreground(_WHITE.rgb)
    renderer.draw_path(context, _NOTHING, _IDENTITY, _WHITE.rgb)


def page(width: float, height: float, draw: Callable[[PagePen], None]) -> bytes:
    """One page of ``width`` × ``height`` mm on which ``draw`` drew; the same bytes every time."""
    size = (to_pt(width), to_pt(height))
    with rc_context(_RC):
        figure = Figure(figsize=(size[0] / 72, size[1] / 72), dpi=72, frameon=False)
        figure.add_artist(_Panel(draw, Bbox.from_bounds(0, 0, *size)))
        target = io.BytesIO()
        canvas = FigureCanvasPdf(figure)
        canvas.print_pdf(target, metadata=_NO_DATES)  # type: ignore[no-untyped-call]
    return target.getvalue()
