"""Whose clock the times of a source are told by, where they tell no offset."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
import shapely

from papermap.atlas import check
from papermap.checks import check_source
from papermap.checks.gazetteer import make_gazetteer
from papermap.model import Checked
from papermap.readers.base import RawFeature, RawSource
from papermap.vocabulary import load_vocabulary

TOLD = "2024-01-05 10:30"


def listed(properties: dict[str, Any], **options: Any) -> Checked:
    row = {"name": "Water 1", "updated_at": TOLD, **properties}
    raw = RawSource("list.csv", "0", "CSV", (RawFeature(1, None, row, row=2),))
    return check_source(raw, load_vocabulary(), **options)


def hour(checked: Checked) -> int:
    (place,) = checked.unplaced
    assert place.updated_at is not None
    assert f"{place.updated_at:%Y-%m-%d %H:%M}" == TOLD
    return place.updated_at.astimezone(UTC).hour


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"address": "石川県輪島市河井町1-2"}, 1),
        ({"住所": "輪島市河井町1-2"}, 1),
        ({"address": "Kawai-machi, Wajima-shi"}, 1),
        ({"address": "花蓮縣花蓮市中山路12號"}, 2),
        ({"address": "花蓮市中山路3段12號"}, 2),
        ({"address": "서울특별시 종로구"}, 1),
        ({"note": "ポリタンクをお持ちください"}, 1),
        ({"備考": "1"}, 10),  # kanji alone are of no one country
    ],
)
def test_addresses_and_language_tell_whose_clock_it_was(
    properties: dict[str, Any], expected: int
) -> None:
    checked = listed(properties)
    assert hour(checked) == expected
    assert [p.code for p in checked.problems if p.code == "PM048"] == ["PM048"] * (expected == 10)


def test_the_area_tells_it_where_no_address_does() -> None:
    assert hour(listed({"note": "bring a can"}, near=(137.0, 37.4))) == 1
    assert hour(listed({"address": "花蓮縣花蓮市中山路12號"}, near=(137.0, 37.4))) == 2


def test_a_table_of_addresses_tells_it() -> None:
    row = {"住所": "Hauptplatz", "緯度": 24.0, "経度": 121.6}
    point = RawFeature(1, {"type": "Point", "coordinates": (121.6, 24.0)}, row)
    gazetteer = make_gazetteer(RawSource("t.csv", "0", "CSV", (point,)))
    rows = tuple(
        RawFeature(n, None, {"name": f"W{n}", "address": at, "updated_at": TOLD})
        for n, at in enumerate(("Hauptplatz", "Nowhere"), 1)
    )
    checked = check_source(
        RawSource("list.csv", "0", "CSV", rows), load_vocabulary(), gazetteer=gazetteer
    )
    (placed,), (lost,) = checked.points, checked.unplaced
    for each in (placed, lost):
        assert each.updated_at is not None
        assert each.updated_at.astimezone(UTC).hour == 2


def test_nobody_knows_so_it_is_told_with_row_and_value() -> None:
    checked = listed({"note": "bring a can"})
    (told,) = (p for p in checked.problems if p.code == "PM048")
    assert (told.row, told.field, told.value) == (2, "updated_at", TOLD)
    assert not told.unplaced  # it stands in the list for want of a position, not for this
    with_offset = listed({"updated_at": f"{TOLD}+02:00"})
    assert not [p for p in with_offset.problems if p.code == "PM048"]


def test_the_area_of_a_build_reaches_the_check(tmp_path: Any) -> None:
    path = tmp_path / "list.csv"
    path.write_text(f"name,address,lat,lon,updated_at\nWater 1,x,,,{TOLD}\n", "utf-8")
    assert hour(check([str(path)], area=shapely.box(136, 37, 138, 38))) == 1
