"""Where sheets are planned and drawn: here or in a pool; results come back in page order."""

from __future__ import annotations

import contextlib
import copyreg
import pickle
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import lru_cache, partial
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Self, TypeVar

from papermap.basemap import BasemapStack
from papermap.basemap.bare import GROUND, bare_share
from papermap.fonts import FontSet
from papermap.grid import Sheet
from papermap.marks import (
    MarkRequest,
    MarkSize,
    NameRequest,
    PlacedName,
    Placement,
    place_marks,
    place_names,
    quality,
)
from papermap.processes import start_early, worker_context
from papermap.render import (
    GroundFeature,
    MapView,
    SheetDrawing,
    crossings,
    layer_names,
    name_requests,
    render_panel,
)
from papermap.style import Style
from papermap.units import MM_PER_PT, Box

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

# sheets drawn ahead of the page being written, per worker: enough to keep all cores busy while
# lists are laid out
_AHEAD = 16
_TRUE_PLACE = 1.2  # mm, half the square kept free round a true place


@dataclass(frozen=True)
class Context:
    """What all sheets of one book share: paths, not frames."""

    basemap: BasemapStack
    style: Style
    fonts: FontSet
    crs: str
    languages: tuple[str, ...]
    features: tuple[GroundFeature, ...]
    sizes: tuple[MarkSize, ...]  # of marks, the full one first
    steps: tuple[int, ...]  # so many of them are tried together, one step of need after another


@dataclass(frozen=True)
class Task:
    """One panel to draw, with the marks to place on it; ``obstacles`` are mm in the frame."""

    view: MapView
    sheet: Sheet | None = None  # None: an overview
    marks: tuple[MarkRequest, ...] = ()
    obstacles: tuple[Box, ...] = ()


def draw_sheet(context: Context, task: Task) -> SheetDrawing:
    """Read the base map of one view, draw its panel, place its marks and names."""
    view, style = task.view, context.style
    frame = Box(0, 0, view.width, view.height)
    wanted = layer_names(style, overview=view.overview)
    extent = view.extent()
    layers = context.basemap.layers(extent, wanted)
    pictures = context.basemap.pictures(extent)
    panel = render_panel(view, layers, context.features, style, sheet=task.sheet, pictures=pictures)
    requests = name_requests(view, layers, style, context.languages, _measure(context.fonts))
    avoid = () if view.overview else crossings(view, layers)
    first, placement = _names_and_marks(context, task, requests, avoid)
    said = {name.text for name in first}
    marks = [box for mark in placement.marks for box in mark.boxes(placement.size)]
    rest = place_names(
        [name for name in requests if not (name.obstacle and name.text in said)],
        frame,
        blocked=[*task.obstacles, *(name.box for name in first), *marks],
        lines=[mark.leader for mark in placement.marks if mark.leader is not None],
    )
    names: tuple[PlacedName, ...] = (*first, *rest)
    measured = None if view.overview else quality(placement, frame)
    bare = bare_share(extent, layers.get(GROUND))
    return SheetDrawing(panel, placement, names, measured, bare)


def _names_and_marks(
    context: Context,
    task: Task,
    requests: Sequence[NameRequest],
    avoid: Sequence[tuple[float, float]],
) -> tuple[tuple[PlacedName, ...], Placement]:
    """Names that marks must avoid, and the marks; where these have no room, the names give way.

    Smaller marks than legible ones are the last resort.
    """
    frame = Box(0, 0, task.view.width, task.view.height)
    first = _names_before_marks(requests, task, frame)
    home = {mark.number for mark in task.marks if mark.priority == 0}
    taken = [*task.obstacles, *(name.box for name in first)]
    for tried in context.steps:
        for names, obstacles in ((first, taken), ((), task.obstacles)):
            placement = place_marks(
                task.marks, frame, context.sizes[:tried], obstacles=obstacles, avoid=avoid
            )
            if home.isdisjoint(placement.unplaced):
                return names, placement
    return names, placement


