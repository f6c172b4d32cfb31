"""Fonts in order of preference, as one: runs, widths, outlines, and what is missing."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Final

from papermap.errors import StyleError
from papermap.fonts.face import Op, open_face
from papermap.fonts.find import Face, find_family, font_folders, packaged_folders
from papermap.fonts.text import GETA, printable

PACKAGED: Final = ("IPAexGothic", "DejaVu Sans")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text that one font sets; ``font`` is registered in reportlab.

    ``fake_bold`` asks for text render mode 2 (filled and stroked): the font has no bold face.
    """

    text: str
    font: str
    fake_bold: bool = False


@dataclass(frozen=True, slots=True)
class _Choice:
    """How one character is set: what is shown for it, in which face."""

    shown: str
    face: Face
    fake: bool
    covered: bool = True


class FontSet:
    """Fonts in order of preference; picklable, and cheap to make again in a worker."""

    def __init__(self, faces: Sequence[Face]) -> None:
        self.faces = tuple(faces)
        self._choices = {bold: _Choices(self, bold=bold) for bold in (False, True)}
        self._advances = {bold: _Advances(self._choices[bold]) for bold in (False, True)}
        self._outlines: dict[tuple[str, bool], tuple[Op, ...]] = {}
        self._registered: set[Face] = set()

    def __reduce__(self) -> tuple[type[FontSet], tuple[tuple[Face, ...]]]:
        return FontSet, (self.faces,)

    @classmethod
    def load(
        cls,
        families: Sequence[str],
        *,
        folders: Sequence[Path] | None = None,
        first: Sequence[Path] = (),
    ) -> FontSet:
        """Fonts of the wanted families that are installed, and the packaged ones behind them.

        ``folders`` replaces the usual font folders of this machine; a family found in those of
        ``first`` is taken from there.

        Raises
        ------
        StyleError
            When there is not a single font, not even a packaged one.
        """
        own = font_folders() if folders is None else tuple(folders)
        searched = (*own, *packaged_folders())
        wanted = dict.fromkeys((*families, *PACKAGED))
        faces = [
            face
            for family in wanted
            for face in find_family(family, tuple(first)) or find_family(family, searched)
        ]
        if not faces:
            raise StyleError("No font was found.", "Install papermap again: its fonts are missing.")
        return cls(faces)

    @property
    def families(self) -> tuple[str, ...]:
        """Families found, in order of preference."""
        return tuple(dict.fromkeys(face.family for face in self.faces))

    def runs(self, text: str, bold: bool = False) -> tuple[Run, ...]:  # noqa: FBT001, FBT002
        """Text cut where the font changes; what nothing covers has become 〓."""
        choices = map(self._choices[bold].__getitem__, printable(text))
        return tuple(
            Run("".join(choice.shown for choice in group), self._register(face), fake)
            for (face, fake), group in groupby(choices, lambda choice: (choice.face, choice.fake))
        )

    def width(self, text: str, size_pt: float, bold: bool = False) -> float:  # noqa: FBT001, FBT002
        """Width of the text in pt."""
        return size_pt * sum(map(self._advances[bold].__getitem__, printable(text)))

    def missing(self, text: str) -> str:
        """Characters of the text that no font covers, each once, in order."""
        choices = self._choices[False]
        return "".join(dict.fromkeys(c for c in printable(text) if not choices[c].covered))

    def outline(self, char: str, bold: bool = False) -> tuple[Op, ...]:  # noqa: FBT001, FBT002
        """Outline of one character in em from its origin, y up: M, L, C and Z operations."""
        key = (char, bold)
        if key not in self._outlines:
            choice = self._choices[bold][char]
            self._outlines[key] = open_face(choice.face).outline(choice.shown[0])
        return self._outlines[key]

    def choose(self, char: str, *, bold: bool) -> _Choice:
        """How a character is set: itself, its plain form (① as 1, ㍻ as 平成), or 〓."""
        for shown in dict.fromkeys((char, unicodedata.normalize("NFKC", char))):
            found = self._covering(shown, bold=bold)
            if found:
                return _Choice(shown, found, fake=bold and not found.bold)
        for shown in (GETA, "?"):
            found = self._covering(shown, bold=bold)
            if found:
                return _Choice(shown, found, fake=bold and not found.bold, covered=False)
        raise StyleError(
            "No font has “{char}”.", "Name a font with Latin letters in the style.", char=char
        )

    def _covering(self, text: str, *, bold: bool) -> Face | None:
        for family in self.families:
            own = [face for face in self.faces if face.family == family and bold >= face.bold]
            for face in sorted(own, key=lambda face: face.bold != bold):
                if open_face(face).covers(text):
                    return face
        return None

    def _register(self, face: Face) -> str:
        if face not in self._registered:
            from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - slow; workers only measure
            from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

            if face.name not in pdfmetrics.getRegisteredFontNames():
                pdfmetrics.registerFont(TTFont(face.name, face.path, subfontIndex=face.number))
            self._registered.add(face)
        return face.name


class _Choices(dict[str, _Choice]):
    """The choice for each character, made when it is first met."""

    def __init__(self, fonts: FontSet, *, bold: bool) -> None:
        super().__init__()
        self._fonts, self._bold = fonts, bold

    def __missing__(self, char: str) -> _Choice:
        choice = self[char] = self._fonts.choose(char, bold=self._bold)
        return choice


class _Advances(dict[str, float]):
    """Advance of each character in em, measured when it is first met."""

    def __init__(self, choices: _Choices) -> None:
        super().__init__()
        self._choices = choices

    def __missing__(self, char: str) -> float:
        choice = self._choices[char]
        advance = self[char] = open_face(choice.face).advance(choice.shown)
        return advance
