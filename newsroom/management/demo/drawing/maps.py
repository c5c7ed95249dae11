"""Maps and plans of Vellmouth, its tramways, its sound and its weather."""

import math
import random
from collections.abc import Sequence

from PIL import Image

from newsroom.management.demo.drawing.canvas import (
    INK,
    OCHRE,
    OXBLOOD,
    PAPER,
    RULE,
    SEA,
    SLATE,
    SOFT,
    Canvas,
    Color,
    Point,
    closed,
    mix,
    on_circle,
    shade,
    smooth,
    tint,
)
from newsroom.management.demo.drawing.furniture import sourced, titled

WATER: Color = mix(PAPER, SLATE, 0.2)

# Story 3: station -> place on the map; the share of all delay where it is measured.
CORN_CROSS: Point = (960, 660)
ROPEWALK: Point = (960, 900)
SWING_BRIDGE: Point = (720, 420)
TRAM_LINES: tuple[tuple[Color, str, tuple[Point, ...]], ...] = (
    (OXBLOOD, "1", ((330, 660), (1840, 660))),
    (SLATE, "2", ((960, 290), (960, 1160))),
    (SEA, "3", ((390, 300), (600, 300), (1500, 1200), (1700, 1200))),
    (OCHRE, "4", ((420, 1130), (650, 900), (1380, 900), (1620, 660))),
)
TRAM_STOPS: tuple[tuple[Point, str, str], ...] = (
    ((330, 660), "Lantern Stairs", "below"),
    ((540, 660), "Fish Dock", "below"),
    ((750, 660), "Old Quay", "below"),
    ((1210, 660), "University Terrace", "below"),
    ((1410, 660), "Hospital", "above"),
    ((1620, 660), "Cooper's Field", "above"),
    ((1840, 660), "Northmoor", "above"),
    ((960, 290), "Chandler Hill", "right"),
    ((960, 470), "Reading Room", "right"),
    ((960, 1040), "Tannery", "right"),
    ((960, 1160), "Saltpan", "right"),
    ((390, 300), "Northbank", "above"),
    ((600, 300), "Shipyard", "above"),
    ((1090, 790), "Market Hall", "right"),
    ((1330, 1030), "Gasworks", "right"),
    ((1700, 1200), "Ringmoor", "above"),
    ((420, 1130), "Ferry Landing", "right"),
    ((650, 900), "Netmakers", "above"),
    ((1380, 900), "Brickfield", "right"),
)


def tram_map() -> Image.Image:
    """Return the tram network with the three places where most of the delay arises."""
    canvas = Canvas(2000, 1333)
    harbor = [
        (0, 520),
        (150, 560),
        (250, 700),
        (215, 860),
        (300, 1010),
        (250, 1150),
        (330, 1333),
        (0, 1333),
    ]
    canvas.polygon([*smooth(harbor[:-1]), harbor[-1]], WATER)
    river = smooth(
        [
            (200, 640),
            (420, 500),
            (640, 475),
            (830, 380),
            (1120, 375),
            (1330, 250),
            (1560, 252),
            (2010, 205),
        ]
    )
    canvas.line(river, WATER, 54)
    titled(canvas, "Where the minutes go", "Share of all tram delay, past twelve months")
    for color, _, route in TRAM_LINES:
        canvas.stroke(_rounded(route), color, 19)
    for place, share, reach in (
        (CORN_CROSS, "38%", 128),
        (ROPEWALK, "22%", 97),
        (SWING_BRIDGE, "19%", 90),
    ):
        _delay(canvas, place, share, reach)
    for place, name, side in TRAM_STOPS:
        _stop(canvas, place, name, side)
    canvas.text(1106, 600, "Corn Cross", size=36, bold=True, halo=PAPER)
    canvas.text(850, 985, "Ropewalk", size=36, bold=True, anchor="rs", halo=PAPER)
    canvas.text(616, 440, "Swing Bridge", size=36, bold=True, anchor="rs", halo=PAPER)
    canvas.text(1650, 262, "R. Vell", size=29, color=SLATE, anchor="mm")
    _line_key(canvas)
    sourced(canvas, "Vellmouth Tramways control log; 214,600 minutes")
    return canvas.finished()


def _rounded(route: Sequence[Point]) -> list[Point]:
    """Return the route with its corners taken off."""
    path = [route[0]]
    for before, corner, after in zip(route, route[1:], route[2:], strict=False):
        path += [
            _toward(corner, before, 34),
            _toward(corner, before, 14),
            _toward(corner, after, 14),
            _toward(corner, after, 34),
        ]
    return [*path, route[-1]]


