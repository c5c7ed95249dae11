"""Changing the masthead or a house page: everything that shows it is stale."""

from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from newsroom.audit import log
from newsroom.deliveries import purge
from newsroom.publication.models import HousePage, Publication
from newsroom.redirects import paths


@transaction.atomic
def keep(publication: Publication, *, by: AbstractBaseUser | None) -> Publication:
    """Save the masthead; every page shows it."""
    publication.save()
    entry = log.record("change publication", "publication", by=by, name=publication.name)
    purge.ask({"site"}, event=entry.pk, subject="publication")
    return publication


@transaction.atomic
def keep_page(page: HousePage, *, by: AbstractBaseUser | None) -> HousePage:
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
