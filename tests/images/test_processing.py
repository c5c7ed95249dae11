"""Looking at a picture before it is opened, and making renditions of it."""

import contextlib
import io

import pytest
from PIL import Image, ImageCms

from newsroom.images import processing
from newsroom.images.processing import Facts, Refused, develop, refuse_size
from tests.images import pictures

FORMATS = ("jpeg", "webp", "avif")


def looked_at(data):
    return develop(data)[0]


def render(data, cut="whole", formats=("jpeg", "webp"), **options):
    return develop(data, [(cut, format) for format in formats], **options)[1]


def opened(rendition):
    return Image.open(io.BytesIO(rendition.data))


def largest(data, format="jpeg", cut="whole", **options):
    return opened(render(data, cut, [format], **options)[-1])


def near(pixel, color, off=24):
    return all(abs(a - b) <= off for a, b in zip(pixel, color, strict=False))


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_each_format_that_we_take_is_known_by_its_content(format):
    data = pictures.encoded(pictures.plain(), format)
    assert looked_at(data) == Facts(format, 400, 300, animated=False)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
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
    with pytest.raises(Refused, match=sentence):
        looked_at(data)


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
        refuse_size(Unreadable(b"x" * 200_000), max_bytes=104_858)
    with pytest.raises(Refused, match="is empty"):
        refuse_size(Unreadable(), max_bytes=104_858)


def test_a_fitting_file_can_be_read_from_its_start_after_a_look_at_its_size():
    file = io.BytesIO(pictures.jpeg())
    refuse_size(file, max_bytes=1_000_000)
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
    for format in FORMATS:
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
def test_transparency_is_kept_in_webp_and_avif_and_white_in_jpeg(mode):
    clear = Image.new("RGBA", (400, 300), (0, 0, 0, 0))
    clear.paste((220, 30, 30, 255), (0, 0, 200, 300))
    data = pictures.encoded(clear.convert(mode), "PNG")
    assert largest(data).getpixel((300, 150)) == (255, 255, 255)
    for format in ("webp", "avif"):
        clear = largest(data, format)
        assert clear.mode == "RGBA"
        assert clear.getpixel((300, 150))[3] == 0
        assert clear.getpixel((100, 150))[3] == 255


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
        (220, [220]),
        (320, [320]),
        (700, [320, 640, 700]),
        (1920, [320, 640, 960, 1200, 1920]),
        (2500, [320, 640, 960, 1200, 1920]),
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
        (1200, 800),
        (1920, 1280),
    ]
    assert near(opened(made[-1]).getpixel((960, 500)), pictures.RED)
    assert near(opened(made[-1]).getpixel((960, 800)), pictures.BLUE)


@pytest.mark.parametrize(
    ("size", "largest_size"),
    [((1600, 12_000), (960, 7200)), ((4000, 6000), (1414, 2121)), ((3000, 2000), (1920, 1280))],
)
def test_a_tall_picture_is_made_narrower(size, largest_size):
    assert largest(pictures.jpeg(*size)).size == largest_size


def test_a_jpeg_is_progressive():
    assert largest(pictures.jpeg()).info["progressive"]


@pytest.mark.parametrize("data", [pictures.with_location(), pictures.polyglot()])
def test_no_rendition_holds_location_text_or_script(data):
    for one in render(data, formats=FORMATS):
        assert [secret for secret in pictures.SECRETS if secret in one.data] == []
        shown = opened(one)
        assert not shown.getexif()
        assert not {"exif", "xmp", "comment", "icc_profile", "photoshop"} & set(shown.info)


@pytest.mark.parametrize("format", ["PNG", "WEBP", "AVIF"])
def test_metadata_of_other_formats_is_dropped_too(format):
    exif = Image.Exif()
    exif[pictures.CAMERA] = "Secret Camera"
    data = pictures.encoded(pictures.plain(), format, exif=exif, xmp=pictures.XMP)
    for one in render(data, formats=FORMATS):
        assert [secret for secret in pictures.SECRETS if secret in one.data] == []


# --- Crops ----------------------------------------------------------------------------------------


def striped(width, height):
    """Ten stripes from left to right, each a tenth of the width: gray 5, 30, 55 ... 230."""
    picture = Image.new("RGB", (width, height))
    for number in range(10):
        gray = 5 + 25 * number
        picture.paste((gray,) * 3, (width * number // 10, 0, width, height))
    return pictures.encoded(picture, "PNG")


def stripe(pixel):
    return round((pixel[0] - 5) / 25)


@pytest.mark.parametrize(("x", "left", "right"), [(0, 0, 4), (0.5, 2, 7), (0.65, 4, 8), (1, 5, 9)])
def test_a_crop_has_the_focal_point_as_near_to_its_middle_as_the_edges_allow(x, left, right):
    square = largest(striped(1600, 800), cut="1x1", focal=(x, 0.5))
    assert square.size == (800, 800)
    assert (stripe(square.getpixel((20, 400))), stripe(square.getpixel((780, 400)))) == (
        left,
        right,
    )


@pytest.mark.parametrize(
    ("cut", "sizes"),
    [
        ("16x9", [(640, 360), (1200, 675)]),
        ("3x2", []),
        ("1x1", [(160, 160), (320, 320), (1200, 1200)]),
        ("4x5", [(320, 400), (640, 800), (960, 1200)]),
    ],
)
def test_a_photograph_has_each_crop_at_its_widths_and_none_in_its_own_shape(cut, sizes):
    made = render(pictures.jpeg(3000, 2000), cut, ["jpeg"])
    assert [(one.width, one.height) for one in made] == sizes
    assert [opened(one).size for one in made] == sizes


def test_a_crop_is_never_wider_than_the_picture_has_pixels_for():
    made = render(pictures.jpeg(900, 500), "1x1", ["jpeg"])
    assert [one.width for one in made] == [160, 320, 500]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_crop_is_taken_from_the_upright_picture(orientation):
    square = largest(pictures.turned(orientation), cut="1x1", focal=(0, 0))
    assert square.size == (300, 300)
    assert near(square.getpixel((20, 20)), (30, 220, 30))
    assert near(square.getpixel((20, 280)), pictures.BLUE)


def test_a_panorama_has_a_square_crop_with_all_its_pixels():
    made = render(pictures.jpeg(6000, 1500), "1x1", ["jpeg"])
    assert made[-1].width == 1200


def test_the_words_that_are_given_are_in_every_format():
    for one in render(pictures.jpeg(), formats=FORMATS, xmp=pictures.XMP):
        assert opened(one).info["xmp"] == pictures.XMP
