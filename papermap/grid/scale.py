"""The scale that keeps paper few and marks apart, where the user asks for none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import shapely

from papermap.grid.cut import (
    Floats,
    best_origin,
    cells_of,
    cells_touched,
    cut_for,
    keys,
    sheet_of,
    unique,
)
from papermap.grid.model import Frame

if TYPE_CHECKING:
    from shapely.geometry.base import BaseGeometry

SCALES: Final = (
    *(2_500, 5_000, 7_500, 10_000, 15_000, 20_000, 25_000),
    *(50_000, 75_000, 100_000, 200_000, 250_000, 500_000),
)
_APART: Final = 6.0  # mm between two marks that are told apart without displacing them
_TOGETHER: Final = 15.0  # m; places nearer than this no scale can part
_CROWDED: Final = 0.4  # share of points that may stand closer than _APART
_SPILL: Final = 0.25  # share of points that may go to continuation pages
_HOPELESS: Final = 0.5
_HANDFUL: Final = 12  # sheets that are little paper
_LIMIT: Final = 60
_ON_FOOT: Final = 10_000  # a cell is five minutes' walk
_LARGEST_FREE: Final = 5_000  # nothing larger is taken only because it costs no paper


@dataclass(frozen=True, slots=True)
class Trial:
    """One scale tried: sheets it needs, share of points that spill, share that stand close."""

    scale: int
    sheets: int
    spill: float
    crowded: float

    @property
    def paper(self) -> tuple[int, bool, int]:
        """Order by paper: fewest sheets, then the largest scale of those that are usual."""
        return self.sheets, self.scale < _LARGEST_FREE, self.scale

    @property
    def fits(self) -> bool:
        return self.spill <= _SPILL

    @property
    def clear(self) -> bool:
        return self.crowded <= _CROWDED


def choose_scale(
    xy: Floats,
    frame: Frame,
    capacity: int = 40,
    drawn: Sequence[BaseGeometry] = (),
    limit: int = _LIMIT,
) -> int:
    """N of the scale 1:N for these points.

    The rule, among the round scales of ``SCALES``:

    1. A scale *fits* when at most a quarter of the points exceed their sheet's ``capacity`` (those
       go to continuation pages), and is *clear* when at most 40 % of the points stand less than
       6 mm from the next one on paper (places less than 15 m apart are not counted: no scale
       parts them, marks are displaced).
    2. Of the scales that fit within ``limit`` sheets, the one with the fewest sheets is the
       base; the one that is also clear is taken instead while it costs at most twice the
       paper, or a dozen sheets.
    3. When none fits within the limit, the one that spills least within it is taken, unless more
       than half of the points would spill: then paper is spent, up to four times the limit.
    4. A larger scale that needs no more sheets is taken down to 1:5,000, and down to 1:10,000
       one that still needs only a dozen: such maps are read on foot.

    Parameters
    ----------
    xy
        Points in metres, n × 2.
    frame
        Room for the map on paper in mm.
    capacity
        Points that a sheet has room for.
    drawn
        Lines and areas in metres that need sheets too.
    limit
        Sheets that the atlas should not exceed.
    """
    trials = _trials(_Case(xy, list(drawn), frame, capacity, _spacing(xy)), 4 * limit)
    within = [trial for trial in trials if trial.sheets <= limit] or trials[-1:]
    fitting = [trial for trial in within if trial.fits]
    if fitting:
        chosen = _clear_enough(fitting)
    else:
        chosen = min(within, key=lambda trial: (trial.spill, trial.paper))
        if chosen.spill > _HOPELESS:
            chosen = min(trials, key=lambda trial: (trial.spill, trial.paper))
    return _larger_for_free(chosen, within).scale


@dataclass(frozen=True, slots=True)
class _Case:
    """What every scale is tried on."""

    xy: Floats
    drawn: list[BaseGeometry]
    frame: Frame
    capacity: int
    spacing: Floats

    def trial(self, scale: int) -> Trial:
        """Count the sheets of one scale, the points beyond capacity and those too close."""
        cut = cut_for(self.frame, scale)
        own = cells_of(self.xy, cut.cell)
        cells = unique(np.concatenate([own, cells_touched(self.drawn, cut.cell)]))
        origin = best_origin(cut, cells)
        sheets = len(np.unique(keys(sheet_of(cut, cells, origin))))
        _, counts = np.unique(keys(sheet_of(cut, own, origin)), return_counts=True)
        points = max(len(self.xy), 1)
        spill = float(np.maximum(counts - self.capacity, 0).sum()) / points
        close = np.count_nonzero(self.spacing < _APART * scale / 1000)
        return Trial(scale, sheets, spill, close / points)


def _trials(case: _Case, most: int) -> list[Trial]:
    """Every scale that needs no more than ``most`` sheets, largest first; the smallest always."""
    trials: list[Trial] = []
    for scale in reversed(SCALES):
        trial = case.trial(scale)
        if trials and trial.sheets > most:
            break
        trials.insert(0, trial)
    return trials


def _spacing(xy: Floats) -> Floats:
    """Metres to the next place, of every place that some scale can part from its next one."""
    places = shapely.points(np.unique(np.floor(xy / _TOGETHER), axis=0) * _TOGETHER)
    if len(places) < 2:
        return np.empty(0)
    tree = shapely.STRtree(places)
    _, distance = tree.query_nearest(
        places, exclusive=True, return_distance=True, all_matches=False
    )
    return np.asarray(distance, dtype=float)


def _clear_enough(fitting: Sequence[Trial]) -> Trial:
    base = min(fitting, key=lambda trial: trial.paper)
    budget = max(2 * base.sheets, _HANDFUL)
    payable = [trial for trial in fitting if trial.sheets <= budget]
    clear = [trial for trial in payable if trial.clear]
    if clear:
        return min(clear, key=lambda trial: trial.paper)
    return min(payable, key=lambda trial: (trial.crowded, trial.paper))


def _larger_for_free(chosen: Trial, trials: Sequence[Trial]) -> Trial:
    for trial in trials:  # largest scale first
        free = trial.scale >= _LARGEST_FREE and trial.sheets <= chosen.sheets
        on_foot = trial.scale >= _ON_FOOT and trial.sheets <= _HANDFUL
        if trial.scale < chosen.scale and (free or on_foot):
            return trial
    return chosen
