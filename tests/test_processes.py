"""What is done to this process is undone again."""

from __future__ import annotations

import gc
from pathlib import Path

import pytest

import papermap
from papermap.errors import SourceError
from papermap.processes import uncollected


def test_cycles_are_looked_for_again_after_checking(tmp_path: Path) -> None:
    with pytest.raises(SourceError):
        papermap.check([str(tmp_path / "missing.csv")])
    assert gc.isenabled()
    with uncollected():
        assert not gc.isenabled()
        with uncollected():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
