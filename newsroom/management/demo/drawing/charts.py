"""Charts and diagrams; each holds the figures that its story prints."""

import math
import random

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
    mix,
    on_circle,
    shade,
    smooth,
    tint,
)
from newsroom.management.demo.drawing.furniture import MARGIN, sourced, titled

# Story 4: predicted 4.61 m plus a surge of 0.70 m make 5.31 m; the quay stands at 5.20 m.
QUAY_M = 5.20
PEAK_HOUR = 41.17
TIDE_PERIOD_HOURS = 12.42
TIDE_HOURS = 54

# Story 9: block, empty flats, all flats.
ROPEWALK: tuple[tuple[str, int, int], ...] = (
    ("Capstan House", 141, 402),
    ("Long Shed", 118, 506),
    ("Tarwalk", 96, 618),
    ("Hemp Yard", 83, 441),
    ("Twine Street", 64, 722),
    ("Anchor Court", 49, 590),
    ("Spinners Row", 37, 846),
    ("Lower Ropewalk", 24, 748),
)

# Story 11: thousand tonnes landed in each of seven seasons, and the new quota.
HERRING: tuple[tuple[str, float], ...] = (
    ("7 seasons ago", 31),
    ("6 seasons ago", 29),
    ("5 seasons ago", 30),
    ("4 seasons ago", 27),
    ("3 seasons ago", 26),
    ("2 seasons ago", 24),
    ("Last season", 23),
    ("New quota", 18.4),
)


def predicted_m(hour: float) -> float:
    """Return the predicted water level, meters above chart datum, at an hour of the chart."""
    return 2.95 + 1.66 * math.cos(2 * math.pi * (hour - PEAK_HOUR) / TIDE_PERIOD_HOURS)


def observed_m(hour: float) -> float:
    """Return the level that the gauge recorded: the prediction and the storm's surge."""
    surge = 0.70 * math.exp(-(((hour - PEAK_HOUR) / 9) ** 2))
    return (
        predicted_m(hour) + surge + 0.04 * math.sin(hour * 0.9) * math.exp(-((hour - 10) ** 2) / 90)
    )


def _tide_point(hour: float, meters: float) -> Point:
    return 160 + hour / TIDE_HOURS * 1660, 990 - meters / 6 * 730


def tide_chart() -> Image.Image:
    """Return the tide curve of the night on which the Old Quay was overtopped."""
    canvas = Canvas(2000, 1125)
    titled(
        canvas,
        "The night the quay was 11 centimeters too low",
        "Water level at Lantern Stairs, meters above chart datum",
    )
    _tide_axes(canvas)
    hours = [index / 10 for index in range(TIDE_HOURS * 10 + 1)]
    sea = [_tide_point(hour, observed_m(hour)) for hour in hours]
    canvas.polygon([_tide_point(0, 0), *sea, _tide_point(TIDE_HOURS, 0)], SLATE, 0.16)
    over = [hour for hour in hours if observed_m(hour) >= QUAY_M]
    flood = [_tide_point(hour, observed_m(hour)) for hour in over]
    canvas.polygon([_tide_point(over[0], QUAY_M), *flood, _tide_point(over[-1], QUAY_M)], OXBLOOD)
    canvas.dashes([_tide_point(hour, predicted_m(hour)) for hour in hours], SOFT, 4, on=16, off=12)
    canvas.line(sea, SLATE, 7)
    canvas.dashes(
        [_tide_point(0, QUAY_M), _tide_point(TIDE_HOURS, QUAY_M)], OXBLOOD, 4, on=22, off=10
    )
    _tide_labels(canvas)
    sourced(canvas, "Vellmouth Harbor Board, Lantern Stairs gauge")
    return canvas.finished()


def _tide_axes(canvas: Canvas) -> None:
    for meters in range(7):
        (left, y), (right, _) = _tide_point(0, meters), _tide_point(TIDE_HOURS, meters)
        canvas.line([(left, y), (right, y)], INK if meters == 0 else RULE, 3 if meters == 0 else 2)
        canvas.text(left - 22, y, str(meters), size=29, color=SOFT, anchor="rm")
    names = (
        "noon",
        "6 p.m.",
        "midnight",
        "6 a.m.",
        "noon",
        "6 p.m.",
        "midnight",
        "6 a.m.",
        "noon",
        "6 p.m.",
    )
    for index, name in enumerate(names):
        x, y = _tide_point(index * 6, 0)
        canvas.line([(x, y), (x, y + 12)], INK, 3)
        canvas.text(x, y + 34, name, size=27, color=SOFT, anchor="mm")


