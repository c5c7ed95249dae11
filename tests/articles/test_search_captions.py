"""The captions of pictures in the search index: found while readers see them, and not after."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import TestCase
from django.utils import timezone

from articles import search
from newsroom.accounts.models import User
from newsroom.deliveries import outbox
from newsroom.deliveries.models import Delivery
from newsroom.images import library
from newsroom.images.models import Image
from tests import factories
from tests.images import pictures

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
END = NOON + timedelta(hours=3)


def headlines(asked: str) -> list[str]:
    return [hit.article.headline for hit in search.find(asked, now=timezone.now()).hits]


def ending(**fields: Any) -> Image:
    words = {"alt": "A flag", "credit": "Jane Doe", "licence": "permission", "rights_until": END}
    return library.add(pictures.upload(), by=None, **(words | fields))


def tick() -> None:
    """What a worker's tick does at the end of the rights."""
    with TestCase.captureOnCommitCallbacks(execute=True):
        outbox.enqueue_due()


def figure(image: Image, caption: str = "") -> str:
    inside = f"<figcaption>{caption}</figcaption>" if caption else ""
    return f'<p>The first boat.</p><figure data-image="{image.pk}">{inside}</figure>'


@pytest.mark.parametrize("where", ["lead, library", "lead, own", "body, library", "body, own"])
def test_words_under_a_picture_are_not_found_after_its_rights_have_ended(
    chief: User, where: str
) -> None:
    with time_machine.travel(NOON, tick=False):
        image = ending(caption="A quokka." if "library" in where else "")
        own = "A quokka at dawn." if "own" in where else ""
        if "lead" in where:
            factories.published(by=chief, lead_image=image, lead_caption=own)
        else:
            factories.published(by=chief, body=figure(image, own))
        assert headlines("quokka") == ["Ferry returns to the harbor"]
    with time_machine.travel(END, tick=False):
        tick()
        assert headlines("quokka") == []
        assert headlines("ferry") == ["Ferry returns to the harbor"]


def test_words_of_the_picture_that_stands_in_are_found_instead(chief: User) -> None:
    with time_machine.travel(NOON, tick=False):
        fallback = factories.image(caption="A numbat.")
        image = ending(caption="A quokka.", fallback=fallback)
        body = "<p>The first boat.</p>" + figure(image, "Seen from the quay.")
        factories.published(by=chief, body=body)
    with time_machine.travel(END, tick=False):
        tick()
        assert (headlines("quokka"), headlines("quay")) == ([], [])
        assert headlines("numbat") == ["Ferry returns to the harbor"]


def test_words_are_found_again_when_the_rights_are_renewed(chief: User) -> None:
    with time_machine.travel(NOON, tick=False):
        image = ending(caption="A quokka.")
        factories.published(by=chief, lead_image=image)
    with time_machine.travel(END, tick=False):
        tick()
        with TestCase.captureOnCommitCallbacks(execute=True):
            library.revise(Image.objects.get(), rights_until=END + timedelta(days=9))
        assert headlines("quokka") == ["Ferry returns to the harbor"]


def test_changed_caption_of_the_library_is_found_and_the_old_one_is_not(chief: User) -> None:
    image = factories.image(caption="A quokka.")
    factories.published(by=chief, body=figure(image))
    with TestCase.captureOnCommitCallbacks(execute=True):
        library.revise(image, caption="A numbat.")
    assert headlines("quokka") == []
    assert headlines("numbat") == ["Ferry returns to the harbor"]


def test_changed_caption_of_a_fallback_is_found_in_the_stories_it_stands_in_for(
    chief: User,
) -> None:
    with time_machine.travel(NOON, tick=False):
        fallback = factories.image(caption="A quokka.")
        factories.published(by=chief, lead_image=ending(fallback=fallback))
    with time_machine.travel(END, tick=False):
        tick()
        with TestCase.captureOnCommitCallbacks(execute=True):
            library.revise(fallback, caption="A numbat.")
        assert (headlines("quokka"), len(headlines("numbat"))) == ([], 1)


def test_words_that_the_search_does_not_keep_leave_the_index_alone(chief: User) -> None:
    image = factories.image()
    library.revise(image, title="Dawn")
    assert not Delivery.objects.filter(kind=library.RETELL).exists()
