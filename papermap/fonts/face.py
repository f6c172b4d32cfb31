"""What one face can set: coverage, advances and outlines, read from its file when asked."""

from __future__ import annotations

import functools
import io
from pathlib import Path
from typing import TYPE_CHECKING

from papermap.fonts.find import Face

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

Op = tuple[str, *tuple[float, ...]]


class OpenFace:
    """Coverage, advances and outlines of one face, in em."""

    def __init__(self, font: TTFont) -> None:
        self._font = font
        # by number: to find the names of all glyphs takes longer than all else
        font.setGlyphOrder([f"glyph{n:05d}" for n in range(font["maxp"].numGlyphs)])
        self._unit = 1 / font["head"].unitsPerEm
        self._advances = font["hmtx"]
        self._glyphs: dict[int, str] = font.getBestCmap() or {}

    def covers(self, text: str) -> bool:
        """Whether it has every character of the text."""
        return all(ord(char) in self._glyphs for char in text)

    def advance(self, text: str) -> float:
        """Width of text that it covers."""
        units = sum(self._advances[self._glyphs[ord(char)]][0] for char in text)
        return float(units * self._unit)

    def outline(self, char: str) -> tuple[Op, ...]:
        """Outline of one character that it covers, y up from the baseline."""
        from fontTools.pens.basePen import BasePen  # noqa: PLC0415 - only halos need outlines
        from fontTools.pens.transformPen import TransformPen  # noqa: PLC0415

        ops: list[Op] = []

        class Pen(BasePen):  # type: ignore[misc] # fontTools is not typed
            def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
                ops.append(("M", *pt))

            def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
                ops.append(("L", *pt))

            def _curveToOne(self, *pts: tuple[float, float]) -> None:  # noqa: N802
                ops.append(("C", *(value for pt in pts for value in pt)))

            def _closePath(self) -> None:  # noqa: N802
                ops.append(("Z",))

        glyphs = self._font.getGlyphSet()
        to_em = (self._unit, 0, 0, self._unit, 0, 0)
        glyphs[self._glyphs[ord(char)]].draw(TransformPen(Pen(glyphs), to_em))
        return tuple(ops)


@functools.cache
def open_face(face: Face) -> OpenFace:
    """The face with its tables at hand, opened once in a process."""
    from fontTools.ttLib import TTFont  # noqa: PLC0415 - slow

    data = io.BytesIO(Path(face.path).read_bytes())  # no file is left open behind a lazy font
    return OpenFace(TTFont(data, fontNumber=face.number, lazy=True))
