"""Styles: the packaged ones keep their promises, a wrong one says what is wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from papermap.errors import StyleError
from papermap.i18n import SUPPORTED
from papermap.signs import load_signs
from papermap.style import THINNEST, Colour, Style, load_style, style_names
from papermap.vocabulary import load_vocabulary

PACKAGED = ("mono", "colour", "large")


def _luminance(colour: Colour) -> float:
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in colour.rgb]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Colour, other: Colour) -> float:
    """Contrast ratio of WCAG 2."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _write(folder: Path, text: str, name: str = "mine.toml") -> str:
    path = folder / name
    path.write_text(text, "utf-8")
    return str(path)


@pytest.mark.parametrize("name", PACKAGED)
def test_packaged_styles_load(name: str) -> None:
    style = load_style(name)
    assert style.name == name
    assert set(style.title) == set(style.description) == set(SUPPORTED)
    assert style.rules
    assert style.type.families


def test_the_default_comes_first() -> None:
    assert style_names()[0] == "mono"
    assert set(style_names()) >= set(PACKAGED)


def _sizes(style: Style) -> dict[str, float]:
    fields = set(style.type.__struct_fields__) - {"families", "bold", "row_larger"}
    sizes = {field: getattr(style.type, field) for field in fields}
    return sizes | {f"names.{key}": each.size for key, each in style.names.items()}


def test_no_type_is_smaller_than_its_style_allows() -> None:
    for name, least in (("mono", 7), ("colour", 7), ("large", 12)):
        style = load_style(name)
        assert min(_sizes(style).values()) >= least
        assert min(mark.tag for mark in style.marks.compact) >= least


def test_large_marks_are_half_as_big_again() -> None:
    mono, large = load_style("mono").marks, load_style("large").marks
    for field in ("sign", "tag_height", "overview_sign", "cross", "dot"):
        assert getattr(large, field) == pytest.approx(1.5 * getattr(mono, field), rel=0.05)
    assert load_style("large").layout.row > load_style("mono").layout.row


@pytest.mark.parametrize("name", PACKAGED)
def test_a_sign_reads_on_its_colour(name: str) -> None:
    style = load_style(name)
    white, black = Colour("white"), Colour("K100")
    for key in load_vocabulary().categories:
        colour = style.category_colour(key)
        assert max(contrast(colour, white), contrast(colour, black)) >= 4.5, key


def test_mono_is_grey_only() -> None:
    style = load_style("mono")
    colours = [
        *style.colours.values(),
        style.overlap_tint,
        *(rule.colour for rule in style.rules.values()),
    ]
    assert all(colour.grey is not None for colour in colours)


def test_styles_speak_of_known_categories_and_drawings() -> None:
    known = set(load_vocabulary().categories) | {"default"}
    signs = set(load_signs().signs)
    for name in style_names():
        style = load_style(name)
        assert set(style.colours) <= known
        assert {each.icon for each in style.names.values() if each.icon} <= signs


def test_a_style_lies_over_another(tmp_path: Path) -> None:
    own = load_style(_write(tmp_path, 'name = "mine"\nextends = "mono"\n[type]\nrow = 11\n'))
    mono = load_style("mono")
    assert (own.name, own.type.row, own.type.title) == ("mine", 11, mono.type.title)
    assert own.rules == mono.rules


def test_a_style_extends_a_file_beside_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "styles").mkdir()
    _write(tmp_path / "styles", 'extends = "mono"\n[layout]\nmargin = 12\n', "base.toml")
    own = _write(tmp_path / "styles", 'extends = "base.toml"\n[type]\nrow = 11\n')
    monkeypatch.chdir(tmp_path)
    assert load_style(own).layout.margin == 12


