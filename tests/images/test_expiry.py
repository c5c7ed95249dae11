"""What follows the end of the rights: uses written down, pages stale, files gone; and the way back."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.storage import FileSystemStorage
from django.test import Client, TestCase

from newsroom.accounts.models import User
from newsroom.audit.models import Entry
from newsroom.caching import purged
from newsroom.deliveries import outbox
from newsroom.deliveries.models import Delivery
from newsroom.images import expiry, library
from newsroom.images.models import Image
from tests import factories
from tests.images import pictures

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
END = NOON + timedelta(hours=3)
SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


@pytest.fixture
def ending() -> Image:
    """A picture with its files, whose rights end at three."""
    return added(rights_until=END)


def added(**fields: Any) -> Image:
    """A picture for which the worker has made every file."""
    words = {"alt": "A flag", "credit": "Jane Doe", "licence": "permission"}
    with (
        time_machine.travel(NOON, tick=False),
        TestCase.captureOnCommitCallbacks(execute=True),
    ):
        image = library.add(pictures.upload(), by=None, **(words | fields))
    return Image.objects.get(pk=image.pk)


def tick(at: datetime) -> int:
    """What a worker's tick does at that second; how many deliveries were due."""
    with (
        time_machine.travel(at, tick=False),
        TestCase.captureOnCommitCallbacks(execute=True),
    ):
        return outbox.enqueue_due()


def addresses(image: Image) -> list[str]:
    return [f"/media/{name}" for name in library.files_of(image)]


def served(image: Image, files: list[str]) -> set[int]:
    return {Client().get(address).status_code for address in files}


def entries() -> list[Entry]:
    return list(Entry.objects.filter(verb=expiry.ENDED))


def test_files_go_with_the_rights_and_the_original_stays(ending: Image, stored: Any) -> None:
    files = addresses(ending)
    assert tick(END - SECOND) == 0
    assert served(ending, files) == {200}
    assert tick(END) == 1
    assert served(ending, files) == {404}
    assert stored() == [ending.original.name]
    assert not Image.objects.get().renditions


def test_every_use_is_written_down(ending: Image, chief: User) -> None:
    other = factories.image()
    Image.objects.filter(pk=ending.pk).update(fallback=other)
    with time_machine.travel(NOON, tick=False):
        author = factories.author("Ana Zimmer", portrait=ending)
        figure = f'<p>Words.</p><figure data-image="{ending.pk}"></figure>'
        story = factories.published(by=chief, headline="Out", lead_image=ending, body=figure)
        draft = factories.draft(by=chief, headline="Not yet", body=figure)
        stands_for = factories.image(file_name="wharf.jpg", fallback=ending)
    tick(END)
    [entry] = entries()
    assert (entry.subject, entry.actor_name) == (ending.subject, "system")
    assert entry.before == {"rights_until": END.isoformat()}
    assert entry.after["shown instead"] == other.subject
    assert sorted((use["subject"], use["name"]) for use in entry.after["uses"]) == sorted([
        (author.subject, "Ana Zimmer"), (story.subject, "Out"), (draft.subject, "Not yet"),
        (stands_for.subject, "wharf.jpg"),
    ])  # fmt: skip


def test_pages_that_refer_to_the_picture_and_its_files_are_stale(ending: Image) -> None:
    stale: set[str] = set()

    def note(tags: frozenset[str], **kwargs: Any) -> None:
        stale.update(tags)

    files = addresses(ending)
    purged.connect(note)
    try:
        tick(END)
    finally:
        purged.disconnect(note)
    assert stale == {ending.subject, *(f"path:{address}" for address in files)}


def test_doing_it_twice_does_no_harm(ending: Image) -> None:
    tick(END)
    with time_machine.travel(END + DAY, tick=False):
        expiry.deliver({"image": ending.pk})
        expiry.deliver({"image": 999_999})
    assert len(entries()) == 1


def test_rights_that_were_renewed_in_time_lose_nothing(ending: Image) -> None:
    with (
        time_machine.travel(NOON + SECOND, tick=False),
        TestCase.captureOnCommitCallbacks(execute=True),
    ):
        library.revise(ending, rights_until=END + DAY)
    assert tick(END) == 1
    assert served(ending, addresses(ending)) == {200}
    assert entries() == []
    assert tick(END + DAY) == 1
    assert [entry.before["rights_until"] for entry in entries()] == [(END + DAY).isoformat()]


