"""KML, as Google My Maps, Google Earth and uMap write it: placemarks in folders."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from papermap.model import NOTHING, Problem, Severity
from papermap.readers.base import RawFeature, RawSource
from papermap.readers.kmlgeometry import child, local, read_geometry, said
from papermap.readers.opened import Opened, Reader
from papermap.readers.source import printable
from papermap.readers.xmltext import XmlText, xml_text

if TYPE_CHECKING:
    from lxml.etree import _Element

NAME: Final = "KML"
_ROOT: Final = re.compile(
    rb"<(?:[\w.-]+:)?kml[\s>]|opengis\.net/kml|earth\.google\.com/kml", re.IGNORECASE
)
_FOLDERS: Final = ("Folder", "Document")
_PICTURES: Final = ("GroundOverlay", "ScreenOverlay", "PhotoOverlay")
_WHOLE: Final = (*_PICTURES, "Placemark", "NetworkLink", "Style", "StyleMap")
# how Google My Maps names its styles: icon-1899-E65100-labelson, line-E65100-3713, poly-…
_STYLE: Final = re.compile(
    r"#?(?P<kind>icon|line|poly)-(?P<code>[\w-]+?-)?(?P<colour>[0-9A-F]{6})(?:-|$)"
)
_COLOUR: Final = re.compile(r"#?[0-9a-fA-F]{8}")
_COLUMNS_OF_STYLE: Final[Mapping[str, str]] = {
    "IconStyle": "marker-color",
    "LineStyle": "stroke",
    "PolyStyle": "fill",
}
_PLAIN: Final = {"address": "address", "phoneNumber": "phone"}


def _recognises(opened: Opened) -> bool:
    return bool(opened.xml_root) and bool(_ROOT.search(opened.head.replace(b"\0", b"")))


def _read(opened: Opened) -> RawSource:
    """Raw features of every placemark, with its folders, nearest first, as its layer.

    Links to other files are told, never followed.

    Raises
    ------
    SourceError
        As :mod:`papermap.readers.xmltext`.
    """
    return read_kml(opened, NAME)


READER: Final = Reader("kml", _recognises, _read)


def read_kml(opened: Opened, name: str) -> RawSource:
    """Raw features of the placemarks in a KML text, under the ``name`` of its format."""
    xml = xml_text(opened)
    reading = _Reading(xml)
    reading.run()
    return RawSource(
        path=opened.path,
        sha256=opened.content.sha256,
        format=name,
        features=tuple(reading.features),
        title=reading.title,
        problems=(*xml.problems, *reading.problems()),
    )


@dataclass(slots=True)
class _Reading:
    """The state of one reading: the folders that are open, and what was met in them."""

    xml: XmlText
    features: list[RawFeature] = field(default_factory=list)
    title: str = ""
    folders: list[str] = field(default_factory=list)
    whole: str = ""  # the element that is being collected
    pictures: int = 0
    styles: dict[str, Mapping[str, str]] = field(default_factory=dict)  # id → simplestyle
    told: list[Problem] = field(default_factory=list)

    def run(self) -> None:
        for event, element in self.xml.elements("name", *_FOLDERS, *_WHOLE):
            name = local(element)
            if event == "start":
                self._start(name)
            elif name == self.whole:
                self.whole = ""
                self._end(name, element)
                _forget(element)
            elif not self.whole:
                self._outside(name, element)

    def _start(self, name: str) -> None:
        if self.whole:
            return
        if name in _WHOLE:
            self.whole = name
        elif name in _FOLDERS:
            self.folders.append("")

    def _outside(self, name: str, element: _Element) -> None:
        """The end of a folder, or of what stands directly in one."""
        if name in _FOLDERS:
            self.folders.pop()
            _forget(element)
        elif name == "name" and _in_folder(element) and not self.folders[-1]:
            self.folders[-1] = said(element)
            if len(self.folders) == 1:
                self.title = said(element)[:200]

    def _end(self, name: str, element: _Element) -> None:
        if name == "Placemark":
            self._placemark(element)
        elif name == "NetworkLink":
            self._link(element)
        elif name in _PICTURES:
            self.pictures += 1
        elif name == "Style":
            self.styles[element.get("id") or ""] = dict(_colours(element))
        elif name == "StyleMap":
            self.styles[element.get("id") or ""] = self._style(_normal(element))

    def _style(self, url: str) -> Mapping[str, str]:
        return self.styles.get(url.rpartition("#")[2], NOTHING)

    def _placemark(self, element: _Element) -> None:
        geometry, tracks = read_geometry(element)
        number = len(self.features) + 1
        properties = _properties(element)
        look = {**self._style(str(properties.get("styleUrl", ""))), **_look(element)}
        for column, value in look.items():
            _put(properties, column, value)
        layer = "/".join(filter(None, reversed(self.folders[1:])))
        self.features.append(
            RawFeature(number, geometry, properties, id=element.get("id") or "", layer=layer)
        )
        if tracks:
            name = printable(str(properties.get("name", ""))) or None
            self.told.append(self._problem("PM061", feature=number, name=name))

    def _link(self, element: _Element) -> None:
        href = next((said(each) for each in element.iter() if local(each) == "href"), "")
        name = printable(said(child(element, "name"))) or None
        self.told.append(self._problem("PM060", name=name, value=printable(href) or "NetworkLink"))

    def problems(self) -> Iterator[Problem]:
        yield from self.told
        if self.pictures:
            yield self._problem("PM062", params={"count": str(self.pictures)})

    def _problem(self, code: str, **said: Any) -> Problem:
        return Problem(code, Severity.WARNING, self.xml.path, **said)


def _in_folder(element: _Element) -> bool:
    parent = element.getparent()
    return parent is not None and local(parent) in _FOLDERS


def _forget(element: _Element) -> None:
    """Free an element that is done with, and those before it."""
    element.clear(keep_tail=True)
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _properties(placemark: _Element) -> dict[str, Any]:
    """What a placemark says: name, own columns, then the description and its time.

    The columns (ExtendedData) keep their names, in whatever script.
    """
    found: dict[str, Any] = {}
    _put(found, "name", said(child(placemark, "name")))
    for element in placemark:
        if local(element) == "ExtendedData":
            for column, value in _columns(element):
                _put(found, column, value)
        elif local(element) in _PLAIN:
            _put(found, _PLAIN[local(element)], said(element))
    description = child(placemark, "description")
    if description is None:
        description = child(placemark, "Snippet")
    _put(found, "description", said(description))
    for column, value in _times(placemark):
        _put(found, column, value)
    _put(found, "styleUrl", said(child(placemark, "styleUrl")))
    return found


def _put(found: dict[str, Any], column: str, value: str) -> None:
    """Keep a value; one that differs from what the column holds already gets a column beside it."""
    if not found.get(column):
        found[column] = value
    elif value and value != found[column]:
        found[f"{column} (2)"] = value


def _columns(extended: _Element) -> Iterator[tuple[str, str]]:
    for element in extended.iter():
        name = local(element)
        if name == "Data":
            shown = said(child(element, "displayName")) or element.get("name") or ""
            yield shown.strip(), said(child(element, "value"))
        elif name == "SimpleData":
            yield (element.get("name") or "").strip(), said(element)
        elif element.getparent() is extended and name != "SchemaData":
            yield name, said(element)


def _times(placemark: _Element) -> Iterator[tuple[str, str]]:
    for element in placemark:
        if local(element) == "TimeStamp":
            yield "timestamp", said(child(element, "when"))
        elif local(element) == "TimeSpan":
            yield "開始日", said(child(element, "begin"))
            yield "expires_at", said(child(element, "end"))


def _look(placemark: _Element) -> dict[str, str]:
    """Icon code and colours, under the names of simplestyle."""
    own = child(placemark, "Style")
    look = {} if own is None else dict(_colours(own))
    found = _STYLE.search(said(child(placemark, "styleUrl")))
    if not found:
        return look
    column = {"icon": "marker-color", "line": "stroke", "poly": "fill"}[found["kind"]]
    if found["kind"] == "icon" and found["code"]:
        look["icon-code"] = found["code"].rstrip("-")
    return {column: f"#{found['colour']}", **look}


def _colours(style: _Element) -> Iterator[tuple[str, str]]:
    for element in style:
        column = _COLUMNS_OF_STYLE.get(local(element))
        colour = colour_of(said(child(element, "color"))) if column else ""
        if column and colour:
            yield column, colour


def _normal(style_map: _Element) -> str:
    """The style of a map of styles that shows while nothing points at it."""
    pairs = [pair for pair in style_map if local(pair) == "Pair"]
    usual = [pair for pair in pairs if said(child(pair, "key")) == "normal"]
    return said(child((usual or pairs)[0], "styleUrl")) if pairs else ""


def colour_of(text: str) -> str:
    """``#RRGGBB`` of a colour of KML, which is written aabbggrr; empty for what is none."""
    if not _COLOUR.fullmatch(text):
        return ""
    blue, green, red = (text[-6:][i : i + 2] for i in (0, 2, 4))
    return f"#{red}{green}{blue}".upper()
