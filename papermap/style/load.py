"""TOML files in ``styles/`` → a typed :class:`Style`, or what is wrong with them."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import msgspec

from papermap import resources
from papermap.errors import StyleError
from papermap.style.tables import Colour, NameStyle, Rule, Style, Table

_COLOUR: Final = re.compile(r"K\d{1,3}(\.\d+)?|white|[0-9A-Fa-f]{6}")


def style_folder() -> Path:
    """Folder of the styles that come with papermap."""
    return resources.folder("styles")


def style_names() -> tuple[str, ...]:
    """Names of the packaged styles, the default first."""
    found = sorted(path.stem for path in (style_folder()).glob("*.toml"))
    return tuple(sorted(found, key=lambda name: name != "mono"))


def load_style(name: str) -> Style:
    """Style by its packaged name, or from a file whose path ends in ``.toml``.

    A style may say ``extends = "mono"``, or name a file beside it: its tables are laid over that
    one's; a rule of its name keeps its place in the order, new ones come last. Names of the base
    map grow to ``type.minimum``.

    Raises
    ------
    StyleError
        For an unknown name or setting (with the nearest one), a value that makes no sense, type
        smaller than the style's own minimum, or a file that is not a style.
    """
    path = _style_path(name)
    return _checked(_convert(_load_tables(path, ()), path.name), path.name)


def _load_tables(path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    if path.resolve() in seen:
        raise StyleError(
            "Style “{name}” extends itself.", "Remove one of the “extends” lines.", name=path.name
        )
    try:
        tables = tomllib.loads(path.read_text("utf-8-sig"))
    except OSError as error:
        raise StyleError(
            "Style file {path} cannot be read: {reason}.",
            "See “papermap styles”.",
            path=path,
            reason=error.strerror,
        ) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        raise StyleError(
            "Style file {name} is not TOML: {error}.", name=path.name, error=error
        ) from error
    parent = tables.pop("extends", None)
    if parent is None:
        return tables
    below = _style_path(str(parent), path.parent)
    return _overlay(_load_tables(below, (*seen, path.resolve())), tables)


def _style_path(name: str, folder: Path = Path()) -> Path:
    if name.endswith(".toml"):
        return folder / name
    if name in style_names():
        return style_folder() / f"{name}.toml"
    raise StyleError(
        "Unknown style “{name}”.",
        "There are {known}.",
        name=name,
        near=_nearest(name, style_names()),
        known=", ".join(style_names()),
    )


def _nearest(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, tuple(known), n=1, cutoff=0.4)
    return near[0] if near else ""


def _overlay(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        old = merged.get(key)
        if isinstance(old, dict) and isinstance(value, dict):
            merged[key] = _overlay(old, value)
        else:
            merged[key] = value
    return merged


def _convert(tables: Mapping[str, Any], name: str) -> Style:
    def decode(kind: type, value: Any) -> Any:
        if kind is Colour and isinstance(value, str):
            return _colour(value)
        raise NotImplementedError(kind)

    try:
        return msgspec.convert(tables, Style, dec_hook=decode)
    except (msgspec.ValidationError, ValueError) as error:
        text = str(error).replace("Object contains unknown field", "unknown setting")
        text = text.replace("Object missing required field", "missing setting")
        raise StyleError(
            "Style “{name}” is wrong: {text}.", near=_known(text), name=name, text=text
        ) from error


def _known(text: str) -> str:
    """The nearest setting to an unknown one."""
    unknown = re.match(r"unknown setting `(.+?)`", text)
    known = (field for table in Table.__subclasses__() for field in table.__struct_fields__)
    return _nearest(unknown[1], dict.fromkeys(known)) if unknown else ""


def _checked(style: Style, name: str) -> Style:
    """The style with names grown to its smallest type, and without what it leaves out."""
    least = style.type.minimum
    for field in style.type.__struct_fields__:
        size = getattr(style.type, field)
        if isinstance(size, float | int) and size < least:
            raise StyleError(
                "Style “{name}” is wrong: type.{field} is {size:g} pt, under its own minimum.",
                "Make it {least:g} or more, or lower type.minimum.",
                name=name,
                field=field,
                size=size,
                least=least,
            )
    names = {
        key: msgspec.structs.replace(each, size=max(each.size, least))
        for key, each in _kept(style.names, style.without).items()
    }
    return msgspec.structs.replace(style, names=names, rules=_kept(style.rules, style.without))


_Look = TypeVar("_Look", Rule, NameStyle)


def _kept(looks: Mapping[str, _Look], without: Collection[str]) -> dict[str, _Look]:
    """Looks of the classes that are left; one that is left with none is dropped."""
    found = {}
    for key, look in looks.items():
        classes = tuple(each for each in look.classes if each not in without)
        if classes or not look.classes:
            found[key] = msgspec.structs.replace(look, classes=classes)
    return found


def _colour(text: str) -> Colour:
    colour = Colour(text)
    if not _COLOUR.fullmatch(text) or not all(0 <= part <= 1 for part in colour.rgb):
        raise ValueError(f"“{text}” is not a colour: write K0 to K100, white or RRGGBB")
    return colour
