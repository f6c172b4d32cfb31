"""How much toner map sheets take, measured by Ghostscript as a black printer prints them."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from statistics import mean

import pikepdf
import pytest
from conftest import Built, build_sample

needs_gs = pytest.mark.skipif(shutil.which("gs") is None, reason="Ghostscript is not installed")
SHEETS = [4, 9, 10]


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


@pytest.fixture(scope="module")
def ink(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[list[float], list[float]]]:
    """Of each style: ink of whole sheets, and of their maps as a share of the page."""
    found = {}
    for style in ("mono", "draft"):
        folder = tmp_path_factory.mktemp(style)
        atlas = build_sample(folder, style=style, sheets=SHEETS)
        sheets, maps = map_pages(atlas.path, folder)
        found[style] = (coverage(sheets), coverage(maps))
    return found


@needs_gs
def test_a_sheet_in_black_takes_little_toner(
    ink: dict[str, tuple[list[float], list[float]]],
) -> None:
    sheets, maps = ink["mono"]
    assert len(sheets) == len(SHEETS)
    assert max(sheets) <= 12
    assert max(maps) <= 5


@needs_gs
def test_a_map_in_black_takes_a_twentieth_of_its_area_in_the_mean(
    sample: Built, tmp_path: Path
) -> None:
    left, low, right, top = sample.manifest["sheets"][0]["frame_mm"]
    share = (right - left) * (top - low) / (210 * 297)
    _, maps = map_pages(sample.path, tmp_path)
    overview, *sheets = coverage(maps)
    assert len(sheets) == len(sample.manifest["sheets"])
    assert overview / share <= 3
    assert mean(sheets) / share <= 5.5


@needs_gs
def test_the_draft_style_saves_two_fifths_of_the_map_and_three_tenths_of_the_sheet(
    ink: dict[str, tuple[list[float], list[float]]],
) -> None:
    """Text is two thirds of what is left of it, and is as big as in mono."""
    (usual, usual_maps), (sheets, maps) = ink["mono"], ink["draft"]
    assert max(maps) <= 2
    assert max(sheets) <= 6.6
    assert mean(maps) <= 0.61 * mean(usual_maps)
    assert mean(sheets) <= 0.71 * mean(usual)
