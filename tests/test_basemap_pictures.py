"""The same map from tiles and from whole features; no seam where tiles have cut."""

from __future__ import annotations

from pathlib import Path

import mercantile
import numpy as np
import pypdfium2
import pyproj
import pytest
import shapely
from vector_tiles import write_tiles

from papermap.basemap import open_basemap
from papermap.render import MapView, layer_names, render_panel
from papermap.style import load_style
from papermap.units import Box

KAMAKURA = Path(__file__).parents[2] / "shared/data/kamakura"
CRS = "EPSG:6691"
TO_PLAN = pyproj.Transformer.from_crs(4326, CRS, always_xy=True)
MONO = load_style("mono")
CORNER = mercantile.bounds(mercantile.tile(139.55, 35.32, 14))  # four tiles meet at its south-west
SIZE = 40.0  # mm


def _view(lon: float, lat: float, width: float, height: float, scale: int) -> MapView:
    x, y = TO_PLAN.transform(lon, lat)
    dx, dy = width * scale / 2000, height * scale / 2000
    return MapView(CRS, Box(x - dx, y - dy, x + dx, y + dy), width, height, scale)


def _picture(path: Path, view: MapView, dpi: int) -> np.ndarray:
    base = open_basemap(str(path))
    base.prepare([view.extent()], lambda _done, _total: None)
    layers = base.layers(view.extent(), layer_names(MONO, overview=False))
    document = pypdfium2.PdfDocument(render_panel(view, layers, (), MONO))
    image = document[0].render(scale=dpi / 72).to_numpy()[:, :, :3].mean(axis=2)
    document.close()
    return image


@pytest.mark.skipif(not KAMAKURA.is_dir(), reason="the real data are not here")
@pytest.mark.parametrize(
    ("lon", "lat", "scale"),
    [(139.5505, 35.319, 10_000), (139.5, 35.31, 5_000), (139.54, 35.33, 50_000)],
)
def test_tiles_and_geopackage_of_one_place_are_one_map(lon: float, lat: float, scale: int) -> None:
    view = _view(lon, lat, 186, 140, scale)
    files = ("kamakura_base.gpkg", "kamakura_z9-13_openmaptiles.mbtiles")
    first, second = (_picture(KAMAKURA / name, view, 127) for name in files)
    differ = np.abs(first - second)
    assert differ.mean() < 0.3
    assert (differ > 60).mean() < 0.002
    assert first.std() > 15  # there is a map at all


def test_no_seam_where_tiles_meet_at_600_dpi(tmp_path: Path) -> None:
    lon, lat = CORNER.west, CORNER.south
    wood = shapely.box(lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01)
    lake = shapely.Point(lon, lat).buffer(0.0012)
    road = shapely.LineString([(lon - 0.01, lat + 0.0016), (lon + 0.01, lat + 0.0016)])
    stream = shapely.LineString([(lon - 0.01, lat - 0.0016), (lon + 0.01, lat - 0.0016)])
    layers = {
        "landcover": [(wood, {"class": "wood"})],
        "water": [(lake, {"class": "lake"})],
        "waterway": [(stream, {"class": "stream"})],
        "transportation": [(road, {"class": "tertiary"})],
    }
    tiles = write_tiles(tmp_path / "a.mbtiles", layers, [14])
    image = _picture(tiles, _view(lon, lat, SIZE, SIZE, 10_000), 600)
    pixel = 600 / 25.4
    middle = round(SIZE / 2 * pixel)
    reach = round(1.2 * pixel)
    inside = np.s_[middle - 6 * reach : middle + 6 * reach]
    # the lake is one grey, upright and level along the lines where four tiles meet
    lake_grey = image[middle + reach, middle + reach]
    assert 200 < lake_grey < 250
    near = image[middle - reach : middle + reach, middle - reach : middle + reach]
    assert np.abs(near - lake_grey).max() < 2
    # the wood has its dots, and no line from edge to edge of the paper
    for strip in (image[:, middle - 3 : middle + 4], image[middle - 3 : middle + 4, :].T):
        dark = (strip < 128).mean(axis=0)
        assert dark.max() < 0.1
    # road and stream run through: each column near the seam is as dark as those beside it
    for band in (image[: middle - 4 * reach, inside], image[middle + 4 * reach :, inside]):
        columns = (band < 128).sum(axis=0)
        at_seam = columns[6 * reach - 10 : 6 * reach + 10]
        assert at_seam.max() <= columns.max()
    rows = np.s_[middle + round(17 * pixel) : middle + round(18.3 * pixel)]
    columns = np.s_[middle - round(3 * pixel) : middle + round(8 * pixel)]
    dashes = (image[rows, columns] < 128).any(axis=0)
    runs = np.diff(np.flatnonzero(np.diff(dashes.astype(int))))
    assert len(runs) > 6
    assert runs.max() < 2.2 * pixel  # no dash grew where two lines met
