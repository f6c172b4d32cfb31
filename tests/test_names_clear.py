"""No name of the base map is covered half: what stands where each is, read from the paper."""

from __future__ import annotations

import io
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pdfplumber
import pikepdf
import pytest
import shapely
from conftest import Built, build_sample
from test_atlas import read_marks
from test_read_back import Printed

import papermap
from papermap import engine
from papermap.engine import Context, Task, draw_sheet
from papermap.marks import PlacedName
from papermap.render import SheetDrawing
from papermap.units import MM_PER_PT

DATA = Path(__file__).parents[2] / "shared/data/kamakura"
TALL = 0.76  # of the type size: what ink takes of a line's height
TOUCH = 0.05  # mm
TAB, WIDEST = 0.35, 40.0  # mm: outline of a neighbour's tab, and what no tab reaches


@dataclass
class MapPage(Printed):
    """The page of one map, with the map's frame on it: left, low, right, top, mm."""

    frame: tuple[float, float, float, float]
    inset: bool


@dataclass
class Book:
    """An atlas, and what was drawn of its sheets, in the order of the manifest."""

    built: Built
    drawings: list[SheetDrawing]

    def pages(self) -> Iterator[tuple[MapPage, SheetDrawing]]:
        """Each map page with its drawing."""
        sheets = [sheet for sheet in self.built.manifest["sheets"] if sheet["page"]]
        with pikepdf.open(self.built.path) as pdf, pdfplumber.open(without_maps(pdf)) as plumber:
            for sheet, drawing in zip(sheets, self.drawings, strict=True):
                at = sheet["page"] - 1
                marks = read_marks(pdf.pages[at])
                inset = bool(sheet["detail"] and sheet["detail"]["inset"])
                page = plumber.pages[at]
                yield MapPage(sheet["label"], page, marks, sheet["frame_mm"], inset), drawing


def without_maps(pdf: pikepdf.Pdf) -> io.BytesIO:
    """The same pages with all but the lines and areas of the base map."""
    for page in pdf.pages:
        if "/Panel" in page.Resources.get("/XObject", {}):
            bare = page.Contents.read_bytes().replace(b"/Panel Do", b"", 1)
            page.Contents = pdf.make_stream(bare)
    pdf.save(kept := io.BytesIO())
    return kept


def drawn(monkeypatch: pytest.MonkeyPatch) -> list[SheetDrawing]:
    """Where drawings of sheets are kept from now on."""
    kept: list[SheetDrawing] = []

    def keep(context: Context, task: Task) -> SheetDrawing:
        found = draw_sheet(context, task)
        if not task.view.overview:
            kept.append(found)
        return found

    monkeypatch.setattr(engine, "draw_sheet", keep)
    return kept


