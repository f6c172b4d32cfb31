"""What can be mended in a source without doubt, mended, and every change told."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from shapely.geometry import mapping

from papermap.checks.geometry import Part
from papermap.checks.places import Located, find_places
from papermap.checks.text import clean, shortened
from papermap.i18n import Words
from papermap.model import Kind
from papermap.readers.base import RawFeature, RawSource

# doubts about a place that leave no doubt of what was meant
_CERTAIN: Final = frozenset(
    {
        "PM020",  # texts for coordinates
        "PM021",  # latitude and longitude swapped, as the other places show
        "PM026",  # area made valid
        "PM027",  # ring closed
    }
)
_DIGITS: Final = 7  # of a degree: a centimetre
_MULTI: Final[Mapping[str, str]] = {
    "Point": "MultiPoint",
    "LineString": "MultiLineString",
    "Polygon": "MultiPolygon",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One value that was mended: of which feature, which field, from what to what."""

    feature: int
    name: str
    field: str
    before: str
    after: str

    def sentence(self, language: str) -> str:
        """The change, told in a line."""
        words = Words((language,))
        where = words("report.feature", feature=self.feature)
        if self.name:
            where = words("report.named", where=where, name=self.name)
        where = f"{where} {words('report.field', field=self.field)}"
        return words("report.mended", where=where, before=self.before, after=self.after)


@dataclass(frozen=True, slots=True)
class Mended:
    """A source as GeoJSON with all its features and properties, and what is new in it."""

    text: str
    changes: tuple[Change, ...]


def mended(raw: RawSource) -> Mended:
    """Mend what leaves no doubt: coordinates, rings, texts; everything else stays as it was sent.

    Swapped coordinates are turned round where the other places of the source show it; texts become
    numbers; broken areas become valid; blanks round texts and characters that steer terminals are
    taken out. Coordinates of another system are written in WGS 84. Every feature that could be
    read stays, also those without a position.

    Parameters
    ----------
    raw
        What a reader gave.

    Returns
    -------
    Mended
        GeoJSON (RFC 7946), a feature on each line, in the order of the source.
    """
    located, problems = find_places(raw)
    elsewhere = raw.crs != "EPSG:4326" and not any(told.code == "PM006" for told in problems)
    features: list[Mapping[str, Any]] = []
    changes: list[Change] = []
    for found in located:
        feature, told = _feature(found, elsewhere=elsewhere)
        features.append(feature)
        changes.extend(told)
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return Mended(f'{{"type": "FeatureCollection", "features": [\n{lines}\n]}}\n', tuple(changes))


def _feature(found: Located, *, elsewhere: bool) -> tuple[Mapping[str, Any], tuple[Change, ...]]:
    raw = found.feature
    properties = {str(key): _text(value) for key, value in raw.properties.items()}
    if raw.layer:
        properties.setdefault("category", raw.layer)
    name = shortened(str(properties.get("name") or ""))
    changes = [
        Change(raw.number, name, shortened(str(key)), _shown(value), _shown(properties[str(key)]))
        for key, value in raw.properties.items()
        if properties[str(key)] != value and isinstance(value, str)
    ]
    geometry = _finite(raw.geometry)
    certain = [doubt for _, doubt in found.told if doubt.code in _CERTAIN]
    others = [doubt for _, doubt in found.told if doubt.code not in _CERTAIN]
    if found.parts and not others and (certain or elsewhere):
        mended_ = _geometry([part for _, part in found.parts])
        if mended_ != geometry:
            change = Change(raw.number, name, "geometry", _place(raw), _told(mended_))
            changes.append(change)
            geometry = mended_
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    return ({**feature, "id": raw.id} if raw.id else feature), tuple(changes)


def _text(value: Any) -> Any:
    """A text without blanks round it and without what steers terminals; markup stays."""
    if not isinstance(value, str):
        return _plain(value)
    stripped = value.strip()
    cleaned = clean(stripped)
    return cleaned.text if cleaned.removed else stripped


def _plain(value: Any) -> Any:
    """A value as JSON can say it: no NaN, no infinity."""
    if isinstance(value, float) and not abs(value) < float("inf"):
        return None
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    return value if isinstance(value, str | int | float | bool | None) else str(value)


def _finite(geometry: Mapping[str, Any] | None) -> Mapping[str, Any] | None:
    plain: Mapping[str, Any] | None = _plain(geometry)
    return plain


def _geometry(parts: Sequence[Part]) -> Mapping[str, Any]:
    singles = [_single(part) for part in parts]
    if len(singles) == 1:
        return singles[0]
    kinds = {single["type"] for single in singles}
    (kind, *more) = kinds
    if more or kind not in _MULTI:
        return {"type": "GeometryCollection", "geometries": singles}
    return {"type": _MULTI[kind], "coordinates": [single["coordinates"] for single in singles]}


def _single(part: Part) -> Mapping[str, Any]:
    if part.kind is Kind.POINT or part.geometry is None:
        return {
            "type": "Point",
            "coordinates": [round(part.lon, _DIGITS), round(part.lat, _DIGITS)],
        }
    made = mapping(part.geometry)
    return {"type": made["type"], "coordinates": _rounded(made["coordinates"])}


def _rounded(value: Any) -> Any:
    if isinstance(value, float):
        return round(value, _DIGITS)
    return [_rounded(inner) for inner in value] if isinstance(value, list | tuple) else value


def _place(raw: RawFeature) -> str:
    return "" if raw.geometry is None else _told(raw.geometry)


def _told(geometry: Mapping[str, Any]) -> str:
    """Numbers of a geometry for people, the first few of many."""
    numbers = list(_numbers(geometry.get("coordinates", geometry.get("geometries"))))
    return ", ".join(numbers[:4]) + (" …" if len(numbers) > 4 else "")


def _numbers(value: Any) -> Iterator[str]:
    if isinstance(value, Mapping):
        yield from _numbers(value.get("coordinates"))
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from _numbers(inner)
    elif value is not None:
        yield shortened(str(value), 24)


def _shown(value: Any) -> str:
    return shortened(repr(value) if isinstance(value, str) else str(value))
