"""Revisions: an article is an identity and a chain of immutable snapshots (law 4)."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any, NoReturn

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

models.CharField.register_lookup(Length)

Snapshot = dict[str, Any]


class RevisionKind(models.TextChoices):
    EDIT = "edit", "Edit"
    TYPO = "typo", "Typo"
    UPDATE = "update", "Update"
    CORRECTION = "correction", "Correction"
    RESTORE = "restore", "Restored"
    DISCARD = "discard", "Changes discarded"
    IMPORT = "import", "Brought in"


class Immutable(TypeError):
    """Somebody tried to rewrite history."""

    def __init__(self) -> None:
        super().__init__("A revision is never changed or deleted; make a new one.")


class RevisionQuerySet(models.QuerySet["Revision"]):
    def update(self, **kwargs: Any) -> NoReturn:
        raise Immutable


def chain_hash(*, snapshot: Snapshot, previous: str, number: int, kind: str, at: datetime) -> str:
    """SHA-256 (hex) over the canonical JSON of the content and the predecessor's hash."""
    content = {
        "at": at.astimezone(UTC).isoformat(),
        "kind": kind,
        "number": number,
        "previous": previous,
        "snapshot": snapshot,
    }
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Revision(models.Model):
    """One state of an article's content: who, when, of what kind, after which."""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="revisions"
    )
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=20, choices=RevisionKind.choices)
    snapshot = models.JSONField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=200)
    at = models.DateTimeField()
    note = models.TextField(blank=True)
    previous_hash = models.CharField(max_length=64, blank=True)
    hash = models.CharField(max_length=64)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["article", "number"], name="revision_number_once"),
            models.CheckConstraint(condition=Q(number__gte=1), name="revision_number_from_one"),
            models.CheckConstraint(
                condition=Q(kind__in=RevisionKind.values), name="revision_kind_is_known"
            ),
            models.CheckConstraint(condition=Q(hash__length=64), name="revision_has_its_hash"),
        ]

    def __str__(self) -> str:
        return f"Revision {self.number}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise Immutable
        super().save(*args, **kwargs)

    def is_intact(self) -> bool:
        """Whether the content is what the hash says; the chain is checked by comparing hashes."""
        return self.hash == chain_hash(
            snapshot=self.snapshot,
            previous=self.previous_hash,
            number=self.number,
            kind=self.kind,
            at=self.at,
        )
