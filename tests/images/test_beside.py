"""Two photo editors at one picture: nobody's words are overwritten unseen."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.accounts.models import User
from newsroom.images.models import Image
from tests import factories
from tests.conftest import logged_in
from tests.images import pictures

pytestmark = pytest.mark.django_db


def change(image: Image) -> str:
    return reverse("admin:images_image_change", args=[image.pk])


def seen(page: str) -> str:
    """What the form says that it has seen."""
    (tag,) = re.findall(r'<input type="hidden" name="seen" value="([^"]*)"', page)
    return unescape(tag)


def opened(client: Client, image: Image) -> dict[str, Any]:
    """The form as somebody has it open, with what it says of every word."""
    answer = client.get(change(image))
    form = answer.context["adminform"].form
    values = {name: form[name].value() for name in form.fields if name != "original"}
    posted = {name: str(value) for name, value in values.items() if value not in (None, False)}
    return posted | {"seen": seen(answer.text)}


@pytest.fixture
def mine(editor: User) -> Client:
    return logged_in(editor)


@pytest.fixture
def theirs(chief: User) -> Client:
    return logged_in(chief)


def errors(answer: Any) -> dict[str, list[str]]:
    return dict(answer.context["adminform"].form.errors)


def test_words_in_different_fields_are_both_kept(
    mine: Client, theirs: Client, picture: Image
) -> None:
    first, second = opened(mine, picture), opened(theirs, picture)
    theirs.post(change(picture), second | {"credit": "Rui Falcão"})
    answer = mine.post(change(picture), first | {"alt": "A red flag"}, follow=True)
    picture.refresh_from_db()
    assert (picture.alt, picture.credit) == ("A red flag", "Rui Falcão")
    assert "Somebody else has changed this meanwhile, and it was kept so: credit." in answer.text


def test_second_who_writes_into_the_same_field_is_told_what_the_first_wrote(
    mine: Client, theirs: Client, picture: Image
) -> None:
    first, second = opened(mine, picture), opened(theirs, picture)
    theirs.post(change(picture), second | {"alt": "Theirs", "caption": "Also theirs."})
    answer = mine.post(change(picture), first | {"alt": "Mine"})
    assert list(errors(answer)) == ["alt"]
    assert "Somebody else wrote “Theirs” here" in errors(answer)["alt"][0]
    picture.refresh_from_db()
    assert picture.alt == "Theirs"
    form = answer.context["adminform"].form
    assert (form["alt"].value(), form["caption"].value()) == ("Mine", "Also theirs.")


def test_saving_once_more_keeps_ones_own_words_and_loses_no_others(
    mine: Client, theirs: Client, picture: Image
) -> None:
    first, second = opened(mine, picture), opened(theirs, picture)
    theirs.post(change(picture), second | {"alt": "Theirs", "caption": "Also theirs."})
    answer = mine.post(change(picture), first | {"alt": "Mine"})
    again = answer.context["adminform"].form.data
    mine.post(change(picture), {name: again[name] for name in again})
    picture.refresh_from_db()
    assert (picture.alt, picture.caption) == ("Mine", "Also theirs.")


@pytest.mark.parametrize(
    ("theirs_is", "told"),
    [
        ({"licence": "cc0"}, "wrote “CC0” here"),
        ({"rights_until": "2030-12-24"}, "wrote “24 December 2030” here"),
        ({"credit": ""}, "emptied this"),
    ],
)
def test_sentence_tells_what_is_stored_now(
    mine: Client, theirs: Client, picture: Image, theirs_is: dict[str, str], told: str
) -> None:
    first, second = opened(mine, picture), opened(theirs, picture)
    theirs.post(change(picture), second | theirs_is)
    (name,) = theirs_is
    own = {"licence": "agency", "rights_until": "2029-01-01", "credit": "Mine"}
    answer = mine.post(change(picture), first | {name: own[name]})
    assert told in errors(answer)[name][0]


def test_both_who_write_the_same_are_not_asked(
    mine: Client, theirs: Client, picture: Image
) -> None:
    first, second = opened(mine, picture), opened(theirs, picture)
    theirs.post(change(picture), second | {"caption": "One.\r\nTwo."})
    answer = mine.post(change(picture), first | {"caption": " One.\nTwo.  "})
    assert answer.status_code == 302


def test_moved_point_is_one_thing(mine: Client, theirs: Client, picture: Image) -> None:
    first, second = opened(mine, picture), opened(theirs, picture)
    theirs.post(change(picture), second | {"focal_x": "0.2"})
    answer = mine.post(change(picture), first | {"focal_y": "0.9"})
    assert "moved the focal point" in errors(answer)["focal_x"][0]
    picture.refresh_from_db()
    assert picture.focal == (0.2, 0.5)


def test_point_is_not_set_on_a_picture_that_was_replaced_meanwhile(
    mine: Client, theirs: Client, picture: Image
) -> None:
    first, second = opened(mine, picture), opened(theirs, picture)
    new = pictures.upload(pictures.jpeg(800, 400), "new.jpg")
    theirs.post(change(picture), second | {"original": new})
    answer = mine.post(change(picture), first | {"focal_y": "0.9"})
    assert "replaced the file" in errors(answer)["focal_x"][0]


def test_file_that_somebody_replaced_is_not_replaced_unseen(
    mine: Client, theirs: Client, picture: Image
) -> None:
    first, second = opened(mine, picture), opened(theirs, picture)
    for client, form, name in ((theirs, second, "theirs.jpg"), (mine, first, "mine.jpg")):
        new = pictures.upload(pictures.jpeg(800, 400), name)
        answer = client.post(change(picture), form | {"original": new})
    assert "Somebody else has replaced the file" in errors(answer)["original"][0]
    picture.refresh_from_db()
    assert picture.file_name == "theirs.jpg"


def test_words_are_kept_beside_a_file_that_was_replaced(
    mine: Client, theirs: Client, picture: Image
) -> None:
    first, second = opened(mine, picture), opened(theirs, picture)
    new = pictures.upload(pictures.jpeg(800, 400), "new.jpg")
    theirs.post(change(picture), second | {"original": new})
    assert mine.post(change(picture), first | {"alt": "A red flag"}).status_code == 302
    picture.refresh_from_db()
    assert (picture.alt, picture.file_name, picture.width) == ("A red flag", "new.jpg", 800)


def test_field_that_is_wrong_by_itself_stays_unseen_until_it_is_right(
    mine: Client, theirs: Client, picture: Image
) -> None:
    first, second = opened(mine, picture), opened(theirs, picture)
    theirs.post(change(picture), second | {"source_url": "https://pictures.example/1"})
    wrong = mine.post(change(picture), first | {"source_url": "nowhere"})
    data = wrong.context["adminform"].form.data
    again = {name: data[name] for name in data} | {"source_url": "https://mine.example/"}
    answer = mine.post(change(picture), again)
    assert "wrote “https://pictures.example/1” here" in errors(answer)["source_url"][0]


@pytest.mark.parametrize("forged", ["", "x", "[]", "{}", '{"alt": 7}', '{"alt": "' + "0" * 5000])
def test_form_that_says_nothing_of_what_it_has_seen_is_no_error(
    mine: Client, picture: Image, forged: str
) -> None:
    answer = mine.post(change(picture), opened(mine, picture) | {"seen": forged, "alt": "New"})
    assert answer.status_code in {200, 302}


def test_fingerprints_do_not_tell_where_the_original_lies(mine: Client, picture: Image) -> None:
    factories.image()
    text = opened(mine, picture)["seen"]
    assert picture.original.name.split("/")[-1] not in text