def _toward(start: Point, end: Point, distance: float) -> Point:
    share = distance / math.dist(start, end)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _delay(canvas: Canvas, place: Point, share: str, reach: float) -> None:
    canvas.circle(*place, reach, OXBLOOD, 0.24)
    canvas.ring(*place, reach, OXBLOOD, 4)
    canvas.circle(*place, 56, PAPER)
    canvas.ring(*place, 56, INK, 7)
    canvas.text(*place, share, size=39, color=OXBLOOD, bold=True, anchor="mm")


def _stop(canvas: Canvas, place: Point, name: str, side: str) -> None:
    x, y = place
    canvas.circle(x, y, 19, INK)
    canvas.circle(x, y, 12, PAPER)
    offsets = {"above": (0, -34, "ms"), "below": (0, 58, "ms"), "right": (32, 10, "ls")}
    dx, dy, anchor = offsets[side]
    canvas.text(x + dx, y + dy, name, size=29, anchor=anchor, halo=PAPER)


def _line_key(canvas: Canvas) -> None:
    for index, (color, number, _) in enumerate(TRAM_LINES):
        x = 1560 + index * 92
        canvas.circle(x, 132, 33, color)
        canvas.text(x, 132, number, size=38, color=PAPER, bold=True, anchor="mm")
    canvas.text(1515, 143, "Lines", size=31, color=SOFT, anchor="rs")


# Story 1: ward, seed point of its area, homes that stand below 5.20 m.
WARDS: tuple[tuple[str, Point, int], ...] = (
    ("Saltpan", (620, 1100), 2310),
    ("Old Quay", (660, 720), 1480),
    ("Netmakers", (600, 905), 1120),
    ("Ropewalk", (850, 930), 760),
    ("Northbank", (640, 450), 480),
    ("Chandler Hill", (960, 500), 0),
    ("University", (1010, 740), 0),
    ("Market", (1060, 960), 0),
    ("Tannery", (900, 1150), 0),
    ("Shipyard", (860, 290), 0),
    ("Hospital", (1270, 640), 0),
    ("Brickfield", (1290, 900), 0),
    ("Ringmoor", (1200, 1170), 0),
    ("Gallows Hill", (1200, 380), 0),
    ("Cooper's Field", (1540, 760), 0),
    ("Northmoor", (1540, 470), 0),
)
HOME_CLASSES: tuple[tuple[int, str, float], ...] = (
    (2000, "2,000 or more", 0.0),
    (1000, "1,000-1,999", 0.32),
    (400, "400-999", 0.58),
    (0, "none", 1.0),
)


def flood_wards() -> Image.Image:
    """Return the wards of Vellmouth, shaded by the homes that stand below the wall's crest."""
    canvas = Canvas(2000, 1333, ground=WATER)
    for _, seed, homes in WARDS:
        area = _roughened(_ward_area(seed))
        canvas.polygon(area, _ward_color(homes))
        canvas.line([*area, area[0]], PAPER if homes else RULE, 4)
    _sound(canvas)
    river = smooth(
        [
            (430, 592),
            (650, 574),
            (780, 578),
            (880, 640),
            (985, 622),
            (1090, 592),
            (1160, 540),
            (1235, 510),
            (1330, 500),
            (1420, 560),
            (1510, 610),
            (1700, 618),
            (2040, 600),
        ]
    )
    canvas.line(river, WATER, 46)
    for name, (x, y), homes in WARDS:
        _ward_label(canvas, name, x, y, homes)
    canvas.box(0, 0, 2000, 218, PAPER)
    canvas.box(0, 1246, 2000, 1333, PAPER)
    titled(
        canvas,
        "6,150 homes below the line",
        "Homes that stand lower than the wall's present crest, by ward",
    )
    _ward_key(canvas)
    sourced(canvas, "City Engineer; land register; Courier analysis")
    return canvas.finished()


def _ward_area(seed: Point) -> list[Point]:
    """Return the part of the map nearer to this seed than to any other ward's."""
    area: list[Point] = [(300, 150), (2080, 150), (2080, 1300), (300, 1300)]
    for _, other, _ in WARDS:
        if other != seed:
            area = _nearer(area, seed, other)
    return area


