"""Quality and time of placing marks: clustered points, and real sheets where the data is there.

Run by hand::

    python benchmarks/placement.py [POINTS.geojson]

Prints a row for each sheet: how many marks, the sign's size that was taken, how many were
displaced and how far, how many found no room (of these, at home on the sheet), overlaps and
crossings (both must be 0), and the seconds of processor time. The curve to 1,000 points at the
end shows how time grows.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from papermap.grid import Frame, make_plan
from papermap.marks import MarkRequest, MarkSize, place_marks, quality
from papermap.units import Box

FRAME = Box(0, 0, 186, 140)
TABS = (Box(0, 63, 12, 77), Box(174, 63, 186, 77), Box(86, 128, 100, 140), Box(86, 0, 100, 12))
SIZES = (
    MarkSize(digit=2.28),
    MarkSize(sign=3.5, tag_height=3, digit=1.88, tag_padding=0.4, clearance=0.4, dot=1),
    MarkSize(sign=3, tag_height=2.6, digit=1.88, tag_padding=0.3, clearance=0.35, dot=1),
)
KAMAKURA = Path(__file__).parents[2] / "shared/data/kamakura/kamakura_all.geojson"
HEAD = (
    "sheet       marks  sign  displaced  mean   max  unplaced (home)  overlaps  crossings  seconds"
)


def clustered(count: int, seed: int = 1) -> list[MarkRequest]:
    """Points round a dozenth as many centres, 9 mm about each."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform([15, 15], [171, 125], (max(3, count // 12), 2))
    xy = centres[rng.integers(0, len(centres), count)] + rng.normal(0, 9, (count, 2))
    xy = np.clip(xy, [1, 1], [185, 139])
    return [MarkRequest(number, x, y) for number, (x, y) in enumerate(xy.tolist(), start=1)]


def real_sheets(path: Path) -> dict[str, list[MarkRequest]]:
    """The sheets of a GeoJSON file of points at 1:10,000, with the points of the overlaps."""
    features = json.loads(path.read_text("utf-8"))["features"]
    lonlat = [tuple(each["geometry"]["coordinates"][:2]) for each in features]
    plan = make_plan(lonlat, Frame(FRAME.width, FRAME.height), scale=10_000)
    sheets = {}
    for sheet in plan.sheets:
        home, scale = set(sheet.points), 1000 / plan.scale
        sheets[sheet.label] = [
            MarkRequest(
                point + 1,
                (plan.xy[point][0] - sheet.bounds.x0) * scale,
                (plan.xy[point][1] - sheet.bounds.y0) * scale,
                priority=0 if point in home else 1,
            )
            for point in sheet.shown
        ]
    return sheets


def row(name: str, requests: Sequence[MarkRequest]) -> tuple[int, int, float]:
    """Place, measure and print one sheet; returns what was unplaced, of these at home, seconds."""
    start = time.process_time()
    placement = place_marks(requests, FRAME, SIZES, obstacles=TABS)
    seconds = time.process_time() - start
    found = quality(placement, FRAME, clearance=placement.size.clearance)
    left = set(placement.unplaced)
    home = sum(each.number in left for each in requests if each.priority == 0)
    print(
        f"{name:<11} {len(requests):5}  {placement.size.sign:4}  {found.displaced:9}"
        f"  {found.mean_mm:4.1f}  {found.max_mm:4.1f}  {found.unplaced:8} {home:6}"
        f"  {found.overlaps:8}  {found.crossings:9}  {seconds:7.3f}"
    )
    assert found.overlaps == found.crossings == 0
    return found.unplaced, home, seconds


def main() -> None:
    """Print the tables."""
    print(HEAD)
    for count in (60, 120, 300):
        row(f"clustered {count}"[:11], clustered(count))
    path = Path(sys.argv[1]) if len(sys.argv) > 1 else KAMAKURA
    if path.is_file():
        print(f"\n{path.name} at 1:10,000\n{HEAD}")
        rows = [row(label, requests) for label, requests in real_sheets(path).items()]
        unplaced, home, seconds = (sum(column) for column in zip(*rows, strict=True))
        print(f"{len(rows)} sheets: unplaced {unplaced}, of these at home {home},", end=" ")
        print(f"mean {seconds / len(rows):.3f} s a sheet")
    print(f"\nhow time grows\n{HEAD}")
    for count in (50, 100, 200, 400, 700, 1000):
        row(str(count), clustered(count, seed=2))


if __name__ == "__main__":
    main()
