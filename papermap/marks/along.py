"""Names along lines: one character after the other where the line is straight enough."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from papermap.marks.ground import Floats
from papermap.marks.model import NameRequest
from papermap.units import MM_PER_PT

_TURN = 25.0  # degrees from one character to the next, at most
_STEEP = 45.0  # degrees from which wide characters stand upright, one below the other
_UPRIGHT_ADVANCE = 1.35  # of the size, at least, between such characters
_NARROW = 0.55  # width of a narrow character to a wide one
_TRIES = 32


@dataclass(frozen=True, slots=True)
class Ways:
    """The ways a name can lie along its line, best first: rows of its characters."""

    x: Floats
    y: Floats
    angles: Floats  # degrees anticlockwise
    half_width: Floats  # of the boxes round the turned characters, mm
    half_height: Floats

    @property
    def boxes(self) -> Floats:
        """Boxes x0, y0, x1, y1 round the characters: ways × characters × 4."""
        across, up = self.half_width, self.half_height
        sides = (self.x - across, self.y - up, self.x + across, self.y + up)
        boxes: Floats = np.stack(sides, axis=-1)
        return boxes


def ways_along(request: NameRequest) -> Ways:
    """Where the name can lie, straight places near the middle of its line first."""
    path = np.array(request.path, dtype=float)
    steps = np.hypot(*np.diff(path, axis=0).T)
    path = path[np.r_[True, steps > 1e-9]]
    none = np.zeros((0, len(request.text)))
    found: list[tuple[Floats, ...]] = [(np.zeros(0), none, none, none, none, none)]
    if len(path) > 1 and request.text:
        for upright in (False, True) if _is_wide(request.text) else (False,):
            for line in (path, path[::-1]):
                lean_x, lean_y = np.diff(line, axis=0).T[:, :, None]
                if _readable(request, lean_x, lean_y, upright=upright).any():
                    found.append(_ways(request, line, upright=upright))
    price, *rows = (np.concatenate(each) for each in zip(*found, strict=True))
    order = np.argsort(price, kind="stable")
    return Ways(*(row[order] for row in rows))


def _ways(request: NameRequest, path: Floats, *, upright: bool) -> tuple[Floats, ...]:
    """The ways to lie along ``path`` from its beginning on: price (0 is best), rows of Ways."""
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(path, axis=0).T))]
    offsets, widths = _advances(request, upright=upright)
    starts = _starts(along[-1], offsets[-1] + widths[-1] / 2 + widths[0] / 2)
    at = starts[:, None] + widths[0] / 2 + offsets[None, :]
    x, y = np.interp(at, along, path[:, 0]), np.interp(at, along, path[:, 1])
    # a character leans as the line does over its own width, not as one short piece of it
    half = widths[None, :] / 2
    lean_x = np.interp(at + half, along, path[:, 0]) - np.interp(at - half, along, path[:, 0])
    lean_y = np.interp(at + half, along, path[:, 1]) - np.interp(at - half, along, path[:, 1])
    angles = np.degrees(np.arctan2(lean_y, lean_x))
    turns = np.abs((np.diff(angles, axis=1) + 180) % 360 - 180)
    good = (turns <= _TURN).all(axis=1) & _readable(request, lean_x, lean_y, upright=upright)
    middle = np.abs(at.mean(axis=1) - along[-1] / 2) / along[-1]
    price = turns.sum(axis=1) / 30 + middle
    if upright:
        angles = np.zeros_like(angles)
    half_width, half_height = _turned(angles, widths, request.size * MM_PER_PT)
    rows = (price, x, y, angles, half_width, half_height)
    return tuple(row[good] for row in rows)


def _readable(
    request: NameRequest, lean_x: Floats, lean_y: Floats, *, upright: bool
) -> NDArray[np.bool_]:
    """From left to right, or wide characters on a steep stretch from top to bottom."""
    across, up = lean_x.sum(axis=1), lean_y.sum(axis=1)
    readable: NDArray[np.bool_]
    if upright:
        readable = -up >= np.tan(np.radians(_STEEP)) * np.abs(across)
    elif _is_wide(request.text):
        readable = (across > 0) & (np.abs(up) < np.tan(np.radians(_STEEP)) * across)
    else:
        readable = (across > 1e-9) | ((np.abs(across) <= 1e-9) & (up > 0))
    return readable


def _is_wide(text: str) -> bool:
    return any(unicodedata.east_asian_width(char) in "WF" for char in text)


def _advances(request: NameRequest, *, upright: bool) -> tuple[Floats, Floats]:
    """Centres of the characters from that of the first one, and their widths, mm."""
    em = request.size * MM_PER_PT
    shares = np.array(
        [1.0 if unicodedata.east_asian_width(c) in "WFA" else _NARROW for c in request.text]
    )
    widths = shares * request.width / shares.sum()
    if upright:
        widths = np.full(len(shares), max(em * _UPRIGHT_ADVANCE, request.width / len(shares)))
    offsets = np.r_[0.0, np.cumsum((widths[1:] + widths[:-1]) / 2)]
    return offsets, np.minimum(widths, em) if upright else widths


def _starts(length: float, needed: float) -> Floats:
    spare = length - needed
    if spare < 0:
        return np.zeros(0)
    return np.linspace(0, spare, max(1, min(_TRIES, int(spare / 1.5) + 1)))


def _turned(angles: Floats, widths: Floats, em: float) -> tuple[Floats, Floats]:
    cosine, sine = np.abs(np.cos(np.radians(angles))), np.abs(np.sin(np.radians(angles)))
    wide = np.minimum(widths, em)[None, :] / 2
    return cosine * wide + sine * em / 2, sine * wide + cosine * em / 2
