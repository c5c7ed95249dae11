"""The page beside the form while it is typed: in the public template, behind the real policy."""

from typing import Any

import pytest
from django.conf import settings as site
from django.test import Client
from django.urls import reverse
from playwright.sync_api import FrameLocator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article, Revision
from newsroom.accounts.models import User
from newsroom.audit.models import Entry
from tests import factories
from tests.conftest import logged_in
from tests.desk.test_article_admin import ADD, change, typed
from tests.desk.test_autosave import open_form, write

pytestmark = pytest.mark.django_db

SHOWN = "iframe[data-shown]"
LONG = "<p>The first boat left at seven.</p>" * 80


def preview_of(article: Article) -> str:
    return reverse("admin:articles_article_preview", args=[article.pk])


def test_only_the_preview_lets_itself_be_framed_and_only_by_the_desk(editor: User) -> None:
    article, client = factories.published(by=editor), logged_in(editor)
    answers = [client.get(preview_of(article)), client.post(preview_of(article), typed(article))]
    for answer in answers:
        assert "frame-ancestors 'self'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    others = [client.get(change(article)), client.get(ADD), Client().get(article.path)]
    for answer in others:
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_who_may_only_read_has_no_live_preview(reporter: User, editor: User) -> None:
    article = factories.draft(by=editor)
    assert "data-live-preview" not in logged_in(reporter).get(change(article)).text
    assert (
        f'data-live-preview="{preview_of(article)}"' in logged_in(editor).get(change(article)).text
    )


# --- In a browser ----------------------------------------------------------------------------


def open_preview(page: Page, server: LiveServer, article: Article) -> FrameLocator:
    open_form(page, server, article)
    page.get_by_role("button", name="Live preview").click()
    expect(page.locator(SHOWN)).to_be_visible()
    return page.frame_locator(SHOWN)


def inside(page: Page, expression: str) -> Any:
    return page.evaluate(f"document.querySelector('{SHOWN}').contentWindow.{expression}")


@pytest.mark.browser
def test_typed_words_are_seen_beside_the_form_and_nothing_is_written(
    editor_page: Page, live_server: LiveServer, editor: User
) -> None:
    article = factories.draft(by=editor)
    entries = Entry.objects.count()
    seen = open_preview(editor_page, live_server, article)
    before = editor_page.evaluate("history.length")
    editor_page.fill("#id_headline", "Words of this minute")
    expect(seen.get_by_role("heading", level=1)).to_have_text("Words of this minute")
    write(editor_page, " And then the mooring line broke.")
    expect(seen.locator(".prose")).to_contain_text("mooring line broke.")
    assert editor_page.evaluate("history.length") == before
    article.refresh_from_db()
    assert (article.version, article.headline) == (1, "Ferry returns to the harbor")
    assert (Revision.objects.count(), Entry.objects.count()) == (1, entries)


@pytest.mark.browser
def test_frame_has_a_window_of_a_phone_and_of_a_desktop_and_keeps_its_place(
    editor_page: Page, live_server: LiveServer, editor: User
) -> None:
    article = factories.draft(by=editor, body=LONG)
    seen = open_preview(editor_page, live_server, article)
    assert inside(editor_page, "innerWidth") == 360
    editor_page.get_by_role("button", name="Desktop").click()
    expect(editor_page.get_by_role("button", name="Desktop")).to_have_attribute(
        "aria-pressed", "true"
    )
    assert inside(editor_page, "innerWidth") == 1280
    inside(editor_page, "scrollTo(0, 700)")
    editor_page.fill("#id_headline", "Words of this minute")
    expect(seen.get_by_role("heading", level=1)).to_have_text("Words of this minute")
    assert inside(editor_page, "scrollY") == 700


@pytest.mark.browser
def test_keys_open_switch_and_close_and_the_browser_remembers(
    editor_page: Page, live_server: LiveServer, editor: User
) -> None:
    article = factories.draft(by=editor)
    open_form(editor_page, live_server, article)
    expect(editor_page.locator("#live-preview")).to_be_hidden()
    editor_page.keyboard.press("F8")
    editor_page.keyboard.press("Shift+F8")
    expect(editor_page.locator(SHOWN)).to_be_visible()
    assert inside(editor_page, "innerWidth") == 1280
    open_form(editor_page, live_server, article)
    expect(editor_page.locator(SHOWN)).to_be_visible()
    assert inside(editor_page, "innerWidth") == 1280
    editor_page.locator(SHOWN).focus()
    editor_page.keyboard.press("F8")
    expect(editor_page.locator("#live-preview")).to_be_hidden()
    expect(editor_page.get_by_role("button", name="Live preview")).to_be_focused()


