"""Vector base maps: 24 sheets at 1:5,000, reading by bounds in a larger file, OSM extracts.

Times are seconds of the processor, which other work on the machine does not change much.
"""

from __future__ import annotations

import argparse
import math
import random
import shutil
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import numpy as np
import pyogrio
import pyproj
import shapely

from papermap.basemap import open_basemaps
from papermap.basemap.vectors import tables
from papermap.basemap.vectors.extract import extracted
from papermap.basemap.vectors.schema import recognised
from papermap.engine import Context, Task, draw_sheet
from papermap.fonts import FontSet
from papermap.grid import Sheet
from papermap.marks import MarkSize
from papermap.render import MapView, SheetDrawing, layer_names
from papermap.style import load_style
from papermap.units import Box

CRS = "EPSG:6691"
MIDDLE = (139.5505, 35.319)  # Kamakura station
SCALE = 5_000
WIDTH, HEIGHT = 186.0, 140.0  # mm of a map on A4
COLUMNS, ROWS = 4, 6
STYLE = load_style("mono")
_HERE = Path(__file__).resolve()


def main() -> None:
    """Run all measurements and print them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data", type=Path, default=_HERE.parents[2] / "shared/data/kamakura", metavar="FOLDER"
    )
    parser.add_argument("--towns", type=int, default=18, help="side of the made extract, in towns")
    options = parser.parse_args()
    gpkg = options.data / "kamakura_base.gpkg"
    mbtiles = options.data / "kamakura_z9-13_openmaptiles.mbtiles"
    with tempfile.TemporaryDirectory() as folder:
        _sheets(gpkg)
        _sheets(mbtiles)
        _ink(gpkg, Path(folder))
        _by_bounds(gpkg, _larger_gpkg(gpkg, Path(folder)))
        _by_bounds(mbtiles, _larger_mbtiles(mbtiles, Path(folder)))
        _osm(Path(folder), options.towns)


def _tasks(scale: int) -> list[Task]:
    x, y = pyproj.Transformer.from_crs(4326, CRS, always_xy=True).transform(*MIDDLE)
    width, height = WIDTH * scale / 1000, HEIGHT * scale / 1000
    step_x, step_y, cell = 160 * scale / 1000, 120 * scale / 1000, 40 * scale / 1000
    found = []
    for number in range(COLUMNS * ROWS):
        row, column = divmod(number, COLUMNS)
        left, low = x + (column - COLUMNS / 2) * step_x, y + (ROWS / 2 - 1 - row) * step_y
        core = Box(left, low, left + step_x, low + step_y)
        dx, dy = (width - step_x) / 2, (height - step_y) / 2
        bounds = Box(core.x0 - dx, core.y0 - dy, core.x1 + dx, core.y1 + dy)
        view = MapView(CRS, bounds, WIDTH, HEIGHT, scale)
        sheet = Sheet(str(number + 1), row, column, scale, cell, bounds, core, 4, 3, {}, {}, (), ())
        found.append(Task(view, sheet))
    return found


def _context(path: Path, tasks: list[Task]) -> Context:
    base = open_basemaps([str(path)])
    base.prepare([task.view.extent() for task in tasks], lambda _done, _total: None)
    sizes = (MarkSize(),)
    return Context(
        base, STYLE, FontSet.load(STYLE.type.families), CRS, ("ja", "en"), (), sizes, (1,)
    )


def _sheets(path: Path) -> None:
    """Reading, panel and names of 24 sheets in one process."""
    tasks = _tasks(SCALE)
    draw_sheet(_context(path, tasks), tasks[0])  # imports and fonts
    context = _context(path, tasks)
    drawn: list[SheetDrawing] = []
    spent = _seconds(lambda: drawn.extend(draw_sheet(context, task) for task in tasks))
    names = sum(len(drawing.names) for drawing in drawn)
    most = max(len(drawing.panel) for drawing in drawn)
    print(
        f"{path.suffix:9} {len(tasks)} sheets at 1:{SCALE}: {spent / len(tasks):.3f} s a sheet, "
        f"{names} names, panels up to {most / 1000:.0f} kB"
    )


def _ink(path: Path, folder: Path) -> None:
    """Black of the map panels alone, the mean of 24 sheets, by Ghostscript at 600 dpi."""
    if shutil.which("gs") is None:
        print("ink       Ghostscript is not installed")
        return
    for scale in (2_500, 5_000, 10_000, 25_000, 50_000):
        tasks = _tasks(scale)[:: 1 if scale < 20_000 else 7]
        context = _context(path, tasks)
        found = []
        for task in tasks:
            file = folder / "panel.pdf"
            file.write_bytes(draw_sheet(context, task).panel)
            command = ["gs", "-q", "-o", "-", "-sDEVICE=ink_cov", "-r600", str(file)]
            told = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            found.append(float(told.split()[3]))
        print(f"ink       1:{scale}: {np.mean(found):.1f} % K on average, {max(found):.1f} at most")


def _by_bounds(small: Path, large: Path) -> None:
    """The same sheets out of the file, and out of one with eight copies of it all around."""
    tasks = _tasks(SCALE)
    names = layer_names(STYLE, overview=False)

    def read(path: Path) -> float:
        context = _context(path, tasks)
        extents = [task.view.extent() for task in tasks]
        return _seconds(lambda: [context.basemap.layers(extent, names) for extent in extents])

    read(small)  # imports, and what the system keeps of the file
    once, more = min(read(small) for _ in range(3)), min(read(large) for _ in range(3))
    grown = large.stat().st_size / small.stat().st_size
    print(
        f"{small.suffix:9} reading {once:.2f} s; out of a file {grown:.1f} times as large "
        f"{more:.2f} s, {more / once:.2f} times as long"
    )


def _larger_gpkg(path: Path, folder: Path) -> Path:
    target = folder / "large.gpkg"
    for layer, _ in pyogrio.list_layers(path):
        meta, _, wkb, columns = pyogrio.raw.read(path, layer=layer)
        shapes = shapely.from_wkb(wkb)
        moved = np.concatenate(
            [
                shapely.transform(shapes, lambda xy, by=(dx, dy): xy + by)
                for dx in (-0.25, 0, 0.25)
                for dy in (-0.25, 0, 0.25)
            ]
        )
        pyogrio.raw.write(
            target,
            shapely.to_wkb(moved),
            [np.tile(column, 9) for column in columns],
            list(meta["fields"]),
            layer=layer,
            driver="GPKG",
            geometry_type="Unknown",
            crs="EPSG:4326",
            append=target.exists(),
        )
    return target


def _larger_mbtiles(path: Path, folder: Path) -> Path:
    target = folder / "large.mbtiles"
    shutil.copyfile(path, target)
    with closing(sqlite3.connect(target)) as file, file:
        for dx in (-8, 0, 8):
            for dy in (-8, 0, 8):
                if dx or dy:
                    file.execute(
                        "INSERT OR IGNORE INTO tiles SELECT zoom_level, tile_column + ?, "
                        "tile_row + ?, tile_data FROM tiles WHERE zoom_level = 13 AND "
                        "tile_column BETWEEN 7269 AND 7272 AND tile_row BETWEEN 4954 AND 4957",
                        (dx, dy),
                    )
    return target


def _osm(folder: Path, side: int) -> None:
    """One town out of many: by GDAL as papermap does it, and by a pass of pyosmium."""
    import osmium  # noqa: PLC0415

    path = folder / "towns.osm.pbf"
    _write_towns(path, side)
    area = Box(133.05, 34.04, 133.09, 34.075)
    found = tables.tables_of(path)
    known = recognised(table.name for table in found)
    source = [(table, known[table.name]) for table in found if table.name in known]

    def gdal() -> None:
        extracted(source, area, folder / "extracts", lambda _done, _total: None)

    def pyosmium() -> None:
        keys = ("highway", "building", "natural", "place", "railway", "waterway", "landuse")
        chosen = osmium.filter.KeyFilter(*keys)
        objects = osmium.FileProcessor(str(path)).with_locations("sparse_file_array")
        for thing in objects.with_areas(chosen).with_filter(chosen):
            if thing.is_way():
                first = thing.nodes[0].location
                _ = area.contains(first.lon, first.lat)

    size = path.stat().st_size / 1e6
    first, again, other = _seconds(gdal), _seconds(gdal), _seconds(pyosmium)
    print(
        f".osm.pbf  {size:.1f} MB: extract made in {first:.1f} s ({first / size:.2f} s a MB), "
        f"found again in {again:.2f} s; a pass of pyosmium without geometry {other:.1f} s"
    )


def _write_towns(path: Path, side: int) -> None:
    """Towns of streets and houses on a lattice, each with a lake of two ways."""
    import osmium  # noqa: PLC0415
    from osmium.osm.mutable import Node, Relation, Way  # noqa: PLC0415

    rnd = random.Random(1)  # noqa: S311
    ways: list[tuple[list[int], dict[str, str]]] = []
    lakes: list[int] = []
    count = 0
    with osmium.SimpleWriter(str(path)) as writer:

        def node(lon: float, lat: float, **tags: str) -> int:
            nonlocal count
            count += 1
            writer.add_node(Node(id=count, location=(lon, lat), tags=tags))
            return count

        for number in range(side * side):
            lon, lat = 133 + number // side * 0.05, 34 + number % side * 0.04
            grid = np.array(
                [
                    [
                        node(lon + i * 0.0006 + rnd.random() * 1e-4, lat + j * 0.0005)
                        for j in range(60)
                    ]
                    for i in range(60)
                ]
            )
            for i in range(60):
                for j in range(0, 60, 6):
                    ways.append((grid[i, j : j + 7].tolist(), {"highway": "residential"}))
                    ways.append((grid[j : j + 7, i].tolist(), {"highway": "unclassified"}))
            for _ in range(1200):
                x, y = lon + rnd.random() * 0.036, lat + rnd.random() * 0.03
                corners = [(x, y), (x + 1e-4, y), (x + 1e-4, y + 8e-5), (x, y + 8e-5)]
                ring = [node(*corner) for corner in corners]
                ways.append(([*ring, ring[0]], {"building": "house"}))
            node(lon + 0.01, lat + 0.01, place="suburb", name=f"町{number}")
            turns = [k / 20 * math.pi for k in range(40)]
            shore = [
                node(lon + 0.04 + 0.004 * math.cos(t), lat + 0.02 + 0.004 * math.sin(t))
                for t in turns
            ]
            lakes.append(len(ways))
            ways += [(shore[:21], {}), ([*shore[20:], shore[0]], {})]
        for number, (nodes, tags) in enumerate(ways, start=1):
            writer.add_way(Way(id=number, nodes=nodes, tags=tags))
        tags = {"type": "multipolygon", "natural": "water"}
        for number, way in enumerate(lakes, start=1):
            members = [("w", way + 1, "outer"), ("w", way + 2, "outer")]
            writer.add_relation(Relation(id=number, members=members, tags=tags))


def _seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


if __name__ == "__main__":
    main()
