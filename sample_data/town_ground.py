"""The hand-laid ground of the town: coast, river, hills, and what each quarter is like.

All coordinates are local metres, x to the east and y to the north of a corner in the open sea;
``to_lonlat`` of ``town_shapes`` brings them to where the town is pretended to be.
"""

from __future__ import annotations

from typing import Final

from shapely import LineString, MultiPolygon, Point, Polygon, box
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring, unary_union
from town_shapes import XY, ribbon, rough, smooth

WEST: Final = -3600.0
EAST: Final = 7600.0
NORTH: Final = 6000.0
SOUTH: Final = -4200.0
TOWN: Final = box(-250, 0, 4250, 3000)

_COAST_WEST: Final[list[XY]] = [
    (WEST - 200, 280), (-2500, 520), (-1600, 660), (-1050, 560), (-700, 640), (-420, 610),
    (-130, 640), (60, 520), (170, 330), (235, 150), (350, 40), (470, 70), (530, 210),
    (560, 400), (640, 560), (760, 700), (930, 830), (1170, 955), (1470, 1035), (1800, 1062),
    (2130, 1040), (2370, 992), (2560, 935), (2700, 885),
]  # fmt: skip
# straight quays of the fishing harbour, then the eastern head
_QUAYS: Final[list[XY]] = [
    (2735, 868), (2715, 770), (2930, 690), (2952, 770), (3165, 700), (3142, 622), (3330, 560),
    (3352, 596), (3430, 560),
]  # fmt: skip
_COAST_EAST: Final[list[XY]] = [
    (3430, 560), (3475, 470), (3520, 330), (3600, 215), (3720, 170), (3830, 215), (3885, 350),
    (3940, 480), (4060, 570), (4330, 590), (4700, 690), (5200, 690), (5800, 800), (6500, 760),
    (EAST + 200, 980),
]  # fmt: skip
_BREAKWATERS: Final[list[list[XY]]] = [
    [(2735, 800), (2690, 590), (2760, 470), (2905, 395), (3030, 385)],
    [(3470, 470), (3385, 400), (3235, 392), (3130, 440)],
    [(3180, 640), (3165, 545)],
    [(2380, 992), (2352, 880), (2360, 850)],
    [(2570, 940), (2545, 850)],
]
_TETRAPODS: Final[list[list[XY]]] = [
    [(1180, 800), (1320, 830)], [(1430, 855), (1580, 875)], [(1700, 885), (1850, 880)],
    [(4200, 430), (4360, 450)],
]  # fmt: skip
# rocks off the heads: x, y, radius
_ROCKS: Final[list[tuple[int, int, int]]] = [
    (300, -25, 14), (352, -52, 22), (405, -30, 12), (560, 130, 13), (3690, 120, 20),
    (3735, 92, 13), (3770, 128, 10), (-760, 520, 16), (-715, 545, 10), (5420, 610, 18),
]  # fmt: skip

RIVER_LINE: Final[list[XY]] = [
    (2180, NORTH), (2420, 5300), (2330, 4700), (2480, 4200), (2640, 3760), (2840, 3330),
    (2800, 2930), (2560, 2600), (2400, 2290), (2410, 1980), (2490, 1720), (2555, 1470),
    (2520, 1240), (2462, 1080), (2450, 940), (2452, 860),
]  # fmt: skip
RIVER_WIDTHS: Final[list[float]] = [16, 18, 19, 20, 22, 24, 27, 30, 32, 33, 36, 40, 46, 56, 70, 84]
STREAM_LINE: Final[list[XY]] = [
    (420, 3600), (640, 3180), (800, 2900), (1060, 2700), (1380, 2570), (1680, 2420),
    (1960, 2260), (2200, 2200), (2398, 2140),
]  # fmt: skip
EAST_STREAM: Final[list[XY]] = [
    (4700, 3500), (4420, 3080), (4180, 2640), (4130, 2200), (4210, 1800), (4200, 1400),
    (4120, 1000), (4140, 560),
]  # fmt: skip
CANAL: Final[list[XY]] = [(2815, 3050), (2960, 2860), (3040, 2560), (3060, 2250), (3010, 2010)]

RAIL_LINE: Final[list[XY]] = [
    (WEST, 1560), (-2500, 1480), (-1500, 1420), (-900, 1400), (-300, 1430), (200, 1470),
    (700, 1530), (1200, 1600), (1560, 1648), (2020, 1694), (2400, 1760), (2800, 1826),
    (3200, 1810), (3600, 1710), (4000, 1590), (4450, 1540), (5100, 1570), (EAST, 1900),
]  # fmt: skip

