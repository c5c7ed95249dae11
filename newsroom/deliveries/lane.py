"""A thread of the worker that does the tasks of one queue; each kind of queue has its own."""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from django.db import DatabaseError, InterfaceError, close_old_connections, connection

log = logging.getLogger(__name__)

#: A database or queue that does not answer is asked again after this time.
WAIT_AFTER_ERROR_SECONDS = 1.0


class Lane(threading.Thread):
    """Sleeps until it is told that there is work; then does it, one task after the other."""

    #: What a queue of this kind raises when it does not answer.
    errors: tuple[type[Exception], ...] = ()

    def __init__(self, queue: str, worker: str) -> None:
        super().__init__(name=queue)
        self.queue = queue
        self.worker = worker
        self.ending = False
        self.awake = threading.Event()

    def has_work(self) -> bool:
        """Whether a task waits on the queue."""
        raise NotImplementedError

    def do_all(self) -> None:
        """Do the tasks that wait, until there is none or ``ending`` is set."""
        raise NotImplementedError

    def wake(self) -> None:
        self.awake.set()

    def end(self) -> None:
        """Finish the task in hand and begin none."""
        self.ending = True
        self.wake()

    def run(self) -> None:
        while self.awake.wait() and not self.ending:
            self.awake.clear()
            outlive(self.do_all, self.errors)
        connection.close()


def outlive(do: Callable[[], object], errors: tuple[type[Exception], ...] = ()) -> None:
    """A database or queue that is locked, restarted or away for a while ends no worker."""
    close_old_connections()
    caught: tuple[type[Exception], ...] = (DatabaseError, InterfaceError, *errors)
    try:
        do()
    except caught:
        log.exception("Database or queue did not answer; the worker asks again.")
        with suppress(DatabaseError, InterfaceError):
            connection.close()
        time.sleep(WAIT_AFTER_ERROR_SECONDS)
