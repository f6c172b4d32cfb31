"""The words of the domain, all immutable: support points, categories, lines and areas, problems."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

NOTHING: Mapping[str, str] = MappingProxyType({})


HAZARDS: Final = (  # for which evacuation sites are designated, in the order of the law
    "flood",
    "landslide",
    "storm_surge",
    "earthquake",
    "tsunami",
    "fire",
    "inland_flood",
    "volcano",
)


class Status(StrEnum):
    """Whether a support point can be used now."""

    OPEN = "open"
    CLOSED = "closed"
    FULL = "full"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """An error keeps a feature off the paper; a warning does not; a notice asks for nothing."""

    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"


class Kind(StrEnum):
    """What a category is made of on the map."""

    POINT = "point"
    LINE = "line"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a value came from: the source as the user named it, the feature counted from 1."""

    source: str
    feature: int
    part: int = 0  # counted from 1 inside an exploded geometry; 0: the whole feature
    row: int = 0  # row or line of a table or text, counted from 1; 0: it has none


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one feature or source; its words come from the locale by ``code``.

    ``params`` fill the message of the code. ``skipped`` says that the feature (or, with
    ``part``, that part of it) is not on paper because of this; ``unplaced`` that it has no mark
    because of this, and stands in the list of places without a position.
    """

    code: str  # stable, "PM012"
    severity: Severity
    source: str
    feature: int | None = None
    name: str | None = None
    field: str | None = None
    value: str | None = None
    params: Mapping[str, str] = dataclasses.field(default_factory=lambda: NOTHING)
    skipped: bool = False
    unplaced: bool = False
    row: int = 0  # row or line of a table or text, counted from 1; 0: it has none
    at: tuple[float, float] | None = None  # where it is, WGS 84 lon and lat; None: nobody knows
    layer: str = ""  # worksheet or layer of ``row``, where a source has several
    features: tuple[int, ...] = ()  # where it tells of many features at once, all of them


@dataclass(frozen=True, slots=True)
class Category:
    """One kind of support, as the vocabulary or the stable rule for unknown ones gives it.

    ``standing`` marks permanent installations (hydrant, AED, evacuation site): with no word on
    their state they are drawn solid, while a water truck with no word is drawn unconfirmed.
    """

    key: str
    names: Mapping[str, str]  # language → name on paper
    kind: Kind
    shape: str  # a shape of signs.toml: circle, house, tub …
    sign: str  # a drawing of signs.toml, or "" when ``letter`` is drawn instead
    letter: str = ""
    order: int = 999  # position in lists; smaller first
    standing: bool = False
    known: bool = True
    colour: str = ""  # RRGGBB that a project gives it, for styles in colour

    @property
    def title(self) -> str:
        """Name in both languages, for messages: 給水 / Water."""
        return " / ".join(dict.fromkeys((self.name("ja"), self.name("en"))))

    def name(self, language: str) -> str:
        """Name in ``language``, else in Japanese, English or as the source wrote it."""
        for key in (language, "ja", "en"):
            if key in self.names:
                return self.names[key]
        return self.key


@dataclass(frozen=True, slots=True)
class CategoryName:
    """How a project calls what its sources write as ``text``, and its colour (RRGGBB or none)."""

    text: str
    ja: str = ""
    en: str = ""
    colour: str = ""


def kin(key: str) -> str:
    """Key of the known category that a category named by a project goes by, else its own."""
    return key.partition("/")[0]


@dataclass(frozen=True, slots=True)
class Said:
    """One value that gave way when features were joined: what, by whom, and when it was true."""

    field: str
    value: str
    origin: Origin
    updated_at: datetime | None = None


# the fields of a Place that are plain text, beside its name
TEXTS: Final = (
    "reading",
    "hours",
    "capacity",
    "available",
    "bring",
    "cost",
    "floor",
    "address",
    "approximate",
    "phone",
    "accessibility",
    "pets",
    "event",
    "note",
    "url",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """What is known of a place that helps, wherever it lies; every text is clean and printable.

    ``names`` and ``hours_in`` are by language, ``hours_in`` where the hours are certain enough to
    be put into words. ``original`` keeps a field's text as the source wrote it where rules read
    more out of it (``給水(青：確認済)_台風19号``). ``joined`` are the other features that told of
    the same place, ``earlier`` those that told of it to the merges which wrote their files;
    ``history`` is what all these said that no longer holds.
    """

    id: str  # stable between editions: the source's own id, else made from content
    name: str
    category: str  # key of a Category
    origin: Origin
    names: Mapping[str, str] = dataclasses.field(default_factory=lambda: NOTHING)
    reading: str = ""  # kana, gives the index its order
    status: Status = Status.UNKNOWN
    confirmed: bool | None = None  # None: the source says nothing of it
    hours: str = ""
    hours_in: Mapping[str, str] = dataclasses.field(default_factory=lambda: NOTHING)
    capacity: str = ""
    available: str = ""  # what is left of the capacity
    bring: str = ""  # what to bring
    cost: str = ""
    floor: str = ""
    address: str = ""
    phone: str = ""
    accessibility: str = ""
    pets: str = ""
    event: str = ""  # the disaster that it was told for
    note: str = ""
    url: str = ""
    approximate: str = ""  # the part of a town whose middle stands for a position nobody told
    hazards: frozenset[str] = frozenset()  # keys of HAZARDS that it is designated for
    updated_at: datetime | None = None  # aware; naive times of a source are taken as local
    expires_at: datetime | None = None
    original: Mapping[str, str] = dataclasses.field(default_factory=lambda: NOTHING)
    joined: tuple[Origin, ...] = ()
    earlier: tuple[Origin, ...] = ()
    history: tuple[Said, ...] = ()

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Every feature that told of it, the one that is printed first."""
        return (self.origin, *self.joined)

    def label(self, language: str) -> str:
        """Name to print in ``language``."""
        return self.names.get(language) or self.name

    def opening(self, language: str) -> str:
        """Hours to print in ``language``."""
        return self.hours_in.get(language) or self.hours


