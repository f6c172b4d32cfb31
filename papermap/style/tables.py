"""What a style says: sizes, lengths, lines and colours, rules of the base map, names, patterns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Final, Literal, get_args

import msgspec

from papermap.model import kin


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


_LEAST_CONTRAST: Final = 1.9  # of a sign against the paper
THINNEST: Final = 0.08  # mm: a black line that a laser printer and a copier after it still hold

_Size = Annotated[float, msgspec.Meta(gt=0, le=1000)]
_Length = Annotated[float, msgspec.Meta(ge=0, le=1000)]
_Share = Annotated[float, msgspec.Meta(ge=0.2, le=0.9)]


class Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base of the style's tables: immutable, and a misspelt key is an error."""


Weighted = Literal[
    "sheet_number", "title", "as_of", "grid", "neighbour", "heading", "name", "cell", "scale"
]


class Type(Table, frozen=True):
    """Sizes of type in pt and the font families in order of preference.

    ``bold`` are the texts in bold type; numbers of points and what is an exception always are.
    """

    families: tuple[str, ...]
    sheet_number: _Size = 28
    title: _Size = 14
    subtitle: _Size = 9
    header: _Size = 9  # places of the sheet, oldest information, edition
    as_of: _Size = 11
    grid: _Size = 10
    address: _Size = 8  # neighbours' own addresses in the overlap band
    neighbour: _Size = 14
    heading: _Size = 11
    heading_second: _Size = 9
    row: _Size = 9
    row_larger: tuple[_Size, ...] = ()  # sizes that a list is set in where it takes no more pages
    tag: _Size = 8.5
    scale: _Size = 10
    footer: _Size = 7.5
    overview_number: _Size = 22
    minimum: _Size = 7  # nothing on paper is smaller; names of the base map grow to it
    bold: tuple[Weighted, ...] = get_args(Weighted)


class Layout(Table, frozen=True):
    """Lengths on paper in mm."""

    margin: _Length = 8
    binding: _Length = 0  # more on the left of a front, on the right of a back
    header: _Length = 15
    gap: _Length = 2.2
    band: _Length = 4
    map_share: _Share = 0.527  # of the page's height (portrait) or width (landscape), with its band
    map_shares: tuple[_Share, ...] = ()  # others that an atlas may take, as its rows ask for
    list_gap: _Length = 2.6
    footer: _Length = 10
    gutter: _Length = 5
    column: _Size = 94.5  # wanted width of a list column
    heading: _Size = 6.6
    row: _Size = 4.06
    line: _Size = 3.5
    row_sign: _Length = 3
    readings: bool = False  # the kana of names with kanji, in the lists
    cell: _Size = 40
    qr: _Length = 15


class Compact(Table, frozen=True):
    """A smaller mark, mm; ``tag`` is the type of its number in pt."""

    sign: _Size
    tag_height: _Size
    tag: _Size
    clearance: _Length = 0.5
    padding: _Length = 0.5
    dot: _Length = 1.2


class Marks(Table, frozen=True):
    """Signs, tags and leader lines in mm."""

    sign: _Size = 5.6
    tag_height: _Size = 4
    clearance: _Length = 0.55
    dot: _Length = 1.2
    leader: _Length = 0.28
    outline: _Length = 0.35
    cross: _Length = 0.75
    halo: _Length = 0.4
    compact: tuple[Compact, ...] = (  # where a sheet is too dense for the full size
        Compact(sign=4.8, tag_height=3.6, tag=8),
        Compact(sign=4.1, tag_height=3.3, tag=7.5, clearance=0.45),
        Compact(sign=3.5, tag_height=3, tag=7, clearance=0.4, padding=0.4, dot=1),
        Compact(sign=2.8, tag_height=2.7, tag=7, clearance=0.3, padding=0.35, dot=1),
    )
    overview_sign: _Size = 2.2


class Rule(Table, frozen=True):
    """One stroke or fill of the base map; rules paint in the order of the file.

    ``classes`` and ``subclasses`` choose features by their fields (empty: all). ``widths``
    are mm on paper at 1:10,000. ``scales`` = (largest, smallest) N of 1:N at which it is drawn.
    """

    layer: str
    draw: Literal["fill", "line", "ticks", "dots", "icon", "station"]
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
    length: float = 0  # of ticks and station boxes, mm
    icon: str = ""  # a sign drawn ``width`` mm wide at each feature
    inset: float = 0  # a line drawn this far inside an area (waterlines), mm
    minimum_area: float = 0  # mm² on paper; smaller areas are dropped
    merge: float = 0  # lines running within this distance of another are drawn once, mm
    casing: float = 0  # mm added on each side, never so little that a copier would lose it
    cap: Literal["round", "butt"] | None = None  # ends of lines; None: butt when dashed
    simplify: float = 0.05  # bends smaller than this are left out, mm
    scales: tuple[int, int] = (1, 10_000_000)
    where: Literal["sheet", "overview", "both"] = "both"

    def drawn_width(self, factor: float = 1.0) -> float:
        """Width of the whole stroke in mm, where widths are ``factor`` of those at 1:10,000."""
        if self.casing:
            return self.width * factor + 2 * max(self.casing * factor, THINNEST)
        return max(self.width * factor, min(self.width, THINNEST))