def test_rights_that_are_ended_by_hand_take_the_files_at_once(ending: Image) -> None:
    files = addresses(ending)
    with (
        time_machine.travel(NOON + SECOND, tick=False),
        TestCase.captureOnCommitCallbacks(execute=True),
    ):
        library.revise(ending, rights_until=NOON)
    assert served(ending, files) == {404}


def test_renewed_rights_bring_new_files(ending: Image, stored: Any) -> None:
    old = addresses(ending)
    tick(END)
    with time_machine.travel(END + DAY, tick=False):
        image = Image.objects.get()
        assert image.shown(now=END + DAY) is None
        with TestCase.captureOnCommitCallbacks(execute=True):
            library.revise(image, rights_until=END + 9 * DAY)
        renewed = Image.objects.get()
        assert renewed.shown(now=END + DAY) == renewed
        assert served(renewed, addresses(renewed)) == {200}
        assert set(addresses(renewed)) & set(old) == set()
    assert len(stored()) == len(old) + 1


def test_rights_renewed_and_ended_on_the_same_day_as_before_take_the_files_again(
    ending: Image,
) -> None:
    """One key per date would be done with already."""
    tick(END)
    with time_machine.travel(END + DAY, tick=False):
        for until in (None, END):
            with TestCase.captureOnCommitCallbacks(execute=True):
                library.revise(Image.objects.get(), rights_until=until)
        assert not Image.objects.get().renditions
    assert len(entries()) == 1


def test_picture_without_files_is_not_shown_before_they_are_made(ending: Image) -> None:
    """Renewed by hand in the database: no page shows a broken picture."""
    tick(END)
    Image.objects.update(rights_until=None)
    assert Image.objects.get().shown(now=END) is None


def test_replaced_file_of_a_picture_whose_rights_have_ended_goes_too(ending: Image) -> None:
    tick(END)
    with (
        time_machine.travel(END + DAY, tick=False),
        TestCase.captureOnCommitCallbacks(execute=True),
    ):
        new = pictures.upload(pictures.jpeg(800, 400))
        library.replace_file(Image.objects.get(), new, by=None)
    assert not Image.objects.get().renditions


def test_form_that_was_open_meanwhile_does_not_bring_the_files_back(ending: Image) -> None:
    opened = Image.objects.get()
    tick(END)
    with time_machine.travel(END + DAY, tick=False):
        library.revise(opened, alt="Other words")
    assert not Image.objects.get().renditions
    assert Image.objects.get().alt == "Other words"


class Stuck(FileSystemStorage):
    """A storage that deletes nothing for a while."""

    is_stuck = True

    def delete(self, name: str) -> None:
        if Stuck.is_stuck:
            raise OSError(5, "Input/output error")
        super().delete(name)


def test_storage_that_fails_is_asked_again_and_the_names_are_not_lost(
    settings: Any, stored: Any
) -> None:
    settings.STORAGES = settings.STORAGES | {"default": {"BACKEND": f"{__name__}.Stuck"}}
    Stuck.is_stuck = True
    image = added(rights_until=END)
    tick(END)
    delivery = Delivery.objects.get(kind=library.RIGHTS)
    assert (delivery.done_at, "Input/output error" in delivery.last_error) == (None, True)
    assert library.files_of(Image.objects.get()) == library.files_of(image)
    Stuck.is_stuck = False
    tick(END + timedelta(minutes=1))
    assert stored() == [image.original.name]
    assert not Image.objects.get().renditions


def test_changed_rights_are_audited_with_before_and_after(ending: Image, editor: User) -> None:
    with time_machine.travel(NOON + SECOND, tick=False):
        library.revise(ending, by=editor, licence="agency", rights_until=None)
        library.revise(ending, by=editor, alt="No rights in this")
    first, second = Entry.objects.filter(verb="set rights").order_by("pk")
    assert first.after["rights_until"] == END.isoformat()
    assert second.actor == editor
    changed = {name for name in second.after if second.before[name] != second.after[name]}
    assert changed == {"licence", "rights_until"}
