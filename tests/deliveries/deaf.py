"""A queue that never answers."""

from typing import Any, NoReturn

from django_tasks.backends.base import BaseTaskBackend


class Deaf(BaseTaskBackend):
    def enqueue(self, *args: Any, **kwargs: Any) -> NoReturn:
        message = "Connection refused."
        raise ConnectionError(message)
