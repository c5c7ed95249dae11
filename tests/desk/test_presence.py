"""Who else has a story open, and what they saved meanwhile."""

from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Presence
from newsroom.accounts.models import User
from sections.models import Membership
from tests import factories
from tests.conftest import logged_in
from tests.desk.test_article_admin import again, change, press
from tests.desk.test_autosave import keep_url

pytestmark = pytest.mark.django_db


def ping(user: User, article: Article, base_version: int = 1) -> Any:
    return logged_in(user).post(keep_url(article), {"base_version": base_version})


def test_others_are_named_with_the_time_since_when(editor: User, chief: User) -> None:
    article = factories.draft(by=editor)
    assert ping(chief, article).json()["others"] == ""
    since = timezone.localtime(Presence.objects.get().since)
    ping(chief, article)
    assert ping(editor, article).json()["others"] == (
        f"{chief} (since {since:%H:%M}) has this story open, too."
    )


def test_who_is_silent_for_thirty_seconds_has_gone(editor: User, chief: User) -> None:
    article = factories.draft(by=editor)
    ping(chief, article)
    Presence.objects.update(seen_at=timezone.now() - timedelta(seconds=30))
    assert ping(editor, article).json()["others"] == ""
    assert Presence.objects.get().user == editor


def test_who_comes_back_has_come_anew(editor: User) -> None:
    article = factories.draft(by=editor)
    ping(editor, article)
    long_ago = timezone.now() - timedelta(minutes=5)
    Presence.objects.update(since=long_ago, seen_at=long_ago)
    ping(editor, article)
    assert Presence.objects.get().since > long_ago


def test_presence_is_by_story(editor: User, chief: User) -> None:
    here, elsewhere = factories.draft(by=editor), factories.draft(by=editor)
    ping(chief, elsewhere)
    assert ping(editor, here).json()["others"] == ""


def test_nobody_learns_names_at_a_story_that_one_may_not_change(
    reporter: User, powerless: User, chief: User
) -> None:
    article = factories.draft(by=chief)
    ping(chief, article)
    for user in (reporter, powerless):
        response = ping(user, article)
        assert response.status_code == 403
        assert str(chief) not in response.text
    assert Presence.objects.count() == 1


def test_nobody_learns_names_across_the_border_of_a_section(chief: User) -> None:
    article = factories.draft(by=chief, section=factories.section("Harbor"))
    ping(chief, article)
    outsider = factories.user()
    role = Group.objects.get(name="editor")
    Membership.objects.create(user=outsider, section=factories.section("Culture"), role=role)
    response = ping(User.objects.get(pk=outsider.pk), article)
    assert response.status_code in {403, 404}
    assert str(chief) not in response.text
    assert not Presence.objects.filter(user=outsider).exists()


def test_newer_version_is_told_with_who_and_when(editor: User, chief: User) -> None:
    article = factories.draft(by=editor)
    assert ping(editor, article).json()["newer"] == ""
    press(logged_in(chief), article, headline="Theirs")
    at = timezone.localtime(again(article).head.at)
    told = ping(editor, article).json()["newer"]
    assert told.startswith(f"{chief} saved a newer version at {at:%H:%M}. When you save")
    assert ping(chief, article).json()["newer"].startswith("You saved a newer version at")


def test_ping_takes_few_queries_however_many_are_there(editor: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    url, data = keep_url(article), {"base_version": 1}
    client.post(url, data)

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.post(url, data)
        return len(captured)

    alone = queries()
    for _ in range(5):
        ping(factories.user("editor"), article)
    assert queries() == alone <= 10


def test_ping_writes_nothing_about_the_story(editor: User) -> None:
    article = factories.draft(by=editor)
    ping(editor, article)
    row = again(article)
    assert (row.version, row.changed_at) == (article.version, article.changed_at)


@pytest.mark.browser
def test_form_says_who_else_is_here_and_what_is_newer(
    editor_page: Page, live_server: LiveServer, editor: User, chief: User
) -> None:
    article = factories.draft(by=editor)
    ping(chief, article)
    editor_page.goto(live_server.url + change(article))
    live = editor_page.locator(".story-live")
    expect(live).to_contain_text(f"{chief} (since")
    assert (live.get_attribute("role"), live.get_attribute("aria-live")) == ("status", "polite")
    press(logged_in(chief), article, headline="Theirs")
    editor_page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(live).to_contain_text(f"{chief} saved a newer version at")
