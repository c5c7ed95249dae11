"""What must happen after a change, kept as a row until it is done (law 9), and who does it."""

from datetime import datetime

from django.db import models
from django.db.models import Q


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def open(self) -> "DeliveryQuerySet":
        """Neither done nor given up."""
        return self.filter(done_at__isnull=True, given_up_at__isnull=True)

    def due(self, *, now: datetime) -> "DeliveryQuerySet":
        """Open, its next try has come, and nobody is doing it."""
        free = Q(leased_until__isnull=True) | Q(leased_until__lte=now)
        return self.open().filter(free, due_at__lte=now)

    def unqueued(self, *, now: datetime) -> "DeliveryQuerySet":
        """Due, and no task for it is on a queue, or that task has been lost."""
        return self.due(now=now).filter(Q(queued_until__isnull=True) | Q(queued_until__lte=now))

    def overdue(self, *, now: datetime) -> "DeliveryQuerySet":
        """Open and its time has come, whether somebody is doing it or not: the whole queue."""
        return self.open().filter(due_at__lte=now)

    def held_by(self, worker: str) -> "DeliveryQuerySet":
        """What the worker of this name was doing when it was last heard of."""
        return self.open().filter(lease__startswith=f"{worker}/")

    def failing(self) -> "DeliveryQuerySet":
        """Open, and tried at least once."""
        return self.open().filter(attempts__gt=0)

    def given_up(self) -> "DeliveryQuerySet":
        """Tried until it made no sense any more; an editor may ask for another try."""
        return self.filter(given_up_at__isnull=False)


class Delivery(models.Model):
    """One effect of one event, with one key, so that it is never asked for twice.

    ``lease`` names who is doing it, until ``leased_until``; when that time has passed the holder
    is taken for dead. Until ``queued_until`` a task for it waits on a queue.
    """

    key = models.CharField(max_length=200, unique=True)
    kind = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(max_length=60, db_index=True, blank=True)
    payload = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lease = models.CharField(max_length=80, blank=True)
    leased_until = models.DateTimeField(null=True, blank=True)
    queued_until = models.DateTimeField(null=True, blank=True)
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
            ),
            models.Index(
                fields=["given_up_at"],
                condition=Q(given_up_at__isnull=False),
                name="delivery_given_up",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class WorkerQuerySet(models.QuerySet["Worker"]):
    def at_work(self) -> "WorkerQuerySet":
        """Those that have not stopped in good order; some may have been killed."""
        return self.filter(stopped_at__isnull=True)


class Worker(models.Model):
    """A ``manage.py work`` that runs or has run; ``seen_at`` is its last tick.

    ``process`` tells it from every other process on every machine (``deliveries.processes``).
    """

    name = models.CharField(max_length=40, unique=True)
    host = models.CharField(max_length=255)
    process = models.CharField(max_length=200)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    stopped_at = models.DateTimeField(null=True, blank=True)

    objects = WorkerQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.host}, {self.name}"
