"""Sources that are whole projects: a map config names its sources, area, title and categories."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from papermap.checks.fields import load_fields
from papermap.job import Job
from papermap.model import NOTHING, CategoryName, Checked, Problem
from papermap.readers import kml, kmz, umap
from papermap.readers.mapprint import read_map_config

_TITLED: Final = frozenset({kml.NAME, kmz.NAME, umap.NAME})  # whose title is a person's words
_FILES: Final = (".kml", ".kmz", ".umap")  # in other programs' titles: the name of a file


@dataclass(frozen=True, slots=True)
class Project:
    """What the named sources come to; titles and area are empty where no config gives them."""

    sources: tuple[str, ...]
    title: str = ""
    title_en: str = ""
    area: str = ""  # W,S,E,N in degrees
    categories: tuple[CategoryName, ...] = ()
    problems: tuple[Problem, ...] = ()


def open_project(sources: Sequence[str], local: Mapping[str, str] = NOTHING) -> Project:
    """The sources, map configs among them replaced by the local files that stand in for theirs.

    Several configs with areas of their own have none together: everything is wanted.

    Raises
    ------
    SourceError
        When a config cannot be read, or nothing that it names is here.
    """
    found: list[str] = []
    configs = []
    for source in sources:
        config = read_map_config(source, local)
        if config is not None:
            configs.append(config)
        found += [source] if config is None else config.sources
    areas = [config.area for config in configs]
    first = configs[0] if configs else None
    return Project(
        sources=tuple(dict.fromkeys(found)) if configs else tuple(found),
        title=first.title if first else "",
        title_en=first.title_en if first else "",
        area=areas[0] if len(areas) == 1 and len(sources) == 1 else "",
        categories=tuple(name for config in configs for name in config.categories),
        problems=tuple(problem for config in configs for problem in config.problems),
    )


def source_title(checked: Checked) -> str:
    """Title that people gave to the map which is the only source; empty: there is none."""
    if len(checked.sources) != 1:
        return ""
    (source,) = checked.sources
    title = " ".join(source.title.split())
    nothing = load_fields().no_name.fullmatch(title) or title.lower().endswith(_FILES)
    return "" if nothing or source.format not in _TITLED else title


def with_project(job: Job) -> Job:
    """The job, with title and area of its map config where it names none itself."""
    project = open_project(job.sources, job.local)
    titled = job.title or job.title_en
    return replace(
        job,
        title=job.title if titled else project.title,
        title_en=job.title_en if titled else project.title_en,
        area=job.area or project.area or None,
    )
