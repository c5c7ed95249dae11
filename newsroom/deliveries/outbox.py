"""Ask for an effect in the transaction of the change; it is done after the commit, or again until
it works.

An effect that is cheap and local is done at once, by the process that committed. One that is slow
or leaves the house is a task on a queue, which ``manage.py work`` runs; what was lost on the way,
failed or lies ahead is put on the queue by the worker's tick. Whoever does a delivery first takes
its lease, in one UPDATE, so that two never do it at the same time.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import connection, transaction
from django.utils import timezone
from django_tasks import task

from newsroom.deliveries.models import Delivery

log = logging.getLogger(__name__)

#: Takes the payload; returning means done, raising means try again later. Must be idempotent, and
#: end within ``DOING``.
Handler = Callable[[dict[str, Any]], None]

#: Queues of tasks. Pictures have their own: they take seconds, and an announcement must not wait.
DEFAULT, PICTURES = "default", "pictures"
QUEUES = (DEFAULT, PICTURES)

#: Waits between tries; the last one repeats until the tries are used up, after about three days.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
MAX_TRIES = 20

#: How long a delivery belongs to the process that committed it, to a task that waits in the queue,
#: to whoever does it. Only after a crash does anybody wait for one of these to pass.
COMMITTING, QUEUED, DOING = (timedelta(seconds=seconds) for seconds in (30, 300, 120))


@dataclass(frozen=True)
class Kind:
    """Who does deliveries of a kind, and on which queue; none: at once."""

    handler: Handler
    queue: str


_kinds: dict[str, Kind] = {}


def register(kind: str, handler: Handler, *, queue: str = "") -> None:
    """Called in an app's ``ready()`` by whoever does effects of this kind.

    ``queue`` is one of ``QUEUES`` for effects that take time or call other machines. Without it the
    effect is done before the request that asked for it is answered.
    """
    _kinds[kind] = Kind(handler, queue)


def ask(
    kind: str,
    *,
    key: str,
    subject: str = "",
    payload: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> None:
    """A row in the caller's transaction; what is due is tried as soon as that commits.

    The same key twice is one delivery. ``at`` (aware) puts the first try off.
    """
    if kind not in _kinds:
        message = f"Nobody has registered for deliveries of the kind {kind!r}."
        raise LookupError(message)
    now = timezone.now()
    is_due = at is None or at <= now
    lease = uuid4().hex if is_due else ""
    delivery, created = Delivery.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "subject": subject,
            "payload": payload or {},
            "created_at": now,
            "due_at": at or now,
            "lease": lease,
            "leased_until": now + COMMITTING if is_due else None,
        },
    )
    if created and is_due:
        # Not robust=False: a failing effect is written on its row and must not fail the verb.
        transaction.on_commit(lambda: _hurry(delivery, lease))


def again(delivery: Delivery) -> None:
    """Try an open or given-up delivery now, or on its queue; what is in hand is left in peace."""
    now, lease = timezone.now(), uuid4().hex
    waiting = Delivery.objects.filter(pk=delivery.pk, done_at__isnull=True)
    waiting.update(due_at=now, given_up_at=None)
    if _leased(Delivery.objects.due(now=now).filter(pk=delivery.pk), lease, COMMITTING, now):
        _hurry(delivery, lease)


def enqueue_due(*, limit: int = 200) -> int:
    """Put what is due on its queue, oldest first; how many. For the tick."""
    now, lease = timezone.now(), uuid4().hex
    due = Delivery.objects.due(now=now).order_by("due_at", "pk")
    if not due.exists():
        # Asked first: on SQLite the transaction below keeps every writer waiting.
        return 0
    with transaction.atomic():
        pks = list(_skipping_locked(due).values_list("pk", flat=True)[:limit])
        taken = Delivery.objects.filter(pk__in=pks)
        _leased(taken, lease, QUEUED, now)
        for delivery in taken.only("pk", "kind"):
            _enqueue(delivery, lease)
    return len(pks)


@task()
def deliver(pk: int, lease: str) -> None:
    """The task: one try of one delivery."""
    attempt(pk, lease)


def attempt(pk: int, lease: str) -> bool:
    """Try the delivery that is held by this lease; whether it is done now.

    A failure is kept on the row. Nothing happens when somebody else has it in hand.
    """
    now, doing = timezone.now(), uuid4().hex
    held = Delivery.objects.open().filter(pk=pk, lease=lease)
    if not _leased(held, doing, DOING, now):
        return False
    delivery = Delivery.objects.get(pk=pk)
    try:
        _kinds[delivery.kind].handler(delivery.payload)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises, the row says so
        _failed(delivery, error)
        return False
    return _settle(delivery, done_at=timezone.now(), last_error="")


def _hurry(delivery: Delivery, lease: str) -> None:
    if _kinds[delivery.kind].queue:
        now, queued = timezone.now(), uuid4().hex
        with transaction.atomic():
            if _leased(Delivery.objects.filter(pk=delivery.pk, lease=lease), queued, QUEUED, now):
                _enqueue(delivery, queued)
    else:
        attempt(delivery.pk, lease)


def _enqueue(delivery: Delivery, lease: str) -> None:
    queue = _kinds[delivery.kind].queue or DEFAULT
    deliver.using(queue_name=queue).enqueue(delivery.pk, lease)


def _leased(rows: Any, lease: str, length: timedelta, now: datetime) -> int:
    """How many of the rows are now held by this lease. One UPDATE, so two cannot both have one."""
    return int(rows.update(lease=lease, leased_until=now + length))


def _skipping_locked(rows: Any) -> Any:
    if connection.features.has_select_for_update_skip_locked:
        return rows.select_for_update(skip_locked=True)
    return rows


def _failed(delivery: Delivery, error: Exception) -> None:
    wait = BACK_OFF[min(delivery.attempts, len(BACK_OFF) - 1)]
    now = timezone.now()
    is_last = delivery.attempts + 1 >= MAX_TRIES
    _settle(
        delivery,
        last_error=f"{type(error).__name__}: {error}",
        due_at=now + wait,
        given_up_at=now if is_last else None,
    )
    what = "given up" if is_last else f"next try in {wait}"
    log.warning("Delivery %s failed, %s", delivery.pk, what, exc_info=error)


def _settle(delivery: Delivery, **outcome: Any) -> bool:
    """Write down how a try ended, unless the lease has passed to somebody else meanwhile."""
    mine = Delivery.objects.filter(pk=delivery.pk, lease=delivery.lease)
    outcome |= {"attempts": delivery.attempts + 1, "lease": "", "leased_until": None}
    if mine.update(**outcome):
        return True
    log.warning("Delivery %s took longer than its lease; somebody else has it.", delivery.pk)
    return False
