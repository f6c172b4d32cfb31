"""Refuges where nobody should flee to, and information that has run out, are told."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import shapely
from click.testing import CliRunner

from papermap.atlas import check
from papermap.checks.danger import refuges_within
from papermap.cli import main
from papermap.model import Origin, Severity, SupportPoint

INSIDE, OUTSIDE = [139.55, 35.31], [139.57, 35.31]
FLOOD = [[[139.54, 35.30], [139.56, 35.30], [139.56, 35.32], [139.54, 35.32], [139.54, 35.30]]]


def write(folder: Path, *features: tuple[str, Any, dict[str, Any]]) -> str:
    path = folder / "points.geojson"
    made = [
        {
            "type": "Feature",
            "geometry": {"type": kind, "coordinates": place},
            "properties": {"updated_at": "2024-01-05T10:00+09:00", **said},
        }
        for kind, place, said in features
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": made}), "utf-8")
    return str(path)


def codes(*paths: str, **options: Any) -> list[str]:
    return [problem.code for problem in check(paths, **options).problems]


def test_an_open_refuge_inside_a_flooded_area_is_told(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        ("Point", INSIDE, {"category": "避難所", "name": "潮見小学校"}),
        ("Point", INSIDE, {"category": "避難所", "name": "港小学校", "status": "closed"}),
        ("Point", INSIDE, {"category": "給水", "name": "公園"}),
        ("Point", OUTSIDE, {"category": "避難場所", "name": "山"}),
        ("Polygon", FLOOD, {"category": "浸水", "name": "川ぞい"}),
    )
    (problem,) = check([path]).problems
    assert (problem.code, problem.severity, problem.feature) == ("PM089", Severity.WARNING, 1)
    assert (problem.value, problem.params["other_source"]) == ("浸水 / Flooded area 川ぞい", path)


def test_a_power_cut_is_no_danger(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        ("Point", INSIDE, {"category": "避難所", "name": "潮見小学校"}),
        ("Polygon", FLOOD, {"category": "停電"}),
    )
    assert codes(path) == []


def test_the_edge_counts_and_the_first_area_is_named() -> None:
    def refuge(lon: float) -> SupportPoint:
        return SupportPoint(
            id="", name="", category="shelter", origin=Origin("a", 1), lon=lon, lat=0.5
        )

    areas = [shapely.box(0, 0, 1, 1), shapely.box(0, 0, 2, 2)]
    assert list(refuges_within([refuge(1), refuge(1.5), refuge(3)], areas)) == [(0, 0), (1, 1)]
    assert list(refuges_within([], areas)) == list(refuges_within([refuge(0)], [])) == []


@pytest.mark.parametrize(("as_of", "told"), [(6, ["PM088"]), (5, []), (None, [])])
def test_what_has_expired_is_told(tmp_path: Path, as_of: int | None, told: list[str]) -> None:
    said = {"category": "給水", "name": "公園", "expires_at": "2024-01-05T18:00+09:00"}
    path = write(tmp_path, ("Point", INSIDE, said))
    moment = datetime.fromisoformat(f"2024-01-0{as_of}T09:00+09:00") if as_of else None
    assert codes(path, as_of=moment) == told


def test_an_unknown_category_names_the_nearest_known_one(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        ("Point", INSIDE, {"category": "shelltor", "name": "潮見小学校"}),
        ("Point", INSIDE, {"category": "緑茶", "name": "茶屋"}),
    )
    result = CliRunner().invoke(main, ["check", path, "--lang", "en"])
    assert result.exit_code == 1
    assert "such as Shelter, gives" in result.output
    assert "such as 給水 water, 避難所 shelter" in result.output
