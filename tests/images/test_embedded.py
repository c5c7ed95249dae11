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


SAYS_HOW = """<rdf:Description xmlns:x="x"
 Iptc4xmpExt:DigitalSourceType="http://cv.iptc.org/newscodes/digitalsourcetype/{}" {}>
 {}</rdf:Description>"""


def said(code="composite", attributes="", inside=""):
    return pictures.jpeg(xmp=SAYS_HOW.format(code, attributes, inside).encode())


def test_how_the_picture_was_made_is_read_as_iptc_writes_it():
    assert embedded.words(said("trainedAlgorithmicMedia")) == {
        "digital_source": "trainedAlgorithmicMedia"
    }
    assert embedded.words(said("x/../y")) == embedded.words(said("<b>")) == {}


@pytest.mark.parametrize(
    ("attributes", "inside"),
    [
        ('xmpRights:WebStatement="https://creativecommons.org/licenses/by/4.0/"', ""),
        ("", '<cc:license rdf:resource="https://creativecommons.org/licenses/by/4.0/"/>'),
        (
            "",
            "<xmpRights:UsageTerms>See https://creativecommons.org/licenses/by/4.0/.</xmpRights:UsageTerms>",
        ),
        ("", "<dc:rights>(https://creativecommons.org/licenses/by/4.0/)</dc:rights>"),
    ],
)
def test_the_licence_is_read_wherever_it_is_stated(attributes, inside):
    words = embedded.words(said(attributes=attributes, inside=inside))
    assert words["licence_url"] == "https://creativecommons.org/licenses/by/4.0/"


def test_the_licence_is_read_from_iptc_and_exif_too():
    address = "https://creativecommons.org/publicdomain/zero/1.0/"
    exif = Image.Exif()
    exif[embedded.EXIF_COPYRIGHT] = f"CC0 {address}"
    for data in (pictures.iptc(copyright=f"CC0 {address}"), pictures.jpeg(exif=exif)):
        assert embedded.words(data) == {"licence_url": address}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "licence"),
    [
        ("http://creativecommons.org/licenses/by/4.0", "cc-by-4.0"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "cc0"),
        ("https://agency.example/terms", ""),
    ],
)
def test_a_new_picture_takes_the_licence_and_the_source_type_of_its_file(address, licence):
    data = said("digitalArt", f'xmpRights:WebStatement="{address}"')
    image = library.add(pictures.upload(data), by=None)
    assert (image.licence, image.digital_source) == (licence, "digitalCreation")


@pytest.mark.django_db
def test_what_an_editor_chose_wins_over_the_file_until_another_file_comes():
    image = library.add(pictures.upload(said("composite")), by=None, digital_source="humanEdits")
    assert image.digital_source == "humanEdits"
    library.replace_file(image, pictures.upload(said("trainedAlgorithmicMedia")), by=None)
    assert image.digital_source == "trainedAlgorithmicMedia"
    library.replace_file(image, pictures.upload(), by=None)
    assert image.digital_source == "trainedAlgorithmicMedia"


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
