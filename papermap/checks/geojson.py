"""Checked things → our GeoJSON, which reads again as the same set."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

import shapely
from shapely.geometry import mapping
from shapely.geometry.base import BaseGeometry
from shapely.geometry.polygon import orient

from papermap.checks.fields import load_fields
from papermap.checks.provenance import PROPERTY, write_provenance
from papermap.checks.text import clean, cut
from papermap.model import (
    Category,
    Checked,
    Kind,
    MapFeature,
    Place,
    Status,
    SupportPoint,
    Unplaced,
)
from papermap.vocabulary import OTHER

Thing = SupportPoint | Unplaced | MapFeature
# names of the properties: CONTRIBUTING.md's table for mappers; texts that stand as they are
_TEXTS: Final = (
    "hours",
    "capacity",
    "available",
    "bring",
    "cost",
    "floor",
    "accessibility",
    "pets",
    "event",
    "note",
    "phone",
    "address",
    "approximate",
    "url",
)


def points_geojson(checked: Checked) -> str:
    """GeoJSON (RFC 7946) of everything that was kept: points, lines, areas, places without one.

    One feature stands on each line, so that two versions can be compared. Properties have the
    names that CONTRIBUTING.md gives to mappers; what is empty is left away. A place without a
    position has no geometry. Where each came from, what was joined to it and what gave way stand
    in the property ``papermap``: :mod:`papermap.checks.provenance`.

    Read and checked again, the text gives the same set: ids, texts, states, times, places and
    history. An area that a category of points made a point stays one.
    """
    lines = ",\n".join(
        json.dumps(_feature(thing, checked.categories), ensure_ascii=False, allow_nan=False)
        for thing in _all(checked)
    )
    return f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n'


def _all(checked: Checked) -> Iterator[Thing]:
    yield from checked.points
    yield from checked.lines
    yield from checked.areas
    yield from checked.unplaced


def _feature(thing: Thing, categories: Mapping[str, Category]) -> dict[str, Any]:
    said = {f"name:{key}": name for key, name in thing.names.items()}
    if thing.name != _only_name(thing):
        said = {"name": thing.name, **said}
    category = categories[thing.category]
    if not (isinstance(thing, MapFeature) and category.key == OTHER):
        said["category"] = category.key if category.known else category.name("ja")
    properties: dict[str, Any] = {key: _kept(text) for key, text in said.items() if text}
    if isinstance(thing, MapFeature):
        properties |= _texts(thing, ("note",)) | _times(updated_at=thing.updated_at)
    else:
        properties |= _place(thing)
    properties[PROPERTY] = write_provenance(thing)
    return {
        "type": "Feature",
        "id": _kept(thing.id),
        "geometry": _geometry(thing),
        "properties": properties,
    }


def _only_name(thing: Thing) -> str:
    """What a thing without a name of its own is called: reading finds it again by itself."""
    address = "" if isinstance(thing, MapFeature) else thing.address
    return cut(
        next(filter(None, (*thing.names.values(), address)), ""), load_fields().limits["name"]
    )


def _place(place: Place) -> dict[str, Any]:
    said: dict[str, Any] = _texts(place, ("reading",))
    if place.status is not Status.UNKNOWN:
        said["status"] = place.status.value
    if place.confirmed is not None:
        said["confirmed"] = place.confirmed
    said |= _texts(place, _TEXTS)
    if place.hazards:
        said["hazards"] = sorted(place.hazards)
    return said | _times(updated_at=place.updated_at, expires_at=place.expires_at)


def _texts(thing: Place | MapFeature, names: Iterable[str]) -> dict[str, Any]:
    return {name: _kept(getattr(thing, name)) for name in names if getattr(thing, name)}


def _times(**moments: datetime | None) -> dict[str, Any]:
    return {name: moment.isoformat() for name, moment in moments.items() if moment is not None}


def _kept(text: str) -> str:
    """Text that cleaning gives back as it is: what looks like markup is written as entities."""
    if clean(text).text == text:
        return text
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _geometry(thing: Thing) -> dict[str, Any] | None:
    if isinstance(thing, Unplaced):
        return None
    if isinstance(thing, SupportPoint):
        return {"type": "Point", "coordinates": [thing.lon, thing.lat]}
    return dict(mapping(_oriented(thing.geometry) if thing.kind is Kind.AREA else thing.geometry))


def _oriented(area: BaseGeometry) -> BaseGeometry:
    """The area with its rings the way round that RFC 7946 asks for."""
    if isinstance(area, shapely.Polygon):
        return orient(area)
    return shapely.MultiPolygon([orient(part) for part in shapely.get_parts(area)])
