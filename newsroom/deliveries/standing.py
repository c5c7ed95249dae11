"""How the queue stands, in numbers: for the desk, for ``/readyz``, for whoever watches."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, Min, Q
from django.utils import timezone

from newsroom.deliveries.models import Delivery, Worker
from newsroom.deliveries.tick import SEEN_EVERY

#: A worker that has not been heard of for so long is not counted as one at work.
MISSED = SEEN_EVERY * 5
#: What lies in the queue for longer than this has nobody who does it.
LATE = timedelta(seconds=60)


@dataclass(frozen=True)
class Standing:
    """``waiting`` is due and not done, the first of it since ``oldest_at``; ``failing`` is tried
    again, ``given_up`` is not. Times are aware and None when there is nothing to tell."""

    at: datetime
    waiting: int
    oldest_at: datetime | None
    failing: int
    given_up: int
    workers: int
    last_tick_at: datetime | None

    @property
    def oldest_seconds(self) -> int:
        return int((self.at - self.oldest_at).total_seconds()) if self.oldest_at else 0

    @property
    def is_late(self) -> bool:
        """Something waits that a worker would have begun long ago."""
        return self.oldest_seconds > LATE.total_seconds()


def standing() -> Standing:
    """As it is now. Two queries, each on an index that holds what is open only."""
    now = timezone.now()
    queue = Delivery.objects.open().aggregate(
        waiting=Count("pk", filter=Q(due_at__lte=now)),
        oldest_at=Min("due_at", filter=Q(due_at__lte=now)),
        failing=Count("pk", filter=Q(attempts__gt=0)),
    )
    crew = Worker.objects.aggregate(
        workers=Count("pk", filter=Q(stopped_at__isnull=True, seen_at__gt=now - MISSED)),
        last_tick_at=Max("seen_at"),
    )
    return Standing(at=now, given_up=Delivery.objects.given_up().count(), **queue, **crew)
