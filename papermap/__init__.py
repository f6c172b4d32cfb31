"""Offline-printable disaster maps: support points in, numbered paper sheets out.

>>> import papermap
>>> report = papermap.build(papermap.make_job({"sources": ["points.geojson"]}))

The names below are the whole public API; they do the same job as the command line.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from papermap.atlas import Report, build, check, plan
    from papermap.errors import PapermapError
    from papermap.grid import Plan, Sheet
    from papermap.job import Job, make_job
    from papermap.model import Category, Checked, MapFeature, Problem, SupportPoint

__all__ = [
    "Category",
    "Checked",
    "Job",
    "MapFeature",
    "PapermapError",
    "Plan",
    "Problem",
    "Report",
    "Sheet",
    "SupportPoint",
    "build",
    "check",
    "make_job",
    "plan",
]

_HOMES = {
    "atlas": ("Report", "build", "check", "plan"),
    "errors": ("PapermapError",),
    "grid": ("Plan", "Sheet"),
    "job": ("Job", "make_job"),
    "model": ("Category", "Checked", "MapFeature", "Problem", "SupportPoint"),
}


def __getattr__(name: str) -> Any:
    # the libraries behind these take seconds to load: only who asks pays
    for module, names in _HOMES.items():
        if name in names:
            return getattr(importlib.import_module(f"papermap.{module}"), name)
    raise AttributeError(f"module “papermap” has no attribute “{name}”")


def __dir__() -> list[str]:
    return sorted(__all__)
