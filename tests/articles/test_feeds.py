"""RSS, Atom and JSON Feed of the site, a section, an author and a topic."""

import json
import xml.etree.ElementTree as ET
from datetime import UTC, datetime, timedelta
from typing import Any

import feedparser
import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import snapshot, workflow
from articles.models import Article, CorrectionKind, RevisionKind
from newsroom.accounts.models import User
from newsroom.images import library
from newsroom.publication.models import Publication
from tests import factories
from tests.images import pictures

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SITE = "http://127.0.0.1:8000"
BASES = ("/", "/harbor/", "/authors/ines-caldeira/", "/topics/ferries/")
NAMES = ("feed.xml", "feed.atom", "feed.json")
EVERY_FEED = [base + name for base in BASES for name in NAMES]
TYPES = {
    "feed.xml": "application/rss+xml; charset=utf-8",
    "feed.atom": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
}


def read(response: HttpResponse) -> Any:
    """The feed as feedparser or json reads it."""
    assert response.status_code == 200
    if "json" in response["Content-Type"]:
        return json.loads(response.content)
    parsed = feedparser.parse(response.content)
    assert not parsed.bozo, parsed.bozo_exception
    return parsed


def titles(client: Client, address: str) -> list[str]:
    feed = read(client.get(address))
    return [item["title"] for item in feed["items" if address.endswith("json") else "entries"]]


def whole(client: Client, name: str) -> str:
    """The HTML of the only story in a feed of the site."""
    feed = read(client.get(f"/{name}"))
    if name == "feed.json":
        [item] = feed["items"]
        return item["content_html"]
    # feedparser cleans HTML for its callers; what was sent is read here.
    tag = "{http://www.w3.org/2005/Atom}content"
    if name == "feed.xml":
        tag = "{http://purl.org/rss/1.0/modules/content/}encoded"
    [found] = ET.fromstring(client.get(f"/{name}").content).iter(tag)  # noqa: S314 - our own
    return found.text or ""


def edit(article: Article, by: User, kind: RevisionKind = RevisionKind.EDIT, **fields: Any) -> None:
    article = Article.objects.get(pk=article.pk)
    content = {**snapshot.head(article), **fields}
    article = workflow.save(article, content, by=by, base_version=article.version, kind=kind)
    workflow.publish(article, by=by)


# --- Which stories ----------------------------------------------------------------------------


@pytest.mark.parametrize("address", EVERY_FEED)
def test_every_feed_holds_its_stories_newest_first(client: Client, address: str) -> None:
    for hour in range(3):
        factories.bring_in(at=NOON - timedelta(hours=hour), headline=f"Story {hour}")
    elsewhere = factories.section("City")
    factories.bring_in(
        at=NOON, section=elsewhere, authors=[factories.author("Ben Oduya")], tags=["Trams"],
        headline="Elsewhere",
    )  # fmt: skip
    own = ["Story 0", "Story 1", "Story 2"]
    assert titles(client, address) == (["Elsewhere", *own] if address.startswith("/feed") else own)


def test_feed_holds_the_twenty_newest(client: Client) -> None:
    for number in range(22):
        factories.bring_in(at=NOON - timedelta(hours=number), headline=f"Story {number}")
    assert titles(client, "/feed.xml") == [f"Story {number}" for number in range(20)]


def test_section_feed_holds_the_stories_of_its_children(client: Client) -> None:
    child = factories.section("Cranes", parent=factories.section())
    factories.bring_in(at=NOON, section=child, headline="Of the child")
    assert titles(client, "/harbor/feed.xml") == ["Of the child"]
    assert titles(client, "/harbor/cranes/feed.json") == ["Of the child"]


