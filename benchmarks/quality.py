"""How well marks stand: real sheets and made-up crowds, beside adjustText and textalloc.

Run by hand::

    python benchmarks/quality.py --data FOLDER

``FOLDER`` holds ``kamakura/kamakura_all.geojson``, ``mihara-2018/water-supply.kml`` and
``small/2024-noto.kml``; what is not there is left out. Every row is one set of points: sheets and
how many of them are details and insets, then over all sheets the marks, those displaced, mean and
largest displacement (mm), unplaced points, overlapping marks, crossing leaders (the last three must
be 0), and seconds of processor time for the placement alone.

The rows of adjustText and textalloc are of the same points on the same frame, each with labels as
large as sign and tag together: they move labels, but know no leaders that must not cross.
"""

from __future__ import annotations

import argparse
import importlib
import json
import time
import warnings
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import shapely
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from papermap.atlas.tasks import legible_sizes, sheet_task
from papermap.atlas.wiring import lay_out
from papermap.grid import unproject
from papermap.job import PROJECT_FILE, make_job, read_project
from papermap.marks import MarkRequest, MarkSize, Placement, place_marks, quality
from papermap.pages.book import Book
from papermap.units import Box

FRAME = Box(0, 0, 186, 140)
SIZES = (
    MarkSize(digit=2.28),
    MarkSize(sign=4.8, tag_height=3.6, digit=2.15, type=8),
    MarkSize(sign=4.1, tag_height=3.3, digit=2.01, clearance=0.45, type=7.5),
)
SMALLER = (*SIZES, MarkSize(sign=3.5, tag_height=3, digit=1.88, tag_padding=0.4, clearance=0.4))
ROOT = Path(__file__).parents[1]
REAL = {
    "kamakura 1:10,000": ("kamakura/kamakura_all.geojson", "10000"),
    "kamakura auto": ("kamakura/kamakura_all.geojson", "auto"),
    "mihara 2018": ("mihara-2018/water-supply.kml", "auto"),
    "noto 2024": ("small/2024-noto.kml", "auto"),
    "public facilities": ("kamakura/public.json", "auto"),
    "wide shelters": ("kamakura/widearea-shelters.json", "auto"),
}
HEAD = (
    "points              sheets details insets  marks displaced  mean  largest "
    "unplaced overlaps crossings seconds"
)


@dataclass
class Row:
    """The figures of one set of points, over its sheets."""

    name: str
    sheets: int = 0
    details: int = 0  # on sheets of their own
    insets: int = 0
    marks: int = 0
    displaced: int = 0
    moved: float = 0.0  # mm, in all
    largest: float = 0.0
    unplaced: int = 0
    overlaps: int = 0
    crossings: int = 0
    seconds: float = 0.0

    def add(self, placement: Placement, frame: Box, home: set[int], seconds: float) -> None:
        found = quality(placement, frame)
        self.sheets += 1
        self.marks += len(placement.marks)
        self.displaced += found.displaced
        self.moved += found.mean_mm * found.displaced
        self.largest = max(self.largest, found.max_mm)
        self.unplaced += len(home.intersection(placement.unplaced))
        self.overlaps += found.overlaps
        self.crossings += found.crossings
        self.seconds += seconds

    def tell(self) -> None:
        mean = self.moved / max(self.displaced, 1)
        print(
            f"{self.name:<20}{self.sheets:6} {self.details:7} {self.insets:6}"
            f" {self.marks:6} {self.displaced:9}"
            f" {mean:5.1f} {self.largest:8.1f} {self.unplaced:8} {self.overlaps:8}"
            f" {self.crossings:9} {self.seconds:7.2f}",
            flush=True,
        )


