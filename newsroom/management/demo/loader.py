"""The demo outlet in the database, made by the verbs that a desk uses."""

import io
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from graphlib import TopologicalSorter

from django.contrib.auth.models import Group
from django.db import transaction

from articles import snapshot, workflow
from articles.models import Article, CorrectionKind, RevisionKind, State, Tag
from authors import workflow as author_workflow
from authors.models import Author, AuthorLink
from newsroom.accounts.models import User
from newsroom.images import library
from newsroom.images.models import Image
from newsroom.management.demo import content as demo
from newsroom.management.demo.pictures import PICTURES, Picture, draw
from newsroom.publication import workflow as publication_workflow
from newsroom.publication.models import HousePage, Publication, SocialLink
from sections import workflow as section_workflow
from sections.models import Section

#: Each demo user with the group it is in; powerless may log in and nothing else.
ROLES = {"chief": "chief", "editor": "editor", "reporter": "reporter", "powerless": ""}


@dataclass
class Rows:
    """What has been made, by the keys of the content."""

    users: dict[str, User] = field(default_factory=dict)
    images: dict[str, Image] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)
    authors: dict[str, Author] = field(default_factory=dict)
    tags: dict[str, Tag] = field(default_factory=dict)
    articles: dict[int, Article] = field(default_factory=dict)


def prepare_pictures() -> dict[str, library.Prepared]:
    """Every picture drawn and encoded, on all cores: the slow part, before any transaction."""
    with ThreadPoolExecutor() as pool:
        return dict(zip(PICTURES, pool.map(_drawn, PICTURES), strict=True))


def _drawn(key: str) -> library.Prepared:
    file = io.BytesIO()
    draw(key).save(file, "JPEG", quality=95)
    file.seek(0)
    file.name = f"{key}.jpg"
    return library.prepare(file, focal=PICTURES[key].focal)


@transaction.atomic
def fill(
    outlet: demo.Outlet, prepared: Mapping[str, library.Prepared], *, password: str, now: datetime
) -> Rows:
    """The whole outlet, or nothing of it."""
    rows = Rows()
    _publication(outlet)
    _users(rows, outlet, password)
    for key, picture in PICTURES.items():
        rows.images[key] = _image(picture, prepared[key], rows.users["editor"])
    for section in outlet.sections:
        _section(rows, section, order=len(rows.sections))
    for author in outlet.authors:
        _author(rows, author)
    for tag in outlet.tags:
        row = Tag(name=tag.name, slug=tag.slug, description=tag.description)
        rows.tags[tag.slug] = workflow.change_tag(row, by=rows.users["chief"])
    for story in _mentioned_first(outlet):
        rows.articles[story.number] = _story(rows, story, now)
    return rows


def _publication(outlet: demo.Outlet) -> None:
    facts = outlet.publication
    publication = publication_workflow.keep(
        Publication(
            name=facts.name,
            tagline=facts.tagline,
            description=facts.description,
            time_zone=facts.time_zone,
            language=facts.language,
            search_prompt=facts.search_prompt,
        ),
        by=None,
    )
    for order, link in enumerate(facts.links):
        SocialLink(publication=publication, label=link.label, url=link.url, order=order).save()
    for page in outlet.house_pages:
        row = HousePage(slug=page.slug, title=page.title, body=page.body, order=page.order)
        publication_workflow.keep_page(row, by=None)


def _users(rows: Rows, outlet: demo.Outlet, password: str) -> None:
    names = {author.username: author.name for author in outlet.authors if author.username}
    for username, role in ROLES.items():
        first, _, last = names.get(username, username.title()).rpartition(" ")
        user = User.objects.create_user(
            username, f"{username}@courier.example", password,
            is_staff=True, first_name=first, last_name=last,
        )  # fmt: skip
        if role:
            user.groups.add(Group.objects.get(name=role))
        rows.users[username] = User.objects.get(pk=user.pk)


def _image(picture: Picture, prepared: library.Prepared, by: User) -> Image:
    words = Image(
        alt=picture.alt,
        caption=picture.caption,
        credit=picture.credit,
        author=picture.author,
        source=picture.source,
        licence=picture.licence,
        digital_source=picture.digital_source,
        focal_x=picture.focal[0],
        focal_y=picture.focal[1],
    )
    return library.keep(words, prepared, by=by)


