"""The words inside the files, read back by Pillow and by a strict XML parser."""

import io
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from newsroom.images import embedded, packet
from tests.images import pictures

WORDS = {
    "credit": 'The "Agency" & <Sons>',
    "author": "João Silva",
    "source": "Harbor Archive",
    "terms": "CC BY 4.0",
    "licence_url": "https://creativecommons.org/licenses/by/4.0/",
    "digital_source": "http://cv.iptc.org/newscodes/digitalsourcetype/compositeCapture",
}


def parsed(xmp: bytes) -> ET.Element:
    return ET.fromstring(xmp)  # noqa: S314 - our own


def files(xmp, mode="RGB"):
    """A file of each format with the packet in it."""
    picture = pictures.plain(401, 301, mode)
    webp = pictures.encoded(picture, "WEBP", quality=70)
    yield packet.inside("webp", webp, xmp)
    yield pictures.encoded(picture, "AVIF", xmp=xmp)
    if mode == "RGB":
        yield packet.inside("jpeg", pictures.encoded(picture, "JPEG", progressive=True), xmp)


def test_without_words_there_is_no_packet():
    assert packet.packet({}) == packet.packet({"credit": "", "source": " "}) == b""
    assert packet.inside("jpeg", pictures.jpeg(), b"") == pictures.jpeg()


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_every_format_says_the_same_words_that_a_reader_of_metadata_finds(mode):
    for data in files(packet.packet(WORDS), mode):
        assert embedded.words(data) == {
            "credit": 'The "Agency" & <Sons>',
            "author": "João Silva",
            "source": "Harbor Archive",
            "licence_url": "https://creativecommons.org/licenses/by/4.0/",
            "digital_source": "compositeCapture",
        }


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
def test_words_that_come_later_change_no_pixel(mode):
    picture = pictures.plain(401, 301, mode)
    for format in ("JPEG", "WEBP") if mode == "RGB" else ("WEBP",):
        data = pictures.encoded(picture, format)
        told = packet.inside(format.lower(), data, packet.packet(WORDS))
        before, after = (Image.open(io.BytesIO(one)) for one in (data, told))
        assert (after.mode, after.size) == (before.mode, before.size)
        assert after.tobytes() == before.tobytes()


def test_a_packet_holds_nothing_but_the_words():
    description = parsed(packet.packet({"credit": "Jane Doe"}))[0][0]
    assert list(description.attrib.values()) == ["", "Jane Doe"]
    assert len(description) == 0


@given(st.dictionaries(st.sampled_from(list(packet.PROPERTIES)), st.text(max_size=60)))
def test_no_word_breaks_the_packet_or_becomes_markup(words):
    if xmp := packet.packet(words):
        assert len(parsed(xmp)[0]) == 1
        assert len(packet.inside("jpeg", pictures.jpeg(16, 16), xmp)) > len(xmp)
