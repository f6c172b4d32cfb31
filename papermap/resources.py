"""Packaged data (styles, sample data, locale, schema), in a wheel and in a checkout alike."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def folder(name: str) -> Path:
    """Folder of packaged data.

    Looks in the package first (a wheel, or data that always lives there), then beside it when
    that is a checkout, since ``importlib.resources`` does not see force-included files in an
    editable install.
    """
    inside = _PACKAGE / name
    if inside.is_dir():
        return inside
    beside = _PACKAGE.parent / name
    if beside.is_dir() and (_PACKAGE.parent / "pyproject.toml").is_file():
        return beside
    raise FileNotFoundError(f"papermap was installed without its “{name}” folder.")


def file(folder_name: str, file_name: str) -> Path:
    """Path of one packaged file, whether it exists or not."""
    return folder(folder_name) / file_name