def _nearer(area: Sequence[Point], seed: Point, other: Point) -> list[Point]:
    def excess(point: Point) -> float:
        return math.dist(point, seed) ** 2 - math.dist(point, other) ** 2

    kept: list[Point] = []
    for start, end in zip(area, [*area[1:], area[0]], strict=True):
        a, b = excess(start), excess(end)
        if a <= 0:
            kept.append(start)
        if (a < 0 < b) or (b < 0 < a):
            kept.append(_toward(start, end, math.dist(start, end) * a / (a - b)))
    return kept


def _roughened(area: Sequence[Point]) -> list[Point]:
    """Return the outline with the small bends of a real boundary; neighbors bend alike."""
    outline: list[Point] = []
    for start, end in zip(area, [*area[1:], area[0]], strict=True):
        outline += _bent(start, end, 4)[:-1]
    return outline


def _bent(start: Point, end: Point, depth: int) -> list[Point]:
    length = math.dist(start, end)
    if depth == 0 or length < 14:
        return [start, end]
    low, high = sorted(((round(start[0]), round(start[1])), (round(end[0]), round(end[1]))))
    chance = random.Random(f"{low}{high}")  # noqa: S311 - a drawing, not a secret
    swing = chance.uniform(-0.09, 0.09)
    middle = (
        (low[0] + high[0]) / 2 - (high[1] - low[1]) * swing,
        (low[1] + high[1]) / 2 + (high[0] - low[0]) * swing,
    )
    return [*_bent(start, middle, depth - 1)[:-1], *_bent(middle, end, depth - 1)]


def _ward_color(homes: int) -> Color:
    share = next(share for least, _, share in HOME_CLASSES if homes >= least)
    return tint(OXBLOOD, share) if share < 1 else mix(PAPER, SOFT, 0.08)


def _sound(canvas: Canvas) -> None:
    shore = smooth(
        [
            (520, 180),
            (500, 330),
            (430, 470),
            (470, 590),
            (430, 720),
            (370, 830),
            (420, 960),
            (380, 1090),
            (440, 1200),
            (420, 1340),
        ]
    )
    canvas.polygon([(0, 180), *shore, (0, 1340)], WATER)
    canvas.line(shore, SLATE, 4)
    wall = [point for point in shore if 600 < point[1] < 985]
    canvas.line(wall, INK, 13)
    canvas.text(330, 760, "Old Quay wall", size=30, bold=True, anchor="rm")
    canvas.text(330, 800, "2.3 km", size=30, color=SOFT, anchor="rm")
    canvas.line([(340, 770), (388, 790)], INK, 3)
    canvas.turned(150, 1080, "V E L L   S O U N D", degrees=90, size=34, color=SLATE)


def _ward_label(canvas: Canvas, name: str, x: float, y: float, homes: int) -> None:
    color = PAPER if homes >= 1000 else INK
    canvas.text(x, y, name, size=29, anchor="mm", color=color, bold=bool(homes))
    if homes:
        canvas.text(x, y + 38, f"{homes:,}", size=33, anchor="mm", color=color, bold=True)


def _ward_key(canvas: Canvas) -> None:
    canvas.box(1610, 940, 1910, 1216, PAPER)
    canvas.text(1636, 984, "Homes", size=29, bold=True)
    for index, (least, label, _) in enumerate(HOME_CLASSES):
        y = 1004 + index * 50
        canvas.box(1636, y, 1686, y + 36, _ward_color(least))
        canvas.text(1704, y + 19, label, size=26, anchor="lm")


def _coast(canvas: Canvas, land: Color, edge: Color) -> None:
    """Draw the mainland in the east and the three Skells, at the scale of the region."""
    shore = [
        (1290, -20),
        (1240, 150),
        (1330, 300),
        (1260, 430),
        (1400, 520),
        (1560, 560),
        (1430, 620),
        (1370, 730),
        (1450, 860),
        (1390, 1010),
        (1500, 1140),
        (1460, 1360),
    ]
    curve = smooth(shore)
    canvas.polygon([*curve, (2040, 1360), (2040, -20)], land)
    canvas.line(curve, edge, 4)
    for island in ISLANDS:
        ring = closed(island)
        canvas.polygon(ring, land)
        canvas.line(ring, edge, 4)


