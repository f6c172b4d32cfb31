"""uMap's own export: three spellings of its settings, layers that are elsewhere."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from papermap.checks import check_source
from papermap.errors import SourceError
from papermap.readers import RawSource, read
from papermap.vocabulary import load_vocabulary

SHARED = Path(__file__).parents[2] / "shared/data/small/data.umap"
POINT = {"type": "Point", "coordinates": [139.5, 35.3]}


def feature(name: str, **more: Any) -> dict[str, Any]:
    return {"type": "Feature", "geometry": POINT, "properties": {"name": name, **more}}


def load(folder: Path, *layers: Any) -> RawSource:
    made = {
        "type": "umap",
        "uri": "https://example.org/map/1",
        "properties": {"name": "春の地震", "shortCredit": "本町"},
        "geometry": POINT,
        "layers": list(layers),
    }
    path = folder / "points.json"
    path.write_text(json.dumps(made, ensure_ascii=False), "utf-8")
    return read(str(path))


@pytest.mark.parametrize("spelling", ["properties", "_umap_options", "_storage"])
def test_the_layers_name_is_the_category_in_any_spelling(tmp_path: Path, spelling: str) -> None:
    layer = {
        "type": "FeatureCollection",
        "features": [feature("本町公園"), feature("北公園")],
        spelling: {"name": "給水所", "remoteData": {}},
    }
    raw = load(tmp_path, layer, {**layer, spelling: {"name": "トイレ"}})
    assert (raw.format, raw.title, raw.attribution) == ("uMap", "春の地震", "本町")
    assert [(each.number, each.layer) for each in raw.features] == [
        (1, "給水所"),
        (2, "給水所"),
        (3, "トイレ"),
        (4, "トイレ"),
    ]
    assert raw.problems == ()
    checked = check_source(raw, load_vocabulary())
    assert [point.category for point in checked.points] == ["water", "water", "toilet", "toilet"]


@pytest.mark.parametrize("spelling", ["_umap_options", "_storage_options"])
def test_a_features_settings_are_its_look_not_its_words(tmp_path: Path, spelling: str) -> None:
    inside = feature("A", **{spelling: {"color": "Red", "iconUrl": "file:///etc/passwd"}})
    beside = {**feature("B"), spelling: {"color": "Blue"}}
    raw = load(tmp_path, {"features": [inside, beside]})
    assert [each.properties["marker-color"] for each in raw.features] == ["Red", "Blue"]
    assert all(spelling not in each.properties for each in raw.features)
    first, second = check_source(raw, load_vocabulary()).points
    assert first.note == second.note == ""


def test_layers_that_are_elsewhere_are_told(tmp_path: Path) -> None:
    layer = {"_umap_options": {"name": "給水", "remoteData": {"url": "http://127.0.0.1:9/a.json"}}}
    raw = load(tmp_path, layer, {"features": [feature("A")]})
    assert [(p.code, p.name, p.value) for p in raw.problems] == [
        ("PM060", "給水", "http://127.0.0.1:9/a.json")
    ]
    assert len(raw.features) == 1


def test_markup_of_umap_is_not_printed(tmp_path: Path) -> None:
    text = "**毎日** [[https://example.org|市のページ]]{{https://example.org/a.png}}"
    raw = load(tmp_path, {"features": [feature("A", description=text)]})
    assert raw.features[0].properties["description"] == "毎日 市のページ https://example.org"


@pytest.mark.parametrize("layer", [None, 5, "x", {}, {"features": 3}, {"features": [None, 7]}])
def test_broken_layers_lose_only_themselves(tmp_path: Path, layer: Any) -> None:
    raw = load(tmp_path, layer, {"features": [feature("A")]})
    checked = check_source(raw, load_vocabulary())
    (report,) = checked.sources
    assert report.points == 1
    assert report.features_in == report.points + report.skipped


def test_without_layers_it_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.umap"
    path.write_text('{"type": "umap", "layers": {}}')
    with pytest.raises(SourceError, match="without a list of layers"):
        read(str(path))


@pytest.mark.skipif(not SHARED.is_file(), reason="the real inputs are not here")
def test_a_real_map() -> None:
    raw = read(str(SHARED))
    assert len(raw.features) == 33
    assert len({each.layer for each in raw.features}) == 3
