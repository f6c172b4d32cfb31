"""One build as asked for: options of the command line and of ``papermap.toml`` → a checked Job."""

from papermap.job.make import make_job
from papermap.job.model import Job
from papermap.job.project import PROJECT_FILE, read_project, template
from papermap.job.values import parse_as_of, parse_languages, parse_scale, parse_sheets

__all__ = [
    "PROJECT_FILE",
    "Job",
    "make_job",
    "parse_as_of",
    "parse_languages",
    "parse_scale",
    "parse_sheets",
    "read_project",
    "template",
]
