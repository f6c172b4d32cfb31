"""What the row of a place says: all that somebody needs before walking there, in this order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from papermap.checks.fields import load_fields
from papermap.model import HAZARDS, Place, Status
from papermap.pages.model import Book
from papermap.pages.state import is_stale, mark_state

_OF_PEOPLE: Final = re.compile(r"[\d,.]+ ?(人|名|people|persons)?$")
_NUMBER: Final = re.compile(r"-?[BＢ]?\d+")
_KANJI: Final = re.compile("[一-鿿々]")
_SHORT_NOTE: Final = 60  # characters; a longer note stands behind everything else
# a text that has one of these says itself what it is about
_TELLING: Final = {
    "bring": re.compile("持|bring", re.IGNORECASE),
    "available": re.compile("残|空|満|在庫|left|available|full", re.IGNORECASE),
    "pets": re.compile("ペット|犬|猫|動物|pet|dog|cat|animal", re.IGNORECASE),
    "cost": re.compile("円|料|有償|無償|¥|yen|free|JPY|fee", re.IGNORECASE),
    "floor": re.compile("階|floor|[BＢ]?\\d+ ?F|屋", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class RowText:
    """Words of one row, not wrapped yet.

    ``what`` is always printed whole; ``more`` only where it costs no further line.
    """

    name: str
    hours: str
    exception: bool
    what: str
    more: str


def row_text(book: Book, point: Place) -> RowText:
    """What a row says of a point, in the book's main language."""
    category = book.data.categories[point.category]
    state = mark_state(point, book.as_of, book.stale_after, category)
    exception = _exception(book, point, state)
    hours = point.opening(book.language)
    told = [*([hours] if exception else []), *_told(book, point)]
    if not _tells_time(book, point, state):
        told.append(_as_of(book, point))
    note = point.note.strip()
    # a short note says what to bring; a long one must not keep anybody from the telephone number
    told.insert(len(told) if len(note) > _SHORT_NOTE else _before_phone(told, book, point), note)
    return RowText(
        name=name_of(book, point),
        hours=exception or hours,
        exception=bool(exception),
        what=joint(book).join(part.strip() for part in told if part.strip()),
        more=_address_beside(point, book.language),
    )


def name_of(book: Book, point: Place) -> str:
    """Name of a place in lists and index; with its kana, where the style is for who wants them."""
    name = point.label(book.language) or point.address or book.words("no_name")
    kana = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in point.reading)
    shown = book.style.layout.readings and book.language == "ja" and _KANJI.search(name)
    return f"{name}（{kana}）" if shown and kana and kana not in name else name


def _address_beside(point: Place, language: str) -> str:
    """The address, where it is not the name already."""
    return "" if point.label(language) in ("", point.address) else point.address


def joint(book: Book) -> str:
    """What stands between two things said of one place."""
    return "・" if book.language == "ja" else "; "


def _told(book: Book, point: Place) -> Iterator[str]:
    """How exact its mark is, what to bring, what is left, for whom, and whom to call."""
    words = book.words
    capacity = point.capacity
    if _OF_PEOPLE.match(capacity):
        capacity = words("capacity", text=capacity)
    yield words("approximate", text=point.approximate) if point.approximate else ""
    yield _labelled(book, "bring", point.bring)
    yield _labelled(book, "available", point.available)
    yield capacity
    yield _hazards(book, point)
    yield point.accessibility
    yield _pets(book, point.pets)
    yield _labelled(book, "cost", point.cost)
    yield _floor(book, point.floor)
    yield point.event
    yield _phone(book, point)


def _phone(book: Book, point: Place) -> str:
    """Whom to call; who is named without a number is just named."""
    has_number = any(char.isdigit() for char in point.phone)
    return book.words("phone", text=point.phone) if has_number else point.phone


def _before_phone(told: list[str], book: Book, point: Place) -> int:
    phone = _phone(book, point)
    return told.index(phone) if phone in told else len(told)


def _labelled(book: Book, key: str, text: str) -> str:
    """A text with a word that says what it is, unless it says so itself."""
    return text if not text or _TELLING[key].search(text) else book.words(key, text=text)


def _pets(book: Book, text: str) -> str:
    fields, plain = load_fields(), text.strip().casefold()
    if plain in fields.yes or plain in fields.no:
        return book.words("pets_yes" if plain in fields.yes else "pets_no")
    return _labelled(book, "pets", text)


def _floor(book: Book, text: str) -> str:
    if _NUMBER.fullmatch(text.strip()):
        return book.words("floor", text=text.strip())
    return text


def _hazards(book: Book, point: Place) -> str:
    """What the place is designated for, in short words."""
    keys = [key for key in HAZARDS if key in point.hazards]
    if len(keys) == len(HAZARDS):
        return book.words("hazards_all")
    between = "・" if book.language == "ja" else ", "
    named = between.join(book.words(f"hazards.{key}") for key in keys)
    return book.words("hazards_for", text=named) if named else ""


# --- status and time ------------------------------------------------------------------------


def _exception(book: Book, point: Place, state: str) -> str:
    """The word that stands in place of the hours where not all is well, or nothing."""
    words = book.words
    if state == "crossed":
        return words("status_closed" if point.status is Status.CLOSED else "status_expired")
    if point.id in book.warned:
        return book.warned[point.id]
    if state == "full":
        return words("status_full")
    if _tells_time(book, point, state) and point.updated_at is not None:
        return words("status_old", day=_day(book, point))
    return words("status_unconfirmed") if state == "hollow" else ""


def _tells_time(book: Book, point: Place, state: str) -> bool:
    """Whether the status is that the information is old, which tells from when it is."""
    stale = is_stale(point, book.as_of, book.stale_after)
    return state == "hollow" and point.confirmed is not False and stale


def _as_of(book: Book, point: Place) -> str:
    """Since when this is known, where that is older than most of what the book tells."""
    usual = book.usual_since
    if point.updated_at is None or usual is None or point.updated_at >= usual:
        return ""
    return book.words("as_of_day", day=_day(book, point))


def _day(book: Book, point: Place) -> str:
    moment = point.updated_at
    if moment is None or book.as_of is None:
        return ""
    return book.words.day(moment, in_year=moment.year != book.as_of.year)
