"""Tasks that lie in the site's own database."""

from typing import Any

from django_tasks import DEFAULT_TASK_BACKEND_ALIAS
from django_tasks_db.management.commands import db_worker
from django_tasks_db.models import DBTaskResult

from newsroom.deliveries.lane import Lane


class DatabaseLane(Lane):
    """By django-tasks-db's own worker: ``SKIP LOCKED`` on PostgreSQL, a short lock on SQLite."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.tasks = db_worker.Worker(
            queue_names=[self.queue],
            interval=0,
            batch=True,
            backend_name=DEFAULT_TASK_BACKEND_ALIAS,
            startup_delay=False,
            max_tasks=None,
            worker_id=self.worker,
            excluded_queue_names=[],
        )

    def has_work(self) -> bool:
        return DBTaskResult.objects.ready().filter(queue_name=self.queue).order_by().exists()

    def do_all(self) -> None:
        self.tasks.run()

    def end(self) -> None:
        self.tasks.running = False
        super().end()
