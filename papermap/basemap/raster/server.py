"""Tile servers by name, by xyzservices name or by URL template, and those that must not be used."""

from __future__ import annotations

import difflib
import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from papermap import resources
from papermap.basemap.raster.tiles import Tile
from papermap.errors import BasemapError, Phrase, UsageError

_PLACES: Final = ("{z}", "{x}", "{y}")
_MOST_ZOOM: Final = 19
_TEMPLATE_ZOOMS: Final = (0, _MOST_ZOOM)


@dataclass(frozen=True, slots=True)
class TileServer:
    """A server of tiles; ``name`` is how it is told of and holds no key."""

    name: str
    url: str  # with {z}, {x}, and {y} or, counted from the south, {-y}
    zooms: tuple[int, int]
    attribution: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).hostname or ""

    def address(self, tile: Tile) -> str:
        """URL of one tile."""
        south = 2**tile.z - 1 - tile.y
        values = {"{z}": tile.z, "{x}": tile.x, "{y}": tile.y, "{-y}": south}
        return re.sub(r"\{(?:z|x|-?y)\}", lambda found: str(values[found[0]]), self.url)


@functools.cache
def _tables() -> Mapping[str, Any]:
    return tomllib.loads(resources.file("styles", "data/tiles.toml").read_text("utf-8"))


def server_names() -> Mapping[str, Mapping[str, Any]]:
    """The servers that come with papermap, by name."""
    servers: Mapping[str, Mapping[str, Any]] = _tables()["servers"]
    return servers


def find_server(name: str) -> TileServer:
    """Server by a name of ``tiles.toml``, a URL template, or a name of xyzservices.

    Raises
    ------
    UsageError
        For an unknown name (with the nearest one), a template without its places, a server that
        wants a key, and one whose rules forbid printing.
    """
    if name in server_names():
        said = server_names()[name]
        first, last = said["zooms"]
        return TileServer(name, said["url"], (first, last), said["attribution"])
    _refuse(name.lower())  # a host alone is no server, but why it never will be is worth saying
    server = _by_template(name) if "://" in name or "{" in name else _by_provider(name)
    _refuse(server.host)
    return server


def _by_template(url: str) -> TileServer:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise UsageError("“{url}” is no address of tiles.", "Begin it with https://.", url=url)
    plain = url.replace("{-y}", "{y}").replace("{r}", "")
    if not all(place in plain for place in _PLACES):
        raise UsageError(
            "“{url}” has no place for zoom, column and row.",
            "Write it like https://example.org/{{z}}/{{x}}/{{y}}.png.",
            url=_without_key(url),
        )
    url = url.replace("{r}", "").replace("{s}", "a")
    return TileServer(_without_key(url), url, _TEMPLATE_ZOOMS, parts.hostname)


def _without_key(url: str) -> str:
    return url.split("?", 1)[0].rpartition("@")[2] if "@" in url else url.split("?", 1)[0]


def _by_provider(name: str) -> TileServer:
    try:
        from xyzservices import providers  # noqa: PLC0415 (an extra, slow to load)
    except ImportError:
        raise BasemapError(
            "“{name}” names a tile server, but what reads tiles is not installed.",
            "Install it with: pip install 'papermap-relief[raster]'.",
            name=name,
        ) from None
    try:
        provider = providers.query_name(name)
    except ValueError:
        known = [*server_names(), *providers.flatten()]
        near = difflib.get_close_matches(name, known, n=1)
        raise UsageError(
            "There is no base map “{name}”: no such file, and no tile server of that name.",
            "" if near else "Servers: {known}.",
            near=near[0] if near else "",
            name=name,
            known=", ".join(server_names()),
        ) from None
    if provider.requires_token():
        raise UsageError(
            "The tile server {name} wants a key.",
            "Give its whole address with the key, https://…/{{z}}/{{x}}/{{y}}.png?key=….",
            name=provider.name,
        )
    zooms = (int(provider.get("min_zoom", 0)), int(provider.get("max_zoom", _MOST_ZOOM)))
    return TileServer(provider.name, provider.build_url(), zooms, provider.attribution)


def _refuse(asked: str) -> None:
    for host, why in _tables()["refused"].items():
        if asked == host or asked.endswith(f".{host}"):
            raise UsageError("{why}: {asked}.", why["hint"], why=Phrase(why["en"]), asked=asked)
