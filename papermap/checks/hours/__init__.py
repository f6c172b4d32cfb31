"""Opening hours as people and OpenStreetMap write them → plain words of each language."""

from __future__ import annotations

import functools
from collections.abc import Mapping
from dataclasses import dataclass, field

from papermap.checks.hours.free import read_free
from papermap.checks.hours.osm import read_osm
from papermap.checks.hours.words import in_words
from papermap.i18n import SUPPORTED
from papermap.model import NOTHING

_LONGEST = 200  # characters; longer texts are stories


@dataclass(frozen=True, slots=True)
class Hours:
    """What a text of hours certainly says, by language; empty where that is not certain.

    ``error`` is what is wrong with a text that is plainly meant in OpenStreetMap's syntax.
    """

    words: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    error: str = ""


@functools.lru_cache(maxsize=4096)  # lists repeat their hours
def understood(text: str) -> Hours:
    """Hours in plain words where every part of the text is understood, else none.

    Nothing is guessed: a text with one word too many is printed as it stands.
    """
    if len(text) > _LONGEST:
        return Hours()
    rules = read_free(text)
    if not rules:
        rules, error = read_osm(text)
        if not rules:
            return Hours(error=error)
    return Hours({language: in_words(rules, language) for language in SUPPORTED})
