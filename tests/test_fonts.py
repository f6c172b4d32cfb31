"""Fonts: every character is set by a font that has it, or told; nothing is ever dropped."""

from __future__ import annotations

import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from fontTools.ttLib import TTCollection, TTFont
from hypothesis import given, settings
from hypothesis import strategies as st

from papermap.errors import StyleError
from papermap.fonts import GETA, FontSet, printable
from papermap.fonts import fontset as module
from papermap.fonts.find import packaged_folders

DEJAVU = next(folder for folder in packaged_folders() if (folder / "DejaVuSans.ttf").is_file())


@pytest.fixture(scope="module")
def packaged() -> FontSet:
    return FontSet.load(("Nowhere Gothic",), folders=())


def test_packaged_fonts_alone_set_japanese_with_a_fake_bold(packaged: FontSet) -> None:
    assert packaged.families == ("IPAexGothic", "DejaVu Sans")
    (run,) = packaged.runs("避難所 Shelter 7", bold=True)
    assert (run.text, run.font, run.fake_bold) == ("避難所 Shelter 7", "IPAexGothic-Regular", True)
    (run,) = packaged.runs("避難所")
    assert not run.fake_bold


def test_a_real_bold_face_is_preferred_to_a_fake_one() -> None:
    fonts = FontSet.load(("DejaVu Sans",), folders=())
    assert [run.font for run in fonts.runs("Bold", bold=True)] == ["DejaVuSans-Bold"]
    assert [run.font for run in fonts.runs("Bold")] == ["DejaVuSans-Regular"]
    assert fonts.width("Bold", 10, bold=True) > fonts.width("Bold", 10)


def test_text_is_cut_where_the_font_changes() -> None:
    fonts = FontSet.load(("DejaVu Sans",), folders=())
    runs = fonts.runs("AB給水CD")
    assert [(run.text, run.font) for run in runs] == [
        ("AB", "DejaVuSans-Regular"),
        ("給水", "IPAexGothic-Regular"),
        ("CD", "DejaVuSans-Regular"),
    ]


def test_what_no_font_covers_becomes_geta_and_is_told_once(packaged: FontSet) -> None:
    text = "水\U0001f6b0\U0001f6b0と\u1790"
    assert packaged.missing(text) == "\U0001f6b0\u1790"
    assert "".join(run.text for run in packaged.runs(text)) == f"水{GETA}{GETA}と{GETA}"
    assert packaged.missing("給水 Water №①") == ""


def test_joined_emoji_and_flags_are_one_character(packaged: FontSet) -> None:
    family = "\U0001f468\u200d\U0001f469\u200d\U0001f467"
    assert len(printable(f"{family}\U0001f1ef\U0001f1f5\U0001f44d\U0001f3fd")) == 3
    assert printable("1\ufe0f\u20e3") == "1"
    assert len(packaged.missing(family)) == 1


@pytest.mark.parametrize(
    ("given_", "shown"),
    [
        ("か\u3099", "が"),
        ("葛\U000e0100飾", "葛飾"),
        ("☎\ufe0f", "☎"),
        ("a\u202eb\u200bc\ufeff", "abc"),
        ("a\tb\nc\u3000d", "a b c\u3000d"),
        ("Cafe\u0301", "Café"),
        ("\ufa19社", "\ufa19社"),  # a variant character of names stays what it is
        ("a\u2009b\xa0c", "a b c"),
    ],
)
def test_controls_and_selectors_are_not_printed(given_: str, shown: str) -> None:
    assert printable(given_) == shown


def test_a_rare_form_falls_back_on_its_plain_form() -> None:
    fonts = FontSet.load(("DejaVu Sans",), folders=())
    lone = FontSet([face for face in fonts.faces if face.family == "DejaVu Sans"])
    assert "".join(run.text for run in lone.runs("Ａ２")) == "A2"
    assert lone.missing("Ａ２") == ""
    assert lone.missing("水") == "水"


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=30), st.booleans())
def test_runs_use_only_glyphs_that_reportlab_has(text: str, bold: bool) -> None:  # noqa: FBT001
    from reportlab.pdfbase import pdfmetrics

    fonts = FontSet.load((), folders=())
    runs = fonts.runs(text, bold)
    width = 0.0
    for run in runs:
        glyphs = pdfmetrics.getFont(run.font).face.charToGlyph
        assert all(ord(char) in glyphs for char in run.text)
        width += pdfmetrics.stringWidth(run.text, run.font, 10)
    assert fonts.width(text, 10, bold) == pytest.approx(width, abs=0.05)


def test_width_grows_with_the_size(packaged: FontSet) -> None:
    assert packaged.width("避難", 9) == pytest.approx(18)
    assert packaged.width("", 9) == 0


def test_outlines_are_in_em(packaged: FontSet) -> None:
    ops = packaged.outline("水")
    assert ops[0][0] == "M"
    assert ops[-1] == ("Z",)
    numbers = [value for _, *values in ops for value in values]
    assert -0.3 < min(numbers) < max(numbers) < 1.1
    assert packaged.outline(" ") == ()
    assert packaged.outline("\u1790") == packaged.outline(GETA)


def test_a_pickled_set_is_the_same_set(packaged: FontSet) -> None:
    again = pickle.loads(pickle.dumps(packaged))  # noqa: S301
    assert again.faces == packaged.faces
    assert again.runs("給水") == packaged.runs("給水")


def _renamed(path: Path, family: str, weight: int, **tables: int) -> TTFont:
    font = TTFont(path)
    for name in font["name"].names:
        if name.nameID in (1, 16):
            name.string = family
    font["OS/2"].usWeightClass = weight
    for field, value in tables.items():
        setattr(font["OS/2"], field, value)
    return font


def test_a_family_is_found_in_a_collection(tmp_path: Path) -> None:
    collection = TTCollection()
    for family, weight in (("House Mono", 400), ("House Gothic", 400), ("House Gothic", 700)):
        collection.fonts.append(_renamed(DEJAVU / "DejaVuSans.ttf", family, weight))
    collection.save(tmp_path / "HOUSE-All.ttc")
    (tmp_path / "house-broken.ttf").write_bytes(b"no font at all")
    fonts = FontSet.load(("House Gothic",), folders=(tmp_path,))
    assert fonts.families[0] == "House Gothic"
    assert [(face.number, face.bold) for face in fonts.faces[:2]] == [(1, False), (2, True)]
    assert fonts.runs("ab", bold=True)[0].font == "HouseGothic-Bold"


def test_a_font_that_may_not_be_embedded_is_left_out(tmp_path: Path) -> None:
    font = _renamed(DEJAVU / "DejaVuSans.ttf", "Closed Sans", 400, fsType=2)
    font.save(tmp_path / "ClosedSans.ttf")
    assert "Closed Sans" not in FontSet.load(("Closed Sans",), folders=(tmp_path,)).families


def test_no_font_at_all_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "packaged_folders", lambda: (tmp_path,))
    with pytest.raises(StyleError, match="No font"):
        FontSet.load(("IPAexGothic",), folders=(tmp_path,))


def test_fonts_are_found_without_pyplot() -> None:
    code = (
        "import sys; from papermap.fonts import FontSet; FontSet.load(()).width('水', 9);"
        "print([name for name in sys.modules if name.startswith(('matplotlib', 'reportlab'))])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
