"""The demo outlet is whole: counts, references, allow-listed bodies, pictures that draw."""

import re
from collections import Counter
from functools import cache
from graphlib import TopologicalSorter
from html.parser import HTMLParser
from pathlib import Path
from shutil import copytree
from zoneinfo import ZoneInfo

import pytest
from PIL import Image

from newsroom import richtext
from newsroom.management.demo import content
from newsroom.management.demo.content import Outlet, Story, load
from newsroom.management.demo.pictures import PICTURES, draw

ALLOWED = {
    **dict.fromkeys(
        [
            "p",
            "h2",
            "h3",
            "strong",
            "em",
            "s",
            "sub",
            "ul",
            "li",
            "blockquote",
            "cite",
            "hr",
            "br",
            "table",
            "thead",
            "tbody",
            "tr",
            "figcaption",
        ],
        (),
    ),
    "sup": ("data-note",),
    "ol": ("start", "data-notes"),
    "th": ("scope", "rowspan", "colspan"),
    "td": ("rowspan", "colspan"),
    "a": ("href", "title"),
    "figure": ("data-image", "data-size"),
    "aside": ("data-quote", "data-article"),
}
VOID = {"br", "hr"}
FIXED_SEGMENTS = {
    "authors",
    "topics",
    "search",
    "corrections",
    "sitemaps",
    "static",
    "media",
    "admin",
    "accounts",
    "about",
    "ethics",
    "contact",
    "feed",
}
LICENCES = {
    "own-work",
    "cc-by-4.0",
    "cc-by-sa-4.0",
    "cc0",
    "public-domain",
    "agency-single-use",
    "permission",
}
OUTLET = load()
BODIES = {
    **{f"story {story.number}": story.body for story in OUTLET.stories},
    **{f"page {page.slug}": page.body for page in OUTLET.house_pages},
}


class Body(HTMLParser):
    """Reads a body; collects what the allow-list forbids and what is left open."""

    def __init__(self, body: str) -> None:
        super().__init__()
        self.faults: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self._open: list[str] = []
        self.feed(body)
        self.close()
        self.faults += [f"<{tag}> never closed" for tag in self._open]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in ALLOWED:
            self.faults.append(f"<{tag}>")
            return
        self.faults += [f"{tag}[{name}]" for name, _ in attrs if name not in ALLOWED[tag]]
        self.links += [value or "" for name, value in attrs if name == "href"]
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self._open or self._open.pop() != tag:
            self.faults.append(f"</{tag}> out of place")

    def handle_data(self, data: str) -> None:
        if data.strip() and not self._open:
            self.faults.append(f"text outside any element: {data.strip()[:40]}")


def words(story: Story) -> int:
    return len(re.sub(r"<[^>]+>", " ", story.body).split())


@cache
def drawn(key: str) -> Image.Image:
    return draw(key)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = tmp_path / "demo"
    copytree(content.HERE / "stories", copy / "stories")
    (copy / "outlet.toml").write_bytes((content.HERE / "outlet.toml").read_bytes())
    return copy


def test_outlet_has_the_promised_number_of_everything() -> None:
    top = [section for section in OUTLET.sections if not section.parent]
    assert (len(OUTLET.stories), len(top), len(OUTLET.authors), len(OUTLET.house_pages)) == (
        30,
        7,
        12,
        5,
    )
    assert [story.number for story in OUTLET.stories] == list(range(1, 31))
    assert len([key for key in PICTURES if not key.startswith("portrait-")]) >= 16
    assert len([author for author in OUTLET.authors if author.portrait]) >= 6


def test_five_sections_have_two_or_three_children() -> None:
    children = Counter(section.parent for section in OUTLET.sections if section.parent)
    assert len(children) >= 5
    assert set(children.values()) <= {2, 3}


def test_no_top_section_takes_a_fixed_address() -> None:
    slugs = {section.slug for section in OUTLET.sections}
    assert not slugs & FIXED_SEGMENTS
    assert all(re.fullmatch(r"[a-z][a-z0-9-]*", slug) for slug in slugs)


def test_every_state_has_its_stories() -> None:
    assert Counter(story.state for story in OUTLET.stories) == {
        "published": 24,
        "draft": 1,
        "in_review": 1,
        "approved": 1,
        "scheduled": 1,
        "withdrawn": 1,
        "embargoed": 1,
    }


def test_every_kind_of_story_is_there() -> None:
    assert {story.kind for story in OUTLET.stories} == content.KINDS


def test_stories_are_spread_over_forty_days() -> None:
    ages = [story.age_hours for story in OUTLET.stories if story.state == "published"]
    assert min(ages) > 0
    assert len([age for age in ages if age < 24]) >= 5
    assert 30 * 24 < max(ages) <= 40 * 24


def test_public_stories_have_all_that_publishing_asks_for() -> None:
    for story in OUTLET.stories:
        assert story.headline, story.number
        assert story.standfirst, story.number
        assert story.bylines, story.number
        assert 2 <= len(story.tags) <= 5, story.number
        assert "TK" not in story.body or story.state == "draft", story.number


def test_ten_stories_have_full_length_and_no_other_runs_long() -> None:
    lengths = [words(story) for story in OUTLET.stories]
    assert len([length for length in lengths if 900 <= length <= 1400]) == 10
    assert all(length >= 900 or 200 <= length <= 450 for length in lengths)


def test_three_demo_users_are_authors() -> None:
    assert {author.username for author in OUTLET.authors if author.username} == {
        "reporter",
        "editor",
        "chief",
    }


