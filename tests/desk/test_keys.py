"""The list of keys: what it says is there, and nothing else."""

import pytest
from playwright.sync_api import Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from newsroom.accounts.models import User
from tests import factories
from tests.conftest import logged_in
from tests.desk.test_autosave import open_form

pytestmark = pytest.mark.django_db


def sheet(page: Page) -> Locator:
    return page.get_by_role("dialog", name="Keys on this page")


def lines(page: Page) -> list[str]:
    return [text.strip() for text in sheet(page).locator("dd").all_inner_texts()]


def test_every_page_of_the_desk_brings_the_list(editor: User) -> None:
    article, client = factories.draft(by=editor), logged_in(editor)
    story = f"/admin/articles/article/{article.pk}"
    pages = ("/admin/", "/admin/articles/article/", f"{story}/change/", f"{story}/history/")
    for address in (*pages, f"{story}/share/", f"{story}/delete/", "/admin/images/image/"):
        page = client.get(address).text
        assert "data-keys" in page, address
        assert "desk/keys/keys" in page, address


@pytest.mark.browser
def test_question_mark_lists_the_keys_of_the_page(
    editor_page: Page, live_server: LiveServer, editor: User
) -> None:
    editor_page.goto(f"{live_server.url}/admin/")
    editor_page.keyboard.press("?")
    expect(sheet(editor_page)).to_be_visible()
    assert "Save" not in lines(editor_page)
    editor_page.keyboard.press("Escape")
    expect(sheet(editor_page)).to_have_count(0)
    open_form(editor_page, live_server, factories.draft(by=editor))
    editor_page.get_by_role("button", name="Keys").click()
    assert {"Save", "Bold", "Subhead", "Open or close the live preview"} <= set(lines(editor_page))


@pytest.mark.browser
def test_question_mark_in_a_text_is_a_question_mark(
    editor_page: Page, live_server: LiveServer, editor: User
) -> None:
    open_form(editor_page, live_server, factories.draft(by=editor, headline="Who pays"))
    for place in ("#id_headline", ".ProseMirror"):
        editor_page.locator(place).focus()
        editor_page.keyboard.press("End")
        editor_page.keyboard.press("?")
        expect(sheet(editor_page)).to_have_count(0)
    expect(editor_page.locator("#id_headline")).to_have_value("Who pays?")


@pytest.mark.browser
def test_single_key_can_be_switched_off(editor_page: Page, live_server: LiveServer) -> None:
    """Web Content Accessibility Guidelines 2.2, 2.1.4."""
    editor_page.goto(f"{live_server.url}/admin/")
    editor_page.keyboard.press("?")
    sheet(editor_page).get_by_role("checkbox").uncheck()
    sheet(editor_page).get_by_role("button", name="Close").click()
    editor_page.keyboard.press("?")
    expect(sheet(editor_page)).to_have_count(0)
    editor_page.get_by_role("button", name="Keys").click()
    expect(sheet(editor_page).get_by_role("checkbox")).not_to_be_checked()


@pytest.mark.browser
def test_keys_of_the_text_do_what_the_list_says(
    editor_page: Page, live_server: LiveServer, editor: User
) -> None:
    page = editor_page
    open_form(page, live_server, factories.draft(by=editor, body="<p>Ferry</p>"))
    for press, made in {
        "Control+Alt+2": "h2",
        "Control+Alt+3": "h3",
        "Control+Shift+8": "ul li",
        "Control+Shift+7": "ol li",
        "Control+Shift+B": "blockquote p",
        "Control+Shift+S": "s",
        "Control+B": "strong",
        "Control+I": "em",
    }.items():
        page.locator(".ProseMirror").focus()
        page.keyboard.press("Control+A")
        page.keyboard.press(press)
        expect(page.locator(f".ProseMirror {made}").first, press).to_contain_text("Ferry")
        page.keyboard.press("Control+Z")
    page.keyboard.press("Alt+F10")
    expect(page.locator("[role=toolbar] :focus")).to_have_count(1)
