"""Pictures in buckets, tried against a real S3 server on loopback."""

import re
import urllib.request
from pathlib import Path

import pytest
from django.conf import settings as site
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage, storages
from django.test import TestCase

from newsroom import storage
from newsroom.images import library
from newsroom.images.models import Image
from newsroom.storage import originals
from tests import factories
from tests.conftest import logged_in
from tests.images import pictures
from tests.images.test_admin import ADD, change, errors, words
from tests.storage.conftest import close, names_in, renditions, use
from tests.storage.servers import Line, requests_of

pytestmark = pytest.mark.django_db


def fetched(address):
    """What a reader's browser gets: the bytes and their type."""
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own server on loopback
        return answer.read(), answer.headers["Content-Type"]


def s3():
    return storages["default"].connection.meta.client


# --- Where things land ----------------------------------------------------------------------------


def test_an_upload_lands_in_the_public_bucket_and_its_original_in_the_private_one(
    editor, buckets, stored
):
    logged_in(editor).post(ADD, words(original=pictures.upload()))
    image = Image.objects.get()
    assert names_in(buckets.public) == renditions()
    assert names_in(buckets.private) == [image.original.name]
    assert (buckets.private / image.original.name).read_bytes() == pictures.jpeg()
    assert stored() == []


def test_an_object_says_what_it_is_and_that_it_never_changes(buckets, picture):
    name = next(one for one in renditions() if one.endswith(".webp"))
    head = s3().head_object(Bucket=site.MEDIA_BUCKET, Key=name)
    assert head["ContentType"] == "image/webp"
    assert head["CacheControl"] == "public, max-age=31536000, immutable"
    head = s3().head_object(Bucket=site.ORIGINALS_BUCKET, Key=picture.original.name)
    assert head["ContentType"] == "application/octet-stream"
    assert "CacheControl" not in head


@pytest.mark.parametrize(
    ("end", "content_type"),
    [("avif", "image/avif"), ("png", "image/png"), ("jpg", "image/jpeg"), ("html", None)],
)
def test_no_type_is_guessed_by_the_machines_own_list(buckets, end, content_type):
    name = default_storage.save(f"renditions/aa/320.{end}", ContentFile(b"data"))
    head = s3().head_object(Bucket=site.MEDIA_BUCKET, Key=name)
    assert head["ContentType"] == content_type or content_type is None
    assert head["ContentType"] != "text/html"


def test_an_upload_is_one_request_for_each_file(buckets):
    seen = [requests_of(storages[one].connection.meta.client) for one in ("default", "originals")]
    library.add(pictures.upload(), by=None)
    assert seen == [["PUT"] * len(renditions()), ["PUT"]]


def test_a_photograph_of_ten_megabytes_is_one_request_as_well(buckets):
    """In parts, one that breaks off leaves its parts in the bucket."""
    seen = requests_of(storages["originals"].connection.meta.client)
    storage.write("originals/aa", b"x" * 10_000_000)
    assert seen == ["PUT"]


def test_the_field_reads_its_original_from_the_bucket(buckets, picture):
    with Image.objects.get().original.open() as file:
        assert file.read() == pictures.jpeg()
    with pytest.raises(ValueError, match="has no address"):
        originals.url(picture.original.name)
    with pytest.raises(ValueError, match="has no address"):
        storages["originals"].url(picture.original.name)


def test_a_replaced_file_and_a_deleted_picture_leave_nothing_in_the_buckets(
    editor, chief, buckets, picture
):
    old = set(buckets.names())
    with TestCase.captureOnCommitCallbacks(execute=True):
        new = pictures.upload(pictures.jpeg(800, 400))
        logged_in(editor).post(change(picture), words(original=new))
    image = Image.objects.get()
    assert not old & set(buckets.names())
    assert buckets.names() == sorted([image.original.name, *renditions()])
    with TestCase.captureOnCommitCallbacks(execute=True):
        logged_in(chief).post(f"/admin/images/image/{image.pk}/delete/", {"post": "yes"})
    assert buckets.names() == []


# --- What readers get -----------------------------------------------------------------------------


