"""A site under ``manage.py serve``, its processes as /proc shows them, and readers in a hurry."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from threading import Event, Thread
from typing import Any

from tests.outlet import ROOT, Outlet, wait_until

PROC = Path("/proc")


class Log:
    """A file of lines of JSON, written by a process."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def entries(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.path.read_text().splitlines(keepends=True)
                if line.endswith("\n")]  # fmt: skip

    def said(self, words: str) -> list[str]:
        """The messages with these words in them."""
        return [said for entry in self.entries() if words in (said := str(entry["message"]))]

    def wait_for(self, words: str, *, times: int = 1) -> str:
        wait_until(lambda: len(self.said(words)) >= times, f"The log never said {words!r}.")
        return self.said(words)[-1]


class Site:
    """An outlet that is served."""

    def __init__(self, outlet: Outlet) -> None:
        self.outlet = outlet
        self.log = Log(outlet.folder / "serve.log")

    def start(self, *options: str, manage: Path = ROOT / "manage.py") -> None:
        """Returns when it serves."""
        command = [sys.executable, str(manage), "serve", *options]
        with self.log.path.open("ab") as log:
            self.parent = subprocess.Popen(
                command, cwd=ROOT, env=self.outlet.env, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log,
            )  # fmt: skip
        self.outlet.processes.append(self.parent)
        self.port = int(self.log.wait_for("Serving on").rstrip(".").rpartition(":")[2])

    def get(self, path: str = "/livez", **headers: str) -> tuple[int, str, dict[str, str]]:
        """Status, body and headers."""
        with closing(HTTPConnection("127.0.0.1", self.port, timeout=60)) as connection:
            connection.request("GET", path, headers=headers)
            answer = connection.getresponse()
            body = answer.read().decode()
            return answer.status, body, dict(answer.getheaders())

    def reload(self) -> None:
        done = len(self.log.said("Reloaded"))
        self.parent.send_signal(signal.SIGHUP)
        self.log.wait_for("Reloaded", times=done + 1)

    def masters(self) -> list[int]:
        """Of gunicorn: one, but while a reload is going on."""
        return [pid for pid in children(self.parent.pid) if "gunicorn" in command_line(pid)]

    def workers(self) -> list[int]:
        """Of ``manage.py work``."""
        return [pid for pid in children(self.parent.pid) if command_line(pid).endswith("work")]

    def everybody(self) -> list[int]:
        """Whoever serves or works for this site, orphans as well."""
        mark = f"VAR_DIR={self.outlet.folder}\0"
        return [pid for pid in processes() if mark in read(pid, "environ")]


class Reader(Thread):
    """Asks for a page again and again until told to stop, and notes every failure.

    To be refused is none, for nothing was begun: there is no site any more.
    """

    def __init__(self, port: int, *, keeps_alive: bool) -> None:
        super().__init__()
        self.port, self.keeps_alive = port, keeps_alive
        self.served, self.failures = 0, list[str]()
        self.has_enough = Event()

    def run(self) -> None:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        while not self.has_enough.is_set():
            try:
                self.read_a_page(connection)
            except ConnectionRefusedError:
                connection.close()
                self.has_enough.wait(0.1)
            except (OSError, HTTPException) as error:
                self.failures.append(repr(error))
                connection.close()
        connection.close()

    def read_a_page(self, connection: HTTPConnection) -> None:
        connection.request("GET", "/livez")
        answer = connection.getresponse()
        answer.read()
        if answer.status == 200:
            self.served += 1
        else:
            self.failures.append(f"status {answer.status}")
        if not self.keeps_alive:
            connection.close()


@contextmanager
def readers(site: Site) -> Iterator[list[Reader]]:
    """Four, every other with a new connection for each page."""
    crowd = [Reader(site.port, keeps_alive=bool(number % 2)) for number in range(4)]
    for reader in crowd:
        reader.start()
    try:
        yield crowd
    finally:
        for reader in crowd:
            reader.has_enough.set()
        for reader in crowd:
            reader.join()


def processes() -> list[int]:
    return [int(path.name) for path in PROC.iterdir() if path.name.isdecimal()]


def children(parent: int) -> list[int]:
    def parent_of(pid: int) -> str:
        # The name in field 2 may hold anything: counted from its end.
        return (read(pid, "stat").rpartition(")")[2].split() or ["", ""])[1]

    return [pid for pid in processes() if parent_of(pid) == str(parent)]


def command_line(pid: int) -> str:
    return read(pid, "cmdline").replace("\0", " ").strip()


def read(pid: int, name: str) -> str:
    """Empty when there is no such process any more."""
    try:
        return (PROC / str(pid) / name).read_text(errors="replace")
    except OSError:
        return ""


def kill(pids: list[int]) -> None:
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