def clustered(count: int, seed: int = 1) -> list[MarkRequest]:
    """Points round a dozenth as many centres, 9 mm about each."""
    rng = np.random.default_rng(seed)
    centres = rng.uniform([15, 15], [171, 125], (max(3, count // 12), 2))
    xy = centres[rng.integers(0, len(centres), count)] + rng.normal(0, 9, (count, 2))
    xy = np.clip(xy, [1, 1], [185, 139])
    return [MarkRequest(number, x, y) for number, (x, y) in enumerate(xy.tolist(), start=1)]


# --- ours -----------------------------------------------------------------------------------


def one_sheet(name: str, requests: Sequence[MarkRequest], sizes: Sequence[MarkSize]) -> Row:
    """Marks on one frame."""
    row = Row(name)
    start = time.process_time()
    placement = place_marks(requests, FRAME, sizes)
    home = {each.number for each in requests}
    row.add(placement, FRAME, home, time.process_time() - start)
    return row


def atlas(name: str, book: Book) -> Row:
    """All sheets of an atlas with its details and insets."""
    insets = sum(sheet.inset for sheet in book.plan.sheets)
    row = Row(name, details=len(book.plan.detail_sheets) - insets, insets=insets)
    for sheet in book.plan.sheets:
        task = sheet_task(book, sheet)
        frame = Box(0, 0, task.view.width, task.view.height)
        home = {mark.number for mark in task.marks if mark.priority == 0}
        start = time.process_time()
        for share in (None, 0.0):
            sizes = legible_sizes(book) if share is None else legible_sizes(book, share)
            placement = place_marks(task.marks, frame, sizes, obstacles=task.obstacles)
            if home.isdisjoint(placement.unplaced):
                break
        row.add(placement, frame, home, time.process_time() - start)
    return row


# --- others ---------------------------------------------------------------------------------


def others(requests: Sequence[MarkRequest]) -> Iterator[Row]:
    """The same points by adjustText and textalloc, as far as they are installed."""
    for name, place in (("  adjustText", _adjusted), ("  textalloc", _allocated)):
        try:
            start = time.process_time()
            boxes = place(requests)
        except ImportError:
            continue
        seconds = time.process_time() - start
        yield _row_of(name, requests, boxes, seconds)


def _figure(requests: Sequence[MarkRequest]) -> tuple[Any, list[str], list[float], list[float]]:
    """The frame at its true size, and labels about as large as a mark: four letters of 12 pt."""
    figure = Figure(figsize=(FRAME.width / 25.4, FRAME.height / 25.4))
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, FRAME.width), ylim=(0, FRAME.height))
    texts = [f"●{each.number:03}" for each in requests]
    return axes, texts, [each.x for each in requests], [each.y for each in requests]


def _boxes(axes: Any, texts: Sequence[Any]) -> list[Box | None]:
    renderer = axes.figure.canvas.get_renderer()
    to_mm = axes.transData.inverted()
    found = []
    for text in texts:
        extent = text.get_window_extent(renderer)
        (x0, y0), (x1, y1) = to_mm.transform([(extent.x0, extent.y0), (extent.x1, extent.y1)])
        found.append(Box(x0, y0, x1, y1))
    return found


def _adjusted(requests: Sequence[MarkRequest]) -> list[Box | None]:
    adjust_text = importlib.import_module("adjustText").adjust_text
    axes, labels, xs, ys = _figure(requests)
    texts = [axes.text(x, y, t, size=12) for x, y, t in zip(xs, ys, labels, strict=True)]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        adjust_text(texts, x=xs, y=ys, ax=axes)
    return _boxes(axes, texts)


def _allocated(requests: Sequence[MarkRequest]) -> list[Box | None]:
    textalloc = importlib.import_module("textalloc")
    axes, labels, xs, ys = _figure(requests)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        textalloc.allocate(axes, xs, ys, labels, x_scatter=xs, y_scatter=ys, textsize=12)
    known = {
        text.get_text(): box for text, box in zip(axes.texts, _boxes(axes, axes.texts), strict=True)
    }
    return [known.get(label) for label in labels]


def _row_of(
    name: str, requests: Sequence[MarkRequest], boxes: Sequence[Box | None], seconds: float
) -> Row:
    """Overlaps of labels, and crossings of the lines from labels to their places."""
    there = [(each, box) for each, box in zip(requests, boxes, strict=True) if box is not None]
    shapes = [shapely.box(*box).buffer(-1e-6) for _, box in there]
    lines = [
        shapely.shortest_line(shapely.Point(each.x, each.y), shapely.box(*box))
        for each, box in there
    ]
    moved = [line.length for line in lines if line.length > 0]
    return Row(
        name,
        sheets=1,
        marks=len(there),
        displaced=len(moved),
        moved=sum(moved),
        largest=max(moved, default=0.0),
        unplaced=len(requests) - len(there),
        overlaps=_pairs(shapes),
        crossings=_pairs([line for line in lines if line.length > 0]),
        seconds=seconds,
    )


def _pairs(shapes: Sequence[Any]) -> int:
    if not shapes:
        return 0
    one, two = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    return int((one < two).sum())


def written(requests: Sequence[MarkRequest], folder: Path) -> str:
    """The points as GeoJSON, such that 1 mm is 10 m on the ground."""
    metres = [(368_000 + 10 * each.x, 3_908_400 + 10 * each.y) for each in requests]
    features = [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": place},
            "properties": {"name": f"place {number}", "category": "water"},
        }
        for number, place in enumerate(unproject("EPSG:6691", metres).tolist(), start=1)
    ]
    path = folder / "points.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}), "utf-8")
    return str(path)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared/data")
    data = parser.parse_args().data
    print(HEAD)
    for count in (60, 120):
        crowd = clustered(count)
        with TemporaryDirectory() as folder:
            job = make_job({"sources": [written(crowd, Path(folder))], "scale": "10000"})
            atlas(f"{count} clustered", lay_out(job)).tell()
        for row in others(crowd):
            row.tell()
    sample = {**read_project(ROOT / "sample_data" / PROJECT_FILE), "output": "none.pdf"}
    atlas("sample", lay_out(make_job(sample))).tell()
    for name, (path, scale) in REAL.items():
        if (data / path).is_file():
            job = make_job({"sources": [str(data / path)], "scale": scale})
            atlas(name, lay_out(job)).tell()
    print(f"\nhow time grows, on one sheet (those without room are told)\n{HEAD}")
    for count in (30, 60, 100, 150, 200, 400, 700, 1000):
        one_sheet(str(count), clustered(count, seed=2), SMALLER).tell()


if __name__ == "__main__":
    main()