def _names_before_marks(
    requests: Sequence[NameRequest], task: Task, frame: Box
) -> tuple[PlacedName, ...]:
    """Names that marks must avoid: beside the true places of marks, else over them."""
    wanted = [name for name in requests if name.obstacle]
    dots = [Box(mark.x, mark.y, mark.x, mark.y).grown(_TRUE_PLACE) for mark in task.marks]
    beside = place_names(wanted, frame, blocked=[*task.obstacles, *dots])
    found = {name.text for name in beside}
    left = [name for name in wanted if name.text not in found]
    over = place_names(left, frame, blocked=[*task.obstacles, *(name.box for name in beside)])
    return (*beside, *over)


class Engine:
    """Works in this process, or in a pool of ``jobs`` processes.

    The pool starts at once and loads its libraries while others still read and check. A worker
    that dies (out of memory, killed), or a pool that cannot be had, costs no sheet: what was
    left undone is done here.
    """

    def __init__(self, jobs: int = 1) -> None:
        self._jobs = jobs
        self._pool: ProcessPoolExecutor | None = None
        self._broken = False
        # what all items share is put there once, and read once by every worker
        self._folder: TemporaryDirectory[str] | None = None
        self._numbers = count()
        if jobs > 1:
            with contextlib.suppress(*_BROKEN):
                self._folder = TemporaryDirectory(prefix="papermap-")
                start_early()
                self._pool = _pool(jobs)
                for _ in range(jobs):
                    self._pool.submit(_get_ready)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool is not None:
            self._pool.shutdown(wait=False, cancel_futures=True)
        if self._folder is not None:
            self._folder.cleanup()

    def draw(self, context: Context, tasks: Sequence[Task]) -> Iterator[SheetDrawing]:
        """Draw all tasks, in their order; the first are begun at once."""
        return self.map(partial(draw_sheet, context), tasks)

    def map(self, work: Callable[[_Item], _Result], items: Sequence[_Item]) -> Iterator[_Result]:
        """The same work for all items, in their order; the first are begun at once.

        Work that is done in the pool must not touch anything that others see.
        """
        if self._folder is None:
            return map(work, items)
        packed = Path(self._folder.name) / f"{next(self._numbers)}.work"
        try:
            with packed.open("wb") as file:
                _Packer(file).dump(work)
        except OSError:  # no room for it
            return map(work, items)
        todo = iter(items)
        begun: deque[Future[_Result]] = deque()
        self._begin(packed, todo, begun)
        return self._results(work, items, packed, todo, begun)

    def _begin(self, packed: Path, todo: Iterator[_Item], begun: deque[Future[_Result]]) -> None:
        """Keep all workers busy."""
        if self._pool is None or self._broken:
            return
        try:
            while len(begun) < self._jobs * _AHEAD and (coming := next(todo, None)):
                begun.append(self._pool.submit(_work, packed, coming))
        except _BROKEN:
            self._broken = True

    def _results(
        self,
        work: Callable[[_Item], _Result],
        items: Sequence[_Item],
        packed: Path,
        todo: Iterator[_Item],
        begun: deque[Future[_Result]],
    ) -> Iterator[_Result]:
        for item in items:
            done: list[_Result] = []
            if begun:
                with contextlib.suppress(*_BROKEN):
                    done.append(begun.popleft().result())
            yield done[0] if done else work(item)
            self._begin(packed, todo, begun)


_BROKEN = (BrokenProcessPool, EOFError, OSError)


def _pool(jobs: int) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(jobs, worker_context())


def _get_ready() -> None:
    """Nothing but what starting a worker does: its libraries are loaded."""


def _work(work: Path, item: Any) -> Any:
    return _unpacked(work)(item)


def _immutable(mapping: Mapping[Any, Any]) -> tuple[Any, ...]:
    return _mapping, (dict(mapping),)


def _mapping(known: dict[Any, Any]) -> Mapping[Any, Any]:
    return MappingProxyType(known)


class _Packer(pickle.Pickler):
    """Packs immutable mappings too."""

    dispatch_table = {**copyreg.dispatch_table, MappingProxyType: _immutable}  # noqa: RUF012


@lru_cache(maxsize=1)
def _unpacked(work: Path) -> Callable[[Any], Any]:
    with work.open("rb") as file:
        unpacked: Callable[[Any], Any] = pickle.load(file)  # noqa: S301 - written by our parent
    return unpacked


def _measure(fonts: FontSet) -> Callable[[str, float, bool], float]:
    """Width in mm of a text set in so many pt, bold or not."""
    return lambda text, size, bold: fonts.width(text, size, bold) * MM_PER_PT
