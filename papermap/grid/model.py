"""The values of the grid: the frame on paper, the sheets, the plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from papermap.units import Box

# compass names of the eight neighbours, as keys of ``Sheet.neighbours``
DIRECTIONS: Final = ("n", "ne", "e", "se", "s", "sw", "w", "nw")


@dataclass(frozen=True, slots=True)
class Frame:
    """The room for a map on paper in mm, and how the grid is cut in it."""

    width: float
    height: float
    cell: float = 40.0  # wanted size of a cell on paper


@dataclass(frozen=True, slots=True)
class Framed:
    """A detail sheet as it is framed on sheets of a smaller scale: its label and core, metres."""

    label: str
    core: Box
    points: int  # that have their home there, on its own details too


@dataclass(frozen=True, slots=True)
class Relief:
    """Why a detail sheet was made.

    ``times`` larger than its parent, it took ``points`` of the parent's points, of which those
    ``crowded`` (by index) stood too close for legible marks there.
    """

    times: int
    points: int
    crowded: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One printed map sheet.

    ``bounds`` is the whole frame with its overlap, ``core`` its own cells; both in metres of the
    plan's CRS. ``neighbours`` maps a direction (n, e, s, w and the diagonals) to the label of the
    next *printed* sheet that way, which may lie beyond sheets that are not printed.
    ``adjacent`` are the labels of the cells' real owners beside this sheet (for the addresses in
    the overlap), where those are printed.

    A detail sheet (7a) shows a part of its ``parent`` (7) at a larger scale: what lies in its core
    has its home there, and other sheets show its frame instead. An ``inset`` is such a detail, too.
    """

    label: str  # "7"
    row: int  # in the grid of sheets, counted from 0, north to south
    column: int  # counted from 0, west to east
    scale: int  # the N of 1:N
    cell: float  # metres on the ground
    bounds: Box
    core: Box
    columns: int  # cells in core
    rows: int
    neighbours: Mapping[str, str]
    adjacent: Mapping[str, str]
    points: tuple[int, ...]  # indices of the points whose home this is
    shown: tuple[int, ...]  # indices of all points it shows, its own among them
    parent: str = ""
    framed: tuple[Framed, ...] = ()  # the detail sheets that reach into its bounds
    relief: Relief | None = None
    inset: bool = False  # drawn on a page of its parent

    @property
    def grid_label(self) -> str:
        """Label of the sheet of the grid that it belongs to: “7” of 7, 7a and 7aa."""
        return self.label.rstrip("abcdefghijklmnopqrstuvwxyz")

    @property
    def depth(self) -> int:
        """0 for a sheet of the grid, 1 for its details, 2 for theirs."""
        return len(self.label) - len(self.grid_label)


@dataclass(frozen=True, slots=True)
class Plan:
    """The cut of an area into sheets; each of the grid is followed by its details.

    ``scale`` and ``cell`` are those of the grid. ``crs`` is an authority string ("EPSG:6691").
    ``extent`` is the whole grid in metres, printed or not; ``grid_columns`` × ``grid_rows``
    sheets, each ``pitch`` wide and high.
    """

    crs: str
    zone: str  # for people: "UTM 54S UE · JGD2011 (EPSG:6691)"
    scale: int  # the N of 1:N
    cell: float  # metres on the ground
    extent: Box
    pitch: tuple[float, float]
    grid_columns: int
    grid_rows: int
    sheets: tuple[Sheet, ...]
    xy: tuple[tuple[float, float], ...]  # every point in metres of crs, by point index
    outside: tuple[int, ...]  # indices of points on no sheet (outside the asked area)

    @property
    def grid_sheets(self) -> tuple[Sheet, ...]:
        """The sheets of the grid, without details."""
        return tuple(sheet for sheet in self.sheets if not sheet.parent)

    @property
    def detail_sheets(self) -> tuple[Sheet, ...]:
        return tuple(sheet for sheet in self.sheets if sheet.parent)
