"""Signs: every drawing lies in its square and holds at the sizes it is printed in."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from matplotlib.path import Path
from numpy.typing import NDArray

from papermap.errors import StyleError
from papermap.signs import Drawing, load_signs
from papermap.style import load_style
from papermap.vocabulary import load_vocabulary

FINE = 120  # samples across a drawing
LETTERS = {
    "M": [Path.MOVETO],
    "L": [Path.LINETO],
    "C": [Path.CURVE4] * 3,
}


def filled(drawing: Drawing, fine: int = FINE) -> NDArray[np.bool_]:
    """Even-odd raster of a drawing, row 0 at the bottom."""
    centres = (np.arange(fine) + 0.5) / fine
    grid = np.array(list(itertools.product(centres, centres)))[:, ::-1]
    inside = np.zeros(len(grid), bool)
    contour: list[tuple[float, float]] = []
    codes: list[int] = []
    for letter, *values in drawing.ops:
        if letter == "Z":
            path = Path([*contour, contour[0]], [*codes, Path.CLOSEPOLY])
            inside ^= path.contains_points(grid)
            contour, codes = [], []
        else:
            contour += zip(values[::2], values[1::2], strict=True)
            codes += LETTERS[letter]
    assert not contour, "an open contour"
    return inside.reshape(fine, fine)


def drawings() -> list[Drawing]:
    book = load_signs()
    return [*book.shapes.values(), *book.signs.values()]


@pytest.mark.parametrize("drawing", drawings(), ids=lambda drawing: drawing.name)
def test_a_drawing_lies_in_the_unit_square(drawing: Drawing) -> None:
    numbers = [value for _, *values in drawing.ops for value in values]
    assert min(numbers) >= -0.03
    assert max(numbers) <= 1.03
    assert drawing.ops[0][0] == "M"
    assert drawing.ops[-1] == ("Z",)
    assert filled(drawing).mean() > 0.1


def test_shapes_and_signs_differ_from_each_other() -> None:
    for group in (load_signs().shapes, load_signs().signs):
        rasters = {name: filled(drawing, 40) for name, drawing in group.items()}
        for (one, first), (other, second) in itertools.combinations(rasters.items(), 2):
            assert (first ^ second).mean() > 0.03, f"{one} looks like {other}"


@pytest.mark.parametrize("category", load_vocabulary().categories.values(), ids=lambda c: c.key)
def test_a_sign_in_its_shape_holds_at_3_mm(category) -> None:  # type: ignore[no-untyped-def] # noqa: ANN001
    """The sign stays inside its shape, and enough of both is left on a coarse copy."""
    book = load_signs()
    shape, sign = book.shape(category.shape), book.sign(category.sign)
    rows, columns = np.nonzero(filled(sign))
    x = shape.x + (columns / FINE - 0.5) * shape.room
    y = shape.y + (rows / FINE - 0.5) * shape.room
    body = filled(shape)
    inside = body[(y * FINE).astype(int), (x * FINE).astype(int)]
    assert inside.mean() > 0.98
    share = len(rows) / FINE**2 * shape.room**2 / body.mean()
    assert 0.08 < share < 0.6


def test_signs_of_the_large_style_are_half_as_big_again() -> None:
    """And where a sheet is crowded still a quarter bigger than those of mono, size by size."""
    usual, large = load_style("mono").marks, load_style("large").marks
    assert large.sign == pytest.approx(1.5 * usual.sign)
    assert large.tag_height == pytest.approx(1.5 * usual.tag_height)
    assert large.overview_sign == pytest.approx(1.5 * usual.overview_sign)
    for one, other in zip(large.compact, usual.compact, strict=False):
        assert one.sign > 1.25 * other.sign
        assert one.tag >= 12


def test_the_temple_is_the_map_sign_that_turns_left() -> None:
    """卍, whose top arm bends to the left, never its mirror image."""
    temple = filled(load_signs().sign("icon_temple"), 24)
    top, middle = temple[21], slice(10, 14)
    assert temple[12, middle].all()
    assert top[3:9].all()
    assert not top[14:18].any()


def test_map_icons_are_there() -> None:
    icons = {"icon_temple", "icon_shrine", "icon_school", "icon_hospital", "icon_shop"}
    assert icons | {"icon_station", "north"} <= set(load_signs().signs)


def test_an_unknown_sign_is_told() -> None:
    with pytest.raises(StyleError, match="no sign “wat”"):
        load_signs().sign("wat")
    with pytest.raises(StyleError, match="no shape"):
        load_signs().shape("blob")


def test_quadratic_curves_become_cubic() -> None:
    from papermap.signs import _ops

    assert _ops("M0 0Q12 0 24 24Z")[1] == ("C", 0.33333, 1.0, 0.66667, 0.66667, 1.0, 0.0)