# wooded hills: rings through which a smooth line is laid; what is built up is cut out of them
_WOODS: Final[list[list[XY]]] = [
    # the western hill with the castle site, out to the cape
    [(-560, 1030), (-590, 1400), (-500, 1800), (-100, 2130), (330, 2100), (640, 1900),
     (820, 1720), (850, 1550), (845, 1430), (760, 1330), (760, 1150), (800, 990), (730, 860),
     (610, 680), (550, 470), (520, 240), (400, 70), (260, 110), (200, 330), (110, 540),
     (0, 700), (-110, 900), (-330, 1000)],
    # Kannon hill behind the harbour
    [(2740, 1330), (2775, 1500), (2830, 1750), (3150, 1800), (3400, 1720), (3650, 1600),
     (3790, 1280), (3800, 1080), (3640, 960), (3400, 970), (3140, 1080), (2960, 1190),
     (2830, 1270)],
    # the eastern head
    [(3560, 745), (3680, 790), (3840, 720), (3900, 540), (3870, 370), (3800, 230), (3710, 185),
     (3610, 240), (3530, 400), (3490, 560)],
    # northern mountains, west of the river
    [(WEST, 2050), (-2200, 2150), (-1300, 1960), (-500, 2230), (60, 2200), (350, 2180),
     (640, 2250), (960, 2180), (1060, 2330), (1010, 2520), (820, 2740), (760, 2900),
     (860, 2960), (1100, 2800), (1400, 2700), (1640, 2770), (1890, 2800), (2120, 2720),
     (2330, 2660), (2490, 2850), (2560, 3040), (2520, 3400), (2380, 3800), (2180, 4400),
     (2120, 5200), (1980, NORTH), (WEST, NORTH)],
    # north-east of the fields
    [(3160, NORTH), (3220, 5000), (3060, 4300), (3120, 3700), (3260, 3300), (3520, 3290),
     (3860, 3310), (4200, 3220), (4420, 3240), (4560, 2960), (4480, 2600), (4420, 2300),
     (4500, 1980), (4640, 1720), (5000, 1660), (6000, 1850), (EAST, 2050), (EAST, NORTH)],
    # eastern ridge down to the coast
    [(4640, 1480), (4560, 1200), (4660, 980), (5000, 940), (5500, 1000), (6100, 1020),
     (6900, 1100), (EAST, 1300), (EAST, 1750), (6700, 1640), (5900, 1560), (5300, 1540)],
    # behind Unosaki and the western shore
    [(WEST, 1080), (-2500, 1180), (-1700, 1150), (-1680, 1380), (-2500, 1420), (WEST, 1500)],
]  # fmt: skip
_PINES: Final[list[XY]] = [(905, 885), (1000, 950), (1180, 1020), (1400, 1078), (1570, 1100)]


def coast_line() -> list[XY]:
    """Shore from west to east: rough where it is rock, smooth along the beach."""
    west, east = smooth(_COAST_WEST, 18), smooth(_COAST_EAST, 18)
    rocks = sum(1 for x, _ in west if x < 590)
    return rough(west[:rocks], 588, 13) + west[rocks:] + _QUAYS + rough(east, 61, 13)


def breakwaters() -> BaseGeometry:
    """Breakwaters of harbour and river mouth, and blocks off the beach."""
    walls = [LineString(wall).buffer(5.0, cap_style="flat", join_style="mitre")
             for wall in _BREAKWATERS]  # fmt: skip
    blocks = [LineString(wall).buffer(6.0, cap_style="flat") for wall in _TETRAPODS]
    return unary_union(walls + blocks)


def rocks() -> BaseGeometry:
    """Rocks off the two heads."""
    return unary_union(
        [Polygon(rough(_circle(x, y, size), seed=size, size=size / 3)) for x, y, size in _ROCKS]
    ).buffer(0)


def sea() -> BaseGeometry:
    """The ocean, without its breakwaters and with the tidal mouth of the river."""
    open_sea = Polygon([*coast_line(), (EAST + 200, SOUTH), (WEST - 200, SOUTH)])
    mouth = river_bed().intersection(box(2300, 700, 2700, 1102))
    whole = open_sea.intersection(box(WEST, SOUTH, EAST, NORTH)).union(mouth)
    return whole.difference(unary_union([breakwaters(), rocks()]))


def _circle(x: float, y: float, radius: float) -> list[XY]:
    return [(px, py) for px, py in Point(x, y).buffer(radius, quad_segs=4).exterior.coords]


def river_bed() -> Polygon:
    """The river from the mountains to the sea, wider as it goes."""
    return ribbon(RIVER_LINE, RIVER_WIDTHS, 25)


def river() -> BaseGeometry:
    """The part of the river that is drawn as river; below the coast road it is sea."""
    return river_bed().difference(box(2200, 600, 2800, 1102))


def ponds() -> list[BaseGeometry]:
    """Two reservoirs above the fields and the castle moat's rest."""
    rings: list[list[XY]] = [
        [(4330, 3130), (4440, 3190), (4530, 3140), (4510, 3050), (4420, 3010), (4340, 3050)],
        [(1180, 2745), (1250, 2790), (1330, 2770), (1320, 2710), (1230, 2690)],
    ]
    return [Polygon(smooth([*ring, ring[0]], 14)) for ring in rings]


def quays() -> Polygon:
    """The working ground of the harbour: sheds, no houses."""
    return Polygon(
        [(2740, 985), (2722, 740), (3480, 480), (3500, 640), (3470, 752), (3290, 795),
         (3060, 868), (2860, 922)]
    )  # fmt: skip


