"""Rows for tests, made by the verbs that the desk uses; keywords show only what matters."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import Group
from django.utils import timezone

from articles import snapshot, workflow
from articles.models import Article, State
from authors.models import Author
from newsroom.accounts.models import User
from newsroom.images import recipes
from newsroom.images.models import Image
from sections import workflow as sections
from sections.models import Membership, Section

_count = itertools.count(1)


def user(role: str = "", **fields: Any) -> User:
    """Somebody at the desk, in the role's group; without a role staff who may do nothing."""
    fields.setdefault("username", f"{role or 'powerless'}-{next(_count)}")
    made = User.objects.create_user(is_staff=True, password="correct horse", **fields)
    if role:
        made.groups.add(Group.objects.get(name=role))
    return User.objects.get(pk=made.pk)


def member(role: str, section: Section, **fields: Any) -> User:
    """Somebody with the role on the desk of one section only."""
    made = user(**fields)
    group = Group.objects.get(name=role)
    sections.grant(Membership(section=section, user=made, role=group), by=None)
    return User.objects.get(pk=made.pk)


def section(name: str = "Harbor", *, parent: Section | None = None, **fields: Any) -> Section:
    slug = fields.pop("slug", name.lower().replace(" ", "-"))
    found = Section.objects.filter(slug=slug, parent=parent).first()
    return found or sections.place(Section(name=name, slug=slug, parent=parent, **fields), by=None)


def author(name: str = "Ines Caldeira", **fields: Any) -> Author:
    slug = fields.pop("slug", name.lower().replace(" ", "-"))
    return Author.objects.get_or_create(slug=slug, defaults={"name": name, **fields})[0]


def image(**fields: Any) -> Image:
    """A row of the library with all its words; no file behind it."""
    number = next(_count)
    words = {
        "file_name": f"picture-{number}.jpg",
        "alt": "A crane over the quay",
        "caption": "The crane at dawn.",
        "credit": "Rui Falcão / The Harbor Courier",
        "author": "Rui Falcão",
        "licence": "own-work",
        "width": 1800,
        "height": 1200,
        "renditions": renditions(number),
    }
    return Image.objects.create(original=f"originals/{number:032x}", **(words | fields))


def renditions(
    number: int = 0, *, formats: tuple[str, ...] = ("jpeg", "webp"), limit: int = 1800
) -> dict[str, Any]:
    """As a row names the files of a picture of 1800 by 1200 pixels; each has 1,000 bytes."""
    cuts = recipes.cuts(1800, 1200, (0.5, 0.5)).values()
    return {
        cut.name: {
            format: {
                "folder": f"{number:024x}",
                "recipe": "",
                "sizes": [[*size, 1000] for size in cut.sizes if size[0] <= limit],
            }
            for format in formats
        }
        for cut in cuts
    }


def content(**fields: Any) -> snapshot.Snapshot:
    """What a complete story says; keywords replace. Rows are given as rows, tags as names."""
    where = fields.pop("section", None) or section()
    lines = fields.pop("authors", None)
    lead = fields.pop("lead_image", None)
    tags = fields.pop("tags", ["Ferries"])
    return snapshot.blank(where) | {
        "headline": "Ferry returns to the harbor",
        "standfirst": "After a winter in dock the crossing opens again.",
        "body": "<p>The first boat left at seven.</p><h2>What comes next</h2><p>Two more follow.</p>",
        "lead_image": snapshot.reference(lead),
        "lead_waived": lead is None,
        "bylines": [
            {"author": snapshot.reference(one), "role": "writer"} for one in lines or [author()]
        ],
        "tags": [{"id": None, "label": name} for name in tags],
        **fields,
    }


def draft(*, by: User | None = None, **fields: Any) -> Article:
    return workflow.create(content(**fields), by=by or user("chief"))


def published(*, at: datetime | None = None, by: User | None = None, **fields: Any) -> Article:
    """A public story, now or at an earlier moment."""
    if at is None:
        who = by or user("chief")
        return workflow.publish(draft(by=who, **fields), by=who)
    return bring_in(at=at, **fields)


def scheduled(*, at: datetime | None = None, by: User | None = None, **fields: Any) -> Article:
    who = by or user("chief")
    later = at or timezone.now() + timedelta(hours=1)
    return workflow.publish(draft(by=who, **fields), by=who, at=later)


def withdrawn(*, by: User | None = None, **fields: Any) -> Article:
    who = by or user("chief")
    return workflow.withdraw(published(by=who, **fields), by=who, reason="Wrong from top to toe.")


def bring_in(*, at: datetime, path: str = "", guid: str = "", **fields: Any) -> Article:
    """A public story from elsewhere, with its own time, path and guid."""
    incoming = workflow.Incoming(
        content=content(**fields), state=State.PUBLISHED, published_at=at, path=path, guid=guid
    )
    return workflow.bring_in([incoming])[0]
