"""Looking at a picture before it is opened, and making renditions of it."""

import contextlib
import io
import subprocess
import sys
import time
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from newsroom.images import processing
from newsroom.images.processing import Facts, Refused, inspect, render
from tests.images import pictures

MAX_BYTES = 30 * 1024 * 1024


def looked_at(data):
    return inspect(io.BytesIO(data), max_bytes=MAX_BYTES)


def opened(rendition):
    return Image.open(io.BytesIO(rendition.data))


def largest(data, format="jpeg"):
    return opened([one for one in render(data) if one.format == format][-1])


def near(pixel, color, off=24):
    return all(abs(a - b) <= off for a, b in zip(pixel, color, strict=False))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_each_format_that_we_take_is_known_by_its_content(format):
    data = pictures.encoded(pictures.plain(), format)
    assert looked_at(data) == Facts(format, 400, 300, animated=False)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        pytest.param(b"", "is empty", id="0 bytes"),
        pytest.param(pictures.SVG, "Export it as PNG", id="SVG"),
        pytest.param(b"<?xml version='1.0'?>" + pictures.SVG, "Export it as PNG", id="XML"),
        pytest.param(pictures.HTML, "not a JPEG, PNG", id="HTML"),
        pytest.param(b"%PDF-1.7 ", "not a JPEG, PNG", id="PDF"),
        pytest.param(pictures.encoded(pictures.plain(), "TIFF"), "not a JPEG, PNG", id="TIFF"),
        pytest.param(pictures.encoded(pictures.plain(), "BMP"), "not a JPEG, PNG", id="BMP"),
        pytest.param(pictures.bomb(), "more than 50 million pixels", id="bomb"),
        pytest.param(pictures.bomb(10_000, 9_000), "more than 50 million pixels", id="90 MP"),
        pytest.param(pictures.bomb(10_000, 5_001), "more than 50 million pixels", id="just over"),
        pytest.param(pictures.text_bomb(), "damaged", id="text bomb"),
        pytest.param(pictures.jpeg()[:-400], "damaged", id="truncated JPEG"),
        pytest.param(pictures.encoded(pictures.plain(), "PNG")[:-40], "damaged", id="half a PNG"),
        pytest.param(pictures.encoded(pictures.plain(), "WEBP")[:-40], "damaged", id="half a WebP"),
        pytest.param(pictures.jpeg(15, 400), "at least 16 pixels", id="tracking pixel"),
        pytest.param(pictures.jpeg(100, 801), "8 times as tall", id="strip"),
        pytest.param(pictures.many_scans(), "too many passes", id="scan bomb"),
        pytest.param(pictures.film(1_001), "more than 1,000 frames", id="long GIF"),
        pytest.param(pictures.film(1_001, "WEBP"), "more than 1,000 frames", id="long WebP"),
        pytest.param(pictures.film(1_001, "PNG"), "more than 1,000 frames", id="long PNG"),
    ],
)
def test_what_is_no_fit_picture_is_refused_with_a_sentence(data, sentence):
    began = time.monotonic()
    with pytest.raises(Refused, match=sentence):
        looked_at(data)
    assert time.monotonic() - began < 2


def test_a_large_webp_is_refused_because_its_decoder_needs_four_times_the_memory(monkeypatch):
    monkeypatch.setitem(processing.MAX_PIXELS_IN, "WEBP", 100_000)
    with pytest.raises(Refused, match="more than 0 million"):
        looked_at(pictures.encoded(pictures.plain(), "WEBP"))
    assert looked_at(pictures.encoded(pictures.plain(), "PNG"))


def test_size_is_checked_before_a_byte_is_read():
    class Unreadable(io.BytesIO):
        def read(self, *args):
            raise AssertionError("read")

    with pytest.raises(Refused, match=r"larger than 0\.1 MB"):
        inspect(Unreadable(b"x" * 200_000), max_bytes=104_858)


def test_the_file_can_be_read_from_its_start_after_a_look():
    file = io.BytesIO(pictures.jpeg())
    inspect(file, max_bytes=MAX_BYTES)
    assert file.read() == pictures.jpeg()


@pytest.mark.parametrize("data", [pictures.film(3), pictures.film(3, "WEBP")])
def test_an_animation_is_taken_as_its_first_frame(data):
    assert looked_at(data).animated
    assert near(largest(data).getpixel((8, 8)), pictures.RED)


