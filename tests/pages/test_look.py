"""The public theme: whole pages, nothing foreign on them, readable in light and dark."""

import gzip
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as site
from django.core.files.storage import default_storage
from django.template.loader import get_template
from django.templatetags.static import static
from django.test import Client
from playwright.sync_api import Page, Route
from pytest_django.live_server_helper import LiveServer

from articles import workflow
from articles.models import Article, CorrectionKind
from authors.models import AuthorLink
from newsroom.management.commands import collectstatic
from newsroom.publication.models import HousePage, Publication, SocialLink
from tests import factories
from tests.pages.markup import Markup

NOON = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
SHEETS = Path(site.BASE_DIR) / "static" / "site" / "css"
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"

#: Each kind of page, and how it answers.
PAGES = {
    "/": 200,
    "/harbor/": 200,
    "/harbor/quays/": 200,
    "/harbor/?before=20261101T123000-1": 200,
    "/2026/11/ferry/": 200,
    "/2026/11/long/": 200,
    "/2026/11/opinion/": 200,
    "/authors/ines-caldeira/": 200,
    "/topics/ferries/": 200,
    "/2026/": 200,
    "/2026/11/": 200,
    "/2026/11/01/": 200,
    "/corrections/": 200,
    "/search/": 200,
    "/search/?q=ferry": 200,
    "/search/?q=ferry&section=harbor&author=ines-caldeira&since=2026-01-01&until=2026-12-31": 200,
    "/search/?q=qqqqqq": 200,
    "/about/": 200,
    "/nothing/": 404,
    "/2026/10/withdrawn/": 410,
    "/accounts/login/": 200,
    "/accounts/password/reset/": 200,
    "/accounts/signup/": 200,
}
PUBLIC = [address for address in PAGES if not address.startswith("/accounts/")]


def put_out(**fields: Any) -> Article:
    fields.setdefault("at", NOON)
    return factories.bring_in(**fields)


@pytest.fixture
def paper(db: None) -> Article:
    """A publication with one of everything; gives the story that has it all."""
    publication = Publication(
        name="The Harbor Courier",
        tagline="Tides and what they bring",
        search_prompt="Hi, what are you looking for?",
        contact_email="desk@example.com",
    )
    publication.save()
    SocialLink.objects.create(
        publication=publication, label="Mastodon", url="https://social.example/"
    )
    HousePage.objects.create(title="About", slug="about", body="<h2>Who we are</h2><p>We are.</p>")
    harbor = factories.section("Harbor", descriptor="Ships and quays", description="By the sea.")
    factories.section("Quays", parent=harbor)
    ines = factories.author(
        title="Harbor Editor",
        biography="Writes about boats.\n\nAnd tides.",
        portrait=factories.image(),
    )
    AuthorLink.objects.create(author=ines, label="Social", url="https://social.example/@ines")
    story = put_out(path="/2026/11/ferry/", section=harbor, lead_image=factories.image())
    for kind in (CorrectionKind.CORRECTION, CorrectionKind.CLARIFICATION):
        told = f"The {kind.value} text."
        workflow.correct(story, by=factories.user("chief"), kind=kind, text=told)
    put_out(
        path="/2026/11/opinion/", section=harbor, kind="opinion", headline="Dredge it",
        at=NOON + timedelta(hours=1),
    )  # fmt: skip
    long_headline = f"{LONG_WORD} " * 2 + "and so on for two hundred letters"
    put_out(
        path="/2026/11/long/", section=harbor, headline=long_headline, tags=[LONG_WORD],
        standfirst="x" * 90, dateline=LONG_WORD, body=f"<h2>{LONG_WORD}</h2><p>{'w' * 300}</p>",
        lead_image=factories.image(width=900, height=1600), authors=[factories.author(LONG_WORD, slug="long-name")],
    )  # fmt: skip
    gone = put_out(path="/2026/10/withdrawn/", section=harbor, headline="Withdrawn")
    workflow.withdraw(gone, by=factories.user("chief"), reason="Wrong.")
    return story


@pytest.fixture
def html(paper: Article) -> str:
    """The page of the story that has it all."""
    return Client().get(str(paper.path)).content.decode()


def read(address: str) -> Markup:
    return Markup(Client().get(address).content.decode())


# --- Whole pages ---------------------------------------------------------------------------------


@pytest.fixture
def pages(paper: Article) -> dict[str, Markup]:
    """Every kind of page, read."""
    return {address: read(address) for address in PAGES}


def test_every_kind_of_page_answers_as_it_should(paper: Article) -> None:
    assert {address: Client().get(address).status_code for address in PAGES} == PAGES


def test_every_page_is_whole_html(pages: dict[str, Markup]) -> None:
    for address, page in pages.items():
        assert page.html.startswith("<!doctype html>"), address
        assert page.html.rstrip().endswith("</html>"), address
        assert (page.open, page.unbalanced) == ([], []), address
        assert page.all("html")[0]["lang"] == "en", address