@pytest.mark.parametrize("address", EVERY_FEED)
def test_unpublished_work_is_absent_from_every_feed(
    client: Client, chief: User, address: str
) -> None:
    public = factories.published(by=chief, headline="Public")
    factories.draft(by=chief, headline="Marker draft")
    factories.scheduled(by=chief, headline="Marker scheduled")
    factories.withdrawn(by=chief, headline="Marker withdrawn")
    content = {**snapshot.head(public), "body": "<p>Marker copy</p>", "headline": "Marker copy"}
    workflow.save(public, content, by=chief, base_version=public.version)
    response = client.get(address)
    assert b"Public" in response.content
    assert b"Marker" not in response.content


@pytest.mark.parametrize("address", EVERY_FEED)
def test_scheduled_story_enters_every_feed_at_its_second(
    client: Client, chief: User, address: str
) -> None:
    with time_machine.travel(NOON - timedelta(hours=1), tick=False):
        factories.published(by=chief, headline="Before")
        factories.scheduled(by=chief, at=NOON, headline="On time")
    with time_machine.travel(NOON - timedelta(seconds=1), tick=False):
        early = client.get(address)
        assert early.declared_page.until == NOON
        assert b"On time" not in early.content
    with time_machine.travel(NOON, tick=False):
        again = client.get(address, headers={"If-None-Match": early["ETag"]})
        assert (again.status_code, b"On time" in again.content) == (200, True)
        since = client.get(address, headers={"If-Modified-Since": early["Last-Modified"]})
        assert since.status_code == 200


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("base", ["/authors/nobody/", "/topics/nothing/", "/nowhere/"])
def test_feed_of_what_does_not_exist_is_404(client: Client, base: str, name: str) -> None:
    assert client.get(base + name).status_code == 404


def test_topic_that_only_a_draft_has_is_404(client: Client, chief: User) -> None:
    factories.draft(by=chief, tags=["Secret inquiry"])
    assert client.get("/topics/secret-inquiry/feed.xml").status_code == 404


def test_feed_of_a_merged_topic_leads_to_the_other(client: Client, chief: User) -> None:
    factories.bring_in(at=NOON, tags=["Ferries", "Boats"])
    boats, ferries = (workflow.Tag.objects.get(slug=slug) for slug in ("boats", "ferries"))
    workflow.merge_tag(boats, into=ferries, by=chief)
    response = client.get("/topics/boats/feed.atom")
    assert (response.status_code, response["Location"]) == (301, "/topics/ferries/feed.atom")


@pytest.mark.parametrize("name", NAMES)
def test_feed_without_stories_never_says_now(client: Client, name: str) -> None:
    factories.section()
    with time_machine.travel(NOON, tick=False):
        first = client.get(f"/harbor/{name}")
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        second = client.get(f"/harbor/{name}")
    read(first)
    assert first.content == second.content
    assert b"2026" not in first.content


# --- What a story says ------------------------------------------------------------------------


def test_rss_item_says_everything(client: Client) -> None:
    picture = factories.image()
    factories.bring_in(
        at=NOON, guid="https://old.example/?p=7", lead_image=picture, tags=["Ferries", "C#"],
        authors=[factories.author("Zoe Abend"), factories.author("Ana Zimmer")],
    )  # fmt: skip
    channel = ET.fromstring(client.get("/feed.xml").content).find("channel")  # noqa: S314
    item = channel.find("item")
    texts = {name: [found.text for found in item.findall(name)] for name in
             ("title", "link", "guid", "description", "pubDate", "category")}  # fmt: skip
    assert texts == {
        "title": ["Ferry returns to the harbor"],
        "link": [f"{SITE}/2026/11/ferry-returns-to-the-harbor/"],
        "guid": ["https://old.example/?p=7"],
        "description": ["After a winter in dock the crossing opens again."],
        "pubDate": ["Sun, 22 Nov 2026 12:00:00 +0000"],
        "category": ["Harbor", "Ferries", "C#"],
    }
    assert item.find("guid").attrib == {"isPermaLink": "false"}
    creators = item.findall("{http://purl.org/dc/elements/1.1/}creator")
    assert [creator.text for creator in creators] == ["Zoe Abend", "Ana Zimmer"]
    assert item.find("enclosure").attrib == {
        "url": picture.url(1200) if "://" in picture.url(1200) else SITE + picture.url(1200),
        "length": "1000",
        "type": "image/jpeg",
    }


