"""One raw source → checked points, lines and areas, and every problem at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, tzinfo
from typing import Any, Final

from papermap.checks.aggregate import aggregated
from papermap.checks.categorise import Categories
from papermap.checks.codes import problem
from papermap.checks.facts import Doubt, Facts, newest_told, read_facts
from papermap.checks.fields import Fields, load_fields
from papermap.checks.gazetteer import Gazetteer, place_by_address
from papermap.checks.geometry import Part
from papermap.checks.identity import Ids, content_id
from papermap.checks.places import Located, find_places
from papermap.checks.provenance import as_original, read_provenance
from papermap.checks.settle import as_category, explained
from papermap.checks.tally import tallied
from papermap.checks.text import clean, cut, shortened
from papermap.checks.times import ASSUMED, zone_of
from papermap.checks.zones import zone_of_source
from papermap.model import (
    TEXTS,
    Category,
    Checked,
    Kind,
    MapFeature,
    Origin,
    Problem,
    SourceReport,
    SupportPoint,
    Unplaced,
)
from papermap.readers.base import RawFeature, RawSource
from papermap.vocabulary import Vocabulary

STALE_AFTER: Final = timedelta(hours=24)
_CLOCKS: Final = timedelta(hours=1)  # by which honest clocks differ


def check_source(
    raw: RawSource,
    vocabulary: Vocabulary,
    *,
    as_of: datetime | None = None,
    stale_after: timedelta = STALE_AFTER,
    gazetteer: Gazetteer | None = None,
    near: tuple[float, float] | None = None,
) -> Checked:
    """Everything in one source that can be printed, and everything that is wrong with it.

    Parameters
    ----------
    raw
        What a reader gave, in its own coordinate system.
    vocabulary
        The categories by which words are understood.
    as_of
        The time for which the atlas speaks: gives times without a year theirs, and tells which
        information is old. None: no information is called old, and the newest whole time in the
        source gives the others their year.
    stale_after
        Age before ``as_of`` from which information is told as old.
    gazetteer
        Addresses by which features without a position get an approximate one; None: none do.
    near
        Longitude and latitude about which the atlas is made; None: not known.

    Returns
    -------
    Checked
        One source; its counts are in features: in = points + lines + areas + unplaced + skipped.
        A feature without a position that can be believed is unplaced when it has a name or an
        address, else skipped; either has a problem that says so. Times without an offset are
        taken as the clocks of the place show them; see :mod:`papermap.checks.zones`.
    """
    fields = load_fields().meaning(raw.columns)
    return _Check(
        raw,
        fields,
        Categories(raw, vocabulary, fields),
        as_of=as_of,
        stale_after=stale_after,
        gazetteer=gazetteer,
        near=near,
    ).run()


@dataclass(slots=True)
class _Check:
    """The state of one check; thrown away with it."""

    raw: RawSource
    fields: Fields
    categories: Categories
    as_of: datetime | None
    stale_after: timedelta
    gazetteer: Gazetteer | None
    near: tuple[float, float] | None
    points: list[SupportPoint] = field(default_factory=list)
    lines: list[MapFeature] = field(default_factory=list)
    areas: list[MapFeature] = field(default_factory=list)
    unplaced: list[Unplaced] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    ids: Ids = field(default_factory=Ids)
    several: bool = False  # layers: rows are told with theirs
    zone: tzinfo = ASSUMED  # of places without a position
    reference: datetime | None = None  # gives times without a year theirs

    def run(self) -> Checked:
        raw = self.raw
        self.several = len({feature.layer for feature in raw.features}) > 1
        self.reference = self.as_of or newest_told(raw.features, self.fields)
        self.problems.extend(raw.problems)
        if not raw.features:
            self.problems.append(problem("PM005", raw.path))
        located, told = find_places(raw)
        self.problems.extend(told)
        self.zone = zone_of_source(located, self.fields, gazetteer=self.gazetteer, near=self.near)
        for found in located:
            self._feature(found)
        return Checked(
            points=tuple(self.points),
            lines=tuple(self.lines),
            areas=tuple(self.areas),
            problems=aggregated(self.problems),
            sources=(tallied(self._report(), self.points, self.lines, self.areas, self.unplaced),),
            categories=self.categories.used,
            unplaced=tuple(self.unplaced),
        )

    def _report(self) -> SourceReport:
        raw = self.raw
        return SourceReport(
            path=raw.path,
            sha256=raw.sha256,
            format=raw.format,
            features_in=len(raw.features),
            points=0,
            lines=0,
            areas=0,
            skipped=0,
            title=clean(raw.title, lines=False).text,
            attribution=clean(raw.attribution, lines=False).text,
        )

    def _feature(self, found: Located) -> None:
        feature, parts, told = found.feature, found.parts, found.told
        place = parts[0][1] if parts else None
        zone = zone_of(place.lon, place.lat) if place else self.zone
        facts = read_facts(feature.properties, self.fields, zone, self.reference, feature.layer)
        _clock(facts)
        if not parts:
            by_address = place_by_address(found, facts.texts.get("address", ""), self.gazetteer)
            if by_address.parts:
                self._feature(by_address)
            else:
                self._without_place(by_address, facts)
            return
        if found.approximate:
            facts.texts["approximate"] = found.approximate
        category, stated = self.categories.find(feature, facts)
        name = facts.texts.get("name", "")
        drawn = [(number, as_category(part, category, stated=stated)) for number, part in parts]
        asked = any(part.kind is Kind.POINT for _, part in drawn)
        name = name or self._other_name(facts, category, told=asked)
        if asked or category.known:
            self._age(facts, category)
        base = self._identity(feature, facts, content_id(category.key, name, *_at(drawn[0][1])))
        for number, part in drawn:
            origin = Origin(self.raw.path, feature.number, number, feature.row)
            identity = f"{base}/{number}" if number else base
            self._keep(
                feature, part, facts, identity=identity, name=name, category=category, origin=origin
            )
        where = {number: _at(part) for number, part in drawn}
        for number, doubt in (*told, *((0, doubt) for doubt in facts.doubts)):
            at = where.get(number, _at(drawn[0][1]))
            self._tell(feature, name, doubt, part=number, at=at)

    def _without_place(self, found: Located, facts: Facts) -> None:
        """Where nobody can say where it lies, what it says is listed; with no name it is lost."""
        feature = found.feature
        told = [(number, explained(doubt, feature.properties)) for number, doubt in found.told]
        name = facts.texts.get("name", "") or self._any_name(facts)
        if name:
            category, _ = self.categories.find(feature, facts)
            name = facts.texts.get("name", "") or name
            made = content_id(category.key, f"{name}\0{facts.texts.get('address', '')}", 0, 0)
            self.unplaced.append(
                Unplaced(
                    id=self._identity(feature, facts, made),
                    name=name,
                    category=category.key,
                    origin=Origin(self.raw.path, feature.number, row=feature.row),
                    reason=told[0][1].code,
                    **_said(feature, facts),
                )
            )
        for number, doubt in told:
            self._tell(feature, name, doubt, part=number, skipped=not name, unplaced=bool(name))
        for doubt in facts.doubts if name else ():
            if doubt.code == "PM048":  # its time is on paper too
                self._tell(feature, name, doubt)

    def _tell(
        self,
        feature: RawFeature,
        name: str,
        doubt: Doubt,
        *,
        part: int = 0,
        skipped: bool = False,
        unplaced: bool = False,
        at: tuple[float, float] | None = None,
    ) -> None:
        self.problems.append(
            problem(
                doubt.code,
                self.raw.path,
                feature=feature.number,
                name=shortened(name) or None,
                field=doubt.field,
                value=doubt.value,
                params={**doubt.params, "part": str(part)} if part else doubt.params,
                skipped=skipped,
                unplaced=unplaced,
                row=feature.row,
                layer=shortened(feature.layer) if self.several and feature.row else "",
                at=at,
            )
        )

    def _age(self, facts: Facts, category: Category) -> None:
        """Information that is old, from the future or without a time; what stands is not asked."""
        moment, until = facts.updated_at, facts.expires_at
        if until is not None and self.as_of is not None and until <= self.as_of:
            facts.doubt("PM088", "expires_at", until.isoformat())
        if moment is None:
            if not category.standing and not any(d.code == "PM036" for d in facts.doubts):
                facts.doubt("PM034", "updated_at")
        elif self.as_of is None:
            return
        elif moment > self.as_of + _CLOCKS:
            facts.doubt("PM045", "updated_at", moment.isoformat())
        elif self.as_of - moment > self.stale_after and not category.standing:
            hours = int(self.stale_after.total_seconds() // 3600)
            facts.doubt("PM035", "updated_at", moment.isoformat(), hours=str(hours))

    def _any_name(self, facts: Facts) -> str:
        others = (*facts.names.values(), facts.texts.get("address", ""))
        return cut(next(filter(None, others), ""), self.fields.limits["name"])

    def _other_name(self, facts: Facts, category: Category, *, told: bool) -> str:
        """The name in another language, the address, or the category's name; told for points."""
        name = self._any_name(facts) or cut(category.name("ja"), self.fields.limits["name"])
        if told:
            facts.doubt("PM030", "name", used=shortened(name))
        return name

    def _identity(self, feature: RawFeature, facts: Facts, made: str) -> str:
        own = clean(feature.id or facts.texts.get("id", ""), lines=False).text
        identity = self.ids.give(own, made)
        if own and not own.startswith(identity):
            facts.doubt("PM044", "id", own)
        return identity

    def _keep(
        self,
        feature: RawFeature,
        part: Part,
        facts: Facts,
        *,
        identity: str,
        name: str,
        category: Category,
        origin: Origin,
    ) -> None:
        if part.geometry is None:
            self.points.append(
                SupportPoint(
                    id=identity,
                    name=name,
                    category=category.key,
                    lon=part.lon,
                    lat=part.lat,
                    origin=origin,
                    **_said(feature, facts),
                )
            )
            return
        drawn = self.lines if part.kind is Kind.LINE else self.areas
        drawn.append(
            MapFeature(
                id=identity,
                name=name,
                category=category.key,
                kind=part.kind,
                geometry=part.geometry,
                origin=origin,
                names=facts.names,
                note=facts.texts.get("note", ""),
                updated_at=facts.updated_at,
                earlier=read_provenance(feature.properties).earlier,
            )
        )


def _said(feature: RawFeature, facts: Facts) -> dict[str, Any]:
    """The fields of a place that its facts fill, and what an earlier merge knew of it."""
    known = read_provenance(feature.properties)
    return {
        "names": facts.names,
        "hours_in": facts.hours_in,
        "original": {**known.original, **as_original(facts.original)},
        "earlier": known.earlier,
        "history": known.history,
        "status": facts.status,
        "confirmed": facts.confirmed,
        "updated_at": facts.updated_at,
        "expires_at": facts.expires_at,
        "hazards": frozenset(facts.hazards),
        **{key: facts.texts.get(key, "") for key in TEXTS},
    }


def _clock(facts: Facts) -> None:
    """Times that tell no offset, of which nobody knows whose clock it was."""
    for name, moment in (("updated_at", facts.updated_at), ("expires_at", facts.expires_at)):
        if moment is not None and moment.tzinfo is ASSUMED:
            facts.doubt("PM048", name, f"{moment:%Y-%m-%d %H:%M}")


def _at(part: Part) -> tuple[float, float]:
    return part.lon, part.lat
