"""Overpass JSON: nodes, ways and relations, with their shapes, their centres or their nodes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from papermap.errors import SourceError
from papermap.model import Problem, Severity
from papermap.osmtags import load_osm_tags
from papermap.readers.base import RawSource
from papermap.readers.opened import Opened, Reader
from papermap.readers.osm import ATTRIBUTION, KINDS, Elements, others_told
from papermap.readers.source import printable, told

NAME: Final = "Overpass JSON"


def _recognises(opened: Opened) -> bool:
    value = opened.json
    if not isinstance(value, Mapping) or not isinstance(value.get("elements"), list):
        return False
    kinds = (each.get("type") for each in value["elements"] if isinstance(each, Mapping))
    return "osm3s" in value or any(kind in KINDS for kind in kinds)


def _read(opened: Opened) -> RawSource:
    """Raw features of the places that help; tagged things that are none are told, in one problem.

    Raises
    ------
    SourceError
        For JSON without a list of elements.
    """
    value, path = opened.json, opened.path
    if not isinstance(value, Mapping) or not isinstance(value.get("elements"), list):
        raise SourceError("{path} is not Overpass JSON.", "Leave --format away.", path=told(path))
    features, others = Elements(value["elements"]).features(load_osm_tags())
    problems = []
    remark = value.get("remark")
    if isinstance(remark, str) and remark:
        problems.append(Problem("PM071", Severity.WARNING, path, value=printable(remark)))
    if others:
        problems.append(others_told(others, path))
    return RawSource(
        path=path,
        sha256=opened.content.sha256,
        format=NAME,
        features=features,
        attribution=ATTRIBUTION,
        problems=tuple(problems),
    )


READER: Final = Reader("overpass", _recognises, _read)
