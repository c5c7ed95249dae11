"""Another file for a picture: every reference stays, every page shows the new one."""

import re
from typing import Any

import pytest
from django.test import Client, TestCase
from django.urls import reverse

from newsroom.accounts.models import User
from newsroom.caching import purged
from newsroom.images.models import Image
from tests import factories
from tests.conftest import logged_in
from tests.images import pictures

pytestmark = pytest.mark.django_db


def replaced(user: User, image: Image) -> Image:
    new = pictures.upload(pictures.jpeg(900, 500), "new.jpg")
    address = reverse("admin:images_image_change", args=[image.pk])
    told = {"alt": image.alt, "credit": image.credit, "licence": image.licence, "original": new}
    with TestCase.captureOnCommitCallbacks(execute=True):
        logged_in(user).post(address, told | {"focal_x": "0.5", "focal_y": "0.5"})
    return Image.objects.get(pk=image.pk)


def files(page: str) -> set[str]:
    return set(re.findall(r"/media/(renditions/[^\s\"]+)", page))


def test_every_page_shows_the_new_file_in_its_crops_and_no_reference_changes(
    chief: User, picture: Image, client: Client
) -> None:
    ana = factories.author("Ana Zimmer", portrait=picture)
    body = f'<p>Words.</p><figure data-image="{picture.pk}"></figure>'
    stories = [
        factories.published(by=chief, headline="Lead", lead_image=picture, authors=[ana]),
        factories.published(by=chief, headline="Body", body=body, authors=[ana]),
    ]
    addresses = [*(story.path for story in stories), ana.get_absolute_url(), "/"]
    old = {name for address in addresses for name in files(client.get(address).text)}
    heads = [story.head_id for story in stories]
    new = replaced(chief, picture)
    for address in addresses:
        shown = files(client.get(address).text)
        assert shown <= set(new.names()), address
        assert not shown & old, address
        assert shown, address
    for story, head in zip(stories, heads, strict=True):
        story.refresh_from_db()
        assert story.head_id == head
    assert (stories[0].lead_image_id, new.width, new.height) == (picture.pk, 900, 500)
    assert {"16x9", "3x2", "1x1", "4x5"} <= set(new.renditions)


def test_pages_that_refer_to_it_are_stale(chief: User, picture: Image) -> None:
    stale: set[str] = set()

    def note(tags: frozenset[str], **kwargs: Any) -> None:
        stale.update(tags)

    purged.connect(note)
    try:
        replaced(chief, picture)
    finally:
        purged.disconnect(note)
    assert picture.subject in stale
