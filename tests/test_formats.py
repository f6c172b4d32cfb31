"""What holds for every format: counts, what is told, writing back, and broken files."""

from __future__ import annotations

import io
import json
from pathlib import Path
from random import Random

import pytest
from format_samples import SAMPLES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mutations import mutated
from test_checks_geojson import again, same

import papermap
from papermap.checks import check_source
from papermap.checks.report import problems_as_json
from papermap.errors import PapermapError
from papermap.headers import Headers
from papermap.model import Checked
from papermap.readers import FORMATS, RawSource, read
from papermap.vocabulary import load_vocabulary

each_format = pytest.mark.parametrize("key", FORMATS)


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    return {key: make(tmp_path_factory.mktemp(key)) for key, make in SAMPLES.items()}


def _read(content: bytes, key: str = "") -> RawSource:
    return read("-", stdin=io.BytesIO(content), headers=Headers(read_as=key))


def _checked(raw: RawSource) -> Checked:
    return check_source(raw, load_vocabulary())


def counted(checked: Checked) -> None:
    """In = points + lines + areas + unplaced + skipped, and each of the last two is told."""
    for report in checked.sources:
        parts = report.points + report.lines + report.areas + report.unplaced + report.skipped
        assert report.features_in == parts
        told = [p for p in checked.problems if p.source == report.path]
        assert len({p.feature for p in told if p.unplaced}) == report.unplaced
        assert len({p.feature for p in told if p.skipped}) == report.skipped


@each_format
def test_counts_in_are_counts_out_and_counts_told(data: dict[str, bytes], key: str) -> None:
    raw = _read(data[key])
    checked = _checked(raw)
    assert raw.features
    assert checked.points
    assert _read(data[key], key).format == raw.format  # recognised as what it is
    counted(checked)
    totals = json.loads(problems_as_json(checked, "en"))["totals"]
    kept = ("points", "lines", "areas", "unplaced", "skipped")
    assert totals["features_in"] == sum(totals[part] for part in kept) == len(raw.features)


@each_format
def test_written_and_read_again_it_is_the_same_set(data: dict[str, bytes], key: str) -> None:
    checked = _checked(_read(data[key]))
    same(checked, again(checked))


@each_format
def test_broken_files_are_read_or_refused(data: dict[str, bytes], key: str) -> None:
    @settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.integers(0, 2**32))
    def run(seed: int) -> None:
        broken = mutated(data[key], Random(seed))  # noqa: S311 - chance, not secrets
        for told_as in ("", key):
            try:
                checked = _checked(_read(broken, told_as))
            except PapermapError:
                continue
            counted(checked)
            if checked.points:
                same(checked, again(checked))

    run()


def test_the_manifest_counts_the_same(data: dict[str, bytes], tmp_path: Path) -> None:
    for key, content in data.items():
        (tmp_path / f"points.{key}").write_bytes(content)
    sources = [str(path) for path in sorted(tmp_path.iterdir())]
    report = papermap.build(
        papermap.make_job({"sources": sources, "output": str(tmp_path / "a.pdf")})
    )
    manifest = json.loads(report.manifest.read_text("utf-8"))
    assert len(manifest["sources"]) == len(FORMATS)
    for counts in (*manifest["sources"], manifest["totals"]):
        kept = ("points", "lines", "areas", "unplaced", "skipped")
        assert counts["features_in"] == sum(counts[part] for part in kept)
    read_in = sum(len(read(source).features) for source in sources)
    assert manifest["totals"]["features_in"] == read_in
