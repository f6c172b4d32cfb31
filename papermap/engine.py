"""Where sheets are drawn: in this process or in a pool; results come back in page order."""

from __future__ import annotations

import contextlib
import multiprocessing
import sys
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import cache

from papermap.basemap import open_basemap
from papermap.basemap.base import Basemap
from papermap.fonts import FontSet
from papermap.grid import Sheet
from papermap.marks import MarkRequest, MarkSize, NameRequest, PlacedName, place_marks, place_names
from papermap.render import (
    GroundFeature,
    MapView,
    SheetDrawing,
    layer_names,
    name_requests,
    places_of,
    render_panel,
)
from papermap.style import Style
from papermap.units import MM_PER_PT, Box

# sheets drawn ahead of the page being written, per worker: enough to keep all cores busy
_AHEAD = 3
_TRUE_PLACE = 1.2  # mm, half the square kept free round a true place


@dataclass(frozen=True)
class Context:
    """What all sheets of one book share; sent to each worker once (paths, not frames)."""

    basemap: str | None
    style: Style
    crs: str
    languages: tuple[str, ...]
    features: tuple[GroundFeature, ...]
    sizes: tuple[MarkSize, ...]


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
    layers = _basemap(context.basemap).layers(view.bounds, view.crs, wanted)
    panel = render_panel(view, layers, context.features, style, sheet=task.sheet)
    requests = name_requests(view, layers, style, context.languages, _measure(style))
    first = _names_before_marks(requests, task, frame)
    taken = [*task.obstacles, *(name.box for name in first)]
    placement = place_marks(task.marks, frame, context.sizes, obstacles=taken)
    marks = [box for mark in placement.marks for box in mark.boxes(placement.size)]
    leaders = [mark.leader for mark in placement.marks if mark.leader is not None]
    rest = place_names(
        [name for name in requests if not name.obstacle],
        frame,
        blocked=[*taken, *marks],
        lines=leaders,
    )
    names: tuple[PlacedName, ...] = (*first, *rest)
    places = places_of(view, layers, style, task.sheet, context.languages)
    return SheetDrawing(panel, placement, names, places)


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


def draw_sheets(context: Context, tasks: Sequence[Task], jobs: int = 1) -> Iterator[SheetDrawing]:
    """Draw all tasks, yielding in their order; ``jobs`` processes when more than one.

    A worker that dies (out of memory, killed), or a pool that cannot be started, costs no sheet:
    what was left undone is drawn here.
    """
    done = 0
    if jobs > 1 and len(tasks) > 1:
        for drawing in _draw_in_pool(context, tasks, min(jobs, len(tasks))):
            yield drawing
            done += 1
    yield from (draw_sheet(context, task) for task in tasks[done:])


def _draw_in_pool(context: Context, tasks: Sequence[Task], jobs: int) -> Iterator[SheetDrawing]:
    """Drawings in order, ending early where the pool breaks or cannot be had."""
    waiting: deque[Future[SheetDrawing]] = deque()
    todo = iter(tasks)
    with contextlib.suppress(BrokenProcessPool, EOFError, OSError), _pool(context, jobs) as pool:
        try:
            for _ in tasks:
                while len(waiting) < jobs * _AHEAD and (coming := next(todo, None)):
                    waiting.append(pool.submit(_draw_in_worker, coming))
                yield waiting.popleft().result()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _pool(context: Context, jobs: int) -> ProcessPoolExecutor:
    # forkserver imports the heavy libraries once and forks clean of our threads
    method = "forkserver" if sys.platform != "win32" else "spawn"
    start = multiprocessing.get_context(method)
    if method == "forkserver":
        start.set_forkserver_preload(["papermap.engine"])
    return ProcessPoolExecutor(jobs, start, initializer=_start_worker, initargs=(context,))


_worker: list[Context] = []  # the one context of a worker process, set by its initializer


def _start_worker(context: Context) -> None:
    _worker[:] = [context]


def _draw_in_worker(task: Task) -> SheetDrawing:
    return draw_sheet(_worker[0], task)


@cache
def _basemap(path: str | None) -> Basemap:
    return open_basemap(path)


@cache
def _fonts(families: tuple[str, ...]) -> FontSet:
    return FontSet.load(families)


def _measure(style: Style) -> Callable[[str, float, bool], float]:
    """Width in mm of a text set in so many pt, bold or not."""
    fonts = _fonts(tuple(style.type.families))
    return lambda text, size, bold: fonts.width(text, size, bold) * MM_PER_PT
