"""The command line: exit statuses, sentences, and no half-written file."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import SAMPLE

from papermap.cli import main
from papermap.cli.errors import loading


def run(*arguments: str, stdin: str | None = None) -> tuple[int, str, str]:
    """Exit status, standard output and standard error of a command."""
    result = CliRunner().invoke(main, list(arguments), input=stdin)
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.stdout, result.stderr


def collection(*features: object) -> str:
    return json.dumps({"type": "FeatureCollection", "features": features})


def point(lon: object, lat: object, **properties: object) -> dict[str, object]:
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [lon, lat]},
        "properties": {"name": "給水所", "category": "給水", **properties},
    }


GOOD = collection(point(139.1, 35.1), point(139.101, 35.101, name="公民館"))


def test_help_is_quick() -> None:
    """Heavy libraries stay out of --help: what it imports is counted, not its seconds."""
    code = (
        "import sys; from papermap.cli import main\n"
        "try: main(['build', '--help'])\n"
        "except SystemExit: pass\n"
        "heavy = {'numpy', 'shapely', 'matplotlib', 'reportlab', 'pikepdf', 'rich'}\n"
        "sys.exit(str(heavy & set(sys.modules)) if heavy & set(sys.modules) else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr


def test_an_atlas_from_standard_input(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    status, out, err = run("build", "-", "-o", str(target), stdin=GOOD)
    assert status == 0, err
    assert out == ""
    assert target.read_bytes().startswith(b"%PDF")
    manifest = json.loads((tmp_path / "a.manifest.json").read_text("utf-8"))
    assert manifest["totals"]["points"] == 2
    assert manifest["sources"][0]["path"] == "-"


def test_quiet_says_nothing(tmp_path: Path) -> None:
    status, out, err = run("build", "-", "-q", "-o", str(tmp_path / "a.pdf"), stdin=GOOD)
    assert (status, out, err) == (0, "", "")


def test_an_existing_file_is_kept_unless_asked(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    target.write_text("mine", "utf-8")
    status, _, err = run("build", "-", "-o", str(target), stdin=GOOD)
    assert status == 1
    assert "--overwrite" in err
    assert target.read_text("utf-8") == "mine"
    assert run("build", "-", "-o", str(target), "--overwrite", stdin=GOOD)[0] == 0


BAD = {
    "empty": b"",
    "png": b"\x89PNG\r\n\x1a\n" + bytes(50),
    "cut": GOOD.encode()[:-20],
    "deep": b"[" * 100_000,
    "nested": b'{"type":"FeatureCollection","features":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
    "nan": collection(point(float("nan"), 35)).encode(),
    "infinity": collection(point(float("inf"), 35)).encode(),
    "nothing": collection().encode(),
    "swapped": collection(point(35.1, 139.1)).encode()[:0] + b"{}",
    "text": "これは地図ではありません".encode(),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_gets_a_sentence_and_no_file(name: str, tmp_path: Path) -> None:
    source, target = tmp_path / f"{name}.geojson", tmp_path / "a.pdf"
    source.write_bytes(BAD[name])
    status, _, err = run("build", str(source), "-o", str(target))
    assert status in {1, 2}
    assert "Traceback" not in err
    assert "→" in err or "papermap:" in err
    assert list(tmp_path.iterdir()) == [source]


@pytest.mark.parametrize(
    ("arguments", "status", "words"),
    [
        (["nowhere.geojson"], 1, "nowhere.geojson"),
        (["."], 1, "folder"),
        (["-", "--style", "monoo"], 2, "mono"),
        (["-", "--lang", "jp"], 2, "ja"),
        (["-", "--area", "0,0,1,1"], 1, "inside the area"),
        (["-", "--area", "1,2,3"], 2, "area"),
        (["-", "--scale", "huge"], 2, "scale"),
        (["-", "--paper", "A9"], 2, "A4"),
        (["-", "--basemap", "nowhere.gpkg"], 1, "nowhere.gpkg"),
        (["-", "-o", "nowhere/a.pdf"], 1, "nowhere"),
        ([], 2, "source"),
        (["-", "--no-such-option"], 2, "no-such-option"),
    ],
)
def test_wrong_use_is_told(
    arguments: list[str],
    status: int,
    words: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    got, _, err = run("build", *arguments, stdin=GOOD)
    assert got == status, err
    assert words in err
    assert not list(tmp_path.iterdir())


@pytest.mark.skipif(os.geteuid() == 0 if hasattr(os, "geteuid") else True, reason="root may write")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    status, _, err = run("build", "-", "-o", str(tmp_path / "a.pdf"), stdin=GOOD)
    assert status == 1
    assert "written" in err


def test_a_full_disk_is_told_and_leaves_nothing() -> None:
    if not Path("/dev/full").exists():
        pytest.skip("no /dev/full here")
    status, _, err = run("build", "-", "-o", "/dev/full", "--overwrite", stdin=GOOD)
    assert status == 1
    assert "Traceback" not in err


def test_swapped_coordinates_are_told_with_the_suggestion() -> None:
    status, out, _ = run("check", "-", "--lang", "en", stdin=collection(point(35.1, 139.1)))
    assert status == 1
    assert "35.1" in out
    assert "139.1" in out


def test_numbers_as_strings_are_read_and_told(tmp_path: Path) -> None:
    target = tmp_path / "a.pdf"
    status, _, err = run("build", "-", "-o", str(target), stdin=collection(point("139.1", "35.1")))
    assert status == 0
    assert err
    assert target.exists()


def test_check_is_clean_or_not() -> None:
    clean = collection(
        point(139.1, 35.1, status="open", confirmed=True, updated_at="2026-09-14T10:00+09:00")
    )
    assert run("check", "-", stdin=clean)[0] == 0
    status, out, _ = run("check", str(SAMPLE / "dirty.geojson"), "--format", "json")
    assert status == 1
    report = json.loads(out)
    assert report["problems"]
    japanese = run("check", str(SAMPLE / "dirty.geojson"))[1]
    english = run("check", str(SAMPLE / "dirty.geojson"), "--lang", "en")[1]
    assert japanese != english


def test_check_tells_in_the_form_that_was_asked_for() -> None:
    source = str(SAMPLE / "dirty.geojson")
    status, page, _ = run("check", source, "--format", "html", "--lang", "en")
    assert (status, page.startswith("<!doctype html>")) == (1, True)
    status, told, _ = run("check", source, "--format", "github", "--lang", "en")
    assert status == 1
    assert all(
        line.startswith(("::error ", "::warning ", "::notice "))
        for line in told.split("\n")
        if line
    )


def test_check_writes_what_it_can_mend(tmp_path: Path) -> None:
    source, target = str(SAMPLE / "dirty.geojson"), tmp_path / "mended.geojson"
    status, _, err = run("check", source, "--fix", str(target), "--lang", "en")
    assert status == 1
    assert "33.967152, 139.246 → 139.246, 33.967152" in err
    before, after = (
        json.loads(run("check", path, "--format", "json")[1])["problems"]
        for path in (source, str(target))
    )
    mended = {problem["code"] for problem in before} - {problem["code"] for problem in after}
    assert {"PM020", "PM021", "PM039"} <= mended
    status, _, err = run("check", source, "--fix", str(target))
    assert (status, "--overwrite" in err) == (1, True)
    assert run("check", source, "--fix", source, "--overwrite")[0] == 1
    assert run("check", source, source, "--fix", str(target))[0] == 2


def test_explain_tells_more_of_a_problem() -> None:
    status, told, _ = run("explain", "pm021", "12", "--lang", "en")
    assert status == 0
    assert told.startswith("PM021  swapped (warning)")
    assert "PM012  not a number (error)" in told
    assert "経度" in run("explain", "PM021")[1]
    status, _, err = run("explain", "PM999")
    assert (status, "PM999" in err) == (2, True)


def test_a_project_file_makes_the_command_one_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run("init")[0] == 0
    assert run("init")[0] == 1
    (tmp_path / "points.geojson").write_text(GOOD, "utf-8")
    status, _, err = run("build")
    assert status == 0, err
    first = json.loads((tmp_path / "atlas.manifest.json").read_text("utf-8"))
    assert first["languages"] == ["ja", "en"]
    assert run("build", "--lang", "en", "--paper", "A3")[0] == 0
    second = json.loads((tmp_path / "atlas.manifest.json").read_text("utf-8"))
    assert second["languages"] == ["en"]
    assert second["paper"].startswith("A3")


def test_styles_are_listed() -> None:
    status, out, _ = run("styles")
    assert status == 0
    assert [line.split()[0] for line in out.splitlines()] == ["mono", "colour", "draft", "large"]


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT to a child there")
def test_ctrl_c_leaves_no_half_written_file(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "papermap", "build", "--sample", "-o", "a.pdf"]
    child = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    assert child.stderr is not None
    child.stderr.readline()  # it has drawn a first sheet
    child.send_signal(signal.SIGINT)
    rest = child.stderr.read()
    child.stderr.close()
    deadline = time.monotonic() + 60
    while child.poll() is None and time.monotonic() < deadline:
        time.sleep(0.05)
    assert child.returncode == 130, rest
    assert "Traceback" not in rest
    assert not list(tmp_path.iterdir())


def test_a_source_is_not_overwritten(tmp_path: Path) -> None:
    source = tmp_path / "points.json"
    source.write_text(GOOD, "utf-8")
    for option in ("-o", "--manifest"):
        status, _, err = run("build", str(source), option, str(source), "--overwrite")
        assert status == 1
        assert "would be lost" in err
        assert source.read_text("utf-8") == GOOD


def test_standard_input_is_read_once() -> None:
    for command in ("build", "check"):
        status, _, err = run(command, "-", "-", stdin=GOOD)
        assert status == 2
        assert "only once" in err


def test_nothing_to_print_says_why(tmp_path: Path) -> None:
    status, _, err = run(
        "build", "-", "-o", str(tmp_path / "a.pdf"), stdin=collection(point(35.1, 139.1))
    )
    assert status == 1
    assert "swapped 1" in err
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_for_the_report_is_a_sentence(tmp_path: Path) -> None:
    source = tmp_path / "points.json"
    source.write_text(GOOD, "utf-8")
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "papermap", "check", str(source)],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.decode().startswith("papermap: cannot go on")
    assert "Traceback" not in done.stderr.decode()


def test_without_a_home_nothing_is_said_of_it(tmp_path: Path) -> None:
    """The drawing library's own talk of caches stays inside."""
    source = tmp_path / "points.json"
    source.write_text(GOOD, "utf-8")
    nowhere = "/proc/nowhere"  # cannot be made, by nobody
    environment = {key: value for key, value in os.environ.items() if key != "MPLCONFIGDIR"}
    environment |= {"HOME": nowhere, "XDG_CONFIG_HOME": nowhere, "XDG_CACHE_HOME": nowhere}
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "papermap",
            "build",
            "-q",
            str(source),
            "-o",
            str(tmp_path / "a.pdf"),
        ],
        env=environment,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")


