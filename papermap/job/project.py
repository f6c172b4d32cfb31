"""The project file: options for tomorrow's print, its paths taken from its own folder."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any, Final

from papermap import resources
from papermap.errors import UsageError
from papermap.headers import check_names
from papermap.job.values import (
    local_in,
    names_in,
    text_in,
)
from papermap.overlays import parse_overlays

PROJECT_FILE: Final = "papermap.toml"
_SERVER: Final = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)+|[A-Z]\w*(\.\w+)+|.*(://|\{).*")


def read_project(path: Path) -> dict[str, Any]:
    """Options of a project file; its relative paths are taken from the file's folder.

    Raises
    ------
    UsageError
        When the file is missing or is not TOML, with its line.
    """
    try:
        options = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        raise UsageError(
            "There is no project file {path}.", "Write one with “papermap init”.", path=path
        ) from None
    except UnicodeDecodeError:
        raise UsageError(
            "Project file {path} is not UTF-8.", "Save it as UTF-8.", path=path
        ) from None
    except OSError as error:
        raise UsageError(
            "Project file {path} cannot be read: {reason}.",
            "Check that it may be read.",
            path=path,
            reason=error.strerror,
        ) from error
    except tomllib.TOMLDecodeError as error:
        raise UsageError(
            "Project file {path} is not TOML: {error}.",
            "“papermap init” writes one to begin with.",
            path=path,
            error=error,
        ) from error
    return {**_beside(options, path.parent), "project": str(path)}


def template() -> str:
    """A commented project file to begin with."""
    return resources.file("styles", f"data/{PROJECT_FILE}").read_text("utf-8")


def _beside(options: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The options with their paths taken from a folder."""

    def beside(value: str) -> str:
        return value if value == "-" else str(folder / value)

    def file_or_server(name: str) -> str:
        return name if _SERVER.fullmatch(name) and not (folder / name).exists() else beside(name)

    options["sources"] = [beside(source) for source in names_in(options, "sources")]
    if options.get("basemap"):
        options["basemap"] = [file_or_server(name) for name in names_in(options, "basemap")]
    options["overlay"] = parse_overlays(options.get("overlay", ()), folder)
    for key in ("output", "geocode", "neighbourhoods", "manifest", "decisions", "tile_cache"):
        if options.get(key):
            options[key] = beside(text_in(options, key, ""))
    if isinstance(options.get("files"), dict):
        options["files"] = {beside(name): table for name, table in options["files"].items()}
        check_names(options["files"], options["sources"])
    if options.get("local"):
        options["local"] = {key: beside(path) for key, path in local_in(options).items()}
    area = options.get("area")
    if isinstance(area, str) and area and not _is_box(area):
        options["area"] = beside(area)
    style = options.get("style")
    if isinstance(style, str) and style.endswith(".toml"):
        options["style"] = beside(style)
    return options


def _is_box(text: str) -> bool:
    return len(text.split(",")) == 4
