"""A scale bar of a length on the ground, in parts, with figures over it."""

from __future__ import annotations

from typing import Final

from papermap.pages.kit import BLACK, WHITE, Ink
from papermap.pages.model import Book
from papermap.units import MM_PER_PT, Box

_HIGH: Final = 1.0  # mm


def bar_width(book: Book, metres: float, wide: float) -> float:
    """Width in mm of a bar ``wide`` mm long, with what its last figure stands out."""
    size = book.style.type.minimum
    figure, unit = _figure(metres, in_km=metres >= 2000), " km" if metres >= 2000 else " m"
    return wide - book.metrics.width(figure, size) / 2 + book.metrics.width(f"{figure}{unit}", size)


def draw_bar(ink: Ink, book: Book, metres: float, ends: tuple[float, float], y: float) -> float:
    """Draw a bar of so many metres between two ends, its foot at ``y``; returns the right edge."""
    x0, x1 = ends
    parts = 5 if round(metres / 4) * 4 != round(metres) else 4
    for i in range(parts):
        part = Box(x0 + (x1 - x0) * i / parts, y, x0 + (x1 - x0) * (i + 1) / parts, y + _HIGH)
        ink.box(part, fill=BLACK if i % 2 == 0 else WHITE, stroke=BLACK, width=0.2)
    small = book.style.type.minimum
    edge = _draw_figures(ink, book, metres, ends, y + _HIGH + 0.1 + 0.12 * small * MM_PER_PT, parts)
    return max(edge, x1)


def _draw_figures(  # noqa: PLR0917
    ink: Ink, book: Book, cell: float, ends: tuple[float, float], baseline: float, count: int
) -> float:
    """Lengths over the bar, the last with its unit, as many as have room; the right edge."""
    size = book.style.type.minimum
    x0, x1 = ends
    in_km = cell >= 2000
    unit = " km" if in_km else " m"
    edge, last = 0.0, f"{_figure(cell, in_km=in_km)}{unit}"
    figure_wide = ink.width(_figure(cell, in_km=in_km), size)
    end = x1 - figure_wide / 2 + ink.width(last, size)
    for i in range(count):
        text, x = _figure(cell * i / count, in_km=in_km), x0 + (x1 - x0) * i / count
        half = ink.width(text, size) / 2
        if x - half > edge + 0.8 * (i > 0) and x + half < x1 - figure_wide / 2 - 0.8:
            ink.text(x, baseline, text, size, align="center")
            edge = x + half
    ink.text(x1 - figure_wide / 2, baseline, last, size)
    return end


def _figure(metres: float, *, in_km: bool) -> str:
    return f"{metres / 1000:g}" if in_km else f"{metres:g}"
