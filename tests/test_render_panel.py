"""Panels by structure: what is painted, in what order, colour and width, and where."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec
import numpy as np
import pikepdf
import pypdfium2
import pyproj
import pytest
import shapely

from papermap.basemap import Layer, open_basemap
from papermap.grid import Sheet
from papermap.model import Kind
from papermap.render import GroundFeature, MapView, layer_names, render_panel
from papermap.style import Colour, Pattern, Rule, Style, load_style
from papermap.units import Box, to_pt

CRS = "EPSG:6691"
X0, Y0 = 368_000.0, 3_908_000.0
WIDTH, HEIGHT = 100.0, 80.0
VIEW = MapView(CRS, Box(X0, Y0, X0 + 1000, Y0 + 800), WIDTH, HEIGHT, 10_000)
KAMAKURA = Path(__file__).parents[2] / "shared/data/kamakura/kamakura_base.gpkg"
MONO = load_style("mono")


def ground(shape: shapely.Geometry) -> shapely.Geometry:
    """Paper millimetres → metres, to write tests in mm."""
    return shapely.transform(shape, lambda xy: xy * 10 + (X0, Y0))


def layer(name: str, shapes: Sequence[shapely.Geometry], **fields: Sequence[object]) -> Layer:
    geometry = np.array([ground(shape) for shape in shapes], dtype=object)
    columns = {key: np.array(values, dtype=object) for key, values in fields.items()}
    return Layer(name, geometry, columns)


def style(*rules: Rule, **tables: object) -> Style:
    return msgspec.structs.replace(MONO, rules=dict(enumerate(rules)), names={}, **tables)


def road(**look: object) -> Rule:
    return Rule(layer="transportation", draw="line", **look)  # type: ignore[arg-type]


def bare(pdf: bytes) -> list[tuple[list[object], str]]:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        parsed = pikepdf.parse_content_stream(document.pages[0])
        return [([_value(x) for x in ops], str(operator)) for ops, operator in parsed]


def _value(operand: object) -> object:
    if isinstance(operand, pikepdf.Array):
        return [float(x) for x in operand]  # type: ignore[arg-type]
    return str(operand) if isinstance(operand, pikepdf.Name) else float(operand)  # type: ignore[arg-type]


def count(ops: list[tuple[list[object], str]], *names: str) -> int:
    return sum(name in names for _, name in ops)


def lines_of(pdf: bytes) -> int:
    """Strokes without the grid's own (UTM), which every sheet has."""
    return count(bare(pdf), "S", "s")


def panel(
    layers: Mapping[str, Layer],
    look: Style,
    features: Sequence[GroundFeature] = (),
    sheet: Sheet | None = None,
    view: MapView = VIEW,
) -> bytes:
    return render_panel(view, layers, features, look, sheet=sheet)


def picture(pdf: bytes, dpi: int = 127) -> np.ndarray:
    """Grey picture with 5 pixels a mm; the first row is the south."""
    document = pypdfium2.PdfDocument(pdf)
    image = document[0].render(scale=dpi / 72).to_numpy()[:, :, :3].mean(axis=2)
    document.close()
    return image[::-1]


def at(image: np.ndarray, x: float, y: float) -> float:
    return float(image[round(y * 5), round(x * 5)])


A_ROAD = shapely.LineString([(10, 10), (50, 40), (90, 40)])


def test_the_page_is_as_large_as_the_frame_and_has_no_text() -> None:
    pdf = panel({"transportation": layer("transportation", [A_ROAD])}, style(road()))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert len(document.pages) == 1
        box = [float(x) for x in document.pages[0].mediabox]
        assert box == pytest.approx([0, 0, to_pt(WIDTH), to_pt(HEIGHT)], abs=1e-3)
        assert not document.pages[0].Resources.get("/Font", {})
        assert "/CreationDate" not in document.docinfo
    assert count(bare(pdf), "BT", "Tj", "Do") == 0


def test_the_same_input_gives_the_same_bytes() -> None:
    layers = {"transportation": layer("transportation", [A_ROAD])}
    assert panel(layers, style(road())) == panel(layers, style(road()))


