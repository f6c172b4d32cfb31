"""Which category a stranger's words mean; categories live in ``styles/data/categories.toml``."""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from papermap import resources
from papermap.errors import StyleError
from papermap.model import Category, CategoryName, Kind, kin

UNKNOWN_ORDER: Final = 900
OTHER: Final = "other"  # the known category of what has none
# shapes of unknown categories, chosen by their name, and letters that show the rule in a legend
SHAPES: Final = ("square", "pentagon", "octagon", "shield", "diamond", "hexagon")
UNKNOWN_LETTERS: Final = ("市", "あ", "K", "カ", "7", "A")
_BRACKETS: Final = re.compile(r"[(\[{<「『【〈《〔].*?(?:[)\]}>」』】〉》〕]|$)")
_SUFFIX: Final = re.compile(r"[_/|]")
_LATIN: Final = re.compile(r"[a-z0-9]+(?: [a-z0-9]+)*")
_LETTER: Final = re.compile("[a-z0-9]")
_LONGEST: Final = 200  # characters of a stranger's text that are looked at
_LIKE: Final = 0.65  # one letter in three may differ
_KATAKANA: Final = re.compile("[ァ-ヺー]")
# What stands before one of these says more of the kind than what stands behind it.
_BREAKS: Final = re.compile(
    r"[/|;,:、。・&+]|(?<![A-Za-z])_|_(?![A-Za-z])"
    r"|\b(?:in|at|near|with|for|from|by|on|next to|and)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The known categories, and the rule for words they do not know.

    ``aliases`` maps folded words to a category's key, ``unless`` the key of a category to that of
    the one which a name may say in its stead.
    """

    categories: Mapping[str, Category]
    aliases: Mapping[str, str]
    unless: Mapping[str, str] = field(default_factory=dict)
    named: Mapping[str, Category] = field(default_factory=dict)  # by the folded text of a project
    _found: dict[str, Category | None] = field(default_factory=dict, repr=False, compare=False)

    def find(self, text: str) -> Category | None:
        """Category that the text means, None where nothing known is in it.

        The whole text is tried first, then without what stands in brackets. Then the first part
        of it (parted by ``_``, ``・``, “near” …) that contains an alias decides: by the alias that
        ends last, since a Japanese compound's last word is what the thing is (病院前の給水所 is
        water), and of those the longest (通行不可 before 可).
        """
        if text not in self._found:
            key = self._exact(text) or self._contained(_bare(text)) or self._contained(text)
            self._found[text] = self.categories[key] if key else None
        return self._found[text]

    def category(self, text: str) -> Category:
        """Category that the text means; for unknown words one made by a stable rule."""
        return self.find(text) or unknown_category(text)

    def with_names(self, names: Iterable[CategoryName]) -> Vocabulary:
        """The same, and what a project calls some texts: it looks like what the name means."""
        named = {_fold(each.text): self._named(each) for each in names}
        written = {_fold(each.key): each for each in named.values()}  # as a merge writes them
        return replace(self, named={**self.named, **written, **named}, _found={})

    def called(self, text: str) -> Category | None:
        """Category that a project names for exactly this text."""
        return self.named.get(_fold(text)) if self.named else None

    def _named(self, given: CategoryName) -> Category:
        texts = (given.ja, given.en, given.text)
        known = next(filter(None, (self.find(text) for text in texts if text)), None)
        plain = given.ja in ("", given.text)  # then the time in its brackets is no part of it
        japanese = _shown(given.text) if plain else given.ja
        english = _bare(given.en) if plain else given.en
        like = known or unknown_category(japanese)
        return replace(
            like,
            key=f"{like.key}/{_fold(japanese)}",
            names={"ja": japanese, **({"en": english} if english else {})},
            known=True,
            colour=given.colour,
        )

    def contradicted(self, category: Category, name: str) -> Category | None:
        """What a thing is by its own name, where that wins over the category it lies in.

        A road named 夜間通行止 among the passable ones is closed: who trusts it loses a night.
        """
        key = self.unless.get(kin(category.key))
        found = self.find(name) if key else None
        return found if found is not None and found.key == key else None

    def nearest(self, text: str) -> Category | None:
        """Known category whose name or alias is written most like the text; None: none is like."""
        near = difflib.get_close_matches(_fold(text), self.aliases, n=1, cutoff=_LIKE)
        return self.categories[self.aliases[near[0]]] if near else None

    def _exact(self, text: str) -> str:
        tried = (text, _bare(text), _shown(text))
        return next(filter(None, (self.aliases.get(_fold(each)) for each in tried)), "")

    def _contained(self, text: str) -> str:
        for part in _BREAKS.split(_normal(text)):
            folded = _words(part)
            ends = ((_end(alias, folded), len(alias), alias) for alias in self.aliases)
            end, _, alias = max(ends, default=(0, 0, ""))
            if end:
                return self.aliases[alias]
        return ""


def unknown_category(text: str) -> Category:
    """Category for words the vocabulary does not know: same words, same shape and letter.

    What stands in brackets or behind ``_``, ``/`` or ``|`` makes no other category.
    """
    shown = _shown(text) or _normal(text) or "?"
    key = _fold(shown) or "?"
    letter = next((char.upper() for char in shown if char.isalnum()), "?")
    shape = SHAPES[zlib.crc32(key.encode("utf-8", "replace")) % len(SHAPES)]
    return Category(
        key=key,
        names={"ja": shown},
        kind=Kind.POINT,
        shape=shape,
        sign="",
        letter=letter,
        order=UNKNOWN_ORDER,
        known=False,
    )


def told_apart(categories: Mapping[str, Category]) -> dict[str, Category]:
    """The categories of one atlas, no two of the unknown ones alike in shape and letter.

    In the order of their keys, one that would be like an earlier one takes the next letter of its
    name, or, where all of them are taken, the next shape.
    """
    found = dict(categories)
    unknown = {key for key, each in found.items() if each.order == UNKNOWN_ORDER}
    taken = {(each.shape, each.letter) for key, each in found.items() if key not in unknown}
    for key in sorted(unknown):
        own = found[key]
        shape, letter = next((look for look in _looks(own) if look not in taken), (own.shape, "?"))
        taken.add((shape, letter))
        found[key] = replace(own, shape=shape, letter=letter)
    return found


def _looks(category: Category) -> Iterator[tuple[str, str]]:
    """Shapes and letters that an unknown category may have, its own first."""
    first = SHAPES.index(category.shape)
    letters = [char.upper() for char in category.names["ja"] if char.isalnum()]
    for shape in (*SHAPES[first:], *SHAPES[:first]):
        yield from ((shape, letter) for letter in dict.fromkeys((category.letter, *letters)))


def _normal(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text[:_LONGEST]).split())


def _bare(text: str) -> str:
    """Text without what stands in brackets."""
    return " ".join(_BRACKETS.sub(" ", _normal(text)).split())


def _shown(text: str) -> str:
    """What of an unknown category's words is printed."""
    return _SUFFIX.split(_bare(text))[0].strip()


