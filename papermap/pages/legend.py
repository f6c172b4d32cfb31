"""The legend sheet: every sign that papermap has, in each state, with its name in both languages.

It hangs on the wall of a relief centre; it needs no points and no base map.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO
from math import ceil
from typing import Final

from reportlab.pdfgen.canvas import Canvas

from papermap.fonts import FontSet
from papermap.i18n import Words
from papermap.model import Category, Kind
from papermap.pages.frames import PageFrames, page_frames
from papermap.pages.kit import BLACK, WHITE, Ink
from papermap.pages.overview_swatch import draw_pattern, pattern_of
from papermap.pages.state import STATE_WORDS, STATES
from papermap.pages.text import Metrics, wrap
from papermap.signs import SignBook
from papermap.style import Style
from papermap.units import MM_PER_PT, Box, Size, to_pt
from papermap.vocabulary import SHAPES, UNKNOWN_LETTERS, Vocabulary

_STEP: Final = 1.36  # from sign to sign, of a sign's size
_ROW: Final = 1.62  # from row to row, of a sign's size
_NAME: Final = 37.0  # mm that a name takes beside its signs, at 11 pt
_STATE: Final = 1.25  # of a sign's size: height of a line of the states


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What all pages of one legend share."""

    ink: Ink
    words: Words
    style: Style
    frames: PageFrames
    edges: tuple[float, ...]  # left edges of the columns
    top: float  # of the first row
    count: int  # rows of a column

    @property
    def sign(self) -> float:
        return self.style.marks.sign


