"""One picture after the other that lacks something, those that readers see first."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.db import OperationalError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from newsroom.accounts.models import User
from newsroom.images.models import Image
from tests import factories
from tests.conftest import logged_in
from tests.images.test_beside import seen

pytestmark = pytest.mark.django_db

QUEUE = "/admin/images/image/incomplete/"
NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def made(name: str, hour: int = 0, **fields: Any) -> Image:
    with time_machine.travel(NOON + timedelta(hours=hour), tick=False):
        return factories.image(file_name=name, **fields)


def shown(answer: Any) -> str:
    return str(answer.context["image"] or "")


def save(client: Client, answer: Any, **words: str) -> Any:
    """What the form posts with these words typed; the page that comes then."""
    form, image = answer.context["form"], answer.context["image"]
    values = {name: form[name].value() for name in form.fields if name != "seen"}
    posted = {name: str(value) for name, value in values.items() if value not in (None, False)}
    address = f"{QUEUE}?{answer.wsgi_request.GET.urlencode()}"
    told = {"image": image.pk, "seen": seen(answer.text)}
    return client.post(address, posted | told | words, follow=True)


def test_pictures_in_stories_that_are_out_come_first_then_the_latest(chief: User) -> None:
    live, draft = made("live.jpg", alt=""), made("draft.jpg", 1, credit="")
    made("late.jpg", 3, licence="")
    made("whole.jpg", 4)
    live.alt = "A crane"
    live.save()
    factories.published(by=chief, lead_image=live)
    Image.objects.filter(pk=live.pk).update(alt="")
    factories.draft(by=chief, lead_image=draft)
    client = logged_in(chief)
    first = client.get(QUEUE)
    assert (shown(first), first.context["left"], first.context["left_out"]) == (
        "live.jpg",
        "3",
        "1",
    )
    second = save(client, first, alt="A crane over the quay")
    third = save(client, second, licence="own-work")
    assert [shown(second), shown(third)] == ["late.jpg", "draft.jpg"]
    assert shown(save(client, third, credit="Jane Doe")) == ""
    assert not Image.objects.incomplete().exists()
    assert LogEntry.objects.count() == 3


def test_what_was_skipped_comes_again_from_the_beginning(editor: User) -> None:
    older, newer = made("older.jpg", alt=""), made("newer.jpg", 1, alt="")
    client = logged_in(editor)
    assert shown(client.get(QUEUE, {"after": newer.pk})) == "older.jpg"
    end = client.get(QUEUE, {"after": older.pk})
    assert shown(end) == ""
    assert "That was the last one. 2 are left." in end.text
    assert shown(client.get(QUEUE)) == "newer.jpg"


def test_saving_nothing_goes_on_and_changes_nothing(editor: User) -> None:
    made("older.jpg", alt=""), made("newer.jpg", 1, alt="")
    client = logged_in(editor)
    assert shown(save(client, client.get(QUEUE))) == "older.jpg"
    assert not LogEntry.objects.exists()


def test_only_the_fields_that_lack_are_open(editor: User) -> None:
    made("bare.jpg", alt="", credit="")
    form = logged_in(editor).get(QUEUE).context["form"]
    assert [field.name for field in form.lacking()] == ["alt", "decorative", "credit"]
    assert [field.name for field in form.others()] == [
        "licence", "author", "source_url", "rights_until",
    ]  # fmt: skip


def test_licence_that_asks_for_more_keeps_the_picture_there(editor: User) -> None:
    made("bare.jpg", licence="", author="")
    client = logged_in(editor)
    answer = save(client, client.get(QUEUE), licence="cc-by-4.0")
    assert "Its licence asks for more" in answer.text
    assert [field.name for field in answer.context["form"].lacking()] == ["author", "source_url"]
    assert shown(save(client, answer, author="Jo", source_url="https://pictures.example/1")) == ""
    assert Image.objects.get().lacks() == []


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("alt", {"no-alt.jpg"}),
        ("rights", {"no-credit.jpg"}),
        ("x", {"no-alt.jpg", "no-credit.jpg"}),
    ],
)
def test_one_kind_is_asked_for_alone(editor: User, asked: str, names: set[str]) -> None:
    made("no-alt.jpg", alt="")
    made("no-credit.jpg", 1, credit="")
    client = logged_in(editor)
    found, answer = set(), client.get(QUEUE, {"lacks": asked})
    while shown(answer):
        found.add(shown(answer))
        answer = save(client, answer)
    assert found == names


def test_wrong_words_are_told_at_their_field_and_kept(editor: User) -> None:
    made("bare.jpg", licence="", author="")
    client = logged_in(editor)
    answer = save(client, client.get(QUEUE), source_url="nowhere", licence="cc-by-4.0")
    assert list(answer.context["form"].errors) == ["source_url"]
    assert 'value="nowhere"' in answer.text
    assert Image.objects.get().licence == ""


def test_two_at_the_same_picture_do_not_overwrite_each_other(editor: User, chief: User) -> None:
    made("bare.jpg", alt="", credit="")
    mine, theirs = logged_in(editor), logged_in(chief)
    first, second = mine.get(QUEUE), theirs.get(QUEUE)
    save(theirs, second, alt="Theirs", credit="")
    answer = save(mine, first, alt="Mine", credit="Jane Doe")
    assert "Somebody else wrote “Theirs” here" in answer.context["form"].errors["alt"][0]
    assert Image.objects.get().alt == "Theirs"
    save(mine, answer)
    assert (Image.objects.get().alt, Image.objects.get().credit) == ("Mine", "Jane Doe")


def test_what_the_other_filled_in_stays_beside_mine(editor: User, chief: User) -> None:
    made("bare.jpg", alt="", credit="")
    mine, theirs = logged_in(editor), logged_in(chief)
    first, second = mine.get(QUEUE), theirs.get(QUEUE)
    save(theirs, second, credit="Rui Falcão")
    answer = save(mine, first, alt="A crane")
    assert "it was kept so: credit." in answer.text
    assert Image.objects.get().lacks() == []


def test_database_that_takes_nothing_is_a_sentence_and_the_words_stay(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*args: Any, **kwargs: Any) -> None:
        raise OperationalError("database or disk is full")

    made("bare.jpg", alt="")
    client = logged_in(editor)
    answer = client.get(QUEUE)
    monkeypatch.setattr("newsroom.images.admin.ImageAdmin.log_change", full)
    answer = save(client, answer, alt="A crane")
    assert "They are still in the fields" in answer.text
    assert 'value="A crane"' in answer.text
    assert Image.objects.get().alt == ""


def test_picture_that_was_deleted_meanwhile_is_no_error(editor: User) -> None:
    made("gone.jpg", alt="")
    client = logged_in(editor)
    answer = client.get(QUEUE)
    Image.objects.all().delete()
    assert "deleted meanwhile" in save(client, answer, alt="A crane").text


@pytest.mark.parametrize("place", ["0", "-1", "x", "9" * 400, "²", "987654321"])
@pytest.mark.parametrize("name", ["after", "at"])
def test_impossible_place_begins_anew(editor: User, name: str, place: str) -> None:
    made("bare.jpg", alt="")
    assert shown(logged_in(editor).get(QUEUE, {name: place})) == "bare.jpg"


def test_who_may_only_look_finds_the_door_closed(powerless: User) -> None:
    made("bare.jpg", alt="")
    powerless.user_permissions.add(Permission.objects.get(codename="view_image"))
    client = logged_in(powerless)
    assert client.get(QUEUE).status_code == 403
    assert client.post(QUEUE, {"image": Image.objects.get().pk, "alt": "X"}).status_code == 403
    assert "incomplete/" not in client.get("/admin/images/image/").text
    assert Image.objects.get().alt == ""


def test_queue_costs_the_same_for_many_pictures_as_for_two(editor: User) -> None:
    client = logged_in(editor)
    for number in range(2):
        made(f"{number}.jpg", alt="")
    client.get(QUEUE)
    with CaptureQueriesContext(connection) as few:
        client.get(QUEUE)
    for number in range(120):
        made(f"more-{number}.jpg", alt="")
    with CaptureQueriesContext(connection) as many:
        answer = client.get(QUEUE)
    assert len(many) == len(few)
    assert answer.context["left"] == "100+"
