"""OpenStreetMap XML (``.osm``) as the API, JOSM and others write it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from papermap.osmtags import load_osm_tags
from papermap.readers.base import RawSource
from papermap.readers.opened import Opened, Reader
from papermap.readers.osm import ATTRIBUTION, KINDS, Elements, others_told
from papermap.readers.xmltext import XmlText, xml_text

if TYPE_CHECKING:
    from lxml.etree import _Element

NAME: Final = "OpenStreetMap XML (places that help)"


def _recognises(opened: Opened) -> bool:
    return opened.xml_root == "osm"


def _read(opened: Opened) -> RawSource:
    """Raw features of the places that help; all else with tags is counted in a notice.

    Raises
    ------
    SourceError
        For what is no XML, or brings a document type of its own.
    """
    text = xml_text(opened)
    features, others = Elements(_elements(text)).features(load_osm_tags())
    told = (others_told(others, opened.path),) if others else ()
    return RawSource(
        path=opened.path,
        sha256=opened.content.sha256,
        format=NAME,
        features=features,
        attribution=ATTRIBUTION,
        problems=text.problems + told,
    )


READER: Final = Reader("osm", _recognises, _read)


def _elements(text: XmlText) -> Iterator[dict[str, Any]]:
    """Elements in the form of Overpass JSON; what an editor has marked as deleted is not there."""
    for event, element in text.elements():
        if event != "end" or element.tag not in KINDS:
            continue
        if element.get("action") != "delete" and element.get("visible") != "false":
            yield _element(element)
        element.clear()
        parent = element.getparent()
        if parent is not None:
            parent.remove(element)


def _element(element: _Element) -> dict[str, Any]:
    found: dict[str, Any] = {"type": element.tag, "id": element.get("id", "")}
    found |= {key: _number(element.attrib[key]) for key in ("lat", "lon") if key in element.attrib}
    if "timestamp" in element.attrib:
        found["timestamp"] = element.get("timestamp")
    tags, nodes, members = {}, [], []
    for child in element:
        if child.tag == "tag":
            tags[child.get("k", "")] = child.get("v", "")
        elif child.tag == "nd":
            nodes.append(child.get("ref", ""))
        elif child.tag == "member":
            members.append({key: child.get(key, "") for key in ("type", "ref", "role")})
    return found | {"tags": tags, "nodes": nodes, "members": members}


def _number(text: str) -> float | str:
    """The number in a text; what is none stays as it is, to be told."""
    try:
        return float(text)
    except ValueError:
        return text