def _tide_labels(canvas: Canvas) -> None:
    x, y = _tide_point(PEAK_HOUR, observed_m(PEAK_HOUR))
    canvas.circle(x, y, 11, PAPER)
    canvas.circle(x, y, 7, OXBLOOD)
    canvas.text(
        x + 60, y - 54, "5.31 m at 5:10 a.m.", size=34, color=OXBLOOD, bold=True, halo=PAPER
    )
    canvas.line([(x + 8, y - 10), (x + 52, y - 56)], OXBLOOD, 3)
    edge = _tide_point(0, QUAY_M)
    canvas.text(
        edge[0] + 10, edge[1] - 18, "Old Quay wall, 5.20 m", size=31, color=OXBLOOD, bold=True
    )
    px, py = _tide_point(PEAK_HOUR, 3.3)
    canvas.text(px, py, "predicted", size=29, color=SOFT, anchor="ms")
    canvas.text(px, py + 38, "4.61 m", size=29, color=SOFT, anchor="ms")
    ox, oy = _tide_point(30.6, 4.55)
    canvas.text(ox, oy, "observed", size=31, color=SLATE, bold=True)


def empty_flats() -> Image.Image:
    """Return the count of empty flats on the Ropewalk, block by block."""
    canvas = Canvas(2000, 1125)
    titled(
        canvas,
        "612 of 4,873 flats on the Ropewalk stand empty",
        "Flats in each block or street; dark: without a resident",
    )
    left, full = 400, 1230
    for index, (name, empty, total) in enumerate(ROPEWALK):
        y = 250 + index * 96
        canvas.text(left - 24, y + 28, name, size=33, anchor="rm")
        canvas.box(left, y, left + full * total / 846, y + 56, mix(PAPER, SLATE, 0.2))
        canvas.box(left, y, left + full * empty / 846, y + 56, OXBLOOD)
        label = left + full * total / 846 + 18
        canvas.text(
            label, y + 29, f"{empty} of {total}", size=31, color=INK, anchor="lm", bold=True
        )
        canvas.text(
            label + 168, y + 29, f"{100 * empty / total:.1f}%", size=31, color=SOFT, anchor="lm"
        )
    canvas.line([(left, 232), (left, 1000)], INK, 3)
    sourced(canvas, "Courier count; city land register; meter readings")
    return canvas.finished()


def _ribbon(canvas: Canvas, start: Point, end: Point, height: float, color: Color) -> None:
    """Draw a band of constant height from one block of a flow diagram to the next."""
    (x0, y0), (x1, y1) = start, end
    upper = []
    for index in range(41):
        t = index / 40
        upper.append((x0 + (x1 - x0) * t, y0 + (y1 - y0) * (t * t * (3 - 2 * t))))
    lower = [(x, y + height) for x, y in reversed(upper)]
    canvas.polygon([*upper, *lower], color, 0.42)


def money_flow() -> Image.Image:
    """Return where 41.76 million crowns of dredging money came from and went to."""
    canvas = Canvas(2000, 1333)
    titled(
        canvas,
        "41.76 million crowns, a third of it paid twice",
        "Dredging of the Vell channel, four years, millions of crowns",
    )
    unit = 16.5
    dues, grant, single, second, hire, rest = (
        value * unit for value in (29.23, 12.53, 27.74, 14.02, 9.10, 4.92)
    )
    top = 340
    _ribbon(canvas, (330, top), (800, top + 60), dues, SLATE)
    _ribbon(canvas, (330, top + dues + 90), (800, top + 60 + dues), grant, SEA)
    _ribbon(canvas, (836, top + 60), (1300, top - 20), single, SLATE)
    _ribbon(canvas, (836, top + 60 + single), (1300, top + single + 110), second, OXBLOOD)
    split = top + single + 110
    _ribbon(canvas, (1336, split), (1640, split - 40), hire, OXBLOOD)
    _ribbon(canvas, (1336, split + hire), (1640, split + hire + 60), rest, OXBLOOD)
    _blocks(canvas, top, unit)
    _flow_labels(canvas, top, unit)
    sourced(canvas, "Harbor Board ledgers, 1,740 load tickets; Courier analysis")
    return canvas.finished()


def _blocks(canvas: Canvas, top: float, unit: float) -> None:
    split = top + 27.74 * unit + 110
    blocks = (
        (294, top, 29.23, SLATE),
        (294, top + 29.23 * unit + 90, 12.53, SEA),
        (800, top + 60, 41.76, INK),
        (1300, top - 20, 27.74, SLATE),
        (1300, split, 14.02, OXBLOOD),
        (1640, split - 40, 9.10, OXBLOOD),
        (1640, split + 9.10 * unit + 60, 4.92, shade(OXBLOOD, 0.3)),
    )
    for x, y, value, color in blocks:
        canvas.box(x, y, x + 36, y + value * unit, color)


