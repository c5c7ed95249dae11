"""Ships, cranes and what stands on a quay: figures that several demo pictures share."""

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
    shade,
    smooth,
    tint,
)

FERRY_HULL: tuple[Point, ...] = (
    (0, -0.12),
    (0.015, 0),
    (0.94, 0),
    (1.0, -0.155),
    (0.9, -0.135),
    (0.5, -0.12),
)
FERRY_DECK: tuple[Point, ...] = (
    (0.03, -0.12),
    (0.03, -0.2),
    (0.8, -0.2),
    (0.84, -0.132),
    (0.5, -0.12),
)
FERRY_SALOON: tuple[Point, ...] = ((0.1, -0.2), (0.1, -0.265), (0.7, -0.265), (0.74, -0.2))
FERRY_BRIDGE: tuple[Point, ...] = ((0.52, -0.265), (0.52, -0.33), (0.655, -0.33), (0.69, -0.265))
FERRY_FUNNEL: tuple[Point, ...] = ((0.27, -0.265), (0.25, -0.39), (0.335, -0.39), (0.37, -0.265))


def at(points: tuple[Point, ...], x: float, y: float, length: float) -> list[Point]:
    """Return a shape given in shares of a length, placed with its stern on the water at (x, y)."""
    return [(x + px * length, y + py * length) for px, py in points]


def ferry(canvas: Canvas, x: float, y: float, length: float, hull: Color, funnel: Color) -> None:
    """Draw a small passenger ferry, bow to the right, on the waterline y."""
    white = tint(RAIL, 0.75)
    canvas.polygon(at(FERRY_FUNNEL, x, y, length), funnel)
    canvas.polygon(
        at(((0.257, -0.345), (0.253, -0.37), (0.328, -0.37), (0.333, -0.345)), x, y, length), PAPER
    )
    for shape, color in (
        (FERRY_BRIDGE, PAPER),
        (FERRY_SALOON, PAPER),
        (FERRY_DECK, white),
        (FERRY_HULL, hull),
    ):
        canvas.polygon(at(shape, x, y, length), color)
    _ferry_windows(canvas, x, y, length)
    _ferry_mast(canvas, x, y, length)
    canvas.polygon(
        at(((0.008, -0.035), (0.015, 0), (0.94, 0), (0.954, -0.035)), x, y, length),
        shade(hull, 0.55),
    )


RAIL: Color = mix(PAPER, SLATE, 0.12)


def _ferry_windows(canvas: Canvas, x: float, y: float, length: float) -> None:
    for index in range(15):
        left = x + (0.07 + index * 0.047) * length
        canvas.box(
            left, y - 0.178 * length, left + 0.026 * length, y - 0.15 * length, shade(SLATE, 0.55)
        )
    for index in range(10):
        left = x + (0.14 + index * 0.055) * length
        canvas.box(
            left, y - 0.25 * length, left + 0.034 * length, y - 0.222 * length, shade(SLATE, 0.45)
        )
    windows = ((0.56, -0.318), (0.56, -0.29), (0.675, -0.29), (0.66, -0.318))
    canvas.polygon(at(windows, x, y, length), shade(SLATE, 0.6))


def _ferry_mast(canvas: Canvas, x: float, y: float, length: float) -> None:
    canvas.line(at(((0.6, -0.33), (0.6, -0.45)), x, y, length), SOFT, length * 0.006)
    canvas.line(at(((0.575, -0.4), (0.625, -0.4)), x, y, length), SOFT, length * 0.004)
    canvas.line(at(((0.1, -0.225), (0.1, -0.29)), x, y, length), SOFT, length * 0.003)
    canvas.line(at(((0.84, -0.16), (0.985, -0.185)), x, y, length), PAPER, length * 0.004)
    for post in range(5):
        left = 0.85 + post * 0.032
        canvas.line(
            at(((left, -0.13), (left, -0.162 - post * 0.005)), x, y, length), PAPER, length * 0.003
        )


def ferry_outline(
    canvas: Canvas, x: float, y: float, length: float, color: Color, width: float
) -> None:
    """Draw the same ferry as a line drawing."""
    for shape in (FERRY_FUNNEL, FERRY_BRIDGE, FERRY_SALOON, FERRY_DECK, FERRY_HULL):
        points = at(shape, x, y, length)
        canvas.line([*points, points[0]], color, width)


