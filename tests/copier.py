"""A photocopier for tests: one bit at 200 dpi, a little smaller, blurred, noisy, with specks.

What it makes of a page is read again by template matching, as a tired eye would.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import pypdfium2
from numpy.typing import NDArray
from pages_fake import fonts
from reportlab.pdfgen.canvas import Canvas

from papermap.pages.kit import Ink
from papermap.pages.text import Metrics
from papermap.signs import load_signs
from papermap.style import Style
from papermap.units import MM_PER_PT, to_pt

Grey = NDArray[np.float32]  # 0 white … 1 black
Bits = NDArray[np.bool_]  # True black

FINE: Final = 600  # dpi of the printer
COARSE: Final = 200  # dpi of the copier
SHRINK: Final = 0.97
_BLUR, _NOISE, _THRESHOLD, _SPECKS = 0.55, 0.06, 0.38, 0.0004


def printed(pdf: Path | bytes, page: int) -> Grey:
    """A page as a black printer prints it, in grey."""
    source = pdf if isinstance(pdf, bytes) else str(pdf)
    with pypdfium2.PdfDocument(source) as document:
        picture = document[page].render(scale=FINE / 72, grayscale=True).to_numpy()
    return 1 - np.asarray(picture.reshape(picture.shape[:2]), np.float32) / 255


def copied(page: Grey, seed: int, generations: int = 2) -> Bits:
    """A copy of a copy: each 3 % smaller than what lay on the glass."""
    rng = np.random.default_rng(seed)
    seen = page
    scale = SHRINK * COARSE / FINE
    for _ in range(generations):
        seen = cv2.resize(seen, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        shift = np.array([[1, 0, rng.uniform(-0.5, 0.5)], [0, 1, rng.uniform(-0.5, 0.5)]])
        seen = cv2.warpAffine(seen, shift, seen.shape[::-1], flags=cv2.INTER_LINEAR)
        seen = cv2.GaussianBlur(seen, (0, 0), _BLUR)
        seen = seen + rng.normal(0, _NOISE, seen.shape).astype(np.float32)
        black = seen > _THRESHOLD
        specks = rng.random(black.shape) < _SPECKS
        seen = (black ^ specks).astype(np.float32)
        scale = SHRINK
    return seen > _THRESHOLD


def pixels_per_mm(generations: int = 2) -> float:
    """Of a copy, for what was one mm on the print."""
    return COARSE / 25.4 * SHRINK**generations


def cut(copy: Bits, middle: tuple[float, float], side: float, high: float) -> Grey:
    """A square of ``side`` mm about a place on the print (mm from its lower left)."""
    scale = pixels_per_mm()
    half = round(side * scale / 2)
    column = round(middle[0] * scale)
    row = round((high - middle[1]) * scale)
    part = copy[max(0, row - half) : row + half + 1, max(0, column - half) : column + half + 1]
    return part.astype(np.float32)


def likeness(seen: Grey, template: Grey) -> float:
    """How well a template is found somewhere in what is seen: 1 is all of it."""
    if seen.shape[0] < template.shape[0] or seen.shape[1] < template.shape[1]:
        return -1.0
    return float(cv2.matchTemplate(seen, template, cv2.TM_CCOEFF_NORMED).max())


def nearest(seen: Grey, templates: Mapping[str, Grey]) -> str:
    """Name of the template that is most like what is seen."""
    return max(templates, key=lambda name: likeness(seen, templates[name]))


def specimen(
    style: Style, count: int, step: float, draw: Callable[[Ink, int, float, float], None]
) -> tuple[bytes, Sequence[tuple[float, float]], float]:
    """A page of ``count`` things ``step`` mm apart, their middles, and the page's height in mm."""
    across = 16
    rows = -(-count // across)
    wide, high = (across + 1) * step, (rows + 1) * step
    out = io.BytesIO()
    faces = fonts(tuple(style.type.families))
    canvas = Canvas(
        out,
        pagesize=(to_pt(wide), to_pt(high)),
        invariant=1,
        initialFontName=faces.runs("0")[0].font,
    )
    ink = Ink(canvas, faces, load_signs(), style, Metrics(faces))
    middles = [((i % across + 1) * step, high - (i // across + 1) * step) for i in range(count)]
    for i, (x, y) in enumerate(middles):
        draw(ink, i, x, y)
    canvas.save()
    return out.getvalue(), middles, high


def figures(style: Style, size: float) -> Mapping[str, Grey]:
    """What the ten figures look like on a copy, in bold type of ``size`` pt: the mean of some."""
    each = 8
    step = 1.5 * size * MM_PER_PT
    side = 0.9 * size * MM_PER_PT

    def draw(ink: Ink, i: int, x: float, y: float) -> None:
        ink.middle(x, y, str(i % 10), size, bold=True)

    pdf, middles, high = specimen(style, 10 * each, step, draw)
    copy = copied(printed(pdf, 0), seed=10)
    found: dict[str, list[Grey]] = {}
    for i, middle in enumerate(middles):
        found.setdefault(str(i % 10), []).append(cut(copy, middle, side, high))
    means = {name: np.mean(seen, axis=0, dtype=np.float32) for name, seen in found.items()}
    return {name: _between(mean) for name, mean in means.items()}


def _between(mean: Grey) -> Grey:
    """A figure with a pixel of white round it."""
    mean = np.pad(mean, 1)
    rows, columns = np.nonzero(mean > _THRESHOLD)
    return mean[rows.min() - 1 : rows.max() + 2, columns.min() - 1 : columns.max() + 2]


def number_in(seen: Grey, known: Mapping[str, Grey], *, sure: float = 0.62) -> str:
    """The figures that are found in what is seen, from left to right."""
    fields = {
        name: cv2.matchTemplate(np.pad(seen, 6), figure, cv2.TM_CCOEFF_NORMED).max(axis=0)
        for name, figure in known.items()
    }
    centres = {name: known[name].shape[1] / 2 for name in known}
    apart = float(np.median([figure.shape[1] for figure in known.values()])) * 0.65
    found: list[tuple[float, str]] = []
    ranked = sorted(
        (
            (-float(value), column + centres[name], name)
            for name, field in fields.items()
            for column, value in enumerate(field)
        ),
    )
    for unlike, column, name in ranked:
        if -unlike < sure:
            break
        if all(abs(column - other) > apart for other, _ in found):
            found.append((column, name))
    return "".join(name for _, name in sorted(found))