ISLANDS: tuple[tuple[Point, ...], ...] = (
    ((640, 700), (720, 640), (820, 660), (850, 740), (790, 820), (690, 810)),
    ((930, 560), (980, 535), (1030, 560), (1010, 620), (950, 630)),
    ((470, 880), (510, 850), (560, 870), (545, 920), (490, 925)),
)


def storm_front() -> Image.Image:
    """Return the weather map: the low, its isobars and both fronts at midnight."""
    canvas = Canvas(2000, 1333, ground=mix(PAPER, SLATE, 0.16))
    _coast(canvas, mix(PAPER, OCHRE, 0.13), SOFT)
    for index in range(10):
        _isobar(canvas, 70 + index * 118, 968 + index * 4)
    _cold_front(canvas)
    _warm_front(canvas)
    canvas.text(560, 560, "L", size=120, color=OXBLOOD, bold=True, anchor="mm")
    canvas.text(560, 648, "968", size=40, color=OXBLOOD, bold=True, anchor="mm")
    for (x, y), name in (
        ((1600, 545), "Vellmouth"),
        ((1590, 1080), "Quill Head"),
        ((1480, 230), "Tamsel"),
    ):
        canvas.circle(x - 20, y - 10, 9, INK)
        canvas.text(x, y, name, size=34, bold=name == "Vellmouth")
    _wind_arrows(canvas)
    canvas.box(60, 30, 900, 214, mix(PAPER, SLATE, 0.16), 0.86)
    titled(canvas, "The low at midnight", "Pressure in hectopascals; isobars every 4")
    sourced(canvas, "Coast Weather Office, Sarnholm")
    return canvas.finished()


def _isobar(canvas: Canvas, radius: float, pressure: int) -> None:
    line = []
    for angle in range(0, 361, 4):
        swell = (
            1
            + 0.1 * math.sin(math.radians(angle * 2 + 40))
            + 0.05 * math.sin(math.radians(angle * 3 - radius / 5))
        )
        px, py = on_circle(0, 0, radius * swell, angle)
        line.append((560 + px * 1.22 + radius * 0.12, 590 + py * 0.9))
    canvas.line(line, mix(SLATE, PAPER, 0.35), 3)
    if radius < 1000:
        x, y = line[28]
        canvas.text(
            x, y, str(pressure), size=25, color=SLATE, anchor="mm", halo=mix(PAPER, SLATE, 0.16)
        )


def _cold_front(canvas: Canvas) -> None:
    front = smooth([(640, 640), (800, 800), (890, 1000), (900, 1180), (860, 1360)], steps=20)
    canvas.line(front, SLATE, 9)
    for index in range(6, len(front) - 8, 13):
        _tooth(canvas, front[index], front[index + 8], SLATE)


def _tooth(canvas: Canvas, start: Point, end: Point, color: Color) -> None:
    middle = ((start[0] + end[0]) / 2, (start[1] + end[1]) / 2)
    tip = (middle[0] + (end[1] - start[1]) * 0.75, middle[1] - (end[0] - start[0]) * 0.75)
    canvas.polygon([start, end, tip], color)


def _warm_front(canvas: Canvas) -> None:
    front = smooth(
        [(640, 640), (860, 560), (1090, 600), (1270, 740), (1400, 930), (1500, 1190)], steps=20
    )
    canvas.line(front, OXBLOOD, 9)
    for index in range(12, len(front) - 8, 14):
        (x0, y0), (x1, y1) = front[index], front[index + 7]
        heading = math.degrees(math.atan2(y1 - y0, x1 - x0)) + 90
        canvas.slice(
            (x0 + x1) / 2,
            (y0 + y1) / 2,
            math.dist((x0, y0), (x1, y1)) / 2,
            heading - 180,
            heading,
            OXBLOOD,
        )


def _wind_arrows(canvas: Canvas) -> None:
    for x, y, angle in (
        (1150, 900, 34),
        (1060, 1080, 42),
        (1120, 420, 332),
        (1200, 1180, 38),
        (930, 300, 306),
    ):
        tail, tip = on_circle(x, y, 62, angle + 180), on_circle(x, y, 62, angle)
        canvas.line([tail, tip], INK, 6)
        canvas.polygon(
            [
                on_circle(*tip, 30, angle),
                on_circle(*tip, 20, angle + 115),
                on_circle(*tip, 20, angle - 115),
            ],
            INK,
        )
        for barb in (0, 22):
            root = on_circle(*tail, barb, angle)
            canvas.line([root, on_circle(*root, 32, angle - 110)], INK, 5)