def test_a_page_names_pictures_that_the_public_address_has_byte_for_byte(client, buckets, picture):
    story = factories.published(lead_image=picture)
    page = client.get(story.path).text
    shown = set(re.findall(rf"{site.MEDIA_URL}([^\s\"]+\.(?:webp|jpg))", page))
    assert shown
    assert shown <= set(renditions())
    for name in shown:
        data, content_type = fetched(f"{site.MEDIA_URL}{name}")
        assert data == (buckets.public / name).read_bytes()
        assert content_type == {"webp": "image/webp", "jpg": "image/jpeg"}[name.split(".")[-1]]


@pytest.fixture
def with_logo(buckets, chief):
    """A publication whose logo came through the desk."""
    page = "/admin/publication/publication/add/"
    form = {
        "name": "The Harbor Courier", "language": "en", "time_zone": "UTC", "search_prompt": "?",
        "logo": pictures.upload(pictures.encoded(pictures.plain(200, 50), "PNG"), "logo.png"),
        "social_links-TOTAL_FORMS": "0", "social_links-INITIAL_FORMS": "0",
    }  # fmt: skip
    assert logged_in(chief).post(page, form).status_code == 302


def test_every_surface_names_the_public_address_whole(editor, buckets, with_logo, picture):
    body = f'<p>See.</p><figure data-image="{picture.pk}"></figure>'
    story = factories.published(lead_image=picture, body=body)
    client = logged_in(editor)
    for address in (
        *("/", story.path, "/feed.xml", "/feed.atom", "/feed.json"),
        f"/sitemaps/{story.published_at:%Y-%m}.xml",
        *("/admin/images/image/", "/admin/images/image/choose/", change(picture)),
    ):
        response = client.get(address)
        assert response.status_code == 200, address
        assert "/media/" not in response.text
        named = re.findall(r"[^\s\"'(>]*renditions/", response.text)
        assert set(named) == {f"{site.MEDIA_URL}renditions/"}, address


def test_the_logo_is_at_the_public_address_wherever_it_is_named(client, buckets, with_logo):
    (name,) = names_in(buckets.public)
    factories.published()
    for address in ("/", "/feed.xml", "/feed.atom", "/feed.json", "/2026/"):
        assert f"{site.MEDIA_URL}{name}" in client.get(address).text, address
    assert fetched(f"{site.MEDIA_URL}{name}")[1] == "image/png"


def test_an_address_from_before_the_move_leads_to_the_bucket(client, buckets, picture):
    name = renditions()[0]
    response = client.get(f"/media/{name}")
    assert (response.status_code, response["Location"]) == (302, f"{site.MEDIA_URL}{name}")
    assert response["Cache-Control"] == "public, max-age=86400"
    for secret in (picture.original.name, "../x", "renditions/x"):
        assert client.get(f"/media/{secret}").status_code == 404


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_browser_shows_the_picture_under_the_policy(
    browser_page, live_server, settings, buckets, picture
):
    origin = site.MEDIA_URL.split("/pictures-")[0]
    policy = site.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    settings.CONTENT_SECURITY_POLICY = {
        "DIRECTIVES": policy | {"img-src": [*policy["img-src"], origin]}
    }
    story = factories.published(lead_image=picture)
    browser_page.route("**/static/**", lambda route: route.fulfill(body=""))
    browser_page.goto(live_server.url + story.path)
    shown = browser_page.locator("main img").first
    assert shown.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    assert shown.evaluate("image => image.currentSrc").startswith(site.MEDIA_URL)


# --- What breaks ----------------------------------------------------------------------------------


def refused(editor):
    """Uploads through the form, which must say why nothing came of it, and keep the words."""
    response = logged_in(editor).post(ADD, words(original=pictures.upload()))
    assert response.status_code == 200
    assert "nothing of it was kept" in errors(response)["original"][0]
    assert ">\nRed above blue</textarea>" in response.text
    assert not Image.objects.exists()
    return response


def test_a_wrong_key_is_a_sentence_at_the_field(editor, buckets, settings):
    settings.S3_SECRET_KEY = "wrong"
    use(settings, "s3")
    refused(editor)
    assert buckets.names() == []