def test_rss_picture_carries_size_caption_and_credit(client: Client) -> None:
    factories.bring_in(at=NOON, lead_image=factories.image(), lead_caption="As used here.")
    space = "{http://search.yahoo.com/mrss/}"
    [media] = ET.fromstring(client.get("/feed.xml").content).iter(f"{space}content")  # noqa: S314
    assert (media.get("width"), media.get("height"), media.get("medium")) == (
        "1200",
        "800",
        "image",
    )
    assert media.findtext(f"{space}description") == "As used here."
    assert media.findtext(f"{space}credit") == "Rui Falcão / The Harbor Courier"


def test_atom_entry_says_everything(client: Client) -> None:
    factories.bring_in(
        at=NOON, guid="urn:x:7", lead_image=factories.image(),
        authors=[factories.author("Zoe Abend"), factories.author("Ana Zimmer")],
    )  # fmt: skip
    [entry] = read(client.get("/feed.atom")).entries
    assert (entry.id, entry.title) == ("urn:x:7", "Ferry returns to the harbor")
    assert entry.link == f"{SITE}/2026/11/ferry-returns-to-the-harbor/"
    assert (entry.published, entry.updated) == ("2026-11-22T12:00:00+00:00",) * 2
    assert [author.name for author in entry.authors] == ["Zoe Abend", "Ana Zimmer"]
    assert entry.authors[0].href == f"{SITE}/authors/zoe-abend/"
    assert [tag.term for tag in entry.tags] == ["Harbor", "Ferries"]
    assert entry.enclosures[0].length == "1000"


def test_json_item_says_everything(client: Client) -> None:
    factories.bring_in(at=NOON, guid="urn:x:7", lead_image=factories.image())
    feed = read(client.get("/feed.json"))
    [item] = feed["items"]
    [attachment] = item["attachments"]
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert (item["id"], item["title"]) == ("urn:x:7", "Ferry returns to the harbor")
    assert item["url"] == f"{SITE}/2026/11/ferry-returns-to-the-harbor/"
    assert item["summary"] == "After a winter in dock the crossing opens again."
    assert item["date_published"] == item["date_modified"] == "2026-11-22T12:00:00+00:00"
    assert item["authors"] == [{"name": "Ines Caldeira", "url": f"{SITE}/authors/ines-caldeira/"}]
    assert item["tags"] == ["Harbor", "Ferries"]
    assert item["image"] == attachment["url"]
    assert (attachment["size_in_bytes"], attachment["mime_type"]) == (1000, "image/jpeg")


@pytest.mark.parametrize("name", NAMES)
def test_those_who_did_not_write_are_contributors(client: Client, chief: User, name: str) -> None:
    lines = [
        {"author": snapshot.reference(factories.author("Ana Zimmer")), "role": "photographer"},
        {"author": snapshot.reference(factories.author()), "role": "writer"},
    ]
    factories.bring_in(at=NOON, bylines=lines)
    feed = read(client.get(f"/{name}"))
    if name == "feed.json":
        [item] = feed["items"]
        assert [one["name"] for one in item["authors"]] == ["Ines Caldeira"]
        assert [one["name"] for one in item["_contributors"]] == ["Ana Zimmer"]
    else:
        [entry] = feed.entries
        assert [one.name for one in entry.authors] == ["Ines Caldeira"]
        assert [one.name for one in entry.contributors] == ["Ana Zimmer"]