def test_all_lines_of_a_rule_are_one_path() -> None:
    roads = [shapely.LineString([(5, y), (95, y)]) for y in range(5, 75)]
    pdf = panel({"transportation": layer("transportation", roads)}, style(road()))
    empty = panel({}, style(road()))
    assert lines_of(pdf) == lines_of(empty) + 1
    assert count(bare(pdf), "m") >= count(bare(empty), "m") + 70


def test_lines_lie_where_they_should_on_paper() -> None:
    pdf = panel({"transportation": layer("transportation", [A_ROAD])}, style(road(width=1)))
    points = [tuple(ops) for ops, name in bare(pdf) if name in ("m", "l")]
    for x, y in A_ROAD.coords:
        assert any(abs(px - to_pt(x)) < 0.06 and abs(py - to_pt(y)) < 0.06 for px, py in points)


def test_rules_choose_by_fields_and_paint_in_their_order() -> None:
    lines = [shapely.LineString([(5, y), (95, y)]) for y in (10, 20, 30, 40)]
    roads = layer(
        "transportation", lines,
        **{"class": ["trunk", "minor", "trunk", None], "brunnel": [None, None, "tunnel", None]},
    )  # fmt: skip
    look = style(
        road(classes=("trunk",), not_brunnel=("tunnel",), colour=Colour("K12"), width=2),
        road(classes=("minor",), colour=Colour("0053C8"), width=1),
    )
    ops = bare(panel({"transportation": roads}, look))
    widths = [ops for ops, name in ops if name == "w"]
    first = next(i for i, w in enumerate(widths) if w == [pytest.approx(to_pt(2), abs=1e-3)])
    assert widths[first + 1] == [pytest.approx(to_pt(1), abs=1e-3)]
    assert ([pytest.approx(0.88)], "G") in ops  # greys are DeviceGray
    assert any(name == "RG" for _, name in ops)
    ys = {round(float(ops[1]) / to_pt(1)) for ops, name in ops if name == "m"}  # type: ignore[arg-type]
    assert {10, 20} <= ys
    assert not {30, 40} & ys


def test_black_is_never_rgb_black() -> None:
    layers = {"transportation": layer("transportation", [A_ROAD], **{"class": ["minor"]})}
    for name in ("mono", "large"):
        ops = bare(panel(layers, load_style(name), sheet=_sheet()))
        assert count(ops, "RG", "rg") == 0
        # a page begins in RGB black: greys are set before the first clip saves the state
        first = next(i for i, (_, operator) in enumerate(ops) if operator == "q")
        assert {"G", "g"} <= {operator for _, operator in ops[:first]}
        assert ["/DeviceRGB"] not in [ops for ops, operator in ops[first:] if operator == "CS"]


def test_scales_and_where_switch_rules_off() -> None:
    layers = {"transportation": layer("transportation", [A_ROAD])}
    empty = lines_of(panel({}, style()))
    assert lines_of(panel(layers, style(road(scales=(1, 9_000))))) == empty
    assert lines_of(panel(layers, style(road(where="overview")))) == empty
    overview = MapView(CRS, VIEW.bounds, WIDTH, HEIGHT, 10_000, overview=True)
    none = lines_of(panel({}, style(), view=overview))
    assert lines_of(panel(layers, style(road(where="overview")), view=overview)) == none + 1
    assert lines_of(panel(layers, style(road(where="sheet")), view=overview)) == none


def test_widths_shrink_gently_with_the_scale() -> None:
    far = MapView(CRS, Box(X0, Y0, X0 + 4000, Y0 + 3200), WIDTH, HEIGHT, 40_000)
    pdf = panel(
        {"transportation": layer("transportation", [A_ROAD])}, style(road(width=1)), view=far
    )
    widths = [float(ops[0]) for ops, name in bare(pdf) if name == "w"]  # type: ignore[arg-type]
    assert any(to_pt(0.5) < width < to_pt(0.7) for width in widths)


def test_nothing_outside_the_frame_costs_bytes() -> None:
    roads = [shapely.LineString([(x, -500), (x, -20)]) for x in range(100)]
    far = panel({"transportation": layer("transportation", roads)}, style(road()))
    assert count(bare(far), "m") == count(bare(panel({}, style(road()))), "m")