def test_every_page_has_one_h1_one_main_and_leaves_out_no_level(pages: dict[str, Markup]) -> None:
    for address, page in pages.items():
        levels = page.levels()
        assert (levels.count(1), len(page.all("main"))) == (1, 1), address
        assert all(below <= above + 1 for above, below in pairwise(levels)), address


def test_ids_are_unique_and_every_label_has_its_element(pages: dict[str, Markup]) -> None:
    for address, page in pages.items():
        ids = [one["id"] for _, one in page.tags if "id" in one]
        wanted = {one["for"] for one in page.all("label")}
        wanted |= {name for _, one in page.tags for name in one.get("aria-labelledby", "").split()}
        assert len(ids) == len(set(ids)), address
        assert wanted <= set(ids), address


def test_no_page_holds_inline_style_or_a_script_that_runs(pages: dict[str, Markup]) -> None:
    for address, page in pages.items():
        attributes = {name for _, one in page.tags for name in one}
        assert page.all("style") == [], address
        assert {name for name in attributes if name == "style" or name.startswith("on")} == set()
        assert {one.get("type") for one in page.all("script")} <= {"application/ld+json"}, address


def test_no_page_fetches_anything_from_a_third_party(pages: dict[str, Markup]) -> None:
    for address, page in pages.items():
        fetched = page.fetched()
        assert static("site/css/site.css") in fetched, address
        assert {url for url in fetched if not url.startswith(("/static/", "/media/"))} == set()


def test_every_internal_link_leads_somewhere(pages: dict[str, Markup]) -> None:
    links = {link for address in PUBLIC for link in pages[address].internal_links(address)}
    answers = {link: Client().get(link).status_code for link in links}
    assert len(links) > 20
    assert {link: status for link, status in answers.items() if status != 200} == {}


def test_every_feed_that_a_page_names_answers(pages: dict[str, Markup]) -> None:
    named = {
        (one["href"], one["type"])
        for address in PUBLIC
        for one in pages[address].all("link")
        if one["rel"] == "alternate"
    }
    assert ("/harbor/feed.atom", "application/atom+xml") in named
    for href, kind in named:
        assert Client().get(href).headers["Content-Type"].startswith(kind), href


def test_every_public_page_names_the_three_feeds_of_the_site(pages: dict[str, Markup]) -> None:
    for address in PUBLIC:
        named = {one["href"] for one in pages[address].all("link") if one["rel"] == "alternate"}
        assert {"/feed.xml", "/feed.atom", "/feed.json"} <= named, address


def test_a_list_names_its_own_three_feeds(pages: dict[str, Markup]) -> None:
    for at in ("/harbor/", "/authors/ines-caldeira/", "/topics/ferries/"):
        named = {one["href"] for one in pages[at].all("link") if one["rel"] == "alternate"}
        assert {f"{at}feed.xml", f"{at}feed.atom", f"{at}feed.json"} <= named


def canonical(address: str) -> list[str]:
    return [one["href"] for one in read(address).all("link") if one["rel"] == "canonical"]


def test_canonical_keeps_the_cursor_of_a_list_and_nothing_else(paper: Article) -> None:
    cursor = "before=20261101T123000-1"
    wanted = [f"{site.SITE_URL}/harbor/?{cursor}"]
    assert canonical(f"/harbor/?{cursor}&utm_source=mail") == wanted
    assert canonical(f"{paper.path}?utm_source=mail") == [f"{site.SITE_URL}{paper.path}"]


def test_page_that_is_no_content_asks_not_to_be_indexed(pages: dict[str, Markup]) -> None:
    for address in ("/search/", "/nothing/", "/2026/10/withdrawn/", "/accounts/login/"):
        robots = [one for one in pages[address].all("meta") if one.get("name") == "robots"]
        assert [one["content"] for one in robots] == ["noindex"], address


def test_page_of_a_failure_needs_neither_context_nor_database() -> None:
    """No ``db`` mark: a query would fail the test."""
    page = Markup(get_template("500.html").render())
    assert page.levels() == [1]
    assert static("site/css/site.css") in page.fetched()


def test_front_without_stories_says_what_will_come(db: None) -> None:
    page = read("/")
    assert "The first stories are being written" in page.html
    assert page.levels()[0] == 1
    assert "Latest" not in page.html


def test_empty_section_says_so_and_leads_on(paper: Article) -> None:
    page = read("/harbor/quays/")
    assert "Nothing has been published in Quays yet." in page.html


# --- The story page ------------------------------------------------------------------------------