@pytest.mark.parametrize("name", NAMES)
def test_content_is_the_whole_story_with_absolute_addresses(client: Client, name: str) -> None:
    lead, inside = factories.image(), factories.image(alt="A lock & a gate")
    body = (
        '<p>See <a href="/ethics/">our rules</a>.</p>'
        f'<figure data-image="{inside.pk}"><figcaption>The <em>gate</em>.</figcaption></figure>'
        '<figure data-embed="https://www.youtube.com/watch?v=abcdefghijk"></figure><p>The end.</p>'
    )
    factories.bring_in(at=NOON, lead_image=lead, body=body)
    html = whole(client, name)
    assert f'<a href="{SITE}/ethics/">our rules</a>' in html
    assert f'<img src="{SITE}{lead.url(1200)}" alt="A crane over the quay"' in html
    assert f'<img src="{SITE}{inside.url(1200)}" alt="A lock &amp; a gate"' in html
    credit = '<small class="credit">Rui Falcão / The Harbor Courier</small>'
    assert f"<figcaption>The <em>gate</em>. {credit}</figcaption>" in html
    assert "https://www.youtube.com/watch?v=abcdefghijk" in html
    assert html.index("our rules") < html.index("gate") < html.index("The end.")
    assert 'href="/' not in html
    assert 'src="/' not in html


def test_reference_to_an_unpublished_story_shows_nothing(client: Client, chief: User) -> None:
    out = factories.published(by=chief, headline="Out already", tags=["Cranes"])
    held = factories.scheduled(by=chief, headline="Marker held")
    body = "".join(f'<p>x</p><aside data-article="{one.pk}"></aside>' for one in (out, held))
    factories.published(by=chief, headline="Refers", body=body)
    [item] = read(client.get("/topics/ferries/feed.json"))["items"]
    assert f'<a href="{SITE}{out.path}">Out already</a>' in item["content_html"]
    assert "Marker" not in item["content_html"]


@pytest.mark.parametrize("name", NAMES)
def test_opinion_is_told_apart_in_words(client: Client, name: str) -> None:
    factories.bring_in(at=NOON, kind="opinion")
    assert whole(client, name).startswith("<p><strong>Opinion</strong></p>")


@pytest.mark.parametrize("name", NAMES)
def test_hostile_text_breaks_no_feed(client: Client, name: str) -> None:
    hostile = "Tide & \x0bturn \x01<script>alert(1)</script> ]]> \ud7ff\uffff"
    author = factories.author(hostile, slug="hostile")
    picture = factories.image(caption=hostile, credit=hostile, alt=hostile)
    factories.bring_in(
        at=NOON, headline=hostile, standfirst=hostile, lead_image=picture, authors=[author],
        tags=[hostile], section=factories.section(hostile, slug="hostile"),
    )  # fmt: skip
    clean = "Tide & turn <script>alert(1)</script> ]]> \ud7ff"
    feed = read(client.get(f"/{name}"))
    if name == "feed.json":
        [item] = feed["items"]
        assert (item["title"], item["authors"][0]["name"]) == (clean, clean)
    else:
        root = ET.fromstring(client.get(f"/{name}").content)  # noqa: S314 - our own
        assert clean in [found.text for found in root.iter() if found.tag.endswith("title")]
    assert "<script" not in whole(client, name)


def test_rss_description_is_escaped_as_the_html_that_it_is(client: Client) -> None:
    factories.bring_in(at=NOON, standfirst="Is 3 < 4 & <b> bold?")
    root = ET.fromstring(client.get("/feed.xml").content)  # noqa: S314 - our own
    assert root.findtext("channel/item/description") == "Is 3 &lt; 4 &amp; &lt;b&gt; bold?"


def test_imported_path_with_odd_signs_is_an_address(client: Client) -> None:
    factories.bring_in(at=NOON, path="/2012/años/100%?/")
    [entry] = read(client.get("/feed.xml")).entries
    assert entry.link == f"{SITE}/2012/a%C3%B1os/100%25%3F/"


# --- The head of a feed -----------------------------------------------------------------------