def test_areas_with_islands_and_overlaps_fill_right() -> None:
    lake = shapely.box(10, 10, 60, 60).difference(shapely.box(20, 20, 50, 50))
    areas = [lake, shapely.box(30, 30, 40, 40), shapely.box(5, 5, 15, 15)]
    rule = Rule(layer="water", draw="fill", colour=Colour("K50"))
    image = picture(panel({"water": layer("water", areas)}, style(rule)))
    assert at(image, 12, 12) == pytest.approx(127, abs=6)  # two overlap: still filled
    assert at(image, 25, 25) > 250  # the island
    assert at(image, 35, 35) == pytest.approx(127, abs=6)  # the pond on it
    assert at(image, 70, 70) > 250


def test_areas_cut_by_tiles_have_no_seam_and_no_edge_along_the_frame() -> None:
    tiles = [shapely.box(-50, -50, 50.001, 40), shapely.box(50.0, -50, 150, 40)]
    seam = [shapely.box(-50, -50, 49.998, 40), shapely.box(50.002, -50, 150, 40)]
    for cut in (tiles, seam):
        rule = Rule(layer="water", draw="line", width=0.5)
        image = picture(panel({"water": layer("water", cut)}, style(rule)))
        assert at(image, 30, 40) < 100  # the shore
        assert at(image, 50, 20) > 250
        assert at(image, 0.4, 20) > 250
        assert at(image, 30, 0.4) > 250


def test_the_shore_does_not_cross_a_river_mouth() -> None:
    areas = [shapely.box(-20, -20, 120, 30), shapely.box(40, 30, 50, 100)]
    water = layer("water", areas, **{"class": ["ocean", "river"]})
    rules = [
        Rule(layer="water", draw="line", classes=("ocean",), width=0.5),
        Rule(layer="water", draw="line", not_classes=("ocean",), width=0.5),
        Rule(layer="water", draw="line", classes=("ocean",), width=0.4, inset=2),
    ]
    image = picture(panel({"water": water}, style(*rules)))
    assert at(image, 45, 30) > 250  # open mouth
    assert at(image, 20, 30) < 100  # shore
    assert at(image, 40, 60) < 100  # bank
    assert at(image, 20, 28) < 150  # waterline
    assert at(image, 2, 10) > 250  # none along the frame


def test_cuts_where_the_next_tile_is_missing_are_no_shore() -> None:
    step = 2 * 20037508.342789244 / 2**14
    to_plan = pyproj.Transformer.from_crs(3857, CRS, always_xy=True)
    to_mercator = pyproj.Transformer.from_crs(CRS, 3857, always_xy=True)
    mx, my = to_mercator.transform(X0 + 500, Y0 + 400)
    edge = np.floor((mx + 20037508.342789244) / step) * step - 20037508.342789244
    x, y = to_plan.transform(edge, my)
    view = MapView(CRS, Box(x - 500, y - 400, x + 500, y + 400), WIDTH, HEIGHT, 10_000)
    sea = shapely.transform(
        shapely.box(edge - 5000, my - 3000, edge, my), to_plan.transform, interleaved=False
    )
    water = Layer("water", np.array([sea], dtype=object), {})
    rule = Rule(layer="water", draw="line", width=0.5)
    line = Rule(layer="water", draw="line", width=0.5, inset=2)
    image = picture(panel({"water": water}, style(rule, line), view=view))
    column = image[5:195, 250]  # along the cut, 50 mm from the left
    assert (column > 250).mean() > 0.9
    assert (image[200 - 4 : 200 + 5, 100] < 100).any()  # the true shore remains


def test_parallel_tracks_are_drawn_once() -> None:
    tracks = [shapely.LineString([(-5, 30 + i * 0.4), (105, 30 + i * 0.4)]) for i in range(4)]
    branch = shapely.LineString([(50, 30), (90, 70)])
    rails = layer("transportation", [*tracks, branch])
    single = panel({"transportation": rails}, style(road(width=0.3, merge=1.8)))
    image = picture(single)
    across = image[100:200, 20 * 5] < 200
    assert np.count_nonzero(np.diff(across.astype(int)) == 1) == 1
    assert (image[300 - 5 : 300 + 5, 80 * 5 - 5 : 80 * 5 + 5] < 200).any()  # the branch remains


