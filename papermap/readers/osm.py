"""Elements of OpenStreetMap → raw features: those whose tags make a place that helps."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import shapely
from shapely.geometry import mapping

from papermap.model import Problem, Severity
from papermap.osmtags import OsmTags
from papermap.readers.base import RawFeature
from papermap.readers.source import printable

KINDS: Final = ("node", "way", "relation")
ATTRIBUTION: Final = "© OpenStreetMap contributors"
_SILENT: Final = frozenset({"created_by", "source", "note", "fixme", "attribution"})
_UPDATED: Final = ("check_date", "survey:date")
_AREAS: Final = ("multipolygon", "boundary", "site")
_NOTHING: Final[Mapping[str, Any]] = {}
_Key = tuple[str, Any]


@dataclass
class Elements:
    """Elements in the form of Overpass JSON: coordinates come with them, or by reference."""

    all: Iterable[Any]
    positions: dict[Any, list[Any]] = field(default_factory=dict)  # of nodes
    ways: dict[Any, Mapping[str, Any]] = field(default_factory=dict)

    def features(self, tags: OsmTags) -> tuple[tuple[RawFeature, ...], Counter[str]]:
        """Features, and how often tags of the tagged things that are none were met.

        An element that stands twice (once with tags, once with its shape) is one feature; what is
        not an object at all is a feature without geometry, to be told.
        """
        places: dict[_Key, Mapping[str, Any]] = {}
        broken: list[int] = []
        others: Counter[str] = Counter()
        for index, element in enumerate(self.all):
            if not isinstance(element, Mapping):
                broken.append(index)
                continue
            self._remember(element)
            said = _tags(element)
            if tags.category(said) and element.get("type") in KINDS:
                key = (element["type"], _hashable(element.get("id", index)))
                places[key] = {**places.get(key, {}), **element}
            elif set(said) - _SILENT:
                others[_telling(said)] += 1
        found = [self._feature(n, each, tags) for n, each in enumerate(places.values(), 1)]
        found += [RawFeature(len(found) + n, None, {}) for n, _ in enumerate(broken, 1)]
        return tuple(found), others

    def _remember(self, element: Mapping[str, Any]) -> None:
        kind, key = element.get("type"), _hashable(element.get("id"))
        if kind == "node" and "lat" in element and "lon" in element:
            self.positions[key] = [element["lon"], element["lat"]]
        elif kind == "way" and (element.get("geometry") or element.get("nodes")):
            self.ways[key] = element

    def _feature(self, number: int, element: Mapping[str, Any], tags: OsmTags) -> RawFeature:
        said = _tags(element)
        properties = tags.properties(said)
        updated = next((said[key] for key in _UPDATED if key in said), element.get("timestamp"))
        properties.pop("check_date", None)
        if isinstance(updated, str):
            properties["updated_at"] = updated
        return RawFeature(
            number,
            self._geometry(element),
            properties,
            id=f"{element['type']}/{element.get('id', number)}",
        )

    def _geometry(self, element: Mapping[str, Any]) -> Mapping[str, Any] | None:
        if element["type"] == "node":
            if "lat" not in element and "lon" not in element:
                return None
            return _point([element.get("lon"), element.get("lat")])
        found = self._way(element) if element["type"] == "way" else self._relation(element)
        return found or _centre(element)

    def _way(self, element: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The area of a closed way; of an open or clipped one the vertex in its middle."""
        vertices = self._vertices(element)
        if len(vertices) > 3 and vertices[0] == vertices[-1]:
            return {"type": "Polygon", "coordinates": [vertices]}
        return _point(vertices[len(vertices) // 2]) if vertices else None

    def _relation(self, element: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The area that the outer members of a multipolygon enclose."""
        members = element.get("members")
        if not isinstance(members, list) or _tags(element).get("type", _AREAS[0]) not in _AREAS:
            return None
        lines = [
            self._vertices(member)
            or self._vertices(self.ways.get(_hashable(member.get("ref")), _NOTHING))
            for member in members
            if isinstance(member, Mapping)
            and member.get("type") == "way"
            and member.get("role") in ("outer", "", None)
        ]
        try:
            known = [line for line in lines if len(line) > 1 and np.isfinite(line).all()]
            merged = shapely.line_merge(shapely.MultiLineString(known))
            areas = shapely.get_parts(shapely.polygonize(shapely.get_parts(merged)))
        except (ValueError, TypeError, shapely.errors.GEOSException):
            return None
        if not len(areas):
            return None
        return dict(mapping(areas[0] if len(areas) == 1 else shapely.MultiPolygon(list(areas))))

    def _vertices(self, element: Mapping[str, Any]) -> list[Any]:
        """Positions that come with a way, or those of its nodes as far as they are known."""
        geometry, nodes = element.get("geometry"), element.get("nodes")
        if isinstance(geometry, list):
            found = (p for p in geometry if isinstance(p, Mapping))  # null: outside what was asked
            return [[p.get("lon"), p.get("lat")] for p in found]
        if isinstance(nodes, list):
            keys = (_hashable(node) for node in nodes)
            return [self.positions[key] for key in keys if key in self.positions]
        return []


def others_told(others: Counter[str], path: str) -> Problem:
    """The notice of how many things are no places, and what they are: ``highway 12, …``."""
    most = others.most_common(5)
    shown = printable(", ".join(f"{key} {count}" for key, count in most))
    more = " …" if len(others) > len(most) else ""
    count = str(sum(others.values()))
    return Problem("PM070", Severity.NOTICE, path, value=shown + more, params={"count": count})


def _point(position: Any) -> Mapping[str, Any]:
    return {"type": "Point", "coordinates": position}


def _centre(element: Mapping[str, Any]) -> Mapping[str, Any] | None:
    centre = element.get("center")
    if isinstance(centre, Mapping):
        return _point([centre.get("lon"), centre.get("lat")])
    bounds = element.get("bounds")
    if isinstance(bounds, Mapping):
        try:
            lon = (float(bounds["minlon"]) + float(bounds["maxlon"])) / 2
            lat = (float(bounds["minlat"]) + float(bounds["maxlat"])) / 2
        except (KeyError, TypeError, ValueError):
            return None
        return _point([lon, lat])
    return None


def _tags(element: Mapping[str, Any]) -> dict[str, str]:
    tags = element.get("tags")
    if not isinstance(tags, Mapping):
        return {}
    return {str(key): value for key, value in tags.items() if isinstance(value, str)}


def _telling(tags: Mapping[str, str]) -> str:
    """The key that tells most of what a thing is."""
    for key in ("amenity", "shop", "highway", "building", "landuse", "natural", "type"):
        if key in tags:
            return f"{key}={tags[key]}" if key == "amenity" else key
    return min(set(tags) - _SILENT)


def _hashable(value: Any) -> Any:
    return value if isinstance(value, int | str) else repr(value)
