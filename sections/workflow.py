"""Changing the tree: addresses follow, old ones lead on."""

from django.db import transaction

from newsroom.audit import log
from newsroom.deliveries import purge
from newsroom.redirects import paths
from sections.models import Membership, Section


@transaction.atomic
def place(section: Section, *, by: log.Actor) -> Section:
    """Save a new or changed section; its descendants move with it, each old path redirects.

    One query per descendant. Validation is the form's (``full_clean``).
    """
    before = Section.objects.select_for_update().filter(pk=section.pk).first()
    section.save()
    if before:
        _move_below(before, section)
    entry = log.record(
        "change section" if before else "add section",
        section.subject,
        by=by,
        name=section.name,
        before=_facts(before) if before else {},
        after=_facts(section),
    )
    purge.ask({"site", section.subject}, event=entry.pk, subject=section.subject)
    return section


@transaction.atomic
def remove(section: Section, *, by: log.Actor) -> None:
    """Delete a section that holds nothing; ProtectedError when stories or sections are in it."""
    subject, path = section.subject, section.path
    entry = log.record("delete section", subject, by=by, name=section.name, before=_facts(section))
    section.delete()
    paths.gone(path, owner=subject)
    purge.ask({"site", subject}, event=entry.pk, subject=subject)


@transaction.atomic
def grant(membership: Membership, *, by: log.Actor) -> Membership:
    """Give somebody a place on a section's desk, or another role there."""
    before = Membership.objects.select_related("role").filter(pk=membership.pk).first()
    membership.save()
    log.record(
        "grant role", membership.section.subject, by=by, name=str(membership),
        before={"role": str(before.role)} if before else {},
        after={"role": str(membership.role), "user": str(membership.user)},
    )  # fmt: skip
    return membership


@transaction.atomic
def revoke(membership: Membership, *, by: log.Actor) -> None:
    """Take somebody's place on a section's desk away."""
    log.record(
        "revoke role", membership.section.subject, by=by, name=str(membership),
        before={"role": str(membership.role), "user": str(membership.user)},
    )  # fmt: skip
    membership.delete()


def _move_below(before: Section, section: Section) -> None:
    if before.path == section.path:
        return
    below = list(Section.objects.below(before).order_by("path"))
    paths.moved(before.path, section.path, owner=section.subject)
    for child in below:
        old = child.path
        child.refresh_from_db(fields=["parent"])
        child.save()
        paths.moved(old, child.path, owner=child.subject)


def _facts(section: Section) -> dict[str, str]:
    return {
        "name": section.name,
        "descriptor": section.descriptor,
        "path": section.path,
        "description": section.description,
    }