def test_ticks_stand_across_the_line() -> None:
    rail = layer("transportation", [shapely.LineString([(10, 30), (90, 30)])])
    rule = Rule(layer="transportation", draw="ticks", spacing=8, length=4, width=0.3)
    pdf = panel({"transportation": rail}, style(rule))
    starts = [ops for ops, name in bare(pdf) if name in ("m", "l")]
    ys = sorted({round(float(ops[1]) / to_pt(1), 1) for ops in starts})  # type: ignore[arg-type]
    assert {28.0, 32.0} <= set(ys)
    assert count(bare(pdf), "m") - count(bare(panel({}, style(rule))), "m") == 10


def test_dots_stand_on_a_lattice_of_the_ground() -> None:
    wood = layer("landcover", [shapely.box(-50, -50, 150, 130)])
    rule = Rule(layer="landcover", draw="dots", spacing=4, width=0.3)
    shifted = MapView(CRS, Box(X0 + 70, Y0, X0 + 1070, Y0 + 800), WIDTH, HEIGHT, 10_000)
    here = picture(panel({"landcover": wood}, style(rule)), dpi=254)
    there = picture(panel({"landcover": wood}, style(rule), view=shifted), dpi=254)
    # 70 m are 7 mm are 70 pixels: what both sheets show is the same
    both = here[20:-20, 90:990] < 200, there[20:-20, 20:920] < 200
    assert both[0].sum() > 500
    assert (both[0] != both[1]).mean() < 0.002


def test_stations_lie_along_their_railway() -> None:
    layers = {
        "transportation": layer(
            "transportation", [shapely.LineString([(50, 0), (50, 80)])], **{"class": ["rail"]}
        ),
        "poi": layer("poi", [shapely.Point(51, 40)], **{"class": ["railway"]}),
    }
    rule = Rule(layer="poi", draw="station", width=2, length=10)
    image = picture(panel(layers, style(rule)))
    assert (image[:, 250] < 150).any()
    dark = np.argwhere(image[100:300, 200:300] < 150)  # clear of the UTM ticks
    height, width = np.ptp(dark, axis=0) / 5
    assert height == pytest.approx(10, abs=0.7)
    assert width == pytest.approx(2, abs=0.7)


def test_signs_are_drawn_once_though_tiles_double_them() -> None:
    temples = layer("poi", [shapely.Point(50, 40), shapely.Point(50.5, 40)])
    rule = Rule(layer="poi", draw="icon", icon="icon_temple", width=3)
    pdf = panel({"poi": temples}, style(rule))
    image = picture(pdf)
    assert (image[190:210, 240:260] < 128).any()
    one = panel({"poi": layer("poi", [shapely.Point(50, 40)])}, style(rule))
    assert count(bare(pdf), "m") == count(bare(one), "m")


def _sheet() -> Sheet:
    core = Box(X0 + 100, Y0 + 100, X0 + 900, Y0 + 700)
    return Sheet("7", 0, 0, 10_000, 400.0, VIEW.bounds, core, 4, 3, {}, {}, (), ())


def test_the_overlap_is_tinted_and_lets_the_map_through() -> None:
    water = layer("water", [shapely.box(-10, -10, 110, 50)])
    look = style(Rule(layer="water", draw="fill", colour=Colour("K20")), overlap_tint=Colour("K10"))
    image = picture(panel({"water": water}, look, sheet=_sheet()))
    assert at(image, 20, 45) == pytest.approx(204, abs=4)
    assert at(image, 5, 45) == pytest.approx(204 * 0.9, abs=4)
    assert at(image, 5, 55) == pytest.approx(230, abs=4)
    assert at(image, 20, 55) > 250


