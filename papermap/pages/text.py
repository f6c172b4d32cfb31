"""Measuring and wrapping text: 禁則 kept, Latin words uncut, no orphaned last characters."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from papermap.fonts import FontSet
from papermap.units import MM_PER_PT

# may not begin a line (closing marks, small kana, iteration and sound marks)
NO_START = frozenset(
    "、。，．,.-・：；:;？！?!‼⁇⁈⁉゛゜ヽヾゝゞ々ー－‐–〜～"
    "）)］]｝}〕〉》」』】｠〙〗»’”ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ"
    "ㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿ％%℃°"
)
# may not end a line
NO_END = frozenset("（(［[｛{〔〈《「『【｟〘〖«‘“＃#￥¥＄$№©")
_DASHES = frozenset("-–~〜～")
_COUNTED = frozenset("時分秒日月年人名円台歳階号回基個本枚")  # stay with their figure
_HOURS_REST = frozenset(" ・、，,;；/／）)")
_RESTS = frozenset(" ・、。，．,;；:：/／)）」』】〉》")
_SHORTEST_LAST = 3  # characters
_HAIR = 0.01  # mm; a text in a column cut to its own width fits
_ORPHAN, _RAGGED = 6.0, 0.8  # what a short last line and uneven lines count against bad breaks


class Metrics:
    """Widths of text in mm; every character is measured once."""

    def __init__(self, fonts: FontSet) -> None:
        self._fonts = fonts
        self._wide: tuple[dict[str, float], dict[str, float]] = ({}, {})

    def char(self, char: str, bold: bool = False) -> float:  # noqa: FBT001, FBT002
        """Advance of one character in mm at 1 pt."""
        known = self._wide[bold]
        width = known.get(char)
        if width is None:
            width = self._fonts.width(char, 100.0, bold) * MM_PER_PT / 100
            known[char] = width
        return width

    def width(self, text: str, size: float, bold: bool = False) -> float:  # noqa: FBT001, FBT002
        """Width in mm of ``text`` set in ``size`` pt."""
        known = self._wide[bold]
        try:
            return sum(map(known.__getitem__, text)) * size
        except KeyError:
            return sum([self.char(char, bold) for char in text]) * size


def wrap(
    text: str,
    width: float,
    size: float,
    metrics: Metrics,
    *,
    bold: bool = False,
    hours: bool = False,
) -> tuple[str, ...]:
    """Lines of ``text``, each at most ``width`` mm wide; nothing is cut or dropped.

    Breaks where the text has line ends, at spaces, between East Asian characters where 禁則
    allows it, and inside a Latin word only when the word alone is too wide. ``hours`` break
    between their parts if a line holds the longest.
    """
    lines: list[str] = []
    for part in text.splitlines():
        clean = " ".join(part.split())
        if clean:
            lines += _wrap_line(clean, width, size, metrics, bold=bold, hours=hours)
    return tuple(lines)


def text_after(text: str, lines: Iterable[str]) -> str:
    """What follows in a text behind its first ``lines``, as :func:`wrap` made them."""
    left = sum(len("".join(line.split())) for line in lines)
    for i, char in enumerate(text):
        if not char.isspace():
            if left == 0:
                return text[i:]
            left -= 1
    return ""


def hours_parts(text: str) -> list[str]:
    """Hours cut where a rest is: “9–12時・”, “13–17時”."""
    return _cut_at(text, [i for i in range(1, len(text)) if _rests(text[i - 1], text[i])])


def _rests(before: str, after: str) -> bool:
    return before in _HOURS_REST and after not in _HOURS_REST and after not in NO_START


def _cut_at(text: str, places: list[int]) -> list[str]:
    return [text[i:j] for i, j in pairwise([0, *places, len(text)])]


def _wrap_line(
    text: str, width: float, size: float, metrics: Metrics, *, bold: bool, hours: bool
) -> list[str]:
    """The fewest lines; among those the ones that break where reading breaks."""
    width += _HAIR
    if metrics.width(text, size, bold) <= width:
        return [text]
    if hours:
        pieces = _hours_pieces(text, width, size, metrics, bold=bold)
    else:
        pieces = _pieces(text, width, size, metrics, bold=bold)
    wide = [metrics.width(piece, size, bold) for piece in pieces]
    # a space at the end of a line takes no room
    bare = [metrics.width(piece.rstrip(), size, bold) for piece in pieces]
    ends = _best_ends(pieces, wide, bare, width)
    starts = [0, *ends[:-1]]
    return ["".join(pieces[i:j]).rstrip() for i, j in zip(starts, ends, strict=True)]


def _best_ends(pieces: list[str], wide: list[float], bare: list[float], width: float) -> list[int]:
    """Where each line ends, in pieces: least lines, then least harm, by dynamic programming."""
    count = len(pieces)
    cuts = [_harm(before, after) for before, after in pairwise(pieces)]
    # best[i]: (lines, harm, end of the first line) for the pieces from i on
    best: list[tuple[int, float, int]] = [(0, 0.0, count)] * (count + 1)
    for i in range(count - 1, -1, -1):
        taken, choices = 0.0, []
        for j in range(i, count):
            if j > i and taken + bare[j] > width:
                break
            taken += wide[j]
            lines, harm, _ = best[j + 1]
            end = j + 1
            if end < count:
                harm += cuts[j] + _RAGGED * (1 - taken / width) ** 2
            elif i and len("".join(pieces[i:]).rstrip()) < _SHORTEST_LAST:
                harm += _ORPHAN
            choices.append((lines + 1, harm, end))
        best[i] = min(choices)
    ends = []
    i = 0
    while i < count:
        i = best[i][2]
        ends.append(i)
    return ends


def _harm(before: str, after: str) -> float:
    """How much a line's end between two pieces disturbs: not at all at a space or a mark."""
    last, first = before[-1], after[0]
    if last in _RESTS:
        return 0.0
    if last in _DASHES:
        return 0.6
    kinds = _kind(last), _kind(first)
    if kinds[0] == kinds[1]:
        return 1.4 if kinds[0] == "katakana" else 1.0
    return 1.3 if kinds == ("kanji", "hiragana") else 0.4


