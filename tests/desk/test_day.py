"""A day at the desk, played in browsers: what a newsroom does with one story until it is gone."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article
from newsroom.accounts.models import User
from newsroom.audit.models import Entry
from tests import factories
from tests.conftest import logged_in
from tests.desk.conftest import DOT
from tests.desk.test_editor import paste

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DOCUMENT = (Path(__file__).parent / "fixtures" / "google-docs.html").read_text()
#: Counts what a hand does: a key that presses a button is a click without a place.
COUNT_CLICKS = """
addEventListener("click", (event) => {
  if (event.isTrusted && event.detail) sessionStorage.clicks = Number(sessionStorage.clicks || 0) + 1;
}, true);
"""

OpenDesk = Callable[[User], Page]


@pytest.fixture
def open_desk(browser: Browser, live_server: LiveServer) -> Iterator[OpenDesk]:
    """``open_desk(user)`` is the first page of the desk in a browser of the user's own."""
    opened: list[BrowserContext] = []

    def open_desk(user: User) -> Page:
        context = browser.new_context(viewport={"width": 1440, "height": 1000})
        opened.append(context)
        session = logged_in(user).cookies[site.SESSION_COOKIE_NAME].value
        host = urlsplit(live_server.url).hostname
        context.add_cookies(
            [{"name": site.SESSION_COOKIE_NAME, "value": session, "domain": host, "path": "/"}]
        )
        context.route("**/media/renditions/**", lambda route: route.fulfill(body=DOT))
        page = context.new_page()
        page.set_default_timeout(30_000)
        page.goto(f"{live_server.url}/admin/")
        return page

    yield open_desk
    for context in opened:
        context.close()


@pytest.fixture
def writer(reporter: User) -> User:
    """A reporter who has a byline and a section."""
    factories.author("Ines Caldeira", user=reporter)
    factories.draft(by=reporter, section=factories.section("Harbor"), headline="Yesterday")
    return reporter


def ready(page: Page) -> None:
    """The form of a story is there and its editor runs."""
    page.wait_for_selector("textarea[data-mounted]", state="attached")


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).last.click()


def told(page: Page, words: str) -> None:
    expect(page.locator(".messagelist")).to_contain_text(words)


def open_story(page: Page, headline: str) -> None:
    """From the first page of the desk."""
    page.goto(page.url.split("/admin/")[0] + "/admin/")
    page.get_by_role("link", name=headline, exact=True).first.click()
    ready(page)


def story() -> Article:
    return Article.objects.latest("pk")


# --- The day ----------------------------------------------------------------------------------


def test_a_story_goes_through_a_whole_day(
    open_desk: OpenDesk, writer: User, editor: User, chief: User
) -> None:
    factories.image(file_name="crane.jpg")
    factories.image(file_name="ferry.jpg")
    reporting, editing, leading = open_desk(writer), open_desk(editor), open_desk(chief)
    reporter_writes(reporting)
    editor_sends_back(editing)
    reporter_mends(reporting)
    editor_schedules_under_embargo(editing)
    chief_breaks_the_embargo(leading)
    two_collide(editing, leading)
    browser_is_killed_in_mid_sentence(open_desk, editor, chief)
    correction_goes_out(editing)
    chief_withdraws(leading)
    verbs = list(Entry.objects.filter(subject=story().subject).order_by("pk"))
    assert {"submit", "send back", "approve", "publish", "correct", "withdraw"} <= {
        entry.verb for entry in verbs
    }


def reporter_writes(page: Page) -> None:
    page.get_by_role("link", name="Write a story").click()
    ready(page)
    page.keyboard.type("Ferry retruns")
    page.fill("#id_standfirst", "After a winter in dock the crossing opens again.")
    paste(page, html=DOCUMENT, name="Story")
    pick(page, page.get_by_role("button", name="Image", exact=True), "crane.jpg")
    pick(page, page.get_by_role("button", name="Choose image: Lead image"), "ferry.jpg")
    page.get_by_role("combobox", name="Topics").fill("Docks")
    page.keyboard.press("Enter")
    press(page, "Submit for review")
    told(page, "Submitted")
    assert "<strong>unanimous</strong>" in story().head.snapshot["body"]
    assert story().bylines.get().author.name == "Ines Caldeira"


