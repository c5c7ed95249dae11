"""Who outside is told what, when, and what nobody is told."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest
import time_machine
from django.test import Client

from articles import announcements, snapshot, workflow
from articles.models import Article, RevisionKind
from newsroom.accounts.models import User
from newsroom.deliveries import outbox
from newsroom.deliveries.models import Delivery
from tests import factories
from tests.outside import Hub, Rough, Said, Station, Subscriber, close

pytestmark = pytest.mark.django_db(transaction=True)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
EARLIER, LATER = NOON - timedelta(hours=1), NOON + timedelta(hours=1)
SECRET = "whsec_" + base64.b64encode(bytes(32)).decode()
KEY = "harbor-courier-key"
FEEDS = ("feed.xml", "feed.atom", "feed.json")


@pytest.fixture
def receiver(settings: Any) -> Any:
    """Somebody who is told by webhook."""
    with Station() as station:
        settings.OUTBOUND_ALLOW = [station.host]
        settings.WEBHOOK_URLS = [f"{station.url}hooks/hunter2"]
        settings.WEBHOOK_SECRET = SECRET
        yield station


def told(receiver: Station) -> list[dict[str, Any]]:
    return [json.loads(request.body) for request in receiver.received]


def types(receiver: Station) -> list[str]:
    return [body["type"] for body in told(receiver)]


def edit(article: Article, by: User, kind: RevisionKind = RevisionKind.EDIT, **fields: Any) -> Any:
    """A working copy."""
    article = Article.objects.get(pk=article.pk)
    content = {**snapshot.head(article), **fields}
    return workflow.save(article, content, by=by, base_version=article.version, kind=kind)


def tick(at: datetime) -> None:
    """What ``manage.py work`` does at that moment."""
    with time_machine.travel(at, tick=False):
        outbox.enqueue_due()


def rows(kind: str) -> list[Delivery]:
    return list(Delivery.objects.filter(kind=kind).order_by("pk"))


# --- What is told --------------------------------------------------------------------------------


def test_each_public_change_is_told_once_and_a_typo_is_not(receiver: Station, chief: User) -> None:
    story = factories.published(by=chief)
    workflow.publish(edit(story, chief, headline="Ferry is back"), by=chief)
    workflow.publish(edit(story, chief, RevisionKind.TYPO, dateline="Tern"), by=chief)
    workflow.publish(story, by=chief)
    workflow.correct(story, by=chief, text="It left at eight, not at seven.")
    workflow.withdraw(story, by=chief, reason="Not ours.")
    workflow.publish(story, by=chief)
    assert types(receiver) == [
        "article.published", "article.updated", "article.corrected", "article.withdrawn",
        "article.published",
    ]  # fmt: skip
    ids = [request.headers["webhook-id"] for request in receiver.received]
    assert len(set(ids)) == 5


def test_webhook_says_what_readers_see(receiver: Station, chief: User, settings: Any) -> None:
    settings.SITE_URL = "https://news.example"
    with time_machine.travel(NOON, tick=False):
        story = factories.published(by=chief)
    with time_machine.travel(LATER, tick=False):
        workflow.correct(story, by=chief, text="It left at eight.")
    published, corrected = told(receiver)
    assert published == {
        "type": "article.published",
        "timestamp": "2026-11-22T12:00:00+00:00",
        "data": {
            "id": story.guid,
            "url": "https://news.example/2026/11/ferry-returns-to-the-harbor/",
            "headline": "Ferry returns to the harbor",
            "standfirst": "After a winter in dock the crossing opens again.",
            "section": {"name": "Harbor", "url": "https://news.example/harbor/"},
            "authors": [
                {"name": "Ines Caldeira", "url": "https://news.example/authors/ines-caldeira/"}
            ],
            "published_at": "2026-11-22T12:00:00+00:00",
            "updated_at": None,
        },
    }
    assert corrected["timestamp"] == "2026-11-22T13:00:00+00:00"
    assert corrected["data"]["updated_at"] == "2026-11-22T13:00:00+00:00"
    assert corrected["data"]["correction"] == {"kind": "correction", "text": "It left at eight."}


def test_of_a_withdrawn_story_no_more_is_told_than_where_it_was(
    receiver: Station, chief: User
) -> None:
    story = factories.withdrawn(by=chief)
    url = f"http://127.0.0.1:8000{story.path}"
    assert told(receiver)[-1]["data"] == {"id": story.guid, "url": url}


def test_working_copy_is_never_told(receiver: Station, chief: User) -> None:
    story = factories.published(by=chief)
    edit(story, chief, headline="Marker copy", standfirst="Marker")
    workflow.correct(story, by=chief, text="It left at eight.")
    workflow.withdraw(story, by=chief, reason="Not ours.")
    assert b"Marker" not in b"".join(request.body for request in receiver.received)


def test_archive_that_is_brought_in_is_not_told(receiver: Station) -> None:
    factories.bring_in(at=NOON)
    assert receiver.received == []


def test_search_engines_are_told_the_address_and_the_one_before(settings: Any, chief: User) -> None:
    settings.INDEXNOW_KEY = KEY
    with Station(Said(202)) as engine:
        settings.OUTBOUND_ALLOW, settings.INDEXNOW_ENDPOINT = [engine.host], engine.url
        with time_machine.travel(NOON, tick=False):
            story = factories.published(by=chief, slug="ferry")
            workflow.publish(edit(story, chief, slug="fähre"), by=chief)
            workflow.withdraw(story, by=chief, reason="Not ours.")
        site = "http://127.0.0.1:8000/2026/11"
        assert [body["urlList"] for body in told(engine)] == [
            [f"{site}/ferry/"],
            [f"{site}/f%C3%A4hre/", f"{site}/ferry/"],
            [f"{site}/f%C3%A4hre/"],
        ]


# --- WebSub --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", FEEDS)
def test_subscriber_gets_publication_update_correction_and_withdrawal(
    live_server: Any, settings: Any, chief: User, name: str
) -> None:
    settings.SITE_URL = live_server.url
    with Hub() as hub, Subscriber() as subscriber:
        settings.WEBSUB_HUBS, settings.OUTBOUND_ALLOW = [hub.url], [hub.host]
        subscriber.subscribe(f"{live_server.url}/{name}")
        assert subscriber.topic == f"{live_server.url}/{name}"
        story = factories.published(by=chief)
        workflow.publish(edit(story, chief, headline="Ferry is back"), by=chief)
        workflow.correct(story, by=chief, text="It left at eight, not at seven.")
        workflow.withdraw(story, by=chief, reason="Not ours.")
        first, second, third, last = [content.decode() for content in subscriber.contents]
    assert "Ferry returns to the harbor" in first
    assert "Ferry is back" in second
    assert "It left at eight, not at seven." in third
    assert "Ferry" not in last


@pytest.mark.parametrize("name", FEEDS)
def test_every_feed_of_a_story_is_named_to_the_hub_as_it_names_itself(
    settings: Any, client: Client, chief: User, name: str
) -> None:
    child = factories.section("Cranes", parent=factories.section())
    with Hub() as hub:
        settings.WEBSUB_HUBS, settings.OUTBOUND_ALLOW = [hub.url], [hub.host]
        factories.published(by=chief, section=child, tags=["Ferries", "Fähren Çay", "日本"])
        [ping] = hub.pings
    topics = [row.get_absolute_url() for row in workflow.Tag.objects.all()]
    pages = ["/", "/harbor/", "/harbor/cranes/", "/authors/ines-caldeira/", *topics]
    assert len(pages) == 7
    for page in pages:
        answer = client.get(page + name)
        own = f'rel="hub", <{ping["hub.url"][0].partition("/feed")[0]}'
        assert answer.headers["Link"].startswith(f"<{hub.url}>; {own}")
        address = answer.headers["Link"].rpartition("<")[2].partition(">")[0]
        assert address in ping["hub.url"]
        assert address.encode() in answer.content
    assert len(ping["hub.url"]) == len(pages) * 3


def test_feeds_that_a_story_leaves_are_named_as_well(settings: Any, chief: User) -> None:
    story = factories.published(by=chief, tags=["Ferries"])
    city, other = factories.section("City"), factories.author("Ben Oduya")
    with Hub() as hub:
        settings.WEBSUB_HUBS, settings.OUTBOUND_ALLOW = [hub.url], [hub.host]
        moved = factories.content(section=city, authors=[other], tags=["Trams"])
        fields = {part: moved[part] for part in ("section", "bylines", "tags")}
        workflow.correct(
            story, by=chief, text="It is a tram.", content={**snapshot.head(story), **fields}
        )
        [ping] = hub.pings
    pages = {url.removesuffix("feed.xml") for url in ping["hub.url"] if url.endswith(".xml")}
    names = ("", "city/", "harbor/", "authors/ben-oduya/", "authors/ines-caldeira/",
             "topics/ferries/", "topics/trams/")  # fmt: skip
    assert pages == {f"http://127.0.0.1:8000/{name}" for name in names}


@pytest.mark.parametrize("name", FEEDS)
def test_feed_names_every_hub_and_none_without(settings: Any, client: Client, name: str) -> None:
    bare = client.get(f"/{name}")
    assert "Link" not in bare.headers
    assert b"hub" not in bare.content
    settings.WEBSUB_HUBS = ["https://one.example/?a=1&b=2", "https://two.example/"]
    answer = client.get(f"/{name}")
    assert answer.headers["Link"] == (
        '<https://one.example/?a=1&b=2>; rel="hub", <https://two.example/>; rel="hub",'
        f' <http://127.0.0.1:8000/{name}>; rel="self"'
    )
    if name == "feed.json":
        hubs = [hub["url"] for hub in json.loads(answer.content)["hubs"]]
    else:
        parsed = feedparser.parse(answer.content)
        assert not parsed.bozo
        hubs = [link.href for link in parsed.feed.links if link.rel == "hub"]
    assert hubs == settings.WEBSUB_HUBS


# --- When ----------------------------------------------------------------------------------------


def test_scheduled_story_is_told_at_its_second_and_not_before(
    receiver: Station, chief: User
) -> None:
    with time_machine.travel(EARLIER, tick=False):
        factories.scheduled(by=chief, at=NOON)
    tick(NOON - timedelta(seconds=1))
    assert receiver.received == []
    tick(NOON)
    tick(LATER)
    assert types(receiver) == ["article.published"]
    assert told(receiver)[0]["timestamp"] == NOON.isoformat()


def test_scheduled_story_that_is_withdrawn_in_time_is_never_told(
    receiver: Station, chief: User
) -> None:
    with time_machine.travel(EARLIER, tick=False):
        story = factories.scheduled(by=chief, at=NOON)
        workflow.withdraw(story, by=chief, reason="Not ready.")
    tick(NOON)
    tick(LATER)
    [row] = rows("announce")
    assert (row.done_at is not None, row.last_error, receiver.received) == (True, "", [])


def test_rescheduled_story_is_told_once_at_its_new_time(receiver: Station, chief: User) -> None:
    with time_machine.travel(EARLIER, tick=False):
        story = factories.scheduled(by=chief, at=NOON)
        workflow.publish(story, by=chief, at=LATER)
    tick(NOON)
    assert receiver.received == []
    tick(LATER)
    assert types(receiver) == ["article.published"]
    assert [row.done_at for row in rows("announce")] == [NOON, LATER]


def test_story_that_is_scheduled_twice_for_one_second_is_told_once_and_as_it_is_then(
    receiver: Station, chief: User
) -> None:
    with time_machine.travel(EARLIER, tick=False):
        story = factories.scheduled(by=chief, at=NOON)
        story = workflow.withdraw(story, by=chief, reason="Not ready.")
        workflow.publish(edit(story, chief, headline="Ferry is back"), by=chief, at=NOON)
    tick(NOON)
    assert [body["data"]["headline"] for body in told(receiver)] == ["Ferry is back"]


def test_scheduled_story_that_is_published_at_once_is_told_once(
    receiver: Station, chief: User
) -> None:
    with time_machine.travel(EARLIER, tick=False):
        story = factories.scheduled(by=chief, at=NOON)
        workflow.publish(story, by=chief)
    tick(NOON)
    tick(LATER)
    assert types(receiver) == ["article.published"]


def test_who_is_named_after_the_scheduling_is_told(settings: Any, chief: User) -> None:
    with time_machine.travel(EARLIER, tick=False):
        factories.scheduled(by=chief, at=NOON)
    with Hub() as hub:
        settings.WEBSUB_HUBS, settings.OUTBOUND_ALLOW = [hub.url], [hub.host]
        tick(NOON)
        assert len(hub.pings) == 1


def test_clock_that_is_behind_delays_a_story_and_loses_none(receiver: Station, chief: User) -> None:
    with time_machine.travel(EARLIER, tick=False):
        factories.scheduled(by=chief, at=NOON)
    [row] = rows("announce")
    with (
        time_machine.travel(NOON - timedelta(seconds=2), tick=False),
        pytest.raises(announcements.TooEarly, match="Set the clocks right"),
    ):
        announcements.announce(row.payload)
    tick(NOON)
    assert types(receiver) == ["article.published"]


def test_event_that_is_delivered_again_is_told_under_the_same_key(
    receiver: Station, chief: User
) -> None:
    with time_machine.travel(EARLIER, tick=False):
        story = factories.scheduled(by=chief, at=NOON)
    tick(NOON)
    [row] = rows("announce")
    with time_machine.travel(LATER, tick=False):
        announcements.announce(row.payload)
    assert len(receiver.received) == 1
    key = f"article-{story.pk}-published-{int(NOON.timestamp())}"
    assert receiver.received[0].headers["webhook-id"] == key


# --- What is kept, what is tried again ------------------------------------------------------------


def test_nobody_to_tell_makes_no_rows(chief: User) -> None:
    story = factories.published(by=chief)
    workflow.correct(story, by=chief, text="It left at eight.")
    assert set(Delivery.objects.values_list("kind", flat=True)) == {"purge"}


def test_each_target_has_a_row_and_tries_of_its_own(
    receiver: Station, settings: Any, chief: User
) -> None:
    with Hub() as hub, Station(Said(500), Said(200)) as broken:
        settings.WEBSUB_HUBS = [hub.url, broken.url]
        settings.OUTBOUND_ALLOW = [receiver.host, hub.host, broken.host]
        factories.published(by=chief)
        good, failed = rows("websub")
        assert (good.done_at is not None, failed.done_at, failed.attempts) == (True, None, 1)
        assert failed.last_error == (
            f"Failed: http://{broken.host} answered 500 (Internal Server Error)."
        )
        tick(failed.due_at)
        failed.refresh_from_db()
        assert (failed.done_at is not None, failed.last_error) == (True, "")
    assert (len(hub.pings), len(receiver.received)) == (1, 1)


def test_hub_that_hangs_up_is_tried_again(settings: Any, chief: User) -> None:
    with Rough(close) as hub:
        settings.WEBSUB_HUBS, settings.OUTBOUND_ALLOW = [f"http://{hub.host}/"], [hub.host]
        factories.published(by=chief)
    [row] = rows("websub")
    assert row.last_error.startswith(f"Failed: http://{hub.host} broke the connection off")
    assert (row.done_at, row.given_up_at) == (None, None)
    assert row.due_at > row.created_at


def test_late_try_tells_what_is_true_then_and_nothing_of_a_withdrawn_story(
    receiver: Station, chief: User
) -> None:
    receiver.answers = (Said(503), Said(200))
    story = factories.published(by=chief)
    workflow.withdraw(story, by=chief, reason="Not ours.")
    published = rows("webhook")[0]
    tick(published.due_at)
    assert types(receiver) == ["article.published", "article.withdrawn"]
    published.refresh_from_db()
    assert published.done_at is not None


def test_target_that_has_left_the_settings_is_not_told(
    receiver: Station, settings: Any, chief: User
) -> None:
    receiver.answers = (Said(503), Said(200))
    factories.published(by=chief)
    settings.WEBHOOK_URLS = []
    [row] = rows("webhook")
    tick(row.due_at)
    row.refresh_from_db()
    assert (row.done_at is not None, len(receiver.received)) == (True, 1)


def test_address_of_a_webhook_and_the_secret_are_in_no_row(
    receiver: Station, chief: User, caplog: pytest.LogCaptureFixture
) -> None:
    receiver.answers = (Said(302, {"Location": "/hooks/hunter2/"}),)
    factories.published(by=chief)
    [row] = rows("webhook")
    kept = f"{row.key} {row.payload} {row.last_error} {caplog.text}"
    assert "302 (Found)" in kept
    assert "hunter2" not in kept
    assert SECRET not in kept


def test_hub_inside_the_house_is_not_called_unless_it_is_allowed(
    settings: Any, chief: User
) -> None:
    with Hub() as hub:
        settings.WEBSUB_HUBS = [hub.url.replace("http:", "https:"), hub.url]
        factories.published(by=chief)
        first, second = rows("websub")
        assert "which is not a public address" in first.last_error
        assert "is not on https" in second.last_error
        assert hub.received == []
