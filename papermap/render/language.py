"""A name of the base map in the language of the page."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from papermap.basemap.base import Layer
from papermap.style import NameStyle

_JAPANESE = re.compile("[\u3040-\u30ff\u3400-\u9fff々〆]")
_NUMBERED = re.compile(r"(?:[0-9０-９]+|[一二三四五六七八九十]+丁目|[0-9０-９]+丁目)$")
_LONGEST = 40  # characters; a longer “name” is a sentence


def texts(layer: Layer, look: NameStyle, languages: tuple[str, ...]) -> list[tuple[str, str]]:
    """For each feature its text in the first language, and in the second when asked for."""
    if look.field == "ref":
        return [(_clean(value), "") for value in layer.column("ref")]
    columns = {
        "ja": [layer.column(key) for key in ("name:ja", "name_ja")],
        "en": [layer.column(key) for key in ("name:en", "name_en")],
        "latin": [layer.column("name:latin")],
    }
    found = []
    for i, value in enumerate(layer.column("name")):
        local = _clean(value)
        told = {key: _first(column[i] for column in kept) for key, kept in columns.items()}
        first = _in_language(languages[0], local, told) or local
        second = _in_language(languages[1], local, told) if _wants_second(look, languages) else ""
        suffixed = tuple(
            _suffixed(text, look.suffix, language)
            for text, language in zip((first, second), (*languages, ""), strict=False)
        )
        found.append((suffixed[0], "" if suffixed[0] == suffixed[1] else suffixed[1]))
    return found


def base_name(text: str) -> str:
    """A district's name without the number of its block: 玉縄3 and 玉縄四丁目 are 玉縄."""
    return _NUMBERED.sub("", text).strip() or text


def _wants_second(look: NameStyle, languages: tuple[str, ...]) -> bool:
    return look.second and len(languages) > 1


def _in_language(language: str, local: str, told: Mapping[str, str]) -> str:
    if language == "ja":
        # the local name first: name:ja is sometimes only the block's number
        return local if _JAPANESE.search(local) else told["ja"]
    # a transliteration made by a machine (城廻 “shiro kai”) is wrong, and nobody there knows it;
    # one made by people is capitalised
    latin = told["latin"]
    return told["en"] or (latin if latin[:1].isupper() else "")


def _suffixed(text: str, suffix: Mapping[str, str], language: str) -> str:
    if not text or not suffix:
        return text
    # a name that fell back to another script takes that script's suffix
    ending = suffix.get("ja" if _JAPANESE.search(text) else language, "")
    said = text.endswith(ending.strip()) or text.lower().endswith("station")
    return text if said or not ending else text + ending


def _first(values: Iterable[object]) -> str:
    return next((_clean(value) for value in values if value), "")


def _clean(value: object) -> str:
    text = " ".join(str(value).split()) if value else ""
    return text if len(text) <= _LONGEST else ""