@pytest.fixture(scope="module", params=["mono", "large", "kamakura"])
def book(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Book:
    folder = tmp_path_factory.mktemp("names")
    with pytest.MonkeyPatch.context() as patch:
        kept = drawn(patch)
        if request.param != "kamakura":
            return Book(build_sample(folder, style=request.param, sheets=[4, 9, 10], jobs=1), kept)
        if not DATA.is_dir():
            pytest.skip("the shared data are not here")
        options = {
            "sources": [str(DATA / "kamakura_all.geojson")],
            "basemap": [str(DATA / "kamakura_base.gpkg")],
            "area": "139.535,35.305,139.565,35.325",
            "scale": "10000",
            "output": str(folder / "atlas.pdf"),
        }
        report = papermap.build(papermap.make_job(options))
        manifest = json.loads(report.manifest.read_text("utf-8"))
        return Book(Built(folder / "atlas.pdf", manifest, report), kept)


def shapes(name: PlacedName, left: float, low: float) -> list[shapely.Geometry]:
    """What the name's ink takes of the page, mm: a box about each character, or about its lines."""
    high = name.size * MM_PER_PT * TALL
    if name.glyphs:
        boxes = [
            shapely.affinity.rotate(
                shapely.box(x - high / 2, y - high / 2, x + high / 2, y + high / 2), angle
            )
            for char, x, y, angle in name.glyphs
            if not char.isspace()
        ]
    elif name.angle:
        boxes = [shapely.affinity.rotate(level(name, high), name.angle)]
    else:
        x0, y0, x1, y1 = name.box
        boxes = [shapely.box(x0 + 0.2, y0 + 0.2, x1 - 0.2, y1 - 0.2)]
    return [shapely.affinity.translate(one, left, low) for one in boxes]


def level(name: PlacedName, high: float) -> shapely.Geometry:
    """A turned name laid level about its middle; its length follows from the box round it."""
    across, up = abs(math.cos(math.radians(name.angle))), abs(math.sin(math.radians(name.angle)))
    side, less = (name.box.width, up) if across > up else (name.box.height, across)
    long = (side - less * name.size * MM_PER_PT) / max(across, up)
    return shapely.box(name.x - long / 2, name.y - high / 2, name.x + long / 2, name.y + high / 2)


def tabs(printed: Printed) -> list[tuple[float, float, float, float]]:
    """Boxes of the neighbours' tabs, mm on the page."""
    lined = [one for one in printed.page.curves if one["stroke"] and one["linewidth"]]
    found = [one for one in lined if abs(one["linewidth"] * MM_PER_PT - TAB) < 0.01]
    return [box for box in map(printed.mm, found) if box[2] - box[0] < WIDEST]


def covered(printed: MapPage, names: tuple[PlacedName, ...], size: float) -> list[tuple[str, Any]]:
    """Names with something of the paper on them: signs, tags, leaders, figures, other names."""
    left, low, right, top = printed.frame
    inside = shapely.box(left, low, right, top)
    things: list[tuple[str, shapely.Geometry]] = [
        *(("sign", shapely.Point(at).buffer(size / 2 - TOUCH)) for at in printed.seen.signs),
        *(("dot", shapely.Point(at).buffer(0.4)) for at in printed.seen.dots),
        *(
            ("tag", shapely.box(*box))
            for _, box in printed.outlines
            if inside.contains(shapely.box(*box))
        ),
    ]
    things += [
        ("leader", shapely.LineString(mark))
        for mark in printed.leaders
        if inside.contains(shapely.LineString(mark))
    ]
    things += [("tab", shapely.box(*box)) for box in tabs(printed)]
    tree = shapely.STRtree([shape for _, shape in things])
    chars = [(one["text"], shapely.box(*printed.mm(one)).centroid) for one in printed.page.chars]
    letters = shapely.STRtree([at for _, at in chars])
    found: list[tuple[str, Any]] = []
    for name in names:
        own = shapes(name, left, low)
        found += [(name.text, "frame") for one in own if not inside.contains(one)]
        found += [
            (name.text, things[n][0])
            for one in own
            for n in tree.query(one, predicate="intersects")
        ]
        around = {n for one in own for n in letters.query(one, predicate="intersects")}
        told = sorted(name.text + name.second)
        there = sorted("".join(chars[n][0] for n in around))
        strange = [
            char for char in there if char not in told or there.count(char) > told.count(char)
        ]
        found += [(name.text, strange)] if strange else []
    return found


def test_nothing_stands_on_a_name(book: Book) -> None:
    told = 0
    for printed, drawing in book.pages():
        told += len(drawing.names)
        assert tabs(printed) or printed.inset  # which has none of its own
        assert covered(printed, drawing.names, drawing.placement.size.sign) == [], printed.label
    assert told > 15


def test_the_test_sees_what_covers(book: Book) -> None:
    """A name moved onto a mark, or over the edge, is found."""
    pages = book.pages()  # kept, as it holds the file open
    printed, drawing = next(pages)
    name = next(one for one in drawing.names if not one.glyphs and not one.angle)
    mark = drawing.placement.marks[0]
    x, y = mark.x - name.x, mark.y - name.y
    moved = type(name)(
        name.text, mark.x, mark.y, 0, name.size, name.style,
        type(name.box)(name.box.x0 + x, name.box.y0 + y, name.box.x1 + x, name.box.y1 + y),
    )  # fmt: skip
    assert covered(printed, (moved,), drawing.placement.size.sign)
