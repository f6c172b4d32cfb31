"""Text that was read in the wrong encoding before it came here, and what it was before."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

_JAPANESE: Final = re.compile("[\u3005-\u30ff\u4e00-\u9fff\uff01-\uff5e]")
_HALF_KANA: Final = re.compile("[\uff61-\uff9f]")
# what the bytes 80–9F look like in Windows' Latin: lead bytes of CP932, rare in honest words
_LEADS: Final = re.compile("[\u0080-\u009f€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
_FIRST: Final = re.compile(r"[^\x00-\x7f]")
_UTF8: Final = (0xC2, 0xEF)  # first bytes of characters in UTF-8
_LOST: Final = "\ufffd"  # stands where a byte could not be read


def mended(text: str) -> str:
    """What a garbled text certainly was before; empty for a text that is none.

    Only ways back that lose nothing count: UTF-8 read as Latin (``çµ¦æ°´``) or as CP932
    (``邨ｦ豌ｴ``), and CP932 read as Latin. Honest text hardly ever makes sense in such a second
    reading.
    """
    first = _FIRST.search(text)
    if first is None or not _may_begin(first[0]) or _LOST in text:
        return ""
    return next(_ways_back(text), "")


def is_lost(text: str) -> bool:
    """Whether characters of it were lost for good before it came here."""
    return _LOST in text


def likely(text: str) -> str:
    """What is left of UTF-8 that was read as CP932, where some of it was lost; may be empty."""
    data = text.replace(_LOST, "").encode("cp932", "ignore")
    made = data.decode("utf-8", "replace")
    japanese, lost = len(_JAPANESE.findall(made)), made.count(_LOST)
    return made if japanese > 1 and japanese > 2 * lost else ""


def _ways_back(text: str) -> Iterator[str]:
    latin = _latin_bytes(text)
    for data in (latin, _encoded(text, "cp932")):
        made = _decoded(data, "utf-8")
        if made and (data is latin or len(_JAPANESE.findall(made)) > 1) and _clean(made):
            yield made
    made = _decoded(latin, "cp932") if _LEADS.search(text) else ""
    japanese = len(_JAPANESE.findall(made))
    if japanese > 1 and 2 * japanese >= len(made) and not _HALF_KANA.search(made):
        yield made


def _may_begin(char: str) -> bool:
    """Whether a character can be the first of a garbled text: this alone spares most texts."""
    if char < "\u0100" or _LEADS.match(char):
        return True
    data = _encoded(char, "cp932")
    return data is not None and _UTF8[0] <= data[0] <= _UTF8[1]


def _latin_bytes(text: str) -> bytes | None:
    """Bytes of a text in Windows' Latin, its unused places as in ISO 8859-1."""
    made = bytearray()
    for char in text:
        code = ord(char)
        if code < 0xA0:
            made.append(code)
            continue
        try:
            made += char.encode("cp1252")
        except UnicodeEncodeError:
            return None
    return bytes(made)


def _encoded(text: str, encoding: str) -> bytes | None:
    try:
        return text.encode(encoding)
    except UnicodeEncodeError:
        return None


def _decoded(data: bytes | None, encoding: str) -> str:
    try:
        return data.decode(encoding) if data else ""
    except UnicodeDecodeError:
        return ""


def _clean(text: str) -> bool:
    """Whether every character is one that people write; what steers devices goes later anyway."""
    return all(char < "\x80" or unicodedata.category(char)[0] != "C" for char in text)