def test_a_bucket_that_does_not_exist_is_a_sentence_at_the_field(editor, buckets, settings):
    settings.MEDIA_BUCKET = "nowhere"
    use(settings, "s3")
    refused(editor)
    assert buckets.names() == []


def test_a_server_that_is_gone_is_a_sentence_at_the_field(editor, buckets):
    buckets.server.kill()
    refused(editor)
    assert buckets.names() == []


def test_a_server_that_is_gone_is_a_sentence_at_the_logo(chief, buckets):
    buckets.server.kill()
    logo = pictures.upload(pictures.encoded(pictures.plain(200, 50), "PNG"), "logo.png")
    form = {
        "name": "The Harbor Courier", "language": "en", "time_zone": "UTC", "search_prompt": "?",
        "logo": logo, "social_links-TOTAL_FORMS": "0", "social_links-INITIAL_FORMS": "0",
    }  # fmt: skip
    response = logged_in(chief).post("/admin/publication/publication/add/", form)
    assert response.status_code == 200
    assert "nothing of it was kept" in errors(response)["logo"][0]
    assert 'value="The Harbor Courier"' in response.text


@pytest.mark.parametrize("cut", ["original", "rendition"])
def test_a_line_cut_in_the_middle_of_a_file_leaves_nothing(editor, buckets, settings, cut):
    quality = {"original": 95, "rendition": 5}[cut]
    upload = pictures.encoded(pictures.noise(700, 500), "JPEG", quality=quality)
    line = Line(buckets.server.port, max_bytes={"original": 200_000, "rendition": 70_000}[cut])
    assert (len(upload) > line.max_bytes) == (cut == "original")
    settings.S3_ENDPOINT = line.address
    use(settings, "s3")
    response = logged_in(editor).post(ADD, words(original=pictures.upload(upload)))
    assert "nothing of it was kept" in errors(response)["original"][0]
    assert line.cuts > 0
    assert not Image.objects.exists()
    assert buckets.names() == []
    line.close()


def test_a_server_killed_in_the_middle_of_an_upload_leaves_no_row_and_no_half_object(
    editor, buckets, monkeypatch
):
    seen = []
    save = type(storages["default"])._save

    def killing(self, name, content):
        seen.append((name, content.size))
        if len(seen) == 3:
            buckets.server.kill()
        return save(self, name, content)

    monkeypatch.setattr("storages.backends.s3.S3Storage._save", killing)
    refused(editor)
    buckets.server.start()
    left = {name: (buckets.public / name).stat().st_size for name in names_in(buckets.public)}
    # What was whole before the end could not be deleted any more: sweep_media finds it.
    assert left == dict(seen[1:2])
    assert names_in(buckets.private) == [seen[0][0]]


def test_pages_are_the_same_while_the_server_is_gone_and_nobody_asks_it(
    client, editor, buckets, settings, with_logo, picture
):
    body = f'<p>See.</p><figure data-image="{picture.pk}"></figure>'
    story = factories.published(lead_image=picture, body=body)
    addresses = ["/", story.path, "/feed.xml", "/2026/", "/search/?q=ferry"]
    before = [client.get(address).content for address in addresses]
    line = Line()
    settings.S3_ENDPOINT = line.address
    use(settings, "s3")
    assert [client.get(address).content for address in addresses] == before
    desk = logged_in(editor)
    for address in ("/admin/images/image/", change(picture), "/admin/articles/article/"):
        assert desk.get(address).status_code == 200
    assert line.connections == 0
    refused_upload = desk.post(ADD, words(original=pictures.upload()))
    assert "nothing of it was kept" in errors(refused_upload)["original"][0]
    assert line.connections > 0
    line.close()


def test_a_server_that_is_gone_costs_one_wait_and_not_one_for_each_file(buckets, picture, caplog):
    line, private = Line(), storages["originals"]
    close(private)
    storages["default"].connection.meta.client.meta.events.register(
        "before-send.s3", lambda **_kw: pytest.fail("Another file was tried.")
    )
    private.endpoint_url = line.address
    private._connections.connection = private._bucket = None
    names = renditions()
    with TestCase.captureOnCommitCallbacks(execute=True):
        library.remove(picture)
    assert all(name in caplog.text for name in names)
    assert Path(buckets.private / picture.original.name).exists()
    line.close()
