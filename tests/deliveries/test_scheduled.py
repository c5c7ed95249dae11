"""Scheduled stories with real workers, which are stopped and killed: all out, none early, each
announced under its one key. ``--stories`` and ``--kills`` make the trial as large as you like."""

import random
import signal
import time
from collections.abc import Iterator
from datetime import datetime

import pytest

from tests.deliveries.receiver import Receiver
from tests.outlet import Outlet, stop, wait_until

pytestmark = pytest.mark.slow

WORKERS = 3


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with Receiver() as made:
        yield made


@pytest.fixture
def told_outlet(outlet: Outlet, receiver: Receiver) -> Outlet:
    outlet.environment |= receiver.environment
    return outlet


def due(stories: dict[str, str]) -> datetime:
    return datetime.fromisoformat(next(iter(stories.values())))


def assert_told(receiver: Receiver, stories: dict[str, str]) -> None:
    """Every story, none before its second, and always under the same key."""
    assert set(receiver.told) == set(stories)
    for guid, calls in receiver.told.items():
        assert min(at for _, at in calls) >= datetime.fromisoformat(stories[guid])
        assert len({key for key, _ in calls}) == 1


def test_several_workers_announce_each_story_exactly_once(
    told_outlet: Outlet, receiver: Receiver, pytestconfig: pytest.Config
) -> None:
    stories = told_outlet.play("schedule", pytestconfig.getoption("stories"), 10)
    crew = [told_outlet.start_worker() for _ in range(WORKERS)]
    told_outlet.play("wait_for_the_end")
    assert [stop(worker) for worker in crew] == [0] * WORKERS
    assert_told(receiver, stories)
    assert {len(calls) for calls in receiver.told.values()} == {1}
    assert told_outlet.worker_log() == ""


def test_killed_workers_lose_nothing(
    told_outlet: Outlet, receiver: Receiver, pytestconfig: pytest.Config
) -> None:
    stories = told_outlet.play("schedule", pytestconfig.getoption("stories"), 10)
    crew = [told_outlet.start_worker() for _ in range(WORKERS)]
    told_outlet.play("wait_for_workers", WORKERS)
    wait_until(lambda: time.time() > due(stories).timestamp() - 1)
    for _ in range(pytestconfig.getoption("kills")):
        time.sleep(random.uniform(0.02, 0.6))
        victim = crew.pop(random.randrange(WORKERS))
        victim.send_signal(signal.SIGKILL)
        assert victim.wait() == -signal.SIGKILL
        crew.append(told_outlet.start_worker())
    told_outlet.play("wait_for_the_end")
    assert [stop(worker) for worker in crew] == [0] * WORKERS
    assert told_outlet.play("count_public") == len(stories)
    assert_told(receiver, stories)


def test_story_is_public_on_its_second_and_a_late_worker_announces_it(
    told_outlet: Outlet, receiver: Receiver
) -> None:
    stories = told_outlet.play("schedule", 5, 2)
    wait_until(lambda: time.time() > due(stories).timestamp())
    assert told_outlet.play("count_public") == 5
    assert not receiver.told
    told_outlet.start_worker()
    told_outlet.play("wait_for_the_end")
    assert_told(receiver, stories)
