"""Sitemaps by month, of the pages and of the news; robots.txt."""

import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import sitemaps, snapshot, workflow
from articles.models import RevisionKind
from newsroom.accounts.models import User
from newsroom.publication.models import HousePage, Publication
from tests import factories

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SITE = "http://127.0.0.1:8000"
SPACES = {
    "": "http://www.sitemaps.org/schemas/sitemap/0.9",
    "image": "http://www.google.com/schemas/sitemap-image/1.1",
    "news": "http://www.google.com/schemas/sitemap-news/0.9",
}
MONTH = "/sitemaps/2026-11.xml"
EVERY_SITEMAP = ("/sitemap.xml", MONTH, "/sitemaps/pages.xml", "/sitemaps/news.xml")


def entries(client: Client, address: str) -> list[ET.Element]:
    response = client.get(address)
    assert response.status_code == 200
    assert response["Content-Type"] == "application/xml; charset=utf-8"
    return list(ET.fromstring(response.content))  # noqa: S314 - our own


def texts(entry: ET.Element, *names: str) -> list[str | None]:
    return [entry.findtext(f".//{name}", namespaces=SPACES) for name in names]


def addresses(client: Client, address: str) -> list[str]:
    return [(texts(entry, "loc")[0] or "").removeprefix(SITE) for entry in entries(client, address)]


# --- Index and months -------------------------------------------------------------------------


def test_index_lists_each_month_with_its_newest_change(client: Client, chief: User) -> None:
    factories.bring_in(at=datetime(2026, 9, 1, 8, tzinfo=UTC))
    factories.bring_in(at=datetime(2026, 9, 30, 8, tzinfo=UTC))
    old = factories.bring_in(at=datetime(2025, 3, 1, 8, tzinfo=UTC))
    with time_machine.travel(NOON, tick=False):
        workflow.correct(old, by=chief, text="Seven, not nine.")
        found = [texts(entry, "loc", "lastmod") for entry in entries(client, "/sitemap.xml")]
    assert found == [
        [f"{SITE}/sitemaps/2026-09.xml", "2026-09-30T08:00:00+00:00"],
        [f"{SITE}/sitemaps/2025-03.xml", "2026-11-22T12:00:00+00:00"],
        [f"{SITE}/sitemaps/pages.xml", None],
    ]


def test_months_are_those_of_the_publications_time_zone(client: Client) -> None:
    Publication(time_zone="Pacific/Auckland").save()
    story = factories.bring_in(at=datetime(2026, 10, 31, 11, 30, tzinfo=UTC))
    earlier = factories.bring_in(at=datetime(2026, 10, 31, 10, 30, tzinfo=UTC), headline="Earlier")
    assert addresses(client, "/sitemap.xml")[:2] == [MONTH, "/sitemaps/2026-10.xml"]
    assert addresses(client, MONTH) == [story.path]
    assert addresses(client, "/sitemaps/2026-10.xml") == [earlier.path]


def test_story_has_address_last_change_and_lead_image(client: Client) -> None:
    picture = factories.image()
    factories.bring_in(at=NOON, lead_image=picture)
    [entry] = entries(client, MONTH)
    assert texts(entry, "loc", "lastmod", "image:image/image:loc") == [
        f"{SITE}/2026/11/ferry-returns-to-the-harbor/",
        "2026-11-22T12:00:00+00:00",
        f"{SITE}{picture.url(1200)}",
    ]


def test_typo_moves_no_lastmod_and_a_correction_does(client: Client, chief: User) -> None:
    with time_machine.travel(NOON, tick=False):
        story = factories.published(by=chief)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        content = {**snapshot.head(story), "headline": "Ferry returns to harbor"}
        saved = workflow.save(
            story, content, by=chief, base_version=story.version, kind=RevisionKind.TYPO
        )
        workflow.publish(saved, by=chief)
    assert texts(entries(client, MONTH)[0], "lastmod") == ["2026-11-22T12:00:00+00:00"]
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        workflow.correct(story, by=chief, text="Seven, not nine.")
    assert texts(entries(client, MONTH)[0], "lastmod") == ["2026-11-22T14:00:00+00:00"]


@pytest.mark.parametrize("name", ["2026-10", "2026-13", "2026-00", "2126-01", "0999-01", "2026-1"])
def test_month_without_stories_is_404(client: Client, name: str) -> None:
    factories.bring_in(at=NOON)
    assert client.get(f"/sitemaps/{name}.xml").status_code == 404


def test_signs_in_addresses_are_escaped(client: Client) -> None:
    group = {"folder": "a&b<c>", "recipe": "", "sizes": [[1200, 800, 1]]}
    picture = factories.image(renditions={"whole": {"jpeg": group}})
    factories.bring_in(at=NOON, path="/old/a&b <c>/", lead_image=picture)
    [entry] = entries(client, MONTH)
    assert texts(entry, "loc") == [f"{SITE}/old/a&b%20%3Cc%3E/"]


# --- Pages ------------------------------------------------------------------------------------


def test_pages_are_front_sections_authors_topics_and_house_pages(client: Client) -> None:
    factories.section("Cranes", parent=factories.section())
    factories.bring_in(at=NOON)
    with time_machine.travel(NOON, tick=False):
        HousePage.objects.create(title="Ethics", slug="ethics")
        HousePage.objects.create(title="Not yet", slug="not-yet", is_public=False)
    assert addresses(client, "/sitemaps/pages.xml") == [
        "/", "/harbor/", "/harbor/cranes/", "/corrections/", "/authors/ines-caldeira/",
        "/topics/ferries/", "/ethics/",
    ]  # fmt: skip
    house = entries(client, "/sitemaps/pages.xml")[-1]
    assert texts(house, "lastmod") == ["2026-11-22T12:00:00+00:00"]


