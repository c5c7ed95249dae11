"""Illustrations: what a staff artist draws when no photograph says it better."""

import itertools
import random

from PIL import Image

from newsroom.management.demo.drawing.canvas import (
    INK,
    OCHRE,
    OXBLOOD,
    PAPER,
    SEA,
    SLATE,
    SOFT,
    Canvas,
    Color,
    Point,
    mix,
    on_circle,
    ridge,
    shade,
    smooth,
    tint,
)
from newsroom.management.demo.drawing.vessels import (
    at,
    bollard,
    container_ship,
    ferry,
    ferry_outline,
    gantry,
    gull,
)

LANDSCAPE = (2000, 1333)
WIDE = (2000, 1125)
UPRIGHT = (2000, 2500)


def _hills(
    canvas: Canvas, base: float, height: float, color: Color, *, seed: int, bottom: float
) -> None:
    skyline = ridge(canvas.width, base, height, seed=seed)
    canvas.polygon([(0, bottom), *skyline, (canvas.width, bottom)], color)


def _ripples(
    canvas: Canvas, top: float, bottom: float, color: Color, *, seed: int, count: int
) -> None:
    """Draw short strokes of light on water, longer and wider apart toward the viewer."""
    chance = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    for _ in range(count):
        depth = chance.random() ** 1.6
        y = top + (bottom - top) * depth
        half = 14 + 95 * depth * chance.uniform(0.5, 1)
        x = chance.uniform(0, canvas.width)
        lens = [(x - half, y), (x, y - 1 - 2.5 * depth), (x + half, y), (x, y + 1 + 2.5 * depth)]
        canvas.polygon(lens, color, 0.35 + 0.3 * depth)


