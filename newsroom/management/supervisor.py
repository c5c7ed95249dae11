"""Keeps a site running on one machine: gunicorn and the worker, under a parent that only watches.

``manage.py serve`` makes its checks and then becomes this program. There is no Django in it, so the
parent is small, and none of the site's code can bring it down.

The parent holds the socket that gunicorn serves. That makes a reload safe: a second gunicorn starts
on the same socket, and the first is sent home only when the second has loaded the site. Gunicorn's
own reload stops the old workers first, and itself when the new code cannot be imported.
"""

import argparse
import ctypes
import logging
import os
import selectors
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from newsroom.logs import JSONLines

log = logging.getLogger("newsroom.serve")

#: Seconds until a program that died is started again: after one quick death, after two in a row …
#: So many quick deaths of gunicorn end the parent; the worker is tried for ever.
WAITS = (1, 2, 5, 10, 30)
#: Who lived this long has not died quickly (s).
STEADY_SECONDS = 10
#: By then a gunicorn must have loaded the site (s).
READY_SECONDS = 60
#: At the end nobody is waited for longer than this (s); gunicorn itself takes 20 at most.
STOP_SECONDS = 30
#: A worker that was replaced may finish what it has in hand (s); a delivery takes 120 at most.
RETIRED_SECONDS = 150

#: Names the file descriptor where gunicorn says that a worker of it has loaded the site.
READY_FD = "SERVE_READY_FD"

# From <linux/prctl.h>.
_PR_SET_PDEATHSIG, _PR_SET_CHILD_SUBREAPER = 1, 36
_prctl = ctypes.CDLL(None).prctl if sys.platform == "linux" else None


@dataclass(frozen=True)
class Program:
    """What to run. With ``fds``, which it inherits, it also says when it is ready.

    ``successor`` is the command for one that is to take over from a running one.
    """

    name: str
    command: Sequence[str]
    successor: Sequence[str] = ()
    fds: tuple[int, ...] = ()


@dataclass
class Child:
    """A started process, which leads a group of its own. Times are of the monotonic clock (s)."""

    process: subprocess.Popen[bytes]
    ready_fd: int
    started_at: float
    kill_at: float | None = None
    is_ready: bool = False
    is_dead: bool = False

    @property
    def pid(self) -> int:
        return self.process.pid

    def end(self, *, within: float) -> None:
        """Asks it to finish in good order; the deadline is for its whole group."""
        self.tell(signal.SIGTERM)
        self.kill_at = time.monotonic() + within

    def tell(self, number: int) -> None:
        """Not by ``Popen.send_signal``: that reaps who has just died, and we would wait for a death
        that nobody hears of any more."""
        if not self.is_dead:
            os.kill(self.pid, number)

    def tell_group(self, number: int) -> bool:
        """Whether anybody is left in its group. 0 only asks."""
        try:
            os.killpg(self.pid, number)
        except (ProcessLookupError, PermissionError):
            return False
        return True

    def fate(self) -> str:
        code = self.process.returncode
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"


@dataclass
class Post:
    """A program that is to run all the time, who runs it now, and when somebody will again."""

    program: Program
    holder: Child | None = None
    quick_deaths: int = 0
    start_at: float | None = None


