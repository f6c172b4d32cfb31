"""What OpenStreetMap's tags mean here, from ``styles/data/osm.toml``."""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from papermap import resources
from papermap.errors import StyleError


@dataclass(frozen=True, slots=True)
class OsmTags:
    """Which tags make a place that helps, and which others are read of it.

    ``places`` maps ``key=value`` to a category's key, the first that a thing has decides;
    ``misleading`` maps tags that only look like such a place to words for what they are.
    """

    places: Mapping[str, str]
    misleading: Mapping[str, str]
    read: re.Pattern[str]
    words: Mapping[str, tuple[str, str]]
    address: Sequence[str]
    numbers: frozenset[str]
    full_address: str

    @property
    def pairs(self) -> Iterator[tuple[str, str]]:
        """Key and value of each tag that makes a place."""
        for tag in self.places:
            key, _, value = tag.partition("=")
            yield key, value

    def category(self, tags: Mapping[str, object]) -> str:
        """Category's key of a thing with these tags, empty for what is no place that helps."""
        return next((self.places[f"{k}={v}"] for k, v in self.pairs if tags.get(k) == v), "")

    def misled(self, tags: Mapping[str, object]) -> str:
        """Words for a thing whose tags would mislead, empty for all others."""
        for tag, words in self.misleading.items():
            key, _, value = tag.partition("=")
            if tags.get(key) == value:
                return words
        return ""

    def properties(self, tags: Mapping[str, str]) -> dict[str, str]:
        """Properties of a place: its category, the tags that are read, the rest in words."""
        found = {"category": self.category(tags)}
        found |= {key: value for key, value in tags.items() if self.read.fullmatch(key)}
        for tag, (name, words) in self.words.items():
            key, _, value = tag.partition("=")
            if tags.get(key) == value:
                found[name] = "\n".join(filter(None, (found.get(name), words)))
        address = tags.get(self.full_address) or self._address(tags)
        return found | ({"address": address} if address else {})

    def _address(self, tags: Mapping[str, str]) -> str:
        parts = [tags[key] for key in self.address if key in tags and key not in self.numbers]
        numbers = [tags[key] for key in self.address if key in tags and key in self.numbers]
        return "".join(parts) + "-".join(numbers) if parts else ""


@functools.cache
def load_osm_tags() -> OsmTags:
    """Tags that come with papermap.

    Raises
    ------
    StyleError
        When their file cannot be read.
    """
    path = resources.file("styles", "data/osm.toml")
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
        return OsmTags(
            places=tables["places"],
            misleading=tables["misleading"],
            read=re.compile("|".join(f"(?:{rule})" for rule in tables["read"]["keys"])),
            words={tag: (name, words) for tag, (name, words) in tables["words"].items()},
            address=tables["address"]["japanese"],
            numbers=frozenset(tables["address"]["numbers"]),
            full_address=tables["address"]["full"],
        )
    except (OSError, tomllib.TOMLDecodeError, KeyError, ValueError, TypeError, re.error) as error:
        raise StyleError(
            "Tag file {name} cannot be read: {error}.", name=path.name, error=error
        ) from error
