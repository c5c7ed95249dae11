"""A page costs the same whatever the size of the archive and whatever it shows."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import snapshot, workflow
from articles.models import Article, State, Tag
from newsroom.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)

#: The most that each kind of page may ask of the database (speed.md, and the first edition's).
BUDGETS = {
    "/": 5,
    "/harbor/": 4,
    "/harbor/?before=20261101T120000-999999": 4,
    "/authors/ines-caldeira/": 6,
    "/topics/ferries/": 5,
    "/2026/": 6,
    "/2026/11/": 4,
    "/2026/11/01/": 4,
    "/corrections/": 4,
    "/search/?q=ferry": 8,
    "/feed.xml": 6,
    "/harbor/feed.json": 6,
    "/sitemap.xml": 5,
    "/sitemaps/news.xml": 5,
    "/nothing/": 6,
}


def archive(number: int) -> None:
    """Stories with pictures, spread over many days."""
    lead = factories.image()
    section, author = factories.section(), factories.author()
    tag = Tag.objects.filter(name="Ferries").first() or Tag(name="Ferries")
    tag.save()
    content = factories.content(section=section, authors=[author], lead_image=lead, tags=[])
    content["tags"] = [snapshot.reference(tag)]
    begun = Article.objects.count()
    workflow.bring_in(
        [
            workflow.Incoming(
                content={**content, "headline": f"Ferry {one}", "slug": f"ferry-{one}"},
                state=State.PUBLISHED,
                published_at=NOON - timedelta(minutes=one * 7 % 50_000),
            )
            for one in range(begun, begun + number)
        ]
    )


def counted(address: str) -> int:
    client = Client()
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code < 500
    return len(captured)


def test_every_list_costs_the_same_at_50_and_at_5000_stories() -> None:
    archive(50)
    few = {address: counted(address) for address in BUDGETS}
    archive(4950)
    many = {address: counted(address) for address in BUDGETS}
    assert few == many
    assert {address: cost for address, cost in many.items() if cost > BUDGETS[address]} == {}


def test_article_page_costs_five_queries_with_everything_on_it(chief: User) -> None:
    """Lead, two pictures in the body, three authors, tags, corrections, related, a mention."""
    archive(50)
    other = factories.published(by=chief, headline="Other")
    pictures = [factories.image() for _ in range(3)]
    authors = [factories.author(f"Author {one}", portrait=factories.image()) for one in range(3)]
    figures = "".join(f'<figure data-image="{one.pk}"></figure>' for one in pictures)
    article = factories.published(
        by=chief, lead_image=pictures[0], authors=authors, tags=["Ferries", "Boats"],
        body=f'<p>Words.</p>{figures}<aside data-article="{other.pk}"></aside><p>More.</p>',
    )  # fmt: skip
    workflow.correct(article, by=chief, text="It was eight.")
    workflow.correct(article, by=chief, text="It was nine.")
    assert counted(str(article.path)) <= 5


def test_bare_article_costs_no_more(chief: User) -> None:
    assert counted(str(factories.published(by=chief).path)) <= 5
