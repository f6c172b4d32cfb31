"""Text of strangers → text that is safe and good to print."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Final

from papermap.headers import fold as fold  # noqa: PLC0414 - words are compared so everywhere

_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|<!--")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_NEW_LINE_TAGS: Final = frozenset({"br", "p", "div", "li", "tr", "h1", "h2", "h3", "h4", "hr"})
_SILENT_TAGS: Final = frozenset({"script", "style", "head", "title"})
# what changes the direction of the text around it, or cannot be seen; joiners (200C, 200D) are
# letters' own business
_BIDI: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROL: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_TOLD: Final = re.compile(f"[{_BIDI}{_CONTROL}\ud800-\udfff\ufffe\uffff]")
_QUIET: Final = re.compile("[\u200b\u2060\ufeff\u00ad\ufff9-\ufffb\U000e0000-\U000e007f]")
_LINE_ENDS: Final = re.compile("\r\n?|[\u2028\u2029\x85]")
_BLANKS: Final = re.compile(r"[ \t\u00a0\u2000-\u200a\u3000]+")
_COMBINING: Final = re.compile("[\u0300-\u036f\u3099\u309a]")
_DEPTH: Final = 4
_ITEMS: Final = 50
_REPEATED: Final = 40  # characters: longer values hardly come again
_LONGEST: Final = 10_000  # characters of one value that are looked at
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_MOBILE: Final = re.compile(r"(?<!\d)(?:\+?81[- ]?|0)[789]0[- ]?\d{4}[- ]?\d{4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text to print; ``removed`` says that control or bidi characters were taken out."""

    text: str
    removed: bool = False


def clean(text: str, *, lines: bool = True) -> Cleaned:
    """Text without markup, control characters and needless blanks.

    ``<br>`` and its like become new lines; without ``lines`` new lines become spaces.
    """
    if len(text) <= _REPEATED:
        return _clean_cached(text, lines=lines)
    return _clean(text[:_LONGEST], lines=lines)


def _clean(text: str, *, lines: bool) -> Cleaned:
    if text.isascii() and text.isprintable() and "<" not in text and "&" not in text:
        return Cleaned(_BLANKS.sub(" ", text).strip())
    if _TAG.search(text) or _ENTITY.search(text):
        text = _without_markup(text)
    text = _LINE_ENDS.sub("\n", text)
    shown = _TOLD.sub("", text)
    removed = shown != text
    shown = _QUIET.sub("", shown)
    if _COMBINING.search(shown):  # a file system's か and ゛ are one letter; others stay as sent
        shown = unicodedata.normalize("NFC", shown)
    rows = [_BLANKS.sub(" ", row).strip() for row in shown.split("\n")]
    return Cleaned(("\n" if lines else " ").join(row for row in rows if row), removed)


_clean_cached = functools.lru_cache(maxsize=4096)(_clean)  # columns repeat their short values


def as_text(value: Any, depth: int = 0) -> str:
    """Any JSON value as a person writes it: numbers plain, lists with commas."""
    if isinstance(value, str):
        return value
    if value is None or depth > _DEPTH:
        return ""
    if isinstance(value, bool | int | float):
        return _number(value)
    if isinstance(value, Mapping):
        pairs = list(value.items())[:_ITEMS]
        return ", ".join(f"{key} {as_text(inner, depth + 1)}" for key, inner in pairs)
    if isinstance(value, Sequence):
        return ", ".join(filter(None, (as_text(inner, depth + 1) for inner in value[:_ITEMS])))
    return str(value)


def _number(value: float) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)


def private_in(text: str) -> str:
    """The first e-mail address or mobile phone number in the text, else an empty string."""
    if "@" in text or "＠" in text:
        found = _MAIL.search(unicodedata.normalize("NFKC", text))
        if found:
            return found[0]
    if "0" in text or "０" in text:
        found = _MOBILE.search(unicodedata.normalize("NFKC", text))
        if found:
            return found[0]
    return ""


def shortened(text: str, length: int = 60) -> str:
    """Text for a message: one line, safe characters, bounded."""
    shown = clean(text, lines=False).text
    return shown if len(shown) <= length else shown[: length - 1] + "…"


class _Plain(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        if tag in _SILENT_TAGS:
            self._silent += 1
        elif tag in _NEW_LINE_TAGS:
            self.pieces.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT_TAGS:
            self._silent = max(0, self._silent - 1)
        elif tag in _NEW_LINE_TAGS:
            self.pieces.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.pieces.append(data)


def _without_markup(text: str) -> str:
    parser = _Plain()
    parser.feed(text)
    parser.close()
    return "".join(parser.pieces)
