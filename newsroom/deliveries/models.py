"""What must happen after a change, kept as a row until it is done (law 9)."""

from datetime import datetime

from django.db import models
from django.db.models import Q


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def due(self, *, now: datetime) -> "DeliveryQuerySet":
        """Not done yet, and its next try has come."""
        return self.filter(done_at__isnull=True, due_at__lte=now)

    def failing(self) -> "DeliveryQuerySet":
        """Not done, and tried at least once."""
        return self.filter(done_at__isnull=True, attempts__gt=0)


class Delivery(models.Model):
    """One effect of one event, with one key, so that it is never asked for twice."""

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(max_length=60, db_index=True, blank=True)
    payload = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(fields=["due_at"], condition=Q(done_at__isnull=True), name="delivery_due")
        ]

    def __str__(self) -> str:
        return self.key
