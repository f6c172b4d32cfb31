"""TOML in ``styles/`` → a typed :class:`Style`; every look is decided there, none in code."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

import msgspec

from papermap import resources
from papermap.errors import StyleError


class Colour(str):
    """A colour as style files write it: ``K12`` (12 % black), ``white``, or RGB ``0053C8``."""

    __slots__ = ()

    @property
    def grey(self) -> float | None:
        """0 (black) … 1 (white) for K colours and white, None for hex colours."""
        if self == "white":
            return 1.0
        if self.startswith("K"):
            return 1 - float(self[1:]) / 100
        return None

    @property
    def rgb(self) -> tuple[float, float, float]:
        """Red, green, blue in 0 … 1; the three are equal for greys (written as DeviceGray)."""
        grey = self.grey
        if grey is not None:
            return (grey, grey, grey)
        return tuple(int(self[i : i + 2], 16) / 255 for i in (0, 2, 4))  # type: ignore[return-value]


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of the style's tables: immutable, and a misspelt key is an error."""


class Type(_Table, frozen=True):
    """Sizes of type in pt and the font families in order of preference."""

    families: tuple[str, ...]
    sheet_number: float = 28
    title: float = 14
    subtitle: float = 9
    header: float = 9  # places of the sheet, oldest information, edition
    as_of: float = 11
    grid: float = 10
    address: float = 8  # neighbours' own addresses in the overlap band
    neighbour: float = 14
    heading: float = 11
    heading_second: float = 9
    row: float = 9
    tag: float = 8.5
    tag_compact: float = 7
    scale: float = 10
    footer: float = 7.5
    overview_number: float = 22
    minimum: float = 7


class Layout(_Table, frozen=True):
    """Lengths on paper in mm."""

    margin: float = 8
    header: float = 15
    gap: float = 2.2
    band: float = 4
    map_share: float = 0.527  # of the page's height (portrait) or width (landscape), with its band
    list_gap: float = 2.6
    footer: float = 10
    gutter: float = 5
    column: float = 94.5  # wanted width of a list column
    heading: float = 6.6
    row: float = 4.06
    line: float = 3.5
    row_sign: float = 3
    cell: float = 40
    qr: float = 15


class Marks(_Table, frozen=True):
    """Signs, tags and leader lines in mm."""

    sign: float = 5.6
    tag_height: float = 4
    clearance: float = 0.55
    dot: float = 1.2
    leader: float = 0.28
    outline: float = 0.35
    cross: float = 0.6
    halo: float = 0.4
    compact_sign: float = 3.5  # where a sheet is too dense for the full size
    compact_tag_height: float = 3.0
    overview_sign: float = 2.2


class Rule(_Table, frozen=True):
    """One stroke or fill of the base map; rules paint in the order of the file.

    ``classes`` and ``subclasses`` choose features by their fields (empty: all). ``widths``
    are mm on paper at 1:10,000. ``scales`` = (largest, smallest) N of 1:N at which it is drawn.
    """

    layer: str
    draw: Literal["fill", "line", "ticks", "dots", "icon"]
    classes: tuple[str, ...] = ()
    subclasses: tuple[str, ...] = ()
    not_classes: tuple[str, ...] = ()
    brunnel: tuple[str, ...] = ()
    not_brunnel: tuple[str, ...] = ()
    admin_levels: tuple[int, ...] = ()
    colour: Colour = Colour("K100")
    width: float = 0.13
    dash: tuple[float, ...] = ()
    spacing: float = 0  # of ticks and dots, mm
    length: float = 0  # of ticks, mm
    inset: float = 0  # a line drawn this far inside an area (waterlines), mm
    minimum_area: float = 0  # mm² on paper; smaller areas are dropped
    merge: float = 0  # lines running within this distance of another are drawn once, mm
    simplify: float = 0.05  # bends smaller than this are left out, mm
    scales: tuple[int, int] = (1, 10_000_000)
    where: Literal["sheet", "overview", "both"] = "both"


class NameStyle(_Table, frozen=True):
    """How one kind of base-map name is set; ``scales`` as in :class:`Rule`."""

    layer: str
    size: float  # pt
    classes: tuple[str, ...] = ()
    bold: bool = False
    spacing: float = 0  # extra between characters, in em
    halo: float = 0.5  # mm
    colour: Colour = Colour("K100")
    along: bool = False  # along the line
    second: bool = False  # the second language under the first
    icon: str = ""  # a drawing of signs.toml before or under the name
    rank: int = 50  # smaller is placed first
    most: int = 40  # names of this kind on one sheet
    repeat: float = 80  # mm between repetitions of the same line name
    obstacle: bool = False
    scales: tuple[int, int] = (1, 10_000_000)
    where: Literal["sheet", "overview", "both"] = "both"


