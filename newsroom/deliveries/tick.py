"""What the clock asks for, a few times a second, by every worker at the same time.

Nothing that a reader sees waits for it (law 3): it puts what is due on the queues, takes back what
dead workers held, and throws away what nobody will look at again.
"""

import logging
import socket
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from newsroom.deliveries import outbox, processes
from newsroom.deliveries.models import Delivery, Worker

log = logging.getLogger(__name__)

#: A worker writes down that it lives. One that cannot be looked at directly, for it is on another
#: machine, is taken for dead after the second time, which is longer than any lease.
SEEN_EVERY, SILENT_AFTER = timedelta(seconds=2), timedelta(seconds=150)
#: A task whose worker died is done again, but one that kills its workers is not done for ever.
MAX_STARTS = 5
#: What is finished is kept this long: tasks for the log, deliveries for the desk.
KEEP_TASKS, KEEP_DELIVERIES, KEEP_WORKERS = (timedelta(days=days) for days in (1, 90, 7))
#: Rows thrown away in one go; more would hold up SQLite's other writers.
PRUNE_AT_ONCE = 1000


def start() -> Worker:
    """The row of a worker that begins now."""
    now, name = timezone.now(), uuid4().hex
    outbox.sign_as(name)
    process = processes.identity()
    return Worker.objects.create(
        name=name, host=socket.gethostname(), process=process, started_at=now, seen_at=now
    )


def seen(worker: Worker) -> None:
    """Write down that it lives, if that was long enough ago to matter."""
    now = timezone.now()
    if now - worker.seen_at >= SEEN_EVERY:
        worker.seen_at = now
        # Somebody may have taken it for dead, as after a laptop has slept.
        Worker.objects.filter(pk=worker.pk).update(seen_at=now, stopped_at=None)


def stop(worker: Worker) -> None:
    """It has ended in good order: nothing is in its hands."""
    now = timezone.now()
    Worker.objects.filter(pk=worker.pk).update(seen_at=now, stopped_at=now)


def reap() -> int:
    """Take back what dead workers held; how many were found."""
    now = timezone.now()
    dead = [worker for worker in Worker.objects.at_work() if _is_dead(worker, now)]
    for worker in dead:
        with transaction.atomic():
            # Of several who find it, one does it.
            if not Worker.objects.at_work().filter(pk=worker.pk).update(stopped_at=now):
                continue
            tasks = sum(_restart(task) for task in _running(worker))
            deliveries = outbox.release(worker.name)
        log.error(
            "The worker %s has died; %s tasks and %s deliveries go to others.",
            worker, tasks, deliveries,
        )  # fmt: skip
    return len(dead)


def prune() -> int:
    """Throw away finished rows that are old; how many."""
    now = timezone.now()
    old: list[QuerySet[Any]] = [
        DBTaskResult.objects.finished().filter(finished_at__lt=now - KEEP_TASKS),
        Delivery.objects.filter(done_at__lt=now - KEEP_DELIVERIES),
        Worker.objects.filter(stopped_at__lt=now - KEEP_WORKERS),
    ]
    gone = 0
    for rows in old:
        pks = list(rows.order_by().values_list("pk", flat=True)[:PRUNE_AT_ONCE])
        gone += len(pks)
        rows.filter(pk__in=pks).delete()
    return gone


def _is_dead(worker: Worker, now: datetime) -> bool:
    return processes.has_died(worker.process) or now - worker.seen_at > SILENT_AFTER


def _running(worker: Worker) -> list[DBTaskResult]:
    """What the worker had begun. Its tasks are few, and databases differ in looking into JSON."""
    running = DBTaskResult.objects.running().select_for_update()
    return [task for task in running if task.worker_ids and task.worker_ids[-1] == worker.name]


def _restart(task: DBTaskResult) -> int:
    """1 when the task will be done again; 0 when it has killed too many workers."""
    if len(task.worker_ids) >= MAX_STARTS:
        error = RuntimeError(f"Its worker died, {MAX_STARTS} times in a row.")
        task.set_failed(error)
        return 0
    task.status = TaskResultStatus.READY
    task.started_at = None
    task.save(update_fields=["status", "started_at"])
    return 1
