"""Several checked sources → one: ids made unique, far places left off, each place told once."""

from papermap.merge.combine import combine, keep_designated, keep_inside
from papermap.merge.decisions import Decisions, read_decisions
from papermap.merge.join import join

__all__ = [
    "Decisions",
    "combine",
    "join",
    "keep_designated",
    "keep_inside",
    "read_decisions",
]
