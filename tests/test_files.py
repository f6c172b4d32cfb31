"""Files are written whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from papermap.errors import OutputError
from papermap.files import refuse_same, refuse_target, write_together, write_whole


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_new_file_is_written_with_usual_rights(tmp_path: Path) -> None:
    target = tmp_path / "鎌倉.pdf"
    write_whole(target, b"new", overwrite=False)
    assert target.read_bytes() == b"new"
    plain = tmp_path / "plain"
    plain.write_bytes(b"")
    assert target.stat().st_mode == plain.stat().st_mode
    assert names(tmp_path) == ["plain", "鎌倉.pdf"]


def test_an_existing_file_is_replaced_only_when_asked(tmp_path: Path) -> None:
    target = tmp_path / "atlas.pdf"
    target.write_bytes(b"old")
    for refused in (
        lambda: write_whole(target, b"new", overwrite=False),
        lambda: refuse_target(target, overwrite=False),
    ):
        with pytest.raises(OutputError, match="already there") as caught:
            refused()
        assert "--overwrite" in caught.value.hint
        assert target.read_bytes() == b"old"
    refuse_target(target, overwrite=True)
    write_whole(target, b"new", overwrite=True)
    assert target.read_bytes() == b"new"
    assert names(tmp_path) == ["atlas.pdf"]


def test_a_file_that_comes_meanwhile_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "atlas.pdf"

    def somebody_else(_: int) -> None:
        target.write_bytes(b"theirs")

    monkeypatch.setattr(os, "fsync", somebody_else)
    with pytest.raises(OutputError, match="already there"):
        write_whole(target, b"ours", overwrite=False)
    assert target.read_bytes() == b"theirs"
    assert names(tmp_path) == ["atlas.pdf"]


@pytest.mark.parametrize(
    ("number", "why"),
    [
        (errno.ENOSPC, "the disk is full"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "may not be written to"),
        (errno.EIO, "Input/output error"),
    ],
)
def test_a_disk_that_fails_leaves_all_as_it_was(
    number: int, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "atlas.pdf"
    target.write_bytes(b"old")

    def fail(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OutputError, match=why) as caught:
        write_whole(target, b"new", overwrite=True)
    assert str(target) in caught.value.message
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["atlas.pdf"]


def test_ctrl_c_leaves_nothing_half_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_whole(tmp_path / "atlas.pdf", b"new", overwrite=False)
    assert names(tmp_path) == []


def test_wrong_targets_are_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    wrong = {
        tmp_path: "is a folder",
        tmp_path / "nowhere" / "atlas.pdf": "there is no folder",
        tmp_path / "file" / "atlas.pdf": "is no folder",
        Path(os.devnull): "no ordinary file",
        tmp_path / ("長" * 120): "name is too long",
    }
    for target, why in wrong.items():
        with pytest.raises(OutputError, match=why):
            refuse_target(target, overwrite=True)
        with pytest.raises(OutputError, match=why):
            write_whole(target, b"new", overwrite=True)
    assert names(tmp_path) == ["file"]


def test_a_read_only_file_is_not_replaced(tmp_path: Path) -> None:
    target = tmp_path / "atlas.pdf"
    target.write_bytes(b"old")
    target.chmod(0o444)
    with pytest.raises(OutputError, match="is read-only"):
        write_whole(target, b"new", overwrite=True)
    assert target.read_bytes() == b"old"


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    real, link = tmp_path / "there" / "atlas.pdf", tmp_path / "today.pdf"
    real.write_bytes(b"old")
    link.symlink_to(real)
    write_whole(link, b"new", overwrite=True)
    assert link.is_symlink()
    assert real.read_bytes() == b"new"


def test_two_files_are_written_both_or_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one, two = tmp_path / "a.pdf", tmp_path / "a.json"
    one.write_bytes(b"old")

    def full(handle: int) -> None:
        if os.fstat(handle).st_size == 5:
            raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OutputError, match="disk is full"):
        write_together({one: b"new", two: b"12345"}, overwrite=True)
    assert names(tmp_path) == ["a.pdf"]
    assert one.read_bytes() == b"old"


def test_what_is_read_is_never_written(tmp_path: Path) -> None:
    source = tmp_path / "points.json"
    source.write_bytes(b"{}")
    alias = tmp_path / "alias.json"
    alias.symlink_to(source)
    roundabout = tmp_path / "x" / ".." / "points.json"
    for target in (source, alias, roundabout):
        with pytest.raises(OutputError, match="are read"):
            refuse_same([target], [source])
    with pytest.raises(OutputError, match="two files at once"):
        refuse_same([tmp_path / "a.pdf", tmp_path / "." / "a.pdf"], [source])
    refuse_same([tmp_path / "a.pdf", tmp_path / "a.json"], [source])
