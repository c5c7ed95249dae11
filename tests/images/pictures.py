"""Pictures made on the spot, the good and the hostile ones."""

import io
import random
import struct
import zlib

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageChops

RED, BLUE = (220, 30, 30), (30, 30, 220)
ORIENTATION, ARTIST, CAMERA, GPS = 0x0112, 0x013B, 0x0110, 0x8825
#: Text that must not be found in anything that is served.
SECRETS = [
    b"38.7223",
    b"Secret Camera",
    b"Secret Comment",
    b"<script>",
    b"Exif",
    b"http://ns.adobe.com/x/",
]
XMP = b"<x:xmpmeta xmlns:x='http://ns.adobe.com/x/'>38.7223</x:xmpmeta>"


def file(data: bytes) -> io.BytesIO:
    return io.BytesIO(data)


def encoded(picture: Image.Image, format: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, format, **options)
    return out.getvalue()


def plain(width: int = 400, height: int = 300, mode: str = "RGB") -> Image.Image:
    """The upper half red, the lower half blue."""
    picture = Image.new("RGB", (width, height), RED)
    picture.paste(BLUE, (0, height // 2, width, height))
    return picture.convert(mode)


def jpeg(width: int = 400, height: int = 300, **options: object) -> bytes:
    return encoded(plain(width, height), "JPEG", **options)


def with_location() -> bytes:
    """A photograph that says where, with which camera and in which words, in every place for it."""
    exif = Image.Exif()
    exif[CAMERA] = "Secret Camera 38.7223"
    exif[GPS] = {1: "N", 2: (38.0, 43.0, 20.28), 3: "W", 4: (9.0, 8.0, 21.5)}
    return jpeg(exif=exif, comment=b"Secret Comment", xmp=XMP)


def iptc(**fields: str) -> bytes:
    """A JPEG with an IPTC record (IIM 4.2) in its Photoshop segment."""
    numbers = {"credit": 110, "author": 80, "source": 115, "caption": 120, "copyright": 116}
    record = b""
    for name, text in fields.items():
        data = text.encode()
        record += struct.pack(">BBBH", 0x1C, 2, numbers[name], len(data)) + data
    record += b"\0" * (len(record) % 2)
    block = b"Photoshop 3.0\x008BIM" + struct.pack(">HHI", 0x0404, 0, len(record)) + record
    segment = b"\xff\xed" + struct.pack(">H", len(block) + 2) + block
    whole = jpeg()
    return whole[:2] + segment + whole[2:]


def turned(orientation: int) -> bytes:
    """Stored so that a viewer who obeys the EXIF orientation sees ``plain(400, 300)``."""
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    picture = plain()
    picture.paste((30, 220, 30), (0, 0, 100, 75))
    if orientation in undo:
        picture = picture.transpose(undo[orientation])
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return encoded(picture, "JPEG", exif=exif, quality=95)


def film(frames: int, format: str = "GIF") -> bytes:
    """An animation whose first frame is red."""
    pages = [Image.new("RGB", (16, 16), (30, number * 37 % 256, 200)) for number in range(frames)]
    pages[0] = Image.new("RGB", (16, 16), RED)
    return encoded(pages[0], format, save_all=True, append_images=pages[1:])


def deep_gray() -> bytes:
    """A 16-bit gray PNG of the value 50 %."""
    return encoded(Image.new("I;16", (64, 64), 0x8000), "PNG")


def bomb(width: int = 60_000, height: int = 60_000) -> bytes:
    """A PNG of a hundred bytes whose header claims that many pixels."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", zlib.compress(b"\0" * 100))
        + _chunk(b"IEND", b"")
    )


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def text_bomb() -> bytes:
    """A small PNG with a compressed text of 100 MB."""
    whole = encoded(plain(), "PNG")
    text = _chunk(b"zTXt", b"Comment\0\0" + zlib.compress(b"\0" * 100_000_000))
    return whole[:33] + text + whole[33:]


def polyglot() -> bytes:
    """A page for a browser that guesses, a picture for one that does not."""
    return jpeg(comment=b"<html><script>alert(1)</script>") + b"<html><script>alert(1)</script>"


def many_scans() -> bytes:
    """A progressive JPEG whose first scan is there a thousand times."""
    data = jpeg(progressive=True)
    first = data.index(b"\xff\xda")
    second = data.index(b"\xff\xda", first + 2)
    return data[:first] + data[first:second] * 1_000 + data[second:]


def noise(width: int, height: int, *, seed: int = 1) -> Image.Image:
    """Every pixel of its own color: what no encoder can make small."""
    return Image.frombytes(
        "RGB",
        (width, height),
        random.Random(seed).randbytes(3 * width * height),
    )


def scene(
    width: int = 1500, height: int = 1000, *, seed: int = 1, detail: float = 0.5
) -> Image.Image:
    """As varied as a photograph: noise at every scale, the finer the weaker (natural images have a
    spectrum of 1/f). ``detail`` from 0 (fog) to 1 (gravel)."""
    picture = Image.new("RGB", (width, height), (128, 128, 128))
    share = 2.0
    cells = 4
    while cells <= max(width, height):
        size = (
            max(2, width * cells // max(width, height)),
            max(2, height * cells // max(width, height)),
        )
        layer = noise(*size, seed=seed + cells).resize((width, height), Image.Resampling.BICUBIC)
        gray = Image.blend(layer, layer.convert("L").convert("RGB"), 0.7)
        picture = ImageChops.add(
            picture,
            gray.point(lambda value, by=share: int(128 + (value - 128) * by * 0.5)),
            1,
            -128,
        )
        cells, share = cells * 2, share * (0.35 + 0.4 * detail)
    return picture


def photograph(
    width: int = 6000, height: int = 4000, *, seed: int = 1, detail: float = 0.5
) -> bytes:
    """A JPEG as a camera makes it: 24 megapixels, detail down to what 1500 pixels can show."""
    small = scene(min(width, 1500), min(width, 1500) * height // width, seed=seed, detail=detail)
    return encoded(small.resize((width, height), Image.Resampling.BICUBIC), "JPEG", quality=92)


SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><html><script>alert(1)</script></html>"


def upload(data: bytes | None = None, name: str = "flag.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, jpeg() if data is None else data)
