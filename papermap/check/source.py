"""First version: points with a name and a category."""

from __future__ import annotations

from datetime import datetime

from papermap.model import Category, Checked, Origin, Problem, Severity, SourceReport, SupportPoint
from papermap.readers.base import RawSource
from papermap.vocabulary import Vocabulary


def check_source(
    raw: RawSource, vocabulary: Vocabulary, *, as_of: datetime | None = None
) -> Checked:
    """Checked points of one source."""
    del as_of
    points: list[SupportPoint] = []
    problems: list[Problem] = list(raw.problems)
    categories: dict[str, Category] = {}
    for feature in raw.features:
        geometry = feature.geometry
        try:
            lon, lat = (float(value) for value in geometry["coordinates"][:2])  # type: ignore[index]
        except (TypeError, ValueError, KeyError):
            problems.append(
                Problem("PM010", Severity.ERROR, raw.path, feature.number, skipped=True)
            )
            continue
        text = str(feature.properties.get("category") or "未分類")
        category = vocabulary.category(text)
        categories[category.key] = category
        points.append(
            SupportPoint(
                id=feature.id or str(feature.number),
                name=str(feature.properties.get("name") or category.name("ja")),
                category=category.key,
                lon=lon,
                lat=lat,
                origin=Origin(raw.path, feature.number),
                address=str(feature.properties.get("address") or ""),
            )
        )
    report = SourceReport(
        raw.path,
        raw.sha256,
        raw.format,
        len(raw.features),
        len(points),
        0,
        0,
        len(raw.features) - len(points),
    )
    return Checked(tuple(points), (), (), tuple(problems), (report,), categories)