@pytest.mark.parametrize("cut", range(10, 60))
def test_a_broken_gif_never_raises_anything_but_a_sentence(cut):
    whole = pictures.film(3)
    with contextlib.suppress(Refused):
        assert looked_at(whole[:cut] + whole[cut + 1 :]).format == "GIF"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(orientation):
    data = pictures.turned(orientation)
    assert (looked_at(data).width, looked_at(data).height) == (400, 300)
    picture = largest(data)
    assert picture.size == (400, 300)
    assert near(picture.getpixel((20, 20)), (30, 220, 30))
    assert near(picture.getpixel((380, 20)), pictures.RED)
    assert near(picture.getpixel((200, 280)), pictures.BLUE)
    assert not picture.getexif()


@pytest.mark.parametrize("format", ["PNG", "WEBP", "AVIF"])
def test_orientation_is_obeyed_in_other_formats_too(format):
    exif = Image.Exif()
    exif[pictures.ORIENTATION] = 6
    data = pictures.encoded(pictures.plain(), format, exif=exif)
    assert (looked_at(data).width, looked_at(data).height) == (300, 400)
    assert largest(data).size == (300, 400)


def test_broken_exif_does_not_spoil_a_good_picture():
    data = pictures.jpeg(exif=b"Exif\0\0not a TIFF header at all")
    assert looked_at(data).width == 400
    assert largest(data).size == (400, 300)


@pytest.mark.parametrize(
    "data",
    [
        pytest.param(pictures.encoded(pictures.plain(mode="CMYK")), id="CMYK JPEG"),
        pytest.param(pictures.encoded(pictures.plain(mode="YCbCr")), id="YCbCr JPEG"),
        pytest.param(pictures.encoded(pictures.plain(mode="P"), "PNG"), id="palette PNG"),
        pytest.param(pictures.encoded(pictures.plain(mode="P"), "GIF"), id="GIF"),
        pytest.param(pictures.encoded(pictures.plain(mode="RGBA"), "PNG"), id="opaque RGBA"),
        pytest.param(pictures.encoded(pictures.plain(), "AVIF"), id="AVIF"),
    ],
)
def test_every_kind_of_pixel_becomes_plain_color(data):
    for format in ("webp", "jpeg"):
        picture = largest(data, format)
        assert picture.mode == "RGB"
        assert near(picture.getpixel((200, 20)), pictures.RED, off=40)
        assert near(picture.getpixel((200, 280)), pictures.BLUE, off=40)


def test_sixteen_bits_become_eight_of_the_same_brightness():
    assert near(largest(pictures.deep_gray()).getpixel((32, 32)), (128, 128, 128), off=2)


@pytest.mark.parametrize("mode", ["1", "L"])
def test_black_and_white_comes_out_as_color(mode):
    data = pictures.encoded(Image.new(mode, (64, 64), 255), "PNG")
    picture = largest(data)
    assert picture.mode == "RGB"
    assert near(picture.getpixel((32, 32)), (255, 255, 255), off=2)


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparency_is_kept_in_webp_and_white_in_jpeg(mode):
    clear = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    clear.paste((220, 30, 30, 255), (0, 0, 200, 300))
    data = pictures.encoded(clear.convert(mode), "PNG")
    assert largest(data).getpixel((300, 150)) == (255, 255, 255)
    webp = largest(data, "webp")
    assert webp.mode == "RGBA"
    assert webp.getpixel((300, 150))[3] == 0
    assert webp.getpixel((100, 150))[3] == 255


def test_one_transparent_color_of_a_palette_is_kept():
    picture = Image.new("P", (64, 64), 0)
    picture.putpalette([255, 0, 0, 0, 255, 0])
    data = pictures.encoded(picture, "GIF", transparency=0)
    assert largest(data).getpixel((32, 32)) == (255, 255, 255)


def test_an_embedded_profile_is_converted_to_srgb():
    picture = Image.new("RGB", (64, 64), (0, 128, 0))
    swapped = ImageCms.ImageCmsProfile(io.BytesIO(lab_like_profile())).tobytes()
    shown = largest(pictures.encoded(picture, "PNG", icc_profile=swapped))
    assert "icc_profile" not in shown.info
    assert not near(shown.getpixel((32, 32)), (0, 128, 0), off=4)


