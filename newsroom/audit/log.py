"""Writing the audit."""

from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.models import AnonymousUser
from django.utils import timezone

from newsroom.audit.models import Entry

#: Whoever does something: a user, or None for a command. Views know their user as either kind.
Actor = AbstractBaseUser | AnonymousUser | None


def record(
    verb: str,
    subject: str,
    *,
    by: Actor,
    name: str = "",
    note: str = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> Entry:
    """One entry, in the caller's transaction: the deed and its record stand or fall together.

    ``by`` is None for what a command does; ``before`` and ``after`` hold JSON values.
    """
    return Entry.objects.create(
        at=timezone.now(),
        actor_id=by.pk if by else None,
        actor_name=str(by) if by else "system",
        verb=verb,
        subject=subject,
        subject_name=name[:300],
        note=note,
        before=before or {},
        after=after or {},
    )
