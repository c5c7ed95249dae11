"""Nothing unpublished leaks, on any public address there is."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.utils import timezone

from articles import snapshot, workflow
from articles.models import Article, Unsaved
from newsroom.accounts.models import User
from newsroom.publication.models import HousePage
from tests import factories
from tests.pages import surfaces

pytestmark = pytest.mark.django_db

MARK = "Zanzibarquux"


def marked(**fields: object) -> dict:
    """A story that says the marker wherever it can."""
    return {
        "headline": f"{MARK} headline",
        "standfirst": f"{MARK} standfirst",
        "body": f"<p>{MARK} body</p><h2>{MARK} subhead</h2>",
        "dateline": MARK,
        "tags": [f"{MARK} topic", "Ferries"],
        "lead_image": factories.image(caption=f"{MARK} caption", alt=MARK, credit=MARK),
        **fields,
    }


def draft(chief: User) -> Article:
    return factories.draft(by=chief, **marked())


def in_review(chief: User) -> Article:
    return workflow.submit(draft(chief), by=chief)


def approved(chief: User) -> Article:
    return workflow.approve(in_review(chief), by=chief)


def embargoed(chief: User) -> Article:
    return workflow.set_embargo(draft(chief), timezone.now() + timedelta(days=1), by=chief)


def scheduled(chief: User) -> Article:
    return factories.scheduled(by=chief, at=timezone.now() + timedelta(minutes=5), **marked())


def withdrawn(chief: User) -> Article:
    article = factories.published(by=chief, **marked())
    workflow.correct(article, by=chief, text=f"{MARK} was wrong.")
    return workflow.withdraw(article, by=chief, reason=f"{MARK}")


def working_copy(chief: User) -> Article:
    article = factories.published(by=chief, headline="Public words", slug="public-words")
    content = {**snapshot.head(article), **factories.content(**marked(slug="public-words"))}
    return workflow.save(article, content, by=chief, base_version=article.version)


def discarded(chief: User) -> Article:
    return workflow.discard(working_copy(chief), by=chief)


def unscheduled(chief: User) -> Article:
    return workflow.withdraw(scheduled(chief), by=chief, reason="No.")


def autosaved(chief: User) -> Article:
    article = factories.published(by=chief, headline="Public words", slug="public-words")
    words = {name: [str(value)] for name, value in factories.content(**marked()).items()}
    for form, about in (("typed-at-a-story", article), ("typed-at-no-story", None)):
        Unsaved.objects.put(form, user=chief, article=about, fields=words, now=timezone.now())
    return article


def noted(chief: User) -> Article:
    article = factories.published(by=chief, headline="Public words", slug="public-words")
    workflow.add_note(article, f"{MARK} note", by=chief, part="headline")
    workflow.finish_note(workflow.add_note(article, f"{MARK} is done", by=chief), by=chief)
    return article


STATES = [draft, in_review, approved, embargoed, scheduled, withdrawn, working_copy, discarded, unscheduled, autosaved, noted]  # fmt: skip


@pytest.fixture
def paper(chief: User) -> None:
    """A paper with something on every page, so that every list is there to leak into."""
    child = factories.section("Ferries", parent=factories.section())
    HousePage(title="About", slug="about", body="<p>We are.</p>").save()
    first = factories.published(by=chief, headline="Open story", section=child)
    factories.published(by=chief, headline="Second story", lead_image=factories.image())
    factories.published(by=chief, headline="A view", kind="opinion")
    workflow.correct(first, by=chief, text="It was eight.")


def asked() -> Iterator[str]:
    for address in sorted(surfaces.addresses()):
        yield quote(address)
    # Words that stand beside the marker, and its beginning: none of them is the marker itself.
    for query in ("headline", "standfirst", '"body"', "subhead", "topic", MARK[:8]):
        yield f"/search/?q={quote(query)}"


@pytest.mark.parametrize("state", STATES, ids=lambda make: make.__name__)
@pytest.mark.usefixtures("paper")
def test_unpublished_words_are_in_no_public_response(state, chief: User) -> None:
    state(chief)
    client = Client()
    leaks, seen = [], 0
    for address in asked():
        response = client.get(address)
        assert response.status_code < 500, address
        said = response.content if not response.streaming else b"".join(response)
        seen += response.status_code == 200
        if MARK.lower().encode() in said.lower() or MARK.lower() in str(response.headers).lower():
            leaks.append(address)
    assert seen > 20
    assert leaks == []


@pytest.mark.usefixtures("paper")
def test_the_leak_test_finds_a_public_marker_on_every_kind_of_page(chief: User) -> None:
    """The net is whole: what is public is seen on the surfaces where it belongs."""
    article = factories.published(by=chief, **marked())
    client = Client()
    shown = {
        address
        for address in surfaces.addresses()
        if MARK.lower().encode() in client.get(quote(address)).content.lower()
    }
    month = f"{timezone.localtime(article.published_at):%Y-%m}"
    assert {
        "/", "/harbor/", article.path, "/authors/ines-caldeira/", "/topics/ferries/",
        "/feed.xml", "/feed.atom", "/feed.json", "/harbor/feed.xml", "/topics/ferries/feed.json",
        "/authors/ines-caldeira/feed.atom", "/sitemaps/news.xml", f"/sitemaps/{month}.xml",
        f"{timezone.localtime(article.published_at):/%Y/%m/}",
        f"{timezone.localtime(article.published_at):/%Y/%m/%d/}",
    } - shown == set()  # fmt: skip


@pytest.mark.usefixtures("paper")
def test_every_public_page_declares_what_it_shows(chief: User, settings: Any) -> None:
    """Law 8: no public 200 or 410 without tags, and none with a cookie."""
    settings.INDEXNOW_KEY = "harbor-courier-key"
    withdrawn(chief)
    for address in sorted(surfaces.addresses()):
        response = Client().get(quote(address))
        assert not response.cookies, address
        assert "Set-Cookie" not in response.headers, address
        bare = address.startswith(("/media/", "/livez", "/readyz"))
        if response.status_code in {200, 410} and not bare:
            assert response.declared_page.tags, address
            assert response.headers["ETag"], address
            assert response.headers["Cache-Control"] == "public, no-cache", address


@pytest.mark.parametrize("state", [draft, in_review, approved, embargoed, scheduled])
def test_guessed_address_of_an_unpublished_story_is_not_found(state, chief: User) -> None:
    article = state(chief)
    for path in surfaces.guesses(article):
        assert Client().get(path).status_code == 404


def test_withdrawn_story_is_gone(chief: User) -> None:
    assert Client().get(withdrawn(chief).path).status_code == 410
