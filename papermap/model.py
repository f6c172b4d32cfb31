"""The words of the domain, all immutable: support points, categories, lines and areas, problems."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

NOTHING: Mapping[str, str] = MappingProxyType({})


class Status(StrEnum):
    """Whether a support point can be used now."""

    OPEN = "open"
    CLOSED = "closed"
    FULL = "full"
    UNKNOWN = "unknown"


class Severity(StrEnum):
    """An error keeps a feature off the paper; a warning does not."""

    ERROR = "error"
    WARNING = "warning"


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


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong with one feature or source; its words come from the locale by ``code``.

    ``params`` fill the message of the code. ``skipped`` says that the feature (or, with
    ``part``, that part of it) is not on paper because of this.
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

    def name(self, language: str) -> str:
        """Name in ``language``, else in Japanese, English or as the source wrote it."""
        for key in (language, "ja", "en"):
            if key in self.names:
                return self.names[key]
        return self.key


@dataclass(frozen=True, slots=True)
class SupportPoint:
    """A place that helps, checked; ``lon`` and ``lat`` are WGS 84 degrees."""

    id: str  # stable between editions: the source's own id, else made from content
    name: str
    category: str  # key of a Category
    lon: float
    lat: float
    origin: Origin
    names: Mapping[str, str] = dataclasses.field(default_factory=lambda: NOTHING)  # by language
    reading: str = ""  # kana, gives the index its order
    status: Status = Status.UNKNOWN
    confirmed: bool | None = None  # None: the source says nothing of it
    hours: str = ""
    capacity: str = ""
    address: str = ""
    phone: str = ""
    accessibility: str = ""
    note: str = ""
    url: str = ""
    updated_at: datetime | None = None  # aware; naive times of a source are taken as local
    expires_at: datetime | None = None

    def label(self, language: str) -> str:
        """Name to print in ``language``."""
        return self.names.get(language) or self.name


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


@dataclass(frozen=True, slots=True)
class SourceReport:
    """What became of one source, counted in features: in = points + lines + areas + skipped."""

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


@dataclass(frozen=True, slots=True)
class Checked:
    """What checking leaves: everything that can be printed, and everything that was wrong."""

    points: tuple[SupportPoint, ...]
    lines: tuple[MapFeature, ...]
    areas: tuple[MapFeature, ...]
    problems: tuple[Problem, ...]
    sources: tuple[SourceReport, ...]
    categories: Mapping[str, Category]  # every category used, unknown ones among them
