"""The whole way once, by clicking and typing: from an editor's keyboard to readers and feeds.

``pytest tests/pages/test_whole_way.py --printed-page FILE`` types another page of the same shape
(``printed_page.py`` says which). The one that stays is our own.
"""

import json
from html import unescape
from pathlib import Path

import feedparser
import pytest
from django.test import Client
from django.utils.html import strip_tags
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from articles.models import Article
from newsroom.accounts.models import User
from newsroom.publication.models import Publication
from tests import factories
from tests.images.pictures import jpeg
from tests.pages.printed_page import PrintedPage, is_subhead, read, words

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def printed(pytestconfig: pytest.Config) -> PrintedPage:
    return read(Path(pytestconfig.getoption("printed_page")))


@pytest.fixture
def desk(browser_page: Page, live_server: LiveServer) -> Page:
    """An editor in chief who has logged in by hand."""
    chief: User = factories.user("chief")
    page = browser_page
    page.set_default_timeout(15_000)
    page.goto(f"{live_server.url}/admin/")
    page.get_by_label("Login").fill(chief.username)
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Sign in").click()
    expect(page).to_have_url(f"{live_server.url}/admin/")
    return page


def test_page_typed_into_the_desk_is_what_readers_and_feeds_get(
    desk: Page, live_server: LiveServer, printed: PrintedPage, browser: Browser, tmp_path: Path
) -> None:
    set_up_the_outlet(desk, live_server.url, printed)
    write(desk, live_server.url, printed, tmp_path)
    article = Article.objects.get()
    read_without_scripts(browser, f"{live_server.url}{article.path}", printed)
    listed_everywhere(article, printed)
    described_for_machines(article, printed)


# --- The editor's part ---------------------------------------------------------------------------


def set_up_the_outlet(page: Page, site: str, printed: PrintedPage) -> None:
    page.goto(f"{site}/admin/publication/publication/")
    page.locator("#id_name").fill("The Courier")
    page.locator("#id_search_prompt").fill(printed.search_prompt)
    page.locator("#id_social_links-0-label").fill(printed.social)
    page.locator("#id_social_links-0-url").fill("https://social.example/@courier")
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{site}/admin/sections/section/add/")
    page.locator("#id_name").press_sequentially(printed.section)  # which writes the slug
    page.locator("#id_descriptor").fill(printed.descriptor)
    page.get_by_role("button", name="Save", exact=True).click()
    page.goto(f"{site}/admin/authors/author/add/")
    page.locator("#id_name").press_sequentially(printed.author)
    page.locator("#id_title").fill(printed.title)
    page.locator("#id_biography").fill(printed.biography)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("was added successfully")


def write(page: Page, site: str, printed: PrintedPage, folder: Path) -> None:
    page.goto(f"{site}/admin/articles/article/add/")
    page.locator("#id_section").select_option(label=printed.section)
    page.locator("#id_headline").fill(printed.headline)
    page.locator("#id_standfirst").fill(printed.standfirst)
    type_body(page, printed)
    choose_picture(page, printed, folder)
    page.locator("#id_bylines_0").fill(printed.author)
    page.get_by_role("combobox", name="Topics").focus()
    page.keyboard.type("Straits,Pilots,")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("Published: /")


def type_body(page: Page, printed: PrintedPage) -> None:
    page.locator("[contenteditable=true]").first.click()
    for number, block in enumerate(printed.blocks):
        if number:
            page.keyboard.press("Enter")
        if is_subhead(block):
            page.keyboard.type("## ")
        page.keyboard.insert_text(block)


def choose_picture(page: Page, printed: PrintedPage, folder: Path) -> None:
    file = folder / "lead.jpg"
    file.write_bytes(jpeg(1800, 1200))
    page.get_by_role("button", name="Choose image: Lead image").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Upload a picture").click()
    dialog.get_by_label("File").set_input_files(file)
    dialog.get_by_label("Alternative text").fill(printed.alt)
    dialog.get_by_label("Caption").fill(printed.caption)
    dialog.get_by_label("Credit").fill(printed.credit)
    dialog.get_by_label("Licence").select_option("handout")
    dialog.get_by_role("button", name="Upload and use").click()
    expect(dialog).to_be_hidden()