def cable_map() -> Image.Image:
    """Return the sea floor of the sound with the Skell cable and its two breaks."""
    deep = mix(SLATE, PAPER, 0.42)
    canvas = Canvas(2000, 1333, ground=deep)
    for share, inset in ((0.55, 0), (0.66, 1), (0.78, 2)):
        _shallows(canvas, mix(SLATE, PAPER, share), inset)
    _coast(canvas, mix(PAPER, OCHRE, 0.2), SOFT)
    route = smooth(
        [(1432, 560), (1310, 590), (1200, 560), (1100, 640), (980, 700), (850, 735)], steps=16
    )
    spur = smooth([(700, 812), (650, 880), (600, 900), (556, 890)], steps=16)
    link = smooth([(1012, 600), (1030, 640), (1040, 668)], steps=8)
    for line in (route, spur, link):
        canvas.line(line, PAPER, 11)
        canvas.line(line, INK, 6)
    for place, name, note, side in (
        (route[22], "Break A", "31 m deep", -1),
        (route[60], "Break B", "44 m deep", 1),
    ):
        _break(canvas, place, name, note, side)
    labels = (
        (1650, 640, "Vellmouth", 38),
        (745, 736, "Great Skell", 31),
        (1000, 500, "Inner Skell", 27),
        (470, 975, "Lambskerry", 29),
    )
    for x, y, name, size in labels:
        canvas.text(x, y, name, size=size, bold=name == "Vellmouth", anchor="mm", halo=None)
    _scale_bar(canvas, 1560, 1200)
    titled(
        canvas,
        "Two breaks, 11 kilometers apart",
        "The Skell power and data cable, 35 km",
        soft=shade(SLATE, 0.45),
    )
    sourced(canvas, "Skell Cable Company; Harbor Board soundings", color=INK)
    return canvas.finished()


def _shallows(canvas: Canvas, color: Color, inset: int) -> None:
    shift = 190 - inset * 62
    shore = [
        (1290, -20),
        (1240, 150),
        (1330, 300),
        (1260, 430),
        (1400, 520),
        (1430, 620),
        (1370, 730),
        (1450, 860),
        (1390, 1010),
        (1500, 1140),
        (1460, 1360),
    ]
    canvas.polygon([*smooth([(x - shift, y) for x, y in shore]), (2040, 1360), (2040, -20)], color)
    for island in ISLANDS:
        middle_x, middle_y = (
            sum(x for x, _ in island) / len(island),
            sum(y for _, y in island) / len(island),
        )
        grow = 2.3 - inset * 0.42
        ring = [
            (middle_x + (x - middle_x) * grow, middle_y + (y - middle_y) * grow) for x, y in island
        ]
        canvas.polygon(closed(ring), color)


def _break(canvas: Canvas, place: Point, name: str, note: str, side: int) -> None:
    x, y = place
    canvas.circle(x, y, 44, OXBLOOD, 0.3)
    for turn in (45, 135):
        canvas.stroke([on_circle(x, y, 24, turn), on_circle(x, y, 24, turn + 180)], OXBLOOD, 10)
    ly = y + side * 150
    canvas.line([(x, y + side * 40), (x, ly - side * 30)], OXBLOOD, 4)
    top = ly - (60 if side < 0 else 10)
    canvas.box(x - 112, top - 12, x + 112, top + 92, PAPER)
    canvas.box(x - 112, top - 12, x - 102, top + 92, OXBLOOD)
    canvas.text(x - 84, top + 32, name, size=34, color=OXBLOOD, bold=True)
    canvas.text(x - 84, top + 74, note, size=28, color=SOFT)


def _scale_bar(canvas: Canvas, x: float, y: float) -> None:
    canvas.box(x, y, x + 130, y + 10, INK)
    canvas.box(x + 130, y, x + 260, y + 10, PAPER)
    canvas.line([(x, y), (x + 260, y), (x + 260, y + 10), (x, y + 10), (x, y)], INK, 2)
    for offset, label in ((0, "0"), (130, "5"), (260, "10 km")):
        canvas.text(x + offset, y - 14, label, size=26, anchor="ms")


