"""500 pictures of every odd kind through the pipeline: ``make bench``, or
``python -m tests.benchmarks.pictures --each 2`` for a quick look.

Prints for each kind how long a picture takes (processor time of the child, which a busy machine does
not change), its largest memory, what the files weigh, and how many lead images keep to their budget.
docs/performance.md holds the figures.
"""

import argparse
import io
import random
import resource
import statistics
import sys
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from PIL import Image, ImageCms

from newsroom.images import darkroom, recipes
from newsroom.images.darkroom import Developed
from newsroom.images.encoding import BUDGET_BYTES, BUDGET_WIDTH_PX
from newsroom.images.processing import Refused
from newsroom.images.recipes import RATIOS, WHOLE, Group
from tests.images import pictures

#: As newsroom/images/library.py and rendering.py ask for them.
AT_ONCE: list[Group] = [(WHOLE, "jpeg"), (WHOLE, "webp"), *((cut, "jpeg") for cut in RATIOS)]
LATER: list[list[Group]] = [
    [(cut, "webp") for cut in RATIOS],
    [(cut, "avif") for cut in recipes.CUTS],
]
#: The memory and the processor time that the site allows; a busy machine may take its time.
LIMITS = replace(darkroom.LATER_AVIF, wall_seconds=600, nice=0)
Draw = Callable[[int], bytes]


@dataclass
class Tally:
    """What the pictures of a kind took."""

    at_once: list[float] = field(default_factory=list)
    later: list[float] = field(default_factory=list)
    peaks: list[int] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    leads: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    refused: int = 0

    def line(self, kind: str) -> str:
        if not self.at_once:
            return f"{kind:<26}{self.refused:>4} refused"
        return (
            f"{kind:<26}{len(self.at_once):>4}"
            f"{statistics.median(self.at_once):>8.2f}{max(self.at_once):>7.2f}"
            f"{statistics.median(self.later):>8.2f}{max(self.later):>7.2f}"
            f"{max(self.peaks) // darkroom.MEGABYTE:>7}"
            f"{statistics.median(self.sizes) // 1000:>8.0f}"
            f"{_fitting(self.leads['jpeg']):>8}{_fitting(self.leads['webp']):>7}"
            f"{_fitting(self.leads['avif']):>7}"
        )


def _fitting(sizes: list[int]) -> str:
    return f"{sum(size <= BUDGET_BYTES for size in sizes)}/{len(sizes)}" if sizes else "–"


# --- The kinds --------------------------------------------------------------------------------


def detail(seed: int) -> float:
    """From fog to gravel, most in between."""
    return random.Random(seed).betavariate(3, 2)


def photograph(width: int, height: int, **options: object) -> Draw:
    def draw(seed: int) -> bytes:
        data = pictures.photograph(width, height, seed=seed, detail=detail(seed))
        if not options:
            return data
        return pictures.encoded(Image.open(io.BytesIO(data)), "JPEG", **options)

    return draw


def changed(
    width: int,
    height: int,
    format: str,
    change: Callable[[Image.Image], Image.Image],
    **options: object,
) -> Draw:
    def draw(seed: int) -> bytes:
        small = pictures.scene(
            min(width, 1500), min(width, 1500) * height // width, seed=seed, detail=detail(seed)
        )
        whole = change(small.resize((width, height), Image.Resampling.BICUBIC))
        return pictures.encoded(whole, format, **options)

    return draw


def turned(seed: int) -> bytes:
    exif = Image.Exif()
    exif[pictures.ORIENTATION] = seed % 8 + 1
    return photograph(3000, 2000, exif=exif, quality=90)(seed)


def clear(picture: Image.Image) -> Image.Image:
    """Round, as a cut-out is."""
    mask = Image.radial_gradient("L").resize(picture.size).point(lambda value: 255 - value)
    picture.putalpha(mask)
    return picture


def deep(seed: int) -> bytes:
    gray = pictures.scene(1200, 800, seed=seed, detail=detail(seed)).convert("I")
    return pictures.encoded(gray.point(lambda value: value * 257).convert("I;16"), "PNG")


def film(format: str) -> Draw:
    def draw(seed: int) -> bytes:
        frames = [pictures.scene(480, 320, seed=seed + step) for step in range(6)]
        return pictures.encoded(frames[0], format, save_all=True, append_images=frames[1:])

    return draw


def tiny(seed: int) -> bytes:
    side = 16 + seed % 50
    return pictures.encoded(pictures.scene(side, side, seed=seed), "PNG")


def dots(seed: int) -> bytes:
    return pictures.encoded(pictures.noise(1600, 1067, seed=seed), "JPEG", quality=90)


