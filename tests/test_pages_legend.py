"""The legend sheet: every category in both languages and every state, read back from the PDF."""

from __future__ import annotations

import io
from pathlib import Path

import pdfplumber
import pikepdf
import pytest
from click.testing import CliRunner

from papermap.atlas.legend import legend
from papermap.cli import main
from papermap.pages.state import STATES
from papermap.vocabulary import SHAPES, UNKNOWN_LETTERS, load_vocabulary, unknown_category

CATEGORIES = load_vocabulary().categories.values()


def words_of(data: bytes) -> str:
    with pdfplumber.open(io.BytesIO(data)) as pdf:
        return "\n".join(page.extract_text() for page in pdf.pages)


@pytest.mark.parametrize("style", ["mono", "colour", "large"])
def test_every_category_is_named_in_both_languages(style: str) -> None:
    text = words_of(legend(style)).replace("\n", " ")
    for category in CATEGORIES:
        assert category.names["ja"] in text, category.key
        assert category.names["en"] in text, category.key


def test_every_sign_is_drawn_in_every_state() -> None:
    with pikepdf.open(io.BytesIO(legend())) as pdf:
        forms = {name for page in pdf.pages for name in page.Resources.XObject}
    for category in CATEGORIES:
        for state in STATES:
            start = f"/FormXob.mark-{category.shape}-{category.sign}-{state}-"
            assert any(_plain(name).startswith(_plain(start)) for name in forms), start


def _plain(name: str) -> str:
    return "".join(char for char in name.split("mark", 1)[-1] if char.isalnum())


@pytest.mark.parametrize(
    ("paper", "way"), [("A4", "landscape"), ("A3", "portrait"), ("B5", "portrait")]
)
def test_nothing_leaves_the_page_or_runs_into_other_words(paper: str, way: str) -> None:
    with pdfplumber.open(io.BytesIO(legend(paper=paper, orientation=way))) as pdf:
        for page in pdf.pages:
            words = page.extract_words()
            for word in words:
                assert 8 / 25.4 * 72 - 1 <= word["x0"] < word["x1"] <= page.width - 21
                assert 0 < word["top"] < word["bottom"] < page.height
            for i, one in enumerate(words):
                for other in words[i + 1 :]:
                    wide = min(one["x1"], other["x1"]) - max(one["x0"], other["x0"])
                    high = min(one["bottom"], other["bottom"]) - max(one["top"], other["top"])
                    assert wide < 1 or high < 2, (one["text"], other["text"])


def test_the_rule_for_other_kinds_shows_their_shapes() -> None:
    assert len(SHAPES) == len(UNKNOWN_LETTERS)
    assert unknown_category("竹細工教室").shape in SHAPES
    assert words_of(legend()).count("そのほかの種別") == len(SHAPES)


def test_the_same_style_gives_the_same_bytes() -> None:
    assert legend() == legend()


def test_the_command_writes_it_and_overwrites_nothing_unasked(tmp_path: Path) -> None:
    path = tmp_path / "legend.pdf"
    run = CliRunner()
    assert run.invoke(main, ["styles", "--legend", "-o", str(path), "--lang", "en"]).exit_code == 0
    assert "All signs" in words_of(path.read_bytes())
    again = run.invoke(main, ["styles", "--legend", "-o", str(path)])
    assert again.exit_code != 0
    assert "All signs 印の一覧" in words_of(path.read_bytes())
