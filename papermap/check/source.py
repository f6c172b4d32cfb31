"""One raw source → checked points, lines and areas, and every problem at once."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from papermap.check.aggregate import aggregated
from papermap.check.codes import problem
from papermap.check.facts import Doubt, Facts, read_facts
from papermap.check.fields import Fields, load_fields
from papermap.check.geometry import Frame, Part, Shapes, read_shapes, told_place
from papermap.check.shifted import shifted_columns
from papermap.check.tally import tallied
from papermap.check.text import clean, fold, shortened
from papermap.check.times import zone_of
from papermap.model import (
    Category,
    Checked,
    Kind,
    MapFeature,
    Origin,
    Problem,
    SourceReport,
    SupportPoint,
)
from papermap.readers.base import RawFeature, RawSource
from papermap.vocabulary import Vocabulary

STALE_AFTER: Final = timedelta(hours=24)
NO_CATEGORY: Final = "未分類"
_NEAR: Final = 0.1  # degrees: the side of a cell; near is the same or a touching one
_UNSET: Final = object()


def check_source(
    raw: RawSource,
    vocabulary: Vocabulary,
    *,
    as_of: datetime | None = None,
    stale_after: timedelta = STALE_AFTER,
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
        information is old. None: no information is called old.
    stale_after
        Age before ``as_of`` from which information is told as old.

    Returns
    -------
    Checked
        One source; its counts are in features: in = points + lines + areas + skipped, and each
        skipped feature has a problem with ``skipped`` set.
    """
    return _Check(raw, vocabulary, as_of, stale_after).run()


