"""A script in every text that somebody can write: on no page of the site or the desk does it run."""

from html.parser import HTMLParser
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.test import Client
from django.utils.http import urlencode

from articles import search, sharing, snapshot, workflow
from articles.models import Article, Body, Tag
from authors.models import Author, AuthorLink
from newsroom.accounts.models import User
from newsroom.images.models import Image
from newsroom.publication.models import HousePage, Publication, SocialLink
from sections.models import Section
from tests import factories
from tests.conftest import logged_in

EVIL = "\"><img src=x onerror=alert(1)></script><script>alert(1)</script>]]>'<!--"
LIVE = '<p onclick="alert(1)"><a href="javascript:alert(1)">x</a><svg onload="alert(1)">' + EVIL


class Running(HTMLParser):
    """Collects what a browser would run."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.script = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.script = tag == "script"
        for name, value in attrs:
            if name.startswith("on") or (value or "").strip().lower().startswith("javascript:"):
                self.found.append(f"<{tag} {name}={value}>")

    def handle_data(self, data: str) -> None:
        if self.script and data.strip().startswith("alert"):
            self.found.append(data)

    def handle_endtag(self, tag: str) -> None:
        self.script = False


def running(client: Client, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code in {200, 404}, address
    parser = Running()
    parser.feed(answer.content.decode())
    return parser.found


def test_the_reader_of_pages_sees_what_would_run() -> None:
    parser = Running()
    parser.feed(LIVE)
    assert len(parser.found) == 5


@pytest.fixture
def story(chief: User) -> Article:
    """A public story; everything around it, and its row, says EVIL past every form."""
    story = factories.published(lead_image=factories.image(), by=chief)
    words = dict.fromkeys(("headline", "standfirst", "lead_alt", "lead_caption"), EVIL)
    content = snapshot.head(story) | words | {"dateline": EVIL[:80]}
    saved = workflow.save(story, content, by=chief, base_version=story.version)
    workflow.correct(workflow.publish(saved, by=chief), by=chief, text=EVIL)
    Body.objects.update(html=LIVE)
    Section.objects.update(name=EVIL[:60], descriptor=EVIL, description=EVIL)
    Author.objects.update(name=EVIL, title=EVIL, biography=EVIL)
    Tag.objects.update(name=EVIL, description=EVIL)
    Image.objects.update(alt=EVIL, caption=EVIL, credit=EVIL, author=EVIL, file_name=EVIL)
    Publication.touch()
    Publication.objects.update(name=EVIL, tagline=EVIL, description=EVIL, search_prompt=EVIL)
    HousePage.objects.create(title=EVIL, slug="ethics")
    HousePage.objects.update(body=LIVE)
    User.objects.update(first_name=EVIL[:150])
    with connection.cursor() as cursor:
        cursor.execute("UPDATE audit_entry SET actor_name=%s, subject_name=%s", [EVIL, EVIL])
    search.index([story.pk])
    return Article.objects.get(pk=story.pk)


def test_no_public_page_runs_what_somebody_wrote(story: Article) -> None:
    asked = urlencode(dict.fromkeys(("q", "section", "author", "since"), EVIL))
    author, topic = Author.objects.get().slug, Tag.objects.get().slug
    pages = ["/", str(story.path), f"/authors/{author}/", f"/topics/{topic}/", "/ethics/"]
    pages += ["/corrections/", story.section.path, f"/search/?{asked}", "/search/?q=img"]
    pages += [f"/nothing/{urlencode({'x': EVIL})}/"]
    assert {page: found for page in pages if (found := running(Client(), page))} == {}


def test_no_shared_page_runs_what_somebody_wrote(story: Article, chief: User) -> None:
    working = workflow.save(
        story,
        snapshot.head(story) | {"standfirst": f"{EVIL}!"},
        by=chief,
        base_version=story.version,
    )
    link = sharing.share(working, by=chief, days=1, note=EVIL[:100])
    Body.objects.update(html=LIVE)
    address = f"/shared/{link.token}/"
    assert Client().get(address).status_code == 200
    assert running(Client(), address) == []
    client = logged_in(User.objects.create_superuser("root", first_name=EVIL))
    assert running(client, f"/admin/articles/article/{story.pk}/share/") == []


def test_no_page_of_the_desk_runs_what_somebody_wrote(story: Article) -> None:
    client = logged_in(User.objects.create_superuser("root", first_name=EVIL))
    doors = [f"articles/article/{story.pk}/{door}/" for door in ("change", "history", "preview")]
    doors += ["articles/article/", "images/image/", "authors/author/", "sections/section/"]
    doors += ["articles/tag/", "articles/correction/", "audit/entry/", "publication/housepage/"]
    doors += ["publication/publication/1/change/", "accounts/user/", ""]
    doors += [f"images/image/{Image.objects.get().pk}/change/"]
    found = {door: runs for door in doors if (runs := running(client, f"/admin/{door}"))}
    assert found == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example", " https://x"]
)
def test_database_holds_no_link_but_to_the_web(url: str) -> None:
    Publication().save()
    row: Any = SocialLink(publication_id=1, label="x", url=url)
    with pytest.raises(IntegrityError):
        SocialLink.objects.bulk_create([row])


@pytest.mark.django_db
def test_database_holds_no_authors_link_but_to_the_web() -> None:
    row = AuthorLink(author=factories.author(), label="x", url="javascript:alert(1)")
    with pytest.raises(IntegrityError):
        AuthorLink.objects.bulk_create([row])
