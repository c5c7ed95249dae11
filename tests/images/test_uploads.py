"""Many pictures at once at the desk: each by itself, with the same words, whole or not at all."""

import io
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import OperationalError, connection
from django.test import Client
from django.urls import reverse

from newsroom.accounts.models import User
from newsroom.images import library, rendering, uploads
from newsroom.images.models import Image
from tests import factories
from tests.conftest import logged_in
from tests.images import pictures

pytestmark = pytest.mark.django_db

MANY = "/admin/images/image/many/"
ONE = "/admin/images/image/many/one/"
SHARED = {"credit": "Jane Doe", "licence": "own-work", "source": "The quay"}


def another(width: int) -> Any:
    return pictures.upload(pictures.jpeg(width, 300), f"{width}.jpg")


def words(image: Image) -> tuple[str, str, str]:
    return image.credit, image.licence, image.source


# --- One of many ----------------------------------------------------------------------------------


def test_picture_gets_the_words_for_all_and_the_answer_says_what_it_lacks(editor: User) -> None:
    answer = logged_in(editor).post(ONE, {"original": pictures.upload(), **SHARED})
    image = Image.objects.get()
    assert answer.json() == {
        "errors": {},
        "id": image.pk,
        "label": "flag.jpg",
        "thumb": image.url(320),
        "missing": ["alt"],
        "url": reverse("admin:images_image_change", args=[image.pk]),
    }
    assert words(image) == ("Jane Doe", "own-work", "The quay")
    assert (image.uploaded_by, LogEntry.objects.get().user) == (editor, editor)


def test_what_the_file_says_of_itself_fills_in_what_is_left_empty(editor: User) -> None:
    data = pictures.iptc(credit="The Agency", author="Rui Falcão", caption="A ferry.")
    told = {"original": pictures.upload(data), "credit": "Jane Doe", "author": ""}
    logged_in(editor).post(ONE, told)
    image = Image.objects.get()
    assert (image.credit, image.author, image.caption) == ("Jane Doe", "Rui Falcão", "A ferry.")


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "is empty"),
        (pictures.SVG, "Export it as PNG"),
        (pictures.HTML, "not a JPEG"),
        (pictures.bomb(), "50 million pixels"),
        (pictures.jpeg()[:-400], "damaged"),
    ],
)
def test_refused_picture_is_a_sentence_and_leaves_no_file_and_no_row(
    editor: User, stored: Any, data: bytes, sentence: str
) -> None:
    answer = logged_in(editor).post(ONE, {"original": pictures.upload(data), **SHARED})
    assert answer.status_code == 400
    assert sentence in answer.json()["errors"]["original"][0]
    assert (stored(), Image.objects.count()) == ([], 0)


def test_too_large_picture_is_refused(editor: User, settings: Any, stored: Any) -> None:
    settings.MAX_UPLOAD_BYTES = 1_000
    answer = logged_in(editor).post(ONE, {"original": pictures.upload(), **SHARED})
    assert "is larger than" in answer.json()["errors"]["original"][0]
    assert stored() == []


def test_file_that_is_in_the_library_is_not_stored_again(
    editor: User, picture: Image, stored: Any
) -> None:
    before = stored()
    answer = logged_in(editor).post(ONE, {"original": pictures.upload(name="other.jpg"), **SHARED})
    assert answer.status_code == 409
    told = answer.json()
    assert told["url"] == reverse("admin:images_image_change", args=[picture.pk])
    assert "in the library already, as “flag.jpg”" in told["errors"]["original"][0]
    assert (stored(), Image.objects.count()) == (before, 1)


def test_upload_that_is_tried_again_after_its_answer_was_lost_is_there_once(editor: User) -> None:
    client = logged_in(editor)
    statuses = [client.post(ONE, {"original": pictures.upload()}).status_code for _ in range(2)]
    assert (statuses, Image.objects.count()) == ([200, 409], 1)


def test_two_who_upload_the_same_file_at_the_same_time_store_it_once(db: None) -> None:
    """Both have looked before either has stored it."""
    first, second = (library.prepare(pictures.upload()) for _number in range(2))
    kept = library.keep_once(Image(), first, by=None)
    with pytest.raises(library.AlreadyThere) as refused:
        library.keep_once(Image(), second, by=None)
    assert (refused.value.image, Image.objects.count()) == (kept, 1)


def test_replaced_file_may_be_uploaded_again(editor: User, picture: Image) -> None:
    library.replace_file(picture, another(500), by=None)
    client = logged_in(editor)
    assert client.post(ONE, {"original": pictures.upload()}).status_code == 200
    assert client.post(ONE, {"original": another(500)}).status_code == 409


def test_file_that_came_before_files_were_known_is_known_once_the_worker_has_read_it(
    editor: User, picture: Image
) -> None:
    Image.objects.update(original_sha256="")
    rendering.render(picture.pk)
    answer = logged_in(editor).post(ONE, {"original": pictures.upload()})
    assert answer.status_code == 409


