"""What is to be drawn: the views of a book and the marks on each, for the engine."""

from __future__ import annotations

from collections.abc import Sequence

from papermap.basemap import BasemapStack, Extent
from papermap.engine import Context, Task
from papermap.grid import Sheet, project_geometry
from papermap.job import Job
from papermap.marks import MarkRequest, MarkSize
from papermap.model import MapFeature
from papermap.pages.book import Book
from papermap.pages.overview import overview_obstacles, overview_views
from papermap.pages.sheet import frame_obstacles
from papermap.render import GroundFeature, MapView
from papermap.units import MM_PER_PT

_NEARLY_FULL = 0.73  # of the full size of a sign: smaller ones are taken only in need
SMALL = 0.6  # marks are made so small rather than print a sheet for a few; tinier as a last resort


def book_context(job: Job, book: Book, basemap: BasemapStack) -> Context:
    """What all sheets of the book share."""
    return Context(
        basemap=basemap,
        style=book.style,
        fonts=book.fonts,
        crs=book.plan.crs,
        languages=job.languages,
        features=tuple(_on_ground(feature, book.plan.crs) for feature in book.data.drawn),
        sizes=mark_sizes(book),
        steps=tuple(len(legible_sizes(book, share)) for share in (_NEARLY_FULL, SMALL, 0)),
    )


def book_tasks(job: Job, book: Book, wanted: Sequence[Sheet]) -> list[Task]:
    """What is to be drawn, in the order of the pages; asked sheets come without an overview."""
    views = () if job.sheets else overview_views(book.plan, book.size, book.style)
    overviews = [_overview_task(book, view) for view in views]
    return [*overviews, *(sheet_task(book, sheet) for sheet in wanted)]


def extents_of(tasks: Sequence[Task]) -> list[Extent]:
    """What the base map must show, by sheet."""
    return [task.view.extent(task.sheet.label if task.sheet else "0") for task in tasks]


def sheet_task(book: Book, sheet: Sheet) -> Task:
    """The panel of one sheet and the marks on it."""
    frame = book.map_size(sheet)
    view = MapView(book.plan.crs, sheet.bounds, frame.width, frame.height, sheet.scale)
    home = set(sheet.points)
    requests = []
    for point in sheet.shown:
        x, y = view.to_mm(*book.plan.xy[point])
        number = book.index.by_point[point].number
        # a point of the neighbour's gives way where there is no room: it has its own sheet
        requests.append(MarkRequest(number, x, y, priority=0 if point in home else 1))
    return Task(view, sheet, tuple(requests), frame_obstacles(book, sheet))


def _overview_task(book: Book, view: MapView) -> Task:
    taken = overview_obstacles(book.plan, book.index, view, book.style)
    return Task(view, obstacles=taken)


def _on_ground(feature: MapFeature, crs: str) -> GroundFeature:
    return GroundFeature(feature.category, feature.kind, project_geometry(crs, feature.geometry))


def legible_sizes(book: Book, share: float = _NEARLY_FULL) -> tuple[MarkSize, ...]:
    """The full size of a mark and those nearly as large: at least ``share`` of it."""
    sizes = mark_sizes(book)
    return tuple(size for size in sizes if size.sign >= share * sizes[0].sign)


def mark_sizes(book: Book) -> tuple[MarkSize, ...]:
    """The full size of a mark and the smaller ones, as the style and its digits have them."""
    marks = book.style.marks

    def digit(size: float) -> float:
        return book.fonts.width("0", size, bold=True) * MM_PER_PT

    full = MarkSize(
        sign=marks.sign,
        tag_height=marks.tag_height,
        digit=digit(book.style.type.tag),
        clearance=marks.clearance,
        dot=marks.dot,
        type=book.style.type.tag,
    )
    smaller = (
        MarkSize(
            sign=each.sign,
            tag_height=each.tag_height,
            digit=digit(each.tag),
            tag_padding=each.padding,
            clearance=each.clearance,
            dot=each.dot,
            type=each.tag,
        )
        for each in marks.compact
    )
    return (full, *smaller)
