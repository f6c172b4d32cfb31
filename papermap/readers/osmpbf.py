"""OpenStreetMap PBF (``.osm.pbf``), through osmium: extracts of whole regions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from papermap.errors import SourceError
from papermap.osmtags import OsmTags, load_osm_tags
from papermap.readers.base import RawSource
from papermap.readers.opened import Opened, Reader
from papermap.readers.osm import ATTRIBUTION, Elements
from papermap.readers.source import printable, told

if TYPE_CHECKING:
    from osmium.osm import osm_entity_bits

NAME: Final = "OpenStreetMap PBF (places that help)"
_MAGIC: Final = b"\x0a\x09OSMHeader"  # behind four bytes of length


def _recognises(opened: Opened) -> bool:
    return opened.head[4:].startswith(_MAGIC)


def _read(opened: Opened) -> RawSource:
    """Raw features of the places that help; all else in it is no feature and not counted.

    Raises
    ------
    SourceError
        For a file that is cut off or broken.
    """
    tags = load_osm_tags()
    try:
        features, _ = Elements(_Extract(opened.content.data, tags).elements()).features(tags)
    except (RuntimeError, ValueError, OSError) as error:
        raise SourceError(
            "{path} is a broken OpenStreetMap file: {why}.",
            "Download it again.",
            path=told(opened.path),
            why=printable(str(error)),
        ) from error
    return RawSource(
        path=opened.path,
        sha256=opened.content.sha256,
        format=NAME,
        features=features,
        attribution=ATTRIBUTION,
    )


READER: Final = Reader("pbf", _recognises, _read)


class _Extract:
    """A file read in passes, each filtered in osmium itself: only places stay in memory.

    First the relations and ways that are places, then the ways that those relations consist of,
    last the nodes of all these ways together with the nodes that are places.
    """

    def __init__(self, data: bytes, tags: OsmTags) -> None:
        self._data = data
        self._pairs = tuple(tags.pairs)

    def elements(self) -> Iterator[dict[str, Any]]:
        from osmium.osm import NODE, RELATION, WAY  # noqa: PLC0415 - slow, and few sources are PBF

        relations = [
            _element("relation", each, members=[_member(member) for member in each.members])
            for each in self._places(RELATION)
        ]
        ways = [_way(each) for each in self._places(WAY)]
        known = {way["id"] for way in ways}
        members = {m["ref"] for each in relations for m in each["members"] if m["type"] == "way"}
        ways += [_way(each) for each in self._by_id(WAY, members - known)]
        for node in self._by_id(NODE, {ref for way in ways for ref in way["nodes"]}):
            yield _node(node) | {"tags": {}}
        for node in self._places(NODE):
            yield _node(node)
        yield from ways
        yield from relations

    def _places(self, kind: osm_entity_bits) -> Iterator[Any]:
        from osmium.filter import TagFilter  # noqa: PLC0415

        return self._objects(kind, TagFilter(*self._pairs))

    def _by_id(self, kind: osm_entity_bits, ids: set[int]) -> Iterator[Any]:
        from osmium.filter import IdFilter  # noqa: PLC0415

        return self._objects(kind, IdFilter(sorted(ids))) if ids else iter(())

    def _objects(self, kind: osm_entity_bits, wanted: Any) -> Iterator[Any]:
        from osmium import FileProcessor  # noqa: PLC0415
        from osmium.io import FileBuffer  # noqa: PLC0415

        source = FileBuffer(self._data, "pbf")
        return iter(FileProcessor(source, kind).with_filter(wanted))


def _element(kind: str, each: Any, **more: Any) -> dict[str, Any]:
    """An element in the form of Overpass JSON; objects of osmium live only till the next."""
    found = {"type": kind, "id": each.id, "tags": dict(each.tags), **more}
    if each.timestamp.year > 1970:  # 1970: the extract was made without
        found["timestamp"] = each.timestamp.isoformat()
    return found


def _node(each: Any) -> dict[str, Any]:
    node = _element("node", each)
    place = each.location
    return node | ({"lat": place.lat, "lon": place.lon} if place.valid() else {})


def _way(each: Any) -> dict[str, Any]:
    return _element("way", each, nodes=[node.ref for node in each.nodes])


def _member(member: Any) -> dict[str, Any]:
    kinds = {"n": "node", "w": "way", "r": "relation"}
    return {"type": kinds.get(member.type, ""), "ref": member.ref, "role": member.role}
