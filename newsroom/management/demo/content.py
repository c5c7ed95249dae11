"""The demo outlet as data: `load()` reads `outlet.toml` and `stories/` and checks every reference.

A story file is TOML between two lines `+++`, then the body. Bodies name pictures and other
stories by key (`data-image="tide-chart"`, `data-article="4"`); who stores them replaces the keys
by ids, with `with_ids()`.
"""

import re
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import MISSING, dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

from newsroom.management.demo.pictures import PICTURES

HERE = Path(__file__).parent
FENCE = "+++\n"

KINDS = frozenset(
    {"news", "analysis", "opinion", "feature", "interview", "review", "explainer", "editorial"}
)
STATES = frozenset(
    {"draft", "in_review", "approved", "scheduled", "published", "withdrawn", "embargoed"}
)
ROLES = frozenset(
    {"writer", "contributor", "photographer", "illustrator", "graphics", "translator", "editor"}
)
CORRECTION_KINDS = frozenset({"correction", "clarification", "editors-note"})

IMAGE_KEY = re.compile(r'data-image="([^"]*)"')
ARTICLE_KEY = re.compile(r'data-article="([^"]*)"')

Raw = Mapping[str, Any]
Record = TypeVar("Record")


@dataclass(frozen=True, slots=True)
class Link:
    """A labeled address: a social account, a page about a person."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Publication:
    """The masthead."""

    name: str
    tagline: str
    description: str
    time_zone: str
    language: str
    search_prompt: str
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A section; `parent` is the slug of the top-level section that it belongs to, or empty."""

    name: str
    slug: str
    descriptor: str
    description: str
    parent: str = ""

    @property
    def path(self) -> str:
        """Return the path by which stories name the section: `city` or `city/council`."""
        return f"{self.parent}/{self.slug}" if self.parent else self.slug


@dataclass(frozen=True, slots=True)
class Author:
    """A person who signs; `username` names a demo user, `portrait` a picture."""

    name: str
    slug: str
    title: str
    biography: str
    links: tuple[Link, ...] = ()
    username: str = ""
    portrait: str = ""


@dataclass(frozen=True, slots=True)
class Tag:
    """A topic."""

    name: str
    slug: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class HousePage:
    """About, masthead, ethics and the like; `order` is the place in the menu."""

    slug: str
    title: str
    order: int
    body: str


@dataclass(frozen=True, slots=True)
class Byline:
    """Who signs a story, and as what."""

    author: str
    role: str = "writer"


@dataclass(frozen=True, slots=True)
class Correction:
    """A published correction, `hours_after` the story appeared."""

    kind: str
    text: str
    hours_after: float


@dataclass(frozen=True, slots=True)
class Story:
    """A story; `age_hours` is the time since publication, negative for one still to come.

    `lead` is a picture key, empty for an explicit "no lead picture". `state` is a workflow state
    or `embargoed`: a draft that may not appear for another `embargo_hours`. `revisions` are the
    story's earlier headlines, oldest first.
    """

    number: int
    body: str
    headline: str
    slug: str
    standfirst: str
    kind: str
    section: str
    bylines: tuple[Byline, ...]
    tags: tuple[str, ...]
    lead: str
    age_hours: float
    state: str
    lead_caption: str = ""
    lead_alt: str = ""
    dateline: str = ""
    corrections: tuple[Correction, ...] = ()
    revisions: tuple[str, ...] = ()
    embargo_hours: float | None = None


@dataclass(frozen=True, slots=True)
class Outlet:
    """Everything that the demo publishes, save the pictures, which `pictures.py` draws."""

    publication: Publication
    sections: tuple[Section, ...]
    authors: tuple[Author, ...]
    tags: tuple[Tag, ...]
    house_pages: tuple[HousePage, ...]
    stories: tuple[Story, ...]


def load(folder: Path = HERE) -> Outlet:
    """Return the whole outlet; raise ValueError naming file and key for anything that does not fit."""
    raw = _toml((folder / "outlet.toml").read_text(encoding="utf-8"), "outlet.toml")
    stories = tuple(_story(path) for path in sorted((folder / "stories").glob("*.html")))
    outlet = _record(Outlet, {**raw, "stories": stories}, "outlet.toml")
    _check_outlet(outlet)
    for story in stories:
        _check_story(story, outlet)
    return outlet


def with_ids(body: str, *, images: Mapping[str, int], articles: Mapping[int, int]) -> str:
    """Return the body with picture keys and story numbers replaced by the ids given for them."""
    body = IMAGE_KEY.sub(lambda found: f'data-image="{images[found[1]]}"', body)
    return ARTICLE_KEY.sub(lambda found: f'data-article="{articles[int(found[1])]}"', body)


def images_in(body: str) -> tuple[str, ...]:
    """Return the keys of the pictures in a body, in order."""
    return tuple(IMAGE_KEY.findall(body))


def articles_in(body: str) -> tuple[int, ...]:
    """Return the numbers of the stories to which a body refers, in order."""
    return tuple(int(number) for number in ARTICLE_KEY.findall(body))


