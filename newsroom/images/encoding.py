"""Pixels become files: JPEG, WebP and AVIF that keep to a budget of bytes."""

import io
from collections.abc import Callable

from PIL import Image

#: What a lead image may weigh at 1200 by 800 pixels: the speed budget of a story's page.
BUDGET_BYTES, BUDGET_WIDTH_PX, BUDGET_PIXELS = 90_000, 1200, 1200 * 800
#: Small pictures hold more detail per pixel, so their budgets shrink less than their areas.
BUDGET_POWER = 0.75
#: Less is not worth a worse picture.
MIN_BUDGET_BYTES = 5_000
#: Of each budget, for the words that travel inside; some files get theirs only afterwards.
ROOM_FOR_WORDS_BYTES = 1_000

#: One step of quality makes a file about a sixth larger.
ROOMY = 0.8
#: Qualities that are tried one after the other until the file fits; the last is kept in any case,
#: because noise never fits and a smeared picture helps nobody. By eye, each step of one format is
#: about as good as the same step of the others.
QUALITIES = {
    "jpeg": (80, 74, 68, 62),
    "webp": (78, 70, 62, 54, 46),
    "avif": (60, 54, 48, 42, 36),
}
#: Of 10. Pillow's own 6 takes four times as long for files that are up to 6 % smaller; 7 makes
#: larger ones than either (libavif 1.4.2, docs/performance.md).
AVIF_SPEED = 8


def budget_bytes(width: int, height: int) -> int:
    """How large a file of that size in pixels should be at most.

    Nothing up to 1200 pixels wide gets more than 90 KB, however tall: the page waits for it.
    """
    by_area = (width * height / BUDGET_PIXELS) ** BUDGET_POWER
    by_width = max(1.0, width / BUDGET_WIDTH_PX) ** (2 * BUDGET_POWER)
    return max(MIN_BUDGET_BYTES, int(BUDGET_BYTES * min(by_area, by_width)))


class Encoder:
    """Encodes one picture's files in one format, smallest first.

    What was too dear for the last file is not tried again for the next, unless that one came out
    far below its budget. So an easy picture is encoded once, and a hopeless one hardly more.
    """

    def __init__(self, format: str, *, xmp: bytes = b"") -> None:
        self.format, self._xmp = format, xmp
        self._step, self._has_room = 0, False

    def encode(self, picture: Image.Image) -> bytes:
        """The file of these pixels (RGB or RGBA), within its budget where that is possible."""
        qualities = QUALITIES[self.format]
        write = _WRITERS[self.format]
        shown = _on_white(picture) if self.format == "jpeg" else picture
        limit = budget_bytes(*picture.size) - ROOM_FOR_WORDS_BYTES
        data = b""
        begin = max(0, self._step - self._has_room)
        for step in range(begin, len(qualities)):
            self._step = step
            data = write(shown, qualities[step], self._xmp)
            size = len(data) - len(self._xmp)
            self._has_room = size < ROOMY * limit
            if size <= limit:
                break
        return data


def _jpeg(picture: Image.Image, quality: int, xmp: bytes) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=quality, progressive=True, xmp=xmp)
    return out.getvalue()


def _webp(picture: Image.Image, quality: int, xmp: bytes) -> bytes:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=quality, method=4, xmp=xmp)
    return out.getvalue()


def _avif(picture: Image.Image, quality: int, xmp: bytes) -> bytes:
    out = io.BytesIO()
    # One thread: the worker beside us and the site need the other cores.
    picture.save(out, "AVIF", quality=quality, speed=AVIF_SPEED, max_threads=1, xmp=xmp)
    return out.getvalue()


_WRITERS: dict[str, Callable[[Image.Image, int, bytes], bytes]] = {
    "jpeg": _jpeg,
    "webp": _webp,
    "avif": _avif,
}


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGB", picture.size, "white")
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper
