"""Old addresses: each leads in one hop to where the thing lives now, or says that it is gone."""

from django.db import models
from django.db.models import F, Q


class Redirect(models.Model):
    """One old path. Paths are stored decoded, with leading and trailing slash as they were."""

    old_path = models.CharField(
        max_length=500, unique=True, help_text="The address as it was, such as /2019/old-story/."
    )
    new_path = models.CharField(
        max_length=500,
        blank=True,
        db_index=True,
        help_text="Where it leads now. Empty: the page is gone for good (410).",
    )
    owner = models.CharField(
        max_length=60,
        blank=True,
        editable=False,
        help_text="The subject that may take the old path back, such as article:12.",
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["old_path"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(old_path=F("new_path")),
                name="redirect_leads_elsewhere",
                violation_error_message="A redirect cannot lead to itself.",
            ),
            models.CheckConstraint(
                condition=Q(old_path__startswith="/"),
                name="redirect_old_path_is_a_path",
                violation_error_message="Begin the old address with a slash.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.old_path} → {self.new_path or 'gone'}"
