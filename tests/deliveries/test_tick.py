"""Dead workers are found, what they held goes to others, and old rows go."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from newsroom.deliveries import processes, tick
from newsroom.deliveries.models import Delivery, Worker
from newsroom.deliveries.standing import standing

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def worker(name: str, process: str = "", **fields: object) -> Worker:
    now = timezone.now()
    whole = {"host": "somewhere", "started_at": now, "seen_at": now, **fields}
    return Worker.objects.create(name=name, process=process, **whole)


def task(*workers: str) -> DBTaskResult:
    return DBTaskResult.objects.create(
        status=TaskResultStatus.RUNNING,
        started_at=timezone.now(),
        args_kwargs={"args": [1], "kwargs": {}},
        task_path="newsroom.deliveries.outbox.deliver",
        worker_ids=list(workers),
        backend_name="default",
        run_after=timezone.now(),
    )


def delivery(key: str, **fields: object) -> Delivery:
    now = timezone.now()
    whole = {"kind": "purge", "created_at": now, "due_at": now, **fields}
    return Delivery.objects.create(key=key, **whole)


def test_process_is_dead_when_it_is_gone_and_not_before() -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"]) as child:
        identity = processes.identity(child.pid)
        assert not processes.has_died(identity)
        child.kill()
    assert processes.has_died(identity)


def test_another_process_of_the_same_number_is_another() -> None:
    where, _, started = processes.identity().rpartition("/")
    assert not processes.has_died(f"{where}/{started}")
    assert processes.has_died(f"{where}/{int(started) - 1}")


@pytest.mark.parametrize("identity", ["", "another-boot/pid:[1]/7/8", "nonsense"])
def test_process_that_cannot_be_seen_from_here_is_not_called_dead(identity: str) -> None:
    assert not processes.has_died(identity)


def test_what_a_killed_worker_had_begun_goes_to_others() -> None:
    where, _, started = processes.identity().rpartition("/")
    worker("dead", f"{where}/{int(started) - 1}")
    begun = task("dead")
    held = delivery("a", lease="dead/1", leased_until=timezone.now() + timedelta(minutes=2))
    assert tick.reap() == 1
    begun.refresh_from_db()
    held.refresh_from_db()
    assert (begun.status, begun.started_at) == (TaskResultStatus.READY, None)
    assert (held.lease, held.leased_until) == ("", None)
    assert tick.reap() == 0


def test_living_worker_keeps_what_it_has_begun() -> None:
    worker("alive", processes.identity())
    begun = task("dead", "alive")
    assert tick.reap() == 0
    begun.refresh_from_db()
    assert begun.status == TaskResultStatus.RUNNING


def test_worker_elsewhere_is_dead_when_it_has_been_silent_for_long() -> None:
    worker("elsewhere", "another-boot/pid:[1]/7/8", seen_at=timezone.now() - tick.SILENT_AFTER)
    assert tick.reap() == 1


def test_task_that_kills_its_workers_is_not_done_for_ever() -> None:
    where, _, started = processes.identity().rpartition("/")
    worker("dead", f"{where}/{int(started) - 1}")
    begun = task(*["other"] * (tick.MAX_STARTS - 1), "dead")
    tick.reap()
    begun.refresh_from_db()
    assert begun.status == TaskResultStatus.FAILED
    assert "Its worker died, 5 times in a row." in begun.traceback


def test_worker_that_was_taken_for_dead_says_that_it_lives() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        slept = tick.start()
        clock.shift(3600)
        Worker.objects.update(stopped_at=timezone.now())
        tick.seen(slept)
    assert Worker.objects.at_work().count() == 1


def test_old_finished_rows_go_and_open_ones_stay() -> None:
    long_ago = timezone.now() - timedelta(days=400)
    delivery("old", created_at=long_ago, due_at=long_ago, done_at=long_ago)
    delivery("open", created_at=long_ago, due_at=long_ago)
    delivery("given up", created_at=long_ago, due_at=long_ago, given_up_at=long_ago)
    delivery("new", done_at=timezone.now())
    begun = task("alive")
    DBTaskResult.objects.filter(pk=task("x").pk).update(
        status=TaskResultStatus.SUCCESSFUL, finished_at=long_ago
    )
    assert tick.prune() == 2
    assert set(Delivery.objects.values_list("key", flat=True)) == {"open", "given up", "new"}
    assert list(DBTaskResult.objects.values_list("pk", flat=True)) == [begun.pk]


def test_standing_tells_queue_age_failures_and_last_tick() -> None:
    with time_machine.travel(NOON, tick=False):
        delivery("a", due_at=NOON - timedelta(seconds=90))
        delivery("b", attempts=2, due_at=NOON + timedelta(minutes=5), last_error="No.")
        delivery("c", given_up_at=NOON)
        delivery("d", done_at=NOON)
        worker("here", seen_at=NOON - timedelta(seconds=1))
        worker("gone", seen_at=NOON - timedelta(minutes=5))
        with CaptureQueriesContext(
            connection,
        ) as queries:
            now = standing()
    assert (now.waiting, now.oldest_seconds, now.failing, now.given_up) == (1, 90, 1, 1)
    assert (now.workers, now.last_tick_at) == (1, NOON - timedelta(seconds=1))
    assert now.is_late
    assert len(queries) == 3


def test_readyz_says_how_the_queue_stands(client: Client) -> None:
    with time_machine.travel(NOON, tick=False):
        delivery("a", due_at=NOON - timedelta(seconds=90), attempts=1)
        worker("here", process=str(os.getpid()), seen_at=NOON)
        answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.content.decode().splitlines() == [
        "ok",
        "queue: 1 waiting, the oldest for 90 s",
        "failures: 1 tried again, 0 given up",
        "workers: 1",
        "last tick: 2026-11-22T12:00:00+00:00",
    ]
