"""What must happen after a change, kept as a row until it is done (law 9), and who does it."""

from datetime import datetime

from django.db import models
from django.db.models import Q


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def open(self) -> "DeliveryQuerySet":
        """Neither done nor given up."""
        return self.filter(done_at__isnull=True, given_up_at__isnull=True)

    def due(self, *, now: datetime) -> "DeliveryQuerySet":
        """Open, its next try has come, and nobody has it in hand."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
        return self.open().filter(free, due_at__lte=now)

    def overdue(self, *, now: datetime) -> "DeliveryQuerySet":
        """Open and its time has come, in somebody's hand or not: what is in the queue."""
        return self.open().filter(due_at__lte=now)

    def failing(self) -> "DeliveryQuerySet":
        """Open, and tried at least once."""
        return self.open().filter(attempts__gt=0)

    def given_up(self) -> "DeliveryQuerySet":
        """Tried until it made no sense any more; an editor may ask for another try."""
        return self.filter(given_up_at__isnull=False)


class Delivery(models.Model):
    """One effect of one event, with one key, so that it is never asked for twice.

    ``lease`` names who has it in hand until ``leased_until``: a task in the queue, or whoever is
    doing it right now. When that time has passed the holder is taken for dead.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(max_length=60, db_index=True, blank=True)
    payload = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease = models.CharField(max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    given_up_at = models.DateTimeField(null=True, blank=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["due_at"],
                condition=Q(done_at__isnull=True, given_up_at__isnull=True),
                name="delivery_open",
            )
        ]

    def __str__(self) -> str:
        return self.key


class WorkerQuerySet(models.QuerySet["Worker"]):
    def silent(self, *, since: datetime) -> "WorkerQuerySet":
        """Those that have not been heard of since then: killed, or cut off."""
        return self.filter(seen_at__lt=since)


class Worker(models.Model):
    """A running ``manage.py work``; the row goes when it stops in good order."""

    name = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=255)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        ordering = ["started_at", "pk"]

    def __str__(self) -> str:
        return f"{self.host}, process {self.pid}"
