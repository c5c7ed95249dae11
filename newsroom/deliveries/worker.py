"""What ``manage.py work`` runs: threads that do what is on the queues, and the tick."""

import logging
import threading
import time
from collections.abc import Callable

from django.conf import settings
from django.utils.module_loading import import_string

from newsroom.deliveries import outbox, tick
from newsroom.deliveries.lane import Lane, outlive
from newsroom.deliveries.models import Worker

log = logging.getLogger(__name__)

#: How often the queues are looked at: what is asked for begins within this time.
LOOK_EVERY_SECONDS = 0.2
#: Dead workers are looked for, and old rows thrown away, this often.
REAP_EVERY_SECONDS, PRUNE_EVERY_SECONDS = 5.0, 60.0

#: Who does the tasks, by ``TASK_QUEUE``. Tasks of another back end have workers of their own.
LANES = {
    "database": "newsroom.deliveries.database_lane.DatabaseLane",
    "redis": "newsroom.deliveries.redis_lane.RedisLane",
}


class Crew:
    """The lanes of one process and its tick; ``run`` returns after ``stop`` has been called."""

    def __init__(self, *, threads: int, picture_threads: int) -> None:
        self.stopping = threading.Event()
        self.threads = {outbox.DEFAULT: threads, outbox.PICTURES: picture_threads}
        self.lanes: list[Lane] = []

    def run(self) -> None:
        """Work until told to stop. Raises DatabaseError when the database is not there at first."""
        worker = tick.start()
        self.lanes = self._lanes(worker)
        for lane in self.lanes:
            lane.start()
        log.info("The worker %s has begun.", worker)
        try:
            self._tick_until_stopped(worker)
        finally:
            for lane in self.lanes:
                lane.end()
            for lane in self.lanes:
                lane.join()
            outlive(lambda: tick.stop(worker))
        log.info("The worker %s has stopped.", worker)

    def stop(self) -> None:
        """To be called from a signal handler, or from another thread."""
        self.stopping.set()

    def _lanes(self, worker: Worker) -> list[Lane]:
        if settings.TASK_QUEUE not in LANES:
            return []
        lane_of = import_string(LANES[settings.TASK_QUEUE])
        return [
            lane_of(queue, worker.name)
            for queue, number in self.threads.items()
            for _ in range(number)
        ]

    def _tick_until_stopped(self, worker: Worker) -> None:
        jobs = [
            Job(0, outbox.enqueue_due),
            Job(0, self._wake, self.lanes[0].errors if self.lanes else ()),
            Job(0, lambda: tick.seen(worker)),
            Job(REAP_EVERY_SECONDS, tick.reap),
            Job(PRUNE_EVERY_SECONDS, tick.prune),
        ]
        while not self.stopping.wait(LOOK_EVERY_SECONDS):
            for job in jobs:
                job.run_if_due()

    def _wake(self) -> None:
        """One question for each queue: its threads sleep while there is nothing to do."""
        one_of_each = {lane.queue: lane for lane in self.lanes}
        busy = {queue for queue, lane in one_of_each.items() if lane.has_work()}
        for lane in self.lanes:
            if lane.queue in busy:
                lane.wake()


class Job:
    """Something that the tick does now and then."""

    def __init__(
        self,
        every_seconds: float,
        do: Callable[[], object],
        errors: tuple[type[Exception], ...] = (),
    ) -> None:
        self.every_seconds = every_seconds
        self.do = do
        self.errors = errors
        self.next_at = 0.0

    def run_if_due(self) -> None:
        if time.monotonic() >= self.next_at:
            self.next_at = time.monotonic() + self.every_seconds
            outlive(self.do, self.errors)