@dataclass(frozen=True, slots=True, kw_only=True)
class SupportPoint(Place):
    """A place that helps, checked; ``lon`` and ``lat`` are WGS 84 degrees."""

    lon: float
    lat: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Unplaced(Place):
    """A place whose position nobody told, or one that cannot be true: listed without a mark.

    ``reason`` is the code of the problem that tells why.
    """

    reason: str


@dataclass(frozen=True, slots=True)
class MapFeature:
    """A line or area that came with the points: a road, a flooded area; WGS 84 geometry."""

    id: str
    name: str
    category: str
    kind: Kind
    geometry: BaseGeometry
    origin: Origin
    names: Mapping[str, str] = dataclasses.field(default_factory=lambda: NOTHING)
    note: str = ""
    updated_at: datetime | None = None
    joined: tuple[Origin, ...] = ()
    earlier: tuple[Origin, ...] = ()  # as in a Place

    @property
    def origins(self) -> tuple[Origin, ...]:
        """Every feature that told of it, the one that is drawn first."""
        return (self.origin, *self.joined)


class Why(StrEnum):
    """Why features were taken for one place; always of one category and floor, and near."""

    SAME_NAME = "same name"
    LIKE_NAME = "like names"  # a slip of the pen explains what differs
    LONGER_NAME = "longer name, same address"
    ADDRESS = "same name and address"  # where a position is missing
    DECIDED = "decided"  # by a person, in the decisions file


@dataclass(frozen=True, slots=True)
class Teller:
    """One feature that told of a place which others told of too, as its source had it.

    ``distance`` is in m from the position that is printed, None where one has no position;
    ``likeness`` of their names is 0 to 1.
    """

    id: str
    name: str
    origin: Origin
    why: Why
    distance: float | None = None
    likeness: float = 1.0


@dataclass(frozen=True, slots=True)
class Join:
    """One place that several features told of: what it is called, and who told of it and why."""

    id: str
    name: str
    category: str
    origin: Origin  # of the feature whose position and state are printed
    tellers: tuple[Teller, ...]  # in the order of sources; the first one gives the id


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What became of one source, counted in features.

    in = points + lines + areas + unplaced + skipped.
    """

    path: str
    sha256: str
    format: str
    features_in: int
    points: int
    lines: int
    areas: int
    skipped: int
    title: str = ""
    attribution: str = ""
    newest: datetime | None = None
    unplaced: int = 0  # listed on paper without a position
    joined: int = 0  # of those on paper, printed through another feature's place


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking leaves: everything that can be printed, and everything that was wrong."""

    points: tuple[SupportPoint, ...]
    lines: tuple[MapFeature, ...]
    areas: tuple[MapFeature, ...]
    problems: tuple[Problem, ...]
    sources: tuple[SourceReport, ...]
    categories: Mapping[str, Category]  # every category used, unknown ones among them
    unplaced: tuple[Unplaced, ...] = ()  # places for the list of those without a position
    joins: tuple[Join, ...] = ()  # what was joined and why
    overlays: tuple[MapFeature, ...] = ()  # from files of their own; no reason for more sheets

    @property
    def drawn(self) -> tuple[MapFeature, ...]:
        """All lines and areas on the map, overlays beneath those that came with the points."""
        return (*self.overlays, *self.areas, *self.lines)
