"""One sheet's map as a one-page PDF of geometry; every text is drawn later, on paper."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from papermap.basemap.base import Layer, Picture
from papermap.grid import Sheet
from papermap.render.features import draw_features
from papermap.render.gridlines import draw_grid, overlap_path
from papermap.render.ground import Grounds
from papermap.render.model import GroundFeature, MapView
from papermap.render.pen import PagePen, Recorder, page
from papermap.render.picture import crosses, put_beneath
from papermap.render.rules import applies
from papermap.render.shapes import Paper, line_path
from papermap.style import Colour, NameStyle, Rule, Style

_LINES_FROM = "transportation"  # the overlap's tint lies under roads and over the ground

_COVERING = ("fill", "dots")


def layer_names(style: Style, overview: bool) -> tuple[str, ...]:  # noqa: FBT001
    """Layers of the base map that the style draws or names, on the overview or on sheets."""
    where = ("overview" if overview else "sheet", "both")
    looks: tuple[Rule | NameStyle, ...] = (*style.rules.values(), *style.names.values())
    wanted = [look.layer for look in looks if look.where in where]
    return tuple(dict.fromkeys(wanted))


def render_panel(
    view: MapView,
    layers: Mapping[str, Layer],
    features: Sequence[GroundFeature],
    style: Style,
    *,
    sheet: Sheet | None = None,
    pictures: Sequence[Picture] = (),
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
    pictures
        Raster base maps that lie beneath; fills of the base map would hide them and are left out.

    Returns
    -------
    bytes
        A PDF of one page, as large as the frame; the same bytes for the same input.
    """
    paper = Paper(view)

    def draw(pen: PagePen) -> None:
        rules = [rule for rule in style.rules.values() if applies(rule, view)]
        if pictures:
            rules = [rule for rule in rules if rule.draw not in _COVERING]
        split = next((i for i, rule in enumerate(rules) if rule.layer == _LINES_FROM), len(rules))
        grounds = Grounds(paper, layers)
        under = Recorder()
        for rule in rules[:split]:
            grounds.draw(under, rule)
        under.replay(pen)
        strip = None if sheet is None else overlap_path(paper, sheet)
        if strip is not None:
            tinted = pen.within(strip, style.overlap_tint)
            if not pictures:  # they are tinted themselves
                tinted.fill(strip, Colour("white"))
            under.replay(tinted)
        for rule in rules[split:]:
            grounds.draw(pen, rule)
        missing = line_path(paper, crosses(pictures, paper, style))
        pen.stroke(missing, style.grid.colour, style.grid.utm)
        draw_features(pen, paper, features, style)
        draw_grid(pen, paper, sheet, style)

    panel = page(view.width, view.height, draw)
    if not pictures:
        return panel
    return put_beneath(panel, pictures, paper, style, None if sheet is None else sheet.core)
