"""Names and addresses made ready for comparing: what people write differently and mean alike."""

from __future__ import annotations

import functools
import re
import unicodedata
from dataclasses import dataclass
from typing import Final

from rapidfuzz.distance import Levenshtein

from papermap.checks.fields import load_fields
from papermap.checks.text import fold

_FORMS: Final = re.compile(
    r"株式会社|有限会社|合同会社|合資会社|合名会社|(?:一般|公益|特例)?(?:社団|財団)法人|社会福祉法人|学校法人"
    r"|医療法人(?:社団|財団)?|特定非営利活動法人|npo法人|宗教法人|(?:地方)?独立行政法人|国立大学法人|協同組合"
    r"|\((?:株|有|同|資|名|一社|一財|公社|公財|社|財|福|学|医|特非|宗|独|大)\)"
    r"|\b(?:co\.?,? ?ltd|inc|corp|k\.?k)\b\.?"
)
_BRACKETS: Final = re.compile(r"[(\[{<「『【〔〈《](.*?)[)\]}>」』】〕〉》]")
_OWNER: Final = re.compile(r"^.{0,8}?[都道府県市区町村]立(?=..)")
_FLOOR: Final = re.compile(r"(地下|b)?(\d{1,3})(?:階|f\b)(?:建て?)?")
_NUMERAL: Final = re.compile(
    r"第([一二三四五六七八九十]{1,3})|([一二三四五六七八九十]{1,3})(?=丁目|番|号|階|区)"
)
_ORDINAL: Final = re.compile(r"第(?=\d)")
_SMALL_KE: Final = re.compile(r"(?<=[\u4e00-\u9fff])[ヶケがガヵ](?=[\u4e00-\u9fff])")
_NO: Final = re.compile(r"(?<=[\u4e00-\u9fff])[ノの之](?=[\u4e00-\u9fff])")
_DIGITS: Final = dict(zip("一二三四五六七八九", range(1, 10), strict=True))
# one of these more or other makes another place, however alike the rest
_TELLING: Final = re.compile(r"\d+|[a-z]+|[東西南北上下左右男女大小中新旧前後内外表裏奥本別元仮]")
_BLOCK: Final = re.compile(r"丁目|番地?の?|号|(?<=\d)の(?=\d)|[‐‑–—−ー－-]")
_STREET: Final = re.compile(r"^(\D*\d+(?:-\d+)*)")  # without the building behind it
_SLIP: Final = 6  # letters of a name in which one may differ; in twice as many, two
_TAIL: Final = 4  # letters that a name and its longer form have in common at least


@dataclass(frozen=True, slots=True)
class Name:
    """A name to compare: its letters, and what stood in brackets behind them.

    ``key`` is without width, case, blanks, company forms and owner (鎌倉市立); ``floor`` is read
    from the brackets; ``telling`` are figures, Latin words and characters such as 東 and 西.
    """

    key: str
    inside: str = ""
    floor: str = ""
    telling: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Address:
    """An address to compare: up to its last number, and those numbers."""

    text: str = ""
    numbers: tuple[str, ...] = ()


@functools.lru_cache(maxsize=16384)
def read_name(text: str) -> Name:
    """A name made ready for comparing."""
    fields = load_fields()
    plain = _FORMS.sub("", unicodedata.normalize("NFKC", text).casefold())
    inside, floor = [], ""
    for said in _BRACKETS.findall(plain):
        if (
            fields.hidden_statuses.exact(said)
            or fields.hidden_confirmations.exact(said) is not None
        ):
            continue
        level = read_floor(said)
        floor = level or floor
        inside.append(_letters(_FLOOR.sub("", _figures(said)) if level else said))
    outside = _BRACKETS.sub(" ", plain)
    key = _letters(_OWNER.sub("", outside.strip())) or _letters(plain)
    telling = tuple(sorted(_TELLING.findall(key)))
    return Name(key, "|".join(sorted(filter(None, inside))), floor, telling)


def read_floor(text: str) -> str:
    """``3``, ``b1`` of 3階, 3F, 地下1階; empty where no floor is named."""
    found = _FLOOR.search(_figures(unicodedata.normalize("NFKC", text).casefold()))
    if found is None:
        return ""
    return ("b" if found[1] else "") + str(int(found[2]))


@functools.lru_cache(maxsize=16384)
def read_address(text: str) -> Address:
    """An address made ready for comparing: 小町一丁目4番2号 is 小町1-4-2."""
    plain = "".join(unicodedata.normalize("NFKC", text).casefold().split())
    plain = _BLOCK.sub("-", _figures(_SMALL_KE.sub("ヶ", plain)))
    found = _STREET.match(re.sub(r"-+", "-", plain))
    if found is None:
        return Address(plain)
    return Address(found[1], tuple(re.findall(r"\d+", found[1])))


def same_address(one: Address, two: Address) -> bool:
    """Whether both name one plot; one of them may leave prefecture and city away."""
    if not one.numbers or one.numbers != two.numbers:
        return False
    return one.text.endswith(two.text) or two.text.endswith(one.text)


def other_address(one: Address, two: Address) -> bool:
    """Whether both name a plot, and not the same."""
    return bool(one.numbers and two.numbers) and one.numbers != two.numbers


def slip(one: Name, two: Name) -> float:
    """How alike two names are, 0 to 1, where a slip of the pen explains what differs; else 0.

    One letter in six may differ, no telling one: 東口 is not 西口, nor 第1 第2.
    """
    slips = min(len(one.key), len(two.key)) // _SLIP
    if one.telling != two.telling or not slips:
        return 0.0
    if Levenshtein.distance(one.key, two.key, score_cutoff=slips) > slips:
        return 0.0
    return float(Levenshtein.normalized_similarity(one.key, two.key))


def longer(one: Name, two: Name) -> bool:
    """Whether one is the other with something before it: 鎌倉市教養センター, 教養センター."""
    short, long = sorted((one.key, two.key), key=len)
    return len(short) >= _TAIL and long.endswith(short) and one.telling == two.telling


def _letters(text: str) -> str:
    text = _ORDINAL.sub("", _figures(text))
    text = _NO.sub("の", _SMALL_KE.sub("ヶ", text))
    return "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in fold(text))


def _figures(text: str) -> str:
    """Kanji numerals that count something as figures: 第二 as 2, 三丁目 as 3丁目."""
    return _NUMERAL.sub(lambda found: str(_value(found[1] or found[2])), text)


def _value(numeral: str) -> int:
    tens, mark, ones = numeral.rpartition("十")
    if mark:
        return (_DIGITS.get(tens, 1)) * 10 + _DIGITS.get(ones, 0)
    return int("".join(str(_DIGITS[char]) for char in numeral))