def _words(text: str) -> str:
    """Lower case, one space between words, Japanese without spaces."""
    text = re.sub(r"[-_\s]+", " ", _normal(text).casefold())
    return re.sub(r"(?<![a-z0-9]) | (?![a-z0-9])", "", text)


def _fold(text: str) -> str:
    return "".join(char for char in _words(text) if char.isalnum() or char == " ").strip()


def _end(alias: str, text: str) -> int:
    """Where the alias last ends in the text, 0 where it is not in it.

    Latin words count only as whole words; a single character never, and katakana not with more
    katakana behind it: 水 is not in 水族館, nor バス in バスケット.
    """
    start = text.rfind(alias)
    if start < 0 or len(alias) == 1:
        return 0
    end = start + len(alias)
    if _LATIN.fullmatch(alias):
        plural = end + 1 if text[end : end + 1] == "s" else end
        beside = text[max(start - 1, 0) : start] + text[plural : plural + 1]
        return 0 if _LETTER.search(beside) else plural
    inside = _KATAKANA.match(alias[-1]) and _KATAKANA.match(text[end : end + 1])
    return 0 if inside else end


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
        raise StyleError(
            "Category file {name} cannot be read: {error}.", name=path.name, error=error
        ) from error
    unless = {key: table["unless"] for key, table in tables.items() if "unless" in table}
    return Vocabulary(categories, _aliases(tables), unless)


def _category(key: str, table: Mapping[str, Any], order: int) -> Category:
    return Category(
        key=key,
        names={"ja": table["ja"], "en": table["en"]},
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
                raise StyleError(
                    "“{alias}” means both {found} and {key}.",
                    alias=alias,
                    found=found[_fold(alias)],
                    key=key,
                )
    return found