def _sun_path(
    canvas: Canvas, x: float, top: float, bottom: float, color: Color, *, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    for index in range(46):
        share = index / 45
        y = top + (bottom - top) * share**1.3
        half = (30 + 120 * share) * chance.uniform(0.35, 1)
        shift = chance.uniform(-40, 40) * (0.3 + share)
        height = 2 + 5 * share
        middle = x + shift
        lens = [(middle - half, y), (middle, y - height), (middle + half, y), (middle, y + height)]
        canvas.polygon(lens, color, 0.75 - 0.45 * share)


def harbor_dawn() -> Image.Image:
    """Return the container terminal at first light."""
    canvas = Canvas(*LANDSCAPE)
    horizon = 838
    dusk, rose = mix(SLATE, INK, 0.45), mix(OXBLOOD, OCHRE, 0.55)
    canvas.gradient(
        0, horizon, [dusk, mix(SLATE, PAPER, 0.32), mix(rose, PAPER, 0.55), tint(OCHRE, 0.5)]
    )
    canvas.glow(1420, horizon - 60, 620, tint(OCHRE, 0.45), 0.75)
    canvas.circle(1420, horizon - 62, 74, tint(OCHRE, 0.78))
    _hills(canvas, 752, 46, mix(SLATE, tint(OCHRE, 0.5), 0.55), seed=4, bottom=horizon)
    _hills(canvas, 790, 34, mix(SLATE, tint(OCHRE, 0.5), 0.32), seed=11, bottom=horizon)
    canvas.gradient(
        horizon, 1333, [mix(rose, PAPER, 0.45), mix(SLATE, PAPER, 0.3), mix(SLATE, INK, 0.5)]
    )
    _ripples(canvas, horizon + 12, 1290, shade(SLATE, 0.55), seed=8, count=150)
    _sun_path(canvas, 1420, horizon + 6, 1250, tint(OCHRE, 0.7), seed=3)
    _terminal(canvas, horizon)
    for x, y, size in (
        (1130, 300, 26),
        (1210, 255, 18),
        (1660, 380, 22),
        (1040, 380, 14),
        (1735, 335, 13),
    ):
        gull(canvas, x, y, size, shade(SLATE, 0.6))
    _quay_edge(canvas)
    return canvas.finished()


def _terminal(canvas: Canvas, horizon: float) -> None:
    iron = shade(SLATE, 0.68)
    for x, size, load in ((985, 1.02, None), (735, 1.2, OXBLOOD), (425, 1.4, OCHRE)):
        gantry(canvas, x, horizon + 26, size, iron, load=load)
    canvas.polygon(
        [(0, horizon + 20), (1130, horizon + 20), (1180, horizon + 44), (0, horizon + 44)], iron
    )
    container_ship(canvas, 60, horizon + 92, 960)
    canvas.polygon(
        [(110, horizon + 93), (1000, horizon + 93), (960, horizon + 128), (150, horizon + 128)],
        INK,
        0.35,
    )


def _quay_edge(canvas: Canvas) -> None:
    dark = mix(INK, SLATE, 0.12)
    canvas.polygon([(0, 1210), (2000, 1262), (2000, 1333), (0, 1333)], dark)
    canvas.line([(0, 1212), (2000, 1264)], tint(SOFT, 0.25), 4)
    for x, size in ((210, 1.9), (980, 1.75), (1730, 1.6)):
        bollard(canvas, x, 1228 + x * 0.026, size, shade(SOFT, 0.75))


def ferry_crossing() -> Image.Image:
    """Return the island ferry under the hills of the Skells, early evening."""
    canvas = Canvas(*LANDSCAPE)
    mist = tint(SEA, 0.78)
    canvas.gradient(0, 800, [tint(SLATE, 0.42), tint(SLATE, 0.7), tint(OCHRE, 0.72)])
    canvas.glow(430, 560, 520, tint(OCHRE, 0.7), 0.8)
    ranges = ((560, 120, 0.78, 21), (640, 105, 0.6, 5), (710, 80, 0.4, 33), (765, 52, 0.2, 14))
    for base, height, share, seed in ranges:
        _hills(canvas, base, height, mix(shade(SEA, 0.25), mist, share), seed=seed, bottom=815)
    canvas.gradient(800, 1333, [mix(mist, SEA, 0.25), mix(SEA, SLATE, 0.35), mix(SEA, INK, 0.62)])
    _ripples(canvas, 815, 1310, tint(SEA, 0.72), seed=6, count=190)
    _wake(canvas, 690, 962)
    canvas.polygon([(700, 964), (1330, 964), (1270, 1046), (740, 1046)], INK, 0.28)
    ferry(canvas, 690, 966, 680, OXBLOOD, shade(SLATE, 0.35))
    _smoke(canvas)
    for x, y, size in (
        (470, 690, 24),
        (400, 735, 17),
        (560, 640, 15),
        (610, 742, 19),
        (330, 668, 12),
    ):
        gull(canvas, x, y, size, tint(PAPER, 0) if y > 700 else shade(SEA, 0.5))
    return canvas.finished()


def _wake(canvas: Canvas, x: float, y: float) -> None:
    chance = random.Random(2)  # noqa: S311 - a drawing, not a secret
    for index in range(34):
        share = index / 33
        middle, half = x - 30 - 620 * share, 40 + 70 * share
        drop = chance.uniform(-4, 6) + chance.choice((0, 34)) * share
        lens = [
            (middle - half, y + drop),
            (middle, y + drop - 5),
            (middle + half, y + drop),
            (middle, y + drop + 5),
        ]
        canvas.polygon(lens, PAPER, 0.62 * (1 - share) + 0.08)
    foam = smooth(
        [
            (x + 655, y - 6),
            (x + 600, y + 2),
            (x + 420, y + 4),
            (x + 600, y + 13),
            (x + 668, y + 9),
            (x + 655, y - 6),
        ]
    )
    canvas.polygon(foam, PAPER, 0.85)


def _smoke(canvas: Canvas) -> None:
    for index in range(12):
        share = index / 11
        canvas.glow(
            884 - 330 * share,
            694 - 92 * share**0.8,
            26 + 62 * share,
            SOFT,
            0.3 * (1 - share) + 0.04,
        )


def lighthouse() -> Image.Image:
    """Return the Lantern Point light at night, with the two new masts behind it."""
    canvas = Canvas(*WIDE)
    canvas.gradient(0, 860, [shade(SLATE, 0.86), shade(SLATE, 0.62), mix(SLATE, SEA, 0.4)])
    chance = random.Random(12)  # noqa: S311 - a drawing, not a secret
    for _ in range(170):
        x, y = chance.uniform(0, 2000), chance.uniform(0, 690)
        canvas.circle(x, y, chance.uniform(0.8, 2.2), tint(SLATE, chance.uniform(0.5, 0.95)))
    canvas.gradient(830, 1125, [mix(SLATE, SEA, 0.45), shade(SLATE, 0.7), shade(SLATE, 0.85)])
    _ripples(canvas, 845, 1110, tint(SEA, 0.6), seed=20, count=110)
    lamp = (690, 322)
    for spread, opacity in ((70, 0.1), (44, 0.13), (22, 0.18)):
        canvas.polygon(
            [lamp, (2000, 120 - spread * 1.8), (2000, 200 + spread * 1.8)],
            tint(OCHRE, 0.6),
            opacity,
        )
        canvas.polygon([lamp, (0, 428 - spread), (0, 452 + spread)], tint(OCHRE, 0.6), opacity)
    _headland(canvas)
    _tower(canvas, 690, 770)
    canvas.glow(*lamp, 170, tint(OCHRE, 0.8), 0.95)
    canvas.circle(*lamp, 13, tint(OCHRE, 0.92))
    return canvas.finished()


def _headland(canvas: Canvas) -> None:
    rock = [
        (0, 830),
        (120, 812),
        (300, 786),
        (520, 770),
        (840, 764),
        (1010, 782),
        (1130, 828),
        (1210, 905),
        (1330, 935),
        (1420, 985),
        (1500, 1052),
        (1560, 1140),
    ]
    for x, height in ((305, 190), (425, 160)):
        _mast(canvas, x, 792, height)
    canvas.polygon([*smooth(rock), (0, 1140)], mix(INK, SLATE, 0.16))
    for x, y in ((1560, 1006), (1670, 1030), (1745, 1046)):
        canvas.polygon(
            [(x - 60, y + 14), (x - 20, y - 16), (x + 22, y - 8), (x + 62, y + 14)],
            mix(INK, SLATE, 0.16),
        )
    canvas.polygon(
        [(760, 770), (760, 718), (800, 692), (900, 692), (930, 718), (930, 770)],
        mix(INK, SLATE, 0.3),
    )
    for x in (792, 846):
        canvas.box(x, 728, x + 26, 750, tint(OCHRE, 0.35))


def _mast(canvas: Canvas, x: float, base: float, height: float) -> None:
    iron = mix(INK, SLATE, 0.4)
    canvas.line([(x - 20, base), (x, base - height), (x + 20, base)], iron, 5)
    for step in range(1, 6):
        y, half = base - height * step / 6, 20 * (1 - step / 6)
        canvas.line([(x - half, y), (x + half, y)], iron, 3)
    canvas.polygon(
        [
            (x - 34, base - height - 26),
            (x + 34, base - height - 34),
            (x + 28, base - height - 4),
            (x - 28, base - height),
        ],
        iron,
    )
    canvas.circle(x, base - height - 42, 4, OXBLOOD)
    canvas.glow(x, base - height - 42, 30, OXBLOOD, 0.7)


def _tower(canvas: Canvas, x: float, base: float) -> None:
    def half(y: float) -> float:
        return 66 - (base - y) / (base - 370) * 28

    bands = [base - index * 80 for index in range(6)]
    for index, (low, high) in enumerate(itertools.pairwise(bands)):
        light = (OXBLOOD, tint(SLATE, 0.86))[index % 2]
        corners = [
            (x - half(low), low),
            (x - half(high), high),
            (x + half(high), high),
            (x + half(low), low),
        ]
        canvas.polygon(corners, light)
        right = [
            (x + half(low) * 0.2, low),
            (x + half(high) * 0.2, high),
            (x + half(high), high),
            (x + half(low), low),
        ]
        canvas.polygon(right, INK, 0.34)
    canvas.box(x - 56, 360, x + 56, 374, INK)
    canvas.box(x - 30, 292, x + 30, 360, mix(INK, OCHRE, 0.5))
    for offset in (-30, -10, 10, 30):
        canvas.line([(x + offset, 292), (x + offset, 360)], INK, 4)
    canvas.polygon([(x - 42, 294), (x, 244), (x + 42, 294)], shade(OXBLOOD, 0.4))
    canvas.line([(x, 246), (x, 214)], INK, 4)


def orchard() -> Image.Image:
    """Return an orchard near Dunmarrow in picking week, rows running to the hills."""
    canvas = Canvas(*LANDSCAPE)
    canvas.gradient(0, 640, [tint(SLATE, 0.52), tint(SLATE, 0.8), tint(OCHRE, 0.78)])
    canvas.circle(1490, 250, 66, tint(OCHRE, 0.86))
    for base, height, share, seed in ((500, 80, 0.68, 9), (560, 60, 0.48, 2), (608, 36, 0.28, 17)):
        _hills(canvas, base, height, mix(SEA, tint(OCHRE, 0.8), share), seed=seed, bottom=660)
    grass = mix(SEA, OCHRE, 0.42)
    canvas.gradient(640, 1333, [tint(grass, 0.34), grass, shade(grass, 0.35)])
    _orchard_lanes(canvas, grass)
    rows = [
        (column, row)
        for row in range(9, -1, -1)
        for column in (-3.5, 3.5, -2.5, 2.5, -1.5, 1.5, -0.5, 0.5)
    ]
    for column, row in rows:
        depth = 1.35 + row * 0.72
        x, y = 1000 + column * 980 / depth, 640 + 780 / depth
        if -200 < x < 2200:
            _apple_tree(canvas, x, y, 1 / depth, 1000 + round(column * 10) + row * 100)
    _ladder_and_crates(canvas)
    return canvas.finished()


def _orchard_lanes(canvas: Canvas, grass: Color) -> None:
    for column in range(-6, 7):
        near, far = 1000 + column * 980 / 0.9, 1000 + column * 980 / 12
        lane = [(far - 4, 700), (far + 4, 700), (near + 130, 1400), (near - 130, 1400)]
        canvas.polygon(lane, tint(grass, 0.3), 0.4)


def _apple_tree(canvas: Canvas, x: float, y: float, size: float, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    leaf = shade(mix(SEA, OCHRE, 0.24), 0.4 * size + 0.06)
    canvas.ellipse(x + 50 * size, y, 215 * size, 30 * size, INK, 0.22)
    canvas.polygon(
        [
            (x - 17 * size, y),
            (x - 10 * size, y - 190 * size),
            (x + 10 * size, y - 190 * size),
            (x + 19 * size, y),
        ],
        shade(OCHRE, 0.7),
    )
    blobs = [
        (chance.uniform(-120, 120), chance.uniform(-330, -175), chance.uniform(70, 105))
        for _ in range(11)
    ]
    for dx, dy, radius in blobs:
        canvas.circle(x + dx * size, y + dy * size, radius * size, leaf)
    for dx, dy, radius in blobs:
        canvas.circle(
            x + (dx - 18) * size, y + (dy - 26) * size, radius * 0.6 * size, tint(leaf, 0.13)
        )
    for _ in range(26):
        dx, dy = chance.uniform(-150, 150), chance.uniform(-350, -130)
        canvas.circle(
            x + dx * size,
            y + dy * size,
            11 * size,
            chance.choice((OXBLOOD, tint(OXBLOOD, 0.2), OCHRE)),
        )


def _ladder_and_crates(canvas: Canvas) -> None:
    wood, dark = tint(OCHRE, 0.35), shade(OCHRE, 0.5)
    canvas.line([(1325, 1290), (1415, 860)], wood, 13)
    canvas.line([(1430, 1290), (1445, 860)], wood, 13)
    for step in range(8):
        share = (step + 0.6) / 8
        canvas.line(
            [(1325 + 90 * share, 1290 - 430 * share), (1430 + 15 * share, 1290 - 430 * share)],
            wood,
            9,
        )
    for x, y in ((620, 1290), (830, 1290), (726, 1185)):
        canvas.box(x - 100, y - 96, x + 100, y, dark)
        for number in range(9):
            canvas.circle(
                x - 82 + number * 20.5,
                y - 96 + (number % 3) * 5,
                14,
                (OXBLOOD, tint(OXBLOOD, 0.22))[number % 2],
            )
        for slat in range(3):
            canvas.box(x - 104, y - 84 + slat * 29, x + 104, y - 62 + slat * 29, wood)
        canvas.box(x - 104, y - 88, x - 88, y, shade(wood, 0.2))
        canvas.box(x + 88, y - 88, x + 104, y, shade(wood, 0.2))


def _in_hall(x: float, y: float, z: float) -> Point:
    """Project a point of the reading room (meters, z into the depth) onto the picture."""
    return 1000 + 940 * x / z, 640 - 940 * y / z


def library() -> Image.Image:
    """Return the Chandler Hill Reading Room, looking down the hall to the great window."""
    canvas = Canvas(*LANDSCAPE, ground=shade(OCHRE, 0.82))
    bays = [4.2 + index * 2.1 for index in range(11)]
    _vault(canvas, bays)
    _end_wall(canvas, bays[-1])
    floor = [
        _in_hall(x, -2.2, z)
        for x, z in ((-5, bays[0]), (-5, bays[-1]), (5, bays[-1]), (5, bays[0]))
    ]
    canvas.polygon([(-300, 1500), *floor[1:3], (2300, 1500)], shade(OCHRE, 0.66))
    shine = [_in_hall(x, -2.2, z) for x, z in ((-1.2, 25.2), (1.2, 25.2), (1.2, 2.6), (-1.2, 2.6))]
    canvas.polygon(shine, tint(OCHRE, 0.4), 0.22)
    for near, far in reversed(list(itertools.pairwise(bays))):
        for side in (-1, 1):
            _bookcase(canvas, side, near, far)
    for z in (19.0, 14.5, 10.6, 7.6, 5.3):
        for side in (-1, 1):
            _reading_table(canvas, side * 2.3, z)
    return canvas.finished()


def _vault(canvas: Canvas, bays: list[float]) -> None:
    angles = [index * 9 for index in range(21)]
    for number, (near, far) in enumerate(itertools.pairwise(bays)):
        for index, (low, high) in enumerate(itertools.pairwise(angles)):
            corners = [(low, near), (low, far), (high, far), (high, near)]
            quad = [_on_vault(angle, z) for angle, z in corners]
            light = 0.16 + 0.05 * number + 0.1 * (1 - abs(index - 9.5) / 10)
            canvas.polygon(quad, mix(shade(OCHRE, 0.62), PAPER, light))
    for z in bays:
        rib = [_on_vault(angle, z) for angle in angles]
        canvas.line(rib, tint(OCHRE, 0.5), 60 / z)
        canvas.line(rib, shade(OCHRE, 0.5), 14 / z)


def _on_vault(angle: float, z: float) -> Point:
    x, y = on_circle(0, 0, 5, angle - 90)
    return _in_hall(x, 3 - y, z)


def _end_wall(canvas: Canvas, z: float) -> None:
    arch = [_on_vault(angle, z) for angle in range(0, 181, 6)]
    canvas.polygon([*arch, _in_hall(5, -2.2, z), _in_hall(-5, -2.2, z)], shade(OCHRE, 0.4))
    frame = [on_circle(0, 0, 3.1, angle - 90) for angle in range(0, 181, 6)]
    pane = [_in_hall(x, 2.6 - y, z) for x, y in frame]
    canvas.polygon([*pane, _in_hall(3.1, -0.4, z), _in_hall(-3.1, -0.4, z)], tint(SLATE, 0.86))
    for x in (-2, -1, 0, 1, 2):
        canvas.line(
            [_in_hall(x, -0.4, z), _in_hall(x, 5.4 - abs(x) * 0.35, z)], shade(OCHRE, 0.45), 4
        )
    for y in (0.7, 1.8, 2.9, 4.0):
        canvas.line([_in_hall(-3.1, y, z), _in_hall(3.1, y, z)], shade(OCHRE, 0.45), 3)
    canvas.glow(1000, 580, 460, tint(OCHRE, 0.88), 0.55)


BINDINGS: tuple[Color, ...] = (
    shade(OXBLOOD, 0.12),
    shade(SLATE, 0.35),
    shade(SEA, 0.3),
    tint(OCHRE, 0.12),
    shade(OCHRE, 0.45),
    tint(SOFT, 0.3),
    tint(OCHRE, 0.62),
    shade(OXBLOOD, 0.45),
)


def _bookcase(canvas: Canvas, side: int, near: float, far: float) -> None:
    wall = side * 5.0
    front = [
        _in_hall(wall, -2.2, near),
        _in_hall(wall, 3, near),
        _in_hall(wall, 3, far),
        _in_hall(wall, -2.2, far),
    ]
    canvas.polygon(front, shade(OCHRE, 0.74))
    for shelf in range(7):
        _shelf_of_books(
            canvas, wall, -1.7 + shelf * 0.66, near, far, seed=shelf * 97 + round(near * 10) + side
        )
    for z in (near, far - 0.02):
        canvas.line([_in_hall(wall, -2.2, z), _in_hall(wall, 3.05, z)], shade(OCHRE, 0.3), 110 / z)
    canvas.line(
        [_in_hall(wall, 3.02, near), _in_hall(wall, 3.02, far)], tint(OCHRE, 0.25), 90 / near
    )
    haze = min(0.34, 0.014 * near)
    canvas.polygon(front, tint(OCHRE, 0.5), haze)


def _shelf_of_books(
    canvas: Canvas, wall: float, y: float, near: float, far: float, *, seed: int
) -> None:
    chance = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    z = near + 0.12
    while z < far - 0.16:
        thick, tall = chance.uniform(0.07, 0.15), chance.uniform(0.4, 0.56)
        end = min(z + thick, far - 0.1)
        spine = [
            _in_hall(wall, y, z),
            _in_hall(wall, y + tall, z),
            _in_hall(wall, y + tall, end),
            _in_hall(wall, y, end),
        ]
        canvas.polygon(spine, chance.choice(BINDINGS))
        z = end + 0.012
    canvas.line(
        [_in_hall(wall, y - 0.03, near), _in_hall(wall, y - 0.03, far)],
        shade(OCHRE, 0.35),
        40 / near,
    )


def _reading_table(canvas: Canvas, x: float, z: float) -> None:
    top, length, half = -1.15, 1.7, 0.85
    corners = [(x - half, z), (x - half, z + length), (x + half, z + length), (x + half, z)]
    for leg in (x - half, x + half - 0.1):
        foot = [
            _in_hall(leg, top, z),
            _in_hall(leg + 0.1, top, z),
            _in_hall(leg + 0.1, -2.2, z),
            _in_hall(leg, -2.2, z),
        ]
        canvas.polygon(foot, shade(OCHRE, 0.8))
    canvas.polygon([_in_hall(cx, top, cz) for cx, cz in corners], shade(OCHRE, 0.36))
    edge = [
        _in_hall(x - half, top, z),
        _in_hall(x + half, top, z),
        _in_hall(x + half, top - 0.14, z),
        _in_hall(x - half, top - 0.14, z),
    ]
    canvas.polygon(edge, shade(OCHRE, 0.58))
    for lamp in (x - 0.42, x + 0.42):
        _green_lamp(canvas, lamp, top, z + 0.8)


def _green_lamp(canvas: Canvas, x: float, top: float, z: float) -> None:
    px, py = _in_hall(x, top, z)
    size = 940 / z
    canvas.glow(px, py - 0.12 * size, 0.95 * size, tint(OCHRE, 0.6), 0.5)
    canvas.line([(px, py), (px, py - 0.42 * size)], tint(OCHRE, 0.2), max(2, 0.04 * size))
    shade_shape = [
        (px - 0.3 * size, py - 0.36 * size),
        (px - 0.17 * size, py - 0.55 * size),
        (px + 0.17 * size, py - 0.55 * size),
        (px + 0.3 * size, py - 0.36 * size),
    ]
    canvas.polygon(shade_shape, tint(SEA, 0.12))
    canvas.ellipse(px, py, 0.13 * size, 0.035 * size, tint(OCHRE, 0.2))


def theater() -> Image.Image:
    """Return the Tidewater Playhouse mid-performance: one figure, one heap of salt."""
    canvas = Canvas(*LANDSCAPE, ground=mix(INK, OXBLOOD, 0.1))
    canvas.gradient(150, 985, [shade(SLATE, 0.72), shade(SLATE, 0.5), mix(SLATE, SEA, 0.4)])
    canvas.polygon([(180, 985), (1820, 985), (2000, 1110), (0, 1110)], mix(OCHRE, INK, 0.62))
    for opacity, spread in ((0.1, 330), (0.12, 250), (0.16, 170)):
        canvas.polygon(
            [(1180, 60), (1240, 60), (1110 + spread, 1030), (1110 - spread * 1.25, 1030)],
            tint(OCHRE, 0.7),
            opacity,
        )
    canvas.ellipse(1068, 1030, 330, 46, tint(OCHRE, 0.62), 0.5)
    _salt_heap(canvas)
    _actor(canvas, 1235, 1022)
    _curtains(canvas)
    _proscenium(canvas)
    _audience(canvas)
    return canvas.finished()


def _salt_heap(canvas: Canvas) -> None:
    heap = smooth(
        [(690, 1040), (790, 960), (880, 830), (935, 775), (990, 835), (1060, 950), (1150, 1040)]
    )
    canvas.polygon(heap, PAPER)
    dark = smooth(
        [(690, 1040), (790, 960), (880, 830), (935, 775), (905, 880), (930, 960), (900, 1040)]
    )
    canvas.polygon(dark, mix(PAPER, SLATE, 0.3))
    for x, y in ((1180, 1046), (1150, 1050), (676, 1044), (640, 1047), (1205, 1052)):
        canvas.ellipse(x, y, 13, 4, PAPER)


def _actor(canvas: Canvas, x: float, base: float) -> None:
    canvas.polygon(
        [(x - 22, base + 4), (x + 40, base + 4), (x + 330, base + 66), (x + 240, base + 70)],
        INK,
        0.5,
    )
    coat = smooth(
        [
            (x - 62, base - 8),
            (x - 46, base - 150),
            (x - 40, base - 250),
            (x, base - 276),
            (x + 40, base - 250),
            (x + 48, base - 150),
            (x + 66, base - 8),
        ]
    )
    canvas.polygon(coat, INK)
    canvas.polygon(
        [(x - 36, base - 246), (x - 8, base - 264), (x - 24, base - 20), (x - 60, base - 10)],
        OXBLOOD,
    )
    for side in (-24, 22):
        canvas.box(x + side - 13, base - 14, x + side + 13, base + 6, INK)
    canvas.line([(x - 30, base - 234), (x - 88, base - 206), (x - 152, base - 214)], INK, 25)
    canvas.circle(x - 160, base - 214, 13, tint(OCHRE, 0.45))
    canvas.circle(x - 3, base - 304, 33, tint(OCHRE, 0.42))
    canvas.slice(x, base - 308, 36, -60, 150, INK)


def _curtains(canvas: Canvas) -> None:
    for side in (0, 1):
        for fold in range(9):
            _fold(canvas, side, fold)
    for swag in range(5):
        left = 130 + swag * 348
        drop = smooth(
            [(left, 120), (left + 60, 235), (left + 174, 292), (left + 288, 235), (left + 348, 120)]
        )
        canvas.polygon(
            [*drop, (left + 348, 90), (left, 90)], shade(OXBLOOD, 0.18 + 0.05 * (swag % 2))
        )
        for inner in (0.72, 0.46):
            curve = [
                (left + 174 + (px - left - 174) * inner, 110 + (py - 110) * inner)
                for px, py in drop
            ]
            canvas.line(curve, shade(OXBLOOD, 0.42), 5)
        canvas.line(drop, OCHRE, 8)


def _fold(canvas: Canvas, side: int, fold: int) -> None:
    def mirror(x: float) -> float:
        return x if side == 0 else 2000 - x

    left, width = 130 + fold * 36, 38
    pull = fold * 17
    tone = (0.05, 0.28, 0.46)[fold % 3]
    edge = [
        (left, 100),
        (left - pull * 0.25, 640),
        (left - pull * 0.75, 780),
        (left - pull * 0.35, 1040),
    ]
    back = [(x + width, y) for x, y in reversed(edge)]
    points = [*smooth(edge), *smooth(back)]
    canvas.polygon([(mirror(x), y) for x, y in points], shade(OXBLOOD, tone))


def _proscenium(canvas: Canvas) -> None:
    wall = mix(INK, OXBLOOD, 0.16)
    canvas.box(0, 0, 2000, 104, wall)
    for left, right in ((0, 138), (1862, 2000)):
        canvas.box(left, 0, right, 1333, wall)
    canvas.line([(138, 1050), (138, 104), (1862, 104), (1862, 1050)], OCHRE, 10)
    canvas.line([(116, 1050), (116, 82), (1884, 82), (1884, 1050)], shade(OCHRE, 0.45), 4)
    canvas.circle(1000, 84, 40, shade(OCHRE, 0.2))
    canvas.circle(1000, 84, 30, wall)
    canvas.polygon([(976, 96), (1000, 62), (1024, 96)], OCHRE)
    canvas.polygon([(0, 1075), (2000, 1075), (2000, 1120), (0, 1120)], shade(OCHRE, 0.72))
    for index in range(15):
        canvas.glow(140 + index * 123, 1078, 34, tint(OCHRE, 0.5), 0.9)


def _audience(canvas: Canvas) -> None:
    chance = random.Random(5)  # noqa: S311 - a drawing, not a secret
    canvas.gradient(1120, 1333, [mix(OCHRE, INK, 0.7), mix(OXBLOOD, INK, 0.72)])
    for row, (y, size) in enumerate(((1160, 50), (1232, 66), (1326, 88))):
        tone = mix(INK, OXBLOOD, 0.34 - 0.15 * row)
        x = -20.0 + row * 46
        while x < 2060:
            nod, wide = chance.uniform(-8, 10), size * chance.uniform(0.94, 1.06)
            canvas.circle(x, y + nod, wide * 0.56, tone)
            shoulders = [
                (x - wide * 1.15, 1340),
                (x - wide * 1.02, y + nod + wide * 0.95),
                (x - wide * 0.4, y + nod + wide * 0.62),
            ]
            canvas.polygon(
                smooth([*shoulders, *[(2 * x - px, py) for px, py in reversed(shoulders)]]), tone
            )
            x += size * chance.choice((2.5, 2.6, 2.8, 4.6))


def pilot_ladder() -> Image.Image:
    """Return a harbor pilot on the ladder of a bulk carrier, seen from the launch."""
    canvas = Canvas(*UPRIGHT)
    canvas.gradient(0, 2010, [tint(SLATE, 0.5), tint(SLATE, 0.72), tint(OCHRE, 0.72)])
    _hills(canvas, 1900, 46, tint(SLATE, 0.58), seed=3, bottom=2030)
    canvas.gradient(
        1985, 2500, [mix(SEA, tint(SLATE, 0.55), 0.5), mix(SEA, SLATE, 0.5), mix(SLATE, INK, 0.6)]
    )
    _ship_side(canvas)
    _ladder(canvas)
    _pilot(canvas, 1090, 1330)
    _launch(canvas, 60, 2215)
    _ripples(canvas, 2120, 2480, tint(SEA, 0.7), seed=44, count=90)
    gull(canvas, 250, 620, 46, shade(SLATE, 0.3))
    gull(canvas, 390, 520, 30, shade(SLATE, 0.3))
    return canvas.finished()


def _ship_side(canvas: Canvas) -> None:
    hull = mix(INK, SLATE, 0.34)
    stem = smooth([(470, 0), (540, 420), (640, 900), (730, 1400), (785, 1800), (800, 2140)])
    canvas.polygon([*stem, (2000, 2230), (2000, 0)], hull)
    canvas.polygon([(793, 1960), (800, 2140), (2000, 2230), (2000, 2010)], shade(OXBLOOD, 0.12))
    canvas.line([(793, 1960), (2000, 2010)], PAPER, 7)
    for x in (1000, 1330, 1670):
        canvas.line([(x, 0), (x + 20, 1970)], shade(hull, 0.35), 3)
    for y in (330, 720, 1110, 1500):
        canvas.line([(570 + y * 0.16, y), (2000, y + 26)], shade(hull, 0.3), 3)
    for index in range(9):
        y = 1940 - index * 92
        canvas.text(
            872 - index * 8, y, str(90 + index * 2), size=46, color=PAPER, anchor="mm", bold=True
        )
    canvas.polygon([(470, 0), (2000, 0), (2000, 96), (490, 70)], shade(hull, 0.4))


def _ladder(canvas: Canvas) -> None:
    rope = tint(OCHRE, 0.55)
    for x in (1040, 1140):
        canvas.line([(x, 60), (x, 2050)], rope, 8)
    for index in range(33):
        y = 110 + index * 60
        spread = 150 if index in (6, 15) else 8
        canvas.box(1040 - spread, y, 1140 + spread, y + 15, tint(OCHRE, 0.25))


def _pilot(canvas: Canvas, x: float, y: float) -> None:
    trousers = mix(INK, SLATE, 0.62)
    canvas.stroke([(x - 8, y + 175), (x - 58, y + 305), (x - 28, y + 420)], trousers, 60)
    canvas.stroke([(x + 22, y + 175), (x + 54, y + 310), (x + 34, y + 482)], trousers, 60)
    for foot_x, foot_y in ((x - 24, y + 446), (x + 38, y + 508)):
        canvas.box(foot_x - 42, foot_y - 26, foot_x + 36, foot_y + 6, INK)
    jacket = smooth(
        [
            (x - 84, y + 200),
            (x - 88, y + 60),
            (x - 62, y - 44),
            (x, y - 66),
            (x + 66, y - 44),
            (x + 88, y + 60),
            (x + 80, y + 200),
        ]
    )
    canvas.polygon(jacket, OXBLOOD)
    canvas.box(x - 84, y + 92, x + 84, y + 118, tint(OCHRE, 0.75))
    canvas.box(x - 82, y + 146, x + 81, y + 166, tint(OCHRE, 0.75))
    for hand in ((x - 52, y - 190), (x + 50, y - 132)):
        shoulder = (x - 62 if hand[0] < x else x + 62, y - 8)
        elbow = (
            (shoulder[0] + hand[0]) / 2 + (-38 if hand[0] < x else 38),
            (shoulder[1] + hand[1]) / 2 + 8,
        )
        canvas.stroke([shoulder, elbow, hand], shade(OXBLOOD, 0.14), 46)
        canvas.circle(*hand, 24, tint(OCHRE, 0.45))
    canvas.circle(x, y - 112, 58, PAPER)
    canvas.box(x - 60, y - 112, x + 60, y - 92, shade(SLATE, 0.3))
    canvas.ellipse(x, y - 82, 40, 26, shade(OCHRE, 0.5))
    canvas.text(x, y + 44, "PILOT", size=44, color=PAPER, anchor="mm", bold=True, spacing=4)


def _launch(canvas: Canvas, x: float, y: float) -> None:
    hull = [(0, -96), (34, 0), (700, 0), (800, -128), (560, -108), (240, -100)]
    cabin = [(190, -100), (204, -250), (470, -250), (540, -108)]
    canvas.polygon(
        [(x - 40, y + 6), (x + 830, y - 8), (x + 760, y + 60), (x + 30, y + 62)], INK, 0.3
    )
    canvas.polygon([(x + px, y + py) for px, py in cabin], PAPER)
    canvas.polygon(
        [(x + px, y + py) for px, py in ((232, -228), (226, -168), (480, -168), (446, -228))],
        shade(SLATE, 0.6),
    )
    canvas.polygon([(x + px, y + py) for px, py in hull], OCHRE)
    canvas.polygon(
        [(x + px, y + py) for px, py in ((20, -38), (34, 0), (700, 0), (728, -38))],
        shade(OCHRE, 0.65),
    )
    canvas.line([(x + 320, y - 250), (x + 320, y - 400)], SOFT, 9)
    canvas.box(x + 322, y - 396, x + 420, y - 362, PAPER)
    canvas.box(x + 322, y - 362, x + 420, y - 330, OXBLOOD)
    canvas.text(
        x + 390, y - 64, "VELL PILOTS", size=42, color=INK, anchor="mm", bold=True, spacing=5
    )
    canvas.line(
        [(x + 545, y - 112), (x + 560, y - 180), (x + 770, y - 186), (x + 778, y - 126)], SOFT, 6
    )
    foam = smooth(
        [
            (x + 740, y - 34),
            (x + 690, y - 6),
            (x + 430, y + 2),
            (x + 700, y + 18),
            (x + 770, y + 10),
            (x + 740, y - 34),
        ]
    )
    canvas.polygon(foam, PAPER, 0.85)


def clock() -> Image.Image:
    """Return the Chandler Hill clock, with the hand where it used to stand."""
    canvas = Canvas(*LANDSCAPE, ground=tint(SLATE, 0.7))
    canvas.gradient(0, 1333, [tint(SLATE, 0.5), tint(SLATE, 0.78), tint(OCHRE, 0.76)])
    stone = mix(PAPER, OCHRE, 0.24)
    canvas.box(330, 0, 1670, 1333, stone)
    for row in range(10):
        y = row * 140
        canvas.line([(330, y), (1670, y)], mix(stone, SOFT, 0.3), 3)
        for column in range(6):
            x = 330 + (column + (row % 2) * 0.5) * 268
            if x < 1670:
                canvas.line([(x, y), (x, y + 140)], mix(stone, SOFT, 0.3), 3)
    canvas.box(1560, 0, 1670, 1333, SOFT, 0.2)
    middle = (1000, 668)
    canvas.circle(*middle, 610, shade(OCHRE, 0.25))
    canvas.circle(*middle, 588, shade(SLATE, 0.55))
    canvas.circle(*middle, 560, PAPER)
    _dial(canvas, *middle)
    _hands(canvas, *middle)
    return canvas.finished()


def _dial(canvas: Canvas, x: float, y: float) -> None:
    canvas.ring(x, y, 530, INK, 4)
    canvas.ring(x, y, 492, INK, 3)
    for minute in range(60):
        inner = 492 if minute % 5 else 474
        canvas.line(
            [on_circle(x, y, inner, minute * 6), on_circle(x, y, 530, minute * 6)],
            INK,
            5 if minute % 5 else 15,
        )
    numerals = ("XII", "I", "II", "III", "IIII", "V", "VI", "VII", "VIII", "IX", "X", "XI")
    for hour, numeral in enumerate(numerals):
        px, py = on_circle(x, y, 412, hour * 30)
        canvas.text(px, py, numeral, size=80, anchor="mm", bold=True)
    canvas.text(x, y + 190, "CHANDLER HILL", size=30, color=SOFT, anchor="mm", spacing=8)


def _hands(canvas: Canvas, x: float, y: float) -> None:
    right, wrong = 10 * 6, 14 * 6
    canvas.slice(x, y, 486, right, wrong, OXBLOOD, 0.16)
    for share in range(12):
        start, end = 60 + share * 35, 60 + share * 35 + 20
        canvas.line(
            [on_circle(x, y, min(start, 470), wrong), on_circle(x, y, min(end, 480), wrong)],
            OXBLOOD,
            9,
        )
    canvas.arc(x, y, 548, right, wrong, OXBLOOD, 14)
    for length, width, angle in ((300, 34, 305), (478, 24, right)):
        tip, tail = on_circle(x, y, length, angle), on_circle(x, y, 90, angle + 180)
        sides = [on_circle(x, y, width, angle - 90), on_circle(x, y, width, angle + 90)]
        canvas.polygon([tail, sides[0], tip, sides[1]], INK)
    canvas.circle(x, y, 40, INK)
    canvas.circle(x, y, 15, OCHRE)
    px, py = on_circle(x, y, 650, 72)
    canvas.text(px + 70, py, "4 MIN", size=52, color=OXBLOOD, anchor="lm", bold=True, spacing=3)
    canvas.line([(px - 84, py + 18), (px + 56, py)], OXBLOOD, 4)


def committee_table() -> Image.Image:
    """Return a committee room from above: eleven chairs, eleven agendas, one kettle."""
    canvas = Canvas(*LANDSCAPE, ground=mix(PAPER, SEA, 0.3))
    for index in range(14):
        canvas.box(0, index * 100, 2000, index * 100 + 50, SEA, 0.05)
    x, y = 1000, 666
    for index in range(11):
        _chair(canvas, x, y, index)
    canvas.ellipse(x + 26, y + 34, 700, 392, INK, 0.25)
    canvas.ellipse(x, y, 700, 392, shade(OCHRE, 0.3))
    canvas.ellipse(x, y - 6, 688, 380, tint(OCHRE, 0.14))
    for ring in range(6):
        grain = [
            (x + px * (660 - ring * 105), y + py * (352 - ring * 58)) for px, py in _unit_circle()
        ]
        canvas.line(grain, shade(OCHRE, 0.12), 2)
    for index in range(11):
        _place(canvas, x, y, index)
    _kettle(canvas, x, y)
    return canvas.finished()


def _unit_circle() -> list[Point]:
    return [on_circle(0, 0, 1, angle) for angle in range(0, 361, 4)]


def _seat(index: int, x: float, y: float, reach_x: float, reach_y: float) -> tuple[Point, float]:
    angle = index * 360 / 11
    px, py = on_circle(0, 0, 1, angle)
    return (x + px * reach_x, y + py * reach_y), angle


def _turned_box(middle: Point, half_width: float, half_height: float, angle: float) -> list[Point]:
    ax, ay = on_circle(0, 0, half_height, angle)
    bx, by = on_circle(0, 0, half_width, angle + 90)
    x, y = middle
    return [
        (x + ax + bx, y + ay + by),
        (x + ax - bx, y + ay - by),
        (x - ax - bx, y - ay - by),
        (x - ax + bx, y - ay + by),
    ]


def _chair(canvas: Canvas, x: float, y: float, index: int) -> None:
    middle, angle = _seat(index, x, y, 800, 500)
    color = OXBLOOD if index == 0 else shade(SLATE, 0.25)
    canvas.polygon(_turned_box((middle[0] + 18, middle[1] + 24), 84, 84, angle), INK, 0.22)
    canvas.polygon(_turned_box(middle, 82, 78, angle), color)
    back = (middle[0] + on_circle(0, 0, 76, angle)[0], middle[1] + on_circle(0, 0, 76, angle)[1])
    canvas.polygon(_turned_box(back, 88, 18, angle), shade(color, 0.4))


def _place(canvas: Canvas, x: float, y: float, index: int) -> None:
    middle, angle = _seat(index, x, y, 560, 292)
    tilt = angle + (index * 37 % 15) - 7
    canvas.polygon(_turned_box((middle[0] + 6, middle[1] + 8), 48, 64, tilt), INK, 0.2)
    canvas.polygon(_turned_box(middle, 48, 64, tilt), PAPER)
    for line in range(6):
        shift = on_circle(0, 0, 40 - line * 16, tilt)
        strip = _turned_box(
            (middle[0] + shift[0], middle[1] + shift[1]), 34 - (line == 5) * 14, 2.5, tilt
        )
        canvas.polygon(strip, SOFT if line else OXBLOOD)
    if index in (2, 5, 6, 9):
        cup = _seat(index, x, y, 440, 222)[0]
        canvas.circle(cup[0] + 5, cup[1] + 7, 38, INK, 0.2)
        for radius, color in ((38, PAPER), (24, tint(SLATE, 0.55)), (19, shade(OCHRE, 0.6))):
            canvas.circle(*cup, radius, color)


def _kettle(canvas: Canvas, x: float, y: float) -> None:
    canvas.circle(x + 12, y + 16, 92, INK, 0.22)
    canvas.polygon(
        [(x + 60, y - 34), (x + 150, y - 62), (x + 158, y - 44), (x + 72, y + 12)], tint(SOFT, 0.35)
    )
    for radius, color in ((90, tint(SOFT, 0.45)), (70, tint(SOFT, 0.6)), (24, shade(SOFT, 0.3))):
        canvas.circle(x, y, radius, color)
    canvas.arc(x, y, 90, 225, 315, INK, 20)


def supper() -> Image.Image:
    """Return a plate of herring, bread, lemon and a glass on a checked cloth, from above."""
    canvas = Canvas(*LANDSCAPE, ground=PAPER)
    for index in range(18):
        canvas.box(index * 112, 0, index * 112 + 56, 1333, SLATE, 0.2)
    for index in range(12):
        canvas.box(0, index * 112, 2000, index * 112 + 56, SLATE, 0.2)
    _plate(canvas, 930, 690)
    for number, dy in enumerate((-108, 8, 124)):
        _herring(canvas, 930, 690 + dy, 520 - abs(dy) * 0.9, tint(SLATE, 0.38 - 0.08 * number))
    _garnish(canvas)
    _cutlery(canvas)
    return canvas.finished()


def _plate(canvas: Canvas, x: float, y: float) -> None:
    canvas.circle(x + 24, y + 30, 470, INK, 0.22)
    for radius, color in (
        (470, PAPER),
        (446, tint(SLATE, 0.82)),
        (438, PAPER),
        (330, mix(PAPER, SOFT, 0.1)),
        (322, PAPER),
    ):
        canvas.circle(x, y, radius, color)


def _herring(canvas: Canvas, x: float, y: float, length: float, color: Color) -> None:
    half, high = length / 2, length * 0.105
    outline = [
        (-half, 0),
        (-half * 0.72, -high * 0.7),
        (-half * 0.2, -high),
        (half * 0.4, -high * 0.75),
        (half * 0.78, -high * 0.16),
    ]
    belly = [(px, -py) for px, py in reversed(outline[1:])]
    canvas.polygon(
        [
            (x + half * 0.74, y),
            (x + half * 1.06, y - high * 1.05),
            (x + half * 0.95, y),
            (x + half * 1.06, y + high * 1.05),
        ],
        shade(color, 0.35),
    )
    canvas.polygon([(x + px, y + py) for px, py in smooth([*outline, *belly, outline[0]])], color)
    back = smooth([*outline, (half * 0.3, -high * 0.2), (-half * 0.4, -high * 0.25), (-half, 0)])
    canvas.polygon([(x + px, y + py) for px, py in back], shade(color, 0.42))
    canvas.arc(x - half * 0.74, y, high * 0.9, 35, 145, shade(color, 0.5), 4)
    canvas.circle(x - half * 0.84, y - high * 0.12, high * 0.16, PAPER)
    canvas.circle(x - half * 0.84, y - high * 0.12, high * 0.09, INK)
    for cut in range(3):
        left = x + (-0.3 + cut * 0.24) * half
        canvas.line([(left, y - high * 0.62), (left + 18, y + high * 0.5)], shade(OCHRE, 0.3), 5)


def _garnish(canvas: Canvas) -> None:
    for x, y, radius in ((1190, 480, 76), (1255, 560, 70)):
        canvas.circle(x, y, radius, OCHRE)
        canvas.circle(x, y, radius * 0.88, tint(OCHRE, 0.75))
        for wedge in range(8):
            canvas.slice(x, y, radius * 0.8, wedge * 45 + 4, wedge * 45 + 41, tint(OCHRE, 0.35))
    for x, y in ((700, 960), (765, 1000), (640, 1010)):
        canvas.circle(x + 4, y + 6, 34, INK, 0.18)
        canvas.circle(x, y, 34, tint(OXBLOOD, 0.15))
        canvas.ring(x, y, 22, tint(OXBLOOD, 0.65), 4)
    for radius, color in (
        (128, tint(SLATE, 0.7)),
        (112, mix(OCHRE, PAPER, 0.45)),
        (84, tint(OCHRE, 0.66)),
    ):
        canvas.circle(1610, 330, radius, color)
    canvas.arc(1610, 330, 98, 300, 350, PAPER, 10)
    _bread(canvas)


def _bread(canvas: Canvas) -> None:
    board = [(1440, 820), (1880, 770), (1920, 1150), (1480, 1200)]
    canvas.polygon([(x + 16, y + 22) for x, y in board], INK, 0.2)
    canvas.polygon(board, tint(OCHRE, 0.4))
    for dx, dy in ((0, 0), (120, -14), (214, -26)):
        crust = smooth(
            [
                (1500 + dx, 1120 + dy),
                (1488 + dx, 900 + dy),
                (1545 + dx, 850 + dy),
                (1606 + dx, 892 + dy),
                (1616 + dx, 1110 + dy),
                (1500 + dx, 1120 + dy),
            ]
        )
        canvas.polygon(crust, shade(OCHRE, 0.36))
        inner = [
            (1554 + dx + (px - 1554 - dx) * 0.8, 985 + dy + (py - 985 - dy) * 0.86)
            for px, py in crust
        ]
        canvas.polygon(inner, tint(OCHRE, 0.68))


def _cutlery(canvas: Canvas) -> None:
    steel, dark = tint(SOFT, 0.45), tint(SOFT, 0.2)
    canvas.line([(230, 1120), (260, 640)], steel, 26)
    canvas.line([(260, 640), (266, 540)], dark, 48)
    for tine in (-30, -10, 10, 30):
        canvas.line([(267 + tine * 0.7, 550), (275 + tine, 390)], steel, 10)


def three_ferries() -> Image.Image:
    """Return three ferries, one drawn, one half plated, one painted."""
    canvas = Canvas(*LANDSCAPE, ground=tint(SLATE, 0.86))
    for index in range(21):
        canvas.line([(index * 100, 0), (index * 100, 1333)], tint(SLATE, 0.78), 1.5)
    for index in range(14):
        canvas.line([(0, index * 100), (2000, index * 100)], tint(SLATE, 0.78), 1.5)
    left, length = 560, 900
    for y, stage in ((432, 0), (852, 1), (1272, 2)):
        canvas.line([(460, y + 2), (1560, y + 2)], shade(SLATE, 0.3), 5)
        (_drawn_ferry, _plated_ferry, _painted_ferry)[stage](canvas, left, y, length)
        canvas.text(350, y - 84, str(stage + 1), size=150, color=OXBLOOD, anchor="mm", bold=True)
    return canvas.finished()


def _drawn_ferry(canvas: Canvas, x: float, y: float, length: float) -> None:
    ferry_outline(canvas, x, y, length, SLATE, 4)
    canvas.dashes([(x, y + 22), (x + length, y + 22)], SOFT, 3)
    canvas.text(
        x + length / 2, y + 44, "48.0 m", size=30, color=SOFT, anchor="mm", halo=tint(SLATE, 0.86)
    )


def _plated_ferry(canvas: Canvas, x: float, y: float, length: float) -> None:
    for index in range(22):
        frame = x + (0.03 + index * 0.042) * length
        canvas.line([(frame, y - 3), (frame, y - 0.122 * length)], shade(OCHRE, 0.2), 6)
    for level in (0.04, 0.08, 0.12):
        canvas.line(
            [(x + 0.01 * length, y - level * length), (x + 0.965 * length, y - level * length)],
            shade(OCHRE, 0.2),
            4,
        )
    plates = at(
        (
            (0, -0.12),
            (0.015, 0),
            (0.52, 0),
            (0.52, -0.04),
            (0.4, -0.04),
            (0.4, -0.08),
            (0.31, -0.08),
            (0.31, -0.12),
        ),
        x,
        y,
        length,
    )
    canvas.polygon(plates, shade(OXBLOOD, 0.05))
    ferry_outline(canvas, x, y, length, tint(SLATE, 0.25), 4)
    for index, height in ((4, 0.2), (9, 0.265), (14, 0.2)):
        post = x + (0.05 + index * 0.05) * length
        canvas.line([(post, y - 0.12 * length), (post, y - height * length)], shade(OCHRE, 0.2), 6)


def _painted_ferry(canvas: Canvas, x: float, y: float, length: float) -> None:
    ferry(canvas, x, y, length, shade(SLATE, 0.15), OXBLOOD)


SCENES = {
    "harbor-dawn": harbor_dawn,
    "ferry-crossing": ferry_crossing,
    "lighthouse": lighthouse,
    "orchard": orchard,
    "library": library,
    "theater": theater,
    "pilot-ladder": pilot_ladder,
    "clock": clock,
    "committee-table": committee_table,
    "supper": supper,
    "three-ferries": three_ferries,
}