@dataclass(slots=True)
class _Check:
    """The state of one check; thrown away with it."""

    raw: RawSource
    vocabulary: Vocabulary
    as_of: datetime | None
    stale_after: timedelta
    fields: Fields = field(default_factory=load_fields)
    points: list[SupportPoint] = field(default_factory=list)
    lines: list[MapFeature] = field(default_factory=list)
    areas: list[MapFeature] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    categories: dict[str, Category] = field(default_factory=dict)
    found: dict[str, Category] = field(default_factory=dict)  # category of each text met
    ids: dict[str, int] = field(default_factory=dict)
    cells: set[tuple[int, int]] = field(default_factory=set)  # where points stand
    of_file: str | None = None

    def run(self) -> Checked:
        raw = self.raw
        self.problems.extend(raw.problems)
        if not raw.features:
            self.problems.append(problem("PM005", raw.path))
        broken = {told.feature for told in raw.problems if told.skipped}
        frame = self._frame()
        features = [feature for feature in raw.features if feature.number not in broken]
        shapes = [read_shapes(feature.geometry, frame) for feature in features]
        self.cells = {
            _cell(part.lon, part.lat)
            for shape in shapes
            for _, part in shape.parts
            if not part.swapped
        }
        self.of_file = self._category_of_file()
        for feature, shape in zip(features, shapes, strict=True):
            self._feature(feature, shape)
        report = SourceReport(
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
        return Checked(
            points=tuple(self.points),
            lines=tuple(self.lines),
            areas=tuple(self.areas),
            problems=aggregated(self.problems),
            sources=(tallied(report, self.points, self.lines, self.areas),),
            categories=self.categories,
        )

    # -- the whole source ----------------------------------------------------------------------

    def _frame(self) -> Frame:
        """Coordinate system of the source; metres that are plainly degrees are told."""
        if self.raw.crs == "EPSG:4326":
            return Frame()
        import pyproj  # noqa: PLC0415 - slow, and most sources are WGS 84

        crs = pyproj.CRS.from_user_input(self.raw.crs)
        transformer = pyproj.Transformer.from_crs(crs, 4326, always_xy=True)
        if crs.is_geographic:
            return Frame(degrees=True, project=transformer.transform)
        plain = [read_shapes(feature.geometry, Frame()) for feature in self.raw.features[:200]]
        if any(shape.parts for shape in plain) and not any(
            doubt.code in ("PM014", "PM022") for shape in plain for _, doubt in shape.doubts
        ):
            self.problems.append(problem("PM006", self.raw.path, field="crs", value=self.raw.crs))
            return Frame()
        return Frame(degrees=False, project=transformer.transform)

    def _category_of_file(self) -> str | None:
        """Category that the file's name means, for sources in which no feature has one."""
        stem = os.path.splitext(os.path.basename(self.raw.path))[0]  # noqa: PTH119, PTH122
        if self.raw.path == "-" or not self.vocabulary.find(stem):
            return None
        for feature in self.raw.features:
            if feature.layer:
                return None
            columns = feature.properties
            if any(self.fields.role(str(key)).field == "category" and columns[key] for key in columns):
                return None
        return stem

    # -- one feature ---------------------------------------------------------------------------

    def _feature(self, feature: RawFeature, shapes: Shapes) -> None:
        told: list[tuple[int, Doubt]] = list(shapes.doubts)
        parts = list(self._settled(shapes, told))
        place = parts[0][1] if parts else None
        zone = zone_of(place.lon, place.lat) if place else zone_of(0, 0)
        facts = read_facts(feature.properties, self.fields, zone, self.as_of)
        name = self._name(facts)
        if not parts:
            self._skipped(feature, facts, name, told)
            return
        category, stated = self._category(feature, facts)
        drawn = [(number, _as_point(part, category, stated)) for number, part in parts]
        pointlike = any(part.kind is Kind.POINT for _, part in drawn)
        if not name:
            name = self._other_name(facts, category, pointlike)
        self._times(facts, category, pointlike)
        base = self._identity(feature, facts, category, name, drawn[0][1])
        for number, part in drawn:
            self._keep(part, f"{base}/{number}" if number else base, name, category, facts,
                       Origin(self.raw.path, feature.number, number))
        told.extend((0, doubt) for doubt in facts.doubts)
        for number, doubt in told:
            self._tell(feature, name, doubt, part=number)

    def _settled(self, shapes: Shapes, told: list[tuple[int, Doubt]]) -> Iterator[tuple[int, Part]]:
        """Parts whose place is believed: swapped ones near the others, none at (0, 0)."""
        for number, part in shapes.parts:
            place = told_place(part.lon, part.lat)
            given = told_place(part.lat, part.lon)
            if part.swapped and not self._near(part):
                told.append((number, Doubt("PM022", "geometry", given, {"suggestion": place})))
            elif part.kind is Kind.POINT and part.lon == 0 == part.lat:
                told.append((number, Doubt("PM023", "geometry", "0, 0")))
            else:
                if part.swapped:
                    told.append((number, Doubt("PM021", "geometry", given, {"suggestion": place})))
                yield number, part

    def _near(self, part: Part) -> bool:
        x, y = _cell(part.lon, part.lat)
        return any((x + i, y + j) in self.cells for i in (-1, 0, 1) for j in (-1, 0, 1))

    def _skipped(
        self, feature: RawFeature, facts: Facts, name: str, told: list[tuple[int, Doubt]]
    ) -> None:
        """Nothing of the feature can be printed; what its columns say may still help."""
        for number, doubt in told:
            columns = shifted_columns(feature.properties) if doubt.code == "PM010" else ""
            if columns:
                doubt = replace(doubt, code="PM018", value=columns)  # noqa: PLW2901
            self._tell(feature, name, doubt, part=number, skipped=True)
        for doubt in facts.doubts:
            if doubt.code == "PM037":
                self._tell(feature, name, doubt)

    def _tell(
        self, feature: RawFeature, name: str, doubt: Doubt, *, part: int = 0, skipped: bool = False
    ) -> None:
        params = {**doubt.params, "part": str(part)} if part else dict(doubt.params)
        self.problems.append(
            problem(
                doubt.code,
                self.raw.path,
                feature=feature.number,
                name=shortened(name) or None,
                field=doubt.field,
                value=doubt.value,
                params=params,
                skipped=skipped,
            )
        )

    # -- names, categories, ids ----------------------------------------------------------------

    def _name(self, facts: Facts) -> str:
        return facts.texts.get("name", "")

    def _other_name(self, facts: Facts, category: Category, pointlike: bool) -> str:
        """The name in another language, the address, or the category's name; told for points."""
        others = [facts.names.get(key, "") for key in ("ja", "en")]
        name = next(filter(None, (*others, facts.texts.get("address", ""))), category.name("ja"))
        if pointlike:
            facts.doubt("PM030", "name", used=shortened(name))
        return name

    def _category(self, feature: RawFeature, facts: Facts) -> tuple[Category, bool]:
        """Category, and whether the source states one; what is guessed or unknown is told."""
        text = facts.texts.get("category", "") or clean(feature.layer, lines=False).text
        if not text:
            return self._unstated(feature, facts)
        category = self._lookup(text)
        if not category.known:
            facts.doubt("PM033", "category", text)
        return category, True

    def _unstated(self, feature: RawFeature, facts: Facts) -> tuple[Category, bool]:
        for key in (*self.fields.tags, *self.fields.fallback):
            value = feature.properties.get(key)
            if isinstance(value, str) and value:
                words = (f"{key}={value}", value) if key in self.fields.tags else (value,)
                for text in words:
                    found = self.vocabulary.find(text[:100])
                    if found is not None:
                        self.categories[found.key] = found
                        return found, True
        if self.of_file:
            facts.doubt("PM032", "category", self.of_file)
            return self._lookup(self.of_file), True
        facts.doubt("PM031", "category")
        return self._lookup(NO_CATEGORY), False

    def _lookup(self, text: str) -> Category:
        category = self.found.get(text)
        if category is None:
            category = self.found[text] = self.vocabulary.category(text)
        return self.categories.setdefault(category.key, category)

    def _times(self, facts: Facts, category: Category, pointlike: bool) -> None:
        moment = facts.updated_at
        if moment is None:
            asked = not category.standing and (pointlike or category.known)
            if asked and not any(doubt.code == "PM036" for doubt in facts.doubts):
                facts.doubt("PM034", "updated_at")
        elif self.as_of is not None and moment > self.as_of + timedelta(hours=1):
            facts.doubt("PM045", "updated_at", moment.isoformat())
        elif (
            self.as_of is not None
            and not category.standing
            and self.as_of - moment > self.stale_after
        ):
            hours = int(self.stale_after.total_seconds() // 3600)
            facts.doubt("PM035", "updated_at", moment.isoformat(), hours=str(hours))

    def _identity(
        self, feature: RawFeature, facts: Facts, category: Category, name: str, part: Part
    ) -> str:
        """The source's own id, else one made from content; made unique by its order."""
        own = feature.id or facts.texts.get("id", "")
        own = clean(own, lines=False).text[:80]
        made = content_id(category.key, name, part.lon, part.lat)
        base = own or made
        count = self.ids[base] = self.ids.get(base, 0) + 1
        if count == 1:
            return base
        if own:
            facts.doubt("PM044", "id", own)
            base = f"{own}-{made[:6]}"
            count = self.ids[base] = self.ids.get(base, 0) + 1
            if count == 1:
                return base
        return self._numbered(base, count)

    def _numbered(self, base: str, count: int) -> str:
        while f"{base}-{count}" in self.ids:
            count += 1
        self.ids[f"{base}-{count}"] = 1
        return f"{base}-{count}"

    def _keep(
        self, part: Part, identity: str, name: str, category: Category, facts: Facts, origin: Origin
    ) -> None:
        texts = facts.texts
        if part.geometry is not None:
            kept = MapFeature(
                id=identity,
                name=name,
                category=category.key,
                kind=part.kind,
                geometry=part.geometry,
                origin=origin,
                names=facts.names,
                note=texts.get("note", ""),
                updated_at=facts.updated_at,
            )
            (self.lines if part.kind is Kind.LINE else self.areas).append(kept)
            return
        self.points.append(
            SupportPoint(
                id=identity,
                name=name,
                category=category.key,
                lon=part.lon,
                lat=part.lat,
                origin=origin,
                names=facts.names,
                status=facts.status,
                confirmed=facts.confirmed,
                updated_at=facts.updated_at,
                expires_at=facts.expires_at,
                **{key: texts.get(key, "") for key in _TEXTS},
            )
        )


_TEXTS: Final = (
    "reading", "hours", "capacity", "address", "phone", "accessibility", "note", "url",
)


def content_id(category: str, name: str, lon: float, lat: float) -> str:
    """Twelve hex digits that stay while category, name and place (to about a metre) stay."""
    key = f"{category}\0{fold(name)}\0{lon:.5f}\0{lat:.5f}"
    return hashlib.sha256(key.encode("utf-8", "replace")).hexdigest()[:12]


def _as_point(part: Part, category: Category, stated: bool) -> Part:
    """An area of a category of points (a shelter's building) becomes a point inside it."""
    if part.kind is not Kind.AREA or not stated:
        return part
    if not category.known or category.kind is not Kind.POINT:
        return part
    return replace(part, kind=Kind.POINT, geometry=None)


def _cell(lon: float, lat: float) -> tuple[int, int]:
    return int(lon // _NEAR), int(lat // _NEAR)
