"""Bytes that are meant to keep a process busy, fill its memory or end up in the log."""

import io
import json
import logging
import struct
import sys
import time
import zlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from newsroom.accounts.models import User
from newsroom.images import embedded
from newsroom.logs import JSONLines
from newsroom.publication.models import HousePage, Publication
from tests.conftest import logged_in

MASTHEAD = "/admin/publication/publication/1/change/"


def png(width: int, height: int) -> bytes:
    """A PNG of a few bytes that claims a size."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    header = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


def masthead(logo: bytes, name: str = "logo.png") -> dict[str, object]:
    texts = {"name": "N", "search_prompt": "Search", "language": "en", "time_zone": "UTC"}
    formset = {"social_links-TOTAL_FORMS": "0", "social_links-INITIAL_FORMS": "0"}
    return texts | formset | {"logo": SimpleUploadedFile(name, logo)}


def test_half_open_tags_in_a_pictures_metadata_cost_no_time() -> None:
    """200 kB of them took 17 s."""
    packet = "<photoshop:Credit>" + "<rdf:li" * 28_000 + "</photoshop:Credit>"
    start = time.process_time()
    embedded._property(packet, "photoshop:Credit")
    assert time.process_time() - start < 1


@pytest.mark.parametrize(
    ("logo", "sentence"),
    [
        (png(60_000, 60_000), "24 million pixels"),
        (png(12_000, 9_000), "24 million pixels"),
        (b"<svg onload='alert(1)'/>", "not a whole PNG, JPEG or WebP"),
        (b"x" * 5_300_000, "larger than 5 MB"),
    ],
)
def test_logo_that_cannot_be_taken_is_a_sentence_at_its_field(
    chief: User, logo: bytes, sentence: str
) -> None:
    Publication().save()
    answer = logged_in(chief).post(MASTHEAD, masthead(logo))
    assert answer.status_code == 200
    assert sentence in answer.content.decode()
    assert not Publication.current().logo


def test_logo_is_served_without_what_was_glued_to_it_and_under_a_name_of_ours(chief: User) -> None:
    Publication().save()
    out = io.BytesIO()
    Image.new("RGB", (64, 32), "red").save(out, "PNG")
    polyglot = out.getvalue() + b"<script>alert(1)</script>"
    logged_in(chief).post(MASTHEAD, masthead(polyglot, "<img src=x onerror=alert(1)>.png"))
    answer = Client().get(Publication.current().logo.url)
    assert answer.headers["Content-Type"] == "image/png"
    assert b"<script>" not in answer.content


@pytest.mark.parametrize("length", ["99999999999", "-1", "x", "9" * 5000])
@pytest.mark.parametrize("path", ["/", "/accounts/login/", "/admin/images/image/upload/"])
def test_body_of_any_size_is_refused_before_it_is_read(path: str, length: str) -> None:
    answer = Client().generic("POST", path, b"", CONTENT_LENGTH=length)
    assert answer.status_code == 413


@pytest.mark.django_db
def test_house_page_is_cleaned_again_when_it_is_shown() -> None:
    page = HousePage.objects.create(title="Ethics", slug="ethics")
    script = "<p>Fair</p><script>alert(1)</script><a href='javascript:alert(1)'>x</a>"
    HousePage.objects.filter(pk=page.pk).update(body=script)
    html = Client().get("/ethics/").content.decode()
    assert "<p>Fair</p>" in html
    assert "alert(1)" not in html


def line(message: str, *arguments: object, failing: bool = False) -> str:
    error = None
    if failing:
        try:
            int(message)
        except ValueError:
            error = sys.exc_info()
    record = logging.LogRecord("n", logging.ERROR, "f", 1, message, arguments, error)
    return JSONLines().format(record)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\x85", "\u2028", "\x0b"])
def test_nothing_logged_begins_a_line_of_its_own(end: str) -> None:
    for text in (line("Not Found: %s", f"/a{end}root logged in"), line(f"a{end}b", failing=True)):
        assert len(text.splitlines()) == 1
        assert json.loads(text)["level"] == "ERROR"


@pytest.mark.parametrize("before", ["/accounts/password/reset/key/", "/shared/"])
def test_address_that_is_a_key_stays_out_of_the_log(before: str) -> None:
    text = line("Bad: %s", f"{before}1-abcdef.0123/")
    assert "abcdef" not in text
    assert before in text
