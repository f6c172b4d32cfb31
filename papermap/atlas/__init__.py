"""``build(job) -> Report``, ``plan``, ``check``: the only place that knows every stage."""

from papermap.atlas.gather import check
from papermap.atlas.wiring import Report, build, plan

__all__ = ["Report", "build", "check", "plan"]
