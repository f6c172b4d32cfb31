"""Which category a stranger's words mean; categories live in ``styles/data/categories.toml``."""

from __future__ import annotations

import functools
import re
import tomllib
import unicodedata
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from papermap import resources
from papermap.errors import StyleError
from papermap.model import Category, Kind

UNKNOWN_ORDER: Final = 900
_SHAPES: Final = ("square", "pentagon", "octagon", "shield", "diamond", "hexagon")
_SHORT: Final = 2  # Latin aliases this short must be a word of their own
_BRACKETS: Final = re.compile(r"[(\[{<「『【〈《〔].*?(?:[)\]}>」』】〉》〕]|$)")
_ASCII: Final = re.compile(r"[a-z0-9]+(?:[ -][a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The known categories, and the rule for words they do not know.

    ``aliases`` maps folded words to a category's key, longest first.
    """

    categories: Mapping[str, Category]
    aliases: Mapping[str, str]

    def find(self, text: str) -> Category | None:
        """Category that the text means, None where nothing known is in it.

        The whole text is tried first, then without what stands in brackets, then the longest
        alias it contains; of two of the same length the one that stands first.
        """
        for candidate in dict.fromkeys((_fold(text), _fold(_bare(text)))):
            if candidate in self.aliases:
                return self.categories[self.aliases[candidate]]
        key = self._contained(_bare(text)) or self._contained(text)
        return self.categories[key] if key else None

    def category(self, text: str) -> Category:
        """Category that the text means; for unknown words one made by a stable rule."""
        return self.find(text) or unknown_category(text)

    def _contained(self, text: str) -> str:
        folded = _words(text)
        hits = [
            (-len(alias), where, alias)
            for alias in self.aliases
            if (where := _position(alias, folded)) >= 0
        ]
        return self.aliases[min(hits)[2]] if hits else ""


def unknown_category(text: str) -> Category:
    """Category for words the vocabulary does not know: same words, same shape and letter."""
    shown = _SUFFIX.split(_bare(text) or _normal(text))[0].strip() or _normal(text).strip() or "?"
    key = _fold(text) or "?"
    letter = next((char.upper() for char in shown if char.isalnum()), "?")
    shape = _SHAPES[zlib.crc32(key.encode("utf-8", "replace")) % len(_SHAPES)]
    return Category(
        key=key,
        names=MappingProxyType({"ja": shown}),
        kind=Kind.POINT,
        shape=shape,
        sign="",
        letter=letter,
        order=UNKNOWN_ORDER,
        known=False,
    )


_SUFFIX: Final = re.compile(r"[_＿/|]")


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())


def _bare(text: str) -> str:
    """Text without what stands in brackets."""
    return _BRACKETS.sub(" ", _normal(text)).strip()


def _words(text: str) -> str:
    """Lower case, one space between words, Japanese without spaces."""
    text = _normal(text).casefold().replace("_", " ").replace("-", " ")
    return re.sub(r"(?<![a-z0-9]) | (?![a-z0-9])", "", text)


def _fold(text: str) -> str:
    return "".join(char for char in _words(text) if char.isalnum() or char == " ").strip()


def _position(alias: str, text: str) -> int:
    """Where the alias stands in the text; Latin words only as whole words."""
    if _ASCII.fullmatch(alias):
        found = re.search(rf"(?<![a-z0-9]){re.escape(alias)}s?(?![a-z0-9])", text)
        return found.start() if found else -1
    return text.find(alias)


@functools.cache
def load_vocabulary() -> Vocabulary:
    """Categories that come with papermap.

    Raises
    ------
    StyleError
        When their file cannot be read or one alias means two categories.
    """
    path = resources.file("styles", "data/categories.toml")
    try:
        tables = tomllib.loads(path.read_text("utf-8"))
        categories = {
            key: _category(key, table, order) for order, (key, table) in enumerate(tables.items())
        }
    except (OSError, tomllib.TOMLDecodeError, KeyError, ValueError, TypeError) as error:
        raise StyleError(f"Category file {path.name} cannot be read: {error}.") from error
    return Vocabulary(MappingProxyType(categories), MappingProxyType(_aliases(tables)))


def _category(key: str, table: Mapping[str, Any], order: int) -> Category:
    return Category(
        key=key,
        names=MappingProxyType({"ja": table["ja"], "en": table["en"]}),
        kind=Kind(table.get("kind", "point")),
        shape=table.get("shape", "square"),
        sign=table.get("sign", ""),
        letter=table.get("letter", ""),
        order=order,
        standing=bool(table.get("standing", False)),
    )


def _aliases(tables: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for key, table in tables.items():
        for alias in (key, table["ja"], table["en"], *table.get("aliases", ())):
            if found.setdefault(_fold(alias), key) != key:
                raise StyleError(f"“{alias}” means both {found[_fold(alias)]} and {key}.")
    return found
