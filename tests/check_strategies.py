"""Messy features for hypothesis."""

from __future__ import annotations

import math

from hypothesis import strategies as st

_NUMBERS = st.one_of(
    st.floats(-200, 200),
    st.sampled_from([139.5, 35.3, "139.5", "x", None, math.nan, True, 0, 10**400]),
)
_POSITIONS = st.lists(_NUMBERS, max_size=3)
_RINGS = st.lists(
    st.lists(st.sampled_from([[1, 1], [2, 2], [2, 1], [1, 2]]), max_size=6), max_size=2
)
_SINGLES = st.one_of(
    st.none(),
    st.builds(lambda c: {"type": "Point", "coordinates": c}, _POSITIONS),
    st.builds(lambda c: {"type": "MultiPoint", "coordinates": c}, st.lists(_POSITIONS, max_size=3)),
    st.builds(lambda c: {"type": "LineString", "coordinates": c}, st.lists(_POSITIONS, max_size=3)),
    st.builds(lambda c: {"type": "Polygon", "coordinates": c}, _RINGS),
    st.builds(lambda c: {"type": "MultiPolygon", "coordinates": c}, st.lists(_RINGS, max_size=2)),
    st.just({"type": "Nonsense"}),
)
GEOMETRIES = st.one_of(
    _SINGLES,
    st.builds(
        lambda g: {"type": "GeometryCollection", "geometries": g}, st.lists(_SINGLES, max_size=3)
    ),
)
PROPERTIES = st.dictionaries(
    st.sampled_from(["name", "category", "id", "updated_at", "status", "備考", "tel", ""]),
    st.one_of(
        st.text(max_size=8),
        st.none(),
        st.integers(),
        st.lists(st.integers(), max_size=2),
        st.sampled_from(["給水", "避難所", "浸水区域", "閉鎖", "○", "\ud800", "<b>x</b>"]),
    ),
    max_size=5,
)