#: Every row of the table in ``product.md``, and what a reader expects beside it.
EXPECTED = [
    "Connect with us",
    'placeholder="Hi, what are you looking for?"',
    '<a href="/harbor/">Harbor</a><span class="descriptor">: Ships and quays</span>',
    "<h1>Ferry returns to the harbor</h1>",
    '<p class="standfirst">After a winter in dock the crossing opens again.</p>',
    'alt="A crane over the quay"',
    '<span class="caption">The crane at dawn.</span>',
    '<small class="credit">Rui Falcão / The Harbor Courier</small>',
    '<h2 id="what-comes-next">What comes next</h2>',
    "Written by",
    '<a href="/authors/ines-caldeira/" rel="author">Ines Caldeira</a>',
    "Harbor Editor",
    "<p>Writes about boats.</p>\n\n<p>And tides.</p>",
    '<a href="https://social.example/@ines" rel="me">Social</a>',
    '<a href="/topics/ferries/" rel="tag">Ferries</a>',
    'Published <time datetime="2026-11-01T12:00:00+0000">Nov. 1, 2026, noon UTC</time>',
    'Updated <time datetime="',
    "Related stories",
    '"@type":"BreadcrumbList"',
]


def test_story_page_shows_all_that_a_reader_expects(html: str) -> None:
    assert [part for part in EXPECTED if part not in html] == []


def test_story_page_has_exactly_one_article_element(html: str) -> None:
    assert len(Markup(html).all("article")) == 1


def test_grave_correction_stands_before_the_story_and_a_clarification_after_it(html: str) -> None:
    shown = html.split("<main")[1]
    places = [shown.index(f"The {word} text.") for word in ("correction", "clarification")]
    assert places[0] < shown.index("The first boat left at seven.") < places[1]


def test_opinion_is_labeled_in_words_on_its_page_and_on_the_front(paper: Article) -> None:
    label = '<span class="label">Opinion</span>'
    assert label in read("/2026/11/opinion/").html
    assert label in read("/").html
    assert '<span class="label">' not in read(str(paper.path)).html.split("</h1>")[0]


def test_story_names_a_picture_to_share_of_1200_pixels(html: str) -> None:
    facts = {one.get("property"): one.get("content") for one in Markup(html).all("meta")}
    assert int(facts["og:image:width"] or 0) >= 1200
    assert str(facts["og:image"]).startswith(site.SITE_URL + default_storage.url(""))
    assert facts["og:url"] == f"{site.SITE_URL}/2026/11/ferry/"


def test_share_links_are_plain_and_carry_the_address(html: str) -> None:
    links = [one["href"] for one in Markup(html).all("a") if "2026%2F11%2Fferry" in one["href"]]
    assert [urlsplit(link).scheme for link in links] == ["mailto", "https", "https"]


def test_embed_is_a_plain_link_until_a_reader_follows_it(db: None) -> None:
    put_out(
        path="/2026/11/film/",
        body='<p>See.</p><figure data-embed="https://youtu.be/abcdefghijk"></figure>',
    )
    page = read("/2026/11/film/")
    assert '<a href="https://www.youtube.com/watch?v=abcdefghijk" rel="noopener">' in page.html
    assert page.all("iframe") == []


def test_caption_of_this_use_stands_once_in_the_figure(db: None) -> None:
    picture = factories.image()
    words = "<figcaption>As the <em>crane</em> fell.</figcaption>"
    put_out(path="/2026/11/crane/", body=f'<figure data-image="{picture.pk}">{words}</figure>')
    page = read("/2026/11/crane/")
    assert '<div class="caption">As the <em>crane</em> fell.</div>' in page.html
    assert len(page.all("figcaption")) == 1
    assert "The crane at dawn." not in page.html


# --- The sheet -----------------------------------------------------------------------------------

#: What ``reader.md`` promises: ink and soft words read at 7:1, all that is coloured at 4.5:1.
CONTRASTS = {
    "ink": 13.9, "soft": 7.0, "link": 7.0, "visited": 7.0, "brand": 4.5, "mark": 4.5, "done": 4.5,
    "field": 3.0,
}  # fmt: skip


def palettes() -> Iterator[tuple[str, dict[str, str]]]:
    """The colors of light and dark as ``tokens.css`` has them."""
    text = (SHEETS / "tokens.css").read_text()
    light, dark = text.split("prefers-color-scheme: dark")
    for mode, part in (("light", light), ("dark", dark)):
        yield mode, dict(re.findall(r"--([a-z]+): (#[0-9a-f]{6});", part))


