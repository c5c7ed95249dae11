"""Content Credentials are noticed; nothing is verified."""

import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.images import library
from newsroom.images.provenance import C2PA_UUID, has_c2pa
from tests.images import pictures

BOX = struct.pack(">I4s", 40, b"jumb") + b"\0\0\0\x20jumdc2pa" + b"\0" * 20


def jpeg(body=b"JP\0\x01\0\0\0\x01" + BOX):
    whole = pictures.jpeg()
    return whole[:2] + b"\xff\xeb" + struct.pack(">H", len(body) + 2) + body + whole[2:]


def png():
    whole = pictures.encoded(pictures.plain(), "PNG")
    chunk = struct.pack(">I", len(BOX)) + b"caBX" + BOX
    return whole[:33] + chunk + struct.pack(">I", zlib.crc32(b"caBX" + BOX)) + whole[33:]


def webp():
    whole = pictures.encoded(pictures.plain(), "WEBP")
    body = whole[8:] + struct.pack("<4sI", b"C2PA", len(BOX)) + BOX
    return b"RIFF" + struct.pack("<I", len(body)) + body


def avif():
    whole = pictures.encoded(pictures.plain(), "AVIF")
    first = struct.unpack(">I", whole[:4])[0]
    box = struct.pack(">I4s", 24 + len(BOX), b"uuid") + C2PA_UUID + BOX
    return whole[:first] + box + whole[first:]


@pytest.mark.parametrize("data", [jpeg(), png(), webp(), avif()])
def test_a_manifest_is_found_where_the_format_keeps_it(data):
    assert has_c2pa(data)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP", "AVIF", "GIF"])
def test_a_picture_without_one_has_none(format):
    assert not has_c2pa(pictures.encoded(pictures.plain(), format))


def test_the_letters_alone_are_no_manifest():
    assert not has_c2pa(pictures.jpeg(comment=b"c2pa jumb C2PA caBX"))
    assert not has_c2pa(jpeg(b"JP\0\x01\0\0\0\x01\0\0\0\x28jp2h" + b"c2pa" * 8))


@given(st.sampled_from([jpeg(), png(), webp(), avif()]), st.data())
def test_no_broken_file_makes_looking_fail(whole, data):
    cut = data.draw(st.integers(0, 200))
    junk = data.draw(st.binary(max_size=8))
    assert has_c2pa(whole[:cut] + junk + whole[cut + len(junk) :]) in {True, False}


@pytest.mark.django_db
@pytest.mark.parametrize(("data", "noted"), [(jpeg(), True), (pictures.jpeg(), False)])
def test_the_library_notes_it(data, noted):
    assert library.add(pictures.upload(data), by=None).has_c2pa is noted
