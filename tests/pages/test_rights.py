"""The rights in a picture end on their second, on every public address there is."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from urllib.parse import quote

import pytest
import time_machine
from django.conf import settings
from django.test import Client, TestCase
from django.utils.http import http_date

from articles.models import Article
from authors.models import Author
from newsroom.accounts.models import User
from newsroom.audit.models import Entry
from newsroom.deliveries import outbox
from newsroom.images import expiry, library
from newsroom.images.models import Image
from tests import factories
from tests.images import pictures
from tests.pages import surfaces

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
END = NOON + timedelta(minutes=30)
SECOND = timedelta(seconds=1)

MARK = "Zanzibarquux"
OTHER = "Fallbackovna"
PLACES = {
    "/", "/harbor/", "/authors/ines-caldeira/", "/topics/ferries/", "/sitemaps/2026-11.xml",
    "/sitemaps/news.xml", "/2026/11/lead/", "/2026/11/body/", "/2026/11/own-words/",
    "/2026/11/a-view/",
    *(f"{at}{feed}" for at in ("/", "/harbor/", "/authors/ines-caldeira/", "/topics/ferries/")
      for feed in surfaces.FEEDS),
}  # fmt: skip


def added(mark: str, **fields: object) -> Image:
    """A picture with files, which says the mark wherever it can."""
    words = {"alt": f"{mark} alt", "credit": f"{mark} credit", "author": f"{mark} author",
             "licence": "permission", "rights_until": END + timedelta(days=400)}  # fmt: skip
    return library.add(pictures.upload(pictures.jpeg(1300, 800)), by=None, **(words | fields))


@pytest.fixture
def ending(chief: User) -> Image:
    """A picture that a paper shows wherever pictures are shown; its rights end at half past."""
    with time_machine.travel(NOON, tick=False):
        image = added(MARK, rights_until=END)
        author = factories.author(portrait=image)
        figure = f'<p>Words.</p><figure data-image="{image.pk}">{{}}</figure>'
        own = f"<figcaption>{MARK} caption of this use</figcaption>"
        lead = {"lead_image": image, "lead_alt": f"{MARK} alt here",
                "lead_caption": f"{MARK} caption here"}  # fmt: skip
        made = [
            {"slug": "lead", **lead},
            {"slug": "body", "body": figure.format("")},
            {"slug": "own-words", "body": figure.format(own)},
            {"slug": "a-view", "kind": "opinion"},
        ]
        for fields in made:
            factories.published(by=chief, authors=[author], **fields)
        for number in range(2):
            factories.published(by=chief, slug=f"filler-{number}", lead_image=image)
    return image


def pages() -> Iterator[str]:
    """Every public address but those of the pictures themselves."""
    yield from (address for address in sorted(surfaces.addresses()) if "/media/" not in address)


def showing(words: set[str]) -> set[str]:
    """The addresses that say one of the words."""
    client, found = Client(), set()
    for address in pages():
        response = client.get(quote(address))
        assert response.status_code < 500, address
        text = response.content.decode(errors="replace")
        if any(word in text for word in words):
            found.add(address)
    return found


def files(image: Image) -> set[str]:
    return set(library.files_of(image))


def test_picture_is_on_every_surface_until_its_second_and_on_none_from_then_on(
    ending: Image,
) -> None:
    """No worker runs: visibility is a comparison."""
    told = {MARK, *files(ending)}
    with time_machine.travel(END - SECOND, tick=False):
        assert PLACES - showing(told) == set()
    with time_machine.travel(END, tick=False):
        assert showing(told) == set()


def test_fallback_is_there_in_the_same_second_with_its_own_words(ending: Image) -> None:
    with time_machine.travel(NOON, tick=False):
        fallback = added(OTHER, caption=f"{OTHER} caption")
        library.revise(ending, fallback=fallback)
    told = {OTHER, *files(fallback)}
    with time_machine.travel(END - SECOND, tick=False):
        assert showing(told) == set()
    with time_machine.travel(END, tick=False):
        assert PLACES - showing(told) == set()
        assert showing({MARK, *files(ending)}) == set()
        page = Client().get("/2026/11/lead/").content.decode()
    assert f'alt="{OTHER} alt"' in page
    assert f'<span class="caption">{OTHER} caption</span>' in page
    assert page.count(f"{OTHER} author / {OTHER} credit") >= 1


def test_pages_say_that_they_change_with_the_end_of_the_rights(ending: Image) -> None:
    with time_machine.travel(NOON, tick=False):
        for address in sorted(PLACES):
            declared = Client().get(address).declared_page
            assert ending.subject in declared.tags, address
            assert declared.until == END, address
    with time_machine.travel(END, tick=False):
        for address in sorted(PLACES):
            declared = Client().get(address).declared_page
            assert ending.subject in declared.tags, address
            assert declared.until is None or declared.until > END, address


@pytest.mark.parametrize("address", ["/2026/11/lead/", "/2026/11/body/", "/feed.xml", "/feed.json"])
def test_client_that_knows_the_page_by_its_time_is_sent_the_new_one(
    address: str, ending: Image
) -> None:
    with time_machine.travel(END - SECOND, tick=False):
        seen = {"if-modified-since": http_date(NOON.timestamp())}
        assert Client().get(address, headers=seen).status_code == 304
    with time_machine.travel(END, tick=False):
        assert Client().get(address, headers=seen).status_code == 200


def test_worker_takes_the_files_and_lists_the_uses(ending: Image) -> None:
    client, addresses = Client(), [f"/media/{name}" for name in files(ending)]
    assert {client.get(address).status_code for address in addresses} == {200}
    with time_machine.travel(END, tick=False), TestCase.captureOnCommitCallbacks(execute=True):
        outbox.enqueue_due()
    assert {client.get(address).status_code for address in addresses} == {404}
    uses = {use["subject"] for use in Entry.objects.get(verb=expiry.ENDED).after["uses"]}
    users = [*Article.objects.exclude(slug="a-view"), Author.objects.get()]
    assert uses == {one.subject for one in users}
    with time_machine.travel(END, tick=False):
        assert showing({MARK, *files(ending)}) == set()
        assert 'src=""' not in client.get("/").content.decode()


def test_figure_without_a_picture_leaves_nothing_behind(ending: Image) -> None:
    with time_machine.travel(END, tick=False):
        for address in ("/2026/11/lead/", "/2026/11/body/", "/2026/11/own-words/"):
            page = Client().get(address).content.decode()
            assert "<figure" not in page, address
            assert "<figcaption" not in page, address
            assert "og:image" not in page, address
            assert '"image":' not in page, address


@pytest.mark.usefixtures("ending")
def test_public_templates_ask_for_what_is_shown_and_never_for_the_row() -> None:
    """``lead`` and ``face`` obey the clock, ``lead_image`` and ``portrait`` do not."""
    root = settings.BASE_DIR / "templates"
    public = [
        path
        for path in root.rglob("*.html")
        if path.relative_to(root).parts[0] not in {"admin", "desk", "account", "allauth"}
    ]
    assert len(public) > 40
    found = [
        path.name
        for path in public
        if "lead_image" in path.read_text() or ".portrait " in path.read_text()
    ]
    assert found == []
