"""Font files by family name: on this machine, and those that come with Python packages.

No index is kept and nothing is scanned whole: only files whose names begin like the family's are
opened, and of those only the tables that tell their names.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import struct
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_HINT: Final = 5  # a file's name begins with as many characters of its family's: BIZ-UD…, YuGoth…
_REGULAR, _SEMIBOLD, _BOLD = 400, 600, 700
_NAMES: Final = (1, 16)  # family, typographic family
_LICENCES: Final = (13, 14)  # the licence's words, and its address
_FREE: Final = (
    "SIL Open Font License",
    "scripts.sil.org/OFL",
    "openfontlicense.org",
    "IPA Font License",
)


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


@functools.cache
def find_family(family: str, folders: tuple[Path, ...]) -> tuple[Face, ...]:
    """Regular and bold face of a family, as far as there are such, regular first."""
    best: dict[bool, tuple[int, Face]] = {}
    hint = _plain(family).lower()[:_HINT]
    for path in _files(folders):
        if not _plain(path.stem).lower().startswith(hint):
            continue
        for number, weight in _faces_in(path, family):
            bold = weight >= _SEMIBOLD
            distance = abs(weight - (_BOLD if bold else _REGULAR))
            if bold not in best or distance < best[bold][0]:
                best[bold] = (distance, Face(family, str(path), number, bold))
    return tuple(best[bold][1] for bold in sorted(best))


def font_folders() -> tuple[Path, ...]:
    """The usual font folders of this machine."""
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


def packaged_folders() -> tuple[Path, ...]:
    """Folders of the fonts that come with Python packages."""
    # Found, not imported: matplotlib_fontja imports pyplot.
    inside = {"matplotlib_fontja": "fonts", "matplotlib": "mpl-data/fonts/ttf"}
    folders = []
    for package, folder in inside.items():
        spec = importlib.util.find_spec(package)
        if spec and spec.origin:
            folders.append(Path(spec.origin).parent / folder)
    return tuple(folders)


@functools.cache
def _files(folders: tuple[Path, ...]) -> tuple[Path, ...]:
    found = (
        Path(folder, name)
        for top in folders
        for folder, _, names in os.walk(top)
        for name in names
        if name.lower().endswith((".ttf", ".ttc"))
    )
    return tuple(sorted(found))


def may_be_handed_on(face: Face) -> bool:
    """Whether the font's own words say that its licence allows that: SIL's or IPA's."""
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415 - slow

    try:
        with TTFont(face.path, fontNumber=face.number, lazy=True) as font:
            said = " ".join(str(n) for n in font["name"].names if n.nameID in _LICENCES)
    except (OSError, TTLibError, KeyError):
        return False
    return any(licence in said for licence in _FREE)


def _faces_in(path: Path, family: str) -> list[tuple[int, int]]:
    """Number and weight of the usable faces of that family in a file."""
    from fontTools.ttLib import TTFont, TTLibError  # noqa: PLC0415 - slow

    try:
        with path.open("rb") as file:
            return [
                (number, int(font["OS/2"].usWeightClass))
                for number in range(_count(file))
                if _named(font := TTFont(file, fontNumber=number, lazy=True), family)
                and _usable(font)
            ]
    except (OSError, TTLibError, KeyError, struct.error):
        return []  # a broken font on the machine is not the user's matter


def _count(file: BinaryIO) -> int:
    """How many faces a font file holds."""
    start = file.read(12)
    file.seek(0)
    return int(struct.unpack(">L", start[8:])[0]) if start[:4] == b"ttcf" else 1


def _named(font: TTFont, family: str) -> bool:
    wanted = _plain(family).lower()
    names = (str(name) for name in font["name"].names if name.nameID in _NAMES)
    return any(_plain(name).lower() == wanted for name in names)


def _usable(font: TTFont) -> bool:
    """TrueType outlines, not variable, upright, and allowed to be embedded as a subset."""
    licence = font["OS/2"].fsType
    return (
        "glyf" in font
        and "fvar" not in font
        and not font["head"].macStyle & 0b10  # italic
        and licence & 0xF != 0b10  # restricted
        and not licence & 0x0300  # no subsets, bitmaps only
    )


def _plain(name: str) -> str:
    return "".join(filter(str.isalnum, unicodedata.normalize("NFKC", name)))
