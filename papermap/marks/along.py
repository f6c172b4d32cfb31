"""Names along lines: one character after the other where the line is straight enough."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import numpy as np

from papermap.marks.ground import Floats
from papermap.marks.model import NameRequest
from papermap.units import MM_PER_PT

_TURN = 25.0  # degrees from one character to the next, at most
_STEEP = 45.0  # degrees from which wide characters stand upright, one below the other
_UPRIGHT_ADVANCE = 1.35  # of the size, at least, between such characters
_NARROW = 0.55  # width of a narrow character to a wide one
_TRIES = 48


@dataclass(frozen=True, slots=True)
class Stance:
    """One way a name can lie along its line: centres and angles of its characters."""

    x: Floats
    y: Floats
    angles: Floats  # degrees anticlockwise
    half_width: Floats  # of the boxes round the turned characters, mm
    half_height: Floats


def stances(request: NameRequest) -> list[Stance]:
    """Where the name can lie, straight places near the middle of its line first."""
    path = np.array(request.path, dtype=float)
    steps = np.hypot(*np.diff(path, axis=0).T)
    path = path[np.r_[True, steps > 1e-9]]
    if len(path) < 2 or not request.text:
        return []
    upright = _is_wide(request.text) and _is_steep(path)
    if _runs_back(path, upright=upright):
        path = path[::-1]
    along = np.r_[0.0, np.cumsum(np.hypot(*np.diff(path, axis=0).T))]
    offsets, widths = _advances(request, upright=upright)
    starts = _starts(along[-1], offsets[-1] + widths[-1] / 2 + widths[0] / 2)
    if not len(starts):
        return []
    at = starts[:, None] + widths[0] / 2 + offsets[None, :]
    x, y = np.interp(at, along, path[:, 0]), np.interp(at, along, path[:, 1])
    # a character leans as the line does over its own width, not as one short piece of it
    half = widths[None, :] / 2
    lean_x = np.interp(at + half, along, path[:, 0]) - np.interp(at - half, along, path[:, 0])
    lean_y = np.interp(at + half, along, path[:, 1]) - np.interp(at - half, along, path[:, 1])
    angles = np.degrees(np.arctan2(lean_y, lean_x))
    turns = np.abs((np.diff(angles, axis=1) + 180) % 360 - 180)
    straight = np.ones(len(starts), bool) if len(widths) < 2 else turns.max(axis=1) <= _TURN
    middle = np.abs(starts + at.mean(axis=1) - starts - along[-1] / 2) / along[-1]
    order = np.argsort(turns.sum(axis=1) / 30 + middle, kind="stable")
    if upright:
        angles = np.zeros_like(angles)
    else:
        straight &= (np.abs(angles) <= 95).all(axis=1)
    half_width, half_height = _turned(angles, widths, request.size * MM_PER_PT)
    return [
        Stance(x[i], y[i], angles[i], half_width[i], half_height[i]) for i in order if straight[i]
    ]


def _is_wide(text: str) -> bool:
    return any(unicodedata.east_asian_width(char) in "WF" for char in text)


def _is_steep(path: Floats) -> bool:
    """Whether more of the line runs up or down than across."""
    across, up = np.abs(np.diff(path, axis=0)).sum(axis=0)
    return bool(up > np.tan(np.radians(_STEEP)) * across)


def _runs_back(path: Floats, *, upright: bool) -> bool:
    across, up = path[-1] - path[0]
    return bool(up > 0 if upright else across < 0 or (across == 0 and up < 0))


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
