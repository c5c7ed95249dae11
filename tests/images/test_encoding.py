"""Files that keep to a budget of bytes."""

import pytest
from PIL import Image

from newsroom.images import encoding
from newsroom.images.encoding import Encoder, budget_bytes
from newsroom.images.processing import develop
from tests.images import pictures

FORMATS = ("jpeg", "webp", "avif")


def qualities(monkeypatch, format):
    """The qualities that an encoder tries from now on, one after the other."""
    tried = []
    write = encoding._WRITERS[format]

    def watched(picture, quality, xmp):
        tried.append(quality)
        return write(picture, quality, xmp)

    monkeypatch.setitem(encoding._WRITERS, format, watched)
    return tried


@pytest.mark.parametrize(
    ("size", "budget"),
    [
        ((1200, 800), 90_000),
        ((1200, 1800), 90_000),
        ((960, 1200), 90_000),
        ((1200, 675), 79_232),
        ((640, 427), 35_074),
        ((60, 40), 5_000),
        ((1920, 1280), 182_147),
    ],
)
def test_the_budget_follows_the_area_and_no_file_of_1200_pixels_gets_more_than_90_kilobytes(
    size, budget
):
    assert budget_bytes(*size) == budget


@pytest.mark.parametrize("format", FORMATS)
def test_a_photograph_of_24_megapixels_weighs_at_most_90_kilobytes_at_1200_pixels(format):
    _facts, made = develop(pictures.photograph(detail=0.75), [("whole", format)], xmp=b"x" * 800)
    lead = next(one for one in made if one.width == 1200)
    assert len(lead.data) <= 90_000


@pytest.mark.parametrize("format", FORMATS)
def test_an_easy_picture_is_encoded_once_at_the_best_quality(format, monkeypatch):
    tried = qualities(monkeypatch, format)
    Encoder(format).encode(pictures.plain())
    assert tried == [encoding.QUALITIES[format][0]]


@pytest.mark.parametrize("format", FORMATS)
def test_noise_keeps_the_floor_and_costs_one_try_from_the_second_file_on(format, monkeypatch):
    tried = qualities(monkeypatch, format)
    noise, encoder = pictures.noise(300, 200), Encoder(format)
    encoder.encode(noise)
    assert tuple(tried) == encoding.QUALITIES[format]
    tried.clear()
    data = encoder.encode(noise)
    assert tuple(tried) == encoding.QUALITIES[format][-1:]
    assert len(data) > budget_bytes(300, 200) - encoding.ROOM_FOR_WORDS_BYTES


def test_a_picture_that_is_a_little_too_large_stops_at_the_first_quality_that_fits(monkeypatch):
    tried = qualities(monkeypatch, "webp")
    data = Encoder("webp").encode(Image.open(pictures.file(pictures.photograph(600, 400))))
    assert 1 <= len(tried) < len(encoding.QUALITIES["webp"])
    assert len(data) <= budget_bytes(600, 400)


def test_after_a_file_that_is_far_below_its_budget_a_better_quality_is_tried(monkeypatch):
    encoder = Encoder("webp")
    encoder.encode(pictures.noise(300, 200))
    easy, tried = pictures.plain(), qualities(monkeypatch, "webp")
    for _file in range(3):
        encoder.encode(easy)
    assert tuple(tried) == encoding.QUALITIES["webp"][-1:-4:-1]
