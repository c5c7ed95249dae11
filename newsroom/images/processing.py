"""What is done to a picture's bytes: look before opening, then make clean renditions.

Nothing here knows of rows, requests or storage. Whoever shows a picture shows what ``develop`` made
of it: pixels decoded and encoded anew, so no byte of the upload (location, text, a script glued to
its end) ever reaches a reader. The site runs this in a child process with limits (``darkroom``).
"""

import io
import math
import struct
import zlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from PIL import AvifImagePlugin, Image, ImageCms, ImageFile, UnidentifiedImageError

from newsroom.images import recipes
from newsroom.images.encoding import Encoder
from newsroom.images.recipes import Cut, Group, Size

#: What is taken. Pillow opens some forty formats; the others are never tried.
FORMATS = ["JPEG", "PNG", "WEBP", "GIF", "AVIF"]
#: A full-frame camera's 45 megapixels fit; decoded, this is 200 MB.
MAX_PIXELS = 50_000_000
#: Their decoders hold the picture twice to four times: 380 MB for a WebP of 24 megapixels.
MAX_PIXELS_IN = {"WEBP": 25_000_000, "AVIF": 25_000_000}
#: Only the first frame is shown; more frames than this is a film, or an attack on the decoder.
MAX_FRAMES = 1_000
#: Progressive photographs have about ten scans. Each costs a pass over all pixels, so a small file
#: with thousands keeps a decoder busy for minutes (libjpeg-turbo, "Two issues with the JPEG
#: standard", 2015).
MAX_SCANS = 100
#: Smaller is a tracking pixel or an icon.
MIN_SIDE_PX = 16
#: Nobody reads a taller strip on a page.
MAX_TIMES_TALLER = 8
ORIENTATION = 0x0112
#: What turns the stored pixels upright, by the EXIF value (CIPA DC-008, 4.6.5).
UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = {5, 6, 7, 8}
#: From here on a decoded picture (80 MB) is not copied whole.
LARGE_PIXELS = 20_000_000
#: Pixels that can be scaled as they are.
SCALABLE = {"L", "RGB", "RGBA", "CMYK"}
#: Rows of the reduced picture that are worked on at a time; keeps large pictures at one copy.
STRIP_ROWS = 64

# Each thread of the decoder wants memory of its own, and we count it.
AvifImagePlugin.DEFAULT_MAX_THREADS = 1

NOT_A_PICTURE = (
    "This is not a JPEG, PNG, WebP, GIF or AVIF picture. Export it as one of these and upload that."
)
DAMAGED = "The picture is damaged or only partly there. Export or download it again."
TOO_DEAR = (
    "The picture takes more time or memory than one picture may, so it was not opened. Export it"
    " again as a plain JPEG, smaller if it is very large, and upload that."
)


class Refused(ValueError):
    """The file is not taken; the text tells the editor why and what to do."""


@dataclass(frozen=True)
class Facts:
    """What a picture is: its format, its size in pixels turned upright, whether it moves."""

    format: str
    width: int
    height: int
    animated: bool


@dataclass(frozen=True)
class Rendition:
    """One encoded copy of a cut; sizes are pixels."""

    cut: str
    format: str
    width: int
    height: int
    data: bytes


def refuse_size(file: BinaryIO, *, max_bytes: int) -> None:
    """``Refused`` when the file is empty or too large; no byte is read for it."""
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(0)
    if not size:
        message = "The file is empty (0 bytes). Choose it again."
        raise Refused(message)
    if size > max_bytes:
        raise Refused(too_large(max_bytes))


def too_large(max_bytes: int) -> str:
    """What is said of a larger file."""
    limit = f"{max_bytes / 1_048_576:.3g}"
    return f"The file is larger than {limit} MB. Export a smaller copy and upload that."


def develop(
    data: bytes,
    groups: Collection[Group] = (),
    *,
    focal: tuple[float, float] = (0.5, 0.5),
    xmp: bytes = b"",
) -> tuple[Facts, list[Rendition]]:
    """What the picture is, and the groups of files that are wanted of it, smallest files first.

    ``Refused`` when it cannot be taken: pixels and frames are looked at before any is decoded; then
    the whole picture is decoded, which finds the truncated ones. What comes out is upright, sRGB,
    8 bits, the first frame and without any metadata but the packet given as ``xmp``; transparency
    stays in WebP and AVIF and is white in JPEG. Cuts that the picture does not have are left out.
    """
    file = io.BytesIO(data)
    try:
        with _decoding(), Image.open(file, formats=FORMATS) as picture:
            _refuse_header(picture)
            _refuse_film(picture, file)
            stored_size = picture.size
            _load(picture, focal, groups)
            turned = _orientation(picture)
            facts = _facts(picture, _upright(stored_size, turned))
            cuts = _wanted(facts.width, facts.height, focal, groups)
            if not cuts:
                return facts, []
            working = recipes.working_size(facts.width, facts.height, cuts)
            small = _scaled(picture, _upright(working, turned))
            pixels = _in_srgb(small, picture.info.get("icc_profile"))
            if turned in UPRIGHT:
                pixels = pixels.transpose(UPRIGHT[turned])
    except UnidentifiedImageError as error:
        raise Refused(_what_it_is_instead(data)) from error
    return facts, _renditions(pixels, cuts, groups, xmp)