def test_three_stories_carry_corrections() -> None:
    corrected = [story for story in OUTLET.stories if story.corrections]
    assert len(corrected) == 3
    assert {
        notice.kind for story in corrected for notice in story.corrections
    } == content.CORRECTION_KINDS
    assert all(
        notice.hours_after < story.age_hours for story in corrected for notice in story.corrections
    )


@pytest.mark.parametrize("name", BODIES)
def test_body_uses_the_allow_list_only(name: str) -> None:
    assert Body(BODIES[name]).faults == []


def test_bodies_together_use_every_construct() -> None:
    used = set().union(*(Body(body).tags for body in BODIES.values()))
    assert used == set(ALLOWED)
    together = "".join(BODIES.values())
    for attribute in (
        "data-quote",
        "data-article",
        "data-image",
        "data-note=",
        "data-notes",
        "start=",
        "rowspan=",
    ):
        assert attribute in together


@pytest.mark.parametrize("name", BODIES)
def test_sanitizer_finds_nothing_to_take_out(name: str) -> None:
    images = {key: number for number, key in enumerate(PICTURES, start=1)}
    articles = {story.number: story.number for story in OUTLET.stories}
    body = content.with_ids(BODIES[name], images=images, articles=articles)
    assert re.sub(r"\s", "", richtext.clean(body)) == re.sub(r"\s", "", body)


@pytest.mark.parametrize("name", BODIES)
def test_links_lead_to_example_hosts_or_house_pages(name: str) -> None:
    pages = {f"/{page.slug}/" for page in OUTLET.house_pages}
    for href in Body(BODIES[name]).links:
        assert href in pages or re.match(
            r"https://[a-z.]+\.example(/|$)|mailto:[a-z]+@[a-z]+\.example$|tel:", href
        )


def test_footnotes_are_numbered_and_answered() -> None:
    for story in OUTLET.stories:
        marks = re.findall(r'<sup data-note="(\d+)">(\d+)</sup>', story.body)
        notes = re.search(r'<ol data-notes="">(.*)</ol>$', story.body, re.DOTALL)
        assert len(marks) == (notes[1].count("<li>") if notes else 0), story.number
        assert [number for number, _ in marks] == [str(index + 1) for index in range(len(marks))]


def test_every_picture_says_what_it_is_and_whose() -> None:
    for picture in PICTURES.values():
        assert len(picture.alt) > 30, picture.key
        assert picture.caption, picture.key
        assert picture.credit, picture.key
        assert picture.licence in LICENCES, picture.key
        assert all(0 <= share <= 1 for share in picture.focal), picture.key


@pytest.mark.parametrize("key", PICTURES)
def test_picture_is_drawn_in_its_size(key: str) -> None:
    image = drawn(key)
    sizes = (
        {(800, 800)} if key.startswith("portrait-") else {(2000, 1333), (2000, 1125), (2000, 2500)}
    )
    assert image.size in sizes
    assert image.mode == "RGB"
    assert len(image.resize((40, 40)).getcolors(1600) or []) > 20


def test_picture_is_the_same_each_time() -> None:
    assert draw("flood-wards").tobytes() == drawn("flood-wards").tobytes()


def test_every_lead_picture_is_used_and_every_picture_has_a_use() -> None:
    used = {story.lead for story in OUTLET.stories} | {author.portrait for author in OUTLET.authors}
    used |= {key for story in OUTLET.stories for key in content.images_in(story.body)}
    assert set(PICTURES) <= used


def test_mentions_form_no_circle() -> None:
    graph = {story.number: content.articles_in(story.body) for story in OUTLET.stories}
    assert sorted(TopologicalSorter(graph).static_order()) == list(range(1, 31))


def test_published_stories_mention_only_published_ones() -> None:
    public = {story.number for story in OUTLET.stories if story.state == "published"}
    for story in OUTLET.stories:
        assert set(content.articles_in(story.body)) <= public, story.number


def test_ids_take_the_place_of_keys() -> None:
    body = '<figure data-image="radar"></figure><aside data-article="4"></aside>'
    stored = content.with_ids(body, images={"radar": 12}, articles={4: 77})
    assert stored == '<figure data-image="12"></figure><aside data-article="77"></aside>'


def test_time_zone_is_known() -> None:
    assert ZoneInfo(OUTLET.publication.time_zone)


def test_a_copy_of_the_folder_loads_to_the_same(folder: Path) -> None:
    copy: Outlet = load(folder)
    assert copy == OUTLET


@pytest.mark.parametrize(
    ("old", "new", "complaint"),
    [
        (
            'kind = "explainer"',
            'kind = "sermon"',
            "04-how-flood-warnings-work.html: kind: 'sermon'",
        ),
        (
            'kind = "explainer"',
            'mood = "dry"\nkind = "explainer"',
            "04-how-flood-warnings-work.html: mood: unknown key",
        ),
        ('lead = "tide-chart"', 'lead = "tide-cart"', "picture: 'tide-cart' is not defined"),
        ('lead = "tide-chart"', "", "04-how-flood-warnings-work.html: lead: missing"),
        ('author = "yuna-bracewell"', 'author = "nobody"', "bylines: author: 'nobody'"),
        ('author = "yuna-bracewell"', 'name = "yuna-bracewell"', "name: unknown key"),
        ("<h2>The pipe</h2>", '<aside data-article="99"></aside>', "data-article: '99'"),
        ('slug = "how-flood', 'slug = "why-flood', "named NN-slug.html"),
        ("age_hours = 70.0", "age_hours = ", "not valid TOML"),
    ],
)
def test_a_mistake_in_a_story_is_named_with_file_and_key(
    folder: Path, old: str, new: str, complaint: str
) -> None:
    path = folder / "stories" / "04-how-flood-warnings-work.html"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(complaint)):
        load(folder)
