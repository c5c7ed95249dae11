"""Lists of the desk cost the same however large the archive is, and searches still find."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from articles import workflow
from articles.models import Article, State, Tag
from authors.models import Author
from newsroom import paging
from newsroom.accounts.models import User
from newsroom.audit.models import Entry
from newsroom.deliveries.models import Delivery
from newsroom.images.models import Image
from newsroom.paging import BoundedPaginator
from newsroom.redirects.models import Redirect
from tests import factories
from tests.conftest import logged_in
from tests.desk.test_article_admin import LIST, rows

pytestmark = pytest.mark.django_db

#: Tables that grow with every day of an outlet.
GROWING = (Article, Tag, Author, Image, Entry, Delivery, Redirect)
#: Each list and search with the most queries that it may take.
BUDGETS = {
    "/admin/": 24,
    LIST: 14,
    f"{LIST}?p=2": 14,
    f"{LIST}?q=ferry": 15,
    f"{LIST}?q=ferry&stands=out&when=2026": 15,
    f"{LIST}choose/?q=ferry": 8,
    # Of these a query for each kind of place in which pictures are used.
    "/admin/images/image/": 13,
    "/admin/images/image/incomplete/": 16,
    "/admin/authors/author/": 9,
    "/admin/articles/tag/": 9,
    "/admin/audit/entry/": 10,
    "/admin/deliveries/delivery/": 13,
}


def archive(number: int) -> None:
    """Stories out of last year and before, with a byline, a topic and a picture each."""
    lead, section, author = factories.image(), factories.section(), factories.author()
    content = factories.content(section=section, authors=[author], lead_image=lead)
    begun = Article.objects.count()
    workflow.bring_in(
        [
            workflow.Incoming(
                content={**content, "slug": f"ferry-{one}"},
                state=State.PUBLISHED,
                published_at=datetime(2026, 11, 1, tzinfo=UTC) - timedelta(hours=one),
            )
            for one in range(begun, begun + number)
        ]
    )


def queries(client: Client, address: str) -> int:
    client.get(address)
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200, address
    return len(captured)


def test_each_list_asks_the_same_of_the_database_at_100_and_at_3000_stories(chief: User) -> None:
    client = logged_in(chief)
    archive(100)
    few = {address: queries(client, address) for address in BUDGETS}
    archive(2_900)
    many = {address: queries(client, address) for address in BUDGETS}
    assert few == many
    assert {address: cost for address, cost in many.items() if cost > BUDGETS[address]} == {}


@pytest.mark.parametrize("model", GROWING)
def test_no_list_of_what_grows_counts_to_its_end(model: Any) -> None:
    door = admin.site._registry[model]
    assert issubclass(door.paginator, BoundedPaginator)
    assert not door.show_full_result_count


def test_a_list_counts_to_its_bound_and_says_so(
    editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paging, "COUNTED", 60)
    archive(70)
    with CaptureQueriesContext(connection) as captured:
        page = logged_in(editor).get(f"{LIST}?p=2")
    assert "The first 60 articles; a search or a filter finds the others." in page.text
    assert len(page.context["cl"].result_list) == 10
    assert "across all pages" not in page.text
    counts = [query["sql"] for query in captured if query["sql"].startswith("SELECT COUNT(")]
    assert len(counts) == 1
    assert [sql for sql in counts if "LIMIT 61" not in sql] == []


def test_a_page_beyond_the_bound_is_no_error(editor: User) -> None:
    archive(60)
    assert logged_in(editor).get(f"{LIST}?p=900", follow=True).status_code == 200


# --- Searching --------------------------------------------------------------------------------


def test_search_finds_what_is_out_by_every_word_of_its_page(editor: User) -> None:
    factories.published(
        by=editor, headline="Cranes", slug="lifting", body="<p>A heron watched.</p>",
        authors=[factories.author("Ana Reis")], tags=["Steel"],
    )  # fmt: skip
    factories.scheduled(by=editor, headline="Herons to come")
    factories.published(by=editor, headline="Other")
    client = logged_in(editor)
    for question in ("Crane", "steel", "ana reis", '"heron watched"', "watch", "heron cran"):
        assert rows(client, q=question) == {"Cranes"}, question
    assert rows(client, q="heron") == {"Cranes", "Herons to come"}
    assert rows(client, q="heron", stands="out") == {"Cranes"}
    assert rows(client, q="heron -watched") == {"Herons to come"}


def test_search_finds_drafts_and_withdrawn_stories_by_any_part_of_a_word(editor: User) -> None:
    factories.draft(by=editor, headline="Ferryman", tags=["Río"])
    factories.withdrawn(by=editor, headline="Ferryboat")
    client = logged_in(editor)
    assert rows(client, q="erry") == {"Ferryman", "Ferryboat"}
    assert rows(client, q="erry río") == {"Ferryman"}


def test_search_finds_a_story_by_its_address(editor: User) -> None:
    article = factories.published(by=editor, headline="Cranes")
    factories.published(by=editor, headline="Other")
    client = logged_in(editor)
    for address in (article.path, f"https://courier.example{article.path}?utm_source=mail#top"):
        assert rows(client, q=address) == {"Cranes"}
    assert rows(client, q="https://courier.example/") == set()


@pytest.mark.parametrize("typed", ["%", "'", '"', "*", "-", "()", "\\", "é" * 5000])
def test_no_search_is_an_error(editor: User, typed: str) -> None:
    factories.published(by=editor)
    assert logged_in(editor).get(LIST, {"q": typed}).status_code in {200, 302}


def test_search_stays_behind_the_borders_of_the_section(chief: User) -> None:
    factories.published(by=chief, section=factories.section("City"), headline="Heron in town")
    harbor = factories.section("Harbor")
    assert rows(logged_in(factories.member("editor", harbor)), q="heron") == set()


# --- The calendar -----------------------------------------------------------------------------


def choices(client: Client, **query: Any) -> list[str]:
    specs = client.get(LIST, query).context["cl"].filter_specs
    (when,) = [spec for spec in specs if getattr(spec, "parameter_name", "") == "when"]
    return [words.strip() for _, words in when.lookup_choices]


def test_years_of_the_archive_open_into_months_and_days(editor: User) -> None:
    factories.bring_in(at=datetime(2024, 2, 29, 12, tzinfo=UTC), headline="Leap")
    factories.bring_in(at=datetime(2024, 3, 1, 12, tzinfo=UTC), headline="March")
    factories.bring_in(at=datetime(2026, 1, 5, 12, tzinfo=UTC), headline="New")
    client = logged_in(editor)
    assert choices(client)[5:] == ["2026", "2025", "2024"]
    assert choices(client, when="2024")[7:10] == ["2024", "January", "February"]
    assert "Thu 29" in choices(client, when="2024-02")
    assert rows(client, when="2024") == {"Leap", "March"}
    assert rows(client, when="2024-02") == rows(client, when="2024-02-29") == {"Leap"}
    assert rows(client, when="2024-02-28") == set()


@pytest.mark.parametrize("when", ["2023", "2024-13", "2024-02-30", "0000", "20244", "x"])
def test_a_day_that_is_not_in_the_calendar_is_no_question(editor: User, when: str) -> None:
    factories.bring_in(at=datetime(2024, 3, 1, 12, tzinfo=UTC), headline="March")
    assert rows(logged_in(editor), when=when) == {"March"}