# --- Looking ----------------------------------------------------------------------------------


@contextmanager
def _decoding() -> Iterator[None]:
    """Turns what Pillow raises over a damaged or hostile file into ``Refused``.

    The list is long because its parsers read hostile bytes with struct, zlib and slices. Pillow's
    own limit on pixels warns first and raises at twice the number.
    """
    try:
        yield
    except (Refused, UnidentifiedImageError):
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise Refused(_too_many_pixels(MAX_PIXELS)) from error
    except (
        OSError,
        SyntaxError,
        ValueError,
        EOFError,
        LookupError,
        TypeError,
        ArithmeticError,
        RuntimeError,
        struct.error,
        zlib.error,
    ) as error:
        raise Refused(DAMAGED) from error
    except MemoryError as error:
        raise Refused(TOO_DEAR) from error


def _refuse_header(picture: Image.Image) -> None:
    """Before any pixel is decoded: a file of 100 bytes may claim to be gigabytes of picture."""
    limit = MAX_PIXELS_IN.get(picture.format or "", MAX_PIXELS)
    if picture.width * picture.height > limit:
        raise Refused(_too_many_pixels(limit))
    if min(picture.size) < MIN_SIDE_PX:
        message = (
            f"The picture is {picture.width} × {picture.height} pixels. Upload one that is at"
            f" least {MIN_SIDE_PX} pixels wide and tall."
        )
        raise Refused(message)


def _too_many_pixels(limit: int) -> str:
    return (
        f"The picture has more than {limit // 1_000_000} million pixels. Export a smaller copy and"
        " upload that."
    )


def _facts(picture: Image.Image, size: Size) -> Facts:
    _refuse_shape(*size)
    is_moving = picture.format != "MPO" and getattr(picture, "is_animated", False)
    return Facts(_format(picture), *size, animated=is_moving)


def _refuse_film(picture: Image.Image, file: io.BytesIO) -> None:
    if _format(picture) == "JPEG":
        if file.getvalue().count(b"\xff\xda") > MAX_SCANS:
            message = "This JPEG is built from far too many passes. Export it again as JPEG."
            raise Refused(message)
        return
    frames = (
        _gif_frames(file.getvalue()) if picture.format == "GIF" else getattr(picture, "n_frames", 1)
    )
    if frames > MAX_FRAMES:
        message = (
            f"The picture has more than {MAX_FRAMES:,} frames, and only the first is shown. Export"
            " that frame as JPEG or PNG."
        )
        raise Refused(message)


def _gif_frames(data: bytes) -> int:
    """Frames counted from the block structure (GIF89a, 20-26) without decoding, at most one too
    many: Pillow's own count walks all frames of a hostile file."""
    at, frames = 13 + _color_table(data[10]), 0
    while at < len(data) and data[at] != 0x3B and frames <= MAX_FRAMES:
        if data[at] == 0x2C:
            frames += 1
            at += 11 + _color_table(data[at + 9])
        else:
            at += 2
        while data[at]:
            at += 1 + data[at]
        at += 1
    return frames


def _color_table(packed: int) -> int:
    return 3 * 2 ** ((packed & 7) + 1) if packed & 0x80 else 0


def _refuse_shape(width: int, height: int) -> None:
    if height > MAX_TIMES_TALLER * width:
        message = f"The picture is more than {MAX_TIMES_TALLER} times as tall as wide. Crop it."
        raise Refused(message)


def _what_it_is_instead(data: bytes) -> str:
    start = data[:1024].lower()
    if b"<svg" in start or b"<?xml" in start:
        return "SVG drawings are not taken: they can hold scripts. Export it as PNG."
    return NOT_A_PICTURE


def _format(picture: Image.Image) -> str:
    """A phone's JPEG with a depth map or a second view calls itself MPO."""
    return "JPEG" if picture.format == "MPO" else picture.format or ""


# --- Decoding ---------------------------------------------------------------------------------


