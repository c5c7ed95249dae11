"""The words that a photographer wrote into the file."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from newsroom.images import embedded, library
from tests.images import pictures

PACKET = """<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF><rdf:Description
 photoshop:Credit="The Agency &amp; Sons" photoshop:Source="Harbor Archive">
 <dc:creator><rdf:Seq><rdf:li>Jane Doe</rdf:li><rdf:li>João Silva</rdf:li></rdf:Seq></dc:creator>
 <dc:description><rdf:Alt><rdf:li xml:lang="x-default">The ferry.</rdf:li>
 <rdf:li xml:lang="pt">O barco.</rdf:li></rdf:Alt></dc:description>
 <Iptc4xmpCore:AltTextAccessibility><rdf:Alt><rdf:li xml:lang="x-default">A white ferry
 at the quay</rdf:li></rdf:Alt></Iptc4xmpCore:AltTextAccessibility>
</rdf:Description></rdf:RDF></x:xmpmeta>""".encode()


def test_credit_and_caption_are_read_from_iptc():
    data = pictures.iptc(
        credit="The Agency", author="João Silva", source="Archive", caption="The ferry.\r\nAt dawn."
    )
    assert embedded.words(data) == {
        "credit": "The Agency",
        "author": "João Silva",
        "source": "Archive",
        "caption": "The ferry. At dawn.",
    }


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "AVIF"])
def test_words_are_read_from_xmp(format):
    data = pictures.encoded(pictures.plain(), format, xmp=PACKET)
    assert embedded.words(data) == {
        "credit": "The Agency & Sons",
        "author": "Jane Doe, João Silva",
        "source": "Harbor Archive",
        "caption": "The ferry.",
        "alt": "A white ferry at the quay",
    }


def test_the_author_is_read_from_exif():
    exif = Image.Exif()
    exif[pictures.ARTIST] = "Jane Doe"
    assert embedded.words(pictures.jpeg(exif=exif)) == {"author": "Jane Doe"}


@pytest.mark.parametrize(
    "data",
    [
        pictures.jpeg(),
        pictures.HTML,
        pictures.jpeg(exif=b"Exif\0\0garbage"),
        pictures.jpeg(xmp=b"<dc:creator>never closed"),
        pictures.jpeg(xmp=b"\xff\xfe<x photoshop:Credit="),
        pictures.iptc(credit="\0\0"),
    ],
)
def test_no_or_broken_metadata_gives_no_words(data):
    assert embedded.words(data) == {}


def test_words_fit_the_fields_and_hold_no_control_characters():
    words = embedded.words(pictures.iptc(credit="A\0B\x1b" + "x" * 500))
    assert words["credit"] == "A B " + "x" * 196


@given(st.binary(max_size=200))
def test_no_xmp_packet_makes_reading_fail(packet):
    for name, text in embedded.words(pictures.jpeg(16, 16, xmp=PACKET[:400] + packet)).items():
        assert text.isprintable()
        assert len(text) <= embedded.MAX_CHARACTERS[name]


@pytest.mark.django_db
def test_a_new_picture_takes_the_words_that_nobody_typed():
    data = pictures.iptc(credit="The Agency", author="Jane Doe")
    image = library.add(pictures.upload(data), by=None, author="J. Doe")
    assert (image.credit, image.author) == ("The Agency", "J. Doe")
    assert image.lacks() == ["alt", "licence"]


@pytest.mark.django_db
def test_a_decorative_picture_takes_no_alternative_text():
    data = pictures.jpeg(xmp=PACKET)
    image = library.add(pictures.upload(data), by=None, decorative=True)
    assert image.alt == ""