@pytest.mark.parametrize("address", EVERY_FEED)
def test_head_names_feed_page_type_and_language(client: Client, address: str) -> None:
    Publication(name="The Harbor Courier", language="pt-BR").save()
    factories.bring_in(at=NOON)
    base, _, name = address.rpartition("/")
    response = client.get(address)
    feed = read(response)
    assert response["Content-Type"] == TYPES[name]
    if name == "feed.json":
        found = feed["home_page_url"], feed["feed_url"], feed["language"]
    else:
        own = [link.href for link in feed.feed.links if link.rel == "self"]
        found = feed.feed.link, own[0], feed.feed.language
    assert found == (f"{SITE}{base}/", f"{SITE}{address}", "pt-BR")


def test_titles_tell_the_feeds_apart(client: Client) -> None:
    Publication(name="The Courier").save()
    factories.bring_in(at=NOON)
    found = [read(client.get(f"{base}feed.xml")).feed.title for base in BASES]
    assert found == [
        "The Courier",
        "Harbor – The Courier",
        "Ines Caldeira – The Courier",
        "Ferries – The Courier",
    ]


def test_channel_shows_the_logo_and_who_owns_the_words(client: Client) -> None:
    publication = Publication(name="The Courier")
    publication.logo.save("logo.png", ContentFile(pictures.jpeg()), save=False)
    publication.save()
    channel = read(client.get("/feed.xml")).feed
    assert channel.image.href == f"{SITE}{publication.logo.url}"
    assert (channel.image.title, channel.image.link) == ("The Courier", f"{SITE}/")
    assert channel.rights == "© The Courier"
    assert read(client.get("/feed.atom")).feed.logo == channel.image.href
    assert read(client.get("/feed.json"))["icon"] == channel.image.href


# --- Identity and change ----------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_id_stays_when_headline_and_slug_change(client: Client, chief: User, name: str) -> None:
    article = factories.published(by=chief)
    key = "items" if name == "feed.json" else "entries"
    [before] = read(client.get(f"/{name}"))[key]
    edit(article, chief, headline="Quite another", slug="quite-another")
    [after] = read(client.get(f"/{name}"))[key]
    assert before["id"] == after["id"] == article.guid
    assert (before["title"], after["title"]) == ("Ferry returns to the harbor", "Quite another")


@pytest.mark.parametrize("name", NAMES)
def test_updated_moves_with_an_update_and_not_with_a_typo(
    client: Client, chief: User, name: str
) -> None:
    key, field = ("items", "date_modified") if name == "feed.json" else ("entries", "updated")
    with time_machine.travel(NOON, tick=False):
        article = factories.published(by=chief)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        edit(article, chief, RevisionKind.TYPO, headline="Ferry returns to harbor")
        [typo] = read(client.get(f"/{name}"))[key]
    with time_machine.travel(NOON + timedelta(hours=2), tick=False):
        edit(article, chief, headline="Ferry is late")
        [update] = read(client.get(f"/{name}"))[key]
    assert (typo["title"], typo[field]) == ("Ferry returns to harbor", "2026-11-22T12:00:00+00:00")
    assert update[field] == "2026-11-22T14:00:00+00:00"


@pytest.mark.parametrize("name", NAMES)
def test_correction_ends_the_content_and_moves_updated(
    client: Client, chief: User, name: str
) -> None:
    Publication(time_zone="Pacific/Auckland").save()
    with time_machine.travel(NOON, tick=False):
        article = factories.published(by=chief)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        workflow.correct(
            article, by=chief, text="Seven, not <nine>.", kind=CorrectionKind.CLARIFICATION
        )
        html = whole(client, name)
        feed = read(client.get(f"/{name}"))
    assert html.endswith(
        "<hr><p><strong>Clarification, 23 November 2026</strong></p><p>Seven, not &lt;nine&gt;.</p>"
    )
    if name == "feed.json":
        assert feed["items"][0]["date_modified"] == "2026-11-22T13:00:00+00:00"
    else:
        assert feed.entries[0].updated == feed.entries[0].updated == "2026-11-22T13:00:00+00:00"