def _load(
    picture: ImageFile.ImageFile, focal: tuple[float, float], groups: Collection[Group]
) -> None:
    """Decodes every pixel; a JPEG straight to the smallest eighth that has the pixels we need.

    The decoder still reads a JPEG to its end, so a truncated one is found here, too.
    """
    if _format(picture) == "JPEG":
        # A JPEG says before its pixels how it is turned.
        turned = _orientation(picture)
        upright = _upright(picture.size, turned)
        _refuse_shape(*upright)
        cuts = _wanted(*upright, focal, groups)
        needed = recipes.working_size(*upright, cuts) if cuts else (1, 1)
        picture.draft(None, _upright(needed, turned))
    picture.load()
    # Some decoders keep all pixels a second time behind it.
    picture.fp = None


def _wanted(
    width: int, height: int, focal: tuple[float, float], groups: Collection[Group]
) -> list[Cut]:
    names = {cut for cut, _format in groups}
    return [cut for cut in recipes.cuts(width, height, focal).values() if cut.name in names]


def _orientation(picture: Image.Image) -> int:
    """1 to 8; 1 (upright) when the metadata is broken, which spoils no pixel."""
    try:
        return picture.getexif().get(ORIENTATION, 1)
    except (SyntaxError, ValueError, OSError, LookupError, TypeError, struct.error):
        return 1


def _upright(size: Size, orientation: int) -> Size:
    return (size[1], size[0]) if orientation in SIDEWAYS else size


def _scaled(picture: Image.Image, size: Size) -> Image.Image:
    """The picture in that size, not yet upright, in RGB, RGBA, L or CMYK, without metadata."""
    # Twice too large is best for the last, careful step; a large picture's copy must be small.
    gap = 2 if picture.width * picture.height < LARGE_PIXELS else 1
    factor = max(1, picture.width // (size[0] * gap))
    # Where sides are no multiples of the factor, the copy's last row and column stand over.
    exact = (0, 0, picture.width / factor, picture.height / factor)
    return _reduced(picture, factor).resize(size, Image.Resampling.LANCZOS, box=exact)


def _reduced(picture: Image.Image, factor: int) -> Image.Image:
    """The picture a whole number of times smaller, strip by strip.

    In one go 50 megapixels with transparency would lie in memory three times over (600 MB).
    """
    if factor == 1 and picture.mode in SCALABLE and "transparency" not in picture.info:
        return picture
    whole = None
    for top in range(0, picture.height, STRIP_ROWS * factor):
        bottom = min(top + STRIP_ROWS * factor, picture.height)
        strip = _plain(picture.crop((0, top, picture.width, bottom))).reduce(factor)
        if whole is None:
            whole = Image.new(strip.mode, (strip.width, math.ceil(picture.height / factor)))
        whole.paste(strip, (0, top // factor))
    assert whole is not None  # noqa: S101 - MIN_SIDE_PX
    return whole


def _plain(strip: Image.Image) -> Image.Image:
    """Palettes, 16 bits and one bit become what can be scaled: L, RGB, RGBA or CMYK."""
    if strip.mode in SCALABLE and "transparency" not in strip.info:
        return strip
    if strip.mode.startswith("I;16"):
        return strip.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    return strip.convert("RGBA" if strip.has_transparency_data else "RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """RGB or RGBA in sRGB: through the embedded profile when it is one for these pixels."""
    alpha = picture.getchannel("A") if picture.mode == "RGBA" else None
    colors = picture.convert("RGB") if alpha else picture
    converted = _through(profile, colors) if profile else None
    clean = converted or colors.convert("RGB")
    clean.info.clear()
    if alpha and alpha.getextrema() != (255, 255):
        clean.putalpha(alpha)
    return clean


def _through(profile: bytes, picture: Image.Image) -> Image.Image | None:
    """None when the profile is broken or belongs to another kind of pixels."""
    try:
        return ImageCms.profileToProfile(
            picture,
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            outputMode="RGB",
        )
    except (ImageCms.PyCMSError, OSError):
        return None


# --- Cutting ----------------------------------------------------------------------------------


def _renditions(
    pixels: Image.Image, cuts: list[Cut], groups: Collection[Group], xmp: bytes
) -> list[Rendition]:
    """All sizes of the cuts, scaled once for all formats."""
    encoders = {format: Encoder(format, xmp=xmp) for _cut, format in groups}
    plan = [(size, cut) for cut in cuts for size in cut.sizes]
    made = []
    for size, cut in sorted(plan, key=lambda step: step[0][0] * step[0][1]):
        shown = _cut_out(pixels, cut, size)
        made += [
            Rendition(cut.name, format, *size, encoder.encode(shown))
            for format, encoder in encoders.items()
            if (cut.name, format) in groups
        ]
    return made


def _cut_out(pixels: Image.Image, cut: Cut, size: Size) -> Image.Image:
    left, top, right, bottom = cut.box
    width, height = pixels.size
    box = (left * width, top * height, right * width, bottom * height)
    return pixels.resize(size, Image.Resampling.LANCZOS, box=box, reducing_gap=3)
