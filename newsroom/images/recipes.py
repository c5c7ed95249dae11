"""Which files are made of a picture: its cuts, their widths and formats, and when they are stale.

Pure arithmetic: nothing here knows of rows, pixels or storage.
"""

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

#: Count up when the same picture would come out with other bytes: every file is stale then, and
#: ``manage.py render_images`` makes them anew.
VERSION = 1

#: What browsers choose from, the smallest files last.
FORMATS = ("jpeg", "webp", "avif")
SUFFIXES = {"jpeg": "jpg", "webp": "webp", "avif": "avif"}

#: The cut that is no cut, and the shapes that are cut around the focal point.
WHOLE = "whole"
RATIOS = {"16x9": (16, 9), "3x2": (3, 2), "1x1": (1, 1), "4x5": (4, 5)}
CUTS = (WHOLE, *RATIOS)
#: Widths in pixels: a phone at 1x to a wide screen; 1200 is what Open Graph and search engines ask
#: for. Cards are 3:2, portraits 1:1.
WIDTHS_PX = {
    WHOLE: (320, 640, 960, 1200, 1920),
    "16x9": (640, 1200),
    "3x2": (320, 640, 960, 1200),
    "1x1": (160, 320, 1200),
    "4x5": (320, 640, 960),
}
#: A picture whose shape differs by less than this from a crop's is shown whole instead.
SAME_SHAPE_WITHIN = 0.01
#: A tall picture is made narrower than 1920 so that no file has more pixels than this: pages show
#: it in half the width of others. A strip gets more, up to a width in which small print is read.
MAX_FILE_PIXELS = 3_000_000
MAX_STRIP_PIXELS, STRIP_WIDTH_PX = 8_000_000, 960
#: The whole picture is scaled to at most so many before anything is cut from it. Only panoramas feel
#: it: their crops are smaller than they could be.
MAX_WORKING_PIXELS = 16_000_000

Size = tuple[int, int]
#: A cut and a format; what is made of them is a group of files, one for each width.
Group = tuple[str, str]


@dataclass(frozen=True)
class Cut:
    """A part of the upright picture (left, top, right, bottom as shares of its sides), and the
    sizes in which it is shown, smallest first."""

    name: str
    box: tuple[float, float, float, float]
    sizes: tuple[Size, ...]


def cuts(width: int, height: int, focal: tuple[float, float]) -> dict[str, Cut]:
    """Every cut of an upright picture of that size by its name, the whole one first.

    A crop is as large as the picture allows and has the focal point as near to its middle as the
    edges allow. None is made where the whole picture has the shape already, which then has the
    crop's widths as well. Nothing is wider than the picture has pixels for: one of 700 gives 320,
    640 and 700.
    """
    limit = min(width, _widest(width, height))
    alike = [name for name in RATIOS if has_shape(width, height, name)]
    widths = sorted({*WIDTHS_PX[WHOLE], *(one for name in alike for one in WIDTHS_PX[name])})
    largest = min(1.0, math.sqrt(MAX_WORKING_PIXELS / (width * height)))
    made = {WHOLE: Cut(WHOLE, (0.0, 0.0, 1.0, 1.0), _sizes(widths, limit, height / width))}
    for name, (across, down) in RATIOS.items():
        if name in alike:
            continue
        shape = width * down / (height * across)
        box = _box(min(1.0, 1 / shape), min(1.0, shape), focal)
        pixels = max(1, round(width * (box[2] - box[0]) * largest))
        made[name] = Cut(name, box, _sizes(WIDTHS_PX[name], pixels, down / across))
    return made


def has_shape(width: int, height: int, name: str) -> bool:
    """Whether a picture of that size has the shape of the crop already."""
    across, down = RATIOS[name]
    return abs(width * down / (height * across) - 1) < SAME_SHAPE_WITHIN


def working_size(width: int, height: int, wanted: list[Cut]) -> Size:
    """The smallest size of the whole picture that has the pixels for each of these cuts."""
    needed = [one.sizes[-1][0] / (width * (one.box[2] - one.box[0])) for one in wanted]
    scale = min(1.0, max(needed))
    return max(1, math.ceil(width * scale)), max(1, math.ceil(height * scale))


def file_name(folder: str, cut: str, width: int, format: str) -> str:
    """The storage name of a file: ``renditions/<folder>/640.jpg``, ``…/3x2-640.webp``."""
    return f"renditions/{folder}/{'' if cut == WHOLE else cut + '-'}{width}.{SUFFIXES[format]}"


def fingerprint(original: str, cut: Cut, words: bytes) -> str:
    """Stands for everything that the bytes of a group depend on: the original (its storage name,
    which every new file changes), the part that is shown, the words within and ``VERSION``."""
    shown = [round(edge, 4) for edge in cut.box]
    facts = json.dumps([VERSION, original, shown, cut.sizes]).encode()
    return hashlib.sha256(facts + words).hexdigest()[:12]


def _box(
    across: float, down: float, focal: tuple[float, float]
) -> tuple[float, float, float, float]:
    """The box of that width and height, as shares, around the focal point."""
    left = min(max(focal[0] - across / 2, 0.0), 1 - across)
    top = min(max(focal[1] - down / 2, 0.0), 1 - down)
    return left, top, left + across, top + down


def _widest(width: int, height: int) -> int:
    strip = min(STRIP_WIDTH_PX, math.isqrt(MAX_STRIP_PIXELS * width // height))
    return max(strip, math.isqrt(MAX_FILE_PIXELS * width // height))


def _sizes(fixed: Sequence[int], limit: int, times_taller: float) -> tuple[Size, ...]:
    widest = min(limit, fixed[-1])
    widths = [*(width for width in fixed if width < widest), widest]
    return tuple((width, max(1, round(width * times_taller))) for width in widths)
