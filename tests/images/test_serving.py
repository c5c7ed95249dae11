"""What /media/ serves and what it never does."""

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage

from newsroom.images import library
from tests.images import pictures

pytestmark = pytest.mark.django_db
RANDOM = "0123456789abcdef" * 2
#: As folders are named since there are crops.
SHORT = RANDOM[:24]


def test_a_rendition_is_served_for_ever_and_as_nothing_but_a_picture(client, picture):
    rendition = picture.best(320, format="webp")
    response = client.get(f"/media/{rendition.name}")
    assert response.status_code == 200
    with default_storage.open(rendition.name) as file:
        assert response.content == file.read()
    assert response["Content-Type"] == "image/webp"
    assert response["Content-Length"] == str(rendition.bytes)
    assert response["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Content-Disposition"] == "inline"
    assert response["Content-Security-Policy"] == "default-src 'none'"
    assert not response.cookies


def test_a_jpeg_is_served_as_jpeg_at_the_address_that_the_page_names(client, picture):
    assert client.get(picture.src)["Content-Type"] == "image/jpeg"


def test_head_gives_the_headers_alone(client, picture):
    response = client.head(picture.src)
    assert response.status_code == 200
    assert int(response["Content-Length"]) == picture.best(960).bytes
    assert response.content == b""


def test_who_has_the_picture_gets_304(client, picture):
    etag = client.get(picture.src)["ETag"]
    response = client.get(picture.src, headers={"If-None-Match": etag})
    assert (response.status_code, response.content) == (304, b"")


def test_the_logo_is_served(client):
    default_storage.save("publication/logo-0123456789abcdef.png", ContentFile(b"png"))
    response = client.get("/media/publication/logo-0123456789abcdef.png")
    assert (response.status_code, response["Content-Type"]) == (200, "image/png")


def test_the_original_is_never_served(client, picture):
    for name in (
        picture.original.name,
        f"renditions/../{picture.original.name}",
        f"renditions/{RANDOM}/../../{picture.original.name}",
        f"renditions%2f..%2f{picture.original.name}",
        f"renditions%252f..%252f{picture.original.name}",
        f"renditions\\..\\{picture.original.name}",
        f"/{picture.original.name}",
        f"./{picture.original.name}",
    ):
        assert client.get(f"/media/{name}").status_code in {301, 404}, name


@pytest.mark.parametrize(
    "name",
    [
        "renditions/",
        f"renditions/{RANDOM}",
        f"renditions/{RANDOM}/320.svg",
        f"renditions/{RANDOM}/320.jpg.html",
        f"renditions/{RANDOM}/320.jpg%0a",
        f"renditions/{RANDOM}/320.jpg/",
        f"renditions/{RANDOM}/0320.jpg",
        f"renditions/{RANDOM}/99999.jpg",
        f"renditions/{RANDOM}/%D9%A3%D9%A2%D9%A0.jpg",
        f"renditions/{RANDOM.upper()}/320.jpg",
        f"renditions/{RANDOM[1:]}/320.jpg",
        f"renditions/{SHORT[1:]}/320.jpg",
        f"renditions/{SHORT}/16x10-320.jpg",
        f"renditions/{SHORT}/whole-320.jpg",
        f"renditions/{SHORT}/-320.jpg",
        f"renditions/{SHORT}/1x1-.jpg",
        f"renditions/{SHORT}/1x1-1x1-320.jpg",
        "publication/logo-0123456789abcdef.svg",
        "publication/secret.txt",
        "../newsroom/settings.py",
        "..%2f..%2fetc/passwd",
    ],
)
def test_no_other_name_is_served_even_when_a_file_lies_there(client, name, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    for inside in (f"renditions/{RANDOM}/320.svg", "publication/secret.txt"):
        default_storage.save(inside, ContentFile(b"secret"))
    assert client.get(f"/media/{name}").status_code == 404


def test_a_rendition_that_is_gone_is_404_in_plain_text(client):
    response = client.get(f"/media/renditions/{RANDOM}/320.jpg")
    assert (response.status_code, response["Content-Type"]) == (404, "text/plain")


def test_a_picture_cannot_be_posted_to(client, picture):
    assert client.post(picture.src).status_code == 405


@pytest.mark.parametrize("data", [pictures.with_location(), pictures.polyglot()])
def test_no_served_byte_tells_where_a_photograph_was_taken_or_runs(client, data):
    image = library.add(pictures.upload(data), by=None)
    for name in image.names():
        served = client.get(f"/media/{name}").content
        assert len(served) > 100
        assert [secret for secret in pictures.SECRETS if secret in served] == []