def test_cells_core_and_kilometres() -> None:
    image = picture(panel({}, style(), sheet=_sheet()), dpi=254)
    assert image[500, 100] < 150  # the core's left edge
    assert (image[:, 300] < 200).mean() > 0.1  # a dashed cell line
    assert (image[:, 300] < 200).mean() < 0.6
    view = MapView(CRS, Box(X0 - 500, Y0 - 400, X0 + 500, Y0 + 400), WIDTH, HEIGHT, 10_000)
    image = picture(panel({}, style(), view=view), dpi=254)
    dark = image < 150
    assert dark[400, 480:520].mean() > 0.8  # a cross of 5 mm at the kilometre
    assert dark[400, 530:560].mean() < 0.1
    assert dark[2:38, 500].mean() > 0.9  # a tick of 4 mm
    assert dark[50:350, 500].mean() < 0.1


def _feature(category: str, kind: Kind, shape: shapely.Geometry) -> GroundFeature:
    return GroundFeature(category, kind, ground(shape))


def test_roads_that_came_with_the_points() -> None:
    line = shapely.LineString([(10, 40), (90, 40)])
    passable = panel({}, MONO, [_feature("road_passable", Kind.LINE, line)])
    closed = panel({}, MONO, [_feature("road_closed", Kind.LINE, line)])
    pattern = MONO.patterns["road_passable"]
    dashes = [ops[0] for ops, name in bare(passable) if name == "d"]
    assert [pytest.approx(to_pt(x), abs=1e-3) for x in pattern.dash] in dashes
    image = picture(closed)
    assert (image[195:206, 50:450] < 100).any(axis=0).mean() > 0.9
    assert count(bare(closed), "m") > count(bare(passable), "m") + 20  # the crosses


def test_a_flooded_area_is_hatched_and_lets_the_map_through() -> None:
    area = shapely.box(20, 20, 80, 60).difference(shapely.box(40, 30, 60, 50))
    image = picture(panel({}, MONO, [_feature("flooded", Kind.AREA, area)]), dpi=254)
    share = (image[220:580, 220:380] < 200).mean()
    assert 0.03 < share < 0.3
    assert (image[320:480, 420:580] < 200).mean() == 0  # the hole is dry
    assert (image[620:700, 220:780] < 200).mean() == 0


def test_unknown_features_get_the_default_pattern() -> None:
    line = _feature("something", Kind.LINE, shapely.LineString([(10, 40), (90, 40)]))
    area = _feature("else", Kind.AREA, shapely.box(20, 20, 80, 30))
    look = msgspec.structs.replace(MONO, patterns={"default": Pattern(width=3)})
    assert count(bare(panel({}, look, [line, area])), "S") > count(bare(panel({}, look)), "S") + 1


def test_features_outside_the_view_leave_no_trace() -> None:
    away = _feature("flooded", Kind.AREA, shapely.box(500, 500, 600, 600))
    assert panel({}, MONO, [away]) == panel({}, MONO)


def test_layer_names_are_those_the_style_draws_or_names() -> None:
    sheet, overview = layer_names(MONO, overview=False), layer_names(MONO, overview=True)
    assert {"water", "transportation", "building", "place", "poi"} <= set(sheet)
    assert {"water", "transportation", "place"} <= set(overview)
    assert "building" not in overview
    assert len(set(sheet)) == len(sheet)


@pytest.mark.parametrize("name", ["mono", "colour", "large"])
@pytest.mark.skipif(not KAMAKURA.is_file(), reason="the real data are not here")
def test_a_real_sheet(name: str) -> None:
    look = load_style(name)
    bounds = Box(367_300, 3_908_300, 369_160, 3_909_700)
    view = MapView(CRS, bounds, 186, 140, 10_000)
    core = Box(367_430, 3_908_400, 369_030, 3_909_600)
    sheet = Sheet("20", 0, 0, 10_000, 400.0, bounds, core, 4, 3, {}, {}, (), ())
    layers = open_basemap(str(KAMAKURA)).layers(view.extent(), layer_names(look, overview=False))
    pdf = render_panel(view, layers, (), look, sheet=sheet)
    assert len(pdf) < 60_000
    image = picture(pdf)
    ink = 1 - image.mean() / 255
    assert 0.01 < ink < (0.075 if name != "colour" else 0.12)
