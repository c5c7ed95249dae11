"""What the tests of the story editor share: a page with the editor in it, behind the real policy."""

from base64 import b64decode
from collections.abc import Callable, Iterator
from urllib.parse import urlencode, urlsplit

import pytest
from django.conf import settings as site
from playwright.sync_api import Browser, Page
from pytest_django.live_server_helper import LiveServer

from newsroom.accounts.models import User
from tests.conftest import logged_in

OpenStory = Callable[..., Page]
DOT = b64decode("R0lGODlhAQABAIAAAAAAAP///ywAAAAAAQABAAACAUwAOw==")


@pytest.fixture
def editor_page(browser_page: Page, live_server: LiveServer, editor: User) -> Page:
    """A browser with an editor's session. Rows of the library show a dot: they have no files."""
    session = logged_in(editor).cookies[site.SESSION_COOKIE_NAME].value
    host = urlsplit(live_server.url).hostname
    browser_page.context.add_cookies(
        [{"name": site.SESSION_COOKIE_NAME, "value": session, "domain": host, "path": "/"}]
    )
    browser_page.set_default_timeout(5_000)
    browser_page.route("**/media/renditions/*/*320.jpg", lambda route: route.fulfill(body=DOT))
    browser_page.route("**/favicon.ico", lambda route: route.fulfill(status=204))
    return browser_page


@pytest.fixture
def forgiving_page(browser: Browser, editor_page: Page) -> Iterator[Page]:
    """As `editor_page`, for tests in which something is refused: the console may complain."""
    page = browser.new_page(storage_state=editor_page.context.storage_state())
    page.set_default_timeout(5_000)
    yield page
    page.close()


@pytest.fixture
def open_story(editor_page: Page, live_server: LiveServer) -> OpenStory:
    """`open_story(body, **options)` gives the page with this body in its running editor."""

    def open_story(body: str = "", **options: str) -> Page:
        query = urlencode({"body": body, **options})
        editor_page.goto(f"{live_server.url}/admin/story/?{query}")
        editor_page.wait_for_selector("textarea[data-mounted]", state="attached")
        return editor_page

    return open_story
