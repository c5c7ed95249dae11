"""Gunicorn for one machine, as ``manage.py serve`` starts it.

It is meant to stand behind nginx, which takes slow clients off it: a thread is busy for as long as
its client takes to send a request or to read the answer, and there are few threads. Without nginx
as many slow uploads as there are threads keep everybody waiting. See docs/operators.md.
"""

import multiprocessing
import os
from contextlib import suppress
from datetime import timedelta
from typing import Any

from gunicorn import glogging
from gunicorn.workers.gthread import ThreadWorker

from newsroom.logs import JSONLines


class worker_class(ThreadWorker):  # noqa: N801 - the name of gunicorn's setting
    """A gthread worker that fails nobody when all is stopped.

    Gunicorn's leaves the socket open until it exits. Whoever has connected meanwhile, and believes
    to be served, is reset: with eight busy readers that was eight failed requests at every stop.
    """

    def set_accept_enabled(self, enabled: bool) -> None:  # noqa: FBT001 - gunicorn's
        had_accepted = self._accepting
        super().set_accept_enabled(enabled)
        if had_accepted and not enabled and not self.alive:
            for listener in self.sockets:
                self._take_the_last(listener)

    def _take_the_last(self, listener: Any) -> None:
        """All that wait are taken, then nobody else can come: not even to the last who closes."""
        taken = -1
        while taken != self.nr_conns:
            taken = self.nr_conns
            self.accept(listener)
        listener.close()


workers = int(os.environ.get("WEB_WORKERS") or min(multiprocessing.cpu_count(), 4))
threads = int(os.environ.get("WEB_THREADS") or 4)
# A worker that has not come around for so long is killed (s). Threads go on serving while one of
# them takes long, so this ends a process that hangs, never a slow request: what a request may take
# is bounded by what it waits for (the database, the limits on pictures) and by the proxy.
timeout = 30
# What is in hand at the end of a worker may take so long (s).
graceful_timeout = 20
# Longer than nginx keeps a connection between two requests in a row of one reader is not needed.
keepalive = 5
# Each worker starts anew now and then, so that nothing it gathers can grow for ever; not all at once.
max_requests = 20_000
max_requests_jitter = 2_000
# Workers prove that they live by touching a file: on a busy disk that would take too long.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK | os.X_OK) else None  # noqa: S108

# Longer request lines are nobody's bookmark. A browser sends some twenty headers.
limit_request_line = 4094
limit_request_fields = 64
limit_request_field_size = 8190
# What a proxy says is believed by Django alone, and as settings.py has it: by default gunicorn takes
# the scheme and SCRIPT_NAME (every link rewritten) from any client on the same machine.
forwarded_allow_ips = ""
forwarder_headers = ""
# The control socket would be opened in the home of whoever runs it.
control_socket_disable = True

accesslog = os.environ.get("ACCESS_LOG") or None
errorlog = "-"
loglevel = (os.environ.get("LOG_LEVEL") or "warning").lower()

TRUSTED_PROXIES = int(os.environ.get("TRUSTED_PROXIES") or 0)


class logger_class(glogging.Logger):  # noqa: N801 - the name of gunicorn's setting
    """Both logs as lines of JSON. (With ``logconfig_dict`` gunicorn would gather what an access log
    needs at every request, whether anybody wants one or not.)
    """

    def setup(self, cfg: Any) -> None:
        super().setup(cfg)
        for handler in [*self.error_log.handlers, *self.access_log.handlers]:
            handler.setFormatter(JSONLines())

    def access(self, resp: Any, req: Any, environ: dict[str, Any], request_time: timedelta) -> None:
        """Neither the query nor the referrer is kept: both may hold tokens."""
        if not self.access_log_enabled:
            return
        self.access_log.info(
            "%s %s %s",
            environ["REQUEST_METHOD"],
            without_query(environ["RAW_URI"]),
            str(resp.status).split(maxsplit=1)[0],
            extra={
                "fields": {
                    "bytes": resp.sent,
                    "ms": request_time // timedelta(milliseconds=1),
                    "from": client(environ),
                    "agent": environ.get("HTTP_USER_AGENT", ""),
                }
            },
        )

    def exception(self, msg: str, *args: Any, **kwargs: Any) -> None:
        """Gunicorn's own lines about a request that failed name its whole address."""
        safe = [without_query(value) if isinstance(value, str) else value for value in args]
        super().exception(msg, *safe, **kwargs)


def without_query(address: str) -> str:
    return address.partition("?")[0]


def client(environ: dict[str, Any]) -> str:
    """The address that the trusted proxies saw, as the limits on logins take it."""
    said = environ.get("HTTP_X_FORWARDED_FOR")
    if said and 0 < TRUSTED_PROXIES <= said.count(",") + 1:
        return said.split(",")[-TRUSTED_PROXIES].strip()
    return environ.get("REMOTE_ADDR", "")


def post_worker_init(worker: Any) -> None:
    """Tells ``manage.py serve`` that the site has been loaded; see newsroom/management/supervisor.py."""
    if fd := os.environ.get("SERVE_READY_FD"):
        # Nobody listens any more once a parent has gone; its workers go, too.
        with suppress(OSError):
            os.write(int(fd), b".")
