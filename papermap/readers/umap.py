"""uMap's own export (``.umap``): layers of features, with their settings in three spellings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from papermap.errors import SourceError
from papermap.model import Problem, Severity
from papermap.readers import geojson
from papermap.readers.base import RawFeature, RawSource
from papermap.readers.opened import Opened, Reader
from papermap.readers.source import printable, told

NAME: Final = "uMap"
_SETTINGS: Final = ("_umap_options", "_storage_options", "_storage", "properties")
# pictures, links with a text, bare links, bold
_MARKUP: Final = (
    (re.compile(r"\{\{\{?[^{}]{1,500}\}?\}\}"), ""),
    (re.compile(r"\[\[([^\[\]|]{1,500})\|([^\[\]|]{1,500})\]\]"), r"\2 \1"),
    (re.compile(r"\[\[([^\[\]|]{1,500})\]\]"), r"\1"),
    (re.compile(r"\*\*([^*\n]{1,500})\*\*"), r"\1"),
)
_LOOK: Final = {"color": "marker-color", "iconUrl": "icon-url", "iconClass": "icon-class"}


def _recognises(opened: Opened) -> bool:
    value = opened.json
    if not isinstance(value, Mapping):
        return False
    return value.get("type") == "umap" or (
        isinstance(value.get("layers"), list) and "uri" in value and "properties" in value
    )


def _read(opened: Opened) -> RawSource:
    """Raw features of every layer, numbered through the file; the layer's name is their layer.

    A layer whose features come from elsewhere (``remoteData``) is told; nothing is fetched.

    Raises
    ------
    SourceError
        For what holds no list of layers.
    """
    whole, content = opened.json, opened.content
    layers = whole.get("layers") if isinstance(whole, Mapping) else None
    if not isinstance(layers, list):
        raise SourceError(
            "{path} is a uMap file without a list of layers.",
            "In uMap choose Share and download, then Full map data.",
            path=told(content.path),
        )
    found: list[RawFeature] = []
    problems: list[Problem] = []
    for layer in layers:
        settings = _settings(layer)
        name = _text(settings.get("name"))
        for value in _features(layer):
            feature = geojson.read_feature(len(found) + 1, value)
            properties = _properties(value, feature.properties)
            found.append(replace(feature, layer=name, properties=properties))
        remote = _remote(settings)
        if remote:
            problems.append(
                Problem("PM060", Severity.WARNING, content.path, name=printable(name), value=remote)
            )
    described = _settings(whole)
    return RawSource(
        path=content.path,
        sha256=content.sha256,
        format=NAME,
        features=tuple(found),
        title=_text(described.get("name")),
        attribution=_text(described.get("shortCredit")) or _text(described.get("longCredit")),
        problems=tuple(problems),
    )


READER: Final = Reader("umap", _recognises, _read)


def _settings(owner: Any) -> Mapping[str, Any]:
    """What is set for a map, a layer or a feature, under whichever names; the newest wins."""
    found: dict[str, Any] = {}
    if isinstance(owner, Mapping):
        for key in reversed(_SETTINGS):
            if isinstance(owner.get(key), Mapping):
                found.update(owner[key])
    return found


def _features(layer: Any) -> list[Any]:
    features = layer.get("features") if isinstance(layer, Mapping) else None
    return features if isinstance(features, list) else []


def _properties(value: Any, own: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a feature says, without uMap's markup; its look under the names of simplestyle."""
    said = {key: _plain(each) for key, each in own.items() if key not in _SETTINGS}
    beside = _settings({key: value[key] for key in _SETTINGS[:-1] if key in value}) if own else {}
    look = {**beside, **_settings(own)}
    said.update({_LOOK[key]: look[key] for key in _LOOK if isinstance(look.get(key), str)})
    return said


def _plain(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    for markup, text in _MARKUP:
        value = markup.sub(text, value)
    return value


def _remote(settings: Mapping[str, Any]) -> str:
    remote = settings.get("remoteData")
    url = remote.get("url") if isinstance(remote, Mapping) else remote
    return printable(url) if isinstance(url, str) else ""


def _text(value: Any) -> str:
    return value.strip()[:200] if isinstance(value, str) else ""