@pytest.mark.browser
def test_one_is_under_way_at_a_time_and_the_newest_words_win(
    editor_page: Page, live_server: LiveServer, editor: User
) -> None:
    article, held = factories.draft(by=editor), []

    def hold(route: Route) -> None:
        held.append(route)

    seen = open_preview(editor_page, live_server, article)
    editor_page.route("**/preview/", hold)
    with editor_page.expect_request("**/preview/"):
        editor_page.fill("#id_headline", "First")
    for words in ("Second", "Third"):
        # The text is kept long after the preview's pause.
        with editor_page.expect_response(lambda response: "/keep/" in response.url):
            editor_page.fill("#id_headline", words)
    assert len(held) == 1
    editor_page.unroute("**/preview/")
    with editor_page.expect_request("**/preview/") as asked:
        held[0].continue_()
    assert "headline=Third" in (asked.value.post_data or "")
    expect(seen.get_by_role("heading", level=1)).to_have_text("Third")


@pytest.mark.browser
def test_links_in_it_open_in_a_tab_and_no_script_runs(
    editor_page: Page, live_server: LiveServer, editor: User
) -> None:
    article = factories.draft(by=editor)
    seen = open_preview(editor_page, live_server, article)
    with editor_page.context.expect_page() as opened:
        seen.get_by_role("link", name="Corrections").click()
    assert opened.value.url.endswith("/corrections/")
    expect(seen.get_by_role("heading", level=1)).to_have_text("Ferry returns to the harbor")
    sandbox = editor_page.locator(SHOWN).get_attribute("sandbox") or ""
    assert "allow-scripts" not in sandbox
    assert "allow-top-navigation" not in sandbox
    assert "allow-forms" not in sandbox


@pytest.mark.browser
def test_new_story_is_previewed_before_it_is_saved(
    editor_page: Page, live_server: LiveServer, editor: User
) -> None:
    factories.section()
    editor_page.goto(live_server.url + ADD)
    editor_page.wait_for_selector("textarea[data-mounted]", state="attached")
    editor_page.get_by_role("button", name="Live preview").click()
    editor_page.fill("#id_headline", "Never saved")
    heading = editor_page.frame_locator(SHOWN).get_by_role("heading", level=1)
    expect(heading).to_have_text("Never saved")
    assert not Article.objects.exists()


@pytest.mark.browser
def test_refused_preview_is_said_and_the_last_one_stays(
    forgiving_page: Page, live_server: LiveServer, editor: User
) -> None:
    article, page = factories.draft(by=editor), forgiving_page
    seen = open_preview(page, live_server, article)
    cookies = page.context.cookies()
    page.context.clear_cookies(name=site.SESSION_COOKIE_NAME)
    page.fill("#id_headline", "Typed while logged out")
    expect(page.locator("[data-preview-trouble]")).to_contain_text("Your text stays on the form.")
    expect(seen.get_by_role("heading", level=1)).to_have_text("Ferry returns to the harbor")
    page.context.add_cookies(cookies)
    page.fill("#id_headline", "Typed after the login")
    expect(seen.get_by_role("heading", level=1)).to_have_text("Typed after the login")
    expect(page.locator("[data-preview-trouble]")).to_be_hidden()


@pytest.mark.browser
def test_looking_is_not_leaving(editor_page: Page, live_server: LiveServer, editor: User) -> None:
    """The guard still asks, and the text is still kept, while the page is shown beside it."""
    article, asked = factories.draft(by=editor), []
    editor_page.on("dialog", lambda dialog: (asked.append(dialog.type), dialog.accept()))
    seen = open_preview(editor_page, live_server, article)
    with editor_page.expect_response(lambda response: "/keep/" in response.url):
        editor_page.fill("#id_headline", "Not saved")
    expect(seen.get_by_role("heading", level=1)).to_have_text("Not saved")
    assert asked == []
    expect(editor_page.locator("[data-kept]")).to_contain_text("Kept for you at")
    open_form(editor_page, live_server, article)
    assert asked == ["beforeunload"]
