"""Ask for an effect in the transaction of the change; it is done after the commit, or again until
it works.

An effect that is cheap and local is done at once, by the process that committed. One that is slow
or leaves the house is a task on a queue, which ``manage.py work`` runs; what was lost on the way,
has failed or lay ahead is put on the queue by the worker's tick. Whoever does a delivery first
takes its lease, in one UPDATE, so that two never do it at the same time.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, task, task_backends
from django_tasks_db import DatabaseBackend

from newsroom.deliveries.models import Delivery

log = logging.getLogger(__name__)

#: Takes the payload; returning means done, raising means try again later. Must be idempotent, and
#: end within ``DOING``: a machine may die in the middle of it.
Handler = Callable[[dict[str, Any]], None]

#: Queues of tasks. Pictures have their own: they take seconds, and an announcement must not wait.
DEFAULT, PICTURES = "default", "pictures"
QUEUES = (DEFAULT, PICTURES)

#: Waits between tries; the last one repeats until the tries are used up, after about three days.
BACK_OFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240))
MAX_TRIES = 20

#: How long a delivery is left to the process that is committing it, to a task on its queue, to
#: whoever does it. Only after a crash does anybody wait for one of these to pass.
COMMITTING, QUEUED, DOING = (timedelta(seconds=seconds) for seconds in (30, 3600, 120))


@dataclass(frozen=True)
class Kind:
    """Who does deliveries of a kind, and on which queue; none: at once."""

    handler: Handler
    queue: str


_kinds: dict[str, Kind] = {}
_here = "web"


def register(kind: str, handler: Handler, *, queue: str = "") -> None:
    """Called in an app's ``ready()`` by whoever does effects of this kind.

    ``queue`` is one of ``QUEUES`` for effects that take time or call other machines. Without it the
    effect is done before the request that asked for it is answered.
    """
    _kinds[kind] = Kind(handler, queue)


def sign_as(worker: str) -> None:
    """From now on leases taken by this process name this worker, so that its death frees them."""
    global _here  # noqa: PLW0603 - who a process is belongs to the process
    _here = worker


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
    delivery, created = Delivery.objects.get_or_create(
        key=key,
        defaults={
            "kind": kind,
            "subject": subject,
            "payload": payload or {},
            "created_at": now,
            "due_at": at or now,
            "queued_until": now + COMMITTING if is_due else None,
        },
    )
    if created and is_due:
        _hurry(delivery)


def again(delivery: Delivery) -> None:
    """Try a delivery that is not done now, or on its queue; one that is being done is left alone."""
    now = timezone.now()
    waiting = Delivery.objects.filter(pk=delivery.pk, done_at__isnull=True)
    if waiting.update(due_at=now, given_up_at=None, queued_until=now + COMMITTING):
        _hurry(delivery)


def settle(kind: str, *, subject: str) -> None:
    """In the caller's transaction: what open deliveries of the kind would do for the subject has
    been seen to by the caller."""
    rows = Delivery.objects.open().filter(kind=kind, subject=subject)
    rows.update(done_at=timezone.now())


def enqueue_due(*, limit: int = 200) -> int:
    """Put what is due on its queue, oldest first; how many. For the tick."""
    now = timezone.now()
    waiting = Delivery.objects.unqueued(now=now).order_by("due_at", "pk")
    if not waiting.exists():
        # Asked first: on SQLite the transaction below keeps every writer waiting.
        return 0
    with transaction.atomic():
        taken = list(_skipping_locked(waiting).only("pk", "kind")[:limit])
        rows = Delivery.objects.filter(pk__in=[delivery.pk for delivery in taken])
        rows.update(queued_until=now + COMMITTING)
        for delivery in taken:
            _queue(delivery)
    return len(taken)


@task()
def deliver(pk: int) -> None:
    """The task: one try of one delivery."""
    attempt(pk)


def attempt(pk: int) -> bool:
    """Try a delivery that is due; whether it is done now.

    A failure is kept on the row. Nothing happens when somebody else is doing it or has done it.
    """
    now, lease = timezone.now(), f"{_here}/{uuid4().hex}"
    mine = Delivery.objects.due(now=now).filter(pk=pk)
    # One UPDATE: of two who try, the second finds the row taken.
    if not mine.update(lease=lease, leased_until=now + DOING):
        return False
    delivery = Delivery.objects.get(pk=pk)
    try:
        _handler(delivery)(delivery.payload)
    except Exception as error:  # noqa: BLE001 - whatever a handler raises, the row says so
        _failed(delivery, error)
        return False
    return _settle(delivery, done_at=timezone.now(), last_error="")


def _handler(delivery: Delivery) -> Handler:
    if kind := _kinds.get(delivery.kind):
        return kind.handler
    message = f"Nobody does deliveries of the kind {delivery.kind!r} any more."
    raise LookupError(message)


def release(worker: str) -> int:
    """Give up the leases of a worker that has died; how many deliveries others may do now."""
    held = Delivery.objects.held_by(worker)
    return held.update(lease="", leased_until=None, queued_until=None)


def _hurry(delivery: Delivery) -> None:
    if _kinds[delivery.kind].queue:
        _queue(delivery)
    else:
        transaction.on_commit(lambda: attempt(delivery.pk))


def _queue(delivery: Delivery) -> None:
    """At once where the queue is a table of the same database: row and task stand or fall together."""
    if isinstance(task_backends[DEFAULT_TASK_BACKEND_ALIAS], DatabaseBackend):
        _enqueue(delivery)
    else:
        transaction.on_commit(lambda: _enqueue(delivery))


def _enqueue(delivery: Delivery) -> None:
    """A queue that does not answer costs time only: the tick asks again."""
    waiting = Delivery.objects.open().filter(pk=delivery.pk)
    waiting.update(queued_until=timezone.now() + QUEUED)
    kind = _kinds.get(delivery.kind)
    try:
        deliver.using(queue_name=(kind and kind.queue) or DEFAULT).enqueue(delivery.pk)
    except DatabaseError:
        raise
    except Exception:
        # Each queue has errors of its own; the row is there, so nothing is lost.
        log.exception("Delivery %s could not be put on its queue.", delivery.pk)
        waiting.update(queued_until=timezone.now() + COMMITTING)


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
    free = {"lease": "", "leased_until": None, "queued_until": None}
    if mine.update(**free, attempts=delivery.attempts + 1, **outcome):
        return True
    log.warning("Delivery %s took longer than its lease; somebody else has it.", delivery.pk)
    return False