def legend_pdf(
    style: Style,
    fonts: FontSet,
    signs: SignBook,
    vocabulary: Vocabulary,
    *,
    words: Words,
    size: Size,
) -> bytes:
    """The legend of all categories as a PDF, on as many pages of ``size`` mm as it takes."""
    out = BytesIO()
    canvas = Canvas(
        out,
        pagesize=(to_pt(size.width), to_pt(size.height)),
        invariant=1,
        initialFontName=fonts.runs("0")[0].font,
        lang=words.languages[0],
    )
    canvas.setTitle(words("legend_title"))
    canvas.setCreator("papermap")
    sheet = _sheet(
        Ink(canvas, fonts, signs, style, Metrics(fonts)), words, page_frames(size, style)
    )
    known = sorted(vocabulary.categories.values(), key=lambda category: category.order)
    rows = [*known, *_examples(words)]
    count = ceil(len(rows) / (sheet.count * len(sheet.edges)))  # pages, all filled alike
    room = ceil(len(rows) / count)
    pages = [rows[start : start + room] for start in range(0, len(rows), room)]
    for number, page in enumerate(pages, start=1):
        _draw_page(sheet, page, number, len(pages))
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _sheet(ink: Ink, words: Words, frames: PageFrames) -> _Sheet:
    style, body = ink.style, frames.body
    sign = style.marks.sign
    width = len(STATES) * sign * _STEP + _NAME * style.type.heading / 11
    count = max(1, int(body.width / width))
    edges = tuple(body.x0 + i * body.width / count for i in range(count))
    top = body.y1 - (len(STATES) // 2) * sign * _STATE - 0.6 * sign
    bottom = frames.footer.y0 + _foot_height(style)
    return _Sheet(ink, words, style, frames, edges, top, int((top - bottom) / (sign * _ROW)))


def _foot_height(style: Style) -> float:
    return 4.4 * style.type.row * MM_PER_PT


def _examples(words: Words) -> list[Category]:
    """One unknown category for each shape that those have, to show the rule."""
    names = {language: words.in_(language, "legend_unknown") for language in words.languages}
    return [
        Category(f"?{shape}", names, Kind.POINT, shape=shape, sign="", letter=letter, known=False)
        for shape, letter in zip(SHAPES, UNKNOWN_LETTERS, strict=True)
    ]


def _draw_page(sheet: _Sheet, rows: Sequence[Category], number: int, total: int) -> None:
    _draw_head(sheet, number, total)
    _draw_states(sheet)
    step = sheet.sign * _ROW
    high = ceil(len(rows) / len(sheet.edges))
    for i, category in enumerate(rows):
        column, row = divmod(i, high)
        _draw_row(sheet, category, sheet.edges[column], sheet.top - (row + 0.5) * step)
    _draw_foot(sheet)


def _draw_head(sheet: _Sheet, number: int, total: int) -> None:
    ink, words, kind, box = sheet.ink, sheet.words, sheet.style.type, sheet.frames.header
    mark = Box(box.x0, box.y0, box.x0 + box.height, box.y1)
    ink.box(mark, fill=BLACK)
    ink.drawing("information", box.x0 + box.height / 2, (box.y0 + box.y1) / 2, 8, colour=WHITE)
    x = mark.x1 + 3
    title = f"{words('legend_title')}  {words.second('legend_title')}".strip()
    lines = (
        (title, kind.title, 0.26, True),
        (words("legend_help"), kind.subtitle, 0.62, False),
        (words.second("legend_help"), kind.subtitle, 0.92, False),
    )
    for text, size, share, bold in lines:
        ink.middle(x, box.y1 - share * box.height, text, size, bold=bold, align="left")
    ink.middle(
        box.x1, box.y1 - 0.26 * box.height, f"{number} / {total}", kind.header, align="right"
    )


def _draw_states(sheet: _Sheet) -> None:
    """What the four looks of each sign mean, in the order in which the rows have them."""
    ink, words, box, sign = sheet.ink, sheet.words, sheet.frames.body, sheet.sign
    size, example = sheet.style.type.row, _state_example()
    for i, state in enumerate(STATES):
        x = box.x0 + (i % 2) * box.width / 2
        y = box.y1 - (i // 2 + 0.5) * sign * _STATE
        ink.sign(example, x + sign / 2, y, sign, state=state)
        text = f"{i + 1} {words(STATE_WORDS[state])}  {words.second(STATE_WORDS[state])}".strip()
        ink.middle(x + sign + 1.5, y, text, size, bold=True, align="left")
    ink.rule(box.x0, box.x1, sheet.top + 0.15 * sign, 0.3)


def _state_example() -> Category:
    return Category("water", {}, Kind.POINT, shape="circle", sign="water")


def _draw_row(sheet: _Sheet, category: Category, x: float, y: float) -> None:
    ink, words, style, sign = sheet.ink, sheet.words, sheet.style, sheet.sign
    for i, state in enumerate(STATES):
        ink.sign(category, x + sign * (0.5 + i * _STEP), y, sign, state=state)
    left = x + len(STATES) * sign * _STEP + 1
    right = x + sheet.frames.body.width / len(sheet.edges) - 3
    if category.kind is not Kind.POINT:
        high = 0.4 * sign
        sample = Box(right - 12, y - high, right, y + high)
        draw_pattern(ink, pattern_of(style, category.key, category.kind), category.kind, sample)
        right = sample.x0 - 1
    kind, language = style.type, words.languages[0]
    name = category.name(language)
    second = category.names.get(words.languages[1], "") if len(words.languages) > 1 else ""
    second = "" if second == name else second
    wide = ink.width(name, kind.heading, bold=True) + 2
    if left + wide + ink.width(second, kind.heading_second) <= right:
        ink.middle(left, y, name, kind.heading, bold=True, align="left")
        ink.middle(left + wide, y, second, kind.heading_second, align="left")
    else:
        up = 0.55 * kind.heading * MM_PER_PT
        ink.middle(left, y + up, name, kind.heading, bold=True, align="left")
        ink.middle(left, y - 1.1 * up, second, kind.heading_second, align="left")


def _draw_foot(sheet: _Sheet) -> None:
    """The rule for categories that papermap does not know."""
    ink, words, box, size = sheet.ink, sheet.words, sheet.frames.footer, sheet.style.type.row
    y = box.y0 + _foot_height(sheet.style) - 1.2 * size * MM_PER_PT
    texts = [words("legend_rule"), words.second("legend_rule")]
    for text in filter(None, texts):
        for line in wrap(text, box.width, size, ink.metrics):
            ink.text(box.x0, y, line, size)
            y -= 1.15 * size * MM_PER_PT
