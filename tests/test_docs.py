"""Documents that cannot rot: made from, or checked against, what they speak of."""

from __future__ import annotations

import importlib
import re
import runpy
import shutil
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

from papermap.checks.codes import SEVERITIES
from papermap.cli import main

ROOT = Path(__file__).parents[1]


def test_the_command_reference_is_the_help() -> None:
    made = runpy.run_path(str(ROOT / "docs/make_commands.py"))
    assert (ROOT / "docs/commands.md").read_text("utf-8") == made["reference"]()


def test_the_list_of_problems_is_the_words_that_are_told() -> None:
    made = runpy.run_path(str(ROOT / "docs/make_problems.py"))
    text = (ROOT / "docs/problems.md").read_text("utf-8")
    assert text == made["reference"]()
    for code in SEVERITIES:
        assert f"\n## {code} " in text, code


def test_the_architecture_names_every_room() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (contract,) = settings["tool"]["importlinter"]["contracts"]
    for layer in contract["layers"]:
        for room in re.findall(r"\w+", layer):
            if room != "web":  # not built yet
                assert f"`{room}`" in text or f"`{room}/`" in text, room


def test_what_the_architecture_points_at_is_there() -> None:
    text = (ROOT / "docs/architecture.md").read_text("utf-8")
    pointed = re.findall(r"^\d+\. `([\w.]+)\.(\w+)`", text, re.MULTILINE)
    assert len(pointed) == 10
    for module, name in pointed:
        assert hasattr(importlib.import_module(f"papermap.{module}"), name), (module, name)


@pytest.mark.parametrize("name", ["README.md", "README.ja.md", "CONTRIBUTING.md"])
def test_links_between_documents_lead_somewhere(name: str) -> None:
    text = (ROOT / name).read_text("utf-8")
    for target in re.findall(r"\]\(([^)#]+)", text):
        if not target.startswith("http"):
            assert (ROOT / target).exists(), target


def test_the_changelog_has_the_version() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert f"[{settings['project']['version']}]" in text or "[Unreleased]" in text


def test_the_workflow_for_pull_requests_runs_what_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (ROOT / "docs/check-points.yml").read_text("utf-8")
    commands = re.findall(r"^      - run: papermap (check .*)$", text, re.MULTILINE)
    assert [form for line in commands for form in re.findall(r"--format (\w+)", line)] == [
        "html",
        "github",
    ]
    (tmp_path / "points").mkdir()
    shutil.copy(ROOT / "sample_data/dirty.geojson", tmp_path / "points/sample.geojson")
    monkeypatch.chdir(tmp_path)
    for line in commands:
        arguments = line.split(" > ")[0].replace("points/*.geojson", "points/sample.geojson")
        result = CliRunner().invoke(main, arguments.split())
        assert result.exit_code == 1, result.output
        assert "sample.geojson" in result.output
