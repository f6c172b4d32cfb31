"""One sheet's map as a one-page PDF of geometry; every text is drawn later, on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from papermap.basemap.base import Layer
from papermap.grid import Sheet
from papermap.render.features import draw_features
from papermap.render.gridlines import draw_grid, overlap_path
from papermap.render.ground import Grounds
from papermap.render.model import GroundFeature, MapView
from papermap.render.pen import PagePen, Recorder, page
from papermap.render.rules import applies
from papermap.render.shapes import Paper
from papermap.style import Colour, NameStyle, Rule, Style

_LINES_FROM = "transportation"  # the overlap's tint lies under roads and over the ground


def layer_names(style: Style, overview: bool) -> tuple[str, ...]:  # noqa: FBT001
    """Layers of the base map that the style draws or names, on the overview or on sheets."""
    where = ("overview" if overview else "sheet", "both")
    looks: tuple[Rule | NameStyle, ...] = (*style.rules, *style.names.values())
    wanted = [look.layer for look in looks if look.where in where]
    return tuple(dict.fromkeys(wanted))


def render_panel(
    view: MapView,
    layers: Mapping[str, Layer],
    features: Sequence[GroundFeature],
    style: Style,
    *,
    sheet: Sheet | None = None,
) -> bytes:
    """Draw one map frame.

    Parameters
    ----------
    view
        What ground fills how many mm of paper.
    layers
        Base map in metres of the view's CRS; may be empty.
    features
        Lines and areas that came with the points, in the same metres.
    style
        Rules, patterns and grid lines.
    sheet
        The sheet whose cells and overlap are drawn; None for an overview.

    Returns
    -------
    bytes
        A PDF of one page, as large as the frame; the same bytes for the same input.
    """
    paper = Paper(view)

    def draw(pen: PagePen) -> None:
        rules = [rule for rule in style.rules if applies(rule, view)]
        split = next((i for i, rule in enumerate(rules) if rule.layer == _LINES_FROM), len(rules))
        grounds = Grounds(paper, layers)
        under = Recorder()
        for rule in rules[:split]:
            grounds.draw(under, rule)
        under.replay(pen)
        strip = None if sheet is None else overlap_path(paper, sheet)
        if strip is not None:
            tinted = pen.within(strip, style.overlap_tint)
            tinted.fill(strip, Colour("white"))
            under.replay(tinted)
        for rule in rules[split:]:
            grounds.draw(pen, rule)
        draw_features(pen, paper, features, style)
        draw_grid(pen, paper, sheet, style)

    return page(view.width, view.height, draw)