def _flow_labels(canvas: Canvas, top: float, unit: float) -> None:
    split = top + 27.74 * unit + 110
    labels = (
        (270, top + 230, "rs", "Harbor dues", "29.23", SLATE),
        (270, top + 680, "rs", "City grant", "12.53", SEA),
        (862, top + 400, "ls", "Paid to the dredger", "41.76", INK),
        (1360, top + 200, "ls", "First tickets: 1,156 loads", "27.74", SLATE),
        (862, top + 60 + 27.74 * unit + 96, "ls", "Second tickets: 584 loads", "14.02", OXBLOOD),
        (1694, split + 6, "ls", "Barge hire", "9.10", OXBLOOD),
        (1694, split + 250, "ls", "Not itemized", "4.92", shade(OXBLOOD, 0.3)),
    )
    for x, y, anchor, name, value, color in labels:
        canvas.text(x, y, name, size=31, anchor=anchor)
        canvas.text(x, y + 46, value, size=44, color=color, bold=True, anchor=anchor)


def _fish(
    canvas: Canvas, x: float, y: float, length: float, color: Color, *, share: float = 1.0
) -> None:
    """Draw one herring heading left; `share` cuts it off, as a part of a thousand tonnes."""
    half, high = length / 2, length * 0.24
    back = smooth(
        [(-half, 0), (-half * 0.5, -high), (half * 0.2, -high * 0.8), (half * 0.66, -high * 0.16)],
        steps=6,
    )
    body = [*back, *[(px, -py) for px, py in reversed(back)]]
    tail = [(half * 0.6, 0), (half, -high), (half * 0.86, 0), (half, high)]
    limit = -half + length * share
    for shape in (body, tail):
        cut = [(x + min(px, limit), y + py) for px, py in shape]
        canvas.polygon(cut, color)
    if share > 0.3:
        canvas.circle(x - half * 0.7, y - high * 0.25, length * 0.035, PAPER)


def herring_shoal() -> Image.Image:
    """Return eight rows of herring, one fish for a thousand tonnes."""
    canvas = Canvas(2000, 1333)
    titled(
        canvas, "A thinner shoal", "Herring landed at Vellmouth; one fish stands for 1,000 tonnes"
    )
    for row, (season, kilotons) in enumerate(HERRING):
        y = 280 + row * 124
        last = row == len(HERRING) - 1
        canvas.text(320, y, season, size=33, anchor="rm", color=OXBLOOD if last else INK, bold=last)
        _shoal_row(
            canvas, y, kilotons, row, OXBLOOD if last else shade(SLATE, 0.1 + 0.05 * (row % 2))
        )
        figure = "18,400 t" if last else f"{kilotons:,.0f},000 t"
        canvas.text(
            1910, y, figure, size=31, anchor="rm", color=OXBLOOD if last else SOFT, bold=last
        )
    canvas.line([(MARGIN, 280 + 6.5 * 124), (1910, 280 + 6.5 * 124)], RULE, 2)
    sourced(canvas, "Vellmouth fish auction; Sound Fisheries Council")
    return canvas.finished()


def _shoal_row(canvas: Canvas, y: float, kilotons: float, row: int, color: Color) -> None:
    chance = random.Random(row)  # noqa: S311 - a drawing, not a secret
    whole = int(kilotons)
    for index in range(23 if row == 7 else whole):
        x, dy = 380 + index * 44.5, chance.uniform(-17, 17)
        _fish(canvas, x, y + dy, 41, color if index < whole else tint(OXBLOOD, 0.8))
        if index == whole:
            _fish(canvas, x, y + dy, 41, color, share=kilotons - whole)


