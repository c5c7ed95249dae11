"""``manage.py work`` as an operator runs it: real processes, some of them killed."""

import pytest
from redis import Redis

from tests.outlet import Outlet, stop

pytestmark = pytest.mark.slow


def test_worker_does_what_waits_and_stops_in_good_order(outlet: Outlet) -> None:
    outlet.play("ask_purges", 20)
    worker = outlet.start_worker()
    assert outlet.play("wait_for_the_end") == [1] * 20
    assert stop(worker) == 0
    assert outlet.play("stopped") == [True]
    assert outlet.worker_log() == ""


def test_several_workers_do_each_thing_once_and_the_database_is_never_locked(
    outlet: Outlet,
) -> None:
    crew = [outlet.start_worker("--threads", "3") for _ in range(3)]
    assert outlet.play("wait_for_workers", 3) == 3
    outlet.play("ask_purges", 200)
    assert outlet.play("wait_for_the_end") == [1] * 200
    assert [stop(worker) for worker in crew] == [0, 0, 0]
    assert outlet.worker_log() == ""


def test_worker_says_plainly_that_tables_are_missing(outlet: Outlet) -> None:
    outlet.database_url = f"sqlite:///{outlet.folder / 'empty.sqlite3'}"
    worker = outlet.start_worker()
    assert worker.wait() == 1
    assert "The database does not answer, or is not migrated" in outlet.worker_log()


def test_tasks_in_redis_are_done_by_the_same_command(redis_outlet: Outlet) -> None:
    redis_outlet.play("ask_purges", 20)
    crew = [redis_outlet.start_worker() for _ in range(2)]
    assert redis_outlet.play("wait_for_the_end") == [1] * 20
    assert [stop(worker) for worker in crew] == [0, 0]


def test_nothing_is_lost_when_redis_loses_everything(redis_outlet: Outlet, redis: str) -> None:
    redis_outlet.play("ask_purges", 5)
    redis_outlet.play("enqueue")
    with Redis.from_url(redis) as client:
        assert client.llen("rq:queue:default") == 5
        client.flushall()
    redis_outlet.play("pass_the_time_of_tasks")
    redis_outlet.start_worker()
    assert redis_outlet.play("wait_for_the_end") == [1] * 5
