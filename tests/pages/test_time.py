"""A story appears on its second, everywhere, with no worker running."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client

from newsroom.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SURFACES = (
    "/", "/harbor/", "/harbor/feed.xml", "/feed.atom", "/feed.json", "/sitemaps/news.xml",
    "/sitemaps/2026-11.xml", "/authors/ines-caldeira/", "/topics/ferries/", "/2026/11/22/",
    "/search/?q=clockwork",
)  # fmt: skip


def test_scheduled_story_is_out_at_its_second_and_not_before(chief: User) -> None:
    due = NOON + timedelta(seconds=2)
    with time_machine.travel(NOON, tick=False):
        article = factories.scheduled(by=chief, at=due, headline="Clockwork opens")
    client, path = Client(), str(article.path).encode()
    with time_machine.travel(due - timedelta(microseconds=1), tick=False):
        assert client.get(article.path).status_code == 404
        early = {at: client.get(at).content for at in SURFACES}
        assert [at for at in SURFACES if b"Clockwork opens" in early[at] or path in early[at]] == []
    with time_machine.travel(due, tick=False):
        assert client.get(article.path).status_code == 200
        shown = {at: client.get(at).content for at in SURFACES}
        missing = [
            at for at in SURFACES if b"Clockwork" not in shown[at].replace(path, b"Clockwork")
        ]
        assert missing == []


def test_page_says_until_when_it_is_right(chief: User) -> None:
    due = NOON + timedelta(hours=3)
    with time_machine.travel(NOON, tick=False):
        factories.published(by=chief)
        factories.scheduled(by=chief, at=due, headline="Later")
        factories.scheduled(by=chief, at=due + timedelta(hours=1), headline="Later still")
        for address in SURFACES[:5]:
            response = Client().get(address)
            assert response.declared_page.until == due, address


def test_client_that_has_the_page_gets_a_304_until_it_changes(chief: User) -> None:
    with time_machine.travel(NOON, tick=False):
        factories.published(by=chief)
        factories.scheduled(by=chief, at=NOON + timedelta(hours=1), headline="Later")
    for address in ("/", "/harbor/", "/feed.xml"):
        with time_machine.travel(NOON, tick=False):
            etag = Client().get(address).headers["ETag"]
            assert Client().get(address, headers={"if-none-match": etag}).status_code == 304
        with time_machine.travel(NOON + timedelta(hours=1), tick=False):
            assert Client().get(address, headers={"if-none-match": etag}).status_code == 200