def test_last_build_date_is_the_newest_change(client: Client, chief: User) -> None:
    with time_machine.travel(NOON, tick=False):
        first = factories.published(by=chief)
        factories.published(by=chief, headline="Second")
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        workflow.correct(first, by=chief, text="Seven, not nine.")
    built = read(client.get("/feed.xml")).feed.updated
    assert built == "Sun, 22 Nov 2026 13:00:00 +0000"
    assert read(client.get("/feed.atom")).feed.updated == "2026-11-22T13:00:00+00:00"


# --- Conditional requests and declarations ----------------------------------------------------


@pytest.mark.parametrize("address", EVERY_FEED)
def test_unchanged_feed_answers_304(client: Client, address: str) -> None:
    factories.bring_in(at=NOON)
    first = client.get(address)
    by_tag = client.get(address, headers={"If-None-Match": first["ETag"]})
    by_time = client.get(address, headers={"If-Modified-Since": first["Last-Modified"]})
    assert (by_tag.status_code, by_time.status_code) == (304, 304)
    assert (by_tag.content, by_time.content) == (b"", b"")


@pytest.mark.parametrize("address", EVERY_FEED)
def test_withdrawal_is_seen_by_a_client_that_knows_times_only(
    client: Client, chief: User, address: str
) -> None:
    with time_machine.travel(NOON, tick=False):
        factories.published(by=chief, headline="Stays")
        wrong = factories.published(by=chief, headline="Wrong")
        first = client.get(address)
    with time_machine.travel(NOON + timedelta(seconds=1), tick=False):
        workflow.withdraw(wrong, by=chief, reason="It was wrong.")
        again = client.get(address, headers={"If-Modified-Since": first["Last-Modified"]})
    assert (again.status_code, b"Wrong" in again.content) == (200, False)


def test_feed_declares_everything_it_shows(client: Client) -> None:
    lead, inside = factories.image(), factories.image()
    article = factories.bring_in(
        at=NOON, lead_image=lead, body=f'<p>x</p><figure data-image="{inside.pk}"></figure>'
    )
    line, tagged = article.bylines.get(), article.tagged.get()
    assert client.get("/feed.json").declared_page.tags == {
        "site", "latest", article.subject, f"author:{line.author_id}", f"topic:{tagged.tag_id}",
        lead.subject, inside.subject,
    }  # fmt: skip
    assert article.section.subject in client.get("/harbor/feed.json").declared_page.tags


def test_new_credit_is_in_the_feed_on_the_next_request(client: Client) -> None:
    picture = factories.image()
    factories.bring_in(at=NOON, lead_image=picture)
    first = client.get("/feed.xml")
    library.revise(picture, credit="Somebody else", author="")
    again = client.get("/feed.xml", headers={"If-None-Match": first["ETag"]})
    assert "Somebody else" in again.content.decode()


@pytest.mark.parametrize("address", EVERY_FEED)
def test_readers_get_no_cookie_and_only_read(client: Client, address: str) -> None:
    factories.bring_in(at=NOON)
    assert not client.get(address).cookies
    assert client.post(address).status_code == 405


@pytest.mark.parametrize("base", BASES)
def test_queries_do_not_grow_with_stories_and_pictures(client: Client, base: str) -> None:
    def grow(number: int) -> None:
        for _ in range(number):
            body = f'<p>x</p><figure data-image="{factories.image().pk}"></figure>'
            factories.bring_in(
                at=NOON, body=body, lead_image=factories.image(),
                authors=[factories.author(), factories.author("Ana Zimmer")],
            )  # fmt: skip

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            read(client.get(f"{base}feed.xml"))
        return len(queries)

    grow(3)
    client.get("/harbor/feed.json")  # the sections are held from here on
    few = count()
    grow(17)
    many = count()
    assert few == many <= 5
