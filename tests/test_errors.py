"""Errors are told in the reader's language: every sentence of the code has its Japanese."""

from __future__ import annotations

import ast
import pickle
import re
import string
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner

import papermap
from papermap.cli import main
from papermap.errors import NEAR, PapermapError, Phrase, SourceError, UsageError
from papermap.files import _WHY
from papermap.i18n import error_text
from papermap.readers import refused
from papermap.resources import file

ROOT = Path(papermap.__file__).parent
JAPANESE = tomllib.loads((ROOT / "locale/errors.ja.toml").read_text("utf-8"))
RAISED = {"PapermapError", "UsageError", "SourceError", "AreaError", "StyleError", "BasemapError",
          "OutputError", "error"}  # fmt: skip


def _texts(node: ast.expr, named: Mapping[str, list[str]]) -> list[str]:
    """What an argument may be: a text, one of two, or what its name stands for in the module."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        return _texts(node.body, named) + _texts(node.orelse, named)
    return named.get(node.id, []) if isinstance(node, ast.Name) else []


def _sentences(path: Path) -> Iterator[tuple[str, int]]:
    tree = ast.parse(path.read_text("utf-8"))
    named: dict[str, list[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            if isinstance(target, ast.Name):
                named.setdefault(target.id, []).extend(_texts(node.value, named))
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if function in RAISED or function == "Phrase":
            for argument in node.args[:2]:
                assert not isinstance(argument, ast.JoinedStr), (path.name, node.lineno)
                yield from ((text, node.lineno) for text in _texts(argument, named) if text)


def _gaps(text: str) -> set[tuple[str, str, str]]:
    parts = string.Formatter().parse(text)
    return {(name, spec or "", how or "") for _, name, spec, how in parts if name is not None}


def test_every_sentence_of_the_code_has_its_japanese() -> None:
    found = {
        text: f"{path.name}:{line}"
        for path in sorted(ROOT.rglob("*.py"))
        for text, line in _sentences(path)
    }
    assert len(found) > 250
    assert {text: where for text, where in found.items() if text not in JAPANESE} == {}


def test_what_stands_in_tables_has_its_japanese_too() -> None:
    servers = tomllib.loads(file("styles", "data/tiles.toml").read_text("utf-8"))["refused"]
    texts = {NEAR, *(text for pair in _WHY.values() for text in pair)}
    texts |= {text for _, *pair in refused._MAGIC for text in pair}
    texts |= {name for _, name in refused._XML} | {refused._PAGE_HINT}
    texts |= {why[key] for why in servers.values() for key in ("en", "hint")}
    assert texts - JAPANESE.keys() == set()


def test_translations_fill_the_same_gaps() -> None:
    assert {e: j for e, j in JAPANESE.items() if _gaps(e) != _gaps(j)} == {}
    said = re.compile("[ぁ-んァ-ヶ一-鿿]")
    same = {e for e, j in JAPANESE.items() if not said.search(j)}
    assert same == {"XML", "a PDF", "GeoParquet", "PMTiles", "{why}: {asked}."}


def test_an_error_is_a_sentence_in_each_language() -> None:
    error = SourceError(
        "{path} is empty.", "Save or download it again.", path=Phrase("Standard input")
    )
    assert str(error) == "Standard input is empty. Save or download it again."
    assert error_text(error, "en") == ("Standard input is empty.", "Save or download it again.")
    ja = ("標準入力 は空です。", "もう一度保存するか、ダウンロードしてください。")
    assert error_text(error, "ja") == ja
    assert error_text(pickle.loads(pickle.dumps(error)), "ja") == ja  # noqa: S301 - our own


def test_what_strangers_write_is_no_format() -> None:
    error = UsageError("Unknown setting “{key}”.", near="{0}{x!r}", key="{path}{")
    assert str(error) == "Unknown setting “{path}{”. Did you mean “{0}{x!r}”?"
    assert error_text(error, "ja") == (
        "「{path}{」という設定はありません。",
        "「{0}{x!r}」のことですか。",
    )
    assert str(PapermapError("a {brace}")) == "a {brace}"


@pytest.mark.parametrize(
    ("options", "environment", "japanese"),
    [
        ([], {"LC_ALL": "ja_JP.UTF-8"}, True),
        ([], {"LC_ALL": "en_GB.UTF-8", "LANG": "ja_JP.UTF-8"}, False),
        ([], {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "ja_JP.UTF-8"}, True),
        ([], {"LC_ALL": "C"}, False),
        (["--lang", "ja"], {"LC_ALL": "C"}, True),
        (["--lang", "en"], {"LC_ALL": "ja_JP.UTF-8"}, False),
    ],
)
@pytest.mark.parametrize("command", ["check", "build", "merge"])
def test_the_command_line_speaks_the_language_of_the_terminal(
    command: str, options: list[str], environment: dict[str, str], *, japanese: bool
) -> None:
    told = CliRunner(env=environment).invoke(main, [command, "nowhere.geojson", *options])
    assert told.exit_code == 1
    assert "nowhere.geojson" in told.stderr
    assert ("というファイルはありません" in told.stderr) == japanese
    assert ("There is no file" in told.stderr) != japanese


def test_the_main_language_of_an_atlas_counts() -> None:
    runner = CliRunner(env={"LC_ALL": "C"})
    told = runner.invoke(main, ["build", "nowhere.geojson", "--lang", "ja,en"])
    assert "というファイルはありません" in told.stderr
    told = runner.invoke(main, ["build", "a.geojson", "--lang", "jp"])
    assert told.exit_code == 2
    assert "Did you mean “ja”? Write ja, en or ja,en." in told.stderr