def streams() -> dict[tuple[str, str, str], list[XY]]:
    """Small waters by class, name and English name."""
    return {
        ("stream", "柳沢川", "Yanagisawa Stream"): STREAM_LINE,
        ("stream", "大沢川", "Osawa Stream"): EAST_STREAM,
        ("ditch", "里田用水", "Satoda Canal"): CANAL,
    }


def city_limit() -> LineString:
    """The limit to the neighbouring towns, from the shore round the mountains to the shore."""
    ring: list[XY] = [
        (-2150, 560), (-2100, 1000), (-2300, 1500), (-1900, 2100), (-1500, 2900), (-700, 3500),
        (-240, 3840), (500, 4200), (1300, 4100), (2000, 4600), (2900, 4650), (3600, 4400),
        (4500, 4000), (5300, 3900), (5600, 3600), (5700, 2700), (5500, 1900), (5900, 1300),
        (6150, 780),
    ]  # fmt: skip
    return LineString(smooth(ring, 90))


def woods() -> BaseGeometry:
    """Wooded hills and the pine belt behind the beach."""
    hills = [Polygon(smooth([*ring, ring[0]], 45)).buffer(0) for ring in _WOODS]
    pines = LineString(smooth(_PINES, 20)).buffer(17)
    land = box(WEST, SOUTH, EAST, NORTH).difference(sea().buffer(16)).difference(beach().buffer(6))
    return unary_union([*hills, pines]).intersection(land)


def beach() -> BaseGeometry:
    """Sand along the bay, broadest in its middle, and the cove in the east."""
    shore = LineString(coast_line())
    sands = []
    for start, end, widths in (
        ((690, 620), (2368, 992), [6, 50, 84, 98, 104, 104, 96, 80, 56, 30]),
        ((3980, 520), (4640, 680), [6, 44, 50, 44, 6]),
    ):
        strip = substring(shore, shore.project(Point(start)), shore.project(Point(end)))
        steps = [
            strip.interpolate(i / (len(widths) - 1), normalized=True) for i in range(len(widths))
        ]
        sands.append(ribbon([(p.x, p.y) for p in steps], widths, 20))
    return unary_union(sands).difference(sea())


# what each quarter is like, by rings in which the middle of a face between roads is looked up;
# the first that holds it counts
ZONES: Final[list[tuple[str, list[XY]]]] = [
    ("old", [(-1010, 560), (-1010, 960), (-230, 990), (-180, 600)]),
    ("field", [(-1660, 1000), (-1700, 1950), (-590, 1950), (-600, 900)]),
    ("wood", [(-600, 700), (-600, 1900), (330, 1990), (590, 1740), (690, 1350), (560, 1020),
              (600, 860), (560, 300), (200, 0)]),
    ("wood", [(2850, 1290), (2880, 1640), (3180, 1730), (3480, 1640), (3720, 1330),
              (3650, 1020), (3400, 1150), (3050, 1220)]),
    ("wood", [(3510, 720), (3860, 720), (3900, 300), (3500, 200)]),
    ("quay", [(2700, 1010), (2690, 660), (3480, 500), (3500, 770), (3050, 890)]),
    ("old", [(2570, 1300), (2580, 1000), (3500, 760), (3500, 980), (3200, 1200), (2800, 1300)]),
    ("old", [(3480, 600), (3480, 1000), (4100, 1000), (4100, 560)]),
    ("centre", [(1360, 1130), (1360, 1660), (2480, 1760), (2520, 1080)]),
    ("shore", [(760, 880), (760, 1480), (1360, 1660), (1360, 1060)]),
    ("grid", [(700, 1600), (560, 2350), (1180, 2650), (1830, 2480), (1860, 1740)]),
    ("north", [(1820, 1680), (1820, 2700), (2760, 2700), (2440, 2200), (2480, 1700)]),
    ("east", [(2480, 1330), (2420, 1760), (2480, 2060), (3060, 2060), (2880, 1300)]),
    ("village", [(3080, 1850), (3080, 2060), (3900, 2050), (4120, 1880), (4050, 1600),
                 (3500, 1740)]),
    ("village", [(3900, 560), (3800, 1560), (4400, 1560), (4760, 1500), (4760, 700)]),
    ("field", [(2300, 2040), (2800, 3500), (4420, 3400), (4700, 2000), (3000, 2000)]),
    ("field", [(3560, 1000), (3560, 1740), (4850, 1560), (4850, 1000)]),
    ("village", [(600, 2700), (1150, 2900), (1900, 2900), (2100, 2550), (1500, 2500)]),
]  # fmt: skip


def zone_rings() -> list[tuple[str, Polygon]]:
    """Kind of quarter and its ring, in order of precedence."""
    return [(kind, Polygon(ring)) for kind, ring in ZONES]


def solid(shape: BaseGeometry) -> list[Polygon]:
    """Polygons of a geometry, largest first."""
    parts = shape.geoms if isinstance(shape, MultiPolygon) else [shape]
    return sorted((p for p in parts if isinstance(p, Polygon)), key=lambda p: -p.area)
