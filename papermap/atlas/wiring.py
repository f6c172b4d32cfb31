"""``build(job) -> Report``: the only place that knows every stage, and the wiring between them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import count, groupby
from pathlib import Path

import msgspec

from papermap.atlas.gather import check
from papermap.atlas.insets import inset_details
from papermap.atlas.legible import with_details
from papermap.atlas.overlaid import not_designated, packed_fonts, packed_overlays
from papermap.atlas.places import sheet_places, signs_on_map
from papermap.atlas.project import source_title, with_project
from papermap.atlas.tasks import book_context, book_tasks, extents_of
from papermap.atlas.told import (
    bare_sheets,
    narrow_margins,
    placements,
    unplaced_marks,
    unprintable_texts,
)
from papermap.basemap import BasemapStack, Network, open_basemaps
from papermap.checks.report import summary
from papermap.edition import make_manifest, manifest_bytes
from papermap.engine import Engine
from papermap.errors import InLanguages, SourceError, UsageError
from papermap.files import refuse_same, refuse_target, write_together
from papermap.fonts import FontSet
from papermap.grid import Each, Frame, Plan, Sheet, make_plan
from papermap.i18n import SUPPORTED, Words
from papermap.index import make_index
from papermap.job import Job
from papermap.merge import read_decisions
from papermap.model import Checked
from papermap.pages.book import Book, Drawn, Page, compose
from papermap.pages.frames import map_frame
from papermap.pages.split import best_split, splits
from papermap.pdf import pdf_bytes
from papermap.readers.area import read_area
from papermap.render import SheetDrawing
from papermap.signs import load_signs
from papermap.style import Style, load_style
from papermap.units import Box, Size, paper_size

Progress = Callable[[int, int], None]

# mm² of the map for one mark and its row: some thirty on a sheet of A4
_ROOM_FOR_A_MARK = 820
_MANY = 1000  # points; for so many the details are looked for once only


@dataclass(frozen=True)
class Report:
    """What a build made: the atlas, its manifest, and everything that was told."""

    output: Path
    manifest: Path
    pages: int
    sheets: int
    plan: Plan
    checked: Checked  # with the problems that only the drawing could find
    unplaced: int  # marks that found no room on their home sheet

    def sentence(self, language: str) -> str:
        """What was made, in a sentence for people."""
        words = Words((language,))
        return "\n".join(
            (
                words(
                    "cli.built",
                    path=self.output,
                    pages=self.pages,
                    sheets=self.sheets,
                    points=len(self.checked.points),
                ),
                words("cli.manifest", path=self.manifest),
            )
        )


def plan(job: Job) -> Plan:
    """Cut the area of a job into sheets, without drawing anything.

    Raises
    ------
    PapermapError
        As :func:`build`, but for what concerns base map and output.
    """
    return lay_out(job).plan


def lay_out(job: Job) -> Book:
    """The book of a job as far as it is known before anything is drawn.

    Raises
    ------
    PapermapError
        As :func:`plan`.
    """
    job = with_project(job)
    return _laid_out(job, _gather(job), _style(job), "", map)


def build(
    job: Job,
    *,
    progress: Progress | None = None,
    fetching: Progress | None = None,
    reading: Progress | None = None,
) -> Report:
    """Make the atlas and its manifest.

    Parameters
    ----------
    job
        What to make; see :func:`papermap.make_job`.
    progress
        Called with ``(panels drawn, panels in all)`` after each.
    fetching
        Called with ``(tiles, tiles in all)`` while they are asked of a server.
    reading
        Called with ``(layers, layers in all)`` while a base map without an index is gone through.

    Raises
    ------
    PapermapError
        Whenever nothing can be made; then no file is written or changed.
    """
    job = with_project(job)
    targets = (job.output, job.manifest_path)
    refuse_same(targets, job.inputs)
    for target in targets:
        refuse_target(target, overwrite=job.overwrite)
    style = _style(job)
    basemap = open_basemaps(job.basemaps, _network(job))
    with Engine(job.jobs) as engine:  # its processes start while we read and check
        return _build(
            job, style, basemap, engine, progress, fetching or _unheard, reading or _unheard
        )


def _build(  # noqa: PLR0917
    job: Job,
    style: Style,
    basemap: BasemapStack,
    engine: Engine,
    progress: Progress | None,
    fetching: Progress,
    reading: Progress,
) -> Report:
    checked = _gather(job)
    credit = job.attribution or basemap.attribution
    book = _laid_out(job, checked, style, credit, engine.map)
    sheets, index = book.plan, book.index
    wanted = _wanted(job, sheets)
    tasks = book_tasks(job, book, wanted)
    blank = basemap.prepare(extents_of(tasks), fetching, reading)
    results = engine.draw(book_context(job, book, basemap), tasks)
    book = replace(
        book,
        places=sheet_places(job, book, basemap, tasks),
        on_map=signs_on_map(book.style, basemap, tasks),
    )
    labels = {sheet.label for sheet in wanted}
    pages = tuple(page for page in compose(book) if not job.sheets or page.sheet in labels)
    drawn: dict[str, SheetDrawing] = {}
    drawings = _drawings(pages, results, drawn, _counted(progress, len(tasks)))
    data = pdf_bytes(pages, drawings, book)
    crowded = unplaced_marks(book, drawn)
    others = not_designated(checked, job.hazard)
    paper = (*unprintable_texts(book), *narrow_margins(book))
    bare = bare_sheets(drawn, ", ".join(job.basemaps), blank)
    problems = (*checked.problems, *others, *blank, *bare, *crowded, *paper)
    told = replace(checked, problems=problems)
    manifest = make_manifest(
        plan=sheets,
        index=index,
        checked=told,
        pages=_sheet_pages(pages),
        drawn={label: drawing.placement.numbers for label, drawing in drawn.items()},
        placements=placements(book, drawn),
        frame=book.frames.map,
        insets=_inset_frames(pages),
        page_count=len(pages),
        title=book.title,
        edition=job.edition,
        as_of=book.as_of,
        languages=job.languages,
        style=style.name,
        paper=job.paper,
        orientation=job.orientation,
    )
    write_together(
        {job.output: data, job.manifest_path: manifest_bytes(manifest)}, overwrite=job.overwrite
    )
    return Report(
        output=job.output,
        manifest=job.manifest_path,
        pages=len(pages),
        sheets=len(drawn),
        plan=sheets,
        checked=told,
        unplaced=len(crowded),
    )


def _gather(job: Job) -> Checked:
    """All sources checked, together, inside the asked area."""
    area = read_area(job.area) if job.area else None
    checked = check(
        job.sources,
        as_of=job.as_of,
        stale_after=job.stale_after,
        area=area,
        keep_all=job.keep_all,
        decisions=read_decisions(job.decisions) if job.decisions else None,
        geocode=job.geocode,
        reading=job.reading,
        local=job.local,
        categories=job.categories,
        overlays=(*job.overlays, *packed_overlays(job.basemaps)),
        hazard_only=job.hazard if job.hazard_only else "",
    )
    if not (checked.points or checked.lines or checked.areas):
        raise SourceError(
            "There is nothing to draw on a map. {counts}"
            if area is None
            else "There is nothing to draw on a map inside the area {area}. {counts}",
            "“papermap check” tells what is wrong with each.",
            area=job.area,
            counts=InLanguages({code: summary(checked, code) for code in SUPPORTED}),
        )
    return checked


def _style(job: Job) -> Style:
    """The look of a job, with the room that its binding takes."""
    style = load_style(job.style)
    layout = msgspec.structs.replace(style.layout, binding=job.binding or style.layout.binding)
    return msgspec.structs.replace(style, layout=layout)


def _paper(job: Job) -> Size:
    return paper_size(job.paper, job.orientation)


def _laid_out(job: Job, checked: Checked, style: Style, attribution: str, each: Each) -> Book:
    """The book, its page shared by map and list as its rows ask for, crowded parts in detail."""
    return inset_details(_divided(job, checked, style, attribution, each), each)


def _divided(job: Job, checked: Checked, style: Style, attribution: str, each: Each) -> Book:
    size = _paper(job)
    looks = splits(style, size)
    usual = _plan(job, checked, style, size)
    book = _book(job, checked, usual, looks[0], size, attribution)
    if len(looks) == 1:
        return with_details(book, each)
    fixed = replace(job, scale=usual.scale)  # the bigger map is no reason for another scale
    others = [(look, _plan(fixed, checked, look, size)) for look in looks[1:]]
    look, chosen = best_split(book, [(looks[0], usual), *others])
    best = with_details(_book(job, checked, chosen, look, size, attribution), each)
    if chosen is usual or not best.plan.detail_sheets or len(checked.points) > _MANY:
        return best
    # details take rows out of the lists: the usual split may do as well now
    books = (with_details(book, each), best)
    _, fewest = best_split(book, [(one.style, one.plan) for one in books])
    return next(one for one in books if one.plan is fewest)


def _plan(job: Job, checked: Checked, style: Style, size: Size) -> Plan:
    width, height = map_frame(size, style)
    return make_plan(
        [(point.lon, point.lat) for point in checked.points],
        Frame(width, height, style.layout.cell),
        scale=job.scale,
        area=read_area(job.area) if job.area else None,
        capacity=max(8, int(width * height / _ROOM_FOR_A_MARK)),
        extra=[feature.geometry for feature in (*checked.lines, *checked.areas)],
    )


def _book(  # noqa: PLR0917
    job: Job, checked: Checked, sheets: Plan, style: Style, size: Size, attribution: str
) -> Book:
    words = Words(job.languages)
    known = {"ja": job.title, "en": job.title_en}
    title = known[job.languages[0]] or job.title or job.title_en
    times = [point.updated_at for point in checked.points if point.updated_at is not None]
    return Book(
        title=title or source_title(checked) or words("untitled"),
        titles={
            language: known[language] or ("" if title else words.in_(language, "untitled"))
            for language in job.languages
        },
        plan=sheets,
        index=make_index(sheets, checked.points, checked.categories),
        data=checked,
        words=words,
        fonts=FontSet.load(style.type.families, first=packed_fonts(job.basemaps)),
        signs=load_signs(),
        style=style,
        size=size,
        as_of=job.as_of or max(times, default=None),
        stale_after=job.stale_after,
        edition=job.edition,
        duplex=job.duplex,
        url=job.url,
        attribution=attribution,
        hazard=job.hazard,
    )


def _wanted(job: Job, sheets: Plan) -> tuple[Sheet, ...]:
    """The sheets to print: the asked ones with their details, or all."""
    there = {sheet.label for sheet in sheets.grid_sheets}
    if not job.sheets:
        return sheets.sheets
    asked = [str(number) for number in job.sheets]
    missing = [label for label in asked if label not in there]
    if missing:
        raise UsageError(
            "There is no sheet {sheets} in this atlas.",
            "It has sheet 1 only." if len(there) == 1 else "It has sheets 1 to {count}.",
            sheets=_some(missing),
            count=len(there),
        )
    return tuple(sheet for label in asked for sheet in sheets.sheets if sheet.grid_label == label)


def _some(words: Sequence[str]) -> str:
    """The first few of many, for a sentence."""
    return ", ".join(words[:5]) + (" …" if len(words) > 5 else "")


def _unheard(_done: int, _total: int) -> None:
    """Progress that nobody follows."""


def _network(job: Job) -> Network:
    return Network(job.offline, job.tile_cache, job.tile_timeout, job.tile_limit)


def _counted(progress: Progress | None, total: int) -> Callable[[], None]:
    """A callable that counts what is drawn and tells ``progress``."""
    numbers = count(1)

    def step() -> None:
        if progress is not None:
            progress(next(numbers), total)

    return step


def _drawings(
    pages: Sequence[Page],
    results: Iterator[SheetDrawing],
    drawn: dict[str, SheetDrawing],
    step: Callable[[], None],
) -> Iterator[Drawn]:
    """What each page needs, in order; the drawings of sheets are kept in ``drawn``.

    The pages of one sheet have its map and its insets, wherever these are.
    """
    for _, together in groupby(pages, key=lambda page: page.sheet or page.label):
        these = tuple(together)
        found: dict[str, SheetDrawing] = {}
        for panel in (panel for page in these for panel in page.panels):
            found[panel.label] = next(results)
            step()
        if these[0].sheet:
            drawn.update(found)
        yield from (found for _ in these)


def _sheet_pages(pages: Sequence[Page]) -> dict[str, int]:
    """Page number in the file of each map sheet that is printed."""
    return {
        panel.label: n
        for n, page in enumerate(pages, start=1)
        for panel in page.panels
        if page.sheet
    }


def _inset_frames(pages: Sequence[Page]) -> dict[str, Box]:
    """Frames of the insets on paper, mm, by label."""
    return {
        panel.label: Box(
            panel.box.x0 + page.shift, panel.box.y0, panel.box.x1 + page.shift, panel.box.y1
        )
        for page in pages
        for panel in page.panels
        if page.sheet and panel.label != page.label
    }
