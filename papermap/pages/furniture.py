"""What every page has: the header with its number and times, the QR."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from itertools import pairwise

import segno

from papermap.model import Category, Place
from papermap.pages.kit import BLACK, WHITE, Ink, drop
from papermap.pages.model import Book, Page
from papermap.pages.state import STATE_WORDS
from papermap.pages.text import wrap
from papermap.units import MM_PER_PT, PT_PER_MM, Box

_PAD = 1.7  # left and right of the number in its box
_GAP = 3.0  # between the box and the title
_QR_GAP = 4.2  # at least four modules of quiet zone on the side of the text
# middles of the three lines of the header, as shares of its height from the top
_LINES = (0.26, 0.59, 0.915)
_TITLE_LINES = (0.245, 0.59, 0.915)
_SENTENCE_END = re.compile(r"(?<=。)|(?<=\. )")


def oldest_of(points: Iterable[Place]) -> datetime | None:
    """Time of the oldest information on some points."""
    return min((p.updated_at for p in points if p.updated_at is not None), default=None)


def draw_header(
    ink: Ink,
    page: Page,
    *,
    mark: str,
    title: str,
    second: str = "",
    third: str = "",
    places: Sequence[str] = (),
    points: Sequence[Place] | None = None,
) -> None:
    """Draw number box, titles and third line; right: times, edition, page; QR.

    Parameters
    ----------
    mark
        What stands in the black box: "20", "7a", "索".
    title, second
        The title in both languages.
    third
        How to read the page.
    places
        Names of places on it, in place of ``third``: as many as fit are shown.
    points
        The points the page is about, for the time of the oldest information; None: all.
    """
    book = page.book
    box = book.frames.header
    left = _draw_number(ink, book, mark, box)
    right = _draw_qr(ink, book, box)
    oldest = oldest_of(book.data.points if points is None else points)
    taken = _draw_times(ink, page, oldest, box, right)
    room = Box(left + _GAP, box.y0, taken - 4, box.y1)
    third = third or _as_many(places, room.width, book)
    _draw_title(ink, book, (title, second, third), room)


def _draw_number(ink: Ink, book: Book, mark: str, box: Box) -> float:
    """The mark in white on black, or framed where toner is short; returns its right edge."""
    kind, ground = book.style.type, book.style.number_ground
    size, bold = kind.sheet_number, "sheet_number" in kind.bold
    width = max(box.height, ink.width(mark, size, bold=bold) + 2 * _PAD)
    black = Box(box.x0, box.y0, box.x0 + width, box.y1)
    if ground == WHITE:
        line = book.style.lines.number
        ink.box(black.grown(-line / 2), stroke=BLACK, width=line)
    else:
        ink.box(black, fill=ground)
    middle, colour = (black.x0 + black.x1) / 2, BLACK if ground == WHITE else WHITE
    ink.middle(middle, (box.y0 + box.y1) / 2, mark, size, bold=bold, colour=colour)
    return black.x1


def _draw_times(ink: Ink, page: Page, oldest: datetime | None, box: Box, right: float) -> float:
    """Right-aligned: newest information, oldest, edition and page; returns the left edge."""
    book, words, kind = page.book, page.book.words, page.book.style.type
    newest = words("no_time") if book.as_of is None else words("as_of", when=words.when(book.as_of))
    number = words("page", page=page.number, pages=page.total)
    edition = words("edition", n=book.edition)
    second = words.second("edition", n=book.edition)
    lines = (
        (newest, kind.as_of, "as_of" in kind.bold),
        (words("oldest", when=words.when(oldest)) if oldest else "", kind.header, False),
        (f"{edition} {second}".strip() + f"  {number}", kind.header, False),
    )
    widest = 0.0
    for (text, size, bold), share in zip(lines, _LINES, strict=True):
        y = box.y1 - share * box.height - drop(size)
        widest = max(widest, ink.text(right, y, text, size, bold=bold, align="right"))
    return right - widest


def _draw_title(ink: Ink, book: Book, texts: tuple[str, str, str], box: Box) -> None:
    """Title, its second language and the third line, in the room that is left."""
    lines = _title_lines(book, texts, box)
    heavy = "title" in book.style.type.bold
    for line, middle in zip(lines, _middles([line.size for line in lines], box), strict=True):
        ink.text(box.x0, middle - drop(line.size), line.text, line.size, bold=heavy and line.title)


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float
    title: bool = False


def _title_lines(book: Book, texts: tuple[str, str, str], box: Box) -> list[_Line]:
    """As many lines as stand one under the other; what does not fit is cut, the help first."""
    kind, metrics, width = book.style.type, book.metrics, box.width
    smallest = max(kind.minimum, kind.header)
    first, second, third = texts
    heavy = "title" in kind.bold
    size = kind.title
    while size > smallest and metrics.width(first, size, bold=heavy) > width:
        size = max(smallest, size - 0.5)
    title = wrap(first, width, size, metrics, bold=heavy)
    lines = [_Line(text, size, title=True) for text in title]
    below = kind.subtitle
    while below > kind.minimum and metrics.width(second, below) > width:
        below = max(kind.minimum, below - 0.5)
    lines += [_Line(text, below) for text in wrap(second, width, below, metrics)]
    lines = _that_fit(lines, box)
    # the help has the room that is left; of a sentence that is cut nothing is left
    told: list[_Line] = []
    for sentence in range(len(parts := _SENTENCE_END.split(third)), 0, -1):
        help_lines = wrap("".join(parts[:sentence]), width, kind.header, metrics)
        told = [_Line(text, kind.header) for text in help_lines]
        if len(_that_fit([*lines, *told], box)) == len(lines) + len(told):
            return [*lines, *told]
    return _that_fit([*lines, *told], box)


def _that_fit(lines: Sequence[_Line], box: Box) -> list[_Line]:
    """The first lines, as many as the height holds; an ellipsis where the title itself is cut."""
    kept = list(lines)
    while len(kept) > 1 and sum(line.size for line in kept) * MM_PER_PT > box.height:
        kept.pop()
    if len(kept) < len(lines) and lines[len(kept)].title:
        kept[-1] = replace(kept[-1], text=f"{kept[-1].text[:-1]}…")
    return kept


def _middles(sizes: Sequence[float], box: Box) -> list[float]:
    """Middles of lines from the top of a box: as usual, or as close as they must be."""
    usual = {1: (0.5,), 2: (0.33, 0.76), 3: _TITLE_LINES}.get(len(sizes))
    heights = [size * MM_PER_PT for size in sizes]
    if usual:
        middles = [box.y1 - share * box.height for share in usual]
        gaps = zip(pairwise(middles), pairwise(heights), strict=True)
        if all(y0 - y1 >= (a + b) / 2 for (y0, y1), (a, b) in gaps):
            return middles
    gap = max(0.0, (box.height - sum(heights)) / max(1, len(sizes) - 1))
    return [box.y1 - sum(heights[:i]) - i * gap - heights[i] / 2 for i in range(len(heights))]


def _as_many(places: Sequence[str], width: float, book: Book) -> str:
    """As many of the names as one line holds."""
    joint = "・" if book.language == "ja" else ", "
    names, size = list(places), book.style.type.header
    while len(names) > 1 and book.metrics.width(joint.join(names), size) > width:
        names.pop()
    return joint.join(names)


def draw_states(
    ink: Ink, book: Book, sample: Category, states: Sequence[str], at: tuple[float, float]
) -> float:
    """Signs of some states with their words, side by side from ``at``; returns their end."""
    x, y = at
    size = book.style.type.row
    sign = 3.7 * size / 9
    for state in states:
        ink.sign(sample, x + sign / 2, y, sign, state=state)
        x += sign + 0.8
        x += ink.middle(x, y, book.words(STATE_WORDS[state]), size, align="left") + 4
    return x


# --- QR -------------------------------------------------------------------------------------


def _draw_qr(ink: Ink, book: Book, box: Box) -> float:
    """QR of the live data in the upper right corner; returns the right edge left for text."""
    if not book.url:
        return box.x1
    side = min(book.style.layout.qr, box.height)
    draw_qr(ink, book.url, Box(box.x1 - side, box.y1 - side, box.x1, box.y1))
    return box.x1 - side - _QR_GAP


def draw_qr(ink: Ink, text: str, box: Box) -> None:
    """A QR code filling ``box``; whoever calls keeps four modules of white round it."""
    rows = _qr_rows(text)
    module = box.width / len(rows)
    path = []
    for i, row in enumerate(rows):
        y = box.y1 - (i + 1) * module
        for start, length in row:
            x = box.x0 + start * module
            path.append(" ".join(f"{v * PT_PER_MM:.3f}" for v in (x, y, length * module, module)))
    ink.fill_rectangles(path)


@cache
def _qr_rows(text: str) -> tuple[tuple[tuple[int, int], ...], ...]:
    """Runs of dark modules (start, length) of each row."""
    code = segno.make(text, error="m", micro=False)
    rows = []
    for row in code.matrix:
        runs, start = [], None
        for i, dark in enumerate((*row, 0)):
            if dark and start is None:
                start = i
            elif not dark and start is not None:
                runs.append((start, i - start))
                start = None
        rows.append(tuple(runs))
    return tuple(rows)
