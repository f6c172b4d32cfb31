"""Which font covers which run of text; installed fonts first, packaged ones behind them.

reportlab drops a character its font lacks without a word, so text is cut into runs by coverage
and what nothing covers is printed as 〓 and told. Only TrueType outlines can be embedded.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from papermap.errors import StyleError

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

GETA: Final = "〓"  # what Japanese printers set for a character they do not have
PACKAGED: Final = ("IPAexGothic", "DejaVu Sans")
_REGULAR, _SEMIBOLD = 400, 600
_HINT = 5  # characters of a family's name that a file's name must begin with

Op = tuple[str, *tuple[float, ...]]

# Joined emoji, flags and keycaps are one picture: one character stands for all of it.
_PICTURES = re.compile(
    "([\U0001f1e6-\U0001f1ff])[\U0001f1e6-\U0001f1ff]"
    "|([#*0-9])\ufe0f?\u20e3"
    "|([\u2190-\u2bff\U0001f000-\U0001faff])"
    "(?:[\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]|\u200d[\u2190-\u2bff\U0001f000-\U0001faff])+"
)
_COMBINED = re.compile("[^\u0300-\u036f\u3099\u309a][\u0300-\u036f\u3099\u309a]+")
_SPACES = re.compile("[\t\n\v\f\r\x85\u2028\u2029]")
_UNPRINTED = re.compile(  # controls, joiners, bidi overrides, tags, variation selectors
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    "\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_SPECIAL = re.compile(
    f"{_UNPRINTED.pattern}|{_SPACES.pattern}"
    "|[\u0300-\u036f\u20e3\u3099\u309a\U0001f1e6-\U0001f1ff\U0001f3fb-\U0001f3ff]"
)


def printable(text: str) -> str:
    """Text as it is set: no controls and selectors, kana and their marks joined, one 🏳 a flag.

    Whole text is never normalised: that would replace the variant characters of names.
    """
    if not _SPECIAL.search(text):
        return text
    text = _PICTURES.sub(lambda match: next(filter(None, match.groups())), text)
    text = _COMBINED.sub(lambda match: unicodedata.normalize("NFC", match[0]), text)
    return _UNPRINTED.sub("", _SPACES.sub(" ", text))


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text that one font sets; ``font`` is registered in reportlab.

    ``fake_bold`` asks for text render mode 2 (filled and stroked): the font has no bold face.
    """

    text: str
    font: str
    fake_bold: bool = False


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file; ``number`` counts within a collection."""

    family: str
    path: str
    number: int = 0
    bold: bool = False

    @property
    def name(self) -> str:
        """Name under which reportlab knows it."""
        return f"{_plain(self.family)}-{'Bold' if self.bold else 'Regular'}"


class FontSet:
    """Fonts in order of preference; picklable, and cheap to make again in a worker."""

    def __init__(self, faces: Sequence[Face]) -> None:
        self.faces = tuple(faces)
        self._choices: dict[tuple[str, bool], _Choice | None] = {}
        self._regular = _Advances(self, bold=False)
        self._bold = _Advances(self, bold=True)
        self._outlines: dict[tuple[str, bool], tuple[Op, ...]] = {}
        self._registered: set[str] = set()

    def __reduce__(self) -> tuple[type[FontSet], tuple[tuple[Face, ...]]]:
        return FontSet, (self.faces,)

    @classmethod
    def load(cls, families: Sequence[str], *, folders: Sequence[Path] | None = None) -> FontSet:
        """Fonts of the wanted families that are installed, and the packaged ones behind them.

        ``folders`` replaces the usual font folders of this machine.

        Raises
        ------
        StyleError
            When there is not a single font, not even a packaged one.
        """
        searched = _font_folders() if folders is None else tuple(folders)
        faces: dict[str, Face] = {}
        for family in (*families, *PACKAGED):
            for face in _find_family(family, searched):
                faces.setdefault(face.name, face)
        if not faces:
            raise StyleError("No font was found.", "Install papermap again: its fonts are missing.")
        return cls(tuple(faces.values()))

    @property
    def families(self) -> tuple[str, ...]:
        """Families found, in order of preference."""
        return tuple(dict.fromkeys(face.family for face in self.faces))

    def runs(self, text: str, bold: bool = False) -> tuple[Run, ...]:  # noqa: FBT001, FBT002
        """Text cut where the font changes; what nothing covers has become 〓."""
        runs: list[Run] = []
        for char in printable(text):
            choice = self._choice(char, bold=bold)
            shown = char if choice else GETA
            choice = choice or self._choice(GETA, bold=bold) or self._any(bold=bold)
            if runs and (runs[-1].font, runs[-1].fake_bold) == (choice.face.name, choice.fake):
                runs[-1] = Run(runs[-1].text + shown, choice.face.name, choice.fake)
            else:
                self._register(choice.face)
                runs.append(Run(shown, choice.face.name, choice.fake))
        return tuple(runs)

    def width(self, text: str, size_pt: float, bold: bool = False) -> float:  # noqa: FBT001, FBT002
        """Width of the text in pt."""
        advances = self._bold if bold else self._regular
        return size_pt * sum(map(advances.__getitem__, printable(text)))

    def missing(self, text: str) -> str:
        """Characters of the text that no font covers, each once, in order."""
        lacking = (char for char in printable(text) if self._choice(char, bold=False) is None)
        return "".join(dict.fromkeys(lacking))

    def outline(self, char: str, bold: bool = False) -> tuple[Op, ...]:  # noqa: FBT001, FBT002
        """Outline of one character in em from its origin, y up: M, L, C and Z operations."""
        key = (char, bold)
        if key not in self._outlines:
            choice = self._choice(char, bold=bold) or self._choice(GETA, bold=bold)
            self._outlines[key] = choice.font.outline(char, GETA) if choice else ()
        return self._outlines[key]

    def _choice(self, char: str, *, bold: bool) -> _Choice | None:
        key = (char, bold)
        if key not in self._choices:
            self._choices[key] = self._find(char, bold=bold)
        return self._choices[key]

    def _find(self, char: str, *, bold: bool) -> _Choice | None:
        for family in self.families:
            own = sorted(
                (face for face in self.faces if face.family == family),
                key=lambda face: face.bold != bold,
            )
            for face in own:
                font = _open(face)
                if ord(char) in font.glyphs and (bold or not face.bold):
                    return _Choice(face, font, fake=bold and not face.bold)
        return None

    def _any(self, *, bold: bool) -> _Choice:
        return _Choice(self.faces[0], _open(self.faces[0]), fake=bold and not self.faces[0].bold)

    def _register(self, face: Face) -> None:
        if face.name in self._registered:
            return
        from reportlab.pdfbase import pdfmetrics  # noqa: PLC0415 - slow, and workers never need it
        from reportlab.pdfbase.ttfonts import TTFont  # noqa: PLC0415

        if face.name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(face.name, face.path, subfontIndex=face.number))
        self._registered.add(face.name)


class _Advances(dict[str, float]):
    """Advance of each character in em, measured when it is first met."""

    def __init__(self, fonts: FontSet, *, bold: bool) -> None:
        super().__init__()
        self._fonts, self._is_bold = fonts, bold

    def __missing__(self, char: str) -> float:
        choice = self._fonts._choice(char, bold=self._is_bold)  # noqa: SLF001 - one thing in two
        if choice is None:
            advance = 1.0 if char == GETA else self[GETA]
        else:
            advance = choice.font.advance(char)
        self[char] = advance
        return advance


class _Font:
    """Coverage, advances and outlines of one open face."""

    def __init__(self, font: TTFont) -> None:
        self._font = font
        self._unit = 1 / font["head"].unitsPerEm
        self._advances = font["hmtx"]
        self.glyphs: dict[int, str] = font.getBestCmap() or {}

    def advance(self, char: str) -> float:
        return float(self._advances[self.glyphs[ord(char)]][0] * self._unit)

    def outline(self, char: str, instead: str) -> tuple[Op, ...]:
        from fontTools.pens.recordingPen import DecomposingRecordingPen  # noqa: PLC0415
        from fontTools.pens.transformPen import TransformPen  # noqa: PLC0415

        name = self.glyphs.get(ord(char)) or self.glyphs.get(ord(instead))
        if name is None:
            return ()
        glyphs = self._font.getGlyphSet()
        pen = DecomposingRecordingPen(glyphs)
        glyphs[name].draw(TransformPen(pen, (self._unit, 0, 0, self._unit, 0, 0)))
        return _cubic(pen.value)


@dataclass(frozen=True, slots=True)
class _Choice:
    face: Face
    font: _Font
    fake: bool


def _cubic(recorded: Iterable[tuple[str, tuple[tuple[float, float], ...]]]) -> tuple[Op, ...]:
    from fontTools.pens.basePen import BasePen  # noqa: PLC0415 - only halos need outlines

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

    pen = Pen(None)
    for name, points in recorded:
        getattr(pen, name)(*points)
    return tuple(ops)


@functools.cache
def _open(face: Face) -> _Font:
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    return _Font(TTFont(face.path, fontNumber=face.number, lazy=True))


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name)))


def _font_folders() -> tuple[Path, ...]:
    home = Path.home()
    if sys.platform == "win32":
        local = Path(os.environ.get("LOCALAPPDATA", home))
        windows = Path(os.environ.get("WINDIR", "C:/Windows"))
        return (windows / "Fonts", local / "Microsoft/Windows/Fonts")
    if sys.platform == "darwin":
        return (Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts")
    return (
        Path("/usr/share/fonts"),
        Path("/usr/local/share/fonts"),
        home / ".local/share/fonts",
        home / ".fonts",
    )


@functools.cache
def _files(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    found = (
        Path(folder, name)
        for top in (*folders, *_packaged_folders())
        for folder, _, names in os.walk(top)
        for name in names
        if name.lower().endswith((".ttf", ".ttc"))
    )
    return tuple(sorted(found))


def _packaged_folders() -> tuple[Path, ...]:
    # Found, not imported: matplotlib_fontja imports pyplot.
    inside = {"matplotlib_fontja": "fonts", "matplotlib": "mpl-data/fonts/ttf"}
    folders = []
    for package, folder in inside.items():
        spec = importlib.util.find_spec(package)
        if spec is not None and spec.origin:
            folders.append(Path(spec.origin).parent / folder)
    return tuple(folders)


@functools.cache
def _find_family(family: str, folders: tuple[Path, ...]) -> tuple[Face, ...]:
    """Regular and bold face of a family, where there are such."""
    hint = _plain(family).lower()[:_HINT]
    best: dict[bool, tuple[int, Face]] = {}
    for path in _files(folders):
        if not _plain(path.stem).lower().startswith(hint):
            continue
        for number, weight in _faces_in(path, family):
            bold = weight >= _SEMIBOLD
            face = Face(family, str(path), number, bold)
            distance = abs(weight - (700 if bold else _REGULAR))
            if bold not in best or distance < best[bold][0]:
                best[bold] = (distance, face)
    return tuple(best[bold][1] for bold in sorted(best))


def _faces_in(path: Path, family: str) -> list[tuple[int, int]]:
    """Number and weight of the usable upright faces of that family in a file."""
    from fontTools.ttLib import TTCollection, TTFont, TTLibError  # noqa: PLC0415

    try:
        if path.suffix.lower() == ".ttc":
            fonts = list(TTCollection(str(path), lazy=True).fonts)
        else:
            fonts = [TTFont(str(path), lazy=True)]
        return [
            (number, int(font["OS/2"].usWeightClass))
            for number, font in enumerate(fonts)
            if _usable(font) and _named(font, family)
        ]
    except (OSError, TTLibError, KeyError):
        return []  # a broken font on the machine is not the user's matter


def _usable(font: TTFont) -> bool:
    """TrueType outlines, not variable, upright, and allowed to be embedded as a subset."""
    forbidden = font["OS/2"].fsType
    return (
        "glyf" in font
        and "fvar" not in font
        and not font["head"].macStyle & 0b10
        and forbidden & 0xF != 0b10
        and not forbidden & 0x0300
    )


def _named(font: TTFont, family: str) -> bool:
    wanted = _plain(family).lower()
    names = font["name"].names
    return any(_plain(str(name)).lower() == wanted for name in names if name.nameID in (1, 16))