def same(picture: Image.Image) -> Image.Image:
    return picture


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
#: How many of each, 500 in all.
KINDS: dict[str, tuple[int, Draw]] = {
    "photograph, 24 MP": (40, photograph(6000, 4000)),
    "photograph, 24 MP tall": (20, photograph(4000, 6000)),
    "photograph, 12 MP": (60, photograph(4000, 3000)),
    "photograph, 2 MP": (80, photograph(1800, 1200)),
    "JPEG, eight orientations": (40, turned),
    "JPEG, progressive": (20, photograph(3000, 2000, progressive=True, quality=90)),
    "JPEG, CMYK": (20, changed(3000, 2000, "JPEG", lambda one: one.convert("CMYK"), quality=90)),
    "JPEG, CMYK 24 MP": (5, changed(6000, 4000, "JPEG", lambda one: one.convert("CMYK"))),
    "JPEG, gray": (15, changed(3000, 2000, "JPEG", lambda one: one.convert("L"), quality=90)),
    "JPEG, with a profile": (15, photograph(3000, 2000, icc_profile=SRGB, quality=90)),
    "PNG": (20, changed(2400, 1600, "PNG", same, compress_level=1)),
    "PNG, transparent": (20, changed(2400, 1600, "PNG", clear, compress_level=1)),
    "PNG, transparent 50 MP": (2, changed(8600, 5800, "PNG", clear, compress_level=1)),
    "PNG, 16 bits": (15, deep),
    "PNG, palette": (20, changed(1800, 1200, "PNG", lambda one: one.convert("P"))),
    "PNG, one bit": (10, changed(1800, 1200, "PNG", lambda one: one.convert("1"))),
    "GIF": (10, changed(1200, 800, "GIF", lambda one: one.convert("P"))),
    "GIF, animated": (10, film("GIF")),
    "WebP, animated": (10, film("WEBP")),
    "WebP": (15, changed(2400, 1600, "WEBP", same, quality=85)),
    "WebP, 24 MP": (3, changed(6000, 4000, "WEBP", same, quality=80, method=0)),
    "AVIF": (10, changed(2400, 1600, "AVIF", same, speed=10)),
    "AVIF, 24 MP": (3, changed(6000, 4000, "AVIF", same, speed=10)),
    "tiny": (12, tiny),
    "panorama, 8:1": (10, photograph(8000, 1000)),
    "strip, 1:7": (5, photograph(1000, 7000)),
    "noise": (10, dots),
}


# --- The run ----------------------------------------------------------------------------------


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--each", type=int, help="So many of each kind instead of 500 in all.")
    arguments = parser.parse_args()
    say(HEAD)
    every = Tally()
    for kind, (number, draw) in KINDS.items():
        tally = Tally()
        for seed in range(1, (arguments.each or number) + 1):
            measure(draw(seed), tally, every)
        say(tally.line(kind))
    say(every.line("all"))


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


HEAD = (
    f"{'':<30}{'in the request':>15}{'by the worker':>15}{'memory':>7}{'files':>8}"
    f"{f'at most {BUDGET_BYTES // 1000} KB at {BUDGET_WIDTH_PX} px':>24}\n"
    f"{'kind':<26}{'no.':>4}{'median':>8}{'max':>7}{'median':>8}{'max s':>7}{'MB':>7}{'KB':>8}"
    f"{'JPEG':>8}{'WebP':>7}{'AVIF':>7}"
)


def measure(data: bytes, *tallies: Tally) -> None:
    """One picture, as an upload and as the worker's work."""
    before = _seconds()
    try:
        made = [darkroom.develop(data, AT_ONCE, limits=LIMITS)]
    except Refused as refusal:
        say(f"refused: {refusal}")
        for tally in tallies:
            tally.refused += 1
        return
    between = _seconds()
    made += [darkroom.develop(data, groups, limits=LIMITS) for groups in LATER]
    after = _seconds()
    for tally in tallies:
        tally.at_once.append(between - before)
        tally.later.append(after - between)
        tally.peaks += [one.peak_bytes for one in made]
        tally.sizes.append(sum(len(one.data) for all_of in made for one in all_of.renditions))
        for format, size in _leads(made):
            tally.leads[format].append(size)


def _leads(made: list[Developed]) -> Iterator[tuple[str, int]]:
    for all_of in made:
        for one in all_of.renditions:
            if one.cut == WHOLE and one.width == BUDGET_WIDTH_PX:
                yield one.format, len(one.data)


def _seconds() -> float:
    """Processor time of all children that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
