"""Corrections: what was wrong, said where it was wrong."""

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q


class CorrectionKind(models.TextChoices):
    CORRECTION = "correction", "Correction"
    CLARIFICATION = "clarification", "Clarification"
    EDITORS_NOTE = "editors-note", "Editor’s note"


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def of(self, articles: models.QuerySet[Any]) -> "CorrectionQuerySet":
        """The corrections of a set of stories, latest first."""
        return self.filter(article__in=articles).order_by("-at", "-pk")


class Correction(models.Model):
    """One correction, dated and signed. Made by ``articles.workflow.correct`` only."""

    article = models.ForeignKey(
        "articles.Article", on_delete=models.CASCADE, related_name="corrections"
    )
    kind = models.CharField(
        max_length=20, choices=CorrectionKind.choices, default=CorrectionKind.CORRECTION
    )
    text = models.TextField(help_text="What was wrong and what is right.")
    at = models.DateTimeField()
    signed_by = models.CharField(max_length=200)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["-at", "-id"], name="correction_latest")]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="correction_says_something"),
            models.CheckConstraint(
                condition=Q(kind__in=CorrectionKind.values), name="correction_kind_is_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.at:%Y-%m-%d}"