def swing_bridge() -> Image.Image:
    """Return the plan of the Swing Bridge, its span shut and turned."""
    canvas = Canvas(2000, 1125, ground=mix(PAPER, OCHRE, 0.1))
    canvas.polygon([(0, 330), (2000, 330), (2000, 930), (0, 930)], WATER)
    for y, color in ((330, SOFT), (930, SOFT)):
        canvas.line([(0, y), (2000, y)], color, 9)
    for row in range(7):
        for column in range(9):
            x = 100 + column * 230 + (row % 2) * 110
            canvas.line(
                smooth([(x, 390 + row * 80), (x + 26, 382 + row * 80), (x + 52, 390 + row * 80)]),
                tint(SLATE, 0.62),
                3,
            )
    pivot = (860, 630)
    canvas.arc(*pivot, 372, 4, 86, OXBLOOD, 5)
    _arrow_head(canvas, on_circle(*pivot, 372, 84), 174, OXBLOOD)
    _approaches(canvas, *pivot)
    _span(canvas, pivot, 90, mix(PAPER, OXBLOOD, 0.3), outline=True)
    _span(canvas, pivot, 0, OXBLOOD, outline=False)
    canvas.circle(*pivot, 66, shade(OXBLOOD, 0.55))
    canvas.circle(*pivot, 26, PAPER)
    _bridge_labels(canvas, *pivot)
    titled(canvas, "A quarter turn, 4,212 times a year", "Plan of the Swing Bridge, opened 1909")
    sourced(canvas, "City Engineer, bridge log")
    return canvas.finished()


def _arrow_head(canvas: Canvas, tip: Point, heading: float, color: Color) -> None:
    canvas.polygon(
        [
            on_circle(*tip, 34, heading),
            on_circle(*tip, 24, heading + 120),
            on_circle(*tip, 24, heading - 120),
        ],
        color,
    )


def _approaches(canvas: Canvas, x: float, y: float) -> None:
    road = mix(SOFT, PAPER, 0.4)
    for top, bottom in ((214, 330), (930, 1060)):
        canvas.box(x - 52, top, x + 52, bottom, road)
        for rail in (-30, -12, 12, 30):
            canvas.line([(x + rail, top), (x + rail, bottom)], PAPER, 4)
    for radius in (118, 96):
        canvas.circle(x, y, radius, mix(PAPER, SOFT, 0.25 if radius > 100 else 0.45))


def _span(canvas: Canvas, pivot: Point, angle: float, color: Color, *, outline: bool) -> None:
    half, width = 300, 52
    corners = [
        on_circle(*on_circle(*pivot, end, angle), width, angle + side)
        for end, side in ((half, 90), (half, -90), (-half, -90), (-half, 90))
    ]
    canvas.polygon(corners, color, 0.55 if outline else 1)
    canvas.line([*corners, corners[0]], shade(OXBLOOD, 0.3), 4)
    if outline:
        return
    for index in range(-7, 7):
        near, far = index * half / 7, (index + 1) * half / 7
        for side in (90, -90):
            a, b = on_circle(*pivot, near, angle), on_circle(*pivot, far, angle)
            canvas.line(
                [on_circle(*a, width, angle + side), on_circle(*b, 30, angle + side)],
                tint(OXBLOOD, 0.45),
                3,
            )
    for rail in (-26, -10, 10, 26):
        start, end = on_circle(*pivot, half, angle), on_circle(*pivot, -half, angle)
        canvas.line([on_circle(*start, rail, 90), on_circle(*end, rail, 90)], PAPER, 3)


def _bridge_labels(canvas: Canvas, x: float, y: float) -> None:
    canvas.text(x + 340, y - 240, "90 degrees in 3 min 40 s", size=34, color=OXBLOOD, bold=True)
    canvas.text(x + 420, y + 12, "open to ships", size=34, color=SOFT, anchor="lm")
    canvas.text(x - 90, 286, "to Northbank", size=32, anchor="rm")
    canvas.text(x - 90, 980, "to Old Quay", size=32, anchor="rm")
    canvas.text(x - 190, y + 150, "pivot pier", size=32, color=SOFT, anchor="rm")
    canvas.line([(x - 180, y + 146), (x - 84, y + 70)], SOFT, 3)
    canvas.text(1900, 900, "Span 62 m, 1,140 tonnes", size=34, anchor="rs", bold=True)
    canvas.turned(200, 640, "R I V E R   V E L L", degrees=0, size=34, color=SLATE)


MAPS = {
    "tram-map": tram_map,
    "flood-wards": flood_wards,
    "storm-front": storm_front,
    "cable-map": cable_map,
    "swing-bridge": swing_bridge,
}