# --- The reader's part: every row of the table in the product's design ----------------------------


def read_without_scripts(browser: Browser, address: str, printed: PrintedPage) -> None:
    page = browser.new_page(java_script_enabled=False)
    page.goto(address)
    expect(page.locator("h1")).to_have_text(printed.headline)
    assert page.locator("article").count() == 1
    section = page.locator("article").get_by_role("link", name=printed.section, exact=True)
    assert str(section.get_attribute("href")).startswith("/")
    expect(page.locator("article header")).to_contain_text(printed.descriptor)
    search = page.get_by_role("search").first
    expect(search.get_by_role("searchbox")).to_have_attribute("placeholder", printed.search_prompt)
    expect(page.get_by_role("link", name=printed.social)).to_have_attribute(
        "href", "https://social.example/@courier"
    )
    picture_of(page, printed)
    body_of(page, printed)
    author_of(page, printed)
    assert page.context.cookies() == []
    page.close()


def picture_of(page: Page, printed: PrintedPage) -> None:
    """Alternative text, caption and credit: three separate things."""
    figure = page.locator("article figure").first
    expect(figure.locator("img")).to_have_attribute("alt", printed.alt)
    expect(figure.locator(".caption")).to_have_text(printed.caption)
    expect(figure.locator(".credit")).to_contain_text(printed.credit)
    assert figure.locator("img").evaluate("image => image.naturalWidth") > 0


def body_of(page: Page, printed: PrintedPage) -> None:
    prose = page.locator("article .prose")
    assert [words(text) for text in prose.locator("h2").all_inner_texts()] == [
        words(text) for text in printed.subheads
    ]
    assert [words(text) for text in prose.locator("p").all_inner_texts()] == [
        words(text) for text in printed.paragraphs
    ]


def author_of(page: Page, printed: PrintedPage) -> None:
    block = page.get_by_role("region", name="Written by")
    expect(block).to_contain_text(printed.title)
    assert words(printed.biography) in words(block.inner_text())
    block.get_by_role("heading", name=printed.author).get_by_role("link").click()
    expect(page.locator("h1")).to_have_text(printed.author)
    expect(page.get_by_role("link", name=printed.headline)).to_be_visible()


# --- The machines' part -----------------------------------------------------------------------------


def listed_everywhere(article: Article, printed: PrintedPage) -> None:
    client = Client()
    section = f"/{article.section.slug}/"
    for address in ("/", section, "/topics/straits/", "/search/?q=" + printed.author.split()[-1]):
        assert str(article.path) in client.get(address).text, address
    for feed in ("/feed.xml", "/feed.atom", f"{section}feed.xml", "/topics/pilots/feed.atom"):
        entry = feedparser.parse(client.get(feed).content).entries[0]
        assert (entry.title, entry.author) == (printed.headline, printed.author)
        told = words(unescape(strip_tags(entry.content[0].value)))
        assert [one for one in printed.blocks if words(one) not in told] == []
        assert words(printed.caption) in told
    item = json.loads(client.get("/feed.json").content)["items"][0]
    assert item["authors"][0]["name"] == printed.author


def described_for_machines(article: Article, printed: PrintedPage) -> None:
    text = Client().get(str(article.path)).text
    scripts = text.split('<script type="application/ld+json">')[1:]
    found = [json.loads(script.split("</script>")[0]) for script in scripts]
    told = next(one for one in found if one["@type"] == "NewsArticle")
    assert told["headline"] == printed.headline
    assert told["articleSection"] == printed.section
    assert told["author"][0]["name"] == printed.author
    assert told["author"][0]["jobTitle"] == printed.title
    assert told["image"][0]["creditText"] == printed.credit
    assert told["image"][0]["caption"] == printed.caption
    assert told["publisher"]["name"] == Publication.current().name == "The Courier"