def _kind(char: str) -> str:
    if "ぁ" <= char <= "ゟ":
        return "hiragana"
    if "ァ" <= char <= "ヿ":
        return "katakana"
    return "latin" if char < "\u2e80" else "kanji"


def _hours_pieces(
    text: str, width: float, size: float, metrics: Metrics, *, bold: bool
) -> list[str]:
    """Parts of hours, those wider than a line cut after their dashes."""
    pieces: list[str] = []
    for part in hours_parts(text):
        ends = [i for i in range(1, len(part)) if part[i - 1] in _DASHES]
        fits = metrics.width(part.rstrip(), size, bold) <= width
        for piece in [part] if fits else _cut_at(part, ends):
            if metrics.width(piece.rstrip(), size, bold) <= width:
                pieces.append(piece)
            else:
                pieces += _pieces(piece, width, size, metrics, bold=bold)
    return pieces


def _pieces(text: str, width: float, size: float, metrics: Metrics, *, bold: bool) -> list[str]:
    """Text cut at every place where a line may end; together they are the text."""
    pieces = _cut_at(text, [i for i in range(1, len(text)) if _may_break(text[i - 1], text[i])])
    whole: list[str] = []
    for piece in pieces:
        if metrics.width(piece.rstrip(), size, bold) <= width:
            whole.append(piece)
        else:
            whole += _chop(piece, width, size, metrics, bold=bold)
    return whole


def _chop(piece: str, width: float, size: float, metrics: Metrics, *, bold: bool) -> list[str]:
    """Cut a word that is wider than a line: after its hyphens, else where the line is full."""
    parts: list[str] = []
    part, taken = "", 0.0
    for char in piece:
        wide = metrics.char(char, bold) * size
        if part and taken + wide > width:
            hyphen = max(part.rfind(mark) for mark in ("/", *_DASHES)) + 1
            kept = hyphen if hyphen > 2 else len(part)
            parts.append(part[:kept])
            part = part[kept:]
            taken = metrics.width(part, size, bold)
        part += char
        taken += wide
    return [*parts, part]


def _may_break(before: str, after: str) -> bool:
    if after == " ":
        return False
    if before == " ":
        return True
    if after in NO_START or before in NO_END:
        return False
    # figures stay with what they count, spans of time whole
    if (before.isdigit() and after in _COUNTED) or (before in _DASHES and after.isdigit()):
        return False
    return _is_wide(before) or _is_wide(after)


def _is_wide(char: str) -> bool:
    """Whether lines may break beside the character: kana, kanji, hangul and their marks."""
    code = ord(char)
    return 0x2E80 <= code <= 0x9FFF or 0xAC00 <= code <= 0xD7AF or code >= 0xF900 or char == "・"
