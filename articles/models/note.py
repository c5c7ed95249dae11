"""What the desk says to each other about a story. Never part of it, never for readers."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q

#: Characters of one note, and the open notes that one story can have.
LONGEST, MOST_OPEN = 2_000, 200


class Part(models.TextChoices):
    """Of what a note can speak; the values are fields of the story's form."""

    HEADLINE = "headline", "Headline"
    STANDFIRST = "standfirst", "Standfirst"
    BODY = "body", "Story"
    LEAD_IMAGE = "lead_image", "Lead image"
    BYLINES = "bylines", "Bylines"
    TAGS = "tags", "Topics"


class NoteQuerySet(models.QuerySet["Note"]):
    def of(self, article: models.Model) -> Self:
        return self.filter(article=article)

    def open(self) -> Self:
        """Those that nobody has marked as done, in the order in which they were written."""
        return self.filter(done_at=None).order_by("at", "pk")

    def done(self) -> Self:
        """Those that are done with, the latest first."""
        return self.filter(done_at__isnull=False).order_by("-done_at", "-pk")


class Note(models.Model):
    """A remark on a story: plain text by somebody, done with or not.

    Beside the story and in none of its revisions: nothing that readers get knows of this table.
    """

    article = models.ForeignKey("articles.Article", on_delete=models.CASCADE, related_name="notes")
    #: Empty for a note on the whole story.
    part = models.CharField(max_length=20, blank=True, choices=Part.choices)
    text = models.CharField(max_length=LONGEST)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    by_name = models.CharField(max_length=200, help_text="The name at that time.")
    at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    done_by_name = models.CharField(max_length=200, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["article"], condition=Q(done_at=None), name="note_open"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="note_says_something"),
            models.CheckConstraint(
                condition=Q(part="") | Q(part__in=Part.values), name="note_part_is_known"
            ),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by_name="")
                | (Q(done_at__isnull=False) & ~Q(done_by_name="")),
                name="note_is_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.by_name}: {self.text[:60]}"

    def is_by(self, user: Any) -> bool:
        return self.by_id is not None and self.by_id == user.pk

    def mark(self, done_at: datetime | None, name: str = "") -> None:
        """Done with, by whom; or (None) open again."""
        self.done_at, self.done_by_name = done_at, name
        self.save(update_fields=["done_at", "done_by_name"])
