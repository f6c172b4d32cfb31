"""A few pages as pictures: what words and numbers cannot test, eyes once did.

The pages are drawn with the packaged font alone, so that they look the same on every machine,
and small, so that versions of libraries may differ by a hair. After a wanted change, look at the
new pictures and keep them::

    python tests/test_pictures.py
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
import pikepdf
import pypdfium2
import pytest
from conftest import build_sample
from numpy.typing import NDArray
from PIL import Image

from papermap.pages.kit import Ink

PICTURES = Path(__file__).parent / "pictures"
PAGES = {"overview": "0", "sheet": "4", "index": "i1"}  # file name → label of the page
DPI = 40
PX = DPI / 25.4  # of a mm
MEAN, WORST = 5.0, 48.0  # of 255: differences that are let pass, of a page and anywhere on it
SPOT = round(6 * PX)  # side of "anywhere", px: about that of a mark

Grey = NDArray[np.float64]


def style_file(folder: Path) -> Path:
    """The mono style with the packaged font, whatever is installed."""
    path = folder / "packaged.toml"
    path.write_text('extends = "mono"\n[type]\nfamilies = ["IPAexGothic"]\n', "utf-8")
    return path


def build(folder: Path, **changes: object) -> Path:
    """The sample atlas in the packaged font at 1:10,000."""
    return build_sample(folder, style=str(style_file(folder)), scale=10_000, **changes).path


def render(pdf: Path) -> Mapping[str, Grey]:
    """The pages of ``PAGES`` that are in a file, in grey."""
    with pikepdf.open(pdf) as atlas:
        labels = [str(entry.P) for entry in list(atlas.Root.PageLabels.Nums)[1::2]]
    drawn = {}
    with pypdfium2.PdfDocument(pdf) as document:
        for name, label in PAGES.items():
            if label in labels:
                page = document[labels.index(label)]
                picture = page.render(scale=DPI / 72, grayscale=True).to_pil().convert("L")
                drawn[name] = np.asarray(picture, dtype=float)
    return drawn


def difference(one: Grey, other: Grey) -> tuple[float, float]:
    """How much two pictures differ on the whole, and where they differ most: 0 … 255."""
    if one.shape != other.shape:
        return 255.0, 255.0
    apart = np.abs(one - other)
    sums = np.pad(apart.cumsum(axis=0).cumsum(axis=1), ((1, 0), (1, 0)))
    spots = sums[SPOT:, SPOT:] - sums[:-SPOT, SPOT:] - sums[SPOT:, :-SPOT] + sums[:-SPOT, :-SPOT]
    return float(apart.mean()), float(spots.max()) / SPOT**2


def alike(one: Grey, other: Grey) -> bool:
    mean, worst = difference(one, other)
    return mean <= MEAN and worst <= WORST


@cache
def kept(name: str) -> Grey:
    return np.asarray(Image.open(PICTURES / f"{name}.png").convert("L"), dtype=float)


@pytest.fixture(scope="module")
def atlas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="module")
def drawn(atlas: Path) -> Mapping[str, Grey]:
    return render(atlas)


@pytest.mark.parametrize("name", PAGES)
def test_pages_look_as_they_did(name: str, drawn: Mapping[str, Grey], tmp_path: Path) -> None:
    if alike(drawn[name], kept(name)):
        return
    found = tmp_path / f"{name}.png"
    save(drawn[name], found)
    mean, worst = difference(drawn[name], kept(name))
    pytest.fail(
        f"{name} differs by {mean:.1f} on the whole and {worst:.0f} at one place; look at "
        f"{found}, and if it is as it should be: python tests/{Path(__file__).name}"
    )


# --- the comparison itself --------------------------------------------------------------------


@pytest.mark.parametrize("name", PAGES)
@pytest.mark.parametrize("axis", [0, 1])
def test_what_moves_by_two_millimetres_is_seen(name: str, axis: int) -> None:
    assert not alike(np.roll(kept(name), round(2 * PX), axis=axis), kept(name))


def test_what_moves_in_a_corner_is_seen() -> None:
    page = kept("sheet")
    moved = page.copy()
    high, wide = (round(15 * PX) for _ in range(2))
    edge = round(8 * PX)
    corner = page[edge : edge + high, edge : edge + wide]
    moved[edge : edge + high, edge : edge + wide] = np.roll(corner, round(2 * PX), axis=1)
    assert not alike(moved, page)


def test_one_mark_that_is_missing_is_seen() -> None:
    page = kept("sheet")
    darkest = np.unravel_index(
        np.lib.stride_tricks.sliding_window_view(page[: page.shape[0] // 2], (SPOT, SPOT))[60:]
        .mean(axis=(2, 3))
        .argmin(),
        (page.shape[0] // 2 - SPOT + 1 - 60, page.shape[1] - SPOT + 1),
    )
    without = page.copy()
    row, column = int(darkest[0]) + 60, int(darkest[1])
    without[row : row + SPOT, column : column + SPOT] = 255
    assert not alike(without, page)


def test_marks_that_are_not_drawn_are_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Ink, "sign", lambda *_, **__: None)
    bare = render(build(tmp_path, sheets=[4]))["sheet"]
    assert difference(bare, kept("sheet"))[1] > WORST


def test_a_hair_of_antialiasing_is_let_pass() -> None:
    for name in PAGES:
        page = kept(name)
        soft = 0.82 * page + 0.09 * (np.roll(page, 1, axis=0) + np.roll(page, -1, axis=1))
        assert alike(soft, page), difference(soft, page)


def test_pictures_are_small() -> None:
    assert {path.stem for path in PICTURES.glob("*.png")} == set(PAGES)
    for path in PICTURES.glob("*.png"):
        assert path.stat().st_size < 60_000


# --- ink --------------------------------------------------------------------------------------


def test_black_toner_pages_set_no_colour_but_grey(atlas: Path) -> None:
    with pikepdf.open(atlas) as pdf:
        streams = [*pdf.pages, *(page.Resources.XObject.Panel for page in _with_panel(pdf))]
        for stream in streams:
            for operands, operator in pikepdf.parse_content_stream(stream):
                name, given = str(operator), list(operands)
                if name in {"rg", "RG"}:
                    assert given[0] == given[1] == given[2], (name, given)
                elif name in {"k", "K"}:
                    assert given[:3] == [0, 0, 0], (name, given)


def _with_panel(pdf: pikepdf.Pdf) -> list[pikepdf.Page]:
    return [page for page in pdf.pages if "/Panel" in page.Resources.get("/XObject", {})]


# --- to renew the pictures --------------------------------------------------------------------


def save(page: Grey, path: Path) -> None:
    """As a small PNG: 32 greys are more than the comparison sees."""
    greys = np.minimum(np.round(page / 255 * 31) * 255 / 31, 255)
    Image.fromarray(greys.astype(np.uint8), "L").quantize(32).save(path, optimize=True)


def renew() -> None:
    """Draw the pictures anew and tell how much each differs from the one it replaces."""
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for name, page in render(build(Path(folder))).items():
            path = PICTURES / f"{name}.png"
            mean, worst = difference(page, kept(name)) if path.exists() else (255.0, 255.0)
            save(page, path)
            size = path.stat().st_size
            sys.stderr.write(f"{path.name}: {size} bytes, differs {mean:.1f}, {worst:.0f}\n")


if __name__ == "__main__":
    renew()
