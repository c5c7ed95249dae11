"""Changing an author: a new slug leaves a redirect."""

from django.db import transaction

from authors.models import Author
from newsroom.audit import log
from newsroom.deliveries import outbox, purge
from newsroom.redirects import paths

#: The kind of delivery that finds the author's stories by the new name; articles do it.
RENAMED = "author-renamed"


@transaction.atomic
def keep(author: Author, *, by: log.Actor) -> Author:
    """Save a new or changed author; the old address leads to the new one.

    Raises ValidationError where the portrait is for a single use, as the form does.
    """
    author.clean()
    before = Author.objects.select_for_update().filter(pk=author.pk).first()
    author.save()
    if before:
        paths.moved(before.get_absolute_url(), author.get_absolute_url(), owner=author.subject)
    entry = log.record(
        "change author" if before else "add author",
        author.subject,
        by=by,
        name=author.name,
        before=_facts(before) if before else {},
        after=_facts(author),
    )
    if before and before.name != author.name:
        outbox.ask(
            RENAMED,
            key=f"{RENAMED}:{entry.pk}",
            subject=author.subject,
            payload={"author": author.pk},
        )
    purge.ask({author.subject}, event=entry.pk, subject=author.subject)
    return author


def _facts(author: Author) -> dict[str, str]:
    return {
        "name": author.name,
        "slug": author.slug,
        "title": author.title,
        "biography": author.biography,
    }
