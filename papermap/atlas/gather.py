"""Sources → one checked set, in which each place stands once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from shapely.geometry.base import BaseGeometry

from papermap.checks import check_source
from papermap.checks.danger import refuges_in_danger
from papermap.checks.gazetteer import make_gazetteer
from papermap.errors import UsageError
from papermap.headers import Reading
from papermap.merge import Decisions, combine, join, keep_inside
from papermap.model import Checked
from papermap.readers import read
from papermap.vocabulary import load_vocabulary


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
) -> Checked:
    """Read and check sources, join what tells of one place, and tell every problem.

    Parameters
    ----------
    sources
        Paths of files; ``-`` is standard input. Their order does not matter.
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

    Raises
    ------
    SourceError
        When a source cannot be read at all.
    UsageError
        When standard input is named twice, or two decisions contradict one another.
    """
    if list(sources).count("-") > 1:
        raise UsageError("Standard input (“-”) can be read only once.", "Name it once.")
    vocabulary, said = load_vocabulary(), reading or Reading()
    gazetteer = make_gazetteer(read(geocode)) if geocode else None
    parts = [
        check_source(
            read(path, headers=said.of(path)),
            vocabulary,
            as_of=as_of,
            stale_after=stale_after,
            gazetteer=gazetteer,
        )
        for path in sources
    ]
    together = combine(parts, area=area)
    inside = together if area is None else keep_inside(together, area)
    checked = join(inside, decisions=decisions or Decisions(), keep_all=keep_all)
    return replace(checked, problems=(*checked.problems, *refuges_in_danger(checked)))
