"""Several checked sources → one: ids made unique, far places left off, duplicates told."""

from papermap.merge.combine import combine, keep_inside

__all__ = ["combine", "keep_inside"]
