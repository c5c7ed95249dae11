"""Tasks that lie in Redis; imported only where ``TASK_QUEUE`` says so."""

from django_rq import get_queue
from django_rq.workers import get_worker
from django_tasks_rq import Job
from redis.exceptions import RedisError
from rq import SimpleWorker
from rq.timeouts import TimerDeathPenalty

from newsroom.deliveries.lane import Lane


class ThreadedWorker(SimpleWorker):
    """RQ's worker as one thread among others: without signals, which only the main thread gets."""

    death_penalty_class = TimerDeathPenalty

    def _install_signal_handlers(self) -> None:
        """The command has installed its own."""


class RedisLane(Lane):
    """Goes to Redis for as long as there is work. Whatever is lost there the tick asks for again."""

    errors = (RedisError,)

    def has_work(self) -> bool:
        return bool(get_queue(self.queue, job_class=Job).count)

    def do_all(self) -> None:
        while not self.ending and self.has_work():
            # By its name: the signature asks for a Worker that forks.
            kind = f"{__name__}.{ThreadedWorker.__name__}"
            worker = get_worker(self.queue, job_class=Job, worker_class=kind)
            worker.work(burst=True, max_jobs=100, logging_level="WARNING")
