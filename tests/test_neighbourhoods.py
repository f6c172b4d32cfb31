"""Files of neighbourhoods: names from the columns that Japan's tables use, errors in a sentence."""

from __future__ import annotations

from pathlib import Path

import geopandas as gpd
import pytest
import shapely

from papermap.errors import UsageError
from papermap.readers.neighbourhoods import read_neighbourhoods


def _write(path: Path, crs: int = 4326, **columns: list[object]) -> Path:
    boxes = [shapely.box(139.5, 35.3, 139.51, 35.31), shapely.box(139.51, 35.3, 139.52, 35.31)]
    gpd.GeoDataFrame(columns, geometry=boxes, crs=4326).to_crs(crs).to_file(path)
    return path


@pytest.mark.parametrize("column", ["MOJI", "S_NAME", "町丁目名", "name"])
def test_names_come_from_the_columns_that_tables_use(tmp_path: Path, column: str) -> None:
    path = _write(tmp_path / "a.geojson", **{"code": ["1", "2"], column: ["大町一丁目", "小町"]})
    assert [name for name, _ in read_neighbourhoods(path)] == ["大町一丁目", "小町"]


def test_areas_come_in_degrees_and_nameless_ones_are_left_out(tmp_path: Path) -> None:
    path = _write(tmp_path / "a.gpkg", crs=6677, name=["大町", None])
    ((name, area),) = read_neighbourhoods(path)
    assert name == "大町"
    assert area.bounds == pytest.approx((139.5, 35.3, 139.51, 35.31), abs=1e-6)


@pytest.mark.parametrize("what", ["missing", "no map", "no names", "all empty"])
def test_wrong_files_are_told_in_a_sentence(tmp_path: Path, what: str) -> None:
    path = tmp_path / "a.geojson"
    if what == "no map":
        path.write_text("町名", "utf-8")
    elif what == "no names":
        _write(path, code=["1", "2"])
    elif what == "all empty":
        _write(path, name=["", " "])
    with pytest.raises(UsageError) as caught:
        read_neighbourhoods(path)
    assert str(path) in caught.value.message
    assert caught.value.hint