def luminance(color: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted([luminance(one), luminance(other)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize(("mode", "colors"), list(palettes()))
@pytest.mark.parametrize("ground", ["paper", "wash"])
@pytest.mark.parametrize("token", CONTRASTS)
def test_colors_are_read_by_weak_eyes(
    token: str, ground: str, mode: str, colors: dict[str, str]
) -> None:
    assert round(contrast(colors[token], colors[ground]), 1) >= CONTRASTS[token]


def joined() -> str:
    return collectstatic.join(path.read_text() for path in collectstatic.parts())


def test_sheet_is_one_file_of_14_kilobytes_at_most() -> None:
    assert joined().startswith("@layer reset, tokens, base, layout, components, utilities;")
    assert len(gzip.compress(joined().encode())) <= 14 * 1024


def test_collected_sheet_is_the_joined_parts_under_a_hashed_name() -> None:
    """``make test`` collects first."""
    collected = Path(site.STATIC_ROOT)
    assert (collected / "site/css/site.css").read_text() == joined()
    assert re.fullmatch(r"/static/site/css/site\.[0-9a-f]{12}\.css", static("site/css/site.css"))
    assert not (collected / "site/css/tokens.css").exists()


def test_sheet_needs_no_tricks_to_win() -> None:
    """An outlet's own sheet overrides it: everything lies in a layer, nothing is important."""
    assert "!important" not in joined()
    assert not re.search(r"(?<![\w(&])#[a-z-]+\s*[{,]", joined())
    for path in SHEETS.glob("*.css"):
        rules = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL).strip()
        assert rules.startswith(("@layer", "@font-face", "@media print {\n  @layer")), path.name


def test_sheet_knows_every_focal_point() -> None:
    for side in ("fx", "fy"):
        for step in range(11):
            assert f".{side}-{step} {{ --{side}: {step * 10}%; }}" in joined()


# --- In a browser --------------------------------------------------------------------------------


def _static(route: Route) -> None:
    """The collected file: the live server knows only files under their plain names."""
    route.fulfill(path=Path(site.STATIC_ROOT) / urlsplit(route.request.url).path[len("/static/") :])


@pytest.fixture
def reader(browser_page: Page, paper: Article) -> Page:
    """A browser that gets the collected files; rows of the library show a dot: they have none."""
    browser_page.route("**/static/**", _static)
    dot = '<svg xmlns="http://www.w3.org/2000/svg" width="1800" height="1200"/>'
    browser_page.route(
        "**/media/**", lambda route: route.fulfill(body=dot, content_type="image/svg+xml")
    )
    return browser_page


OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
FITTING = [address for address, status in PAGES.items() if status == 200]


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nothing_overflows_at_320_pixels(
    scheme: Any, reader: Page, live_server: LiveServer
) -> None:
    reader.set_viewport_size({"width": 320, "height": 640})
    reader.emulate_media(color_scheme=scheme)
    over = {}
    for address in FITTING:
        reader.goto(live_server.url + address)
        over[address] = reader.evaluate(OVERFLOW)
    assert {address: px for address, px in over.items() if px} == {}


@pytest.mark.browser
def test_front_has_three_sizes_of_headline_and_a_lead_twice_the_smallest(
    reader: Page, live_server: LiveServer
) -> None:
    for number in range(8):
        put_out(headline=f"Ferry number {number}", section=factories.section())
    reader.goto(live_server.url)
    size = "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))"
    sizes = reader.eval_on_selector_all(".front .headline", size)
    assert len(set(sizes)) >= 3
    assert max(sizes) >= 1.9 * min(sizes)


@pytest.mark.browser
def test_story_loads_two_fonts_of_100_kilobytes_at_most(
    reader: Page, live_server: LiveServer
) -> None:
    asked: list[str] = []
    reader.on("request", lambda request: asked.append(urlsplit(request.url).path))
    reader.goto(f"{live_server.url}/2026/11/opinion/", wait_until="networkidle")
    fonts = {path for path in asked if path.endswith(".woff2")}
    root = Path(site.STATIC_ROOT)
    assert len(fonts) == 2
    assert sum((root / path[len("/static/") :]).stat().st_size for path in fonts) <= 100_000


@pytest.mark.browser
def test_paper_carries_the_story_its_address_and_no_furniture(
    reader: Page, live_server: LiveServer
) -> None:
    reader.emulate_media(media="print", color_scheme="dark")
    reader.goto(f"{live_server.url}/2026/11/ferry/")
    for furniture in (".sections", ".search", ".share", ".related", ".footer"):
        assert reader.locator(furniture).first.is_hidden()
    assert reader.get_by_text(f"{site.SITE_URL}/2026/11/ferry/").is_visible()
    paint = "getComputedStyle(document.body).backgroundColor"
    assert reader.evaluate(paint) == "rgb(255, 255, 255)"


@pytest.mark.browser
def test_keyboard_reaches_the_content_first(reader: Page, live_server: LiveServer) -> None:
    reader.goto(live_server.url)
    reader.keyboard.press("Tab")
    assert reader.get_by_text("Skip to the content").bounding_box()["y"] >= 0  # type: ignore[index]
    reader.keyboard.press("Enter")
    assert reader.evaluate("document.activeElement.id") == "content"
