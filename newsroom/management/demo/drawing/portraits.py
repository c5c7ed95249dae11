"""Portraits of the outlet's staff, cut from plain shapes; each is 800 by 800 pixels."""

from dataclasses import dataclass
from functools import partial

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
    closed,
    mix,
    shade,
    smooth,
    tint,
)

SIDE = 800


@dataclass(frozen=True, slots=True)
class Face:
    """What tells one portrait from another."""

    ground: Color
    skin: Color
    hair: Color
    coat: Color
    cut: str
    collar: str = "shirt"
    glasses: bool = False
    beard: bool = False
    cap: bool = False


SAND, CLAY, BRONZE, UMBER = (
    (0xE9, 0xC6, 0xA4),
    (0xD3, 0x9C, 0x70),
    (0xA6, 0x6B, 0x43),
    (0x6B, 0x43, 0x2C),
)
SILVER: Color = tint(SOFT, 0.5)

FACES: dict[str, Face] = {
    "portrait-calloway": Face(
        tint(SLATE, 0.55), CLAY, SILVER, INK, "bob", "turtleneck", glasses=True
    ),
    "portrait-merrin": Face(
        tint(OCHRE, 0.5), SAND, shade(OCHRE, 0.62), shade(SLATE, 0.3), "short", beard=True
    ),
    "portrait-pell": Face(tint(SEA, 0.5), SAND, shade(OXBLOOD, 0.2), shade(SEA, 0.5), "long"),
    "portrait-falk": Face(
        tint(SOFT, 0.5), UMBER, INK, shade(SEA, 0.6), "cropped", "shirt", glasses=True
    ),
    "portrait-obiora": Face(
        tint(SLATE, 0.35), UMBER, INK, OCHRE, "cropped", "roll", beard=True, cap=True
    ),
    "portrait-oyelaran": Face(tint(OXBLOOD, 0.6), BRONZE, shade(INK, 0.2), PAPER, "cloud", "round"),
    "portrait-sandoval": Face(
        tint(OCHRE, 0.62), BRONZE, mix(INK, OXBLOOD, 0.25), OXBLOOD, "bun", "shirt", glasses=True
    ),
    "portrait-tiede": Face(
        tint(SEA, 0.66), SAND, SILVER, shade(OCHRE, 0.55), "bald", "bow", glasses=True, beard=True
    ),
    "portrait-achterberg": Face(shade(OXBLOOD, 0.2), SAND, INK, INK, "bob", "turtleneck"),
    "portrait-hallam": Face(tint(SEA, 0.3), BRONZE, INK, tint(SOFT, 0.1), "short", "roll"),
    "portrait-bracewell": Face(tint(SLATE, 0.7), CLAY, INK, shade(SLATE, 0.1), "long", "round"),
    "portrait-arroyo": Face(
        tint(OCHRE, 0.25),
        CLAY,
        shade(OCHRE, 0.75),
        shade(OXBLOOD, 0.25),
        "quiff",
        "shirt",
        beard=True,
    ),
}

BACK_HAIR = {
    "long": [
        (250, 330),
        (280, 190),
        (400, 140),
        (520, 190),
        (550, 330),
        (575, 560),
        (520, 640),
        (400, 600),
        (280, 640),
        (225, 560),
    ],
    "bob": [
        (246, 340),
        (278, 190),
        (400, 138),
        (522, 190),
        (554, 340),
        (560, 480),
        (500, 510),
        (400, 480),
        (300, 510),
        (240, 480),
    ],
    "cloud": [
        (206, 330),
        (230, 180),
        (330, 92),
        (470, 92),
        (570, 180),
        (594, 330),
        (560, 450),
        (470, 470),
        (330, 470),
        (240, 450),
    ],
    "bun": [(322, 120), (340, 66), (400, 44), (460, 66), (478, 120), (440, 164), (360, 164)],
}
FRINGE = {
    "long": [
        (276, 360),
        (272, 240),
        (340, 168),
        (430, 164),
        (520, 192),
        (540, 350),
        (500, 290),
        (420, 232),
        (340, 262),
        (290, 300),
    ],
    "bob": [
        (270, 370),
        (268, 240),
        (340, 170),
        (460, 168),
        (530, 236),
        (532, 370),
        (512, 300),
        (400, 282),
        (290, 300),
    ],
    "cloud": [
        (270, 330),
        (264, 220),
        (340, 158),
        (460, 158),
        (536, 220),
        (530, 330),
        (490, 258),
        (400, 240),
        (310, 258),
    ],
    "bun": [
        (272, 346),
        (272, 236),
        (340, 168),
        (460, 168),
        (528, 236),
        (528, 346),
        (492, 256),
        (400, 222),
        (308, 256),
    ],
    "short": [
        (272, 350),
        (262, 230),
        (330, 160),
        (450, 146),
        (540, 220),
        (530, 350),
        (508, 280),
        (440, 250),
        (330, 262),
        (290, 290),
    ],
    "cropped": [
        (276, 336),
        (272, 230),
        (340, 172),
        (460, 172),
        (528, 230),
        (524, 336),
        (500, 262),
        (400, 228),
        (300, 262),
    ],
    "quiff": [
        (272, 350),
        (258, 240),
        (300, 170),
        (400, 118),
        (520, 122),
        (562, 170),
        (534, 240),
        (530, 350),
        (506, 276),
        (420, 248),
        (320, 262),
        (290, 290),
    ],
}


