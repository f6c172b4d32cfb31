"""Area, paper and scale → sheets, in a metric CRS; the frame is given as numbers in mm."""

from __future__ import annotations

from papermap.grid.address import OverlapAddresses, cell_at, cell_name, cell_of, overlap_addresses
from papermap.grid.crs import (
    KmLines,
    bounds_wgs84,
    choose_crs,
    km_lines,
    label_parts,
    mgrs_square,
    project,
    project_geometry,
    sheet_zone,
    unproject,
)
from papermap.grid.details import Each, Judge, add_details
from papermap.grid.insets import insets_of, with_inset, with_insets
from papermap.grid.model import DIRECTIONS, Frame, Framed, Plan, Relief, Sheet
from papermap.grid.scale import SCALES, choose_scale
from papermap.grid.sheets import make_plan

__all__ = [
    "DIRECTIONS",
    "SCALES",
    "Each",
    "Frame",
    "Framed",
    "Judge",
    "KmLines",
    "OverlapAddresses",
    "Plan",
    "Relief",
    "Sheet",
    "add_details",
    "bounds_wgs84",
    "cell_at",
    "cell_name",
    "cell_of",
    "choose_crs",
    "choose_scale",
    "insets_of",
    "km_lines",
    "label_parts",
    "make_plan",
    "mgrs_square",
    "overlap_addresses",
    "project",
    "project_geometry",
    "sheet_zone",
    "unproject",
    "with_inset",
    "with_insets",
]