def patrol_ship() -> Image.Image:
    """Return the profile of the patrol vessel Ternhawk with its measurements."""
    blue = shade(SLATE, 0.5)
    line, faint = tint(SLATE, 0.85), mix(blue, PAPER, 0.09)
    canvas = Canvas(2000, 1125, ground=blue)
    for index in range(41):
        canvas.line([(index * 50, 0), (index * 50, 1125)], faint, 1.5)
    for index in range(23):
        canvas.line([(0, index * 50), (2000, index * 50)], faint, 1.5)
    titled(
        canvas,
        "CSV Ternhawk",
        "Offshore patrol vessel, Coast Service; profile, starboard side",
        color=PAPER,
        soft=line,
    )
    canvas.box(0, 800, 2000, 1125, shade(SLATE, 0.62), 0.75)
    _patrol_profile(canvas, 240, 800, line)
    canvas.line([(90, 800), (1910, 800)], line, 3)
    _measure(canvas, (240, 905), (1760, 905), "78.4 m", line)
    _upright_measure(canvas, 1850, 800, 862, "3.6 m", line)
    notes = (
        ("Displacement", "1,650 tonnes"),
        ("Speed", "22 knots"),
        ("Crew", "34"),
        ("Range", "5,000 miles at 12 knots"),
    )
    for index, (name, value) in enumerate(notes):
        x = 240 + (0, 420, 720, 940)[index]
        canvas.text(x, 980, name, size=27, color=mix(line, blue, 0.25))
        canvas.text(x, 1024, value, size=36, color=PAPER, bold=True)
    sourced(canvas, "Coast Service", color=line)
    return canvas.finished()


def _patrol_profile(canvas: Canvas, x: float, y: float, line: Color) -> None:
    hull = [
        (0, -86),
        (8, 0),
        (40, 44),
        (250, 62),
        (1290, 62),
        (1400, 34),
        (1440, 0),
        (1520, -138),
        (1300, -112),
        (980, -98),
        (620, -86),
    ]
    parts = (
        ([(400, -86), (400, -170), (1010, -170), (1070, -100)], 0.14),
        ([(560, -170), (574, -236), (900, -236), (948, -170)], 0.22),
        ([(700, -236), (716, -292), (838, -292), (874, -236)], 0.3),
        ([(590, -236), (606, -318), (664, -318), (676, -236)], 0.12),
        ([(1150, -104), (1160, -142), (1236, -142), (1252, -107)], 0.22),
        (hull, 0.18),
    )
    for points, share in parts:
        placed = [(x + px, y + py) for px, py in points]
        canvas.polygon(placed, mix(shade(SLATE, 0.3), PAPER, share))
        canvas.line([*placed, placed[0]], line, 3.5)
    canvas.polygon(
        [(x + px, y + py) for px, py in ((990, -60), (1066, -60), (1026, 58), (950, 58))], OXBLOOD
    )
    canvas.polygon(
        [(x + px, y + py) for px, py in ((1080, -60), (1100, -60), (1060, 58), (1040, 58))], PAPER
    )
    canvas.text(x + 1130, y - 30, "P 41", size=46, color=PAPER, bold=True, anchor="lm")
    _patrol_rigging(canvas, x, y, line)


def _patrol_rigging(canvas: Canvas, x: float, y: float, line: Color) -> None:
    for start, end in (
        ((770, -292), (770, -452)),
        ((722, -372), (818, -372)),
        ((740, -420), (800, -420)),
        ((1236, -128), (1318, -146)),
        ((60, -86), (60, -160)),
    ):
        canvas.line([(x + start[0], y + start[1]), (x + end[0], y + end[1])], line, 5)
    canvas.polygon(
        [(x + px, y + py) for px, py in ((752, -404), (744, -386), (800, -386), (792, -404))], PAPER
    )
    canvas.line(
        [(x + 360, y - 86), (x + 360, y - 210), (x + 210, y - 250), (x + 210, y - 190)], line, 6
    )
    boat = [(150, -108), (166, -88), (330, -88), (352, -112), (256, -124)]
    canvas.polygon([(x + px, y + py) for px, py in boat], OCHRE)
    for window in range(7):
        left = x + 724 + window * 19
        canvas.box(left, y - 280, left + 13, y - 260, OCHRE)
    for port in range(11):
        canvas.ring(x + 440 + port * 46, y - 128, 9, line, 3)
    canvas.dashes([(x + 1440, y - 4), (x + 1400, y + 34)], line, 2)


def _measure(canvas: Canvas, start: Point, end: Point, label: str, color: Color) -> None:
    canvas.line([start, end], color, 2.5)
    for x, y in (start, end):
        canvas.line([(x, y - 20), (x, y + 20)], color, 2.5)
    middle = (start[0] + end[0]) / 2
    canvas.box(middle - 95, start[1] - 26, middle + 95, start[1] + 26, shade(SLATE, 0.58))
    canvas.text(middle, start[1], label, size=37, color=PAPER, bold=True, anchor="mm")


