"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

Command = Callable[..., Any]

LANGUAGE = "papermap.language"  # in the context: of all that is told but reports


def _remember(context: click.Context, option: click.Parameter, value: str | None) -> str | None:
    """Errors speak the language that was asked for."""
    asked = context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
    if asked and value:
        context.meta[LANGUAGE] = value.partition(",")[0].strip().lower()
    return value


sources = click.argument("sources", nargs=-1, metavar="SOURCE...")
language = click.option(
    "--lang",
    type=click.Choice(["ja", "en"]),
    default="ja",
    show_default=True,
    callback=_remember,
    help="Language of what is told.",
)
languages = click.option(
    "--lang", metavar="LANGS", callback=_remember, help="ja, en or ja,en: the main one first."
)
as_of = click.option(
    "--as-of", metavar="TIME", help="Time for which it speaks: 2026-09-14T16:00, or now."
)
basemap = click.option(
    "--basemap",
    multiple=True,
    metavar="SOURCE",
    help="Base map: a vector or raster file, a folder of tiles, a pack, a tile server by name "
    "(gsi-pale, gsi-std …) or by its address. Several lie over one another.",
)
overlay = click.option(
    "--overlay",
    multiple=True,
    metavar="FILE",
    help="Areas or lines over the map: flooded areas, closed roads … What it shows is told by its "
    "name, or as flooded=FILE (landslide, tsunami, outage, road_closed, road_passable …).",
)
offline = click.option(
    "--offline", is_flag=True, default=None, help="Never use the network: tiles from the cache."
)
tile_cache = click.option(
    "--tile-cache", metavar="FOLDER", help="Where fetched tiles are kept, and found again."
)
tile_timeout = click.option(
    "--tile-timeout", type=float, help="Seconds a tile server may be silent.  [default: 20]"
)
tile_limit = click.option(
    "--tile-limit", type=int, help="Tiles that may be asked of one server.  [default: 5000]"
)
area = click.option("--area", metavar="AREA", help="W,S,E,N in degrees, or a file with a polygon.")
decisions = click.option(
    "--decisions", metavar="FILE", help="What is one place and what never is, in TOML."
)
keep_all = click.option(
    "--keep-all", is_flag=True, default=None, help="Join nothing: what is told twice stays twice."
)
geocode = click.option(
    "--geocode",
    metavar="FILE",
    help="Table of addresses (CSV, or areas with names) by which places that have only an address "
    "get an approximate position. Nothing is sent anywhere.",
)
project = click.option(
    "--project",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Project file.  [default: papermap.toml, where there is one]",
)
columns = click.option(
    "--columns",
    "column_file",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="TOML file that says how the columns of tables are called ([columns] name = …).",
)
_READ_AS = "Read the sources as this form of data: geojson, csv, xlsx, kml …"
read_as = click.option("--read-as", "--format", "read_as", metavar="KEY", help=_READ_AS)
# where --format is the form of what comes out
read_as_only = click.option("--read-as", metavar="KEY", help=_READ_AS)
quiet = click.option("-q", "--quiet", is_flag=True, help="Say nothing but errors.")
verbose = click.option("-v", "--verbose", is_flag=True, help="Tell every problem and step.")
