"""Names of the base map: they give way to marks, leaders and names of higher rank."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from papermap.marks.along import Ways, ways_along
from papermap.marks.ground import INSET, Floats
from papermap.marks.model import SECOND_SIZE, NameRequest, PlacedName
from papermap.units import MM_PER_PT, Box

Segment = tuple[tuple[float, float], tuple[float, float]]

_CLEAR = 0.4  # mm round a name
_LATIN = 0.52  # mean width of a character of the second language to its size
_ICON = 0.55  # half the width of the icon a name stands beside, to the name's size
_GAP = 0.6  # mm between icon and name
_TOGETHER = 16  # ways along a line tested at once
# right, left, above, below, then the corners, as (x, y) of the name from its icon
_BESIDE = ((1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1))


def place_names(
    requests: Sequence[NameRequest],
    frame: Box,
    *,
    blocked: Sequence[Box],
    lines: Sequence[Segment] = (),
) -> tuple[PlacedName, ...]:
    """Place the names that find room; the others are left out.

    Parameters
    ----------
    requests
        Names with their places in mm; taken by rank, those of one rank in the order given.
    frame
        The map frame, mm; a name lies wholly inside it.
    blocked
        Boxes (mm) that no name may touch.
    lines
        Leader lines (mm) that no name may touch.

    Returns
    -------
    tuple of PlacedName
        In the order in which they were placed.
    """
    taken = _Taken(frame, blocked, lines)
    placed: list[PlacedName] = []
    for request in sorted(requests, key=lambda name: name.rank):
        name = _along(request, taken) if request.path else _at_point(request, taken)
        if name is not None:
            placed.append(name)
    return tuple(placed)


class _Taken:
    """What is on the sheet already."""

    def __init__(self, frame: Box, blocked: Sequence[Box], lines: Sequence[Segment]) -> None:
        self._room = frame.grown(-INSET)
        self._boxes = np.empty((len(blocked) + 256, 4))
        self._boxes[: len(blocked)] = np.array(blocked, dtype=float).reshape(-1, 4)
        self._count = len(blocked)
        ends = np.array(lines, dtype=float).reshape(-1, 4)
        self._middle, self._vector = (
            (ends[:, :2] + ends[:, 2:]) / 2,
            (ends[:, 2:] - ends[:, :2]) / 2,
        )

    def add(self, boxes: Floats) -> None:
        while self._count + len(boxes) > len(self._boxes):
            self._boxes = np.concatenate([self._boxes, np.empty_like(self._boxes)])
        self._boxes[self._count : self._count + len(boxes)] = boxes
        self._count += len(boxes)

    def free(self, boxes: Floats) -> np.ndarray:
        """Which of the boxes (rows x0, y0, x1, y1) are inside the frame and touch nothing."""
        room = self._room
        low, high = boxes[:, :2] - _CLEAR, boxes[:, 2:] + _CLEAR
        free = (
            (boxes[:, 0] >= room.x0)
            & (boxes[:, 1] >= room.y0)
            & (boxes[:, 2] <= room.x1)
            & (boxes[:, 3] <= room.y1)
        )
        others = self._boxes[: self._count]
        near = (others[:, :2] < high.max(axis=0)).all(axis=1)
        others = others[near & (others[:, 2:] > low.min(axis=0)).all(axis=1)]
        free &= ~(
            (low[:, None, 0] < others[None, :, 2])
            & (low[:, None, 1] < others[None, :, 3])
            & (high[:, None, 0] > others[None, :, 0])
            & (high[:, None, 1] > others[None, :, 1])
        ).any(axis=1)
        free &= ~self._on_line(low, high)
        return free

    def _on_line(self, low: Floats, high: Floats) -> np.ndarray:
        middle, vector = self._middle, self._vector
        near = (middle - np.abs(vector) < high.max(axis=0)) & (
            middle + np.abs(vector) > low.min(axis=0)
        )
        middle, vector = middle[near.all(axis=1)], vector[near.all(axis=1)]
        centre, half = (low + high) / 2, (high - low) / 2
        away = centre[:, None, :] - middle[None, :, :]
        reach = np.abs(vector)[None, :, :] + half[:, None, :]
        across = np.abs(vector[None, :, 0] * away[..., 1] - vector[None, :, 1] * away[..., 0])
        limit = (
            np.abs(vector[None, :, 1]) * half[:, None, 0]
            + np.abs(vector[None, :, 0]) * half[:, None, 1]
        )
        found: np.ndarray = ((np.abs(away) < reach).all(axis=2) & (across < limit)).any(axis=1)
        return found


def _at_point(request: NameRequest, taken: _Taken) -> PlacedName | None:
    spots = list(_spots(request))
    boxes = np.array([box for _, _, box in spots])
    free = taken.free(boxes)
    if not free.any():
        return None
    chosen = int(free.argmax())
    taken.add(boxes[chosen : chosen + 1])
    x, y, box = spots[chosen]
    return PlacedName(
        request.text, x, y, 0.0, request.size, request.style, box, second=request.second
    )


def _spots(request: NameRequest) -> Iterator[tuple[float, float, Box]]:
    """Centre of the first line, and box round both lines, at each place the name may take."""
    em = request.size * MM_PER_PT
    width, under = request.width, 0.0
    if request.second:
        second = request.second_width or len(request.second) * _LATIN * SECOND_SIZE * em
        width, under = max(width, second), em * (SECOND_SIZE + 0.1)
    half_width, half_height = width / 2, (em + under) / 2
    icon = em * _ICON + _GAP
    for across, up in _BESIDE if request.beside else ((0, 0),):
        x = request.x + across * (half_width + icon)
        middle = request.y + up * (half_height + icon) - (0 if request.beside else under / 2)
        if across and up:  # at a corner the name may come nearer
            x, middle = x - across * icon * 0.4, middle - up * icon * 0.4
        box = Box(x - half_width, middle - half_height, x + half_width, middle + half_height)
        yield x, middle + under / 2, box


def _along(request: NameRequest, taken: _Taken) -> PlacedName | None:
    ways = ways_along(request)
    boxes = ways.boxes
    for start in range(0, len(boxes), _TOGETHER):
        some = boxes[start : start + _TOGETHER]
        free = taken.free(some.reshape(-1, 4)).reshape(some.shape[:2]).all(axis=1)
        if free.any():
            chosen = start + int(free.argmax())
            taken.add(boxes[chosen])
            taken.add(_beyond(ways, chosen, request.size * MM_PER_PT))
            return _placed_along(request, ways, chosen)
    return None


def _beyond(ways: Ways, chosen: int, em: float) -> Floats:
    """Boxes before and behind a name, so that the next along the same line is not read with it."""
    places = np.column_stack([ways.x[chosen], ways.y[chosen]])
    if len(places) < 2:
        return np.empty((0, 4))
    outwards = np.array([places[0] - places[1], places[-1] - places[-2]])
    outwards /= np.maximum(np.hypot(*outwards.T), 1e-9)[:, None]
    middle = places[[0, -1]] + outwards * em
    return np.concatenate([middle - em / 2, middle + em / 2], axis=1)


def _placed_along(request: NameRequest, ways: Ways, chosen: int) -> PlacedName:
    x, y, angles = (row[chosen] for row in (ways.x, ways.y, ways.angles))
    glyphs = tuple(zip(request.text, x.tolist(), y.tolist(), angles.tolist(), strict=True))
    low, high = ways.boxes[chosen, :, :2].min(axis=0), ways.boxes[chosen, :, 2:].max(axis=0)
    return PlacedName(
        request.text,
        float(x.mean()),
        float(y.mean()),
        float(angles.mean()),
        request.size,
        request.style,
        Box(*low.tolist(), *high.tolist()),
        glyphs=glyphs,
    )
