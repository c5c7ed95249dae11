"""axe finds nothing on any screen of the desk, light and dark."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as site
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles import sharing, workflow
from articles.models import Article, Tag
from newsroom.accounts.models import User
from tests import factories
from tests.conftest import logged_in
from tests.deliveries.test_admin import failed
from tests.desk.test_article_admin import LIST, change, press
from tests.desk.test_autosave import open_form
from tests.desk.test_doors import doors, paper  # noqa: F401 - a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Django's own, in no way ours: a page without a heading for a script, and its own documentation.
NO_SCREENS = {"jsi18n", "logout"}


@pytest.fixture
def chiefs_page(browser: Browser, live_server: LiveServer, chief: User) -> Iterator[Page]:
    """A chief at the desk, in a small window. The policy is put aside for the style sheet that stops
    transitions: between two schemes they would give colors that nobody sees."""
    context = browser.new_context(viewport={"width": 1024, "height": 768}, bypass_csp=True)
    context.add_cookies(
        [
            {
                "name": site.SESSION_COOKIE_NAME,
                "value": logged_in(chief).cookies[site.SESSION_COOKIE_NAME].value,
                "domain": urlsplit(live_server.url).hostname,
                "path": "/",
            }
        ]
    )
    yield context.new_page()
    context.close()


def found(page: Page) -> list[str]:
    """What axe has against the page as it stands, light and dark, with the elements."""
    complaints = []
    page.add_style_tag(content="*, ::before, ::after { transition: none !important; }")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        for rule in Axe().run(page).response["violations"]:
            where = "; ".join(str(node["target"][0]) for node in rule["nodes"][:4])
            complaints.append(f"{page.url} {scheme}: {rule['id']}: {where}")
    return complaints


def screens(client: Any) -> list[str]:
    """The addresses of the desk that answer with a page."""
    return [
        address
        for name, address in doors()
        if name not in NO_SCREENS and _is_page(client.get(address))
    ]


def _is_page(answer: Any) -> bool:
    return answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")


def test_axe_finds_nothing_on_any_screen(
    chiefs_page: Page, live_server: LiveServer, chief: User
) -> None:
    busy(chief)
    addresses = screens(logged_in(chief))
    assert len(addresses) > 30
    complaints = []
    for address in addresses:
        chiefs_page.goto(live_server.url + address)
        complaints += found(chiefs_page)
    if complaints:
        pytest.fail("\n".join(complaints))


def busy(chief: User) -> None:
    """Something in every list: a story in each state, a delivery that failed."""
    draft = factories.draft(by=chief)
    workflow.submit(draft, by=chief)
    workflow.send_back(draft, by=chief, note="Who says so?")
    workflow.submit(factories.draft(by=chief), by=chief)
    factories.scheduled(by=chief)
    factories.withdrawn(by=chief)
    factories.image(alt="", credit="", licence="")
    failed()


def test_axe_finds_nothing_on_a_form_that_came_back(
    chiefs_page: Page, live_server: LiveServer, chief: User, editor: User
) -> None:
    article: Article = factories.draft(by=chief)
    chiefs_page.goto(live_server.url + change(article))
    chiefs_page.wait_for_selector("textarea[data-mounted]", state="attached")
    press(logged_in(editor), article, headline="Theirs", standfirst="")
    chiefs_page.fill("#id_headline", "Mine")
    chiefs_page.keyboard.press("Control+s")
    expect(chiefs_page.locator("[data-refusal]")).to_be_visible()
    assert found(chiefs_page) == []


@pytest.mark.parametrize("action", ["bulk_assign", "bulk_schedule", "bulk_withdraw"])
def test_axe_finds_nothing_where_many_are_confirmed(
    chiefs_page: Page, live_server: LiveServer, chief: User, action: str
) -> None:
    factories.published(by=chief)
    chiefs_page.goto(live_server.url + LIST)
    chiefs_page.locator("input.action-select").first.check()
    chiefs_page.select_option("select[name=action]", action)
    chiefs_page.get_by_role("button", name="Go").click()
    chiefs_page.wait_for_load_state()
    assert found(chiefs_page) == []


def test_axe_finds_nothing_in_the_picture_dialog(
    chiefs_page: Page, live_server: LiveServer, chief: User
) -> None:
    factories.image()
    chiefs_page.goto(live_server.url + f"{LIST}add/")
    chiefs_page.get_by_role("button", name="Choose image: Lead image").click()
    expect(chiefs_page.get_by_role("dialog").get_by_role("listitem").first).to_be_visible()
    assert found(chiefs_page) == []


def test_axe_finds_nothing_at_the_login(chiefs_page: Page, live_server: LiveServer) -> None:
    chiefs_page.context.clear_cookies()
    chiefs_page.goto(f"{live_server.url}/admin/")
    assert found(chiefs_page) == []


def test_axe_finds_nothing_with_the_page_beside_the_form(
    chiefs_page: Page, live_server: LiveServer, chief: User
) -> None:
    open_form(chiefs_page, live_server, factories.draft(by=chief))
    chiefs_page.get_by_role("button", name="Live preview").click()
    for width in ("Phone", "Desktop"):
        chiefs_page.get_by_role("button", name=width).click()
        expect(chiefs_page.locator("iframe[data-shown]")).to_be_visible()
        assert found(chiefs_page) == []


def test_axe_finds_nothing_on_the_list_of_keys(
    chiefs_page: Page, live_server: LiveServer, chief: User
) -> None:
    open_form(chiefs_page, live_server, factories.draft(by=chief))
    chiefs_page.get_by_role("button", name="Keys").click()
    expect(chiefs_page.get_by_role("dialog", name="Keys on this page")).to_be_visible()
    assert found(chiefs_page) == []


def test_axe_finds_nothing_where_a_story_is_shared_and_a_merge_undone(
    chiefs_page: Page, live_server: LiveServer, chief: User
) -> None:
    article = factories.draft(by=chief, tags=["Boats", "Ships"], lead_image=factories.image())
    link = sharing.share(article, by=chief, days=1, note="the lawyer")
    boats, ships = (Tag.objects.get(name=name) for name in ("Boats", "Ships"))
    workflow.merge_tag(boats, into=ships, by=chief)
    topic = f"/admin/articles/tag/{boats.pk}"
    addresses = [f"/admin/articles/article/{article.pk}/share/", f"/shared/{link.token}/"]
    for address in (*addresses, "/shared/x/", f"{topic}/undo-merge/", f"{topic}/change/"):
        chiefs_page.goto(live_server.url + address)
        assert found(chiefs_page) == []
