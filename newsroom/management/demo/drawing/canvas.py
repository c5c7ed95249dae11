"""Shared primitives for the demo pictures: a supersampled canvas, one palette, colour arithmetic.

All lengths are pixels of the finished picture; the canvas works at twice that size and is
scaled down once, which is what makes the edges smooth.
"""

import itertools
import math
import random
from collections.abc import Iterable, Sequence
from functools import lru_cache

from PIL import Image, ImageDraw, ImageFont

Color = tuple[int, int, int]
Point = tuple[float, float]
Face = ImageFont.FreeTypeFont | ImageFont.ImageFont

INK: Color = (0x16, 0x19, 0x1D)
PAPER: Color = (0xF4, 0xF2, 0xEE)
OXBLOOD: Color = (0x9B, 0x1C, 0x1C)
SLATE: Color = (0x0B, 0x4A, 0x8F)
OCHRE: Color = (0xC9, 0x8A, 0x1B)
SEA: Color = (0x2F, 0x7F, 0x6F)
SOFT: Color = (0x4C, 0x53, 0x5C)
RULE: Color = (0xC9, 0xC6, 0xBF)

OVERSAMPLING = 2


def mix(first: Color, second: Color, share: float) -> Color:
    """Return `first` blended with `share` (0..1) of `second`."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(first, second, strict=True))
    return red, green, blue


def tint(color: Color, share: float) -> Color:
    """Return the color lightened with `share` (0..1) of paper."""
    return mix(color, PAPER, share)


def shade(color: Color, share: float) -> Color:
    """Return the color darkened with `share` (0..1) of ink."""
    return mix(color, INK, share)


@lru_cache(maxsize=64)
def font(size: float) -> Face:
    """Return Pillow's built-in face at `size` pixels of the working canvas."""
    return ImageFont.load_default(size=size)


def smooth(points: Sequence[Point], *, steps: int = 12) -> list[Point]:
    """Return a Catmull-Rom curve through the points, `steps` pieces for each stretch."""
    padded = [points[0], *points, points[-1]]
    curve: list[Point] = []
    for before, start, end, after in zip(padded, padded[1:], padded[2:], padded[3:], strict=False):
        shares = (step / steps for step in range(steps))
        curve += [_catmull_rom(before, start, end, after, share) for share in shares]
    return [*curve, points[-1]]


def closed(points: Sequence[Point], *, steps: int = 12) -> list[Point]:
    """Return a smooth closed curve through the points."""
    around = [*points[-2:], *points, *points[:2]]
    curve = smooth(around, steps=steps)
    return curve[2 * steps : -steps]


def _catmull_rom(before: Point, start: Point, end: Point, after: Point, t: float) -> Point:
    x, y = (
        0.5
        * (
            2 * b
            + (c - a) * t
            + (2 * a - 5 * b + 4 * c - d) * t**2
            + (3 * b - a - 3 * c + d) * t**3
        )
        for a, b, c, d in zip(before, start, end, after, strict=True)
    )
    return x, y


def ridge(
    width: float, base: float, height: float, *, seed: int, waves: int = 5, step: float = 10
) -> list[Point]:
    """Return the skyline of a range of hills, left to right, around the line y = `base`."""
    chance = random.Random(seed)  # noqa: S311 - a drawing, not a secret
    parts = [
        (
            chance.uniform(0.6, 1.4) * 2 * math.pi * number / width,
            chance.uniform(0, 6.3),
            1 / number,
        )
        for number in range(1, waves + 1)
    ]
    total = sum(weight for *_, weight in parts)
    line = []
    for index in range(int(width / step) + 2):
        x = index * step
        swell = sum(math.sin(x * speed + phase) * weight for speed, phase, weight in parts)
        line.append((x, base - height * swell / total))
    return line


def on_circle(x: float, y: float, radius: float, degrees: float) -> Point:
    """Return the point at `degrees` clockwise from north on a circle around (x, y)."""
    angle = math.radians(degrees - 90)
    return x + radius * math.cos(angle), y + radius * math.sin(angle)