class Pattern(_Table, frozen=True):
    """How lines and areas that came with the points are drawn, by category key or ``default``."""

    colour: Colour = Colour("K100")
    width: float = 0.5
    casing: float = 0  # white under the line, mm on each side
    dash: tuple[float, ...] = ()
    crosses: float = 0  # spacing of crosses along a line, mm
    cross_size: float = 2.2
    hatch: float = 0  # spacing of hatch lines in an area, mm
    hatch_angle: float = 45
    hatch_width: float = 0.13


class GridLines(_Table, frozen=True):
    """Lines of the sheet's own grid and of UTM on the map, mm."""

    colour: Colour = Colour("K100")
    cell: float = 0.14
    cell_dash: tuple[float, ...] = (0.14, 1.1)
    core: float = 0.18
    utm: float = 0.25
    utm_tick: float = 4
    utm_cross: float = 5


class Style(_Table, frozen=True):
    """A whole look: type, lengths, marks, colours, base-map rules, names, patterns."""

    name: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    type: Type
    layout: Layout = Layout()
    marks: Marks = Marks()
    colours: Mapping[str, Colour] = {}  # by category key; missing: "default", else K100
    overlap_tint: Colour = Colour("K4")
    grid: GridLines = GridLines()
    rules: tuple[Rule, ...] = ()
    names: Mapping[str, NameStyle] = {}
    patterns: Mapping[str, Pattern] = {}

    def category_colour(self, key: str) -> Colour:
        """Colour of a category's sign."""
        return self.colours.get(key) or self.colours.get("default") or Colour("K100")


def style_folder() -> Path:
    """Folder of the styles that come with papermap."""
    return resources.folder("styles")


def style_names() -> tuple[str, ...]:
    """Names of the packaged styles, the default first."""
    found = sorted(path.stem for path in (style_folder()).glob("*.toml"))
    return tuple(sorted(found, key=lambda name: name != "mono"))


def load_style(name: str) -> Style:
    """Style by its packaged name, or from a file whose path ends in ``.toml``.

    A style may say ``extends = "mono"``: its tables are laid over that one's, ``rules`` replace
    the other's whole.

    Raises
    ------
    StyleError
        For an unknown name (with the nearest one), or a file that is not a style.
    """
    return _convert(_load_tables(name, ()), name)


def _load_tables(name: str, seen: tuple[str, ...]) -> dict[str, Any]:
    if name in seen:
        raise StyleError(f"Style “{name}” extends itself.", "Remove one of the “extends” lines.")
    path = _style_path(name)
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise StyleError(f"Style file {path.name} cannot be read: {error}.") from error
    parent = tables.pop("extends", None)
    if parent is None:
        return tables
    return _overlay(_load_tables(str(parent), (*seen, name)), tables)


def _style_path(name: str) -> Path:
    if name.endswith(".toml"):
        return Path(name)
    path = style_folder() / f"{name}.toml"
    if name in style_names():
        return path
    near = difflib.get_close_matches(name, style_names(), n=1, cutoff=0.4)
    nearest = f"Did you mean “{near[0]}”? " if near else ""
    raise StyleError(f"Unknown style “{name}”.", f"{nearest}There are {', '.join(style_names())}.")


def _overlay(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        both = isinstance(old, Mapping) and isinstance(value, Mapping)
        merged[key] = _overlay(old, value) if both else value  # type: ignore[arg-type]
    return merged


def _convert(tables: Mapping[str, Any], name: str) -> Style:
    def decode(kind: type, value: Any) -> Any:
        if kind is Colour and isinstance(value, str):
            return _colour(value)
        raise NotImplementedError(kind)

    try:
        return msgspec.convert(tables, Style, dec_hook=decode)
    except (msgspec.ValidationError, ValueError) as error:
        raise StyleError(f"Style “{name}” is wrong: {error}.") from error


def _colour(text: str) -> Colour:
    colour = Colour(text)
    try:
        valid = all(0 <= part <= 1 for part in colour.rgb) and (
            colour.grey is not None or len(text) == 6
        )
    except ValueError:
        valid = False
    if not valid:
        raise ValueError(f"“{text}” is not a colour: write K0 to K100, white or RRGGBB")
    return colour