def test_authors_and_topics_of_unpublished_work_only_are_absent(
    client: Client, chief: User
) -> None:
    fields = {"authors": [factories.author("Marker Name")], "tags": ["Marker topic"]}
    factories.draft(by=chief, **fields)
    factories.scheduled(by=chief, headline="Later", **fields)
    factories.withdrawn(by=chief, headline="Gone", **fields)
    assert addresses(client, "/sitemaps/pages.xml") == ["/", "/harbor/", "/corrections/"]


# --- News -------------------------------------------------------------------------------------


def test_news_entry_follows_googles_schema(client: Client) -> None:
    Publication(name="Tide & Turn", language="pt-BR").save()
    factories.bring_in(at=NOON, headline="Ferry \x0b<b> & quay")
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        [entry] = entries(client, "/sitemaps/news.xml")
    names = [f"news:{name}" for name in ("name", "language", "publication_date", "title")]
    assert texts(entry, *names) == [
        "Tide & Turn", "pt", "2026-11-22T12:00:00+00:00", "Ferry <b> & quay",
    ]  # fmt: skip


def test_news_are_those_of_the_last_48_hours(client: Client) -> None:
    oldest = factories.bring_in(at=NOON, headline="Oldest")
    newer = factories.bring_in(at=NOON + timedelta(hours=1), headline="Newer")
    out = NOON + timedelta(hours=48)
    with time_machine.travel(out - timedelta(seconds=1), tick=False):
        assert addresses(client, "/sitemaps/news.xml") == [newer.path, oldest.path]
        assert client.get("/sitemaps/news.xml").declared_page.until == out
    with time_machine.travel(out, tick=False):
        assert addresses(client, "/sitemaps/news.xml") == [newer.path]
        later = client.get("/sitemaps/news.xml").declared_page.until
    assert later == out + timedelta(hours=1)


def test_news_change_by_themselves_when_a_story_comes_out(client: Client, chief: User) -> None:
    factories.bring_in(at=NOON)
    due = NOON + timedelta(hours=3)
    with time_machine.travel(NOON, tick=False):
        story = factories.scheduled(by=chief, at=due, headline="On time")
        assert client.get("/sitemaps/news.xml").declared_page.until == due
    with time_machine.travel(due, tick=False):
        assert addresses(client, "/sitemaps/news.xml")[0] == story.path


def test_news_are_a_thousand_at_most(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sitemaps.MAX_NEWS == 1_000
    monkeypatch.setattr(sitemaps, "MAX_NEWS", 2)
    stories = [
        factories.bring_in(at=NOON - timedelta(hours=hour), headline=f"{hour}") for hour in range(3)
    ]
    with time_machine.travel(NOON, tick=False):
        found = addresses(client, "/sitemaps/news.xml")
    assert found == [stories[0].path, stories[1].path]


# --- All of them ------------------------------------------------------------------------------


@pytest.mark.parametrize("address", EVERY_SITEMAP)
def test_unpublished_work_is_absent_from_every_sitemap(
    client: Client, chief: User, address: str
) -> None:
    with time_machine.travel(NOON, tick=False):
        factories.published(by=chief)
        factories.draft(by=chief, headline="Marker draft")
        factories.scheduled(by=chief, headline="Marker scheduled", at=NOON + timedelta(days=40))
        factories.withdrawn(by=chief, headline="Marker withdrawn")
        response = client.get(address)
    assert response.status_code == 200
    assert b"arker" not in response.content
    assert b"2027" not in response.content


@pytest.mark.parametrize("address", EVERY_SITEMAP)
def test_unchanged_sitemap_answers_304_and_sets_no_cookie(client: Client, address: str) -> None:
    with time_machine.travel(NOON, tick=False):
        factories.bring_in(at=NOON)
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, len(client.cookies)) == (304, 0)
    assert first.declared_page.tags == {"site", "latest"}


@pytest.mark.parametrize("address", EVERY_SITEMAP)
def test_sitemaps_change_by_themselves_when_a_story_is_due(
    client: Client, chief: User, address: str
) -> None:
    due = NOON + timedelta(hours=1)
    with time_machine.travel(NOON, tick=False):
        factories.published(by=chief)
        factories.scheduled(by=chief, at=due, headline="Later")
        assert client.get(address).declared_page.until == due


@pytest.mark.parametrize("address", EVERY_SITEMAP)
def test_queries_do_not_grow_with_stories(client: Client, address: str) -> None:
    def grow(number: int) -> None:
        for _ in range(number):
            factories.bring_in(at=NOON, lead_image=factories.image())

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            entries(client, address)
        return len(queries)

    with time_machine.travel(NOON, tick=False):
        grow(3)
        entries(client, "/sitemaps/pages.xml")  # the sections are held from here on
        few = count()
        grow(17)
        assert few == count() <= 5


# --- robots.txt -------------------------------------------------------------------------------


def test_robots_may_read_all_but_desk_and_search(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert response.content.decode().splitlines() == [
        "User-agent: *",
        "Disallow: /admin/",
        "Disallow: /accounts/",
        "Disallow: /search/",
        "",
        f"Sitemap: {SITE}/sitemap.xml",
        f"Sitemap: {SITE}/sitemaps/news.xml",
    ]