class NameStyle(Table, frozen=True):
    """How one kind of base-map name is set; ``scales`` as in :class:`Rule`."""

    layer: str
    size: float  # pt
    classes: tuple[str, ...] = ()
    bold: bool = False
    spacing: float = 0  # extra between characters, in em
    halo: float = 0.5  # mm
    colour: Colour = Colour("K100")
    subclasses: tuple[str, ...] = ()
    field: Literal["name", "ref"] = "name"
    suffix: Mapping[str, str] = {}  # by language: 鎌倉 → 鎌倉駅, Kamakura → Kamakura Sta.
    boxed: bool = False  # in a rounded box: the number of a road
    places: bool = False  # named in the header of the sheet it lies on
    along: bool = False  # along the line
    second: bool = False  # the second language under the first
    icon: str = ""  # the sign that a rule draws at the place; the name stands beside it
    rank: int = 50  # smaller is placed first
    most: int = 40  # names of this kind on one sheet
    numbered: int = 10_000_000  # up to 1:N the number of a block is said with its name
    repeat: float = 80  # mm between repetitions of the same line name
    obstacle: bool = False
    scales: tuple[int, int] = (1, 10_000_000)
    where: Literal["sheet", "overview", "both"] = "both"


class Pattern(Table, frozen=True):
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


class Pictures(Table, frozen=True):
    """How a raster base map lies beneath the map, as K of black toner or in its colours.

    ``darkest`` is what black becomes, in %; with a ``fade`` over 1 light tints become lighter
    still, while lines and letters stay.
    """

    grey: bool = True
    darkest: Annotated[float, msgspec.Meta(ge=10, le=100)] = 85
    fade: Annotated[float, msgspec.Meta(ge=0.5, le=4)] = 1
    cross: _Length = 3  # where a tile is missing, mm


class Lines(Table, frozen=True):
    """Widths in mm of the lines round the map and in the lists."""

    frame: _Length = 0.25  # of the map, inside its band
    band: _Length = 0.35  # round the band; 0: none
    tick: _Length = 0.25  # between the band's letters
    tab: _Length = 0.35  # round a neighbour's number
    tag: _Length = 0.2  # round the number of a mark
    stack: _Length = 0.3  # round the numbers of one place
    number: _Length = 0.6  # round the sheet's number, where it is not on black
    heading: _Length = 0.3  # under a heading
    row: _Length = 0.1  # between rows
    row_dash: tuple[_Length, ...] = ()
    footer: _Length = 0.3  # over the footer


class GridLines(Table, frozen=True):
    """Lines of the sheet's own grid and of UTM on the map, mm."""

    colour: Colour = Colour("K100")
    cell: float = 0.14
    cell_dash: tuple[float, ...] = (0.35, 0.85)
    core: float = 0.14  # round the sheet's own cells
    core_dash: tuple[float, ...] = ()
    utm: float = 0.2
    utm_tick: float = 4
    utm_cross: float = 5


class Style(Table, frozen=True):
    """A whole look: type, lengths, marks, colours, base-map rules, names, patterns."""

    name: str
    title: Mapping[str, str]
    description: Mapping[str, str]
    type: Type
    layout: Layout = Layout()
    marks: Marks = Marks()
    colours: Mapping[str, Colour] = {}  # by category key; missing: "default", else K100
    overlap_tint: Colour = Colour("K3")
    number_ground: Colour = Colour("K100")  # of the sheet's number in the header; white: framed
    lines: Lines = Lines()
    grid: GridLines = GridLines()
    rules: Mapping[str, Rule] = {}  # by name, painted in this order
    without: tuple[str, ...] = ()  # classes of the base map that this style leaves out
    names: Mapping[str, NameStyle] = {}
    patterns: Mapping[str, Pattern] = {}
    pictures: Pictures = Pictures()

    def category_colour(self, key: str, own: str = "") -> Colour:
        """Colour of a category's sign: its ``own`` (RRGGBB) in a style that has colours.

        One too light to be seen on paper gives way to the style's.
        """
        if own and len(self.colours) > 1 and _contrast(Colour(own)) >= _LEAST_CONTRAST:
            return Colour(own)
        return self.colours.get(kin(key)) or self.colours.get("default") or Colour("K100")

    def with_rows(self, size: float) -> Style:
        """The style with rows of lists, and all that grows with them, in ``size`` pt."""
        grow = size / self.type.row
        kind, layout = self.type, self.layout
        return msgspec.structs.replace(
            self,
            type=msgspec.structs.replace(
                kind,
                row=size,
                heading=kind.heading * grow,
                heading_second=kind.heading_second * grow,
            ),
            layout=msgspec.structs.replace(
                layout,
                heading=layout.heading * grow,
                row=layout.row * grow,
                line=layout.line * grow,
                row_sign=layout.row_sign * grow,
            ),
        )


def _contrast(colour: Colour) -> float:
    """Contrast with white, 1 … 21, after WCAG 2.1."""
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.rgb)
    luminance = sum(part * c for part, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
    return 1.05 / (luminance + 0.05)
