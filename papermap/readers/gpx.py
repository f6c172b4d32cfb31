"""GPX of a hand-held receiver or a phone: waypoints, routes and tracks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from papermap.readers.base import RawFeature, RawSource
from papermap.readers.opened import Opened, Reader
from papermap.readers.xmltext import XmlText, xml_text

if TYPE_CHECKING:
    from lxml.etree import _Element

NAME: Final = "GPX"
_THINGS: Final = ("wpt", "rte", "trk")
# what a GPX calls it, and how papermap does; a symbol (“Drinking Water”) is only a hint
_NAMES: Final = {
    "name": "name",
    "type": "category",
    "desc": "note",
    "cmt": "comment",
    "time": "updated_at",
    "sym": "marker-symbol",
}


def _recognises(opened: Opened) -> bool:
    return opened.xml_root == "gpx"


def _read(opened: Opened) -> RawSource:
    """Raw features: a waypoint is a point, a route or a track one line with all its segments.

    Raises
    ------
    SourceError
        For what is no XML, or brings a document type of its own.
    """
    text = xml_text(opened)
    found = list(_things(text))
    things = (thing for thing in found if thing["kind"] in _THINGS)
    title = next((each["name"] for each in found if each["kind"] == "metadata"), "")
    return RawSource(
        path=opened.path,
        sha256=opened.content.sha256,
        format=NAME,
        features=tuple(
            RawFeature(number, thing["geometry"], thing["properties"], row=thing["row"])
            for number, thing in enumerate(things, 1)
        ),
        title=title,
        problems=text.problems,
    )


READER: Final = Reader("gpx", _recognises, _read)


def _things(text: XmlText) -> Iterator[dict[str, Any]]:
    for event, element in text.elements():
        parent = element.getparent()
        if event != "end" or parent is None or parent.getparent() is not None:
            continue
        kind = _tag(element)
        if kind in (*_THINGS, "metadata"):
            properties = _properties(element)
            yield {
                "kind": kind,
                "name": properties.get("name", ""),
                "geometry": _geometry(kind, element),
                "properties": properties,
                "row": element.sourceline or 0,
            }
        element.clear()
        parent.remove(element)


def _properties(element: _Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for child in element:
        name = _tag(child)
        if name == "link" and child.get("href"):
            found.setdefault("url", child.get("href", ""))
        elif name in _NAMES and child.text and child.text.strip():
            found.setdefault(_NAMES[name], child.text.strip())
    return found


def _geometry(kind: str, element: _Element) -> Mapping[str, Any] | None:
    if kind == "wpt":
        position = _position(element)
        return {"type": "Point", "coordinates": position} if any(position) else None
    if kind == "metadata":
        return None
    whole = [element] if kind == "rte" else [each for each in element if _tag(each) == "trkseg"]
    lines = [[_position(p) for p in part if _tag(p) in ("rtept", "trkpt")] for part in whole]
    lines = [line for line in lines if len(line) > 1]
    if len(lines) == 1:
        return {"type": "LineString", "coordinates": lines[0]}
    return {"type": "MultiLineString", "coordinates": lines}


def _position(element: _Element) -> list[float | str | None]:
    return [_number(element.get("lon")), _number(element.get("lat"))]


def _number(text: str | None) -> float | str | None:
    """The number in a text; what is none stays as it is, to be told."""
    try:
        return None if text is None else float(text)
    except ValueError:
        return text


def _tag(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]