def lab_like_profile():
    """sRGB with its red and green primaries exchanged, which no decoder can overlook."""
    profile = bytearray(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    red, green = profile.index(b"rXYZ"), profile.index(b"gXYZ")
    profile[red : red + 4], profile[green : green + 4] = b"gXYZ", b"rXYZ"
    return bytes(profile)


@pytest.mark.parametrize("profile", [b"no profile", b"\0" * 4_000])
def test_a_broken_profile_is_left_aside(profile):
    data = pictures.encoded(pictures.plain(), "PNG", icc_profile=profile)
    assert near(largest(data).getpixel((200, 20)), pictures.RED)


def test_a_color_profile_on_gray_pixels_is_left_aside():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    data = pictures.encoded(Image.new("L", (64, 64), 200), "PNG", icc_profile=profile)
    assert near(largest(data).getpixel((32, 32)), (200, 200, 200), off=3)


@pytest.mark.parametrize(
    ("width", "widths"),
    [
        (200, [200]),
        (320, [320]),
        (700, [320, 640, 700]),
        (1920, [320, 640, 960, 1280, 1920]),
        (2500, [320, 640, 960, 1280, 1920]),
    ],
)
def test_renditions_are_never_wider_than_the_picture(width, widths):
    made = render(pictures.jpeg(width, 200))
    assert [one.width for one in made if one.format == "webp"] == widths
    assert [one.width for one in made if one.format == "jpeg"] == widths
    assert all(opened(one).size == (one.width, one.height) for one in made)


@pytest.mark.parametrize("format", ["JPEG", "PNG"])
def test_a_photograph_of_24_megapixels_keeps_its_shape_at_every_width(format):
    made = render(pictures.encoded(pictures.plain(6000, 4000), format))
    assert [(one.width, one.height) for one in made if one.format == "jpeg"] == [
        (320, 213),
        (640, 427),
        (960, 640),
        (1280, 853),
        (1920, 1280),
    ]
    assert near(opened(made[-1]).getpixel((960, 500)), pictures.RED)
    assert near(opened(made[-1]).getpixel((960, 800)), pictures.BLUE)


GROWTH = r"""
import io, re, sys
from pathlib import Path
from newsroom.images.processing import inspect, render
def kilobytes():
    return int(re.search(r"VmHWM:\s+(\d+)", Path("/proc/self/status").read_text())[1])
data, before = Path(sys.argv[1]).read_bytes(), kilobytes()
inspect(io.BytesIO(data), max_bytes=10**9)
render(data)
print((kilobytes() - before) // 1024)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="The peak is read from /proc.")
@pytest.mark.parametrize(
    ("format", "mode", "size"),
    [("WEBP", "RGB", (6000, 4000)), ("PNG", "RGBA", (8600, 5800)), ("JPEG", "CMYK", (6000, 4000))],
)
def test_memory_grows_by_less_than_400_megabytes(tmp_path, format, mode, size):
    file = tmp_path / "photograph"
    file.write_bytes(pictures.encoded(pictures.plain(*size, mode=mode), format))
    process = subprocess.run(
        [sys.executable, "-c", GROWTH, file],
        capture_output=True,
        check=True,
        cwd=Path(processing.__file__).parents[2],
    )
    assert 10 < int(process.stdout) < 400


def test_a_tall_picture_stays_within_eight_megapixels():
    made = render(pictures.jpeg(1600, 12_000))
    assert (made[-1].width, made[-1].height) == (1032, 7740)


def test_a_jpeg_is_progressive():
    assert largest(pictures.jpeg()).info["progressive"]


@pytest.mark.parametrize("data", [pictures.with_location(), pictures.polyglot()])
def test_no_rendition_holds_location_text_or_script(data):
    for one in render(data):
        assert [secret for secret in pictures.SECRETS if secret in one.data] == []
        shown = opened(one)
        assert not shown.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile", "photoshop"} & set(shown.info)


@pytest.mark.parametrize("format", ["PNG", "WEBP", "AVIF"])
def test_metadata_of_other_formats_is_dropped_too(format):
    exif = Image.Exif()
    exif[pictures.ARTIST] = "Secret Artist"
    data = pictures.encoded(pictures.plain(), format, exif=exif, xmp=pictures.XMP)
    for one in render(data):
        assert [secret for secret in pictures.SECRETS if secret in one.data] == []