def pick(page: Page, opener: Locator, name: str) -> None:
    opener.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("listitem").get_by_role("button", name=name).click()
    expect(dialog).to_be_hidden()


def editor_sends_back(page: Page) -> None:
    open_story(page, "Ferry retruns")
    page.fill("#id_note", "A letter is wrong in the headline.")
    press(page, "Send back")
    told(page, "back")


def reporter_mends(page: Page) -> None:
    page.goto(page.url.split("/admin/")[0] + "/admin/")
    expect(page.locator("#content")).to_contain_text("A letter is wrong in the headline.")
    open_story(page, "Ferry retruns")
    page.fill("#id_headline", "Ferry returns")
    press(page, "Submit for review")
    told(page, "Submitted")


def editor_schedules_under_embargo(page: Page) -> None:
    tomorrow = timezone.localtime() + timedelta(days=1)
    open_story(page, "Ferry returns")
    page.fill("#id_embargo_until", f"{tomorrow:%Y-%m-%dT%H:%M}")
    press(page, "Approve")
    told(page, "Approved")
    press_publish_refused(page)
    page.get_by_text("Schedule …").click()
    page.fill("#id_publish_at", f"{tomorrow + timedelta(hours=1):%Y-%m-%dT%H:%M}")
    press(page, "Schedule")
    told(page, "Scheduled")
    assert seen_by_readers("") == 404


def press_publish_refused(page: Page) -> None:
    press(page, "Publish now")
    expect(page.locator("[data-refusal]")).to_contain_text("embargo")


def chief_breaks_the_embargo(page: Page) -> None:
    open_story(page, "Ferry returns")
    page.fill("#id_embargo_until", "")
    press(page, "Publish now")
    expect(page.locator("[data-refusal]")).to_contain_text("reason")
    page.fill("#id_embargo_reason", "The ministry has published the decision itself.")
    press(page, "Publish now")
    told(page, "Published: /")
    assert seen_by_readers("Ferry returns") == 200
    assert Entry.objects.filter(note__contains="The ministry has published").exists()


def two_collide(page: Page, other: Page) -> None:
    open_story(page, "Ferry returns")
    open_story(other, "Ferry returns")
    page.fill("#id_headline", "Ferry returns at seven")
    other.fill("#id_headline", "The ferry returns")
    press(page, "Save")
    told(page, "Saved")
    press(other, "Save")
    other.get_by_role("button", name="Take theirs: Headline").click()
    expect(other.locator("#id_headline")).to_have_value("Ferry returns at seven")
    press(page, "Publish changes")
    told(page, "Published")
    assert seen_by_readers("Ferry returns at seven") == 200


def browser_is_killed_in_mid_sentence(open_desk: OpenDesk, editor: User, chief: User) -> None:
    page = open_desk(editor)
    open_story(page, "Ferry returns at seven")
    page.locator(".ProseMirror").click()
    page.keyboard.type(" The second boat lea")
    expect(page.locator("[data-kept]")).to_contain_text("Kept for you at")
    page.context.close()
    page = open_desk(editor)
    open_story(page, "Ferry returns at seven")
    page.get_by_role("link", name="Restore it").click()
    ready(page)
    expect(page.locator(".ProseMirror")).to_contain_text("The second boat lea")
    press(page, "Publish changes")
    told(page, "Published")
    assert seen_by_readers("The second boat lea") == 200


def correction_goes_out(page: Page) -> None:
    open_story(page, "Ferry returns at seven")
    page.get_by_text("Correct …").click()
    page.fill("#id_correction_text", "The first boat leaves at half past six, not at seven.")
    press(page, "Publish the correction")
    told(page, "The correction is out")
    assert seen_by_readers("half past six, not at seven") == 200


