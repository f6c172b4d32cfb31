"""How much toner map sheets take, measured by Ghostscript as a black printer prints them."""

from __future__ import annotations

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import pikepdf
import pytest
from conftest import Built, build_sample

import papermap

needs_gs = pytest.mark.skipif(shutil.which("gs") is None, reason="Ghostscript is not installed")
KAMAKURA = Path("/work/shared/data/kamakura")


def coverage(pdf: Path) -> list[float]:
    """Ink of each page in %, all four inks together."""
    command = ["gs", "-q", "-o", "-", "-sDEVICE=ink_cov", "-r600", str(pdf)]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return [sum(map(float, line.split()[:4])) for line in told.splitlines() if line.strip()]


def map_pages(pdf: Path, folder: Path) -> tuple[Path, Path]:
    """Map sheets alone, and their maps alone on pages of the same size."""
    sheets, maps = folder / "sheets.pdf", folder / "maps.pdf"
    with pikepdf.open(pdf) as atlas, pikepdf.new() as some, pikepdf.new() as bare:
        for page in atlas.pages:
            if "/Panel" in page.Resources.get("/XObject", {}):
                some.pages.append(page)
                bare.pages.append(page)
        for page in bare.pages:
            content = page.Contents.read_bytes()
            page.Contents = bare.make_stream(content[: content.index(b"/Panel Do Q") + 11])
        some.save(sheets)
        bare.save(maps)
    return sheets, maps


@dataclass(frozen=True)
class Toner:
    """What the map sheets of an atlas take, in %: each whole page, each map of its own area."""

    pages: list[float]
    maps: list[float]


def toner(atlas: Built, folder: Path) -> Toner:
    """Ink of the map sheets of an atlas without insets; its overview's is left out."""
    sheets, maps = map_pages(atlas.path, folder)
    printed = [sheet for sheet in atlas.manifest["sheets"] if sheet["page"]]
    left, low, right, top = printed[0]["frame_mm"]
    share = (right - left) * (top - low) / (210 * 297)
    whole, alone = coverage(sheets), coverage(maps)
    assert len(whole) in (len(printed), len(printed) + 1)
    return Toner(whole[-len(printed) :], [ink / share for ink in alone[-len(printed) :]])


@pytest.fixture(scope="module")
def mono(sample: Built, tmp_path_factory: pytest.TempPathFactory) -> Toner:
    return toner(sample, tmp_path_factory.mktemp("mono"))


@pytest.fixture(scope="module")
def draft(tmp_path_factory: pytest.TempPathFactory) -> Toner:
    folder = tmp_path_factory.mktemp("draft")
    return toner(build_sample(folder, style="draft"), folder)


@needs_gs
def test_a_sheet_in_black_takes_little_toner(sample: Built, mono: Toner) -> None:
    assert len(mono.maps) == len(sample.manifest["sheets"])
    assert max(mono.pages) <= 12
    assert mean(mono.maps) <= 5
    assert max(mono.maps) <= 7.8  # the sheet that a flood covers


@needs_gs
def test_an_overview_in_black_takes_little_toner(sample: Built, tmp_path: Path) -> None:
    left, low, right, top = sample.manifest["sheets"][0]["frame_mm"]
    _, maps = map_pages(sample.path, tmp_path)
    assert coverage(maps)[0] / ((right - left) * (top - low) / (210 * 297)) <= 3


@needs_gs
def test_the_draft_style_takes_half_of_it(mono: Toner, draft: Toner) -> None:
    """Half of the map; of the sheet a little more, as its text is as big as in mono."""
    assert max(draft.pages) <= 6
    assert mean(draft.maps) <= 2.5
    assert mean(draft.maps) <= 0.5 * mean(mono.maps)
    assert mean(draft.pages) <= 0.61 * mean(mono.pages)


@needs_gs
@pytest.mark.skipif(not KAMAKURA.exists(), reason="real data is not here")
def test_a_real_town_takes_little_toner(tmp_path: Path) -> None:
    found = {}
    for style in ("mono", "draft"):
        folder = tmp_path / style
        folder.mkdir()
        options = {
            "sources": [str(KAMAKURA / "public.json")],
            "basemap": str(KAMAKURA / "kamakura_base.gpkg"),
            "area": "139.54,35.305,139.565,35.325",
            "scale": 10_000,
            "style": style,
            "output": str(folder / "atlas.pdf"),
        }
        report = papermap.build(papermap.make_job(options))
        manifest = json.loads(report.manifest.read_text("utf-8"))
        found[style] = toner(Built(folder / "atlas.pdf", manifest, report), folder)
    mono, draft = found["mono"], found["draft"]
    assert max(mono.pages) <= 12
    assert mean(mono.maps) <= 5
    assert max(draft.pages) <= 6
    assert mean(draft.maps) <= 2.8
    assert mean(draft.maps) <= 0.59 * mean(mono.maps)