class Supervisor:
    """Runs gunicorn, and the worker once gunicorn serves, until a signal ends it.

    SIGTERM and SIGINT end all in good order, a second SIGINT and SIGQUIT at once. SIGHUP reloads.
    SIGUSR1 goes on to gunicorn, which opens its log files anew.
    """

    def __init__(
        self,
        site: Program,
        worker: Program | None = None,
        *,
        root: Path,
        listener: socket.socket | None = None,
        waits: Sequence[float] = WAITS,
        stop_seconds: float = STOP_SECONDS,
    ) -> None:
        self.site = Post(site)
        self.worker = Post(worker) if worker else None
        self.root, self.listener = root, listener
        self.waits, self.stop_seconds = waits, stop_seconds
        self.posts = [post for post in (self.site, self.worker) if post]
        self.children: dict[int, Child] = {}
        self.successor: Child | None = None
        self.has_served = self.is_stopping = self.must_reload_again = False
        self.exit_code = 0
        self.had_terminal = os.isatty(0)
        self.selector = selectors.DefaultSelector()

    def run(self) -> int:
        """The exit code: 0 after a signal, 1 when gunicorn cannot be kept alive.

        Sleeps until a signal, a child or a deadline wants something.
        """
        self._catch_signals()
        self._start(self.site)
        while self.children or not self.is_stopping:
            self._wait()
            self._reap()
            self._kill_overdue()
            self._start_due()
        log.info("Stopped.")
        return self.exit_code

    # --- What happens -------------------------------------------------------------------------

    def _catch_signals(self) -> None:
        heard, said = os.pipe()
        os.set_blocking(heard, False)
        os.set_blocking(said, False)
        signal.set_wakeup_fd(said, warn_on_full_buffer=False)
        for number in ("TERM", "INT", "QUIT", "HUP", "USR1", "CHLD"):
            signal.signal(signal.Signals[f"SIG{number}"], lambda *_: None)
        self.selector.register(heard, selectors.EVENT_READ)
        if _prctl:
            # The orphans of a gunicorn that died come to us, so that we see the last of them go.
            _prctl(_PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def _wait(self) -> None:
        for key, _ in self.selector.select(self._seconds_to_deadline()):
            said = os.read(key.fd, 512)
            if key.data is None:
                for number in said:
                    self._on_signal(number)
            elif said:
                self._on_ready(key.data)
            else:
                self.selector.unregister(key.fd)

    def _seconds_to_deadline(self) -> float | None:
        due = [child.kill_at for child in self.children.values()]
        due += [post.start_at for post in self.posts]
        times = [at for at in due if at is not None]
        now = time.monotonic()
        if any(child.is_dead for child in self.children.values()):
            # Nothing wakes us when the last of a dead leader's group goes, where no subreaper is.
            times.append(now + 0.2)
        return max(0.0, min(times) - now) if times else None

    def _on_signal(self, number: int) -> None:
        if number == signal.SIGHUP and self.had_terminal and not os.isatty(0):
            # The window was closed: nobody wants a reload.
            self._stop()
        elif number == signal.SIGHUP:
            self._reload()
        elif number == signal.SIGUSR1:
            self._reopen_logs()
        elif number == signal.SIGQUIT or (number == signal.SIGINT and self.is_stopping):
            self._stop_at_once()
        elif number in {signal.SIGTERM, signal.SIGINT} and not self.is_stopping:
            self._stop()

    def _on_ready(self, child: Child) -> None:
        """The first worker of a gunicorn has loaded the site; later ones say so, too."""
        if child.is_ready or self.is_stopping:
            return
        child.is_ready, child.kill_at = True, None
        if child is self.successor:
            self._hand_over(child)
        else:
            log.info("Serving on %s.", self._address())
            if not self.has_served:
                # Only now: both at once would take longer to load.
                self._renew_worker()
        self.has_served = True
        _tell_systemd("READY=1")
        if self.must_reload_again:
            self._reload()

    def _on_death(self, child: Child, status: int) -> None:
        child.is_dead = True
        child.process.returncode = os.waitstatus_to_exitcode(status)
        with suppress(KeyError):
            self.selector.unregister(child.ready_fd)
        os.close(child.ready_fd)
        # Workers whose gunicorn was killed finish what they have in hand, and go.
        if child.tell_group(signal.SIGTERM):
            child.kill_at = child.kill_at or time.monotonic() + self.stop_seconds
        if self.is_stopping:
            return
        if child is self.successor:
            self._on_failed_reload(child)
        for post in self.posts:
            if post.holder is child:
                post.holder = None
                lived = time.monotonic() - child.started_at
                has_failed = post is self.site and not child.is_ready
                self._vacate(post, child.fate(), is_quick=has_failed or lived < STEADY_SECONDS)

    def _on_failed_reload(self, child: Child) -> None:
        self.successor = None
        log.error(
            "The reload failed, and the old processes go on serving. The new gunicorn ended with %s"
            " before it was ready; the lines above say why.",
            child.fate(),
        )
        _tell_systemd("READY=1")
        if self.must_reload_again:
            self._reload()

    def _vacate(self, post: Post, fate: str, *, is_quick: bool) -> None:
        """Sets the time when the program is started again, or gives up."""
        post.quick_deaths = post.quick_deaths + 1 if is_quick else 1
        is_hopeless = post.quick_deaths >= len(self.waits)
        if is_hopeless and post is self.site:
            log.critical(
                "%s ended %s times in a row, last with %s, and is given up. The lines above say"
                " why.",
                post.program.name,
                post.quick_deaths,
                fate,
            )
            self._stop(exit_code=1)
            return
        wait = self.waits[min(post.quick_deaths, len(self.waits)) - 1]
        post.start_at = time.monotonic() + wait
        log.error("%s ended with %s. It is started again in %s s.", post.program.name, fate, wait)
        if is_hopeless:
            log.critical(
                "%s has ended %s times in a row. The site is served; what must happen after a"
                " change waits. The lines above say why.",
                post.program.name,
                post.quick_deaths,
            )

    # --- What is done about it ----------------------------------------------------------------

    def _start(self, post: Post) -> None:
        post.start_at = None
        post.holder = self._spawn(post.program, post.program.command)
        if post.holder is None:
            self._vacate(post, "an error of the machine", is_quick=True)

    def _start_due(self) -> None:
        for post in self.posts:
            if post.start_at is not None and post.start_at <= time.monotonic():
                self._start(post)

    def _reload(self) -> None:
        """A successor is started; ``_on_ready`` or ``_on_death`` goes on."""
        if self.is_stopping:
            return
        # A reload that is under way may have read the code before it was changed.
        self.must_reload_again = self.successor is not None
        if self.successor:
            return
        log.info("Reloading.")
        _tell_systemd("RELOADING=1")
        program = self.site.program
        self.successor = self._spawn(program, program.successor or program.command)
        if self.successor is None:
            _tell_systemd("READY=1")

    def _hand_over(self, successor: Child) -> None:
        self.successor = None
        if self.site.holder:
            self.site.holder.end(within=self.stop_seconds)
        self.site.holder, self.site.start_at, self.site.quick_deaths = successor, None, 0
        log.info("Reloaded: new processes have taken over.")
        self._renew_worker()

    def _renew_worker(self) -> None:
        if self.worker is None:
            return
        if self.worker.holder:
            self.worker.holder.end(within=RETIRED_SECONDS)
        self.worker.quick_deaths = 0
        self._start(self.worker)

    def _reopen_logs(self) -> None:
        for child in self.children.values():
            # Who is not ready yet would die of the signal.
            if child.is_ready:
                child.tell(signal.SIGUSR1)

    def _stop(self, *, exit_code: int = 0) -> None:
        log.info("Stopping.")
        _tell_systemd("STOPPING=1")
        self.is_stopping, self.exit_code = True, exit_code
        for post in self.posts:
            post.start_at = None
        if self.listener:
            self.listener.close()
        for child in self.children.values():
            child.end(within=self.stop_seconds)

    def _stop_at_once(self) -> None:
        if not self.is_stopping:
            self._stop()
        for child in self.children.values():
            child.tell_group(signal.SIGKILL)

    def _spawn(self, program: Program, command: Sequence[str]) -> Child | None:
        """None, with a line in the log, when the machine cannot start it."""
        heard, said = os.pipe()
        environment = {name: value for name, value in os.environ.items() if name != "NOTIFY_SOCKET"}
        try:
            process = subprocess.Popen(  # noqa: S603 - our own commands
                command,
                cwd=self.root,
                stdin=subprocess.DEVNULL,
                env=environment | {READY_FD: str(said)} if program.fds else environment,
                pass_fds=(said, *program.fds) if program.fds else (),
                # A Ctrl+C is for us alone: we say who stops when.
                start_new_session=True,
                preexec_fn=_dying_with(os.getpid()),  # noqa: PLW1509 - there are no threads here
            )
        except (OSError, subprocess.SubprocessError) as error:
            log.error("%s cannot be started: %s.", program.name, error)
            os.close(heard)
            return None
        finally:
            os.close(said)
        child = Child(process, heard, time.monotonic())
        if program.fds:
            child.kill_at = child.started_at + READY_SECONDS
            self.selector.register(heard, selectors.EVENT_READ, child)
        self.children[child.pid] = child
        return child

    def _reap(self) -> None:
        with suppress(ChildProcessError):
            while (found := os.waitpid(-1, os.WNOHANG))[0]:
                if child := self.children.get(found[0]):
                    self._on_death(child, found[1])
        children = self.children.items()
        gone = [pid for pid, child in children if child.is_dead and not child.tell_group(0)]
        for pid in gone:
            del self.children[pid]

    def _kill_overdue(self) -> None:
        now = time.monotonic()
        for child in self.children.values():
            if child.kill_at is not None and child.kill_at <= now:
                log.error("Process %s takes too long and is killed.", child.pid)
                child.tell_group(signal.SIGKILL)
                child.kill_at = now + 1

    def _address(self) -> str:
        if self.listener is None:
            return "no address"
        host, port = self.listener.getsockname()[:2]
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def site_program(
    *, root: Path, fd: int, workers: int | None = None, threads: int | None = None
) -> Program:
    """Gunicorn on an open socket. Who takes over runs the checks of ``manage.py serve`` first."""
    sizes = [f"--workers={workers}"] if workers else []
    sizes += [f"--threads={threads}"] if threads else []
    config = str(root / "deploy" / "gunicorn.py")
    gunicorn = [sys.executable, "-m", "gunicorn", "newsroom.wsgi", "--config", config]
    return Program(
        "Gunicorn",
        [*gunicorn, f"--bind=fd://{fd}", *sizes],
        [sys.executable, str(root / "manage.py"), "serve", f"--fd={fd}", *sizes],
        (fd,),
    )


def worker_program(*, root: Path) -> Program:
    return Program("The worker", [sys.executable, str(root / "manage.py"), "work"])


def _dying_with(parent: int) -> Callable[[], None] | None:
    """For the child, before it becomes the program: asked to end when its parent is no more.

    Linux only. Elsewhere whoever kills the parent with -9 must end the children, too.
    """
    if _prctl is None:
        return None

    def set_up() -> None:
        _prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return set_up


def _tell_systemd(state: str) -> None:
    """See sd_notify(3); nothing where systemd did not start us."""
    if address := os.environ.get("NOTIFY_SOCKET"):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
            try:
                systemd.sendto(state.encode(), address.replace("@", "\0", 1))
            except OSError as error:
                log.warning("systemd could not be told %s: %s.", state, error)


def main() -> int:
    """For ``manage.py serve``, which opened the socket."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--root", type=Path, required=True)
    parser.add_argument("--fd", type=int, required=True)
    parser.add_argument("--workers", type=int)
    parser.add_argument("--threads", type=int)
    parser.add_argument("--no-work", action="store_true")
    options = parser.parse_args()
    handler = logging.StreamHandler()
    handler.setFormatter(JSONLines())
    logging.basicConfig(handlers=[handler], level=logging.INFO)
    site = site_program(
        root=options.root, fd=options.fd, workers=options.workers, threads=options.threads
    )
    worker = None if options.no_work else worker_program(root=options.root)
    listener = socket.socket(fileno=options.fd)
    return Supervisor(site, worker, root=options.root, listener=listener).run()


if __name__ == "__main__":
    sys.exit(main())