def _section(rows: Rows, section: demo.Section, *, order: int) -> None:
    row = Section(
        name=section.name,
        slug=section.slug,
        descriptor=section.descriptor,
        description=section.description,
        parent=rows.sections.get(section.parent),
        order=order,
    )
    rows.sections[section.path] = section_workflow.place(row, by=None)


def _author(rows: Rows, author: demo.Author) -> None:
    row = Author(
        name=author.name,
        slug=author.slug,
        title=author.title,
        biography=author.biography,
        portrait=rows.images.get(author.portrait),
        user=rows.users.get(author.username),
    )
    rows.authors[author.slug] = author_workflow.keep(row, by=None)
    for order, link in enumerate(author.links):
        AuthorLink.objects.create(author=row, label=link.label, url=link.url, order=order)


# --- Stories -----------------------------------------------------------------------------------


def _mentioned_first(outlet: demo.Outlet) -> Iterator[demo.Story]:
    """The stories so that each comes after those it mentions: it needs their keys."""
    by_number = {story.number: story for story in outlet.stories}
    graph = {story.number: demo.articles_in(story.body) for story in outlet.stories}
    for number in TopologicalSorter(graph).static_order():
        yield by_number[number]


def _story(rows: Rows, story: demo.Story, now: datetime) -> Article:
    if story.state in {"published", "withdrawn"}:
        article = _published(rows, story, now)
        if story.state == "withdrawn":
            reason = "The figures came from a document that turned out to be a draft."
            article = workflow.withdraw(article, by=rows.users["chief"], reason=reason)
        return article
    return _at_the_desk(rows, story, now)


def _content(rows: Rows, story: demo.Story) -> snapshot.Snapshot:
    lead = rows.images[story.lead] if story.lead else None
    return snapshot.blank(rows.sections[story.section]) | {
        "headline": story.headline,
        "standfirst": story.standfirst,
        "slug": story.slug,
        "kind": story.kind,
        "dateline": story.dateline,
        "body": demo.with_ids(
            story.body,
            images={key: image.pk for key, image in rows.images.items()},
            articles={number: article.pk for number, article in rows.articles.items()},
        ),
        "lead_image": snapshot.reference(lead),
        "lead_waived": lead is None,
        "lead_alt": story.lead_alt,
        "lead_caption": story.lead_caption,
        "bylines": [
            {"author": snapshot.reference(rows.authors[line.author]), "role": line.role}
            for line in story.bylines
        ],
        "tags": [snapshot.reference(rows.tags[slug]) for slug in story.tags],
    }


def _published(rows: Rows, story: demo.Story, now: datetime) -> Article:
    content = _content(rows, story)
    at = now - timedelta(hours=story.age_hours)
    signed = str(rows.users["chief"])
    told = [
        workflow.Told(
            CorrectionKind(one.kind), one.text, at + timedelta(hours=one.hours_after), signed
        )
        for one in story.corrections
    ]
    headlines = [*story.revisions, story.headline]
    article = workflow.bring_in(
        [
            workflow.Incoming(
                content=content | {"headline": headlines[0]},
                state=State.PUBLISHED,
                published_at=at,
                created_by=rows.users["reporter"],
                corrections=told,
            )
        ],
        note="demo",
    )[0]
    for headline in headlines[1:]:
        article = _reworded(article, content | {"headline": headline}, rows.users["editor"])
    return article


def _reworded(article: Article, content: snapshot.Snapshot, by: User) -> Article:
    article = workflow.save(
        article, content, by=by, base_version=article.version, kind=RevisionKind.TYPO
    )
    return workflow.publish(article, by=by)


def _at_the_desk(rows: Rows, story: demo.Story, now: datetime) -> Article:
    """A story that readers do not see, as far on its way as its state says."""
    reporter, editor = rows.users["reporter"], rows.users["editor"]
    article = workflow.create(_content(rows, story), by=reporter)
    if story.state == "draft":
        return article
    if story.state == "embargoed":
        until = now + timedelta(hours=story.embargo_hours or 24)
        return workflow.set_embargo(article, until, by=reporter)
    article = workflow.submit(article, by=reporter)
    if story.state == "in_review":
        return workflow.assign(article, editor, by=editor)
    article = workflow.approve(article, by=editor)
    if story.state == "approved":
        return article
    return workflow.publish(article, by=editor, at=now - timedelta(hours=story.age_hours))
