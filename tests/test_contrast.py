"""Contrast and colour, from the style files: in grey, and for eyes that see few colours."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from colorspacious import cspace_convert, deltaE

from papermap.pages.forms import is_light
from papermap.style import Colour, Style, load_style, style_names

TEXT, SIGN = 4.5, 3.0  # least contrast to the ground
APART = 10.0  # ΔE (CAM02-UCS) by which two colours that mean something else differ
EYES = ("protanomaly", "deuteranomaly", "tritanomaly")
WHITE, BLACK = Colour("white"), Colour("K100")
Rgb = tuple[float, float, float]

styles = pytest.mark.parametrize("name", style_names())


def luminance(rgb: Rgb) -> float:
    """Relative luminance (WCAG 2.2) of a colour in sRGB."""
    parts = np.array(rgb)
    linear = np.where(parts <= 0.04045, parts / 12.92, ((parts + 0.055) / 1.055) ** 2.4)
    return float(linear @ np.array([0.2126, 0.7152, 0.0722]))


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio (WCAG 2.2), 1 … 21."""
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


def in_grey(colour: Colour) -> Rgb:
    """What a black printer makes of it."""
    red, green, blue = colour.rgb
    grey = 0.299 * red + 0.587 * green + 0.114 * blue
    return (grey, grey, grey)


def seen(colour: Colour, eyes: str) -> Rgb:
    """What people without one kind of cones see of it."""
    space = {"name": "sRGB1+CVD", "cvd_type": eyes, "severity": 100}
    red, green, blue = np.clip(cspace_convert(colour.rgb, space, "sRGB1"), 0, 1)
    return (float(red), float(green), float(blue))


def grounds(style: Style) -> set[Colour]:
    """All that the map is filled with under its names, paper and the overlap's tint among them."""
    fills = {
        rule.colour for name, rule in style.rules.items() if rule.draw == "fill" or "fill" in name
    }
    return {*fills, style.overlap_tint, WHITE}


def ground_and_sign(colour: Colour) -> tuple[Colour, Colour]:
    """Colours of a solid mark's shape and of the sign in it."""
    return (BLACK, colour) if is_light(colour) else (colour, WHITE)


@styles
def test_every_name_stands_out_from_every_ground(name: str) -> None:
    style = load_style(name)
    told = {key: look.colour for key, look in style.names.items()}
    for key, colour in {**told, "grid": style.grid.colour}.items():
        for ground in grounds(style):
            assert contrast(in_grey(colour), in_grey(ground)) >= TEXT, (key, ground)
            assert contrast(colour.rgb, ground.rgb) >= TEXT, (key, ground)


@styles
def test_every_sign_stands_out_from_paper_and_in_its_shape(name: str) -> None:
    style = load_style(name)
    for key in (*style.colours, "anything else"):
        shape, sign = ground_and_sign(style.category_colour(key))
        for ground in grounds(style):
            assert contrast(in_grey(shape), in_grey(ground)) >= SIGN, (key, ground)
        assert contrast(in_grey(shape), in_grey(sign)) >= SIGN, key


@styles
def test_lines_and_areas_of_the_data_stand_out(name: str) -> None:
    style = load_style(name)
    for key, pattern in style.patterns.items():
        assert contrast(in_grey(pattern.colour), in_grey(WHITE)) >= SIGN, key


@pytest.mark.parametrize("eyes", EYES)
def test_colours_that_mean_something_else_look_different(eyes: str) -> None:
    style = load_style("colour")
    for one, other in itertools.combinations(sorted(set(style.colours.values())), 2):
        apart = deltaE(seen(one, eyes), seen(other, eyes), input_space="sRGB1")
        assert apart >= APART, (one, other, apart)
    passable, closed = (style.patterns[key].colour for key in ("road_passable", "road_closed"))
    assert deltaE(seen(passable, eyes), seen(closed, eyes), input_space="sRGB1") >= APART


@pytest.mark.parametrize("eyes", EYES)
def test_signs_and_water_are_seen_without_some_cones(eyes: str) -> None:
    style = load_style("colour")
    for colour in set(style.colours.values()):
        shape, sign = ground_and_sign(colour)
        assert contrast(seen(shape, eyes), seen(sign, eyes)) >= SIGN, colour
    land = ("wood", "grass", "school", "building", "sand")
    for water, ground in itertools.product(("sea", "lake"), land):
        colours = (style.rules[key].colour for key in (water, ground))
        one, other = (seen(colour, eyes) for colour in colours)
        assert deltaE(one, other, input_space="sRGB1") > 6, (water, ground)


@pytest.mark.parametrize("eyes", EYES)
def test_marks_and_hatches_stand_out_on_every_area_without_some_cones(eyes: str) -> None:
    """On sheets and overview alike: both have the same signs, patterns and areas."""
    style = load_style("colour")
    areas = {rule.colour for rule in style.rules.values() if rule.draw == "fill"} | {WHITE}
    drawn = {key: pattern.colour for key, pattern in style.patterns.items()}
    drawn |= {key: ground_and_sign(colour)[0] for key, colour in style.colours.items()}
    for (key, colour), area in itertools.product(drawn.items(), areas):
        assert contrast(seen(colour, eyes), seen(area, eyes)) >= SIGN, (key, area)


def test_the_measures_measure() -> None:
    assert contrast(BLACK.rgb, WHITE.rgb) == pytest.approx(21)
    assert contrast(Colour("777777").rgb, WHITE.rgb) == pytest.approx(4.48, abs=0.01)
    red, green = Colour("C00000"), Colour("4C7A00")
    far = deltaE(red.rgb, green.rgb, input_space="sRGB1")
    near = deltaE(seen(red, EYES[1]), seen(green, EYES[1]), input_space="sRGB1")
    assert near < far / 2
