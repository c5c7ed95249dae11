"""The page with a story's share links: made, copied and revoked at the desk."""

from typing import Any

import pytest
from django.conf import settings as site
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import sharing
from articles.models import Article, ShareLink
from newsroom.accounts.models import User
from tests import factories
from tests.conftest import logged_in
from tests.desk.test_article_admin import change

pytestmark = pytest.mark.django_db


def page_of(article: Article) -> str:
    return reverse("admin:articles_article_share", args=[article.pk])


def full(link: ShareLink) -> str:
    return site.SITE_URL + reverse("articles:shared", args=[link.token])


def post(user: User, article: Article, **fields: Any) -> Any:
    return logged_in(user).post(page_of(article), fields, follow=True)


def test_link_is_made_listed_and_read(editor: User) -> None:
    article = factories.draft(by=editor, headline="Quillfeather resigns")
    page = post(editor, article, days="30", note="the lawyer").text
    link = ShareLink.objects.get()
    assert (link.made_by, link.note, (link.expires_at - link.made_at).days) == (
        editor,
        "the lawyer",
        30,
    )
    assert f'value="{full(link)}"' in page
    assert "the lawyer" in page
    assert "Quillfeather resigns" in Client().get(f"/shared/{link.token}/").text


def test_link_is_revoked_at_once_and_leaves_the_list(editor: User, chief: User) -> None:
    article = factories.draft(by=editor)
    link = sharing.share(article, by=editor, days=1)
    page = post(chief, article, revoke=link.pk).text
    assert "The link is revoked" in page
    assert link.token not in page
    assert Client().get(f"/shared/{link.token}/").status_code == 404


def test_link_of_another_story_is_not_revoked_here(editor: User) -> None:
    mine, other = factories.draft(by=editor), factories.draft(by=editor)
    link = sharing.share(other, by=editor, days=1)
    for key in (str(link.pk), "x", "", "9" * 30, "-1"):
        assert "There is no such link" in post(editor, mine, revoke=key).text
    assert ShareLink.objects.get().revoked_at is None


@pytest.mark.parametrize("days", ["", "0", "2", "x", "9" * 30])
def test_other_days_come_back_with_a_sentence(editor: User, days: str) -> None:
    article = factories.draft(by=editor)
    answer = post(editor, article, days=days, note="n" * 101)
    assert answer.status_code == 200
    assert 'class="errorlist"' in answer.text
    assert not ShareLink.objects.exists()


def test_refusal_of_the_verb_is_said(editor: User) -> None:
    article = factories.published(by=editor)
    assert "send its public address" in post(editor, article, days="1").text


def test_reporter_is_not_offered_and_not_let_in(reporter: User) -> None:
    article = factories.draft(by=reporter)
    assert page_of(article) not in logged_in(reporter).get(change(article)).text
    for method in ("get", "post"):
        answer = getattr(logged_in(reporter), method)(page_of(article), {"days": "1"})
        assert answer.status_code == 403
    assert not ShareLink.objects.exists()


def test_editor_is_led_from_the_form_to_the_links(editor: User) -> None:
    article = factories.draft(by=editor)
    assert f'href="{page_of(article)}"' in logged_in(editor).get(change(article)).text
    answer = logged_in(editor).get(page_of(article))
    assert "No link works now" in answer.text
    assert "no-store" in answer.headers["Cache-Control"]


def test_link_whose_maker_has_left_shows_that_it_shows_nothing(editor: User, chief: User) -> None:
    article = factories.draft(by=editor)
    link = sharing.share(article, by=editor, days=1)
    editor.groups.clear()
    page = logged_in(chief).get(page_of(article)).text
    assert "who made it may not share this story any more" in page
    assert link.token not in page


def test_list_costs_the_same_with_many_links_of_one_maker(editor: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    costs = []
    for number in (1, 9):
        for _ in range(number):
            sharing.share(article, by=editor, days=1)
        with CaptureQueriesContext(connection) as asked:
            client.get(page_of(article))
        costs.append(len(asked))
    assert costs[0] == costs[1]


@pytest.mark.browser
def test_address_is_copied_by_a_button(
    editor_page: Page, live_server: LiveServer, editor: User
) -> None:
    article = factories.draft(by=editor)
    link = sharing.share(article, by=editor, days=1)
    editor_page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    editor_page.goto(live_server.url + page_of(article))
    editor_page.get_by_role("button", name="Copy").click()
    expect(editor_page.get_by_text("Copied.")).to_be_visible()
    assert editor_page.evaluate("navigator.clipboard.readText()") == full(link)
