"""`manage.py serve`: the site on one machine, gunicorn and the worker under one parent."""

import errno
import logging
import os
import signal
import socket
import sys
from argparse import SUPPRESS
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core import checks
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from newsroom.management import supervisor
from newsroom.management.commands.collectstatic import PARTS

log = logging.getLogger("newsroom.serve")

#: As many connections wait to be accepted, as with gunicorn's own socket.
BACKLOG = 2048


class Command(BaseCommand):
    help = (
        "Serve the site: gunicorn and the worker under one parent. SIGTERM and Ctrl+C stop them in"
        " good order, SIGHUP takes over new code without a failed request. Refuses while migrations"
        " are missing, static files are not collected, a check fails or the port is taken."
    )
    # Made in handle(), where those for a deployment are among them.
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--bind", default=settings.BIND, help="Host and port, by default %(default)s."
        )
        parser.add_argument("--workers", type=int, help="Processes of gunicorn.")
        parser.add_argument("--threads", type=int, help="Threads of each.")
        parser.add_argument(
            "--no-work", action="store_true", help="Start no worker: another machine has one."
        )
        # Given by a parent that has the socket: make the checks and become its next gunicorn.
        parser.add_argument("--fd", type=int, help=SUPPRESS)

    def handle(self, *args: Any, **options: Any) -> None:
        # Until the parent takes over, Ctrl+C ends this without more ado.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if options["fd"] is None:
            self._begin(**options)
        else:
            self._succeed(**options)

    def _begin(self, *, bind: str, no_work: bool, **options: Any) -> None:
        listener = listen(bind)
        refuse_unless_ready()
        fd = listener.detach()
        os.set_inheritable(fd, True)
        sizes = [f"--{name}={options[name]}" for name in ("workers", "threads") if options[name]]
        parent = [sys.executable, "-m", supervisor.__name__, f"--root={root()}", f"--fd={fd}"]
        _become([*parent, *sizes, *(["--no-work"] if no_work else [])])

    def _succeed(self, *, fd: int, workers: int | None, threads: int | None, **_: Any) -> None:
        try:
            refuse_unless_ready()
        except CommandError as error:
            # The parent's log is lines of JSON.
            log.error(error)
            sys.exit(1)
        site = supervisor.site_program(root=root(), fd=fd, workers=workers, threads=threads)
        _become(list(site.command))


def root() -> Path:
    """Where manage.py was said to be. Links in it are kept: where a link switches from release to
    release, a reload must go through it.
    """
    said = Path(sys.argv[0]).absolute()
    return said.parent if said.name == "manage.py" else Path(settings.BASE_DIR)


def listen(bind: str) -> socket.socket:
    """The open socket. Raises CommandError with a sentence when there cannot be one."""
    host, _, port = bind.rpartition(":")
    host = host.strip("[]")
    if not (host and port.isascii() and port.isdecimal() and int(port) < 65536):
        message = f"{bind!r} is no address. Give host and port, such as 127.0.0.1:8000."
        raise CommandError(message)
    try:
        return socket.create_server(
            (host, int(port)),
            family=socket.AF_INET6 if ":" in host else socket.AF_INET,
            backlog=BACKLOG,
        )
    except OSError as error:
        message = f"{bind} cannot be served: {error.strerror}. Choose another address with --bind."
        if error.errno == errno.EADDRINUSE:
            message = (
                f"{bind} is taken: another process serves it. Stop that one, or choose another"
                " address with --bind."
            )
        raise CommandError(message) from error


def refuse_unless_ready() -> None:
    """Raises CommandError with a sentence that names the fix when the site could not be served.

    Half a dozen queries; every static file is looked for once.
    """
    _refuse_failing_checks()
    _refuse_missing_migrations()
    _refuse_missing_static_files()


def _refuse_failing_checks() -> None:
    """Those for a deployment, too, where the site is on https; their warnings go to the log."""
    found = checks.run_checks(include_deployment_checks=settings.SECURE)
    heard = [message for message in found if not message.is_silenced()]
    errors = [str(message) for message in heard if message.is_serious()]
    if errors:
        message = "The site is not served, because these checks fail:\n\n" + "\n".join(errors)
        raise CommandError(message)
    for caution in heard:
        log.warning("%s", caution)


def _refuse_missing_migrations() -> None:
    try:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError as error:
        message = (
            f"The database does not answer: {str(error).strip()}\nStart it, or mend DATABASE_URL."
        )
        raise CommandError(message) from error
    if plan:
        names = ", ".join(f"{migration.app_label}.{migration.name}" for migration, _ in plan[:3])
        more = f" and {len(plan) - 3} more" if len(plan) > 3 else ""
        message = f"The database lacks migrations: {names}{more}. Run `manage.py migrate` first."
        raise CommandError(message)


def _refuse_missing_static_files() -> None:
    """A page that names a file which is not in the manifest would be a 500."""
    collected = getattr(staticfiles_storage, "hashed_files", None)
    if collected is None:
        # An outlet's own storage without a manifest: it answers by name.
        return
    wanted = {
        path
        for finder in finders.get_finders()
        for path, _ in finder.list(["CVS", ".*", "*~", f"{PARTS}/*.css"])
    }
    if missing := sorted(wanted - collected.keys()):
        message = (
            f"{len(missing)} static files are not collected, {missing[0]} among them. Run"
            " `manage.py collectstatic --noinput` first."
        )
        raise CommandError(message)


def _become(command: list[str]) -> None:
    """Leaves Django, its memory and its connections behind."""
    connections.close_all()
    os.chdir(root())
    sys.stdout.flush()
    sys.stderr.flush()
    os.execv(command[0], command)  # noqa: S606 - our own command, no shell