def test_file_is_looked_for_before_it_is_opened(
    editor: User, picture: Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(library.darkroom, "develop", lambda *args, **kwargs: opened.append(args))
    logged_in(editor).post(ONE, {"original": pictures.upload()})
    assert opened == []


def test_single_form_takes_the_same_file_and_names_the_other(editor: User, picture: Image) -> None:
    """An agency's picture may be bought twice, each time for one story."""
    told = {"original": pictures.upload(), "focal_x": "0.5", "focal_y": "0.5"}
    answer = logged_in(editor).post("/admin/images/image/add/", told, follow=True)
    assert Image.objects.count() == 2
    assert "The same file is in the library twice now" in answer.text


def test_wrong_words_for_all_are_told_by_field_and_nothing_is_stored(
    editor: User, stored: Any
) -> None:
    told = {"original": pictures.upload(), "source_url": "nowhere"}
    answer = logged_in(editor).post(ONE, told)
    assert (answer.status_code, list(answer.json()["errors"])) == (400, ["source_url"])
    assert stored() == []


def test_no_file_is_a_sentence(editor: User) -> None:
    answer = logged_in(editor).post(ONE, SHARED)
    assert list(answer.json()["errors"]) == ["original"]


@pytest.mark.parametrize("room", [0, 2])
def test_full_disk_leaves_nothing(
    editor: User, disk_that_fills_up: Any, stored: Any, room: int
) -> None:
    disk_that_fills_up.room = room
    answer = logged_in(editor).post(ONE, {"original": pictures.upload()})
    assert "nothing of it was kept" in answer.json()["errors"]["original"][0]
    assert (stored(), Image.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_full_disk_under_the_database_leaves_no_file(
    editor: User, stored: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database or disk is full")

    client = logged_in(editor)
    monkeypatch.setattr("newsroom.images.admin.ImageAdmin.log_addition", full)
    answer = client.post(ONE, {"original": pictures.upload()})
    assert "nothing of it was kept" in answer.json()["errors"]["original"][0]
    assert (stored(), Image.objects.count()) == ([], 0)


@pytest.mark.django_db(transaction=True)
def test_pictures_are_decoded_before_the_transaction_begins(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    develop = library.darkroom.develop

    def watched(*args: Any, **kwargs: Any) -> Any:
        seen.append(connection.in_atomic_block)
        return develop(*args, **kwargs)

    client = logged_in(editor)
    monkeypatch.setattr(library.darkroom, "develop", watched)
    client.post(ONE, {"original": pictures.upload()})
    assert seen[:1] == [False]
    assert not any(seen)


@pytest.mark.parametrize("door", [MANY, ONE])
def test_who_may_not_add_pictures_finds_both_doors_closed(
    powerless: User, stored: Any, door: str
) -> None:
    powerless.user_permissions.add(Permission.objects.get(codename="view_image"))
    client = logged_in(powerless)
    assert client.get(door).status_code in {403, 405}
    assert client.post(door, {"original": pictures.upload()}).status_code == 403
    assert stored() == []
    assert "many/" not in client.get("/admin/images/image/").text


@pytest.mark.parametrize("door", [MANY, ONE])
def test_upload_without_the_csrf_token_is_refused(editor: User, stored: Any, door: str) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(editor, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.post(door, {"original": pictures.upload()}).status_code == 403
    assert stored() == []


# --- Without scripts ------------------------------------------------------------------------------


def test_form_without_scripts_brings_them_all_in_one_request(editor: User) -> None:
    files = [another(400), pictures.upload(pictures.SVG, "bad.svg"), another(500), another(400)]
    answer = logged_in(editor).post(MANY, {"original": files, **SHARED})
    outcomes = answer.context["outcomes"]
    assert [(one.name, bool(one.image), one.is_there) for one in outcomes] == [
        ("400.jpg", True, False),
        ("bad.svg", False, False),
        ("500.jpg", True, False),
        ("400.jpg", True, True),
    ]
    assert {words(image) for image in Image.objects.all()} == {("Jane Doe", "own-work", "The quay")}
    assert "Export it as PNG" in answer.text
    assert answer.text.count("No alternative text") == 3
    assert 'value="Jane Doe"' in answer.text


@pytest.mark.parametrize("number", [0, uploads.IN_ONE_REQUEST + 1])
def test_none_and_too_many_in_one_request_are_refused_whole(
    editor: User, stored: Any, number: int
) -> None:
    files = [another(400 + at) for at in range(number)]
    answer = logged_in(editor).post(MANY, {"original": files, **SHARED})
    (sentence,) = answer.context["form"].non_field_errors()
    assert ("Choose the pictures first" in sentence) == (number == 0)
    assert stored() == []


def test_wrong_words_for_all_stop_the_form_before_any_picture(editor: User, stored: Any) -> None:
    told = {"original": [another(400)], "source_url": "nowhere"}
    answer = logged_in(editor).post(MANY, told)
    assert list(answer.context["form"].errors) == ["source_url"]
    assert stored() == []


def test_too_many_files_for_any_form_are_no_error_of_ours(editor: User) -> None:
    files = [io.BytesIO(b"x") for _number in range(101)]
    assert logged_in(editor).post(MANY, {"original": files}).status_code == 400


def test_page_has_no_inline_script_or_style(chief: User) -> None:
    factories.image(alt="")
    client = logged_in(chief)
    for address in (MANY, "/admin/images/image/incomplete/", "/admin/images/image/"):
        page = client.get(address).text
        assert " style=" not in page
        assert "<style" not in page
        assert " onclick=" not in page