def test_an_interruption_that_a_library_hides_is_still_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Ctrl-C while compiled modules load comes out of them as ImportError."""

    def interrupted(*_: object, **__: object) -> None:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        raise ImportError("multiarray failed to import")

    monkeypatch.setattr("papermap.atlas.build", interrupted)
    status, _, err = run("build", "-", "-o", str(tmp_path / "a.pdf"), stdin=GOOD)
    assert status == 130
    assert "nothing was written" in err


def test_an_interruption_waits_until_libraries_are_loaded() -> None:
    loaded = []

    def load() -> None:
        with loading():
            signal.raise_signal(signal.SIGINT)
            loaded.append(True)

    with pytest.raises(KeyboardInterrupt):
        load()
    assert loaded


@pytest.mark.skipif(sys.platform == "win32", reason="no process groups there")
@pytest.mark.parametrize("seconds", [0.3, 0.8])
def test_ctrl_c_while_workers_load_is_told_in_a_line(tmp_path: Path, seconds: float) -> None:
    command = [sys.executable, "-m", "papermap", "build", "--sample", "-o", "a.pdf", "-j", "2"]
    child = subprocess.Popen(
        command, cwd=tmp_path, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    time.sleep(seconds)
    os.killpg(child.pid, signal.SIGINT)  # as a terminal does it: to all of them
    _, told = child.communicate(timeout=60)
    assert child.returncode in {130, -signal.SIGINT}
    assert "Traceback" not in told
    assert not list(tmp_path.iterdir())
