"""Text of strangers → text that is safe and good to print."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from selectolax.lexbor import LexborHTMLParser

from papermap.checks.garbled import is_lost, mended
from papermap.headers import fold as fold  # noqa: PLC0414 - words are compared so everywhere

_TAG: Final = re.compile(r"</?[a-zA-Z][^<>]{0,2000}>|<!--")
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#x[0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});")
_NEW_LINE_TAGS: Final = "br,p,div,li,tr,h1,h2,h3,h4,hr"
_SILENT_TAGS: Final = ("script", "style", "title", "template")
# what changes the direction of the text around it, or cannot be seen; joiners (200C, 200D) are
# letters' own business
_BIDI: Final = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_CONTROL: Final = "\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
_TOLD: Final = re.compile(f"[{_BIDI}{_CONTROL}\ud800-\udfff\ufffe\uffff]")
_QUIET: Final = re.compile("[\u200b\u2060\ufeff\u00ad\ufff9-\ufffb\U000e0000-\U000e007f]")
_LINE_ENDS: Final = re.compile("\r\n?|[\u2028\u2029\x85]")
_BLANKS: Final = re.compile(r"[ \t\u00a0\u2000-\u200a\u3000]+")
_HALF_KANA: Final = re.compile("[\uff61-\uff9f]+")
# Japanese and ASCII without markup, single blanks between: most texts, and nothing to do
_ORDINARY: Final = re.compile("{0}(?: {0})*".format("[!-%'-;=-~、-〟ぁ-ゖゝ-ヺ・-ヿ一-鿿！-～]+"))
_COMBINING: Final = re.compile("[\u0300-\u036f\u3099\u309a]")
_DEPTH: Final = 4
_ITEMS: Final = 50
_REPEATED: Final = 40  # characters: longer values hardly come again
_LONGEST: Final = 10_000  # characters of one value that are looked at
_MAIL: Final = re.compile(r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
_MOBILE: Final = re.compile(r"(?<!\d)(?:\+?81[- ]?|0)[789]0[- ]?\d{4}[- ]?\d{4}(?!\d)")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A text to print, and what was wrong with it.

    ``removed``: control or bidi characters were taken out; ``mended``: it was garbled, and this is
    what it was before; ``lost``: characters of it were lost before it came here.
    """

    text: str
    removed: bool = False
    mended: bool = False
    lost: bool = False


def clean(text: str, *, lines: bool = True) -> Cleaned:
    """Text without markup, control characters and needless blanks.

    ``<br>`` and its like become new lines; without ``lines`` new lines become spaces. Half-width
    kana become full ones, and what is certainly garbled becomes what it was.
    """
    if len(text) <= _REPEATED:
        return _clean_cached(text, lines=lines)
    return _clean(text[:_LONGEST], lines=lines)


def _clean(text: str, *, lines: bool) -> Cleaned:
    if text.isascii() and text.isprintable() and "<" not in text and "&" not in text:
        return Cleaned(_BLANKS.sub(" ", text).strip())
    original = mended(text)
    if not original and _ORDINARY.fullmatch(text):
        return Cleaned(text)
    raw = _LINE_ENDS.sub("\n", original or text)
    shown = _TOLD.sub("", raw)
    removed = shown != raw
    if _TAG.search(shown) or _ENTITY.search(shown):
        raw = _LINE_ENDS.sub("\n", _without_markup(shown))
        shown = _TOLD.sub("", raw)
        removed = removed or shown != raw
    shown = _HALF_KANA.sub(_full_width, _QUIET.sub("", shown))
    if _COMBINING.search(shown):  # a file system's か and ゛ are one letter; others stay as sent
        shown = unicodedata.normalize("NFC", shown)
    rows = [_BLANKS.sub(" ", row).strip() for row in shown.split("\n")]
    told = ("\n" if lines else " ").join(row for row in rows if row)
    return Cleaned(told, removed, mended=bool(original), lost=is_lost(told))


def _full_width(kana: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", kana[0])


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


def cut(text: str, limit: int) -> str:
    """A text that fits a row of a list: a page is finite, whatever strangers write."""
    return text if len(text) <= limit else text[: limit - 1].rstrip() + "…"


def _without_markup(text: str) -> str:
    """Text of a piece of HTML as a browser shows it, blocks on lines of their own."""
    body = LexborHTMLParser(text).body
    if body is None:
        return ""
    body.strip_tags(list(_SILENT_TAGS))
    for node in body.css(_NEW_LINE_TAGS):
        node.insert_before("\n")
        node.insert_after("\n")
    return str(body.text())