def portrait(face: Face) -> Image.Image:
    """Return one face on a plain ground, lit from the left."""
    canvas = Canvas(SIDE, SIDE, ground=face.ground)
    canvas.circle(400, 360, 318, tint(face.ground, 0.28))
    if face.cut in BACK_HAIR:
        canvas.polygon(closed(BACK_HAIR[face.cut]), shade(face.hair, 0.22))
    _shoulders(canvas, face)
    _head(canvas, face)
    _features(canvas, face)
    if face.cut in FRINGE:
        canvas.polygon(closed(FRINGE[face.cut]), face.hair)
    if face.cap:
        _cap(canvas)
    if face.glasses:
        _glasses(canvas)
    return canvas.finished()


def _shoulders(canvas: Canvas, face: Face) -> None:
    body = smooth(
        [
            (70, 830),
            (96, 690),
            (200, 610),
            (330, 568),
            (470, 568),
            (600, 610),
            (704, 690),
            (730, 830),
        ]
    )
    neck = [(334, 460), (466, 460), (474, 590), (400, 640), (326, 590)]
    canvas.polygon(body, face.coat)
    canvas.polygon([(x, y) for x, y in body if x >= 400] + [(400, 830)], INK, 0.18)
    canvas.polygon(neck, shade(face.skin, 0.2))
    COLLARS[face.collar](canvas, face)


def _shirt(canvas: Canvas, face: Face) -> None:
    canvas.polygon([(326, 566), (400, 690), (474, 566), (470, 548), (400, 640), (330, 548)], PAPER)
    canvas.polygon([(318, 560), (334, 540), (396, 644), (344, 706)], tint(SLATE, 0.9))
    canvas.polygon([(482, 560), (466, 540), (404, 644), (456, 706)], tint(SLATE, 0.76))
    canvas.line([(400, 690), (400, 800)], shade(face.coat, 0.4), 5)


def _turtleneck(canvas: Canvas, face: Face) -> None:
    canvas.polygon(
        smooth(
            [(318, 600), (328, 512), (400, 536), (472, 512), (482, 600), (400, 640), (318, 600)]
        ),
        tint(face.coat, 0.14),
    )


def _roll(canvas: Canvas, face: Face) -> None:
    canvas.polygon(
        smooth(
            [(306, 606), (320, 548), (400, 596), (480, 548), (494, 606), (400, 662), (306, 606)]
        ),
        shade(face.coat, 0.28),
    )


def _round(canvas: Canvas, face: Face) -> None:
    canvas.polygon(
        smooth(
            [
                (310, 572),
                (340, 620),
                (400, 652),
                (460, 620),
                (490, 572),
                (512, 590),
                (470, 660),
                (400, 690),
                (330, 660),
                (288, 590),
                (310, 572),
            ]
        ),
        shade(face.coat, 0.3),
    )


def _bow(canvas: Canvas, face: Face) -> None:
    _shirt(canvas, face)
    canvas.polygon([(400, 640), (322, 604), (322, 684)], OXBLOOD)
    canvas.polygon([(400, 640), (478, 604), (478, 684)], shade(OXBLOOD, 0.2))
    canvas.circle(400, 642, 19, shade(OXBLOOD, 0.4))


COLLARS = {"shirt": _shirt, "turtleneck": _turtleneck, "roll": _roll, "round": _round, "bow": _bow}


def _head(canvas: Canvas, face: Face) -> None:
    outline = closed(
        [
            (272, 300),
            (300, 200),
            (400, 164),
            (500, 200),
            (528, 300),
            (514, 410),
            (462, 494),
            (400, 520),
            (338, 494),
            (286, 410),
        ]
    )
    for x in (272, 528):
        canvas.ellipse(x, 350, 22, 40, shade(face.skin, 0.12))
    canvas.polygon(outline, face.skin)
    if face.beard:
        jaw = closed(
            [
                (278, 360),
                (292, 430),
                (338, 500),
                (400, 528),
                (462, 500),
                (508, 430),
                (522, 360),
                (500, 410),
                (448, 426),
                (400, 418),
                (352, 426),
                (300, 410),
            ]
        )
        canvas.polygon(jaw, face.hair)
    dark = [point for point in outline if point[0] >= 404]
    canvas.polygon([(404, 168), *dark, (404, 518), (396, 430), (420, 400), (402, 330)], INK, 0.13)


def _features(canvas: Canvas, face: Face) -> None:
    brow = SOFT if face.hair == SILVER else shade(face.hair, 0.25)
    for side in (-1, 1):
        eye = 400 + side * 58
        canvas.line(smooth([(eye - 34, 306), (eye - 4, 294), (eye + 32, 304)]), brow, 9)
        canvas.ellipse(eye, 336, 19, 11, PAPER)
        canvas.circle(eye + 2, 336, 9, INK)
    canvas.line(smooth([(402, 330), (420, 394), (398, 402)]), shade(face.skin, 0.34), 6)
    lips = mix(face.skin, OXBLOOD, 0.5)
    canvas.polygon(closed([(362, 448), (400, 440), (438, 448), (400, 466)]), lips)
    canvas.line(smooth([(360, 448), (400, 452), (440, 446)]), shade(lips, 0.4), 4)


def _glasses(canvas: Canvas) -> None:
    for x in (340, 460):
        canvas.ring(x, 338, 46, INK, 8)
    canvas.line(smooth([(386, 332), (400, 324), (414, 332)]), INK, 8)
    canvas.line([(294, 330), (268, 322)], INK, 7)
    canvas.line([(506, 330), (532, 322)], INK, 7)


def _cap(canvas: Canvas) -> None:
    wool = shade(OXBLOOD, 0.15)
    canvas.polygon(smooth([(256, 262), (270, 160), (400, 96), (530, 160), (544, 262)]), wool)
    canvas.polygon([(248, 232), (552, 232), (556, 290), (244, 290)], shade(wool, 0.3))
    for x in range(262, 552, 26):
        canvas.line([(x, 236), (x, 286)], shade(wool, 0.5), 4)


PORTRAITS = {key: partial(portrait, face) for key, face in FACES.items()}
