"""What several tests share: the sample atlas, built once."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import papermap
from papermap.job import PROJECT_FILE, read_project

SAMPLE = Path(__file__).parents[1] / "sample_data"


@dataclass(frozen=True)
class Built:
    """An atlas on disk, and what its manifest says."""

    path: Path
    manifest: dict[str, Any]
    report: papermap.Report


def build_sample(folder: Path, **changes: object) -> Built:
    """The sample town's atlas with some options changed."""
    target = folder / "atlas.pdf"
    options = {**read_project(SAMPLE / PROJECT_FILE), "output": str(target), **changes}
    report = papermap.build(papermap.make_job(options))
    return Built(target, json.loads(report.manifest.read_text("utf-8")), report)


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """The sample town in the default style."""
    return build_sample(tmp_path_factory.mktemp("sample"))