def chief_withdraws(page: Page) -> None:
    open_story(page, "Ferry returns at seven")
    page.get_by_text("Withdraw …").click()
    page.fill("#id_reason", "The ferry has sunk.")
    press(page, "Withdraw")
    told(page, "Withdrawn: ")
    assert seen_by_readers("") == 410


def seen_by_readers(words: str) -> int:
    """The status of the story's page, which holds the words; 404 for one without an address."""
    path = story().path
    answer: Any = Client().get(path or "/2026/11/ferry-returns/")
    assert words in answer.content.decode()
    return int(answer.status_code)


# --- The budget -------------------------------------------------------------------------------


def test_from_dashboard_to_published_takes_six_clicks_and_two_loads_at_most(
    open_desk: OpenDesk, editor: User
) -> None:
    begin_with_a_byline(editor)
    page = open_desk(editor)
    loads: list[str] = []
    page.on("load", lambda loaded: loads.append(loaded.url))
    page.add_init_script(COUNT_CLICKS)
    page.evaluate(COUNT_CLICKS)
    page.get_by_role("link", name="Write a story").click()
    ready(page)
    write_by_keys(page)
    pick(page, page.get_by_role("button", name="Choose image: Lead image"), "crane.jpg")
    tab_to(page, page.get_by_role("combobox", name="Topics"))
    page.keyboard.type("Docks,")
    press(page, "Publish now")
    told(page, "Published: /")
    assert is_whole(story())
    assert int(page.evaluate("sessionStorage.clicks")) <= 6
    assert len(loads) <= 2


def test_from_dashboard_to_published_by_keyboard_alone(open_desk: OpenDesk, editor: User) -> None:
    begin_with_a_byline(editor)
    page = open_desk(editor)
    tab_to(page, page.get_by_role("link", name="Write a story"))
    page.keyboard.press("Enter")
    ready(page)
    write_by_keys(page)
    tab_to(page, page.get_by_role("button", name="Choose image: Lead image"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog").get_by_role("listitem").first).to_be_visible()
    tab_to(page, page.get_by_role("dialog").get_by_role("listitem").first.get_by_role("button"))
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    tab_to(page, page.get_by_role("combobox", name="Topics"))
    page.keyboard.type("Docks,")
    tab_to(page, page.get_by_role("button", name="Publish now"), key="Shift+Tab")
    page.keyboard.press("Enter")
    told(page, "Published: /")
    assert is_whole(story())


def begin_with_a_byline(editor: User) -> None:
    factories.image(file_name="crane.jpg")
    factories.author("Ines Caldeira", user=editor)
    factories.draft(by=editor, section=factories.section("Harbor"), headline="Yesterday")


def write_by_keys(page: Page) -> None:
    """The form opens with the caret in the headline."""
    expect(page.locator("#id_headline")).to_be_focused()
    page.keyboard.type("Ferry returns")
    page.keyboard.press("Tab")
    page.keyboard.type("After a winter in dock the crossing opens again.")
    tab_to(page, page.locator(".ProseMirror"))
    page.keyboard.type("The first boat left at seven.")


def tab_to(page: Page, goal: Locator, *, key: str = "Tab", most: int = 60) -> None:
    for _ in range(most):
        if goal.evaluate("(element) => element === document.activeElement"):
            return
        page.keyboard.press(key)
    pytest.fail(f"{goal} is not reached with {most} times {key}.")


def is_whole(article: Article) -> bool:
    """Public, with everything that readers expect."""
    (tag,) = article.tags.all()
    assert (article.headline, tag.name) == ("Ferry returns", "Docks")
    assert (article.section.name, article.bylines.get().author.name) == ("Harbor", "Ines Caldeira")
    assert article.lead_image is not None
    return article.is_public(now=timezone.now())
