"""Which category each feature of a source belongs to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath
from typing import Final

from papermap.checks.facts import Facts
from papermap.checks.fields import Fields
from papermap.model import Category, kin
from papermap.osmtags import load_osm_tags
from papermap.readers.base import RawFeature, RawSource
from papermap.vocabulary import OTHER, Vocabulary

_USUAL: Final = "給水 water, 避難所 shelter, トイレ toilet"
_HEADED: Final = re.compile(r"([^｜|]{1,12})[｜|]\s*(\S.*)")
_WORDS: Final = 200  # characters of a text that are looked up


class Categories:
    """Categories of one source; ``used`` holds each one met, by key."""

    def __init__(self, raw: RawSource, vocabulary: Vocabulary, fields: Fields) -> None:
        self.used: dict[str, Category] = {}
        self._vocabulary = vocabulary
        self._fields = fields
        self._met: dict[str, Category] = {}
        self._names: dict[str, str] = {}
        self._of_file = self._from_name(raw)

    def find(self, feature: RawFeature, facts: Facts) -> tuple[Category, bool]:
        """Category, and whether the source states it; what is guessed or unknown is told.

        A name with the category before a bar (``風呂｜本町の湯``) says it where no folder does;
        where it only repeats it, it is printed without.
        """
        head = self._head(facts)
        if head is not None and not self._stated(feature, facts):
            category, stated = self._lookup(head[0].key), True
        else:
            category, stated = self._found(feature, facts)
        if head is not None and head[0].key == kin(category.key):
            facts.original.setdefault("name", facts.texts["name"])
            facts.texts["name"] = head[1]
        return self._by_name(category, facts), stated

    def _by_name(self, category: Category, facts: Facts) -> Category:
        """What its own name says of a thing, where that wins over its category; told."""
        name = facts.texts.get("name", "")
        meant = self._vocabulary.contradicted(category, name[:_WORDS])
        if meant is None:
            return category
        facts.original.setdefault("category", facts.texts.get("category") or facts.layer)
        facts.doubt("PM047", "category", category.title, other_category=meant.title)
        return self._lookup(meant.key)

    def _head(self, facts: Facts) -> tuple[Category, str] | None:
        """A known category before a bar in the name, and the name behind it."""
        found = _HEADED.fullmatch(facts.texts.get("name", ""))
        category = self._vocabulary.find(found[1]) if found else None
        return (category, found[2]) if found and category else None

    def _stated(self, feature: RawFeature, facts: Facts) -> bool:
        """Whether a column, a folder or a tag names a category that is known."""
        text = facts.texts.get("category", "") or facts.layer
        return (
            self._known(text)
            or self._called(feature, facts) is not None
            or self._of_tags(feature) is not None
        )

    def _found(self, feature: RawFeature, facts: Facts) -> tuple[Category, bool]:
        called = self._called(feature, facts)
        if called is not None:
            return called, True
        text = facts.texts.get("category", "")
        layer = "" if text else facts.layer
        tagged = None if text or self._known(layer) else self._of_tags(feature)
        if tagged is not None:
            return tagged, True
        if text or layer:
            said = text or layer
            category = self._lookup(said)
            if not category.known:
                facts.doubt("PM033", "category", said, nearest=self._nearest(said))
            return category, category.key != OTHER
        if self._of_file:
            facts.doubt("PM032", "category", self._of_file)
            return self._lookup(self._of_file), True
        facts.doubt("PM031", "category")
        return self._lookup(OTHER), False

    def _called(self, feature: RawFeature, facts: Facts) -> Category | None:
        """By what the project calls its column or folder, as the source writes it."""
        said = facts.original.get("category") or facts.texts.get("category") or feature.layer
        found = self._vocabulary.called(said)
        return found and self.used.setdefault(found.key, found)

    def _known(self, layer: str) -> bool:
        return bool(layer) and self._vocabulary.find(layer[:_WORDS]) is not None

    def _of_tags(self, feature: RawFeature) -> Category | None:
        """By a tag of OpenStreetMap, or by a word that happens to be known."""
        tags = load_osm_tags()
        meant = tags.category(feature.properties) or tags.misled(feature.properties)
        if meant:
            return self._lookup(meant)
        for key in (*self._fields.tags, *self._fields.fallback):
            value = feature.properties.get(key)
            if not isinstance(value, str) or not value:
                continue
            text = f"{key}={value}" if key in self._fields.tags else value
            found = self._vocabulary.find(text[:_WORDS])
            if found is not None:
                return self._lookup(text)
        return None

    def _nearest(self, text: str) -> str:
        """Name of the known category most like the text, else some usual ones."""
        if text not in self._names:
            found = self._vocabulary.nearest(text[:_WORDS])
            language = "en" if text.isascii() else "ja"
            self._names[text] = found.name(language) if found else _USUAL
        return self._names[text]

    def _lookup(self, text: str) -> Category:
        category = self._met.get(text)
        if category is None:
            category = self._met[text] = self._vocabulary.category(text[:_WORDS])
        return self.used.setdefault(category.key, category)

    def _from_name(self, raw: RawSource) -> str:
        """What the file's name means, for sources in which no feature has a category."""
        stem = PurePath(raw.path).stem
        if raw.path == "-" or self._vocabulary.find(stem) is None:
            return ""
        return "" if _states_any(raw.features, self._fields) else stem


def _states_any(features: Sequence[RawFeature], fields: Fields) -> bool:
    return any(
        feature.layer
        or any(
            value and fields.role(str(column)).field == "category"
            for column, value in feature.properties.items()
        )
        for feature in features
    )
