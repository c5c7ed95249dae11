"""What is asked for happens once, is tried again until it works, and says why it does not."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from threading import Barrier
from typing import Any

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from newsroom.deliveries import outbox
from newsroom.deliveries.models import Delivery

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
DATABASE = {
    "default": {
        "BACKEND": "django_tasks_db.DatabaseBackend",
        "QUEUES": list(outbox.QUEUES),
    }
}


@pytest.fixture
def done() -> Iterator[list[dict[str, Any]]]:
    """What the handlers of the kinds ``quick`` (at once) and ``slow`` (queued) were given."""
    given: list[dict[str, Any]] = []
    outbox.register("quick", given.append)
    outbox.register("slow", given.append, queue=outbox.DEFAULT)
    yield given
    del outbox._kinds["quick"], outbox._kinds["slow"]


@pytest.fixture
def broken() -> Iterator[None]:
    def fail(payload: dict[str, Any]) -> None:
        message = "The hub is down."
        raise ConnectionError(message)

    outbox.register("broken", fail)
    yield
    del outbox._kinds["broken"]


def row(key: str) -> Delivery:
    return Delivery.objects.get(key=key)


@pytest.mark.parametrize("kind", ["quick", "slow"])
def test_effect_happens_when_the_change_is_committed(
    kind: str, done: list[Any], django_capture_on_commit_callbacks: Any, db: None
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        outbox.ask(kind, key="a", payload={"n": 1})
        assert done == []
    assert done == [{"n": 1}]
    assert row("a").done_at
    assert row("a").attempts == 1


@pytest.mark.django_db(transaction=True)
def test_effect_of_a_change_that_failed_never_happens(done: list[Any]) -> None:
    with transaction.atomic():
        outbox.ask("quick", key="a")
        transaction.set_rollback(True)
    assert (done, Delivery.objects.count()) == ([], 0)


def test_same_key_twice_is_one_delivery(
    done: list[Any], django_capture_on_commit_callbacks: Any, db: None
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        outbox.ask("quick", key="a")
        outbox.ask("quick", key="a")
    assert len(done) == 1


def test_kind_that_nobody_does_cannot_be_asked_for(db: None) -> None:
    with pytest.raises(LookupError, match="Nobody has registered"):
        outbox.ask("unheard of", key="a")


@pytest.mark.django_db(transaction=True)
def test_task_lies_in_the_queue_exactly_when_its_delivery_does(
    done: list[Any], settings: Any
) -> None:
    settings.TASKS = DATABASE
    with transaction.atomic():
        outbox.ask("slow", key="a")
        assert DBTaskResult.objects.count() == 1
        transaction.set_rollback(True)
    assert DBTaskResult.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_what_lies_ahead_begins_on_its_second(done: list[Any]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        outbox.ask("slow", key="a", payload={"n": 1}, at=NOON + timedelta(minutes=1))
        clock.shift(59)
        assert outbox.enqueue_due() == 0
        clock.shift(1)
        assert outbox.enqueue_due() == 1
        assert outbox.enqueue_due() == 0
    assert done == [{"n": 1}]


@pytest.mark.django_db(transaction=True)
def test_failure_is_readable_and_tried_again_later_and_later(broken: None) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        outbox.ask("broken", key="a")
        waits = []
        for _ in range(6):
            failed = row("a")
            assert failed.last_error == "ConnectionError: The hub is down."
            waits.append(failed.due_at - timezone.now())
            clock.move_to(failed.due_at - timedelta(seconds=1))
            assert outbox.enqueue_due() == 0
            clock.move_to(failed.due_at)
            assert outbox.enqueue_due() == 1
    assert waits == [timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 240, 240)]


@pytest.mark.django_db(transaction=True)
def test_hopeless_delivery_is_given_up_and_an_editor_may_try_again(broken: None) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        outbox.ask("broken", key="a")
        Delivery.objects.update(attempts=outbox.MAX_TRIES - 1)
        clock.shift(60)
        outbox.enqueue_due()
        assert row("a").given_up_at == timezone.now()
        clock.shift(86_400)
        assert outbox.enqueue_due() == 0
        outbox.register("broken", lambda payload: None)
        outbox.again(row("a"))
    assert row("a").done_at
    assert row("a").given_up_at is None


@pytest.mark.django_db(transaction=True)
def test_what_somebody_is_doing_is_left_alone_until_the_lease_has_passed(done: list[Any]) -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        outbox.ask("quick", key="a", at=NOON + timedelta(seconds=1))
        Delivery.objects.update(lease="another/1", leased_until=NOON + outbox.DOING, due_at=NOON)
        assert not outbox.attempt(row("a").pk)
        assert outbox.enqueue_due() == 0
        clock.move_to(NOON + outbox.DOING)
        assert outbox.enqueue_due() == 1
    assert len(done) == 1


@pytest.mark.django_db(transaction=True)
def test_who_took_longer_than_the_lease_does_not_overwrite_the_next(done: list[Any]) -> None:
    def overtaken(payload: dict[str, Any]) -> None:
        Delivery.objects.update(lease="another/1")

    outbox.register("quick", overtaken)
    outbox.ask("quick", key="a")
    assert (row("a").done_at, row("a").lease) == (None, "another/1")


@pytest.mark.django_db(transaction=True)
def test_what_a_dead_worker_held_is_free_for_others(done: list[Any]) -> None:
    outbox.ask("quick", key="a", at=timezone.now() + timedelta(hours=1))
    Delivery.objects.update(
        due_at=timezone.now(), lease="dead/1", leased_until=timezone.now() + outbox.DOING
    )
    assert outbox.release("dea") == 0
    assert outbox.release("dead") == 1
    assert outbox.enqueue_due() == 1
    assert len(done) == 1


@pytest.mark.django_db(transaction=True)
def test_queue_that_does_not_answer_loses_nothing(done: list[Any], settings: Any) -> None:
    settings.TASKS = {"default": {**DATABASE["default"], "BACKEND": "tests.deliveries.deaf.Deaf"}}
    with time_machine.travel(NOON, tick=False) as clock:
        outbox.ask("slow", key="a")
        assert done == []
        settings.TASKS = {
            "default": {
                **DATABASE["default"],
                "BACKEND": "django_tasks.backends.immediate.ImmediateBackend",
            }
        }
        clock.shift(outbox.COMMITTING.total_seconds())
        outbox.enqueue_due()
    assert len(done) == 1


def test_kind_that_is_no_longer_done_says_so_at_the_desk(
    done: list[Any], django_capture_on_commit_callbacks: Any, db: None
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        outbox.ask("quick", key="a")
        Delivery.objects.update(kind="forgotten")
    assert row("a").last_error == (
        "LookupError: Nobody does deliveries of the kind 'forgotten' any more."
    )


@pytest.mark.postgresql
@pytest.mark.django_db(transaction=True)
def test_many_who_try_at_the_same_moment_do_it_once(done: list[Any]) -> None:
    outbox.ask("quick", key="a", at=timezone.now() + timedelta(hours=1))
    Delivery.objects.update(due_at=timezone.now())
    pk, together = row("a").pk, Barrier(8)

    def attempt() -> bool:
        together.wait()
        try:
            return outbox.attempt(pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        outcomes = [future.result() for future in [pool.submit(attempt) for _ in range(8)]]
    assert sorted(outcomes) == [False] * 7 + [True]
    assert len(done) == 1
