"""Changing the masthead or a house page: everything that shows it is stale."""

from django.db import transaction

from newsroom.audit import log
from newsroom.deliveries import purge
from newsroom.publication.models import HousePage, Publication
from newsroom.redirects import paths


@transaction.atomic
def keep(publication: Publication, *, by: log.Actor) -> Publication:
    """Save the masthead; every page shows it."""
    publication.save()
    entry = log.record("change publication", "publication", by=by, name=publication.name)
    purge.ask({"site"}, event=entry.pk, subject="publication")
    return publication


@transaction.atomic
def remove_page(page: HousePage, *, by: log.Actor) -> None:
    """Delete a house page; its address says that it is gone."""
    subject, path = page.subject, page.get_absolute_url()
    entry = log.record(
        "delete house page", subject, by=by, name=page.title,
        before={"title": page.title, "body": page.body},
    )  # fmt: skip
    page.delete()
    paths.gone(path, owner=subject)
    purge.ask({"site", subject}, event=entry.pk, subject=subject)


@transaction.atomic
def keep_page(page: HousePage, *, by: log.Actor) -> HousePage:
    """Save a house page; a changed slug leaves a redirect."""
    before = HousePage.objects.select_for_update().filter(pk=page.pk).first()
    page.save()
    if before:
        paths.moved(before.get_absolute_url(), page.get_absolute_url(), owner=page.subject)
    entry = log.record(
        "change house page" if before else "add house page",
        page.subject,
        by=by,
        name=page.title,
        before={"title": before.title, "body": before.body} if before else {},
        after={"title": page.title, "body": page.body},
    )
    # "site": the title stands in every footer.
    purge.ask({"site", page.subject}, event=entry.pk, subject=page.subject)
    return page