def test_base_map_names_grow_to_the_minimum(tmp_path: Path) -> None:
    text = 'extends = "mono"\n[names.shop]\nlayer = "poi"\nsize = 5\n'
    assert load_style(_write(tmp_path, text)).names["shop"].size == 7


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('extends = "mono"\n[type]\nrwo = 9\n', "rwo.*Did you mean “row”"),
        ('extends = "mono"\n[layuot]\nrow = 9\n', "layuot.*Did you mean “layout”"),
        ('extends = "mono"\n[type]\nrow = 3\n', "type.row is 3 pt"),
        ('extends = "mono"\n[layout]\nrow = -1\n', "layout.row"),
        ('extends = "mono"\n[layout]\nrow = inf\n', "layout.row"),
        ('extends = "mono"\n[layout]\nrow = "big"\n', "layout.row"),
        ('extends = "mono"\n[colours]\nwater = "blue"\n', "“blue” is not a colour"),
        ('extends = "mono"\n[colours]\nwater = "K101"\n', "“K101” is not a colour"),
        ('extends = "mono"\n[colours]\nwater = "K1e1"\n', "is not a colour"),
        ('extends = "monno"\n', "Did you mean “mono”"),
        ('extends = "mine.toml"\n', "extends itself"),
        ('name = "bare"\n', "missing setting"),
        ("[type\n", "is not TOML"),
    ],
)
def test_a_wrong_style_says_what_is_wrong(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(StyleError, match=told):
        load_style(_write(tmp_path, text))


def test_styles_that_extend_each_other_are_told(tmp_path: Path) -> None:
    _write(tmp_path, 'extends = "b.toml"\n', "a.toml")
    with pytest.raises(StyleError, match="extends itself"):
        load_style(_write(tmp_path, 'extends = "a.toml"\n', "b.toml"))


def test_an_unknown_style_names_the_nearest() -> None:
    with pytest.raises(StyleError, match="Did you mean “colour”"):
        load_style("color")
    with pytest.raises(StyleError, match="cannot be read"):
        load_style("nowhere/none.toml")


def test_a_style_that_is_not_text_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(StyleError, match="not TOML"):
        load_style(str(tmp_path / "x.toml"))


def test_colours_tell_their_grey_and_rgb() -> None:
    assert Colour("K100").rgb == (0, 0, 0)
    assert Colour("white").grey == 1
    assert Colour("K12").grey == pytest.approx(0.88)
    assert Colour("0053C8").grey is None
    assert Colour("FF0000").rgb == (1, 0, 0)


def test_a_rule_is_changed_by_its_name_and_keeps_its_place(tmp_path: Path) -> None:
    text = 'name = "mine"\nextends = "mono"\n[rules.minor]\nwidth = 0.3\n[rules.mine]\n'
    own = load_style(_write(tmp_path, f'{text}layer = "park"\ndraw = "fill"\n'))
    mono = load_style("mono")
    assert list(own.rules) == [*mono.rules, "mine"]
    assert own.rules["minor"].width == 0.3
    assert own.rules["minor"].classes == mono.rules["minor"].classes


def test_a_style_leaves_classes_out(tmp_path: Path) -> None:
    text = 'name = "mine"\nextends = "mono"\nwithout = ["minor", "stream", "ditch", "drain"]\n'
    own = load_style(_write(tmp_path, text))
    assert not {"minor", "stream"} & set(own.rules)
    assert "minor" not in own.names["road"].classes
    assert own.names["road"].classes


def test_the_colour_style_draws_the_same_map_in_colour() -> None:
    mono, colour = load_style("mono"), load_style("colour")
    assert list(mono.rules) == list(colour.rules)
    assert colour.rules["sea"].colour.grey is None


def test_casings_are_never_too_thin_for_a_copier() -> None:
    for name in style_names():
        for rule in load_style(name).rules.values():
            if rule.draw == "line":
                for factor in (0.45, 1.0, 1.75):
                    assert rule.drawn_width(factor) >= THINNEST
                    if rule.casing:
                        more = rule.drawn_width(factor) - rule.width * factor
                        assert more >= 2 * THINNEST - 1e-9
