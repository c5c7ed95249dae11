"""JSON-LD and the picture to share, as the functions make them."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.base import ContentFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.safestring import SafeString

from articles import snapshot, structured_data, workflow
from articles.models import Article, Kind, RevisionKind
from newsroom.accounts.models import User
from newsroom.publication import masthead
from newsroom.publication.models import HousePage, Publication, SocialLink
from tests import factories
from tests.images import pictures

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
SITE = "http://127.0.0.1:8000"


def fetched(article: Article) -> Article:
    return Article.objects.for_page().get(pk=article.pk)


def facts(article: Article, **publication: Any) -> dict[str, Any]:
    """What the page of the article says of it."""
    return json.loads(structured_data.article(fetched(article), Publication(**publication)))


def test_article_says_what_google_and_schema_org_ask_for() -> None:
    picture = factories.image(
        licence="cc-by-4.0", title="The quay", source_url="https://pictures.example/1"
    )
    article = factories.bring_in(
        at=NOON, dateline="Lisbon", lead_image=picture, lead_caption="As used here.",
        authors=[factories.author(title="Harbor editor"), factories.author("Ana Zimmer")],
        tags=["Ferries", "C#"],
    )  # fmt: skip
    url = f"{SITE}/2026/11/ferry-returns-to-the-harbor/"
    assert facts(article, name="The Courier", time_zone="Europe/Lisbon", language="pt-BR") == {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": "Ferry returns to the harbor",
        "description": "After a winter in dock the crossing opens again.",
        "url": url,
        "mainEntityOfPage": {"@type": "WebPage", "@id": url},
        "datePublished": "2026-11-22T12:00:00+00:00",
        "dateModified": "2026-11-22T12:00:00+00:00",
        "author": [
            {
                "@type": "Person",
                "name": "Ines Caldeira",
                "url": f"{SITE}/authors/ines-caldeira/",
                "jobTitle": "Harbor editor",
            },
            {"@type": "Person", "name": "Ana Zimmer", "url": f"{SITE}/authors/ana-zimmer/"},
        ],
        "publisher": {
            "@type": "NewsMediaOrganization",
            "@id": f"{SITE}/#publisher",
            "name": "The Courier",
            "url": f"{SITE}/",
        },
        "image": [
            {
                "@type": "ImageObject",
                "url": f"{SITE}{picture.url(1200)}",
                "contentUrl": f"{SITE}{picture.url(1200)}",
                "width": 1200,
                "height": 800,
                "caption": "As used here.",
                "creditText": "Rui Falcão / The Harbor Courier",
                "creator": {"@type": "Person", "name": "Rui Falcão"},
                "name": "The quay",
                "copyrightNotice": "© Rui Falcão / The Harbor Courier",
                "license": "https://creativecommons.org/licenses/by/4.0/",
                "acquireLicensePage": "https://pictures.example/1",
            },
            {
                "@type": "ImageObject",
                "url": f"{SITE}{picture.url(1200, cut='16x9')}",
                "width": 1200,
                "height": 675,
            },
            {
                "@type": "ImageObject",
                "url": f"{SITE}{picture.url(1200, cut='1x1')}",
                "width": 1200,
                "height": 1200,
            },
        ],
        "articleSection": "Harbor",
        "keywords": ["Ferries", "C#"],
        "dateline": "Lisbon",
        "wordCount": article.body.word_count,
        "inLanguage": "pt-BR",
        "isAccessibleForFree": True,
    }


def test_times_carry_the_offset_of_the_publications_zone() -> None:
    article = factories.bring_in(at=NOON)
    found = facts(article, time_zone="America/New_York")
    assert found["datePublished"] == "2026-11-22T07:00:00-05:00"


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.NEWS, "NewsArticle"),
        (Kind.FEATURE, "NewsArticle"),
        (Kind.INTERVIEW, "NewsArticle"),
        (Kind.ANALYSIS, "AnalysisNewsArticle"),
        (Kind.OPINION, "OpinionNewsArticle"),
        (Kind.EDITORIAL, "OpinionNewsArticle"),
        (Kind.EXPLAINER, "BackgroundNewsArticle"),
        (Kind.REVIEW, "ReviewNewsArticle"),
    ],
)
def test_kind_of_story_has_its_type(kind: Kind, name: str) -> None:
    assert facts(factories.bring_in(at=NOON, kind=kind.value))["@type"] == name


def test_every_kind_of_story_has_a_type() -> None:
    assert set(structured_data.TYPES) == set(Kind)


def test_correction_is_data_and_moves_the_date(chief: User) -> None:
    with time_machine.travel(NOON, tick=False):
        article = factories.published(by=chief)
    assert "correction" not in facts(article)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        workflow.correct(article, by=chief, text="Seven, not nine.")
    found = facts(article)
    assert found["dateModified"] == "2026-11-22T13:00:00+00:00"
    assert found["correction"] == [
        {
            "@type": "CorrectionComment",
            "name": "Correction",
            "text": "Seven, not nine.",
            "datePublished": "2026-11-22T13:00:00+00:00",
        }
    ]


def test_typo_moves_no_date(chief: User) -> None:
    with time_machine.travel(NOON, tick=False):
        article = factories.published(by=chief)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        content = {**snapshot.head(article), "headline": "Mended"}
        saved = workflow.save(
            article, content, by=chief, base_version=article.version, kind=RevisionKind.TYPO
        )
        workflow.publish(saved, by=chief)
    found = facts(article)
    assert (found["headline"], found["dateModified"]) == ("Mended", "2026-11-22T12:00:00+00:00")


def test_working_copy_is_absent(chief: User) -> None:
    article = factories.published(by=chief)
    content = {**snapshot.head(article), "headline": "Marker", "standfirst": "Marker"}
    workflow.save(article, content, by=chief, base_version=article.version)
    assert "Marker" not in structured_data.article(fetched(article), Publication())


def test_roles_are_told_apart() -> None:
    roles = ["editor", "writer", "translator", "photographer", "contributor"]
    lines = [
        {"author": snapshot.reference(factories.author(f"A {role}")), "role": role}
        for role in roles
    ]
    found = facts(factories.bring_in(at=NOON, bylines=lines))
    names = {
        key: [person["name"] for person in found[key]]
        for key in ("author", "editor", "translator", "contributor")
    }
    assert names == {
        "author": ["A writer"],
        "editor": ["A editor"],
        "translator": ["A translator"],
        "contributor": ["A photographer", "A contributor"],
    }


def test_story_without_writers_is_by_those_whom_it_names() -> None:
    line = {"author": snapshot.reference(factories.author("Ana Zimmer")), "role": "photographer"}
    found = facts(factories.bring_in(at=NOON, bylines=[line]))
    assert [person["name"] for person in found["author"]] == ["Ana Zimmer"]


def test_story_without_standfirst_is_described_by_its_beginning() -> None:
    article = factories.bring_in(at=NOON, standfirst="", body="<p>The first boat left.</p>")
    assert facts(article)["description"] == "The first boat left."


def test_no_text_can_leave_the_script() -> None:
    hostile = "</script><!-- & \u2028 <script>alert(1)</script>"
    picture = factories.image(caption=hostile, credit=hostile, author=hostile)
    article = factories.bring_in(
        at=NOON, headline=hostile, standfirst=hostile, lead_image=picture, tags=[hostile]
    )
    text = structured_data.article(fetched(article), Publication(name=hostile))
    assert isinstance(text, SafeString)
    assert not set(text) & set("<>&\u2028\u2029")
    assert json.loads(text)["headline"] == hostile


def test_article_asks_the_database_nothing() -> None:
    found = fetched(factories.bring_in(at=NOON, lead_image=factories.image()))
    publication = Publication.current()
    with CaptureQueriesContext(connection) as queries:
        structured_data.article(found, publication)
        structured_data.social_image(found)
    assert len(queries) == 0


# --- The picture to share ---------------------------------------------------------------------


def test_shared_picture_is_a_jpeg_of_1200_pixels_or_more() -> None:
    picture = factories.image()
    article = factories.bring_in(at=NOON, lead_image=picture, lead_alt="The quay at dawn")
    assert structured_data.social_image(article) == structured_data.SocialImage(
        url=f"{SITE}{picture.url(1200)}", width=1200, height=800, alt="The quay at dawn"
    )


def test_crops_that_are_too_small_are_not_named() -> None:
    lead = factories.image(renditions=factories.renditions(limit=960))
    assert len(facts(factories.bring_in(at=NOON, lead_image=lead))["image"]) == 1


def test_a_picture_made_with_ai_says_so_to_search_engines() -> None:
    lead = factories.image(digital_source="trainedAlgorithmicMedia")
    story = facts(factories.bring_in(at=NOON, lead_image=lead))
    assert story["image"][0]["digitalSourceType"] == (
        "https://schema.org/TrainedAlgorithmicMediaDigitalSource"
    )


def test_small_picture_is_shared_at_its_largest() -> None:
    small = factories.renditions(limit=640)
    shared = structured_data.social_image(
        factories.bring_in(at=NOON, lead_image=factories.image(renditions=small))
    )
    assert shared is not None
    assert (shared.width, shared.alt) == (640, "A crane over the quay")


def test_nothing_is_shared_without_a_jpeg() -> None:
    bare = factories.bring_in(at=NOON)
    webp = factories.renditions(formats=("webp",))
    story = factories.bring_in(at=NOON, lead_image=factories.image(renditions=webp))
    assert structured_data.social_image(bare) is None
    assert structured_data.social_image(story) is None
    assert "image" not in facts(story)


# --- Other pages ------------------------------------------------------------------------------


def test_breadcrumbs_are_numbered_from_the_front() -> None:
    found = json.loads(structured_data.breadcrumbs([("Front", "/"), ("Café", "/café/")]))
    assert found == {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": [
            {"@type": "ListItem", "position": 1, "name": "Front", "item": f"{SITE}/"},
            {"@type": "ListItem", "position": 2, "name": "Café", "item": f"{SITE}/caf%C3%A9/"},
        ],
    }


def test_organization_names_logo_links_and_policies() -> None:
    publication = Publication(name="The Courier", contact_email="desk@courier.example")
    publication.logo.save("logo.png", ContentFile(pictures.jpeg()), save=False)
    publication.save()
    SocialLink.objects.create(publication=publication, label="M", url="https://social.example/@c")
    HousePage.objects.create(title="Ethics", slug="ethics")
    publication.refresh_from_db()
    found = json.loads(structured_data.organization(publication, masthead.links(publication)))
    assert found == {
        "@context": "https://schema.org",
        "@type": "NewsMediaOrganization",
        "@id": f"{SITE}/#publisher",
        "name": "The Courier",
        "url": f"{SITE}/",
        "logo": {"@type": "ImageObject", "url": f"{SITE}{publication.logo.url}"},
        "email": "desk@courier.example",
        "sameAs": ["https://social.example/@c"],
        "ethicsPolicy": f"{SITE}/ethics/",
    }


def test_website_says_how_it_is_searched() -> None:
    found = json.loads(structured_data.website(Publication(name="The Courier")))
    assert (found["@type"], found["name"]) == ("WebSite", "The Courier")
    assert found["publisher"] == {"@id": f"{SITE}/#publisher"}
    assert found["potentialAction"]["target"]["urlTemplate"] == (
        f"{SITE}/search/?q={{search_term_string}}"
    )