def gantry(
    canvas: Canvas, x: float, base: float, size: float, color: Color, *, load: Color | None
) -> None:
    """Draw a ship-to-shore crane, boom to the left, about 350 x `size` pixels high."""

    def p(dx: float, dy: float) -> Point:
        return x + dx * size, base - dy * size

    thick, thin = 9 * size, 3 * size
    for leg in (-52, 52):
        canvas.line([p(leg, 0), p(leg, 215)], color, thick)
        canvas.box(x + (leg - 22) * size, base - 12 * size, x + (leg + 22) * size, base, color)
    canvas.line([p(-52, 105), p(52, 105)], color, thick)
    canvas.line([p(-52, 105), p(52, 215)], color, thin)
    canvas.line([p(52, 105), p(-52, 215)], color, thin)
    canvas.polygon([p(-310, 222), p(-310, 212), p(150, 208), p(150, 226)], color)
    canvas.line([p(-46, 215), p(4, 345), p(46, 215)], color, 6 * size)
    for stay in (-300, -190, -100, 140):
        canvas.line([p(4, 343), p(stay, 224)], color, thin)
    canvas.polygon([p(70, 226), p(70, 262), p(140, 262), p(140, 226)], color)
    _trolley(canvas, x - 205 * size, base - 212 * size, size, color, load)


def _trolley(
    canvas: Canvas, x: float, y: float, size: float, color: Color, load: Color | None
) -> None:
    canvas.box(x - 22 * size, y, x + 22 * size, y + 15 * size, color)
    if load is None:
        return
    drop = 78 * size
    for side in (-16, 16):
        canvas.line(
            [(x + side * size, y + 12 * size), (x + side * size, y + drop)], color, 2 * size
        )
    canvas.box(x - 36 * size, y + drop, x + 36 * size, y + drop + 26 * size, load)


CARGO: tuple[Color, ...] = (
    OXBLOOD,
    tint(SLATE, 0.2),
    OCHRE,
    SEA,
    tint(OXBLOOD, 0.35),
    shade(SLATE, 0.35),
    tint(SOFT, 0.35),
    PAPER,
)


def container_ship(canvas: Canvas, x: float, y: float, length: float) -> None:
    """Draw a laden container ship, bow to the left, on the waterline y."""
    unit = length / 100
    for column in range(26):
        _stack(canvas, x + (13 + column * 2.62) * unit, y - 7.8 * unit, unit, column)
    _superstructure(canvas, x, y, unit)
    hull = [(0, -10.5), (4.5, 0), (98, 0), (100, -8), (88, -7.6), (14, -7.6), (10, -9.2)]
    canvas.polygon([(x + px * unit, y + py * unit) for px, py in hull], shade(SLATE, 0.72))
    boot = [(3.6, -2), (4.5, 0), (98, 0), (98.5, -2)]
    canvas.polygon([(x + px * unit, y + py * unit) for px, py in boot], shade(OXBLOOD, 0.2))


def _stack(canvas: Canvas, x: float, base: float, unit: float, column: int) -> None:
    if column in (17, 18):
        return
    for level in range(2 + (column * 7 % 5 + column % 3) // 2):
        color = CARGO[(column * 5 + level * 3 + column // 4) % len(CARGO)]
        top = base - (level + 1) * 1.75 * unit
        canvas.box(x, top, x + 2.45 * unit, top + 1.62 * unit, mix(color, INK, 0.22))


def _superstructure(canvas: Canvas, x: float, y: float, unit: float) -> None:
    left = x + 58 * unit
    canvas.box(left, y - 20 * unit, left + 4.6 * unit, y - 7 * unit, tint(SOFT, 0.82))
    canvas.box(
        left - 1.1 * unit, y - 20.8 * unit, left + 5.4 * unit, y - 18.6 * unit, tint(SOFT, 0.9)
    )
    canvas.box(
        left - 0.7 * unit, y - 20.2 * unit, left + 5 * unit, y - 19.3 * unit, shade(SLATE, 0.6)
    )
    canvas.line([(left + 2.3 * unit, y - 20.8 * unit), (left + 2.3 * unit, y - 25 * unit)], SOFT, 3)
    for deck in range(5):
        for window in range(4):
            wx, wy = left + (0.5 + window * 1.05) * unit, y - (17.4 - deck * 1.8) * unit
            canvas.box(wx, wy, wx + 0.5 * unit, wy + 0.6 * unit, shade(SLATE, 0.5))


def gull(canvas: Canvas, x: float, y: float, size: float, color: Color) -> None:
    """Draw a gull far away as two strokes."""
    left = [(x - size, y - size * 0.25), (x - size * 0.5, y - size * 0.42), (x, y)]
    right = [(x, y), (x + size * 0.5, y - size * 0.45), (x + size, y - size * 0.18)]
    canvas.line(smooth(left), color, max(1.5, size * 0.12))
    canvas.line(smooth(right), color, max(1.5, size * 0.12))


def bollard(canvas: Canvas, x: float, base: float, size: float, color: Color) -> None:
    """Draw a mooring bollard standing on a quay."""
    canvas.polygon(
        [
            (x - 16 * size, base),
            (x - 12 * size, base - 44 * size),
            (x + 12 * size, base - 44 * size),
            (x + 16 * size, base),
        ],
        color,
    )
    canvas.ellipse(x, base - 46 * size, 24 * size, 9 * size, color)
    canvas.ellipse(x, base, 22 * size, 6 * size, color)