def _toml(text: str, where: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"{where}: not valid TOML: {error}") from error


def _story(path: Path) -> Story:
    where = f"stories/{path.name}"
    before, fence, rest = path.read_text(encoding="utf-8").partition(FENCE)
    matter, fence_after, body = rest.partition(FENCE)
    if before or not (fence and fence_after):
        raise ValueError(f"{where}: starts with a line +++, then TOML, then a second line +++.")
    number, _, slug = path.stem.partition("-")
    raw = _toml(matter, where)
    if not number.isdecimal() or raw.get("slug") != slug:
        raise ValueError(f"{where}: slug: the file is named NN-slug.html after the story's slug.")
    return _record(Story, {**raw, "number": int(number), "body": body.strip()}, where)


def _record(kind: type[Record], raw: Raw, where: str) -> Record:
    """Build one dataclass from a TOML table; unknown, missing and nested keys are dealt with."""
    known = {field.name: field for field in fields(kind)}  # type: ignore[arg-type]
    for key in raw.keys() - known.keys():
        raise ValueError(f"{where}: {key}: unknown key.")
    for key, field in known.items():
        if key not in raw and field.default is MISSING:
            raise ValueError(f"{where}: {key}: missing.")
    return kind(**{key: _value(kind, key, value, where) for key, value in raw.items()})


def _value(kind: type, key: str, value: Any, where: str) -> Any:
    nested = NESTED.get((kind, key))
    if nested is None:
        return tuple(value) if isinstance(value, list) else value
    if isinstance(value, Mapping):
        return _record(nested, value, f"{where}: {key}")
    return tuple(
        item if isinstance(item, nested) else _record(nested, item, f"{where}: {key}[{index}]")
        for index, item in enumerate(value)
    )


NESTED: dict[tuple[type, str], type] = {
    (Outlet, "publication"): Publication,
    (Outlet, "sections"): Section,
    (Outlet, "authors"): Author,
    (Outlet, "tags"): Tag,
    (Outlet, "house_pages"): HousePage,
    (Outlet, "stories"): Story,
    (Publication, "links"): Link,
    (Author, "links"): Link,
    (Story, "bylines"): Byline,
    (Story, "corrections"): Correction,
}


def _check_outlet(outlet: Outlet) -> None:
    top = {section.slug for section in outlet.sections if not section.parent}
    for section in outlet.sections:
        if section.parent:
            _known(section.parent, top, f"outlet.toml: sections: {section.slug}: parent")
    for author in outlet.authors:
        if author.portrait:
            _known(author.portrait, PICTURES, f"outlet.toml: authors: {author.slug}: portrait")
    for key, of in UNIQUE.items():
        _all_different((of(outlet)), f"outlet.toml: {key}")


UNIQUE: dict[str, Callable[[Outlet], Sequence[str]]] = {
    "sections: path": lambda outlet: [section.path for section in outlet.sections],
    "authors: slug": lambda outlet: [author.slug for author in outlet.authors],
    "authors: username": lambda outlet: [
        author.username for author in outlet.authors if author.username
    ],
    "tags: slug": lambda outlet: [tag.slug for tag in outlet.tags],
    "house_pages: slug": lambda outlet: [page.slug for page in outlet.house_pages],
    "stories: number": lambda outlet: [str(story.number) for story in outlet.stories],
    "stories: slug": lambda outlet: [story.slug for story in outlet.stories],
}


def _check_story(story: Story, outlet: Outlet) -> None:
    where = f"stories/{story.number:02}-{story.slug}.html"
    _known(story.kind, KINDS, f"{where}: kind")
    _known(story.state, STATES, f"{where}: state")
    _known(story.section, {section.path for section in outlet.sections}, f"{where}: section")
    for byline in story.bylines:
        _known(
            byline.author, {author.slug for author in outlet.authors}, f"{where}: bylines: author"
        )
        _known(byline.role, ROLES, f"{where}: bylines: role")
    for tag in story.tags:
        _known(tag, {tag.slug for tag in outlet.tags}, f"{where}: tags")
    for correction in story.corrections:
        _known(correction.kind, CORRECTION_KINDS, f"{where}: corrections: kind")
    for key in [*([story.lead] if story.lead else []), *images_in(story.body)]:
        _known(key, PICTURES, f"{where}: picture")
    for number in ARTICLE_KEY.findall(story.body):
        _known(number, {str(other.number) for other in outlet.stories}, f"{where}: data-article")
    if (story.state == "embargoed") != (story.embargo_hours is not None):
        raise ValueError(f"{where}: embargo_hours: given for an embargoed story, and only there.")


def _known(value: str, among: Iterable[str], where: str) -> None:
    if value not in among:
        raise ValueError(f"{where}: {value!r} is not defined.")


def _all_different(values: Sequence[str], where: str) -> None:
    twice = sorted({value for value in values if values.count(value) > 1})
    if twice:
        raise ValueError(f"{where}: used twice: {', '.join(twice)}.")