def _upright_measure(
    canvas: Canvas, x: float, top: float, bottom: float, label: str, color: Color
) -> None:
    canvas.line([(x, top), (x, bottom)], color, 2.5)
    for y in (top, bottom):
        canvas.line([(x - 16, y), (x + 16, y)], color, 2.5)
    canvas.dashes([(1540, bottom), (x, bottom)], color, 2)
    canvas.text(x, bottom + 34, label, size=32, color=PAPER, bold=True, anchor="mm")


def radar() -> Image.Image:
    """Return a radar screen over the Kessary Strait, the two sites' reach marked."""
    night = mix(INK, SEA, 0.12)
    canvas = Canvas(2000, 1333, ground=night)
    x, y, reach = 1000, 690, 560
    screen = mix(INK, SEA, 0.34)
    canvas.circle(x, y, reach, screen)
    _radar_land(canvas, screen)
    for step in range(58):
        canvas.slice(
            x, y, reach, 52 - step - 1, 52 - step, tint(SEA, 0.3), 0.5 * (1 - step / 58) ** 1.5
        )
    canvas.line([(x, y), on_circle(x, y, reach, 52)], tint(SEA, 0.75), 4)
    canvas.ring(x, y, reach + 900, night, 900)
    _radar_grid(canvas, x, y, reach)
    _radar_contacts(canvas)
    canvas.text(90, 120, "LANTERN POINT", size=40, color=tint(SEA, 0.7), bold=True, spacing=8)
    canvas.text(90, 172, "Range 120 nautical miles", size=30, color=tint(SEA, 0.45))
    canvas.text(1910, 120, "Rings every 30 miles", size=30, color=tint(SEA, 0.45), anchor="rs")
    sourced(canvas, "illustration; positions invented", color=tint(SEA, 0.4))
    return canvas.finished()


def _radar_land(canvas: Canvas, screen: Color) -> None:
    land = mix(screen, OCHRE, 0.3)
    west = smooth(
        [(420, 1300), (520, 1130), (700, 1040), (730, 930), (850, 860), (900, 760), (1000, 690)]
    )
    home = smooth(
        [
            (1000, 690),
            (1080, 740),
            (1120, 830),
            (1230, 880),
            (1290, 1000),
            (1400, 1060),
            (1460, 1280),
        ]
    )
    canvas.polygon([*home, *west], land)
    canvas.line([*west, *home], tint(OCHRE, 0.25), 3)
    far = smooth(
        [(400, 470), (560, 420), (700, 300), (860, 250), (1010, 190), (1200, 170), (1330, 90)]
    )
    canvas.polygon([*far, (1300, 0), (300, 0), (300, 470)], land)
    canvas.line(far, tint(OCHRE, 0.25), 3)


def _radar_grid(canvas: Canvas, x: float, y: float, reach: float) -> None:
    grid = mix(SEA, INK, 0.15)
    for ring in range(1, 5):
        canvas.ring(
            x, y, reach * ring / 4, grid if ring < 4 else tint(SEA, 0.35), 2 if ring < 4 else 5
        )
    for angle in range(0, 360, 30):
        canvas.line(
            [on_circle(x, y, 24, angle), on_circle(x, y, reach, angle)], mix(grid, INK, 0.35), 1.5
        )
        px, py = on_circle(x, y, reach + 40, angle)
        canvas.text(px, py, f"{angle:03d}", size=28, color=tint(SEA, 0.4), anchor="mm")
    for angle in range(0, 360, 5):
        canvas.line(
            [
                on_circle(x, y, reach - (14 if angle % 10 else 22), angle),
                on_circle(x, y, reach, angle),
            ],
            tint(SEA, 0.3),
            2,
        )
    canvas.circle(x, y, 9, PAPER)


def _radar_contacts(canvas: Canvas) -> None:
    contacts = (
        (1180, 470, "T-07", OCHRE),
        (1265, 560, "T-09", OCHRE),
        (1090, 380, "T-12", OXBLOOD),
        (820, 560, "F-02", SEA),
        (760, 690, "F-05", SEA),
        (1330, 730, "T-15", OCHRE),
    )
    for x, y, name, color in contacts:
        bright = tint(color, 0.42)
        canvas.glow(x, y, 46, bright, 0.7)
        canvas.circle(x, y, 8, tint(color, 0.75))
        canvas.line([(x, y), (x + 34, y + 22)], bright, 2.5)
        canvas.text(x + 22, y - 16, name, size=25, color=tint(color, 0.7))


CHARTS = {
    "tide-chart": tide_chart,
    "empty-flats": empty_flats,
    "money-flow": money_flow,
    "herring-shoal": herring_shoal,
    "patrol-ship": patrol_ship,
    "radar": radar,
}