class Canvas:
    """A picture under way; `finished()` gives it at its real size."""

    def __init__(self, width: int, height: int, ground: Color = PAPER) -> None:
        """Prepare an even ground of the given size in finished pixels."""
        self.width, self.height = width, height
        size = (width * OVERSAMPLING, height * OVERSAMPLING)
        self.image = Image.new("RGB", size, ground)
        self._pen = ImageDraw.Draw(self.image)

    def finished(self) -> Image.Image:
        """Return the picture scaled down to its real size, RGB."""
        return self.image.resize((self.width, self.height), Image.Resampling.LANCZOS)

    def polygon(self, points: Iterable[Point], fill: Color, opacity: float = 1.0) -> None:
        """Fill an area; `opacity` under 1 lets what lies below shine through."""
        scaled = _scaled(points)
        if opacity >= 1:
            self._pen.polygon(scaled, fill=fill)
            return
        left, top, right, bottom = self._clip(scaled)
        if right <= left or bottom <= top:
            return
        mask = Image.new("L", (right - left, bottom - top), 0)
        shifted = [(x - left, y - top) for x, y in scaled]
        ImageDraw.Draw(mask).polygon(shifted, fill=round(255 * opacity))
        self.image.paste(fill, (left, top), mask)

    def box(
        self, x0: float, y0: float, x1: float, y1: float, fill: Color, opacity: float = 1.0
    ) -> None:
        """Fill an upright rectangle."""
        self.polygon([(x0, y0), (x1, y0), (x1, y1), (x0, y1)], fill, opacity)

    def circle(self, x: float, y: float, radius: float, fill: Color, opacity: float = 1.0) -> None:
        """Fill a circle."""
        self.ellipse(x, y, radius, radius, fill, opacity)

    def ellipse(
        self,
        x: float,
        y: float,
        radius_x: float,
        radius_y: float,
        fill: Color,
        opacity: float = 1.0,
    ) -> None:
        """Fill an upright ellipse around (x, y)."""
        if opacity < 1:
            angles = (index * math.pi / 60 for index in range(120))
            points = [(x + radius_x * math.cos(a), y + radius_y * math.sin(a)) for a in angles]
            self.polygon(points, fill, opacity)
            return
        self._pen.ellipse(_bounds(x, y, radius_x, radius_y), fill=fill)

    def ring(self, x: float, y: float, radius: float, color: Color, width: float = 2) -> None:
        """Draw the outline of a circle."""
        self._pen.ellipse(_bounds(x, y, radius, radius), outline=color, width=_px(width))

    def arc(
        self,
        x: float,
        y: float,
        radius: float,
        start: float,
        end: float,
        color: Color,
        width: float = 2,
    ) -> None:
        """Draw an arc from `start` to `end`, degrees clockwise from north."""
        self._pen.arc(
            _bounds(x, y, radius, radius), start - 90, end - 90, fill=color, width=_px(width)
        )

    def slice(
        self,
        x: float,
        y: float,
        radius: float,
        start: float,
        end: float,
        fill: Color,
        opacity: float = 1.0,
    ) -> None:
        """Fill a sector of a circle, degrees clockwise from north."""
        pieces = max(2, int(abs(end - start) / 3))
        rim = [
            on_circle(x, y, radius, start + (end - start) * i / pieces) for i in range(pieces + 1)
        ]
        self.polygon([(x, y), *rim], fill, opacity)

    def line(self, points: Iterable[Point], color: Color, width: float = 2) -> None:
        """Draw a polyline with rounded joints."""
        self._pen.line(_scaled(points), fill=color, width=_px(width), joint="curve")

    def stroke(self, points: Sequence[Point], color: Color, width: float = 2) -> None:
        """Draw a polyline with rounded joints and rounded ends."""
        self.line(points, color, width)
        for x, y in (points[0], points[-1]):
            self.circle(x, y, width / 2, color)

    def dashes(
        self,
        points: Sequence[Point],
        color: Color,
        width: float = 2,
        *,
        on: float = 14,
        off: float = 10,
    ) -> None:
        """Draw a dashed polyline: `on` pixels of line, `off` pixels of gap."""
        travelled = 0.0
        for start, end in itertools.pairwise(points):
            length = math.dist(start, end)
            position = -(travelled % (on + off))
            while position < length:
                first, last = max(position, 0), min(position + on, length)
                if last > first:
                    self.line(
                        [_along(start, end, first / length), _along(start, end, last / length)],
                        color,
                        width,
                    )
                position += on + off
            travelled += length

    def gradient(self, top: float, bottom: float, stops: Sequence[Color]) -> None:
        """Fill the full width between two heights with evenly spaced colors, top to bottom."""
        y0, y1 = round(top * OVERSAMPLING), round(bottom * OVERSAMPLING)
        band = _blend_column(stops, y1 - y0)
        self.image.paste(
            band.resize((self.image.width, y1 - y0), Image.Resampling.NEAREST), (0, y0)
        )

    def glow(self, x: float, y: float, radius: float, color: Color, strength: float = 0.6) -> None:
        """Lay light around (x, y), fading to nothing at `radius`; `strength` is 0..1."""
        size = max(2, round(radius * 2 * OVERSAMPLING))
        falloff = Image.radial_gradient("L").point(
            lambda v: round((max(0, 180 - v) / 180) ** 2 * 255 * strength)
        )
        mask = falloff.resize((size, size), Image.Resampling.BILINEAR)
        corner = (round((x - radius) * OVERSAMPLING), round((y - radius) * OVERSAMPLING))
        self.image.paste(color, corner, mask)

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        size: float = 28,
        color: Color = INK,
        anchor: str = "ls",
        bold: bool = False,
        spacing: float = 0,
        halo: Color | None = None,
    ) -> None:
        """Set one line; `anchor` as in Pillow, `spacing` in pixels, `halo` keeps it legible on lines."""
        face = font(size * OVERSAMPLING)
        weight = max(1, round(size * OVERSAMPLING / 32)) if bold else 0
        spacing = spacing or (size * 0.028 if bold else 0)
        if halo is not None:
            self._set(x, y, words, face, halo, anchor, weight + _px(size / 7), spacing)
        self._set(x, y, words, face, color, anchor, weight, spacing)

    def turned(
        self,
        x: float,
        y: float,
        words: str,
        *,
        degrees: float,
        size: float = 28,
        color: Color = INK,
    ) -> None:
        """Set one line centered on (x, y), turned counter-clockwise."""
        face = font(size * OVERSAMPLING)
        length, room = face.getlength(words), round(size * OVERSAMPLING * 1.6)
        slip = Image.new("L", (round(length) + 8, room), 0)
        ImageDraw.Draw(slip).text((4, room / 2), words, font=face, fill=255, anchor="lm")
        slip = slip.rotate(degrees, expand=True, resample=Image.Resampling.BICUBIC)
        corner = (
            round(x * OVERSAMPLING - slip.width / 2),
            round(y * OVERSAMPLING - slip.height / 2),
        )
        self.image.paste(color, corner, slip)

    def _set(
        self,
        x: float,
        y: float,
        words: str,
        face: Face,
        color: Color,
        anchor: str,
        weight: int,
        spacing: float,
    ) -> None:
        if not spacing:
            place = (x * OVERSAMPLING, y * OVERSAMPLING)
            self._pen.text(
                place,
                words,
                font=face,
                fill=color,
                anchor=anchor,
                stroke_width=weight,
                stroke_fill=color,
            )
            return
        widths = [face.getlength(letter) / OVERSAMPLING + spacing for letter in words]
        x -= {"l": 0.0, "m": (sum(widths) - spacing) / 2, "r": sum(widths) - spacing}[anchor[0]]
        for letter, width in zip(words, widths, strict=True):
            self._set(x, y, letter, face, color, "l" + anchor[1], weight, 0)
            x += width

    def _clip(self, scaled: Sequence[Point]) -> tuple[int, int, int, int]:
        xs, ys = [x for x, _ in scaled], [y for _, y in scaled]
        return (
            max(0, math.floor(min(xs))),
            max(0, math.floor(min(ys))),
            min(self.image.width, math.ceil(max(xs)) + 1),
            min(self.image.height, math.ceil(max(ys)) + 1),
        )


def _scaled(points: Iterable[Point]) -> list[Point]:
    return [(x * OVERSAMPLING, y * OVERSAMPLING) for x, y in points]


def _bounds(
    x: float, y: float, radius_x: float, radius_y: float
) -> tuple[float, float, float, float]:
    s = OVERSAMPLING
    return ((x - radius_x) * s, (y - radius_y) * s, (x + radius_x) * s, (y + radius_y) * s)


def _px(width: float) -> int:
    return max(1, round(width * OVERSAMPLING))


def _along(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _blend_column(stops: Sequence[Color], height: int) -> Image.Image:
    """Return a strip one pixel wide in which the stops run into each other."""
    last = len(stops) - 1
    column = Image.new("RGB", (1, height))
    for y in range(height):
        place = y / max(1, height - 1) * last
        index = min(int(place), last - 1)
        column.putpixel((0, y), mix(stops[index], stops[index + 1], place - index))
    return column
