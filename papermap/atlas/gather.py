"""Sources → one checked set, in which each place stands once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from shapely.geometry.base import BaseGeometry

from papermap.atlas.overlaid import hazard_name, overlaid
from papermap.atlas.project import open_project
from papermap.checks import check_source
from papermap.checks.danger import refuges_in_danger
from papermap.checks.gazetteer import make_gazetteer
from papermap.errors import UsageError
from papermap.headers import Reading
from papermap.merge import Decisions, combine, join, keep_designated, keep_inside
from papermap.model import NOTHING, CategoryName, Checked
from papermap.overlays import OverlaySpec
from papermap.processes import uncollected
from papermap.readers import read
from papermap.readers.area import read_area
from papermap.vocabulary import load_vocabulary, told_apart


@uncollected()
def check(
    sources: Sequence[str],
    *,
    as_of: datetime | None = None,
    stale_after: timedelta = timedelta(hours=24),
    area: BaseGeometry | None = None,
    keep_all: bool = False,
    decisions: Decisions | None = None,
    geocode: str | None = None,
    reading: Reading | None = None,
    local: Mapping[str, str] = NOTHING,
    categories: Sequence[CategoryName] = (),
    overlays: Sequence[OverlaySpec] = (),
    hazard_only: str = "",
) -> Checked:
    """Read and check sources, join what tells of one place, and tell every problem.

    Parameters
    ----------
    sources
        Paths of files; ``-`` is standard input. Their order does not matter. A mapprint map config
        stands for its own sources, area and names of categories.
    as_of
        Time against which information is old; None: none is told as old.
    stale_after
        Age at which it is old.
    area
        WGS 84 geometry; what lies in it is never judged to be too far from the rest, and what
        lies outside is told and left out.
    keep_all
        Join nothing, and only tell what would be joined.
    decisions
        What a person decided to join or to keep apart; see :func:`papermap.merge.read_decisions`.
    geocode
        Path of a table of addresses, by which places without a position get an approximate one.
    reading
        What is said of the columns of tables, by source; None: nothing.
    local
        Files that stand in for sources of a map config, by their id or address.
    categories
        How columns or folders of these texts are called.
    overlays
        Files of areas and lines; refuges inside areas of danger are told.
    hazard_only
        Key of a hazard: refuges designated for others only are told and left out.

    Raises
    ------
    SourceError
        When a source cannot be read at all.
    UsageError
        When standard input is named twice, or two decisions contradict one another.
    """
    if list(sources).count("-") > 1:
        raise UsageError("Standard input (“-”) can be read only once.", "Name it once.")
    said, project = reading or Reading(), open_project(sources, local)
    vocabulary = load_vocabulary().with_names((*project.categories, *categories))
    gazetteer = make_gazetteer(read(geocode)) if geocode else None
    if area is None and project.area:
        area = read_area(project.area)
    parts = [
        check_source(
            read(path, headers=said.of(path)),
            vocabulary,
            as_of=as_of,
            stale_after=stale_after,
            gazetteer=gazetteer,
            near=_middle(area),
        )
        for path in project.sources
    ]
    together = combine(parts, area=area)
    inside = together if area is None else keep_inside(together, area)
    checked = join(inside, decisions=decisions or Decisions(), keep_all=keep_all)
    if hazard_only:
        checked = keep_designated(checked, hazard_only, hazard_name(hazard_only))
    checked = overlaid(checked, overlays, area)
    return replace(
        checked,
        categories=told_apart(checked.categories),
        problems=(*project.problems, *checked.problems, *refuges_in_danger(checked)),
    )


def _middle(area: BaseGeometry | None) -> tuple[float, float] | None:
    if area is None:
        return None
    middle = area.representative_point()
    return middle.x, middle.y
