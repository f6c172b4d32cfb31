"""The only door to matplotlib: strokes and fills of paths in points, on one page of a PDF.

Drawing straight on the renderer costs a fifth of what an artist for every path costs.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from typing import Any

from matplotlib import rc_context
from matplotlib.artist import Artist
from matplotlib.backend_bases import RendererBase
from matplotlib.backends.backend_pdf import FigureCanvasPdf
from matplotlib.figure import Figure
from matplotlib.path import Path
from matplotlib.transforms import Bbox, IdentityTransform

from papermap.style import Colour
from papermap.units import PT_PER_MM, to_pt

_RC: dict[Any, Any] = {"pdf.compression": 9, "pdf.inheritcolor": False, "path.simplify": False}
_NO_DATES = {"CreationDate": None, "Producer": None, "Creator": None}
_IDENTITY = IdentityTransform()


class Pen:
    """Strokes and fills paths; widths and dashes in mm on paper."""

    def __init__(self, renderer: RendererBase, clip: Bbox) -> None:
        self._renderer = renderer
        self._clip = clip

    def fill(self, path: Path | None, colour: Colour, alpha: float = 1.0) -> None:
        """Fill non-zero, without an outline."""
        if path is None:
            return
        context = self._context()
        context.set_linewidth(0)
        self._renderer.draw_path(context, path, _IDENTITY, (*colour.rgb, alpha))

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
        context.set_foreground(colour.rgb)
        context.set_linewidth(round(width * PT_PER_MM, 3))
        context.set_joinstyle("round")
        context.set_capstyle(cap)
        if dash:
            context.set_dashes(0, [round(to_pt(length), 3) for length in dash])
        self._renderer.draw_path(context, path, _IDENTITY)

    def _context(self) -> Any:
        context = self._renderer.new_gc()
        context.set_clip_rectangle(self._clip)
        return context


class _Panel(Artist):
    """The one artist of the figure: calls ``draw`` with a pen."""

    def __init__(self, draw: Callable[[Pen], None], clip: Bbox) -> None:
        super().__init__()
        self._draw = draw
        self._frame = clip

    def draw(self, renderer: RendererBase) -> None:
        self._draw(Pen(renderer, self._frame))


def page(width: float, height: float, draw: Callable[[Pen], None]) -> bytes:
    """One page of ``width`` × ``height`` mm on which ``draw`` drew; the same bytes every time."""
    size = (to_pt(width), to_pt(height))
    with rc_context(_RC):
        figure = Figure(figsize=(size[0] / 72, size[1] / 72), dpi=72, frameon=False)
        figure.add_artist(_Panel(draw, Bbox.from_bounds(0, 0, *size)))
        target = io.BytesIO()
        FigureCanvasPdf(figure).print_pdf(target, metadata=_NO_DATES)  # type: ignore[no-untyped-call]
    return target.getvalue()
